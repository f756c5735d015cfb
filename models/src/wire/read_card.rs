//! The card and PIN fields of a message, strictly: DE22 says which there must be. Errors never quote what
//! stands in them.

use super::card::{CardData, Pan, PinBlock, Track2};
use super::error::WireError;
use super::reader::{Reader, Result};
use super::scan::{bit, bits};
use super::write::PIN_SECURITY;
use crate::time::YearMonth;

/// DE2, 14, 23, 35.
pub(super) const CARD: u64 = bits(&[2, 14, 23, 35]);
/// DE26, 52, 53: all or none.
pub(super) const PIN: u64 = bits(&[26, 52, 53]);

impl Reader<'_> {
    /// DE52 with its two companions.
    pub fn pin(&self) -> Result<PinBlock> {
        let longest = self.number::<26, 2>()?;
        if longest != 6 {
            return Err(WireError::value("DE26", self.at(26), format_args!("{longest:02}"), "06"));
        }
        let security = self.number::<53, 16>()?;
        if security != PIN_SECURITY {
            // Misplaced bytes may be a card: sixteen digits are never quoted.
            let found = "another value";
            return Err(WireError::value("DE53", self.at(53), found, "2600000000000000"));
        }
        Ok(PinBlock(self.chunk::<52, 8>()))
    }

    /// DE22 says how the card was read, and with it which card fields there must be.
    pub fn card(&self, pin: bool) -> Result<CardData> {
        const KEYED: u64 = bits(&[2, 14]);
        let mode = self.number::<22, 3>()?;
        let here = self.scan.bitmap & (CARD | PIN);
        let wanted = match mode / 10 {
            1 => KEYED,
            2 => bit(35),
            5 => CARD,
            _ => u64::MAX,
        };
        if wanted == u64::MAX || mode % 10 != if pin { 1 } else { 2 } {
            let expected =
                if pin { "011, 021 or 051, with a PIN" } else { "012, 022 or 052, without a PIN" };
            return Err(WireError::value("DE22", self.at(22), format_args!("{mode:03}"), expected));
        }
        let wanted = wanted | if pin { PIN } else { 0 };
        if here != wanted {
            return Err(self.misfit(wanted & !here, here & !wanted));
        }
        Ok(match mode / 10 {
            1 => CardData::Keyed { pan: self.pan()?, expiry: self.expiry()? },
            2 => CardData::Magstripe { track2: self.track2()? },
            _ => CardData::Chip {
                pan: self.pan()?,
                expiry: self.expiry()?,
                sequence: self.sequence()?,
                track2: self.track2()?,
            },
        })
    }

    fn sequence(&self) -> Result<u8> {
        let number = self.number::<23, 3>()?;
        u8::try_from(number).ok().filter(|sequence| *sequence <= 99).ok_or_else(|| {
            WireError::value("DE23", self.at(23), format_args!("{number:03}"), "000 to 099")
        })
    }

    fn expiry(&self) -> Result<YearMonth> {
        let number = self.number::<14, 4>()?;
        let expiry = YearMonth { year: (number / 100) as u8, month: (number % 100) as u8 };
        if (1..=12).contains(&expiry.month) {
            return Ok(expiry);
        }
        Err(WireError::value("DE14", self.at(14), format_args!("{number:04}"), "a month, YYMM"))
    }

    fn pan(&self) -> Result<Pan> {
        let (packed, digits) = self.nibbles(2)?;
        Pan::from_packed(packed, digits)
            .ok_or_else(|| WireError::value("DE2", self.at(2), "something else", "13 to 19 digits"))
    }

    fn track2(&self) -> Result<Track2> {
        let (packed, count) = self.nibbles(35)?;
        Track2::from_packed(packed, count).ok_or_else(|| {
            let expected = "a card number, D, a month, a service code, digits";
            WireError::value("DE35", self.at(35), "something else", expected)
        })
    }
}
