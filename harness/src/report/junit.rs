//! Runs as JUnit XML, for the machines that build software. Times are simulated, so that two runs of one
//! seed give the same bytes.

use super::trace::Lang;
use super::words::Words;
use crate::examine::{Examination, Standing};
use crate::scenario::Scenario;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;
use std::time::Duration;

/// One run, as a test case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    suite: String,
    name: String,
    simulated_ms: u64,
    ending: Ending,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed { kind: String, message: String, text: String },
    Broken { message: String },
}

impl Case {
    /// A run that came to its end.
    pub fn new(scenario: &Scenario, seed: u64, examination: &Examination) -> Case {
        let (plan, names, lang) = (&scenario.plan, &scenario.names, Lang::En);
        let words = Words { plan, names, lang };
        let ending = match (examination.standing(), examination.leading()) {
            (Standing::Passed, _) | (_, None) => Ending::Passed,
            (_, Some(miss)) => Ending::Failed {
                kind: miss.name.clone(),
                message: format!(
                    "expected: {}; observed: {}",
                    words.remark(&miss.expected),
                    words.remark(&miss.observed)
                ),
                text: misses(words, examination),
            },
        };
        Case::ending(scenario, seed, ending)
    }

    /// A run that could not be brought to its end.
    pub fn broken(scenario: &Scenario, seed: u64, message: &str) -> Case {
        Case::ending(scenario, seed, Ending::Broken { message: message.to_owned() })
    }

    fn ending(scenario: &Scenario, seed: u64, ending: Ending) -> Case {
        let suite = if scenario.folder.is_empty() { "scenarios" } else { &scenario.folder };
        Case {
            suite: suite.to_owned(),
            name: format!("{} seed {seed}", scenario.name),
            simulated_ms: scenario.plan.end_ms(),
            ending,
        }
    }

    fn test_case(&self) -> TestCase {
        let status = match &self.ending {
            Ending::Passed => TestCaseStatus::success(),
            Ending::Failed { kind, message, text } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(kind.as_str());
                status.set_message(message.as_str());
                status.set_description(text.as_str());
                status
            }
            Ending::Broken { message } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(message.as_str());
                status
            }
        };
        let mut case = TestCase::new(self.name.as_str(), status);
        case.set_classname(self.suite.as_str());
        case.set_time(Duration::from_millis(self.simulated_ms));
        case
    }

    /// Everything that it says, to be searched for what must not be said.
    pub fn text(&self) -> String {
        match &self.ending {
            Ending::Passed => self.name.clone(),
            Ending::Failed { kind, message, text } => {
                format!("{}\n{kind}\n{message}\n{text}", self.name)
            }
            Ending::Broken { message } => format!("{}\n{message}", self.name),
        }
    }
}

fn misses(words: Words<'_>, examination: &Examination) -> String {
    let lines = examination.misses.iter().map(|miss| {
        let (expected, observed) = (words.remark(&miss.expected), words.remark(&miss.observed));
        format!("{}\n  expected  {expected}\n  observed  {observed}\n", miss.name)
    });
    lines.collect()
}

/// The whole file: a suite per folder of the catalogue, in the order of their names.
///
/// # Errors
/// Whatever the XML writer fails with, as text.
pub fn render(cases: &[Case]) -> Result<String, String> {
    let mut suites: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        suites.entry(&case.suite).or_default().push(case);
    }
    let mut report = Report::new("cardstorm");
    for (name, cases) in suites {
        let mut suite = TestSuite::new(name);
        let simulated_ms = cases.iter().map(|case| case.simulated_ms).sum();
        suite.set_time(Duration::from_millis(simulated_ms));
        suite.add_test_cases(cases.into_iter().map(Case::test_case));
        report.add_test_suite(suite);
    }
    let simulated_ms = cases.iter().map(|case| case.simulated_ms).sum();
    report.set_time(Duration::from_millis(simulated_ms));
    report.to_string().map_err(|error| error.to_string())
}
