//! The workload: purchases with realistic and with boundary amounts, at ordinary times and in a rush;
//! purchases keyed twice; voids; money set apart and then taken, or not; refunds, partial, full, too high
//! and racing each other; contended accounts; and what institutions do in between. Which kinds of these a
//! plan holds is the seed's swarm mask.

mod parts;

use super::{Dice, Knobs, Mask, world::payers};
use crate::plan::{Entry, Op, PlannedHouseOp, Start, Task, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::{AccountState, CardState};
use cardstorm_models::party::observe::Outcome;

/// Kinds of work beside a plain sale.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A refund of an earlier sale.
    Refund,
    /// Two refunds of one sale within seconds.
    RefundRace,
    /// A purchase that is already under way or paid is keyed again.
    Again,
    /// Money comes in, and is spent at once.
    TopUpAndSpend,
    /// What is left on an account is spent at once, by whichever of its cards.
    SpendTheRest,
    /// The merchant's takings are paid out just before a refund.
    SweepAndRefund,
}

const KINDS: [Kind; 6] = [
    Kind::Refund,
    Kind::RefundRace,
    Kind::Again,
    Kind::TopUpAndSpend,
    Kind::SpendTheRest,
    Kind::SweepAndRefund,
];

/// Prices that shops print on labels, in fen.
const PRICES: [i64; 8] = [9_90, 19_90, 29_00, 49_90, 88_00, 99_00, 199_00, 299_00];

/// The work of a plan in the making.
pub(super) struct Work<'a> {
    dice: Dice,
    knobs: &'a Knobs,
    world: &'a World,
    kinds: Vec<Kind>,
    /// Whether sales are taken back.
    voids: bool,
    /// Whether money is set apart before it is taken.
    holds: bool,
    /// All sales begin within so many milliseconds from this one.
    hours: (u64, u64),
    ops: Vec<Op>,
    house: Vec<PlannedHouseOp>,
}

impl Work<'_> {
    /// Nothing to do yet.
    pub fn new<'a>(dice: Dice, mask: Mask, knobs: &'a Knobs, world: &'a World) -> Work<'a> {
        let kinds = mask.subset(20, &KINDS);
        let open_ms = (500, knobs.chaos_ms * 3 / 4);
        let rush_ms = (open_ms.1 / 4, (open_ms.1 / 4 + 20_000).min(open_ms.1));
        let hours = if dice.one_in(21, 0, 4) { rush_ms } else { open_ms };
        let (voids, holds) = (mask.on(40, 0), mask.on(40, 1));
        Work { dice, knobs, world, kinds, voids, holds, hours, ops: Vec::new(), house: Vec::new() }
    }

    /// What cashiers and what institutions do.
    pub fn all(mut self) -> (Vec<Op>, Vec<PlannedHouseOp>) {
        let count = self.dice.range(0, 0, 2, u64::from(self.knobs.ops));
        for n in 1..=count {
            let room = count - self.ops.len() as u64;
            if room == 0 {
                break;
            }
            let kind = (!self.kinds.is_empty() && self.dice.range(n, 2, 0, 99) < 40)
                .then(|| self.dice.pick(n, 11, &self.kinds));
            match kind {
                Some(Kind::Refund) => self.refund(n),
                Some(Kind::RefundRace) if room >= 3 => self.refund_race(n),
                Some(Kind::Again) => self.again(n),
                Some(Kind::TopUpAndSpend) => self.top_up_and_spend(n),
                Some(Kind::SpendTheRest) if room >= 2 => self.spend_the_rest(n),
                Some(Kind::SweepAndRefund) if room >= 2 => self.sweep_and_refund(n),
                _ => self.sale(n),
            }
        }
        self.institutions();
        if self.voids {
            self.voids();
        }
        if self.holds {
            for n in 0..self.dice.range(3_000, 0, 1, 3) {
                self.hold(3_001 + n);
            }
        }
        if self.world.issuer.partial_approval {
            self.parts();
        }
        (self.ops, self.house)
    }

    fn terminal(&self, n: u64) -> u16 {
        let terminals = self.world.terminals.len() as u64;
        self.dice.small(n, 1, 0, terminals - 1)
    }

    /// Balance and limit of a card's account when the run begins.
    fn available(&self, card: u32) -> Fen {
        let issuer = &self.world.issuer;
        let account = &issuer.accounts[issuer.cards[card as usize].account as usize];
        account.opening + account.credit_limit
    }

    fn amount(&self, n: u64, card: u32) -> Fen {
        let available = self.available(card);
        let drawn = |low, high| self.dice.small::<i64>(n, 7, low, high);
        let amount = match self.dice.range(n, 6, 0, 19) {
            0 => Fen(1),
            1 => available,
            2 => available + Fen(1),
            3 => self.world.issuer.sale_limit.unwrap_or(Fen(2_000_00)),
            4 => self.world.issuer.sale_limit.unwrap_or(Fen(2_000_00)) + Fen(1),
            5 => Fen(drawn(300_00, 3_000_00)),
            6..=9 => Fen(self.dice.pick(n, 7, &PRICES)),
            _ => Fen(drawn(5_00, 120_00)),
        };
        amount.max(Fen(1))
    }

    fn sale_at(&self, n: u64, terminal: u16, ms: u64, card: u32, amount: Fen) -> Op {
        let pin = self.world.issuer.cards[card as usize].pin.map(|right| {
            let slip_of_the_finger = "000000".parse().expect("six digits are a PIN");
            if self.dice.one_in(n, 8, 6) { slip_of_the_finger } else { right }
        });
        let entry = self.dice.pick(n, 9, &[Entry::Chip, Entry::Magstripe, Entry::Keyed]);
        // Purchases are numbered by their first operation, so that no two share a number.
        let intent = u32::try_from(self.ops.len()).expect("few operations") + 1;
        let task = Task::Sale { intent, amount, card, pin, entry };
        Op { terminal, start: Start::At { ms }, task }
    }

    fn sale(&mut self, n: u64) {
        let card = self.dice.pick(n, 4, &payers(self.world));
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let sale = self.sale_at(n, self.terminal(n), ms, card, self.amount(n, card));
        self.ops.push(sale);
    }

    /// A hurried cashier: the same terminal, the same purchase. (On another terminal nobody could know: no
    /// design survives that.)
    fn again(&mut self, n: u64) {
        let before = self.ops.last().filter(|op| matches!(op.task, Task::Sale { .. })).cloned();
        let Some(mut again) = before else { return self.sale(n) };
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let soon = begun_ms(&again) + self.dice.range(n, 10, 100, 30_000);
        again.start = Start::At { ms: if self.dice.one_in(n, 8, 2) { soon } else { ms } };
        self.ops.push(again);
    }

    /// An earlier sale, to be given back.
    fn original(&self, n: u64) -> Option<u32> {
        let sales = (0u32..).zip(&self.ops).filter(|(_, op)| matches!(op.task, Task::Sale { .. }));
        let sales: Vec<u32> = sales.map(|(number, _)| number).collect();
        (!sales.is_empty()).then(|| self.dice.pick(n, 3, &sales))
    }

    /// Amount and card of a sale.
    fn paid(&self, of: u32) -> (Fen, u32) {
        let Task::Sale { amount, card, .. } = self.ops[of as usize].task else {
            unreachable!("only sales are given back")
        };
        (amount, card)
    }

    fn refund(&mut self, n: u64) {
        let Some(of) = self.original(n) else { return self.sale(n) };
        let (whole, card) = self.paid(of);
        let amount = match self.dice.range(n, 6, 0, 5) {
            0 | 1 => whole,
            2 => whole + Fen(1),
            _ => Fen(self.dice.small(n, 7, 1, whole.0.unsigned_abs().max(1))),
        };
        let (terminal, original) = (self.terminal(n), &self.ops[of as usize]);
        let begun = begun_ms(original);
        let start = if terminal == original.terminal && self.dice.one_in(n, 8, 2) {
            let delay_ms = self.dice.range(n, 9, 0, 30_000);
            Start::After { op: of, outcome: Some(Outcome::Ok), delay_ms }
        } else {
            let latest = self.knobs.chaos_ms.max(begun + 20_001) - 1;
            Start::At { ms: self.dice.range(n, 9, begun + 5_000, latest.max(begun + 5_000)) }
        };
        self.ops.push(Op { terminal, start, task: Task::Refund { of, amount, card } });
    }

    /// Another customer pays at the original's till, which confirms it; then it is given back twice within
    /// seconds, each part small enough by itself.
    fn refund_race(&mut self, n: u64) {
        let Some(of) = self.original(n) else { return self.sale(n) };
        let (whole, card) = self.paid(of);
        let (till, begun) = (self.ops[of as usize].terminal, begun_ms(&self.ops[of as usize]));
        let next_ms = begun + self.dice.range(n, 12, 3_000, 20_000);
        let next = self.sale_at(n, till, next_ms, card, Fen(5_00).max(whole));
        self.ops.push(next);
        let most = whole.0.unsigned_abs();
        let first_ms = next_ms + self.dice.range(n, 13, 5_000, 30_000);
        for part in 0..2 {
            let amount = Fen(self.dice.small(n, 14 + part, most / 2 + most % 2, most));
            let terminals = self.world.terminals.len() as u64;
            let terminal = self.dice.small(n, 16 + part, 0, terminals - 1);
            let ms = first_ms + part * self.dice.range(n, 18, 0, 15_000);
            let task = Task::Refund { of, amount: amount.max(Fen(1)), card };
            self.ops.push(Op { terminal, start: Start::At { ms }, task });
        }
    }

    fn top_up_and_spend(&mut self, n: u64) {
        let card = self.dice.pick(n, 4, &payers(self.world));
        let account = self.world.issuer.cards[card as usize].account;
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let amount = Fen(self.dice.small(n, 12, 1_00, 300_00));
        let latest = self.knobs.chaos_ms - 1;
        let at_ms = ms.min(latest);
        self.house.push(PlannedHouseOp { at_ms, op: HouseOp::TopUp { account, amount } });
        let spent = self.available(card) + Fen(self.dice.small(n, 13, 1, amount.0.unsigned_abs()));
        let spent_ms = ms + self.dice.range(n, 14, 500, 20_000);
        let sale = self.sale_at(n, self.terminal(n), spent_ms, card, spent.max(Fen(1)));
        self.ops.push(sale);
    }

    /// Two sales that together take just what there is, or a fen more.
    fn spend_the_rest(&mut self, n: u64) {
        let card = self.dice.pick(n, 4, &payers(self.world));
        let all = self.available(card);
        let part = Fen(self.dice.small(n, 7, 1, all.max(Fen(1)).0.unsigned_abs()));
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let first = self.sale_at(n, self.terminal(n), ms, card, part);
        self.ops.push(first);
        let sharing = |other: &u32| {
            let cards = &self.world.issuer.cards;
            cards[*other as usize].account == cards[card as usize].account
        };
        let sharing: Vec<u32> = payers(self.world).into_iter().filter(sharing).collect();
        let rest = all - part + Fen(self.dice.small(n, 12, 0, 1));
        let terminals = self.world.terminals.len() as u64;
        let terminal = self.dice.small(n, 13, 0, terminals - 1);
        let soon_ms = ms + self.dice.range(n, 14, 0, 10_000);
        let other = self.dice.pick(n, 15, &sharing);
        let second = self.sale_at(n, terminal, soon_ms, other, rest.max(Fen(1)));
        self.ops.push(second);
    }

    /// A confirmed sale, a payout, and a refund that the merchant can no longer pay.
    fn sweep_and_refund(&mut self, n: u64) {
        let Some(of) = self.original(n) else { return self.sale(n) };
        let (whole, card) = self.paid(of);
        let (till, begun) = (self.ops[of as usize].terminal, begun_ms(&self.ops[of as usize]));
        let next_ms = begun + self.dice.range(n, 12, 3_000, 20_000);
        let next = self.sale_at(n, till, next_ms, card, Fen(self.dice.pick(n, 7, &PRICES)));
        self.ops.push(next);
        let swept_ms = next_ms + self.dice.range(n, 13, 5_000, 20_000);
        let merchant = self.world.acquirer.terminals[till as usize].merchant;
        let at_ms = swept_ms.min(self.knobs.chaos_ms - 1);
        self.house.push(PlannedHouseOp { at_ms, op: HouseOp::Sweep { merchant } });
        let ms = swept_ms + self.dice.range(n, 14, 500, 20_000);
        let task = Task::Refund { of, amount: whole, card };
        self.ops.push(Op { terminal: till, start: Start::At { ms }, task });
    }

    /// Sales that are taken back, on top of the other work and drawn apart from it, so that they move nothing
    /// else.
    fn voids(&mut self) {
        for n in 0..self.dice.range(2_000, 0, 1, 3) {
            self.void(2_001 + n);
        }
    }

    /// Mostly at its own till and whole; now and then at another, of another amount or by another card.
    /// Beside it, sometimes, a refund of the same sale, a second void, or the purchase paid once more.
    fn void(&mut self, n: u64) {
        let Some(of) = self.original(n) else { return };
        let (whole, paid_by) = self.paid(of);
        let sold = self.ops[of as usize].clone();
        let rarely = |aspect| self.dice.one_in(n, aspect, 8);
        let terminal = if rarely(1) { self.terminal(n) } else { sold.terminal };
        let amount = rarely(20).then(|| whole + Fen(1));
        let card = if rarely(21) { self.dice.pick(n, 22, &payers(self.world)) } else { paid_by };
        let soon_ms = begun_ms(&sold) + self.dice.range(n, 9, 1_000, 60_000);
        let soon_ms = soon_ms.min(self.knobs.chaos_ms - 1);
        let start = if terminal == sold.terminal && !self.dice.one_in(n, 8, 4) {
            let delay_ms = self.dice.range(n, 10, 0, 20_000);
            Start::After { op: of, outcome: Some(Outcome::Ok), delay_ms }
        } else {
            Start::At { ms: soon_ms }
        };
        let number = u32::try_from(self.ops.len()).expect("few operations");
        self.ops.push(Op { terminal, start, task: Task::Void { of, amount, card } });
        let after = |outcome, aspect| Start::After {
            op: number,
            outcome,
            delay_ms: self.dice.range(n, aspect, 0, 20_000),
        };
        let mut beside = Vec::new();
        if self.dice.one_in(n, 23, 3) {
            let task = Task::Void { of, amount: None, card: paid_by };
            beside.push(Op { terminal, start: after(None, 24), task });
        }
        if self.dice.one_in(n, 25, 3) {
            let part = Fen(self.dice.small(n, 26, 1, whole.0.unsigned_abs().max(1)));
            let ms =
                soon_ms.saturating_add_signed(self.dice.small::<i64>(n, 27, 0, 40_000) - 10_000);
            let ms = ms.min(self.knobs.chaos_ms - 1);
            let task = Task::Refund { of, amount: part, card: paid_by };
            beside.push(Op { terminal: self.terminal(n), start: Start::At { ms }, task });
        }
        if terminal == sold.terminal && self.dice.one_in(n, 28, 2) {
            beside.push(Op { start: after(Some(Outcome::Ok), 29), ..sold });
        }
        self.ops.extend(beside);
    }

    /// A pre-authorisation, and what becomes of it: mostly a completion, of less, of as much or of a little
    /// too much; or a void; or both, in either order; or a second completion; or nothing. What is completed
    /// is now and then voided or refunded.
    fn hold(&mut self, n: u64) {
        let card = self.dice.pick(n, 4, &payers(self.world));
        let till = self.terminal(n);
        let ms = self.dice.range(n, 5, self.hours.0, self.hours.1);
        let amount = self.amount(n, card);
        let pin = self.world.issuer.cards[card as usize].pin;
        let number = |work: &Self| u32::try_from(work.ops.len()).expect("few operations");
        let of = number(self);
        let task = Task::PreAuth { amount, card, pin };
        self.ops.push(Op { terminal: till, start: Start::At { ms }, task });
        let held = amount.percent(self.world.issuer.hold_percent);
        let mut before = of;
        for step in 0..self.dice.range(n, 12, 0, 2) {
            let aspect = 20 + 10 * step;
            let op = number(self);
            let delay_ms = self.dice.range(n, aspect, 0, 30_000);
            let outcome = (before == of).then_some(Outcome::Ok);
            let start = Start::After { op: before, outcome, delay_ms };
            let some = Fen(self.dice.small(n, aspect + 1, 1, held.0.unsigned_abs().max(1)));
            let task = match self.dice.range(n, aspect + 2, 0, 5) {
                0 | 1 => Task::Void { of, amount: None, card },
                2 => Task::Completion { of, intent: op + 1, amount: held, card },
                3 => Task::Completion { of, intent: op + 1, amount: held + Fen(1), card },
                _ => Task::Completion { of, intent: op + 1, amount: some, card },
            };
            let completes = matches!(task, Task::Completion { .. });
            self.ops.push(Op { terminal: till, start, task });
            before = op;
            if completes && self.dice.one_in(n, aspect + 3, 2) {
                let delay_ms = self.dice.range(n, aspect + 4, 0, 20_000);
                let start = Start::After { op, outcome: Some(Outcome::Ok), delay_ms };
                let task = if self.dice.one_in(n, aspect + 5, 2) {
                    Task::Void { of: op, amount: None, card }
                } else {
                    Task::Refund { of: op, amount: some, card }
                };
                self.ops.push(Op { terminal: till, start, task });
            }
        }
    }

    /// What the institutions do: freeze, close, hold, top up, sweep, maintain, block a card. Each in about
    /// one plan of six.
    fn institutions(&mut self) {
        let (dice, knobs) = (self.dice, self.knobs);
        // The probe's account stays as it is.
        let accounts = u64::try_from(self.world.issuer.accounts.len()).expect("few") - 1;
        let merchants = self.world.acquirer.merchants.len() as u64;
        for kind in 0..8u64 {
            let item = 1_000 + kind;
            if !dice.one_in(item, 0, 6) {
                continue;
            }
            let at_ms = dice.range(item, 1, 1_000, knobs.chaos_ms);
            let account = dice.small(item, 2, 0, accounts - 1);
            let amount = Fen(dice.small(item, 3, 1, 300_00));
            let op = match kind {
                0 => HouseOp::TopUp { account, amount },
                1 => HouseOp::AccountState { account, state: AccountState::Frozen },
                2 => HouseOp::AccountState { account, state: AccountState::Closed },
                3 => HouseOp::CreditLimit { account, limit: amount },
                4 => HouseOp::Sweep { merchant: dice.small(item, 5, 0, merchants - 1) },
                5 => HouseOp::RiskHold { account, amount },
                6 => HouseOp::CardState {
                    card: dice.pick(item, 2, &payers(self.world)),
                    state: CardState::Lost,
                },
                _ => HouseOp::Maintenance { on: true },
            };
            self.house.push(PlannedHouseOp { at_ms, op });
            if kind == 7 {
                let at_ms = (at_ms + dice.range(item, 4, 5_000, 90_000)).min(knobs.chaos_ms);
                self.house.push(PlannedHouseOp { at_ms, op: HouseOp::Maintenance { on: false } });
            }
        }
    }
}

fn begun_ms(op: &Op) -> u64 {
    match op.start {
        Start::At { ms } => ms,
        Start::After { delay_ms, .. } => delay_ms,
    }
}
