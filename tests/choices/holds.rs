//! The unsound choices about pre-authorisations, with the plans that show them: 100 yuan are set apart at 5
//! s, and something becomes of them from 20 s on.

use super::Row;
use super::plans::{PRICE, TERMINAL, fault, quiet, refund, sale, sends};
use cardstorm::check::Invariant::{HoldBound, RefundWithinCapture, StateGuard};
use cardstorm::check::judge;
use cardstorm::plan::{FaultKind, Op, Place, Plan, Start, Task, World};
use cardstorm::stage;
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{AcquirerKey, RefundGuard};
use cardstorm_models::party::issuer::{CompletionGuard, CompletionLimit, HoldEnd};
use cardstorm_models::party::terminal::BadMacReply;
use cardstorm_models::wire::Mti;
use std::sync::Arc;

pub const ROWS: &[Row] = &[
    (
        "CompletionLimit::None",
        completed_beyond_the_hold,
        |world| world.issuer.choices.completion_limit = CompletionLimit::None,
        &[StateGuard],
    ),
    (
        "CompletionGuard::IgnoresVoids",
        voided_and_completed,
        |world| world.issuer.choices.completion_guard = CompletionGuard::IgnoresVoids,
        &[StateGuard],
    ),
    (
        "HoldEnd::ForgetsVoid",
        voided_and_completed,
        |world| world.issuer.choices.hold_end = HoldEnd::ForgetsVoid,
        &[HoldBound],
    ),
    (
        "RefundGuard::AsAuthorised",
        refunded_as_authorised,
        |world| world.acquirer.choices.refund_guard = RefundGuard::AsAuthorised,
        &[RefundWithinCapture],
    ),
];

fn at(ms: u64, task: Task) -> Op {
    Op { terminal: 0, start: Start::At { ms }, task }
}

fn set_apart() -> Plan {
    let mut plan = quiet(1, 70_000);
    plan.ops = vec![at(5_000, Task::PreAuth { amount: PRICE, card: 0, pin: None })];
    plan
}

fn completion(intent: u32, amount: Fen) -> Task {
    Task::Completion { of: 0, intent, amount, card: 0 }
}

fn completed_beyond_the_hold() -> Plan {
    let mut plan = set_apart();
    plan.ops.push(at(20_000, completion(1, Fen(11_501))));
    plan
}

fn voided_and_completed() -> Plan {
    let mut plan = set_apart();
    plan.ops.push(at(20_000, Task::Void { of: 0, amount: None, card: 0 }));
    plan.ops.push(at(30_000, completion(1, PRICE)));
    plan
}

/// 60 of 100 are completed and confirmed by another sale; then the whole is refunded.
fn refunded_as_authorised() -> Plan {
    let mut plan = set_apart();
    plan.world.acquirer.merchants[0].opening_unsettled = PRICE;
    plan.ops.push(at(20_000, completion(1, Fen(6_000))));
    plan.ops.push(sale(0, 30_000, 2));
    plan.ops.push(refund(0, 40_000, 1, PRICE));
    plan
}

/// Whose rule a hold that went astray is said to be, with one choice made.
fn hold_blamed_on(plan: &Plan, choose: fn(&mut World)) -> Place {
    let mut plan = plan.clone();
    choose(&mut plan.world);
    let plan = Arc::new(plan);
    let verdicts = judge(&plan, &stage::run(&plan));
    let hold = verdicts.iter().find(|verdict| verdict.invariant == HoldBound);
    hold.and_then(|verdict| verdict.violation()).expect("the hold goes astray").blamed
}

/// The issuer did as it was asked: the terminal took an answer that it could not trust for a no, or the
/// acquirer had one request decided twice. (Both were once said to be the issuer's.)
#[test]
fn a_hold_that_others_led_astray_is_not_the_issuers() {
    let mut plan = set_apart();
    plan.ops.push(at(20_000, Task::Void { of: 0, amount: None, card: 0 }));
    plan.faults = vec![fault(Place::Acquirer, FaultKind::StripMac, sends(Mti::M0110, 2))];
    let forget: fn(&mut World) = terminal!(bad_mac_reply = BadMacReply::Forget);
    assert_eq!(hold_blamed_on(&plan, forget), TERMINAL);
    let mut plan = set_apart();
    let twice = FaultKind::Duplicate { after_ms: 5_000 };
    plan.faults = vec![fault(TERMINAL, twice, sends(Mti::M0100, 1))];
    let forgets: fn(&mut World) = acquirer!(duplicate_key = AcquirerKey::None);
    assert_eq!(hold_blamed_on(&plan, forgets), Place::Acquirer);
    let mut plan = voided_and_completed();
    plan.ops.truncate(2);
    let held: fn(&mut World) = issuer!(hold_end = HoldEnd::ForgetsVoid);
    assert_eq!(hold_blamed_on(&plan, held), Place::Issuer);
}
