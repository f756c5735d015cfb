//! Exit codes, in one place.

use std::process::ExitCode;

/// How a command ended, the better endings first: when results merge, the worst one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Every scenario ended as it expects, an expected violation included.
    Ok,
    /// Nothing could be concluded: what was asked for had nothing to check.
    Inconclusive,
    /// Some scenario did not end as it expects, an invariant broke under exploration, or two histories
    /// differ.
    Unexpected,
    /// Bad usage, a bad file, or an output that cannot be written.
    BadUsage,
    /// The same plan gave another history.
    DeterminismLost,
    /// A bug of ours, or card data about to be shown.
    OurBug,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Ok => 0,
            Exit::Unexpected => 1,
            Exit::BadUsage => 2,
            Exit::Inconclusive => 3,
            Exit::DeterminismLost => 5,
            Exit::OurBug => 70,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// The table that `--help` ends with.
pub(super) const HELP: &str = "\
Exit codes:
    0  every scenario ended as it expects (an expected violation included)
    1  some scenario did not, an invariant broke under exploration, or two histories differ
    2  bad usage, a bad file, or an output that cannot be written
    3  inconclusive: there was nothing to check
    5  determinism lost: the same plan gave another history
   70  a bug of ours, or card data was about to be shown and was not
  130  interrupted; nothing is left half-written";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_table_and_false_outranks_unknown() {
        let all = [
            Exit::Ok,
            Exit::Inconclusive,
            Exit::Unexpected,
            Exit::BadUsage,
            Exit::DeterminismLost,
            Exit::OurBug,
            Exit::Interrupted,
        ];
        assert!(all.is_sorted() && Exit::Unexpected > Exit::Inconclusive);
        for exit in all {
            assert!(HELP.contains(&format!("\n{:>5}  ", exit.code())), "{exit:?}");
        }
    }
}
