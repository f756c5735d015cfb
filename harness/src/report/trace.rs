//! The trace: one line per event in fixed columns (step, simulated time, route, what), the witness marked,
//! quiet stretches folded. No card data, no wall time, no path: the same plan gives the same text.

use super::Witness;
use super::words::Words;
use super::zh;
use crate::history::{Event, What};
use crate::plan::Plan;
use crate::scenario::Names;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::Text;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr;

/// The language of what screens say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// A screen's words.
    pub fn words(self, text: Text) -> String {
        match self {
            Lang::En => text.english(),
            Lang::Zh => text.chinese(),
        }
    }

    /// The text in this language.
    pub fn of(self, text: &crate::scenario::Text2) -> &str {
        match self {
            Lang::En => &text.en,
            Lang::Zh => &text.zh,
        }
    }
}

/// What a trace shows.
pub struct Trace<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// What its things are called.
    pub names: &'a Names,
    /// The language of screens.
    pub lang: Lang,
    /// What the finding rests on; its events are marked, and the step that the report names.
    pub witness: Option<&'a Witness>,
    /// Whether quiet stretches are folded: only the witness, beginnings of operations, faults, deaths,
    /// restarts and phases are then shown.
    pub fold: bool,
}

/// One line before it is aligned.
struct Row<'e> {
    step: usize,
    event: &'e Event,
    witness: bool,
    route: String,
    what: String,
}

/// What stands in a trace.
enum Shown<'e> {
    Row(Row<'e>),
    Folded { events: usize, from_ms: u64, to_ms: u64 },
}

/// Quiet events that are shown all the same, where folding them would save nothing.
const SHORT: usize = 1;

impl Trace<'_> {
    /// The whole text, one line per event or folded stretch.
    pub fn render(&self, events: &[Event]) -> String {
        let words = Words { plan: self.plan, names: self.names, lang: self.lang };
        let shown = self.shown(events, words);
        let routes = shown.iter().filter_map(|shown| match shown {
            Shown::Row(row) => Some(row.route.width()),
            Shown::Folded { .. } => None,
        });
        let route = zh::label(self.lang, "route");
        let route_width = routes.max().unwrap_or(0).max(route.width());
        let (head, event) = match self.lang {
            Lang::En => ("step        time", "event"),
            Lang::Zh => ("步骤        时间", "事件"),
        };
        let mut text = format!("  {head}  {}  {event}\n", padded(route, route_width));
        for shown in &shown {
            let line = match shown {
                Shown::Row(row) => format!(
                    "{}{:>5}  {:>10}  {}  {}",
                    if row.witness { '>' } else { ' ' },
                    row.step,
                    time(row.event.at_ms),
                    padded(&row.route, route_width),
                    row.what
                ),
                Shown::Folded { events, from_ms, to_ms } => {
                    let until = (from_ms != to_ms).then(|| time(*to_ms));
                    let quiet = match (self.lang, until) {
                        (Lang::En, None) => format!("{events} quiet events"),
                        (Lang::En, Some(until)) => format!("{events} quiet events, until {until}"),
                        (Lang::Zh, None) => format!("{events} 个平静事件"),
                        (Lang::Zh, Some(until)) => format!("{events} 个平静事件，直到 {until}"),
                    };
                    format!("     .  {:>10}  {}  {quiet}", time(*from_ms), padded("", route_width))
                }
            };
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }

    fn shown<'e>(&self, events: &'e [Event], words: Words<'_>) -> Vec<Shown<'e>> {
        let row = |step: usize| {
            let event = &events[step];
            let witness = self.witness.is_some_and(|of| of.touches(event) || self.is_named(step));
            let (route, what) = words.line(event);
            Shown::Row(Row { step: step + 1, event, witness, route, what })
        };
        let mut shown = Vec::new();
        let mut quiet: Vec<usize> = Vec::new();
        let settle = |quiet: &mut Vec<usize>, shown: &mut Vec<Shown<'e>>| {
            match (quiet.first(), quiet.last()) {
                (Some(first), Some(last)) if quiet.len() > SHORT => shown.push(Shown::Folded {
                    events: quiet.len(),
                    from_ms: events[*first].at_ms,
                    to_ms: events[*last].at_ms,
                }),
                _ => shown.extend(quiet.iter().map(|step| row(*step))),
            }
            quiet.clear();
        };
        for (step, event) in events.iter().enumerate() {
            if self.fold && self.is_quiet(event) && !self.is_named(step) {
                quiet.push(step);
                continue;
            }
            settle(&mut quiet, &mut shown);
            shown.push(row(step));
        }
        settle(&mut quiet, &mut shown);
        shown
    }

    /// Whether the report says that the trouble begins at this step, counted from 0.
    fn is_named(&self, step: usize) -> bool {
        self.witness.and_then(Witness::begins) == Some(step + 1)
    }

    /// Whether a folded trace leaves an event out.
    fn is_quiet(&self, event: &Event) -> bool {
        let marked = self.witness.filter(|witness| !witness.is_empty());
        let shape = matches!(
            event.what,
            What::Fault { .. }
                | What::Phase { .. }
                | What::Crashed { .. }
                | What::SyncFailed
                | What::Leak { .. }
                | What::OpBegins { .. }
                | What::OpSkipped { .. }
                | What::Said {
                    said: Observation::House(_)
                        | Observation::Alarm { .. }
                        | Observation::ClearingDay { .. }
                        | Observation::PaidOut { .. }
                        | Observation::Settling { .. }
                        | Observation::BatchDiffers { .. }
                        | Observation::BatchClosed { .. }
                }
        );
        let story = matches!(
            event.what,
            What::Lost { .. }
                | What::Damaged { .. }
                | What::Said { said: Observation::Screen { .. } | Observation::Ended { .. } }
        );
        let restart = event.at_ms > 0 && matches!(event.what, What::Booted { .. });
        let shape = shape || restart;
        match marked {
            Some(witness) => !shape && !witness.touches(event),
            None => !shape && !story,
        }
    }
}

/// Padded to a width in columns of the terminal: a Chinese character takes two.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// `m:ss.mmm` since the beginning, with hours where there are any.
pub fn time(ms: u64) -> String {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    let ms = ms % 1000;
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}.{ms:03}")
    } else {
        format!("{minutes}:{seconds:02}.{ms:03}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_hold_with_wide_characters() {
        assert_eq!(padded("收银台", 8).width(), 8);
        assert_eq!(padded("till", 8).width(), 8);
        assert_eq!(padded("too long", 3), "too long");
    }

    #[test]
    fn times_are_minutes_until_they_are_hours() {
        assert_eq!(time(61_001), "1:01.001");
        assert_eq!(time(3_600_000), "1:00:00.000");
    }
}
