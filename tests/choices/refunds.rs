//! The unsound choices about refunds that are told more than once, or to nobody, with the plans that show
//! them: 100 yuan are paid at 5 s and confirmed by the next sale, 40 of them go back at 30 s.

use crate::Row;
use crate::plans::{fault, refund, sale, sends};
use crate::stories::one_sale;
use cardstorm::check::Invariant::{
    Conservation, RefundWithinCapture, ReversalCompletes, SlipTruth,
};
use cardstorm::plan::{FaultKind, Place, Plan, PlannedHouseOp};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::acquirer::AdviceKnown;
use cardstorm_models::party::issuer::{AccountState, ClosedCredit, RepeatedAdvice};
use cardstorm_models::party::terminal::RefundRepeat;
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "RefundRepeat::NewStan",
        answer_lost,
        terminal!(refund_repeat = RefundRepeat::NewStan),
        &[SlipTruth],
    ),
    (
        "ClosedCredit::Refused",
        account_closed_meanwhile,
        issuer!(closed_credit = ClosedCredit::Refused),
        &[SlipTruth, Conservation, ReversalCompletes],
    ),
    (
        "RepeatedAdvice::BookedAgain",
        acknowledgement_lost,
        issuer!(repeated_advice = RepeatedAdvice::BookedAgain),
        &[SlipTruth, Conservation],
    ),
    (
        "RepeatedAdvice::BookedAgain, of all that was paid",
        all_of_it_back_and_the_acknowledgement_lost,
        issuer!(repeated_advice = RepeatedAdvice::BookedAgain),
        &[RefundWithinCapture],
    ),
    (
        "AdviceKnown::Refused",
        acknowledgement_lost_and_94_to_the_repeat,
        acquirer!(advice_known = AdviceKnown::Refused),
        &[ReversalCompletes],
    ),
    (
        "AdviceKnown::Refused, of a reversal",
        undone_and_94_to_the_repeat,
        acquirer!(advice_known = AdviceKnown::Refused),
        &[ReversalCompletes],
    ),
];

fn refunded(amount: Fen) -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.extend([sale(0, 15_000, 2), refund(0, 30_000, 0, amount)]);
    plan
}

fn answer_lost() -> Plan {
    let mut plan = refunded(Fen(40_00));
    plan.faults = vec![fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0230, 1))];
    plan
}

fn acknowledgement_lost() -> Plan {
    let mut plan = refunded(Fen(40_00));
    plan.faults = vec![fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0230, 1))];
    plan
}

fn all_of_it_back_and_the_acknowledgement_lost() -> Plan {
    let mut plan = refunded(Fen(100_00));
    plan.faults = acknowledgement_lost().faults;
    plan
}

fn acknowledgement_lost_and_94_to_the_repeat() -> Plan {
    let mut plan = acknowledgement_lost();
    plan.world.issuer.choices.repeated_advice = RepeatedAdvice::Answer94;
    plan
}

/// Nobody hears of the approval; the advice that undoes it arrives, and its acknowledgement is lost.
fn undone_and_94_to_the_repeat() -> Plan {
    let mut plan = one_sale();
    plan.world.issuer.choices.repeated_advice = RepeatedAdvice::Answer94;
    plan.faults = vec![
        fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1)),
        fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0430, 1)),
    ];
    plan
}

fn account_closed_meanwhile() -> Plan {
    let mut plan = refunded(Fen(40_00));
    let op = HouseOp::AccountState { account: 0, state: AccountState::Closed };
    plan.house = vec![PlannedHouseOp { at_ms: 25_000, op }];
    plan
}
