//! Single fields of a scanned frame, judged strictly: numbers, text, nibbles. What they mean together is
//! said in `read`. Errors name field and offset and never quote a card.

use super::bcd;
use super::error::{Fault, WireError};
use super::field::{Align, field};
use super::frame::MTI_OFFSET;
use super::scan::{Scan, bit};

pub(super) type Result<T> = std::result::Result<T, WireError>;

const BITMAP: usize = MTI_OFFSET + 2;

pub(super) struct Reader<'a> {
    pub bytes: &'a [u8],
    pub scan: Scan,
    pub message: &'static str,
}

impl Reader<'_> {
    pub fn has(&self, de: u8) -> bool {
        self.scan.bitmap & bit(de) != 0
    }

    pub fn at(&self, de: u8) -> usize {
        self.scan.offset(de, BITMAP)
    }

    /// The length of a field, in nibbles or bytes.
    pub fn units(&self, de: u8) -> usize {
        usize::from(self.scan.spans[usize::from(de) - 1].units)
    }

    /// The first field that is missing, or there without being allowed.
    pub fn presence(&self, (must, may): (u64, u64)) -> Result<()> {
        let (missing, extra) = (must & !self.scan.bitmap, self.scan.bitmap & !(must | may));
        if missing | extra == 0 { Ok(()) } else { Err(self.misfit(missing, extra)) }
    }

    #[cold]
    pub fn misfit(&self, missing: u64, extra: u64) -> WireError {
        let de = (missing | extra).leading_zeros() as u8 + 1;
        let message = self.message;
        let fault = if extra & bit(de) == 0 {
            Fault::Missing { message }
        } else {
            Fault::Forbidden { message }
        };
        WireError::at(field(de).path, self.at(de), fault)
    }

    /// The bytes of a field whose length is known.
    pub fn chunk<const DE: u8, const N: usize>(&self) -> [u8; N] {
        let start = self.at(DE);
        self.bytes[start..start + N].try_into().expect("a field of this width was scanned")
    }

    /// A number of known digits; the length prefix, if any, must say just that.
    pub fn number<const DE: u8, const DIGITS: usize>(&self) -> Result<u64> {
        let row = const { field(DE) };
        let span = self.scan.spans[usize::from(DE) - 1];
        let (start, units) = (usize::from(span.start), usize::from(span.units));
        if units != DIGITS {
            let fault = Fault::Length { found: units, expected: DIGITS };
            return Err(WireError::at(row.path, start - row.prefix_bytes(), fault));
        }
        let bytes = const { DIGITS.div_ceil(2) };
        let mut word = [0; 8];
        word[8 - bytes..].copy_from_slice(&self.bytes[start..start + bytes]);
        let word = u64::from_be_bytes(word);
        if !bcd::is_decimal(word) {
            return Err(self.not_decimal(DE, start, bytes));
        }
        if DIGITS.is_multiple_of(2) {
            return Ok(bcd::to_number(word));
        }
        let (filling, number) = match row.align {
            Align::Left => (word & 0x0f, word >> 4),
            Align::Right => (word >> (4 * DIGITS), word & !(0x0f << (4 * DIGITS))),
        };
        if filling != 0 {
            return Err(WireError::at(row.path, start, Fault::Padding));
        }
        Ok(bcd::to_number(number))
    }

    #[cold]
    pub fn not_decimal(&self, de: u8, start: usize, bytes: usize) -> WireError {
        let places = self.bytes[start..start + bytes].iter().enumerate();
        let mut bad = places.filter_map(|(i, byte)| Some((i, super::frame::bad_nibble(*byte)?)));
        let (index, found) = bad.next().expect("some nibble is no digit");
        WireError::at(field(de).path, start + index, Fault::NotDigit { found })
    }

    /// Text of a fixed field, every byte of which some rule allows.
    pub fn text<const DE: u8, const N: usize>(
        &self,
        allowed: impl Fn(&u8) -> bool,
        expected: &'static str,
    ) -> Result<[u8; N]> {
        let text = self.chunk::<DE, N>();
        // Looking at every byte is faster than stopping early: it goes many at a time.
        if text.iter().fold(true, |all, byte| all & allowed(byte)) {
            return Ok(text);
        }
        let place = text.iter().position(|byte| !allowed(byte)).unwrap_or(0);
        let fault = Fault::NotText { found: text[place], expected };
        Err(WireError::at(field(DE).path, self.at(DE) + place, fault))
    }

    pub fn printable<const DE: u8, const N: usize>(&self) -> Result<[u8; N]> {
        self.text::<DE, N>(|byte| (0x20..0x7f).contains(byte), "printable ASCII")
    }

    pub fn alphanumeric<const DE: u8, const N: usize>(&self) -> Result<[u8; N]> {
        self.text::<DE, N>(u8::is_ascii_alphanumeric, "letters and digits")
    }

    /// Packed nibbles and how many they are; an odd one must be filled with zero.
    pub fn nibbles(&self, de: u8) -> Result<(&[u8], usize)> {
        let span = self.scan.spans[usize::from(de) - 1];
        let (start, units) = (usize::from(span.start), usize::from(span.units));
        let packed = &self.bytes[start..start + units.div_ceil(2)];
        if !units.is_multiple_of(2) && packed[units / 2] & 0x0f != 0 {
            return Err(WireError::at(field(de).path, start + units / 2, Fault::Padding));
        }
        Ok((packed, units))
    }
}
