//! Approvals of a part at the acquirer (flows 8): 100.00 are asked for and 60.00 approved.

use super::*;

const ASKED: i64 = 10_000;
const PART: i64 = 6_000;

/// A sale by a terminal that can take a part, or cannot.
fn dear(stan: u32, takes_partial: bool) -> Message {
    let Message::Request(sale) = sale(1, stan, ASKED, 0) else {
        unreachable!("a sale is a request")
    };
    Message::Request(Request { takes_partial, ..sale })
}

/// Signed on, with a sale under STAN 2 at the bank.
fn asked(takes_partial: bool, change: fn(&mut AcquirerConfig)) -> Centre {
    let mut centre = Centre::new(change);
    centre.signs_on(1, 1);
    centre.hears(&dear(2, takes_partial));
    let Some(Message::Request(forwarded)) = centre.to_bank.last() else {
        panic!("it is forwarded")
    };
    assert_eq!(forwarded.takes_partial, takes_partial, "DE60.6 goes on to the bank");
    centre
}

/// The bank answers so much under a code.
fn grants(centre: &mut Centre, code: &str, amount: i64) -> Vec<&'static str> {
    let Message::Request(mut asked) = centre.to_bank[0] else { panic!("a request is out") };
    asked.txn.amount = Fen(amount);
    centre.to_bank[0] = Message::Request(asked);
    centre.bank_says(code)
}

/// DE39 and DE4 of what the terminal was told last.
fn told(centre: &Centre) -> (String, Fen) {
    let last = centre.to_till.last().expect("the terminal was answered");
    (centre.told(), last.txn().expect("about a transaction").amount)
}

#[test]
fn the_part_is_captured_and_told() {
    let mut centre = asked(true, as_built);
    let done = grants(&mut centre, "10", PART).join(", ");
    assert_eq!(done, "append captured, sync, send 0210");
    assert_eq!((told(&centre), centre.unsettled()), (("10".into(), Fen(PART)), Fen(PART)));
    for _ in 0..2 {
        centre.hears(&dear(2, true));
        assert_eq!(told(&centre), ("10".into(), Fen(PART)), "a repeat gets the same answer");
        centre.boots();
    }
    assert_eq!(centre.unsettled(), Fen(PART));
}

/// DE4 is lower with 10 alone, and only where the terminal can take that; a part is less than all and more
/// than nothing (flows 2, 8). What answers nothing is waited for no less, and undone in the end.
#[test]
fn any_other_amount_answers_nothing() {
    let cases = [
        (false, "10", PART),
        (true, "00", PART),
        (true, "10", ASKED),
        (true, "10", ASKED + 1),
        (true, "10", 0),
    ];
    for (takes_partial, code, amount) in cases {
        let mut centre = asked(takes_partial, as_built);
        let done = grants(&mut centre, code, amount);
        assert_eq!(done, Vec::<&str>::new(), "{takes_partial} {code} {amount}");
        assert_eq!(centre.unsettled(), Fen::ZERO);
    }
}

/// A 0400 has DE4 of its 0200, since who is in doubt heard of no other; the part is undone (soundness 9).
#[test]
fn a_reversal_names_what_was_asked_for() {
    let mut centre = asked(true, as_built);
    grants(&mut centre, "10", PART);
    centre.hears(&undo(1, 2, PART));
    assert_eq!((centre.told().as_str(), centre.unsettled()), ("64", Fen(PART)));
    centre.hears(&undo(1, 2, ASKED));
    assert_eq!((centre.told().as_str(), centre.unsettled()), ("00", Fen::ZERO));
    let Some(Message::ReversalAdvice(advice)) = centre.to_bank.last() else { panic!("a 0420") };
    assert_eq!(advice.txn.amount, Fen(ASKED));
    centre.hears(&dear(2, true));
    assert_eq!(told(&centre), ("22".into(), Fen(ASKED)), "once it is being undone");
}

#[test]
fn captured_part_relaxed_shows() {
    let whole = |config: &mut AcquirerConfig| config.choices.captured_part = CapturedPart::Asked;
    let mut centre = asked(true, whole);
    grants(&mut centre, "10", PART);
    assert_eq!((told(&centre), centre.unsettled()), (("10".into(), Fen(PART)), Fen(ASKED)));
}
