//! What may be shown of a message that people look at: all of it where its fields add up, by the table of
//! sensitivities. Where they do not, any field may really be a piece of another, so a value is hidden
//! wherever card data may reach: behind the start of every card-bearing field that the bitmap names, and
//! wherever the bytes look like a card number that it does not name. And whatever a message looks like, no
//! value is shown that has a whole card number in it. It fails closed.

use super::field::{Encoding, FIELDS, Sensitivity};
use super::kind::KINDS;
use super::mask::{HIDDEN, mask};
use super::mti::Mti;
use super::number::{FEWEST, MOST, begins_a_card, checks, digits, is_number, of_text, whole};
use super::view::View;
use std::ops::Range;

/// Which fields of a message may be pieces of card data.
pub(super) struct Suspect {
    /// The data elements that show nothing; the bit of DE1 is the highest.
    hidden: u64,
    /// Those among them that would be shown if the fields added up.
    doubtful: u64,
    /// Whether each field stands where it seems to.
    adds_up: bool,
}

const fn bit(de: u8) -> u64 {
    1 << (64 - de)
}

impl Suspect {
    pub fn of(view: &View<'_>) -> Suspect {
        let adds_up = view.adds_up();
        let mut suspect = Suspect { hidden: 0, doubtful: 0, adds_up };
        let known = view.mti().and_then(Mti::from_bcd);
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
        suspect.printed(view);
        suspect
    }

    /// Hides every value that, as it would be printed, has a whole card number in it, and, where the fields
    /// do not add up, texts that have one together.
    fn printed(&mut self, view: &View<'_>) {
        let (mut together, mut ends) = (Vec::new(), Vec::new());
        for de in view.fields() {
            let Some(text) = view.text(de).filter(|_| self.hidden & bit(de) == 0) else { continue };
            if has_number(de, &mask(de, &text), self.adds_up) {
                self.hide(de);
            } else if view.place(de).is_some_and(|(row, ..)| row.encoding == Encoding::Text) {
                together.extend(of_text(&text));
                ends.push((together.len(), de));
            }
        }
        if self.adds_up {
            return;
        }
        for number in whole(&together) {
            let mut start = 0;
            for (end, de) in &ends {
                if start < number.end && number.start < *end {
                    self.hide(*de);
                }
                start = *end;
            }
        }
    }

    fn hide(&mut self, de: u8) {
        self.hidden |= bit(de);
        self.doubtful |= bit(de);
    }

    /// Whether what stands before the fields may be a piece of card data: it may if the fields do not add up
    /// and there are digits enough.
    pub fn head(&self, text: &str) -> bool {
        !self.adds_up && whole(&of_text(text).collect::<Vec<_>>()).next().is_some()
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

/// Whether a value, as it would be printed, has a whole card number in it. What a field holds by its own
/// layout is not taken for one, so that keys stay readable:
///
/// * DE42 of a message that adds up is a merchant's fifteen digits, unless they are a whole number of a
///   scheme with so few;
/// * DE53 is three digits and zeros;
/// * DE60 is a transaction type and a batch number that begins with 0;
/// * DE64 is eight hexadecimal characters (flows 12), each printed as two digits.
fn has_number(de: u8, text: &str, adds_up: bool) -> bool {
    let nibbles: Vec<u8> = of_text(text).collect();
    let mut numbers = whole(&nibbles);
    let typed = || {
        let code = text.get(..2).and_then(|code| code.parse::<u8>().ok());
        KINDS.iter().any(|row| Some(row.codes.2) == code) && nibbles.get(2) == Some(&0)
    };
    match de {
        42 if adds_up => {
            let scheme = nibbles.starts_with(&[3, 4]) || nibbles.starts_with(&[3, 7]);
            scheme && numbers.any(|number| number == (0..nibbles.len()))
        }
        53 if nibbles.iter().skip(3).all(|nibble| *nibble == 0) => false,
        64 if nibbles.chunks(2).all(|pair| matches!(pair, [3, 0..=9] | [4, 1..=6])) => false,
        60 if typed() => numbers.any(|number| number.start > 0),
        _ => numbers.next().is_some(),
    }
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
    // What no field covers is not shown.
    for start in view.form().offsets().1..view.end().min(bytes.len()) {
        all.extend(announced(&nibbles, start));
        all.extend(track(&nibbles, 2 * start));
        all.extend(track(&nibbles, 2 * start + 1));
    }
    all
}

/// A length of 13 to 19, as DE2 has it, or tag 5A of chip data, and so many digits behind it.
fn announced(nibbles: &[u8], byte: usize) -> Option<Number> {
    let value = |at: usize| Some(nibbles.get(2 * at)? << 4 | nibbles.get(2 * at + 1)?);
    let (from, needed) = match value(byte)? {
        length @ 0x13..=0x19 => (byte + 1, usize::from(length - 6)),
        0x5a => match value(byte + 1)? {
            length @ 7..=10 => (byte + 2, FEWEST.max(2 * usize::from(length) - 1)),
            _ => return None,
        },
        _ => return None,
    };
    let first = 2 * from;
    if !begins_a_card(nibbles, first) {
        return None;
    }
    let there = digits(nibbles, first);
    let cut = first + there == nibbles.len();
    if there < needed && !cut {
        return None;
    }
    let checks = there >= needed && checks(&nibbles[first..first + needed]);
    Some(Number { first, checks, reach: byte..from + needed.div_ceil(2) })
}

/// A card number and the separator of a track, with what a track has behind it; or as much of one as there is
/// before the bytes end.
fn track(nibbles: &[u8], first: usize) -> Option<Number> {
    if !begins_a_card(nibbles, first) {
        return None;
    }
    let there = digits(nibbles, first);
    let separated = is_number(there) && nibbles.get(first + there) == Some(&0x0d);
    let cut = there <= MOST && first + there == nibbles.len();
    if !(separated || cut) {
        return None;
    }
    let checks = separated && checks(&nibbles[first..first + there]);
    Some(Number { first, checks, reach: first / 2..(first + 38) / 2 })
}
