//! Choices that do harm only beside another one, and unsound ones that a run must survive.

use crate::plans::{PRICE, TERMINAL, fault, quiet, refund, sale, sends};
use crate::stories::{
    SALE_MS, first_step, one_sale, request_comes_again_at_once, terminal_dies_after_the_slip,
};
use crate::{broken, check};
use cardstorm::check::Invariant;
use cardstorm::check::Invariant::{DeclineMovesNothing, RefundWithinCapture, SlipTruth};
use cardstorm::plan::{Death, FaultKind, Op, Plan, Start, Task, When, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{OpenDuplicate, RefundGuard};
use cardstorm_models::party::terminal::{
    IndefiniteReply, PendingAtSettlement, ReversalRecord, Unannounced,
};
use cardstorm_models::wire::Mti;

/// Harmless alone; each has a test of its own.
pub const ONLY_IN_PAIRS: [&str; 2] = ["IndefiniteReply::Decline", "RefundGuard::Unconfirmed"];

/// Alone, no sound party ever answers 09, 68 or 94 to a request that may have been executed. An acquirer
/// that answers 94 to a repeat of an open request does, and is sound itself as long as terminals doubt.
#[test]
fn taking_94_for_a_decline_is_unsound_beside_an_acquirer_that_says_94() {
    let says_94 = || {
        let mut plan = request_comes_again_at_once();
        plan.world.acquirer.choices.open_duplicate = OpenDuplicate::Answer94;
        plan
    };
    let decline: fn(&mut World) = terminal!(indefinite_reply = IndefiniteReply::Decline);
    check("IndefiniteReply::Decline", says_94, decline, &[DeclineMovesNothing, SlipTruth]);
    let mut alone = request_comes_again_at_once();
    decline(&mut alone.world);
    assert!(broken("IndefiniteReply::Decline alone", &alone).is_empty());
}

/// Alone, a slip is printed only once the approval is durable at its terminal, and then nothing reverses
/// the sale; without a slip there is no refund. Beside a terminal that reverses what it did not announce,
/// the guard is what stands between a refund and the reversal that follows it.
#[test]
fn refunding_the_unconfirmed_is_unsound_beside_a_terminal_that_reverses_after_the_slip() {
    let mut plan = refund_elsewhere_before_the_terminal_is_back();
    assert!(broken("RefundGuard::Unconfirmed", &plan).is_empty(), "sound choices");
    plan.world.acquirer.choices.refund_guard = RefundGuard::Unconfirmed;
    assert!(broken("RefundGuard::Unconfirmed alone", &plan).is_empty());
    plan.world.terminals[0].choices.unannounced = Unannounced::Reverse;
    assert!(broken("both", &plan).contains_key(&RefundWithinCapture), "refunded, then reversed");
    plan.world.acquirer.choices.refund_guard = RefundGuard::Atomic;
    assert!(!broken("Unannounced::Reverse", &plan).contains_key(&RefundWithinCapture), "guarded");
}

/// A terminal that writes no record of a sale finds, after a restart, an approval of nothing it knows. It
/// must live on all the same: an unsound choice may lose money, and not the run.
#[test]
fn a_terminal_without_a_record_survives_a_restart_after_an_approval() {
    let mut plan = terminal_dies_after_the_slip();
    plan.world.terminals[0].choices.reversal_record = ReversalRecord::Never;
    let found = broken("an approval without a record", &plan);
    assert!(!found.contains_key(&Invariant::Progress), "{found:#?}");
}

/// A terminal that has reversed what it did not announce finds neither line nor slip at its next start, and
/// lives.
#[test]
fn a_terminal_that_reversed_the_unannounced_survives_another_restart() {
    let mut plan = terminal_dies_after_the_slip();
    plan.world.terminals[0].choices.unannounced = Unannounced::Reverse;
    let again = FaultKind::Crash { death: Death::Kill, restart_after_ms: 1_000 };
    plan.faults.push(fault(TERMINAL, again, When::At { ms: plan.chaos_ms - 5_000 }));
    let found = broken("reversed, then restarted", &plan);
    assert!(found.contains_key(&SlipTruth), "{found:#?}");
    assert!(!found.contains_key(&Invariant::Progress), "{found:#?}");
}

/// The slip is out, its terminal dead; another terminal is asked to refund it.
fn refund_elsewhere_before_the_terminal_is_back() -> Plan {
    let mut plan = quiet(2, 200_000);
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops = vec![sale(0, SALE_MS, 1), refund(1, 20_000, 0, PRICE)];
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 60_000 };
    plan.faults = vec![fault(TERMINAL, what, first_step("append announced", 1))];
    plan
}

/// A refund waits for its answer when the till is settled, and is dropped with its batch: the next session
/// must not look for it. (A generated plan once found a till that did, and ended.)
#[test]
fn a_terminal_that_drops_a_pending_refund_lives_on() {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    let settle = Op { terminal: 0, start: Start::At { ms: 40_000 }, task: Task::Settle };
    plan.ops.extend([refund(0, 20_000, 0, Fen(10_00)), settle, sale(0, 150_000, 2)]);
    plan.faults = vec![fault(TERMINAL, FaultKind::Drop, sends(Mti::M0220, 1))];
    plan.world.terminals[0].choices.pending_at_settlement = PendingAtSettlement::Dropped;
    let found = broken("a refund dropped at settlement", &plan);
    assert!(found.contains_key(&Invariant::TotalsAgree), "{found:#?}");
    assert!(!found.contains_key(&Invariant::Progress), "{found:#?}");
}
