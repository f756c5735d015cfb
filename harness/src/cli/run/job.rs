//! One run, on whichever thread: made, judged, and turned into the texts that are wanted, each searched for
//! card data. The history itself is dropped here.

use crate::examine::{Examination, Stage, examine, plan_of};
use crate::guard::guarded;
use crate::history::{Digest, Secrets, write_jsonl};
use crate::report::Witness;
use crate::report::json::{Broken, Run};
use crate::report::junit::Case;
use crate::report::statement::Statement;
use crate::report::summary::Tally;
use crate::report::trace::{Lang, Trace};
use crate::scenario::Scenario;
use crate::stage::StageError;

/// What is to be made of a run.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// What carries it.
    pub stage: Stage,
    /// The language of screens.
    pub lang: Lang,
    /// The whole trace.
    pub trace: bool,
    /// The run as JSON.
    pub json: bool,
    /// The events as JSON lines.
    pub jsonl: bool,
    /// A test case.
    pub case: bool,
    /// Statement and reconciliation.
    pub statement: bool,
}

/// What came of a run.
pub(super) enum Done {
    /// It came to its end.
    Ran(Box<Ran>),
    /// It could not be brought to its end, or would have shown card data.
    Broke(String),
    /// The stage refuses the plan as asked for.
    Refused(String),
    /// Not begun: somebody wants to stop.
    Skipped,
}

/// A run that came to its end.
#[derive(Default)]
pub(super) struct Ran {
    /// What it counted.
    pub tally: Tally,
    /// The digest of its history.
    pub digest: Option<Digest>,
    /// What its failure is called after.
    pub leading: Option<String>,
    /// The whole trace.
    pub trace: Option<String>,
    /// The run as JSON.
    pub json: Option<Vec<u8>>,
    /// The events as JSON lines.
    pub jsonl: Option<Vec<u8>>,
    /// A test case.
    pub case: Option<Case>,
    /// Statement and reconciliation.
    pub statement: Option<Box<Statement>>,
}

/// Makes and judges one run.
pub(super) fn run(scenario: &Scenario, seed: u64, wanted: &Wanted) -> Done {
    let done = guarded(|| match examine(scenario, wanted.stage, seed) {
        Ok(examination) => match texts(scenario, seed, wanted, &examination) {
            Ok(ran) => Done::Ran(Box::new(ran)),
            Err(leak) => Done::Broke(leak),
        },
        Err(error @ StageError::TickTooCoarse { .. }) => Done::Refused(error.to_string()),
        Err(error @ StageError::Simulation(_)) => Done::Broke(error.to_string()),
    });
    done.unwrap_or_else(Done::Broke)
}

fn texts(
    scenario: &Scenario,
    seed: u64,
    wanted: &Wanted,
    examination: &Examination,
) -> Result<Ran, String> {
    let plan = plan_of(scenario, seed);
    let trace = wanted.trace.then(|| {
        let (names, lang) = (&scenario.names, wanted.lang);
        let witness = Witness::of(examination);
        let trace = Trace { plan: &plan, names, lang, witness: Some(&witness), fold: false };
        trace.render(&examination.events)
    });
    let json = wanted.json.then(|| {
        let run = Run::new(scenario, wanted.stage.name(), seed, examination);
        serde_json::to_vec_pretty(&run).expect("plain data is JSON")
    });
    let jsonl = wanted.jsonl.then(|| {
        let mut bytes = Vec::new();
        write_jsonl(&examination.events, &mut bytes).expect("memory takes every line");
        bytes
    });
    let case = wanted.case.then(|| Case::new(scenario, seed, examination));
    let statement = wanted.statement.then(|| {
        let Examination { events, verdicts, .. } = examination;
        Box::new(Statement::new(&scenario.name, &plan, &scenario.names, events, verdicts))
    });
    let told = statement.as_ref().map(|statement| statement.json()).unwrap_or_default();
    let said = format!("{}\n{}\n{}", scenario.name, scenario.title.en, scenario.title.zh);
    let secrets = Secrets::of(&plan);
    let case_text = case.as_ref().map(Case::text).unwrap_or_default();
    let parts: [(&str, &[u8]); 6] = [
        ("name or title", said.as_bytes()),
        ("trace", trace.as_deref().unwrap_or_default().as_bytes()),
        ("JSON", json.as_deref().unwrap_or_default()),
        ("JSON lines", jsonl.as_deref().unwrap_or_default()),
        ("test case", case_text.as_bytes()),
        ("statement", &told),
    ];
    for (name, text) in parts {
        refuse_card_data(&secrets, name, text)?;
    }
    let tally = Tally::of(&plan, examination);
    let leading = examination.leading().map(|miss| miss.name.clone());
    let digest = Some(examination.digest);
    Ok(Ran { tally, digest, leading, trace, json, jsonl, case, statement })
}

/// Fails closed: text that holds a secret of the plan is not shown.
pub(super) fn refuse_card_data(secrets: &Secrets, what: &str, text: &[u8]) -> Result<(), String> {
    match secrets.find(text) {
        None => Ok(()),
        Some(secret) => {
            let secret = secrets.name(secret);
            Err(format!("refused to show its {what}: the {secret} stands in it"))
        }
    }
}

/// The place of a run that has no result in the outputs.
pub(super) fn broken(scenario: &Scenario, seed: u64, wanted: &Wanted, what: &str) -> Ran {
    let json = wanted.json.then(|| {
        let stage = wanted.stage.name();
        let run = Broken { scenario: &scenario.name, stage, seed, passed: false, error: what };
        serde_json::to_vec_pretty(&run).expect("plain data is JSON")
    });
    let case = wanted.case.then(|| Case::broken(scenario, seed, what));
    Ran { json, case, ..Ran::default() }
}
