//! What some units of a sweep found, as counts: fixed in size, however many plans there were. Merging is
//! the same in any order, and adding what is in already changes nothing.

use super::suspects::{Panicked, Panics, Suspect, Suspects};
use super::{CELLS, Cell, Ran, Units};
use crate::check::{Invariant, Ruling};
use crate::plan::{FAULT_NAMES, Plan};
use cardstorm_models::party::Peer;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What some units of a sweep found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Which units.
    pub units: Units,
    /// Plans in which some invariant broke.
    pub failing: u64,
    /// Plans that could not be brought to their end.
    pub broken_off: u64,
    /// Operations that began, retries and probes included.
    pub operations: u64,
    /// Simulated milliseconds.
    pub simulated_ms: u64,
    /// In how many plans each invariant held and broke, in the order of [`Invariant::ALL`].
    pub invariants: [(u64, u64); Invariant::ALL.len()],
    /// How often each kind of fault struck, in the order of [`FAULT_NAMES`].
    pub faults: [u64; FAULT_NAMES.len()],
    /// In how many plans each cell was reached, by [`Cell::number`].
    pub cells: [u64; CELLS],
    /// Failing plans by the invariant that broke first and whose rule it was.
    pub broke: BTreeMap<(Invariant, Peer), u64>,
    suspects: Suspects,
    panics: Panics,
}

/// Two reports share some units and not others: neither can be told from the other any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two reports overlap in some units and differ in others: merge unit by unit")]
pub struct Overlap;

impl Default for Report {
    fn default() -> Report {
        Report {
            units: Units::default(),
            failing: 0,
            broken_off: 0,
            operations: 0,
            simulated_ms: 0,
            invariants: Default::default(),
            faults: Default::default(),
            cells: [0; CELLS],
            broke: BTreeMap::new(),
            suspects: Suspects::default(),
            panics: Panics::default(),
        }
    }
}

impl Report {
    /// Takes one run in.
    pub(super) fn ran(&mut self, index: u64, plan: &Arc<Plan>, ran: &Ran) {
        self.operations += ran.operations;
        self.simulated_ms += plan.end_ms();
        for (sum, verdict) in self.invariants.iter_mut().zip(&ran.verdicts) {
            match verdict.ruling {
                Ruling::Held => sum.0 += 1,
                Ruling::Violated(_) => sum.1 += 1,
                Ruling::Unknown(_) => {}
            }
        }
        for (sum, count) in self.faults.iter_mut().zip(ran.faults) {
            *sum += count;
        }
        for cell in ran.cells.numbers() {
            self.cells[cell] += 1;
        }
        if let Some((invariant, blamed)) = ran.leading(plan) {
            self.failing += 1;
            *self.broke.entry((invariant, blamed)).or_default() += 1;
            let plan = Arc::clone(plan);
            self.suspects.add(Suspect { index, invariant, blamed, plan });
        }
    }

    /// Takes a plan in that could not be brought to its end.
    pub(super) fn panicked(&mut self, panicked: Panicked) {
        self.broken_off += 1;
        self.panics.add(panicked);
    }

    /// Adds what other units found.
    ///
    /// # Errors
    /// The two share some units and not others.
    pub fn merge(&mut self, other: &Report) -> Result<(), Overlap> {
        if self.units.contains(&other.units) {
            return Ok(());
        }
        if other.units.contains(&self.units) {
            *self = other.clone();
            return Ok(());
        }
        if !self.units.is_apart_from(&other.units) {
            return Err(Overlap);
        }
        self.units.add_all(&other.units);
        self.failing += other.failing;
        self.broken_off += other.broken_off;
        self.operations += other.operations;
        self.simulated_ms += other.simulated_ms;
        for (sum, more) in self.invariants.iter_mut().zip(other.invariants) {
            *sum = (sum.0 + more.0, sum.1 + more.1);
        }
        for (sum, more) in self.faults.iter_mut().zip(other.faults) {
            *sum += more;
        }
        for (sum, more) in self.cells.iter_mut().zip(other.cells) {
            *sum += more;
        }
        for (key, more) in &other.broke {
            *self.broke.entry(*key).or_default() += more;
        }
        self.suspects.merge(&other.suspects);
        self.panics.merge(&other.panics);
        Ok(())
    }

    /// How many plans were run.
    pub fn plans(&self) -> u64 {
        self.units.plans()
    }

    /// How many different things were exercised so far; a plateau is where this no longer grows.
    pub fn reached(&self) -> usize {
        let kinds = self.faults.iter().filter(|count| **count > 0).count();
        let invariants = self.invariants.iter().filter(|(held, broke)| held + broke > 0).count();
        kinds + invariants + self.cells_reached()
    }

    /// How many cells of the grid were reached.
    pub fn cells_reached(&self) -> usize {
        self.cells.iter().filter(|plans| **plans > 0).count()
    }

    /// Cells that could have been reached and were not.
    pub fn cells_missed(&self) -> impl Iterator<Item = Cell> {
        let open = Cell::all().filter(|cell| cell.out_of_reach().is_none());
        open.filter(|cell| self.cells[cell.number()] == 0)
    }

    /// How often any fault took effect.
    pub fn strikes(&self) -> u64 {
        self.faults.iter().sum()
    }

    /// Failing plans worth shrinking, the earliest of each kind, in the order of their numbers.
    pub fn suspects(&self) -> impl Iterator<Item = &Suspect> {
        self.suspects.iter()
    }

    /// Plans that could not be brought to their end: the earliest.
    pub fn panics(&self) -> impl Iterator<Item = &Panicked> {
        self.panics.iter()
    }

    /// What was never exercised: invariants that had nothing to check and faults that never struck.
    pub fn gaps(&self) -> Vec<&'static str> {
        let invariants = Invariant::ALL.into_iter().zip(self.invariants);
        let idle = invariants.filter(|(_, (held, broke))| held + broke == 0);
        let faults = FAULT_NAMES.into_iter().zip(self.faults).filter(|(_, count)| *count == 0);
        idle.map(|(invariant, _)| invariant.name()).chain(faults.map(|(name, _)| name)).collect()
    }
}
