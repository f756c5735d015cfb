//! Walking over MTI, bitmap and fields by the table: where each field stands, and where reading had to
//! stop. The lenient view and the strict decoder share it; no value is looked at here.

use super::bcd;
use super::error::{Fault, WireError};
use super::field::{Encoding, FIELDS};
use super::frame::bad_nibble;

/// Where a field's content stands, without its length prefix. Zero units mean none or empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    /// Bytes from the start of what is read.
    pub start: u16,
    /// Its length in nibbles or bytes.
    pub units: u16,
}

/// What the walk needs of a row, packed so that the whole table stays in a few cache lines.
#[derive(Clone, Copy)]
struct Step {
    prefix: u8,
    nibbles: bool,
    maximum: u16,
}

const STEPS: [Step; 64] = {
    let (mut steps, mut index) = ([Step { prefix: 0, nibbles: false, maximum: 0 }; 64], 0);
    while index < 64 {
        let row = &FIELDS[index];
        let nibbles = matches!(row.encoding, Encoding::Bcd);
        steps[index] = Step { prefix: row.prefix_bytes() as u8, nibbles, maximum: row.maximum };
        index += 1;
    }
    steps
};

/// The bit of a data element in the bitmap word.
pub(crate) const fn bit(de: u8) -> u64 {
    1 << (64 - de)
}

/// The bits of some data elements.
pub(crate) const fn bits(fields: &[u8]) -> u64 {
    let (mut word, mut index) = (0, 0);
    while index < fields.len() {
        word |= bit(fields[index]);
        index += 1;
    }
    word
}

/// The result of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scan {
    /// The two MTI bytes; zero if they were not reached.
    pub mti: [u8; 2],
    /// The bitmap as sent.
    pub bitmap: u64,
    /// The fields that were reached whole.
    pub found: u64,
    /// Indexed by data element less one; valid where `found` has the bit.
    pub spans: [Span; 64],
    /// First byte not read.
    pub end: usize,
}

impl Scan {
    pub(crate) const NOTHING: Scan =
        Scan { mti: [0; 2], bitmap: 0, found: 0, spans: [Span { start: 0, units: 0 }; 64], end: 0 };

    /// Walks from the MTI at `at` to the end of `bytes`, which must be under 64 KiB. What was found before
    /// an error stays.
    pub(crate) fn walk(&mut self, bytes: &[u8], at: usize) -> Result<(), WireError> {
        assert!(bytes.len() <= usize::from(u16::MAX), "offsets are 16 bits");
        self.end = at;
        let rest = bytes.get(at..).unwrap_or_default();
        let truncated = |path, at: usize, needed| {
            WireError::at(
                path,
                at,
                Fault::Truncated { needed, found: bytes.len().saturating_sub(at) },
            )
        };
        let Some((mti, rest)) = rest.split_first_chunk::<2>() else {
            return Err(truncated("MTI", at, 2));
        };
        self.mti = *mti;
        self.end = at + 2;
        for (index, byte) in mti.iter().enumerate() {
            if let Some(found) = bad_nibble(*byte) {
                return Err(WireError::at("MTI", at + index, Fault::NotDigit { found }));
            }
        }
        let Some((bitmap, _)) = rest.split_first_chunk::<8>() else {
            return Err(truncated("bitmap", at + 2, 8));
        };
        self.bitmap = u64::from_be_bytes(*bitmap);
        self.end = at + 10;
        if self.bitmap & bit(1) != 0 {
            return Err(WireError::at(
                "DE1",
                at + 2,
                Fault::Forbidden { message: "a 64-field profile" },
            ));
        }
        self.fields(bytes)
    }

    fn fields(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let (mut left, mut at) = (self.bitmap, self.end);
        let stopped = loop {
            if left == 0 {
                break None;
            }
            let index = left.leading_zeros() as usize;
            let step = STEPS[index];
            let units = match step.prefix {
                0 => usize::from(step.maximum),
                width => match variable(bytes, at, width, step.maximum) {
                    Some(units) => units,
                    None => break Some(bad_length(bytes, at, index, usize::from(width))),
                },
            };
            let start = at + usize::from(step.prefix);
            let length = if step.nibbles { units.div_ceil(2) } else { units };
            if bytes.len() - start < length {
                let fault = Fault::Truncated { needed: length, found: bytes.len() - start };
                break Some(WireError::at(FIELDS[index].path, start, fault));
            }
            self.spans[index] = Span { start: start as u16, units: units as u16 };
            at = start + length;
            left ^= 1 << (63 - index);
        };
        (self.end, self.found) = (at, self.bitmap ^ left);
        match (stopped, bytes.len() - at) {
            (Some(error), _) => Err(error),
            (None, 0) => Ok(()),
            (None, found) => Err(WireError::at("frame", at, Fault::Trailing { found })),
        }
    }

    /// Where a field's content stands.
    pub(crate) fn span(&self, de: u8) -> Option<Span> {
        (self.found & bit(de) != 0).then(|| self.spans[usize::from(de) - 1])
    }

    /// Where a field's content begins; where the bitmap stands if it is absent.
    pub(crate) fn offset(&self, de: u8, bitmap_at: usize) -> usize {
        self.span(de).map_or(bitmap_at, |span| usize::from(span.start))
    }
}

/// Reads a BCD length prefix, if it is one and within the maximum.
fn variable(bytes: &[u8], at: usize, width: u8, maximum: u16) -> Option<usize> {
    let digits = if width == 1 {
        u16::from(*bytes.get(at)?)
    } else {
        u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)
    };
    let [high, low] = [digits >> 8, digits & 0xff].map(|byte| byte - 6 * (byte >> 4));
    let units = high * 100 + low;
    let decimal = bcd::is_decimal(u64::from(digits));
    (decimal && units <= maximum).then_some(usize::from(units))
}

/// Why a length prefix is none.
#[cold]
fn bad_length(bytes: &[u8], at: usize, index: usize, width: usize) -> WireError {
    let row = &FIELDS[index];
    let Some(prefix) = bytes.get(at..at + width) else {
        let fault = Fault::Truncated { needed: width, found: bytes.len() - at };
        return WireError::at(row.path, at, fault);
    };
    let mut units = 0;
    for (place, byte) in prefix.iter().enumerate() {
        if let Some(found) = bad_nibble(*byte) {
            return WireError::at(row.path, at + place, Fault::NotDigit { found });
        }
        units = units * 100 + usize::from(byte >> 4) * 10 + usize::from(byte & 0x0f);
    }
    let fault = Fault::OverMaximum { found: units, maximum: usize::from(row.maximum) };
    WireError::at(row.path, at, fault)
}
