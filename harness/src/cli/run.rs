//! `cardstorm run`: scenarios under seeds on a stage, judged. Runs are spread over threads; everything is
//! said and written in the order of scenarios and seeds all the same.

mod failures;
mod folder;
mod job;
mod output;
mod progress;
#[cfg(test)]
mod tests;

use super::aside::Interrupted;
use super::out::Paint;
use super::stage::{Jobs, StageArg, Tick, last_seed};
use super::{Exit, LangArg, Out, select};
use crate::examine::Stage;
use crate::history::Secrets;
use crate::regression;
use crate::report::summary::{Mark, Tally, line};
use crate::report::trace::Lang;
use crate::scenario::Scenario;
use failures::Failures;
use job::{Done, Ran, Wanted};
use output::{Output, Sinks};
use progress::Progress;
use rayon::ThreadPool;
use rayon::prelude::*;
use std::path::PathBuf;

/// Arguments of `run`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Scenarios of the catalogue, folders of it, or files and folders on disk.
    #[arg(conflicts_with = "all")]
    what: Vec<String>,
    /// The whole catalogue; it must exercise every invariant and every kind of fault.
    #[arg(long)]
    all: bool,
    /// What carries the run.
    #[arg(long, value_enum, default_value_t = StageArg::Virtual)]
    stage: StageArg,
    #[command(flatten)]
    tick: Tick,
    /// Seed of the residual draws, such as jitter; by default each story's own, which is 1 if it names none.
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds, from the first on; a scenario must meet its expectations under all.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    runs: u64,
    #[command(flatten)]
    jobs: Jobs,
    /// Where to write data: json=PATH (runs with their histories), jsonl=PATH (events alone),
    /// junit=PATH (a test case per run) or statement=FOLDER (merchants, holders, reconciliation, service).
    #[arg(long, value_name = "FORMAT=PATH")]
    output: Vec<Output>,
    /// Where a failed run is kept as a folder.
    #[arg(long, value_name = "DIR", default_value = "cardstorm-failures")]
    failures: PathBuf,
    /// Keep no failed run.
    #[arg(long, conflicts_with = "failures")]
    no_failures: bool,
    /// Print the whole trace of every run.
    #[arg(long)]
    trace: bool,
    /// The language of titles and screens.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

/// Runs what was asked for.
pub(super) fn run(args: &Args, out: &mut Out) -> Exit {
    let scenarios = match select::select(&args.what, args.all, args.lang.into(), out) {
        Ok(scenarios) => scenarios,
        Err(exit) => return exit,
    };
    let stage = match args.stage.stage(args.tick, out) {
        Ok(stage) => stage,
        Err(exit) => return exit,
    };
    if let Err(exit) = args.seed.map_or(Ok(0), |seed| last_seed(seed, args.runs, out)) {
        return exit;
    }
    let sinks = match Sinks::open(&args.output) {
        Ok(sinks) => sinks,
        Err(error) => {
            out.error(&error);
            return Exit::BadUsage;
        }
    };
    let mut session = Session::new(args, stage, &scenarios, sinks);
    match session.all(out) {
        Ok(()) => session.finish(args.all, out),
        Err(exit) => {
            // What failed before an interruption is worth reading all the same.
            if exit == Exit::Interrupted {
                out.data(&session.failures.render());
            }
            exit
        }
    }
}

/// Everything that is under way.
struct Session<'a> {
    scenarios: &'a [Scenario],
    wanted: Wanted,
    first_seed: Option<u64>,
    runs: u64,
    jobs: Jobs,
    sinks: Sinks,
    failures: Failures<'a>,
    /// Of the scenario whose runs are coming in.
    row: Tally,
    total: Tally,
    exit: Exit,
}

impl<'a> Session<'a> {
    fn new(args: &Args, stage: Stage, scenarios: &'a [Scenario], sinks: Sinks) -> Session<'a> {
        let lang = Lang::from(args.lang);
        let folder = (!args.no_failures).then(|| args.failures.clone());
        let wanted = Wanted {
            stage,
            lang,
            trace: args.trace,
            json: sinks.json(),
            jsonl: sinks.jsonl(),
            case: sinks.junit(),
            statement: sinks.statement(),
        };
        Session {
            scenarios,
            wanted,
            first_seed: args.seed,
            runs: args.runs,
            jobs: args.jobs,
            sinks,
            failures: Failures::new(stage, lang, folder),
            row: Tally::default(),
            total: Tally::default(),
            exit: Exit::Ok,
        }
    }

    fn worst(&mut self, exit: Exit) {
        self.exit = self.exit.max(exit);
    }

    /// The scenario and seed of the n-th run.
    fn job(&self, n: u64) -> (&'a Scenario, u64) {
        let at = usize::try_from(n / self.runs).expect("as many as there are scenarios");
        let scenario = &self.scenarios[at];
        let first = self.first_seed.unwrap_or(scenario.plan.seed);
        // A regression is one plan, its seed included.
        if scenario.folder == regression::FOLDER {
            return (scenario, scenario.plan.seed);
        }
        (scenario, first + n % self.runs)
    }

    /// Every run, in blocks that fill the threads, so that little is held at a time.
    fn all(&mut self, out: &mut Out) -> Result<(), Exit> {
        let interrupted = Interrupted::watch(out);
        let pool = self.jobs.pool(out)?;
        let total = self.scenarios.len() as u64 * self.runs;
        let mut progress = Progress::new(total, self.wanted.stage != Stage::Virtual);
        let done = self.blocks(&pool, &interrupted, total, &mut progress, out);
        progress.finish();
        done
    }

    fn blocks(
        &mut self,
        pool: &ThreadPool,
        interrupted: &Interrupted,
        total: u64,
        progress: &mut Progress,
        out: &mut Out,
    ) -> Result<(), Exit> {
        let block = 8 * pool.current_num_threads() as u64;
        let mut next = 0;
        while next < total {
            let end = (next + block).min(total);
            let numbers: Vec<u64> = (next..end).collect();
            let session = &*self;
            let one = |n: &u64| {
                if interrupted.asked() {
                    return Done::Skipped;
                }
                let (scenario, seed) = session.job(*n);
                job::run(scenario, seed, &session.wanted)
            };
            let done: Vec<Done> = pool.install(|| numbers.par_iter().map(one).collect());
            for (n, done) in (next..end).zip(done) {
                let quiet =
                    matches!(&done, Done::Ran(ran) if ran.trace.is_none() && ran.leading.is_none());
                // The bar is drawn anew each time that it makes way.
                if quiet && !(n + 1).is_multiple_of(self.runs) {
                    self.take(n, done, out)?;
                } else {
                    progress.pause(|| self.take(n, done, out))?;
                }
                progress.advance(n + 1, out);
            }
            next = end;
        }
        Ok(())
    }

    /// Takes one run in. Only what cannot go on comes back as an error.
    fn take(&mut self, n: u64, done: Done, out: &mut Out) -> Result<(), Exit> {
        let (scenario, seed) = self.job(n);
        match done {
            Done::Ran(ran) => self.ran(scenario, seed, *ran, out)?,
            Done::Broke(what) => self.broke(scenario, seed, &what, out)?,
            Done::Refused(why) => {
                out.error(&format!("{}: {why}", scenario.name));
                return Err(Exit::BadUsage);
            }
            Done::Skipped => {
                let total = self.scenarios.len() as u64 * self.runs;
                let done = self.total.runs + self.row.runs;
                out.talk(&format!("interrupted: {done} of {total} runs were done"));
                out.talk(", no output file was written\n");
                return Err(Exit::Interrupted);
            }
        }
        if (n + 1).is_multiple_of(self.runs) {
            let row = std::mem::take(&mut self.row);
            let paint = match row.mark() {
                Mark::Ok => Paint::Good,
                Mark::Inconclusive => Paint::Doubtful,
                Mark::Failed | Mark::Broken => Paint::Bad,
            };
            let mark = out.paint(paint, row.mark().text());
            let told = line(scenario, self.wanted.lang, &row);
            // A run is refused for card data in its name or title: the row must not show it instead.
            let refused = row.mark() == Mark::Broken && holds_card_data(scenario, &told);
            let told = if refused { "(its name or title holds card data)\n" } else { &told };
            out.data(&format!("{mark} {told}"));
            self.total.merge(&row);
        }
        Ok(())
    }

    fn ran(
        &mut self,
        scenario: &'a Scenario,
        seed: u64,
        ran: Ran,
        out: &mut Out,
    ) -> Result<(), Exit> {
        self.row.merge(&ran.tally);
        if let Some(trace) = &ran.trace {
            out.data(&format!("{}  (seed {seed})\n{trace}\n", scenario.name));
        }
        if let Some(leading) = &ran.leading {
            let (undecided, failed) = (ran.tally.inconclusive > 0, ran.digest);
            self.worst(if undecided { Exit::Inconclusive } else { Exit::Unexpected });
            let exit = self.failures.add(scenario, seed, leading, failed, undecided, out);
            self.worst(exit);
        }
        self.written(ran, out)
    }

    /// A bug of ours, with everything that is needed to see it again; the rest goes on.
    fn broke(
        &mut self,
        scenario: &Scenario,
        seed: u64,
        what: &str,
        out: &mut Out,
    ) -> Result<(), Exit> {
        let stage = self.wanted.stage;
        let again = failures::run_again(scenario, seed, stage);
        let written = [&scenario.name, &scenario.title.en, &scenario.title.zh];
        let remedy = if written.into_iter().any(|text| holds_card_data(scenario, text)) {
            "take the card's data out of the title and of the file's name".to_owned()
        } else {
            format!("this is a bug of ours; see it again with: {again}")
        };
        let told =
            format!("{} (seed {seed}, stage {}): {what}\n  {remedy}", scenario.name, stage.name());
        out.error(if holds_card_data(scenario, &told) { what } else { &told });
        self.worst(Exit::OurBug);
        self.row.merge(&Tally::of_broken());
        let ran = job::broken(scenario, seed, &self.wanted, what);
        self.written(ran, out)
    }

    fn written(&mut self, ran: Ran, out: &mut Out) -> Result<(), Exit> {
        self.sinks.add(ran).map_err(|error| {
            out.error(&error);
            Exit::BadUsage
        })
    }

    /// Failures together, then the summary, then the files.
    fn finish(mut self, all: bool, out: &mut Out) -> Exit {
        out.data(&self.failures.render());
        let gaps = if all { self.total.gaps() } else { Vec::new() };
        let native = self.wanted.stage == Stage::TurmoilNative;
        out.data(&self.total.render(self.wanted.lang, all, native));
        if !gaps.is_empty() && !native {
            let gaps = gaps.join(", ");
            out.error(&match self.wanted.lang {
                Lang::En => format!("never exercised: {gaps}"),
                Lang::Zh => format!("从未涉及：{gaps}"),
            });
            self.worst(Exit::Unexpected);
        }
        if let Err(error) = self.sinks.finish() {
            out.error(&error);
            return self.exit.max(Exit::BadUsage);
        }
        self.exit
    }
}

fn holds_card_data(scenario: &Scenario, text: &str) -> bool {
    Secrets::of(&scenario.plan).find(text.as_bytes()).is_some()
}
