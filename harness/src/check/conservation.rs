//! I6, conservation. Every posting adds up to zero; the balances that parties claim at the end are those
//! that their postings make; at quiescence, per chain, what the issuer owes is what the acquirer is owed;
//! DE4 is the same on every hop of a transaction.

use super::blame::blame;
use super::book::{Book, key_of};
use super::{Findings, Invariant, Offence, Verdict};
use crate::history::{Event, What};
use crate::plan::Place;
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said { said: Observation::Posted(posting) } => {
                self.findings.checked();
                if posting.sum() != Fen::ZERO {
                    self.findings.offence(posting.sum(), event.key(), || Offence {
                        expected: "a posting that adds up to zero".into(),
                        observed: format!("one that adds up to {}", posting.sum()),
                        first: event.key(),
                        blamed: book.plan.place(event.node),
                        key: None,
                        rrns: posting.txn.into_iter().collect(),
                    });
                }
            }
            What::Sent { message, .. } if message.kind.is_some() => {
                self.findings.checked();
                let key = key_of(&message);
                let Some(txn) = book.txns.get(&key) else { return };
                if txn.amount != message.amount {
                    self.findings.offence(message.amount - txn.amount, event.key(), || Offence {
                        expected: format!("DE4 of {} on every hop", txn.amount),
                        observed: format!("{} in a {}", message.amount, message.mti.as_str()),
                        first: event.key(),
                        blamed: book.plan.place(event.node),
                        key: Some(key),
                        rrns: txn.rrns.iter().collect(),
                    });
                }
            }
            _ => {}
        }
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        self.claims(book);
        self.chains(book);
        self.findings.verdict(Invariant::Conservation, "nothing was posted or sent")
    }

    /// What parties claim against what their postings make.
    fn claims(&mut self, book: &Book) {
        for ((node, account), claimed) in &book.claimed {
            let place = book.plan.place(*node);
            let side = usize::from(place == Place::Acquirer);
            let rebuilt = book.ledgers[side].balance(*account);
            self.findings.checked();
            if rebuilt == *claimed {
                continue;
            }
            let first = (book.plan.end_ms(), *node, 0);
            self.findings.offence(rebuilt - *claimed, first, || Offence {
                expected: format!("{account:?} at {rebuilt}, as its postings make it"),
                observed: format!("the party claims {claimed}"),
                first,
                blamed: place,
                key: None,
                rrns: Vec::new(),
            });
        }
    }

    fn chains(&mut self, book: &Book) {
        let mut chains: BTreeMap<Rrn, [Fen; 2]> = BTreeMap::new();
        for (rrn, host) in &book.hosts {
            let sides = chains.entry(host.chain.unwrap_or(*rrn)).or_default();
            sides[0] += host.interbank[0];
            sides[1] += host.interbank[1];
        }
        for (chain, [owes, owed]) in chains {
            self.findings.checked();
            if owes + owed == Fen::ZERO {
                continue;
            }
            let host = book.hosts.get(&chain);
            let key = host.and_then(|host| host.key);
            let txn = key.and_then(|key| Some((key, book.txns.get(&key)?)));
            let first = txn.map_or_else(Default::default, |(_, txn)| txn.first);
            self.findings.offence(owes + owed, first, || Offence {
                expected: format!(
                    "what the issuer owes on RRN {chain} is what the acquirer is owed"
                ),
                observed: format!("the issuer owes {owes}, the acquirer is owed {}", -owed),
                first,
                blamed: txn.map_or(Place::Acquirer, |(key, txn)| blame(book, &key, txn)),
                key,
                rrns: vec![chain],
            });
        }
    }
}
