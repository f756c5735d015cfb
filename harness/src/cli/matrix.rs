//! `cardstorm matrix`: every unsound design choice under exploration, beside plainer ways of testing.

use super::aside::{Aside, on_interruption};
use super::stage::Jobs;
use super::{Exit, Out};
use crate::matrix::{Matrix, Panicked, Row, Unsound, markdown, matrix, text, unsound};
use crate::scenario;
use indicatif::ProgressBar;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Arguments of `matrix`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Only these choices, as `party.choice` or `party.choice=way`; by default every unsound one.
    #[arg(value_name = "CHOICE")]
    choices: Vec<String>,
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
    let choices = match chosen(&args.choices) {
        Ok(choices) => choices,
        Err(error) => {
            out.error(&error);
            return Exit::BadUsage;
        }
    };
    let pool = match args.jobs.pool(out) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    on_interruption(out, move || asked.store(true, Ordering::SeqCst));
    let rows = choices.len() + 1;
    let talk = Mutex::new(&mut *out);
    let seen = |row: &Row| {
        let name = row.name();
        let caught = if row.caught() { "caught" } else { "nothing broke" };
        // Whoever panicked while talking has nothing more to say.
        if let Ok(mut out) = talk.lock() {
            out.talk(&format!("{name}: {caught}\n"));
        }
    };
    let matrix = pool.install(|| matrix(args.plans, args.seed, choices, &stop, &stopwatch, &seen));
    out.data(&text(&matrix));
    if matrix.rows.len() < rows {
        let page = if args.output.is_some() { "; the page was not written" } else { "" };
        out.talk(&format!(
            "interrupted: {} of {rows} rows were finished, and are shown{page}\n",
            matrix.rows.len()
        ));
        return worst(&matrix, out).max(Exit::Interrupted);
    }
    if let Some(path) = &args.output
        && let Err(error) = put(path, &markdown(&matrix))
    {
        out.error(&error);
        return Exit::BadUsage;
    }
    let interrupted = if stop.load(Ordering::SeqCst) { Exit::Interrupted } else { Exit::Ok };
    worst(&matrix, out).max(interrupted)
}

/// What a name that no choice has was probably meant to be, the way that it names included or not.
fn meant(all: &[Unsound], name: &str) -> String {
    let whole: Vec<String> = all.iter().map(|choice| choice.name.replace(' ', "")).collect();
    let keys = whole.iter().filter_map(|name| Some(name.split_once('=')?.0));
    match scenario::nearest(name, keys.chain(whole.iter().map(String::as_str))) {
        Some(near) => format!("; did you mean {near}?"),
        None => "\nhelp: `cardstorm explain` lists the choices".to_owned(),
    }
}

/// The choices of these names.
fn chosen(names: &[String]) -> Result<Vec<Unsound>, String> {
    let all = unsound();
    if names.is_empty() {
        return Ok(all);
    }
    let plain = |name: &str| name.replace(' ', "");
    for name in names {
        let fits = |choice: &Unsound| is_of(&plain(&choice.name), &plain(name));
        if !all.iter().any(fits) {
            return Err(format!("there is no unsound choice {name}{}", meant(&all, &plain(name))));
        }
    }
    let named =
        |choice: &Unsound| names.iter().any(|name| is_of(&plain(&choice.name), &plain(name)));
    Ok(all.into_iter().filter(named).collect())
}

/// Whether a choice is meant: by its whole name, or without the way.
fn is_of(choice: &str, name: &str) -> bool {
    choice == name || choice.split_once('=').is_some_and(|(key, _)| key == name)
}

/// What the rows come to.
fn worst(matrix: &Matrix, out: &mut Out) -> Exit {
    let rows = matrix.rows.iter();
    rows.map(|row| judge(row, matrix, out)).max().unwrap_or(Exit::Ok)
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
