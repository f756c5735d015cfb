//! Verdicts as a table, and what did not come out as expected.

use super::trace::{Lang, padded};
use super::words::Words;
use super::zh;
use crate::check::{Ruling, Verdict, Violation};
use crate::examine::{Examination, place_name};
use std::fmt::Write as _;

/// Every verdict on a line, each violation with what it found.
pub fn verdicts(words: Words<'_>, verdicts: &[Verdict]) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let name = verdict.invariant.name();
        let checked = verdict.checked;
        let (mark, says) = match (&verdict.ruling, words.lang) {
            (Ruling::Held, Lang::En) => ("held", format!("{checked} checked")),
            (Ruling::Held, Lang::Zh) => ("成立", format!("检查 {checked} 项")),
            (Ruling::Unknown(why), Lang::En) => ("unknown", words.remark(why)),
            (Ruling::Unknown(why), Lang::Zh) => ("未知", words.remark(why)),
            (Ruling::Violated(violation), Lang::En) => {
                ("VIOLATED", violated(words, violation, checked))
            }
            (Ruling::Violated(violation), Lang::Zh) => {
                ("违反", violated(words, violation, checked))
            }
        };
        let _ = writeln!(text, "  {}  {name:<22} {says}", padded(mark, 8));
    }
    text
}

fn violated(words: Words<'_>, violation: &Violation, checked: u64) -> String {
    let Violation { count, at_risk, blamed, .. } = violation;
    let mut text = match words.lang {
        Lang::En => {
            let who = place_name(*blamed, words.names);
            format!("{count} of {checked} checked, by {who}, {at_risk} at risk")
        }
        Lang::Zh => {
            let who = zh::place(*blamed, words.names);
            format!("检查 {checked} 项，{count} 项违反，责任方：{who}，涉险 {at_risk}")
        }
    };
    for (name, remark) in [("expected", &violation.expected), ("observed", &violation.observed)] {
        let name = padded(zh::label(words.lang, name), 8);
        let _ = write!(text, "\n            {name}  {}", words.remark(remark));
    }
    text
}

/// Everything that did not come out as expected.
pub fn misses(words: Words<'_>, examination: &Examination) -> String {
    let mut text = String::new();
    for miss in &examination.misses {
        let _ = writeln!(text, "  {}", miss.name);
        for (name, remark) in [("expected", &miss.expected), ("observed", &miss.observed)] {
            let name = padded(zh::label(words.lang, name), 8);
            let _ = writeln!(text, "    {name}  {}", words.remark(remark));
        }
    }
    if text.is_empty() {
        text.push_str(match words.lang {
            Lang::En => "  everything came out as expected\n",
            Lang::Zh => "  一切都如预期\n",
        });
    }
    text
}
