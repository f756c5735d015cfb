//! The catalogue: one payment story per file, in folders by the question a payment person asks, and the
//! table of requirement rows that they carry. Data only; the language is the harness's.

/// Every story: its name (folder and file without the ending) and its text, in the order of the names.
pub static STORIES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/stories.rs"));

/// Every regression: its name (folder and file without the ending) and its text, a plan as JSON.
pub static REGRESSIONS: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/regressions.rs"));

/// The requirement rows as CSV: id, page, kind, says, carried_as, representation, in_scope.
pub static REQUIREMENTS: &str = include_str!("../requirements.csv");
