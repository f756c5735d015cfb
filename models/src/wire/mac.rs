//! The UnionPay ECB MAC of DE64 (flows 12). It folds, so it cannot see two equal changes one block apart
//! (soundness 24). No result is ever remembered, and no message layout is known here.

use super::key::MacKey;

const HEX: [[u8; 2]; 256] = {
    let (mut table, mut byte) = ([[0; 2]; 256], 0);
    let digits = b"0123456789ABCDEF";
    while byte < 256 {
        table[byte] = [digits[byte >> 4], digits[byte & 15]];
        byte += 1;
    }
    table
};

/// A byte as two upper-case hex characters.
pub(crate) const fn hex_byte(byte: u8) -> [u8; 2] {
    HEX[byte as usize]
}

/// Four bytes as eight hex characters, in a word.
fn hex_word(half: u32) -> u64 {
    let [a, b, c, d] = half.to_be_bytes().map(hex_byte);
    u64::from_be_bytes([a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]])
}

/// All blocks of eight bytes folded into one; the last is filled with zero bytes.
pub fn fold(data: &[u8]) -> u64 {
    let (blocks, rest) = data.as_chunks::<8>();
    // Lanes keep bytes in memory order, so the swap to big-endian is done once.
    let folded = blocks.iter().fold(0, |sum, block| sum ^ u64::from_ne_bytes(*block));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    u64::from_be_bytes(folded.to_ne_bytes()) ^ u64::from_be_bytes(last)
}

/// The MAC of MTI..DE63 as sent (no prefix, TPDU, header): eight ASCII hex characters, which are DE64.
pub fn ecb_mac(key: &MacKey, data: &[u8]) -> [u8; 8] {
    let folded = fold(data);
    let first = key.schedule.encrypt(hex_word((folded >> 32) as u32));
    let second = key.schedule.encrypt(first ^ hex_word(folded as u32));
    hex_word((second >> 32) as u32).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, data: &[u8], folded: u64, mac: &[u8; 8]) {
        let key = MacKey::new(&key.parse().expect("a key"));
        assert_eq!(fold(data), folded);
        assert_eq!(&ecb_mac(&key, data), mac);
    }

    #[test]
    fn short_data_is_filled_with_zero_bytes() {
        check("0123456789ABCDEF", b"12345678ABCDEFGH1", 0x4170_7070_7070_7070, b"98A4989A");
    }

    #[test]
    fn equal_changes_one_block_apart_are_not_seen() {
        let key = MacKey::new(&"0123456789ABCDEF".parse().expect("a key"));
        let mut data = *b"an amount here, and another one.";
        let before = ecb_mac(&key, &data);
        data[1] ^= 0x10;
        assert_ne!(ecb_mac(&key, &data), before);
        data[9] ^= 0x10;
        assert_eq!(ecb_mac(&key, &data), before);
    }
}
