//! What several commands take alike: which stage carries a run, and on how many threads.

use super::{Exit, Out};
use crate::examine::Stage;
use clap::ValueEnum;
use rayon::{ThreadPool, ThreadPoolBuilder};

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
    /// The stage, at this tick; that it has none is said where one was asked for.
    pub fn stage(self, tick: Tick, out: &mut Out) -> Result<Stage, Exit> {
        if tick.tick.is_some() && self != StageArg::Turmoil {
            out.error("--tick is how coarse turmoil's steps are, and this stage has none");
            out.talk("help: leave it out, or say --stage turmoil\n");
            return Err(Exit::BadUsage);
        }
        Ok(match self {
            StageArg::Virtual => Stage::Virtual,
            StageArg::Turmoil => Stage::Turmoil { tick_ms: tick.tick.unwrap_or(0) },
            StageArg::TurmoilNative => Stage::TurmoilNative,
        })
    }
}

/// The last of so many seeds; that there are not so many is said.
pub(super) fn last_seed(first: u64, count: u64, out: &mut Out) -> Result<u64, Exit> {
    first.checked_add(count.saturating_sub(1)).ok_or_else(|| {
        let last = u64::MAX;
        out.error(&format!("from seed {first} on there are no {count} seeds: the last is {last}"));
        out.talk("help: ask for a smaller seed or for fewer runs\n");
        Exit::BadUsage
    })
}

/// How coarse a stage's steps are.
#[derive(Clone, Copy, Default, clap::Args)]
pub(super) struct Tick {
    /// turmoil's tick in milliseconds; by default the coarsest that the plan allows, up to 100.
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    tick: Option<u64>,
}

/// The most runs at once: a thread each, and more than any machine's cores gain nothing.
const MOST_JOBS: i64 = 512;

/// How many things are done at once.
#[derive(Clone, Copy, Default, clap::Args)]
pub(super) struct Jobs {
    /// How many threads; by default one per core.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    jobs: Option<u16>,
}

impl Jobs {
    /// The threads; that they cannot be had is said.
    pub fn pool(self, out: &mut Out) -> Result<ThreadPool, Exit> {
        // None asked for is the library's way to say one per core.
        let threads = self.jobs.map_or(0, usize::from);
        let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(8 << 20).build();
        pool.map_err(|error| {
            let many = self.jobs.map_or("the".to_owned(), |jobs| jobs.to_string());
            out.error(&format!("cannot start {many} threads: {error}; ask for fewer with -j N"));
            Exit::BadUsage
        })
    }
}
