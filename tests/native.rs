//! turmoil's own network: its latency, partitions and crash rule, and TCP that breaks as turmoil breaks it.
//! Histories differ from the lockstep stages'; sound parties hold every invariant all the same.

#[path = "shared/say.rs"]
mod say;

use cardstorm::check::judge;
use cardstorm::history::What;
use cardstorm::stage::native;
use cardstorm::storm::{Knobs, plan};
use say::say;
use std::sync::Arc;

/// Plans that are run; a longer run names its own number.
fn plans() -> u64 {
    std::env::var("CARDSTORM_NATIVE_PLANS").ok().and_then(|text| text.parse().ok()).unwrap_or(120)
}

#[test]
fn sound_parties_live_through_turmoils_own_network() {
    let knobs = Knobs::default();
    let (mut crashes, mut broken_lines, mut faults) = (0u64, 0u64, 0u64);
    for seed in 0..plans() {
        let plan = Arc::new(plan(seed, &knobs));
        let events = native::run(&plan).expect("the simulation runs to its end");
        for verdict in judge(&plan, &events) {
            assert!(verdict.violation().is_none(), "seed {seed}: {verdict:?}");
        }
        for event in &events {
            match event.what {
                What::Crashed { .. } => crashes += 1,
                What::Disconnected { .. } => broken_lines += 1,
                What::Fault { .. } => faults += 1,
                _ => {}
            }
        }
    }
    say(&format!(
        "{} plans on turmoil's own network: {crashes} crashes, {broken_lines} broken lines, {faults} strikes at nodes",
        plans()
    ));
    assert!(crashes > 0 && broken_lines > 0 && faults > 0);
}

/// The stage is as repeatable as the others: one seed, one history.
#[test]
fn one_seed_gives_one_history() {
    for seed in 0..5 {
        let plan = Arc::new(plan(seed, &Knobs::default()));
        let run = || native::run(&plan).expect("the simulation runs to its end");
        assert_eq!(run(), run(), "seed {seed}");
    }
}
