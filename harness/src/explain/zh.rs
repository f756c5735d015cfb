//! The Chinese words of every topic, a table beside the English texts: by the topic's name, for a way of a
//! design choice by `party.key.way`. A test holds that no topic is without them.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One topic's words.
#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    name: String,
    /// What it is called, or the invariant's statement, or what is chosen; empty for what has no name beside
    /// its code.
    pub title: String,
    /// In prose.
    pub says: String,
    /// What to look for; empty where there is nothing more to say.
    pub look: String,
}

static TABLE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let text = include_str!("../../data/explain_zh.csv");
    let entries = csv::Reader::from_reader(text.as_bytes()).into_deserialize();
    let entries: Result<Vec<Entry>, _> = entries.collect();
    let entries = entries.expect("the embedded table is well-formed; a test reads it");
    entries.into_iter().map(|entry| (entry.name.clone(), entry)).collect()
});

/// The words for a name.
pub(crate) fn entry(name: &str) -> Option<&'static Entry> {
    TABLE.get(name)
}

/// A party.
pub(super) fn party(english: &str) -> &str {
    match english {
        "terminal" => "终端",
        "acquirer" => "收单行",
        "issuer" => "发卡行",
        other => other,
    }
}

/// What kind of thing a requirement row is, or as what it is carried.
pub(super) fn kind(english: &str) -> &str {
    match english {
        "behaviour" => "行为",
        "symptom" => "现象",
        "cause" => "原因",
        "claim" => "说法",
        "remedy" => "对策",
        "example" => "例子",
        "figure" => "数值",
        "topic" => "主题",
        "risk" => "风险",
        "impact" => "影响",
        "model" => "模型",
        "fault" => "故障",
        "invariant" => "不变量",
        "report" => "报告",
        "out-of-scope" => "范围外",
        other => other,
    }
}

/// What may not begin a line.
const CLOSING: &str = "，。；：、）”》？！";
/// What may not end a line.
const OPENING: &str = "（“《";

/// Lines of at most `width` columns. Chinese is broken between any two characters, but for the punctuation
/// that belongs to its neighbour; what is written in Latin letters stays whole.
pub(super) fn wrapped(text: &str, indent: &str, width: usize) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut out = String::new();
    let mut line = String::new();
    for unit in units(text) {
        if !line.is_empty() && indent.width() + line.width() + unit.trim_end().width() > width {
            out.push_str(&format!("{indent}{}\n", line.trim_end()));
            line.clear();
        }
        line.push_str(if line.is_empty() { unit.trim_start() } else { &unit });
    }
    if !line.trim().is_empty() {
        out.push_str(&format!("{indent}{}\n", line.trim_end()));
    }
    out
}

/// What must stay together: a word, or a character with the punctuation that belongs to it.
fn units(text: &str) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    let mut joins = false;
    for c in text.chars() {
        let word = |c: char| c.is_ascii() && c != ' ';
        let last = units.last().and_then(|unit| unit.chars().next_back());
        let same_word = last.is_some_and(|last| word(last) && word(c));
        if joins || same_word || CLOSING.contains(c) || c == ' ' {
            match units.last_mut() {
                Some(unit) => unit.push(c),
                None => units.push(c.to_string()),
            }
        } else {
            units.push(c.to_string());
        }
        joins = OPENING.contains(c);
    }
    units
}
