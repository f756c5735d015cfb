//! Each refusal of a sale or of an advice has its own code, for its true reason, and moves nothing (flows 0;
//! data/response_codes.csv). Those of voids are beside the voids.

use super::*;
use crate::wire::pin::Pin;

const SALE: u64 = 1;

/// After what went before, a message gets this code for this reason, nothing is taken beyond what was, and a
/// repeat gets the stored answer.
fn check(
    change: fn(&mut IssuerConfig),
    before: &[Message],
    asked: &Message,
    code: &str,
    reason: Reason,
) {
    let mut desk = Desk::with(change);
    for message in before {
        desk.ask(message);
    }
    let taken = desk.taken(0);
    assert_eq!((desk.code(asked).as_str(), desk.reason()), (code, reason), "{asked:?}");
    assert_eq!(desk.taken(0), taken, "{reason:?}");
    assert_eq!(desk.code(asked), code, "a repeat");
    assert_eq!(desk.taken(0), taken, "a repeat after {reason:?}");
}

fn as_built(_: &mut IssuerConfig) {}

fn sale(amount: i64) -> Message {
    request(Kind::Sale, SALE, amount)
}

#[test]
fn code_13_a_sale_or_a_refund_of_nothing() {
    check(as_built, &[], &sale(0), "13", Reason::InvalidAmount);
    check(as_built, &[sale(5_000)], &refund(2, SALE, 0), "13", Reason::InvalidAmount);
}

#[test]
fn code_30_a_card_with_a_pin_and_none_was_keyed() {
    fn with_pin(config: &mut IssuerConfig) {
        config.cards[0].pin = Some("123456".parse::<Pin>().expect("six digits"));
    }
    check(with_pin, &[], &sale(5_000), "30", Reason::Format);
    // No entry, no try (flows 8).
    let mut desk = Desk::with(with_pin);
    desk.ask(&sale(5_000));
    assert_eq!(desk.issuer.books.cards[0].wrong_pins, 0);
}

#[test]
fn code_22_what_was_undone_before_it_came() {
    let undone = [undo(Kind::Sale, SALE, 5_000)];
    let mut desk = Desk::new();
    desk.ask(&undone[0]);
    assert_eq!(desk.code(&sale(5_000)), "22", "the tombstone stands (soundness 2c)");
    assert_eq!(desk.taken(0), Fen::ZERO);
}

#[test]
fn code_64_a_reversal_of_another_amount_leaves_the_sale() {
    check(as_built, &[sale(5_000)], &undo(Kind::Sale, SALE, 4_999), "64", Reason::AmountDiffers);
    let mut desk = Desk::new();
    desk.ask(&sale(5_000));
    desk.ask(&undo(Kind::Sale, SALE, 4_999));
    assert_eq!(desk.taken(0), Fen(5_000));
    assert_eq!(desk.code(&undo(Kind::Sale, SALE, 5_000)), "00", "the right one still undoes it");
    assert_eq!(desk.taken(0), Fen::ZERO);
}

/// Soundness 10 and 23: one DE37 names one transaction. Another amount, card or kind under it gets 94 and an
/// alarm, and the first one stands.
#[test]
fn code_94_another_content_under_a_known_number() {
    let Message::Request(mut other_card) = sale(5_000) else { unreachable!() };
    other_card.card = card(1);
    for other in [sale(6_000), Message::Request(other_card), refund(SALE, SALE, 5_000)] {
        let mut desk = Desk::new();
        assert_eq!(desk.code(&sale(5_000)), "00");
        assert_eq!(desk.code(&other), "94", "{other:?}");
        let alarm = |fact: &Observation| {
            let stan_reused = crate::party::observe::Alarm::StanReused;
            matches!(fact, Observation::Alarm { what, .. } if *what == stan_reused)
        };
        assert!(desk.facts.iter().any(alarm), "94 is told to somebody: {other:?}");
        assert_eq!((desk.taken(0), desk.taken(1)), (Fen(5_000), Fen::ZERO), "{other:?}");
        assert_eq!(desk.code(&sale(5_000)), "00", "and the first one's answer is kept");
    }
}
