//! Progress of long work: a bar where somebody watches, plain counters where not, nothing for short work.

use crate::cli::Out;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// From how many runs on the work is long, in virtual time and on a slower stage.
const LONG: u64 = 500;
const LONG_WHEN_SLOW: u64 = 8;
/// How many plain counters are said.
const STEPS: u64 = 10;

/// How far the work is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
    plain: bool,
}

impl Progress {
    /// Progress towards a number of runs.
    pub fn new(total: u64, slow: bool) -> Progress {
        let long = total >= if slow { LONG_WHEN_SLOW } else { LONG };
        let watched = std::io::stderr().is_terminal();
        let bar = (long && watched).then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {pos} of {len} runs, {eta} to go");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Progress { bar, total, plain: long && !watched }
    }

    /// Does something that may print, with the bar out of the way.
    pub fn pause<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// So many runs are done.
    pub fn advance(&mut self, done: u64, out: &mut Out) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
        let step = self.total.div_ceil(STEPS);
        if self.plain && (done.is_multiple_of(step) || done == self.total) {
            out.talk(&format!("{done} of {} runs\n", self.total));
        }
    }

    /// The work is done.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
