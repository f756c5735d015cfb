//! Folders come back as they were written, damaged ones are told apart, and no edited plan that passes
//! the guard can bring a run down.

use super::*;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Op, Plan, Task};
use crate::scenario::{Scenario, catalogue, parse};
use crate::storm::{self, Knobs};
use crate::{check, stage};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

fn stories() -> Vec<Scenario> {
    catalogue()
        .map(|(name, text)| parse(name, name, text).expect("the catalogue is clean"))
        .collect()
}

#[test]
fn whatever_we_make_passes() {
    for story in stories() {
        assert_eq!(validate(&story.plan), Ok(()), "{}", story.name);
    }
    for seed in 0..300 {
        assert_eq!(validate(&storm::plan(seed, &Knobs::default())), Ok(()), "seed {seed}");
    }
}

#[test]
fn what_points_nowhere_is_named() {
    let plan = storm::plan(1, &Knobs::default());
    let wrong = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan.clone();
        change(&mut plan);
        validate(&plan).expect_err("points nowhere").path
    };
    let card = |op: &mut Op, to: u32| match &mut op.task {
        Task::Sale { card, .. }
        | Task::Rest { card, .. }
        | Task::PreAuth { card, .. }
        | Task::Balance { card, .. }
        | Task::Completion { card, .. }
        | Task::Void { card, .. }
        | Task::Refund { card, .. }
        | Task::Dispute { card, .. } => *card = to,
        Task::PortalRefund { .. } | Task::Settle | Task::Echo | Task::SignOff => {
            unreachable!("no card is read")
        }
    };
    assert_eq!(wrong(&|plan| plan.version = 7), "version");
    assert_eq!(wrong(&|plan| plan.ops[0].terminal = 99), "ops[0].terminal");
    assert_eq!(wrong(&|plan| card(&mut plan.ops[1], 99)), "ops[1].task.card");
    assert_eq!(wrong(&|plan| plan.world.probe_card = 99), "world.probe_card");
    assert_eq!(wrong(&|plan| plan.world.terminals.clear()), "world.terminals");
}

/// Every number of a plan's JSON, in order.
fn numbers<'v>(value: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    match value {
        Value::Number(_) => found.push(value),
        Value::Array(items) => items.iter_mut().for_each(|item| numbers(item, found)),
        Value::Object(map) => map.values_mut().for_each(|item| numbers(item, found)),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// One number of a plan is replaced by an extreme one: it is refused with a word, or it runs.
#[test]
fn no_edited_plan_brings_a_run_down() {
    let extremes: [i64; 8] = [0, 1, -1, 3, 255, 65_535, 4_294_967_295, i64::MAX];
    let (mut ran, mut refused) = (0, 0);
    for case in 0..600u64 {
        let draw = Draw::keyed(case, Purpose::Plan, &[0xed17]);
        let plan = storm::plan(case, &Knobs { ops: 4, chaos_ms: 120_000, ..Knobs::default() });
        let mut json = serde_json::to_value(&plan).expect("a plan is JSON");
        let mut found = Vec::new();
        numbers(&mut json, &mut found);
        let at = usize::try_from(draw.below(found.len() as u64)).expect("an index");
        let to = usize::try_from(draw.fork(1).below(8)).expect("an index");
        *found[at] = Value::from(extremes[to]);
        let Ok(edited) = serde_json::from_value::<Plan>(json) else { continue };
        // Runs of many days are slow, not wrong.
        if validate(&edited).is_err() || edited.end_ms() > 3_600_000 {
            refused += 1;
            continue;
        }
        let edited = Arc::new(edited);
        let done = catch_unwind(AssertUnwindSafe(|| {
            let events = stage::run(&edited);
            check::judge(&edited, &events).len()
        }));
        let plan = serde_json::to_string(&*edited).expect("a plan is JSON");
        assert!(done.is_ok(), "case {case}, number {at} is now {}: {plan}", extremes[to]);
        ran += 1;
    }
    assert!(ran > 100 && refused > 50, "{ran} ran, {refused} refused");
}

#[test]
fn one_plan_has_one_fingerprint() {
    let plan = storm::plan(1, &Knobs::default());
    assert_eq!(fingerprint(&plan), fingerprint(&plan.clone()));
    assert_ne!(fingerprint(&plan), fingerprint(&storm::plan(2, &Knobs::default())));
    assert_eq!(fingerprint(&plan).len(), 8);
}
