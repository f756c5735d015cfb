//! `cardstorm run`: scenarios on a stage, judged.

use super::{Exit, LangArg, Out, select};
use crate::examine::{Examination, Stage, examine};
use crate::plan::Plan;
use crate::report::json::Run;
use crate::report::summary::{Tally, failure, line};
use crate::report::trace::{Lang, Trace};
use crate::scenario::Scenario;
use crate::stage::turmoil::TurmoilError;
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Arguments of `run`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Scenarios of the catalogue, folders of it, or files and folders on disk.
    what: Vec<String>,
    /// The whole catalogue; it must exercise every invariant and every kind of fault.
    #[arg(long)]
    all: bool,
    /// What carries the run.
    #[arg(long, value_enum, default_value_t = StageArg::Virtual)]
    stage: StageArg,
    /// turmoil's tick in milliseconds; by default the coarsest that the plan allows, up to 100.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    tick: u64,
    /// Seed of the residual draws, such as jitter.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many seeds, from the first on; a scenario must meet its expectations under all.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// Where to write data: json=PATH (runs with their histories) or jsonl=PATH (events alone).
    #[arg(long, value_name = "FORMAT=PATH")]
    output: Vec<Output>,
    /// Print the whole trace of every run.
    #[arg(long)]
    trace: bool,
    /// The language of titles and screens.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StageArg {
    /// One queue that jumps from event to event.
    Virtual,
    /// Simulated TCP on tokio, the same history.
    Turmoil,
    /// turmoil's own network, faults and crash rule.
    TurmoilNative,
}

#[derive(Clone, Debug)]
enum Output {
    Json(PathBuf),
    Jsonl(PathBuf),
}

impl std::str::FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Output, String> {
        match text.split_once('=') {
            Some(("json", path)) if !path.is_empty() => Ok(Output::Json(path.into())),
            Some(("jsonl", path)) if !path.is_empty() => Ok(Output::Jsonl(path.into())),
            _ => Err("write json=PATH or jsonl=PATH".into()),
        }
    }
}

/// One run that was done.
struct Done<'a> {
    scenario: &'a Scenario,
    plan: Plan,
    examination: Examination,
}

/// Runs what was asked for.
pub(super) fn run(args: &Args, out: &mut Out) -> Exit {
    let scenarios = match select::select(&args.what, args.all, out) {
        Ok(scenarios) => scenarios,
        Err(exit) => return exit,
    };
    let stage = match args.stage {
        StageArg::Virtual => Stage::Virtual,
        StageArg::Turmoil => Stage::Turmoil { tick_ms: args.tick },
        StageArg::TurmoilNative => Stage::TurmoilNative,
    };
    let lang = Lang::from(args.lang);
    let mut tally = Tally::default();
    let mut done = Vec::new();
    for scenario in &scenarios {
        for seed in (0..args.runs).map(|n| args.seed.wrapping_add(n)) {
            match examine(scenario, stage, seed) {
                Ok(examination) => {
                    let plan = Plan { seed, ..scenario.plan.clone() };
                    tally.add(&plan, &examination);
                    out.data(&line(scenario, lang, &examination));
                    if args.trace {
                        out.data(&trace(scenario, &plan, lang, &examination));
                    }
                    done.push(Done { scenario, plan, examination });
                }
                Err(error) => return refused(scenario, &error, out),
            }
        }
    }
    for run in done.iter().filter(|run| !run.examination.passed()) {
        out.data(&failure(run.scenario, &run.plan, stage, lang, &run.examination));
    }
    out.data(&tally.render(args.all));
    for output in &args.output {
        if let Err(error) = write(output, stage, &done) {
            out.talk(&format!("error: {error}\n"));
            return Exit::BadUsage;
        }
    }
    let gaps = if args.all { tally.gaps() } else { Vec::new() };
    if !gaps.is_empty() && stage != Stage::TurmoilNative {
        out.talk(&format!("error: never exercised: {}\n", gaps.join(", ")));
        return Exit::Unexpected;
    }
    if tally.passed == tally.runs { Exit::Ok } else { Exit::Unexpected }
}

fn trace(scenario: &Scenario, plan: &Plan, lang: Lang, examination: &Examination) -> String {
    let (names, events) = (&scenario.names, &examination.events);
    Trace { plan, names, lang, subjects: None, fold: false }.render(events)
}

fn refused(scenario: &Scenario, error: &TurmoilError, out: &mut Out) -> Exit {
    out.talk(&format!("error: {}: {error}\n", scenario.name));
    match error {
        TurmoilError::TickTooCoarse { .. } => Exit::BadUsage,
        TurmoilError::Simulation(_) => Exit::OurBug,
    }
}

/// Writes aside and renames, so that nothing half-written is left behind.
fn write(output: &Output, stage: Stage, done: &[Done<'_>]) -> Result<(), String> {
    let (path, bytes) = match output {
        Output::Json(path) => {
            let runs: Vec<Run<'_>> = done
                .iter()
                .map(|run| Run::new(run.scenario, stage.name(), run.plan.seed, &run.examination))
                .collect();
            let mut bytes = serde_json::to_vec_pretty(&runs).map_err(|error| error.to_string())?;
            bytes.push(b'\n');
            (path, bytes)
        }
        Output::Jsonl(path) => {
            let mut bytes = Vec::new();
            for run in done {
                crate::history::write_jsonl(&run.examination.events, &mut bytes)
                    .map_err(|error| error.to_string())?;
            }
            (path, bytes)
        }
    };
    replace(path, &bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".partial");
    let aside = PathBuf::from(aside);
    let written = std::fs::write(&aside, bytes).and_then(|()| std::fs::rename(&aside, path));
    if written.is_err() {
        // The error that matters is the one above.
        let _ = std::fs::remove_file(&aside);
    }
    written
}
