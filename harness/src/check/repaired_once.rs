//! I18, repaired-once. Of what the cut-off finds undelivered, each advice becomes one repair case; from then
//! on nobody sends the advice any more; the case is settled by one adjustment and then left alone; and the
//! issuer books what it was owed once, whether the advice brought it or the case (soundness 16).

use super::book::Book;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::Place;
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Direction, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Mti, REPAIR};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// A repair case.
struct Case {
    opened: (u64, crate::plan::NodeId, u32),
    closed: bool,
}

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    cases: IndexMap<Rrn, Case, FxBuildHasher>,
    /// What the issuer booked as undone or given back, by transaction: how often, and how much each time.
    booked: IndexMap<Rrn, (u32, Fen), FxBuildHasher>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said { said: Observation::RepairCase { rrn } } => {
                self.findings.checked();
                let case = Case { opened: event.key(), closed: false };
                if self.cases.insert(rrn, case).is_some() {
                    let expected = Remark::OneRepairCase;
                    let observed = Remark::RepairCaseMadeAgain;
                    self.offence(event, book, rrn, Fen::ZERO, expected, observed);
                }
            }
            What::Said { said: Observation::Delivered { rrn, .. } } => {
                if let Some(case) = self.cases.get_mut(&rrn) {
                    case.closed = true;
                }
            }
            What::Said { said: Observation::Posted(posting) } if book.at_issuer(event) => {
                self.booked(&posting);
            }
            What::Sent { message, .. } if book.at_acquirer(event) => {
                self.sent(event, book, &message);
            }
            _ => {}
        }
    }

    fn booked(&mut self, posting: &Posting) {
        let Some(rrn) = posting.txn else { return };
        if matches!(posting.cause.direction(), Direction::DebitUndone | Direction::Credit) {
            let (times, _) = self.booked.get(&rrn).copied().unwrap_or_default();
            self.booked.insert(rrn, (times + 1, posting.legs[1].amount));
        }
    }

    fn sent(&mut self, event: &Event, book: &Book, message: &Summary) {
        let (Mti::M0220 | Mti::M0420, Some(rrn)) = (message.mti, message.rrn) else { return };
        let repair = message.code == Some(REPAIR);
        if repair {
            self.findings.checked();
        }
        let case = self.cases.get(&rrn).map(|case| case.closed);
        let (expected, observed) = match (repair, case) {
            (true, Some(false)) | (false, None) => return,
            (true, None) => (Remark::AdjustmentOfACase, Remark::NoRepairCase),
            (true, Some(true)) => (Remark::OneAdjustment, Remark::SettledAgain),
            (false, Some(_)) => (Remark::NoAdviceBesideItsCase, Remark::AdviceGoesOn),
        };
        self.offence(event, book, rrn, message.amount, expected, observed);
    }

    fn offence(
        &mut self,
        event: &Event,
        book: &Book,
        rrn: Rrn,
        at_risk: Fen,
        expected: Remark,
        observed: Remark,
    ) {
        let (first, blamed) = (event.key(), Place::Acquirer);
        self.findings.offence(at_risk, first, || Offence {
            expected,
            observed,
            first,
            blamed,
            key: book.hosts.get(&rrn).and_then(|host| host.key),
            rrns: vec![rrn],
        });
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        for (rrn, case) in &self.cases {
            let (times, amount) = self.booked.get(rrn).copied().unwrap_or_default();
            let (blamed, expected, observed) = match (case.closed, times) {
                (true, 0 | 1) => continue,
                (false, _) => (Place::Acquirer, Remark::RepairCaseSettled, Remark::RepairCaseOpen),
                (true, times) => {
                    let expected = Remark::RepairedOnce { amount };
                    (Place::Issuer, expected, Remark::RepairedTimes { times })
                }
            };
            let first = case.opened;
            self.findings.offence(amount, first, || Offence {
                expected,
                observed,
                first,
                blamed,
                key: book.hosts.get(rrn).and_then(|host| host.key),
                rrns: vec![*rrn],
            });
        }
        self.findings.verdict(Invariant::RepairedOnce, Remark::NoAdviceUndelivered)
    }
}
