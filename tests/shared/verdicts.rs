//! What the checks found, in words for a failing test.

use cardstorm::check::{Invariant, Verdict};

/// The violated invariants, each with what was expected and what was observed.
pub fn violations(verdicts: &[Verdict]) -> Vec<(Invariant, String)> {
    let words = |verdict: &Verdict| {
        let found = verdict.violation()?;
        let (name, first) = (verdict.invariant.name(), found.first);
        let words = format!("{name} at {first:?}: {:?}; {:?}", found.expected, found.observed);
        Some((verdict.invariant, words))
    };
    verdicts.iter().filter_map(words).collect()
}
