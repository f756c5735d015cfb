//! `cardstorm list` and `cardstorm lint`.

use super::{Exit, LangArg, Out, select};
use crate::report::trace::Lang;
use crate::scenario::{self, Scenario};
use std::fmt::Write as _;

/// Arguments of `list`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Which scenario carries which requirement row.
    #[arg(long)]
    requirements: bool,
    /// The language of titles.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

/// Arguments of `lint`.
#[derive(clap::Args)]
pub(super) struct LintArgs {
    /// Scenarios of the catalogue, folders of it, or files and folders on disk.
    what: Vec<String>,
    /// The whole catalogue.
    #[arg(long)]
    all: bool,
}

/// Checks without running.
pub(super) fn lint(args: &LintArgs, out: &mut Out) -> Exit {
    match select::select(&args.what, args.all, out) {
        Ok(scenarios) => {
            out.data(&format!("{} scenarios read, no errors\n", scenarios.len()));
            Exit::Ok
        }
        Err(exit) => exit,
    }
}

/// Lists.
pub(super) fn list(args: &Args, out: &mut Out) -> Exit {
    let scenarios = match select::select(&[], true, out) {
        Ok(scenarios) => scenarios,
        Err(exit) => return exit,
    };
    let text = if args.requirements {
        requirements(&scenarios)
    } else {
        catalogue(&scenarios, args.lang.into())
    };
    out.data(&text);
    Exit::Ok
}

fn catalogue(scenarios: &[Scenario], lang: Lang) -> String {
    let mut text = String::new();
    let mut folder = "";
    for scenario in scenarios {
        if scenario.folder != folder {
            folder = &scenario.folder;
            let _ = writeln!(text, "{folder}/");
        }
        let title = match lang {
            Lang::En => &scenario.title.en,
            Lang::Zh => &scenario.title.zh,
        };
        let _ = writeln!(text, "  {:<46} {title}", scenario.name);
    }
    text
}

/// Row by row: who carries it, or that it is still open, or out of scope.
fn requirements(scenarios: &[Scenario]) -> String {
    let mut text = String::new();
    let mut open = 0;
    for row in scenario::requirements() {
        let carriers: Vec<&str> = scenarios
            .iter()
            .filter(|scenario| scenario.rows.iter().any(|id| *id == row.id))
            .map(|scenario| scenario.name.as_str())
            .collect();
        let carried = if !carriers.is_empty() {
            carriers.join(", ")
        } else if row.in_scope {
            open += 1;
            "OPEN".to_owned()
        } else {
            "out of scope".to_owned()
        };
        let _ = writeln!(text, "{} {} {:<64} {carried}", row.id, row.page, row.says);
    }
    let _ = writeln!(text, "{open} rows in scope are still open");
    text
}
