//! PINs: ISO 9564 format 0 blocks, their encryption and translation, and checking one (flows 8, 12).
//! Counting tries is the issuer's business, not this file's.

use super::card::{Pan, PinBlock};
use super::key::{DesKey, Schedule};
use crate::ids::IdError;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Four to twelve digits. Debug shows nothing; the text form for plans is the digits, through serde.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Pin {
    digits: [u8; 12],
    count: u8,
}

impl Pin {
    fn from_digits(digits: impl ExactSizeIterator<Item = u8>) -> Option<Pin> {
        let count = digits.len();
        if !(4..=12).contains(&count) {
            return None;
        }
        let mut pin = Pin { digits: [0; 12], count: u8::try_from(count).ok()? };
        for (place, digit) in pin.digits.iter_mut().zip(digits) {
            *place = (digit <= 9).then_some(digit)?;
        }
        Some(pin)
    }
}

impl FromStr for Pin {
    type Err = IdError;

    /// The error does not quote the text.
    fn from_str(text: &str) -> Result<Pin, IdError> {
        Pin::from_digits(text.bytes().map(|byte| byte.wrapping_sub(b'0'))).ok_or_else(|| IdError {
            what: "a PIN",
            rule: "4 to 12 digits",
            found: format!("{} characters", text.chars().count()),
        })
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(masked)")
    }
}

impl Serialize for Pin {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let text = self.digits.map(|digit| b'0' + digit);
        let text = &text[..usize::from(self.count)];
        s.serialize_str(std::str::from_utf8(text).expect("digits are ASCII"))
    }
}

impl<'de> Deserialize<'de> for Pin {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Pin, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A decrypted block is no format 0 block: another key, another card, or damage. Code 99 territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 9564 format 0 block for this card under this key")]
pub struct PinError;

/// The card's part: twelve right-most digits without the check digit.
fn card_part(pan: &Pan) -> u64 {
    let last = pan.len() - 1;
    (last - 12..last).fold(0, |word, index| word << 4 | u64::from(pan.digit(index)))
}

/// The clear format 0 block: `0 L PIN F..` folded with the card. Must never leave its caller.
pub fn clear_block(pin: &Pin, pan: &Pan) -> u64 {
    let count = usize::from(pin.count);
    let mut word = u64::from(pin.count);
    for index in 0..14 {
        let nibble = if index < count { pin.digits[index] } else { 0x0f };
        word = word << 4 | u64::from(nibble);
    }
    word ^ card_part(pan)
}

fn open_block(clear: u64, pan: &Pan) -> Result<Pin, PinError> {
    let word = clear ^ card_part(pan);
    let nibble = |index: usize| (word >> (60 - 4 * index)) as u8 & 0x0f;
    let count = usize::from(nibble(1));
    let filled = (2 + count.min(12)..16).all(|index| nibble(index) == 0x0f);
    if nibble(0) != 0 || !filled || count > 12 {
        return Err(PinError);
    }
    Pin::from_digits((0..count).map(|index| nibble(2 + index))).ok_or(PinError)
}

/// How an entered PIN compares with the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinCheck {
    /// The right PIN.
    Right,
    /// A PIN, but another: code 55, costs a try.
    Wrong,
    /// No PIN came out: code 99, costs none.
    Unreadable,
}

/// A PIN key with its schedule, for whoever uses it more than once.
#[derive(Clone)]
pub struct PinKey(Schedule);

impl PinKey {
    /// Computes the schedule.
    pub fn new(key: &DesKey) -> PinKey {
        PinKey(Schedule::new(key))
    }

    /// DE52 of this PIN and card.
    pub fn encrypt(&self, pin: &Pin, pan: &Pan) -> PinBlock {
        PinBlock(self.0.encrypt(clear_block(pin, pan)).to_be_bytes())
    }

    /// The PIN in a block.
    ///
    /// # Errors
    /// What comes out is no format 0 block for this card.
    pub fn decrypt(&self, block: PinBlock, pan: &Pan) -> Result<Pin, PinError> {
        open_block(self.0.decrypt(u64::from_be_bytes(block.0)), pan)
    }

    /// The same clear block under another key: what a host does between its legs.
    pub fn translate(&self, block: PinBlock, to: &PinKey) -> PinBlock {
        PinBlock(to.0.encrypt(self.0.decrypt(u64::from_be_bytes(block.0))).to_be_bytes())
    }

    /// Compares the PIN in a block with the right one.
    pub fn check(&self, block: PinBlock, pan: &Pan, right: &Pin) -> PinCheck {
        match self.decrypt(block, pan) {
            Ok(entered) if entered == *right => PinCheck::Right,
            Ok(_) => PinCheck::Wrong,
            Err(PinError) => PinCheck::Unreadable,
        }
    }
}

impl fmt::Debug for PinKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinKey(masked)")
    }
}

/// [`PinKey::encrypt`] under a key used once.
pub fn encrypt(pin: &Pin, pan: &Pan, key: &DesKey) -> PinBlock {
    PinKey::new(key).encrypt(pin, pan)
}

/// [`PinKey::decrypt`] under a key used once.
///
/// # Errors
/// What comes out is no format 0 block for this card.
pub fn decrypt(block: PinBlock, pan: &Pan, key: &DesKey) -> Result<Pin, PinError> {
    PinKey::new(key).decrypt(block, pan)
}

/// [`PinKey::translate`] between keys used once.
pub fn translate(block: PinBlock, from: &DesKey, to: &DesKey) -> PinBlock {
    PinKey::new(from).translate(block, &PinKey::new(to))
}

/// [`PinKey::check`] under a key used once.
pub fn check(block: PinBlock, pan: &Pan, key: &DesKey, right: &Pin) -> PinCheck {
    PinKey::new(key).check(block, pan, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pin: &str, pan: &str, clear: u64) {
        let (pin, pan): (Pin, Pan) = (pin.parse().expect("a PIN"), pan.parse().expect("a card"));
        assert_eq!(clear_block(&pin, &pan), clear);
        let one: DesKey = "0123456789ABCDEFFEDCBA9876543210".parse().expect("a key");
        let other: DesKey = "1133557799BBDDFF".parse().expect("a key");
        let block = encrypt(&pin, &pan, &one);
        assert_eq!(decrypt(block, &pan, &one), Ok(pin));
        assert_eq!(decrypt(block, &pan, &other), Err(PinError));
        assert_eq!(decrypt(translate(block, &one, &other), &pan, &other), Ok(pin));
        assert_eq!(super::check(block, &pan, &one, &pin), PinCheck::Right);
        let wrong = "000000".parse().expect("a PIN");
        assert_eq!(super::check(block, &pan, &one, &wrong), PinCheck::Wrong);
        assert_eq!(super::check(block, &pan, &other, &pin), PinCheck::Unreadable);
    }

    #[test]
    fn blocks_are_those_of_the_published_examples() {
        check("1234", "43219876543210987", 0x0412_AC89_ABCD_EF67);
        check("123456", "123456789012345678", 0x0612_53DF_FEDC_BA98);
    }

    #[test]
    fn longest_pins_fit_and_others_are_refused() {
        check("123456789012", "6200000000000005", 0x0C12_3456_7890_12FF);
        for text in ["", "123", "1234567890123", "12a4"] {
            assert!(text.parse::<Pin>().is_err(), "{text}");
        }
        assert_eq!(format!("{:?}", "1234".parse::<Pin>()), "Ok(Pin(masked))");
    }
}
