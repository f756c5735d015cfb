//! Exploration against bare runs, on one core: plans a second of storm plans made beforehand, run and
//! judged; the same plans explored, with generation, coverage, mutants and merging; and two cores against
//! one. The best of several rounds counts, all taken in turn, so that a busy machine hurts all alike.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use cardstorm::check::Judge;
use cardstorm::examine::Stage;
use cardstorm::explore::{Halt, Limits, Sweep, sweep};
use cardstorm::plan::Plan;
use cardstorm::stage;
use cardstorm::storm::{self, Knobs};
use indicatif::ProgressBar;
use std::sync::Arc;

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
    let mut best = [0u128; 4];
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
