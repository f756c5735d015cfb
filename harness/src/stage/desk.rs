//! The person at a desk of an institution's: the merchant at its portal with the acquirer, the holder at the
//! issuer's counter, and who brings the issuer's chargebacks to the acquirer. Sans-IO like the cashier. What
//! is asked here crosses no line; while the system is down the desk waits, and what it has not seen answered
//! it asks again under the same number.

use crate::history::{Asked, What};
use crate::plan::{NodeId, Place, Plan, Start, Task};
use crate::stage::operator::Walk;
use cardstorm_models::ids::{Batch, Stan};
use cardstorm_models::party::desk::DeskOp;
use cardstorm_models::party::{Observation, OpRef, SlipData};
use cardstorm_models::time::MonthDay;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Milliseconds until a claim that could not be ruled on is brought again.
const AGAIN_MS: u64 = 30_000;

/// A desk.
pub struct Desk {
    plan: Arc<Plan>,
    /// Where the issuer's chargebacks go.
    acquirer: NodeId,
    /// Planned beginnings, latest first, so that the next is popped.
    planned: Vec<(u64, u32)>,
    queue: VecDeque<u32>,
    /// What was asked and not yet answered.
    current: Option<DeskOp>,
    /// Whether it must be asked again.
    again: bool,
    /// Slips that were brought here; of a dispute, what is claimed.
    slips: BTreeMap<u32, SlipData>,
}

impl Desk {
    /// The desk at a place, if the plan has anything for it.
    pub fn at(plan: &Arc<Plan>, place: Place) -> Option<Desk> {
        let own = |task: &Task| task.desk() == Some(place);
        let claims = place == Place::Acquirer;
        let comes = |task: &Task| own(task) || claims && matches!(task, Task::Dispute { .. });
        if !plan.ops.iter().any(|op| comes(&op.task)) {
            return None;
        }
        let here = (0u32..).zip(&plan.ops).filter(|(_, op)| own(&op.task));
        let planned = here.filter_map(|(n, op)| match op.start {
            Start::At { ms } => Some((ms, n)),
            Start::After { .. } => None,
        });
        let mut planned: Vec<(u64, u32)> = planned.collect();
        planned.sort_unstable_by(|a, b| b.cmp(a));
        Some(Desk {
            plan: Arc::clone(plan),
            acquirer: plan.node(Place::Acquirer),
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

    /// Somebody came with a slip, or with what the issuer claims.
    pub fn slip_arrives(&mut self, op: OpRef, slip: SlipData) {
        self.slips.insert(op.op, slip);
        if matches!(self.plan.ops[op.op as usize].task, Task::Dispute { .. }) {
            self.queue.push_back(op.op);
        }
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
        let n = self.queue.pop_front()?;
        let (op, number) = (OpRef { op: n, attempt: 0 }, Stan(n % Stan::MAX.0 + 1));
        let planned = &self.plan.ops[n as usize];
        let slip = self.slips.get(&n).copied();
        let (begins, ask) = match (planned.task.clone(), slip) {
            (Task::PortalRefund { of, amount }, _) => {
                let Some(slip) = self.slips.get(&of) else {
                    return Some((Some(What::OpSkipped { op }), None));
                };
                let entry = &self.plan.world.acquirer.terminals[usize::from(planned.terminal)];
                let (merchant, original_rrn) = (entry.merchant, slip.rrn);
                let ask = DeskOp::PortalRefund { op, merchant, number, original_rrn, amount };
                (Some((Asked::PortalRefund { of }, amount)), ask)
            }
            (Task::Dispute { .. }, Some(SlipData { rrn: original_rrn, amount, .. })) => {
                (None, DeskOp::Chargeback { op, number, original_rrn, amount })
            }
            (Task::Dispute { card, amount }, None) => {
                (Some((Asked::Dispute { card }, amount)), DeskOp::Dispute { op, card, amount })
            }
            (other, _) => unreachable!("{other:?} is asked at no desk"),
        };
        self.current = Some(ask);
        let what = begins.map(|(asked, amount)| What::OpBegins { op, asked, amount });
        Some((what, Some(ask)))
    }

    /// Takes in what is shown. Hands back what must be taken to another desk.
    pub fn sees(&mut self, now_ms: u64, seen: &Observation) -> Option<Walk> {
        let current = self.current.map(|ask| ask.op())?;
        match *seen {
            Observation::Ended { op, .. } if op == current => self.current = None,
            Observation::ClaimWaits { op, .. } if op == current => {
                self.current = None;
                self.planned.push((now_ms + AGAIN_MS, op.op));
                self.planned.sort_unstable_by(|a, b| b.cmp(a));
            }
            Observation::Disputed { op, rrn, amount } if op == current => {
                self.current = None;
                let (date, batch, stan, auth) = (MonthDay::default(), Batch(1), Stan(1), None);
                let slip = SlipData { rrn, date, batch, stan, auth, amount };
                return Some(Walk { op, slip, to: self.acquirer });
            }
            _ => {}
        }
        None
    }
}
