//! The person at a desk of an institution's: the merchant at its portal with the acquirer. Sans-IO like the
//! cashier. What is asked here crosses no line; while the system is down the desk waits, and what it has not
//! seen answered it asks again under the same number.

use crate::history::{Asked, What};
use crate::plan::{Place, Plan, Start, Task};
use cardstorm_models::ids::Stan;
use cardstorm_models::party::desk::DeskOp;
use cardstorm_models::party::{Observation, OpRef, SlipData};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// A desk.
pub struct Desk {
    plan: Arc<Plan>,
    /// Planned beginnings, latest first, so that the next is popped.
    planned: Vec<(u64, u32)>,
    queue: VecDeque<u32>,
    /// What was asked and not yet answered.
    current: Option<DeskOp>,
    /// Whether it must be asked again.
    again: bool,
    /// Slips that were brought here.
    slips: BTreeMap<u32, SlipData>,
}

impl Desk {
    /// The desk at a place, if the plan has anything for it.
    pub fn at(plan: &Arc<Plan>, place: Place) -> Option<Desk> {
        let here = (0u32..).zip(&plan.ops).filter(|(_, op)| op.task.desk() == Some(place));
        let planned = here.filter_map(|(n, op)| match op.start {
            Start::At { ms } => Some((ms, n)),
            Start::After { .. } => None,
        });
        let mut planned: Vec<(u64, u32)> = planned.collect();
        planned.sort_unstable_by(|a, b| b.cmp(a));
        (!planned.is_empty()).then(|| Desk {
            plan: Arc::clone(plan),
            planned,
            queue: VecDeque::new(),
            current: None,
            again: false,
            slips: BTreeMap::new(),
        })
    }

    /// When something is next to be asked.
    pub fn next_due_ms(&self) -> Option<u64> {
        self.planned.last().map(|(ms, _)| *ms)
    }

    /// Moves what is due into the queue.
    pub fn look_at_clock(&mut self, now_ms: u64) {
        while let Some((_, op)) = self.planned.pop_if(|(ms, _)| *ms <= now_ms) {
            self.queue.push_back(op);
        }
    }

    /// Somebody came with a slip.
    pub fn slip_arrives(&mut self, op: OpRef, slip: SlipData) {
        self.slips.insert(op.op, slip);
    }

    /// The system is back after a stop: what it was asked and has not answered is asked once more.
    pub fn system_is_back(&mut self) {
        self.again = self.current.is_some();
    }

    /// What is asked next, if anything is: what to tell the history, unless it is said already, and what to
    /// ask, unless it can't be.
    pub fn next(&mut self) -> Option<(Option<What>, Option<DeskOp>)> {
        if std::mem::take(&mut self.again) {
            return Some((None, self.current));
        }
        if self.current.is_some() {
            return None;
        }
        let number = self.queue.pop_front()?;
        let op = OpRef { op: number, attempt: 0 };
        let planned = &self.plan.ops[number as usize];
        let Task::PortalRefund { of, amount } = planned.task else {
            unreachable!("only what is asked at a desk is planned here")
        };
        let Some(slip) = self.slips.get(&of) else {
            return Some((Some(What::OpSkipped { op }), None));
        };
        let entry = &self.plan.world.acquirer.terminals[usize::from(planned.terminal)];
        let asked = DeskOp::PortalRefund {
            op,
            merchant: entry.merchant,
            number: Stan(number % Stan::MAX.0 + 1),
            original_rrn: slip.rrn,
            amount,
        };
        self.current = Some(asked);
        let what = What::OpBegins { op, asked: Asked::PortalRefund { of }, amount };
        Some((Some(what), Some(asked)))
    }

    /// Takes in what is shown.
    pub fn sees(&mut self, seen: &Observation) {
        let Some(DeskOp::PortalRefund { op: current, .. }) = self.current else { return };
        if matches!(seen, Observation::Ended { op, .. } if *op == current) {
            self.current = None;
        }
    }
}
