//! Explanations: every name that a report, a story or a screen uses, in prose, with the rule behind it, what
//! to look for, and the stories that show it. The texts are data, one file per kind of name; what the tables
//! of the parser and of the parties already say is taken from there.

mod bugs;
mod choices;
mod codes;
mod faults;
mod invariants;
mod shown_by;
mod steps;
#[cfg(test)]
mod tests;
mod topic;

use crate::scenario::{nearest, requirement, requirements};
use shown_by::Stories;
use std::fmt::Write as _;
use topic::{Topic, wrapped};

/// A topic in prose.
///
/// # Errors
/// Nothing has that name; the nearest name, if one is near.
pub fn explain(name: &str) -> Result<String, Option<String>> {
    let stories = Stories::read();
    let found = find(name, &stories);
    if !found.is_empty() {
        let texts: Vec<String> = found.iter().map(Topic::render).collect();
        return Ok(texts.join("\n"));
    }
    let names = names();
    Err(nearest(name, names.iter().map(String::as_str)).map(str::to_owned))
}

/// Everything that a name can mean, in a fixed order of kinds.
fn find(name: &str, stories: &Stories) -> Vec<Topic> {
    let plain = name.trim();
    let mut found: Vec<Topic> = Vec::new();
    found.extend(invariants::topic(&plain.to_lowercase(), stories));
    found.extend(faults::topic(&plain.to_lowercase().replace('-', "_"), stories));
    found.extend(codes::topic(&plain.to_uppercase(), stories));
    found.extend(choices::topics(plain, stories));
    found.extend(steps::topic(plain, stories));
    found.extend(row(&plain.to_uppercase(), stories));
    found.extend(bugs::topic(&plain.to_uppercase(), stories));
    found
}

fn row(id: &str, stories: &Stories) -> Option<Topic> {
    let row = requirement(id)?;
    let standing = if row.in_scope { "in scope" } else { "out of scope" };
    let stories = stories.of_row(id);
    // An open row says what is meant to carry it, and that nothing does.
    let open = row.in_scope && stories.is_empty();
    let carried = if open { "still open; meant to be carried" } else { "carried" };
    Some(Topic {
        name: row.id.clone(),
        kind: format!("a requirement row of page {} ({}, {standing})", row.page, row.kind),
        says: vec![format!("{}.", row.says.trim_end_matches('.'))],
        source: format!("{carried} as {}: {}.", row.carried_as, row.representation),
        look: String::new(),
        ways: Vec::new(),
        stories,
    })
}

/// Every name that is a topic of its own.
fn names() -> Vec<String> {
    let lists = [invariants::names(), faults::names(), codes::names(), choices::names()];
    let mut all: Vec<String> = lists.into_iter().flatten().collect();
    all.extend(steps::names());
    all.extend(requirements().iter().map(|row| row.id.clone()));
    all
}

/// The topics by kind.
pub fn topics_text() -> String {
    let mut text = String::from("cardstorm explain NAME, where NAME is one of these.\n");
    let rows = requirements();
    let range = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => format!("{} to {}", first.id, last.id),
        _ => "none".into(),
    };
    for (title, names) in [
        ("Invariants", invariants::names()),
        ("Faults", faults::names()),
        ("Design choices (the names of their ways will do too)", choices::names()),
        ("Steps of a party, for `before`", steps::names()),
        ("Response codes", codes::names()),
        ("Requirement rows", vec![range]),
        ("Known bugs, as choices and invariants cite them", bugs::names()),
    ] {
        // A name of several words is not torn apart.
        let names: Vec<String> = names.iter().map(|name| name.replace(' ', "\u{1}")).collect();
        let list = wrapped(&names.join(", "), "  ").replace('\u{1}', " ");
        let _ = write!(text, "\n{title}:\n{list}");
    }
    text
}
