//! Exploration against bare runs, on one core: plans a second of storm plans made beforehand, run and
//! judged; the same plans explored, with generation, coverage, mutants and merging; and two cores against
//! one. The best of several rounds counts, all taken in turn, so that a busy machine hurts all alike. Then
//! how soon each unsound choice is caught, and how long a failing plan takes to shrink, both on one core; and
//! what the process holds after the first round of sweeps and after the last.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use cardstorm::check::Judge;
use cardstorm::examine::Stage;
use cardstorm::explore::{Halt, Limits, Sweep, shrink_one, sweep};
use cardstorm::matrix::{matrix, unsound};
use cardstorm::plan::Plan;
use cardstorm::stage;
use cardstorm::storm::{self, Knobs};
use cardstorm_models::party::acquirer::IssuerSilence;
use indicatif::ProgressBar;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

const PLANS: u64 = 10_240;
const ROUNDS: usize = 5;

fn main() {
    let generate = |seed| storm::plan(seed, &Knobs::default());
    let plans: Vec<Arc<Plan>> = (1..=PLANS).map(|seed| Arc::new(generate(seed))).collect();
    let bare = || plans.iter().for_each(|plan| assert!(judged(plan) > 0));
    let explored = |threads: usize, mutants: bool| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let what = Sweep { base: 1, stage: Stage::Virtual, generate: &generate, mutants };
        let limits = Limits { plans: Some(PLANS), plateau: None };
        let pool = pool.expect("a few threads");
        let report = sweep(&what, limits, &pool, &Halt::default(), &mut |_| {});
        assert_eq!(report.expect("virtual time takes any plan").failing, 0);
    };
    let (mut best, mut held) = ([0u128; 4], Vec::new());
    for _ in 0..ROUNDS {
        let rates = [
            rate(bare),
            rate(|| explored(1, false)),
            rate(|| explored(1, true)),
            rate(|| explored(2, true)),
        ];
        for (best, rate) in best.iter_mut().zip(rates) {
            *best = rate.max(*best);
        }
        held.extend(held_kib());
    }
    let [bare, fresh, one, two] = best;
    println!("{:<44}{bare:>8} plans/s", "bare: run and judged");
    let of_bare = |rate: u128| rate * 100 / bare;
    println!(
        "{:<44}{fresh:>8} plans/s  {} % of bare",
        "explored, the same plans, one thread",
        of_bare(fresh)
    );
    println!(
        "{:<44}{one:>8} plans/s  {} % of bare",
        "explored with mutants, one thread",
        of_bare(one)
    );
    let times = two * 100 / one;
    println!("{:<44}{two:>8} plans/s  {}.{:02} times one", "two threads", times / 100, times % 100);
    if let [first, .., last] = held[..] {
        let plans = ROUNDS as u64 * 3 * PLANS;
        let name = format!("memory held, after {} plans explored", 3 * PLANS);
        println!("{name:<44}{first:>8} KiB");
        let name = format!("memory held, after {plans} plans explored");
        println!("{name:<44}{last:>8} KiB");
    }
    catching();
    shrinking();
}

/// What the process holds in memory, where the system says so.
fn held_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Knows how long it has been there; draws nothing.
fn stopwatch() -> Box<dyn Fn() -> Duration> {
    let bar = ProgressBar::hidden();
    Box::new(move || bar.elapsed())
}

/// How soon swarm catches each unsound choice.
fn catching() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let go_on = AtomicBool::new(false);
    let matrix = pool.install(|| matrix(CAUGHT_WITHIN, 1, unsound(), &go_on, &stopwatch, &|_| {}));
    let times = matrix.times();
    let (caught, all) = (times.len(), matrix.rows.len() - 1);
    println!("{:<44}{caught:>8} of {all}", format!("choices caught within {CAUGHT_WITHIN} plans"));
    for (what, at) in [("median", times.len() / 2), ("slowest", times.len() - 1)] {
        let (after, row) = times[at];
        let name = row.name();
        println!("{:<44}{:>8} ms  {name}", format!("until caught, {what}"), after.as_millis());
    }
}

const CAUGHT_WITHIN: u64 = 3_000;

/// How long the failing plans of a careless acquirer take to shrink.
fn shrinking() {
    let generate = |seed| {
        let mut plan = storm::plan(seed, &Knobs::default());
        plan.world.acquirer.choices.issuer_silence = IssuerSilence::Plain91;
        plan
    };
    let what = Sweep { base: 1, stage: Stage::Virtual, generate: &generate, mutants: true };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let limits = Limits { plans: Some(2_048), plateau: None };
    let report = sweep(&what, limits, &pool, &Halt::default(), &mut |_| {});
    let report = report.expect("virtual time takes any plan");
    let go_on = AtomicBool::new(false);
    let mut times: Vec<(Duration, u32)> = report
        .suspects()
        .map(|suspect| {
            let since = stopwatch();
            let (invariant, blamed) = (suspect.invariant, suspect.blamed);
            let shrunk = shrink_one(&suspect.plan, Stage::Virtual, invariant, blamed, &go_on);
            (since(), shrunk.replays)
        })
        .collect();
    times.sort_unstable();
    for (what, at) in [("median", times.len() / 2), ("slowest", times.len() - 1)] {
        let (after, replays) = times[at];
        let name = format!("shrinking, {what} of {}", times.len());
        println!("{name:<44}{:>8} ms  {replays} replays", after.as_millis());
    }
}

fn judged(plan: &Arc<Plan>) -> usize {
    let mut judge = Judge::new(plan);
    stage::run_with(plan, |event| judge.event(event));
    judge.finish().len()
}

/// Plans a second.
fn rate(work: impl FnOnce()) -> u128 {
    // Knows how long it has been there; draws nothing.
    let watch = ProgressBar::hidden();
    work();
    u128::from(PLANS) * 1_000_000 / watch.elapsed().as_micros().max(1)
}
