//! Settlement and upload from bytes, strictly: DE48 digit by digit. Errors never quote what stands in it,
//! since an upload holds card numbers.

use super::batch::*;
use super::bcd;
use super::card::Pan;
use super::error::{Fault, WireError};
use super::kind::{KINDS, Kind};
use super::message::Station;
use super::mti::Mti;
use super::read::Network;
use super::reader::{Reader, Result};
use super::scan::{bit, bits};
use super::write_batch::{RECORD_DIGITS, SETTLE_DIGITS, verdict_digit};
use crate::ids::Stan;
use crate::money::Fen;

const ITEM: u64 = bits(&[3, 4, 25, 37, 49]);

impl Reader<'_> {
    /// So many digits of DE48 from a place on, at most sixteen.
    fn part(&self, from: usize, digits: usize) -> u64 {
        let start = self.at(48);
        (from..from + digits).fold(0, |sum, place| {
            let byte = self.bytes[start + place / 2];
            sum * 10 + u64::from(if place.is_multiple_of(2) { byte >> 4 } else { byte & 0x0f })
        })
    }

    /// DE48 holds just so many digits.
    fn digits(&self, expected: usize) -> Result<()> {
        let found = self.units(48);
        if found != expected {
            let fault = Fault::Length { found, expected };
            return Err(WireError::at("DE48", self.at(48) - 2, fault));
        }
        let (packed, _) = self.nibbles(48)?;
        let bad = |byte: &u8| super::frame::bad_nibble(*byte).is_some();
        match packed.iter().position(bad) {
            Some(at) => Err(self.not_decimal(48, self.at(48) + at, 1)),
            None => Ok(()),
        }
    }

    fn in_48(&self, place: usize, expected: &'static str) -> WireError {
        WireError::value("DE48", self.at(48) + place / 2, "something else", expected)
    }

    /// The totals, and the verdict digits behind each group.
    pub(super) fn settle(&self) -> Result<(Settle, [u8; 2])> {
        let network = self.unkinded()?;
        if network.code != 201 {
            return Err(self.no_code(network, "201"));
        }
        self.currency()?;
        self.digits(SETTLE_DIGITS)?;
        let side = |from: usize| SideTotal {
            amount: Fen(self.part(from, 12).cast_signed()),
            count: self.part(from + 12, 3) as u16,
        };
        let group = |from: usize| Totals { debit: side(from), credit: side(from + 15) };
        let verdicts = [self.part(30, 1) as u8, self.part(61, 1) as u8];
        let asked = !self.has(39);
        if asked && verdicts != [0, 0] {
            return Err(self.in_48(30, "0 for each group in a request"));
        }
        let station = self.station(network)?;
        Ok((Settle { station, domestic: group(0), foreign: group(31) }, verdicts))
    }

    pub(super) fn settle_reply(&self) -> Result<SettleReply> {
        let (request, [domestic, foreign]) = self.settle()?;
        let verdict = |digit: u8, place: usize| {
            let mut all = [Balanced::Yes, Balanced::No, Balanced::Error].into_iter();
            all.find(|balanced| verdict_digit(*balanced) == digit)
                .ok_or_else(|| self.in_48(place, "1, 2 or 3 for each group in a reply"))
        };
        Ok(SettleReply {
            request,
            domestic: verdict(domestic, 30)?,
            foreign: verdict(foreign, 61)?,
            answer: self.answer()?,
        })
    }

    /// DE60.1 and DE60.3 of a 0320 or 0330.
    fn upload_name(&self, mti: Mti, network: Network) -> Result<UploadName> {
        if network.kind != 0 {
            let mut kinds = KINDS.iter().filter(|row| mti.may_be(row.kind));
            let Some(row) = kinds.find(|row| row.codes.2 == network.kind) else {
                let found = format_args!("{:02}", network.kind);
                let expected = "00, or an advice that is in the totals";
                return Err(WireError::value("DE60.1", self.at(60), found, expected));
            };
            if network.code != 0 {
                return Err(self.no_code(network, "000 with an advice"));
            }
            return Ok(UploadName::Item(row.kind));
        }
        match network.code {
            201 => Ok(UploadName::Records),
            202 => Ok(UploadName::End { balanced: false }),
            207 => Ok(UploadName::End { balanced: true }),
            _ => Err(self.no_code(network, "201, 202 or 207")),
        }
    }

    pub(super) fn upload(&self) -> Result<Upload> {
        let network = self.network()?;
        let name = self.upload_name(Mti::M0320, network)?;
        let here = self.scan.bitmap & (ITEM | bit(48));
        let wanted = if matches!(name, UploadName::Item(_)) { ITEM } else { bit(48) };
        if here != wanted {
            return Err(self.misfit(wanted & !here, here & !wanted));
        }
        let part = match name {
            UploadName::Records => UploadPart::Records(self.records()?),
            UploadName::Item(kind) => self.item(kind)?,
            UploadName::End { balanced } => {
                self.digits(4)?;
                UploadPart::End { balanced, count: self.part(0, 4) as u16 }
            }
        };
        Ok(Upload { station: self.upload_station(network)?, part })
    }

    fn upload_station(&self, network: Network) -> Result<Station> {
        // DE60.4 to 60.6 belong to a sale's request.
        self.undeclared()?;
        self.station(network)
    }

    fn item(&self, kind: Kind) -> Result<UploadPart> {
        self.currency()?;
        let (de3, de25, _) = kind.codes();
        let found = self.number::<3, 6>()?;
        if found != u64::from(de3) {
            let expected = "the processing code of the advice";
            return Err(WireError::value("DE3", self.at(3), format_args!("{found:06}"), expected));
        }
        let found = self.number::<25, 2>()?;
        if found != u64::from(de25) {
            let expected = "the condition code of the advice";
            return Err(WireError::value(
                "DE25",
                self.at(25),
                format_args!("{found:02}"),
                expected,
            ));
        }
        Ok(UploadPart::Item { kind, amount: self.amount()?, rrn: self.rrn::<37>()? })
    }

    fn records(&self) -> Result<UploadRecords> {
        let units = self.units(48);
        let count = units.saturating_sub(2) / RECORD_DIGITS;
        if units < 2 || !(1..=UploadRecords::MOST).contains(&count) {
            let fault = Fault::Length { found: units, expected: 2 + RECORD_DIGITS };
            return Err(WireError::at("DE48", self.at(48) - 2, fault));
        }
        self.digits(2 + count * RECORD_DIGITS)?;
        if self.part(0, 2) != count as u64 {
            return Err(self.in_48(0, "the number of records that follow"));
        }
        let mut rows = Vec::with_capacity(count);
        for n in 0..count {
            rows.push(self.record(2 + n * RECORD_DIGITS)?);
        }
        Ok(UploadRecords::new(&rows).expect("one to eight were counted"))
    }

    fn record(&self, from: usize) -> Result<UploadRecord> {
        let kind = self.part(from, 2) as u8;
        let mut kinds = KINDS.iter().map(|row| row.kind).filter(|kind| UploadRecord::takes(*kind));
        let kind = kinds
            .find(|known| known.codes().2 == kind)
            .ok_or_else(|| self.in_48(from, "the type of a request that is in the totals"))?;
        let stan = Stan(self.part(from + 2, 6) as u32);
        if stan == Stan(0) {
            return Err(self.in_48(from + 2, "a STAN, 000001 to 999999"));
        }
        let amount = Fen(self.part(from + 28, 12).cast_signed());
        Ok(UploadRecord { kind, stan, pan: self.record_pan(from + 8)?, amount })
    }

    /// Twenty digits, filled with zeros from the left; all zero is none. No card number begins with zero
    /// (ISO/IEC 7812), so that the filling can be told.
    fn record_pan(&self, from: usize) -> Result<Option<Pan>> {
        let digit = |place: usize| self.part(from + place, 1);
        let Some(first) = (0..20).find(|place| digit(*place) != 0) else { return Ok(None) };
        let (head, tail) = (self.part(from, 4), self.part(from + 4, 16));
        let digits = 20 - first;
        // Left-aligned in twenty nibbles, as a card number is packed.
        let all = (u128::from(bcd::from_number(head)) << 64 | u128::from(bcd::from_number(tail)))
            << (4 * (12 + first));
        let packed = &all.to_be_bytes()[..digits.div_ceil(2)];
        let pan = Pan::from_packed(packed, digits);
        pan.map(Some).ok_or_else(|| self.in_48(from, "a card number of 13 to 19 digits"))
    }

    pub(super) fn upload_reply(&self) -> Result<UploadReply> {
        let network = self.network()?;
        let of = self.upload_name(Mti::M0330, network)?;
        Ok(UploadReply { station: self.upload_station(network)?, of, answer: self.answer()? })
    }
}
