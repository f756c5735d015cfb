//! Voids, and batches from their totals to their end (soundness 11, 13, 15, 17).

use super::*;
use crate::wire::{Balanced, Settle, Totals, Upload, UploadPart, UploadRecord, UploadRecords};

/// A void at the terminal of its own first sale, which was STAN 2 of batch 1.
fn void(batch: u32, stan: u32, of: Rrn, amount: i64) -> Message {
    let original = Original { batch: Batch(1), stan: Stan(2), date: NOON.month_day() };
    let Message::Request(sale) = sale(batch, stan, amount, 0) else { unreachable!() };
    let txn = Txn { kind: Kind::Void, ..sale.txn };
    Message::Request(Request { txn, linked: Linked::Rrn { rrn: of, auth: None, original }, ..sale })
}

/// The 0400 of a void.
fn undo_void(stan: u32, amount: i64) -> Message {
    let Message::Reversal(undo) = undo(1, stan, amount) else { unreachable!() };
    Message::Reversal(Reversal { txn: Txn { kind: Kind::Void, ..undo.txn }, ..undo })
}

/// The totals of a terminal's batch 1.
fn totals(stan: u32, claimed: Totals) -> Message {
    let station = sale(1, stan, 0, 0).station();
    Message::Settle(Settle { station, domestic: claimed, foreign: Totals::default() })
}

fn upload(stan: u32, part: UploadPart) -> Message {
    Message::Upload(Upload { station: sale(1, stan, 0, 0).station(), part })
}

fn one_sale(amount: i64) -> Totals {
    let mut totals = Totals::default();
    totals.add(Kind::Sale, Fen(amount));
    totals
}

impl Centre {
    fn verdict(&self) -> Balanced {
        let Some(Message::SettleReply(reply)) = self.to_till.last() else { panic!("no verdict") };
        reply.domestic
    }

    /// The bank answers the last thing that was sent to it.
    fn bank_says_last(&mut self, code: &str) -> Vec<&'static str> {
        let last = self.to_bank.len() - 1;
        self.to_bank.swap(0, last);
        let done = self.bank_says(code);
        self.to_bank.swap(0, last);
        done
    }

    fn first_sale(&self) -> Rrn {
        self.to_bank[0].rrn().expect("a forwarded sale has one")
    }

    /// Its batch 1 balanced and closed.
    fn closed() -> Centre {
        let mut centre = Centre::sold(as_built);
        centre.hears(&totals(3, one_sale(10_000)));
        assert_eq!(centre.verdict(), Balanced::Yes);
        centre.hears(&upload(4, UploadPart::End { balanced: true, count: 0 }));
        assert_eq!(centre.told(), "00");
        centre
    }
}

#[test]
fn soundness_11_nothing_new_is_executed_in_a_closed_batch() {
    let mut centre = Centre::closed();
    let sent = centre.to_bank.len();
    for _ in 0..2 {
        assert_eq!(centre.hears(&sale(1, 9, 500, 1)), ["send 0210"], "nothing is kept of it");
        assert_eq!((centre.told().as_str(), centre.to_bank.len()), ("77", sent));
        centre.hears(&sale(1, 2, 10_000, 0));
        assert_eq!((centre.told().as_str(), centre.to_bank.len()), ("00", sent), "the stored one");
        centre.boots();
    }
    centre.hears(&totals(8, one_sale(10_000)));
    assert_eq!(centre.told(), "77", "nor is it compared anew");
}

/// Soundness 8: a reversal is never answered 77, whatever became of its batch.
#[test]
fn soundness_8_a_reversal_of_a_closed_batch_is_answered_in_its_own_right() {
    let mut centre = Centre::closed();
    centre.hears(&undo(1, 9, 500));
    assert_eq!(centre.told(), "25", "nothing of it was ever here");
    centre.hears(&undo(1, 2, 10_000));
    assert_eq!(centre.told(), "00");
}

#[test]
fn soundness_13_a_void_takes_one_confirmed_sale_of_the_open_batch_whole() {
    let check = |setting: fn(&mut Centre), stan: u32, amount: i64, code: &str| {
        let mut centre = Centre::sold(as_built);
        setting(&mut centre);
        let of = centre.first_sale();
        centre.hears(&void(1, stan, of, amount));
        let last = centre.to_bank.last().and_then(Message::txn);
        let forwarded = last.is_some_and(|txn| txn.kind == Kind::Void);
        assert_eq!(forwarded, code == "00", "{code} of {amount}");
        if forwarded {
            centre.bank_says_last("00");
        }
        assert_eq!(centre.told(), code, "{amount}");
        assert_eq!(centre.unsettled(), if forwarded { Fen::ZERO } else { Fen(10_000) });
    };
    check(|_| {}, 3, 10_000, "00");
    check(|_| {}, 3, 9_999, "64");
    let closed: fn(&mut Centre) = |centre| {
        centre.hears(&totals(3, one_sale(10_000)));
        centre.hears(&upload(4, UploadPart::End { balanced: true, count: 0 }));
    };
    check(closed, 5, 10_000, "77");
}

#[test]
fn soundness_13_one_way_back_for_one_sale() {
    let mut centre = Centre::sold(as_built);
    let of = centre.first_sale();
    centre.hears(&void(1, 3, of, 10_000));
    centre.hears(&void(1, 4, of, 10_000));
    assert_eq!(centre.told(), "22", "the first has the sale to itself before it is answered");
    let void_rrn = centre.to_bank.len() - 1;
    assert!(matches!(centre.to_bank[void_rrn], Message::Request(_)));
    centre.bank_says_last("00");
    assert_eq!((centre.told().as_str(), centre.unsettled()), ("00", Fen::ZERO));
    centre.hears(&undo(1, 2, 10_000));
    assert_eq!(centre.told(), "00", "the sale's own reversal is answered");
    assert_eq!(centre.unsettled(), Fen::ZERO, "and gives nothing back again");
}

/// Soundness 15: a void in doubt keeps its sale until the bank has acknowledged its 0420; then the sale
/// stands again, and can be voided again.
#[test]
fn soundness_15_a_voids_reservation_outlives_the_doubt() {
    let mut centre = Centre::sold(as_built);
    let of = centre.first_sale();
    centre.hears(&void(1, 3, of, 10_000));
    centre.hears(&undo_void(3, 10_000));
    assert_eq!(centre.told(), "00");
    assert!(matches!(centre.to_bank.last(), Some(Message::ReversalAdvice(_))));
    centre.hears(&void(1, 4, of, 10_000));
    assert_eq!(centre.told(), "22", "the bank has not heard of it yet");
    centre.boots();
    centre.hears(&void(1, 5, of, 10_000));
    assert_eq!(centre.told(), "22", "nor has it after a restart");
    centre.bank_says_last("00");
    assert_eq!(centre.unsettled(), Fen(10_000), "the sale stands");
    centre.hears(&void(1, 6, of, 10_000));
    centre.bank_says_last("00");
    assert_eq!((centre.told().as_str(), centre.unsettled()), ("00", Fen::ZERO));
}

#[test]
fn soundness_17_totals_and_uploads_count_once() {
    let mut centre = Centre::sold(as_built);
    let asked = totals(3, one_sale(9_000));
    let done = centre.hears(&asked).join(", ");
    assert_eq!(done, "append totals compared, sync, send 0510", "the verdict is durable first");
    assert_eq!(centre.verdict(), Balanced::No);
    for _ in 0..2 {
        assert_eq!(centre.hears(&asked), ["send 0510"], "and the same when it is asked again");
        assert_eq!(centre.verdict(), Balanced::No);
        centre.boots();
    }
    centre.hears(&totals(3, one_sale(10_000)));
    assert_eq!(centre.told(), "94", "its STAN stood for other totals");
    let (kind, stan, amount) = (Kind::Sale, Stan(2), Fen(10_000));
    let records = UploadRecords::new(&[UploadRecord { kind, stan, pan: None, amount }]);
    let item = upload(4, UploadPart::Records(records.expect("one record")));
    for n in 0..3 {
        centre.hears(&item);
        assert_eq!((centre.told().as_str(), centre.unsettled()), ("00", Fen(10_000)), "copy {n}");
        centre.boots();
    }
    centre.hears(&upload(5, UploadPart::End { balanced: false, count: 2 }));
    assert_eq!(centre.told(), "95", "one record is here, not two");
    centre.hears(&upload(5, UploadPart::End { balanced: true, count: 1 }));
    assert_eq!(centre.told(), "95", "it did not balance");
    centre.hears(&upload(5, UploadPart::End { balanced: false, count: 1 }));
    assert_eq!(centre.told(), "00");
    centre.hears(&item);
    assert_eq!((centre.told().as_str(), centre.unsettled()), ("00", Fen(10_000)), "after the end");
}

/// A damaged answer may have put a terminal into a batch of its own; what follows it is one that is open.
#[test]
fn soundness_11_no_closed_batch_is_opened_again() {
    let mut centre = Centre::closed();
    assert_eq!(centre.signs_on(1, 10).1, Batch(2));
    centre.hears(&sale(999_999, 11, 500, 1));
    centre.bank_says_last("51");
    let station = sale(999_999, 12, 0, 0).station();
    let (domestic, foreign) = (Totals::default(), Totals::default());
    centre.hears(&Message::Settle(Settle { station, domestic, foreign }));
    let end = UploadPart::End { balanced: true, count: 0 };
    centre.hears(&Message::Upload(Upload { station, part: end }));
    assert_eq!(centre.told(), "00");
    assert_eq!(centre.signs_on(999_999, 13).1, Batch(2), "1 is closed");
}

/// No MAC vouches for an 0800 either: a damaged one may be a terminal's first.
#[test]
fn a_terminal_that_brings_no_batch_is_given_one() {
    let mut centre = Centre::new(as_built);
    assert_eq!(centre.signs_on(0, 1), ("00".into(), Batch(1)));
}
