//! The acquirer (POS centre): owns the RRN, the terminal registry, the captures and the merchant's
//! unsettled balance. What it promises is durable before it is said (soundness 2). `leg1` answers
//! terminals, `leg2` talks to the issuer, `refund` and `void` guard what gives money back,
//! `portal` is the merchant's other way in, `chargeback` rules on what issuers claim, `authorised` finds
//! pre-authorisations, `settle` prices
//! and pays out, `batch` and `batch_leg1` settle terminals' batches, `inquiry` passes balance inquiries on.

mod authorised;
mod batch;
mod batch_leg1;
mod books;
mod chargeback;
mod choices;
mod config;
mod inquiry;
mod leg1;
mod leg2;
mod portal;
mod record;
mod refund;
mod repair;
mod settle;
#[cfg(test)]
mod tests;
mod tx;
mod void;

use books::Books;
pub use choices::*;
pub use config::*;
use leg2::{Advices, IssuerLink};
use record::Record;
use tx::State;

use super::observe::TxnKey;
use super::{ConnId, Effects, HouseOp, Input, Observation, Party, Peer, TimerId};
use crate::clearing::fee::CardKind;
use crate::ids::{ResponseCode, Rrn, TerminalId};
use crate::ledger::Account;
use crate::money::Fen;
use crate::time::Now;
use crate::wire::key::MacKey;
use crate::wire::key::{DesKey, WorkingKeys};
use crate::wire::{Class, Framer, KeyLength, Reply, ReversalReason, Route, Told, Txn};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};

/// The node number of the acquirer in TPDUs.
const ACQUIRER_ADDRESS: u16 = 0x0003;
/// The node number of the issuer in TPDUs.
const ISSUER_ADDRESS: u16 = 0x0009;

/// Working keys of one terminal, ready for use.
struct TerminalKeys {
    mac: MacKey,
    pin: DesKey,
}

impl TerminalKeys {
    fn new(keys: &WorkingKeys) -> TerminalKeys {
        TerminalKeys { mac: MacKey::new(&keys.mac), pin: keys.pin }
    }
}

/// An acquirer.
pub struct Acquirer {
    config: AcquirerConfig,
    zone_mac: MacKey,
    by_id: IndexMap<TerminalId, u16, FxBuildHasher>,
    books: Books,
    keys: Vec<Option<TerminalKeys>>,
    conns: BTreeMap<ConnId, Framer>,
    /// Requests sent to the issuer and not yet answered.
    open: BTreeSet<Rrn>,
    /// Where the answer of an open request goes.
    waiting: BTreeMap<Rrn, (ConnId, Route)>,
    /// What kind of card an open request was made with. Not journalled: a restart undoes what was open.
    kinds: BTreeMap<Rrn, CardKind>,
    /// UNSOUND choice `Undoer::AcquirerToo`: the last approval sent on a connection.
    last_approval: BTreeMap<ConnId, Rrn>,
    issuer: IssuerLink,
    advices: Advices,
    frame: Vec<u8>,
}

/// What a timer is for; the rest of the number says for which transaction.
const TIMER_ISSUER: u64 = 1 << 56;
const TIMER_ADVICE: u64 = 2 << 56;
const TIMER_DIAL: TimerId = TimerId(3 << 56);
const TIMER_REDIAL: TimerId = TimerId(4 << 56);
const TIMER_DAY: TimerId = TimerId(5 << 56);
const TIMER_KIND: u64 = 0xff << 56;

impl Acquirer {
    /// An acquirer that has not booted yet.
    pub fn new(config: AcquirerConfig) -> Acquirer {
        let terminals = (0u16..).zip(&config.terminals);
        Acquirer {
            zone_mac: MacKey::new(&config.zone_mac_key),
            by_id: terminals.map(|(n, terminal)| (terminal.id, n)).collect(),
            books: Books::new(&config),
            keys: config.terminals.iter().map(|_| None).collect(),
            conns: BTreeMap::new(),
            open: BTreeSet::new(),
            waiting: BTreeMap::new(),
            kinds: BTreeMap::new(),
            last_approval: BTreeMap::new(),
            issuer: IssuerLink::default(),
            advices: Advices::default(),
            frame: Vec::new(),
            config,
        }
    }

    /// Appends a record, takes it into the books and states what it makes true.
    fn commit(&mut self, what: &'static str, record: &Record, fx: &mut Effects) {
        fx.append(what, record);
        for posting in self.books.apply(record) {
            fx.fact(Observation::Posted(*posting));
        }
    }

    fn key_of(&self, rrn: Rrn) -> TxnKey {
        let key = self.books.tx(rrn).expect("a transaction of ours").key;
        let (terminal, _) = self.config.who(key.terminal);
        TxnKey { terminal, batch: key.batch, stan: key.stan }
    }

    /// The original of the chain that a transaction hangs on.
    fn chain_of(&self, rrn: Rrn) -> Rrn {
        self.books.tx(rrn).expect("a transaction of ours").chain
    }

    /// The echoed data elements of a transaction, rebuilt from its record.
    fn txn_of(&self, rrn: Rrn) -> Txn {
        let tx = self.books.tx(rrn).expect("a transaction of ours");
        let (terminal, merchant) = self.config.who(tx.key.terminal);
        Txn {
            kind: tx.key.kind,
            amount: tx.asked,
            stan: tx.key.stan,
            terminal,
            merchant: self.config.merchants[merchant as usize].id,
            batch: tx.key.batch,
        }
    }

    /// The keys that this terminal was last given: kept from its sign-on, derived anew after a restart.
    fn keys_of(&mut self, terminal: u16) -> &TerminalKeys {
        let generation = self.books.terminals[terminal as usize].generation;
        let entry = &self.config.terminals[terminal as usize];
        self.keys[terminal as usize].get_or_insert_with(|| {
            let length = key_length_of(generation);
            let keys = WorkingKeys::derive(&entry.master_key, entry.id, generation, length);
            TerminalKeys::new(&keys)
        })
    }

    fn reply(&self, now: Now, txn: &Txn, rrn: Rrn, code: ResponseCode) -> Reply {
        let auth = self.books.tx(rrn).and_then(|tx| tx.auth);
        let request = txn.kind.class() == Class::Request;
        let auth = auth.filter(|_| code.approves_sale(true) && request);
        // A stored answer is the same answer: an approval keeps the date that the slip will quote.
        let stored = self.books.tx(rrn).filter(|tx| tx.state == State::Approved);
        let (date, time) = match stored {
            Some(tx) if request => (tx.date, tx.time),
            _ => (now.wall.month_day(), now.wall.time_of_day()),
        };
        Reply { txn: *txn, time, date, clearing_date: date, rrn, auth, code, told: Told::Nothing }
    }

    fn boot(&mut self, now: Now, records: Box<dyn Iterator<Item = &[u8]> + '_>, fx: &mut Effects) {
        for bytes in records {
            let record = postcard::from_bytes(bytes).expect("our own record");
            self.books.apply(&record);
        }
        for rrn in self.books.queued() {
            self.queue_advice(rrn);
        }
        // Soundness 2a: whatever was open may have been sent.
        for rrn in self.books.open() {
            self.undo(rrn, ReversalReason::NoReply, ResponseCode(*b"98"), fx);
        }
        // A crash may have come between a cut-off and its cases.
        self.open_cases(fx);
        self.rework_closed_cases();
        fx.sync();
        self.settle_at_boot(now, fx);
        self.dial(fx);
    }

    fn house(&mut self, op: HouseOp, fx: &mut Effects) {
        let swept = match op {
            HouseOp::Sweep { merchant } => self.books.pools[merchant as usize].max(Fen::ZERO),
            _ => Fen::ZERO,
        };
        self.commit("append house record", &Record::House { op, swept }, fx);
        fx.fact(Observation::House(op));
        fx.sync();
    }

    fn timer(&mut self, now: Now, id: TimerId, fx: &mut Effects) {
        let rrn = Rrn(id.0 & !TIMER_KIND);
        match id.0 & TIMER_KIND {
            TIMER_ISSUER => self.issuer_silent(now, rrn, fx),
            TIMER_ADVICE => self.advice_unanswered(now, rrn, fx),
            _ if id == TIMER_DAY => self.settle_by_timer(now, fx),
            _ => self.dial_again(id, fx),
        }
    }

    fn bytes(&mut self, now: Now, conn: ConnId, chunk: &[u8], fx: &mut Effects) {
        if let Some(framer) = self.framer(conn) {
            framer.push(chunk);
        }
        let mut frame = std::mem::take(&mut self.frame);
        while let Some(framer) = self.framer(conn) {
            match framer.pull(&mut frame) {
                Ok(true) if self.issuer.is(conn) => self.leg2_frame(now, &frame, fx),
                Ok(true) => self.leg1_frame(now, conn, &frame, fx),
                Ok(false) => break,
                Err(_) => {
                    fx.close(conn);
                    self.down(now, conn, fx);
                }
            }
        }
        self.frame = frame;
    }

    fn framer(&mut self, conn: ConnId) -> Option<&mut Framer> {
        if self.issuer.is(conn) { Some(&mut self.issuer.framer) } else { self.conns.get_mut(&conn) }
    }

    fn down(&mut self, now: Now, conn: ConnId, fx: &mut Effects) {
        if self.issuer.is(conn) {
            self.issuer_lost(now, fx);
        } else {
            self.conns.remove(&conn);
            self.waiting.retain(|_, (waiting, _)| *waiting != conn);
            self.terminal_lost(conn, fx);
        }
    }

    /// UNSOUND choice `Undoer::AcquirerToo`; soundly, a lost link to a terminal undoes nothing, since
    /// its approval may have arrived (soundness 1).
    fn terminal_lost(&mut self, conn: ConnId, fx: &mut Effects) {
        let Some(rrn) = self.last_approval.remove(&conn) else { return };
        let captured = self.books.tx(rrn).is_some_and(|tx| tx.state == State::Approved);
        if self.config.choices.undoer == Undoer::AcquirerToo && captured {
            self.undo(rrn, ReversalReason::NoReply, ResponseCode(*b"22"), fx);
            fx.sync();
            self.send_first(self.chain_of(rrn), fx);
        }
    }
}

/// Which key length a generation has: sign-on may ask for either, so the lowest bit of the generation
/// keeps it and no key is ever stored.
pub fn key_length_of(generation: u32) -> KeyLength {
    if generation.is_multiple_of(2) { KeyLength::Double } else { KeyLength::Single }
}

impl Party for Acquirer {
    fn handle(&mut self, now: Now, input: Input<'_>, fx: &mut Effects) {
        if !matches!(input, Input::Boot(_) | Input::SyncFailed) {
            self.turn_day(now, fx);
        }
        match input {
            Input::Boot(records) => self.boot(now, records, fx),
            Input::House(op) => self.house(op, fx),
            Input::Timer(id) => self.timer(now, id, fx),
            Input::Up { conn, peer: Peer::Issuer, dialled: true } => self.issuer_up(now, conn, fx),
            Input::Up { conn, .. } => {
                self.conns.insert(conn, Framer::default());
            }
            Input::Refused { .. } => self.issuer_refused(fx),
            Input::Down { conn } => self.down(now, conn, fx),
            Input::Bytes { conn, chunk } => self.bytes(now, conn, chunk, fx),
            Input::SyncFailed => fx.halt(),
            Input::Desk(asked) => self.desk(now, asked, fx),
            Input::Op(_) => unreachable!("an acquirer serves no cashier"),
            Input::Device(_) => unreachable!("an acquirer has no printer"),
        }
    }

    fn read_balances(&self, read: &mut dyn FnMut(Account, Fen)) {
        for (account, balance) in self.books.ledger.balances() {
            read(account, balance);
        }
    }
}
