//! What may be shown of a message that people look at: all of it where its fields add up, by the table of
//! sensitivities. Where they do not, any field may really be a piece of another, so a value is hidden
//! wherever card data may reach: behind the start of every card-bearing field that the bitmap names, and
//! wherever the bytes look like a card number that it does not name. It fails closed.

use super::field::{Encoding, FIELDS, Sensitivity};
use super::mask::{HIDDEN, mask};
use super::mti::Mti;
use super::view::View;
use std::ops::Range;

/// Which fields of a message may be pieces of card data.
pub(super) struct Suspect {
    /// The data elements that show nothing; the bit of DE1 is the highest.
    hidden: u64,
    /// Those among them that would be shown if the fields added up.
    doubtful: u64,
}

const fn bit(de: u8) -> u64 {
    1 << (64 - de)
}

impl Suspect {
    pub fn of(view: &View<'_>) -> Suspect {
        let mut suspect = Suspect { hidden: 0, doubtful: 0 };
        let known = view.mti().and_then(Mti::from_bcd);
        let adds_up = view.adds_up();
        let reaches = if adds_up { misplaced(view) } else { reaches(view) };
        // Details of a batch list card numbers one behind the other.
        let lists = matches!(known, Some(Mti::M0320 | Mti::M0330)) && !adds_up;
        for de in view.fields() {
            let Some((row, start, units)) = view.place(de) else { continue };
            let span = start..start + row.bytes(units);
            let printable = || {
                view.field(de).is_some_and(|bytes| bytes.iter().all(|b| (0x20..0x7f).contains(b)))
            };
            let meets =
                reaches.iter().any(|reach| reach.start < span.end && span.start < reach.end);
            let strange = match row.encoding {
                Encoding::Raw => true,
                Encoding::Text => !printable(),
                Encoding::Bcd => false,
            };
            let doubt =
                meets || !adds_up && (lists || strange || row.sensitivity == Sensitivity::Pan);
            if doubt || known.is_none() || view.wrong_at(de).is_some() {
                suspect.hidden |= bit(de);
            }
            if doubt && known.is_some() && row.sensitivity != Sensitivity::Secret {
                suspect.doubtful |= bit(de);
            }
        }
        suspect
    }

    /// A field's text, as it may be shown.
    pub fn shown(&self, de: u8, text: &str) -> String {
        if self.hidden & bit(de) == 0 { mask(de, text) } else { HIDDEN.to_owned() }
    }

    /// Whether a field is hidden for where it stands, not for what it is.
    pub fn hides(&self, de: u8) -> bool {
        self.doubtful & bit(de) != 0
    }
}

/// Bytes that card data may reach in a message whose fields do not add up.
fn reaches(view: &View<'_>) -> Vec<Range<usize>> {
    let bytes = view.bytes();
    let mut all = Vec::new();
    // A field's own length may be what is wrong, so it may be as long as it can be.
    for row in FIELDS.iter().filter(|row| row.sensitivity != Sensitivity::Open) {
        if let Some((_, start, _)) = view.place(row.de) {
            let length_from = start - row.prefix_bytes().min(start);
            all.push(length_from..start + row.bytes(usize::from(row.maximum)));
        }
    }
    // Where reading stopped, a card-bearing field may begin.
    all.push(view.end()..bytes.len());
    // A bit of the bitmap may be what is wrong: then nothing names the field.
    all.extend(numbers(view).into_iter().map(|number| number.reach));
    all
}

/// Card numbers in a message whose fields do add up, in fields that should have none: two mistakes can make
/// up for each other. Digits alone look like a number too often, so its check digit must be right.
fn misplaced(view: &View<'_>) -> Vec<Range<usize>> {
    let open = |nibble: usize| {
        view.fields().any(|de| {
            let Some((row, start, units)) = view.place(de) else { return false };
            let span = start..start + row.bytes(units);
            row.sensitivity == Sensitivity::Open && span.contains(&(nibble / 2))
        })
    };
    let meant = |number: &Number| number.checks && open(number.first);
    let mut all: Vec<_> =
        numbers(view).into_iter().filter(meant).map(|number| number.reach).collect();
    // A card number of a wrong length, or a track without its separator, goes on elsewhere.
    for de in [2, 35, 36] {
        let Some((row, start, units)) = view.place(de) else { continue };
        let separated = || view.text(de).is_some_and(|text| text.contains('D'));
        let ends_here = if de == 2 { is_number(units) } else { separated() };
        if !ends_here {
            all.push(start..start + row.bytes(usize::from(row.maximum)));
        }
    }
    all
}

/// Whether a card number may be so long.
pub(super) fn is_number(digits: usize) -> bool {
    (13..=19).contains(&digits)
}

/// What looks like a card number.
struct Number {
    /// Its first nibble.
    first: usize,
    /// Whether it is there whole and its check digit is right.
    checks: bool,
    /// The bytes that it, its length, and what a track has behind it take.
    reach: Range<usize>,
}

fn numbers(view: &View<'_>) -> Vec<Number> {
    let bytes = view.bytes();
    let nibbles: Vec<u8> = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]).collect();
    let mut all = Vec::new();
    for start in view.form().offsets().1..bytes.len() {
        all.extend(announced(&nibbles, start));
        all.extend(track(&nibbles, 2 * start));
        all.extend(track(&nibbles, 2 * start + 1));
    }
    all
}

/// The digits from a nibble on.
fn digits(nibbles: &[u8], from: usize) -> usize {
    nibbles.iter().skip(from).take_while(|nibble| **nibble <= 9).count()
}

/// No card number begins otherwise.
fn begins_a_card(nibbles: &[u8], at: usize) -> bool {
    let of = |at: usize| nibbles.get(at).copied();
    match (of(at), of(at + 1)) {
        (Some(2), second) => second.is_none_or(|second| (2..=7).contains(&second)),
        (Some(3..=6 | 8 | 9), _) => true,
        _ => false,
    }
}

/// Whether the last of some digits is their check digit (ISO/IEC 7812-1).
fn checks(digits: Option<&[u8]>) -> bool {
    let doubled = |digit: u8| 2 * digit - if digit > 4 { 9 } else { 0 };
    let sum = digits.into_iter().flat_map(|digits| digits.iter().rev().enumerate()).fold(
        0u32,
        |sum, (place, digit)| {
            sum + u32::from(if place % 2 == 1 { doubled(*digit) } else { *digit })
        },
    );
    digits.is_some() && sum % 10 == 0
}

/// A length of 13 to 19, as DE2 has it, or tag 5A of chip data, and so many digits behind it.
fn announced(nibbles: &[u8], byte: usize) -> Option<Number> {
    let value = |at: usize| Some(nibbles.get(2 * at)? << 4 | nibbles.get(2 * at + 1)?);
    let (from, needed) = match value(byte)? {
        length @ 0x13..=0x19 => (byte + 1, usize::from(length - 6)),
        0x5a => match value(byte + 1)? {
            length @ 7..=10 => (byte + 2, 13.max(2 * usize::from(length) - 1)),
            _ => return None,
        },
        _ => return None,
    };
    let first = 2 * from;
    let there = digits(nibbles, first);
    let cut = first + there == nibbles.len();
    if !begins_a_card(nibbles, first) || there < needed && !cut {
        return None;
    }
    let checks = checks(nibbles.get(first..first + needed).filter(|_| there >= needed));
    Some(Number { first, checks, reach: byte..from + needed.div_ceil(2) })
}

/// A card number and the separator of a track, with what a track has behind it; or as much of one as there is
/// before the bytes end.
fn track(nibbles: &[u8], first: usize) -> Option<Number> {
    let there = digits(nibbles, first);
    let separated = is_number(there) && nibbles.get(first + there) == Some(&0x0d);
    let cut = there <= 19 && first + there == nibbles.len();
    if !begins_a_card(nibbles, first) || !(separated || cut) {
        return None;
    }
    let checks = separated && checks(nibbles.get(first..first + there));
    Some(Number { first, checks, reach: first / 2..(first + 38) / 2 })
}
