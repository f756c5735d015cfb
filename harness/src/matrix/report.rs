//! The matrix as text for a terminal and as a page for the docs. Times are those of the machine that made
//! either; all else on the page is the same on every machine.

use super::{Cell, Companion, ENOUGH, Matrix, Row, WAITING, Way};
use std::fmt::Write as _;
use std::time::Duration;

/// Columns for a terminal.
pub fn text(matrix: &Matrix) -> String {
    let mut out = format!(
        "up to {} plans per cell, seeds from {}; a cell ends with {ENOUGH} plans caught\n\n",
        matrix.plans, matrix.seed
    );
    let width = matrix.rows.iter().map(|row| name(row).len()).max().unwrap_or(0);
    let _ = write!(out, "{:width$}", "");
    for way in Way::ALL {
        let _ = write!(out, "  {:>24}", way.name());
    }
    out.push_str("  caught by\n");
    for row in &matrix.rows {
        let _ = write!(out, "{:width$}", name(row));
        for cell in &row.cells {
            let _ = write!(out, "  {:>24}", seen(cell, true));
        }
        let _ = writeln!(out, "  {}", by(&row.cells[0]));
    }
    out.push('\n');
    out.push_str(&summary(matrix));
    out
}

/// How soon exploration caught what it caught.
fn times(matrix: &Matrix) -> Option<String> {
    let times = matrix.times();
    let ((median, _), (slowest, row)) = (times.get(times.len() / 2)?, times.last()?);
    let [median, slowest] = [median, slowest].map(Duration::as_secs_f64);
    let name = row.name();
    Some(format!(
        "- time until swarm caught a choice: median {median:.2} s, slowest {slowest:.2} s ({name})\n"
    ))
}

/// The page that docs/detection.md is.
pub fn markdown(matrix: &Matrix) -> String {
    let Matrix { plans, seed, .. } = matrix;
    let mut out = String::from(HEAD);
    let _ = writeln!(
        out,
        "\nUp to {plans} plans in each cell, seeds from {seed}; a choice caught in {ENOUGH} plans is caught, and its \
         cell ends. `cardstorm matrix --plans {plans} \
         --seed {seed} --output markdown=docs/detection.md` makes this page again.\n"
    );
    out.push_str("| choice | swarm | after | no swarm | one fault | no faults | caught by |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    for row in &matrix.rows {
        let [swarm, plainer @ ..] = row.cells.each_ref().map(|cell| seen(cell, false));
        let after =
            row.cells[0].after.map_or("-".into(), |after| format!("{:.2} s", after.as_secs_f64()));
        let plainer = plainer.join(" | ");
        let by = by(&row.cells[0]);
        let _ = writeln!(out, "| {} | {swarm} | {after} | {plainer} | {by} |", name(row));
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
plans. A cell says in how many of its plans an invariant broke, and which plan was the first. *Swarm* is what
`cardstorm explore` runs: each seed switches a random subset of work, faults and party settings on. *No
swarm* has everything on in every plan. *One fault* leaves only the first fault of such a plan, *no faults*
none. *After* is the time until swarm first caught it, on the machine that made this page, a row to a thread.

The first row is the sound parties: there, anything but nothing is a defect of a model, a check or a fault.
";

const WAITS: &str = "\
## What waits

Bugs of the field that cannot be a design choice yet, and what each waits for.

| bug | what goes wrong | waits for |
|---|---|---|
";

fn name(row: &Row) -> String {
    let beside = row.choice.as_ref().is_some_and(|choice| choice.companion.is_some());
    format!("{}{}", row.name(), if beside { " *" } else { "" })
}

fn seen(cell: &Cell, timed: bool) -> String {
    if let Some(panicked) = &cell.panicked {
        let caught = if cell.caught > 0 { format!("{} of ", cell.caught) } else { String::new() };
        return format!("{caught}{}, panic at seed {}", cell.plans, panicked.seed);
    }
    let Some(first) = cell.first else { return "-".into() };
    let (caught, plans) = (cell.caught, cell.plans);
    match cell.after.filter(|_| timed) {
        Some(after) => format!("{caught}/{plans} #{first} {:.2}s", after.as_secs_f64()),
        None => format!("{caught} of {plans}, first {first}"),
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
    for choice in choices.iter().filter_map(|row| row.choice.as_ref()) {
        let Some(Companion { beside, .. }) = choice.companion else { continue };
        let _ = writeln!(
            out,
            "- {} *: harmless alone; set beside {beside}, and counted only for what that alone leaves whole",
            choice.name
        );
    }
    out.extend(times(matrix));
    out
}
