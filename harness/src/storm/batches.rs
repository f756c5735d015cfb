//! Batches: in a quarter of the plans tills are settled, by hand or when they are full, now and then
//! with an item lost out of the acquirer's file, and cashiers ask whether the centre is there or sign
//! off. All of it is drawn apart from the other work, so that a plan without it is what it was.

use super::{Dice, Knobs};
use crate::plan::{
    Death, Fault, FaultKind, MessageFilter, Op, Place, PlannedHouseOp, Start, Task, When, World,
};
use cardstorm_models::party::HouseOp;
use cardstorm_models::wire::Mti;

/// Steps of a settlement worth dying before.
const STEPS: [(&str, bool); 16] = [
    ("append settling", true),
    ("send 0500", true),
    ("append totals answered", true),
    ("append stan", true),
    ("send 0320", true),
    ("append uploaded", true),
    ("append batch over", true),
    ("show screen", true),
    ("append batch announced", true),
    ("send 0820", true),
    ("sync", true),
    ("append totals compared", false),
    ("send 0510", false),
    ("append uploaded", false),
    ("append batch closed", false),
    ("send 0330", false),
];

/// What settlements say, and whether the terminal does.
const MESSAGES: [(Mti, bool); 6] = [
    (Mti::M0500, true),
    (Mti::M0510, false),
    (Mti::M0320, true),
    (Mti::M0320, true),
    (Mti::M0330, false),
    (Mti::M0330, false),
];

/// What draws the settlements of a plan.
pub(super) struct Batches<'a> {
    pub dice: Dice,
    pub knobs: &'a Knobs,
}

impl Batches<'_> {
    fn on(&self) -> bool {
        self.dice.one_in(0, 0, 4)
    }

    /// Tills that settle by themselves, after very few transactions.
    pub fn settle_full(&self, world: &mut World) {
        if !self.on() {
            return;
        }
        for (n, terminal) in (1u64..).zip(&mut world.terminals) {
            if self.dice.one_in(n, 1, 3) {
                terminal.settle_after = Some(self.dice.small(n, 2, 1, 4));
            }
        }
    }

    /// What cashiers and jobs do about batches, behind all other work.
    pub fn settle(&self, world: &World, ops: &mut Vec<Op>, house: &mut Vec<PlannedHouseOp>) {
        if !self.on() {
            return;
        }
        let (dice, last_ms) = (self.dice, self.knobs.chaos_ms * 7 / 8);
        let tills = world.terminals.len() as u64;
        let room = (self.knobs.ops as usize).saturating_sub(ops.len()) as u64;
        for n in 0..dice.range(1, 3, 1, 3).min(room) {
            let item = 10 + n;
            let task = match dice.range(item, 4, 0, 7) {
                0 => Task::Echo,
                1 => Task::SignOff,
                _ => Task::Settle,
            };
            let ms = dice.range(item, 5, 1_000, last_ms.max(1_000));
            let terminal = dice.small(item, 6, 0, tills - 1);
            ops.push(Op { terminal, start: Start::At { ms }, task });
        }
        for n in 0..dice.range(2, 7, 0, 2) {
            let item = 20 + n;
            let at_ms = dice.range(item, 8, 1_000, last_ms.max(1_000));
            let terminal = dice.small(item, 9, 0, tills - 1);
            let nth = dice.small(item, 10, 0, 7);
            house.push(PlannedHouseOp { at_ms, op: HouseOp::LoseBatchItem { terminal, nth } });
        }
    }
    /// What goes wrong in settlements, beside everything else that does.
    pub fn faults(&self, world: &World, faults: &mut Vec<Fault>) {
        if !self.on() {
            return;
        }
        let (dice, tills) = (self.dice, world.terminals.len() as u64);
        let room = (self.knobs.faults as usize).saturating_sub(faults.len()) as u64;
        for n in 0..dice.range(3, 11, 0, 3).min(room) {
            let item = 30 + n;
            let till: u16 = dice.small(item, 12, 0, tills - 1);
            let nth = dice.small(item, 13, 1, 3);
            let of =
                |at_terminal| if at_terminal { Place::Terminal(till) } else { Place::Acquirer };
            let fault = if dice.one_in(item, 14, 2) {
                let (effect, at_terminal) = dice.pick(item, 15, &STEPS);
                let death = dice.pick(item, 16, &[Death::Kill, Death::PowerLoss]);
                let restart_after_ms = dice.range(item, 17, 500, 40_000);
                let what = FaultKind::Crash { death, restart_after_ms };
                let effect = effect.to_owned();
                let when = When::Before { effect, terminal: None, stan: None, op: None, nth };
                Fault { at: of(at_terminal), what, when }
            } else {
                let (mti, at_terminal) = dice.pick(item, 18, &MESSAGES);
                let what = match dice.range(item, 19, 0, 2) {
                    0 => FaultKind::Drop,
                    1 => FaultKind::Delay { ms: dice.time_ms(item, 20, 100_000) },
                    _ => FaultKind::Duplicate { after_ms: dice.time_ms(item, 20, 100_000) },
                };
                let filter = MessageFilter { mti: Some(mti), ..MessageFilter::default() };
                Fault { at: of(at_terminal), what, when: When::Sends { filter, nth } }
            };
            faults.push(fault);
        }
    }
}
