//! Live progress of a sweep: a line that changes where somebody watches, plain counters where not.

use crate::cli::Out;
use crate::explore::Report;
use crate::report::summary::long_time;
use crate::report::sweep::grouped;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// How often a plain counter is said.
const PLAIN_EVERY: Duration = Duration::from_secs(10);

/// How far a sweep is.
pub(super) struct Progress {
    /// Draws, and knows how long the work has taken so far.
    bar: ProgressBar,
    watched: bool,
    plans: u64,
    wanted: Option<u64>,
    lasts: Option<Duration>,
    said: Duration,
}

impl Progress {
    /// Progress towards a number of plans or a time.
    pub fn new(plans: Option<u64>, lasts: Option<Duration>) -> Progress {
        let watched = std::io::stderr().is_terminal();
        let target =
            if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(plans, target);
        let style = ProgressStyle::with_template("{elapsed} {wide_msg}");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Progress { bar, watched, plans: 0, wanted: plans, lasts, said: Duration::ZERO }
    }

    /// Another unit is in.
    pub fn seen(&mut self, report: &Report, out: &mut Out) {
        self.plans = report.plans();
        if self.watched {
            self.bar.set_message(self.line(report));
        } else if self.bar.elapsed() >= self.said + PLAIN_EVERY {
            self.said = self.bar.elapsed();
            out.talk(&format!("{}\n", self.line(report)));
        }
    }

    fn line(&self, report: &Report) -> String {
        let wanted = self.wanted.map(|plans| format!(" of {}", grouped(plans)));
        let lasts = self.lasts.map(|lasts| format!(" in {} s at most", lasts.as_secs()));
        format!(
            "{}{} plans{}, {} a second, {} simulated, {} cells, {} kinds of failure",
            grouped(self.plans),
            wanted.unwrap_or_default(),
            lasts.unwrap_or_default(),
            grouped(self.per_second()),
            long_time(report.simulated_ms),
            report.cells_reached(),
            report.broke.len()
        )
    }

    fn per_second(&self) -> u64 {
        let ms = u64::try_from(self.bar.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        self.plans.saturating_mul(1_000) / ms
    }

    /// The sweep is over; how fast it was, which no two runs agree on.
    pub fn finish(&self) -> String {
        self.bar.finish_and_clear();
        let seconds = self.bar.elapsed().as_secs_f32();
        format!(
            "{} plans in {seconds:.1} s: {} a second\n",
            grouped(self.plans),
            grouped(self.per_second())
        )
    }
}
