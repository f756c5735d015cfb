//! Void and its reversal (flows 4.2; soundness 13, 15).

use super::*;

const SALE: u64 = 1;
const VOID: u64 = 2;

fn sale() -> Message {
    request(Kind::Sale, SALE, 5_000)
}

fn void_of_sale() -> Message {
    void(Kind::Void, VOID, SALE, 5_000)
}

/// Every sequence of up to five messages: sale, its 0420, void, its 0420. What is left of the debit follows
/// from which were approved and which were undone, whatever the order and the repeats.
#[test]
fn sale_void_and_their_reversals_commute() {
    let messages =
        [sale(), undo(Kind::Sale, SALE, 5_000), void_of_sale(), undo(Kind::Void, VOID, 5_000)];
    for length in 1..=5u32 {
        for number in 0..4u32.pow(length) {
            let order: Vec<usize> =
                (0..length).map(|at| (number / 4u32.pow(at) % 4) as usize).collect();
            let mut desk = Desk::new();
            let (mut seen, mut sold, mut voided) = ([false; 4], false, false);
            for &at in &order {
                match at {
                    0 if !seen[0] => sold = !seen[1],
                    2 if !seen[2] => voided = sold && !seen[1] && !seen[3],
                    _ => {}
                }
                seen[at] = true;
                desk.ask(&messages[at]);
                let given_back = voided && !seen[3];
                let stands = sold && !seen[1] && !given_back;
                assert_eq!(desk.taken(0), Fen(if stands { 5_000 } else { 0 }), "{order:?}");
            }
        }
    }
}

/// After what went before, a void gets this code for this reason; only a granted one moves money, and a
/// repeat gets the stored answer (soundness 3).
fn check(before: &[Message], house: Option<HouseOp>, asked: &Message, code: &str, reason: Reason) {
    let mut desk = Desk::new();
    for message in before {
        desk.ask(message);
    }
    if let Some(op) = house {
        desk.house(op);
    }
    let taken = desk.taken(0);
    assert_eq!((desk.code(asked).as_str(), desk.reason()), (code, reason), "{asked:?}");
    let moved = if reason == Reason::Granted { Fen(5_000) } else { Fen::ZERO };
    assert_eq!(taken - desk.taken(0), moved, "{reason:?}");
    assert_eq!(desk.code(asked), code);
    assert_eq!(taken - desk.taken(0), moved, "{reason:?}");
}

#[test]
fn each_refusal_of_a_void_has_its_code_and_moves_nothing() {
    let close = HouseOp::AccountState { account: 0, state: AccountState::Closed };
    let undone = undo(Kind::Sale, SALE, 5_000);
    let (second, too_much) = (void(Kind::Void, 3, SALE, 5_000), request(Kind::Sale, SALE, 100_001));
    let of_void = void(Kind::Void, 3, VOID, 5_000);
    let of_declined = void(Kind::Void, VOID, SALE, 100_001);
    let Message::Request(mut other_card) = void_of_sale() else { unreachable!() };
    other_card.card = card(1);
    let Message::Request(mut other_auth) = void_of_sale() else { unreachable!() };
    if let Linked::Rrn { auth, .. } = &mut other_auth.linked {
        *auth = Some(AuthCode(*b"999999"));
    }
    check(&[sale()], None, &void_of_sale(), "00", Reason::Granted);
    check(&[], None, &void_of_sale(), "25", Reason::NoOriginal);
    check(&[too_much], None, &of_declined, "12", Reason::NotApproved);
    check(&[sale(), undone], None, &void_of_sale(), "22", Reason::ReversedBefore);
    check(&[sale(), void_of_sale()], None, &second, "22", Reason::VoidedBefore);
    check(&[sale(), void_of_sale()], None, &of_void, "12", Reason::InvalidTransaction);
    check(&[sale(), refund(3, SALE, 1)], None, &void_of_sale(), "22", Reason::RefundedBefore);
    check(&[sale()], None, &void(Kind::Void, VOID, SALE, 4_999), "64", Reason::AmountDiffers);
    check(&[sale()], None, &Message::Request(other_card), "14", Reason::CardDiffers);
    check(&[sale()], None, &Message::Request(other_auth), "25", Reason::NoOriginal);
    check(&[sale()], Some(close), &void_of_sale(), "14", Reason::AccountClosed);
}

/// Money goes back to a card that was lost, frozen or has expired since, as with a refund (soundness 14).
#[test]
fn a_void_does_not_ask_for_the_state_of_card_or_account() {
    for op in [
        HouseOp::CardState { card: 0, state: CardState::Lost },
        HouseOp::AccountState { account: 0, state: AccountState::Frozen },
    ] {
        let mut desk = Desk::new();
        desk.ask(&sale());
        desk.house(op);
        assert_eq!(desk.code(&void_of_sale()), "00", "{op:?}");
        assert_eq!(desk.taken(0), Fen::ZERO);
    }
}

/// A reversed void is a forced debit: it overdraws, and closes no account to it (soundness 15).
#[test]
fn a_reversed_void_takes_the_money_whatever_is_left() {
    let mut desk = Desk::new();
    desk.ask(&sale());
    desk.ask(&void_of_sale());
    assert_eq!(desk.code(&request(Kind::Sale, 3, OPENING.0)), "00");
    assert_eq!(desk.code(&undo(Kind::Void, VOID, 5_000)), "00");
    assert_eq!(desk.taken(0), OPENING + Fen(5_000));
}
