//! I12, correlation. One key names one transaction, at terminals (DE41, DE60.2, DE11) and between hosts
//! (DE37); an approval is only applied to the request that it answers, and nothing is said of a request that
//! nobody made.

use super::book::{Book, key_of};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{NodeId, Place};
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::desk::desk_of;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Kind, Mti};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    /// The last reply that reached each terminal.
    last_reply: BTreeMap<NodeId, Summary>,
}

impl Check {
    /// Keys that are taken twice are seen before the book takes the second.
    pub fn before(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said {
                said:
                    Observation::RequestPending { op, key, .. }
                    | Observation::RefundPending { op, key, .. },
            } => {
                self.findings.checked();
                let other = book.txns.get(&key).and_then(|txn| txn.op).filter(|known| *known != op);
                if let Some(other) = other {
                    let observed = Remark::UsedByTwoOperations { first: other.op, second: op.op };
                    self.twice(event, Some(key), Vec::new(), observed);
                }
            }
            What::Said { said: Observation::Taken { key, rrn, kind, .. } } => {
                self.findings.checked();
                let numbered = book.named(Some(kind), &key).map(|txn| &txn.rrns);
                if numbered.is_some_and(|rrns| rrns.iter().any(|known| known != rrn)) {
                    let observed = Remark::NumberedAgain { stan: key.stan, rrn };
                    self.twice(event, Some(key), vec![rrn], observed);
                }
                let other = book.hosts.get(&rrn).and_then(|host| host.key);
                if other.is_some_and(|other| other != key) {
                    self.twice(event, Some(key), vec![rrn], Remark::RrnGivenTwice { rrn });
                }
            }
            What::Said {
                said:
                    Observation::Approved { key, .. }
                    | Observation::RefundAccepted { key, .. }
                    | Observation::Declined { key, .. }
                    | Observation::RefundRefused { key, .. }
                    | Observation::Undone { key, .. }
                    | Observation::Announced { key, .. },
            } if !book.txns.contains_key(&key) => self.unknown(event, book, key),
            _ => {}
        }
    }

    fn unknown(&mut self, event: &Event, book: &Book, key: TxnKey) {
        self.findings.checked();
        let (terminal, stan) = (key.terminal, key.stan);
        self.findings.offence(Fen::ZERO, event.key(), || Offence {
            expected: Remark::EndOnlyOfARequest,
            observed: Remark::EndedUnasked { terminal, stan },
            first: event.key(),
            blamed: book.plan.place(event.node),
            key: Some(key),
            rrns: Vec::new(),
        });
    }

    pub fn after(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Received { message, .. }
                if matches!(message.mti, Mti::M0110 | Mti::M0210 | Mti::M0230)
                    && matches!(book.plan.place(event.node), Place::Terminal(_)) =>
            {
                self.last_reply.insert(event.node, message);
            }
            What::Said {
                said:
                    Observation::Approved { key, rrn, .. }
                    | Observation::RefundAccepted { key, rrn, .. },
            } => self.applied(event, book, key, rrn),
            _ => {}
        }
    }

    fn applied(&mut self, event: &Event, book: &Book, key: TxnKey, rrn: Rrn) {
        self.findings.checked();
        // What a portal shows is no reply to a message: it is the answer that the acquirer wrote down.
        if desk_of(key.terminal).is_some() {
            let numbered =
                book.txns.get(&key).is_some_and(|txn| txn.rrns.iter().any(|of| of == rrn));
            if !numbered {
                self.unknown(event, book, key);
            }
            return;
        }
        let wanted = match book.txns.get(&key).map(|txn| txn.kind) {
            Some(Kind::Refund) => Mti::M0230,
            Some(Kind::PreAuth | Kind::PreAuthVoid) => Mti::M0110,
            _ => Mti::M0210,
        };
        let reply = self.last_reply.get(&event.node);
        let fits =
            |reply: &Summary| key_of(reply) == key && reply.rrn == Some(rrn) && reply.mti == wanted;
        if reply.is_some_and(fits) {
            return;
        }
        let (terminal, stan) = (key.terminal, key.stan);
        let amount = book.txns.get(&key).map_or(Fen::ZERO, |txn| txn.amount);
        self.findings.offence(amount, event.key(), || Offence {
            expected: Remark::ApprovedByItsOwnReply { terminal, stan },
            observed: reply.map_or(Remark::ApprovedWithoutReply, |reply| {
                let Summary { mti, stan, rrn, .. } = *reply;
                Remark::ApprovedByReply { mti, stan, rrn: rrn.unwrap_or_default() }
            }),
            first: event.key(),
            blamed: book.plan.place(event.node),
            key: Some(key),
            rrns: vec![rrn],
        });
    }

    fn twice(&mut self, event: &Event, key: Option<TxnKey>, rrns: Vec<Rrn>, observed: Remark) {
        self.findings.offence(Fen::ZERO, event.key(), || Offence {
            expected: Remark::OneKeyOneTransaction,
            observed,
            first: event.key(),
            blamed: Place::Acquirer,
            key,
            rrns,
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::Correlation, Remark::NoTransactionNamed)
    }
}
