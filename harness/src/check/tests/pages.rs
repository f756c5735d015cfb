//! The pages that list the invariants list them all, in the words that the program uses.

use super::Invariant;

/// The rows of a page's table of invariants.
fn rows(page: &str, begins: &str) -> Vec<String> {
    page.lines().filter(|line| line.starts_with(begins)).map(str::to_owned).collect()
}

fn check(name: &str, page: &str, begins: &str, row: impl Fn(usize, &str, &str) -> String) {
    let all = Invariant::ALL.into_iter().enumerate();
    let expected: Vec<String> =
        all.map(|(at, one)| row(at + 1, one.name(), one.statement())).collect();
    let found = rows(page, begins);
    assert_eq!(found, expected, "{name} should have:\n{}\n", expected.join("\n"));
}

#[test]
fn every_page_names_every_invariant() {
    let readme = include_str!("../../../../README.md");
    check("README.md", readme, "| I", |n, name, says| format!("| I{n} | {name} | {says} |"));
    let page = include_str!("../../../../docs/invariants.md");
    check("docs/invariants.md", page, "| [I", |n, name, says| {
        format!("| [I{n}](#i{n}) | {name} | {says} |")
    });
}
