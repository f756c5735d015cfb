//! Leg 2: the link to the issuer, its answers and its silence, and the store-and-forward of advices,
//! first in first out per chain and without a try limit (soundness 15, 16).

use super::record::Record;
use super::repair::as_repair;
use super::tx::{State, Tx, Way};
use super::{
    ACQUIRER_ADDRESS, Acquirer, AdviceKnown, AdviceTries, AfterCutOff, CapturedPart, DeclineCode,
    ISSUER_ADDRESS, IssuerSilence, ReversedAnswer, TIMER_ADVICE, TIMER_DIAL, TIMER_ISSUER,
    TIMER_REDIAL,
};
use crate::ids::{ResponseCode, Rrn};
use crate::money::Fen;
use crate::party::observe::{Alarm, Decider, Stray};
use crate::party::{ConnId, Effects, Observation, Peer, Summary, TimerId};
use crate::time::Now;
use crate::wire::MacCheck;
use crate::wire::{
    Advice, Framer, Kind, Message, Reply, ReversalAdvice, ReversalReason, Route, Side, Txn, decode,
};
use std::collections::BTreeMap;

/// The connection to the issuer.
#[derive(Default)]
pub(super) struct IssuerLink {
    conn: Option<ConnId>,
    pub framer: Framer,
    /// Monotonic reading when anything last came from the issuer.
    heard_ms: u64,
}

impl IssuerLink {
    pub fn is(&self, conn: ConnId) -> bool {
        self.conn == Some(conn)
    }

    pub fn is_up(&self) -> bool {
        self.conn.is_some()
    }

    pub fn conn(&self) -> Option<ConnId> {
        self.conn
    }
}

/// Advices not yet acknowledged, by chain and place in the queue: RRN, and the tries so far.
#[derive(Default)]
pub(super) struct Advices {
    queue: BTreeMap<(Rrn, u64), (Rrn, u32)>,
}

impl Advices {
    /// Every advice, first in first out within its chain.
    pub fn all(&self) -> impl Iterator<Item = Rrn> {
        self.queue.values().map(|(rrn, _)| *rrn)
    }

    fn first_of(&self, chain: Rrn) -> Option<Rrn> {
        let mut of_chain = self.queue.range((chain, 0)..=(chain, u64::MAX));
        of_chain.next().map(|(_, (rrn, _))| *rrn)
    }

    /// The first advice of every chain.
    fn heads(&self) -> Vec<Rrn> {
        let mut heads: Vec<(Rrn, Rrn)> =
            self.queue.iter().map(|((chain, _), (rrn, _))| (*chain, *rrn)).collect();
        heads.dedup_by_key(|(chain, _)| *chain);
        heads.into_iter().map(|(_, rrn)| rrn).collect()
    }
}

impl Acquirer {
    /// Puts an advice behind what its chain has queued already (soundness 15).
    pub(super) fn queue_advice(&mut self, rrn: Rrn) {
        let place = self.place_of(rrn);
        self.advices.queue.insert(place, (rrn, 0));
    }

    /// Chain and place in the queue of an advice that was ever queued.
    fn place_of(&self, rrn: Rrn) -> (Rrn, u64) {
        let tx = self.books.tx(rrn).expect("a transaction of ours");
        (tx.chain, tx.queued_at)
    }

    pub(super) fn dial(&mut self, fx: &mut Effects) {
        fx.connect(Peer::Issuer);
        fx.arm(TIMER_DIAL, self.config.timers.dial_timeout_ms);
    }

    pub(super) fn dial_again(&mut self, timer: TimerId, fx: &mut Effects) {
        if timer == TIMER_DIAL {
            fx.arm(TIMER_REDIAL, self.config.timers.redial_ms);
        } else if !self.issuer.is_up() {
            self.dial(fx);
        }
    }

    pub(super) fn issuer_refused(&mut self, fx: &mut Effects) {
        fx.disarm(TIMER_DIAL);
        fx.arm(TIMER_REDIAL, self.config.timers.redial_ms);
    }

    pub(super) fn issuer_up(&mut self, now: Now, conn: ConnId, fx: &mut Effects) {
        if self.issuer.is_up() {
            return fx.close(conn);
        }
        fx.disarm(TIMER_DIAL);
        fx.disarm(TIMER_REDIAL);
        self.issuer =
            IssuerLink { conn: Some(conn), heard_ms: now.mono_ms, ..IssuerLink::default() };
        for rrn in self.advices.heads() {
            self.send_advice(rrn, fx);
        }
    }

    /// The link broke: whatever was sent on it is in doubt, so 98 and an own reversal (soundness 4).
    pub(super) fn issuer_lost(&mut self, now: Now, fx: &mut Effects) {
        self.issuer = IssuerLink::default();
        for rrn in std::mem::take(&mut self.open) {
            self.give_up(now, rrn, ReversalReason::NoReply, fx);
        }
        self.dial(fx);
    }

    pub(super) fn leg2_frame(&mut self, now: Now, frame: &[u8], fx: &mut Effects) {
        let Ok(received) = decode(frame) else { return };
        self.issuer.heard_ms = now.mono_ms;
        let message = &received.message;
        fx.about(message.terminal(), message.stan());
        let summary = Summary::of(message);
        let good = received.verify(&self.zone_mac) == MacCheck::Good;
        match message {
            Message::Reply(reply) if self.is_asked(reply) => {
                self.inquiry_answered(now, reply, good, fx);
            }
            Message::Reply(reply) => match self.open_request(reply) {
                Some(rrn) if good => self.issuer_answered(now, rrn, reply, fx),
                // Soundness 7: an answer that cannot be trusted leaves the request in doubt.
                Some(rrn) => {
                    fx.observe(Observation::Dropped { why: Stray::BadMac, message: summary });
                    self.give_up(now, rrn, ReversalReason::BadMac, fx);
                }
                None => {
                    fx.observe(Observation::Dropped { why: Stray::Late, message: summary });
                    if good && self.config.choices.reversed_answer == ReversedAnswer::Issuers {
                        self.take_late_approval(reply, fx);
                    }
                }
            },
            Message::AdviceReply(reply) | Message::ReversalAdviceReply(reply) if good => {
                self.advice_answered(reply, summary, fx);
            }
            _ => {
                let why = if good { Stray::NotPending } else { Stray::BadMac };
                fx.observe(Observation::Dropped { why, message: summary });
            }
        }
    }

    /// The open request that this reply answers, matched by DE37 and every echoed element (flows 2).
    fn open_request(&self, reply: &Reply) -> Option<Rrn> {
        let tx = self.books.tx(reply.rrn)?;
        let matches = tx.state == State::Open && self.answers(reply.rrn, tx, reply);
        matches.then_some(reply.rrn)
    }

    /// Whether a reply echoes a transaction. DE4 is lower where a part was approved, and may be only then and
    /// only where the terminal can take that (flows 2, 8).
    fn answers(&self, rrn: Rrn, tx: &Tx, reply: &Reply) -> bool {
        let asked = self.txn_of(rrn);
        if reply.code != ResponseCode::PARTIAL {
            return reply.txn == asked;
        }
        let amount = reply.txn.amount;
        let part = amount > Fen::ZERO && amount < asked.amount;
        tx.takes_partial && part && reply.txn == Txn { amount, ..asked }
    }

    fn issuer_answered(&mut self, now: Now, rrn: Rrn, reply: &Reply, fx: &mut Effects) {
        fx.disarm(TimerId(TIMER_ISSUER | rrn.0));
        self.open.remove(&rrn);
        let code = self.relayed(reply.code);
        if code.approves_sale(true) {
            // Completions name a pre-authorisation by the issuer's own date (flows 4.4).
            let own = (now.wall.month_day(), now.wall.time_of_day());
            let (date, time) = match reply.txn.kind {
                Kind::PreAuth => (reply.date, reply.time),
                _ => own,
            };
            let debit = reply.txn.kind.side() == Side::Debit;
            let asked = self.txn_of(rrn).amount;
            let part = (code == ResponseCode::PARTIAL).then_some(reply.txn.amount);
            let amount = match self.config.choices.captured_part {
                CapturedPart::Approved => part.unwrap_or(asked),
                CapturedPart::Asked => asked,
            };
            let cleared = if debit { self.cleared(now, rrn, amount) } else { None };
            let auth = reply.auth;
            let record = Record::Approved { rrn, code, amount, part, auth, date, time, cleared };
            self.commit(approval_name(self.txn_of(rrn).kind), &record, fx);
            if let Some(cleared) = cleared {
                let (day, fee) = (cleared.day, cleared.fee.into_iter().sum());
                fx.fact(Observation::Cleared { rrn, day, fee });
            }
        } else {
            self.commit("append declined", &Record::Declined { rrn, code }, fx);
        }
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Issuer });
        fx.sync();
        self.tell_terminal(now, rrn, code, fx);
    }

    /// The code that the terminal gets for the issuer's.
    pub(super) fn relayed(&self, code: ResponseCode) -> ResponseCode {
        match self.config.choices.decline_code {
            DeclineCode::Mistyped if &code.0 == b"51" => ResponseCode(*b"61"),
            DeclineCode::Relayed | DeclineCode::Mistyped => code,
        }
    }

    /// UNSOUND choice `ReversedAnswer::Issuers`; soundly, what is being undone stays a decline (soundness 1).
    fn take_late_approval(&mut self, reply: &Reply, fx: &mut Effects) {
        let (rrn, code) = (reply.rrn, reply.code);
        let undone = |state| matches!(state, State::Undoing(_) | State::Undone);
        let ours = self.books.tx(rrn).is_some_and(|tx| undone(tx.state));
        if ours && code.approves_sale(false) && self.txn_of(rrn) == reply.txn {
            self.commit("append late approval", &Record::LateApproval { rrn, code }, fx);
            fx.fact(Observation::Answered { rrn, code, decider: Decider::Issuer });
            fx.sync();
        }
    }

    fn tell_terminal(&mut self, now: Now, rrn: Rrn, code: ResponseCode, fx: &mut Effects) {
        let Some((conn, route)) = self.waiting.remove(&rrn) else { return };
        let txn = self.txn_of(rrn);
        let terminal = self.books.tx(rrn).expect("a transaction of ours").key.terminal;
        self.answer(now, conn, route, terminal, &txn, rrn, code, fx);
    }

    pub(super) fn issuer_silent(&mut self, now: Now, rrn: Rrn, fx: &mut Effects) {
        self.inquiry_unanswered(rrn);
        self.give_up(now, rrn, ReversalReason::NoReply, fx);
        self.hang_up_if_dead(now, self.config.timers.issuer_timeout_ms, fx);
    }

    /// A line on which nothing at all has come for a whole wait may be half-open: it looks up and carries
    /// nothing (B87). It is given up and dialled anew.
    fn hang_up_if_dead(&mut self, now: Now, waited_ms: u64, fx: &mut Effects) {
        if let Some(conn) = self.issuer.conn()
            && now.mono_ms.saturating_sub(self.issuer.heard_ms) >= waited_ms
        {
            fx.close(conn);
            self.issuer_lost(now, fx);
        }
    }

    /// A leg-2 send was made and nothing certain came back (soundness 1, 4).
    fn give_up(&mut self, now: Now, rrn: Rrn, reason: ReversalReason, fx: &mut Effects) {
        if self.books.tx(rrn).is_none_or(|tx| tx.state != State::Open) {
            return;
        }
        self.open.remove(&rrn);
        fx.disarm(TimerId(TIMER_ISSUER | rrn.0));
        let key = self.key_of(rrn);
        fx.about(key.terminal, key.stan);
        let code = ResponseCode(match self.config.choices.issuer_silence {
            IssuerSilence::Reverse98 => *b"98",
            IssuerSilence::Plain91 => *b"91",
            IssuerSilence::As51 => *b"51",
        });
        if self.config.choices.issuer_silence == IssuerSilence::Plain91 {
            self.commit("append left open", &Record::LeftOpen { rrn, code }, fx);
            fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
            fx.sync();
            return self.tell_terminal(now, rrn, code, fx);
        }
        let late_sync = self.config.choices.promise_sync == super::PromiseSync::AfterAnswer;
        if late_sync {
            self.tell_terminal(now, rrn, code, fx);
        }
        self.undo(rrn, reason, code, fx);
        fx.sync();
        self.tell_terminal(now, rrn, code, fx);
        self.send_first(self.chain_of(rrn), fx);
    }

    /// Sends what is first in this chain's queue, if the link is there.
    pub(super) fn send_first(&mut self, chain: Rrn, fx: &mut Effects) {
        if let Some(rrn) = self.advices.first_of(chain) {
            self.send_advice(rrn, fx);
        }
    }

    fn send_advice(&mut self, rrn: Rrn, fx: &mut Effects) {
        let tx = *self.books.tx(rrn).expect("a queued advice is a transaction of ours");
        let key = self.key_of(rrn);
        fx.about(key.terminal, key.stan);
        let Some(conn) = self.issuer.conn() else { return };
        let message = self.advice_about(rrn, &tx);
        let route = Route::new(ISSUER_ADDRESS, ACQUIRER_ADDRESS);
        if tx.way == Way::Repair {
            fx.send(conn, &as_repair(&message), route, Some(&self.zone_mac));
        }
        if tx.way == Way::Advice || self.config.choices.after_cut_off == AfterCutOff::KeepSending {
            fx.send(conn, &message, route, Some(&self.zone_mac));
        }
        fx.arm(TimerId(TIMER_ADVICE | rrn.0), self.config.timers.advice_interval_ms);
    }

    /// The advice that tells the issuer what it is owed about a transaction.
    fn advice_about(&self, rrn: Rrn, tx: &Tx) -> Message {
        let txn = self.txn_of(rrn);
        match tx.state {
            State::Undoing(reason) => Message::ReversalAdvice(ReversalAdvice { txn, rrn, reason }),
            // UNSOUND choice `RepairJob::AgainAfterRestart`: a closed case once more.
            State::Undone => {
                Message::ReversalAdvice(ReversalAdvice { txn, rrn, reason: ReversalReason::Repair })
            }
            State::RefundQueued | State::RefundDelivered => {
                let original_rrn = tx.chain;
                let original_date = self.books.tx(tx.chain).map_or(tx.date, |tx| tx.date);
                let (rrn, repair) = (Some(rrn), false);
                let card = None;
                Message::Advice(Advice { txn, card, rrn, original_rrn, original_date, repair })
            }
            state => unreachable!("no advice is queued in state {state:?}"),
        }
    }

    pub(super) fn advice_unanswered(&mut self, now: Now, rrn: Rrn, fx: &mut Effects) {
        if self.books.tx(rrn).is_none() {
            return;
        }
        let place = self.place_of(rrn);
        let Some((_, tries)) = self.advices.queue.get_mut(&place) else { return };
        *tries += 1;
        let given_up = match self.config.choices.advice_tries {
            AdviceTries::Unlimited => false,
            AdviceTries::GiveUp { tries: limit } => *tries >= limit,
        };
        if given_up {
            let key = self.key_of(rrn);
            fx.about(key.terminal, key.stan);
            self.advices.queue.remove(&place);
            self.commit("append dropped", &Record::Dropped { rrn }, fx);
            fx.fact(Observation::AdviceDropped { rrn });
            fx.sync();
        } else {
            self.send_advice(rrn, fx);
            self.hang_up_if_dead(now, self.config.timers.advice_interval_ms, fx);
        }
    }

    /// 00 and 94 end an entry, 25 and 12 that of a 0420 (soundness 16). Anything else keeps it, and somebody
    /// must look: a refund that the issuer does not book is money that nobody has.
    fn advice_answered(&mut self, reply: &Reply, summary: Summary, fx: &mut Effects) {
        let rrn = reply.rrn;
        let place = self.books.tx(rrn).map(|_| self.place_of(rrn));
        let queued = place.filter(|place| self.advices.queue.contains_key(place));
        let Some(place) = queued.filter(|_| self.txn_of(rrn) == reply.txn) else {
            return fx.observe(Observation::Dropped { why: Stray::Late, message: summary });
        };
        let refund = self.books.tx(rrn).is_some_and(|tx| tx.key.kind == Kind::Refund);
        let ends = match &reply.code.0 {
            b"00" => true,
            b"94" => self.config.choices.advice_known == AdviceKnown::Delivered,
            b"12" | b"25" => !refund,
            _ => false,
        };
        if !ends {
            let key = self.key_of(rrn);
            return fx.observe(Observation::Alarm { key, what: Alarm::AdviceRefused });
        }
        self.advices.queue.remove(&place);
        fx.disarm(TimerId(TIMER_ADVICE | rrn.0));
        self.commit("append delivered", &Record::Delivered { rrn }, fx);
        fx.fact(Observation::Delivered { rrn, code: reply.code });
        fx.sync();
        self.send_first(place.0, fx);
    }
}

/// The step that writes an approval, by what it does to the books.
const fn approval_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "append captured",
        Kind::Void => "append voided",
        Kind::PreAuth => "append authorised",
        Kind::PreAuthVoid => "append pre-auth voided",
        Kind::Completion => "append completed",
        Kind::CompletionVoid => "append completion voided",
        Kind::Refund | Kind::CompletionAdvice | Kind::Balance | Kind::Status | Kind::QrSale => {
            panic!("it is not forwarded")
        }
    }
}
