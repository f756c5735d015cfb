//! The acquirer through its doors, rule by rule: a terminal and an issuer are played by the test. What it
//! does is named as crash sites are; what it answers is read off the frames.

mod advices;
mod batches;
mod inquiries;
mod parts;

use super::*;
use crate::ids::{Batch, MerchantId, Stan};
use crate::money::Fen;
use crate::party::{Effect, Observation};
use crate::time::{MonthDay, TimeOfDay, Wall, YearMonth};
use crate::wire::card::CardData;
use crate::wire::key::WorkingKeys;
use crate::wire::{
    Advice, Answer, Kind, Linked, Message, Original, Request, Reversal, SignOn, Txn, decode, encode,
};

const TILL: ConnId = ConnId(1);
const BANK: ConnId = ConnId(2);
const NOON: Wall = Wall(26 * 366 * 86_400_000 + 12 * 3_600_000);
const ID: TerminalId = TerminalId(*b"00000001");
const SHOP: MerchantId = MerchantId(*b"123456789012345");
const PANS: [&str; 2] = ["6212345678901232", "6212345678901240"];

/// An acquirer with one terminal, its journal, and what it has sent.
struct Centre {
    acquirer: Acquirer,
    config: AcquirerConfig,
    journal: Vec<Vec<u8>>,
    to_till: Vec<Message>,
    to_bank: Vec<Message>,
    alarms: u32,
    closed: Vec<ConnId>,
}

fn config() -> AcquirerConfig {
    let key = DesKey::from_bytes(&[0x23; 16]).expect("sixteen bytes");
    AcquirerConfig {
        merchants: vec![MerchantConfig {
            id: SHOP,
            name: "shop".into(),
            opening_unsettled: Fen::ZERO,
            contract: None,
        }],
        terminals: vec![TerminalEntry { id: ID, merchant: 0, master_key: key }],
        zone_mac_key: key,
        zone_pin_key: key,
        fingerprint_key: [1, 2],
        timers: AcquirerTimers::default(),
        cut_off: Default::default(),
        debit_bins: Vec::new(),
        maintenance_code: ResponseCode(*b"96"),
        choices: AcquirerChoices::default(),
    }
}

fn txn(batch: u32, stan: u32, amount: i64) -> Txn {
    Txn {
        kind: Kind::Sale,
        amount: Fen(amount),
        stan: Stan(stan),
        terminal: ID,
        merchant: SHOP,
        batch: Batch(batch),
    }
}

fn sale(batch: u32, stan: u32, amount: i64, card: usize) -> Message {
    let pan = PANS[card].parse().expect("a card number");
    let card = CardData::Keyed { pan, expiry: YearMonth { year: 30, month: 12 } };
    let (txn, linked) = (txn(batch, stan, amount), Linked::None);
    Message::Request(Request { txn, card, pin: None, rrn: None, linked, takes_partial: false })
}

fn undo(batch: u32, stan: u32, amount: i64) -> Message {
    let date = MonthDay { month: 1, day: 7 };
    let original = Original { batch: Batch(batch), stan: Stan(stan), date };
    let reason = ReversalReason::NoReply;
    Message::Reversal(Reversal { txn: txn(batch, stan, amount), reason, original })
}

impl Centre {
    /// Up, with both lines up.
    fn new(change: fn(&mut AcquirerConfig)) -> Centre {
        let mut config = config();
        change(&mut config);
        let (journal, to_till, to_bank) = (Vec::new(), Vec::new(), Vec::new());
        let acquirer = Acquirer::new(config.clone());
        let mut centre =
            Centre { acquirer, config, journal, to_till, to_bank, alarms: 0, closed: Vec::new() };
        centre.boots();
        centre
    }

    fn boots(&mut self) {
        self.acquirer = Acquirer::new(self.config.clone());
        let journal = self.journal.clone();
        self.step(Input::Boot(Box::new(journal.iter().map(Vec::as_slice))));
        self.step(Input::Up { conn: TILL, peer: Peer::Terminal, dialled: false });
        self.step(Input::Up { conn: BANK, peer: Peer::Issuer, dialled: true });
    }

    fn step(&mut self, input: Input<'_>) -> Vec<&'static str> {
        let mut fx = Effects::default();
        self.acquirer.handle(Now { mono_ms: 0, wall: NOON }, input, &mut fx);
        let mut done = Vec::new();
        for n in 0..fx.len() {
            let effect = fx.get(n).1;
            match effect {
                Effect::Append { record, .. } => self.journal.push(fx.bytes(record).to_vec()),
                Effect::Send { conn, frame, .. } => {
                    let message = decode(fx.bytes(frame)).expect("a message of ours").message;
                    let to = if conn == TILL { &mut self.to_till } else { &mut self.to_bank };
                    to.push(message);
                }
                Effect::Close(conn) => self.closed.push(conn),
                Effect::Observe(Observation::Alarm { .. }) => self.alarms += 1,
                _ => {}
            }
            if matches!(effect, Effect::Append { .. } | Effect::Sync | Effect::Send { .. }) {
                done.push(effect.name());
            }
        }
        done
    }

    /// The terminal's message, under the keys of its last sign-on.
    fn hears(&mut self, message: &Message) -> Vec<&'static str> {
        let entry = &self.config.terminals[0];
        let generation = self.acquirer.books.terminals[0].generation;
        let length = key_length_of(generation);
        let keys = WorkingKeys::derive(&entry.master_key, ID, generation, length);
        let mac = (!matches!(message, Message::SignOn(_))).then(|| MacKey::new(&keys.mac));
        let mut frame = Vec::new();
        encode(message, Route::new(ACQUIRER_ADDRESS, 0), mac.as_ref(), &mut frame);
        self.step(Input::Bytes { conn: TILL, chunk: &frame })
    }

    /// The bank answers what was sent to it first.
    fn bank_says(&mut self, code: &str) -> Vec<&'static str> {
        let asked = self.to_bank[0];
        let answer = Answer {
            time: TimeOfDay { hour: 12, minute: 0, second: 0 },
            date: MonthDay { month: 1, day: 7 },
            rrn: asked.rrn().expect("an RRN"),
            code: code.parse().expect("two characters"),
        };
        let reply = asked.answered(answer).expect("what was asked is answered");
        let mut frame = Vec::new();
        let zone = MacKey::new(&self.config.zone_mac_key);
        encode(&reply, Route::new(ACQUIRER_ADDRESS, ISSUER_ADDRESS), Some(&zone), &mut frame);
        self.step(Input::Bytes { conn: BANK, chunk: &frame })
    }

    /// The code that the terminal was answered last.
    fn told(&self) -> String {
        let code = self.to_till.last().and_then(Message::code);
        code.expect("the terminal was answered").as_str().to_owned()
    }

    fn signs_on(&mut self, batch: u32, stan: u32) -> (String, Batch) {
        let (stan, batch) = (Stan(stan), Batch(batch));
        let keys = KeyLength::Double;
        let message = SignOn { stan, terminal: ID, merchant: SHOP, batch, keys };
        self.hears(&Message::SignOn(message));
        (self.told(), self.to_till.last().expect("an answer").station().batch)
    }

    /// Signed on, and one sale of 100.00 by the first card approved under STAN 2 of batch 1.
    fn sold(change: fn(&mut AcquirerConfig)) -> Centre {
        let mut centre = Centre::new(change);
        assert_eq!(centre.signs_on(1, 1), ("00".into(), Batch(1)));
        centre.hears(&sale(1, 2, 10_000, 0));
        centre.bank_says("00");
        assert_eq!(centre.told(), "00");
        centre
    }

    fn unsettled(&self) -> Fen {
        self.acquirer.books.ledger.balance(Account::MerchantUnsettled(0))
    }
}

fn as_built(_: &mut AcquirerConfig) {}

#[test]
fn soundness_2_what_is_promised_is_written_first() {
    let mut centre = Centre::new(as_built);
    centre.signs_on(1, 1);
    let done = centre.hears(&sale(1, 2, 10_000, 0)).join(", ");
    assert_eq!(done, "append forwarded, sync, send 0200", "2a");
    let done = centre.hears(&undo(1, 2, 10_000)).join(", ");
    assert_eq!(done, "append undoing, sync, send 0410, send 0420", "2b and 2c: open at the bank");
    assert_eq!(centre.told(), "00");
    assert_eq!(centre.bank_says("00"), Vec::<&str>::new(), "2c: a late approval is never captured");
    let done = centre.hears(&undo(1, 9, 10_000)).join(", ");
    assert_eq!(
        (done.as_str(), centre.told().as_str()),
        ("append tombstone, sync, send 0410", "25")
    );
    centre.hears(&sale(1, 9, 10_000, 0));
    assert_eq!(centre.told(), "22", "2c: the late original");
    centre.hears(&sale(1, 10, 10_000, 0));
    let sent = centre.to_bank.len();
    centre.boots();
    let again = &centre.to_bank[sent..];
    assert!(matches!(again.last(), Some(Message::ReversalAdvice(_))), "2a: open at boot is undone");
}

#[test]
fn soundness_3_and_9_a_copy_gets_the_stored_answer() {
    let mut centre = Centre::new(as_built);
    centre.signs_on(1, 1);
    let asked = sale(1, 2, 10_000, 0);
    centre.hears(&asked);
    assert_eq!(centre.hears(&asked), Vec::<&str>::new(), "absorbed while open");
    centre.bank_says("61");
    assert_eq!(centre.hears(&asked), ["send 0210"]);
    assert_eq!(centre.told(), "61");
    assert_eq!(centre.to_bank.len(), 1);
    let mut centre = Centre::sold(as_built);
    centre.hears(&undo(1, 2, 10_000));
    centre.hears(&sale(1, 2, 10_000, 0));
    assert_eq!(centre.told(), "22", "after its reversal a decline");
}

#[test]
fn soundness_4_silence_is_98_and_91_only_if_nothing_was_sent() {
    let mut centre = Centre::new(as_built);
    centre.signs_on(1, 1);
    centre.hears(&sale(1, 2, 10_000, 0));
    let done = centre.step(Input::Down { conn: BANK }).join(", ");
    assert_eq!((done.as_str(), centre.told().as_str()), ("append undoing, sync, send 0210", "98"));
    centre.hears(&sale(1, 3, 10_000, 0));
    assert_eq!(centre.told(), "91");
}

/// An equal sale gets the stored answer, another one 94 and an alarm; what the 94 left in doubt is then
/// reversed under the old sale's key, and that sale stands.
#[test]
fn soundness_10_a_stan_that_comes_again() {
    let mut centre = Centre::sold(as_built);
    let captured = centre.unsettled();
    centre.hears(&sale(1, 2, 10_000, 0));
    assert_eq!((centre.told().as_str(), centre.alarms), ("00", 0), "equal: the stored answer");
    for (amount, card) in [(10_000, 1), (20_000, 0)] {
        let mut centre = Centre::sold(as_built);
        let done = centre.hears(&sale(1, 2, amount, card)).join(", ");
        assert_eq!(done, "append refused, sync, send 0210", "noted before it is told");
        assert_eq!((centre.told().as_str(), centre.alarms), ("94", 1));
        centre.boots();
        centre.hears(&undo(1, 2, amount));
        assert_eq!(centre.told(), "25", "nothing came of it");
        assert_eq!(centre.unsettled(), captured, "and the older sale stands");
        assert_eq!(centre.to_bank.len(), 1);
    }
}

#[test]
fn soundness_8_and_10_which_batch_a_sign_on_gets() {
    let mut centre = Centre::sold(as_built);
    assert_eq!(centre.signs_on(1, 1).0, "94", "a sign-on of long ago");
    assert_eq!(centre.signs_on(1, 2), ("00".into(), Batch(2)), "a STAN at the highest seen");
    assert_eq!(centre.signs_on(1, 2), ("00".into(), Batch(2)), "its repeat: the same");
    assert_eq!(centre.signs_on(2, 3), ("00".into(), Batch(2)), "above the highest");
    centre.hears(&sale(2, 4, 10_000, 0));
    assert_eq!(centre.to_bank.len(), 2, "a sale of its own, whatever STAN 4 was in batch 1");
    let mut wrapped = Centre::new(as_built);
    assert_eq!(wrapped.signs_on(999_999, 999_999), ("00".into(), Batch(999_999)));
    assert_eq!(wrapped.signs_on(999_999, 1), ("00".into(), Batch(1)), "both begin anew");
    assert_eq!(wrapped.signs_on(1, 2), ("00".into(), Batch(1)), "and stay there");
}

#[test]
fn rules_relaxed_show() {
    let mut centre = Centre::new(|config| {
        config.choices.forward_record = ForwardRecord::AfterSend;
        config.choices.nothing_found = NothingFound::Forgotten;
        config.choices.open_original = OpenOriginal::NotFound;
    });
    centre.signs_on(1, 1);
    let done = centre.hears(&sale(1, 2, 10_000, 0)).join(", ");
    assert_eq!(done, "send 0200, append forwarded, sync", "forward_record = after-send (2a)");
    assert_eq!(centre.hears(&undo(1, 9, 10_000)), ["send 0410"], "nothing_found = forgotten (2c)");
    assert_eq!(centre.hears(&undo(1, 2, 10_000)), ["send 0410"], "open_original = not-found (2c)");
    assert_eq!(centre.told(), "25");
    let mut centre = Centre::new(|config| {
        config.choices.open_duplicate = OpenDuplicate::ForwardAgain;
        config.choices.issuer_silence = IssuerSilence::Plain91;
    });
    centre.signs_on(1, 1);
    centre.hears(&sale(1, 2, 10_000, 0));
    centre.hears(&sale(1, 2, 10_000, 0));
    assert_eq!(centre.to_bank.len(), 2, "open_duplicate = forward-again (3)");
    centre.step(Input::Down { conn: BANK });
    assert_eq!(centre.told(), "91", "issuer_silence = plain-91 (4)");
    let mut centre = Centre::sold(|config| {
        config.choices.duplicate_key = AcquirerKey::WithoutBatch;
    });
    centre.hears(&sale(2, 2, 10_000, 0));
    assert_eq!((centre.told().as_str(), centre.to_bank.len()), ("00", 1), "without-batch (9, 10)");
}
