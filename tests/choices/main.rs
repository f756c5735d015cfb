//! The unsound design choices, one by one: each is set alone on otherwise sound parties, with the plan that
//! shows it, and the invariant that it must break. The same plan with sound choices breaks nothing. Every
//! choice that the parties call UNSOUND stands in a table; the few that no plan can show alone say why.
//! Each party's choices have a file, and so has each of the acquirer's matters.

use cardstorm::check::{Invariant, judge};
use cardstorm::history::What;
use cardstorm::plan::{Plan, World};
use cardstorm::stage;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Choices of the first terminal's.
macro_rules! terminal {
    ($choice:ident = $value:expr) => {
        |world| world.terminals[0].choices.$choice = $value
    };
}

macro_rules! acquirer {
    ($choice:ident = $value:expr) => {
        |world| world.acquirer.choices.$choice = $value
    };
}

macro_rules! issuer {
    ($choice:ident = $value:expr) => {
        |world| world.issuer.choices.$choice = $value
    };
}

mod acquirer;
mod batches;
mod clearing;
mod holds;
mod issuer;
mod pairs;
mod parts;
#[path = "../shared/plans.rs"]
mod plans;
mod refunds;
mod stories;
mod taking_back;
mod terminal;
#[path = "../shared/verdicts.rs"]
mod verdicts;

/// The violated invariants of a plan's run, with their words. Every fault of the plan must have fired.
fn broken(name: &str, plan: &Plan) -> BTreeMap<Invariant, String> {
    let plan = Arc::new(plan.clone());
    let events = stage::run(&plan);
    for (number, planned) in (0u32..).zip(&plan.faults) {
        let fired = events.iter().any(|event| event.what == What::Fault { fault: number });
        assert!(fired, "{name}: {planned:?} never fired");
    }
    verdicts::violations(&judge(&plan, &events)).into_iter().collect()
}

/// One choice: sound, the plan breaks nothing; unsound, it breaks what it must.
fn check(name: &str, plan: fn() -> Plan, choose: fn(&mut World), expected: &[Invariant]) {
    let mut plan = plan();
    let found = broken(name, &plan);
    assert!(found.is_empty(), "{name}: broken with sound choices: {found:#?}");
    choose(&mut plan.world);
    let found = broken(name, &plan);
    for invariant in expected {
        assert!(found.contains_key(invariant), "{name}: {} held; {found:#?}", invariant.name());
    }
}

/// A row: the choice's name in the code, the plan, the setting, what must break.
type Row = (&'static str, fn() -> Plan, fn(&mut World), &'static [Invariant]);

fn rows() -> impl Iterator<Item = &'static Row> {
    let tables = [
        terminal::ROWS,
        acquirer::ROWS,
        taking_back::ROWS,
        clearing::ROWS,
        issuer::ROWS,
        batches::ROWS,
        holds::ROWS,
        parts::ROWS,
        refunds::ROWS,
    ];
    tables.into_iter().flatten()
}

#[test]
fn every_unsound_choice_breaks_its_invariant() {
    for (name, plan, choose, expected) in rows() {
        check(name, *plan, *choose, expected);
    }
}

#[test]
fn every_choice_called_unsound_stands_in_the_table() {
    let configs = [
        include_str!("../../models/src/party/terminal/config.rs"),
        include_str!("../../models/src/party/acquirer/choices.rs"),
        include_str!("../../models/src/clearing/fee.rs"),
        include_str!("../../models/src/party/issuer/config.rs"),
    ];
    let called: BTreeSet<String> = configs.iter().flat_map(|text| unsound(text)).collect();
    let tabled =
        rows().map(|(name, ..)| *name).chain(pairs::ONLY_IN_PAIRS).chain(batches::ONLY_IN_PAIRS);
    // What is said behind a name tells two plans of one choice apart.
    let plain = |name: &str| name.split(',').next().unwrap_or(name).to_owned();
    let tabled: BTreeSet<String> = tabled.map(plain).collect();
    assert_eq!(called, tabled);
}

/// The variants that a configuration's own text calls UNSOUND.
fn unsound(text: &str) -> Vec<String> {
    let (mut choice, mut marked, mut found) = ("", false, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub enum ") {
            choice = name.trim_end_matches(" {");
        } else if line.starts_with("/// UNSOUND") {
            marked = true;
        } else if marked && !line.starts_with("///") && !line.starts_with('#') {
            let variant: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.push(format!("{choice}::{variant}"));
            marked = false;
        }
    }
    found
}
