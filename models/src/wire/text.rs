//! Field values as text and back, through the table: what `view` prints and what vectors are written in.
//! Typed messages don't pass here.

use super::bcd;
use super::error::{Fault, WireError};
use super::field::{Align, Content, Encoding, FIELDS, Field, Prefix};
use super::mac::hex_byte;
use super::scan::bit;

/// A value as text: nibbles as hex characters (the track separator is `D`), bytes as hex, characters as
/// they are except that a backslash and whatever is not printable ASCII becomes `\xHH`.
pub(crate) fn show(row: &Field, bytes: &[u8], units: usize) -> String {
    match row.encoding {
        Encoding::Raw => hex(bytes),
        Encoding::Text => characters(bytes),
        Encoding::Bcd => {
            let all = hex(bytes);
            let skip = match row.align {
                Align::Left => 0,
                Align::Right => all.len() - units,
            };
            all.chars().skip(skip).take(units).collect()
        }
    }
}

/// Upper-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| hex_byte(*byte)).map(char::from).collect()
}

fn characters(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'\\' => text.push_str("\\x5C"),
            0x20..0x7f => text.push(char::from(*byte)),
            _ => {
                text.push_str("\\x");
                text.extend(hex_byte(*byte).map(char::from));
            }
        }
    }
    text
}

/// The first byte of a field, counted from its own first, that is not what the table says it holds. Text
/// fields may hold GBK: only control characters are wrong there.
pub(crate) fn first_wrong(row: &Field, bytes: &[u8], units: usize) -> Option<usize> {
    let nibble = |right: fn(&u8) -> bool| {
        let skipped = row.bytes(units) * 2 - units;
        let skipped = if row.align == Align::Right { skipped } else { 0 };
        let shown = show(row, bytes, units).into_bytes();
        shown.iter().position(|nibble| !right(nibble)).map(|at| (at + skipped) / 2)
    };
    match row.content {
        Content::N => nibble(u8::is_ascii_digit),
        Content::Z => nibble(|nibble| nibble.is_ascii_digit() || *nibble == b'D'),
        Content::An => bytes.iter().position(|byte| !(0x20..0x7f).contains(byte)),
        Content::Ans => bytes.iter().position(|byte| *byte < 0x20),
        Content::B => None,
    }
}

/// What a field may hold, in words.
pub(crate) fn holds(content: Content) -> &'static str {
    match content {
        Content::N => "digits",
        Content::Z => "digits and D",
        Content::An => "letters and digits",
        Content::Ans => "text",
        Content::B => "bytes",
    }
}

/// Encodes an MTI of four digits and fields given as text, in any order, into MTI, bitmap and fields. It
/// takes any content that the table's encoding can carry: also messages that no typed form allows.
///
/// # Errors
/// A field twice, outside 2 to 64, longer than its row allows, or not writable in its encoding; the
/// offset is where it would have stood.
pub fn encode(mti: &str, fields: &[(u8, &str)]) -> Result<Vec<u8>, WireError> {
    let mut out = Vec::with_capacity(256);
    out.extend(
        nibbles(mti)
            .filter(|bytes| bytes.len() == 2 && mti.len() == 4)
            .ok_or_else(|| WireError::value("MTI", 0, mti.escape_debug(), "four digits"))?,
    );
    out.extend([0; 8]);
    let mut sorted: Vec<&(u8, &str)> = fields.iter().collect();
    sorted.sort_by_key(|(de, _)| *de);
    let mut bitmap = 0;
    for (de, text) in sorted {
        let row = FIELDS.get(usize::from(*de).wrapping_sub(1)).filter(|row| row.de > 1);
        let row = row.ok_or_else(|| {
            WireError::value("bitmap", 2, format_args!("field {de}"), "a field from 2 to 64")
        })?;
        if bitmap & bit(*de) != 0 {
            return Err(WireError::value(row.path, out.len(), "the field twice", "it once"));
        }
        bitmap |= bit(*de);
        append(row, text, &mut out)?;
    }
    out[2..10].copy_from_slice(&bitmap.to_be_bytes());
    Ok(out)
}

fn append(row: &Field, text: &str, out: &mut Vec<u8>) -> Result<(), WireError> {
    let at = out.len();
    let unwritable = |expected| {
        let fault = Fault::Value { found: "other characters".into(), expected };
        WireError::at(row.path, at, fault)
    };
    let (bytes, units) = match row.encoding {
        Encoding::Raw => {
            let even = text.len().is_multiple_of(2);
            let bytes = nibbles(text).filter(|_| even).ok_or_else(|| unwritable("hex bytes"))?;
            let units = bytes.len();
            (bytes, units)
        }
        Encoding::Text => {
            let bytes = unescape(text).ok_or_else(|| unwritable("ASCII with \\xHH escapes"))?;
            let units = bytes.len();
            (bytes, units)
        }
        Encoding::Bcd => {
            let odd = !text.len().is_multiple_of(2);
            let filled = match row.align {
                Align::Right if odd => nibbles(&format!("0{text}")),
                Align::Left | Align::Right => nibbles(text),
            };
            (filled.ok_or_else(|| unwritable("digits, or D in a track"))?, text.len())
        }
    };
    let maximum = usize::from(row.maximum);
    if units > maximum {
        return Err(WireError::at(row.path, at, Fault::OverMaximum { found: units, maximum }));
    }
    let [.., high, low] = bcd::from_number(units as u64).to_be_bytes();
    match row.prefix {
        Prefix::Fixed if units != maximum => {
            let fault = Fault::Length { found: units, expected: maximum };
            return Err(WireError::at(row.path, at, fault));
        }
        Prefix::Fixed => {}
        Prefix::Ll => out.push(low),
        Prefix::Lll => out.extend([high, low]),
    }
    out.extend(bytes);
    Ok(())
}

/// Hex characters packed from the left, an odd one filled with zero.
fn nibbles(text: &str) -> Option<Vec<u8>> {
    let values: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|nibble| u8::try_from(nibble).ok())).collect();
    let pack = |pair: &[u8]| pair[0] << 4 | pair.get(1).copied().unwrap_or(0);
    Some(values?.chunks(2).map(pack).collect())
}

fn unescape(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        match first {
            b'\\' => {
                let (escape, tail) = rest.split_first_chunk::<3>()?;
                let digits = std::str::from_utf8(escape).ok()?.strip_prefix('x')?;
                bytes.push(*nibbles(digits).filter(|bytes| bytes.len() == 1)?.first()?);
                rest = tail;
            }
            0x20..0x7f => bytes.push(*first),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::view::View;

    fn check(de: u8, text: &str, bytes: &[u8]) {
        let message = encode("0200", &[(de, text)]).expect("writable");
        assert_eq!(&message[10..], bytes, "DE{de}");
        let view = View::parse(&message);
        assert_eq!(view.error(), None);
        assert_eq!(view.text(de).as_deref(), Some(text));
    }

    #[test]
    fn encoding_prefix_and_padding_are_independent() {
        check(2, "6200000000000", &[0x13, 0x62, 0, 0, 0, 0, 0, 0]);
        check(22, "021", &[0x02, 0x10]);
        check(23, "001", &[0x00, 0x01]);
        check(35, "62D12", &[0x05, 0x62, 0xD1, 0x20]);
        check(44, "a \\x5C\\xB0\\x00", &[0x05, b'a', b' ', b'\\', 0xB0, 0]);
        check(55, "9F10", &[0x00, 0x02, 0x9F, 0x10]);
        check(60, "22000015000", &[0x00, 0x11, 0x22, 0x00, 0x00, 0x15, 0x00, 0x00]);
        check(64, "3441343334363241", b"4A43462A");
    }

    fn refused(fields: &[(u8, &str)], path: &str, offset: usize) {
        let error = encode("0200", fields).expect_err(path);
        assert_eq!((error.path, error.offset), (path, offset));
    }

    #[test]
    fn what_the_table_cannot_carry_is_refused() {
        refused(&[(1, "00")], "bitmap", 2);
        refused(&[(65, "00")], "bitmap", 2);
        refused(&[(3, "00000")], "DE3", 10);
        refused(&[(2, "62000000000000000000")], "DE2", 10);
        refused(&[(11, "000001"), (4, "00000000000x")], "DE4", 10);
        refused(&[(11, "000001"), (11, "000001")], "DE11", 13);
        refused(&[(39, "\\x0")], "DE39", 10);
        refused(&[(52, "123")], "DE52", 10);
    }
}
