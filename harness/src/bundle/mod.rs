//! Failure folders: one failed run kept as files, ready to be read, mailed and replayed. `write` makes a
//! folder, `read` takes one back, `validate` guards every index of a plan that somebody may have edited.
//! Nothing here runs a plan or prints.

mod error;
mod ledgers;
mod mask;
mod read;
mod readme;
#[cfg(test)]
mod said_of_plans;
#[cfg(test)]
mod tests;
mod validate;
mod write;

pub use error::BundleError;
pub use mask::{mask_digits, mask_story};
pub use read::{Bundle, read, read_broken};
pub use validate::{PlanError, validate};
pub use write::{Contents, How, Kept, fingerprint, folder_name, keep, keep_broken};
pub(crate) use write::{made_for, take_away};

use crate::examine::Stage;
use crate::report::told::{Miss, Verdict};
use crate::report::trace::Lang;
use crate::scenario::{Expect, Names, Text2};
use serde::{Deserialize, Serialize};

/// Version of the folder's format.
pub const FORMAT: u32 = 1;

/// The plan: the whole input of the run.
pub const PLAN: &str = "plan.json";
/// The story, card data masked.
pub const SCENARIO: &str = "scenario.toml";
/// What was found, and what is needed to say it again.
pub const VERDICT: &str = "verdict.json";
/// The trace, folded.
pub const TRACE: &str = "trace.txt";
/// Every event, as JSON lines.
pub const EVENTS: &str = "events.jsonl";
/// Balances before and after.
pub const LEDGERS: &str = "ledgers.csv";
/// The plan that it was found in, where the plan itself was shrunk.
pub const ORIGINAL: &str = "original.json";
/// What the panic said, where the plan could not be brought to its end.
pub const PANIC: &str = "panic.txt";
/// What each file is.
pub const README: &str = "README.md";
/// SHA-256 of the events.
pub const DIGEST: &str = "digest.txt";

/// Every file that a folder must have.
pub const FILES: [&str; 8] = [PLAN, SCENARIO, VERDICT, TRACE, EVENTS, LEDGERS, README, DIGEST];

/// What `verdict.json` holds beside the findings: enough to judge the run again and name its things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// [`FORMAT`].
    pub format: u32,
    /// The scenario's name.
    pub scenario: String,
    /// What it is called.
    pub title: Text2,
    /// What carried the run.
    pub stage: Stage,
    /// The language of its trace.
    pub lang: Lang,
    /// What the plan's things are called.
    pub names: Names,
    /// What was expected.
    pub expect: Expect,
    /// How exploration found it, where it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Found>,
}

/// How exploration found a failure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Seed of the plan that it was found in.
    pub seed: u64,
    /// `23 ops, 9 faults -> 2 ops, 1 fault (41 replays)`.
    pub shrunk: String,
    /// Whether it happens on the turmoil stage.
    pub on_turmoil: String,
}

/// The whole of `verdict.json`.
#[derive(Serialize)]
struct Findings<'a> {
    #[serde(flatten)]
    about: &'a About,
    misses: Vec<Miss<'a>>,
    verdicts: Vec<Verdict<'a>>,
}
