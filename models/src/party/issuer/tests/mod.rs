//! The issuer through its door: frames in, frames out, one rule a test. After every message an issuer
//! rebooted from the same journal must hold the same balances.

mod codes;
mod holds;
mod inquiries;
mod parts;
mod voids;

use super::*;
use crate::ids::{Batch, MerchantId, Stan, TerminalId};
use crate::party::Effect;
use crate::party::observe::Reason;
use crate::time::{MonthDay, Wall, YearMonth};
use crate::wire::card::CardData;
use crate::wire::key::DesKey;
use crate::wire::{
    Advice, Linked, Original, Request, ReversalAdvice, ReversalReason, Route, encode,
};

const CONN: ConnId = ConnId(1);
const OPENING: Fen = Fen(100_000);
const EXPIRY: YearMonth = YearMonth { year: 30, month: 12 };
const NOON: Wall = Wall(26 * 366 * 86_400_000 + 12 * 3_600_000);

/// The cards' numbers: of account 0, of account 1.
const PANS: [&str; 2] = ["6212345678901232", "6212345678901240"];

/// An issuer with two accounts and a card of each, what it has written, and what its clocks read.
pub struct Desk {
    pub issuer: Issuer,
    pub now: Now,
    journal: Vec<Vec<u8>>,
    facts: Vec<Observation>,
    key: MacKey,
}

fn config() -> IssuerConfig {
    let account = |name: &str| AccountConfig {
        name: name.into(),
        opening: OPENING,
        credit_limit: Fen::ZERO,
        state: AccountState::Active,
    };
    let card = |account: u32| CardConfig {
        name: format!("card {account}"),
        pan: PANS[account as usize].parse().expect("a card number"),
        expiry: EXPIRY,
        account,
        state: CardState::Active,
        pin: None,
    };
    let key = DesKey::from_bytes(&[0x23; 16]).expect("sixteen bytes");
    IssuerConfig {
        accounts: vec![account("first"), account("second")],
        cards: vec![card(0), card(1)],
        zone_mac_key: key,
        zone_pin_key: key,
        sale_limit: None,
        daily_sale_count: None,
        pin_tries: 3,
        hold_percent: 115,
        completion_voided: Default::default(),
        hold_lasts_ms: 30 * 86_400_000,
        partial_approval: false,
        choices: IssuerChoices::default(),
    }
}

impl Desk {
    pub fn new() -> Desk {
        Desk::with(|_| {})
    }

    /// A desk whose set-up differs from the usual.
    pub fn with(change: impl FnOnce(&mut IssuerConfig)) -> Desk {
        let mut config = config();
        change(&mut config);
        let key = MacKey::new(&config.zone_mac_key);
        let issuer = Issuer::new(config);
        let now = Now { mono_ms: 0, wall: NOON };
        let mut desk = Desk { issuer, now, journal: Vec::new(), facts: Vec::new(), key };
        desk.reboot();
        desk
    }

    /// Starts anew from the journal.
    pub fn reboot(&mut self) {
        self.issuer = Issuer::new(self.issuer.config.clone());
        let records = self.journal.clone();
        self.now.mono_ms = 0;
        let boot = Input::Boot(Box::new(records.iter().map(Vec::as_slice)));
        self.step(boot);
        self.step(Input::Up { conn: CONN, peer: crate::party::Peer::Acquirer, dialled: false });
    }

    /// One input; hands back the frames sent. What was written must be synced before it is answered.
    fn step(&mut self, input: Input<'_>) -> Vec<Vec<u8>> {
        let mut fx = Effects::default();
        self.issuer.handle(self.now, input, &mut fx);
        let (mut sent, mut unsynced) = (Vec::new(), 0);
        for n in 0..fx.len() {
            match fx.get(n).1 {
                Effect::Append { record, .. } => {
                    self.journal.push(fx.bytes(record).to_vec());
                    unsynced += 1;
                }
                Effect::Sync => unsynced = 0,
                Effect::Send { frame, .. } => {
                    assert_eq!(unsynced, 0, "what is answered is durable (soundness 2d)");
                    sent.push(fx.bytes(frame).to_vec());
                }
                Effect::Fact(fact) | Effect::Observe(fact) => self.facts.push(fact),
                _ => {}
            }
        }
        sent
    }

    /// The house acts.
    pub fn house(&mut self, op: HouseOp) {
        self.step(Input::House(op));
    }

    /// Asks and hands back the reply. Panics unless there is exactly one, well signed.
    pub fn ask(&mut self, message: &Message) -> Reply {
        let mut frame = Vec::new();
        encode(message, Route::new(9, 3), Some(&self.key), &mut frame);
        let sent = self.step(Input::Bytes { conn: CONN, chunk: &frame });
        assert_eq!(sent.len(), 1, "one answer");
        let received = decode(&sent[0]).expect("a message of ours");
        assert_eq!(received.verify(&self.key), MacCheck::Good);
        self.same_after_reboot();
        match received.message {
            Message::Reply(reply)
            | Message::AdviceReply(reply)
            | Message::ReversalAdviceReply(reply) => reply,
            other => panic!("no reply: {other:?}"),
        }
    }

    /// DE39 of the answer.
    pub fn code(&mut self, message: &Message) -> String {
        self.ask(message).code.as_str().to_owned()
    }

    /// The state is the fold of the journal: an issuer rebooted from it holds the same balances.
    fn same_after_reboot(&self) {
        let mut again = Issuer::new(self.issuer.config.clone());
        let boot = Input::Boot(Box::new(self.journal.iter().map(Vec::as_slice)));
        again.handle(self.now, boot, &mut Effects::default());
        assert_eq!(again.books.ledger.balances(), self.issuer.books.ledger.balances());
        for account in 0..2 {
            assert_eq!(again.books.available(account), self.issuer.books.available(account));
        }
    }

    /// What an account has lost since it was opened.
    pub fn taken(&self, account: u32) -> Fen {
        OPENING - self.issuer.books.ledger.balance(Account::Cardholder(account))
    }

    /// The reason last given for a decision.
    pub fn reason(&self) -> Reason {
        let given = self.facts.iter().rev().find_map(|fact| match fact {
            Observation::Decided { reason, .. } => Some(*reason),
            Observation::ReversalDecided { reason, .. } => Some(*reason),
            _ => None,
        });
        given.expect("something was decided")
    }
}

/// The data elements of a transaction with this number at the shop's only terminal.
pub fn txn(kind: Kind, rrn: u64, amount: i64) -> Txn {
    Txn {
        kind,
        amount: Fen(amount),
        stan: Stan(u32::try_from(rrn).expect("small")),
        terminal: TerminalId(*b"00000001"),
        merchant: MerchantId(*b"123456789012345"),
        batch: Batch(1),
    }
}

/// A card as keyed.
pub fn card(account: u32) -> CardData {
    let pan = PANS[account as usize].parse().expect("a card number");
    CardData::Keyed { pan, expiry: EXPIRY }
}

/// A request without a link.
pub fn request(kind: Kind, rrn: u64, amount: i64) -> Message {
    let (card, linked) = (card(0), Linked::None);
    let txn = txn(kind, rrn, amount);
    let rrn = Some(Rrn(rrn));
    Message::Request(Request { txn, card, pin: None, rrn, linked, takes_partial: false })
}

/// A void of what has the number `of`.
pub fn void(kind: Kind, rrn: u64, of: u64, amount: i64) -> Message {
    let stan = Stan(u32::try_from(of).expect("small"));
    let original = Original { batch: Batch(1), stan, date: MonthDay { month: 1, day: 7 } };
    let linked = Linked::Rrn { rrn: Rrn(of), auth: None, original };
    let (txn, card) = (txn(kind, rrn, amount), card(0));
    let rrn = Some(Rrn(rrn));
    Message::Request(Request { txn, card, pin: None, rrn, linked, takes_partial: false })
}

/// A 0420 of a request.
pub fn undo(kind: Kind, rrn: u64, amount: i64) -> Message {
    let (txn, reason) = (txn(kind, rrn, amount), ReversalReason::NoReply);
    Message::ReversalAdvice(ReversalAdvice { txn, rrn: Rrn(rrn), reason })
}

/// A refund of what has the number `of`.
pub fn refund(rrn: u64, of: u64, amount: i64) -> Message {
    Message::Advice(Advice {
        txn: txn(Kind::Refund, rrn, amount),
        card: None,
        rrn: Some(Rrn(rrn)),
        original_rrn: Rrn(of),
        original_date: MonthDay { month: 1, day: 7 },
        repair: false,
    })
}
