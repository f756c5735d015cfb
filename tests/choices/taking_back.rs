//! The acquirer's unsound choices about refunds and voids, with the plans that show them.

use crate::Row;
use crate::plans::{PRICE, fault, refund, sale, sends, void};
use crate::stories::{one_sale, voided};
use cardstorm::check::Invariant::{
    AccurateCode, Conservation, DeclineMovesNothing, RefundWithinCapture, SlipTruth, StateGuard,
};
use cardstorm::plan::{FaultKind, Op, Place, Plan, PlannedHouseOp, Start, Task};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::acquirer::{
    ChargebackGuard, OriginalDate, PortalGuard, RefundGuard, ReversalLookup, ShortageCode,
    VoidGuard, VoidReversed,
};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "RefundGuard::EachAlone",
        refunds_add_up_to_too_much,
        acquirer!(refund_guard = RefundGuard::EachAlone),
        &[RefundWithinCapture],
    ),
    (
        "PortalGuard::OwnCount",
        refunded_at_the_portal_too,
        acquirer!(portal_guard = PortalGuard::OwnCount),
        &[RefundWithinCapture],
    ),
    (
        "ChargebackGuard::IgnoresRefunds",
        refunded_and_disputed,
        acquirer!(chargeback_guard = ChargebackGuard::IgnoresRefunds),
        &[RefundWithinCapture],
    ),
    (
        "ChargebackGuard::Unconfirmed",
        disputed_while_in_doubt,
        acquirer!(chargeback_guard = ChargebackGuard::Unconfirmed),
        &[RefundWithinCapture],
    ),
    (
        "VoidGuard::IgnoresVoids",
        voided_twice,
        acquirer!(void_guard = VoidGuard::IgnoresVoids),
        &[StateGuard, RefundWithinCapture],
    ),
    (
        "VoidGuard::IgnoresRefunds",
        voided_before_its_refund_is_at_the_bank,
        acquirer!(void_guard = VoidGuard::IgnoresRefunds),
        &[StateGuard, RefundWithinCapture],
    ),
    (
        "ReversalLookup::OriginalData",
        void_answer_lost,
        acquirer!(reversal_lookup = ReversalLookup::OriginalData),
        &[SlipTruth, DeclineMovesNothing],
    ),
    (
        "VoidReversed::StaysVoided",
        void_answer_lost,
        acquirer!(void_reversed = VoidReversed::StaysVoided),
        &[SlipTruth, Conservation],
    ),
    (
        "ShortageCode::InsufficientFunds",
        merchant_has_nothing_left,
        acquirer!(shortage_code = ShortageCode::InsufficientFunds),
        &[AccurateCode],
    ),
    (
        "OriginalDate::ThisYear",
        refunded_on_new_years_day,
        acquirer!(original_date = OriginalDate::ThisYear),
        &[AccurateCode],
    ),
];

/// The merchant gives money back at its portal for an operation.
fn portal_refund(ms: u64, of: u32, amount: Fen) -> Op {
    Op { terminal: 0, start: Start::At { ms }, task: Task::PortalRefund { of, amount } }
}

/// The holder disputes a debit of the usual price.
fn dispute(ms: u64) -> Op {
    Op { terminal: 0, start: Start::At { ms }, task: Task::Dispute { card: 0, amount: PRICE } }
}

fn refunds_add_up_to_too_much() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.push(refund(0, 20_000, 0, Fen(60_00)));
    plan.ops.push(refund(0, 40_000, 0, Fen(60_00)));
    plan
}

/// The customer has the whole price back at the till, and the office enters it at the portal once more.
fn refunded_at_the_portal_too() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.push(refund(0, 20_000, 0, Fen(100_00)));
    plan.ops.push(portal_refund(40_000, 0, Fen(100_00)));
    plan
}

/// The refund's advice is lost and waits for its next try: the bank knows of no refund when the holder comes.
fn refunded_and_disputed() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.push(refund(0, 20_000, 0, Fen(100_00)));
    plan.ops.push(dispute(25_000));
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0220, 1))];
    plan
}

/// The answer is lost. The holder sees the debit and disputes it before the terminal has reversed.
fn disputed_while_in_doubt() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(dispute(20_000));
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1))];
    plan
}

fn voided_twice() -> Plan {
    let mut plan = voided();
    plan.ops.push(void(0, 40_000, 0));
    plan
}

/// The refund's advice is lost and waits for its next try when the void comes.
fn voided_before_its_refund_is_at_the_bank() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.push(refund(0, 20_000, 0, Fen(40_00)));
    plan.ops.push(void(0, 40_000, 0));
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0220, 1))];
    plan
}

/// The second 0210 that the acquirer sends is the void's.
fn void_answer_lost() -> Plan {
    let mut plan = voided();
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 2))];
    plan
}

/// The first refund confirms the sale, so that its takings are paid out before the second.
fn merchant_has_nothing_left() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(refund(0, 10_000, 0, Fen(1_00)));
    plan.ops.push(refund(0, 40_000, 0, Fen(50_00)));
    plan.house = vec![PlannedHouseOp { at_ms: 20_000, op: HouseOp::Sweep { merchant: 0 } }];
    plan
}

/// The next sale confirms the first, which was paid in the old year.
fn refunded_on_new_years_day() -> Plan {
    let mut plan = one_sale();
    plan.start = Wall::from_civil(jiff::civil::date(2026, 12, 31).at(23, 59, 30, 0));
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.extend([sale(0, 20_000, 2), refund(0, 60_000, 0, Fen(10_00))]);
    plan
}
