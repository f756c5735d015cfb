//! Disks that take their time: what follows a sync waits for it, a death in the middle of one loses or tears
//! what it was to make durable, no invariant breaks, and turmoil tells the same story.

#[path = "shared/compare.rs"]
mod compare;
#[expect(dead_code, reason = "these plans need only some of the words")]
#[path = "shared/plans.rs"]
mod plans;
#[path = "shared/say.rs"]
mod say;
#[path = "shared/verdicts.rs"]
mod verdicts;

use cardstorm::check::judge;
use cardstorm::history::{Event, What};
use cardstorm::plan::{Death, FaultKind, Place, Plan, SyncTimes, When};
use cardstorm::stage::{self, turmoil};
use cardstorm::storm::{self, Knobs};
use cardstorm_models::party::Observation;
use cardstorm_models::wire::Mti;
use plans::{fault, quiet, sale};
use std::sync::Arc;

const SYNC_MS: u64 = 700;
/// Of some forty bytes, a drawn number survives; all of them, once in a while.
const SEEDS: u64 = 400;

/// One sale before a bank whose disk is slow.
fn slow_bank() -> Plan {
    let mut plan = quiet(1, 60_000);
    plan.ops = vec![sale(0, 5_000, 1)];
    plan.world.sync_times.issuer_ms = SYNC_MS;
    plan
}

fn at(events: &[Event], which: impl Fn(&What) -> bool) -> Option<u64> {
    events.iter().find(|event| which(&event.what)).map(|event| event.at_ms)
}

fn received(mti: Mti) -> impl Fn(&What) -> bool {
    move |what| matches!(what, What::Received { message, .. } if message.mti == mti)
}

fn decided(what: &What) -> bool {
    matches!(what, What::Said { said: Observation::Decided { .. } })
}

/// The plan's events with every invariant held and, where a tick is given, equal on both stages.
fn check(plan: &Plan, tick_ms: Option<u64>) -> Vec<Event> {
    let plan = Arc::new(plan.clone());
    let events = stage::run(&plan);
    if let Some(tick_ms) = tick_ms {
        let carried = turmoil::run(&plan, tick_ms).expect("the tick fits");
        assert_eq!(compare::difference(&events, &carried), None, "tick {tick_ms} ms");
    }
    let broken = verdicts::violations(&judge(&plan, &events));
    assert!(broken.is_empty(), "{broken:#?}");
    events
}

#[test]
fn what_follows_a_sync_waits_until_it_is_done() {
    let events = check(&slow_bank(), Some(100));
    // Terminal and acquirer have hops of 100 ms, so the second 0200 that is received is the issuer's.
    let asked = at(&events, |what| {
        matches!(what, What::Received { message, .. }
            if message.mti == Mti::M0200 && message.rrn.is_some())
    });
    let decided = at(&events, decided).expect("decided");
    assert_eq!(decided, asked.expect("forwarded") + SYNC_MS);
    assert_eq!(at(&events, received(Mti::M0210)), Some(decided + 100));
}

#[test]
fn a_death_during_a_sync_loses_or_tears_what_it_was_to_make_durable() {
    let begun = at(&check(&slow_bank(), Some(100)), decided).expect("decided") - SYNC_MS;
    let (mut lost, mut survived) = (0, 0);
    for seed in 0..SEEDS {
        let mut plan = slow_bank();
        plan.seed = seed;
        let ms = begun + 1 + seed * (SYNC_MS - 2) / SEEDS;
        let crash = FaultKind::Crash { death: Death::PowerLoss, restart_after_ms: 3_000 };
        plan.faults = vec![fault(Place::Issuer, crash, When::At { ms })];
        let events = check(&plan, (seed % 100 == 0).then_some(100));
        let crashed = at(&events, |what| matches!(what, What::Crashed { .. })).expect("crashed");
        assert_eq!(crashed, ms);
        // In doubt it is reversed; decided or not, the sale's answer never left.
        assert_eq!(at(&events[..], received(Mti::M0210)).filter(|at| *at < ms + 3_000), None);
        match at(&events, decided) {
            Some(decided) if decided == crashed => survived += 1,
            _ => lost += 1,
        }
    }
    assert!(lost > 0 && survived > 0, "lost {lost}, survived {survived}");
}

#[test]
fn generated_plans_with_slow_disks_hold_every_invariant_and_the_law() {
    let (mut plans, mut slower) = (0, 0);
    for seed in 0..40u64 {
        let knobs = Knobs { chaos_ms: 120_000, ..Knobs::default() };
        let quick = storm::plan(seed, &knobs);
        let mut plan = quick.clone();
        plan.world.sync_times = SyncTimes {
            terminals_ms: vec![seed * 7 % 40; plan.world.terminals.len()],
            acquirer_ms: [0, 3, 25, 900][seed as usize % 4],
            issuer_ms: [5, 0, 120, 2_000, 40][seed as usize % 5],
        };
        let events = check(&plan, Some(if seed % 2 == 0 { 10 } else { 100 }));
        slower += u64::from(stage::run(&Arc::new(quick)) != events);
        plans += 1;
    }
    assert_eq!(slower, plans, "a disk's time shows in every history");
    say::say(&format!("slow disks: {plans} plans, both stages"));
}

/// Found by the properties: the first piece of a frame opened a clearing day, and its sync was still under
/// way when the second piece was handed over.
#[test]
fn a_frame_in_two_pieces_waits_for_the_sync_that_its_first_piece_set_off() {
    let plan = storm::plan(6_241_119_031_611_289_014, &Knobs::default());
    check(&plan, Some(plan.least_latency_ms().min(100)));
}
