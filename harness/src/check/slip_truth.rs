//! I2, slip-truth. At quiescence, per sale: the terminal holds it as approved if and only if there is
//! exactly one effective capture and exactly one unreversed debit, all of the same amount, and a slip. A
//! refund slip stands if and only if there is one refund at the acquirer and one credit (or one named
//! entry among the returned refunds) at the issuer.

use super::blame::blame;
use super::book::{Book, Standing, TerminalTxn};
use super::{Findings, Invariant, Offence, Verdict};
use crate::plan::Place;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::Kind;

/// What each party holds of one transaction, in fen.
struct Holdings {
    terminal: Fen,
    acquirer: Fen,
    issuer: Fen,
    /// What the slip says; nothing where none is out.
    slip: Option<Fen>,
}

pub(super) fn verdict(book: &Book) -> Verdict {
    let mut findings = Findings::default();
    for (key, txn) in &book.txns {
        if !book.is_probe(txn) {
            findings.checked();
        }
        let holds = holdings(book, txn);
        let due = txn.approved_rrn.map(|rrn| (txn.approved, rrn));
        let due = due.filter(|_| txn.standing == Standing::Approved);
        let slip_fits = txn.slip == due;
        if holds.terminal == holds.acquirer && holds.acquirer == holds.issuer && slip_fits {
            continue;
        }
        let most = holds.terminal.max(holds.acquirer).max(holds.issuer);
        let least = holds.terminal.min(holds.acquirer).min(holds.issuer);
        let at_risk = if most == least { txn.amount } else { most - least };
        findings.offence(at_risk, txn.first, || offence(book, key, txn, &holds));
    }
    findings.verdict(Invariant::SlipTruth, "no transaction left a terminal")
}

fn holdings(book: &Book, txn: &TerminalTxn) -> Holdings {
    let terminal = if txn.standing == Standing::Approved { txn.approved } else { Fen::ZERO };
    let slip = txn.slip.map(|(amount, _)| amount);
    match txn.kind {
        Kind::Sale => {
            let (issuer, acquirer, _) = book.totals(txn);
            Holdings { terminal, acquirer, issuer, slip }
        }
        Kind::Refund => {
            let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
            let acquirer = hosts().map(|host| host.refunded).sum();
            let issuer = hosts().map(|host| host.credited).sum();
            Holdings { terminal, acquirer, issuer, slip }
        }
    }
}

fn offence(book: &Book, key: &TxnKey, txn: &TerminalTxn, holds: &Holdings) -> Offence {
    let what = match txn.kind {
        Kind::Sale => ("captured", "debited"),
        Kind::Refund => ("refunded", "credited"),
    };
    let blamed = if txn.kind == Kind::Sale {
        blame(book, key, txn)
    } else if holds.acquirer == holds.issuer {
        Place::Terminal(book.plan.terminal_by_id(key.terminal).unwrap_or(0))
    } else if holds.terminal == holds.issuer {
        Place::Acquirer
    } else {
        Place::Issuer
    };
    Offence {
        expected: format!(
            "terminal {}, STAN {}: approved, {} and {} for the same amount, with a slip, or none of them",
            key.terminal, key.stan, what.0, what.1
        ),
        observed: format!(
            "the terminal holds {} as approved ({}), the acquirer {} {}, the issuer {} {}",
            holds.terminal,
            holds.slip.map_or("no slip".to_owned(), |amount| format!("slip over {amount}")),
            what.0,
            holds.acquirer,
            what.1,
            holds.issuer
        ),
        first: txn.first,
        blamed,
        key: Some(*key),
        rrns: txn.rrns.iter().collect(),
    }
}
