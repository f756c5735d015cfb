//! Approvals of a part at the terminal (flows 8): 100.00 are asked for and 60.00 approved.

use super::*;

const ASKED: i64 = 10_000;
const PART: i64 = 6_000;

fn declares(config: &mut TerminalConfig) {
    config.partial_approval = true;
}

impl Till {
    /// The centre answers so much under a code to what was sent last.
    fn granted(&mut self, code: &str, amount: i64) -> String {
        let Message::Request(mut asked) = self.last() else { panic!("no request is out") };
        asked.txn.amount = Fen(amount);
        let code = code.parse().expect("two characters");
        let answer = Answer { time: NOON_OF_THE_DAY, date: DAY, rrn: Rrn(5), code };
        let reply = Message::Request(asked).answered(answer).expect("a request is answered");
        self.hears(&reply, true, usize::MAX).join(", ")
    }

    /// Another tender of the purchase.
    fn tenders(&mut self, amount: i64) -> String {
        let op = OpRef { op: 7, attempt: 0 };
        let (card, amount) = (card(), Fen(amount));
        let ask = TerminalOp::Sale { op, intent: 1, amount, card, pin: None };
        self.step(Input::Op(ask), usize::MAX).join(", ")
    }

    /// DE4 of what was sent last, and whether it declares that a part will do.
    fn asked(&self) -> (Fen, bool) {
        match self.last() {
            Message::Request(request) => (request.txn.amount, request.takes_partial),
            other => (other.txn().expect("about a transaction").amount, false),
        }
    }
}

fn till(change: fn(&mut TerminalConfig)) -> Till {
    let mut till = Till::new(change);
    till.plays(&format!("{READY} sale"));
    till
}

const ANNOUNCED: &str = "append approved, sync, show screen, print slip, append announced, sync";
const SENT: &str = "append sale pending, sync, send 0200";

#[test]
fn only_what_was_declared_is_taken() {
    assert_eq!(till(declares).asked(), (Fen(ASKED), true), "DE60.6");
    assert_eq!(till(as_built).asked(), (Fen(ASKED), false));
    assert_eq!(till(declares).granted("10", PART), ANNOUNCED);
    assert_eq!(till(declares).granted("00", ASKED), ANNOUNCED);
    for (code, amount) in [("00", PART), ("10", ASKED), ("10", ASKED + 1), ("10", 0)] {
        assert_eq!(till(declares).granted(code, amount), "", "{code} {amount}");
    }
    assert_eq!(till(as_built).granted("10", PART), "");
    assert_eq!(till(as_built).granted("10", ASKED), "");
}

/// Soundness 6: of a purchase that is paid in part no more than the rest is taken, over restarts as well.
#[test]
fn the_rest_is_all_that_is_taken_then() {
    let refused = "show screen";
    let mut till = till(declares);
    till.granted("10", PART);
    till.plays("boot up 00");
    assert_eq!(till.tenders(ASKED), refused);
    assert_eq!(till.tenders(ASKED - PART + 1), refused);
    assert_eq!(till.tenders(ASKED - PART), SENT);
    assert_eq!(till.granted("00", ASKED - PART), ANNOUNCED);
    assert_eq!(till.tenders(1), refused, "paid is paid");
}

#[test]
fn a_part_of_the_rest_leaves_a_rest() {
    let mut till = till(declares);
    till.granted("10", PART);
    till.tenders(ASKED - PART);
    assert_eq!(till.granted("10", 1_000), ANNOUNCED);
    assert_eq!(till.tenders(3_001), "show screen");
    assert_eq!(till.tenders(3_000), SENT);
}

/// Soundness 8, 9: a 0400 has DE4 of its 0200, before and after a restart.
#[test]
fn a_doubtful_sale_is_reversed_by_what_was_asked_for() {
    let mut till = till(declares);
    till.plays("silence");
    assert_eq!(till.asked().0, Fen(ASKED));
    till.plays("boot up 00");
    assert_eq!(till.asked().0, Fen(ASKED));
}

#[test]
fn part_taken_relaxed_shows() {
    let mut till = till(|config| {
        declares(config);
        config.choices.part_taken = PartTaken::Asked;
    });
    till.granted("10", PART);
    assert_eq!(till.tenders(ASKED - PART), "show screen", "nothing is left to pay, it believes");
}
