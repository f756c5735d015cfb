//! Runs as JSON, for programs. The history stands in it event by event, so two runs of one seed give the
//! same bytes.

use crate::check::Verdict;
use crate::examine::{Examination, Miss};
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
    digest: String,
    rows: &'a [String],
    faults_fired: &'a [u64],
    misses: &'a [Miss],
    verdicts: &'a [Verdict],
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
        Run {
            scenario: &scenario.name,
            stage,
            seed,
            passed: examination.passed(),
            digest: examination.digest.to_string(),
            rows: &scenario.rows,
            faults_fired: &examination.fired,
            misses: &examination.misses,
            verdicts: &examination.verdicts,
            events: &examination.events,
        }
    }
}
