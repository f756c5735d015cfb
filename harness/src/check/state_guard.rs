//! I13, state-guard. A void that may not be is refused with its own code and never gets as far as the
//! issuer; one that may be is not refused for its state; and nothing is refunded of a sale that is voided,
//! being voided, or not there to be refunded. A completion is granted once, on a hold that stands and for no
//! more than is held. Where each sale stands is put together from what was
//! answered, undone and acknowledged, not from the reason that the acquirer gives.

use super::book::{Book, HostTxn, TerminalTxn, key_of};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Asked, Event, What};
use crate::plan::{Fault, FaultKind, LONGEST_SYNC_MS, Place, Plan};
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Decider, ReleasedBy, TxnKey};
use cardstorm_models::time::{MonthDay, Wall};
use cardstorm_models::wire::{Kind, Mti};
use std::collections::{BTreeMap, BTreeSet};

/// The codes that say something of the state of what is to be given back; any other refusal is about
/// something else: the line, the maintenance, the merchant.
const GUARD: [&[u8; 2]; 6] = [b"12", b"14", b"22", b"25", b"58", b"64"];
/// What a refund can be refused with before anybody looks at the state of its sale.
const BEFORE_STATE: [&[u8; 2]; 6] = [b"03", b"13", b"14", b"25", b"30", b"94"];

/// What must be answered to a void.
#[derive(Clone, Debug)]
struct Due {
    original: Rrn,
    /// Each code whose reason is there; none where the void may be.
    codes: BTreeSet<ResponseCode>,
    /// Codes that nobody outside can tell: the centre's clock may have shown another day.
    unsure: BTreeSet<ResponseCode>,
}

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    due: BTreeMap<Rrn, Due>,
    forwarded: BTreeSet<Rrn>,
    /// The void that is under way or in effect on each sale.
    voids: BTreeMap<Rrn, Rrn>,
    refunded: BTreeMap<Rrn, Fen>,
    /// The hold that the issuer's next decision has used up.
    released: Option<(Rrn, Fen)>,
    open_day: Option<Day>,
    /// The last day paid out, by merchant.
    paid: BTreeMap<u32, Day>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        if book.at_issuer(event) {
            return self.completed(event, book);
        }
        if !book.at_acquirer(event) {
            return;
        }
        match event.what {
            What::Sent { message, .. }
                if message.mti == Mti::M0200 && message.kind.is_some_and(is_void) =>
            {
                if let Some(rrn) = message.rrn {
                    self.judged(event, book, rrn, key_of(&message), message.amount);
                    self.forwarded(event, book, rrn);
                }
            }
            What::Said { said } => self.said(event, book, &said),
            _ => {}
        }
    }

    /// A completion is granted only on a hold that stands, and takes no more than is held.
    fn completed(&mut self, event: &Event, book: &Book) {
        let What::Said { said } = event.what else { return };
        match said {
            Observation::Released { rrn, amount, why: ReleasedBy::Completion, .. } => {
                self.released = Some((rrn, amount));
            }
            Observation::ReversalDecided { .. } => self.released = None,
            Observation::Decided { rrn, code, amount, .. } => {
                let released = self.released.take();
                let key = book.hosts.get(&rrn).and_then(|host| host.key);
                let kind = key.and_then(|key| book.txns.get(&key)).map(|txn| txn.kind);
                if kind != Some(Kind::Completion) {
                    return;
                }
                self.findings.checked();
                let (of, expected) = match released {
                    _ if !code.approves_sale(false) => return,
                    None => (rrn, Remark::CompletionRefusedNoHold),
                    Some((of, held)) if amount > held => {
                        (of, Remark::CompletionRefusedBeyondHold { held })
                    }
                    Some(_) => return,
                };
                let first = event.key();
                self.findings.offence(amount, first, || Offence {
                    expected,
                    observed: Remark::AmountGranted { amount },
                    first,
                    blamed: Place::Issuer,
                    key,
                    rrns: vec![rrn, of],
                });
            }
            _ => {}
        }
    }

    fn said(&mut self, event: &Event, book: &Book, said: &Observation) {
        match *said {
            Observation::Taken { key, rrn, chain, kind, amount } if is_void(kind) => {
                self.judged(event, book, rrn, key, amount);
                // Its record reserves the sale, whether or not the line then carries it (soundness 13). What
                // is refused, or undone before it came, hangs on no chain but its own.
                let due = self.due.get(&rrn).filter(|due| due.codes.is_empty());
                if let Some(due) = due.filter(|_| chain != rrn) {
                    self.voids.entry(due.original).or_insert(rrn);
                }
            }
            Observation::Taken { rrn, chain, kind: Kind::Refund, amount, .. } if chain != rrn => {
                self.refund_taken(event, book, rrn, chain);
                *self.refunded.entry(chain).or_default() += amount;
            }
            Observation::Answered { rrn, code, decider } => {
                self.answered(event, book, rrn, code, decider);
            }
            Observation::Delivered { rrn, .. } => self.release(rrn),
            Observation::ClearingDay { opens, .. } => self.open_day = Some(opens),
            Observation::PaidOut { merchant, day, .. } => {
                self.paid.insert(merchant, day);
            }
            _ => {}
        }
    }

    /// What a void's answer has to be, settled when it is first seen.
    fn judged(&mut self, event: &Event, book: &Book, rrn: Rrn, key: TxnKey, amount: Fen) {
        if self.due.contains_key(&rrn) {
            return;
        }
        let Some(txn) = book.txns.get(&key) else { return };
        let Some(original) = txn.original else { return };
        self.findings.checked();
        let due = self.judge(event, book, key, txn, original, amount);
        self.due.insert(rrn, due);
    }

    fn judge(
        &self,
        event: &Event,
        book: &Book,
        key: TxnKey,
        txn: &TerminalTxn,
        original: Rrn,
        amount: Fen,
    ) -> Due {
        let (mut codes, mut unsure) = (BTreeSet::new(), BTreeSet::new());
        let mut add = |is: bool, code: &[u8; 2]| {
            if is {
                codes.insert(ResponseCode(*code));
            }
        };
        let host = book.hosts.get(&original);
        let named = host.and_then(|host| Some((host, host.key?)));
        let Some((host, sold)) =
            named.filter(|(_, sold)| merchant(book, sold) == merchant(book, &key))
        else {
            return Due { original, codes: [ResponseCode(*b"25")].into(), unsure };
        };
        let sale = book.txns.get(&sold);
        let whose = match txn.kind {
            Kind::CompletionVoid => Kind::Completion,
            _ => Kind::Sale,
        };
        add(sale.is_none_or(|sale| sale.kind != whose), b"12");
        add(sold.terminal != key.terminal, b"58");
        match (card(book, txn), sale.and_then(|sale| card(book, sale))) {
            (Some(shown), Some(paid)) => add(shown != paid, b"14"),
            _ => {
                unsure.insert(ResponseCode(*b"14"));
            }
        }
        match host.answered {
            _ if host.tombstoned => add(true, b"12"),
            _ if host.undoing => add(true, b"22"),
            None => add(true, b"22"),
            Some((code, _)) => add(!code.approves_sale(true), b"12"),
        }
        let spent = self.voids.contains_key(&original)
            || self.refunded.get(&original).is_some_and(|sum| *sum > Fen::ZERO);
        add(spent || (sold.batch, sold.stan) >= (key.batch, key.stan), b"22");
        let over = host.cleared.is_some_and(|day| {
            let paid = merchant(book, &key).and_then(|merchant| self.paid.get(&merchant));
            self.open_day != Some(day) || paid.is_some_and(|paid| day <= *paid)
        });
        add(over || sold.batch != key.batch, b"12");
        match same_day(&book.plan, host, event.at_ms) {
            Some(same) => add(!same, b"12"),
            None => {
                unsure.insert(ResponseCode(*b"12"));
            }
        }
        // Of a sale that was approved in part, that part is the whole (flows 8).
        let captured = host.chain_total.captured;
        let whole = sale.map(|sale| if captured > Fen::ZERO { captured } else { sale.amount });
        add(whole.is_some_and(|whole| whole != amount), b"64");
        Due { original, codes, unsure }
    }

    /// The void goes to the issuer: the sale is its own from now on.
    fn forwarded(&mut self, event: &Event, book: &Book, rrn: Rrn) {
        if !self.forwarded.insert(rrn) {
            return;
        }
        let Some(due) = self.due.get(&rrn).cloned() else { return };
        if !due.codes.is_empty() {
            let expected = Remark::VoidRefusedHere { rrn: due.original, codes: due.codes };
            self.offence(event, book, rrn, due.original, expected, Remark::VoidForwarded);
        }
        self.voids.insert(due.original, rrn);
    }

    fn answered(
        &mut self,
        event: &Event,
        book: &Book,
        rrn: Rrn,
        code: ResponseCode,
        decider: Decider,
    ) {
        if self.forwarded.contains(&rrn) {
            if decider == Decider::Issuer && !code.approves_sale(false) {
                self.release(rrn);
            }
            return;
        }
        if let Some(due) = self.due.get(&rrn).cloned() {
            return self.refused(event, book, rrn, &due, code);
        }
        self.refund_refused(event, book, rrn, code);
    }

    /// The acquirer's own answer to a void that it did not forward.
    fn refused(&mut self, event: &Event, book: &Book, rrn: Rrn, due: &Due, code: ResponseCode) {
        let of_state = GUARD.iter().any(|known| **known == code.0);
        let right = if code.approves_sale(false) {
            false
        } else if due.codes.is_empty() {
            !of_state || due.unsure.contains(&code)
        } else {
            !of_state || due.codes.contains(&code) || due.unsure.contains(&code)
        };
        if right {
            return;
        }
        let expected = if due.codes.is_empty() {
            Remark::VoidAskedForAtIssuer { rrn: due.original }
        } else {
            Remark::VoidRefusedWith { rrn: due.original, codes: due.codes.clone() }
        };
        self.offence(event, book, rrn, due.original, expected, Remark::AnsweredWith { code });
    }

    /// A refund was accepted.
    fn refund_taken(&mut self, event: &Event, book: &Book, rrn: Rrn, chain: Rrn) {
        self.findings.checked();
        let stands = book.hosts.get(&chain).is_some_and(|host| {
            let approved = host.answered.is_some_and(|(code, _)| code.approves_sale(true));
            approved && !host.undoing && !host.tombstoned
        });
        let voided = self.voids.contains_key(&chain);
        if stands && !voided {
            return;
        }
        let expected = if voided {
            Remark::RefundRefusedVoided { rrn: chain }
        } else {
            Remark::RefundRefusedNoSale { rrn: chain }
        };
        self.offence(event, book, rrn, chain, expected, Remark::RefundTaken);
    }

    fn refund_refused(&mut self, event: &Event, book: &Book, rrn: Rrn, code: ResponseCode) {
        let key = book.hosts.get(&rrn).and_then(|host| host.key);
        let txn = key.and_then(|key| book.txns.get(&key)).filter(|txn| txn.kind == Kind::Refund);
        let Some(original) = txn.and_then(|txn| txn.original) else { return };
        if !self.voids.contains_key(&original) || code.approves_sale(false) {
            return;
        }
        self.findings.checked();
        let maintenance = book.plan.world.acquirer.maintenance_code;
        let other = BEFORE_STATE.iter().any(|known| **known == code.0) || code == maintenance;
        if &code.0 == b"22" || other {
            return;
        }
        let expected = Remark::RefundOfVoidedRefused { rrn: original };
        self.offence(event, book, rrn, original, expected, Remark::AnsweredWith { code });
    }

    /// The void is not and will not be in effect.
    fn release(&mut self, rrn: Rrn) {
        self.voids.retain(|_, void| *void != rrn);
    }

    fn offence(
        &mut self,
        event: &Event,
        book: &Book,
        rrn: Rrn,
        original: Rrn,
        expected: Remark,
        observed: Remark,
    ) {
        let at_risk = book.hosts.get(&original).map_or(Fen::ZERO, |host| host.captured);
        self.findings.offence(at_risk, event.key(), || Offence {
            expected,
            observed,
            first: event.key(),
            blamed: Place::Acquirer,
            key: book.hosts.get(&rrn).and_then(|host| host.key),
            rrns: vec![rrn, original],
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::StateGuard, Remark::NothingVoided)
    }
}

/// Whether a kind takes back what a batch holds.
const fn is_void(kind: Kind) -> bool {
    matches!(kind, Kind::Void | Kind::CompletionVoid)
}

fn merchant(book: &Book, key: &TxnKey) -> Option<u32> {
    book.plan.merchant_of(key.terminal)
}

/// Number of the card that the cashier was given, where the operation is known.
fn card(book: &Book, txn: &TerminalTxn) -> Option<u32> {
    match book.ops.get(&txn.op?)?.asked {
        Asked::Sale { card, .. }
        | Asked::Rest { card, .. }
        | Asked::PreAuth { card }
        | Asked::Balance { card }
        | Asked::Completion { card, .. }
        | Asked::Void { card, .. } => Some(card),
        Asked::Refund { .. }
        | Asked::PortalRefund { .. }
        | Asked::Dispute { .. }
        | Asked::Settle
        | Asked::Echo
        | Asked::SignOff => None,
    }
}

/// Whether the centre's clock shows the date on which the sale was approved; nothing where a fault sets that
/// clock, or where a sync or a pause so near midnight hides which reading was taken.
fn same_day(plan: &Plan, sale: &HostTxn, now_ms: u64) -> Option<bool> {
    let set = |fault: &Fault| fault.what.sets_clock() && fault.at == Place::Acquirer;
    let set = plan.faults.iter().any(set);
    if set {
        return None;
    }
    Some(date(plan, sale.answered_ms)? == date(plan, now_ms)?)
}

fn date(plan: &Plan, at_ms: u64) -> Option<MonthDay> {
    let wall = |ms: u64| i64::try_from(ms).ok().map(|ms| Wall(plan.start.0 + ms).month_day());
    let stood_still = plan.faults.iter().map(|fault| match fault.what {
        FaultKind::Pause { for_ms } if fault.at == Place::Acquirer => for_ms,
        _ => 0,
    });
    let held_ms = stood_still.fold(LONGEST_SYNC_MS, u64::saturating_add);
    let (early, late) = (wall(at_ms.saturating_sub(held_ms))?, wall(at_ms)?);
    (early == late).then_some(late)
}
