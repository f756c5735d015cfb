//! Three-way reconciliation with the payout as the fourth source (flows 11): at the close of each clearing
//! day, and once more at the end, every transaction that is not yet the same in all books is classified. A
//! difference is one entry from the day on which it was found to the day on which it went away, so that each
//! is classified once and counted once; a cut-off is told from a loss. A pure fold, like a check; no party is
//! seen.

use super::lines::{AsOf, Line, Lines};
use crate::history::{Event, What};
use crate::plan::Plan;
use cardstorm_models::clearing::Day;
use cardstorm_models::clearing::reconcile::{Class, Finding, Has, Repair, Responsible, Sources};
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How a difference went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The missing entry came: it was the cut-off, or a message on its way. Nothing was repaired.
    CameIn,
    /// An automatic reversal undid the transaction everywhere.
    Undone,
    /// An adjustment.
    Adjusted,
}

/// A difference between books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of which transaction.
    pub rrn: Rrn,
    /// What it is; the last class that it had while it was there.
    pub finding: Finding,
    /// The sources as they stood then.
    pub sources: Sources,
    /// The close that first saw it.
    pub found: Day,
    /// The close that saw it gone, and why.
    pub settled: Option<(Day, Settled)>,
}

/// What one close came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayResult {
    /// The clearing day; at the end of the run the last one.
    pub day: Day,
    /// Whether this is the end of the run and not a cut-off.
    pub last: bool,
    /// Transactions that were looked at.
    pub compared: u64,
    /// The same in all books.
    pub matched: u64,
    /// In some books under another day, or not in all of them yet.
    pub timing: u64,
    /// Breaks.
    pub breaks: u64,
    /// Fen of the breaks.
    pub at_break: Fen,
    /// Differences of earlier closes that are gone.
    pub gone: u64,
}

/// The reconciliation of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// Close by close.
    pub days: Vec<DayResult>,
    /// In the order in which they were found.
    pub differences: Vec<Difference>,
}

impl Reconciliation {
    /// What is not explained at the end: breaks that nothing settled.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|one| one.settled.is_none() && one.finding.repair.is_some())
    }

    /// Fen of the open breaks, by whose work they are (requirement S174).
    pub fn by_responsible(&self) -> BTreeMap<Responsible, (u64, Fen)> {
        let mut sums: BTreeMap<Responsible, (u64, Fen)> = BTreeMap::new();
        for one in self.open() {
            let sum = sums.entry(one.finding.responsible).or_default();
            *sum = (sum.0 + 1, sum.1 + one.finding.amount);
        }
        sums
    }
}

/// The fold.
pub struct Reconciler {
    lines: Lines,
    /// Not yet the same everywhere, or changed since they were.
    live: BTreeSet<Rrn>,
    /// Differences that are there now: where in the list.
    there: BTreeMap<Rrn, usize>,
    result: Reconciliation,
    last_ms: u64,
}

impl Reconciler {
    /// Nothing has happened yet.
    pub fn new(plan: &Arc<Plan>) -> Reconciler {
        Reconciler {
            lines: Lines::new(plan),
            live: BTreeSet::new(),
            there: BTreeMap::new(),
            result: Reconciliation::default(),
            last_ms: 0,
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        self.last_ms = event.at_ms;
        if let What::Said { said: Observation::ClearingDay { closes: Some(day), .. } } = event.what
        {
            self.close(day, AsOf::Close(day));
        }
        self.lines.event(event);
    }

    /// The transactions, for whoever prints them.
    pub fn lines(&self) -> &Lines {
        &self.lines
    }

    /// The last close, with every book as it stands. What it finds stays in the reconciler's hands.
    pub fn finish(&mut self) -> &Reconciliation {
        let day = self.lines.open.unwrap_or_else(|| self.lines.date(self.last_ms));
        self.close(day, AsOf::End);
        &self.result
    }

    fn close(&mut self, day: Day, as_of: AsOf) {
        self.live.extend(self.lines.take_touched());
        let mut of_day = DayResult {
            day,
            last: as_of == AsOf::End,
            compared: 0,
            matched: 0,
            timing: 0,
            breaks: 0,
            at_break: Fen::ZERO,
            gone: 0,
        };
        let live = std::mem::take(&mut self.live);
        for rrn in live {
            let line = self.lines.get(rrn);
            let sources = self.lines.sources(line, as_of);
            let finding = finding(line, &sources);
            if finding.class != Class::Nothing {
                of_day.compared += 1;
            }
            match finding.class {
                Class::Nothing => {}
                Class::Match => of_day.matched += 1,
                Class::Timing => of_day.timing += 1,
                _ => {
                    of_day.breaks += 1;
                    of_day.at_break += finding.amount;
                }
            }
            let (adjusted, awaits) = (line.adjusted, self.lines.awaits_payout(line));
            let stays = self.note(rrn, day, finding, sources, adjusted, &mut of_day);
            if stays || awaits {
                self.live.insert(rrn);
            }
        }
        self.result.days.push(of_day);
    }

    /// Notes what a transaction came to; whether it must be looked at again at the next close.
    fn note(
        &mut self,
        rrn: Rrn,
        day: Day,
        finding: Finding,
        sources: Sources,
        adjusted: bool,
        of_day: &mut DayResult,
    ) -> bool {
        let quiet = matches!(finding.class, Class::Nothing | Class::Match);
        // All have it, under days of their own: the next day's close matches it.
        let met = finding.class == Class::Timing && is_complete(&sources);
        if !quiet {
            let at = *self.there.entry(rrn).or_insert_with(|| {
                let one = Difference { rrn, finding, sources, found: day, settled: None };
                self.result.differences.push(one);
                self.result.differences.len() - 1
            });
            let one = &mut self.result.differences[at];
            (one.finding, one.sources) = (finding, sources);
        }
        if !quiet && !met {
            return true;
        }
        if let Some(at) = self.there.remove(&rrn) {
            let how = match finding.class {
                _ if adjusted => Settled::Adjusted,
                Class::Nothing => Settled::Undone,
                _ => Settled::CameIn,
            };
            self.result.differences[at].settled = Some((day, how));
            of_day.gone += 1;
        }
        false
    }
}

/// What a line's sources come to. Money that flows back to the holder has its break table read from the other
/// side, which turns who holds and who misses, but not whose work it is.
fn finding(line: &Line, sources: &Sources) -> Finding {
    let finding = sources.classify();
    if !line.gives_back {
        return finding;
    }
    let repair = finding.repair.map(|repair| match repair {
        // The holder is owed the refund that only the shop's books have, and the other way about.
        Repair::DebitRequest | Repair::RePresent => Repair::CreditHolder,
        Repair::CreditHolder => Repair::TakeBack,
        other => other,
    });
    Finding { repair, ..finding }
}

fn is_complete(sources: &Sources) -> bool {
    let all = [sources.journal, sources.record, sources.issuer];
    all.iter().all(|has| matches!(has, Has::Entry(_)))
}
