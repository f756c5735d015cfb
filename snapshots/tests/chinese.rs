//! A failure told in Chinese, one story for each invariant: everything that a person reads of it, the
//! findings of the check included.

use cardstorm::check::Invariant;
use cardstorm::examine::{Examination, Stage, examine};
use cardstorm::plan::Plan;
use cardstorm::report::failure::Failure;
use cardstorm::report::trace::Lang;
use cardstorm::scenario::{self, Scenario};

fn story((name, text): (&str, &str)) -> Scenario {
    let mut story = scenario::parse(&format!("scenarios/{name}.toml"), name, text)
        .expect("catalogue stories are sound");
    // Told as a failure, which is how a person meets it.
    story.expect.violates = None;
    story
}

/// The first story of the catalogue in which an invariant breaks, and what came out of it.
fn first_broken(invariant: Invariant) -> (Scenario, Examination) {
    let unsound = scenario::catalogue().filter(|(name, _)| name.starts_with("unsound/"));
    let examined = unsound.map(story).map(|story| {
        let found = examine(&story, Stage::Virtual, 1).expect("virtual time takes any plan");
        (story, found)
    });
    let breaks = |found: &Examination| {
        found.verdict(invariant).is_some_and(|verdict| verdict.violation().is_some())
    };
    let mut broken = examined.into_iter().filter(|(_, found)| breaks(found));
    broken.next().unwrap_or_else(|| panic!("no story breaks {}", invariant.name()))
}

fn check(invariant: Invariant) {
    let (scenario, mut examination) = first_broken(invariant);
    // Of all that breaks in it, this invariant is what is told.
    examination.misses.retain(|miss| miss.name == invariant.name());
    assert_eq!(examination.misses.len(), 1, "{}", scenario.name);
    let plan = Plan { seed: 1, ..scenario.plan.clone() };
    let (stage, lang) = (Stage::Virtual, Lang::Zh);
    let (scenario, plan, examination) = (&scenario, &plan, &examination);
    let text = Failure { scenario, plan, stage, lang, examination }.render();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../chinese");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(invariant.name(), text));
}

macro_rules! invariants {
    ($($test:ident: $invariant:ident,)*) => {
        $(#[test]
        fn $test() {
            check(Invariant::$invariant);
        })*

        /// Every invariant has its failure.
        #[test]
        fn none_is_left_out() {
            assert_eq!([$(Invariant::$invariant),*], Invariant::ALL);
        }
    };
}

invariants! {
    no_double_debit: NoDoubleDebit,
    slip_truth: SlipTruth,
    decline_moves_nothing: DeclineMovesNothing,
    refund_within_capture: RefundWithinCapture,
    accurate_code: AccurateCode,
    conservation: Conservation,
    reversal_completes: ReversalCompletes,
    hold_bound: HoldBound,
    cleared_once: ClearedOnce,
    totals_agree: TotalsAgree,
    fee_exact: FeeExact,
    correlation: Correlation,
    state_guard: StateGuard,
    authentic_only: AuthenticOnly,
    pin_count: PinCount,
    no_card_data: NoCardData,
    progress: Progress,
    repaired_once: RepairedOnce,
}
