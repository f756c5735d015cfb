//! Verdicts as a table, and what did not come out as expected.

use crate::check::{Ruling, Verdict};
use crate::examine::{Examination, place_name};
use crate::scenario::Names;
use std::fmt::Write as _;

/// Every verdict on a line, each violation with what it found.
pub fn verdicts(verdicts: &[Verdict], names: &Names) -> String {
    let mut text = String::new();
    for verdict in verdicts {
        let name = verdict.invariant.name();
        let checked = verdict.checked;
        let _ = match &verdict.ruling {
            Ruling::Held => writeln!(text, "  held      {name:<22} {checked} checked"),
            Ruling::Unknown(why) => writeln!(text, "  unknown   {name:<22} {why}"),
            Ruling::Violated(violation) => writeln!(
                text,
                "  VIOLATED  {name:<22} {} of {checked} checked, by {}, {} at risk\n\
                 \x20           expected  {}\n            observed  {}",
                violation.count,
                place_name(violation.blamed, names),
                violation.at_risk,
                violation.expected,
                violation.observed
            ),
        };
    }
    text
}

/// Everything that did not come out as expected.
pub fn misses(examination: &Examination) -> String {
    let mut text = String::new();
    for miss in &examination.misses {
        let _ = writeln!(text, "  {}", miss.name);
        let _ = writeln!(text, "    expected  {}", miss.expected);
        let _ = writeln!(text, "    observed  {}", miss.observed);
    }
    if text.is_empty() {
        text.push_str("  everything came out as expected\n");
    }
    text
}
