//! Refunds, and what is told to the issuer until it has heard (soundness 11, 13, 14, 15, 16, 21, 23).

use super::*;

/// A refund at the terminal, of a sale of the same day.
fn refund(stan: u32, of: Rrn, amount: i64, card: usize) -> Message {
    let pan = PANS[card].parse().expect("a card number");
    let card = CardData::Keyed { pan, expiry: YearMonth { year: 30, month: 12 } };
    Message::Advice(Advice {
        txn: Txn { kind: Kind::Refund, ..txn(1, stan, amount) },
        card: Some(card),
        rrn: None,
        original_rrn: of,
        original_date: NOON.month_day(),
        repair: false,
    })
}

impl Centre {
    /// The number of the first sale.
    fn first(&self) -> Rrn {
        self.to_bank[0].rrn().expect("a forwarded sale has one")
    }

    /// A first sale that is confirmed by a later one.
    fn confirmed() -> Centre {
        let mut centre = Centre::sold(as_built);
        centre.hears(&sale(1, 3, 700, 1));
        centre.bank_says_of(1, "61");
        centre
    }

    /// The bank answers what was sent to it as the nth, from 0.
    fn bank_says_of(&mut self, nth: usize, code: &str) -> Vec<&'static str> {
        self.to_bank.swap(0, nth);
        let done = self.bank_says(code);
        self.to_bank.swap(0, nth);
        done
    }

    fn advice_timer(&mut self, rrn: Rrn) -> Vec<&'static str> {
        self.step(Input::Timer(TimerId(TIMER_ADVICE | rrn.0)))
    }
}

#[test]
fn soundness_13_only_what_is_confirmed_is_given_back() {
    let mut centre = Centre::sold(as_built);
    centre.hears(&refund(3, centre.first(), 100, 0));
    assert_eq!(centre.told(), "00", "its own STAN is later than the sale's");
    let mut centre = Centre::confirmed();
    let of = centre.first();
    for (stan, amount, card, code) in
        [(4, 10_001, 0, "61"), (5, 0, 0, "13"), (6, 100, 1, "14"), (7, 6_000, 0, "00")]
    {
        centre.hears(&refund(stan, of, amount, card));
        assert_eq!(centre.told(), code, "{amount} by card {card}");
    }
    centre.hears(&refund(8, of, 4_001, 0));
    assert_eq!(centre.told(), "61", "together no more than was captured");
    let mut centre = Centre::sold(as_built);
    let of = centre.first();
    centre.hears(&undo(1, 2, 10_000));
    centre.hears(&refund(3, of, 100, 0));
    assert_eq!(centre.told(), "22", "of what was reversed nothing is left");
}

#[test]
fn soundness_14_accepted_at_once_and_told_to_the_bank_until_it_has_heard() {
    let mut centre = Centre::confirmed();
    let asked = refund(4, centre.first(), 6_000, 0);
    let before = centre.unsettled();
    centre.step(Input::Down { conn: BANK });
    let done = centre.hears(&asked).join(", ");
    assert_eq!(done, "append refund accepted, sync, send 0230", "the bank down");
    assert_eq!((centre.told().as_str(), before - centre.unsettled()), ("00", Fen(6_000)));
    assert_eq!(centre.hears(&asked), ["send 0230"], "its repeat gets the same answer");
    assert_eq!(before - centre.unsettled(), Fen(6_000));
    let sent = centre.to_bank.len();
    centre.boots();
    assert!(matches!(centre.to_bank[sent..], [Message::Advice(_)]), "told after a restart");
}

#[test]
fn soundness_15_the_next_advice_of_a_sale_waits_for_the_one_before() {
    let mut centre = Centre::confirmed();
    let of = centre.first();
    let sent = centre.to_bank.len();
    centre.hears(&refund(4, of, 1_000, 0));
    centre.hears(&refund(5, of, 2_000, 0));
    let first = centre.to_bank[sent].rrn().expect("an RRN");
    assert_eq!(centre.advice_timer(first), ["send 0220"]);
    let told = &centre.to_bank[sent..];
    assert!(told.len() >= 2, "sent, and sent again");
    assert!(told.iter().all(|message| message.rrn() == Some(first)), "the second waits");
    centre.bank_says_of(sent, "00");
    let next = centre.to_bank.last().expect("the second has left");
    assert_eq!(next.txn().map(|txn| txn.amount), Some(Fen(2_000)));
}

#[test]
fn soundness_16_no_number_of_tries_ends_an_advice_and_a_definite_answer_does() {
    let mut centre = Centre::sold(as_built);
    let of = centre.first();
    centre.hears(&undo(1, 2, 10_000));
    for _ in 0..50 {
        assert_eq!(centre.advice_timer(of), ["send 0420"]);
    }
    let last = centre.to_bank.len() - 1;
    assert_eq!(centre.bank_says_of(last, "96"), Vec::<&str>::new(), "96 ends nothing");
    assert_eq!(centre.advice_timer(of), ["send 0420"]);
    for code in ["00", "25", "12", "94"] {
        let mut centre = Centre::sold(as_built);
        centre.hears(&undo(1, 2, 10_000));
        let last = centre.to_bank.len() - 1;
        let done = centre.bank_says_of(last, code).join(", ");
        assert_eq!(done, "append delivered, sync", "{code}");
        let sent = centre.to_bank.len();
        centre.boots();
        assert_eq!(centre.to_bank.len(), sent, "{code}: nothing is owed any more");
    }
}

#[test]
fn soundness_11_an_answer_outlives_its_batch() {
    let mut centre = Centre::sold(as_built);
    assert_eq!(centre.signs_on(1, 2), ("00".into(), Batch(2)));
    centre.hears(&sale(2, 3, 500, 0));
    centre.bank_says_of(1, "51");
    assert_eq!(centre.told(), "51");
    let sent = centre.to_bank.len();
    for _ in 0..2 {
        centre.hears(&sale(1, 2, 10_000, 0));
        assert_eq!((centre.told().as_str(), centre.to_bank.len()), ("00", sent), "the stored one");
        centre.boots();
    }
}

#[test]
fn soundness_23_one_number_names_one_transaction_over_restarts() {
    let mut centre = Centre::new(as_built);
    centre.signs_on(1, 1);
    for stan in 2..5 {
        centre.hears(&sale(1, stan, 10_000, 0));
        centre.boots();
        centre.signs_on(1, 20 + stan);
    }
    let asked = |message: &&Message| matches!(message, Message::Request(_));
    let numbers: Vec<_> = centre.to_bank.iter().filter(asked).map(Message::rrn).collect();
    let different: std::collections::BTreeSet<_> = numbers.iter().collect();
    assert_eq!((numbers.len(), different.len()), (3, 3));
    for message in &centre.to_bank {
        let Message::ReversalAdvice(advice) = message else { continue };
        let of = centre.to_bank.iter().find(
            |one| matches!(one, Message::Request(request) if request.rrn == Some(advice.rrn)),
        );
        assert_eq!(of.map(Message::stan), Some(advice.txn.stan), "its original's DE37 and DE11");
    }
}

#[test]
fn soundness_21_a_prefix_over_the_maximum_closes_the_line() {
    for conn in [TILL, BANK] {
        let mut centre = Centre::new(as_built);
        centre.closed.clear();
        centre.step(Input::Bytes { conn, chunk: &[0x08, 0x00] });
        assert!(centre.closed.is_empty(), "2,048 is waited for");
        let mut centre = Centre::new(as_built);
        centre.step(Input::Bytes { conn, chunk: &[0x08, 0x01] });
        assert_eq!(centre.closed, [conn]);
    }
}

#[test]
fn soundness_22_no_journal_holds_a_card() {
    let mut centre = Centre::confirmed();
    centre.hears(&refund(4, centre.first(), 6_000, 0));
    centre.hears(&undo(1, 3, 700));
    for pan in PANS {
        let packed: Vec<u8> = (0..16)
            .step_by(2)
            .map(|at| u8::from_str_radix(&pan[at..at + 2], 16).expect("two digits"))
            .collect();
        for record in &centre.journal {
            assert!(!record.windows(16).any(|part| part == pan.as_bytes()), "digits");
            assert!(!record.windows(8).any(|part| part == packed), "packed");
        }
    }
    assert!(centre.journal.len() > 4, "something was written");
}
