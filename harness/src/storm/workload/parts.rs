//! Sales that are approved in part, and what becomes of the rest (flows 8): another card pays it, or what
//! of it that card has; or nobody can, and the part is given back; or it is paid, and one of the two tenders
//! is taken back after all. On top of the other work and drawn apart from it, so that it moves nothing else.

use super::{Work, payers};
use crate::plan::{Entry, Op, Start, Task};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::Outcome;

/// The first of the items that draw them.
const FIRST: u64 = 4_000;

impl Work<'_> {
    pub(super) fn parts(&mut self) {
        let tills = self.world.terminals.iter().enumerate();
        let tills: Vec<usize> =
            tills.filter(|(_, at)| at.partial_approval).map(|(n, _)| n).collect();
        if tills.is_empty() {
            return;
        }
        for n in 0..self.dice.range(FIRST, 0, 1, 2) {
            let till = self.dice.pick(FIRST + 1 + n, 1, &tills);
            self.part(FIRST + 1 + n, u16::try_from(till).expect("few terminals"));
        }
    }

    /// A sale of more than its card has, and what follows on it at its own till.
    fn part(&mut self, n: u64, till: u16) {
        let cards = payers(self.world);
        let card = self.dice.pick(n, 4, &cards);
        let most = self.available(card).max(Fen(1));
        let amount = most + Fen(self.dice.small(n, 7, 1, 200_00));
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let of = self.number();
        let sale = self.sale_at(n, till, ms, card, amount);
        let intent = sale.task.intent().expect("a sale has its purchase");
        self.ops.push(sale);
        let rest = self.number();
        let paid_by = self.dice.pick(n, 20, &cards);
        let pin = self.world.issuer.cards[paid_by as usize].pin;
        let task = Task::Rest { of, intent, card: paid_by, pin, entry: Entry::Chip };
        self.after(n, 21, till, of, Some(Outcome::Ok), task);
        match self.dice.range(n, 22, 0, 5) {
            // The customer has no other means: what was paid is given back.
            0 | 1 => {
                let task = Task::Void { of, amount: None, card };
                self.after(n, 23, till, rest, Some(Outcome::Failed), task);
            }
            // A third card, for what the second left.
            2 => {
                let other = self.dice.pick(n, 24, &cards);
                let pin = self.world.issuer.cards[other as usize].pin;
                let task = Task::Rest { of: rest, intent, card: other, pin, entry: Entry::Chip };
                self.after(n, 25, till, rest, Some(Outcome::Ok), task);
            }
            // One of the tenders is taken back, and the purchase keyed once more.
            3 => {
                let (of, card) =
                    if self.dice.one_in(n, 26, 2) { (of, card) } else { (rest, paid_by) };
                let task = Task::Void { of, amount: None, card };
                let void = self.number();
                self.after(n, 27, till, rest, None, task);
                let again = self.ops[of as usize].task.clone();
                if matches!(again, Task::Sale { .. }) {
                    self.after(n, 28, till, void, None, again);
                }
            }
            // More is asked back than was taken, or just some of it.
            4 => {
                let amount = Fen(self.dice.small(n, 29, 1, amount.0.unsigned_abs()));
                let task = Task::Refund { of, amount, card };
                self.after(n, 30, till, rest, None, task);
            }
            // A hurried cashier keys the whole purchase again beside it.
            _ => {
                let again = self.ops[of as usize].task.clone();
                self.after(n, 31, till, of, None, again);
            }
        }
    }

    fn number(&self) -> u32 {
        u32::try_from(self.ops.len()).expect("few operations")
    }

    /// An operation at the same till once another has ended.
    fn after(
        &mut self,
        n: u64,
        aspect: u64,
        terminal: u16,
        op: u32,
        outcome: Option<Outcome>,
        task: Task,
    ) {
        let delay_ms = self.dice.range(n, aspect, 0, 20_000);
        self.ops.push(Op { terminal, start: Start::After { op, outcome, delay_ms }, task });
    }
}
