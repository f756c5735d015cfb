//! Every remark in both languages, side by side, and what must be the same in both: the numbers.

use crate::check::remark::one_of_each;
use crate::plan::Plan;
use crate::report::trace::Lang;
use crate::report::words::Words;
use crate::scenario::{self, Names};
use std::fmt::Write as _;

/// A small world, for the names of its things.
fn world() -> (Plan, Names) {
    let (name, text) = scenario::catalogue()
        .find(|(name, _)| *name == "doubt/reply-lost")
        .expect("the catalogue has it");
    let story = scenario::parse(name, name, text).expect("catalogue stories are sound");
    (story.plan, story.names)
}

/// The numbers of a text, in order of size: languages may say them in another order.
fn numbers(text: &str) -> Vec<&str> {
    let digit = |c: char| !c.is_ascii_digit();
    let mut numbers: Vec<&str> = text.split(digit).filter(|number| !number.is_empty()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn both_languages_say_the_same_numbers() {
    let (plan, names) = world();
    let words = |lang| Words { plan: &plan, names: &names, lang };
    for (name, remark) in one_of_each() {
        let english = words(Lang::En).remark(&remark);
        let chinese = words(Lang::Zh).remark(&remark);
        assert_eq!(numbers(&english), numbers(&chinese), "{name}: {english} / {chinese}");
        assert!(english.is_ascii(), "{name}: {english}");
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
        // An amount by itself has no words.
        assert!(chinese.chars().any(han) || chinese == english, "{name}: {chinese}");
    }
}

#[test]
fn every_remark_side_by_side() {
    let (plan, names) = world();
    let mut text = String::new();
    for (_, remark) in one_of_each() {
        let json = serde_json::to_value(&remark).expect("plain data is JSON");
        let said = |lang| Words { plan: &plan, names: &names, lang }.remark(&remark);
        let id = json["id"].as_str().expect("an id");
        let _ = writeln!(text, "{id}\n  {}\n  {}", said(Lang::En), said(Lang::Zh));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/texts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("remarks", text));
}
