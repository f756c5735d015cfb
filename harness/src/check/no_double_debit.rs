//! I1, no-double-debit. At quiescence, per purchase: the net debits at the issuer equal what terminals
//! hold as approved, voids taken off on either side, and never exceed the purchase's amount; each transaction
//! has at most one unreversed debit. Spans retries, repeats, and what is paid again after a void.

use super::blame::blame;
use super::book::{Book, EventKey, Standing};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::plan::Place;
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::Side;
use std::collections::BTreeMap;

struct Purchase {
    keyed: Option<Fen>,
    sent: Fen,
    debited: Fen,
    approved: Fen,
    most_debits: i32,
    /// The transaction that is wrong, or else the last.
    key: TxnKey,
    blamed: Place,
    wrong: bool,
    probe: bool,
    rrns: Vec<Rrn>,
    first: EventKey,
}

impl Purchase {
    /// What the cashier keyed; without an operation, what was sent.
    fn amount(&self) -> Fen {
        self.keyed.unwrap_or(self.sent)
    }
}

pub(super) fn verdict(book: &Book) -> Verdict {
    let mut findings = Findings::default();
    for (intent, purchase) in purchases(book) {
        if !purchase.probe {
            findings.checked();
        }
        let right = purchase.debited == purchase.approved
            && purchase.debited <= purchase.amount()
            && purchase.most_debits <= 1;
        if right {
            continue;
        }
        let at_risk =
            (purchase.debited - purchase.approved).max(purchase.debited - purchase.amount());
        let at_risk = at_risk.max(purchase.approved - purchase.debited);
        findings.offence(at_risk, purchase.first, || offence(intent, &purchase));
    }
    findings.verdict(Invariant::NoDoubleDebit, Remark::NoSaleReachedAHost)
}

/// From here on numbers stand for purchases that no record names.
const UNNAMED: u32 = u32::MAX / 2;

fn offence(intent: u32, purchase: &Purchase) -> Offence {
    let amount = purchase.amount();
    let &Purchase { debited, approved, most_debits, .. } = purchase;
    Offence {
        expected: if intent < UNNAMED {
            Remark::PurchaseDebitedOnce { purchase: intent, amount, approved }
        } else {
            Remark::UnrecordedPurchaseDebitedOnce { stan: purchase.key.stan, amount, approved }
        },
        observed: Remark::NetDebits { debited, most_debits },
        first: purchase.first,
        blamed: purchase.blamed,
        key: Some(purchase.key),
        rrns: purchase.rrns.clone(),
    }
}

fn purchases(book: &Book) -> BTreeMap<u32, Purchase> {
    let mut purchases: BTreeMap<u32, Purchase> = BTreeMap::new();
    let (intents, voids) = (intents(book), book.voids());
    for (key, txn) in book.txns.iter().filter(|(_, txn)| txn.kind.side() == Side::Debit) {
        let Some(intent) = txn.intent.or_else(|| intents.get(key).copied()) else { continue };
        let (debited, _, debits) = book.totals(txn);
        let voided = |of: &dyn Fn(Rrn) -> Fen| txn.rrns.iter().map(of).sum::<Fen>();
        let undebited = |rrn| book.hosts.get(&rrn).map_or(Fen::ZERO, |h| h.chain_total.voided[0]);
        let debited = debited - voided(&undebited);
        let unapproved = voided(&|rrn| voids.get(&rrn).copied().unwrap_or_default());
        let purchase = purchases.entry(intent).or_insert_with(|| Purchase {
            keyed: None,
            sent: Fen::ZERO,
            debited: Fen::ZERO,
            approved: Fen::ZERO,
            most_debits: 0,
            key: *key,
            blamed: Place::Terminal(0),
            wrong: false,
            probe: book.is_probe(txn),
            rrns: Vec::new(),
            first: txn.first,
        });
        purchase.sent = purchase.sent.max(txn.amount);
        purchase.debited += debited;
        let approved = if txn.standing == Standing::Approved { txn.approved } else { Fen::ZERO };
        let approved = approved - unapproved;
        purchase.approved += approved;
        purchase.most_debits = purchase.most_debits.max(debits);
        let wrong = debited != approved || debits > 1;
        if wrong || !purchase.wrong {
            // Where each transaction is right by itself, its terminal let a purchase be paid twice.
            let terminal = book.plan.place_of(key.terminal);
            purchase.blamed = if wrong { blame(book, key, txn) } else { terminal };
            purchase.key = *key;
            purchase.wrong |= wrong;
        }
        purchase.rrns.extend(txn.rrns.iter());
    }
    for seen in book.ops.values() {
        if let Some(intent) = seen.asked.intent()
            && let Some(purchase) = purchases.get_mut(&intent)
        {
            // What was keyed counts, not what the terminal made of it.
            let keyed = purchase.keyed.get_or_insert(seen.amount);
            *keyed = (*keyed).max(seen.amount);
        }
    }
    purchases
}

/// Transactions whose record was never durable (an unsound terminal's) still belong to a purchase: each
/// stands for itself.
fn intents(book: &Book) -> BTreeMap<TxnKey, u32> {
    let unnamed = book.txns.iter().filter(|(_, txn)| txn.intent.is_none());
    let numbers = UNNAMED..;
    unnamed.zip(numbers).map(|((key, _), number)| (*key, number)).collect()
}
