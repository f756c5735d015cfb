//! I4, refund-within-capture. At every posting: at the acquirer, what was given back on a chain never
//! exceeds what was captured; at the issuer, a chain's credits never exceed its debits; nothing of zero or
//! less is ever given back.

use super::book::Book;
use super::{Findings, Invariant, Offence, Verdict};
use crate::history::{Event, What};
use crate::plan::Place;
use cardstorm_models::ledger::Direction;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        let What::Said { said: Observation::Posted(posting) } = event.what else { return };
        if !matches!(posting.cause.direction(), Direction::Credit | Direction::DebitUndone) {
            return;
        }
        let Some(chain) = posting.chain else { return };
        self.findings.checked();
        let Some(host) = book.hosts.get(&chain) else { return };
        let total = host.chain_total;
        let issuer = book.at_issuer(event);
        let (given, had) = if issuer {
            (total.credited, total.debited)
        } else {
            (total.given_back, total.captured)
        };
        let amount = posting.legs[1].amount;
        if given <= had && amount > Fen::ZERO {
            return;
        }
        let (blamed, side, verb) = if issuer {
            (Place::Issuer, "issuer", "debited")
        } else {
            (Place::Acquirer, "acquirer", "captured")
        };
        self.findings.offence(given - had, event.key(), || Offence {
            expected: format!(
                "at the {side}, never more given back on RRN {chain} than the {had} that was {verb}, and never nothing or less"
            ),
            observed: format!("{given} given back in all, {amount} of it now"),
            first: event.key(),
            blamed,
            key: host.key,
            rrns: [Some(chain), posting.txn].into_iter().flatten().collect(),
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::RefundWithinCapture, "nothing was refunded or reversed")
    }
}
