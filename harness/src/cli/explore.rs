//! `cardstorm explore`: thousands of generated plans, in parallel, until a number, a time or a plateau is
//! reached; what breaks is shrunk, grouped and kept.

mod found;
mod progress;

use super::aside::on_interruption;
use super::out::Paint;
use super::stage::{Jobs, StageArg, Tick, last_seed};
use super::{Exit, LangArg, Out, select};
use crate::examine::Stage;
use crate::explore::{Halt, Limits, Report, Sweep, findings, sweep};
use crate::plan::World;
use crate::report::sweep::render;
use crate::report::trace::Lang;
use crate::scenario::Scenario;
use crate::storm::{self, Knobs};
use progress::Progress;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Arguments of `explore`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The base world: a scenario of the catalogue or a file. Its parties, design choices, accounts and
    /// cards, with generated operations and faults. By default a drawn world with sound parties.
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Option<String>,
    /// How many plans; 10,000 where neither a time nor a plateau is asked for.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=100_000_000_000))]
    runs: Option<u64>,
    /// How long, as 60s, 10m or 1h. Then no further unit is begun: of 256 plans, on turmoil of 16.
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    lasts: Option<Duration>,
    /// Until so many units in a row have reached nothing new.
    #[arg(long, value_name = "UNITS", num_args = 0..=1, default_missing_value = "32",
        value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    until_plateau: Option<u64>,
    /// Seed of the first plan.
    #[arg(long, value_name = "BASE", default_value_t = 1)]
    seed: u64,
    /// Give each plan one thing that no design survives. What it loses must be reported, and is no finding
    /// against anybody: the sweep fails if nothing is.
    #[arg(long)]
    beyond: bool,
    #[command(flatten)]
    jobs: Jobs,
    /// What carries the runs.
    #[arg(long, value_enum, default_value_t = StageArg::Virtual)]
    stage: StageArg,
    #[command(flatten)]
    tick: Tick,
    /// Where findings are kept as folders.
    #[arg(long, value_name = "DIR", default_value = "cardstorm-failures")]
    failures: PathBuf,
    /// Keep no finding.
    #[arg(long, conflicts_with = "failures")]
    no_failures: bool,
    /// The language of titles and screens.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

/// `90`, `90s`, `10m`, `1h`.
fn time(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "s"),
    };
    let seconds = match unit {
        "m" => 60,
        "h" => 3_600,
        _ => 1,
    };
    let number: Option<u64> = number.parse().ok().filter(|number| *number > 0);
    let time = number.and_then(|number| number.checked_mul(seconds)).map(Duration::from_secs);
    time.ok_or_else(|| "write a time as 60s, 10m or 1h".into())
}

/// How many plans where nothing else ends the sweep.
const RUNS: u64 = 10_000;

/// Explores what was asked for.
pub(super) fn explore(args: &Args, out: &mut Out) -> Exit {
    let base = match base(args, out) {
        Ok(base) => base,
        Err(exit) => return exit,
    };
    let pool = match args.jobs.pool(out) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let halt = halt(args.lasts, out);
    let stage = match args.stage.stage(args.tick, out) {
        Ok(stage) => stage,
        Err(exit) => return exit,
    };
    let generate = |seed| generated(seed, base.as_ref(), args.beyond);
    let what = Sweep { base: args.seed, stage, generate: &generate, mutants: true };
    let unbounded = args.lasts.is_some() || args.until_plateau.is_some();
    let plans = args.runs.or((!unbounded).then_some(RUNS));
    if let Err(exit) = plans.map_or(Ok(0), |plans| last_seed(args.seed, plans, out)) {
        return exit;
    }
    let limits = Limits { plans, plateau: args.until_plateau };
    let mut progress = Progress::new(plans, args.lasts);
    let swept = sweep(&what, limits, &pool, &halt, &mut |report| progress.seen(report, out));
    let rate = progress.finish();
    let report = match swept {
        Ok(report) => report,
        Err(error) => {
            out.error(&error.to_string());
            return Exit::BadUsage;
        }
    };
    let suspects = report.suspects().count();
    if suspects > 0 {
        out.talk(&format!("shrinking {suspects} of {} failing plans\n", report.failing));
    }
    let (findings, left_out) = pool.install(|| findings(&report, stage, &halt.stop));
    let place = found::Place {
        base: base.as_ref(),
        first_seed: args.seed,
        stage,
        lang: Lang::from(args.lang),
        beyond: args.beyond,
        folder: (!args.no_failures).then_some(args.failures.as_path()),
    };
    let mut exit = found::tell(&findings, &place, out);
    if left_out > 0 {
        out.talk(&format!("interrupted: {left_out} more failing plans were not looked at\n"));
    }
    exit = exit.max(found::panics(&report, &place, out));
    out.data(&render(&report));
    let (paint, verdict) = match (report.failing, args.beyond) {
        (0, false) => (Paint::Good, "no violation"),
        (_, false) => (Paint::Bad, "violations found"),
        (0, true) => (Paint::Bad, "beyond what any design survives, and no loss was reported"),
        (_, true) => (Paint::Good, "beyond what any design survives: the losses were reported"),
    };
    if args.beyond && report.failing == 0 {
        exit = exit.max(Exit::Unexpected);
    }
    let verdict = out.paint(paint, verdict);
    out.data(&format!("{verdict}; the same again: {}\n", again(args, stage, &report)));
    out.talk(&rate);
    if halt.stop.load(Ordering::SeqCst) {
        out.talk("interrupted: units under way were dropped, the report holds the finished ones\n");
        return exit.max(Exit::Interrupted);
    }
    exit
}

/// The base scenario, if one is named.
fn base(args: &Args, out: &mut Out) -> Result<Option<Scenario>, Exit> {
    let Some(name) = &args.scenario else { return Ok(None) };
    let mut found = select::select(std::slice::from_ref(name), false, args.lang.into(), out)?;
    if found.len() != 1 {
        out.error(&format!("{name} is {} scenarios: name one as the base", found.len()));
        return Err(Exit::BadUsage);
    }
    Ok(found.pop())
}

/// The plan of a seed, in the base's world where there is one.
fn generated(seed: u64, base: Option<&Scenario>, beyond: bool) -> crate::plan::Plan {
    let knobs = Knobs { beyond, ..Knobs::default() };
    let Some(base) = base else { return storm::plan(seed, &knobs) };
    let world: World = base.plan.world.clone();
    let knobs = Knobs { drain_ms: knobs.drain_ms.max(base.plan.drain_ms), ..knobs };
    storm::plan_in(seed, &knobs, world)
}

/// What ends the sweep from outside: an interruption, or the time that was asked for.
fn halt(lasts: Option<Duration>, out: &mut Out) -> Arc<Halt> {
    let halt = Arc::new(Halt::default());
    let asked = Arc::clone(&halt);
    on_interruption(out, move || asked.stop.store(true, Ordering::SeqCst));
    if let Some(lasts) = lasts {
        let over = Arc::clone(&halt);
        std::thread::spawn(move || {
            std::thread::sleep(lasts);
            over.enough.store(true, Ordering::SeqCst);
        });
    }
    halt
}

/// The command that makes the same report again, on any number of threads.
fn again(args: &Args, stage: Stage, report: &Report) -> String {
    let mut command = "cardstorm explore".to_owned();
    if let Some(name) = &args.scenario {
        command.push_str(&format!(" --scenario {}", super::kept::shell(name)));
    }
    command.push_str(&format!(" --runs {} --seed {}", report.plans(), args.seed));
    if args.beyond {
        command.push_str(" --beyond");
    }
    if stage != Stage::Virtual {
        command.push_str(&format!(" {}", stage.options()));
    }
    if !report.units.are_the_first() {
        let ranges: Vec<String> =
            report.units.ranges().map(|(first, last)| format!("{first} to {last}")).collect();
        command
            .push_str(&format!("  (of its plans only {} are in this report)", ranges.join(", ")));
    }
    command
}
