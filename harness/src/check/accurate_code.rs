//! I5, accurate-code. If a reply was accepted, the code shown is its DE39 with that code's own words, and
//! the acquirer relayed the issuer's DE39 unchanged; otherwise the terminal shows its own doubt text and no
//! code. 51 is shown only where the issuer decided 51 for that transaction and its rebuilt balance was
//! short; a 51 that the terminal accepted is shown. 10 is shown only where the issuer granted a part of what
//! its rebuilt balance was short of, to a terminal that had declared that it can take one. 25 tells a refund
//! that its sale is not there, which is never so where the acquirer has captured it for that merchant. A
//! balance is told as the rebuilt books have it at that moment, and shown as it was told, a debt as a debt.

use super::book::{Book, Standing, TerminalTxn, is_inquiry};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{NodeId, Place};
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Reason, Text, TxnKey};
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Mti, code};
use std::collections::BTreeMap;

const SHORT: ResponseCode = ResponseCode(*b"51");
const NOT_FOUND: ResponseCode = ResponseCode(*b"25");

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    /// A decline just accepted, whose code must be on the next screen.
    accepted: Vec<(TxnKey, ResponseCode)>,
    /// What an echo or a sign-off was answered at each terminal, and not shown yet.
    managed: BTreeMap<NodeId, ResponseCode>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said { said } => match said {
                Observation::Declined { key, code, .. }
                | Observation::RefundRefused { key, code, .. } => self.accepted.push((key, code)),
                Observation::Screen { op, key: Some(key), code, text } => {
                    self.screen(event, book, key, book.shown(op, &key), code, text);
                }
                Observation::Screen { key: None, code, text, .. } => {
                    self.unsent(event, book, code, text);
                }
                Observation::BalanceTold { rrn, account, balance } => {
                    self.told(event, book, rrn, account, balance);
                }
                Observation::Answered { rrn, code, decider: Decider::Issuer } => {
                    let decided = book.hosts.get(&rrn).and_then(|host| host.decided);
                    if let Some((right, ..)) = decided {
                        self.findings.checked();
                        if right != code {
                            self.relay(event, book, rrn, right, code);
                        }
                    }
                }
                _ => {}
            },
            What::Received { message, .. } if message.mti == Mti::M0830 => {
                if let Some(code) = message.code {
                    self.managed.insert(event.node, code);
                }
            }
            What::Sent { message, copy: 0, .. }
                if book.at_acquirer(event)
                    && message.mti == Mti::M0230
                    && message.code == Some(NOT_FOUND) =>
            {
                let Summary { terminal, batch, stan, .. } = message;
                self.not_found(event, book, TxnKey { terminal, batch, stan });
            }
            What::Sent { message, .. }
                if book.at_acquirer(event) && matches!(message.mti, Mti::M0110 | Mti::M0210) =>
            {
                let rrn = message.rrn.filter(|rrn| rrn.0 != 0);
                let host = rrn.and_then(|rrn| book.hosts.get(&rrn));
                // What the issuer said and the acquirer heard in time must come through, whoever the
                // acquirer says has decided.
                let heard = host.filter(|host| !host.undoing).and_then(|host| host.heard);
                let answered = heard.or_else(|| Some(host?.answered?.0));
                if let (Some(right), Some(rrn), Some(sent)) = (answered, rrn, message.code) {
                    self.findings.checked();
                    // 94 to a repeat with other content, or while the first copy is open, is its own
                    // answer (soundness 3, 10).
                    if sent != right && &sent.0 != b"94" {
                        self.relay(event, book, rrn, right, sent);
                    }
                }
            }
            _ => {}
        }
    }

    /// What the issuer tells is what its books have, by its own postings, holds and limits.
    fn told(&mut self, event: &Event, book: &Book, rrn: Rrn, account: u32, balance: Fen) {
        self.findings.checked();
        let right = book.available(account);
        if right == balance {
            return;
        }
        self.findings.offence(balance - right, event.key(), || Offence {
            expected: Remark::RebuiltBalanceTold { balance: right, rrn },
            observed: Remark::BalanceIs { balance },
            first: event.key(),
            blamed: Place::Issuer,
            key: book.hosts.get(&rrn).and_then(|host| host.key),
            rrns: vec![rrn],
        });
    }

    fn relay(
        &mut self,
        event: &Event,
        book: &Book,
        rrn: Rrn,
        right: ResponseCode,
        sent: ResponseCode,
    ) {
        self.findings.offence(Fen::ZERO, event.key(), || Offence {
            expected: Remark::CodeRelayed { code: right, rrn },
            observed: Remark::CodeSent { code: sent },
            first: event.key(),
            blamed: Place::Acquirer,
            key: book.hosts.get(&rrn).and_then(|host| host.key),
            rrns: vec![rrn],
        });
    }

    /// A refund is told that its sale is not there. At its own merchant that is only true of a sale that the
    /// acquirer has never captured.
    fn not_found(&mut self, event: &Event, book: &Book, key: TxnKey) {
        let Some(original) = book.txns.get(&key).and_then(|txn| txn.original) else { return };
        self.findings.checked();
        let Some(host) = book.hosts.get(&original) else { return };
        let merchant = |of: TxnKey| book.plan.merchant_of(of.terminal);
        let own = host.key.is_some_and(|sold| merchant(sold) == merchant(key));
        if own && host.captured > Fen::ZERO {
            self.findings.offence(host.captured, event.key(), || Offence {
                expected: Remark::RefundFindsItsSale { rrn: original },
                observed: Remark::CodeSent { code: NOT_FOUND },
                first: event.key(),
                blamed: Place::Acquirer,
                key: Some(key),
                rrns: vec![original],
            });
        }
    }

    /// Nothing was sent, so no code can be shown but that of an echo or a sign-off.
    fn unsent(&mut self, event: &Event, book: &Book, shown: Option<ResponseCode>, text: Text) {
        self.findings.checked();
        let coded = shown.is_some() || matches!(text, Text::Code(_) | Text::UnknownCode(_));
        let answered = self.managed.remove(&event.node);
        let own_words = match text {
            Text::Code(of) | Text::UnknownCode(of) => Some(of) == shown,
            _ => false,
        };
        if coded && !(own_words && answered == shown) {
            self.findings.offence(Fen::ZERO, event.key(), || Offence {
                expected: Remark::OwnWordsNothingSent,
                observed: Remark::ScreenShowsWords { text },
                first: event.key(),
                blamed: book.plan.place(event.node),
                key: None,
                rrns: Vec::new(),
            });
        }
    }

    fn screen(
        &mut self,
        event: &Event,
        book: &Book,
        key: TxnKey,
        txn: Option<&TerminalTxn>,
        shown: Option<ResponseCode>,
        text: Text,
    ) {
        self.findings.checked();
        let due = self.accepted.iter().position(|(accepted, _)| *accepted == key);
        let due = due.map(|at| self.accepted.swap_remove(at).1);
        let Some(wrong) = wrong(book, key, txn, shown, text, due) else { return };
        let amount = txn.map_or(Fen::ZERO, |txn| txn.amount);
        let (expected, blamed) = wrong;
        self.findings.offence(amount, event.key(), || Offence {
            expected,
            observed: match shown {
                Some(code) => Remark::ScreenShowsCode { code, text },
                None => Remark::ScreenShowsNoCode { text },
            },
            first: event.key(),
            blamed,
            key: Some(key),
            rrns: txn.map(|txn| txn.rrns.iter().collect()).unwrap_or_default(),
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::AccurateCode, Remark::NoScreenNoCode)
    }
}

/// What should have been shown, and who got it wrong, if something did.
fn wrong(
    book: &Book,
    key: TxnKey,
    known: Option<&TerminalTxn>,
    shown: Option<ResponseCode>,
    text: Text,
    due: Option<ResponseCode>,
) -> Option<(Remark, Place)> {
    let terminal = book.plan.place_of(key.terminal);
    if let Some(due) = due
        && shown != Some(due)
    {
        return Some((Remark::AcceptedCodeShown { code: due }, terminal));
    }
    let standing = known.map(|txn| txn.standing);
    let inquiry = known.is_some_and(|txn| is_inquiry(txn.kind));
    let Some(shown) = shown else {
        // Words about the slip follow an approval whose code was shown.
        if matches!(text, Text::SlipOwed | Text::TakenBack) && standing == Some(Standing::Approved)
        {
            return None;
        }
        // Of a transaction that was sent and got no code, only doubt can be said; an inquiry leaves none.
        let own_words = match text {
            Text::NoReply | Text::PowerLoss => !inquiry,
            Text::NotAnswered => inquiry,
            Text::Unreadable | Text::BadMac => true,
            _ => false,
        };
        return (!own_words).then_some((Remark::OwnWordsWithoutCode, terminal));
    };
    let reply = known.and_then(|txn| txn.last_reply);
    if reply != Some(shown) {
        let due = reply.map_or(Remark::NoReplyNoCode, |code| Remark::ReplysCodeShown { code });
        return Some((due, terminal));
    }
    if inquiry && shown == ResponseCode::APPROVED {
        let told = known.and_then(|txn| txn.told);
        let right = told.is_some_and(|told| text == Text::Balance(told));
        let due = match told {
            Some(balance) => Remark::ToldBalanceShown { balance },
            None => Remark::NoBalanceTold,
        };
        return (!right).then_some((due, terminal));
    }
    let words_fit = match text {
        Text::Code(of) => of == shown && code::lookup(shown).is_some(),
        Text::UnknownCode(of) => of == shown && code::lookup(shown).is_none(),
        Text::RefundAccepted => shown == ResponseCode::APPROVED,
        _ => false,
    };
    if !words_fit {
        return Some((Remark::WordsOfCodeShown { code: shown }, terminal));
    }
    if shown == ResponseCode::PARTIAL {
        return in_part(book, known, terminal);
    }
    if shown != SHORT {
        return None;
    }
    match decided(book, known) {
        Some((SHORT, Reason::Balance, true)) => None,
        Some((SHORT, Reason::Balance, false)) => Some((Remark::No51BalanceCovers, Place::Issuer)),
        Some((SHORT, ..)) => Some((Remark::No51OtherReason, Place::Issuer)),
        _ => Some((Remark::No51NeverDecided, Place::Acquirer)),
    }
}

/// What is wrong with a 10 that is shown, and who got it wrong.
fn in_part(book: &Book, txn: Option<&TerminalTxn>, terminal: Place) -> Option<(Remark, Place)> {
    let declared = match terminal {
        Place::Terminal(at) => book.plan.world.terminals[usize::from(at)].partial_approval,
        Place::Acquirer | Place::Issuer => false,
    };
    if !declared {
        return Some((Remark::No10Undeclared, terminal));
    }
    match decided(book, txn) {
        Some((ResponseCode::PARTIAL, Reason::GrantedInPart, true)) => None,
        Some((ResponseCode::PARTIAL, Reason::GrantedInPart, false)) => {
            Some((Remark::No10BalanceCovers, Place::Issuer))
        }
        _ => Some((Remark::No10NeverGranted, Place::Acquirer)),
    }
}

fn decided(book: &Book, txn: Option<&TerminalTxn>) -> Option<(ResponseCode, Reason, bool)> {
    let mut rrns = txn?.rrns.iter();
    rrns.find_map(|rrn| book.hosts.get(&rrn)?.decided)
}
