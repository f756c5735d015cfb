//! The matrix as text for a terminal and as a page for the docs. Times stand only in the text: the page is
//! the same on every machine.

use super::{Cell, Matrix, Row, WAITING, Way};
use std::fmt::Write as _;

/// Columns for a terminal.
pub fn text(matrix: &Matrix) -> String {
    let mut out = format!("{} plans per cell, seeds from {}\n\n", matrix.plans, matrix.seed);
    let width = matrix.rows.iter().map(|row| name(row).len()).max().unwrap_or(0);
    let _ = write!(out, "{:width$}", "");
    for way in Way::ALL {
        let _ = write!(out, "  {:>18}", way.name());
    }
    out.push_str("  caught by\n");
    for row in &matrix.rows {
        let _ = write!(out, "{:width$}", name(row));
        for cell in &row.cells {
            let _ = write!(out, "  {:>18}", seen(cell, true));
        }
        let _ = writeln!(out, "  {}", by(&row.cells[0]));
    }
    out.push('\n');
    out.push_str(&summary(matrix));
    out
}

/// The page that docs/detection.md is.
pub fn markdown(matrix: &Matrix) -> String {
    let Matrix { plans, seed, .. } = matrix;
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "\n{plans} plans in each cell, seeds from {seed}: `cardstorm matrix --plans {plans} \
         --seed {seed} --output markdown=docs/detection.md` makes this page again.\n"
    );
    out.push_str("| choice | swarm | no swarm | one fault | no faults | caught by |\n");
    out.push_str("|---|---|---|---|---|---|\n");
    for row in &matrix.rows {
        let cells = row.cells.each_ref().map(|cell| seen(cell, false)).join(" | ");
        let _ = writeln!(out, "| {} | {cells} | {} |", name(row), by(&row.cells[0]));
    }
    let _ = writeln!(out, "\n{}", summary(matrix));
    out.push_str(WAITS);
    let cited = |id: &str| {
        let choices = matrix.rows.iter().filter_map(|row| row.choice.as_ref());
        choices.into_iter().any(|choice| choice.doc.contains(id))
    };
    for waiting in WAITING.iter().filter(|waiting| !cited(waiting.id)) {
        let _ = writeln!(out, "| {} | {} | {} |", waiting.id, waiting.what, waiting.waits_for);
    }
    out
}

const HEAD: &str = "\
# What is caught, and how soon

Every unsound design choice that the models offer, each set on otherwise sound parties, under generated
plans. A cell says in how many plans an invariant broke, and which plan was the first. *Swarm* is what
`cardstorm explore` runs: each seed switches a random subset of work, faults and party settings on. *No
swarm* has everything on in every plan. *One fault* leaves only the first fault of such a plan, *no faults*
none.

The first row is the sound parties: there, anything but nothing is a defect of a model, a check or a fault.
";

const WAITS: &str = "\
## What waits

Bugs of the field that cannot be a design choice yet, and what each waits for.

| bug | what goes wrong | waits for |
|---|---|---|
";

fn name(row: &Row) -> String {
    let Some(choice) = &row.choice else { return "sound parties".into() };
    let beside = if choice.companion().is_some() { " *" } else { "" };
    format!("{}{beside}", choice.name)
}

fn seen(cell: &Cell, timed: bool) -> String {
    let Some(first) = cell.first else { return "-".into() };
    match cell.after.filter(|_| timed) {
        Some(after) => format!("{} #{first} {:.2}s", cell.caught, after.as_secs_f64()),
        None => format!("{}, first {first}", cell.caught),
    }
}

fn by(cell: &Cell) -> String {
    let mut by: Vec<_> = cell.by.iter().collect();
    by.sort_by_key(|(invariant, plans)| (std::cmp::Reverse(**plans), **invariant));
    let by: Vec<String> =
        by.iter().map(|(invariant, plans)| format!("{} {plans}", invariant.name())).collect();
    if by.is_empty() { "-".into() } else { by.join(", ") }
}

fn summary(matrix: &Matrix) -> String {
    let choices: Vec<&Row> = matrix.rows.iter().filter(|row| row.choice.is_some()).collect();
    let mut out = String::new();
    for (at, way) in Way::ALL.iter().enumerate() {
        let caught = choices.iter().filter(|row| row.cells[at].first.is_some()).count();
        let _ = writeln!(out, "- {}: {caught} of {} choices caught", way.name(), choices.len());
    }
    if choices.iter().any(|row| row.choice.as_ref().is_some_and(|of| of.companion().is_some())) {
        out.push_str(COMPANION);
    }
    out
}

const COMPANION: &str = "
\\* Harmless alone; set beside a terminal that reverses what it has printed, and counted only where that
terminal alone breaks less.
";
