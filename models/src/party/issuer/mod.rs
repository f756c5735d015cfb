//! The issuer: owns the account, the holds and the PIN counter, and is the only authority for 51.
//! Idempotent by DE37; a reversal and its original commute (soundness 2d, 14, 23). `request` answers what
//! may be declined, `advice` what is a fact, `reversal` undoes,
//! `repair` is the clearing exchange, `dispute` takes up what holders complain of; `decide` and `linked` find
//! code and reason, and `inquiry` what is told.

mod advice;
mod config;
mod decide;
mod dispute;
mod hold;
mod inquiry;
mod linked;
mod record;
mod repair;
mod request;
mod reversal;
#[cfg(test)]
mod tests;

pub use config::*;
use record::{Books, Record};

use super::observe::{Alarm, Stray, TxnKey};
use super::{ConnId, Effects, HouseOp, Input, Observation, Party, Summary};
use crate::ids::{AuthCode, ResponseCode, Rrn};
use crate::ledger::{Account, Posting};
use crate::money::Fen;
use crate::time::Now;
use crate::wire::MacCheck;
use crate::wire::card::Pan;
use crate::wire::key::MacKey;
use crate::wire::{Answer, Framer, Kind, Message, Reply, Told, Txn, decode};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, VecDeque};

/// An issuer.
pub struct Issuer {
    config: IssuerConfig,
    mac: MacKey,
    card_by_pan: IndexMap<Pan, u32, FxBuildHasher>,
    books: Books,
    /// Postings that a lagging replica does not show yet: when it will, which account, how much.
    unseen: VecDeque<(u64, u32, Fen)>,
    conns: BTreeMap<ConnId, Framer>,
    frame: Vec<u8>,
}

impl Issuer {
    /// An issuer that has not booted yet.
    pub fn new(config: IssuerConfig) -> Issuer {
        let cards = (0u32..).zip(&config.cards).map(|(n, card)| (card.pan, n)).collect();
        Issuer {
            mac: MacKey::new(&config.zone_mac_key),
            books: Books::new(&config),
            card_by_pan: cards,
            unseen: VecDeque::new(),
            conns: BTreeMap::new(),
            frame: Vec::new(),
            config,
        }
    }

    fn commit(&mut self, now: Now, what: &'static str, record: &Record, fx: &mut Effects) {
        fx.append(what, record);
        let moved = self.books.apply(record);
        if let Some(posting) = moved.posting {
            fx.fact(Observation::Posted(posting));
            self.hide_from_replica(now, &posting);
        }
        if let Some(change) = moved.hold {
            fx.fact(Issuer::say_hold(change));
        }
    }

    fn hide_from_replica(&mut self, now: Now, posting: &Posting) {
        let BalanceRead::Replica { lag_ms } = self.config.choices.balance_read else { return };
        self.unseen.retain(|(seen_at, ..)| *seen_at > now.mono_ms);
        for leg in posting.legs {
            if let Account::Cardholder(account) = leg.account {
                self.unseen.push_back((now.mono_ms + lag_ms, account, leg.amount));
            }
        }
    }

    fn replica_available(&self, now: Now, account: u32) -> Fen {
        let hidden = self.unseen.iter().filter(|(at, a, _)| *at > now.mono_ms && *a == account);
        self.books.available(account) - hidden.map(|(.., amount)| *amount).sum()
    }

    fn bytes(&mut self, now: Now, conn: ConnId, chunk: &[u8], fx: &mut Effects) {
        let Some(framer) = self.conns.get_mut(&conn) else { return };
        framer.push(chunk);
        let mut frame = std::mem::take(&mut self.frame);
        while let Some(framer) = self.conns.get_mut(&conn) {
            match framer.pull(&mut frame) {
                Ok(true) => self.frame(now, conn, &frame, fx),
                Ok(false) => break,
                Err(_) => {
                    self.conns.remove(&conn);
                    fx.close(conn);
                }
            }
        }
        self.frame = frame;
    }

    fn frame(&mut self, now: Now, conn: ConnId, frame: &[u8], fx: &mut Effects) {
        let Ok(received) = decode(frame) else { return };
        fx.about(received.message.terminal(), received.message.stan());
        if received.verify(&self.mac) != MacCheck::Good {
            let message = Summary::of(&received.message);
            fx.observe(Observation::Dropped { why: Stray::BadMac, message });
            return;
        }
        let route = received.route.reply();
        self.expire(now, fx);
        self.adjust_regardless(now, &received.message, fx);
        match &received.message {
            Message::Request(request) if serves(request.txn.kind) => {
                self.request(now, conn, route, request, fx);
            }
            Message::ReversalAdvice(advice) => self.reversal(now, conn, route, advice, fx),
            Message::Advice(advice) => self.refund(now, conn, route, advice, fx),
            // 40: this bank has no such function, and never had: nothing is kept.
            other @ (Message::Request(_)
            | Message::QrSale(_)
            | Message::Status(_)
            | Message::CompletionAdvice(_)) => {
                let (time, date) = (now.wall.time_of_day(), now.wall.month_day());
                let (rrn, code) = (other.rrn().unwrap_or_default(), ResponseCode(*b"40"));
                if let Some(reply) = other.answered(Answer { time, date, rrn, code }) {
                    fx.send(conn, &reply, route, Some(&self.mac));
                }
            }
            other => {
                let message = Summary::of(other);
                fx.observe(Observation::Dropped { why: Stray::NotPending, message });
            }
        }
    }

    fn reply(
        &self,
        now: Now,
        txn: &Txn,
        rrn: Rrn,
        code: ResponseCode,
        auth: Option<AuthCode>,
    ) -> Reply {
        let date = now.wall.month_day();
        let time = now.wall.time_of_day();
        Reply { txn: *txn, time, date, clearing_date: date, rrn, auth, code, told: Told::Nothing }
    }

    /// 94 and an alarm; nothing changes (soundness 10).
    fn other_content(&self, txn: &Txn, fx: &mut Effects) -> ResponseCode {
        fx.observe(Observation::Alarm { key: key_of(txn), what: Alarm::StanReused });
        ResponseCode(*b"94")
    }

    fn house(&mut self, now: Now, op: HouseOp, fx: &mut Effects) {
        self.commit(now, "append house record", &Record::House(op), fx);
        fx.fact(Observation::House(op));
        fx.sync();
    }
}

/// Whether this bank has the function, as a request.
fn serves(kind: Kind) -> bool {
    match kind {
        Kind::Sale
        | Kind::Void
        | Kind::PreAuth
        | Kind::PreAuthVoid
        | Kind::Completion
        | Kind::CompletionVoid
        | Kind::Balance => true,
        Kind::Refund | Kind::CompletionAdvice | Kind::Status | Kind::QrSale => false,
    }
}

fn key_of(txn: &Txn) -> TxnKey {
    TxnKey { terminal: txn.terminal, batch: txn.batch, stan: txn.stan }
}

impl Party for Issuer {
    fn handle(&mut self, now: Now, input: Input<'_>, fx: &mut Effects) {
        match input {
            Input::Boot(records) => {
                for bytes in records {
                    let record = postcard::from_bytes(bytes).expect("our own record");
                    self.books.apply(&record);
                }
            }
            Input::House(op) => self.house(now, op, fx),
            Input::Desk(asked) => self.desk(now, asked, fx),
            Input::Up { conn, .. } => {
                self.conns.insert(conn, Framer::default());
            }
            Input::Down { conn } => {
                self.conns.remove(&conn);
            }
            Input::Bytes { conn, chunk } => self.bytes(now, conn, chunk, fx),
            Input::SyncFailed => fx.halt(),
            Input::Op(_) | Input::Timer(_) | Input::Refused { .. } | Input::Device(_) => {
                unreachable!(
                    "an issuer serves no cashier, arms no timer, dials nobody, prints nothing"
                )
            }
        }
    }

    fn read_balances(&self, read: &mut dyn FnMut(Account, Fen)) {
        for (account, balance) in self.books.ledger.balances() {
            read(account, balance);
        }
    }
}
