//! The keys that a sign-on hands out: wrapped in DE62, checked, and derived again from nothing but their
//! generation (flows 4.7). Nothing here prints a key.

use super::key::{DesKey, Schedule};
use super::message::KeyLength;
use crate::ids::TerminalId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a sign-on hands out: PIN key and message authentication key, of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingKeys {
    /// PIK.
    pub pin: DesKey,
    /// MAK.
    pub mac: DesKey,
}

/// A working key's check value does not fit: the terminal is not signed on (flows 4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("check value of the {which} does not match")]
pub struct KeyCheckError {
    /// The key that failed first.
    pub which: &'static str,
}

/// DE62 of a sign-on reply: both working keys under the terminal master key, each with its check value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WrappedKeys {
    /// PIK 8, check 4, MAK 8, check 4 (DE60.3 = 001).
    Single([u8; 24]),
    /// PIK 16, check 4, MAK 16, check 4 (DE60.3 = 003).
    Double([u8; 40]),
}

impl WrappedKeys {
    /// Takes the 24 or 40 bytes of DE62.
    pub fn from_bytes(bytes: &[u8]) -> Option<WrappedKeys> {
        if let Ok(single) = bytes.try_into() {
            return Some(WrappedKeys::Single(single));
        }
        bytes.try_into().ok().map(WrappedKeys::Double)
    }

    /// The bytes of DE62.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            WrappedKeys::Single(bytes) => bytes,
            WrappedKeys::Double(bytes) => bytes,
        }
    }

    /// The length of the keys inside.
    pub fn length(&self) -> KeyLength {
        match self {
            WrappedKeys::Single(_) => KeyLength::Single,
            WrappedKeys::Double(_) => KeyLength::Double,
        }
    }

    /// Decrypts both keys and compares their check values.
    ///
    /// # Errors
    /// A check value that does not match, PIN key first (flows 4.7).
    pub fn unwrap(&self, master: &DesKey) -> Result<WorkingKeys, KeyCheckError> {
        let schedule = Schedule::new(master);
        let (pin, mac) = self.as_bytes().split_at(self.as_bytes().len() / 2);
        let open = |part: &[u8], which: &'static str| {
            let (wrapped, check) = part.split_at(part.len() - 4);
            let mut bytes = [0; 16];
            let clear = &mut bytes[..wrapped.len()];
            clear.copy_from_slice(wrapped);
            Schedule::each_block(clear, |word| schedule.decrypt(word));
            let key = DesKey::from_bytes(clear).expect("8 or 16 bytes by type");
            (key.check_value() == check).then_some(key).ok_or(KeyCheckError { which })
        };
        Ok(WorkingKeys { pin: open(pin, "PIN key")?, mac: open(mac, "MAC key")? })
    }
}

impl fmt::Debug for WrappedKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKeys({:?})", self.length())
    }
}

impl WorkingKeys {
    /// Encrypts both keys under the terminal master key. Panics if they differ in length.
    pub fn wrap(&self, master: &DesKey) -> WrappedKeys {
        assert_eq!(self.pin.length(), self.mac.length(), "working keys are of one length");
        let schedule = Schedule::new(master);
        let (mut bytes, mut used) = ([0; 40], 0);
        for key in [&self.pin, &self.mac] {
            let end = used + key.as_bytes().len();
            bytes[used..end].copy_from_slice(key.as_bytes());
            Schedule::each_block(&mut bytes[used..end], |word| schedule.encrypt(word));
            bytes[end..end + 4].copy_from_slice(&key.check_value());
            used = end + 4;
        }
        WrappedKeys::from_bytes(&bytes[..used]).expect("24 or 40 bytes by key length")
    }

    /// The keys of one generation of one terminal: the same input gives the same keys, so a host need not
    /// store them. CBC of two fixed blocks, terminal and purpose, under the master key; odd parity.
    pub fn derive(
        master: &DesKey,
        terminal: TerminalId,
        generation: u32,
        length: KeyLength,
    ) -> WorkingKeys {
        let schedule = Schedule::new(master);
        let seed = schedule.encrypt(u64::from_be_bytes(terminal.0));
        let half = |role: u8, part: u8| {
            let length = match length {
                KeyLength::Single => 8,
                KeyLength::Double => 16,
            };
            let [g0, g1, g2, g3] = generation.to_be_bytes();
            let purpose = u64::from_be_bytes([role, part, length, 0, g0, g1, g2, g3]);
            let parity =
                |byte: u8| byte & 0xfe | u8::from((byte >> 1).count_ones().is_multiple_of(2));
            schedule.encrypt(seed ^ purpose).to_be_bytes().map(parity)
        };
        let key = |role: u8| match length {
            KeyLength::Single => DesKey::Single(half(role, 0)),
            KeyLength::Double => {
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&half(role, 0));
                bytes[8..].copy_from_slice(&half(role, 1));
                DesKey::Double(bytes)
            }
        };
        WorkingKeys { pin: key(b'P'), mac: key(b'M') }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hex: &str) -> DesKey {
        hex.parse().expect("a key")
    }

    fn check(length: KeyLength, bytes: usize) {
        let master = key("0123456789ABCDEFFEDCBA9876543210");
        let terminal = TerminalId(*b"00000026");
        let keys = WorkingKeys::derive(&master, terminal, 7, length);
        assert_eq!(keys, WorkingKeys::derive(&master, terminal, 7, length));
        assert_ne!(keys, WorkingKeys::derive(&master, terminal, 8, length));
        assert_ne!(keys, WorkingKeys::derive(&master, TerminalId(*b"00000027"), 7, length));
        assert_ne!(keys.pin, keys.mac);
        let odd = |byte: &u8| byte.count_ones() % 2 == 1;
        assert!(keys.pin.as_bytes().iter().chain(keys.mac.as_bytes()).all(odd));
        let wrapped = keys.wrap(&master);
        assert_eq!(wrapped.as_bytes().len(), bytes);
        assert_eq!(wrapped.unwrap(&master), Ok(keys));
        assert_eq!(WrappedKeys::from_bytes(wrapped.as_bytes()), Some(wrapped));
        for (at, which) in [(0, "PIN key"), (bytes / 2, "MAC key"), (bytes - 1, "MAC key")] {
            let mut damaged = wrapped.as_bytes().to_vec();
            damaged[at] ^= 1;
            let damaged = WrappedKeys::from_bytes(&damaged).expect("same length");
            assert_eq!(damaged.unwrap(&master), Err(KeyCheckError { which }));
        }
    }

    #[test]
    fn working_keys_survive_wrapping_and_damage_is_seen() {
        check(KeyLength::Single, 24);
        check(KeyLength::Double, 40);
    }
}
