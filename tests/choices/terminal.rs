//! The terminal's unsound choices, with the plans that show them.

use crate::Row;
use crate::plans::{PRICE, TERMINAL, fault, quiet, refund, sale, sends};
use crate::stories::{
    dies, first_step, one_sale, one_sale_with, replaced_between_equal_sales, reply_lost,
    terminal_dies_after_the_slip, too_little_on_the_account, voided,
};
use cardstorm::check::Invariant::{
    AccurateCode, Correlation, DeclineMovesNothing, NoCardData, NoDoubleDebit, Progress,
    ReversalCompletes, SlipTruth,
};
use cardstorm::plan::{
    Death, FaultKind, Op, Operator, Place, Plan, PlannedHouseOp, Start, Task, When,
};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::AccountState;
use cardstorm_models::party::terminal::{
    BadMacReply, BalanceSign, CodeWords, DeclinedVoid, Framing, NewBatch, PaidIntent, PrinterFault,
    RecordContent, RefusedRefund, ReplyMatching, ReversalAttempts, ReversalDone, ReversalRecord,
    TimeoutShows, Unannounced, UnknownCodeShows,
};
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "ReversalRecord::AfterSend",
        terminal_dies_before_its_record,
        terminal!(reversal_record = ReversalRecord::AfterSend),
        &[SlipTruth, ReversalCompletes],
    ),
    (
        "ReversalRecord::Never",
        reply_lost,
        terminal!(reversal_record = ReversalRecord::Never),
        &[SlipTruth, ReversalCompletes],
    ),
    (
        "RecordContent::WholeCard",
        one_sale,
        terminal!(record_content = RecordContent::WholeCard),
        &[NoCardData],
    ),
    (
        "ReplyMatching::Unechoed",
        one_sale,
        terminal!(reply_matching = ReplyMatching::Unechoed),
        &[Progress],
    ),
    (
        "Framing::SingleRead",
        every_frame_in_two_pieces,
        terminal!(framing = Framing::SingleRead),
        &[Progress],
    ),
    (
        "ReversalDone::AnyCode",
        reversal_meets_maintenance,
        terminal!(reversal_done = ReversalDone::AnyCode),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "ReversalAttempts::GiveUp",
        reversal_lost,
        terminal!(reversal_attempts = ReversalAttempts::GiveUp { tries: 1 }),
        &[ReversalCompletes, SlipTruth],
    ),
    (
        "ReplyMatching::IgnoreStan",
        late_reply_meets_the_next_sale,
        terminal!(reply_matching = ReplyMatching::IgnoreStan),
        &[Correlation],
    ),
    (
        "BadMacReply::Forget",
        keys_change_under_an_open_sale,
        terminal!(bad_mac_reply = BadMacReply::Forget),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "TimeoutShows::InsufficientFunds",
        reply_lost,
        terminal!(timeout_shows = TimeoutShows::InsufficientFunds),
        &[AccurateCode],
    ),
    (
        "UnknownCodeShows::InsufficientFunds",
        refused_with_an_unknown_code,
        terminal!(unknown_code_shows = UnknownCodeShows::InsufficientFunds),
        &[AccurateCode],
    ),
    (
        "UnknownCodeShows::Approved",
        refused_with_an_unknown_code,
        terminal!(unknown_code_shows = UnknownCodeShows::Approved),
        &[SlipTruth],
    ),
    (
        "PaidIntent::SendAgain",
        one_purchase_keyed_twice,
        terminal!(paid_intent = PaidIntent::SendAgain),
        &[NoDoubleDebit],
    ),
    (
        "PaidIntent::OncePrinted",
        keyed_again_for_want_of_paper,
        terminal!(paid_intent = PaidIntent::OncePrinted),
        &[NoDoubleDebit],
    ),
    (
        "PrinterFault::Reverse",
        jams_on_a_slip_that_is_out,
        terminal!(printer_fault = PrinterFault::Reverse),
        &[SlipTruth],
    ),
    (
        "PrinterFault::ForgetSlip",
        keyed_again_for_want_of_paper,
        terminal!(printer_fault = PrinterFault::ForgetSlip),
        &[SlipTruth],
    ),
    (
        "Unannounced::Reverse",
        terminal_dies_after_the_slip,
        terminal!(unannounced = Unannounced::Reverse),
        &[SlipTruth],
    ),
    (
        "Unannounced::Forget",
        terminal_dies_before_the_slip,
        terminal!(unannounced = Unannounced::Forget),
        &[SlipTruth],
    ),
    (
        "NewBatch::Ignore",
        replaced_between_equal_sales,
        terminal!(new_batch = NewBatch::Ignore),
        &[Correlation],
    ),
    (
        "DeclinedVoid::Done",
        void_declined,
        terminal!(declined_void = DeclinedVoid::Done),
        &[SlipTruth, AccurateCode],
    ),
    (
        "RefusedRefund::Done",
        refunded_too_much,
        terminal!(refused_refund = RefusedRefund::Done),
        &[SlipTruth, AccurateCode],
    ),
    (
        "BalanceSign::Ignored",
        owing_and_asking,
        terminal!(balance_sign = BalanceSign::Ignored),
        &[AccurateCode],
    ),
    (
        "CodeWords::NextRow",
        too_little_on_the_account,
        terminal!(code_words = CodeWords::NextRow),
        &[AccurateCode],
    ),
    (
        "CodeWords::General",
        too_little_on_the_account,
        terminal!(code_words = CodeWords::General),
        &[AccurateCode],
    ),
];

fn every_frame_in_two_pieces() -> Plan {
    let mut plan = one_sale();
    plan.links.split_per_million = 1_000_000;
    plan
}

fn terminal_dies_before_its_record() -> Plan {
    dies(TERMINAL, "append sale pending")
}

fn terminal_dies_before_the_slip() -> Plan {
    dies(TERMINAL, "print slip")
}

fn reversal_meets_maintenance() -> Plan {
    let mut plan = reply_lost();
    let at = |at_ms, on| PlannedHouseOp { at_ms, op: HouseOp::Maintenance { on } };
    plan.house = vec![at(30_000, true), at(100_000, false)];
    plan
}

fn reversal_lost() -> Plan {
    let mut plan = reply_lost();
    plan.faults.push(fault(TERMINAL, FaultKind::Drop, sends(Mti::M0400, 1)));
    plan
}

/// The first sale's approval is on its way for 65 s; by then the next sale waits for its own.
fn late_reply_meets_the_next_sale() -> Plan {
    let mut plan =
        one_sale_with(Place::Acquirer, FaultKind::Delay { ms: 65_000 }, sends(Mti::M0210, 1));
    plan.ops.push(sale(0, 67_000, 2));
    plan.faults.push(fault(Place::Issuer, FaultKind::Delay { ms: 20_000 }, sends(Mti::M0210, 2)));
    plan
}

/// The first sign-on is held up on a line whose terminal has lost power since; when it reaches the acquirer
/// it is given new keys, while a sale under the keys of the second sign-on waits for the issuer.
fn keys_change_under_an_open_sale() -> Plan {
    let mut plan = one_sale_with(TERMINAL, FaultKind::Delay { ms: 7_000 }, sends(Mti::M0800, 1));
    let power_loss = FaultKind::Crash { death: Death::PowerLoss, restart_after_ms: 1_000 };
    plan.faults.push(fault(TERMINAL, power_loss, When::At { ms: 2_000 }));
    plan.faults.push(fault(Place::Issuer, FaultKind::Delay { ms: 10_000 }, sends(Mti::M0210, 1)));
    plan
}

/// Maintenance answers with a code of its own that is in no table.
fn refused_with_an_unknown_code() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.maintenance_code = ResponseCode(*b"Q7");
    let at = |at_ms, on| PlannedHouseOp { at_ms, op: HouseOp::Maintenance { on } };
    plan.house = vec![at(1_000, true), at(60_000, false)];
    plan
}

fn one_purchase_keyed_twice() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(sale(0, 20_000, 1));
    plan
}

/// The slip does not come out, and the cashier keys the sale again.
fn keyed_again_for_want_of_paper() -> Plan {
    let no_paper = FaultKind::PaperOut { for_ms: 60_000 };
    let mut plan = one_sale_with(TERMINAL, no_paper, first_step("print slip", 1));
    plan.operator = Operator { retries_after_no_slip: 1, retry_delay_ms: 5_000, ..plan.operator };
    plan
}

/// The customer has the slip when the printer reports a jam.
fn jams_on_a_slip_that_is_out() -> Plan {
    let jam = FaultKind::PrinterJam { for_ms: 60_000, slip_out: true };
    one_sale_with(TERMINAL, jam, first_step("print slip", 1))
}

/// The account was closed in between, so the issuer declines the void.
fn void_declined() -> Plan {
    let mut plan = voided();
    let op = HouseOp::AccountState { account: 0, state: AccountState::Closed };
    plan.house = vec![PlannedHouseOp { at_ms: 15_000, op }];
    plan
}

/// The bank holds more than there is, and the customer asks.
fn owing_and_asking() -> Plan {
    let mut plan = quiet(1, 70_000);
    let op = HouseOp::RiskHold { account: 0, amount: Fen(10_000_000_00) };
    plan.house = vec![PlannedHouseOp { at_ms: 1_000, op }];
    let task = Task::Balance { card: 0, pin: None };
    plan.ops = vec![Op { terminal: 0, start: Start::At { ms: 10_000 }, task }];
    plan
}

/// More than was paid is asked back, and refused for good.
fn refunded_too_much() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(refund(0, 20_000, 0, PRICE + Fen(1)));
    plan
}
