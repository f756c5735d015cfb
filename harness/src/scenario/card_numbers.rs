//! Card numbers where none belongs. A story's cards have their numbers in the `pan` of their own table; in a
//! title, a name, a comment or any other place a number would go on to screens, reports and folders.

use super::sink::{At, Sink};
use super::walk::Table;
use crate::plan::Plan;
use toml::de::DeValue;

/// How long a run of digits is, single blanks and dashes between them included.
pub(crate) fn run_of_digits(chars: &[char]) -> usize {
    let mut length = 0;
    while let Some(next) = chars.get(length) {
        let joins = length > 0
            && matches!(next, ' ' | '-')
            && chars.get(length + 1).is_some_and(char::is_ascii_digit);
        if !next.is_ascii_digit() && !joins {
            break;
        }
        length += 1;
    }
    length
}

/// Whether the last of some digits is the check digit of those before it (ISO/IEC 7812-1).
fn checks(digits: &str) -> bool {
    let value = |place: usize, digit: u32| match (place % 2, 2 * digit) {
        (0, _) => digit,
        (_, doubled @ 10..) => doubled - 9,
        (_, doubled) => doubled,
    };
    let digits = digits.chars().rev().filter_map(|digit| digit.to_digit(10));
    digits.enumerate().map(|(place, digit)| value(place, digit)).sum::<u32>().is_multiple_of(10)
}

/// Every run of 13 to 19 digits with a right check digit, or that is one of these numbers: where it stands.
fn numbers(text: &str, known: &[String]) -> Vec<At> {
    let places: Vec<(usize, char)> = text.char_indices().collect();
    let chars: Vec<char> = places.iter().map(|(_, char)| *char).collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let run = run_of_digits(&chars[at..]);
        let digits: String = chars[at..at + run].iter().filter(|c| c.is_ascii_digit()).collect();
        let long = (13..=19).contains(&digits.len());
        if long && (checks(&digits) || known.contains(&digits)) {
            found.push(places[at].0..places[at + run - 1].0 + 1);
        }
        at += run.max(1);
    }
    found
}

/// Where the numbers of the story's own cards stand.
fn own(root: &Table<'_, '_>) -> Vec<At> {
    let Some(DeValue::Table(cards)) = root.raw("card").map(|cards| cards.get_ref()) else {
        return Vec::new();
    };
    let pan = |card: &DeValue<'_>| match card {
        DeValue::Table(keys) => {
            keys.iter().find(|(key, _)| key.get_ref() == "pan").map(|(_, value)| value.span())
        }
        _ => None,
    };
    cards.iter().filter_map(|(_, card)| pan(card.get_ref())).collect()
}

/// Refuses every card number that stands elsewhere than in the `pan` of a card, the name of the file
/// included.
pub(super) fn none_elsewhere(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    plan: &Plan,
    name: &str,
    text: &str,
) {
    let mut digits = [0; 19];
    let cards = plan.world.issuer.cards.iter();
    let known: Vec<String> = cards.map(|card| card.pan.digits(&mut digits).to_owned()).collect();
    let hint = "give a card its number as `pan` in [card.NAME], and call it by that name elsewhere";
    let own = own(root);
    for at in numbers(text, &known) {
        if own.iter().any(|own| own.start <= at.start && at.end <= own.end) {
            continue;
        }
        let message = "a card number stands where it would be shown or kept";
        sink.error(&at, message, "expected no card number").hint = Some(hint.to_owned());
    }
    if !numbers(name, &known).is_empty() {
        let message = "the name of this file holds a card number";
        sink.error(&(0..0), message, "expected a file of another name").hint =
            Some("name the file by what happens in it".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        numbers(text, &["6200000000000006".to_owned()]).into_iter().map(|at| &text[at]).collect()
    }

    #[test]
    fn numbers_with_a_right_check_digit_are_found_however_they_are_written() {
        assert_eq!(found("# 6200000000000005 is hers"), ["6200000000000005"]);
        assert_eq!(found("卡 6200 0000-0000 0005。"), ["6200 0000-0000 0005"]);
        assert_eq!(
            found("4539578763621486, 378282246310005"),
            ["4539578763621486", "378282246310005"]
        );
        // No check digit, and yet one of the story's own.
        assert_eq!(found("6200000000000006"), ["6200000000000006"]);
        for plain in ["6200000000000007", "100.00", "2026-03-02T09:00:00", "123456789012", ""] {
            assert_eq!(found(plain), [""; 0], "{plain}");
        }
    }
}
