//! I2, slip-truth. At quiescence, per sale: the terminal holds it as approved if and only if there is
//! exactly one effective capture and exactly one unreversed debit, all of the same amount and on the
//! accounts of that terminal's merchant and of that card, and a slip. A void takes nothing from its sale's
//! own line: its slip, like a refund's, stands if and only if there is one giving back at the acquirer and
//! one credit (or one named entry among the returned refunds) at the issuer. A slip is put out once for a
//! transaction that exists; any further one is marked as a reprint and says the same. A slip that the printer
//! did not put out is owed, and out at the end, when no printer fails any more (soundness 6).

use super::blame::blame;
use super::book::{Book, HostTxn, Standing, TerminalTxn};
use super::remark::Deed;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::Place;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::{Class, Kind, Side};

/// What each party holds of one transaction, in fen.
struct Holdings {
    terminal: Fen,
    acquirer: Fen,
    issuer: Fen,
    /// What the slip says; nothing where none is out.
    slip: Option<Fen>,
}

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
}

impl Check {
    /// Slips are seen before the book takes them.
    pub fn before(&mut self, event: &Event, book: &Book) {
        let What::Said { said: Observation::Slip { key, amount, rrn, reprint, .. } } = event.what
        else {
            return;
        };
        self.findings.checked();
        let txn = book.txns.get(&key);
        let out = txn.and_then(|txn| txn.slip);
        let observed = match (txn, out) {
            (None, _) => Remark::SlipOfNothing { amount },
            (Some(_), Some(_)) if !reprint => Remark::SecondSlipUnmarked,
            (Some(_), Some((first_amount, first_rrn)))
                if (first_amount, first_rrn) != (amount, rrn) =>
            {
                Remark::ReprintDiffers { amount, rrn, first_amount, first_rrn }
            }
            (Some(_), _) => return,
        };
        self.findings.offence(amount, event.key(), || Offence {
            expected: Remark::OneSlipAndReprints { terminal: key.terminal, stan: key.stan },
            observed,
            first: event.key(),
            blamed: book.plan.place(event.node),
            key: Some(key),
            rrns: vec![rrn],
        });
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        for (key, txn) in &book.txns {
            if !book.is_probe(txn) {
                self.findings.checked();
            }
            let holds = holdings(book, txn);
            let due = txn.approved_rrn.map(|rrn| (txn.approved, rrn));
            let due = due.filter(|_| txn.standing == Standing::Approved);
            let level = holds.terminal == holds.acquirer && holds.acquirer == holds.issuer;
            let host = |rrn| book.hosts.get(&rrn);
            let astray = txn.rrns.iter().filter_map(host).any(|host| host.astray);
            if level && txn.slip == due && !astray {
                continue;
            }
            let most = holds.terminal.max(holds.acquirer).max(holds.issuer);
            let least = holds.terminal.min(holds.acquirer).min(holds.issuer);
            let at_risk = if level { txn.amount } else { most - least };
            self.findings.offence(at_risk, txn.first, || offence(book, key, txn, &holds, astray));
        }
        self.findings.verdict(Invariant::SlipTruth, Remark::NothingLeftATerminal)
    }
}

fn holdings(book: &Book, txn: &TerminalTxn) -> Holdings {
    let terminal = if txn.standing == Standing::Approved { txn.approved } else { Fen::ZERO };
    let slip = txn.slip.map(|(amount, _)| amount);
    match txn.kind.side() {
        Side::Debit => {
            let (issuer, acquirer, _) = book.totals(txn);
            Holdings { terminal, acquirer, issuer, slip }
        }
        // No money moves: what each of them holds as approved and not undone.
        Side::None => {
            let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
            let yes = |host: &&HostTxn| {
                host.answered.is_some_and(|(code, _)| code.approves_sale(false)) && !host.undoing
            };
            let decided = |host: &&HostTxn| {
                host.decided.is_some_and(|(code, ..)| code.approves_sale(false)) && !host.undone
            };
            let acquirer = hosts().filter(yes).map(|_| txn.amount).sum();
            let issuer = hosts().filter(decided).map(|_| txn.amount).sum();
            Holdings { terminal, acquirer, issuer, slip }
        }
        Side::Credit => {
            let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
            let acquirer = hosts().map(|host| host.refunded).sum();
            let issuer = hosts().map(|host| host.credited).sum();
            Holdings { terminal, acquirer, issuer, slip }
        }
    }
}

fn offence(
    book: &Book,
    key: &TxnKey,
    txn: &TerminalTxn,
    holds: &Holdings,
    astray: bool,
) -> Offence {
    let deed = match (txn.kind, txn.kind.side()) {
        (Kind::Void | Kind::CompletionVoid, _) => Deed::Voided,
        (_, Side::Debit) => Deed::Captured,
        (_, Side::None) => Deed::Answered,
        (_, Side::Credit) => Deed::Refunded,
    };
    let void = matches!(txn.kind, Kind::Void | Kind::CompletionVoid);
    let blamed = if void && holds.terminal == holds.issuer {
        Place::Acquirer
    } else if void && holds.terminal == holds.acquirer {
        Place::Issuer
    } else if txn.kind.class() == Class::Request {
        blame(book, key, txn)
    } else if holds.acquirer == holds.issuer {
        book.plan.place_of(key.terminal)
    } else if holds.terminal == holds.issuer {
        Place::Acquirer
    } else {
        Place::Issuer
    };
    Offence {
        expected: Remark::AllOfThemOrNone { terminal: key.terminal, stan: key.stan, deed },
        observed: Remark::Holdings {
            terminal: holds.terminal,
            slip: holds.slip,
            deed,
            acquirer: holds.acquirer,
            issuer: holds.issuer,
            astray,
        },
        first: txn.first,
        blamed,
        key: Some(*key),
        rrns: txn.rrns.iter().collect(),
    }
}
