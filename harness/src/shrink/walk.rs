//! The way through the smaller plans, one candidate at a time: who asks says whether the last one still
//! breaks. The shrinker and proptest's value trees both go this way.

use super::edit::{without_faults, without_house, without_ops, without_terminals};
use super::simpler::{self, Edit};
use crate::plan::Plan;

/// Removing items of one kind: how many a plan has, and the plan without some.
type Removal = (fn(&Plan) -> usize, fn(&Plan, &[usize]) -> Option<Plan>);

/// In the order in which they are tried.
const REMOVALS: [Removal; 4] = [
    (|plan| plan.ops.len(), without_ops),
    (|plan| plan.faults.len(), without_faults),
    (|plan| plan.house.len(), without_house),
    (|plan| plan.world.terminals.len(), without_terminals),
];

/// Where on the way the next candidate is made.
#[derive(Clone, Debug)]
enum Step {
    /// Of the items of a removal, those in a run that ends before `end`; runs halve until single items are
    /// left.
    Remove { kind: usize, run: usize, end: usize },
    /// Pairs of an operation or a fault with another, taken out together, the next one last.
    Pairs { left: Vec<Pair> },
    /// The edits that are left, the next one last.
    Simplify { left: Vec<Edit> },
    /// Nothing more goes.
    Over,
}

/// A plan that breaks something, and the candidate that is tried in its place.
#[derive(Clone, Debug)]
pub struct Walk {
    plan: Plan,
    candidate: Option<Plan>,
    step: Step,
    /// The plan as it was when this round began.
    round: Box<Plan>,
}

/// Two things that may go only together: a reply that is lost and the second sale that needs it, say.
#[derive(Clone, Copy, Debug)]
enum Pair {
    Ops(usize, usize),
    Faults(usize, usize),
    OpAndFault(usize, usize),
}

impl Pair {
    /// Every pair of a plan, the first to be tried last.
    fn all(plan: &Plan) -> Vec<Pair> {
        let (ops, faults) = (plan.ops.len(), plan.faults.len());
        let two = |count: usize| (0..count).flat_map(move |n| (n + 1..count).map(move |m| (n, m)));
        let mut all: Vec<Pair> = two(ops).map(|(n, m)| Pair::Ops(n, m)).collect();
        all.extend(two(faults).map(|(n, m)| Pair::Faults(n, m)));
        all.extend((0..ops).flat_map(|n| (0..faults).map(move |m| Pair::OpAndFault(n, m))));
        all
    }

    fn of(self, plan: &Plan) -> Option<Plan> {
        match self {
            Pair::Ops(n, m) if m < plan.ops.len() => without_ops(plan, &[n, m]),
            Pair::Faults(n, m) if m < plan.faults.len() => without_faults(plan, &[n, m]),
            Pair::OpAndFault(n, m) if n < plan.ops.len() && m < plan.faults.len() => {
                // The fault first: its number is still what it was.
                without_ops(&without_faults(plan, &[m])?, &[n])
            }
            Pair::Ops(..) | Pair::Faults(..) | Pair::OpAndFault(..) => None,
        }
    }
}

impl Walk {
    /// At the beginning: the plan itself, which breaks.
    pub fn new(plan: &Plan) -> Walk {
        let plan = plan.clone();
        let (step, round) = (Walk::removal(&plan, 0), Box::new(plan.clone()));
        Walk { plan, candidate: None, step, round }
    }

    /// What is tried now; the smallest plan that broke once nothing more is tried.
    pub fn current(&self) -> &Plan {
        self.candidate.as_ref().unwrap_or(&self.plan)
    }

    /// The smallest plan so far that broke.
    pub fn smallest(&self) -> &Plan {
        &self.plan
    }

    /// Takes in whether the current plan breaks, and goes on to the next candidate, if there is one.
    pub fn next(&mut self, breaks: bool) -> bool {
        if let Some(candidate) = self.candidate.take() {
            self.settle(candidate, breaks);
        }
        loop {
            let candidate = match &self.step {
                Step::Over => return false,
                Step::Remove { kind, run, end } => {
                    let chosen: Vec<usize> = (end.saturating_sub(*run)..*end).collect();
                    REMOVALS[*kind].1(&self.plan, &chosen)
                }
                Step::Pairs { left } => left.last().and_then(|pair| pair.of(&self.plan)),
                Step::Simplify { left } => left.last().and_then(|edit| edit.of(&self.plan)),
            };
            match candidate.filter(|candidate| *candidate != self.plan) {
                Some(candidate) => {
                    self.candidate = Some(candidate);
                    return true;
                }
                None => self.advance(false),
            }
        }
    }

    fn settle(&mut self, candidate: Plan, breaks: bool) {
        if breaks {
            self.plan = candidate;
        }
        self.advance(breaks);
    }

    /// Goes on behind the candidate that was just made, taken over or not.
    fn advance(&mut self, taken: bool) {
        match &mut self.step {
            Step::Over => {}
            Step::Remove { kind, run, end } => {
                let (kind, count) = (*kind, REMOVALS[*kind].0(&self.plan));
                *end = end.saturating_sub(*run).min(count);
                if *end == 0 {
                    (*run, *end) = (*run / 2, count);
                }
                if *run == 0 || *end == 0 {
                    self.step = match kind + 1 {
                        next if next < REMOVALS.len() => Walk::removal(&self.plan, next),
                        _ => self.pairs(),
                    };
                }
            }
            Step::Pairs { left } => {
                left.pop();
                if left.is_empty() {
                    self.step = Step::Simplify { left: simpler::edits(&self.plan) };
                }
            }
            Step::Simplify { left } => {
                let done = left.pop();
                left.extend(done.and_then(|edit| edit.again(taken)));
                if left.is_empty() {
                    self.next_round();
                }
            }
        }
    }

    /// Another round is worth it only if this one changed something: plainer values may let more go.
    fn next_round(&mut self) {
        let same = *self.round == self.plan;
        self.step = if same { Step::Over } else { Walk::removal(&self.plan, 0) };
        self.round.as_mut().clone_from(&self.plan);
    }

    fn pairs(&self) -> Step {
        match Pair::all(&self.plan) {
            none if none.is_empty() => Step::Simplify { left: simpler::edits(&self.plan) },
            mut left => {
                left.reverse();
                Step::Pairs { left }
            }
        }
    }

    fn removal(plan: &Plan, kind: usize) -> Step {
        let count = REMOVALS[kind].0(plan);
        Step::Remove { kind, run: count, end: count }
    }
}
