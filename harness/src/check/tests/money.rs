//! The checks of money: no-double-debit, slip-truth, decline-moves-nothing, refund-within-capture,
//! conservation and repaired-once.

use super::tale::{HOLDER, PRICE, SHOP, TERMINAL, Tale, Txn, code, nothing, refund, sale};
use super::{Expected, Held, Unknown, Violated, verdict};
use crate::check::Invariant;
use crate::history::What;
use crate::plan::Place;
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::ledger::{Account, Cause, Leg, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Outcome, Text};
use cardstorm_models::party::{Observation, OpRef};
use cardstorm_models::wire::Mti;

/// A doubtful sale that was booked, and then undone on both sides.
fn undone_in_time(txn: &Txn) -> Tale {
    let doubtful = nothing().booked(txn).ends(txn, Outcome::InDoubt);
    doubtful.uncaptures(txn).undebits(txn).undone(txn)
}

fn check(what: &str, tale: &Tale, invariant: Invariant, expected: Expected) {
    super::check(what, tale, invariant, expected);
}

#[test]
fn no_double_debit() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::NoDoubleDebit, expected);
    let paid = sale(1);
    let again = Txn { intent: paid.intent, op: OpRef { attempt: 1, ..paid.op }, ..sale(2) };
    check("nothing was sold", nothing(), Unknown);
    check("one sale", nothing().sold(&paid), Held);
    check("one purchase paid twice", nothing().sold(&paid).sold(&again), Violated);
    check("two purchases of one amount", nothing().sold(&paid).sold(&sale(2)), Held);
    check("tried again after its reversal", undone_in_time(&paid).sold(&again), Held);
    let doubtful = nothing().booked(&paid).ends(&paid, Outcome::InDoubt);
    check("tried again before its reversal", doubtful.sold(&again), Violated);
    check("debited twice on one number", nothing().sold(&paid).debits(&paid), Violated);
    let repeated = Txn { rrn: Rrn(7), chain: Rrn(7), ..paid };
    check("executed twice", nothing().sold(&paid).takes(&repeated).debits(&repeated), Violated);
    let undone = nothing().sold(&paid).takes(&repeated).debits(&repeated).undebits(&repeated);
    check("executed twice, undone once", undone, Held);
    check(
        "approved and not debited",
        nothing().asked(&paid).captures(&paid).accepted(&paid),
        Violated,
    );
    check("debited back too far", undone_in_time(&paid).undebits(&paid), Violated);
}

#[test]
fn no_double_debit_says_what_is_at_risk() {
    let paid = sale(1);
    let found = verdict(&nothing().sold(&paid).debits(&paid), Invariant::NoDoubleDebit);
    let found = found.violation().expect("violated");
    assert_eq!((found.count, found.at_risk), (1, PRICE));
    assert_eq!(
        (&found.subjects.keys[..], &found.subjects.rrns[..]),
        (&[paid.key][..], &[paid.rrn][..])
    );
}

#[test]
fn slip_truth_of_sales() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::SlipTruth, expected);
    let paid = sale(1);
    check("nothing left a terminal", nothing(), Unknown);
    check("approved, captured, debited, printed", nothing().sold(&paid), Held);
    check("printed again, and marked so", nothing().sold(&paid).reprints(&paid), Held);
    check("printed again as if for the first time", nothing().sold(&paid).prints(&paid), Violated);
    let less = Txn { amount: Fen(99_99), ..paid };
    let other = nothing().sold(&paid).reprints(&less).reprints(&paid);
    check("printed again over another amount", other, Violated);
    let boot = nothing().booked(&paid).approves(&paid).reprints(&paid);
    check("printed only after a restart, and marked so", boot, Held);
    check("a slip for nothing", nothing().sold(&paid).prints(&sale(2)), Violated);
    check("approved, no slip", nothing().booked(&paid).approves(&paid), Violated);
    let owed = || nothing().booked(&paid).approves(&paid).shows(&paid, None, Text::SlipOwed);
    check("owed to the end", owed(), Violated);
    check("owed, and then out", owed().reprints(&paid), Held);
    let late = || nothing().sold(&paid).shows(&paid, None, Text::SlipOwed);
    check("out, called owed, and out again", late().reprints(&paid), Held);
    check("out again and not marked", late().prints(&paid), Violated);
    let reversed = late().uncaptures(&paid).undebits(&paid).undone(&paid);
    check("out, called owed, and reversed for it", reversed, Violated);
    check("slip, no debit", nothing().asked(&paid).captures(&paid).accepted(&paid), Violated);
    check("slip, no capture", nothing().asked(&paid).debits(&paid).accepted(&paid), Violated);
    check(
        "slip, then undone",
        nothing().sold(&paid).uncaptures(&paid).undebits(&paid).undone(&paid),
        Violated,
    );
    check("undone before any slip", undone_in_time(&paid), Held);
    check("money moved, terminal in doubt", nothing().booked(&paid), Violated);
    let declined = nothing().asked(&paid).declines(&paid, code("51"));
    check("declined, nothing moved", declined, Held);
    check(
        "declined, slip",
        nothing().asked(&paid).declines(&paid, code("51")).prints(&paid),
        Violated,
    );
    let other = Account::Cardholder(1);
    let astray = nothing().asked(&paid).debits_from(&paid, other).captures(&paid).accepted(&paid);
    check("debited to another card's holder", astray, Violated);
    check(
        "debited less",
        nothing().asked(&paid).debits(&less).captures(&paid).accepted(&paid),
        Violated,
    );
}

#[test]
fn slip_truth_of_refunds() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::SlipTruth, expected);
    let paid = sale(1);
    let back = refund(2, &paid, Fen(40_00));
    let sold = || nothing().sold(&paid);
    check("refunded and credited", sold().refunded(&back).credits(&back, HOLDER), Held);
    let returned = sold().refunded(&back).credits(&back, Account::ReturnedRefunds);
    check("credited to returned refunds", returned, Held);
    check("refunded and never credited", sold().refunded(&back), Violated);
    let twice = sold().refunded(&back).credits(&back, HOLDER).credits(&back, HOLDER);
    check("credited twice", twice, Violated);
    let refused = sold().asked(&back).declines(&back, code("61"));
    check("refused", refused, Held);
    let refused = sold().asked(&back).refunds(&back).declines(&back, code("61"));
    check("refused and yet taken from the shop", refused, Violated);
}

#[test]
fn decline_moves_nothing() {
    let check =
        |what, tale: Tale, expected| check(what, &tale, Invariant::DeclineMovesNothing, expected);
    let paid = sale(1);
    let back = refund(2, &paid, PRICE);
    check("nothing was declined", nothing().sold(&paid), Unknown);
    check("declined", nothing().asked(&paid).declines(&paid, code("51")), Held);
    check(
        "declined, captured",
        nothing().asked(&paid).captures(&paid).declines(&paid, code("98")),
        Violated,
    );
    check(
        "declined, debited",
        nothing().asked(&paid).debits(&paid).declines(&paid, code("98")),
        Violated,
    );
    let made_good =
        nothing().asked(&paid).debits(&paid).declines(&paid, code("98")).undebits(&paid);
    check("declined, debited, debited back later", made_good, Held);
    check("undone on both sides", undone_in_time(&paid), Held);
    check(
        "undone at the issuer only",
        nothing().booked(&paid).undebits(&paid).undone(&paid),
        Violated,
    );
    check(
        "undone at the acquirer only",
        nothing().booked(&paid).uncaptures(&paid).undone(&paid),
        Violated,
    );
    let refused = nothing().sold(&paid).asked(&back).declines(&back, code("61"));
    check("a refund refused", refused, Held);
    let refused = nothing().sold(&paid).asked(&back).refunds(&back).declines(&back, code("61"));
    check("a refund refused and yet made", refused, Violated);
}

#[test]
fn refund_within_capture() {
    let check =
        |what, tale: Tale, expected| check(what, &tale, Invariant::RefundWithinCapture, expected);
    let paid = sale(1);
    let (most, rest, more) =
        (refund(2, &paid, Fen(60_00)), refund(3, &paid, Fen(40_00)), refund(3, &paid, Fen(40_01)));
    let sold = || nothing().sold(&paid);
    check("nothing was given back", sold(), Unknown);
    check("all of it in two parts", sold().refunds(&most).refunds(&rest), Held);
    check("a fen more at the acquirer", sold().refunds(&most).refunds(&more), Violated);
    check(
        "a fen more at the issuer",
        sold().credits(&most, HOLDER).credits(&more, HOLDER),
        Violated,
    );
    check("a full reversal", undone_in_time(&paid), Held);
    check("a refund and then a reversal", sold().refunds(&most).uncaptures(&paid), Violated);
    check(
        "before anything was captured",
        nothing().takes(&paid).refunds(&most).captures(&paid),
        Violated,
    );
    check("a refund of nothing", sold().refunds(&refund(2, &paid, Fen::ZERO)), Violated);
    check("a refund of less than nothing", sold().refunds(&refund(2, &paid, Fen(-1))), Violated);
    let (first, second) = (refund(3, &paid, PRICE), refund(4, &sale(2), PRICE));
    let both = sold().sold(&sale(2)).refunds(&first).refunds(&second);
    check("a full refund on each of two sales", both, Held);
}

#[test]
fn conservation_of_postings_and_claims() {
    let check =
        |what, tale: Tale, expected| check(what, &tale.read(), Invariant::Conservation, expected);
    let paid = sale(1);
    check("nothing was posted", nothing(), Unknown);
    check("one sale", nothing().sold(&paid), Held);
    let one_sided = Posting {
        chain: Some(paid.rrn),
        txn: Some(paid.rrn),
        cause: Cause::Sale,
        legs: [
            Leg { account: HOLDER, amount: -PRICE },
            Leg { account: Account::Interbank, amount: Fen(1) },
        ],
    };
    let posted = nothing().sold(&paid).said(Place::Issuer, Observation::Posted(one_sided));
    check("a posting that does not balance", posted, Violated);
    let claims = |at, account, balance| {
        let tale = nothing().sold(&paid).read();
        tale.event(at, What::Balance { account, balance })
    };
    let check =
        |what, tale: Tale, expected| super::check(what, &tale, Invariant::Conservation, expected);
    check("the holder's balance as posted", claims(Place::Issuer, HOLDER, Fen(90_000)), Held);
    check("a fen is missing", claims(Place::Issuer, HOLDER, Fen(89_999)), Violated);
    check("the shop's balance as posted", claims(Place::Acquirer, SHOP, PRICE), Held);
    check("the shop was given more", claims(Place::Acquirer, SHOP, Fen(10_001)), Violated);
}

#[test]
fn conservation_reads_every_account_that_was_posted_on() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::Conservation, expected);
    let paid = sale(1);
    let without = |account| {
        let mut tale = nothing().sold(&paid).read();
        let unread =
            |what: &What| matches!(what, What::Balance { account: of, .. } if *of == account);
        tale.events.retain(|event| !unread(&event.what));
        tale
    };
    check("every account is read", nothing().sold(&paid).read(), Held);
    check("the holder's is not", without(HOLDER), Violated);
    check("the shop's is not", without(SHOP), Violated);
    check("one that nothing was posted on is not", without(Account::ReturnedRefunds), Held);
}

#[test]
fn conservation_is_of_the_right_account() {
    let check =
        |what, tale: Tale, expected| check(what, &tale.read(), Invariant::Conservation, expected);
    let paid = sale(1);
    let back = refund(2, &paid, Fen(40_00));
    let (stranger, other_shop) = (Account::Cardholder(1), Account::MerchantUnsettled(1));
    let booked =
        |holder, shop| nothing().asked(&paid).debits_from(&paid, holder).captures_for(&paid, shop);
    check("the card's holder and the terminal's shop", booked(HOLDER, SHOP), Held);
    check("another holder", booked(stranger, SHOP), Violated);
    check("another shop", booked(HOLDER, other_shop), Violated);
    let refunded = |to| nothing().sold(&paid).takes(&back).refunds(&back).credits(&back, to);
    check("credited to the holder that paid", refunded(HOLDER), Held);
    check("credited to another", refunded(stranger), Violated);
    check("credited to the returned refunds", refunded(Account::ReturnedRefunds), Held);
}

#[test]
fn conservation_between_the_hosts() {
    let check =
        |what, tale: Tale, expected| check(what, &tale.read(), Invariant::Conservation, expected);
    let paid = sale(1);
    let back = refund(2, &paid, Fen(40_00));
    check("debited and not captured", nothing().asked(&paid).debits(&paid), Violated);
    check("debited, and debited back", nothing().asked(&paid).debits(&paid).undebits(&paid), Held);
    check("captured and not debited", nothing().asked(&paid).captures(&paid), Violated);
    check("a refund that never arrived", nothing().sold(&paid).refunds(&back), Violated);
    let arrived = nothing().sold(&paid).takes(&back).refunds(&back).credits(&back, HOLDER);
    check("a refund that arrived", arrived, Held);
    let approved = ResponseCode::APPROVED;
    let other = Txn { amount: Fen(10_001), ..paid };
    let sent = |txn: &Txn| nothing().asked(&paid).sends(Place::Acquirer, Mti::M0200, txn, None);
    check("DE4 the same on leg 2", sent(&paid), Held);
    check("DE4 another on leg 2", sent(&other), Violated);
    let replied = |txn: &Txn| {
        let taken = nothing().asked(&paid).answers(&paid, approved, Decider::Issuer);
        taken.sends(Place::Acquirer, Mti::M0210, txn, Some(approved))
    };
    check("DE4 another in the reply", replied(&other), Violated);
    let reversed = nothing().asked(&paid).sends(TERMINAL, Mti::M0400, &other, Some(code("98")));
    check("DE4 another in the reversal", reversed, Violated);
}

#[test]
fn repaired_once() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::RepairedOnce, expected);
    let paid = sale(1);
    let rrn = paid.rrn;
    let said = |tale: Tale, said| tale.said(Place::Acquirer, said);
    let sends =
        |tale: Tale, reason| tale.sends(Place::Acquirer, Mti::M0420, &paid, Some(code(reason)));
    let closed =
        |tale: Tale| said(tale, Observation::Delivered { rrn, code: ResponseCode::APPROVED });
    let case = || {
        let doubtful = nothing().booked(&paid).ends(&paid, Outcome::InDoubt).uncaptures(&paid);
        said(sends(doubtful, "98"), Observation::RepairCase { rrn })
    };
    let no_case = nothing().booked(&paid).uncaptures(&paid).undebits(&paid);
    check("delivered before the cut-off", closed(sends(no_case, "98")), Unknown);
    check("one adjustment", closed(sends(case(), "RC").undebits(&paid)), Held);
    check("one that is repeated", closed(sends(sends(case(), "RC"), "RC").undebits(&paid)), Held);
    check("the advice was under way", closed(case().undebits(&paid)), Held);
    check("nothing to be undone there", closed(sends(case(), "RC")), Held);
    check("never settled", sends(case(), "RC"), Violated);
    check("sent as well", closed(sends(sends(case(), "RC"), "98").undebits(&paid)), Violated);
    check("settled again", sends(closed(sends(case(), "RC").undebits(&paid)), "RC"), Violated);
    let twice = case().undebits(&paid).undebits(&paid);
    check("by the advice and by the adjustment", closed(twice), Violated);
    check("a second case", closed(said(case(), Observation::RepairCase { rrn })), Violated);
    let unasked = sends(nothing().booked(&paid).uncaptures(&paid), "RC");
    check("an adjustment without a case", unasked, Violated);
}
