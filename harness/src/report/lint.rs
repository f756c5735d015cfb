//! What is wrong with a story, told in Chinese as well. A table of phrases (`data/lint_zh.csv`) has the
//! Chinese beside each English one; `{}` stands for what is the author's own and is taken over as it is,
//! `{p}` for a phrase inside a phrase. What the table does not know is said in English.

use super::trace::Lang;
use crate::scenario::{Diagnostic, Labels, Sources, render_with};
use serde::Deserialize;
use std::sync::LazyLock;

/// How deep phrases stand inside one another, at most.
const DEEPEST: u8 = 4;

#[derive(Deserialize)]
struct Row {
    english: String,
    chinese: String,
}

/// A phrase: what stands before each slot, and after the last one.
struct Phrase {
    literals: Vec<&'static str>,
    /// Of each slot, whether a phrase stands in it.
    nests: Vec<bool>,
    chinese: &'static str,
}

static PHRASES: LazyLock<Vec<Phrase>> = LazyLock::new(|| {
    let text = include_str!("../../data/lint_zh.csv");
    let rows = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    let rows: Result<Vec<Row>, _> = rows.collect();
    let rows = rows.expect("the embedded table is well-formed; a test reads it");
    let mut phrases: Vec<Phrase> = rows.into_iter().map(phrase).collect();
    // What is said most exactly goes first.
    let exact = |phrase: &Phrase| phrase.literals.iter().map(|text| text.len()).sum::<usize>();
    phrases.sort_by_key(|phrase| std::cmp::Reverse(exact(phrase)));
    phrases
});

fn phrase(row: Row) -> Phrase {
    let mut rest: &'static str = row.english.leak();
    let (mut literals, mut nests) = (Vec::new(), Vec::new());
    let slots = ["{}", "{p}"];
    let first = |text: &str| {
        let found = slots.iter().filter_map(|slot| Some((text.find(slot)?, *slot)));
        found.min_by_key(|(at, _)| *at)
    };
    while let Some((at, slot)) = first(rest) {
        literals.push(&rest[..at]);
        nests.push(slot == "{p}");
        rest = &rest[at + slot.len()..];
    }
    literals.push(rest);
    Phrase { literals, nests, chinese: row.chinese.leak() }
}

impl Phrase {
    /// What stands in the slots, if a text is this phrase.
    fn slots<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let (first, others) = self.literals.split_first()?;
        let mut rest = text.strip_prefix(first)?;
        let Some((last, inner)) = others.split_last() else {
            return rest.is_empty().then(Vec::new);
        };
        let mut slots = Vec::new();
        for literal in inner {
            let at = rest.find(literal)?;
            slots.push(&rest[..at]);
            rest = &rest[at + literal.len()..];
        }
        slots.push(rest.strip_suffix(last)?);
        Some(slots)
    }

    /// The Chinese with its slots filled: `{1}` is the first.
    fn fill(&self, slots: &[&str], depth: u8) -> String {
        let mut text = self.chinese.to_owned();
        for (n, (slot, nests)) in (1..).zip(slots.iter().zip(&self.nests)) {
            let inner = if *nests { chinese(slot, depth + 1) } else { None };
            let inner = inner.unwrap_or_else(|| (*slot).to_owned());
            text = text.replace(&format!("{{{n}}}"), &inner);
        }
        text
    }
}

fn chinese(text: &str, depth: u8) -> Option<String> {
    if depth > DEEPEST {
        return None;
    }
    PHRASES.iter().find_map(|phrase| Some(phrase.fill(&phrase.slots(text)?, depth)))
}

/// A remark on a story in this language; in English where the table has nothing else.
pub fn said(lang: Lang, text: &str) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Zh => chinese(text, 0).unwrap_or_else(|| text.to_owned()),
    }
}

/// Every diagnostic with its line underlined, in the order given.
pub fn diagnostics(lang: Lang, found: &[Diagnostic], sources: &Sources, color: bool) -> String {
    let told = |one: &Diagnostic| {
        let mut told = one.clone();
        told.message = said(lang, &one.message);
        told.label = said(lang, &one.label);
        told.hint = one.hint.as_ref().map(|hint| said(lang, hint));
        told
    };
    let told: Vec<Diagnostic> = found.iter().map(told).collect();
    let labels = match lang {
        Lang::En => Labels::ENGLISH,
        Lang::Zh => Labels { warning: "警告", error: "错误", help: "提示" },
    };
    render_with(&told, sources, color, labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_stand_inside_phrases_and_names_stay() {
        let zh = |text| said(Lang::Zh, text);
        assert_eq!(zh("`at`: not a time"), "`at`：不是时刻");
        assert_eq!(zh("`card` takes a text, not a whole number"), "`card` 应为文字，不是整数");
        assert_eq!(zh("there is no card `a list`"), "没有卡 `a list`");
        assert_eq!(zh("nobody has said this before"), "nobody has said this before");
        assert_eq!(said(Lang::En, "`at`: not a time"), "`at`: not a time");
    }

    #[test]
    fn every_slot_of_a_phrase_is_used_in_its_chinese() {
        for phrase in PHRASES.iter() {
            for n in 1..=phrase.nests.len() {
                let slot = format!("{{{n}}}");
                assert!(phrase.chinese.contains(&slot), "{}: {slot}", phrase.chinese);
            }
            let beyond = format!("{{{}}}", phrase.nests.len() + 1);
            assert!(!phrase.chinese.contains(&beyond), "{}", phrase.chinese);
        }
    }
}
