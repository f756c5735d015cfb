//! Checks: pure folds over a history. No check ever sees a party; what parties say of money is not taken
//! on trust but rebuilt from postings in one `Book`. One file per invariant.

mod accurate_code;
mod blame;
pub mod book;
mod cleared_once;
mod conservation;
mod correlation;
mod decline_moves_nothing;
mod fee_exact;
mod invariant;
mod no_card_data;
mod no_double_debit;
mod pace;
mod progress;
mod refund_within_capture;
mod reversal_completes;
mod slip_truth;
#[cfg(test)]
mod tests;
mod verdict;

pub use invariant::Invariant;
pub use verdict::{Findings, Offence, Ruling, Subjects, Verdict, Violation};

use crate::history::Event;
use crate::plan::Plan;
use book::Book;
use std::sync::Arc;

/// All checks over one history.
pub struct Judge {
    book: Book,
    slips: slip_truth::Check,
    refunds: refund_within_capture::Check,
    codes: accurate_code::Check,
    conservation: conservation::Check,
    cleared: cleared_once::Check,
    fees: fee_exact::Check,
    correlation: correlation::Check,
    card_data: no_card_data::Check,
    progress: progress::Check,
}

impl Judge {
    /// A judge for a plan's run.
    pub fn new(plan: &Arc<Plan>) -> Judge {
        Judge {
            book: Book::new(plan),
            slips: Default::default(),
            refunds: Default::default(),
            codes: Default::default(),
            conservation: Default::default(),
            cleared: cleared_once::Check::new(plan),
            fees: Default::default(),
            correlation: Default::default(),
            card_data: Default::default(),
            progress: Default::default(),
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        self.correlation.before(event, &self.book);
        self.slips.before(event, &self.book);
        self.book.take(event);
        self.refunds.event(event, &self.book);
        self.codes.event(event, &self.book);
        self.conservation.event(event, &self.book);
        self.cleared.event(event, &self.book);
        self.fees.event(event);
        self.correlation.after(event, &self.book);
        self.card_data.event(event, &self.book);
        self.progress.event(event, &self.book);
    }

    /// The verdicts, in the order of [`Invariant::ALL`].
    pub fn finish(self) -> Vec<Verdict> {
        let book = &self.book;
        vec![
            no_double_debit::verdict(book),
            self.slips.verdict(book),
            decline_moves_nothing::verdict(book),
            self.refunds.verdict(),
            self.codes.verdict(),
            self.conservation.verdict(book),
            reversal_completes::verdict(book),
            self.cleared.verdict(book),
            self.fees.verdict(book),
            self.correlation.verdict(),
            self.card_data.verdict(),
            self.progress.verdict(book),
        ]
    }
}

/// Judges a whole history.
pub fn judge(plan: &Arc<Plan>, events: &[Event]) -> Vec<Verdict> {
    let mut judge = Judge::new(plan);
    for event in events {
        judge.event(event);
    }
    judge.finish()
}
