//! DES keys and their schedules, which are computed once and kept. Nothing here prints a key, and no message
//! layout is known; the keys that a sign-on hands out stand in `working`.

use super::message::KeyLength;
use crate::ids::IdError;
use des::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

pub use super::working::{KeyCheckError, WorkingKeys, WrappedKeys};

/// A DES key of 8 bytes or a two-key triple DES key of 16. Debug shows the length only; the text form
/// for plans is hex, through serde and [`FromStr`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum DesKey {
    /// 8 bytes, parity bits included.
    Single([u8; 8]),
    /// 16 bytes, parity bits included.
    Double([u8; 16]),
}

impl DesKey {
    /// Takes 8 or 16 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<DesKey> {
        if let Ok(single) = bytes.try_into() {
            return Some(DesKey::Single(single));
        }
        bytes.try_into().ok().map(DesKey::Double)
    }

    /// Takes 16 or 32 hex characters.
    ///
    /// # Errors
    /// Any other text; it is not quoted, since it may be a key with one slip.
    pub fn from_hex(text: &str) -> Result<DesKey, IdError> {
        let refused = || IdError {
            what: "a DES key",
            rule: "16 or 32 hex characters",
            found: format!("{} characters", text.chars().count()),
        };
        let digits: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
        let bytes: Vec<u8> = digits
            .filter(|digits| matches!(digits.len(), 16 | 32))
            .ok_or_else(refused)?
            .chunks_exact(2)
            .map(|pair| pair[0] << 4 | pair[1])
            .collect();
        DesKey::from_bytes(&bytes).ok_or_else(refused)
    }

    /// The bytes in the clear.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            DesKey::Single(bytes) => bytes,
            DesKey::Double(bytes) => bytes,
        }
    }

    /// 8 or 16 bytes, by the name that sign-on gives it.
    pub fn length(&self) -> KeyLength {
        match self {
            DesKey::Single(_) => KeyLength::Single,
            DesKey::Double(_) => KeyLength::Double,
        }
    }

    /// First four bytes of eight zero bytes under this key (flows 4.7, DE62).
    pub fn check_value(&self) -> [u8; 4] {
        let block = Schedule::new(self).encrypt(0).to_be_bytes();
        [block[0], block[1], block[2], block[3]]
    }
}

impl fmt::Debug for DesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DesKey({:?})", self.length())
    }
}

impl FromStr for DesKey {
    type Err = IdError;
    fn from_str(text: &str) -> Result<DesKey, IdError> {
        DesKey::from_hex(text)
    }
}

impl Serialize for DesKey {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut hex = [0; 32];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.as_bytes()) {
            pair.copy_from_slice(&super::mac::hex_byte(*byte));
        }
        let text = &hex[..2 * self.as_bytes().len()];
        s.serialize_str(std::str::from_utf8(text).expect("hex is ASCII"))
    }
}

impl<'de> Deserialize<'de> for DesKey {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<DesKey, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A key ready for use, on single blocks as big-endian words.
#[derive(Clone)]
pub(crate) enum Schedule {
    Single(Des),
    Double(TdesEde2),
}

impl Schedule {
    pub(crate) fn new(key: &DesKey) -> Schedule {
        match key {
            DesKey::Single(bytes) => Schedule::Single(Des::new(bytes.into())),
            DesKey::Double(bytes) => Schedule::Double(TdesEde2::new(bytes.into())),
        }
    }

    pub(crate) fn encrypt(&self, word: u64) -> u64 {
        let mut block = Block::<Des>::from(word.to_be_bytes());
        match self {
            Schedule::Single(cipher) => cipher.encrypt_block(&mut block),
            Schedule::Double(cipher) => cipher.encrypt_block(&mut block),
        }
        u64::from_be_bytes(block.into())
    }

    pub(crate) fn decrypt(&self, word: u64) -> u64 {
        let mut block = Block::<Des>::from(word.to_be_bytes());
        match self {
            Schedule::Single(cipher) => cipher.decrypt_block(&mut block),
            Schedule::Double(cipher) => cipher.decrypt_block(&mut block),
        }
        u64::from_be_bytes(block.into())
    }

    /// Each eight bytes for themselves, in place (ECB). Panics unless the length is a multiple of 8.
    pub(crate) fn each_block(bytes: &mut [u8], step: impl Fn(u64) -> u64) {
        assert!(bytes.len().is_multiple_of(8), "keys are whole blocks");
        for block in bytes.chunks_exact_mut(8) {
            let word = u64::from_be_bytes((&*block).try_into().expect("eight bytes"));
            block.copy_from_slice(&step(word).to_be_bytes());
        }
    }
}

/// A message authentication key with its schedule. Cloning copies the schedule, not the work.
#[derive(Clone)]
pub struct MacKey {
    key: DesKey,
    pub(crate) schedule: Schedule,
}

impl MacKey {
    /// Computes the schedule: once per sign-on, not per message.
    pub fn new(key: &DesKey) -> MacKey {
        MacKey { key: *key, schedule: Schedule::new(key) }
    }

    /// The key this was made of.
    pub fn key(&self) -> DesKey {
        self.key
    }
}

impl From<DesKey> for MacKey {
    fn from(key: DesKey) -> MacKey {
        MacKey::new(&key)
    }
}

impl PartialEq for MacKey {
    fn eq(&self, other: &MacKey) -> bool {
        self.key == other.key
    }
}

impl Eq for MacKey {}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MacKey({:?})", self.key.length())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> DesKey {
        hex.parse().expect("a key")
    }

    #[test]
    fn check_values_are_those_of_the_standard_test_keys() {
        assert_eq!(key("0123456789ABCDEF").check_value(), [0xD5, 0xD4, 0x4F, 0xF7]);
        assert_eq!(key("0123456789ABCDEFFEDCBA9876543210").check_value(), [0x08, 0xD7, 0xB4, 0xFB]);
    }

    #[test]
    fn keys_are_hex_in_plans_and_nothing_in_debug() {
        let text = "\"0123456789ABCDEF\"";
        let single: DesKey = serde_json::from_str(text).expect("a key");
        assert_eq!(serde_json::to_string(&single).ok().as_deref(), Some(text));
        assert_eq!(
            format!("{single:?} {:?}", MacKey::new(&single)),
            "DesKey(Single) MacKey(Single)"
        );
        for wrong in ["", "0123", "0123456789ABCDEG", "0123456789ABCDEF0"] {
            assert!(DesKey::from_hex(wrong).is_err(), "{wrong}");
        }
    }
}
