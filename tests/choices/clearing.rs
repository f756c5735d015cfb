//! The acquirer's unsound choices about fees, clearing days and payouts, with the plans that show them.

use crate::Row;
use crate::plans::{fault, sends, void};
use crate::stories::{not_undone_by_the_cut_off, priced};
use cardstorm::check::Invariant::{ClearedOnce, FeeExact, RepairedOnce, StateGuard};
use cardstorm::plan::{Death, FaultKind, Place, Plan, Start, When};
use cardstorm_models::clearing::Day;
use cardstorm_models::clearing::fee::{Channel, FeeRow, PriceScope, Shares, TierBoundary};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{
    AfterCutOff, CaptureDay, FeeOnReversal, FeeOnVoid, PayoutJob, PriceDay, RepairJob, VoidGuard,
};
use cardstorm_models::wire::Mti;
use rust_decimal::Decimal;

pub const ROWS: &[Row] = &[
    (
        "VoidGuard::IgnoresSettlement",
        voided_after_the_cut_off,
        acquirer!(void_guard = VoidGuard::IgnoresSettlement),
        &[StateGuard],
    ),
    ("FeeOnVoid::Kept", priced_sale_voided, acquirer!(fee_on_void = FeeOnVoid::Kept), &[FeeExact]),
    (
        "PriceScope::RoundedSum",
        three_sales_of_a_fen_and_a_half,
        acquirer!(fee_scope = PriceScope::RoundedSum),
        &[FeeExact],
    ),
    (
        "PriceScope::CapOnSum",
        two_sales_at_the_cap,
        acquirer!(fee_scope = PriceScope::CapOnSum),
        &[FeeExact],
    ),
    (
        "TierBoundary::Excluded",
        a_sale_on_the_boundary,
        acquirer!(tier_boundary = TierBoundary::Excluded),
        &[FeeExact],
    ),
    (
        "FeeOnReversal::Kept",
        priced_sale_reversed,
        acquirer!(fee_on_reversal = FeeOnReversal::Kept),
        &[FeeExact],
    ),
    (
        "CaptureDay::CivilDate",
        a_sale_after_the_cut_off,
        acquirer!(capture_day = CaptureDay::CivilDate),
        &[ClearedOnce],
    ),
    (
        "PayoutJob::AgainAfterRestart",
        the_centre_restarts_after_a_payout,
        acquirer!(payout_job = PayoutJob::AgainAfterRestart),
        &[ClearedOnce],
    ),
    (
        "AfterCutOff::KeepSending",
        not_undone_by_the_cut_off,
        acquirer!(after_cut_off = AfterCutOff::KeepSending),
        &[RepairedOnce],
    ),
    (
        "RepairJob::AgainAfterRestart",
        the_centre_restarts_after_a_repair,
        acquirer!(repair_job = RepairJob::AgainAfterRestart),
        &[RepairedOnce],
    ),
    (
        "PriceDay::CivilDate",
        a_rate_that_changes_at_the_cut_off,
        acquirer!(price_day = PriceDay::CivilDate),
        &[FeeExact],
    ),
];

/// The second sale is in the clearing day of 3 March, on the evening before.
fn a_rate_that_changes_at_the_cut_off() -> Plan {
    let mut plan = a_sale_after_the_cut_off();
    let contract = plan.world.acquirer.merchants[0].contract.as_mut().expect("just made");
    let shares = Shares { issuer: 1, network: 1, acquirer: 1 };
    let row = |rate| FeeRow::plain(Channel::Card, Decimal::new(rate, 4), shares);
    let new = Day::of(plan.start).plus(1);
    let old = FeeRow { to: Some(new.plus(-1)), ..row(38) };
    contract.fees.rows = vec![old, FeeRow { from: Some(new), ..row(60) }];
    plan
}

fn priced_sale_voided() -> Plan {
    let mut plan = priced(&[100_00]);
    plan.ops.push(void(0, 20_000, 0));
    plan
}

/// The clearing day has ended a minute into the run, and is paid.
fn voided_after_the_cut_off() -> Plan {
    let mut plan = priced(&[100_00]);
    plan.ops.push(void(0, 90_000, 0));
    plan
}

/// A rate that makes 1.5 fen of each sale.
fn three_sales_of_a_fen_and_a_half() -> Plan {
    priced(&[2_50, 2_50, 2_50])
}

fn two_sales_at_the_cap() -> Plan {
    let mut plan = priced(&[100_00, 100_00]);
    let contract = plan.world.acquirer.merchants[0].contract.as_mut().expect("just made");
    contract.fees.rows[1].cap = Some(Fen(60));
    plan
}

fn a_sale_on_the_boundary() -> Plan {
    let mut plan = priced(&[100_00]);
    let contract = plan.world.acquirer.merchants[0].contract.as_mut().expect("just made");
    let shares = Shares { issuer: 1, network: 1, acquirer: 1 };
    let row = |rate| FeeRow::plain(Channel::Card, Decimal::new(rate, 4), shares);
    let small = FeeRow { up_to: Some(Fen(100_00)), ..row(38) };
    contract.fees.rows = vec![small, FeeRow { above: Fen(100_00), ..row(55) }];
    plan
}

fn priced_sale_reversed() -> Plan {
    let mut plan = priced(&[100_00]);
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1))];
    plan
}

/// The second sale comes after the cut-off, with the same date on the wall.
fn a_sale_after_the_cut_off() -> Plan {
    let mut plan = priced(&[100_00, 100_00]);
    plan.ops[1].start = Start::At { ms: 90_000 };
    plan
}

fn the_centre_restarts_after_a_payout() -> Plan {
    let mut plan = priced(&[100_00]);
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 3_000 };
    plan.faults = vec![fault(Place::Acquirer, what, When::At { ms: 90_000 })];
    plan
}

fn the_centre_restarts_after_a_repair() -> Plan {
    let mut plan = not_undone_by_the_cut_off();
    plan.faults.extend(the_centre_restarts_after_a_payout().faults);
    plan
}
