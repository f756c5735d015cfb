//! The unsound design choices, one by one: each is set alone on otherwise sound parties, with the plan that
//! shows it, and the invariant that it must break. The same plan with sound choices breaks nothing. Every
//! choice that the parties call UNSOUND stands in the table; the few that no plan can show alone say why.

#[path = "choices/batches.rs"]
mod batches;
#[path = "choices/holds.rs"]
mod holds;
#[path = "shared/plans.rs"]
mod plans;
#[path = "shared/verdicts.rs"]
mod verdicts;

use cardstorm::check::{Invariant, judge};
use cardstorm::history::What;
use cardstorm::plan::{Death, FaultKind, Place, Plan, PlannedHouseOp, Start, Task, When, World};
use cardstorm::stage;
use cardstorm_models::clearing::fee::{
    Channel, FeeRow, FeeTable, PriceScope, Shares, TierBoundary,
};
use cardstorm_models::clearing::{CutOff, Cycle};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::acquirer::{
    AcquirerKey, AdviceTries, AfterCutOff, CaptureDay, Contract, FeeOnReversal, FeeOnVoid,
    ForwardRecord, IssuerSilence, MacRequired, NothingFound, OpenDuplicate, OpenOriginal,
    PayoutJob, PromiseSync, RefundGuard, RepairJob, Retention, ReversalLookup, ReversedAnswer,
    Settlement, ShortageCode, Undoer, VoidGuard, VoidReversed,
};
use cardstorm_models::party::issuer::{
    AccountState, AdjustmentGuard, AdviceCommit, BalanceRead, FrozenCode, IssuerCommit, IssuerKey,
    PinCount, Tombstones,
};
use cardstorm_models::party::terminal::{
    BadMacReply, DeclinedVoid, IndefiniteReply, NewBatch, PaidIntent, RecordContent, ReplyMatching,
    ReversalAttempts, ReversalDone, ReversalRecord, TimeoutShows, Unannounced, UnknownCodeShows,
};
use cardstorm_models::wire::Mti;
use plans::{PRICE, TERMINAL, fault, quiet, refund, sale, sends, void};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use Invariant::{
    AccurateCode, AuthenticOnly, ClearedOnce, Conservation, Correlation, DeclineMovesNothing,
    FeeExact, NoCardData, NoDoubleDebit, RefundWithinCapture, RepairedOnce, ReversalCompletes,
    SlipTruth, StateGuard,
};

/// The violated invariants of a plan's run, with their words. Every fault of the plan must have fired.
fn broken(name: &str, plan: &Plan) -> BTreeMap<Invariant, String> {
    let plan = Arc::new(plan.clone());
    let events = stage::run(&plan);
    for (number, planned) in (0u32..).zip(&plan.faults) {
        let fired = events.iter().any(|event| event.what == What::Fault { fault: number });
        assert!(fired, "{name}: {planned:?} never fired");
    }
    verdicts::violations(&judge(&plan, &events)).into_iter().collect()
}

/// One choice: sound, the plan breaks nothing; unsound, it breaks what it must.
fn check(name: &str, plan: fn() -> Plan, choose: fn(&mut World), expected: &[Invariant]) {
    let mut plan = plan();
    let found = broken(name, &plan);
    assert!(found.is_empty(), "{name}: broken with sound choices: {found:#?}");
    choose(&mut plan.world);
    let found = broken(name, &plan);
    for invariant in expected {
        assert!(found.contains_key(invariant), "{name}: {} held; {found:#?}", invariant.name());
    }
}

/// Choices of the first terminal's.
macro_rules! terminal {
    ($choice:ident = $value:expr) => {
        |world| world.terminals[0].choices.$choice = $value
    };
}

macro_rules! acquirer {
    ($choice:ident = $value:expr) => {
        |world| world.acquirer.choices.$choice = $value
    };
}

macro_rules! issuer {
    ($choice:ident = $value:expr) => {
        |world| world.issuer.choices.$choice = $value
    };
}

/// A row: the choice's name in the code, the plan, the setting, what must break.
type Row = (&'static str, fn() -> Plan, fn(&mut World), &'static [Invariant]);

const TERMINAL_ROWS: &[Row] = &[
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
];

const ACQUIRER_ROWS: &[Row] = &[
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
        "RefundGuard::EachAlone",
        refunds_add_up_to_too_much,
        acquirer!(refund_guard = RefundGuard::EachAlone),
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
        "VoidGuard::IgnoresSettlement",
        voided_after_the_cut_off,
        acquirer!(void_guard = VoidGuard::IgnoresSettlement),
        &[StateGuard],
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
    ("FeeOnVoid::Kept", priced_sale_voided, acquirer!(fee_on_void = FeeOnVoid::Kept), &[FeeExact]),
    (
        "ShortageCode::InsufficientFunds",
        merchant_has_nothing_left,
        acquirer!(shortage_code = ShortageCode::InsufficientFunds),
        &[AccurateCode],
    ),
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
];

const ISSUER_ROWS: &[Row] = &[
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

/// Harmless alone; each has a test of its own below.
const ONLY_IN_PAIRS: [&str; 2] = ["IndefiniteReply::Decline", "RefundGuard::Unconfirmed"];

fn rows() -> impl Iterator<Item = &'static Row> {
    TERMINAL_ROWS
        .iter()
        .chain(ACQUIRER_ROWS)
        .chain(ISSUER_ROWS)
        .chain(batches::ROWS)
        .chain(holds::ROWS)
}

#[test]
fn every_unsound_choice_breaks_its_invariant() {
    for (name, plan, choose, expected) in rows() {
        check(name, *plan, *choose, expected);
    }
}

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

#[test]
fn every_choice_called_unsound_stands_in_the_table() {
    let configs = [
        include_str!("../models/src/party/terminal/config.rs"),
        include_str!("../models/src/party/acquirer/config.rs"),
        include_str!("../models/src/clearing/fee.rs"),
        include_str!("../models/src/party/issuer/config.rs"),
    ];
    let called: BTreeSet<String> = configs.iter().flat_map(|text| unsound(text)).collect();
    let tabled = rows().map(|(name, ..)| *name).chain(ONLY_IN_PAIRS).chain(batches::ONLY_IN_PAIRS);
    let tabled: BTreeSet<String> = tabled.map(str::to_owned).collect();
    assert_eq!(called, tabled);
}

/// The variants that a configuration's own text calls UNSOUND.
fn unsound(text: &str) -> Vec<String> {
    let (mut choice, mut marked, mut found) = ("", false, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub enum ") {
            choice = name.trim_end_matches(" {");
        } else if line.starts_with("/// UNSOUND") {
            marked = true;
        } else if marked && !line.starts_with("///") && !line.starts_with('#') {
            let variant: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.push(format!("{choice}::{variant}"));
            marked = false;
        }
    }
    found
}

// The plans. Sales begin at 5 s, when the terminal has long signed on; a hop takes 100 ms.

const SALE_MS: u64 = 5_000;

fn one_sale() -> Plan {
    let mut plan = quiet(1, 200_000);
    plan.ops = vec![sale(0, SALE_MS, 1)];
    plan
}

fn one_sale_with(at: Place, what: FaultKind, when: When) -> Plan {
    let mut plan = one_sale();
    plan.faults = vec![fault(at, what, when)];
    plan
}

fn first_step(effect: &str, nth: u32) -> When {
    When::Before { effect: effect.to_owned(), terminal: None, stan: None, op: None, nth }
}

fn dies(at: Place, effect: &str) -> Plan {
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 3_000 };
    one_sale_with(at, what, first_step(effect, 1))
}

fn terminal_dies_before_its_record() -> Plan {
    dies(TERMINAL, "append sale pending")
}

fn terminal_dies_before_the_slip() -> Plan {
    dies(TERMINAL, "print slip")
}

fn terminal_dies_after_the_slip() -> Plan {
    dies(TERMINAL, "append announced")
}

fn acquirer_dies_before_its_record() -> Plan {
    dies(Place::Acquirer, "append forwarded")
}

fn issuer_dies_before_its_record() -> Plan {
    dies(Place::Issuer, "append decision")
}

fn reply_lost() -> Plan {
    one_sale_with(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1))
}

fn issuer_reply_lost() -> Plan {
    one_sale_with(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1))
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

/// A new device under the old number sells the same for the same, to the same card.
fn replaced_between_equal_sales() -> Plan {
    let mut plan = quiet(1, 140_000);
    plan.ops = vec![sale(0, 1_000, 1), sale(0, 10_000, 2), sale(0, 60_000, 3)];
    let restart_after_ms = 2_000;
    let what = FaultKind::Restore { age_ms: 140_000, restart_after_ms, even_open: false };
    plan.faults = vec![fault(TERMINAL, what, When::At { ms: 30_000 })];
    plan
}

fn request_without_its_mac() -> Plan {
    one_sale_with(TERMINAL, FaultKind::StripMac, sends(Mti::M0200, 1))
}

/// One bit makes 300 yuan of 100.
fn request_with_another_amount() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Corrupt { bit: Some(206) }, sends(Mti::M0200, 1))
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

fn issuer_dies_before_it_reverses() -> Plan {
    let mut plan = dies(Place::Issuer, "append reversal");
    plan.faults.extend(reply_lost().faults);
    plan
}

fn request_comes_again_at_once() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Duplicate { after_ms: 50 }, sends(Mti::M0200, 1))
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

fn refunds_add_up_to_too_much() -> Plan {
    let mut plan = one_sale();
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops.push(refund(0, 20_000, 0, Fen(60_00)));
    plan.ops.push(refund(0, 40_000, 0, Fen(60_00)));
    plan
}

fn voided() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(void(0, 20_000, 0));
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

/// The account was closed in between, so the issuer declines the void.
fn void_declined() -> Plan {
    let mut plan = voided();
    let op = HouseOp::AccountState { account: 0, state: AccountState::Closed };
    plan.house = vec![PlannedHouseOp { at_ms: 15_000, op }];
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

/// The first refund confirms the sale, so that its takings are paid out before the second.
fn merchant_has_nothing_left() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(refund(0, 10_000, 0, Fen(1_00)));
    plan.ops.push(refund(0, 40_000, 0, Fen(50_00)));
    plan.house = vec![PlannedHouseOp { at_ms: 20_000, op: HouseOp::Sweep { merchant: 0 } }];
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

/// The slip is out, its terminal dead; another terminal is asked to refund it.
fn refund_elsewhere_before_the_terminal_is_back() -> Plan {
    let mut plan = quiet(2, 200_000);
    plan.world.acquirer.merchants[0].opening_unsettled = Fen(100_000);
    plan.ops = vec![sale(0, SALE_MS, 1), refund(1, 20_000, 0, PRICE)];
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 60_000 };
    plan.faults = vec![fault(TERMINAL, what, first_step("append announced", 1))];
    plan
}

/// One shop under a contract, paid on the day itself; its clearing day ends a minute into the run.
fn priced(amounts: &[i64]) -> Plan {
    let mut plan = quiet(1, 200_000);
    plan.world.acquirer.cut_off = CutOff(9 * 3_600_000 + 60_000);
    let fees = FeeTable::example();
    let settlement = Some(Settlement { cycle: Cycle::D0, ..Settlement::default() });
    plan.world.acquirer.merchants[0].contract =
        Some(Contract { fees, settlement, ..Contract::default() });
    for (n, amount) in (0u32..).zip(amounts) {
        let mut op = sale(0, SALE_MS + u64::from(n) * 5_000, n + 1);
        let Task::Sale { amount: asked, .. } = &mut op.task else { unreachable!("a sale") };
        *asked = Fen(*amount);
        plan.ops.push(op);
    }
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

/// A sale's answer is lost, and so is the advice that undoes it, on the old line and on the new one; the
/// clearing day ends before the next try.
fn not_undone_by_the_cut_off() -> Plan {
    let mut plan = priced(&[100_00]);
    plan.faults = vec![
        fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1)),
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0420, 1)),
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0420, 2)),
    ];
    plan
}

/// The advice arrives, and its acknowledgement is lost: the first with the old line, the second on the new.
fn undone_and_not_acknowledged_by_the_cut_off() -> Plan {
    let mut plan = not_undone_by_the_cut_off();
    plan.faults.truncate(1);
    plan.faults.push(fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0430, 2)));
    plan
}

fn the_centre_restarts_after_a_repair() -> Plan {
    let mut plan = not_undone_by_the_cut_off();
    plan.faults.extend(the_centre_restarts_after_a_payout().faults);
    plan
}
