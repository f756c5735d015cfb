//! When operations begin: at a time, or after another one at the same terminal.

use super::ops::{Entered, Ops, outcome};
use super::value;
use super::walk::{Sink, Spot};
use crate::plan::{Op, Start};
use cardstorm_models::time::Wall;

/// When a terminal's first operation begins where the story does not say.
const FIRST_MS: u64 = 10_000;
/// How long after the one before it an operation begins where the story does not say.
const DELAY_MS: u64 = 10_000;

/// When an operation begins: at a time, after another, or after the one before it at its terminal.
pub(super) fn begins(
    sink: &mut Sink,
    entry: &Entered<'_, '_>,
    terminal: u16,
    number: u32,
    start: Wall,
    all: &mut Ops,
) -> Start {
    let table = &entry.table;
    let at = table.parsed(sink, "at", |text| value::time(text, start));
    let after = table.text(sink, "after");
    let outcome = table.word(sink, "when").map(|word| outcome(word.value));
    let delay = table.parsed(sink, "delay", value::duration);
    if table.has("at") && (table.has("after") || table.has("when") || table.has("delay")) {
        let message = "it begins either at a time or after another operation";
        sink.error(
            &table.key_at("at"),
            message,
            "expected `at` alone, or `after` with `when` and `delay`",
        );
    }
    if let Some(at) = at {
        return Start::At { ms: at.value };
    }
    let delay_ms = delay.map_or(DELAY_MS, |delay| delay.value);
    let here = |op: &Op| op.terminal == terminal && op.task.desk().is_none();
    let before = all.ops.iter().rposition(here);
    let before = before.map(|n| u32::try_from(n).expect("few operations"));
    let other = match &after {
        Some(name) => all
            .names
            .find(sink, name)
            .filter(|other| follows(sink, name, *other, number, terminal, all)),
        None => before,
    };
    match other {
        Some(op) => {
            if outcome.is_some() {
                all.waits.push((number, table.key_at("when")));
            }
            Start::After { op, outcome, delay_ms }
        }
        None => {
            if after.is_none() && table.has("when") {
                let label = "there is no operation before it at this terminal";
                sink.error(&table.key_at("when"), "`when` waits for an operation", label);
            }
            Start::At { ms: FIRST_MS }
        }
    }
}

/// When something is asked at a desk: at a time, since no one there sees how a terminal's operation ends.
pub(super) fn at_a_time(sink: &mut Sink, entry: &Entered<'_, '_>, start: Wall) -> Start {
    let table = &entry.table;
    if !table.has("at") {
        table.missing(sink, "at");
    }
    let at = table.parsed(sink, "at", |text| value::time(text, start));
    Start::At { ms: at.map_or(FIRST_MS, |at| at.value) }
}

/// Whether an operation can follow another: not itself, and at the same terminal, whose cashier alone
/// sees how it ended.
fn follows(
    sink: &mut Sink,
    name: &Spot<&str>,
    other: u32,
    number: u32,
    terminal: u16,
    all: &Ops,
) -> bool {
    if other == number {
        sink.error(&name.at, "an operation cannot follow itself", "expected another operation");
        return false;
    }
    let elsewhere = all.ops.get(other as usize);
    let elsewhere = elsewhere.is_some_and(|op| op.terminal != terminal || op.task.desk().is_some());
    if elsewhere {
        let message =
            format!("`{}` is at another place, whose screen this cashier cannot see", name.value);
        sink.error(&name.at, message, "expected an operation of the same terminal").hint =
            Some("give this operation a time: `at = \"+60s\"`".to_owned());
    }
    !elsewhere
}

/// Operations that wait for one another never begin.
pub(super) fn circles(sink: &mut Sink, all: &Ops) {
    for number in 0..all.ops.len() {
        let mut at = number;
        for _ in 0..=all.ops.len() {
            match all.ops[at].start {
                Start::After { op, .. } => at = op as usize,
                Start::At { .. } => break,
            }
            if at == number {
                let number = u32::try_from(number).expect("few operations");
                let place = all.names.place(number).cloned().unwrap_or(0..0);
                let message = format!(
                    "`{}` waits for itself in the end, so it never begins",
                    all.names.name(number)
                );
                sink.error(&place, message, "one of a circle").hint =
                    Some("let one of the circle begin by itself, as `at = \"+10s\"`".to_owned());
                break;
            }
        }
    }
}
