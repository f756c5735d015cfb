//! Keyed draws. A draw is keyed by what the thing *is*, never by when it was asked for, so that taking one
//! fault out of a plan does not reshuffle the rest. SipHash-2-4 over fixed-width words; ranges by
//! multiply-high; a known-answer test holds the values.

use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// A drawn word, from which values are taken.
#[derive(Clone, Copy, Debug)]
pub struct Draw(u64);

/// What a draw is for, so that two purposes with equal keys differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// How long a hop takes.
    Latency = 1,
    /// How much of what was not synced survives a crash.
    Tear = 3,
    /// What a generated plan holds.
    Plan = 4,
    /// What a plan made from another one changes.
    Mutant = 5,
    /// What of a message is damaged.
    Damage = 6,
}

impl Draw {
    /// The draw that belongs to a purpose and these words, under a plan's seed.
    pub fn keyed(seed: u64, purpose: Purpose, words: &[u64]) -> Draw {
        let mut hasher = SipHasher24::new_with_keys(seed, purpose as u64);
        for word in words {
            hasher.write(&word.to_le_bytes());
        }
        Draw(hasher.finish())
    }

    /// All 64 bits.
    pub fn word(self) -> u64 {
        self.0
    }

    /// A number below `bound`; 0 where `bound` is 0.
    pub fn below(self, bound: u64) -> u64 {
        let product = u128::from(self.0) * u128::from(bound);
        u64::try_from(product >> 64).expect("the high half of a product of 64-bit numbers")
    }

    /// Whether an event of so many in a million happens.
    pub fn per_million(self, chance: u32) -> bool {
        self.below(1_000_000) < u64::from(chance)
    }

    /// Another draw from this one.
    pub fn fork(self, n: u64) -> Draw {
        let mut hasher = SipHasher24::new_with_keys(self.0, n);
        hasher.write_u8(0);
        Draw(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These values must never change: stored plans depend on them.
    #[test]
    fn draws_have_known_answers() {
        let draw = Draw::keyed(42, Purpose::Latency, &[1, 2, 3]);
        assert_eq!(draw.word(), 0x2cf0_3ad2_e4e0_8493);
        assert_eq!(draw.fork(7).word(), 0x9adf_94fe_b926_edee);
        assert_eq!(draw.below(1000), 175);
    }
}
