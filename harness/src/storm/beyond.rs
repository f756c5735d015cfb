//! Outside what any design survives: each plan gets one thing that the rules themselves say is beyond them.
//! What it breaks is a loss that the checks must report.

use super::Dice;
use crate::plan::{Fault, FaultKind, MessageFilter, Place, Plan, Start, Task, When};
use cardstorm_models::party::acquirer::Retention;
use cardstorm_models::wire::Mti;

/// Adds one such thing.
pub(super) fn step_outside(dice: Dice, plan: &mut Plan) {
    match dice.range(0, 0, 0, 2) {
        0 => delay_beyond_retention(dice, plan),
        1 => one_purchase_at_two_terminals(dice, plan),
        _ => reversal_forgotten(dice, plan),
    }
}

/// A reply is lost, and before the reversal goes out the terminal comes back with a journal that has no
/// record of it (soundness 10).
fn reversal_forgotten(dice: Dice, plan: &mut Plan) {
    let at = Place::Terminal(0);
    let filter = MessageFilter { mti: Some(Mti::M0210), ..MessageFilter::default() };
    let when = When::Receives { filter, nth: dice.small(3, 0, 1, 2) };
    plan.faults.push(Fault { at, what: FaultKind::Drop, when });
    let restart_after_ms = dice.range(3, 1, 500, 20_000);
    let age_ms = plan.end_ms();
    let what = FaultKind::Restore { age_ms, restart_after_ms, even_open: true };
    let (effect, nth) = ("send 0400".to_owned(), 1);
    let when = When::Before { effect, terminal: None, stan: None, op: None, nth };
    plan.faults.push(Fault { at, what, when });
}

/// A request comes once more when its key is no longer kept (soundness 11: a delay must not exceed the
/// retention).
fn delay_beyond_retention(dice: Dice, plan: &mut Plan) {
    let ms = dice.range(1, 0, 5_000, 20_000);
    plan.world.acquirer.choices.retention = Retention::For { ms };
    let filter = MessageFilter { mti: Some(Mti::M0200), ..MessageFilter::default() };
    plan.faults.push(Fault {
        at: Place::Terminal(0),
        what: FaultKind::Duplicate { after_ms: ms + dice.range(1, 1, 20_000, 60_000) },
        when: When::Sends { filter, nth: dice.small(1, 2, 1, 2) },
    });
}

/// The customer is sent to another till while the first is still at it: neither can know of the other.
fn one_purchase_at_two_terminals(dice: Dice, plan: &mut Plan) {
    let terminals = u64::try_from(plan.world.terminals.len()).expect("few terminals");
    let sale = plan.ops.iter().find(|op| matches!(op.task, Task::Sale { .. })).cloned();
    let (Some(mut again), true) = (sale, terminals > 1) else {
        return delay_beyond_retention(dice, plan);
    };
    again.terminal = (again.terminal + 1) % u16::try_from(terminals).expect("few terminals");
    if let Start::At { ms } = &mut again.start {
        *ms += dice.range(2, 0, 1_000, 20_000);
    }
    plan.ops.push(again);
}
