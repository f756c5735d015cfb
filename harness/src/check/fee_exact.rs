//! I11, fee-exact. The fee of a capture is the contract's, by its clearing day, its card and its amount;
//! its parts are those that add up to it; a reversed or voided capture costs nothing, and a refunded one
//! gives back what the policy says. All of it is computed anew here from the plan, and compared with what
//! was posted.

use super::book::{Book, HostTxn, TerminalTxn};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Asked, Event, What};
use crate::plan::Place;
use cardstorm_models::clearing::Day;
use cardstorm_models::clearing::fee::{CardKind, Channel, FeeOnRefund, FeeTable, Item};
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// What was posted as fee of one capture, by part.
#[derive(Clone, Copy, Default)]
struct Fees {
    day: Option<Day>,
    charged: [Fen; 3],
    returned: [Fen; 3],
}

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    fees: IndexMap<Rrn, Fees, FxBuildHasher>,
}

impl Check {
    pub fn event(&mut self, event: &Event) {
        match event.what {
            What::Said { said: Observation::Cleared { rrn, day, .. } } => {
                self.fees.entry(rrn).or_default().day = Some(day);
            }
            What::Said { said: Observation::Posted(posting) } => self.posted(&posting),
            _ => {}
        }
    }

    fn posted(&mut self, posting: &Posting) {
        let Some(chain) = posting.chain else { return };
        let (account, returned) = match posting.cause {
            Cause::Fee => (posting.legs[1].account, false),
            Cause::FeeReturned => (posting.legs[0].account, true),
            _ => return,
        };
        let part = match account {
            Account::IssuerFees => 0,
            Account::NetworkFees => 1,
            _ => 2,
        };
        let amount = posting.legs[1].amount;
        let fees = self.fees.entry(chain).or_default();
        // Charged again for the sale's sake, when its void was reversed.
        if !returned && posting.txn != posting.chain {
            fees.returned[part] -= amount;
        } else if returned {
            fees.returned[part] += amount;
        } else {
            fees.charged[part] += amount;
        }
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        for (rrn, host) in &book.hosts {
            if host.chain_total.captured > Fen::ZERO {
                self.judge(book, *rrn, host);
            }
        }
        self.findings.verdict(Invariant::FeeExact, Remark::NoContractSold)
    }

    fn judge(&mut self, book: &Book, rrn: Rrn, host: &HostTxn) {
        let Some((txn, table, on_refund)) = contract_of(book, host) else { return };
        let Some(kind) = card_kind(book, txn) else { return };
        let amount = host.chain_total.captured;
        let fees = self.fees.get(&rrn).copied().unwrap_or_default();
        if !book.is_probe(txn) {
            self.findings.checked();
        }
        let Some(day) = fees.day else {
            let expected = Remark::ClearingDayForCapture;
            return self.offence(amount, txn, host, rrn, expected, Remark::NoClearingDay);
        };
        let item = Item { kind, channel: Channel::Card, amount };
        let due = table.fee(&item, day);
        if fees.charged != due.parts {
            let charged: Fen = fees.charged.into_iter().sum();
            let expected = Remark::FeeDue { fee: due.whole, amount, parts: due.parts.into() };
            let observed = Remark::FeeCharged { fee: charged, parts: fees.charged.into() };
            self.offence(charged - due.whole, txn, host, rrn, expected, observed);
        }
        let voided = host.chain_total.voided[1] > Fen::ZERO;
        let owed = if host.captured == Fen::ZERO || voided {
            due.whole
        } else {
            on_refund.returned(due.whole, amount, host.chain_total.given_back)
        };
        let back: Fen = fees.returned.into_iter().sum();
        let beyond = fees.returned.iter().zip(fees.charged).any(|(back, had)| *back > had);
        if back != owed || beyond {
            let expected = Remark::FeeGivenBack { owed, fee: due.whole };
            let observed = Remark::FeeReturned { back, parts: fees.returned.into() };
            self.offence(back - owed, txn, host, rrn, expected, observed);
        }
    }

    fn offence(
        &mut self,
        at_risk: Fen,
        txn: &TerminalTxn,
        host: &HostTxn,
        rrn: Rrn,
        expected: Remark,
        observed: Remark,
    ) {
        let first = txn.first;
        self.findings.offence(at_risk, first, || Offence {
            expected,
            observed,
            first,
            blamed: Place::Acquirer,
            key: host.key,
            rrns: vec![rrn],
        });
    }
}

/// The sale of a capture, and its merchant's contract.
fn contract_of<'b>(
    book: &'b Book,
    host: &HostTxn,
) -> Option<(&'b TerminalTxn, &'b FeeTable, FeeOnRefund)> {
    let key = host.key?;
    let acquirer = &book.plan.world.acquirer;
    let terminal = acquirer.terminals.iter().find(|terminal| terminal.id == key.terminal)?;
    let contract = acquirer.merchants[terminal.merchant as usize].contract.as_ref()?;
    Some((book.txns.get(&key)?, &contract.fees, contract.refunds.fee))
}

/// What kind of card the cashier was given, by the plan.
fn card_kind(book: &Book, txn: &TerminalTxn) -> Option<CardKind> {
    let (Asked::Sale { card, .. } | Asked::Rest { card, .. } | Asked::Completion { card, .. }) =
        book.ops.get(&txn.op?)?.asked
    else {
        return None;
    };
    let pan = book.plan.world.issuer.cards.get(card as usize)?.pan;
    let bin = (0..6).fold(0, |bin, place| bin * 10 + u32::from(pan.digit(place)));
    Some(book.plan.world.acquirer.card_kind(bin))
}
