//! Failing plans kept for a closer look: the earliest of each kind, and of those no more than can be looked
//! at. Keeping the earliest makes merging the same in any order.

use crate::check::Invariant;
use crate::plan::Plan;
use cardstorm_models::party::Peer;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most kinds of failure that are kept, and most plans of each kind.
const MOST: usize = 64;
const OF_EACH: usize = 6;

/// A failing plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// Its number within the sweep.
    pub index: u64,
    /// What broke first.
    pub invariant: Invariant,
    /// Whose rule it was.
    pub blamed: Peer,
    /// The plan.
    pub plan: Arc<Plan>,
}

/// The earliest failing plans of each kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Suspects {
    kinds: BTreeMap<(Invariant, Peer), BTreeMap<u64, Suspect>>,
}

impl Suspects {
    pub fn add(&mut self, suspect: Suspect) {
        let kind = self.kinds.entry((suspect.invariant, suspect.blamed)).or_default();
        kind.insert(suspect.index, suspect);
        if kind.len() > OF_EACH {
            kind.pop_last();
        }
    }

    pub fn merge(&mut self, other: &Suspects) {
        other.kinds.values().flat_map(BTreeMap::values).for_each(|one| self.add(one.clone()));
    }

    pub fn iter(&self) -> impl Iterator<Item = &Suspect> {
        let mut all: Vec<&Suspect> = self.kinds.values().flat_map(BTreeMap::values).collect();
        all.sort_by_key(|suspect| suspect.index);
        all.into_iter().take(MOST)
    }
}

/// A plan that could not be brought to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Panicked {
    /// Its number within the sweep.
    pub index: u64,
    /// The plan; none if there was a panic before it was made.
    pub plan: Option<Arc<Plan>>,
    /// What the panic said, and where.
    pub said: String,
}

/// The earliest panics.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Panics {
    earliest: BTreeMap<u64, Panicked>,
}

impl Panics {
    pub fn add(&mut self, panicked: Panicked) {
        self.earliest.insert(panicked.index, panicked);
        if self.earliest.len() > OF_EACH {
            self.earliest.pop_last();
        }
    }

    pub fn merge(&mut self, other: &Panics) {
        other.earliest.values().for_each(|panicked| self.add(panicked.clone()));
    }

    pub fn iter(&self) -> impl Iterator<Item = &Panicked> {
        self.earliest.values()
    }
}
