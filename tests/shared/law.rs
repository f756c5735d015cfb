//! The law itself: generated plans told by virtual time and by turmoil, byte by byte, with the count of each
//! fault that struck. The suite asks it for hundreds of plans, the benchmark for thousands.

use super::compare;
use cardstorm::history::{Event, What};
use cardstorm::plan::{FAULT_NAMES, Plan};
use cardstorm::stage::turmoil;
use cardstorm::{stage, storm};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shorter than the default, so that hundreds fit: turmoil pays for every tick.
pub fn plan(seed: u64) -> Arc<Plan> {
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

/// Every other seed on a second thread. Says how many plans, and how often each fault struck.
pub fn holds_at(count: u64, tick_ms: u64) -> String {
    let mut fired = Fired::default();
    std::thread::scope(|scope| {
        let part = |first| scope.spawn(move || same_bytes((first..count).step_by(2), tick_ms));
        for part in [part(0), part(1)] {
            fired.add(part.join().expect("the law holds"));
        }
    });
    format!("the law at {tick_ms} ms: {count} plans, the same bytes; {}", fired.all())
}
