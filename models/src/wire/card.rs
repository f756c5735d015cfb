//! What a card gives to a terminal: number, track 2, PIN block, and the way they were read. Nothing here
//! prints a card in the clear, lives on the heap, or knows where in a message it stands.

use super::bcd;
use super::track::Nibbles;
use crate::ids::IdError;
use crate::time::YearMonth;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Most digits of a card number (ISO/IEC 7812).
pub const MAX_PAN_DIGITS: usize = 19;
pub use super::track::{MAX_TRACK2_NIBBLES, Track2};

/// Primary account number, 13 to 19 digits. Debug and Display show first six and last four only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pan(pub(super) Nibbles<10>);

impl Pan {
    /// Takes packed digits, as DE2 carries them; `None` unless there are 13 to 19 and all are digits.
    pub fn from_packed(packed: &[u8], digits: usize) -> Option<Pan> {
        let all = Nibbles::from_packed(packed, digits)?;
        let (head, tail) = all.bytes.split_first_chunk::<8>()?;
        let tail = u64::from(u16::from_be_bytes(*tail.first_chunk()?));
        let decimal = bcd::is_decimal(u64::from_be_bytes(*head)) && bcd::is_decimal(tail);
        (decimal && (13..=MAX_PAN_DIGITS).contains(&digits)).then_some(Pan(all))
    }

    /// The digits packed two to a byte from the left, an odd one filled with zero.
    pub fn packed(&self) -> &[u8] {
        self.0.packed()
    }

    /// How many digits there are, 13 to 19.
    pub fn len(&self) -> usize {
        usize::from(self.0.count)
    }

    /// Never: a card number has digits.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The digit at a place, 0 being the first. Panics beyond the last.
    pub fn digit(&self, index: usize) -> u8 {
        assert!(index < self.len(), "a card number has no digit {index}");
        self.0.get(index)
    }

    /// Writes the whole number in the clear into the caller's buffer: the only way to get it as text.
    pub fn digits<'b>(&self, out: &'b mut [u8; MAX_PAN_DIGITS]) -> &'b str {
        for (index, place) in out.iter_mut().enumerate().take(self.len()) {
            *place = b'0' + self.0.get(index);
        }
        std::str::from_utf8(&out[..self.len()]).expect("digits are ASCII")
    }
}

impl FromStr for Pan {
    type Err = IdError;

    /// The error does not quote the text: it may be a card number with one slip.
    fn from_str(text: &str) -> Result<Pan, IdError> {
        let digits = text.as_bytes();
        let right = (13..=MAX_PAN_DIGITS).contains(&digits.len());
        if !right || !digits.iter().all(u8::is_ascii_digit) {
            let found = format!("{} characters", text.chars().count());
            return Err(IdError { what: "a card number", rule: "13 to 19 digits", found });
        }
        let mut nibbles = Nibbles::EMPTY;
        digits.iter().for_each(|digit| nibbles.push(digit - b'0'));
        Ok(Pan(nibbles))
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [b'*'; MAX_PAN_DIGITS];
        let last = self.len() - 4;
        for index in (0..6).chain(last..self.len()) {
            buffer[index] = b'0' + self.0.get(index);
        }
        f.pad(std::str::from_utf8(&buffer[..self.len()]).expect("digits and stars are ASCII"))
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({self})")
    }
}

/// The digit string: a plan must hold its cards.
impl Serialize for Pan {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.digits(&mut [0; MAX_PAN_DIGITS]))
    }
}

impl<'de> Deserialize<'de> for Pan {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Pan, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// An encrypted PIN block, DE52. Has no text form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PinBlock(pub [u8; 8]);

impl fmt::Debug for PinBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinBlock(masked)")
    }
}

/// A card as one terminal read it: the first two digits of DE22 and the fields that go with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardData {
    /// DE22 02x: DE35 alone, no DE2.
    Magstripe {
        /// DE35.
        track2: Track2,
    },
    /// DE22 01x: DE2 and DE14.
    Keyed {
        /// DE2.
        pan: Pan,
        /// DE14.
        expiry: YearMonth,
    },
    /// DE22 05x: DE2, DE14, DE23, DE35.
    Chip {
        /// DE2.
        pan: Pan,
        /// DE14.
        expiry: YearMonth,
        /// DE23, 0 to 99: tells cards with one number apart.
        sequence: u8,
        /// DE35, the chip's track 2 equivalent.
        track2: Track2,
    },
}

impl CardData {
    /// The card number, from wherever it was read.
    pub fn pan(&self) -> Pan {
        match self {
            CardData::Magstripe { track2 } => track2.pan(),
            CardData::Keyed { pan, .. } | CardData::Chip { pan, .. } => *pan,
        }
    }

    /// The expiry, from wherever it was read.
    pub fn expiry(&self) -> YearMonth {
        match self {
            CardData::Magstripe { track2 } => track2.expiry(),
            CardData::Keyed { expiry, .. } | CardData::Chip { expiry, .. } => *expiry,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAY_2031: YearMonth = YearMonth { year: 31, month: 5 };

    fn check(text: &str, shown: &str) {
        let pan: Pan = text.parse().expect("a card number");
        assert_eq!(pan.digits(&mut [0; 19]), text);
        assert_eq!((pan.to_string(), format!("{pan:?}")), (shown.into(), format!("Pan({shown})")));
        assert_eq!(Pan::from_packed(pan.packed(), pan.len()), Some(pan));
        let track = Track2::new(pan, MAY_2031, 201);
        assert_eq!(Track2::from_packed(track.packed(), track.nibbles()), Some(track));
        assert_eq!((track.pan(), track.expiry()), (pan, MAY_2031));
        assert_eq!(format!("{track:?}"), format!("Track2({shown})"));
        assert_eq!(serde_json::to_string(&pan).ok(), Some(format!("{text:?}")));
        assert_eq!(serde_json::from_str(&format!("{text:?}")).ok(), Some(pan));
    }

    #[test]
    fn cards_keep_their_digits_and_show_ten_of_them() {
        check("6200000000000005", "620000******0005");
        check("6200000000000", "620000***0000");
        check("6212345678901234567", "621234*********4567");
    }

    #[test]
    fn what_is_no_card_number_is_refused_unquoted() {
        for text in ["", "620000000000", "62000000000000000000", "62000000000000O5"] {
            let error = text.parse::<Pan>().expect_err(text).to_string();
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
        assert_eq!(Pan::from_packed(&[0x62; 8], 15), "626262626262626".parse().ok());
        assert_eq!(Pan::from_packed(&[0x6A; 8], 16), None);
        assert_eq!(Pan::from_packed(&[0x62; 8], 17), None);
    }
}
