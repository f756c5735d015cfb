//! The workload: purchases with realistic and with boundary amounts, partial and full refunds, contended
//! accounts, and what institutions do in between.

use super::{Dice, Knobs};
use crate::plan::{Entry, Op, PlannedHouseOp, Start, Task, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::{AccountState, CardState};
use cardstorm_models::party::observe::Outcome;

/// The operations of a plan.
pub(super) fn ops(dice: Dice, knobs: &Knobs, world: &World) -> Vec<Op> {
    let count = dice.range(0, 0, 2, u64::from(knobs.ops));
    let terminals = world.terminals.len() as u64;
    let mut ops: Vec<Op> = Vec::new();
    for n in 1..=count {
        let terminal = u16::try_from(dice.roll(n, 1).below(terminals)).expect("few terminals");
        let sales = (0u32..).zip(&ops).filter(|(_, op)| matches!(op.task, Task::Sale { .. }));
        let sales: Vec<u32> = sales.map(|(n, _)| n).collect();
        let refund = !sales.is_empty() && dice.range(n, 2, 0, 99) < 30;
        let op = if refund {
            refund_of(dice, n, &ops, dice.pick(n, 3, &sales), terminal, knobs)
        } else {
            let sale = sale(dice, n, terminal, world, knobs);
            again(dice, n, &ops, &sale).unwrap_or(sale)
        };
        ops.push(op);
    }
    ops
}

fn sale(dice: Dice, n: u64, terminal: u16, world: &World, knobs: &Knobs) -> Op {
    // The last card is the probe's.
    let cards = world.issuer.cards.len() as u64 - 1;
    let card = u32::try_from(dice.roll(n, 4).below(cards)).expect("few cards");
    let ms = dice.range(n, 5, 500, knobs.chaos_ms * 3 / 4);
    let account = world.issuer.cards[card as usize].account;
    let account = &world.issuer.accounts[account as usize];
    let available = account.opening + account.credit_limit;
    let amount = match dice.range(n, 6, 0, 9) {
        0 => Fen(1),
        1 => available,
        2 => available + Fen(1),
        3 => Fen(2_000_01),
        _ => Fen(i64::try_from(dice.range(n, 7, 5_00, 120_00)).expect("small")),
    };
    let pin = world.issuer.cards[card as usize].pin.map(|right| match dice.range(n, 8, 0, 5) {
        0 => "000000".parse().expect("six digits are a PIN"),
        _ => right,
    });
    let entry = dice.pick(n, 9, &[Entry::Chip, Entry::Magstripe, Entry::Keyed]);
    let amount = amount.max(Fen(1));
    let intent = u32::try_from(n).expect("few operations");
    Op { terminal, start: Start::At { ms }, task: Task::Sale { intent, amount, card, pin, entry } }
}

/// Now and then a hurried cashier keys a purchase that is already under way or paid: the same terminal,
/// the same amount. (On another terminal nobody could know: no design survives that.)
fn again(dice: Dice, n: u64, ops: &[Op], sale: &Op) -> Option<Op> {
    let before = ops.last().filter(|op| matches!(op.task, Task::Sale { .. }))?;
    let task = before.task.clone();
    (dice.range(n, 10, 0, 9) == 0).then_some(Op {
        terminal: before.terminal,
        start: sale.start,
        task,
    })
}

fn refund_of(dice: Dice, n: u64, ops: &[Op], of: u32, terminal: u16, knobs: &Knobs) -> Op {
    let original = &ops[of as usize];
    let Task::Sale { amount, card, .. } = original.task else {
        unreachable!("only sales are offered")
    };
    let amount = match dice.range(n, 6, 0, 4) {
        0 => amount,
        1 => amount + Fen(1),
        _ => {
            Fen(i64::try_from(dice.range(n, 7, 1, amount.0.unsigned_abs().max(1))).expect("small"))
        }
    };
    let begun_ms = match original.start {
        Start::At { ms } => ms,
        Start::After { .. } => 0,
    };
    let start = if terminal == original.terminal && dice.range(n, 8, 0, 1) == 0 {
        let delay_ms = dice.range(n, 9, 0, 30_000);
        Start::After { op: of, outcome: Some(Outcome::Ok), delay_ms }
    } else {
        let latest = knobs.chaos_ms.max(begun_ms + 20_001) - 1;
        Start::At { ms: dice.range(n, 9, begun_ms + 5_000, latest.max(begun_ms + 5_000)) }
    };
    Op { terminal, start, task: Task::Refund { of, amount, card } }
}

/// What the institutions do: freeze, close, hold, top up, sweep, maintain, block a card. Each in about
/// one plan of six.
pub(super) fn house(dice: Dice, knobs: &Knobs, world: &World) -> Vec<PlannedHouseOp> {
    let mut house = Vec::new();
    let accounts = u64::try_from(world.issuer.accounts.len()).expect("few") - 1;
    let last_card = u32::try_from(world.issuer.cards.len()).expect("few cards") - 2;
    for kind in 0..8u64 {
        let item = 1_000 + kind;
        if dice.range(item, 0, 0, 5) != 0 {
            continue;
        }
        let at_ms = dice.range(item, 1, 1_000, knobs.chaos_ms);
        let account = u32::try_from(dice.roll(item, 2).below(accounts)).expect("few accounts");
        let amount = Fen(i64::try_from(dice.range(item, 3, 1, 300_00)).expect("small"));
        let op = match kind {
            0 => HouseOp::TopUp { account, amount },
            1 => HouseOp::AccountState { account, state: AccountState::Frozen },
            2 => HouseOp::AccountState { account, state: AccountState::Closed },
            3 => HouseOp::CreditLimit { account, limit: amount },
            4 => HouseOp::Sweep { merchant: 0 },
            5 => HouseOp::RiskHold { account, amount },
            6 => HouseOp::CardState { card: account.min(last_card), state: CardState::Lost },
            _ => HouseOp::Maintenance { on: true },
        };
        house.push(PlannedHouseOp { at_ms, op });
        if let HouseOp::Maintenance { .. } = op {
            let at_ms = (at_ms + dice.range(item, 4, 5_000, 90_000)).min(knobs.chaos_ms);
            house.push(PlannedHouseOp { at_ms, op: HouseOp::Maintenance { on: false } });
        }
    }
    house
}
