//! Pre-authorisation, its void, its completion and that one's void, and the reversals of each (flows 4.4;
//! soundness 15, 19).

use super::*;

const AUTH: u64 = 1;
const VOID: u64 = 2;
const DONE: u64 = 3;
const TAKEN_BACK: u64 = 4;
const HELD: Fen = Fen(11_500);
const DAY_MS: i64 = 86_400_000;

fn pre_auth() -> Message {
    request(Kind::PreAuth, AUTH, 10_000)
}

/// A void or a completion of the pre-authorisation.
fn on_hold(kind: Kind, rrn: u64, amount: i64) -> Message {
    let date = NOON.month_day();
    let linked = Linked::Auth { auth: AuthCode(*b"000001"), date };
    let (txn, card) = (txn(kind, rrn, amount), card(0));
    let rrn = Some(Rrn(rrn));
    Message::Request(Request { txn, card, pin: None, rrn, linked, takes_partial: false })
}

fn voided() -> Message {
    on_hold(Kind::PreAuthVoid, VOID, 10_000)
}

fn completed() -> Message {
    on_hold(Kind::Completion, DONE, 9_000)
}

fn taken_back() -> Message {
    let Message::Request(mut asked) = void(Kind::CompletionVoid, TAKEN_BACK, DONE, 9_000) else {
        unreachable!("a void is a request")
    };
    if let Linked::Rrn { auth, .. } = &mut asked.linked {
        *auth = Some(AuthCode(*b"000001"));
    }
    Message::Request(asked)
}

fn held(desk: &Desk) -> Fen {
    let books = &desk.issuer.books;
    books.ledger.balance(Account::Cardholder(0)) - books.available(0)
}

#[test]
fn money_is_set_apart_and_given_free_or_taken() {
    let mut desk = Desk::new();
    assert_eq!(desk.ask(&pre_auth()).auth, Some(AuthCode(*b"000001")));
    assert_eq!((held(&desk), desk.taken(0)), (HELD, Fen::ZERO));
    let done = desk.ask(&completed());
    assert_eq!((done.code, done.auth), (ResponseCode::APPROVED, Some(AuthCode(*b"000001"))));
    assert_eq!((held(&desk), desk.taken(0)), (Fen::ZERO, Fen(9_000)));
    assert_eq!(desk.code(&taken_back()), "00");
    assert_eq!((held(&desk), desk.taken(0)), (HELD, Fen::ZERO));
    assert_eq!(desk.code(&voided()), "22", "it is completed once, and that was it");
    desk.now.wall.0 += 30 * DAY_MS;
    desk.code(&request(Kind::Sale, 9, 1));
    assert_eq!(held(&desk), Fen::ZERO, "the expiry that it had");
}

#[test]
fn what_is_set_apart_cannot_be_spent() {
    let mut desk = Desk::new();
    desk.ask(&pre_auth());
    assert_eq!(desk.code(&request(Kind::Sale, 7, OPENING.0 - HELD.0 + 1)), "51");
    assert_eq!(desk.code(&request(Kind::PreAuth, 8, OPENING.0 - HELD.0)), "51", "115 % of it");
    assert_eq!(desk.code(&request(Kind::Sale, 9, OPENING.0 - HELD.0)), "00");
    assert_eq!(desk.code(&on_hold(Kind::Completion, DONE, HELD.0)), "00", "it needs no more");
    assert_eq!(desk.taken(0), OPENING);
}

/// After what went before, this gets that code for that reason, and is answered the same once more.
fn check(before: &[Message], later_ms: i64, asked: &Message, code: &str, reason: Reason) {
    let mut desk = Desk::new();
    for message in before {
        desk.ask(message);
    }
    desk.now.wall.0 += later_ms;
    let before = desk.taken(0);
    assert_eq!((desk.code(asked).as_str(), desk.reason()), (code, reason), "{asked:?}");
    let moved = desk.taken(0) - before;
    assert!(reason == Reason::Granted || moved == Fen::ZERO, "a refusal moves nothing");
    assert_eq!(desk.code(asked), code);
    assert_eq!(desk.taken(0) - before, moved);
}

#[test]
fn each_refusal_has_its_code_and_moves_nothing() {
    let undone = undo(Kind::PreAuth, AUTH, 10_000);
    let again = on_hold(Kind::Completion, 5, 9_000);
    let month = 30 * DAY_MS;
    let Message::Request(mut other_day) = completed() else { unreachable!() };
    other_day.linked =
        Linked::Auth { auth: AuthCode(*b"000001"), date: MonthDay { month: 7, day: 1 } };
    let Message::Request(mut other_card) = completed() else { unreachable!() };
    other_card.card = card(1);
    let Message::Request(mut other_shop) = completed() else { unreachable!() };
    other_shop.txn.merchant = MerchantId(*b"999999999999999");
    let over = on_hold(Kind::Completion, DONE, HELD.0 + 1);
    let nothing = on_hold(Kind::Completion, DONE, 0);
    let part = on_hold(Kind::PreAuthVoid, VOID, 9_999);
    check(&[pre_auth()], month - 1, &completed(), "00", Reason::Granted);
    check(&[pre_auth()], month, &completed(), "22", Reason::HoldExpired);
    check(&[pre_auth()], month, &voided(), "22", Reason::HoldExpired);
    check(&[pre_auth()], 0, &on_hold(Kind::Completion, DONE, HELD.0), "00", Reason::Granted);
    check(&[pre_auth()], 0, &over, "61", Reason::AmountLimit);
    check(&[pre_auth()], 0, &nothing, "13", Reason::InvalidAmount);
    check(&[pre_auth()], 0, &part, "64", Reason::AmountDiffers);
    check(&[], 0, &completed(), "25", Reason::NoOriginal);
    check(&[pre_auth(), undone], 0, &completed(), "22", Reason::ReversedBefore);
    check(&[pre_auth(), voided()], 0, &completed(), "22", Reason::VoidedBefore);
    check(&[pre_auth(), completed()], 0, &again, "22", Reason::CompletedBefore);
    check(&[pre_auth(), completed()], 0, &voided(), "22", Reason::CompletedBefore);
    check(&[pre_auth()], 0, &Message::Request(other_day), "25", Reason::NoOriginal);
    check(&[pre_auth()], 0, &Message::Request(other_card), "25", Reason::NoOriginal);
    check(&[pre_auth()], 0, &Message::Request(other_shop), "25", Reason::NoOriginal);
    check(&[request(Kind::Sale, AUTH, 10_000)], 0, &completed(), "25", Reason::NoOriginal);
}

/// The reversed completion's hold is the old one: by then its time may be over (soundness 15).
#[test]
fn a_reversed_completion_restores_the_hold_with_its_expiry() {
    let mut desk = Desk::new();
    desk.ask(&pre_auth());
    desk.ask(&completed());
    desk.now.wall.0 += 29 * DAY_MS;
    assert_eq!(desk.code(&undo(Kind::Completion, DONE, 9_000)), "00");
    assert_eq!((held(&desk), desk.taken(0)), (HELD, Fen::ZERO));
    desk.now.wall.0 += DAY_MS;
    desk.ask(&request(Kind::Sale, 9, 1));
    assert_eq!(held(&desk), Fen::ZERO);
}

/// Every sequence of up to five of: pre-authorisation, its void, its completion, and the 0420 of each. Hold
/// and debit follow from what was approved and what was undone, whatever the order and the repeats.
#[test]
fn holds_and_their_reversals_commute() {
    let messages = [
        pre_auth(),
        voided(),
        completed(),
        undo(Kind::PreAuth, AUTH, 10_000),
        undo(Kind::PreAuthVoid, VOID, 10_000),
        undo(Kind::Completion, DONE, 9_000),
    ];
    for number in 0..6u32.pow(5) {
        let order: Vec<usize> = (0..5).map(|at| (number / 6u32.pow(at) % 6) as usize).collect();
        let mut desk = Desk::new();
        let (mut seen, mut done) = ([false; 6], [false; 3]);
        for &at in &order {
            let stands = |which: usize, seen: &[bool; 6]| done[which] && !seen[which + 3];
            if at < 3 && !seen[at] {
                let free = stands(0, &seen) && !stands(1, &seen) && !stands(2, &seen);
                done[at] = !seen[at + 3] && (at == 0 || free);
            }
            seen[at] = true;
            desk.ask(&messages[at]);
            let stands = |which: usize| done[which] && !seen[which + 3];
            let hold = if stands(0) && !stands(1) && !stands(2) { HELD } else { Fen::ZERO };
            let taken = if stands(2) { Fen(9_000) } else { Fen::ZERO };
            assert_eq!((held(&desk), desk.taken(0)), (hold, taken), "{order:?}");
        }
    }
}
