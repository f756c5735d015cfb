//! Units over threads, taken in in their own order: whatever the number of threads, the sweep ends behind
//! the same unit.

use super::{Report, Sweep, Unit, unit_plans};
use crate::stage::StageError;
use rayon::ThreadPool;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;

/// When a sweep ends of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// After so many plans.
    pub plans: Option<u64>,
    /// After so many units in a row, in their own order, that reached nothing new.
    pub plateau: Option<u64>,
}

impl Limits {
    /// The unit of a number where whole ones have so many plans, if the sweep has one.
    pub fn unit(&self, number: u64, whole: u64) -> Option<Unit> {
        let first = number * whole;
        let plans = self.plans.map_or(whole, |plans| plans.saturating_sub(first).min(whole));
        (plans > 0).then_some(Unit { first, plans })
    }
}

/// What ends a sweep from outside.
#[derive(Debug, Default)]
pub struct Halt {
    /// Begin no further unit; those under way are finished.
    pub enough: AtomicBool,
    /// Break off: units under way are dropped.
    pub stop: AtomicBool,
}

impl Halt {
    fn begins_no_more(&self) -> bool {
        self.enough.load(Ordering::Relaxed) || self.stop.load(Ordering::Relaxed)
    }
}

/// Runs a sweep to its end. `seen` is called after each unit with all that is in so far.
///
/// # Errors
/// The stage refuses the plans: its tick is too coarse.
pub fn sweep(
    sweep: &Sweep<'_>,
    limits: Limits,
    pool: &ThreadPool,
    halt: &Halt,
    seen: &mut dyn FnMut(&Report),
) -> Result<Report, StageError> {
    let (next, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sender, receiver) = mpsc::channel();
    let whole = unit_plans(sweep.stage);
    let worker = |sender: mpsc::Sender<_>| {
        while !halt.begins_no_more() && !over.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(unit) = limits.unit(number, whole) else { return };
            // Nobody listens any more once the sweep is over.
            if sender.send((number, sweep.unit(unit, &halt.stop))).is_err() {
                return;
            }
        }
    };
    pool.in_place_scope(|scope| {
        for _ in 0..pool.current_num_threads() {
            let (sender, worker) = (sender.clone(), &worker);
            scope.spawn(move |_| worker(sender));
        }
        drop(sender);
        let plateau = limits.plateau.unwrap_or(u64::MAX);
        let mut intake = Intake { plateau, ..Intake::default() };
        for (number, done) in receiver {
            let done = done.inspect_err(|_| over.store(true, Ordering::Relaxed))?;
            intake.take(number, done, seen);
            if intake.is_over() {
                over.store(true, Ordering::Relaxed);
                return Ok(intake.report);
            }
        }
        Ok(intake.finish())
    })
}

/// Reports of units as they come in, and those that wait for an earlier one.
#[derive(Default)]
struct Intake {
    report: Report,
    waiting: BTreeMap<u64, Option<Report>>,
    next: u64,
    /// Units in a row that reached nothing new.
    quiet: u64,
    /// How many of those end the sweep.
    plateau: u64,
}

impl Intake {
    fn is_over(&self) -> bool {
        self.quiet >= self.plateau
    }

    /// Takes in what is next in order. What has come in behind the plateau is not counted: how much that is
    /// depends on the threads.
    fn take(&mut self, number: u64, done: Option<Report>, seen: &mut dyn FnMut(&Report)) {
        self.waiting.insert(number, done);
        while !self.is_over()
            && let Some(done) = self.waiting.remove(&self.next)
        {
            self.next += 1;
            let Some(unit) = done else { continue };
            let before = self.report.reached();
            self.report.merge(&unit).expect("each unit is taken in once");
            self.quiet = if self.report.reached() > before { 0 } else { self.quiet + 1 };
            seen(&self.report);
        }
    }

    fn finish(mut self) -> Report {
        assert!(self.waiting.is_empty(), "every unit that was begun has come in");
        self.waiting.clear();
        self.report
    }
}
