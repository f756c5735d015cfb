//! Before anything else: one plan is one history, byte for byte. Twice in one process, in two processes, on
//! any number of threads, and after the plan itself has been through JSON.
#![allow(
    clippy::print_stdout,
    reason = "a second process hands its digests over on standard output"
)]

use cardstorm::history::{Digest, digest};
use cardstorm::plan::Plan;
use cardstorm::stage::{self, turmoil};
use cardstorm::storm::{self, Knobs};
use std::process::Command;
use std::sync::Arc;

const SEEDS: std::ops::Range<u64> = 0..60;

fn plan(seed: u64) -> Arc<Plan> {
    Arc::new(storm::plan(seed, &Knobs::default()))
}

fn told(seed: u64) -> Digest {
    digest(&stage::run(&plan(seed)))
}

/// One line per seed; the first few on both stages.
fn lines() -> Vec<String> {
    let virtual_time = SEEDS.map(|seed| format!("digest virtual {seed} {}", told(seed)));
    let carried = (0..4).map(|seed| {
        let events = turmoil::run(&plan(seed), 100).expect("the tick fits the plan");
        format!("digest turmoil {seed} {}", digest(&events))
    });
    virtual_time.chain(carried).collect()
}

#[test]
fn one_plan_run_twice_is_one_history() {
    for seed in SEEDS {
        let plan = plan(seed);
        let (one, other) = (stage::run(&plan), stage::run(&plan));
        assert!(one == other, "seed {seed}: two histories");
        assert_eq!(digest(&one), digest(&other), "seed {seed}");
    }
}

#[test]
fn both_stages_give_the_same_digest() {
    let lines = lines();
    for seed in 0..4usize {
        let of = |line: &str| line.rsplit(' ').next().map(str::to_owned);
        assert_eq!(of(&lines[seed]), of(&lines[SEEDS.count() + seed]), "seed {seed}");
    }
}

/// What the other process runs: its digests, on standard output.
#[test]
fn digests_are_said_aloud() {
    for line in lines() {
        println!("\n{line}");
    }
}

#[test]
fn two_processes_give_the_same_digests() {
    let this = std::env::current_exe().expect("a running program has a path");
    let other = Command::new(this)
        .args(["--exact", "digests_are_said_aloud", "--nocapture"])
        // Another environment, and so another memory layout.
        .env("CARDSTORM_ELSEWHERE", "x".repeat(4_321))
        .current_dir(std::env::temp_dir())
        .output()
        .expect("a program can start itself");
    assert!(other.status.success(), "the other process failed");
    let output = String::from_utf8(other.stdout).expect("test output is text");
    let theirs: Vec<&str> = output.lines().filter(|line| line.starts_with("digest ")).collect();
    assert_eq!(theirs, lines());
}

#[test]
fn threads_make_no_difference() {
    let alone: Vec<Digest> = SEEDS.map(told).collect();
    for threads in [2, 3, 8] {
        let seeds: Vec<u64> = SEEDS.collect();
        let together: Vec<Digest> = std::thread::scope(|scope| {
            let parts = seeds.chunks(seeds.len().div_ceil(threads));
            let running: Vec<_> = parts
                .map(|part| scope.spawn(|| part.iter().map(|seed| told(*seed)).collect()))
                .collect();
            let joined = running.into_iter().map(|part| part.join().expect("no thread fails"));
            joined.flat_map(|part: Vec<Digest>| part).collect()
        });
        assert_eq!(together, alone, "{threads} threads");
    }
}

#[test]
fn a_plan_survives_json() {
    for seed in SEEDS {
        let plan = plan(seed);
        let text = serde_json::to_string(&*plan).expect("a plan is JSON");
        let read: Plan = serde_json::from_str(&text).expect("its JSON is a plan");
        assert_eq!(read, *plan, "seed {seed}");
        assert_eq!(serde_json::to_string(&read).expect("a plan is JSON"), text, "seed {seed}");
        assert_eq!(digest(&stage::run(&Arc::new(read))), told(seed), "seed {seed}");
    }
}
