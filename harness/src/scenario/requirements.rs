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
}

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
}
