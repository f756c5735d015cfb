//! Track 2, and the packed nibbles that it and the card number are made of. Not for records: nothing here is
//! serialised, and nothing prints more than a masked card number.

use super::bcd;
use super::card::{MAX_PAN_DIGITS, Pan};
use crate::time::YearMonth;
use std::fmt;

/// Most nibbles of track 2, DE35.
pub const MAX_TRACK2_NIBBLES: usize = 37;

/// Nibbles in order, packed two to a byte from the left and filled with zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Nibbles<const BYTES: usize> {
    pub bytes: [u8; BYTES],
    pub count: u8,
}

impl<const BYTES: usize> Nibbles<BYTES> {
    pub const EMPTY: Nibbles<BYTES> = Nibbles { bytes: [0; BYTES], count: 0 };

    pub fn get(&self, index: usize) -> u8 {
        let byte = self.bytes[index / 2];
        if index.is_multiple_of(2) { byte >> 4 } else { byte & 0x0f }
    }

    pub fn push(&mut self, nibble: u8) {
        let index = usize::from(self.count);
        self.bytes[index / 2] |= if index.is_multiple_of(2) { nibble << 4 } else { nibble };
        self.count += 1;
    }

    /// Takes `count` nibbles out of packed bytes; the filling nibble is dropped.
    pub fn from_packed(packed: &[u8], count: usize) -> Option<Nibbles<BYTES>> {
        if packed.len() != count.div_ceil(2) || packed.len() > BYTES {
            return None;
        }
        let mut nibbles = Nibbles { bytes: [0; BYTES], count: u8::try_from(count).ok()? };
        nibbles.bytes[..packed.len()].copy_from_slice(packed);
        if !count.is_multiple_of(2) {
            nibbles.bytes[count / 2] &= 0xf0;
        }
        Some(nibbles)
    }

    pub fn packed(&self) -> &[u8] {
        &self.bytes[..usize::from(self.count).div_ceil(2)]
    }
}

/// Track 2: number, separator, expiry, service code, discretionary digits. Never serialised, since no
/// record may hold it (soundness 22).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Track2 {
    nibbles: Nibbles<19>,
    pan: Pan,
    expiry: YearMonth,
}

const SEPARATOR: u8 = 0x0d;

impl Track2 {
    /// A track with a service code of three digits and nothing after it. Panics if the expiry is no
    /// month or the service code is over 999.
    pub fn new(pan: Pan, expiry: YearMonth, service: u16) -> Track2 {
        assert!(expiry.year <= 99 && (1..=12).contains(&expiry.month), "expiry is a month");
        assert!(service <= 999, "a service code has three digits");
        let mut nibbles = Nibbles::EMPTY;
        (0..pan.len()).for_each(|index| nibbles.push(pan.0.get(index)));
        nibbles.push(SEPARATOR);
        for pair in [expiry.year, expiry.month] {
            nibbles.push(pair / 10);
            nibbles.push(pair % 10);
        }
        for digit in [service / 100, service / 10 % 10, service % 10] {
            nibbles.push(u8::try_from(digit).expect("a digit"));
        }
        Track2 { nibbles, pan, expiry }
    }

    /// Takes packed nibbles as DE35 carries them. `None` unless they are a card number, one separator,
    /// a real month, a service code and digits.
    pub fn from_packed(packed: &[u8], count: usize) -> Option<Track2> {
        if count > MAX_TRACK2_NIBBLES {
            return None;
        }
        let nibbles = Nibbles::<19>::from_packed(packed, count)?;
        // The separator stands among the first twenty nibbles, or the number is too long anyhow.
        let (head, tail) = nibbles.bytes.split_first_chunk::<16>()?;
        let head = u128::from_be_bytes(*head);
        let strange = bcd::not_decimal(head);
        let split = strange.leading_zeros() as usize / 4;
        let alone =
            strange.count_ones() == 1 && tail.iter().all(|byte| bcd::is_decimal(u64::from(*byte)));
        if !alone || !(13..=MAX_PAN_DIGITS).contains(&split) || split + 8 > count {
            return None;
        }
        if nibbles.get(split) != SEPARATOR {
            return None;
        }
        let number = (head >> (128 - 4 * split) << (128 - 4 * split)).to_be_bytes();
        let digits = Nibbles { bytes: *number.first_chunk()?, count: u8::try_from(split).ok()? };
        let pan = Pan(digits);
        let pair = |at: usize| nibbles.get(at) * 10 + nibbles.get(at + 1);
        let expiry = YearMonth { year: pair(split + 1), month: pair(split + 3) };
        (1..=12).contains(&expiry.month).then_some(Track2 { nibbles, pan, expiry })
    }

    /// The nibbles packed two to a byte from the left, an odd one filled with zero.
    pub fn packed(&self) -> &[u8] {
        self.nibbles.packed()
    }

    /// How many nibbles there are, separator included; at most 37.
    pub fn nibbles(&self) -> usize {
        usize::from(self.nibbles.count)
    }

    /// The card number before the separator.
    pub fn pan(&self) -> Pan {
        self.pan
    }

    /// The month after which the card is no longer good.
    pub fn expiry(&self) -> YearMonth {
        self.expiry
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track2({})", self.pan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAY_2031: YearMonth = YearMonth { year: 31, month: 5 };

    #[test]
    fn a_track_must_hold_a_real_month_and_one_separator() {
        let track = Track2::new("6200000000000005".parse().expect("card"), MAY_2031, 201);
        let with = |at: usize, byte: u8| {
            let mut bytes = track.packed().to_vec();
            bytes[at] = byte;
            Track2::from_packed(&bytes, track.nibbles())
        };
        assert_eq!(with(8, 0xD3), Some(track));
        assert_eq!(with(8, 0xC3), None, "no separator");
        assert_eq!(with(9, 0x11), None, "month 15");
        assert_eq!(with(11, 0x1D), None, "a second separator");
        assert_eq!(Track2::from_packed(&track.packed()[..8], 16), None, "number alone");
        assert_eq!(Track2::from_packed(&[0x11; 40], 80), None, "too long");
    }
}
