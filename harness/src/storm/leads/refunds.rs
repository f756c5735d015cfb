//! Refunds of which an answer is lost on either leg, refunds to an account that was closed meanwhile, and
//! refunds of more than was completed. All need something paid that a later message has confirmed, takings to
//! pay from, and a policy that lets it happen.

use super::{Leads, Story, sends};
use crate::plan::{FaultKind, Op, Place, PlannedHouseOp, Start, Task, World};
use cardstorm_models::clearing::policy::RefundPolicy;
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::{AccountState, RepeatedAdvice};
use cardstorm_models::wire::Mti;

impl Leads<'_> {
    /// Takings to pay refunds from, no policy against them, and often a bank that says 94 to what it knows.
    pub(super) fn refundable(&self, world: &mut World) {
        for merchant in &mut world.acquirer.merchants {
            merchant.opening_unsettled = Fen(500_00);
            if let Some(contract) = &mut merchant.contract {
                contract.refunds = RefundPolicy { fee: contract.refunds.fee, ..Default::default() };
            }
        }
        if self.dice.one_in(14, 0, 2) {
            world.issuer.choices.repeated_advice = RepeatedAdvice::Answer94;
        }
    }
}

impl Story<'_> {
    /// A sale and the next one, which confirms it; when that is through, in milliseconds.
    fn confirmed_sale(&mut self) -> (Fen, u64) {
        let (amount, first_ms) = (self.small_amount(90), self.leads.first_ms());
        self.sale(self.till, first_ms, amount);
        let next_ms = first_ms + self.dice.range(14, 1, 6_000, 12_000);
        self.sale(self.till, next_ms, self.small_amount(91));
        (amount, next_ms + self.dice.range(14, 2, 6_000, 12_000))
    }

    fn refund(&mut self, ms: u64, amount: Fen) {
        let task = Task::Refund { of: 0, amount, card: self.card };
        self.ops.push(Op { terminal: self.till, start: Start::At { ms }, task });
    }

    /// Half of the sale or less comes back, so that the sale would bear a second refund as large; the
    /// terminal does not hear that it was accepted, or the acquirer that it was credited, or neither.
    pub(super) fn refund_told_again(&mut self) {
        let (amount, ms) = self.confirmed_sale();
        let part = self.dice.small(14, 3, 1, amount.0.unsigned_abs() / 2);
        self.refund(ms, Fen(part));
        let lost = self.dice.range(14, 4, 0, 3);
        if lost != 1 {
            self.fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0230, 1));
        }
        if lost != 0 {
            self.fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0230, 1));
        }
    }

    /// A completion of less than was pre-authorised is confirmed by the next sale, and then more is asked
    /// back than it took, up to what was pre-authorised.
    pub(super) fn refund_beyond_completion(&mut self) {
        let (dice, ms) = (self.dice, self.leads.first_ms());
        let amount = self.small_amount(98);
        let pin = self.world.issuer.cards[self.card as usize].pin;
        let (terminal, card) = (self.till, self.card);
        let task = Task::PreAuth { amount, card, pin };
        self.ops.push(Op { terminal, start: Start::At { ms }, task });
        let taken = dice.small(14, 8, 1, amount.0.unsigned_abs() - 1);
        let completed_ms = ms + dice.range(14, 9, 6_000, 12_000);
        let task = Task::Completion { of: 0, intent: 2, amount: Fen(taken), card };
        self.ops.push(Op { terminal, start: Start::At { ms: completed_ms }, task });
        let next_ms = completed_ms + dice.range(14, 10, 6_000, 12_000);
        self.sale(terminal, next_ms, self.small_amount(99));
        let more: i64 = dice.small(14, 11, 1, (amount.0 - taken).unsigned_abs());
        let start = Start::At { ms: next_ms + dice.range(14, 12, 6_000, 30_000) };
        let task = Task::Refund { of: 1, amount: Fen(taken + more), card };
        self.ops.push(Op { terminal, start, task });
    }

    /// The holder has left the bank when the goods come back.
    pub(super) fn refund_to_closed(&mut self) {
        let (amount, ms) = self.confirmed_sale();
        let account = self.world.issuer.cards[self.card as usize].account;
        let op = HouseOp::AccountState { account, state: AccountState::Closed };
        self.house.push(PlannedHouseOp { at_ms: ms, op });
        let part = self.dice.small(14, 5, 1, amount.0.unsigned_abs());
        let back = if self.dice.one_in(14, 6, 2) { amount } else { Fen(part) };
        self.refund(ms + self.dice.range(14, 7, 1_000, 30_000), back);
    }
}
