//! What stories never write: keys and card numbers, made from numbers, the same in every run.

use crate::plan::draw::{Draw, Purpose};
use cardstorm_models::wire::card::Pan;
use cardstorm_models::wire::key::DesKey;

/// What a key is for.
#[derive(Clone, Copy)]
pub(super) enum KeyUse {
    Master = 1,
    ZoneMac = 2,
    ZonePin = 3,
}

/// A double-length key of odd parity, the same in every story.
pub(super) fn key(purpose: KeyUse, n: u64) -> DesKey {
    let half = |part: u64| {
        let word = Draw::keyed(0, Purpose::Plan, &[purpose as u64, n, part]).word();
        let odd = |byte: u8| byte & 0xfe | u8::from((byte >> 1).count_ones().is_multiple_of(2));
        word.to_be_bytes().map(odd)
    };
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&half(0));
    bytes[8..].copy_from_slice(&half(1));
    DesKey::Double(bytes)
}

/// First six digits of the test range of debit cards.
pub(super) const DEBIT_BIN: u32 = 620_001;
/// First six digits of the test range of every other card.
pub(super) const CREDIT_BIN: u32 = 620_000;

/// A card number of a test range, with a right check digit; different for each number.
pub(super) fn test_pan(bin: u32, n: u32) -> Pan {
    let serial = Draw::keyed(0, Purpose::Plan, &[4, u64::from(n)]).below(1_000_000);
    let digits = format!("{bin:06}{serial:06}{:03}", n % 1000);
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let digit = |c: char| c.to_digit(10).expect("digits");
    let sum: u32 = digits
        .chars()
        .map(digit)
        .enumerate()
        .map(|(place, digit)| if place.is_multiple_of(2) { doubled(digit) } else { digit })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10).parse().expect("16 digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_differ_and_check() {
        let mut seen = std::collections::BTreeSet::new();
        for n in 0..1001 {
            let pan = test_pan(CREDIT_BIN, n);
            assert_eq!(pan.len(), 16);
            let sum: u32 = (0..16)
                .map(|place| (place, u32::from(pan.digit(place))))
                .map(|(place, d)| if place % 2 == 0 { d * 2 / 10 + d * 2 % 10 } else { d })
                .sum();
            assert_eq!(sum % 10, 0);
            seen.insert(pan);
        }
        assert!(seen.len() >= 1000);
    }
}
