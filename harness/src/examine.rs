//! Running one scenario on a stage and holding what came out against what it expects. What a run is held
//! against is in `expectations`; nothing here writes or prints.

mod expectations;

use crate::check::{self, Invariant, Remark, Verdict};
use crate::history::{Digest, Event, What, digest};
use crate::plan::{Place, Plan};
use crate::scenario::{Expect, Names, Scenario};
use crate::stage::{self, StageError};
use cardstorm_models::ledger::Account;
use cardstorm_models::party::observe::Outcome;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which stage carries a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// One queue in virtual time.
    Virtual,
    /// turmoil in lockstep, at this tick; 0 is the coarsest that the plan allows, up to 100 ms.
    Turmoil {
        /// Milliseconds.
        tick_ms: u64,
    },
    /// turmoil's own network and faults.
    TurmoilNative,
}

impl Stage {
    /// The stage's name, as the command line takes it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Virtual => "virtual",
            Stage::Turmoil { .. } => "turmoil",
            Stage::TurmoilNative => "turmoil-native",
        }
    }

    /// The options that choose it on the command line.
    pub fn options(self) -> String {
        match self {
            Stage::Turmoil { tick_ms } if tick_ms > 0 => {
                format!("--stage turmoil --tick {tick_ms}")
            }
            other => format!("--stage {}", other.name()),
        }
    }
}

/// Runs a plan on a stage.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn perform(plan: &Arc<Plan>, stage: Stage) -> Result<Vec<Event>, StageError> {
    match stage {
        Stage::Virtual => Ok(stage::run(plan)),
        Stage::Turmoil { tick_ms: 0 } => {
            stage::run_on_turmoil(plan, plan.least_latency_ms().min(100))
        }
        Stage::Turmoil { tick_ms } => stage::run_on_turmoil(plan, tick_ms),
        Stage::TurmoilNative => stage::native::run(plan),
    }
}

/// What an expectation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// How an operation ends.
    Outcome(u32),
    /// What an operation's last screen shows.
    Screen(u32),
    /// An account's balance at the end.
    Balance(Account),
    /// That a fault of the plan strikes.
    Fault(u32),
    /// An invariant.
    Invariant(Invariant),
}

/// Something that did not come out as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// What it is about, in one word for names of files: `screen-of-shoes`, `slip-truth`.
    pub name: String,
    /// What it is about.
    pub about: About,
    /// What was expected.
    #[serde(rename = "expected_remark")]
    pub expected: Remark,
    /// What came out.
    #[serde(rename = "observed_remark")]
    pub observed: Remark,
    /// Nothing was there to check, so the opposite did not come out either.
    pub undecided: bool,
}

/// How a run stands against what was expected of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everything came out as expected.
    Passed,
    /// What was expected found nothing to check, and nothing else was wrong.
    Inconclusive,
    /// Something came out otherwise.
    Failed,
}

/// What came out of one run.
#[derive(Debug)]
pub struct Examination {
    /// Everything that happened.
    pub events: Vec<Event>,
    /// The history's digest.
    pub digest: Digest,
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// How often each fault of the plan struck.
    pub fired: Vec<u64>,
    /// What did not come out as expected; empty on success.
    pub misses: Vec<Miss>,
}

impl Examination {
    /// Whether everything came out as the scenario expects.
    pub fn passed(&self) -> bool {
        self.misses.is_empty()
    }

    /// How the run stands; a false expectation outranks one that had nothing to check.
    pub fn standing(&self) -> Standing {
        match self.misses.iter().map(|miss| miss.undecided).reduce(|all, next| all && next) {
            None => Standing::Passed,
            Some(true) => Standing::Inconclusive,
            Some(false) => Standing::Failed,
        }
    }

    /// What a failure is called after: the broken invariant whose first offence is the earliest, or else
    /// the first expectation that was not met.
    pub fn leading(&self) -> Option<&Miss> {
        let first = |miss: &&Miss| match miss.about {
            About::Invariant(invariant) => self.verdict(invariant)?.violation().map(|v| v.first),
            _ => None,
        };
        let broken = self.misses.iter().filter(|miss| first(miss).is_some()).min_by_key(first);
        broken.or_else(|| self.misses.first())
    }

    /// The verdict on an invariant.
    pub fn verdict(&self, invariant: Invariant) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| verdict.invariant == invariant)
    }

    /// How many operations began, retries and probes included.
    pub fn operations(&self) -> u64 {
        let begun = |event: &&Event| matches!(event.what, What::OpBegins { .. });
        self.events.iter().filter(begun).count() as u64
    }
}

/// What a run is held against.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// What is expected.
    pub expect: &'a Expect,
    /// What the plan's things are called.
    pub names: &'a Names,
}

impl<'a> Expected<'a> {
    /// What a scenario expects.
    pub fn by(scenario: &'a Scenario) -> Expected<'a> {
        Expected { expect: &scenario.expect, names: &scenario.names }
    }
}

/// A scenario's plan under a seed.
pub fn plan_of(scenario: &Scenario, seed: u64) -> Arc<Plan> {
    Arc::new(Plan { seed, ..scenario.plan.clone() })
}

/// Runs a scenario's plan under a seed and judges it.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn examine(scenario: &Scenario, stage: Stage, seed: u64) -> Result<Examination, StageError> {
    let plan = plan_of(scenario, seed);
    let events = perform(&plan, stage)?;
    Ok(judge(&plan, Expected::by(scenario), stage, events))
}

/// Judges a history and holds it against what is expected.
pub fn judge(
    plan: &Arc<Plan>,
    expected: Expected<'_>,
    stage: Stage,
    events: Vec<Event>,
) -> Examination {
    let verdicts = check::judge(plan, &events);
    let fired = fired(plan, &events);
    let misses = expectations::misses(plan, expected, stage, &events, &verdicts, &fired);
    let digest = digest(&events);
    Examination { events, digest, verdicts, fired, misses }
}

/// How often each fault of a plan struck.
pub fn fired(plan: &Plan, events: &[Event]) -> Vec<u64> {
    let mut fired = vec![0; plan.faults.len()];
    for event in events {
        if let What::Fault { fault } = event.what {
            fired[fault as usize] += 1;
        }
    }
    fired
}

/// An outcome, as scenario files write it.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::Failed => "failed",
        Outcome::InDoubt => "in-doubt",
    }
}

/// A party, in words.
pub fn place_name(place: Place, names: &Names) -> String {
    match place {
        Place::Terminal(n) => format!("terminal {}", names.terminal(n)),
        Place::Acquirer => "the acquirer".into(),
        Place::Issuer => "the issuer".into(),
    }
}
