//! Verdicts and misses as JSON has them: the text of each remark, in English, and beside it the remark
//! itself, its id and its values, for programs.

use super::words::Words;
use crate::check::{self, Invariant, Remark, Ruling, Violation};
use crate::examine;
use serde::Serialize;

/// Something that did not come out as expected.
#[derive(Serialize)]
pub struct Miss<'a> {
    expected: String,
    observed: String,
    #[serde(flatten)]
    miss: &'a examine::Miss,
}

/// The verdict on one invariant.
#[derive(Serialize)]
pub struct Verdict<'a> {
    invariant: Invariant,
    checked: u64,
    ruling: Told<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_remark: Option<&'a Remark>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Told<'a> {
    Held,
    Violated(Violated<'a>),
    Unknown(String),
}

#[derive(Serialize)]
struct Violated<'a> {
    expected: String,
    observed: String,
    #[serde(flatten)]
    violation: &'a Violation,
}

/// Misses, each with its texts.
pub fn misses<'a>(words: Words<'_>, misses: &'a [examine::Miss]) -> Vec<Miss<'a>> {
    let told = |miss: &'a examine::Miss| Miss {
        expected: words.remark(&miss.expected),
        observed: words.remark(&miss.observed),
        miss,
    };
    misses.iter().map(told).collect()
}

/// Verdicts, each with its texts.
pub fn verdicts<'a>(words: Words<'_>, verdicts: &'a [check::Verdict]) -> Vec<Verdict<'a>> {
    verdicts.iter().map(|verdict| told(words, verdict)).collect()
}

fn told<'a>(words: Words<'_>, verdict: &'a check::Verdict) -> Verdict<'a> {
    let check::Verdict { invariant, checked, ruling } = verdict;
    let (ruling, unknown_remark) = match ruling {
        Ruling::Held => (Told::Held, None),
        Ruling::Violated(violation) => (
            Told::Violated(Violated {
                expected: words.remark(&violation.expected),
                observed: words.remark(&violation.observed),
                violation,
            }),
            None,
        ),
        Ruling::Unknown(nothing) => (Told::Unknown(words.remark(nothing)), Some(nothing)),
    };
    Verdict { invariant: *invariant, checked: *checked, ruling, unknown_remark }
}
