//! Minimising a plan: the smallest story that still breaks the same invariant. Works on plans, never on
//! seeds, and knows no simulation: it is handed a question, "does this plan still break it?". Because
//! draws are keyed by what things are, taking one thing out leaves the rest as it was.

mod edit;

use crate::plan::{FaultKind, Latency, Plan, Start, Task, When};
use cardstorm_models::money::Fen;
use cardstorm_models::time::Wall;
pub use edit::{without_faults, without_house, without_ops, without_terminals};

/// What came out of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest plan found.
    pub plan: Plan,
    /// How many plans were tried.
    pub replays: u32,
    /// Operations and faults before.
    pub before: (usize, usize),
}

impl Shrunk {
    /// `23 ops, 9 faults -> 2 ops, 1 fault (41 replays)`.
    pub fn summary(&self) -> String {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        format!(
            "{}, {} -> {}, {} ({})",
            count(self.before.0, "op"),
            count(self.before.1, "fault"),
            count(self.plan.ops.len(), "op"),
            count(self.plan.faults.len(), "fault"),
            count(self.replays as usize, "replay"),
        )
    }
}

struct Shrinker<'a> {
    plan: Plan,
    breaks: &'a mut dyn FnMut(&Plan) -> bool,
    replays: u32,
    budget: u32,
}

/// Shrinks a plan that breaks something, trying at most `budget` plans. Operations go first, then faults and
/// house operations, then terminals, then times, amounts and parameters; again until nothing more goes.
pub fn shrink(plan: &Plan, budget: u32, mut breaks: impl FnMut(&Plan) -> bool) -> Shrunk {
    let before = (plan.ops.len(), plan.faults.len());
    let mut shrinker = Shrinker { plan: plan.clone(), breaks: &mut breaks, replays: 0, budget };
    loop {
        let size = shrinker.size();
        shrinker.remove(|plan| plan.ops.len(), without_ops);
        shrinker.remove(|plan| plan.faults.len(), without_faults);
        shrinker.remove(|plan| plan.house.len(), without_house);
        shrinker.remove(|plan| plan.world.terminals.len(), without_terminals);
        shrinker.simplify();
        if shrinker.size() == size || shrinker.replays >= shrinker.budget {
            break;
        }
    }
    Shrunk { plan: shrinker.plan, replays: shrinker.replays, before }
}

impl Shrinker<'_> {
    /// What must go down for another round to be worth it.
    fn size(&self) -> (usize, usize, usize, usize) {
        let plan = &self.plan;
        (plan.ops.len(), plan.faults.len(), plan.house.len(), plan.world.terminals.len())
    }

    /// Takes a candidate over if it still breaks.
    fn keep_if_breaks(&mut self, candidate: Plan) -> bool {
        if candidate == self.plan || self.replays >= self.budget {
            return false;
        }
        self.replays += 1;
        let breaks = (self.breaks)(&candidate);
        if breaks {
            self.plan = candidate;
        }
        breaks
    }

    /// Removes runs of items, halving the length of the run until single items are left.
    fn remove(&mut self, count: fn(&Plan) -> usize, without: fn(&Plan, &[usize]) -> Option<Plan>) {
        let mut run = count(&self.plan);
        while run > 0 {
            let mut end = count(&self.plan);
            while end > 0 {
                let start = end.saturating_sub(run);
                let chosen: Vec<usize> = (start..end).collect();
                if let Some(candidate) = without(&self.plan, &chosen) {
                    self.keep_if_breaks(candidate);
                }
                end = start.min(count(&self.plan));
            }
            run /= 2;
        }
    }

    /// Plainer values where they do as well.
    fn simplify(&mut self) {
        self.attempt(|plan| plan.operator = Default::default());
        self.attempt(|plan| plan.seed = 1);
        let morning = jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0);
        self.attempt(|plan| plan.start = Wall::from_civil(morning));
        self.attempt(|plan| {
            let plain = Latency::Fixed { ms: 100 };
            plan.links.leg1 = plain;
            plan.links.leg2 = plain;
            plan.links.split_per_million = 0;
        });
        for n in 0..self.plan.ops.len() {
            self.attempt(|plan| {
                if let Task::Sale { amount, .. } = &mut plan.ops[n].task {
                    *amount = Fen(100_00);
                }
            });
            self.attempt(|plan| plan.ops[n].start = Start::At { ms: 10_000 + 20_000 * n as u64 });
        }
        for n in 0..self.plan.faults.len() {
            for _ in 0..8 {
                if !self.attempt(|plan| halve(&mut plan.faults[n].what)) {
                    break;
                }
            }
        }
        self.shorten();
    }

    /// The run need not be longer than its last planned thing and what may follow from it.
    fn shorten(&mut self) {
        let last = last_planned_ms(&self.plan);
        for after_ms in [60_000, 150_000, 300_000] {
            let chaos_ms = last + after_ms;
            if chaos_ms < self.plan.chaos_ms && self.attempt(|plan| plan.chaos_ms = chaos_ms) {
                return;
            }
        }
    }

    fn attempt(&mut self, change: impl FnOnce(&mut Plan)) -> bool {
        let mut candidate = self.plan.clone();
        change(&mut candidate);
        self.keep_if_breaks(candidate)
    }
}

/// The latest time that a plan names.
fn last_planned_ms(plan: &Plan) -> u64 {
    let ops = plan.ops.iter().map(|op| match op.start {
        Start::At { ms } => ms,
        Start::After { delay_ms, .. } => delay_ms,
    });
    let faults = plan.faults.iter().filter_map(|fault| match fault.when {
        When::At { ms } => Some(ms),
        _ => None,
    });
    let house = plan.house.iter().map(|house| house.at_ms);
    ops.chain(faults).chain(house).max().unwrap_or(0)
}

/// Half as long, half as wrong; never below a second or what still means something.
fn halve(what: &mut FaultKind) {
    let half = |ms: &mut u64| *ms = (*ms / 2).max(1_000);
    match what {
        FaultKind::Latency { for_ms, .. }
        | FaultKind::Partition { for_ms, .. }
        | FaultKind::BlackHole { for_ms }
        | FaultKind::ClockDrift { for_ms, .. } => half(for_ms),
        FaultKind::Delay { ms } | FaultKind::Duplicate { after_ms: ms } => half(ms),
        FaultKind::Crash { restart_after_ms, .. } => half(restart_after_ms),
        FaultKind::ClockStep { ms } | FaultKind::ClockSkew { ms } => *ms /= 2,
        FaultKind::Reset { .. } | FaultKind::Drop | FaultKind::SyncError => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Invariant, judge};
    use crate::{stage, storm};
    use cardstorm_models::party::issuer::Tombstones;
    use std::sync::Arc;

    fn breaks(plan: &Plan) -> bool {
        let plan = Arc::new(plan.clone());
        let verdicts = judge(&plan, &stage::run(&plan));
        let mut broken = verdicts.iter().filter(|verdict| verdict.violation().is_some());
        broken.any(|verdict| verdict.invariant == Invariant::DeclineMovesNothing)
    }

    /// A generated plan under which a forgetful issuer breaks an invariant.
    fn found() -> Plan {
        (0..2_000)
            .map(|seed| {
                let mut plan = storm::plan(seed, &storm::Knobs::default());
                plan.world.issuer.choices.tombstones = Tombstones::None;
                plan
            })
            .find(breaks)
            .expect("some of two thousand plans lets a reversal come first")
    }

    #[test]
    fn a_story_shrinks_to_what_breaks_it_and_always_to_the_same() {
        let plan = found();
        let shrunk = shrink(&plan, 2_000, breaks);
        assert!(breaks(&shrunk.plan), "what is left still breaks the same invariant");
        // Nothing more can go: neither one operation nor one fault.
        let smaller = |without: fn(&Plan, &[usize]) -> Option<Plan>, count: usize| {
            (0..count).any(|n| without(&shrunk.plan, &[n]).is_some_and(|plan| breaks(&plan)))
        };
        assert!(!smaller(without_ops, shrunk.plan.ops.len()), "{}", shrunk.summary());
        assert!(!smaller(without_faults, shrunk.plan.faults.len()), "{}", shrunk.summary());
        assert_eq!(shrink(&plan, 2_000, breaks).plan, shrunk.plan);
    }

    #[test]
    fn a_budget_is_kept() {
        let plan = found();
        let mut asked = 0;
        let shrunk = shrink(&plan, 3, |plan| {
            asked += 1;
            breaks(plan)
        });
        assert!(asked <= 3 && shrunk.replays == asked);
    }

    #[test]
    fn what_stands_on_an_operation_goes_with_it() {
        let plan = storm::standard(1);
        let left = without_ops(&plan, &[0]).expect("one less");
        assert_eq!(left.ops.len(), plan.ops.len() - 2, "the sale and its refund");
        let refunds = left.ops.iter().filter_map(|op| match op.task {
            Task::Refund { of, .. } => Some(of),
            Task::Sale { .. } => None,
        });
        assert_eq!(refunds.collect::<Vec<_>>(), [0, 1], "the others point where they pointed");
        assert_eq!(without_ops(&plan, &(0..plan.ops.len()).collect::<Vec<_>>()), None);
    }
}
