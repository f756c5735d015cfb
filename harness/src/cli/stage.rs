//! Which stage the command line means.

use crate::examine::Stage;
use clap::ValueEnum;

/// A stage, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum StageArg {
    /// One queue that jumps from event to event.
    Virtual,
    /// Simulated TCP on tokio, the same history.
    Turmoil,
    /// turmoil's own network, faults and crash rule.
    TurmoilNative,
}

impl StageArg {
    /// The stage, at this tick where it has one.
    pub fn stage(self, tick_ms: u64) -> Stage {
        match self {
            StageArg::Virtual => Stage::Virtual,
            StageArg::Turmoil => Stage::Turmoil { tick_ms },
            StageArg::TurmoilNative => Stage::TurmoilNative,
        }
    }
}
