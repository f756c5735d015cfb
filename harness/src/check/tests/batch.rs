//! I10 against hand-made histories: each way a settlement can be wrong, beside the nearest one that is right.

use super::tale::{self, PRICE, TERMINAL, Tale, Txn, nothing};
use super::{Expected, check};
use crate::check::Invariant;
use crate::history::{Damage, What};
use crate::plan::Place;
use cardstorm_models::ids::{Batch, ResponseCode, Stan};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, TxnKey};
use cardstorm_models::party::summary::Says;
use cardstorm_models::party::{ConnId, Observation, Summary};
use cardstorm_models::wire::{Balanced, Kind, Mti, SideTotal, Totals};
use std::sync::Arc;

use Expected::{Held, Unknown, Violated};

const BACK: Fen = Fen(30_00);

fn key(stan: u32) -> TxnKey {
    TxnKey { stan: Stan(stan), ..tale::sale(1).key }
}

/// So much on either side.
fn totals(debit: (i64, u16), credit: (i64, u16)) -> Totals {
    let side = |(amount, count)| SideTotal { amount: Fen(amount), count };
    Totals { debit: side(debit), credit: side(credit) }
}

/// One sale of 100.00 and 30.00 of it given back.
fn a_day() -> Totals {
    totals((PRICE.0, 1), (BACK.0, 1))
}

/// A world whose terminal settles.
fn shop() -> Tale {
    let mut tale = nothing();
    Arc::make_mut(&mut tale.plan).world.terminals[0].settle_after = Some(500);
    tale
}

/// The sale and the refund of [`a_day`], told whole.
fn sold() -> Tale {
    let (sale, back) = day();
    shop().sold(&sale).refunded(&back)
}

fn day() -> (Txn, Txn) {
    let sale = tale::sale(1);
    (sale, tale::refund(2, &sale, BACK))
}

trait Settles {
    fn settles(self, totals: Totals) -> Self;
    fn compares(self, own: Totals, verdict: Balanced) -> Self;
    fn finds(self, own: Totals, verdict: Balanced) -> Self;
    fn learns(self, verdict: Balanced) -> Self;
    fn hears_something(self) -> Self;
    fn uploads(self, stan: u32, kind: Kind, amount: Fen) -> Self;
    fn ends_by(self, balanced: bool) -> Self;
    fn closes(self, balanced: bool, count: u16) -> Self;
}

impl Settles for Tale {
    fn settles(self, totals: Totals) -> Tale {
        self.said(TERMINAL, Observation::Settling { op: None, key: key(50), totals })
    }

    /// The centre compares, and its answer arrives.
    fn compares(self, own: Totals, verdict: Balanced) -> Tale {
        self.finds(own, verdict).learns(verdict)
    }

    fn learns(self, verdict: Balanced) -> Tale {
        let from = self.plan.node(Place::Acquirer);
        let received = What::Received { from, conn: ConnId(1), message: answer(verdict) };
        self.event(TERMINAL, received)
    }

    /// A bit of the answer has turned over.
    fn hears_something(self) -> Tale {
        let (from, how) = (self.plan.node(Place::Acquirer), Damage::Corrupted);
        let message = answer(Balanced::Yes);
        self.event(TERMINAL, What::Damaged { from, conn: ConnId(1), message, how })
    }

    fn finds(self, own: Totals, verdict: Balanced) -> Tale {
        self.said(Place::Acquirer, Observation::TotalsCompared { key: key(50), own, verdict })
    }

    fn uploads(self, stan: u32, kind: Kind, amount: Fen) -> Tale {
        self.said(Place::Acquirer, Observation::UploadTaken { key: key(stan), kind, amount })
    }

    fn ends_by(self, balanced: bool) -> Tale {
        let TxnKey { terminal, batch, stan } = key(51);
        let (kind, amount, code, rrn) = (None, Fen::ZERO, None, None);
        let says = Some(Says::End { balanced });
        let mti = Mti::M0320;
        let message = Summary { mti, kind, terminal, batch, stan, amount, code, rrn, says };
        let (to, conn) = (self.plan.node(Place::Acquirer), ConnId(1));
        self.event(TERMINAL, What::Sent { to, conn, copy: 0, due_ms: None, message })
    }

    fn closes(self, balanced: bool, count: u16) -> Tale {
        let TxnKey { terminal, batch, .. } = key(0);
        let closed = Observation::BatchClosed { terminal, batch, balanced, count };
        let over = Observation::BatchOver { terminal, batch, next: Batch(batch.0 + 1) };
        self.said(Place::Acquirer, closed).said(TERMINAL, over)
    }
}

/// The 0510.
fn answer(verdict: Balanced) -> Summary {
    let TxnKey { terminal, batch, stan } = key(50);
    let (kind, amount, rrn) = (None, Fen::ZERO, None);
    let (code, says) = (Some(ResponseCode::APPROVED), Some(Says::Totals(verdict)));
    Summary { mti: Mti::M0510, kind, terminal, batch, stan, amount, code, rrn, says }
}

fn holds(what: &str, tale: &Tale, expected: Expected) {
    check(what, tale, Invariant::TotalsAgree, expected);
}

#[test]
fn a_batch_that_balances_is_ended_by_207() {
    let agreed = || sold().settles(a_day()).compares(a_day(), Balanced::Yes);
    holds("balanced", &agreed().ends_by(true).closes(true, 2), Held);
    holds("ended by 202", &agreed().ends_by(false), Violated);
    holds("nothing was settled", &sold(), Unknown);
}

#[test]
fn an_unbalanced_batch_is_uploaded_whole_and_ended_by_202() {
    let lost = totals((0, 0), (BACK.0, 1));
    let differs = || sold().settles(a_day()).compares(lost, Balanced::No);
    let whole = || differs().uploads(1, Kind::Sale, PRICE).uploads(2, Kind::Refund, BACK);
    holds("uploaded whole", &whole().ends_by(false).closes(false, 2), Held);
    holds("ended by 207 (B47)", &differs().ends_by(true), Violated);
    holds("closed by 207", &differs().closes(true, 2), Violated);
    let skipped = differs().uploads(2, Kind::Refund, BACK).ends_by(false).closes(false, 1);
    holds("the sale is left out (B48)", &skipped, Violated);
    let twice = whole().uploads(1, Kind::Sale, PRICE);
    holds("a record is taken twice (B49)", &twice, Violated);
    let forged = whole().uploads(9, Kind::Sale, PRICE).ends_by(false).closes(false, 3);
    holds("a record that nobody authorised (B91)", &forged, Violated);
    holds("miscounted", &whole().ends_by(false).closes(false, 3), Violated);
    let less = differs().uploads(1, Kind::Sale, Fen(1)).uploads(2, Kind::Refund, BACK);
    holds("another amount", &less.ends_by(false).closes(false, 2), Violated);
}

/// The terminal can only do what it was told; what the centre found is another matter.
#[test]
fn the_end_message_is_that_of_the_answer_that_arrived() {
    let agreed = || sold().settles(a_day()).finds(a_day(), Balanced::Yes);
    let all = |tale: Tale| tale.uploads(1, Kind::Sale, PRICE).uploads(2, Kind::Refund, BACK);
    let by_202 = |tale: Tale| all(tale).ends_by(false).closes(false, 2);
    holds("told 2 for the foreign totals", &by_202(agreed().learns(Balanced::No)), Held);
    holds("told 2, and ended by 207", &agreed().learns(Balanced::No).ends_by(true), Violated);
    holds("told 1, and ended by 202", &by_202(agreed().learns(Balanced::Yes)), Violated);
    holds("a damaged answer read as 2", &by_202(agreed().hears_something()), Held);
    holds("and as 1", &agreed().hears_something().ends_by(true).closes(true, 2), Held);
    let half = agreed().hears_something().uploads(1, Kind::Sale, PRICE);
    holds("and half an upload", &half.ends_by(false).closes(false, 1), Violated);
    holds("told nothing", &agreed().ends_by(true), Violated);
    holds("told nothing, and uploaded", &by_202(agreed()), Violated);
}

#[test]
fn details_may_be_asked_for_although_the_totals_agree() {
    let asked = sold().settles(a_day()).compares(a_day(), Balanced::No);
    let whole = asked.uploads(1, Kind::Sale, PRICE).uploads(2, Kind::Refund, BACK);
    holds("details anyway", &whole.ends_by(false).closes(false, 2), Held);
    let lost = totals((0, 0), (BACK.0, 1));
    let waved = sold().settles(a_day()).compares(lost, Balanced::Yes);
    holds("called balanced although it is not", &waved, Violated);
}

#[test]
fn the_totals_are_those_of_the_approvals() {
    let netted = totals((PRICE.0 - BACK.0, 1), (0, 0));
    holds("netted", &sold().settles(netted), Violated);
    let second = tale::sale(3);
    let declined = sold().asked(&second).declines(&second, tale::code("51"));
    let closed = |tale: Tale| tale.settles(a_day()).compares(a_day(), Balanced::Yes);
    holds("a declined sale counts nowhere", &closed(declined).closes(true, 2), Held);
    let undone = sold().booked(&second).uncaptures(&second).undone(&second);
    holds("a reversed sale counts nowhere", &closed(undone).closes(true, 2), Held);
    let unknown = sold().booked(&second);
    holds("a sale in doubt (B52)", &closed(unknown), Violated);
}

#[test]
fn nothing_enters_a_batch_that_is_being_settled_or_is_closed() {
    let (second, settling) = (tale::sale(3), || sold().settles(a_day()));
    holds("sold while settling (B51)", &settling().asked(&second), Violated);
    let closed = || settling().compares(a_day(), Balanced::Yes).closes(true, 2);
    let mut next = second;
    next.key.batch = Batch(2);
    holds("sold in the next batch", &closed().sold(&next), Held);
    holds("booked in a closed batch", &closed().takes(&second).captures(&second), Violated);
}

#[test]
fn what_is_booked_is_what_was_approved() {
    let (second, settled) = (tale::sale(3), totals((2 * PRICE.0, 2), (BACK.0, 1)));
    let unbooked = sold().asked(&second).approves(&second).ends(&second, Outcome::Ok);
    let closed =
        |tale: Tale| tale.settles(settled).compares(settled, Balanced::Yes).closes(true, 3);
    holds("approved and booked", &closed(sold().sold(&second)), Held);
    holds("approved and not booked", &closed(unbooked), Violated);
}
