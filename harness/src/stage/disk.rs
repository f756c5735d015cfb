//! A party's journal as bytes on a disk. What no completed sync covers is lost or torn by a crash; a torn
//! tail is found by its checksum and left out at boot.

use crate::plan::draw::Draw;
use cardstorm_models::party::Observation;

const HEAD_BYTES: usize = 8;

/// A journal.
#[derive(Default)]
pub struct Disk {
    bytes: Vec<u8>,
    synced: usize,
    /// Facts of records not yet synced, with the offset at which their record ends.
    facts: Vec<(usize, Observation)>,
    scanned: usize,
}

impl Disk {
    /// Writes a record behind the last: length, checksum, bytes.
    pub fn append(&mut self, record: &[u8]) {
        let length = u32::try_from(record.len()).expect("records are small");
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(&crc32fast::hash(record).to_le_bytes());
        self.bytes.extend_from_slice(record);
    }

    /// What becomes true when the record before it is durable.
    pub fn fact(&mut self, fact: Observation) {
        self.facts.push((self.bytes.len(), fact));
    }

    /// Makes everything durable and hands out the facts that thereby became true.
    pub fn sync(&mut self) -> std::vec::Drain<'_, (usize, Observation)> {
        self.synced = self.bytes.len();
        self.facts.drain(..)
    }

    /// A failed sync, or a crash: of what was not synced, a drawn part survives, in order and perhaps
    /// torn within a record. Hands back how many bytes are gone.
    pub fn crash(&mut self, draw: Draw) -> u32 {
        let unsynced = self.bytes.len() - self.synced;
        let kept = usize::try_from(draw.below(unsynced as u64 + 1)).expect("below a usize");
        self.bytes.truncate(self.synced + kept);
        self.scanned = self.scanned.min(self.bytes.len());
        u32::try_from(unsynced - kept).expect("a step's records are small")
    }

    /// Forgets what is not durable, as where a restored disk never had it, or a full one no room for it.
    /// Hands back how many bytes are gone.
    pub fn lose_unsynced(&mut self) -> u32 {
        let unsynced = self.bytes.len() - self.synced;
        self.facts.clear();
        self.restore(self.synced as u64);
        u32::try_from(unsynced).expect("a step's records are small")
    }

    /// Comes back with so many of the bytes that are durable.
    pub fn restore(&mut self, bytes: u64) {
        let bytes = usize::try_from(bytes).expect("a journal fits in memory");
        assert!(bytes <= self.synced, "a backup holds what was durable once");
        self.bytes.truncate(bytes);
        self.synced = bytes;
        self.scanned = self.scanned.min(bytes);
    }

    /// How much is durable.
    pub fn synced_bytes(&self) -> u64 {
        self.synced as u64
    }

    /// The facts of records that survived a crash unsynced, and forgets the rest.
    pub fn survivors(&mut self) -> Vec<Observation> {
        let whole = self.whole_bytes();
        self.bytes.truncate(whole);
        self.synced = whole;
        self.scanned = self.scanned.min(whole);
        let facts = std::mem::take(&mut self.facts);
        facts.into_iter().filter(|(end, _)| *end <= whole).map(|(_, fact)| fact).collect()
    }

    /// Where the last whole record ends.
    fn whole_bytes(&self) -> usize {
        let mut end = self.synced;
        while let Some(next) = record_at(&self.bytes, end) {
            end = next.1;
        }
        end
    }

    /// Every record, oldest first.
    pub fn records(&self) -> impl Iterator<Item = &[u8]> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let (record, next) = record_at(&self.bytes, at)?;
            at = next;
            Some(record)
        })
    }

    /// What was appended since the last call.
    pub fn unscanned(&mut self) -> &[u8] {
        let from = std::mem::replace(&mut self.scanned, self.bytes.len());
        &self.bytes[from..]
    }
}

fn record_at(bytes: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let head = bytes.get(at..at + HEAD_BYTES)?;
    let word = |from: usize| u32::from_le_bytes(head[from..from + 4].try_into().expect("4 bytes"));
    let length = usize::try_from(word(0)).ok()?;
    let record = bytes.get(at + HEAD_BYTES..)?.get(..length)?;
    (crc32fast::hash(record) == word(4)).then_some((record, at + HEAD_BYTES + length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::draw::{Draw, Purpose};

    #[test]
    fn a_crash_keeps_what_was_synced_and_never_half_a_record() {
        let mut seen = [false; 3];
        for seed in 0..64 {
            let mut disk = Disk::default();
            disk.append(b"first");
            disk.sync();
            disk.append(b"second");
            disk.append(b"third");
            disk.crash(Draw::keyed(seed, Purpose::Tear, &[]));
            disk.survivors();
            let records: Vec<&[u8]> = disk.records().collect();
            let expected: [&[u8]; 3] = [b"first", b"second", b"third"];
            assert_eq!(records, expected[..records.len()]);
            seen[records.len() - 1] = true;
        }
        assert_eq!(seen, [true; 3], "all of it, a part, and nothing can survive");
    }
}
