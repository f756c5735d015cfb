//! `cardstorm list` and `cardstorm lint`.

use super::{Exit, LangArg, Out, select};
use crate::report::summary::counted;
use crate::report::trace::{Lang, padded};
use crate::scenario::{self, Requirement, Scenario};
use std::fmt::Write as _;

/// Arguments of `list`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What carries which requirement row: scenarios, reports, checks, faults, options.
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
    #[arg(conflicts_with = "all")]
    what: Vec<String>,
    /// The whole catalogue.
    #[arg(long)]
    all: bool,
    /// The language of what is said.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

/// Checks without running.
pub(super) fn lint(args: &LintArgs, out: &mut Out) -> Exit {
    let lang = args.lang.into();
    match select::select(&args.what, args.all, lang, out) {
        Ok(scenarios) => {
            let sum =
                |count: fn(&Scenario) -> usize| scenarios.iter().map(count).sum::<usize>() as u64;
            let (count, ops) = (scenarios.len() as u64, sum(|one| one.plan.ops.len()));
            let (faults, expected) = (sum(|one| one.plan.faults.len()), sum(expectations));
            out.data(&match lang {
                Lang::En => format!(
                    "{}: {}, {}, {}; no errors\n",
                    counted(count, "scenario"),
                    counted(ops, "operation"),
                    counted(faults, "fault"),
                    counted(expected, "expectation"),
                ),
                Lang::Zh => format!(
                    "{count} 个故事：{ops} 个操作，{faults} 个故障，{expected} 项预期；没有错误\n"
                ),
            });
            Exit::Ok
        }
        Err(exit) => exit,
    }
}

fn expectations(scenario: &Scenario) -> usize {
    let expect = &scenario.expect;
    let of_ops = expect
        .ops
        .iter()
        .map(|op| usize::from(op.outcome.is_some()) + usize::from(op.shows.is_some()));
    of_ops.sum::<usize>() + expect.balances.len() + usize::from(expect.violates.is_some())
}

/// Lists.
pub(super) fn list(args: &Args, out: &mut Out) -> Exit {
    let scenarios = match select::select(&[], true, args.lang.into(), out) {
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
        let _ = writeln!(text, "  {} {}", padded(&scenario.name, 46), lang.of(&scenario.title));
    }
    let count = scenarios.len() as u64;
    let _ = match lang {
        Lang::En => writeln!(text, "{}", counted(count, "scenario")),
        Lang::Zh => writeln!(text, "{count} 个故事"),
    };
    text
}

/// Page by page and row by row: who carries it, or that it is still open, or out of scope.
fn requirements(scenarios: &[Scenario]) -> String {
    let mut text = String::new();
    let (mut open, mut carried, mut outside) = (0, 0, 0);
    let mut page = "";
    for row in scenario::requirements() {
        if row.page != page {
            page = &row.page;
            let _ = writeln!(text, "page {page}");
        }
        let _ = writeln!(text, "  {} {}: {}", row.id, row.kind, row.says);
        let carriers: Vec<&str> = scenarios
            .iter()
            .filter(|scenario| scenario.rows.contains(&row.id))
            .map(|scenario| scenario.name.as_str())
            .chain(row.carriers())
            .collect();
        let by = standing(row, &carriers, [&mut carried, &mut open, &mut outside]);
        let _ = writeln!(text, "       {by}");
    }
    let _ = writeln!(text, "{carried} rows carried, {open} open, {outside} out of scope");
    text
}

fn standing(row: &Requirement, carriers: &[&str], counts: [&mut u32; 3]) -> String {
    let [carried, open, outside] = counts;
    if !carriers.is_empty() {
        *carried += 1;
        carriers.join(", ")
    } else if row.in_scope {
        *open += 1;
        "OPEN".to_owned()
    } else {
        *outside += 1;
        "out of scope".to_owned()
    }
}
