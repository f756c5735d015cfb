//! Scenario files: one story per TOML file becomes a typed scenario with its plan, or a list of
//! everything that is wrong with it, each at its line and column. No stage, no party and no check runs
//! here; a scenario says what is expected, somebody else judges it.

mod bank;
mod begins;
mod card_numbers;
pub mod choices;
mod compile;
mod contract;
mod diagnostic;
mod effects;
mod expect;
mod faults;
mod hint;
mod house;
mod keys;
mod lengths;
mod links;
mod lint;
mod made;
mod meant;
mod names;
mod often;
mod ops;
mod paces;
mod reference;
mod requirements;
mod sink;
mod syntax;
mod tables;
#[cfg(test)]
mod tests;
mod trigger;
mod value;
mod walk;
mod world;

pub(crate) use card_numbers::run_of_digits;
pub use choices::{Param, unsound_choices};
pub use compile::parse;
pub(crate) use compile::{LONGEST, steers};
pub use diagnostic::{Diagnostic, Severity, Sources, render};
pub use effects::{effects_of, messages};
pub use expect::{Expect, OpExpect, Shown, probe_share};
pub use hint::nearest;
pub use keys::{ChoiceInfo, Choices, WayInfo};
pub use names::Names;
pub use reference::reference;
pub use requirements::{OPEN, REPORTS, Requirement, requirement, requirements};

use crate::plan::Plan;
use serde::{Deserialize, Serialize};

/// A text in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text2 {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A story, ready to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name: folder and file without the ending, as `declined/short-balance`.
    pub name: String,
    /// The folder of the catalogue, empty for a file from elsewhere.
    pub folder: String,
    /// What it is called.
    pub title: Text2,
    /// The question that it answers.
    pub question: Text2,
    /// What happens and why it matters, in prose.
    pub story: Option<String>,
    /// The requirement rows that it carries.
    pub rows: Vec<String>,
    /// The whole input of its run.
    pub plan: Plan,
    /// How it is to end.
    pub expect: Expect,
    /// What its things are called.
    pub names: Names,
    /// The text of the file.
    pub source: String,
    /// What is worth a look, but stops nothing.
    pub warnings: Vec<Diagnostic>,
}

/// Every story of the catalogue: its name and its text, in the order of the names.
pub fn catalogue() -> impl Iterator<Item = (&'static str, &'static str)> {
    cardstorm_scenarios::STORIES.iter().copied()
}
