//! Properties over generated plans: whatever the seed and the knobs, sound parties under any generated
//! faults hold every invariant. The plans are the same in every run; failures are kept and run first.

#[path = "shared/say.rs"]
mod say;
#[path = "shared/verdicts.rs"]
mod verdicts;

use cardstorm::check::{Invariant, Ruling, judge};
use cardstorm::explore;
use cardstorm::history::{Secrets, write_jsonl};
use cardstorm::report::trace::{Lang, Trace};
use cardstorm::stage;
use cardstorm::storm::{self, Knobs};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestError, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

const KEPT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/proptest-regressions/properties.txt");

/// How often each invariant had something to hold.
type Held = BTreeMap<Invariant, u64>;

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(20_260_302),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(KEPT))),
        ..Config::default()
    })
}

/// Runs one plan; says what was violated, and counts what held.
fn sound(seed: u64, knobs: &Knobs, held: &RefCell<Held>) -> Result<(), TestCaseError> {
    let plan = Arc::new(storm::plan(seed, knobs));
    let found = judge(&plan, &stage::run(&plan));
    let broken = verdicts::violations(&found);
    prop_assert!(broken.is_empty(), "seed {}, {:?}: {:#?}", seed, knobs, broken);
    for verdict in found.iter().filter(|verdict| verdict.ruling == Ruling::Held) {
        *held.borrow_mut().entry(verdict.invariant).or_default() += 1;
    }
    Ok(())
}

fn finish<T: std::fmt::Debug>(
    name: &str,
    cases: u32,
    held: &Held,
    result: Result<(), TestError<T>>,
) {
    if let Err(error) = result {
        panic!("{name}: {error}");
    }
    let counts = Invariant::ALL.map(|invariant| {
        let count = held.get(&invariant).copied().unwrap_or_default();
        assert!(count > 0, "{name}: {} never had anything to hold", invariant.name());
        format!("{} {count}", invariant.name())
    });
    say::say(&format!("{name}: {cases} plans; held: {}", counts.join(", ")));
}

#[test]
fn any_seed_holds_every_invariant() {
    let (cases, held) = (1_500, RefCell::default());
    let result = runner(cases).run(&any::<u64>(), |seed| sound(seed, &Knobs::default(), &held));
    finish("any seed", cases, &held.into_inner(), result);
}

/// Seeds with other sizes: more terminals, more work, more faults, shorter and longer, faster lines.
fn knobs() -> impl Strategy<Value = Knobs> {
    (1..=4u16, 2..=24u32, 0..=14u32, 30_000..=600_000u64, 1..=400u64).prop_map(
        |(terminals, ops, faults, chaos_ms, least_latency_ms)| {
            let sizes = Knobs { terminals, ops, faults, chaos_ms, ..Knobs::default() };
            Knobs { least_latency_ms, ..sizes }
        },
    )
}

#[test]
fn any_seed_under_any_knobs_holds_every_invariant() {
    let (cases, held) = (1_000, RefCell::default());
    let result =
        runner(cases).run(&(any::<u64>(), knobs()), |(seed, knobs)| sound(seed, &knobs, &held));
    finish("any seed, any knobs", cases, &held.into_inner(), result);
}

/// What is recorded of a run, and what a person reads of it, holds nothing that must not be seen, while
/// PINs are keyed and keys are handed out.
#[test]
fn neither_events_nor_their_text_hold_a_secret() {
    let mut pins = 0;
    for seed in 0..60 {
        let plan = Arc::new(storm::plan(seed, &Knobs::default()));
        let events = stage::run(&plan);
        let (secrets, names) = (Secrets::of(&plan), explore::names(&plan));
        let mut lines = Vec::new();
        write_jsonl(&events, &mut lines).expect("memory takes all of it");
        let trace =
            Trace { plan: &plan, names: &names, lang: Lang::En, witness: None, fold: false };
        for text in [lines, trace.render(&events).into_bytes()] {
            let found = secrets.find(&text).map(|secret| secrets.name(secret));
            assert_eq!(found, None, "seed {seed}");
        }
        pins += usize::from(plan.world.issuer.cards.iter().any(|card| card.pin.is_some()));
    }
    assert!(pins > 10, "{pins} plans with PINs");
}
