//! I6, conservation. Every posting adds up to zero and moves the account of its own card or merchant; the
//! balances that parties claim at the end are those that their postings make, and every account that was
//! posted on is read; at quiescence, per chain, what the issuer owes is what the acquirer is owed; DE4 is the
//! same on every hop of a transaction, but in a reply with 10: there it is lower, and the same in every copy;
//! the balance that DE54 tells is the same on every hop.

use super::blame::blame;
use super::book::{Book, key_of, told};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{NodeId, Place};
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::ledger::{Account, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Stray, TxnKey};
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::Mti;
use std::collections::{BTreeMap, BTreeSet};

/// A0: the message that it answers has no good MAC.
const UNAUTHENTIC: ResponseCode = ResponseCode(*b"A0");

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    /// Accounts that were posted on, each with whose book it stands in.
    posted: BTreeSet<(NodeId, Account)>,
    /// Whom a damaged copy has reached.
    damaged: BTreeSet<NodeId>,
    /// What parties read out of damaged copies and dropped: a refusal echoes it, whichever transaction
    /// the damage makes it look like.
    misread: BTreeSet<(NodeId, TxnKey, Fen)>,
    /// DE4 as it was first answered with 10.
    parts: BTreeMap<TxnKey, Fen>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said { said: Observation::Posted(posting) } => {
                self.findings.checked();
                self.posted.extend(posting.legs.map(|leg| (event.node, leg.account)));
                if posting.sum() != Fen::ZERO {
                    self.findings.offence(posting.sum(), event.key(), || Offence {
                        expected: Remark::PostingAddsUpToZero,
                        observed: Remark::PostingAddsUpTo { sum: posting.sum() },
                        first: event.key(),
                        blamed: book.plan.place(event.node),
                        key: None,
                        rrns: posting.txn.into_iter().collect(),
                    });
                }
                self.account(event, book, &posting);
            }
            What::Sent { message, .. } if message.kind.is_some() => {
                self.findings.checked();
                let key = key_of(&message);
                let Some(txn) = book.named(message.kind, &key) else { return };
                let echoes = message.code == Some(UNAUTHENTIC)
                    && self.misread.contains(&(event.node, key, message.amount));
                let asked = txn.amount;
                let part = message.code == Some(ResponseCode::PARTIAL)
                    && matches!(message.mti, Mti::M0110 | Mti::M0210)
                    && message.amount > Fen::ZERO
                    && message.amount < asked;
                let due =
                    if part { *self.parts.entry(key).or_insert(message.amount) } else { asked };
                if due != message.amount && !echoes {
                    self.findings.offence(message.amount - due, event.key(), || Offence {
                        expected: Remark::SameAmountOnEveryHop { amount: due },
                        observed: Remark::AmountInMessage {
                            amount: message.amount,
                            mti: message.mti,
                        },
                        first: event.key(),
                        blamed: book.plan.place(event.node),
                        key: Some(key),
                        rrns: txn.rrns.iter().collect(),
                    });
                }
                self.balance(event, book, &message);
            }
            What::Damaged { .. } => {
                self.damaged.insert(event.node);
            }
            What::Said { said: Observation::Dropped { why: Stray::BadMac, message } }
                if self.damaged.contains(&event.node) =>
            {
                self.misread.insert((event.node, key_of(&message), message.amount));
            }
            _ => {}
        }
    }

    /// A balance is passed on as the issuer told it (flows 4.5).
    fn balance(&mut self, event: &Event, book: &Book, message: &Summary) {
        let (Some(sent), Some(rrn)) = (told(message), message.rrn) else { return };
        let right = book.hosts.get(&rrn).and_then(|host| host.told);
        if right == Some(sent) {
            return;
        }
        let key = key_of(message);
        self.findings.offence(sent, event.key(), || Offence {
            expected: match right {
                Some(balance) => Remark::SameBalanceOnEveryHop { balance },
                None => Remark::NoBalanceTold,
            },
            observed: Remark::AmountInMessage { amount: sent, mti: message.mti },
            first: event.key(),
            blamed: book.plan.place(event.node),
            key: Some(key),
            rrns: vec![rrn],
        });
    }

    /// The right sum on the wrong account is still somebody else's money.
    fn account(&mut self, event: &Event, book: &Book, posting: &Posting) {
        let Some((due, found)) = book.wrong_account(event, posting) else { return };
        let host = posting.txn.and_then(|rrn| book.hosts.get(&rrn));
        self.findings.offence(posting.legs[0].amount, event.key(), || Offence {
            expected: Remark::PostedOnItsAccount { cause: posting.cause, account: due },
            observed: Remark::PostedOn { account: found },
            first: event.key(),
            blamed: book.plan.place(event.node),
            key: host.and_then(|host| host.key),
            rrns: posting.txn.into_iter().collect(),
        });
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        self.claims(book);
        self.unread(book);
        self.at_rest(book)
    }

    /// Of what holds chain by chain.
    pub fn at_rest(mut self, book: &Book) -> Verdict {
        self.chains(book);
        self.findings.verdict(Invariant::Conservation, Remark::NothingPosted)
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
                expected: Remark::BalanceOfItsPostings { account: *account, balance: rebuilt },
                observed: Remark::PartyClaims { claimed: *claimed },
                first,
                blamed: place,
                key: None,
                rrns: Vec::new(),
            });
        }
    }

    /// An account that was posted on and never read at the end bears nothing out.
    fn unread(&mut self, book: &Book) {
        for (node, account) in std::mem::take(&mut self.posted) {
            if book.claimed.contains_key(&(node, account)) {
                continue;
            }
            let (place, first) = (book.plan.place(node), (book.plan.end_ms(), node, 0));
            let balance = book.ledgers[usize::from(place == Place::Acquirer)].balance(account);
            self.findings.offence(balance, first, || Offence {
                expected: Remark::AccountRead { account },
                observed: Remark::AccountNotRead { balance },
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
                expected: Remark::OwedIsOwing { rrn: chain },
                observed: Remark::OwesAndIsOwed { owes, owed: -owed },
                first,
                blamed: txn.map_or(Place::Acquirer, |(key, txn)| blame(book, &key, txn)),
                key,
                rrns: vec![chain],
            });
        }
    }
}
