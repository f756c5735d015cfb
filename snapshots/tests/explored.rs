//! What exploration says: the report with its grid, of sound parties and of unsound ones, and findings.

use cardstorm::check::Invariant;
use cardstorm::examine::Stage;
use cardstorm::explore::{Report, Sweep, Unit, findings};
use cardstorm::matrix::{Cell, Matrix, Panicked, Row, Way, markdown, text, unsound};
use cardstorm::plan::Plan;
use cardstorm::report::sweep::{finding, render};
use cardstorm::scenario;
use cardstorm::storm::{self, Knobs};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../texts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The report of the first units of a sweep.
fn explored(units: u64, generate: &(dyn Fn(u64) -> Plan + Sync)) -> Report {
    let sweep = Sweep { base: 1, stage: Stage::Virtual, generate, mutants: true };
    let mut report = Report::default();
    for number in 0..units {
        let unit = sweep.unit(Unit::whole(number), &AtomicBool::new(false));
        let unit = unit.expect("virtual time takes any plan").expect("nobody stops it");
        report.merge(&unit).expect("each unit once");
    }
    report
}

#[test]
fn a_sweep_of_sound_parties() {
    let generate = |seed| storm::plan(seed, &Knobs::default());
    snapshot("explore--sound", &render(&explored(4, &generate)));
}

#[test]
fn a_sweep_that_finds_something() {
    let (name, text) = scenario::catalogue()
        .find(|(name, _)| *name == "unsound/no-reversal-at-all")
        .expect("there");
    let base = scenario::parse(name, name, text).expect("a good story");
    let generate = |seed| storm::plan_in(seed, &Knobs::default(), base.plan.world.clone());
    let report = explored(1, &generate);
    let (found, left_out) = findings(&report, Stage::Virtual, &AtomicBool::new(false));
    assert_eq!(left_out, 0);
    let mut told = render(&report);
    for one in &found {
        told.push('\n');
        told.push_str(&finding(one, 1 + one.index));
    }
    snapshot("explore--found", &told);
}

/// A matrix with a row of every kind: sound, caught, missed, in company, broken off by a panic.
#[test]
fn a_matrix_in_both_forms() {
    let whole = Cell { plans: 300, ..Cell::default() };
    let caught = Cell {
        plans: 120,
        caught: 50,
        first: Some(7),
        after: Some(Duration::from_millis(1_234)),
        by: BTreeMap::from([(Invariant::SlipTruth, 12), (Invariant::ReversalCompletes, 50)]),
        panicked: None,
        panics: 0,
    };
    let said = "a till without a drawer (till.rs:7)".to_owned();
    let panicked = Cell {
        plans: 300,
        panicked: Some(Panicked { seed: 3, said }),
        panics: 2,
        ..Cell::default()
    };
    let choice = |name: &str| unsound().into_iter().find(|choice| choice.name == name);
    let row = |name: &str, first: &Cell| {
        let mut cells = Way::ALL.map(|_| whole.clone());
        cells[0] = first.clone();
        Row { choice: choice(name), cells }
    };
    let rows = vec![
        row("", &whole),
        row("terminal.reversal_record = never", &caught),
        row("terminal.unannounced = forget", &whole),
        row("acquirer.refund_guard = unconfirmed", &caught),
        row("issuer.tombstones = none", &panicked),
    ];
    let matrix = Matrix { plans: 300, seed: 1, rows };
    assert!(!matrix.as_it_should(), "one is missed, one panicked");
    snapshot("matrix--text", &text(&matrix));
    let page = markdown(&matrix);
    let (table, _) = page.split_once("## What waits").expect("the page ends with what waits");
    snapshot("matrix--page", table);
}
