//! The law: for every generated plan the history is the same bytes in virtual time and on turmoil, at ticks
//! of 10 and of 100 ms. Its companion breaks turmoil's carrier on purpose and must see the difference.

#[path = "shared/compare.rs"]
mod compare;
#[path = "shared/law.rs"]
mod law;
#[path = "shared/say.rs"]
mod say;

use cardstorm::stage;
use cardstorm::stage::turmoil::{self, Breakage};

/// How many plans the suite runs; `cargo bench --bench law` runs thousands.
const PLANS: u64 = 300;

#[test]
fn the_law_holds_at_a_tick_of_10_ms() {
    say::say(&law::holds_at(PLANS, 10));
}

#[test]
fn the_law_holds_at_a_tick_of_100_ms() {
    say::say(&law::holds_at(PLANS, 100));
}

/// How many of a fixed list of plans a broken carrier tells differently.
fn differing(tick_ms: u64, breakage: Breakage) -> usize {
    let differs = |seed: &u64| {
        let plan = law::plan(*seed);
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
