//! The unsound choices about batches, with the plans that show them: a shop sells, its centre's batch file
//! loses an item where details are to be uploaded, and the till is settled at 30 s.

use crate::plans::{TERMINAL, fault, quiet, refund, sale, sends};
use crate::stories::first_step;
use crate::{Row, broken, check};
use cardstorm::check::Invariant::{
    Conservation, NoDoubleDebit, Progress, ReversalCompletes, SlipTruth, TotalsAgree,
};
use cardstorm::plan::{Death, FaultKind, Op, Place, Plan, PlannedHouseOp, Start, Task, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::acquirer::{
    ClosedBatch, EndMessage, Retention, TotalsVerdict, UploadAgain, UploadUnknown,
};
use cardstorm_models::party::terminal::{
    BatchEnd, PendingAtSettlement, SettlingLock, UploadFlags, UploadedLines,
};
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "PendingAtSettlement::Dropped",
        settled_with_a_reversal_pending,
        |world| {
            world.terminals[0].choices.pending_at_settlement = PendingAtSettlement::Dropped;
        },
        &[TotalsAgree, ReversalCompletes, SlipTruth],
    ),
    (
        "SettlingLock::InMemory",
        terminal_dies_while_settling,
        |world| world.terminals[0].choices.settling_lock = SettlingLock::InMemory,
        &[TotalsAgree, Progress],
    ),
    (
        "UploadedLines::AdvicesAlone",
        an_item_lost_and_a_refund,
        |world| world.terminals[0].choices.uploaded_lines = UploadedLines::AdvicesAlone,
        &[TotalsAgree],
    ),
    ("UploadedLines::OneMore", an_item_lost, one_more, &[TotalsAgree]),
    ("BatchEnd::Always207", an_item_lost, always_207, &[TotalsAgree, Progress]),
    (
        "TotalsVerdict::AlwaysBalanced",
        an_item_lost,
        |world| world.acquirer.choices.totals_verdict = TotalsVerdict::AlwaysBalanced,
        &[TotalsAgree],
    ),
    (
        "UploadAgain::Inserts",
        answer_to_an_upload_lost,
        inserts,
        &[TotalsAgree, SlipTruth, Conservation],
    ),
];

/// Harmless alone; each has a test of its own below.
pub const ONLY_IN_PAIRS: [&str; 4] = [
    "UploadFlags::InMemory",
    "UploadUnknown::Clears",
    "EndMessage::Trusted",
    "ClosedBatch::Executed",
];

fn one_more(world: &mut World) {
    world.terminals[0].choices.uploaded_lines = UploadedLines::OneMore;
}

fn always_207(world: &mut World) {
    world.terminals[0].choices.batch_end = BatchEnd::Always207;
}

fn inserts(world: &mut World) {
    world.acquirer.choices.upload_again = UploadAgain::Inserts;
}

fn settle(ms: u64) -> Op {
    Op { terminal: 0, start: Start::At { ms }, task: Task::Settle }
}

/// Two sales and their settlement.
fn a_settlement() -> Plan {
    let mut plan = quiet(1, 200_000);
    plan.ops = vec![sale(0, 5_000, 1), sale(0, 8_000, 2), settle(30_000)];
    plan
}

fn an_item_lost() -> Plan {
    let mut plan = a_settlement();
    let op = HouseOp::LoseBatchItem { terminal: 0, nth: 0 };
    plan.house = vec![PlannedHouseOp { at_ms: 20_000, op }];
    plan
}

fn an_item_lost_and_a_refund() -> Plan {
    let mut plan = an_item_lost();
    plan.ops.push(refund(0, 12_000, 0, Fen(30_00)));
    plan
}

fn answer_to_an_upload_lost() -> Plan {
    let mut plan = an_item_lost();
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0330, 1))];
    plan
}

/// The first sale is in doubt at 65 s, and its first 0400 is lost; the cashier settles meanwhile.
fn settled_with_a_reversal_pending() -> Plan {
    let mut plan = quiet(1, 300_000);
    plan.ops = vec![sale(0, 5_000, 1), settle(70_000)];
    plan.faults = vec![
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1)),
        fault(TERMINAL, FaultKind::Drop, sends(Mti::M0400, 1)),
    ];
    plan
}

fn killed(effect: &str, nth: u32) -> cardstorm::plan::Fault {
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 3_000 };
    fault(TERMINAL, what, first_step(effect, nth))
}

/// It dies with its totals sent, and sells again later.
fn terminal_dies_while_settling() -> Plan {
    let mut plan = a_settlement();
    plan.ops.push(sale(0, 60_000, 3));
    plan.faults = vec![killed("append totals answered", 1)];
    plan
}

/// It dies with its records uploaded and before the end message, which is the second 0320.
fn terminal_dies_after_the_upload() -> Plan {
    let mut plan = an_item_lost();
    plan.faults = vec![killed("send 0320", 2)];
    plan
}

/// A centre that inserts again is harmed only by what comes again. Where every answer arrives, that is a
/// terminal that does not know what it has uploaded.
#[test]
fn uploading_again_after_a_restart_is_unsound_beside_a_centre_that_inserts_again() {
    let mut plan = terminal_dies_after_the_upload();
    let in_memory: fn(&mut World) =
        |world| world.terminals[0].choices.upload_flags = UploadFlags::InMemory;
    in_memory(&mut plan.world);
    assert!(broken("UploadFlags::InMemory alone", &plan).is_empty());
    let beside = || {
        let mut plan = terminal_dies_after_the_upload();
        inserts(&mut plan.world);
        plan
    };
    check("UploadFlags::InMemory", beside, in_memory, &[TotalsAgree, SlipTruth, Conservation]);
}

/// No sound terminal uploads what nobody authorised. One that does is found out by the totals; a centre that
/// clears it moves money that no cardholder ever paid.
#[test]
fn clearing_the_unknown_is_unsound_beside_a_terminal_that_forges() {
    let mut plan = an_item_lost();
    let clears: fn(&mut World) =
        |world| world.acquirer.choices.upload_unknown = UploadUnknown::Clears;
    clears(&mut plan.world);
    assert!(broken("UploadUnknown::Clears alone", &plan).is_empty());
    one_more(&mut plan.world);
    let found = broken("both", &plan);
    assert!(found.contains_key(&Conservation), "{found:#?}");
    let mut plan = an_item_lost();
    one_more(&mut plan.world);
    let found = broken("UploadedLines::OneMore", &plan);
    assert!(!found.contains_key(&Conservation), "nothing is cleared: {found:#?}");
}

/// A sound terminal ends a batch as it was answered, so a centre that trusts the end message is never
/// lied to.
#[test]
fn trusting_the_end_message_is_unsound_beside_a_terminal_that_always_says_207() {
    let mut plan = an_item_lost();
    plan.world.acquirer.choices.end_message = EndMessage::Trusted;
    assert!(broken("EndMessage::Trusted alone", &plan).is_empty());
    always_207(&mut plan.world);
    let found = broken("both", &plan);
    assert!(found.contains_key(&TotalsAgree), "{found:#?}");
    assert!(!found.contains_key(&Progress), "closed as if it balanced: {found:#?}");
}

/// As long as keys are kept, a late copy gets its stored answer, whatever became of its batch. Where they are
/// not, the closed batch is what stands between the copy and a second debit (soundness 11).
#[test]
fn executing_in_a_closed_batch_is_unsound_beside_a_memory_that_is_too_short() {
    let mut plan = a_settlement();
    let copy = FaultKind::Duplicate { after_ms: 100_000 };
    plan.faults = vec![fault(TERMINAL, copy, sends(Mti::M0200, 1))];
    plan.world.acquirer.choices.closed_batch = ClosedBatch::Executed;
    assert!(broken("ClosedBatch::Executed alone", &plan).is_empty());
    plan.world.acquirer.choices.retention = Retention::For { ms: 10_000 };
    let found = broken("both", &plan);
    assert!(found.contains_key(&NoDoubleDebit), "{found:#?}");
    assert!(found.contains_key(&TotalsAgree), "booked in a closed batch: {found:#?}");
    plan.world.acquirer.choices.closed_batch = ClosedBatch::Refused;
    assert!(broken("Retention::For, guarded", &plan).is_empty());
}
