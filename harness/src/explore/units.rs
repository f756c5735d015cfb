//! Which units a report stands for.

use crate::examine::Stage;
use std::collections::BTreeMap;
use std::ops::Range;

/// Plans in a whole unit in virtual time.
pub const UNIT: u64 = 256;

/// Plans in a whole unit on the other stages, where one plan takes as long as hundreds do in virtual time:
/// a unit is to be through in seconds everywhere.
pub const SLOW_UNIT: u64 = 16;

/// Plans in a whole unit on a stage.
pub fn unit_plans(stage: Stage) -> u64 {
    match stage {
        Stage::Virtual => UNIT,
        Stage::Turmoil { .. } | Stage::TurmoilNative => SLOW_UNIT,
    }
}

/// One unit: where it begins in its sweep, and how many plans it has. Only the last one of a sweep has fewer
/// than [`unit_plans`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Number of its first plan within the sweep; 0 is the first.
    pub first: u64,
    /// At least 1.
    pub plans: u64,
}

impl Unit {
    /// The whole unit of a number in virtual time; 0 is the first.
    pub fn whole(number: u64) -> Unit {
        Unit { first: number * UNIT, plans: UNIT }
    }

    /// The numbers of its plans within the sweep.
    pub fn indices(self) -> Range<u64> {
        self.first..self.first + self.plans
    }
}

/// A set of units, kept as ranges of plans: however long the sweep, there are few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    /// First plan to one behind the last.
    ranges: BTreeMap<u64, u64>,
    /// How many units.
    count: u64,
}

impl Units {
    /// Adds one unit.
    ///
    /// # Panics
    /// If some of its plans are there already.
    pub fn add(&mut self, unit: Unit) {
        let Range { start, end } = unit.indices();
        self.add_range(start, end);
        self.count += 1;
    }

    fn add_range(&mut self, mut start: u64, mut end: u64) {
        assert!(!self.touches(start, end), "plans {start} to {end} are there already");
        if let Some((before, to)) = self.ranges.range(..start).next_back().map(|(a, b)| (*a, *b))
            && to == start
        {
            self.ranges.remove(&before);
            start = before;
        }
        if let Some(to) = self.ranges.remove(&end) {
            end = to;
        }
        self.ranges.insert(start, end);
    }

    fn touches(&self, start: u64, end: u64) -> bool {
        self.ranges.range(..end).next_back().is_some_and(|(_, to)| *to > start)
    }

    fn holds(&self, start: u64, end: u64) -> bool {
        self.ranges.range(..=start).next_back().is_some_and(|(_, to)| *to >= end)
    }

    /// Whether every plan of another set is in this one.
    pub fn contains(&self, other: &Units) -> bool {
        other.ranges.iter().all(|(start, end)| self.holds(*start, *end))
    }

    /// Whether no plan is in both.
    pub fn is_apart_from(&self, other: &Units) -> bool {
        !other.ranges.iter().any(|(start, end)| self.touches(*start, *end))
    }

    /// Adds a set that is apart from this one.
    pub fn add_all(&mut self, other: &Units) {
        for (start, end) in &other.ranges {
            self.add_range(*start, *end);
        }
        self.count += other.count;
    }

    /// How many plans there are.
    pub fn plans(&self) -> u64 {
        self.ranges.iter().map(|(start, end)| end - start).sum()
    }

    /// How many units there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Whether these are the first units of a sweep, with none left out: then their number of plans alone
    /// makes them again.
    pub fn are_the_first(&self) -> bool {
        self.ranges.is_empty() || (self.ranges.len() == 1 && self.ranges.contains_key(&0))
    }

    /// The ranges of plans, the last one of each included.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> {
        self.ranges.iter().map(|(start, end)| (*start, end - 1))
    }
}
