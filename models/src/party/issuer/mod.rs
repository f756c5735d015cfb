//! The issuer: owns the account, the holds and the PIN counter, and is the only authority for 51.
//! Idempotent by DE37; a reversal and its original commute (soundness 2d, 14, 23).

mod config;
mod decide;
mod record;

pub use config::*;
use decide::{Decision, code_of, decide};
use record::{Books, Record, State, Tx};

use super::observe::{Alarm, Reason, Stray, TxnKey};
use super::{ConnId, Effects, HouseOp, Input, Observation, Party, Summary};
use crate::ids::{ResponseCode, Rrn};
use crate::ledger::{Account, Posting};
use crate::money::Fen;
use crate::time::Now;
use crate::wire::MacCheck;
use crate::wire::card::Pan;
use crate::wire::key::MacKey;
use crate::wire::{
    Advice, Answer, Framer, Kind, Message, Reply, Request, ReversalAdvice, Route, Told, Txn, decode,
};
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
        if let Some(posting) = self.books.apply(record) {
            fx.fact(Observation::Posted(posting));
            self.hide_from_replica(now, &posting);
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
        match &received.message {
            Message::Request(request) if request.txn.kind == Kind::Sale => {
                self.sale(now, conn, route, request, fx);
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

    fn sale(&mut self, now: Now, conn: ConnId, route: Route, request: &Request, fx: &mut Effects) {
        let Some(rrn) = request.rrn else { return };
        let card = self.card_by_pan.get(&request.card.pan()).copied();
        if let Some(tx) = self.known(rrn) {
            let (code, auth) = if same_content(tx, &request.txn, card) {
                (tx.code, tx.auth(rrn))
            } else {
                (self.other_content(&request.txn, fx), None)
            };
            let reply = self.reply(now, &request.txn, rrn, code, auth);
            fx.send(conn, &Message::Reply(reply), route, Some(&self.mac));
            return;
        }
        let replica = |account| self.replica_available(now, account);
        let decision = decide(&self.config, &self.books, card, request, now.wall, replica);
        let Decision { code, account, pin, .. } = decision;
        let amount = request.txn.amount;
        let day = now.wall.month_day();
        let record = Record::Sale { rrn, card, account, amount, code, pin, day };
        let early = self.config.choices.commit == IssuerCommit::AfterReply;
        if !early {
            self.decide_durably(now, rrn, &record, &decision, amount, fx);
        }
        let state = if code == ResponseCode::APPROVED { State::Approved } else { State::Declined };
        let auth = Tx { state, code, card, account, amount, day }.auth(rrn);
        let reply = self.reply(now, &request.txn, rrn, code, auth);
        fx.send(conn, &Message::Reply(reply), route, Some(&self.mac));
        if early {
            self.decide_durably(now, rrn, &record, &decision, amount, fx);
        }
    }

    fn decide_durably(
        &mut self,
        now: Now,
        rrn: Rrn,
        record: &Record,
        decision: &Decision,
        amount: Fen,
        fx: &mut Effects,
    ) {
        self.commit(now, "append decision", record, fx);
        let Decision { code, reason, account, .. } = *decision;
        fx.fact(Observation::Decided { rrn, account, amount, code, reason });
        fx.sync();
    }

    /// What is known under this key, where keys are kept at all.
    fn known(&self, rrn: Rrn) -> Option<&Tx> {
        let tx = self.books.txs.get(&rrn)?;
        let kept = match self.config.choices.duplicate_key {
            IssuerKey::Rrn => true,
            IssuerKey::None => tx.state == State::Tombstoned || tx.state == State::Reversed,
        };
        kept.then_some(tx)
    }

    /// 0420: as if the original had not happened, in whatever order and however often it comes
    /// (flows 6).
    fn reversal(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        advice: &ReversalAdvice,
        fx: &mut Effects,
    ) {
        let rrn = advice.rrn;
        let (reason, record) = self.judge_reversal(rrn, advice);
        let code = code_of(reason, self.config.choices.frozen_code);
        let decided = Observation::ReversalDecided { rrn, code, reason };
        let key = key_of(&advice.txn);
        let early = self.config.choices.advice_commit == AdviceCommit::AfterReply;
        if !early {
            self.reverse_durably(now, record.as_ref(), key, decided, fx);
        }
        let reply = self.reply(now, &advice.txn, rrn, code, None);
        fx.send(conn, &Message::ReversalAdviceReply(reply), route, Some(&self.mac));
        if early {
            self.reverse_durably(now, record.as_ref(), key, decided, fx);
        }
    }

    /// Why a 0420 is answered as it is, and what it changes, if anything.
    fn judge_reversal(&self, rrn: Rrn, advice: &ReversalAdvice) -> (Reason, Option<Record>) {
        let Some(tx) = self.books.txs.get(&rrn) else {
            let kept = self.config.choices.tombstones == Tombstones::Kept;
            return (Reason::NoOriginal, kept.then_some(Record::Tombstone { rrn }));
        };
        match tx.state {
            State::Approved if tx.amount != advice.txn.amount => (Reason::AmountDiffers, None),
            State::Approved => (Reason::Granted, Some(Record::SaleReversed { rrn })),
            State::Reversed => (Reason::Granted, None),
            State::Tombstoned => (Reason::NoOriginal, None),
            State::Declined => (Reason::NotApproved, None),
            State::Refund => (Reason::InvalidTransaction, None),
        }
    }

    fn reverse_durably(
        &mut self,
        now: Now,
        record: Option<&Record>,
        key: TxnKey,
        decided: Observation,
        fx: &mut Effects,
    ) {
        match record {
            None => return fx.observe(decided),
            Some(record @ Record::Tombstone { .. }) => {
                self.commit(now, "append tombstone", record, fx);
                fx.fact(Observation::Tombstone { key });
            }
            Some(record) => self.commit(now, "append reversal", record, fx),
        }
        fx.fact(decided);
        fx.sync();
    }

    /// 0220: a fact that cannot be refused for the state of card or account (soundness 14).
    fn refund(&mut self, now: Now, conn: ConnId, route: Route, advice: &Advice, fx: &mut Effects) {
        let Some(rrn) = advice.rrn else { return };
        let (code, booked) = match self.books.txs.get(&rrn) {
            Some(tx) if tx.kind() == advice.txn.kind && tx.amount == advice.txn.amount => {
                (tx.code, None)
            }
            Some(_) => (self.other_content(&advice.txn, fx), None),
            None => {
                let (record, decided) = self.judge_refund(rrn, advice);
                let Record::Refund { code, .. } = record else { unreachable!("just made") };
                (code, Some((record, decided)))
            }
        };
        let early = self.config.choices.advice_commit == AdviceCommit::AfterReply;
        if let (false, Some((record, decided))) = (early, &booked) {
            self.book_refund(now, record, *decided, fx);
        }
        let reply = self.reply(now, &advice.txn, rrn, code, None);
        fx.send(conn, &Message::AdviceReply(reply), route, Some(&self.mac));
        if let (true, Some((record, decided))) = (early, &booked) {
            self.book_refund(now, record, *decided, fx);
        }
    }

    /// 94 and an alarm; nothing changes (soundness 10).
    fn other_content(&self, txn: &Txn, fx: &mut Effects) -> ResponseCode {
        fx.observe(Observation::Alarm { key: key_of(txn), what: Alarm::StanReused });
        ResponseCode(*b"94")
    }

    fn judge_refund(&self, rrn: Rrn, advice: &Advice) -> (Record, Observation) {
        let chain = advice.original_rrn;
        let amount = advice.txn.amount;
        let original = self.books.txs.get(&chain);
        let account = original.and_then(|tx| tx.account);
        let reason = match (original, account) {
            (None, _) => Reason::NoOriginal,
            (Some(_), None) => Reason::NotApproved,
            (Some(_), Some(_)) if amount <= Fen::ZERO => Reason::InvalidAmount,
            (Some(tx), Some(_)) => match tx.state {
                State::Approved | State::Reversed => Reason::Granted,
                State::Declined | State::Tombstoned | State::Refund => Reason::NotApproved,
            },
        };
        let code = code_of(reason, self.config.choices.frozen_code);
        let returned = account.is_some_and(|account| {
            self.books.accounts[account as usize].state == AccountState::Closed
        });
        let record = Record::Refund { rrn, chain, amount, code, returned };
        (record, Observation::Decided { rrn, account, amount, code, reason })
    }

    fn book_refund(&mut self, now: Now, record: &Record, decided: Observation, fx: &mut Effects) {
        self.commit(now, "append refund", record, fx);
        fx.fact(decided);
        fx.sync();
    }

    fn reply(
        &self,
        now: Now,
        txn: &Txn,
        rrn: Rrn,
        code: ResponseCode,
        auth: Option<crate::ids::AuthCode>,
    ) -> Reply {
        let date = now.wall.month_day();
        let time = now.wall.time_of_day();
        Reply { txn: *txn, time, date, clearing_date: date, rrn, auth, code, told: Told::Nothing }
    }

    fn house(&mut self, now: Now, op: HouseOp, fx: &mut Effects) {
        self.commit(now, "append house record", &Record::House(op), fx);
        fx.fact(Observation::House(op));
        fx.sync();
    }
}

fn key_of(txn: &Txn) -> TxnKey {
    TxnKey { terminal: txn.terminal, batch: txn.batch, stan: txn.stan }
}

/// Equal content under one key (soundness 10); a tombstone has none to compare.
fn same_content(tx: &Tx, txn: &Txn, card: Option<u32>) -> bool {
    tx.state == State::Tombstoned
        || (tx.kind() == txn.kind && tx.amount == txn.amount && tx.card == card)
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
            Input::Up { conn, .. } => {
                self.conns.insert(conn, Framer::default());
            }
            Input::Down { conn } => {
                self.conns.remove(&conn);
            }
            Input::Bytes { conn, chunk } => self.bytes(now, conn, chunk, fx),
            Input::SyncFailed => fx.halt(),
            Input::Op(_) | Input::Timer(_) | Input::Refused { .. } => {
                unreachable!("an issuer serves no cashier, arms no timer and dials nobody")
            }
        }
    }

    fn read_balances(&self, read: &mut dyn FnMut(Account, Fen)) {
        for (account, balance) in self.books.ledger.balances() {
            read(account, balance);
        }
    }
}
