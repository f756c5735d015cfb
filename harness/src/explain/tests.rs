//! Nothing that a report, a story or a screen can name is without an explanation.

use super::*;
use crate::check::Invariant;
use crate::plan::FAULT_NAMES;
use crate::scenario::{Scenario, Shown, catalogue, parse};
use std::collections::BTreeSet;
use std::path::Path;

fn told(name: &str) -> Topic {
    let found = find(name, &Stories::read(), Lang::En);
    let first = found.into_iter().next();
    first.unwrap_or_else(|| panic!("nothing explains {name}"))
}

#[test]
fn every_invariant_and_fault_is_explained_and_shown_by_a_story() {
    for name in Invariant::ALL.map(Invariant::name).iter().chain(&FAULT_NAMES) {
        let topic = told(name);
        assert!(!topic.source.is_empty() && !topic.look.is_empty(), "{name}");
        assert!(topic.says.iter().all(|says| says.len() > 30), "{name}");
    }
    for name in FAULT_NAMES {
        assert!(!told(name).stories.is_empty(), "no story has a {name}");
    }
}

#[test]
fn every_choice_is_explained_and_nothing_else_is() {
    let names: BTreeSet<String> = choices::names().into_iter().collect();
    let why: BTreeSet<String> = why::WHY.iter().map(|why| format!("{}.{}", why.0, why.1)).collect();
    assert_eq!(names, why);
    for name in &names {
        let topic = told(name);
        assert!(topic.ways.len() > 1 && topic.ways.iter().all(|way| way.1.len() > 2), "{name}");
        assert!(!topic.stories.is_empty(), "no story chooses {name}");
        let mut unsound = topic.ways.iter().filter(|way| way.0.contains("UNSOUND")).peekable();
        assert!(unsound.peek().is_some(), "{name}: what every rule allows is a setting");
        for way in unsound {
            assert!(way.1.contains("Breaks "), "{name}: {way:?}");
        }
    }
}

#[test]
fn every_step_is_explained_and_nothing_else_is() {
    let mut known: Vec<&str> = steps::STEPS.iter().map(|step| step.0).collect();
    known.sort_unstable();
    assert_eq!(steps::names(), known);
}

/// Every code in the parties' own text: `b"51"`.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the parties' folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            codes_in(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("sources are text");
        let own = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in own.split("b\"").skip(1) {
            let code: String = part.chars().take(2).collect();
            let is_code = code.len() == 2
                && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
            if is_code && part[2..].starts_with('"') {
                found.insert(code);
            }
        }
    }
}

#[test]
fn every_code_that_is_used_has_prose_of_its_own() {
    let mut used = BTreeSet::new();
    codes_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/src/party"), &mut used);
    assert!(used.len() > 15, "the parties' codes are found: {used:?}");
    let stories: Vec<Scenario> =
        catalogue().filter_map(|(name, text)| parse(name, name, text).ok()).collect();
    for story in &stories {
        used.insert(story.plan.world.acquirer.maintenance_code.to_string());
        for expect in &story.expect.ops {
            if let Some(Shown::Code(code)) = expect.shows {
                used.insert(code.to_string());
            }
        }
    }
    let known: BTreeSet<String> = codes::USED.iter().map(|used| used.0.to_owned()).collect();
    // A code that is in no table is shown by some story as just that.
    let missing: Vec<&String> =
        used.difference(&known).filter(|code| codes::names().contains(code)).collect();
    assert!(missing.is_empty(), "codes without prose: {missing:?}");
    for name in codes::names() {
        assert!(!told(&name).says.is_empty());
    }
}

#[test]
fn names_are_found_however_they_are_written() {
    assert_eq!(told("I2").name, "slip-truth");
    assert_eq!(told("black-hole").name, "black_hole");
    assert_eq!(told("reversal_record").name, "terminal.reversal_record");
    assert_eq!(told("after-send").name, "terminal.reversal_record");
    assert_eq!(told("terminal.reversal_record.never").name, "terminal.reversal_record");
    assert_eq!(find("duplicate_key", &Stories::read(), Lang::En).len(), 2);
    assert_eq!(told("send 0400").name, "send 0400");
    assert_eq!(told("s009").name, "S009");
    assert_eq!(told("b03").stories, ["unsound/reversal-written-too-late"]);
    assert_eq!(explain("slip-thruth"), Err(Some("slip-truth".to_owned())));
    assert_eq!(explain("xyzzyxyzzyxyzzy"), Err(None));
}

#[test]
fn texts_stay_within_the_columns_of_a_terminal() {
    for name in names() {
        for line in told(&name).render(Lang::En).lines().skip(1) {
            assert!(line.chars().count() <= 96, "{line}");
        }
    }
    assert!(topics_text().lines().all(|line| line.chars().count() <= 96));
}

fn chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn every_topic_has_chinese_words_beside_the_english() {
    use unicode_width::UnicodeWidthStr;
    let stories = Stories::read();
    let mut without = BTreeSet::new();
    for name in names().into_iter().chain(bugs::names()) {
        let topics = find(&name, &stories, Lang::Zh);
        assert!(!topics.is_empty(), "{name}");
        for topic in topics {
            let own = [&topic.kind].into_iter().chain(&topic.says);
            // Beside the ways of a choice, what cites the number of a bug is a rule or its name.
            let ways = topic.ways.iter().filter(|(way, _)| way.contains(" = "));
            let look = Some(&topic.look).filter(|look| !look.is_empty());
            if !own.chain(ways.map(|(_, says)| says)).chain(look).all(|text| chinese(text)) {
                without.insert(topic.name.clone());
            }
            for line in topic.render(Lang::Zh).lines().skip(1) {
                assert!(line.width() <= 96, "{line}");
            }
        }
    }
    assert!(without.is_empty(), "write them into data/explain_zh.csv: {without:?}");
    assert!(chinese(&topics_text_in(Lang::Zh)) && !chinese(&topics_text()));
}

#[test]
fn chinese_lines_keep_words_whole_and_punctuation_with_its_neighbour() {
    let text = "终端收到 0410 便忘掉（见 soundness 2b），不再重试。";
    let lines = ["终端收到", "0410 便忘", "掉（见", "soundness", "2b），不再", "重试。", ""];
    assert_eq!(zh::wrapped(text, "", 10), lines.join("\n"));
}
