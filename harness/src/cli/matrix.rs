//! `cardstorm matrix`: every unsound design choice under exploration, beside plainer ways of testing.

use super::aside::{Aside, Interrupted};
use super::stage::Jobs;
use super::{Exit, Out};
use crate::matrix::{Matrix, Panicked, Row, markdown, matrix, text};
use indicatif::ProgressBar;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

/// Arguments of `matrix`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// How many plans at most for each choice in each way of testing.
    #[arg(long, default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    plans: u64,
    /// Seed of the first plan.
    #[arg(long, value_name = "BASE", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    jobs: Jobs,
    /// Write the table as a page as well.
    #[arg(long, value_name = "markdown=PATH", value_parser = page)]
    output: Option<PathBuf>,
}

fn page(text: &str) -> Result<PathBuf, String> {
    let path = text.strip_prefix("markdown=").filter(|path| !path.is_empty());
    path.map(PathBuf::from).ok_or_else(|| "write it as markdown=PATH".into())
}

/// How long a cell has taken: a fact about this machine, which no plan and no verdict sees.
fn stopwatch() -> Box<dyn Fn() -> Duration> {
    let bar = ProgressBar::hidden();
    Box::new(move || bar.elapsed())
}

/// Runs the matrix and shows it.
pub(super) fn run(args: &Args, out: &mut Out) -> Exit {
    // That the page cannot be written is known before minutes are spent on it.
    if let Some(Err(error)) = args.output.as_deref().map(Aside::create) {
        out.error(&error);
        return Exit::BadUsage;
    }
    let pool = match args.jobs.pool(out) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let talk = Mutex::new(&mut *out);
    let seen = |row: &Row| {
        let name = row.name();
        let caught = if row.caught() { "caught" } else { "nothing broke" };
        // Whoever panicked while talking has nothing more to say.
        if let Ok(mut out) = talk.lock() {
            out.talk(&format!("{name}: {caught}\n"));
        }
    };
    let matrix = pool.install(|| matrix(args.plans, args.seed, &stopwatch, &seen));
    out.data(&text(&matrix));
    let interrupted = Interrupted::watch(out);
    if let Some(path) = &args.output
        && let Err(error) = put(path, &markdown(&matrix))
    {
        out.error(&error);
        return Exit::BadUsage;
    }
    if interrupted.asked() {
        return Exit::Interrupted;
    }
    matrix.rows.iter().map(|row| judge(row, &matrix, out)).max().unwrap_or(Exit::Ok)
}

fn put(path: &Path, text: &str) -> Result<(), String> {
    let mut file = Aside::create(path)?;
    file.write(text.as_bytes())?;
    file.place()
}

/// Says what is not as it should be in a row.
fn judge(row: &Row, matrix: &Matrix, out: &mut Out) -> Exit {
    if let Some(panicked) = row.panicked() {
        let (name, Panicked { seed, said }) = (row.name(), panicked);
        out.error(&format!("{name}, the plan of seed {seed}: {said}\n  this is a bug of ours"));
        return Exit::OurBug;
    }
    if row.as_it_should() {
        return Exit::Ok;
    }
    match &row.choice {
        Some(choice) => out.error(&format!(
            "{} was not caught in {} plans: ask for more with --plans",
            choice.name, matrix.plans
        )),
        None => out.error("the sound parties broke an invariant: `cardstorm explore` shows which"),
    }
    Exit::Unexpected
}
