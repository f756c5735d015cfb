//! Approvals of a part (flows 8): 100.00 are asked for, and 60.00 are there.

use super::tale::{PRICE, TERMINAL, Tale, Txn, code, nothing, sale, void};
use super::{Expected, Held, Violated};
use crate::check::Invariant;
use crate::history::{Asked, What};
use crate::plan::Place;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Outcome, Reason, Text};
use cardstorm_models::party::{Observation, OpRef};
use cardstorm_models::wire::Mti;
use std::sync::Arc;

const TEN: ResponseCode = ResponseCode::PARTIAL;
const PART: Fen = Fen(60_00);

fn check(what: &str, tale: &Tale, invariant: Invariant, expected: Expected) {
    super::check(what, tale, invariant, expected);
}

/// An account with so much on it, and a till that can take a part, or cannot.
fn world(holds: Fen, declared: bool) -> Tale {
    let mut tale = nothing();
    let world = &mut Arc::make_mut(&mut tale.plan).world;
    world.issuer.partial_approval = true;
    world.issuer.accounts[0].opening = holds;
    world.terminals[0].partial_approval = declared;
    tale
}

fn of(txn: &Txn, amount: Fen) -> Txn {
    Txn { amount, ..*txn }
}

/// The issuer grants a part, and so much is captured.
fn booked(tale: Tale, txn: &Txn, captured: Fen) -> Tale {
    let debited = tale.asked(txn).debits(&of(txn, PART)).decides(txn, TEN, Reason::GrantedInPart);
    debited.captures(&of(txn, captured)).answers(txn, TEN, Decider::Issuer)
}

/// The terminal hears of so much, and takes so much of it as paid.
fn accepted(tale: Tale, txn: &Txn, told: Fen, taken: Fen) -> Tale {
    let (told, taken) = (of(txn, told), of(txn, taken));
    let heard = tale.sends(Place::Acquirer, Mti::M0210, &told, Some(TEN));
    let heard = heard.hears(Mti::M0210, &told, TEN).approves(&taken);
    heard.shows(txn, Some(TEN), Text::Code(TEN)).prints(&taken).ends(txn, Outcome::Ok)
}

fn in_part(txn: &Txn) -> Tale {
    accepted(booked(world(PART, true), txn, PART), txn, PART, PART)
}

#[test]
fn a_part_is_the_same_for_everybody() {
    let paid = sale(1);
    let slip = |what, tale: &Tale, expected| check(what, tale, Invariant::SlipTruth, expected);
    slip("60 everywhere", &in_part(&paid), Held);
    let whole = accepted(booked(world(PART, true), &paid, PART), &paid, PART, PRICE);
    slip("a slip over 100 (B44)", &whole, Violated);
    let captured = || accepted(booked(world(PART, true), &paid, PRICE), &paid, PART, PART);
    slip("100 captured (B44)", &captured(), Violated);
    let money =
        |what, tale: Tale, expected| check(what, &tale.read(), Invariant::Conservation, expected);
    money("60 between the banks", in_part(&paid), Held);
    money("60 against 100", captured(), Violated);
}

#[test]
fn de4_is_lower_with_10_alone() {
    let paid = sale(1);
    let check =
        |what, tale: Tale, expected| check(what, &tale.read(), Invariant::Conservation, expected);
    let told = |amount: Fen, said: &str| {
        let tale = booked(world(PART, true), &paid, PART);
        tale.sends(Place::Acquirer, Mti::M0210, &of(&paid, amount), Some(code(said)))
    };
    check("60 with 10", told(PART, "10"), Held);
    check("60 with 00", told(PART, "00"), Violated);
    check("more than was asked for", told(PRICE + Fen(1), "10"), Violated);
    check("nothing", told(Fen::ZERO, "10"), Violated);
    let twice = told(PART, "10");
    let twice = twice.sends(Place::Acquirer, Mti::M0210, &of(&paid, PART - Fen(1)), Some(TEN));
    check("another part in a copy", twice, Violated);
}

#[test]
fn ten_is_said_of_a_short_balance_and_to_who_declared() {
    let paid = sale(1);
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::AccurateCode, expected);
    check("short, and declared", in_part(&paid), Held);
    let shown =
        |holds, declared| accepted(booked(world(holds, declared), &paid, PART), &paid, PART, PART);
    check("it was all there", shown(PRICE, true), Violated);
    check("a fen less was not", shown(PRICE - Fen(1), true), Held);
    check("nobody declared it", shown(PART, false), Violated);
    let made_up = world(PART, true).asked(&paid).answers(&paid, TEN, Decider::Acquirer);
    check("of the acquirer's own making", accepted(made_up, &paid, PART, PART), Violated);
}

/// The rest is paid under the same purchase, and no more than it.
#[test]
fn a_purchase_is_paid_by_its_tenders_together() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::NoDoubleDebit, expected);
    let paid = sale(1);
    let rest = |amount| Txn { intent: paid.intent, ..of(&sale(2), amount) };
    let paid_with = |amount: Fen| {
        let rest = rest(amount);
        let asked = Asked::Rest { intent: rest.intent, of: 0, card: 0 };
        let begins = What::OpBegins { op: rest.op, asked, amount };
        // Paid in the meantime, or there would be no rest to take.
        in_part(&paid).event(TERMINAL, begins).sold(&rest)
    };
    check("60 and 40", paid_with(PRICE - PART), Held);
    check("60 and 41", paid_with(PRICE - PART + Fen(1)), Violated);
    check("60 and nothing", in_part(&paid), Held);
    let unpaid = accepted(booked(world(PART, true), &paid, PART), &paid, PART, PRICE);
    check("60 taken for 100 (B44)", unpaid, Violated);
    let again = Txn { op: OpRef { attempt: 1, ..paid.op }, ..rest(PRICE) };
    check("60, and the whole again", in_part(&paid).sold(&again), Violated);
}

/// What was approved is the whole that a void takes back (flows 4.2).
#[test]
fn a_void_is_of_the_part() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::StateGuard, expected);
    let paid = sale(1);
    let back = |amount| of(&void(2, &paid), amount);
    check("60 taken back", in_part(&paid).voided(&back(PART)), Held);
    check(
        "60 refused as another amount",
        in_part(&paid).refused(&back(PART), code("64")),
        Violated,
    );
    check("100 refused as another amount", in_part(&paid).refused(&back(PRICE), code("64")), Held);
    check("100 asked for", in_part(&paid).forwards(&back(PRICE)), Violated);
    let said = Observation::Delivered { rrn: paid.rrn, code: TEN };
    check("nothing was", in_part(&paid).said(Place::Acquirer, said), super::Unknown);
}
