//! Before anything else: one plan is one history, byte for byte. Twice in one process, in two processes, on
//! any number of threads, and after the plan itself has been through JSON.
#![allow(
    clippy::print_stdout,
    reason = "a second process hands its digests over on standard output"
)]

use cardstorm::history::{Digest, What, digest};
use cardstorm::plan::{Fault, FaultKind, NodeId, Plan};
use cardstorm::shrink;
use cardstorm::stage::{self, turmoil};
use cardstorm::storm::{self, Knobs};
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::Mti;
use std::collections::BTreeMap;
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

/// What a message is, how often it had been sent before, and whether faults had ended: what its delay is
/// keyed by, and which line, troubled or healed, makes a delay of the draw.
type Identity = (NodeId, NodeId, Mti, TxnKey, u32, bool);

/// The delay of every first copy that was sent and did not have to wait behind another of its connection:
/// what comes before it on the line may well be another message.
fn delays(plan: &Arc<Plan>) -> BTreeMap<Identity, u64> {
    let (mut times, mut delays) = (BTreeMap::<_, u32>::new(), BTreeMap::new());
    let mut last_due = BTreeMap::new();
    for event in stage::run(plan) {
        let What::Sent { to, conn, copy: 0, due_ms, message } = event.what else { continue };
        let key = TxnKey { terminal: message.terminal, batch: message.batch, stan: message.stan };
        let nth = times.entry((event.node, to, message.mti, key)).or_default();
        *nth += 1;
        if let Some(due_ms) = due_ms
            && last_due.insert((event.node, conn), due_ms) != Some(due_ms)
        {
            let healed = event.at_ms >= plan.chaos_ms;
            delays.insert((event.node, to, message.mti, key, *nth, healed), due_ms - event.at_ms);
        }
    }
    delays
}

/// A fault that changes no delay by itself.
fn leaves_delays_alone(fault: &Fault) -> bool {
    !matches!(fault.what, FaultKind::Latency { .. } | FaultKind::Delay { .. })
}

/// Draws are keyed by what things are: with one fault less, every message that is still sent takes as long
/// as it took.
#[test]
fn taking_one_fault_out_leaves_the_surviving_delays_unmoved() {
    let (mut compared, mut plans) = (0, 0);
    for seed in 0..120 {
        let plan = storm::plan(seed, &storm::Knobs::default());
        if !plan.faults.iter().all(leaves_delays_alone) {
            continue;
        }
        let whole = delays(&Arc::new(plan.clone()));
        for fault in 0..plan.faults.len() {
            let less = shrink::without_faults(&plan, &[fault]).expect("one fault less");
            let left = delays(&Arc::new(less));
            plans += 1;
            for (message, delay) in left.iter().filter(|(message, _)| whole.contains_key(message)) {
                assert_eq!(
                    *delay, whole[message],
                    "seed {seed}, without fault {fault}: {message:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(plans > 50 && compared > 1_000, "{plans} plans, {compared} delays");
}
