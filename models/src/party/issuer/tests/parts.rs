//! Approvals of a part at the issuer (flows 8): when one is granted, what moves, and what goes back.

use super::*;

const SALE: u64 = 1;
/// More than the account holds.
const DEAR: i64 = OPENING.0 + 5_000;

/// A sale by a terminal that can take a part, or cannot.
fn sale(amount: i64, takes_partial: bool) -> Message {
    let Message::Request(sale) = request(Kind::Sale, SALE, amount) else {
        unreachable!("a sale is a request")
    };
    Message::Request(Request { takes_partial, ..sale })
}

fn desk() -> Desk {
    Desk::with(|config| config.partial_approval = true)
}

/// Code, DE4 of the answer and reason of a sale, and what it moved.
fn check(mut desk: Desk, asked: &Message, code: &str, amount: i64, reason: Reason, moved: i64) {
    let before = desk.taken(0);
    let reply = desk.ask(asked);
    assert_eq!((reply.code.as_str(), reply.txn.amount), (code, Fen(amount)));
    assert_eq!((desk.reason(), desk.taken(0) - before), (reason, Fen(moved)));
    let again = desk.ask(asked);
    assert_eq!((again.code, again.txn, again.auth), (reply.code, reply.txn, reply.auth));
    assert_eq!(desk.taken(0) - before, Fen(moved), "once");
}

#[test]
fn a_part_is_granted_where_terminal_and_bank_take_it() {
    let all = OPENING.0;
    check(desk(), &sale(DEAR, true), "10", all, Reason::GrantedInPart, all);
    check(desk(), &sale(DEAR, false), "51", DEAR, Reason::Balance, 0);
    check(Desk::new(), &sale(DEAR, true), "51", DEAR, Reason::Balance, 0);
    check(desk(), &sale(all, true), "00", all, Reason::Granted, all);
    let mut nothing_left = desk();
    nothing_left.ask(&request(Kind::Sale, 2, all));
    check(nothing_left, &sale(DEAR, true), "51", DEAR, Reason::Balance, 0);
    let limited = || {
        Desk::with(|config| {
            config.partial_approval = true;
            config.sale_limit = Some(OPENING);
        })
    };
    check(limited(), &sale(DEAR, true), "61", DEAR, Reason::AmountLimit, 0);
    let mut frozen = desk();
    frozen.house(HouseOp::AccountState { account: 0, state: AccountState::Frozen });
    check(frozen, &sale(DEAR, true), "62", DEAR, Reason::AccountFrozen, 0);
}

/// A 0420 names what was asked for, and gives back what was granted (soundness 9).
#[test]
fn a_reversed_part_gives_back_the_part() {
    let mut desk = desk();
    desk.ask(&sale(DEAR, true));
    assert_eq!(desk.code(&undo(Kind::Sale, SALE, OPENING.0)), "64");
    assert_eq!(desk.taken(0), OPENING, "64 changes nothing");
    assert_eq!(desk.code(&undo(Kind::Sale, SALE, DEAR)), "00");
    assert_eq!(desk.taken(0), Fen::ZERO);
    assert_eq!(desk.code(&sale(DEAR, true)), "22", "once it is reversed");
}

/// A void is of the whole that was approved, a refund of some of that.
#[test]
fn what_was_approved_is_what_goes_back() {
    let mut voided = desk();
    voided.ask(&sale(DEAR, true));
    assert_eq!(voided.code(&void(Kind::Void, 2, SALE, DEAR)), "64");
    assert_eq!(voided.code(&void(Kind::Void, 3, SALE, OPENING.0)), "00");
    assert_eq!(voided.taken(0), Fen::ZERO);
    let mut refunded = desk();
    refunded.ask(&sale(DEAR, true));
    assert_eq!(refunded.code(&refund(2, SALE, 3_000)), "00");
    assert_eq!(refunded.taken(0), OPENING - Fen(3_000));
}
