//! From a failing plan to a finding: shrunk, grouped with those that shrink to the same, and shown to
//! happen on the turmoil stage too.

use super::{Report, Suspect, run};
use crate::bundle::fingerprint;
use crate::check::Invariant;
use crate::examine::{Stage, perform};
use crate::guard::guarded;
use crate::history::digest;
use crate::plan::{Op, Plan, Start, Task, When};
use crate::shrink::{Shrunk, shrink_until};
use crate::stage;
use cardstorm_models::party::Peer;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most plans that are tried to make one smaller.
pub const SHRINK_BUDGET: u32 = 2_000;

/// Whether a finding happens on the turmoil stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// The same history, byte for byte.
    Same,
    /// It does not, and why.
    No(String),
    /// It was found on turmoil's own network, which makes histories of its own.
    OfItsOwn,
}

/// Something that breaks, made as small as it goes.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What breaks.
    pub invariant: Invariant,
    /// Whose rule it is.
    pub blamed: Peer,
    /// Stands for the shrunk plan.
    pub fingerprint: String,
    /// The plan that it was found in: its number within the sweep.
    pub index: u64,
    /// The plan that it was found in.
    pub original: Arc<Plan>,
    /// The smallest plan that still breaks it.
    pub shrunk: Shrunk,
    /// Whether it happens on the turmoil stage.
    pub confirmed: Confirmed,
    /// Further plans that shrank to the same story.
    pub also: Vec<u64>,
}

/// Whether a plan breaks this invariant by this kind of party. A plan that cannot be brought to its end does
/// not count.
fn breaks(plan: &Plan, stage: Stage, invariant: Invariant, blamed: Peer) -> bool {
    let plan = Arc::new(plan.clone());
    let ran = guarded(|| run(&plan, stage));
    let Ok(Ok(ran)) = ran else { return false };
    let broken = ran.verdicts.iter().filter(|verdict| verdict.invariant == invariant);
    let mut violations = broken.filter_map(|verdict| verdict.violation());
    violations.any(|violation| plan.peer(plan.node(violation.blamed)) == blamed)
}

/// What breaks first in a plan, if it can be brought to its end.
fn leading(plan: &Plan, stage: Stage) -> Option<(Invariant, Peer)> {
    let plan = Arc::new(plan.clone());
    let ran = guarded(|| run(&plan, stage)).ok()?.ok()?;
    ran.leading(&plan)
}

/// Shrinks one failing plan; once `stop` is set, only as far as it has come.
pub fn shrink_one(
    plan: &Plan,
    stage: Stage,
    invariant: Invariant,
    blamed: Peer,
    stop: &AtomicBool,
) -> Shrunk {
    let stop = || stop.load(Ordering::Relaxed);
    shrink_until(plan, SHRINK_BUDGET, stop, |plan| breaks(plan, stage, invariant, blamed))
}

/// What a shrunk plan is about, times, amounts and seeds left out: plans of one shape tell one story.
fn shape(plan: &Plan) -> String {
    let mut text = String::new();
    // A purchase is named by the first operation that pays for it: its number is the seed's.
    let first = |intent: u32| {
        let pays = |op: &Op| op.task.intent() == Some(intent);
        plan.ops.iter().position(pays)
    };
    for op in &plan.ops {
        let task = match op.task {
            Task::Sale { intent, .. } => format!("sale {:?}", first(intent)),
            Task::Rest { of, .. } => format!("rest {of}"),
            Task::PreAuth { .. } => "pre-auth".to_owned(),
            Task::Balance { .. } => "balance".to_owned(),
            Task::Completion { of, intent, .. } => format!("completion {of} {:?}", first(intent)),
            Task::Void { of, amount, .. } => format!("void {of} {}", amount.is_some()),
            Task::Refund { of, .. } => format!("refund {of}"),
            Task::PortalRefund { of, .. } => format!("portal refund {of}"),
            Task::Dispute { .. } => "dispute".to_owned(),
            Task::Settle => "settle".to_owned(),
            Task::Echo => "echo".to_owned(),
            Task::SignOff => "sign off".to_owned(),
        };
        let after = match op.start {
            Start::At { .. } => None,
            Start::After { op, outcome, .. } => Some((op, outcome)),
        };
        let _ = writeln!(text, "{task} at {} {after:?}", op.terminal);
    }
    for fault in &plan.faults {
        let when = match &fault.when {
            When::At { .. } => "at a time".to_owned(),
            other => format!("{other:?}"),
        };
        let _ = writeln!(text, "{} at {:?} {when}", fault.what.name(), fault.at);
    }
    for house in &plan.house {
        let _ = writeln!(text, "{:?}", std::mem::discriminant(&house.op));
    }
    text
}

/// Runs a plan on turmoil in lockstep and compares with virtual time.
pub fn confirm(plan: &Plan, found_on: Stage) -> Confirmed {
    if found_on == Stage::TurmoilNative {
        return Confirmed::OfItsOwn;
    }
    let plan = Arc::new(plan.clone());
    let done = guarded(|| {
        let there = perform(&plan, Stage::Turmoil { tick_ms: 0 }).map_err(|e| e.to_string())?;
        Ok(digest(&there) == digest(&stage::run(&plan)))
    });
    match done.and_then(|done| done) {
        Ok(true) => Confirmed::Same,
        Ok(false) => Confirmed::No("it gives another history there".into()),
        Err(why) => Confirmed::No(why),
    }
}

/// Shrinks and groups what a sweep found, in the order of the plans that it was found in. Once `stop` is
/// set, nothing is shrunk any further: of each kind that has no finding yet the earliest plan is kept as it
/// is, the others are left out, and their number comes back.
pub fn findings(report: &Report, stage: Stage, stop: &AtomicBool) -> (Vec<Finding>, usize) {
    let suspects: Vec<&Suspect> = report.suspects().collect();
    let one = |suspect: &&Suspect| {
        let Suspect { index, invariant, blamed, ref plan } = **suspect;
        let earliest = |other: &&Suspect| (other.invariant, other.blamed) == (invariant, blamed);
        let earliest = suspects.iter().find(|other| earliest(other)).map(|first| first.index);
        if stop.load(Ordering::Relaxed) && earliest != Some(index) {
            return None;
        }
        let shrunk = shrink_one(plan, stage, invariant, blamed, stop);
        // What is told is the small plan, so its own first offence is what it is told under.
        let (invariant, blamed) = leading(&shrunk.plan, stage).unwrap_or((invariant, blamed));
        let confirmed = Confirmed::OfItsOwn;
        let (fingerprint, original) = (fingerprint(&shrunk.plan), Arc::clone(plan));
        let also = Vec::new();
        Some(Finding { invariant, blamed, fingerprint, index, original, shrunk, confirmed, also })
    };
    let shrunk: Vec<Option<Finding>> = suspects.par_iter().map(one).collect();
    let left_out = shrunk.iter().filter(|finding| finding.is_none()).count();
    let mut groups: BTreeMap<(Invariant, Peer, String), Finding> = BTreeMap::new();
    for finding in shrunk.into_iter().flatten() {
        let key = (finding.invariant, finding.blamed, shape(&finding.shrunk.plan));
        match groups.get_mut(&key) {
            Some(known) => known.also.push(finding.index),
            None => {
                groups.insert(key, finding);
            }
        }
    }
    let mut groups: Vec<Finding> = groups.into_values().collect();
    groups.sort_by_key(|finding| finding.index);
    groups.par_iter_mut().for_each(|one| {
        one.confirmed = match stop.load(Ordering::Relaxed) {
            true => Confirmed::No("interrupted before it was tried there".into()),
            false => confirm(&one.shrunk.plan, stage),
        };
    });
    (groups, left_out)
}
