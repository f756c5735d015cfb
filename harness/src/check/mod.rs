//! Checks: pure folds over a history. No check ever sees a party; what parties say of money is not taken
//! on trust but rebuilt from postings in one `Book`. One file per invariant.

mod accurate_code;
mod authentic_only;
mod blame;
pub mod book;
mod cleared_once;
mod conservation;
mod correlation;
mod decline_moves_nothing;
mod fee_exact;
mod hold_bound;
mod invariant;
mod no_card_data;
mod no_double_debit;
mod pace;
mod pin_count;
mod progress;
mod refund_within_capture;
pub mod remark;
mod repaired_once;
mod reversal_completes;
mod settle;
mod slip_truth;
mod state_guard;
#[cfg(test)]
mod tests;
mod totals_agree;
mod verdict;

pub use invariant::Invariant;
pub use remark::Remark;
pub use verdict::{Findings, Offence, Ruling, Subjects, Verdict, Violation};

use crate::history::Event;
use crate::plan::Plan;
use book::Book;
use settle::{BATCH, QUIET_MS, Settling};
use std::sync::Arc;

/// All checks over one history.
pub struct Judge {
    book: Book,
    slips: slip_truth::Check,
    refunds: refund_within_capture::Check,
    codes: accurate_code::Check,
    conservation: conservation::Check,
    holds: hold_bound::Check,
    cleared: cleared_once::Check,
    totals: totals_agree::Check,
    fees: fee_exact::Check,
    correlation: correlation::Check,
    guard: state_guard::Check,
    authentic: authentic_only::Check,
    pins: pin_count::Check,
    card_data: no_card_data::Check,
    progress: progress::Check,
    repaired: repaired_once::Check,
    settling: Option<Settling>,
}

impl Judge {
    /// A judge for a plan's run, who keeps everything to the end.
    pub fn new(plan: &Arc<Plan>) -> Judge {
        Judge {
            settling: None,
            book: Book::new(plan),
            slips: Default::default(),
            refunds: Default::default(),
            codes: Default::default(),
            conservation: Default::default(),
            holds: hold_bound::Check::new(plan),
            cleared: cleared_once::Check::new(plan),
            totals: totals_agree::Check::new(plan),
            fees: Default::default(),
            correlation: Default::default(),
            guard: Default::default(),
            authentic: authentic_only::Check::new(plan),
            pins: Default::default(),
            card_data: Default::default(),
            progress: Default::default(),
            repaired: Default::default(),
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        if let Some(settling) = &mut self.settling {
            settling.before(event);
            if settling.is_void() {
                return;
            }
        }
        self.correlation.before(event, &self.book);
        self.slips.before(event, &self.book);
        self.book.take(event);
        self.refunds.event(event, &self.book);
        self.codes.event(event, &self.book);
        self.conservation.event(event, &self.book);
        self.holds.event(event, &self.book);
        self.cleared.event(event, &self.book);
        self.totals.event(event, &self.book);
        self.fees.event(event);
        self.correlation.after(event, &self.book);
        self.guard.event(event, &self.book);
        self.authentic.event(event, &self.book);
        self.pins.event(event, &self.book);
        self.card_data.event(event, &self.book);
        self.progress.event(event, &self.book);
        self.repaired.event(event, &self.book);
        if let Some(settling) = &mut self.settling {
            settling.after(event, &mut self.book);
        }
    }

    /// The verdicts, in the order of [`Invariant::ALL`].
    pub fn finish(self) -> Vec<Verdict> {
        let book = &self.book;
        let mut verdicts = vec![
            no_double_debit::verdict(book),
            self.slips.verdict(book),
            decline_moves_nothing::verdict(book),
            self.refunds.verdict(),
            self.codes.verdict(),
            self.conservation.verdict(book),
            reversal_completes::verdict(book),
            self.holds.verdict(book),
            self.cleared.verdict(book),
            self.totals.verdict(),
            self.fees.verdict(book),
            self.correlation.verdict(),
            self.guard.verdict(),
            self.authentic.verdict(),
            self.pins.verdict(),
            self.card_data.verdict(),
            self.progress.verdict(book),
            self.repaired.verdict(book),
        ];
        if let Some(settling) = &self.settling {
            settling.add_to(&mut verdicts);
        }
        verdicts
    }
}

/// What holds of each finished transaction by itself, over a book of such.
fn at_rest(book: &Book) -> [Verdict; 6] {
    [
        no_double_debit::verdict(book),
        slip_truth::Check::default().verdict(book),
        decline_moves_nothing::verdict(book),
        conservation::Check::default().at_rest(book),
        reversal_completes::verdict(book),
        progress::Check::default().at_rest(book),
    ]
}

/// Judges a run while it goes on, in memory that does not grow with its finished sales. `run` hands over
/// the same history each time it is called: it is called again, and everything kept, if an event names a
/// transaction that was already judged. The verdicts are those of [`judge`], to the last witness.
pub fn judge_streamed(
    plan: &Arc<Plan>,
    mut run: impl FnMut(&mut dyn FnMut(&Event)),
) -> Vec<Verdict> {
    let settling = Settling::new(plan, BATCH, QUIET_MS);
    let mut early = Judge { settling: Some(settling), ..Judge::new(plan) };
    run(&mut |event| early.event(event));
    if early.settling.as_ref().is_some_and(|settling| !settling.is_void()) {
        return early.finish();
    }
    let mut keeping = Judge::new(plan);
    run(&mut |event| keeping.event(event));
    keeping.finish()
}

/// Judges a whole history.
pub fn judge(plan: &Arc<Plan>, events: &[Event]) -> Vec<Verdict> {
    let mut judge = Judge::new(plan);
    for event in events {
        judge.event(event);
    }
    judge.finish()
}
