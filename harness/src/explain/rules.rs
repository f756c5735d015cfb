//! The numbered rules that comments, stories and explanations cite (`soundness 4`, `flows 3`): the sections
//! of docs/rules.md, which is their one source. Nothing is said of a rule that does not stand there.

use super::shown_by::Stories;
use super::topic::Topic;
use crate::report::trace::Lang;

const PAGE: &str = include_str!("../../../docs/rules.md");

/// The heading of a rule's section, and its text up to the next heading.
fn section(number: &str) -> Option<(&'static str, &'static str)> {
    PAGE.split("\n### ").skip(1).find_map(|part| {
        let (heading, text) = part.split_once('\n')?;
        let own = heading.replace(',', "");
        let rest = own.strip_prefix(number)?;
        let whole = rest.is_empty() || rest.starts_with(' ');
        whole.then(|| (heading, text.split("\n## ").next().unwrap_or(text)))
    })
}

/// The rules that have a section, in the order of the page.
pub(super) fn names() -> Vec<String> {
    let headings = PAGE.split("\n### ").skip(1).filter_map(|part| part.lines().next());
    let numbered = headings.map(|heading| {
        let words: Vec<&str> = heading.split(' ').take(2).collect();
        words.join(" ").replace(',', "")
    });
    numbered.collect()
}

/// What went wrong in a known bug, by the page's table.
pub(super) fn bug(number: &str) -> Option<String> {
    let row = PAGE.lines().find_map(|line| line.strip_prefix(&format!("| {number} | ")))?;
    Some(words(row.trim_end_matches([' ', '|'])))
}

/// The name of a rule as its section has it: `rule 4` and a letter behind the number will do as well.
fn plain(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let words: Vec<&str> = name.split([' ', '-', ',']).filter(|word| !word.is_empty()).collect();
    let (room, number) = match words[..] {
        ["rule", number] => ("soundness", number),
        [room @ ("soundness" | "flows"), number] => (room, number),
        _ => return String::new(),
    };
    let number = number.split('.').next().unwrap_or(number);
    let number = match number.trim_end_matches(|c: char| c.is_ascii_lowercase()) {
        "" => number,
        digits => digits,
    };
    format!("{room} {number}")
}

/// Markdown as plain words.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("](") {
        out.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace(['*', '[', '`'], "")
}

/// A paragraph; a table reads badly in prose.
fn said(paragraph: &str) -> String {
    match paragraph.starts_with('|') {
        true => "(A table of docs/rules.md stands here.)".to_owned(),
        false => words(paragraph),
    }
}

pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let (heading, text) = section(&plain(name))?;
    let paragraph = |text: &str| !text.is_empty() && !text.starts_with("<a ") && text != "---";
    let parts = text.split("\n\n").map(str::trim).filter(|text| paragraph(text));
    let (relaxed, says): (Vec<&str>, Vec<&str>) =
        parts.partition(|text| text.starts_with("*Relaxed by*"));
    let mut shown: Vec<String> = relaxed.iter().flat_map(|text| relaxing(text, stories)).collect();
    shown.sort();
    shown.dedup();
    Some(Topic {
        name: heading.replace(" †", ""),
        kind: match lang {
            Lang::En => "a rule that the parties are built to".into(),
            Lang::Zh => "各方所依据的规则（原文为英文，见 docs/rules.md）".into(),
        },
        says: says.into_iter().map(said).collect(),
        source: relaxed.into_iter().map(words).collect::<Vec<_>>().join(" "),
        look: String::new(),
        ways: Vec::new(),
        stories: shown,
    })
}

/// The stories that make one of the choices which a text names, as `acquirer.undoer = "acquirer-too"`.
fn relaxing(text: &str, stories: &Stories) -> Vec<String> {
    let quoted = text.split('`').skip(1).step_by(2);
    let choices = quoted.filter_map(|choice| {
        let (party, rest) = choice.split_once('.')?;
        let (key, way) = rest.split_once(" = ")?;
        Some(stories.choosing(party, key, way.trim_matches('"')))
    });
    choices.flatten().map(|(story, _)| story).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_numbered_section_is_found_however_it_is_asked_for() {
        for name in names() {
            let found = section(&plain(&name)).map(|found| found.0.replace(',', ""));
            assert!(found.is_some_and(|found| found.starts_with(&name)), "{name}");
        }
        assert!(names().len() > 35, "{:?}", names());
        for name in ["soundness 4", "Soundness-4", "rule 4", "soundness 4a", "soundness 4.2"] {
            assert_eq!(
                section(&plain(name)).map(|found| found.0),
                section("soundness 4").map(|f| f.0)
            );
        }
        assert!(section(&plain("soundness 99")).is_none() && section(&plain("51")).is_none());
        assert!(section(&plain("rules")).is_none());
    }

    #[test]
    fn a_rule_is_told_with_what_relaxes_it_and_who_shows_that() {
        let topic = topic("soundness 4", &Stories::read(), Lang::En).expect("it is there");
        assert!(topic.says[0].contains("91") && topic.source.contains("issuer_silence"));
        assert!(topic.stories.contains(&"unsound/silence-as-91".to_owned()), "{:?}", topic.stories);
        assert!(!topic.render(Lang::En).contains('`'));
    }
}
