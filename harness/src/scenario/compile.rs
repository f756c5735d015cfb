//! The whole way from a file's text to a scenario: parse with recovery, walk every table, lint, and
//! only then decide whether there is a scenario at all.

use super::card_numbers;
use super::diagnostic::{Diagnostic, Severity};
use super::expect::expect;
use super::faults::faults;
use super::house::house;
use super::lengths::{chaos_ms, drain_ms, run};
use super::links::{cashier, links};
use super::lint::{self, LINTS};
use super::names::{Named, Names};
use super::ops::{Ops, ops};
use super::syntax::{Lines, syntax as not_toml};
use super::tables::{ROOT, TRANSLATED};
use super::walk::{Sink, Spot, Table, short};
use super::world::{WorldNames, world};
use super::{Scenario, Text2};
use crate::plan::{PLAN_VERSION, Plan};
use toml::de::{DeTable, DeValue};

/// The longest text that can be a story, in bytes.
pub(crate) const LONGEST: usize = 256 * 1024;
/// The longest title or question, in characters: it stands in one line.
const LONGEST_SENTENCE: usize = 200;
/// The most diagnostics that one file gets; who makes more reads the first ones.
const MOST: usize = 50;

/// Reads a story. `file` is what messages call it, `name` is its name in the catalogue.
///
/// # Errors
/// Everything that is wrong with the text, warnings included, in the order of the file.
pub fn parse(file: &str, name: &str, text: &str) -> Result<Scenario, Vec<Diagnostic>> {
    if text.len() > LONGEST {
        let message = format!(
            "a story is at most {} KiB of text, and this is {} KiB",
            LONGEST / 1024,
            text.len() / 1024
        );
        return Err(vec![Diagnostic::of_file(file, message)]);
    }
    let mut sink = Sink::new(file);
    let (document, syntax) = DeTable::parse_recoverable(text);
    let lines = Lines::of(text);
    let unsure = not_toml(&mut sink, &lines, &syntax);
    let count = sink.list.len();
    let slips = || sink.list.iter().filter_map(|slip| Some(slip.span.as_ref()?.start));
    let broken: Vec<usize> = slips().map(|at| lines.number_of(at)).collect();
    // What stands below a header that cannot be read went into the table above it.
    let header_of = |at: usize| {
        let begin = lines.header_above(at)?;
        (lines.number_of(begin) == lines.number_of(at)).then_some(begin)
    };
    let strayed: Vec<usize> = slips().filter_map(header_of).collect();
    let root = Table::new(&mut sink, document.get_ref(), 0..0, String::new(), &ROOT);
    let scenario = scenario(&mut sink, &root, name, text, syntax.is_empty());
    let mut list = sink.list;
    if !syntax.is_empty() {
        // What recovery made of a broken line is not the author's mistake.
        let mut n = 0;
        list.retain(|found| {
            n += 1;
            let at = found.span.as_ref().map(|span| span.start);
            let in_broken = at.is_some_and(|at| broken.contains(&lines.number_of(at)));
            let below = at.and_then(|at| lines.header_above(at));
            let strays = below.is_some_and(|begin| strayed.contains(&begin));
            let beyond = at.is_some_and(|at| unsure.is_some_and(|from| from <= at));
            n <= count || !(found.derived || in_broken || strays || beyond)
        });
    }
    let place_of = |found: &Diagnostic| found.span.clone().map(|span| (span.start, span.end));
    list.sort_by_key(place_of);
    list.dedup();
    if list.len() > MOST {
        let message = format!("{} more remarks on this file are not shown", list.len() - MOST);
        list.sort_by_key(|found| !found.is_error());
        list.truncate(MOST);
        list.sort_by_key(place_of);
        list.push(Diagnostic::of_file(file, message));
    }
    if list.iter().any(Diagnostic::is_error) {
        return Err(list);
    }
    Ok(Scenario { warnings: list, ..scenario })
}

/// Whether a character steers a terminal or turns the reading order instead of standing for itself.
pub(crate) fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn scenario(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    name: &str,
    text: &str,
    whole: bool,
) -> Scenario {
    let title = translated(sink, root, "title");
    let question = translated(sink, root, "question");
    let story = root.text(sink, "story").map(|story| story.value.trim().to_owned());
    let rows = root.texts(sink, "rows");
    lint::rows(sink, &rows);
    let run = run(sink, root);
    let (world, mut names) = world(sink, root);
    let mut ops = ops(sink, root, run.start, &world, &mut names);
    let house = house(sink, root, run.start, &mut names);
    let (house, house_at): (Vec<_>, Vec<_>) = house.into_iter().unzip();
    let links = links(sink, root);
    let operator = cashier(sink, root);
    for op in &ops.ops {
        names.terminals.mark(u32::from(op.terminal));
    }
    let placed = faults(sink, root, run.start, &mut names.terminals, &mut ops);
    let op_expects = std::mem::take(&mut ops.expects);
    let expect = expect(sink, root, &mut names, op_expects);
    let faults: Vec<_> = placed.iter().map(|placed| placed.fault.clone()).collect();
    let chaos =
        run.chaos_ms.unwrap_or_else(|| chaos_ms(&world, &ops.ops, &house, &faults, &operator));
    let drain = run.drain_ms.unwrap_or_else(|| drain_ms(&world));
    let plan = Plan {
        version: PLAN_VERSION,
        seed: run.seed,
        start: run.start,
        world,
        ops: ops.ops.clone(),
        house,
        operator,
        links,
        faults,
        chaos_ms: chaos,
        drain_ms: drain,
    };
    card_numbers::none_elsewhere(sink, root, &plan, name, text);
    if whole && !sink.list.iter().any(Diagnostic::is_error) {
        lint::lint(sink, root, &plan, &expect, &names, &ops, &placed);
        lint::house_too_late(sink, &plan, &house_at);
    }
    allow(sink, root);
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    Scenario {
        name: name.to_owned(),
        folder: folder.to_owned(),
        title,
        question,
        story,
        rows: rows.iter().map(|row| row.value.to_owned()).collect(),
        plan,
        expect,
        names: printed(&names, &ops),
        source: text.to_owned(),
        warnings: Vec::new(),
    }
}

fn translated(sink: &mut Sink, root: &Table<'_, '_>, key: &'static str) -> Text2 {
    let Some(value) = root.raw(key) else {
        root.missing(sink, key);
        return Text2::default();
    };
    let Some(table) = Table::open(sink, value, format!("`{key}`"), &TRANSLATED) else {
        let found = sink.list.last_mut().expect("just reported");
        let own = match value.get_ref() {
            DeValue::String(text) => short(text),
            _ => "...".to_owned(),
        };
        found.hint = Some(format!("write `{key} = {{ en = \"{own}\", zh = \"...\" }}`"));
        return Text2::default();
    };
    let mut part = |language: &'static str| match table.text(sink, language) {
        Some(text) if text.value.trim().is_empty() => {
            sink.error(&text.at, format!("`{key}.{language}` is empty"), "expected a sentence");
            String::new()
        }
        Some(text) if text.value.chars().any(steers) => {
            let message =
                format!("`{key}.{language}` holds a line break or another control character");
            sink.error(&text.at, message, "expected one line of plain text");
            String::new()
        }
        Some(text) if text.value.chars().count() > LONGEST_SENTENCE => {
            let label = format!("expected at most {LONGEST_SENTENCE} characters");
            sink.error(&text.at, format!("`{key}.{language}` is too long for one line"), label);
            String::new()
        }
        Some(text) => text.value.to_owned(),
        None => {
            if !table.has(language) {
                table.missing(sink, language);
            }
            String::new()
        }
    };
    Text2 { en: part("en"), zh: part("zh") }
}

/// Takes away the warnings that the story earns on purpose.
fn allow(sink: &mut Sink, root: &Table<'_, '_>) {
    for name in root.texts(sink, "allow") {
        if LINTS.iter().any(|(lint, _)| *lint == name.value) {
            sink.list.retain(|found| {
                found.severity == Severity::Error || found.lint != Some(name.value)
            });
        } else {
            unknown_lint(sink, &name);
        }
    }
}

fn unknown_lint(sink: &mut Sink, name: &Spot<&str>) {
    sink.unknown("lint", name, LINTS.iter().map(|(lint, _)| *lint));
}

fn printed(names: &WorldNames, ops: &Ops) -> Names {
    let list = |named: &Named| named.list().to_vec();
    Names {
        ops: list(&ops.names),
        terminals: list(&names.terminals),
        merchants: list(&names.merchants),
        accounts: list(&names.accounts),
        cards: list(&names.cards),
        intents: list(&ops.intents),
    }
}
