//! Decimal digits in nibbles and in ASCII, eight bytes at a time. No field and no message is known here.

const NIBBLES: u64 = 0x0f0f_0f0f_0f0f_0f0f;

/// Whether all sixteen nibbles are decimal digits.
pub(crate) const fn is_decimal(word: u64) -> bool {
    // A nibble is over 9 if its eight is set together with its four or its two.
    word & ((word << 1) | (word << 2)) & 0x8888_8888_8888_8888 == 0
}

/// The nibbles that are no decimal digits: the highest bit of each.
pub(crate) const fn not_decimal(word: u128) -> u128 {
    const EIGHTS: u128 = 0x8888_8888_8888_8888_8888_8888_8888_8888;
    word & ((word << 1) | (word << 2)) & EIGHTS
}

/// The number that sixteen decimal nibbles say.
pub(crate) const fn to_number(word: u64) -> u64 {
    let pairs = ((word >> 4) & NIBBLES) * 10 + (word & NIBBLES);
    let fours = ((pairs >> 8) & 0x00ff_00ff_00ff_00ff) * 100 + (pairs & 0x00ff_00ff_00ff_00ff);
    let eights = ((fours >> 16) & 0x0000_ffff_0000_ffff) * 10_000 + (fours & 0x0000_ffff_0000_ffff);
    (eights >> 32) * 100_000_000 + (eights & 0xffff_ffff)
}

/// Up to 99999999 as eight nibbles.
#[inline]
const fn eight_nibbles(number: u32) -> u32 {
    // Halve the width three times; each step divides all lanes at once by a multiplication.
    let fours = number as u64 / 10_000 * (1 << 32) + number as u64 % 10_000;
    let hundreds = ((fours * 5243) >> 19) & 0x0000_007f_0000_007f;
    let pairs = hundreds * (1 << 16) + (fours - hundreds * 100);
    // Lanes of 16 bits now hold two digits each.
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    let bytes = tens * 16 + (pairs - tens * 10);
    let [a, _, b, _, c, _, d, _] = bytes.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Sixteen nibbles that say a number below ten to the sixteenth. More is cut off at the left.
#[inline]
pub(crate) const fn from_number(number: u64) -> u64 {
    if number < 100_000_000 {
        return eight_nibbles(number as u32) as u64;
    }
    let (high, low) = (number / 100_000_000 % 100_000_000, number % 100_000_000);
    (eight_nibbles(high as u32) as u64) << 32 | eight_nibbles(low as u32) as u64
}

/// Eight ASCII digits from eight nibbles (the low half).
const fn ascii8(nibbles: u32) -> [u8; 8] {
    let word = nibbles as u64;
    let word = (word | word << 16) & 0x0000_ffff_0000_ffff;
    let word = (word | word << 8) & 0x00ff_00ff_00ff_00ff;
    let word = (word | word << 4) & NIBBLES;
    (word | 0x3030_3030_3030_3030).to_be_bytes()
}

/// Twelve ASCII digits of a number below ten to the twelfth.
pub(crate) fn ascii12(number: u64) -> [u8; 12] {
    let word = from_number(number);
    let mut text = [0; 12];
    text[..4].copy_from_slice(&ascii8((word >> 32) as u32)[4..]);
    text[4..].copy_from_slice(&ascii8(word as u32));
    text
}

/// The number that twelve ASCII digits say, or the place of the first that is none.
pub(crate) fn from_ascii12(text: [u8; 12]) -> Result<u64, usize> {
    if !text.iter().fold(true, |all, byte| all & byte.is_ascii_digit()) {
        return Err(text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(0));
    }
    let (head, tail) = text.split_at(4);
    let head = head.iter().fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
    let tail = u64::from_be_bytes(tail.try_into().expect("eight of twelve"));
    Ok(head * 100_000_000 + from_ascii8(tail))
}

/// The number that eight ASCII digits in a word say.
const fn from_ascii8(word: u64) -> u64 {
    let pairs = ((word >> 8) & 0x000f_000f_000f_000f) * 10 + (word & 0x000f_000f_000f_000f);
    let fours = ((pairs >> 16) & 0x0000_00ff_0000_00ff) * 100 + (pairs & 0x0000_00ff_0000_00ff);
    (fours >> 32) * 10_000 + (fours & 0xffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: u64, nibbles: u64) {
        assert_eq!(from_number(number), nibbles, "{number}");
        assert_eq!(to_number(nibbles), number);
        assert!(is_decimal(nibbles));
        if number < 1_000_000_000_000 {
            assert_eq!(ascii12(number), format!("{number:012}").as_bytes());
            assert_eq!(from_ascii12(ascii12(number)), Ok(number));
        }
    }

    #[test]
    fn numbers_and_nibbles_agree() {
        check(0, 0);
        check(999_999_999_999, 0x9999_9999_9999);
        check(1_234_567_890_123_456, 0x1234_5678_9012_3456);
        check(9_999_999_999_999_999, 0x9999_9999_9999_9999);
        for number in 0..20_000_u64 {
            let number = number * 4999;
            check(number, u64::from_str_radix(&number.to_string(), 16).expect("hex"));
        }
    }

    #[test]
    fn other_nibbles_are_seen_wherever_they_stand() {
        for place in 0..16 {
            for nibble in 0..16_u64 {
                assert_eq!(is_decimal(nibble << (4 * place)), nibble < 10);
            }
        }
        assert_eq!(from_ascii12(*b"00000000:000"), Err(8));
    }
}
