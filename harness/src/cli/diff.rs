//! `cardstorm diff`: the first step where two histories part, as both have it.

use super::{Exit, Out};
use crate::bundle::{self, About};
use crate::history::{Event, Secrets};
use crate::plan::Plan;
use crate::report::words::Words;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `diff`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// A failure folder, or a history as JSON lines.
    one: PathBuf,
    /// The other.
    other: PathBuf,
    /// How many steps are shown before and after.
    #[arg(long, value_name = "STEPS", default_value_t = 3)]
    context: usize,
}

/// A history that was read, and what its things are called, if that is known.
struct Told {
    lines: Vec<String>,
    plan: Option<(Arc<Plan>, About)>,
}

/// Compares: ends with 0 where both are the same, with 1 where they part.
pub(super) fn diff(args: &Args, out: &mut Out) -> Exit {
    let mut read = |path: &Path| {
        told(path).map_err(|error| {
            out.error(&format!("{}: {error}", path.display()));
            Exit::BadUsage
        })
    };
    let (one, other) = match (read(&args.one), read(&args.other)) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    let parts = one.lines.iter().zip(&other.lines).position(|(one, other)| one != other);
    let shorter = one.lines.len().min(other.lines.len());
    let Some(at) = parts.or((one.lines.len() != other.lines.len()).then_some(shorter)) else {
        out.data(&format!("the same history: {} steps\n", one.lines.len()));
        return Exit::Ok;
    };
    let text = parting(args, &one, &other, at);
    for side in [&one, &other] {
        if let Some((plan, _)) = &side.plan
            && let Some(secret) = Secrets::of(plan).find(text.as_bytes())
        {
            let secrets = Secrets::of(plan);
            out.error(&format!("refused to print this: the {} stands in it", secrets.name(secret)));
            return Exit::OurBug;
        }
    }
    out.data(&text);
    Exit::Unexpected
}

fn parting(args: &Args, one: &Told, other: &Told, at: usize) -> String {
    let mut text = format!("the histories part at step {}\n", at + 1);
    let from = at.saturating_sub(args.context);
    if from < at {
        text.push_str("both:\n");
    }
    for step in from..at {
        text.push_str(&one.step(step));
    }
    for (path, side) in [(&args.one, one), (&args.other, other)] {
        let _ = writeln!(text, "{}:", path.display());
        let until = at.saturating_add(args.context).saturating_add(1).min(side.lines.len());
        for step in at..until {
            text.push_str(&side.step(step));
        }
        if until == side.lines.len() {
            text.push_str("         the history is over\n");
        }
    }
    text
}

fn told(path: &Path) -> Result<Told, String> {
    if path.is_dir() {
        let bundle = bundle::read(path).map_err(|error| error.to_string())?;
        bundle.events().map_err(|error| error.to_string())?;
        let lines = bundle.lines.lines().map(str::to_owned).collect();
        return Ok(Told { lines, plan: Some((bundle.plan, bundle.about)) });
    }
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read it: {error}"))?;
    for (number, line) in (1..).zip(text.lines()) {
        if let Err(error) = serde_json::from_str::<Event>(line) {
            return Err(format!("line {number} is no event: {error}"));
        }
    }
    Ok(Told { lines: text.lines().map(str::to_owned).collect(), plan: None })
}

impl Told {
    /// One step: a sentence where names are known, the JSON line where not.
    fn step(&self, step: usize) -> String {
        let line = &self.lines[step];
        let sentence = self.plan.as_ref().and_then(|(plan, about)| {
            let event = serde_json::from_str::<Event>(line).ok()?;
            let words = Words { plan, names: &about.names, lang: about.lang };
            (event.node.0 < plan.node_count()).then(|| words.sentence(&event))
        });
        format!("  {:>5}  {}\n", step + 1, sentence.as_deref().unwrap_or(line))
    }
}
