//! Units merge in any order to the same report, sweeps end the same on any number of threads, a panic costs
//! one plan, and the grid counts what happened.

use super::*;
use crate::plan::Plan;
use crate::scenario;
use crate::storm::{self, Knobs};
use cardstorm_models::party::acquirer::IssuerSilence;
use proptest::prelude::*;
use proptest::sample::Index;
use std::sync::OnceLock;

/// Plans in a world whose acquirer takes an issuer's silence for a no and reverses nothing.
fn forgetful(seed: u64) -> Plan {
    let mut plan = storm::plan(seed, &Knobs::default());
    plan.world.acquirer.choices.issuer_silence = IssuerSilence::Plain91;
    plan
}

fn forgetful_sweep() -> Sweep<'static> {
    Sweep { base: 7, stage: Stage::Virtual, generate: &forgetful, mutants: true }
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a few threads")
}

/// The first few units of a sweep, each on its own.
fn units() -> &'static [Report] {
    static UNITS: OnceLock<Vec<Report>> = OnceLock::new();
    UNITS.get_or_init(|| {
        let one = |number| {
            let unit = Unit { plans: if number == 5 { 40 } else { UNIT }, ..Unit::whole(number) };
            let done = forgetful_sweep().unit(unit, &AtomicBool::new(false));
            done.expect("virtual time takes any plan").expect("nobody stops it")
        };
        (0..6).map(one).collect()
    })
}

fn merged<'a>(reports: impl IntoIterator<Item = &'a Report>) -> Report {
    let mut all = Report::default();
    reports.into_iter().for_each(|report| all.merge(report).expect("whole units"));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// Any order, any repetition, any bracketing: only the set of units counts.
    #[test]
    fn only_the_set_of_units_counts(
        order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
        again in prop::collection::vec(0..6usize, 0..4),
        cut in any::<Index>(),
    ) {
        let all = merged(units());
        let mixed: Vec<&Report> = order.iter().chain(&again).map(|n| &units()[*n]).collect();
        prop_assert_eq!(&merged(mixed), &all);
        // In two heaps that share no unit.
        let (one, other) = order.split_at(cut.index(order.len()));
        let heap = |of: &[usize]| merged(of.iter().map(|n| &units()[*n]));
        prop_assert_eq!(&merged([&heap(one), &heap(other)]), &all);
        prop_assert_eq!(&merged([&heap(other), &heap(one), &all, &heap(one)]), &all);
    }
}

#[test]
fn reports_that_overlap_in_part_are_refused() {
    let (mut one, other) = (merged(&units()[..2]), merged(&units()[1..3]));
    let before = one.clone();
    assert_eq!(one.merge(&other), Err(Overlap));
    assert_eq!(one, before, "and nothing was taken in");
}

#[test]
fn a_sweep_is_the_same_on_any_number_of_threads() {
    let plans = 5 * UNIT + 40;
    let limits = Limits { plans: Some(plans), plateau: None };
    let run = |threads| {
        sweep(&forgetful_sweep(), limits, &pool(threads), &Halt::default(), &mut |_| {})
            .expect("virtual time takes any plan")
    };
    let one = run(1);
    assert_eq!(one, run(3));
    assert_eq!(one, merged(units()), "and the same as its units");
    assert_eq!((one.plans(), one.units.count(), one.units.are_the_first()), (plans, 6, true));
    assert!(one.failing > 0 && one.suspects().count() > 0, "a forgetful acquirer is found out");
    let again = run(2);
    let found = |report| findings(report, Stage::Virtual, &AtomicBool::new(false)).0;
    let shown = |report| {
        let of =
            |finding: &Finding| (finding.fingerprint.clone(), finding.index, finding.also.clone());
        found(report).iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(shown(&one), shown(&again));
}

#[test]
fn a_plateau_is_reached_behind_the_same_unit_everywhere() {
    let limits = Limits { plans: Some(40 * UNIT), plateau: Some(2) };
    let run = |threads| {
        sweep(&forgetful_sweep(), limits, &pool(threads), &Halt::default(), &mut |_| {})
            .expect("virtual time takes any plan")
    };
    let (one, other) = (run(1), run(3));
    assert_eq!(one, other);
    assert!(one.units.count() < 40, "{} units", one.units.count());
}

#[test]
fn a_panic_costs_one_plan() {
    let generate = |seed| {
        let mut plan = storm::plan(seed, &Knobs::default());
        if seed == 11 {
            plan.chaos_ms = u64::MAX;
        }
        assert!(seed != 13, "no plan of seed 13");
        plan
    };
    let sweep = Sweep { base: 0, stage: Stage::Virtual, generate: &generate, mutants: false };
    let unit = Unit { first: 0, plans: 20 };
    let report = sweep.unit(unit, &AtomicBool::new(false)).expect("virtual time takes any plan");
    let report = report.expect("nobody stops it");
    assert_eq!((report.broken_off, report.failing), (2, 0));
    let panics: Vec<_> = report.panics().collect();
    assert!(panics[0].index == 11 && panics[0].plan.is_some(), "{panics:?}");
    assert!(
        panics[1].index == 13 && panics[1].said.starts_with("no plan of seed 13"),
        "{panics:?}"
    );
}

/// A plan on turmoil takes as long as hundreds in virtual time, and a sweep for a minute must come to an end.
#[test]
fn units_are_smaller_where_plans_are_slow() {
    let native = Sweep { stage: Stage::TurmoilNative, ..forgetful_sweep() };
    let limits = Limits { plans: Some(SLOW_UNIT + 3), plateau: None };
    let report = sweep(&native, limits, &pool(2), &Halt::default(), &mut |_| {});
    let report = report.expect("turmoil takes any plan");
    assert_eq!((report.plans(), report.units.count()), (SLOW_UNIT + 3, 2));
}

#[test]
fn half_a_unit_is_none() {
    let stopped = forgetful_sweep().unit(Unit::whole(0), &AtomicBool::new(true));
    assert_eq!(stopped.expect("virtual time takes any plan"), None);
}

fn cells(name: &str) -> Cells {
    let (_, text) = scenario::catalogue().find(|(known, _)| *known == name).expect("a story");
    let story = scenario::parse(name, name, text).expect("the catalogue is clean");
    run(&Arc::new(story.plan), Stage::Virtual).expect("virtual time takes any plan").cells
}

#[test]
fn stories_reach_the_cells_that_they_tell_of() {
    let check = |story: &str, exchange, point, end| {
        let cell = Cell { exchange, point, end };
        assert!(cells(story).has(cell), "{story}: {cell:?}");
    };
    use End::{Answers, Asks};
    check("doubt/reply-lost", Exchange::Sale, Point::ReplyLost, Asks);
    check("doubt/reply-too-late", Exchange::Sale, Point::LateReply, Asks);
    check("doubt/sent-twice", Exchange::Sale, Point::Duplicate, Answers);
    check("uncredited/bank-reply-lost", Exchange::SaleOnLeg2, Point::ReplyLost, Asks);
    check("uncredited/power-cut-in-flight", Exchange::Sale, Point::DownBeforeReply, Asks);
    check("refunds/answer-lost", Exchange::Refund, Point::ReplyLost, Asks);
    check("takings/hold-void-in-doubt", Exchange::PreAuthVoid, Point::ReplyLost, Answers);
    assert_eq!(cells("refunds/in-parts"), Cells::default(), "nothing goes wrong in it");
}

#[test]
fn nothing_is_reached_that_is_said_to_be_out_of_reach() {
    let all = merged(units());
    let wrong =
        Cell::all().find(|cell| cell.out_of_reach().is_some() && all.cells[cell.number()] > 0);
    assert_eq!(wrong, None);
}
