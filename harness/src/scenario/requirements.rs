//! The rows of the five source pages that the catalogue answers: ids and our own words, no sentence of
//! the pages.

use serde::Deserialize;
use std::sync::LazyLock;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Requirement {
    /// `S001` and so on.
    pub id: String,
    /// The source page, `000` to `004`.
    pub page: String,
    /// Cause, symptom, remedy, figure and so on.
    pub kind: String,
    /// What the page says, in our words.
    pub says: String,
    /// As what it is represented: model, fault, invariant, report.
    pub carried_as: String,
    /// How it is represented.
    pub representation: String,
    /// Whether the project represents it at all.
    pub in_scope: bool,
    /// What carries it beside stories, as [`Requirement::carriers`] reads it.
    carriers: String,
}

impl Requirement {
    /// What carries it beside stories: `report:NAME`, `check:NAME`, `fault:NAME` or `option:TABLE.KEY`, the
    /// option as a story's table has it.
    pub fn carriers(&self) -> impl Iterator<Item = &str> {
        self.carriers.split_whitespace()
    }
}

/// The reports that a row may name, and where each is had.
pub const REPORTS: [(&str, &str); 13] = [
    ("trace", "run --trace; trace.txt of a failure folder"),
    ("summary", "the last lines of run and explore"),
    ("failure", "what run and show say of a failure"),
    ("failure-folder", "cardstorm-failures/, a folder each"),
    ("replay", "replay FOLDER"),
    ("junit", "run --output junit=PATH"),
    ("sweep", "explore"),
    ("statement/merchants", "merchants.csv of run --output statement=FOLDER"),
    ("statement/accounts", "takings.csv and holders.csv of run --output statement=FOLDER"),
    ("statement/days", "days.csv of run --output statement=FOLDER"),
    ("statement/differences", "differences.csv of run --output statement=FOLDER"),
    ("statement/service", "service.csv of run --output statement=FOLDER"),
    ("statement/doubts", "doubts.csv of run --output statement=FOLDER"),
];

/// Rows in scope that nothing carries yet, because the work that will is not done.
pub const OPEN: [&str; 4] = ["S053", "S073", "S090", "S172"];

static ROWS: LazyLock<Vec<Requirement>> = LazyLock::new(|| {
    csv::Reader::from_reader(cardstorm_scenarios::REQUIREMENTS.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("the embedded table is well-formed; a test reads it")
});

/// Every row, in the order of its id.
pub fn requirements() -> &'static [Requirement] {
    &ROWS
}

/// The row with an id.
pub fn requirement(id: &str) -> Option<&'static Requirement> {
    ROWS.iter().find(|row| row.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Invariant;
    use crate::plan::FAULT_NAMES;
    use crate::scenario::{catalogue, parse};
    use std::collections::BTreeSet;

    #[test]
    fn rows_are_whole_and_in_order() {
        assert_eq!(requirements().len(), 179);
        for (n, row) in requirements().iter().enumerate() {
            assert_eq!(row.id, format!("S{:03}", n + 1));
            assert!(["000", "001", "002", "003", "004"].contains(&row.page.as_str()));
            assert!(!row.says.is_empty() && !row.representation.is_empty());
            assert_eq!(row.in_scope, row.carried_as != "out-of-scope");
        }
    }

    #[test]
    fn every_carrier_exists() {
        for row in requirements() {
            for carrier in row.carriers() {
                let (kind, name) = carrier.split_once(':').expect("a kind and a name");
                let known = match kind {
                    "report" => REPORTS.iter().any(|(report, _)| *report == name),
                    "check" => Invariant::from_name(name).is_some(),
                    "fault" => FAULT_NAMES.contains(&name),
                    "option" => is_option(name),
                    _ => false,
                };
                assert!(known, "{}: nothing is called {carrier}", row.id);
            }
        }
    }

    /// Whether the reference of the scenario language has a table with that key.
    fn is_option(name: &str) -> bool {
        let Some((table, key)) = name.split_once('.') else { return false };
        let reference = crate::scenario::reference();
        let mut parts = reference.split("\n## ");
        let heading = |part: &&str| {
            let words = part.lines().next().unwrap_or_default();
            words.trim_matches(['`', '[', ']']).split('.').next() == Some(table)
        };
        parts.any(|part| heading(&part) && part.contains(&format!("\n| `{key}` |")))
    }

    #[test]
    fn options_are_found_in_the_reference() {
        assert!(is_option("acquirer.cut_off"));
        assert!(is_option("fee.rate"));
        assert!(!is_option("acquirer.nothing") && !is_option("nothing"));
    }

    /// Every row in scope is carried by a story, a report, a check, a fault or an option, but for those that
    /// are listed as open; and none of those is carried in secret.
    #[test]
    fn every_row_in_scope_is_carried() {
        let stories = catalogue().filter_map(|(name, text)| parse(name, name, text).ok());
        let told: BTreeSet<String> = stories.flat_map(|story| story.rows).collect();
        let carried = |row: &&Requirement| {
            told.contains(&row.id) || row.carriers().next().is_some() || !row.in_scope
        };
        let open: BTreeSet<&str> =
            requirements().iter().filter(|row| !carried(row)).map(|row| row.id.as_str()).collect();
        assert_eq!(open, BTreeSet::from(OPEN));
    }
}
