//! The law: for every generated plan the history is the same bytes in virtual time and on turmoil, at ticks
//! of 10 and of 100 ms. Its companion breaks turmoil's carrier on purpose and must see the difference.

#[path = "shared/compare.rs"]
mod compare;
#[path = "shared/say.rs"]
mod say;

use cardstorm::history::{Event, What};
use cardstorm::plan::{FAULT_NAMES, Plan};
use cardstorm::stage::turmoil::{self, Breakage};
use cardstorm::{stage, storm};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many plans the suite runs; the environment may ask for more.
const PLANS: u64 = 300;
const PLANS_ASKED: &str = "CARDSTORM_LAW_PLANS";

fn plans_asked() -> u64 {
    let asked = std::env::var(PLANS_ASKED).ok();
    asked.map_or(PLANS, |text| text.parse().expect("CARDSTORM_LAW_PLANS is a number of plans"))
}

/// Shorter than the default, so that hundreds fit: turmoil pays for every tick.
fn plan(seed: u64) -> Arc<Plan> {
    let knobs = storm::Knobs { chaos_ms: 120_000, ..storm::Knobs::default() };
    assert_eq!(knobs.least_latency_ms, 100, "the coarser tick fits every plan");
    Arc::new(storm::plan(seed, &knobs))
}

/// How often each kind of fault has fired.
#[derive(Default)]
struct Fired(BTreeMap<&'static str, u64>);

impl Fired {
    fn count(&mut self, plan: &Plan, events: &[Event]) {
        for event in events {
            if let What::Fault { fault } = event.what {
                *self.0.entry(plan.faults[fault as usize].what.name()).or_default() += 1;
            }
        }
    }

    fn add(&mut self, other: Fired) {
        for (name, count) in other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    fn all(&self) -> String {
        let of = |name: &str| self.0.get(name).copied().unwrap_or_default();
        let never: Vec<&str> = FAULT_NAMES.into_iter().filter(|name| of(name) == 0).collect();
        assert!(never.is_empty(), "never fired: {}", never.join(", "));
        FAULT_NAMES.map(|name| format!("{name} {}", of(name))).join(", ")
    }
}

fn same_bytes(seeds: impl Iterator<Item = u64>, tick_ms: u64) -> Fired {
    let mut fired = Fired::default();
    for seed in seeds {
        let plan = plan(seed);
        let events = stage::run(&plan);
        let carried = turmoil::run(&plan, tick_ms).expect("the tick fits the plan");
        let difference = compare::difference(&events, &carried);
        assert_eq!(difference, None, "seed {seed}, tick {tick_ms} ms");
        fired.count(&plan, &events);
    }
    fired
}

/// Every other seed on a second thread.
fn holds_at(tick_ms: u64) {
    let (count, mut fired) = (plans_asked(), Fired::default());
    std::thread::scope(|scope| {
        let part = |first| scope.spawn(move || same_bytes((first..count).step_by(2), tick_ms));
        for part in [part(0), part(1)] {
            fired.add(part.join().expect("the law holds"));
        }
    });
    say::say(&format!("the law at {tick_ms} ms: {count} plans, the same bytes; {}", fired.all()));
}

#[test]
fn the_law_holds_at_a_tick_of_10_ms() {
    holds_at(10);
}

#[test]
fn the_law_holds_at_a_tick_of_100_ms() {
    holds_at(100);
}

/// How many of a fixed list of plans a broken carrier tells differently.
fn differing(tick_ms: u64, breakage: Breakage) -> usize {
    let differs = |seed: &u64| {
        let plan = plan(*seed);
        let carried =
            turmoil::run_broken(&plan, tick_ms, breakage).expect("a broken carrier still runs");
        compare::difference(&stage::run(&plan), &carried).is_some()
    };
    (0..BROKEN_PLANS).filter(differs).count()
}

const BROKEN_PLANS: u64 = 100;

#[test]
fn late_parcels_above_the_least_latency_are_noticed() {
    let count = differing(250, Breakage::ReleaseLate);
    say::say(&format!("released late at 250 ms: {count} of {BROKEN_PLANS} plans differ"));
    assert!(count > 0, "a tick above the least latency must show");
}

#[test]
fn lost_last_words_are_noticed() {
    let count = differing(100, Breakage::LoseLastWords);
    say::say(&format!("last words lost: {count} of {BROKEN_PLANS} plans differ"));
    assert!(count > 0, "what a party sent before it died must be missed");
}
