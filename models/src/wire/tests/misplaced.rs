//! Card numbers where no card number belongs: whatever the message, none is printed whole by a masked dump.

use super::*;
use crate::wire::number::whole;
use crate::wire::text::encode as from_texts;

/// A card number of 16 to 19 digits: its last is its check digit.
fn card_numbers() -> impl Strategy<Value = String> {
    "[3-6][0-9]{14,17}".prop_map(|digits| {
        let all = (0..10).map(|last| format!("{digits}{last}"));
        let right = |number: &String| {
            let digits: Vec<u8> = number.bytes().map(|byte| byte - b'0').collect();
            whole(&digits).any(|found| found == (0..digits.len()))
        };
        all.into_iter().find(right).expect("one digit in ten is right")
    })
}

/// The digits as characters, or as nibbles that begin in the middle of a byte or not.
fn as_bytes(number: &str, how: u8) -> Vec<u8> {
    let padded = match how {
        0 => return number.as_bytes().to_vec(),
        1 => format!("0{number}"),
        _ => number.to_owned(),
    };
    let nibbles: Vec<u8> = padded.bytes().map(|byte| byte - b'0').collect();
    nibbles.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

/// What is shown of texts, one behind the other.
fn shown_texts(dump: &str) -> String {
    let texts = ["DE37", "DE38", "DE39", "DE41", "DE42", "DE43", "DE44", "DE49", "DE54", "DE63"];
    let lines = dump.lines().filter(|line| {
        let name = line.get(7..).and_then(|rest| rest.split(' ').next());
        name.is_some_and(|name| texts.contains(&name))
    });
    lines.filter_map(|line| line.get(47..)).collect()
}

proptest! {
    #[test]
    fn a_card_number_anywhere_is_never_printed(
        message in messages(),
        number in card_numbers(),
        how in 0..3_u8,
        at: prop::sample::Index,
        over: bool,
        flips in vec((any::<prop::sample::Index>(), 0..8_u8), 0..3),
        short in 0..40_usize,
        fix_length: bool,
    ) {
        let mut bytes = frame(&message, Some(&double()));
        let piece = as_bytes(&number, how);
        let from = at.index(bytes.len());
        let to = if over { (from + piece.len()).min(bytes.len()) } else { from };
        bytes.splice(from..to, piece);
        for (at, bit) in flips {
            let index = at.index(bytes.len());
            bytes[index] ^= 1 << bit;
        }
        if fix_length {
            let length = (bytes.len() - 2) as u16;
            bytes[..2].copy_from_slice(&length.to_be_bytes());
        }
        bytes.drain(..short.saturating_sub(20).min(bytes.len()));
        let view = View::parse(&bytes);
        let dump = view.dump(true);
        prop_assert!(!dump.contains(&number), "{}", dump);
        prop_assert!(view.adds_up() || !shown_texts(&dump).contains(&number), "{}", dump);
    }

    #[test]
    fn what_a_sound_message_is_known_by_is_printed(message in messages()) {
        let bytes = frame(&message, Some(&double()));
        let view = View::parse(&bytes);
        let dump = view.dump(true);
        for de in [4, 11, 37, 41, 64] {
            let text = view.text(de).unwrap_or_default();
            prop_assert!(dump.contains(&text), "DE{}: {}", de, dump);
        }
    }
}

fn dumped(fields: &[(u8, &str)]) -> String {
    View::parse(&from_texts("0210", fields).expect("writable")).dump(true)
}

#[test]
fn a_number_inside_a_longer_run_of_digits_is_hidden_with_it() {
    let dump = dumped(&[(37, "000000000042"), (44, "0424242424242424230800")]);
    assert!(dump.contains("DE44   Additional response data     22  ********"), "{dump}");
    assert!(dump.contains("000000000042"), "{dump}");
    assert!(dump.ends_with("hidden what may be a piece of card data\n"), "{dump}");
}

#[test]
fn keys_of_the_layout_are_no_card_numbers() {
    let fields = [
        (37, "000000000042"),
        (42, "852331059980072"),
        (53, "2600000000000000"),
        (60, "22000001000600"),
        (64, "3338394233414432"),
    ];
    let dump = dumped(&fields);
    for (de, text) in fields {
        assert!(dump.contains(text), "DE{de}: {dump}");
    }
    let amex = dumped(&[(42, "378282246310005")]);
    assert!(!amex.contains("3782"), "{amex}");
}

#[test]
fn texts_of_a_broken_message_make_no_number_together() {
    let mut bytes = from_texts("0210", &[(37, "004242424242"), (38, "424242"), (41, "00000026")])
        .expect("writable");
    let whole = View::parse(&bytes).dump(true);
    assert!(whole.contains("004242424242"), "{whole}");
    bytes.pop();
    let broken = View::parse(&bytes).dump(true);
    assert!(!broken.contains("4242"), "{broken}");
}
