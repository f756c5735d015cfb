//! Leg 1: what terminals ask and what they are answered. Every answer that ends a request is durable
//! before it is sent, so that a repeat can only get the same one (soundness 2, 3, 9).

use super::batch_leg1::{Asker, BATCH_CLOSED};
use super::record::{Key, Record};
use super::refund::fingerprint;
use super::tx::{State, Tx};
use super::{
    ACQUIRER_ADDRESS, Acquirer, AcquirerKey, ISSUER_ADDRESS, MacRequired, NothingFound,
    OpenDuplicate, OpenOriginal, PromiseSync, Retention, ReversedAnswer, TIMER_ISSUER,
    TerminalKeys, Undoer, key_length_of,
};
use crate::ids::{Batch, ResponseCode, Rrn};
use crate::party::observe::{Alarm, Decider, Stray};
use crate::party::{ConnId, Effects, Observation, Summary, TimerId};
use crate::time::Now;
use crate::wire::MacCheck;
use crate::wire::key::WorkingKeys;
use crate::wire::{
    Class, Kind, Linked, Message, Request, Requirement, Reversal, ReversalReason, Route, Side,
    SignOn, SignOnReply, Txn, decode, pin,
};

const APPROVED: ResponseCode = ResponseCode::APPROVED;

/// Header requirement 3, set where a terminal's STANs or keys are out of step (flows 1, soundness 10).
pub(super) const SIGN_ON_AGAIN: Requirement = Requirement::SignOnAgain;
/// 40: this centre has no such function. It never has, so every repeat gets the same and nothing is kept.
const UNSUPPORTED: ResponseCode = ResponseCode(*b"40");

impl Acquirer {
    pub(super) fn leg1_frame(&mut self, now: Now, conn: ConnId, frame: &[u8], fx: &mut Effects) {
        let Ok(received) = decode(frame) else { return };
        let message = received.message;
        fx.about(message.terminal(), message.stan());
        let route = received.route.reply();
        let Some(&terminal) = self.by_id.get(&message.terminal()) else {
            let message = Summary::of(&message);
            return fx.observe(Observation::Dropped { why: Stray::NotPending, message });
        };
        if let Message::SignOn(request) = &message {
            return self.sign_on(now, conn, route, terminal, request, fx);
        }
        let to = Asker { conn, route, terminal };
        match &message {
            Message::Management(request) => return self.manage(now, to, request, fx),
            Message::Settle(request) => return self.settle(now, to, request, fx),
            _ => {}
        }
        let good = match received.verify(&self.keys_of(terminal).mac) {
            MacCheck::Good => true,
            MacCheck::Bad => self.config.choices.mac_required == MacRequired::Never,
            MacCheck::Missing => self.config.choices.mac_required != MacRequired::Always,
        };
        if !good {
            let summary = Summary::of(&message);
            fx.observe(Observation::Dropped { why: Stray::BadMac, message: summary });
            // A0, in the class of what was asked. Nothing is recorded of what nobody can vouch for.
            let code = ResponseCode(*b"A0");
            return self.tell(now, to, &message, code, fx);
        }
        match &message {
            Message::Request(request) if request.txn.kind == Kind::Balance => {
                self.inquiry(now, to, request, fx);
            }
            Message::Request(request) if self.serves(request.txn.kind) => {
                self.request(now, conn, route, terminal, request, fx)
            }
            Message::Reversal(request) => self.reversal(now, conn, route, terminal, request, fx),
            Message::Advice(request) => self.refund(now, conn, route, terminal, request, fx),
            Message::Request(_)
            | Message::QrSale(_)
            | Message::Status(_)
            | Message::CompletionAdvice(_) => self.tell(now, to, &message, UNSUPPORTED, fx),
            Message::Upload(request) => self.upload(now, to, request, fx),
            other => {
                let message = Summary::of(other);
                fx.observe(Observation::Dropped { why: Stray::NotPending, message });
            }
        }
    }

    /// A repeated 0800 gets its own stored 0810: same keys, same batch (soundness 8). Once something later
    /// was heard, nobody waits for that answer but a device whose memory is older than its STAN: it gets 94
    /// and no keys, and asks again with the next one. A STAN that was never seen, at or below the highest
    /// seen in the open batch, opens a new batch (soundness 10).
    fn sign_on(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        terminal: u16,
        request: &SignOn,
        fx: &mut Effects,
    ) {
        let known = &self.books.terminals[terminal as usize];
        let stored = known
            .sign_ons
            .iter()
            .rev()
            .find(|sign_on| (sign_on.asked_in, sign_on.stan) == (request.batch, request.stan));
        let latest = (known.batch, known.highest_stan);
        let fresh = stored.is_none();
        let (generation, batch) = if let Some(stored) = stored {
            if (stored.batch, stored.stan) != latest {
                return self.refuse_sign_on(now, conn, route, request, fx);
            }
            (stored.generation, stored.batch)
        } else {
            let batch = match known.batches.last() {
                // A terminal that was never seen brings its own; 000000 is none (flows 4.8).
                None => request.batch.max(Batch(1)),
                Some(open) if request.stan > known.highest_stan => *open,
                Some(_) => known.next_batch(),
            };
            let mut generation = known.generation + 1;
            while key_length_of(generation) != request.keys {
                generation += 1;
            }
            let (stan, asked_in) = (request.stan, request.batch);
            let record = Record::SignOn { terminal, stan, asked_in, generation, batch };
            self.commit("append sign-on", &record, fx);
            fx.sync();
            (generation, batch)
        };
        let entry = &self.config.terminals[terminal as usize];
        let keys = WorkingKeys::derive(&entry.master_key, entry.id, generation, request.keys);
        if fresh {
            self.keys[terminal as usize] = Some(TerminalKeys::new(&keys));
        }
        let reply = SignOnReply {
            request: SignOn { batch, ..*request },
            time: now.wall.time_of_day(),
            date: now.wall.month_day(),
            rrn: Rrn(0),
            code: APPROVED,
            wrapped: Some(keys.wrap(&entry.master_key)),
        };
        fx.send(conn, &Message::SignOnReply(reply), route, None);
    }

    /// 94 to a sign-on that was answered long ago.
    fn refuse_sign_on(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        request: &SignOn,
        fx: &mut Effects,
    ) {
        let (time, date) = (now.wall.time_of_day(), now.wall.month_day());
        let (request, rrn, code) = (*request, Rrn(0), ResponseCode(*b"94"));
        let reply = SignOnReply { request, time, date, rrn, code, wrapped: None };
        fx.send(conn, &Message::SignOnReply(reply), route, None);
    }

    /// Sends the answer that belongs to the message class of `txn`.
    #[expect(
        clippy::too_many_arguments,
        reason = "an answer is where, to whom, about what, and what"
    )]
    pub(super) fn answer(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        terminal: u16,
        txn: &Txn,
        rrn: Rrn,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        let mut reply = self.reply(now, txn, rrn, code);
        // The same answer again says the same part (flows 8).
        let part = self.books.tx(rrn).and_then(|tx| tx.part);
        if let Some(part) = part.filter(|_| code == ResponseCode::PARTIAL) {
            reply.txn.amount = part;
        }
        let message = match txn.kind.class() {
            Class::Request | Class::Inquiry => Message::Reply(reply),
            Class::Advice => Message::AdviceReply(reply),
        };
        let undoes = self.config.choices.undoer == Undoer::AcquirerToo;
        if undoes && code.approves_sale(true) && txn.kind == Kind::Sale {
            self.last_approval.insert(conn, rrn);
        }
        fx.send(conn, &message, route, Some(&self.keys_of(terminal).mac));
    }

    /// What is known under a key and must be answered from the store.
    pub(super) fn known(&self, now: Now, key: &Key) -> Option<Rrn> {
        let rrn = match self.config.choices.duplicate_key {
            AcquirerKey::Full | AcquirerKey::None => *self.books.by_key.get(key)?,
            AcquirerKey::WithoutBatch => self.books.by_stan(key)?,
        };
        let tx = self.books.tx(rrn)?;
        let kept = match self.config.choices.retention {
            Retention::Run => true,
            Retention::For { ms } => {
                now.mono_ms.saturating_sub(tx.came.map_or(0, |came| came.mono_ms)) <= ms
            }
            Retention::ByWallClock { ms } => {
                let came = tx.came.map_or(0, |came| came.wall.0);
                u64::try_from(now.wall.0 - came).is_ok_and(|age| age <= ms)
            }
        };
        if !kept {
            return None;
        }
        let forgets = self.config.choices.duplicate_key == AcquirerKey::None;
        let answered_by_issuer = matches!(tx.state, State::Approved | State::Declined);
        (!(forgets && answered_by_issuer)).then_some(rrn)
    }

    /// Whether this centre has the function.
    fn serves(&self, kind: Kind) -> bool {
        match kind {
            Kind::Sale
            | Kind::Void
            | Kind::PreAuth
            | Kind::PreAuthVoid
            | Kind::Completion
            | Kind::CompletionVoid => true,
            Kind::Refund | Kind::CompletionAdvice | Kind::Balance | Kind::Status | Kind::QrSale => {
                false
            }
        }
    }

    /// The original that a request names and may be linked to, or the code to refuse it with. Every kind's
    /// guard is here, in one step with the record that reserves what it asks for (soundness 13).
    fn guard(
        &self,
        now: Now,
        key: &Key,
        card: u64,
        request: &Request,
    ) -> Result<Option<Rrn>, ResponseCode> {
        match request.linked {
            Linked::None => Ok(None),
            Linked::Rrn { rrn, original, .. } => {
                self.judge_void(now, key, card, rrn, original, request.txn.amount).map(Some)
            }
            Linked::Auth { auth, date } => self.judge_authorised(key, card, auth, date).map(Some),
        }
    }

    /// 0100 or 0200 of any kind: a repeat gets its stored answer, what may not be is refused, the rest is
    /// forwarded, and each step is durable before it is said (soundness 2, 3, 9).
    fn request(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        terminal: u16,
        request: &Request,
        fx: &mut Effects,
    ) {
        let txn = &request.txn;
        let key = Key { kind: txn.kind, terminal, batch: txn.batch, stan: txn.stan };
        let card = fingerprint(self.config.fingerprint_key, &request.card);
        if let Some(rrn) = self.known(now, &key) {
            let tx = *self.books.tx(rrn).expect("just looked up");
            match self.repeat(&tx, txn, card) {
                Repeat::Answer(code) => {
                    return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
                }
                Repeat::Reused => {
                    self.reused(rrn, fx);
                    let (route, code) = (route.requiring(SIGN_ON_AGAIN), ResponseCode(*b"94"));
                    return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
                }
                Repeat::Absorb => return,
                Repeat::Execute => {}
            }
        }
        if self.is_closed_to(&key) {
            // Every repeat meets the same closed batch, so nothing need be kept of it.
            return self.answer(now, conn, route, terminal, txn, Rrn(0), BATCH_CLOSED, fx);
        }
        let rrn = self.books.next_rrn();
        let judged = match self.turned_away(terminal, txn.merchant) {
            Some(code) => Err(code),
            None => self.guard(now, &key, card, request),
        };
        // Only what could be sent and was not may be called that (soundness 4).
        let nothing_sent = ResponseCode(*b"91");
        let judged = judged.and_then(|of| self.issuer.is_up().then_some(of).ok_or(nothing_sent));
        let of = match judged {
            Ok(of) => of,
            Err(code) => {
                let record = Record::Refused { rrn, key, amount: txn.amount, card, code };
                self.refuse(now, &record, rrn, code, fx);
                return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
            }
        };
        self.waiting.insert(rrn, (conn, route));
        self.open.insert(rrn);
        if txn.kind.side() == Side::Debit {
            self.note_kind(rrn, terminal, &request.card);
        }
        let takes_partial = request.takes_partial;
        let record = Record::Forwarded { rrn, key, amount: txn.amount, card, of, takes_partial };
        let early = self.config.choices.forward_record == super::ForwardRecord::AfterSend;
        if !early {
            self.take(now, rrn, &record, txn, fx);
        }
        self.forward(rrn, terminal, request, fx);
        if early {
            self.take(now, rrn, &record, txn, fx);
        }
        let wait = self.config.timers.issuer_timeout_ms;
        fx.arm(TimerId(TIMER_ISSUER | rrn.0), wait);
    }

    fn take(&mut self, now: Now, rrn: Rrn, record: &Record, txn: &Txn, fx: &mut Effects) {
        self.commit("append forwarded", record, fx);
        self.books.came_at(rrn, now);
        let (key, kind, amount) = (self.key_of(rrn), txn.kind, txn.amount);
        let chain = self.chain_of(rrn);
        fx.fact(Observation::Taken { key, rrn, chain, kind, amount });
        fx.sync();
    }

    /// Refuses for good: durable, so that no repeat is ever executed.
    pub(super) fn refuse(
        &mut self,
        now: Now,
        record: &Record,
        rrn: Rrn,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        self.commit("append refused", record, fx);
        self.books.came_at(rrn, now);
        self.say_refused(rrn, code, fx);
        fx.sync();
    }

    /// What a record of a refusal makes true.
    pub(super) fn say_refused(&self, rrn: Rrn, code: ResponseCode, fx: &mut Effects) {
        let (key, tx) = (self.key_of(rrn), *self.books.tx(rrn).expect("just refused"));
        let (kind, amount) = (tx.key.kind, tx.amount);
        fx.fact(Observation::Taken { key, rrn, chain: rrn, kind, amount });
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
    }

    pub(super) fn forward(&mut self, rrn: Rrn, terminal: u16, request: &Request, fx: &mut Effects) {
        let Some(conn) = self.issuer.conn() else { return };
        let zone_key = self.config.zone_pin_key;
        let pin =
            request.pin.map(|block| pin::translate(block, &self.keys_of(terminal).pin, &zone_key));
        let message = Message::Request(Request { pin, rrn: Some(rrn), ..*request });
        let route = Route::new(ISSUER_ADDRESS, ACQUIRER_ADDRESS);
        fx.send(conn, &message, route, Some(&self.zone_mac));
    }

    /// A key came again with other content: an alarm, and before the 94 goes out a durable note, so that the
    /// reversal which follows it does not undo what the key named first (soundness 10).
    pub(super) fn reused(&mut self, rrn: Rrn, fx: &mut Effects) {
        fx.observe(Observation::Alarm { key: self.key_of(rrn), what: Alarm::StanReused });
        if self.books.tx(rrn).is_some_and(|tx| !tx.reused) {
            self.commit("append refused", &Record::Reused { rrn }, fx);
            fx.sync();
        }
    }

    pub(super) fn repeat(&self, tx: &Tx, txn: &Txn, card: u64) -> Repeat {
        let same = tx.asked == txn.amount && (tx.card == card || tx.card == 0);
        if !same {
            return Repeat::Reused;
        }
        match tx.state {
            State::Open => match self.config.choices.open_duplicate {
                OpenDuplicate::Absorb => Repeat::Absorb,
                OpenDuplicate::Answer94 => Repeat::Answer(ResponseCode(*b"94")),
                OpenDuplicate::ForwardAgain => Repeat::Execute,
            },
            // Nobody waits for it but who asked first: a terminal never asks twice (flows 4.5).
            State::Inquired => Repeat::Absorb,
            State::Approved
            | State::Declined
            | State::Undoing(_)
            | State::Undone
            | State::Tombstoned
            | State::Refused
            | State::RefundQueued
            | State::RefundDelivered => Repeat::Answer(tx.code),
        }
    }

    /// 0400 (flows 5, soundness 2b, 2c, 9): the answer is a promise, so what it promises is synced first.
    fn reversal(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        terminal: u16,
        request: &Reversal,
        fx: &mut Effects,
    ) {
        let txn = &request.txn;
        let mac_answer = |this: &mut Acquirer, rrn: Rrn, code: ResponseCode, fx: &mut Effects| {
            let reply = this.reply(now, txn, rrn, code);
            let mac = &this.keys_of(terminal).mac;
            fx.send(conn, &Message::ReversalReply(reply), route, Some(mac));
        };
        if let Some(code) = self.turned_away(terminal, txn.merchant) {
            return mac_answer(self, Rrn(0), code, fx);
        }
        let key = self.reversed_key(terminal, request);
        let late_sync = self.config.choices.promise_sync == PromiseSync::AfterAnswer;
        let Some(rrn) = self.known(now, &key) else {
            if self.config.choices.nothing_found == NothingFound::Forgotten {
                return mac_answer(self, Rrn(0), ResponseCode(*b"25"), fx);
            }
            let rrn = self.books.next_rrn();
            let record = Record::Tombstone { rrn, key, amount: txn.amount };
            if late_sync {
                mac_answer(self, rrn, ResponseCode(*b"25"), fx);
            }
            self.commit("append tombstone", &record, fx);
            let key = self.key_of(rrn);
            let (kind, amount) = (txn.kind, txn.amount);
            fx.fact(Observation::Taken { key, rrn, chain: rrn, kind, amount });
            fx.fact(Observation::Tombstone { key });
            fx.sync();
            if !late_sync {
                mac_answer(self, rrn, ResponseCode(*b"25"), fx);
            }
            return;
        };
        let tx = *self.books.tx(rrn).expect("just looked up");
        // It is about what was refused with 94, which left nothing and never will (soundness 2c, 10).
        if tx.reused {
            return mac_answer(self, rrn, ResponseCode(*b"25"), fx);
        }
        // DE4 of a 0400 is its original's: who is in doubt does not know how much was approved (soundness 9).
        if tx.asked != txn.amount {
            return mac_answer(self, rrn, ResponseCode(*b"64"), fx);
        }
        match tx.state {
            State::Open if self.config.choices.open_original == OpenOriginal::NotFound => {
                mac_answer(self, rrn, ResponseCode(*b"25"), fx);
            }
            // After a void in effect there is nothing left to undo (soundness 13).
            State::Approved if self.is_voided(&tx) => mac_answer(self, rrn, APPROVED, fx),
            // Whether there is, the void under way decides first: the terminal comes back.
            State::Approved if tx.void.is_some() => {}
            State::Open | State::Approved => {
                if late_sync {
                    mac_answer(self, rrn, APPROVED, fx);
                }
                self.waiting.remove(&rrn);
                self.open.remove(&rrn);
                fx.disarm(TimerId(TIMER_ISSUER | rrn.0));
                self.undo(rrn, request.reason, ResponseCode(*b"22"), fx);
                fx.sync();
                if !late_sync {
                    mac_answer(self, rrn, APPROVED, fx);
                }
                self.send_first(self.chain_of(rrn), fx);
            }
            State::Undoing(_) | State::Undone => mac_answer(self, rrn, APPROVED, fx),
            State::Declined | State::Refused => mac_answer(self, rrn, ResponseCode(*b"12"), fx),
            State::Tombstoned => mac_answer(self, rrn, ResponseCode(*b"25"), fx),
            State::RefundQueued | State::RefundDelivered | State::Inquired => {
                unreachable!("a reversal's key is a request's")
            }
        }
    }

    /// Takes over the undoing: from here on only a decline is answered, and a 0420 is queued until the
    /// issuer acknowledges it (soundness 1, 16). The caller syncs.
    pub(super) fn undo(
        &mut self,
        rrn: Rrn,
        reason: ReversalReason,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        let key = self.key_of(rrn);
        fx.about(key.terminal, key.stan);
        let code = match (self.config.choices.reversed_answer, self.books.tx(rrn)) {
            (ReversedAnswer::Issuers, Some(tx)) if tx.state == State::Approved => tx.code,
            _ => code,
        };
        let adjusted = self.books.paid_out(rrn);
        self.commit("append undoing", &Record::Undoing { rrn, reason, code }, fx);
        if let Some(amount) = adjusted {
            fx.fact(Observation::Adjusted { rrn, amount });
        }
        fx.fact(Observation::Undoing { rrn, reason });
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
        fx.fact(Observation::Queued { rrn });
        self.queue_advice(rrn);
    }
}

/// What becomes of a message whose key is known.
pub(super) enum Repeat {
    Answer(ResponseCode),
    /// The STAN was used for something else: 94, and the header asks for a sign-on (soundness 10).
    Reused,
    Absorb,
    Execute,
}
