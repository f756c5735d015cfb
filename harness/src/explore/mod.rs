//! Exploration: many plans, judged, counted, and what breaks handed back small. A sweep is a set of units
//! that know nothing of each other: a range of seeds, run in order, with a corpus of its own. Their
//! reports merge in any order to the same report, so that a sweep may be spread over threads or machines.
//! Nothing here prints, writes a file or looks at a clock.

mod cells;
mod corpus;
mod coverage;
mod drive;
mod finding;
mod report;
mod story;
mod suspects;
#[cfg(test)]
mod tests;
mod units;

pub use cells::{CELLS, Cell, Cells, End, Exchange, Point};
pub use coverage::Coverage;
pub use drive::{Halt, Limits, sweep};
pub use finding::{Confirmed, Finding, SHRINK_BUDGET, confirm, findings, shrink_one};
pub use report::{Overlap, Report};
pub use story::{STORM, names, story};
pub use suspects::{Panicked, Suspect};
pub use units::{SLOW_UNIT, UNIT, Unit, Units, unit_plans};

use corpus::Corpus;

use crate::check::{Invariant, Judge, Verdict};
use crate::examine::{Stage, perform};
use crate::guard::guarded;
use crate::history::{Event, What};
use crate::plan::{FAULT_NAMES, Plan};
use crate::stage::{self, StageError};
use cardstorm_models::party::Peer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is explored: where plans come from, and what carries them.
pub struct Sweep<'a> {
    /// Seed of the first plan; the n-th plan has this plus n.
    pub base: u64,
    /// What carries the runs.
    pub stage: Stage,
    /// Seed to plan. Must give the same plan for the same seed.
    pub generate: &'a (dyn Fn(u64) -> Plan + Sync),
    /// Whether plans that reach something new become parents of others within their unit.
    pub mutants: bool,
}

/// What one run showed.
pub struct Ran {
    /// The verdicts, in the order of [`Invariant::ALL`].
    pub verdicts: Vec<Verdict>,
    /// How often each kind of fault struck, in the order of [`FAULT_NAMES`].
    pub faults: [u64; FAULT_NAMES.len()],
    /// How many operations began, retries and probes included.
    pub operations: u64,
    /// What it reached.
    pub cells: Cells,
}

impl Ran {
    /// The broken invariant whose first offence is the earliest, and whose rule it was.
    pub fn leading(&self, plan: &Plan) -> Option<(Invariant, Peer)> {
        let broken = self.verdicts.iter().filter_map(|verdict| {
            let violation = verdict.violation()?;
            Some((violation.first, verdict.invariant, violation.blamed))
        });
        let (_, invariant, blamed) = broken.min_by_key(|(first, ..)| *first)?;
        Some((invariant, plan.peer(plan.node(blamed))))
    }
}

/// Watches a history go by.
struct Watch {
    judge: Judge,
    coverage: Coverage,
    faults: [u64; FAULT_NAMES.len()],
    operations: u64,
}

impl Watch {
    fn new(plan: &Arc<Plan>) -> Watch {
        Watch {
            judge: Judge::new(plan),
            coverage: Coverage::new(plan),
            faults: [0; FAULT_NAMES.len()],
            operations: 0,
        }
    }

    fn event(&mut self, plan: &Plan, event: &Event) {
        self.judge.event(event);
        self.coverage.event(event);
        match event.what {
            What::Fault { fault } => self.faults[plan.faults[fault as usize].what.number()] += 1,
            What::OpBegins { .. } => self.operations += 1,
            _ => {}
        }
    }

    fn finish(self) -> Ran {
        let (faults, operations, cells) = (self.faults, self.operations, self.coverage.cells());
        Ran { verdicts: self.judge.finish(), faults, operations, cells }
    }
}

/// Runs one plan and judges it. In virtual time nothing of the history is kept.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn run(plan: &Arc<Plan>, stage: Stage) -> Result<Ran, StageError> {
    let mut watch = Watch::new(plan);
    match stage {
        Stage::Virtual => stage::run_with(plan, |event| watch.event(plan, event)),
        Stage::Turmoil { .. } | Stage::TurmoilNative => {
            perform(plan, stage)?.iter().for_each(|event| watch.event(plan, event));
        }
    }
    Ok(watch.finish())
}

impl Sweep<'_> {
    /// The seed of the n-th plan.
    pub fn seed(&self, index: u64) -> u64 {
        self.base.wrapping_add(index)
    }

    /// The n-th plan: that of its seed, or one made from a plan of the corpus.
    fn plan(&self, index: u64, corpus: &Corpus) -> Plan {
        let seed = self.seed(index);
        let fresh = (self.generate)(seed);
        if self.mutants { corpus.offspring(seed, fresh) } else { fresh }
    }

    /// Explores one unit. Nothing comes back if it was broken off: half a unit is none.
    ///
    /// # Errors
    /// The stage refuses every plan: its tick is too coarse.
    pub fn unit(&self, unit: Unit, stop: &AtomicBool) -> Result<Option<Report>, StageError> {
        let (mut report, mut corpus) = (Report::default(), Corpus::default());
        for index in unit.indices() {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let plan = match guarded(|| self.plan(index, &corpus)) {
                Ok(plan) => Arc::new(plan),
                Err(said) => {
                    report.panicked(Panicked { index, plan: None, said });
                    continue;
                }
            };
            match guarded(|| run(&plan, self.stage)) {
                Ok(Ok(ran)) => {
                    report.ran(index, &plan, &ran);
                    corpus.note(&plan, ran.cells);
                }
                Ok(Err(error @ StageError::TickTooCoarse { .. })) => return Err(error),
                Ok(Err(error @ StageError::Simulation(_))) => {
                    report.panicked(Panicked { index, plan: Some(plan), said: error.to_string() });
                }
                Err(said) => report.panicked(Panicked { index, plan: Some(plan), said }),
            }
        }
        report.units.add(unit);
        Ok(Some(report))
    }
}
