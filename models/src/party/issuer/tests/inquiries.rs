//! Balance inquiries at the issuer's door (flows 4.5; soundness 2d): told with its sign, told again the same,
//! and nothing else changes but the count of PIN tries.

use super::*;
use crate::wire::pin::{self, Pin};

const ASKED: u64 = 1;

fn asked(rrn: u64, pin: Option<&str>) -> Message {
    let Message::Request(mut asked) = request(Kind::Balance, rrn, 0) else {
        unreachable!("an inquiry is a request")
    };
    let key = config().zone_pin_key;
    asked.pin = pin.map(|digits| {
        let entered: Pin = digits.parse().expect("digits");
        pin::encrypt(&entered, &asked.card.pan(), &key)
    });
    Message::Request(asked)
}

fn told(desk: &mut Desk, message: &Message) -> Fen {
    match desk.ask(message).told {
        Told::Balance(balance) => balance,
        other => panic!("no balance: {other:?}"),
    }
}

#[test]
fn what_is_available_is_told_with_its_sign() {
    let mut desk = Desk::new();
    assert_eq!(told(&mut desk, &asked(ASKED, None)), OPENING);
    desk.ask(&request(Kind::Sale, 2, 30_000));
    desk.ask(&request(Kind::PreAuth, 3, 10_000));
    assert_eq!(told(&mut desk, &asked(4, None)), Fen(58_500), "less the sale and the hold");
    desk.house(HouseOp::RiskHold { account: 0, amount: Fen(60_000) });
    assert_eq!(told(&mut desk, &asked(5, None)), Fen(-1_500), "owed");
    assert_eq!(desk.taken(0), Fen(30_000), "and nothing moved");
}

#[test]
fn a_copy_is_told_the_same_over_a_restart() {
    let mut desk = Desk::new();
    told(&mut desk, &asked(ASKED, None));
    desk.ask(&request(Kind::Sale, 2, 30_000));
    desk.reboot();
    assert_eq!(told(&mut desk, &asked(ASKED, None)), OPENING, "as it was when it was decided");
    let decided = desk.facts.iter().filter(|fact| matches!(fact, Observation::Decided { .. }));
    assert_eq!(decided.count(), 2);
}

#[test]
fn card_and_pin_are_judged_and_an_entry_costs_one_try() {
    let mut desk = Desk::with(|config| {
        config.cards[0].pin = Some("123456".parse().expect("six digits"));
    });
    let wrong = asked(ASKED, Some("654321"));
    assert_eq!((desk.code(&wrong).as_str(), desk.reason()), ("55", Reason::WrongPin));
    assert_eq!(desk.code(&wrong), "55", "a copy");
    assert_eq!(desk.issuer.books.cards[0].wrong_pins, 1);
    assert_eq!(desk.code(&asked(2, None)), "30");
    assert_eq!(told(&mut desk, &asked(3, Some("123456"))), OPENING);
    assert_eq!(desk.issuer.books.cards[0].wrong_pins, 0);
    desk.house(HouseOp::CardState { card: 0, state: CardState::Lost });
    assert_eq!(desk.code(&asked(4, Some("123456"))), "41");
}

#[test]
fn a_balance_that_no_field_holds_is_not_told() {
    let mut desk = Desk::with(|config| config.accounts[0].opening = Fen(1_000_000_000_000));
    let code = desk.code(&asked(ASKED, None));
    assert_eq!((code.as_str(), desk.reason()), ("13", Reason::InvalidAmount));
}
