//! A card as a record may hold it: number and expiry under a key that never leaves the terminal
//! (soundness 22). Track, PIN block and CVN are not in it and cannot be got back from it.

use super::card::{CardData, Pan};
use super::key::{DesKey, Schedule};
use crate::ids::{Batch, Stan};
use crate::time::YearMonth;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Number and expiry of a card, encrypted: what a refund's repeat shows after a restart (soundness 14).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedCard([u8; 16]);

/// The key that seals cards in a terminal's journal. It is made of the terminal master key and used for
/// nothing else, so a new sign-on does not change it.
pub struct StorageKey(Schedule);

impl StorageKey {
    /// Computes the key and its schedule.
    pub fn of(master: &DesKey) -> StorageKey {
        let schedule = Schedule::new(master);
        let mut bytes = *b"records1records2";
        Schedule::each_block(&mut bytes, |word| schedule.encrypt(word));
        StorageKey(Schedule::new(&DesKey::Double(bytes)))
    }

    /// Encrypts number and expiry in CBC. Batch and STAN make the first block, so one card looks
    /// different in every record.
    pub fn seal(&self, card: &CardData, batch: Batch, stan: Stan) -> SealedCard {
        let (pan, expiry) = (card.pan(), card.expiry());
        let mut clear = [0; 16];
        clear[..pan.packed().len()].copy_from_slice(pan.packed());
        clear[13] = u8::try_from(pan.len()).expect("at most 19 digits");
        (clear[14], clear[15]) = (expiry.year, expiry.month);
        let [head, tail] = words(clear);
        let head = self.0.encrypt(head ^ self.start(batch, stan));
        let tail = self.0.encrypt(tail ^ head);
        SealedCard(bytes(head, tail))
    }

    /// The card again, as keyed in: number and expiry. `None` if it was sealed under another key, or for
    /// another batch or STAN, as far as that can be told.
    pub fn open(&self, sealed: SealedCard, batch: Batch, stan: Stan) -> Option<CardData> {
        let [head, tail] = words(sealed.0);
        let clear_head = self.0.decrypt(head) ^ self.start(batch, stan);
        let clear = bytes(clear_head, self.0.decrypt(tail) ^ head);
        let digits = usize::from(clear[13]);
        let pan = Pan::from_packed(clear.get(..digits.div_ceil(2))?, digits)?;
        let expiry = YearMonth { year: clear[14], month: clear[15] };
        let sense = (1..=12).contains(&expiry.month) && expiry.year <= 99;
        sense.then_some(CardData::Keyed { pan, expiry })
    }

    fn start(&self, batch: Batch, stan: Stan) -> u64 {
        self.0.encrypt(u64::from(batch.0) << 32 | u64::from(stan.0))
    }
}

fn words(bytes: [u8; 16]) -> [u64; 2] {
    let (words, _) = bytes.as_chunks::<8>();
    [u64::from_be_bytes(words[0]), u64::from_be_bytes(words[1])]
}

fn bytes(head: u64, tail: u64) -> [u8; 16] {
    (u128::from(head) << 64 | u128::from(tail)).to_be_bytes()
}

impl fmt::Debug for SealedCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedCard")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::card::Track2;

    fn check(pan: &str) {
        let master = DesKey::from_hex("0123456789ABCDEFFEDCBA9876543210").expect("a key");
        let key = StorageKey::of(&master);
        let pan: Pan = pan.parse().expect("a card number");
        let expiry = YearMonth { year: 31, month: 5 };
        let read = CardData::Magstripe { track2: Track2::new(pan, expiry, 201) };
        let sealed = key.seal(&read, Batch(1), Stan(7));
        let keyed = CardData::Keyed { pan, expiry };
        assert_eq!(key.open(sealed, Batch(1), Stan(7)), Some(keyed));
        assert_eq!(key.seal(&keyed, Batch(1), Stan(7)), sealed, "the way it was read is not kept");
        assert_ne!(key.seal(&read, Batch(1), Stan(8)), sealed);
        assert_ne!(key.seal(&read, Batch(2), Stan(7)), sealed);
        assert_ne!(key.open(sealed, Batch(1), Stan(8)), Some(keyed));
        let other = StorageKey::of(&DesKey::Double(*b"another terminal"));
        assert_ne!(other.open(sealed, Batch(1), Stan(7)), Some(keyed));
        let holds = |part: &[u8]| sealed.0.windows(part.len()).any(|window| window == part);
        assert!(!holds(&pan.packed()[..4]), "no digits in the clear");
    }

    #[test]
    fn a_sealed_card_opens_at_its_own_terminal_only() {
        for pan in ["6200000000000", "6200000000000005", "6212345678901234567"] {
            check(pan);
        }
    }
}
