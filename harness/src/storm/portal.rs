//! What merchants do at their portal and holders at their bank, on top of the cashiers' work and drawn apart
//! from it, so that it moves nothing else: refunds of sales that the tills refund, void or reverse at the
//! same time (B90), and disputes of what is paid, given back or in doubt (B83).

use super::{Dice, Knobs, Mask};
use crate::plan::{Death, Fault, FaultKind, Op, Place, Start, Task, When};
use cardstorm_models::money::Fen;

/// The portal's part of a plan in the making.
pub(super) struct Portal<'a> {
    pub dice: Dice,
    pub mask: Mask,
    pub knobs: &'a Knobs,
}

impl Portal<'_> {
    /// Adds what merchants enter, in about half of all plans with anything to give back.
    pub fn refunds(&self, ops: &mut Vec<Op>) {
        if !self.mask.on(41, 0) {
            return;
        }
        let paid: Vec<u32> =
            (0u32..).zip(ops.iter()).filter_map(|(n, op)| paid(&op.task).map(|_| n)).collect();
        if paid.is_empty() {
            return;
        }
        for n in 0..self.dice.range(0, 0, 1, 3) {
            let of = self.sale(n, ops, &paid);
            let refund = self.refund(n, ops, of);
            ops.push(refund);
        }
    }

    /// Adds debits that holders dispute, in about half of all plans: mostly one that a till or the portal
    /// gives back too, some time before or after.
    pub fn disputes(&self, ops: &mut Vec<Op>) {
        let paid: Vec<u32> =
            (0u32..).zip(ops.iter()).filter_map(|(n, op)| paid(&op.task).map(|_| n)).collect();
        if paid.is_empty() || !self.mask.on(41, 1) {
            return;
        }
        for n in 10..self.dice.range(1, 0, 11, 12) {
            let of = self.sale(n, ops, &paid);
            let sold = &ops[of as usize];
            let amount = self::paid(&sold.task).expect("it is a payment");
            let card = sold.task.card().expect("a card pays");
            let since = ops.iter().filter(|op| op.task.of() == Some(of)).chain([sold]);
            let since_ms = since.filter_map(at_ms).max().unwrap_or(10_000);
            let ms = match self.dice.range(n, 3, 0, 2) {
                // While it may still be under way.
                0 => since_ms + self.dice.range(n, 4, 500, 15_000),
                1 => since_ms.saturating_sub(self.dice.range(n, 4, 0, 10_000)),
                _ => since_ms + self.dice.range(n, 4, 5_000, 90_000),
            };
            let start = Start::At { ms: ms.clamp(1_000, self.knobs.chaos_ms - 1) };
            ops.push(Op { terminal: sold.terminal, start, task: Task::Dispute { card, amount } });
        }
    }

    /// Now and then the acquirer dies over one of them, so that the merchant enters it again.
    pub fn faults(&self, ops: &[Op], faults: &mut Vec<Fault>) {
        let entered = (0u32..).zip(ops).filter(|(_, op)| op.task.desk().is_some());
        for (n, _) in entered.filter(|(n, _)| self.dice.one_in(u64::from(*n), 6, 4)) {
            let item = u64::from(n);
            let restart_after_ms = self.dice.range(item, 7, 200, 30_000);
            let death = self.dice.pick(item, 8, &[Death::Kill, Death::PowerLoss]);
            let effect = self.dice.pick(item, 9, &STEPS).to_owned();
            let (terminal, stan, op, nth) = (None, None, Some(n), 1);
            let what = FaultKind::Crash { death, restart_after_ms };
            let when = When::Before { effect, terminal, stan, op, nth };
            faults.push(Fault { at: Place::Acquirer, what, when });
        }
    }

    /// Mostly a sale that a till gives back too; else any.
    fn sale(&self, n: u64, ops: &[Op], paid: &[u32]) -> u32 {
        let given_back = ops.iter().filter_map(|op| match op.task {
            Task::Refund { of, .. } | Task::Void { of, .. } | Task::PortalRefund { of, .. } => {
                Some(of).filter(|of| paid.contains(of))
            }
            _ => None,
        });
        let given_back: Vec<u32> = given_back.collect();
        let raced = !given_back.is_empty() && !self.dice.one_in(n, 1, 4);
        self.dice.pick(n, 2, if raced { &given_back } else { paid })
    }

    /// Close to what a till does with the sale, where one does anything; a part, the whole, or a fen too
    /// much.
    fn refund(&self, n: u64, ops: &[Op], of: u32) -> Op {
        let sold = &ops[of as usize];
        let whole = paid(&sold.task).expect("it is a payment");
        let begun = |op: &Op| match op.start {
            Start::At { ms } => ms,
            Start::After { delay_ms, op: other, .. } => match ops[other as usize].start {
                Start::At { ms } => ms + delay_ms,
                Start::After { .. } => delay_ms,
            },
        };
        let rival = ops.iter().filter(|op| op.task.of() == Some(of)).map(begun).next_back();
        let ms = match rival {
            Some(ms) => (ms + self.dice.range(n, 3, 0, 20_000)).saturating_sub(10_000),
            None => begun(sold) + self.dice.range(n, 3, 10_000, 120_000),
        };
        let most = whole.0.unsigned_abs().max(1);
        let amount = match self.dice.range(n, 4, 0, 5) {
            0 | 1 => whole,
            2 => whole + Fen(1),
            3 => Fen(self.dice.small(n, 5, most / 2 + most % 2, most)),
            _ => Fen(self.dice.small(n, 5, 1, most)),
        };
        let start = Start::At { ms: ms.clamp(1_000, self.knobs.chaos_ms - 1) };
        Op { terminal: sold.terminal, start, task: Task::PortalRefund { of, amount } }
    }
}

/// When an operation that begins at a time does.
fn at_ms(op: &Op) -> Option<u64> {
    match op.start {
        Start::At { ms } => Some(ms),
        Start::After { .. } => None,
    }
}

/// Steps of a portal's refund or of a chargeback, from its record to what the desk sees and the bank is told.
const STEPS: [&str; 5] =
    ["append refund accepted", "sync", "show screen", "print slip", "send 0220"];

/// What a payment asks for; nothing where the operation is none.
fn paid(task: &Task) -> Option<Fen> {
    match *task {
        Task::Sale { amount, .. } | Task::Completion { amount, .. } => Some(amount),
        _ => None,
    }
}
