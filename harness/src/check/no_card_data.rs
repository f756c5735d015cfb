//! I16, no-card-data. The recorder searches every journal byte for the plan's own secrets and records a
//! leak where it finds one; this check folds those events and counts the bytes searched.

use super::book::Book;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use cardstorm_models::money::Fen;

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Scanned { bytes } => self.findings.checked_many(bytes),
            What::Leak { secret } => self.findings.offence(Fen::ZERO, event.key(), || Offence {
                expected: Remark::JournalsWithoutCardData,
                observed: Remark::SecretInRecord { secret },
                first: event.key(),
                blamed: book.plan.place(event.node),
                key: None,
                rrns: Vec::new(),
            }),
            _ => {}
        }
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::NoCardData, Remark::NoJournalSearched)
    }
}
