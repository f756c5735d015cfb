//! Regressions: plans that broke something once and were accepted by a person, kept under
//! `scenarios/regressions/` as JSON. They run as stories do, before all others: with sound parties every
//! invariant must hold, with an unsound choice the one that broke must go on breaking.

use crate::bundle::{Bundle, PlanError, validate};
use crate::check::Invariant;
use crate::examine::{Expected, Stage, examine, judge};
use crate::plan::{PLAN_VERSION, Place, Plan};
use crate::report::failure::Failure;
use crate::report::trace::{Lang, Trace};
use crate::report::verdict;
use crate::report::words::Words;
use crate::scenario::{Expect, Names, Scenario, Text2, unsound_choices};
use crate::stage::StageError;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The folder of the catalogue that they are in.
pub const FOLDER: &str = "regressions";

/// Version of the file's format.
const FORMAT: u32 = 1;

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    /// The scenario that it was found in.
    found_in: String,
    title: Text2,
    /// What must go on breaking, and whose rule it is; none where all must hold.
    violates: Option<(Invariant, Place)>,
    names: Names,
    plan: Plan,
}

/// Why a plan is no regression, or a file holds none.
#[derive(Debug, thiserror::Error)]
pub enum RegressionError {
    /// The file is not what it should be.
    #[error("it is no regression: {0}; take it again with `cardstorm accept`")]
    Damaged(serde_json::Error),
    /// The file is of a version that this one does not know.
    #[error("it is of version {0}, and this cardstorm reads version {FORMAT}")]
    OtherVersion(u64),
    /// The plan names something that it does not have.
    #[error("its plan cannot be run: {0}")]
    Plan(#[from] PlanError),
    /// Nothing broke.
    #[error(
        "no invariant breaks in it: what a story expects of itself belongs into the story, and a failure that is \
         gone is no regression"
    )]
    Holds,
}

/// Every regression that is built in: its name and its text.
pub fn embedded() -> impl Iterator<Item = (&'static str, &'static str)> {
    cardstorm_scenarios::REGRESSIONS.iter().copied()
}

/// Reads a regression as a story.
///
/// # Errors
/// It is damaged, of another version, or its plan cannot be run.
pub fn parse(name: &str, text: &str) -> Result<Scenario, RegressionError> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(RegressionError::Damaged)?;
    match value.get("format").and_then(serde_json::Value::as_u64) {
        Some(format) if format != u64::from(FORMAT) => {
            return Err(RegressionError::OtherVersion(format));
        }
        _ => {}
    }
    // From the text, not from the value: an error then has its line and column.
    let file: File = serde_json::from_str(text).map_err(RegressionError::Damaged)?;
    validate(&file.plan)?;
    let violates = file.violates.map(|(invariant, place)| (invariant, Some(place)));
    let expect = Expect { violates, idle_faults: true, ..Expect::default() };
    Ok(Scenario {
        name: name.to_owned(),
        folder: FOLDER.to_owned(),
        title: file.title,
        question: Text2::default(),
        story: None,
        rows: Vec::new(),
        plan: file.plan,
        expect,
        names: file.names,
        source: String::new(),
        warnings: Vec::new(),
    })
}

/// What accepting a failure makes.
pub struct Accepted {
    /// The regression's text.
    pub text: String,
    /// The regression as a story.
    pub scenario: Scenario,
    /// The invariant that broke first.
    pub invariant: Invariant,
    /// The unsound choices of its parties; with none, the invariant must hold from now on.
    pub unsound: Vec<String>,
}

/// Makes a regression of a failure folder.
///
/// # Errors
/// No invariant breaks in it any more.
pub fn accept(name: &str, bundle: &Bundle) -> Result<Accepted, RegressionError> {
    let plan = &bundle.plan;
    let verdicts = crate::check::judge(plan, &crate::stage::run(plan));
    let broken = verdicts.iter().filter_map(|verdict| Some((verdict, verdict.violation()?)));
    let first = broken.min_by_key(|(_, violation)| violation.first);
    let (invariant, blamed) = first
        .map(|(verdict, violation)| (verdict.invariant, violation.blamed))
        .ok_or(RegressionError::Holds)?;
    let unsound = unsound_choices(plan);
    let about = &bundle.about;
    let statement = invariant.statement();
    let file = File {
        format: FORMAT,
        found_in: about.scenario.clone(),
        title: Text2 {
            en: format!("{statement} ({})", about.scenario),
            zh: about.title.zh.clone(),
        },
        violates: (!unsound.is_empty()).then_some((invariant, blamed)),
        names: about.names.clone(),
        plan: (**plan).clone(),
    };
    assert_eq!(file.plan.version, PLAN_VERSION, "a folder's plan is of our version");
    let mut text = serde_json::to_string_pretty(&file).expect("plain data is JSON");
    text.push('\n');
    let scenario = parse(&format!("{FOLDER}/{name}"), &text)?;
    Ok(Accepted { text, scenario, invariant, unsound })
}

/// A regression as a person reviews it: told as a failure as long as something breaks in it, and else with
/// what was judged and what happened.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn told(scenario: &Scenario) -> Result<String, StageError> {
    let mut scenario = scenario.clone();
    scenario.expect.violates = None;
    let (stage, lang) = (Stage::Virtual, Lang::En);
    let found = examine(&scenario, stage, scenario.plan.seed)?;
    let plan = Arc::new(scenario.plan.clone());
    let examination = judge(&plan, Expected::by(&scenario), stage, found.events);
    let failure =
        Failure { scenario: &scenario, plan: &plan, stage, lang, examination: &examination };
    if !examination.passed() {
        return Ok(failure.render());
    }
    let names = &scenario.names;
    let trace = Trace { plan: &plan, names, lang, witness: None, fold: true };
    Ok(format!(
        "---- {}  (every invariant holds)\n{}\n{}",
        scenario.name,
        verdict::verdicts(Words { plan: &plan, names, lang }, &examination.verdicts),
        trace.render(&examination.events)
    ))
}
