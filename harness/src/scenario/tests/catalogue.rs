//! The catalogue is whole and clean, the reference is up to date, and stories damaged at random are
//! refused in good order.

use super::HEAD;
use crate::scenario::*;
use proptest::prelude::*;

/// What a careless hand puts into a file.
const WILD: &str = "[\\[\\]=\"{}.,#\n a-z0-9+-]{0,6}|退|\u{0}|é";

#[test]
fn the_catalogue_is_clean() {
    let mut printed = String::new();
    for (name, text) in catalogue() {
        let found = match parse(name, name, text) {
            Ok(scenario) => scenario.warnings,
            Err(found) => found,
        };
        printed +=
            &render(&found, &Sources::from_iter([(name.to_owned(), text.to_owned())]), false);
    }
    assert!(printed.is_empty(), "{printed}");
}

/// At least forty stories, five from each source page, fifteen unsound; every fault kind, and every
/// unsound way of every design choice, in some story that expects the harm it does.
#[test]
fn the_catalogue_is_complete() {
    let stories: Vec<Scenario> =
        catalogue().filter_map(|(name, text)| parse(name, name, text).ok()).collect();
    assert!(stories.len() >= 40);
    for page in ["000", "001", "002", "003", "004"] {
        let carries = |story: &&Scenario| {
            let of_page = |row: &String| requirement(row).is_some_and(|row| row.page == page);
            story.expect.violates.is_none() && story.rows.iter().any(of_page)
        };
        assert!(stories.iter().filter(carries).count() >= 5, "page {page}");
    }
    let (unsound, sound): (Vec<_>, Vec<_>) =
        stories.iter().partition(|story| story.expect.violates.is_some());
    assert!(unsound.len() >= 15 && unsound.iter().all(|story| story.folder == "unsound"));
    for choices in [Choices::Terminal, Choices::Acquirer, Choices::Issuer] {
        for choice in choices.list() {
            for way in choice.ways {
                let key = format!("{} = ", choice.key);
                let (plain, with) = (format!("\"{}\"", way.name), format!("{{ {} =", way.name));
                let sets = |story: &&&Scenario| {
                    let mut lines = story.source.lines().filter_map(|line| line.strip_prefix(&key));
                    lines.any(|value| value.starts_with(&plain) || value.starts_with(&with))
                };
                assert!(
                    way.sound || unsound.iter().any(|story| sets(&story)),
                    "{} {}",
                    choice.key,
                    way.name
                );
                assert!(
                    way.sound || !sound.iter().any(|story| sets(&story)),
                    "{} {}",
                    choice.key,
                    way.name
                );
            }
        }
    }
    for kind in crate::plan::FAULT_NAMES {
        let mut faults = sound.iter().flat_map(|story| &story.plan.faults);
        assert!(faults.any(|fault| fault.what.name() == kind), "no sound story has a {kind}");
    }
}

#[test]
fn plans_survive_being_written_down() {
    for (name, text) in catalogue() {
        let Ok(scenario) = parse(name, name, text) else { continue };
        let json = serde_json::to_string(&scenario.plan).expect("a plan is plain data");
        assert_eq!(
            serde_json::from_str::<crate::plan::Plan>(&json).ok(),
            Some(scenario.plan),
            "{name}"
        );
    }
}

#[test]
fn the_shortest_story_of_the_reference_is_one() {
    let page = reference();
    let example = page.split("```").nth(1).and_then(|block| block.strip_prefix("toml\n"));
    let story = parse("example", "example", example.expect("a block of TOML")).expect("a story");
    assert!(story.warnings.is_empty() && story.source.lines().count() <= 11);
}

/// The page is written anew with `CARDSTORM_BLESS=1`.
#[test]
fn the_reference_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scenario-reference.md");
    if std::env::var_os("CARDSTORM_BLESS").is_some() {
        std::fs::write(path, reference()).expect("docs can be written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == reference(),
        "docs/scenario-reference.md is out of date: run this test with CARDSTORM_BLESS=1"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a story, it is a story or a list of what is wrong, and both can be printed.
    #[test]
    fn damaged_stories_never_panic(
        pick in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..6, WILD), 1..6),
    ) {
        let all: Vec<_> = catalogue().collect();
        let fallback = ("none", HEAD);
        let (name, text) = if all.is_empty() { fallback } else { all[pick.index(all.len())] };
        let mut chars: Vec<char> = text.chars().collect();
        for (place, cut, put) in edits {
            let at = place.index(chars.len() + 1);
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, put.chars());
        }
        let text: String = chars.into_iter().collect();
        let found = parse(name, name, &text).map_or_else(|found| found, |scenario| scenario.warnings);
        let printed = render(&found, &Sources::from_iter([(name.to_owned(), text)]), true);
        prop_assert!(found.is_empty() || !printed.is_empty());
    }
}
