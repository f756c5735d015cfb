//! I4, refund-within-capture. At every posting: at the acquirer, what was given back on a chain, refunds,
//! voids and reversals together, never exceeds what was captured; at the issuer, a chain's credits never
//! exceed its debits; nothing of zero or less is ever given back. A void that was forwarded counts from
//! then on, until it was refused or its undoing is acknowledged.

use super::book::Book;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::Place;
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Cause, Direction, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::Decider;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Kind, Mti};

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    /// Voids that are asked for at the issuer and not posted, or not yet undone there: RRN, chain, fen.
    reserved: Vec<(Rrn, Rrn, Fen)>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Sent { message, .. } if book.at_acquirer(event) => {
                self.forwarded(event, book, &message);
            }
            What::Said { said: Observation::Posted(posting) } => self.posted(event, book, &posting),
            What::Said { said: Observation::Answered { rrn, code, decider: Decider::Issuer } }
                if !code.approves_sale(false) =>
            {
                self.reserved.retain(|(void, ..)| *void != rrn);
            }
            What::Said { said: Observation::Delivered { rrn, .. } } => {
                self.reserved.retain(|(void, ..)| *void != rrn);
            }
            _ => {}
        }
    }

    /// A void goes to the issuer: from now on it may be in effect.
    fn forwarded(&mut self, event: &Event, book: &Book, message: &Summary) {
        let kinds = [Some(Kind::Void), Some(Kind::CompletionVoid)];
        let void = message.mti == Mti::M0200 && kinds.contains(&message.kind);
        let Some(rrn) = message.rrn.filter(|_| void) else { return };
        let Some(chain) = book.hosts.get(&rrn).and_then(|host| host.chain) else { return };
        if chain == rrn || self.reserved.iter().any(|(known, ..)| *known == rrn) {
            return;
        }
        self.reserved.push((rrn, chain, message.amount));
        self.findings.checked();
        let Some(host) = book.hosts.get(&chain) else { return };
        let total = host.chain_total;
        let reserved = self.reserved_on(chain);
        if total.given_back + reserved <= total.captured {
            return;
        }
        let over = total.given_back + reserved - total.captured;
        self.findings.offence(over, event.key(), || Offence {
            expected: Remark::AskedBackWithinCapture { rrn: chain, captured: total.captured },
            observed: Remark::VoidsUnderWay { given_back: total.given_back, reserved },
            first: event.key(),
            blamed: Place::Acquirer,
            key: host.key,
            rrns: vec![chain, rrn],
        });
    }

    fn reserved_on(&self, chain: Rrn) -> Fen {
        self.reserved.iter().filter(|(_, on, _)| *on == chain).map(|(.., amount)| *amount).sum()
    }

    fn posted(&mut self, event: &Event, book: &Book, posting: &Posting) {
        if book.at_acquirer(event)
            && let (Some(chain), Some(rrn)) = (posting.chain, posting.txn)
        {
            match posting.cause {
                Cause::Void | Cause::CompletionVoid => {
                    self.reserved.retain(|(void, ..)| *void != rrn)
                }
                Cause::VoidReversal | Cause::CompletionVoidReversal => {
                    self.reserved.push((rrn, chain, posting.legs[1].amount));
                }
                _ => {}
            }
        }
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
            (total.given_back + self.reserved_on(chain), total.captured)
        };
        let amount = posting.legs[1].amount;
        if given <= had && amount > Fen::ZERO {
            return;
        }
        let blamed = if issuer { Place::Issuer } else { Place::Acquirer };
        self.findings.offence(given - had, event.key(), || Offence {
            expected: Remark::GivenBackWithin { place: blamed, rrn: chain, had },
            observed: Remark::GivenBackInAll { given_back: given, now: amount },
            first: event.key(),
            blamed,
            key: host.key,
            rrns: [Some(chain), posting.txn].into_iter().flatten().collect(),
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::RefundWithinCapture, Remark::NothingRefunded)
    }
}
