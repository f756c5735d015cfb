//! Balance inquiries beside the other work, drawn apart from it, so that they move nothing else: at any time
//! or behind another operation of the same till, now and then with a slip of the finger in the PIN, and now
//! and then of an account on which more is held for risk than there is.

use super::world::payers;
use super::{Dice, Knobs, Mask};
use crate::plan::{Op, PlannedHouseOp, Start, Task, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;

/// What draws the inquiries of a plan.
pub(super) struct Inquiries<'a> {
    pub dice: Dice,
    pub mask: Mask,
    pub knobs: &'a Knobs,
}

impl Inquiries<'_> {
    /// What customers ask, behind all other work.
    pub fn ask(&self, world: &World, ops: &mut Vec<Op>, house: &mut Vec<PlannedHouseOp>) {
        if !self.mask.on(40, 4) {
            return;
        }
        for n in 1..=self.dice.range(0, 0, 1, 3) {
            let ask = self.one(n, world, ops);
            if let (Task::Balance { card, .. }, true) = (&ask.task, self.dice.one_in(n, 6, 3)) {
                house.push(self.owes(n, world, *card, &ask.start));
            }
            ops.push(ask);
        }
    }

    fn one(&self, n: u64, world: &World, ops: &[Op]) -> Op {
        let dice = self.dice;
        let card = dice.pick(n, 1, &payers(world));
        let tills = world.terminals.len() as u64;
        let terminal = dice.small(n, 2, 0, tills - 1);
        let pin = world.issuer.cards[card as usize].pin.map(|right| {
            let slip_of_the_finger = "000000".parse().expect("six digits are a PIN");
            if dice.one_in(n, 3, 4) { slip_of_the_finger } else { right }
        });
        let here = (0u32..).zip(ops).filter(|(_, op)| op.terminal == terminal);
        let here: Vec<u32> = here.map(|(number, _)| number).collect();
        let start = if here.is_empty() || dice.one_in(n, 4, 2) {
            Start::At { ms: dice.range(n, 5, 1_000, self.knobs.chaos_ms * 7 / 8) }
        } else {
            let op = dice.pick(n, 4, &here);
            Start::After { op, outcome: None, delay_ms: dice.range(n, 5, 0, 10_000) }
        };
        Op { terminal, start, task: Task::Balance { card, pin } }
    }

    /// The bank holds more than there is, so that less than nothing is available.
    fn owes(&self, n: u64, world: &World, card: u32, start: &Start) -> PlannedHouseOp {
        let issuer = &world.issuer;
        let account = issuer.cards[card as usize].account;
        let known = &issuer.accounts[account as usize];
        let over = Fen(self.dice.small(n, 7, 1, 500_00));
        let amount = (known.opening + known.credit_limit).max(Fen::ZERO) + over;
        let at_ms = match start {
            Start::At { ms } => ms.saturating_sub(self.dice.range(n, 8, 0, 20_000)),
            Start::After { .. } => self.dice.range(n, 8, 0, self.knobs.chaos_ms / 2),
        };
        PlannedHouseOp { at_ms, op: HouseOp::RiskHold { account, amount } }
    }
}
