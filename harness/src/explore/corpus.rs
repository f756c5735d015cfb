//! Plans that reached something new, and plans made from them. A mutant is drawn from its seed alone, given
//! the corpus of its unit: the same unit makes the same mutants everywhere.

use super::cells::Cells;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Fault, FaultKind, MessageFilter, Place, Plan, Start, When};
use crate::shrink::{without_faults, without_house, without_ops};
use std::sync::Arc;

/// Most parents that are kept; the latest are those that reached what is hard to reach.
const MOST_PARENTS: usize = 64;
/// Most faults of a mutant.
const MOST_FAULTS: usize = 12;

/// The plans of one unit that reached a cell that none before had reached.
#[derive(Default)]
pub(super) struct Corpus {
    reached: Cells,
    parents: Vec<Arc<Plan>>,
}

impl Corpus {
    /// Notes what a plan reached, and keeps it if that was new.
    pub fn note(&mut self, plan: &Arc<Plan>, cells: Cells) {
        if self.reached.lacks_some_of(cells) {
            self.reached = self.reached.and(cells);
            if self.parents.len() == MOST_PARENTS {
                self.parents.remove(0);
            }
            self.parents.push(Arc::clone(plan));
        }
    }

    /// Every other plan is a mutant, as soon as there is a parent; `fresh`, the plan of the seed itself,
    /// gives what a mutant needs from outside.
    pub fn offspring(&self, seed: u64, fresh: Plan) -> Plan {
        let draw = |n: u64| Draw::keyed(seed, Purpose::Mutant, &[n]);
        let count = self.parents.len() as u64;
        if count == 0 || draw(0).below(2) == 0 {
            return fresh;
        }
        // The later of two: what was hard to reach comes late.
        let parent = draw(1).below(count).max(draw(2).below(count));
        let parent = &self.parents[usize::try_from(parent).expect("below a length")];
        let mut mutant = Plan { seed, ..(**parent).clone() };
        for n in 0..1 + draw(3).below(3) {
            mutate(&mut mutant, &fresh, draw(10 + n));
        }
        mutant
    }
}

fn pick<T>(of: &[T], draw: Draw) -> Option<usize> {
    (!of.is_empty()).then(|| usize::try_from(draw.below(of.len() as u64)).expect("below a length"))
}

/// One change. Whatever is put in comes from a generated plan, so a mutant stays within what such a plan may
/// hold.
fn mutate(plan: &mut Plan, fresh: &Plan, draw: Draw) {
    match draw.below(8) {
        0..=2 => graft(plan, fresh, draw.fork(1)),
        3 => {
            if let Some(less) =
                pick(&plan.faults, draw.fork(1)).and_then(|n| without_faults(plan, &[n]))
            {
                *plan = less;
            }
        }
        4 => {
            if let Some(less) = pick(&plan.ops, draw.fork(1)).and_then(|n| without_ops(plan, &[n]))
            {
                *plan = less;
            }
        }
        5 => {
            if let Some(less) =
                pick(&plan.house, draw.fork(1)).and_then(|n| without_house(plan, &[n]))
            {
                *plan = less;
            }
        }
        6 => plan.links = fresh.links,
        _ => shift(plan, draw.fork(1)),
    }
}

/// A fault of another plan is added, or takes the place of one where there are many.
fn graft(plan: &mut Plan, fresh: &Plan, draw: Draw) {
    let Some(n) = pick(&fresh.faults, draw) else { return };
    let fault = fresh.faults[n].clone();
    if !fits(&fault, plan) {
        return;
    }
    match pick(&plan.faults, draw.fork(1)) {
        Some(n) if plan.faults.len() >= MOST_FAULTS => plan.faults[n] = fault,
        _ => plan.faults.push(fault),
    }
}

/// Whether every party and operation that a fault names is in a plan.
fn fits(fault: &Fault, plan: &Plan) -> bool {
    let terminals = plan.world.terminals.len();
    let place = |place: Place| match place {
        Place::Terminal(n) => usize::from(n) < terminals,
        Place::Acquirer | Place::Issuer => true,
    };
    let peer = match fault.what {
        FaultKind::Latency { peer, .. }
        | FaultKind::Partition { peer, .. }
        | FaultKind::Flap { peer, .. }
        | FaultKind::HalfOpen { peer }
        | FaultKind::Reset { peer } => place(peer),
        FaultKind::Restore { .. } => !plan.pays_again(fault.at),
        _ => true,
    };
    let named = match &fault.when {
        When::Sends { filter, .. } | When::Receives { filter, .. } => {
            let MessageFilter { peer, terminal, op, .. } = *filter;
            peer.is_none_or(place) && terminal.is_none() && op.is_none()
        }
        When::Before { terminal, op, .. } => terminal.is_none() && op.is_none(),
        When::At { .. } => true,
    };
    place(fault.at) && peer && named
}

/// A fault comes a little earlier or later: one message or step, or just after some operation begins.
fn shift(plan: &mut Plan, draw: Draw) {
    let Some(n) = pick(&plan.faults, draw) else { return };
    let begins: Vec<u64> = plan
        .ops
        .iter()
        .filter_map(|op| match op.start {
            Start::At { ms } => Some(ms),
            Start::After { .. } => None,
        })
        .collect();
    let soon = draw.fork(2).below(2_000);
    let near = pick(&begins, draw.fork(1)).map(|n| begins[n] + soon);
    let later = draw.fork(3).below(2) == 0;
    match &mut plan.faults[n].when {
        When::At { ms } => *ms = near.unwrap_or(*ms).clamp(1, plan.chaos_ms - 1),
        When::Sends { nth, .. } | When::Receives { nth, .. } | When::Before { nth, .. } => {
            *nth = if later { *nth + 1 } else { nth.saturating_sub(1).max(1) };
        }
    }
}
