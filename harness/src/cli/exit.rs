//! Exit codes, in one place.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Every scenario ended as it expects, an expected violation included.
    Ok,
    /// Some scenario did not.
    Unexpected,
    /// Bad usage, or a bad file.
    BadUsage,
    /// Nothing could be concluded: what was asked for had nothing to check.
    Inconclusive,
    /// The same plan gave another history.
    DeterminismLost,
    /// A bug of ours.
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
    1  some scenario did not
    2  bad usage, or a bad file
    3  inconclusive: there was nothing to check
    5  determinism lost
   70  a bug of ours
  130  interrupted";
