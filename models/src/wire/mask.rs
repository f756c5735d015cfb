//! What may be shown of a field. It fails closed: whatever the table does not call open is hidden, and a
//! hidden value leaves no trace of its length or content. Nothing here can be undone.

use super::field::{FIELDS, Sensitivity};

/// What stands for a value that is not shown.
pub const HIDDEN: &str = "********";

/// The showable form of a field's text. A data element outside 1 to 64 is unknown, hence hidden.
pub fn mask(de: u8, text: &str) -> String {
    let row = usize::from(de).checked_sub(1).and_then(|index| FIELDS.get(index));
    match row.map_or(Sensitivity::Secret, |row| row.sensitivity) {
        Sensitivity::Open => text.to_owned(),
        Sensitivity::Pan => mask_pan(text),
        Sensitivity::Secret => HIDDEN.to_owned(),
    }
}

/// First six and last four digits of a card number; hidden altogether if it is none.
pub fn mask_pan(text: &str) -> String {
    let right = (13..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !right {
        return HIDDEN.to_owned();
    }
    let (head, rest) = text.split_at(6);
    let (middle, tail) = rest.split_at(rest.len() - 4);
    format!("{head}{}{tail}", "*".repeat(middle.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(de: u8, text: &str, shown: &str) {
        assert_eq!(mask(de, text), shown, "DE{de}");
    }

    #[test]
    fn card_numbers_show_ten_digits() {
        check(2, "6200000000000005", "620000******0005");
        check(2, "6212345678901234567", "621234*********4567");
        check(2, "620000000005", HIDDEN);
        check(2, "62000000000000000005", HIDDEN);
        check(2, "620000000000A005", HIDDEN);
    }

    #[test]
    fn secrets_and_unknown_fields_are_hidden() {
        for de in [0, 34, 35, 36, 45, 46, 47, 48, 52, 55, 56, 57, 58, 59, 62, 65, 128, 255] {
            check(de, "6200000000000005", HIDDEN);
            check(de, "", HIDDEN);
        }
    }

    #[test]
    fn open_fields_are_shown() {
        check(4, "000000000001", "000000000001");
        check(39, "00", "00");
    }
}
