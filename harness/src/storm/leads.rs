//! Rare situations that lead alone: one swarm seed in eight belongs to one of them, with the work and the
//! world it needs and nothing else that goes wrong. What takes three things at once to show would otherwise
//! come once in tens of thousands of plans. Drawn apart from all else, so that a plan without one is what it
//! was, and inside what sound parties survive, like everything here.

mod holds;
mod rates;
mod refunds;

use super::faults::FaultDraw;
use super::{Dice, Knobs, world};
use crate::plan::{
    Death, Entry, Fault, FaultKind, MessageFilter, Op, Place, PlannedHouseOp, Start, Task, When,
    World,
};
use cardstorm_models::clearing::CutOff;
use cardstorm_models::clearing::fee::{Channel, FeeRow, FeeTable, Shares};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::acquirer::{Contract, Settlement};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Mti;
use rust_decimal::Decimal;

/// What a plan is about, and nothing else is.
#[derive(Clone, Copy)]
enum Lead {
    /// A settlement with an item lost at the centre, and trouble on the way.
    Batch,
    /// Sales at the edges of a fee's tiers.
    TierEdge,
    /// A sale is not undone by the cut-off, and the centre restarts after it.
    LeftAtCutOff,
    /// Wrong PINs, one of them sent twice or its answer lost.
    WrongPin,
    /// A till is replaced by a new device between equal sales.
    Replaced,
    /// The issuer answers just after it was given up.
    LateAnswer,
    /// A till is down while its slip is refunded.
    DownWhenRefunded,
    /// A party dies while a doubtful sale is being undone.
    DiesWhileUndoing,
    /// The answer to a refund is lost, on either leg or on both.
    RefundToldAgain,
    /// The account is closed when its money comes back.
    RefundToClosed,
    /// The rate changes with the clearing day.
    NewRate,
    /// Less is completed than was pre-authorised, and more is asked back than was completed.
    RefundBeyondCompletion,
    /// A host gives its word that something is undone, and dies.
    DiesAtItsWord,
    /// Something goes wrong with money that is set apart.
    HoldInTrouble,
}

const LEADS: [Lead; 14] = [
    Lead::Batch,
    Lead::TierEdge,
    Lead::LeftAtCutOff,
    Lead::WrongPin,
    Lead::Replaced,
    Lead::LateAnswer,
    Lead::DownWhenRefunded,
    Lead::DiesWhileUndoing,
    Lead::RefundToldAgain,
    Lead::RefundToClosed,
    Lead::NewRate,
    Lead::RefundBeyondCompletion,
    Lead::DiesAtItsWord,
    Lead::HoldInTrouble,
];

/// What a plan holds.
pub(super) type Held = (Vec<Op>, Vec<PlannedHouseOp>, Vec<Fault>);

/// What draws the leading situation of a plan.
pub(super) struct Leads<'a> {
    pub dice: Dice,
    pub knobs: &'a Knobs,
}

impl Leads<'_> {
    fn lead(&self) -> Option<Lead> {
        // The story needs room for its operations and its time.
        let room = self.knobs.ops >= 5 && self.knobs.faults >= 4 && self.knobs.chaos_ms >= 200_000;
        (self.knobs.swarm && room && self.dice.one_in(0, 0, 8))
            .then(|| self.dice.pick(0, 1, &LEADS))
    }

    /// The world that the situation needs, where there is one.
    pub fn arrange(&self, start: Wall, world: &mut World) {
        let Some(lead) = self.lead() else { return };
        match lead {
            Lead::Batch
            | Lead::Replaced
            | Lead::DiesWhileUndoing
            | Lead::DiesAtItsWord
            | Lead::HoldInTrouble => {}
            Lead::TierEdge => self.tiers(world),
            Lead::LeftAtCutOff => self.cut_off(start, world),
            Lead::WrongPin => {
                world.issuer.cards[0].pin = Some("123456".parse().expect("six digits are a PIN"));
            }
            Lead::LateAnswer => {
                world.acquirer.timers = Default::default();
                for terminal in &mut world.terminals {
                    terminal.timers = Default::default();
                }
            }
            Lead::DownWhenRefunded => {
                for merchant in &mut world.acquirer.merchants {
                    merchant.opening_unsettled = Fen(500_00);
                }
            }
            Lead::RefundToldAgain | Lead::RefundToClosed | Lead::RefundBeyondCompletion => {
                self.refundable(world);
            }
            Lead::NewRate => self.new_rate(start, world),
        }
    }

    /// Fees that change at an amount.
    fn tiers(&self, world: &mut World) {
        let edge = Fen(self.dice.pick(1, 0, &[50_00, 100_00, 1_000_00]));
        let shares = Shares { issuer: 1, network: 1, acquirer: 1 };
        let row = |rate| FeeRow::plain(Channel::Card, Decimal::new(rate, 4), shares);
        let small = FeeRow { up_to: Some(edge), ..row(38) };
        let rows = vec![small, FeeRow { above: edge, ..row(55) }];
        let fees = FeeTable { rows, ..FeeTable::example() };
        let contract = world.acquirer.merchants[0].contract.take().unwrap_or_default();
        world.acquirer.merchants[0].contract = Some(Contract { fees, ..contract });
    }

    /// A clearing day that ends soon after the sale's undoing has begun.
    fn cut_off(&self, start: Wall, world: &mut World) {
        let ends_ms = self.given_up_ms(world) + self.dice.range(2, 0, 2_000, 15_000);
        let ends_ms = i64::try_from(ends_ms).expect("a run is short");
        let in_day = (start.0 + ends_ms).rem_euclid(world::MS_PER_DAY);
        world.acquirer.cut_off = CutOff(u32::try_from(in_day).expect("within a day"));
        if self.dice.one_in(2, 1, 2) {
            let settlement = Some(Settlement::default());
            let contract = world.acquirer.merchants[0].contract.take().unwrap_or_default();
            world.acquirer.merchants[0].contract = Some(Contract { settlement, ..contract });
        }
    }

    /// When the first sale begins, in milliseconds.
    fn first_ms(&self) -> u64 {
        self.dice.range(3, 0, 3_000, 8_000)
    }

    /// When the acquirer gives up the answer to the first sale.
    fn given_up_ms(&self, world: &World) -> u64 {
        self.first_ms() + world.acquirer.timers.issuer_timeout_ms
    }

    /// What the plan holds in place of everything else, where a situation leads.
    pub fn story(&self, world: &World) -> Option<Held> {
        let mut story = Story::new(self, world);
        match self.lead()? {
            Lead::Batch => story.batch(),
            Lead::TierEdge => story.tier_edge(),
            Lead::LeftAtCutOff => story.left_at_cut_off(),
            Lead::WrongPin => story.wrong_pin(),
            Lead::Replaced => story.replaced(),
            Lead::LateAnswer => story.late_answer(),
            Lead::DownWhenRefunded => story.down_when_refunded(),
            Lead::DiesWhileUndoing => story.dies_while_undoing(),
            Lead::RefundToldAgain => story.refund_told_again(),
            Lead::RefundToClosed => story.refund_to_closed(),
            Lead::NewRate => story.at_the_new_rate(),
            Lead::RefundBeyondCompletion => story.refund_beyond_completion(),
            Lead::DiesAtItsWord => story.dies_at_its_word(),
            Lead::HoldInTrouble => story.hold_in_trouble(),
        }
        Some((story.ops, story.house, story.faults))
    }
}

/// A plan in the making.
struct Story<'a> {
    leads: &'a Leads<'a>,
    world: &'a World,
    dice: Dice,
    till: u16,
    card: u32,
    ops: Vec<Op>,
    house: Vec<PlannedHouseOp>,
    faults: Vec<Fault>,
}

impl<'a> Story<'a> {
    fn new(leads: &'a Leads<'a>, world: &'a World) -> Story<'a> {
        let dice = leads.dice;
        let till = dice.small(4, 0, 0, world.terminals.len() as u64 - 1);
        let card = world::payers(world)[0];
        let (ops, house, faults) = (Vec::new(), Vec::new(), Vec::new());
        Story { leads, world, dice, till, card, ops, house, faults }
    }

    fn sale(&mut self, till: u16, ms: u64, amount: Fen) {
        let pin = self.world.issuer.cards[self.card as usize].pin;
        let intent = u32::try_from(self.ops.len()).expect("few operations") + 1;
        let task = Task::Sale { intent, amount, card: self.card, pin, entry: Entry::Chip };
        self.ops.push(Op { terminal: till, start: Start::At { ms }, task });
    }

    fn small_amount(&self, n: u64) -> Fen {
        Fen(self.dice.small(n, 7, 5_00, 120_00))
    }

    fn draw(&self) -> FaultDraw<'_> {
        FaultDraw { dice: self.dice, knobs: self.leads.knobs, world: self.world, ops: &self.ops }
    }

    fn fault(&mut self, at: Place, what: FaultKind, when: When) {
        self.faults.push(Fault { at, what, when });
    }

    fn crash(&self, n: u64, longest_ms: u64) -> FaultKind {
        let death = self.dice.pick(n, 14, &[Death::Kill, Death::PowerLoss]);
        FaultKind::Crash { death, restart_after_ms: self.dice.range(n, 15, 500, longest_ms) }
    }

    fn batch(&mut self) {
        let (dice, till, first_ms) = (self.dice, self.till, self.leads.first_ms());
        let (at, count) = (Place::Terminal(till), dice.range(5, 0, 1, 3));
        let mut ms = first_ms;
        for n in 0..count {
            self.sale(till, ms, self.small_amount(10 + n));
            ms += dice.range(10 + n, 8, 3_000, 8_000);
        }
        let waits_ms = self.world.terminals[usize::from(till)].timers.response_timeout_ms;
        let trouble = dice.range(5, 1, 0, 4);
        // Where the last sale is in doubt, the settlement is asked for when its undoing has begun.
        let doubt_ms = if trouble == 4 { waits_ms } else { 0 };
        let settled_ms = ms + doubt_ms + dice.range(5, 2, 1_000, 20_000);
        if dice.range(5, 3, 0, 3) > 0 {
            let op = HouseOp::LoseBatchItem { terminal: u32::from(till), nth: 0 };
            self.house.push(PlannedHouseOp { at_ms: settled_ms - 500, op });
        }
        let start = Start::At { ms: settled_ms };
        self.ops.push(Op { terminal: till, start, task: Task::Settle });
        let last = u32::try_from(count).expect("few");
        match trouble {
            0 | 1 => {
                let (effect, nth) = dice.pick(
                    5,
                    4,
                    &[("send 0320", 2), ("send 0320", 2), ("append batch over", 1)],
                );
                let what = self.crash(5, 30_000);
                self.fault(at, what, before(effect, nth));
            }
            2 => self.fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0330, 1)),
            3 => {
                let after_ms = settled_ms - first_ms + dice.range(5, 5, 5_000, 90_000);
                let copy = FaultKind::Duplicate { after_ms };
                self.fault(at, copy, sends(Mti::M0200, dice.small(5, 6, 1, u64::from(last))));
            }
            _ => {
                self.fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, last));
                self.fault(at, FaultKind::Drop, sends(Mti::M0400, 1));
            }
        }
    }

    fn tier_edge(&mut self) {
        let merchant = self.world.acquirer.terminals[usize::from(self.till)].merchant;
        let contract = self.world.acquirer.merchants[merchant as usize].contract.as_ref();
        let rows = contract.iter().flat_map(|contract| &contract.fees.rows);
        let edge = rows.map(|row| row.above).find(|above| *above > Fen::ZERO);
        for n in 0..self.dice.range(6, 0, 2, 4) {
            let around = self.dice.pick(20 + n, 1, &[-1, 0, 0, 1]);
            let amount = edge.map_or(self.small_amount(20 + n), |edge| edge + Fen(around));
            let ms = self.leads.first_ms() + n * self.dice.range(20 + n, 2, 3_000, 9_000);
            self.sale(self.till, ms, amount);
        }
    }

    /// Nobody hears the issuer's answer, and of the advices that undo it, or of their acknowledgements,
    /// the first few are lost.
    fn left_at_cut_off(&mut self) {
        let (dice, first_ms) = (self.dice, self.leads.first_ms());
        self.sale(self.till, first_ms, self.small_amount(30));
        self.fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1));
        let (at, mti) =
            dice.pick(7, 0, &[(Place::Acquirer, Mti::M0420), (Place::Issuer, Mti::M0430)]);
        for nth in 1..=dice.small(7, 1, 1, 2) {
            self.fault(at, FaultKind::Drop, sends(mti, nth));
        }
        if dice.range(7, 2, 0, 2) > 0 {
            let ms = self.leads.given_up_ms(self.world) + dice.range(7, 3, 20_000, 90_000);
            let what = self.crash(7, 5_000);
            self.fault(Place::Acquirer, what, When::At { ms });
        }
    }

    fn wrong_pin(&mut self) {
        let dice = self.dice;
        let struck = dice.range(8, 0, 1, 3);
        let lost = dice.one_in(8, 1, 2);
        let mut ms = self.leads.first_ms();
        for n in 1..=4 {
            self.sale(self.till, ms, self.small_amount(40 + n));
            if let Some(Op { task: Task::Sale { pin: Some(pin), .. }, .. }) = self.ops.last_mut() {
                let wrong = format!("{n}00000").parse().expect("six digits are a PIN");
                *pin = if n == 4 && dice.one_in(8, 2, 2) { *pin } else { wrong };
            }
            // A lost answer takes until its reversal is through.
            ms += if lost && n == struck { 90_000 } else { dice.range(40 + n, 3, 8_000, 15_000) };
        }
        let nth = u32::try_from(struck).expect("one to three");
        if lost {
            self.fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, nth));
        } else {
            let twice = FaultKind::Duplicate { after_ms: dice.range(8, 4, 50, 3_000) };
            self.fault(Place::Acquirer, twice, sends(Mti::M0200, nth));
        }
    }

    fn replaced(&mut self) {
        let dice = self.dice;
        let (amount, before, after) =
            (self.small_amount(50), dice.range(9, 0, 1, 2), dice.range(9, 1, 1, 2));
        let mut ms = self.leads.first_ms() / 3;
        for _ in 0..before {
            self.sale(self.till, ms, amount);
            ms += 8_000;
        }
        let restart_after_ms = dice.range(9, 2, 500, 5_000);
        let what = FaultKind::Restore { age_ms: 900_000, restart_after_ms, even_open: false };
        self.fault(Place::Terminal(self.till), what, When::At { ms: ms + 2_000 });
        ms += dice.range(9, 3, 15_000, 60_000);
        for _ in 0..after {
            self.sale(self.till, ms, amount);
            ms += 8_000;
        }
    }

    fn late_answer(&mut self) {
        let (dice, first_ms) = (self.dice, self.leads.first_ms());
        let waits_ms = self.world.acquirer.timers.issuer_timeout_ms;
        let tills = u16::try_from(self.world.terminals.len()).expect("few");
        self.sale(self.till, first_ms, self.small_amount(60));
        // Another till keeps the line to the issuer busy.
        let busy_ms = first_ms + waits_ms - dice.range(10, 0, 5_000, 30_000).min(waits_ms);
        self.sale((self.till + 1) % tills, busy_ms, self.small_amount(61));
        let late = FaultKind::Delay { ms: waits_ms + dice.range(10, 1, 0, 4_000) };
        let copy = FaultKind::Duplicate { after_ms: waits_ms + dice.range(10, 2, 4_000, 12_000) };
        let of = |mti| {
            let terminal = Some(self.till);
            let filter = MessageFilter { mti: Some(mti), terminal, ..MessageFilter::default() };
            When::Sends { filter, nth: 1 }
        };
        let (answer, request) = (of(Mti::M0210), of(Mti::M0200));
        self.fault(Place::Issuer, late, answer.clone());
        self.fault(Place::Acquirer, FaultKind::Drop, answer);
        self.fault(Place::Terminal(self.till), copy, request);
    }

    fn down_when_refunded(&mut self) {
        let (dice, first_ms) = (self.dice, self.leads.first_ms());
        let amount = self.small_amount(70);
        self.sale(self.till, first_ms, amount);
        let tills = u16::try_from(self.world.terminals.len()).expect("few");
        let start = Start::At { ms: first_ms + dice.range(11, 0, 8_000, 40_000) };
        let task = Task::Refund { of: 0, amount, card: self.card };
        self.ops.push(Op { terminal: (self.till + 1) % tills, start, task });
        let fault = self.draw().down_when_refunded(11);
        self.faults.push(fault);
    }

    fn dies_while_undoing(&mut self) {
        for n in 0..self.dice.range(12, 0, 1, 3) {
            self.sale(self.till, self.leads.first_ms() + n * 9_000, self.small_amount(80 + n));
        }
        let faults = self.draw().dies_while_undoing(12);
        self.faults.extend(faults);
    }
}

impl Story<'_> {
    /// Nobody hears of the approval, so it is undone; whoever has said so dies before anything else that it
    /// does.
    fn dies_at_its_word(&mut self) {
        let dice = self.dice;
        self.sale(self.till, self.leads.first_ms(), self.small_amount(85));
        self.fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1));
        let (at, effect) = dice.pick(
            13,
            0,
            &[(Place::Acquirer, "append undoing"), (Place::Issuer, "append reversal")],
        );
        let what = self.crash(13, 20_000);
        self.fault(at, what, before(effect, 1));
    }
}

fn sends(mti: Mti, nth: u32) -> When {
    When::Sends { filter: MessageFilter { mti: Some(mti), ..MessageFilter::default() }, nth }
}

fn before(effect: &str, nth: u32) -> When {
    When::Before { effect: effect.to_owned(), terminal: None, stan: None, op: None, nth }
}

#[cfg(test)]
mod tests {
    use super::super::{About, plan};
    use super::*;

    /// Each leads in some of a few hundred seeds, within what the knobs allow.
    #[test]
    fn every_situation_leads_and_keeps_to_the_knobs() {
        let knobs = Knobs::default();
        let mut seen = [0; LEADS.len()];
        for seed in 0..2_000 {
            let leads = Leads { dice: Dice { seed, about: About::Lead }, knobs: &knobs };
            let Some(lead) = leads.lead() else { continue };
            seen[lead as usize] += 1;
            let plan = plan(seed, &knobs);
            assert!(plan.ops.len() <= knobs.ops as usize, "{seed}");
            assert!(plan.faults.len() <= knobs.faults as usize, "{seed}");
            let begins = plan.ops.iter().filter_map(|op| match op.start {
                Start::At { ms } => Some(ms),
                Start::After { .. } => None,
            });
            assert!(begins.max() < Some(knobs.chaos_ms), "{seed}");
        }
        assert!(seen.iter().all(|count| *count >= 5), "{seen:?}");
        let plain = Knobs { swarm: false, ..knobs };
        let leads = |seed| Leads { dice: Dice { seed, about: About::Lead }, knobs: &plain };
        assert!((0..1_000).all(|seed| leads(seed).lead().is_none()));
    }
}
