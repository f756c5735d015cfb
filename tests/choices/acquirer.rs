//! The acquirer's unsound choices about requests, reversals and what travels, with the plans that show them.

use crate::Row;
use crate::plans::{TERMINAL, fault, quiet, sale, sends};
use crate::stories::{
    SALE_MS, dies, one_sale_with, replaced_between_equal_sales, reply_lost,
    request_comes_again_at_once, too_little_on_the_account,
};
use cardstorm::check::Invariant::{
    AccurateCode, AuthenticOnly, DeclineMovesNothing, NoDoubleDebit, ReversalCompletes, SlipTruth,
};
use cardstorm::plan::{FaultKind, Place, Plan, When};
use cardstorm_models::party::acquirer::{
    AcquirerKey, AdviceTries, DeclineCode, ForwardRecord, IssuerSilence, MacRequired, NothingFound,
    OpenDuplicate, OpenOriginal, PromiseSync, Retention, ReversedAnswer, Undoer,
};
use cardstorm_models::wire::Mti;

pub const ROWS: &[Row] = &[
    (
        "ForwardRecord::AfterSend",
        acquirer_dies_before_its_record,
        acquirer!(forward_record = ForwardRecord::AfterSend),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "PromiseSync::AfterAnswer",
        acquirer_dies_before_it_undoes,
        acquirer!(promise_sync = PromiseSync::AfterAnswer),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "OpenOriginal::NotFound",
        reversal_overtakes_the_answer,
        acquirer!(open_original = OpenOriginal::NotFound),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "ReversedAnswer::Issuers",
        copy_comes_after_98_and_a_late_approval,
        acquirer!(reversed_answer = ReversedAnswer::Issuers),
        &[SlipTruth],
    ),
    (
        "NothingFound::Forgotten",
        request_comes_after_its_reversal,
        acquirer!(nothing_found = NothingFound::Forgotten),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "Undoer::AcquirerToo",
        line_breaks_after_the_approval,
        acquirer!(undoer = Undoer::AcquirerToo),
        &[SlipTruth, NoDoubleDebit],
    ),
    (
        "AcquirerKey::None",
        request_comes_again_later,
        acquirer!(duplicate_key = AcquirerKey::None),
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "AcquirerKey::WithoutBatch",
        replaced_between_equal_sales,
        acquirer!(duplicate_key = AcquirerKey::WithoutBatch),
        &[SlipTruth],
    ),
    (
        "MacRequired::IfPresent",
        request_without_its_mac,
        acquirer!(mac_required = MacRequired::IfPresent),
        &[AuthenticOnly],
    ),
    (
        "MacRequired::Never",
        request_with_another_amount,
        acquirer!(mac_required = MacRequired::Never),
        &[AuthenticOnly],
    ),
    (
        "OpenDuplicate::ForwardAgain",
        request_comes_again_at_once,
        acquirer!(open_duplicate = OpenDuplicate::ForwardAgain),
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "IssuerSilence::Plain91",
        issuer_reply_lost,
        acquirer!(issuer_silence = IssuerSilence::Plain91),
        &[DeclineMovesNothing, SlipTruth],
    ),
    (
        "IssuerSilence::As51",
        issuer_reply_lost,
        acquirer!(issuer_silence = IssuerSilence::As51),
        &[AccurateCode],
    ),
    (
        "Retention::For",
        request_comes_again_later,
        acquirer!(retention = Retention::For { ms: 10_000 }),
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "Retention::ByWallClock",
        request_comes_again_after_the_clock_was_set,
        acquirer!(retention = Retention::ByWallClock { ms: 3_600_000 }),
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "AdviceTries::GiveUp",
        advice_lost,
        acquirer!(advice_tries = AdviceTries::GiveUp { tries: 1 }),
        &[ReversalCompletes, DeclineMovesNothing],
    ),
    (
        "DeclineCode::Mistyped",
        too_little_on_the_account,
        acquirer!(decline_code = DeclineCode::Mistyped),
        &[AccurateCode],
    ),
];

fn acquirer_dies_before_its_record() -> Plan {
    dies(Place::Acquirer, "append forwarded")
}

fn issuer_reply_lost() -> Plan {
    one_sale_with(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1))
}

fn advice_lost() -> Plan {
    let mut plan = reply_lost();
    plan.faults.push(fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0420, 1)));
    plan
}

fn acquirer_dies_before_it_undoes() -> Plan {
    let mut plan = dies(Place::Acquirer, "append undoing");
    plan.faults.extend(reply_lost().faults);
    plan
}

/// The line breaks while the issuer thinks; the reversal is there before its answer.
fn reversal_overtakes_the_answer() -> Plan {
    let mut plan =
        one_sale_with(Place::Issuer, FaultKind::Delay { ms: 20_000 }, sends(Mti::M0210, 1));
    let reset = FaultKind::Reset { peer: Place::Acquirer };
    plan.faults.push(fault(TERMINAL, reset, When::At { ms: 7_000 }));
    plan
}

fn line_breaks_after_the_approval() -> Plan {
    let reset = FaultKind::Reset { peer: Place::Acquirer };
    one_sale_with(TERMINAL, reset, When::At { ms: 10_000 })
}

fn request_comes_again_later() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Duplicate { after_ms: 40_000 }, sends(Mti::M0200, 1))
}

fn request_without_its_mac() -> Plan {
    one_sale_with(TERMINAL, FaultKind::StripMac, sends(Mti::M0200, 1))
}

/// One bit makes 300 yuan of 100.
fn request_with_another_amount() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Corrupt { bit: Some(206) }, sends(Mti::M0200, 1))
}

/// Somebody sets the acquirer's clock two hours on before the copy comes.
fn request_comes_again_after_the_clock_was_set() -> Plan {
    let mut plan = request_comes_again_later();
    let step = FaultKind::ClockStep { ms: 7_200_000 };
    plan.faults.push(fault(Place::Acquirer, step, When::At { ms: 20_000 }));
    plan
}

/// The issuer answers two seconds after the acquirer has given up, 98 is lost, and a copy of the request
/// comes while the terminal still waits. Another till keeps the line to the issuer busy.
fn copy_comes_after_98_and_a_late_approval() -> Plan {
    let mut plan = quiet(2, 200_000);
    plan.ops = vec![sale(0, SALE_MS, 1), sale(1, 30_000, 2)];
    plan.faults = vec![
        fault(Place::Issuer, FaultKind::Delay { ms: 47_000 }, sends(Mti::M0210, 1)),
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 2)),
        fault(TERMINAL, FaultKind::Duplicate { after_ms: 55_000 }, sends(Mti::M0200, 1)),
    ];
    plan
}

/// The request is held up until the terminal has given it up and been told that there is nothing to undo.
fn request_comes_after_its_reversal() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Delay { ms: 62_000 }, sends(Mti::M0200, 1))
}
