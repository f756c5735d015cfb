//! The issuer's unsound choices, with the plans that show them.

use crate::Row;
use crate::plans::{PRICE, TERMINAL, fault, quiet, sale, sends};
use crate::stories::{dies, not_undone_by_the_cut_off, one_sale, one_sale_with, reply_lost};
use cardstorm::check::Invariant;
use cardstorm::check::Invariant::{
    AccurateCode, DeclineMovesNothing, NoDoubleDebit, RefundWithinCapture, RepairedOnce, SlipTruth,
};
use cardstorm::plan::{FaultKind, Place, Plan, PlannedHouseOp, Task, When};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::{
    AccountState, AdjustmentGuard, AdviceCommit, BalanceRead, FrozenCode, IssuerCommit, IssuerKey,
    PinCount, Tombstones,
};
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "PinCount::EveryCopy",
        wrong_pin_copied,
        issuer!(pin_count = PinCount::EveryCopy),
        &[Invariant::PinCount],
    ),
    (
        "PinCount::GivenBack",
        wrong_pin_reversed,
        issuer!(pin_count = PinCount::GivenBack),
        &[Invariant::PinCount],
    ),
    (
        "IssuerKey::None",
        forwarded_request_comes_again,
        issuer!(duplicate_key = IssuerKey::None),
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "Tombstones::None",
        reversal_overtakes_the_request,
        issuer!(tombstones = Tombstones::None),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "IssuerCommit::AfterReply",
        issuer_dies_before_its_record,
        issuer!(commit = IssuerCommit::AfterReply),
        &[SlipTruth, NoDoubleDebit],
    ),
    (
        "AdviceCommit::AfterReply",
        issuer_dies_before_it_reverses,
        issuer!(advice_commit = AdviceCommit::AfterReply),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "AdjustmentGuard::None",
        undone_and_not_acknowledged_by_the_cut_off,
        issuer!(adjustment_guard = AdjustmentGuard::None),
        &[RepairedOnce, RefundWithinCapture],
    ),
    (
        "FrozenCode::InsufficientFunds",
        account_is_frozen,
        issuer!(frozen_code = FrozenCode::InsufficientFunds),
        &[AccurateCode],
    ),
    (
        "BalanceRead::Replica",
        money_has_just_come_in,
        issuer!(balance_read = BalanceRead::Replica { lag_ms: 60_000 }),
        &[AccurateCode],
    ),
];

fn issuer_dies_before_its_record() -> Plan {
    dies(Place::Issuer, "append decision")
}

/// A holder who has a PIN keys these, at these times.
fn keyed(entries: &[(u64, &str)]) -> Plan {
    let mut plan = quiet(1, 160_000);
    plan.world.issuer.cards[0].pin = Some("123456".parse().expect("a PIN"));
    for (intent, (ms, entry)) in (1..).zip(entries) {
        let mut op = sale(0, *ms, intent);
        if let Task::Sale { pin, .. } = &mut op.task {
            *pin = Some(entry.parse().expect("a PIN"));
        }
        plan.ops.push(op);
    }
    plan
}

fn wrong_pin_copied() -> Plan {
    let mut plan = keyed(&[(1_000, "111111"), (10_000, "222222"), (20_000, "123456")]);
    let twice = FaultKind::Duplicate { after_ms: 500 };
    plan.faults = vec![fault(Place::Acquirer, twice, sends(Mti::M0200, 1))];
    plan
}

/// The answer to the third wrong entry is lost between the hosts.
fn wrong_pin_reversed() -> Plan {
    let wrong = [(1_000, "111111"), (10_000, "222222"), (20_000, "333333"), (100_000, "444444")];
    let mut plan = keyed(&wrong);
    plan.faults = vec![fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 3))];
    plan
}

fn issuer_dies_before_it_reverses() -> Plan {
    let mut plan = dies(Place::Issuer, "append reversal");
    plan.faults.extend(reply_lost().faults);
    plan
}

fn forwarded_request_comes_again() -> Plan {
    one_sale_with(Place::Acquirer, FaultKind::Duplicate { after_ms: 50 }, sends(Mti::M0200, 1))
}

/// The forwarded request is held up; the terminal's line breaks, it reverses, and the acquirer's advice is
/// at the issuer before the request itself.
fn reversal_overtakes_the_request() -> Plan {
    let mut plan =
        one_sale_with(Place::Acquirer, FaultKind::Delay { ms: 20_000 }, sends(Mti::M0200, 1));
    let reset = FaultKind::Reset { peer: Place::Acquirer };
    plan.faults.push(fault(TERMINAL, reset, When::At { ms: 7_000 }));
    plan
}

fn account_is_frozen() -> Plan {
    let mut plan = one_sale();
    plan.world.issuer.accounts[0].state = AccountState::Frozen;
    plan
}

fn money_has_just_come_in() -> Plan {
    let mut plan = one_sale();
    plan.world.issuer.accounts[0].opening = Fen(1_00);
    let op = HouseOp::TopUp { account: 0, amount: PRICE };
    plan.house = vec![PlannedHouseOp { at_ms: 3_000, op }];
    plan
}

/// The advice arrives, and its acknowledgement is lost: the first with the old line, the second on the new.
fn undone_and_not_acknowledged_by_the_cut_off() -> Plan {
    let mut plan = not_undone_by_the_cut_off();
    plan.faults.truncate(1);
    plan.faults.push(fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0430, 2)));
    plan
}
