//! Balance inquiries at the centre's doors (flows 4.5; soundness 3, 4, 23): passed on once and answered once,
//! never kept and never undone.

use super::*;
use crate::wire::{Reply, Told};

const OWED: Told = Told::Balance(Fen(-5_00));

fn asked(stan: u32) -> Message {
    let Message::Request(mut asked) = sale(1, stan, 0, 0) else {
        unreachable!("a sale is a request")
    };
    asked.txn.kind = Kind::Balance;
    Message::Request(asked)
}

/// The bank answers the inquiry that was sent to it last, under a good or a wrong MAC.
fn bank_tells(centre: &mut Centre, code: &str, told: Told, good: bool) -> Vec<&'static str> {
    let asked = *centre.to_bank.last().expect("it was asked");
    let (time, date) =
        (TimeOfDay { hour: 12, minute: 0, second: 0 }, MonthDay { month: 1, day: 7 });
    let (rrn, code) = (asked.rrn().expect("an RRN"), code.parse().expect("two characters"));
    let Some(Message::Reply(reply)) = asked.answered(Answer { time, date, rrn, code }) else {
        panic!("an inquiry has a reply")
    };
    let (mut frame, zone) = (Vec::new(), MacKey::new(&centre.config.zone_mac_key));
    let reply = Message::Reply(Reply { told, ..reply });
    encode(&reply, Route::new(ACQUIRER_ADDRESS, ISSUER_ADDRESS), Some(&zone), &mut frame);
    if !good {
        *frame.last_mut().expect("a frame has bytes") ^= 1;
    }
    centre.step(Input::Bytes { conn: BANK, chunk: &frame })
}

fn asking() -> Centre {
    let mut centre = Centre::new(as_built);
    centre.signs_on(1, 1);
    assert_eq!(centre.hears(&asked(2)).join(", "), "append inquiry, sync, send 0200");
    centre
}

#[test]
fn what_the_bank_tells_goes_on_as_it_came() {
    let mut centre = asking();
    assert_eq!(bank_tells(&mut centre, "00", OWED, true), ["send 0210"], "nothing is written");
    let Some(Message::Reply(reply)) = centre.to_till.last() else { panic!("it was answered") };
    assert_eq!((reply.told, reply.code, reply.auth), (OWED, ResponseCode::APPROVED, None));
    assert_eq!(bank_tells(&mut centre, "00", OWED, true), Vec::<&str>::new(), "once");
    let mut centre = asking();
    bank_tells(&mut centre, "55", Told::Nothing, true);
    assert_eq!(centre.told(), "55");
}

#[test]
fn a_copy_goes_no_further_before_or_after() {
    let mut centre = asking();
    assert_eq!(centre.hears(&asked(2)), Vec::<&str>::new());
    bank_tells(&mut centre, "00", OWED, true);
    assert_eq!(centre.hears(&asked(2)), Vec::<&str>::new());
    centre.boots();
    assert_eq!(centre.hears(&asked(2)), Vec::<&str>::new());
    assert_eq!(centre.to_bank.len(), 1);
}

#[test]
fn nothing_is_in_doubt() {
    let mut centre = asking();
    centre.step(Input::Timer(TimerId(TIMER_ISSUER | 1)));
    assert_eq!(bank_tells(&mut centre, "00", OWED, true), Vec::<&str>::new(), "late");
    let mut centre = asking();
    assert_eq!(bank_tells(&mut centre, "00", OWED, false), Vec::<&str>::new(), "a wrong MAC");
    let mut centre = asking();
    centre.step(Input::Down { conn: BANK });
    centre.hears(&asked(3));
    assert_eq!(centre.told(), "91", "nothing was sent");
    let mut centre = asking();
    let answers = centre.to_till.len();
    centre.boots();
    assert_eq!((centre.to_till.len(), centre.to_bank.len()), (answers, 1), "nothing is undone");
}

#[test]
fn a_later_question_confirms_what_was_sold_before() {
    let mut centre = Centre::sold(as_built);
    centre.hears(&asked(3));
    let key = record::Key { kind: Kind::Sale, terminal: 0, batch: Batch(1), stan: Stan(2) };
    let rrn = centre.acquirer.books.by_key[&key];
    assert!(centre.acquirer.books.tx(rrn).is_some_and(|tx| tx.confirmed), "soundness 13");
}
