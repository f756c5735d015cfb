//! Runs as JSON, for programs. The history stands in it event by event, so two runs of one seed give the
//! same bytes.

use super::told::{self, Miss, Verdict};
use super::trace::Lang;
use super::words::Words;
use crate::examine::{Examination, Standing};
use crate::history::Event;
use crate::scenario::Scenario;
use serde::Serialize;

/// One run of one scenario.
#[derive(Serialize)]
pub struct Run<'a> {
    scenario: &'a str,
    stage: &'static str,
    seed: u64,
    passed: bool,
    standing: Standing,
    digest: String,
    rows: &'a [String],
    operations: u64,
    simulated_ms: u64,
    faults_fired: &'a [u64],
    misses: Vec<Miss<'a>>,
    verdicts: Vec<Verdict<'a>>,
    events: &'a [Event],
}

impl<'a> Run<'a> {
    /// The JSON form of a run.
    pub fn new(
        scenario: &'a Scenario,
        stage: &'static str,
        seed: u64,
        examination: &'a Examination,
    ) -> Run<'a> {
        let (plan, names, lang) = (&scenario.plan, &scenario.names, Lang::En);
        let words = Words { plan, names, lang };
        Run {
            scenario: &scenario.name,
            stage,
            seed,
            passed: examination.passed(),
            standing: examination.standing(),
            digest: examination.digest.to_string(),
            rows: &scenario.rows,
            operations: examination.operations(),
            simulated_ms: scenario.plan.end_ms(),
            faults_fired: &examination.fired,
            misses: told::misses(words, &examination.misses),
            verdicts: told::verdicts(words, &examination.verdicts),
            events: &examination.events,
        }
    }
}

/// A run that could not be brought to its end.
#[derive(Serialize)]
pub struct Broken<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The stage's name.
    pub stage: &'static str,
    /// The seed.
    pub seed: u64,
    /// Always false.
    pub passed: bool,
    /// What broke.
    pub error: &'a str,
}
