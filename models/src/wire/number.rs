//! What looks like a card number among digits: how one begins, how long it is, and its check digit
//! (ISO/IEC 7812-1). Nothing here knows of messages or fields.

use std::ops::Range;

/// The fewest digits of a card number.
pub(super) const FEWEST: usize = 13;
/// The most digits of a card number.
pub(super) const MOST: usize = 19;

/// Whether a card number may be so long.
pub(super) fn is_number(digits: usize) -> bool {
    (FEWEST..=MOST).contains(&digits)
}

/// The digits from a nibble on, counted to one more than a card number has: so a long run of them costs no
/// more than a short one.
pub(super) fn digits(nibbles: &[u8], from: usize) -> usize {
    nibbles.iter().skip(from).take(MOST + 1).take_while(|nibble| **nibble <= 9).count()
}

/// No card number begins otherwise.
pub(super) fn begins_a_card(nibbles: &[u8], at: usize) -> bool {
    let of = |at: usize| nibbles.get(at).copied();
    match (of(at), of(at + 1)) {
        (Some(2), second) => second.is_none_or(|second| (2..=7).contains(&second)),
        (Some(3..=6 | 8 | 9), _) => true,
        _ => false,
    }
}

/// Whether the last of some digits is their check digit.
pub(super) fn checks(digits: &[u8]) -> bool {
    let doubled = |digit: u8| 2 * digit - if digit > 4 { 9 } else { 0 };
    let sum = digits.iter().rev().enumerate().fold(0u32, |sum, (place, digit)| {
        sum + u32::from(if place % 2 == 1 { doubled(*digit) } else { *digit })
    });
    sum % 10 == 0
}

/// From each place on, the longest whole card number that begins there. None is one digit over and over.
pub(super) fn whole(nibbles: &[u8]) -> impl Iterator<Item = Range<usize>> + '_ {
    let longest = |first: usize| {
        let there = digits(nibbles, first).min(MOST);
        let mut lengths = (FEWEST..=there).rev();
        lengths.find(|length| {
            let digits = &nibbles[first..first + length];
            checks(digits) && digits.iter().any(|digit| *digit != digits[0])
        })
    };
    let begins = (0..nibbles.len()).filter(|first| begins_a_card(nibbles, *first));
    begins.filter_map(move |first| Some(first..first + longest(first)?))
}

/// Characters as digits; what is none stands for itself as none.
pub(super) fn of_text(text: &str) -> impl Iterator<Item = u8> + '_ {
    const NO_DIGIT: u8 = 0x0f;
    text.bytes().map(|byte| if byte.is_ascii_digit() { byte - b'0' } else { NO_DIGIT })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Range<usize>> {
        whole(&of_text(text).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn a_whole_number_is_found_where_it_stands() {
        assert_eq!(found("6200000000000005").first(), Some(&(0..16)));
        assert!(found("0424242424242424230800").contains(&(1..17)));
        assert!(found("x6200000000000005x").contains(&(1..17)));
        assert_eq!(found("6210000000000007"), []);
        assert_eq!(found("62000000 00000005"), []);
        assert_eq!(found("8888888888888888"), []);
        assert_eq!(found(""), []);
    }

    #[test]
    fn a_long_run_of_digits_is_not_counted_to_its_end() {
        let zeros = vec![0; 128 * 1024];
        assert_eq!(digits(&zeros, 0), MOST + 1);
        assert_eq!(digits(&zeros[..MOST], 0), MOST);
        assert_eq!(digits(&[1, 2, 0x0d, 3], 0), 2);
        assert_eq!(digits(&[], 5), 0);
    }
}
