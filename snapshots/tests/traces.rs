//! The folded trace of every story that expects an invariant to break: one test, one snapshot each, so that
//! a change of any trace is an act that a person reviews (`cargo insta review`).

use cardstorm::check::Verdict;
use cardstorm::examine::{Stage, examine};
use cardstorm::plan::Plan;
use cardstorm::report::failure::Failure;
use cardstorm::report::trace::Lang;
use cardstorm::scenario::{self, Scenario};

fn story(name: &str) -> Scenario {
    let (_, text) = scenario::catalogue()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("the catalogue has no {name}"));
    scenario::parse(&format!("scenarios/{name}.toml"), name, text)
        .expect("catalogue stories are sound")
}

fn check(name: &str) {
    let mut scenario = story(name);
    // Told as a failure, which is how a person meets it.
    let expected = scenario.expect.violates.take();
    let examination = examine(&scenario, Stage::Virtual, 1).expect("virtual time takes any plan");
    let broken: Vec<_> = examination.verdicts.iter().filter(|v| v.violation().is_some()).collect();
    let (invariant, _) = expected.expect("a story of this list expects a violation");
    assert!(broken.iter().any(|verdict: &&Verdict| verdict.invariant == invariant), "{name}");
    let plan = Plan { seed: 1, ..scenario.plan.clone() };
    let (stage, lang) = (Stage::Virtual, Lang::En);
    let (scenario, plan, examination) = (&scenario, &plan, &examination);
    let text = Failure { scenario, plan, stage, lang, examination }.render();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../traces");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.replace('/', "--"), text));
}

macro_rules! stories {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        /// Every story that expects a violation has its snapshot.
        #[test]
        fn none_is_left_out() {
            let listed = [$($name),*];
            for (name, text) in scenario::catalogue() {
                let file = format!("scenarios/{name}.toml");
                let scenario = scenario::parse(&file, name, text).expect("catalogue stories are sound");
                let breaks = scenario.expect.violates.is_some();
                assert_eq!(breaks, listed.contains(&name), "{name}");
            }
        }
    };
}

stories! {
    accepted_then_refused: "unsound/accepted-then-refused",
    acknowledged_before_written: "unsound/acknowledged-before-written",
    acquirer_without_a_key: "unsound/acquirer-without-a-key",
    adjusted_regardless: "unsound/adjusted-regardless",
    paid_twice_for_want_of_paper: "unsound/paid-twice-for-want-of-paper",
    reversed_for_a_jam: "unsound/reversed-for-a-jam",
    advice_given_up: "unsound/advice-given-up",
    always_207: "unsound/always-207",
    any_0410_will_do: "unsound/any-0410-will-do",
    approved_before_written: "unsound/approved-before-written",
    bad_mac_forgotten: "unsound/bad-mac-forgotten",
    batch_ignored: "unsound/batch-ignored",
    called_balanced: "unsound/called-balanced",
    cap_on_the_sum: "unsound/cap-on-the-sum",
    card_in_the_record: "unsound/card-in-the-record",
    cleared_by_the_wall: "unsound/cleared-by-the-wall",
    code_mistyped: "unsound/code-mistyped",
    completed_after_its_void: "unsound/completed-after-its-void",
    completed_beyond_the_hold: "unsound/completed-beyond-the-hold",
    copy_forwarded: "unsound/copy-forwarded",
    charged_back_although_refunded: "unsound/charged-back-although-refunded",
    charged_back_and_reversed: "unsound/charged-back-and-reversed",
    portal_counts_for_itself: "unsound/portal-counts-for-itself",
    dated_ahead: "unsound/dated-ahead",
    part_captured_as_the_whole: "unsound/part-captured-as-the-whole",
    part_taken_for_the_whole: "unsound/part-taken-for-the-whole",
    debt_shown_as_money: "unsound/debt-shown-as-money",
    details_left_out: "unsound/details-left-out",
    double_press: "unsound/double-press",
    end_message_trusted: "unsound/end-message-trusted",
    executed_in_a_closed_batch: "unsound/executed-in-a-closed-batch",
    fee_on_a_reversed_sale: "unsound/fee-on-a-reversed-sale",
    fee_on_a_voided_sale: "unsound/fee-on-a-voided-sale",
    fee_rounded_on_the_sum: "unsound/fee-rounded-on-the-sum",
    forwarded_before_written: "unsound/forwarded-before-written",
    frozen_called_51: "unsound/frozen-called-51",
    hold_never_released: "unsound/hold-never-released",
    indefinite_taken_for_no: "unsound/indefinite-taken-for-no",
    issuer_without_a_key: "unsound/issuer-without-a-key",
    key_without_batch: "unsound/key-without-batch",
    known_advice_sent_for_ever: "unsound/known-advice-sent-for-ever",
    late_approval_after_98: "unsound/late-approval-after-98",
    late_reply_taken: "unsound/late-reply-taken",
    mac_not_looked_at: "unsound/mac-not-looked-at",
    memory_by_the_clock: "unsound/memory-by-the-clock",
    no_mac_no_question: "unsound/no-mac-no-question",
    no_reversal_at_all: "unsound/no-reversal-at-all",
    no_tombstone: "unsound/no-tombstone",
    nothing_found_nothing_kept: "unsound/nothing-found-nothing-kept",
    nothing_found_while_open: "unsound/nothing-found-while-open",
    one_entry_two_tries: "unsound/one-entry-two-tries",
    one_read_one_frame: "unsound/one-read-one-frame",
    one_text_for_all: "unsound/one-text-for-all",
    paid_twice: "unsound/paid-twice",
    paid_without_a_slip: "unsound/paid-without-a-slip",
    priced_by_the_calendar: "unsound/priced-by-the-calendar",
    promise_before_sync: "unsound/promise-before-sync",
    record_made_up: "unsound/record-made-up",
    record_made_up_and_cleared: "unsound/record-made-up-and-cleared",
    refund_credited_again: "unsound/refund-credited-again",
    refund_under_a_new_number: "unsound/refund-under-a-new-number",
    refunded_and_reversed: "unsound/refunded-and-reversed",
    refunded_as_authorised: "unsound/refunded-as-authorised",
    refunds_judged_alone: "unsound/refunds-judged-alone",
    refused_refund_shown_as_done: "unsound/refused-refund-shown-as-done",
    refused_void_shown_as_done: "unsound/refused-void-shown-as-done",
    repaired_after_a_restart: "unsound/repaired-after-a-restart",
    reply_never_matched: "unsound/reply-never-matched",
    reversal_given_up: "unsound/reversal-given-up",
    reversal_written_too_late: "unsound/reversal-written-too-late",
    reversed_although_printed: "unsound/reversed-although-printed",
    sent_beside_the_repair: "unsound/sent-beside-the-repair",
    settled_while_in_doubt: "unsound/settled-while-in-doubt",
    short_memory: "unsound/short-memory",
    shortage_called_51: "unsound/shortage-called-51",
    silence_as_51: "unsound/silence-as-51",
    silence_as_91: "unsound/silence-as-91",
    slip_never_reprinted: "unsound/slip-never-reprinted",
    sold_while_settling: "unsound/sold-while-settling",
    stale_balance: "unsound/stale-balance",
    tier_boundary: "unsound/tier-boundary",
    timeout_shown_as_51: "unsound/timeout-shown-as-51",
    try_given_back: "unsound/try-given-back",
    two_undoers: "unsound/two-undoers",
    unknown_code_approves: "unsound/unknown-code-approves",
    unknown_code_shown_as_51: "unsound/unknown-code-shown-as-51",
    upload_without_flags: "unsound/upload-without-flags",
    uploaded_twice: "unsound/uploaded-twice",
    void_not_taken_back: "unsound/void-not-taken-back",
    void_reversal_hits_the_sale: "unsound/void-reversal-hits-the-sale",
    voided_after_the_cut_off: "unsound/voided-after-the-cut-off",
    voided_although_refunded: "unsound/voided-although-refunded",
    voided_twice: "unsound/voided-twice",
    words_of_the_next_row: "unsound/words-of-the-next-row",
}
