//! The checks of what may come in and what it may cost: authentic-only and pin-count.

use super::tale::{TERMINAL, Tale, Txn, code, nothing, sale, summary};
use super::{Held, Unknown, Violated};
use crate::check::Invariant;
use crate::history::{Damage, What};
use crate::plan::{Fault, FaultKind, Place, When};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Reason, Stray};
use cardstorm_models::party::{ConnId, Observation};
use cardstorm_models::wire::Mti;
use std::sync::Arc;

/// A world in which messages are damaged and doubled.
fn rough() -> Tale {
    let mut tale = nothing();
    let fault =
        |what| Fault { at: Place::Acquirer, what, when: When::At { ms: tale.plan.chaos_ms } };
    let faults = vec![fault(FaultKind::StripMac), fault(FaultKind::Duplicate { after_ms: 1 })];
    Arc::make_mut(&mut tale.plan).faults = faults;
    tale
}

/// A message reaches a party as it was sent.
fn whole(tale: Tale, at: Place, mti: Mti, txn: &Txn) -> Tale {
    let (from, conn) = (tale.plan.node(Place::Acquirer), ConnId(1));
    tale.event(at, What::Received { from, conn, message: summary(mti, txn, None) })
}

/// What a fault has left of it.
fn damaged(tale: Tale, at: Place, mti: Mti, txn: &Txn) -> Tale {
    let (from, conn, how) = (tale.plan.node(Place::Acquirer), ConnId(1), Damage::Stripped);
    tale.event(at, What::Damaged { from, conn, message: summary(mti, txn, None), how })
}

#[test]
fn authentic_only() {
    let check = |what, tale: Tale, expected| {
        super::check(what, &tale, Invariant::AuthenticOnly, expected);
    };
    let paid = sale(1);
    let (acquirer, issuer) = (Place::Acquirer, Place::Issuer);
    let approved = ResponseCode::APPROVED;
    check("nothing was damaged, nothing came twice", rough().sold(&paid), Unknown);
    let asked = || damaged(rough().pending(&paid), acquirer, Mti::M0200, &paid);
    check("a damaged request, refused", asked(), Held);
    check("a damaged request, taken", asked().takes(&paid), Violated);
    check(
        "and a whole one behind it",
        whole(asked(), acquirer, Mti::M0200, &paid).takes(&paid),
        Held,
    );
    let other = sale(2);
    check(
        "another request, taken",
        whole(asked(), acquirer, Mti::M0200, &other).takes(&other),
        Held,
    );
    check(
        "a damaged request, and its reversal finds nothing",
        whole(asked(), acquirer, Mti::M0400, &paid).takes(&paid),
        Held,
    );
    let forwarded = || whole(rough().pending(&paid), acquirer, Mti::M0200, &paid).takes(&paid);
    let numbered = || damaged(forwarded(), issuer, Mti::M0200, &paid);
    check(
        "a damaged request, decided",
        numbered().decides(&paid, approved, Reason::Granted),
        Violated,
    );
    let answered = |tale: Tale| tale.answers(&paid, approved, Decider::Issuer);
    let reply = || damaged(forwarded(), acquirer, Mti::M0210, &paid);
    check("a damaged answer, stored as the issuer's", answered(reply()), Violated);
    let own = reply().answers(&paid, code("98"), Decider::Acquirer);
    check("a damaged answer, and the acquirer's own", own, Held);
    let told = || damaged(forwarded(), TERMINAL, Mti::M0210, &paid);
    check("a damaged approval, taken", told().approves(&paid), Violated);
    check("a damaged answer, taken for a decline", told().declines(&paid, code("61")), Violated);
    let heard = whole(told(), TERMINAL, Mti::M0410, &paid);
    check("a damaged approval, reversed", heard.undone(&paid), Held);
    let undone = damaged(told(), TERMINAL, Mti::M0410, &paid).undone(&paid);
    check("done by a damaged 0410", undone, Violated);
    let again = || whole(forwarded(), acquirer, Mti::M0200, &paid);
    check("a second copy changes nothing", again(), Held);
    check("a second copy is taken as well", again().takes(&paid), Violated);
    check("one copy, and the record of it twice", forwarded().takes(&paid), Unknown);
}

/// A refusal echoes what it read; the amount is wrong on the line, and nobody books it.
#[test]
fn conservation_of_a_damaged_amount() {
    let check =
        |what, tale: Tale, expected| super::check(what, &tale, Invariant::Conservation, expected);
    let (paid, at) = (sale(1), Place::Acquirer);
    let other = Txn { amount: Fen(30_000), ..paid };
    let why = Stray::BadMac;
    let dropped = |tale: Tale| {
        let message = summary(Mti::M0200, &other, None);
        tale.said(at, Observation::Dropped { why, message })
    };
    let asked = || damaged(rough().pending(&paid), at, Mti::M0200, &paid);
    let answered = |tale: Tale, with| tale.sends(at, Mti::M0210, &other, Some(code(with)));
    check("A0 with the amount that was read", answered(dropped(asked()), "A0"), Held);
    check("an approval of it", answered(dropped(asked()), "00"), Violated);
    check("A0 with an amount that nobody read", answered(asked(), "A0"), Violated);
    check("A0 to what was whole", answered(dropped(rough().pending(&paid)), "A0"), Violated);
    let next = sale(2);
    let like_the_first = dropped(damaged(rough().pending(&paid), at, Mti::M0200, &next));
    check("a STAN so damaged that it is the first sale's", answered(like_the_first, "A0"), Held);
}

#[test]
fn pin_count() {
    let check =
        |what, tale: Tale, expected| super::check(what, &tale, Invariant::PinCount, expected);
    let guarded = || {
        let mut tale = nothing();
        Arc::make_mut(&mut tale.plan).world.issuer.cards[0].pin =
            Some("123456".parse().expect("a PIN"));
        tale
    };
    let decided = |tale: Tale, n: u32, with: &str, reason| {
        let txn = sale(n);
        let begun = tale.begins(&txn).pending(&txn).takes(&txn);
        whole_at_issuer(begun, &txn).decides(&txn, code(with), reason)
    };
    let wrong = |tale, n| decided(tale, n, "55", Reason::WrongPin);
    let right = |tale, n| decided(tale, n, "00", Reason::Granted);
    let used = |tale, n| decided(tale, n, "75", Reason::PinTriesUsed);
    let two = || wrong(wrong(guarded(), 1), 2);
    check("no card has a PIN", right(nothing(), 1), Unknown);
    check(
        "frozen before anybody looked at the PIN",
        decided(guarded(), 1, "62", Reason::AccountFrozen),
        Unknown,
    );
    check("two wrong, then right", right(two(), 3), Held);
    check("three wrong, then none left", used(wrong(two(), 3), 4), Held);
    check("two wrong, and none left", used(two(), 3), Violated);
    check("three wrong, and a fourth looked at", wrong(wrong(two(), 3), 4), Violated);
    check("three wrong, and then right", right(wrong(two(), 3), 4), Violated);
    check("right in between", used(wrong(wrong(right(two(), 3), 4), 5), 6), Violated);
    check(
        "wrong, but too little money: the PIN was right",
        decided(two(), 3, "51", Reason::Balance),
        Held,
    );
    let undone = wrong(guarded(), 1).said(
        Place::Issuer,
        Observation::ReversalDecided {
            rrn: sale(1).rrn,
            code: code("12"),
            reason: Reason::NotApproved,
        },
    );
    check("a reversal gives nothing back", used(wrong(wrong(undone, 2), 3), 4), Held);
    let copied = |tale: Tale| {
        whole_at_issuer(tale, &sale(1)).decides(&sale(1), code("55"), Reason::WrongPin)
    };
    check("one entry decided twice", copied(wrong(guarded(), 1)), Violated);
}

fn whole_at_issuer(tale: Tale, txn: &Txn) -> Tale {
    whole(tale, Place::Issuer, Mti::M0200, txn)
}
