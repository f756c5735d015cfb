//! Minimising a plan: the smallest story that still breaks the same invariant. Works on plans, never on
//! seeds, and knows no simulation: it is handed a question, "does this plan still break it?". Because
//! draws are keyed by what things are, taking one thing out leaves the rest as it was.

mod edit;
mod simpler;
mod walk;

use crate::plan::Plan;
pub use edit::{without_faults, without_house, without_ops, without_terminals};
pub use walk::Walk;

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

/// Shrinks a plan that breaks something, trying at most `budget` plans. Operations go first, then faults and
/// house operations, then terminals, then two at once, then times, amounts and parameters go back to what is
/// plain; again, until nothing changes any more.
pub fn shrink(plan: &Plan, budget: u32, breaks: impl FnMut(&Plan) -> bool) -> Shrunk {
    shrink_until(plan, budget, || false, breaks)
}

/// The same until somebody asks to stop: then what is the smallest so far comes back.
pub fn shrink_until(
    plan: &Plan,
    budget: u32,
    stop: impl Fn() -> bool,
    mut breaks: impl FnMut(&Plan) -> bool,
) -> Shrunk {
    let before = (plan.ops.len(), plan.faults.len());
    let (mut walk, mut replays) = (Walk::new(plan), 0);
    let mut more = walk.next(true);
    while more && replays < budget && !stop() {
        replays += 1;
        let broke = breaks(walk.current());
        more = walk.next(broke);
    }
    Shrunk { plan: walk.smallest().clone(), replays, before }
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
        let refunds = left.ops.iter().filter_map(|op| op.task.of());
        assert_eq!(refunds.collect::<Vec<_>>(), [0, 1], "the others point where they pointed");
        assert_eq!(without_ops(&plan, &(0..plan.ops.len()).collect::<Vec<_>>()), None);
    }
}
