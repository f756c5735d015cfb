//! Voids: the checks of money that count them, and state-guard.

use super::tale::{PRICE, Tale, Txn, code, nothing, refund, sale, void};
use super::{Expected, Held, Unknown, Violated};
use crate::check::Invariant;
use crate::plan::{Fault, FaultKind, Place, When};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Outcome, Reason};
use cardstorm_models::party::{Observation, OpRef};
use cardstorm_models::wire::ReversalReason;
use std::sync::Arc;

fn check(what: &str, tale: &Tale, invariant: Invariant, expected: Expected) {
    super::check(what, tale, invariant, expected);
}

/// A void that was booked, and then undone on both sides.
fn undone_in_time(tale: Tale, txn: &Txn) -> Tale {
    let doubtful = tale.void_booked(txn).ends(txn, Outcome::InDoubt);
    doubtful.unvoids(txn).void_uncredits(txn).undone(txn)
}

#[test]
fn a_voided_purchase_may_be_paid_again() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::NoDoubleDebit, expected);
    let (paid, back) = (sale(1), void(2, &sale(1)));
    let again = Txn { intent: 1, op: OpRef { attempt: 1, ..paid.op }, ..sale(3) };
    let voided = || nothing().sold(&paid).voided(&back);
    check("sold and voided", voided(), Held);
    check("paid again after a void", voided().sold(&again), Held);
    check("paid again without one", nothing().sold(&paid).sold(&again), Violated);
    let undone = undone_in_time(nothing().sold(&paid), &back);
    check("a void undone", undone, Held);
    let undone = undone_in_time(nothing().sold(&paid), &back);
    check("paid again although the void was undone", undone.sold(&again), Violated);
    let declined = nothing().sold(&paid).forwards(&back).declines(&back, code("22"));
    check("paid again although the void was declined", declined.sold(&again), Violated);
    let unheard = nothing().sold(&paid).void_booked(&back);
    check("credited, and the terminal does not know", unheard, Violated);
}

#[test]
fn a_void_slip_is_as_true_as_a_sales() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::SlipTruth, expected);
    let (paid, back) = (sale(1), void(2, &sale(1)));
    let sold = || nothing().sold(&paid);
    check("voided on all sides", sold().voided(&back), Held);
    check("undone on all sides", undone_in_time(sold(), &back), Held);
    check("no slip", sold().void_booked(&back).approves(&back), Violated);
    let shown = sold().forwards(&back).answers(&back, code("14"), Decider::Issuer);
    check("declined, and a slip says done", shown.accepted(&back), Violated);
    let unvoided = sold().void_booked(&back).void_uncredits(&back).undone(&back);
    check("undone at the issuer alone", unvoided, Violated);
    let half = sold().forwards(&back).void_credits(&back).accepted(&back);
    check("the shop keeps the money", half, Violated);
}

#[test]
fn a_void_that_did_not_happen_moves_nothing() {
    let check =
        |what, tale: Tale, expected| check(what, &tale, Invariant::DeclineMovesNothing, expected);
    let (paid, back) = (sale(1), void(2, &sale(1)));
    let sold = || nothing().sold(&paid);
    check("none was declined", sold().voided(&back), Unknown);
    let declined = sold().forwards(&back).decides(&back, code("14"), Reason::AccountClosed);
    check("declined", declined.declines(&back, code("14")), Held);
    let credited = sold().forwards(&back).void_credits(&back).declines(&back, code("98"));
    check("declined and credited", credited, Violated);
    check("undone on both sides", undone_in_time(sold(), &back), Held);
    let kept = sold().void_booked(&back).void_uncredits(&back).undone(&back);
    check("undone, and still taken from the shop", kept, Violated);
}

#[test]
fn voids_count_within_the_capture() {
    let check =
        |what, tale: Tale, expected| check(what, &tale, Invariant::RefundWithinCapture, expected);
    let (paid, back, part) = (sale(1), void(2, &sale(1)), refund(3, &sale(1), Fen(40_00)));
    let sold = || nothing().sold(&paid);
    check("voided", sold().voided(&back), Held);
    check("refunded after a void", sold().voided(&back).refunds(&part), Violated);
    check("refunded while a void is under way", sold().forwards(&back).refunds(&part), Violated);
    check("voided after a refund", sold().refunds(&part).forwards(&back), Violated);
    let declined = sold().forwards(&back).answers(&back, code("14"), Decider::Issuer);
    check("refunded once the void is declined", declined.refunds(&part), Held);
    let silent = sold().forwards(&back).answers(&back, code("98"), Decider::Acquirer);
    check("refunded once the bank is silent", silent.refunds(&part), Violated);
    let undone = |tale: Tale| {
        let approved = cardstorm_models::ids::ResponseCode::APPROVED;
        tale.said(Place::Acquirer, Observation::Delivered { rrn: back.rrn, code: approved })
    };
    let reversed = || sold().void_booked(&back).unvoids(&back);
    check("refunded before the bank has undone the void", reversed().refunds(&part), Violated);
    check("refunded after it", undone(reversed()).refunds(&part), Held);
    check("credited twice by voids", sold().voided(&back).void_credits(&back), Violated);
    let anew = void(4, &paid);
    let again = undone(reversed()).void_uncredits(&back).voided(&anew);
    check("voided, undone, voided", again, Held);
}

#[test]
fn a_void_is_refused_for_what_stands_against_it() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::StateGuard, expected);
    let (paid, back, again) = (sale(1), void(2, &sale(1)), void(3, &sale(1)));
    let part = refund(3, &paid, Fen(40_00));
    let sold = || nothing().sold(&paid);
    check("nothing was given back", sold(), Unknown);
    check("voided", sold().voided(&back), Held);
    check("refused without a reason", sold().refused(&back, code("22")), Violated);
    check("refused in maintenance", sold().refused(&back, code("96")), Held);
    check("a second void forwarded", sold().voided(&back).forwards(&again), Violated);
    check("a second void refused", sold().voided(&back).refused(&again, code("22")), Held);
    check("with another's code", sold().voided(&back).refused(&again, code("64")), Violated);
    check("a refund after a void refused", sold().voided(&back).refused(&part, code("22")), Held);
    check("as too much", sold().voided(&back).refused(&part, code("61")), Violated);
    check("a refund after a void", sold().voided(&back).refunded(&part), Violated);
    let refunded = || sold().refunded(&part);
    let late = void(4, &paid);
    check("a void after a refund", refunded().forwards(&late), Violated);
    check("a void after a refund refused", refunded().refused(&late, code("22")), Held);
    let less = Txn { amount: PRICE - Fen(1), ..back };
    check("of less than all forwarded", sold().forwards(&less), Violated);
    check("of less than all refused", sold().refused(&less, code("64")), Held);
    let unknown = Txn { chain: cardstorm_models::ids::Rrn(77), ..back };
    check("of a sale that nobody knows", sold().refused(&unknown, code("25")), Held);
    check("forwarded all the same", sold().forwards(&unknown), Violated);
    let reversal = Observation::Undoing { rrn: paid.rrn, reason: ReversalReason::NoReply };
    let reversed = || sold().said(Place::Acquirer, reversal);
    check("of a reversed sale", reversed().forwards(&back), Violated);
    check("of a reversed sale refused", reversed().refused(&back, code("22")), Held);
    let declined = || nothing().asked(&paid).answers(&paid, code("51"), Decider::Issuer);
    check("of a declined sale refused", declined().refused(&back, code("12")), Held);
    check("a refund of a declined sale", declined().refunded(&part), Violated);
    let released = sold().forwards(&back).answers(&back, code("14"), Decider::Issuer);
    check("after a declined one", released.voided(&again), Held);
}

/// The record of a void reserves its sale, although the line broke before it could be sent; once it is
/// refused here, or undone, the sale is free.
#[test]
fn a_void_that_was_recorded_and_never_sent_reserves_its_sale() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::StateGuard, expected);
    let (paid, back, again) = (sale(1), void(2, &sale(1)), void(3, &sale(1)));
    let unsent = || nothing().sold(&paid).asked(&back);
    check("a second one refused", unsent().refused(&again, code("22")), Held);
    check("a second one forwarded", unsent().forwards(&again), Violated);
    let refused = || nothing().sold(&paid).refused(&back, code("91"));
    check("refused here, and then another", refused().voided(&again), Held);
    check("refused here, and then refused", refused().refused(&again, code("22")), Violated);
    let alone = Txn { chain: back.rrn, ..back };
    let early = || {
        let pending = nothing().sold(&paid).begins(&back).pending(&back);
        pending.takes(&alone).said(Place::Acquirer, Observation::Tombstone { key: back.key })
    };
    check("its reversal came first, and then another", early().voided(&again), Held);
    check("its reversal came first", early().refused(&again, code("22")), Violated);
    let owns = Observation::Undoing { rrn: back.rrn, reason: ReversalReason::NoReply };
    let undoing = || {
        let owned = unsent().said(Place::Acquirer, owns);
        owned.answers(&back, code("98"), Decider::Acquirer)
    };
    check("being undone", undoing().refused(&again, code("22")), Held);
    let approved = cardstorm_models::ids::ResponseCode::APPROVED;
    let delivered = Observation::Delivered { rrn: back.rrn, code: approved };
    check("undone", undoing().said(Place::Acquirer, delivered).voided(&again), Held);
}

/// A centre whose clock a fault may have set to another day says 12 in good faith; one whose neighbours'
/// clocks are wrong does not.
#[test]
fn another_day_is_believed_of_a_wrong_clock_alone() {
    let (paid, back) = (sale(1), void(2, &sale(1)));
    let refused = |at, what| {
        let mut tale = nothing();
        let when = When::At { ms: 1 };
        Arc::make_mut(&mut tale.plan).faults = vec![Fault { at, what, when }];
        tale.sold(&paid).refused(&back, code("12"))
    };
    let clocks = [
        FaultKind::ClockStep { ms: 1 },
        FaultKind::ClockSkew { ms: 1 },
        FaultKind::ClockDrift { ppm: 1, for_ms: 1 },
        FaultKind::WrongZone { hours: 14 },
    ];
    for what in clocks {
        check(what.name(), &refused(Place::Acquirer, what), Invariant::StateGuard, Held);
        check(what.name(), &refused(Place::Issuer, what), Invariant::StateGuard, Violated);
    }
    let other = refused(Place::Acquirer, FaultKind::DiskFull { for_ms: 1 });
    check("no clock at all", &other, Invariant::StateGuard, Violated);
}
