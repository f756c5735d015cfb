//! What the terminal does next when nothing is under way: connect, sign on, reverse, repeat refunds,
//! settle, and only then the cashier's operation (flows 4.1, soundness 8 and 12).

use super::record::Record;
use super::{
    Activity, Keys, Link, NewBatch, RefundRepeat, ReversalAttempts, ReversalRecord, TIMER_DIAL,
    TIMER_REPLY, TIMER_RETRY, Terminal,
};
use crate::ids::{AuthCode, Batch, Stan};
use crate::money::Fen;
use crate::party::observe::{Text, TxnKey};
use crate::party::{ConnId, Effects, Observation, OpRef, Peer, SlipData, TerminalOp, TimerId};
use crate::time::{MonthDay, Now, TimeOfDay, Wall};
use crate::wire::card::CardData;
use crate::wire::key::MacKey;
use crate::wire::pin::Pin;
use crate::wire::{
    Advice, Kind, Linked, Message, Original, Purpose, Request, Reversal, SignOn, SignOnReply, pin,
};

impl Terminal {
    /// Takes the next step that is due.
    pub(super) fn drive(&mut self, now: Now, fx: &mut Effects) {
        if self.activity != Activity::Idle || !self.at_printer.is_empty() {
            return;
        }
        if std::mem::take(&mut self.sign_on_again) {
            self.keys = None;
            self.eager = true;
        }
        let unfinished = self.unfinished() || !self.refunds_due.is_empty();
        if !(self.waiting.is_some() || (unfinished && self.eager)) {
            return;
        }
        match self.link {
            Link::Dialling => {}
            Link::Down => {
                self.link = Link::Dialling;
                fx.connect(Peer::Acquirer);
                fx.arm(TIMER_DIAL, self.config.timers.dial_timeout_ms);
            }
            Link::Up(conn) => self.online(now, conn, fx),
        }
    }

    /// Whether there is work that nobody needs to ask for, pending refunds aside.
    fn unfinished(&self) -> bool {
        let no_keys = self.keys.is_none() && !self.signed_off;
        let settles = self.journal.settling.is_some() || self.batch_is_full() && self.may_settle();
        self.journal.doubt.is_some() || no_keys || settles || self.sign_off_due
    }

    fn online(&mut self, now: Now, conn: ConnId, fx: &mut Effects) {
        if let Some(TerminalOp::Manage { op, purpose }) = self.waiting {
            self.waiting = None;
            self.manage(purpose, Some(op), conn, fx);
        } else if self.sign_off_due {
            self.manage(Purpose::SignOff, None, conn, fx);
        } else if self.keys.is_none() {
            self.sign_on(conn, fx);
        } else if self.journal.settling.is_some() {
            self.settle_on(conn, fx);
        } else if self.wants_to_settle() && self.may_settle() {
            self.begin_settlement(conn, fx);
        } else if let Some(stan) = self.journal.doubt {
            self.reverse(stan, conn, fx);
        } else if let Some(stan) = self.refunds_due.pop_front() {
            let stan = self.renumbered(stan, fx);
            self.send_refund(stan, None, conn, fx);
        } else if self.waiting.is_some() && self.journal.last_stan >= Stan::MAX {
            // Soundness 10: the counter begins anew only in a new batch, which a sign-on brings; until one
            // has, this terminal is not signed on.
            self.keys = None;
            self.sign_on(conn, fx);
        } else if let Some(op) = self.waiting.take() {
            self.adopt(fx);
            if self.journal.begun_anew && self.journal.is_open() {
                // What is open keeps the old batch, where this number has stood for something else.
                return self.refuse(op.op(), Text::RefundFirst, fx);
            }
            self.start(now, op, conn, fx);
        }
    }

    /// Takes over the batch that the last sign-on offered, once nothing of the old one may have to go out
    /// again. What is finished keeps the batch that it was made in (soundness 8, 10).
    fn adopt(&mut self, fx: &mut Effects) {
        if self.journal.is_open() {
            return;
        }
        let ignores = self.config.choices.new_batch == NewBatch::Ignore;
        if let Some(batch) = self.offered.take().filter(|_| !ignores) {
            self.commit("append batch", &Record::Batch(batch), fx);
            fx.sync();
        }
    }

    /// This session's tries are used up: the cashier's operation is refused with nothing sent, and the
    /// rest is tried again later. The record stays (flows 5).
    fn rest(&mut self, fx: &mut Effects) {
        self.eager = false;
        self.tries = 0;
        let signed_on = self.keys.is_some();
        // A whole session without a usable answer may mean that the keys are out of step: the next begins
        // with a sign-on, which is exempt from the block (soundness 8).
        self.keys = None;
        fx.arm(TIMER_RETRY, self.config.timers.retry_interval_ms);
        if let Some(op) = self.waiting.take() {
            let blocked = self.journal.doubt.is_some() && signed_on;
            let text = if blocked { Text::ReversalFirst } else { Text::NoConnection };
            self.refuse(op.op(), text, fx);
        }
        self.settlement_waits(Text::SettlementGoesOn, fx);
        if self.sign_off_due {
            self.be_signed_off();
        }
    }

    pub(super) fn link_up(&mut self, now: Now, conn: ConnId, fx: &mut Effects) {
        if !matches!(self.link, Link::Dialling) {
            return fx.close(conn);
        }
        fx.disarm(TIMER_DIAL);
        self.link = Link::Up(conn);
        self.framer = Default::default();
        self.eager = true;
        self.drive(now, fx);
    }

    pub(super) fn dial_failed(&mut self, now: Now, fx: &mut Effects) {
        if !matches!(self.link, Link::Dialling) {
            return;
        }
        fx.disarm(TIMER_DIAL);
        self.link = Link::Down;
        self.attempt_failed(now, fx);
    }

    /// The link is gone. What was out is in doubt at once: nothing can answer it any more.
    pub(super) fn link_lost(&mut self, now: Now, fx: &mut Effects) {
        self.link = Link::Down;
        self.no_answer(now, fx);
    }

    pub(super) fn timer(&mut self, now: Now, id: TimerId, fx: &mut Effects) {
        match id {
            TIMER_REPLY => {
                // The first silence may be one lost message; a second on the same line means the line
                // itself may be dead (half-open), so it is given up.
                let line_suspect = !matches!(self.activity, Activity::Requesting(_));
                if let (true, Link::Up(conn)) = (line_suspect, &self.link) {
                    fx.close(*conn);
                    self.link = Link::Down;
                }
                self.no_answer(now, fx);
            }
            TIMER_DIAL => self.dial_failed(now, fx),
            _ => {
                self.eager = true;
                self.tries = 0;
                self.refunds_due = self.journal.refunds.iter().copied().collect();
                self.drive(now, fx);
            }
        }
    }

    fn no_answer(&mut self, now: Now, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        match std::mem::replace(&mut self.activity, Activity::Idle) {
            Activity::Idle => self.drive(now, fx),
            Activity::SigningOn(_) => self.attempt_failed(now, fx),
            Activity::Reversing(stan) => {
                self.give_up_reversal(stan, fx);
                self.attempt_failed(now, fx);
            }
            Activity::Requesting(stan) => self.doubt(now, stan, Text::NoReply, fx),
            Activity::Refunding(stan) => self.refund_unanswered(now, stan, fx),
            Activity::Settling(_) | Activity::Uploading(..) => self.attempt_failed(now, fx),
            Activity::Managing(managing) => {
                self.management_unanswered(managing, fx);
                self.drive(now, fx);
            }
            Activity::Inquiring(inquiry) => self.inquiry_unanswered(now, inquiry, fx),
        }
    }

    pub(super) fn attempt_failed(&mut self, now: Now, fx: &mut Effects) {
        self.tries = self.tries.saturating_add(1);
        let unfinished = self.unfinished() || !self.journal.refunds.is_empty();
        if self.tries >= self.config.timers.tries_per_session
            && (unfinished || self.waiting.is_some())
        {
            self.rest(fx);
        } else {
            self.drive(now, fx);
        }
    }

    /// UNSOUND choice: a reversal that was tried often enough is dropped (B04).
    fn give_up_reversal(&mut self, stan: Stan, fx: &mut Effects) {
        self.reversal_tries = self.reversal_tries.saturating_add(1);
        let ReversalAttempts::GiveUp { tries } = self.config.choices.reversal_attempts else {
            return;
        };
        if self.reversal_tries >= tries {
            let (op, key) = (self.journal.lines[&stan].op, self.key(stan));
            self.commit("append abandoned", &Record::Abandoned { stan }, fx);
            fx.fact(Observation::Abandoned { op, key });
            fx.sync();
        }
    }

    /// The STAN is journalled before it is used (soundness 10).
    pub(super) fn use_stan(&mut self, fx: &mut Effects) -> Stan {
        let stan = self.write_stan(fx);
        fx.sync();
        stan
    }

    /// The same, with what it is used for.
    pub(super) fn use_stan_for(
        &mut self,
        fx: &mut Effects,
        what: impl FnOnce(TxnKey) -> Observation,
    ) -> Stan {
        let stan = self.write_stan(fx);
        fx.fact(what(self.key(stan)));
        fx.sync();
        stan
    }

    fn write_stan(&mut self, fx: &mut Effects) -> Stan {
        let stan = self.journal.next_stan();
        self.about(stan, fx);
        self.commit("append stan", &Record::StanUsed(stan), fx);
        stan
    }

    fn sign_on(&mut self, conn: ConnId, fx: &mut Effects) {
        let stan = self.use_stan(fx);
        let message = SignOn {
            stan,
            terminal: self.config.id,
            merchant: self.config.merchant,
            batch: self.journal.batch,
            keys: self.config.key_length,
        };
        fx.send(conn, &Message::SignOn(message), self.route(), None);
        self.await_reply(Activity::SigningOn(stan), fx);
    }

    pub(super) fn await_reply(&mut self, activity: Activity, fx: &mut Effects) {
        self.activity = activity;
        fx.arm(TIMER_REPLY, self.config.timers.response_timeout_ms);
    }

    pub(super) fn signed_on(&mut self, now: Now, reply: &SignOnReply, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        // 000000 numbers no batch (flows 4.8), and no MAC vouches for a sign-on's answer.
        let numbered = reply.request.batch != Batch(0);
        let usable = reply.code.approves_sale(false) && numbered;
        let wrapped = reply.wrapped.filter(|_| usable);
        let keys = wrapped.and_then(|wrapped| wrapped.unwrap(&self.config.master_key).ok());
        let Some(keys) = keys else {
            // Refused: the centre wants another sign-on before anything else, whatever keys there were.
            self.keys = None;
            return self.attempt_failed(now, fx);
        };
        self.keys = Some(Keys { mac: MacKey::new(&keys.mac), pin: keys.pin });
        self.signed_off = false;
        // Done now, whatever this reply's own header asks: no sign-on leads to another.
        self.sign_on_again = false;
        fx.set_clock(clock_from(now.wall, reply.date, reply.time));
        let batch = reply.request.batch;
        self.offered = (batch != self.journal.batch).then_some(batch);
        self.adopt(fx);
        let (terminal, batch) = (self.config.id, self.journal.batch);
        fx.observe(Observation::SignedOn { terminal, batch });
        self.tries = 0;
        self.drive(now, fx);
    }

    /// 0400: identical in every repeat, but for its MAC (soundness 8).
    fn reverse(&mut self, stan: Stan, conn: ConnId, fx: &mut Effects) {
        self.about(stan, fx);
        let line = self.journal.lines[&stan];
        let original = line.named_in_reversal(stan);
        let message = Reversal { txn: self.txn(stan), reason: line.reason, original };
        self.send(conn, &Message::Reversal(message), fx);
        self.await_reply(Activity::Reversing(stan), fx);
    }

    pub(super) fn send(&self, conn: ConnId, message: &Message, fx: &mut Effects) {
        let keys = self.keys.as_ref().expect("financial messages follow sign-on");
        fx.send(conn, message, self.route(), Some(&keys.mac));
    }

    fn start(&mut self, now: Now, op: TerminalOp, conn: ConnId, fx: &mut Effects) {
        let stan = self.journal.next_stan();
        self.about(stan, fx);
        match op {
            TerminalOp::Sale { op, intent, amount, card, pin } => {
                let asks = Asks { op, intent: Some(intent), kind: Kind::Sale, amount };
                self.start_request(now, stan, asks, Linked::None, card, pin, conn, fx);
            }
            TerminalOp::PreAuth { op, amount, card, pin } => {
                let asks = Asks { op, intent: None, kind: Kind::PreAuth, amount };
                self.start_request(now, stan, asks, Linked::None, card, pin, conn, fx);
            }
            TerminalOp::Balance { op, card, pin } => self.inquire(op, card, pin, conn, fx),
            TerminalOp::Completion { op, intent, original, amount, card } => {
                let asks = Asks { op, intent: Some(intent), kind: Kind::Completion, amount };
                let linked = authorised(&original);
                self.start_request(now, stan, asks, linked, card, None, conn, fx);
            }
            TerminalOp::Void { op, kind, original, amount, card } => {
                let asks = Asks { op, intent: None, kind, amount };
                let SlipData { rrn, date, batch, stan: named, auth, .. } = original;
                let linked = match kind {
                    Kind::PreAuthVoid => authorised(&original),
                    _ => Linked::Rrn { rrn, auth, original: Original { batch, stan: named, date } },
                };
                self.start_request(now, stan, asks, linked, card, None, conn, fx);
            }
            // Whatever else must be finished first was, or the settlement would have begun.
            TerminalOp::Settle { op } => self.refuse(op, Text::RefundFirst, fx),
            TerminalOp::Manage { .. } => unreachable!("needs no sign-on, and went out before it"),
            TerminalOp::Refund { op, amount, original_rrn, original_date, card } => {
                let sealed = self.storage_key.seal(&card, self.journal.batch, stan);
                let record = Record::RefundPending {
                    op,
                    stan,
                    amount,
                    original_rrn,
                    original_date,
                    card: sealed,
                };
                self.commit("append refund pending", &record, fx);
                let (key, original) = (self.key(stan), original_rrn);
                fx.fact(Observation::RefundPending { op, key, amount, original });
                fx.sync();
                self.send_refund(stan, Some(card), conn, fx);
            }
        }
    }

    /// The pending record is durable before the send, whatever the kind (flows 4.1).
    #[expect(clippy::too_many_arguments, reason = "a request is what, of what, by which card")]
    fn start_request(
        &mut self,
        now: Now,
        stan: Stan,
        asks: Asks,
        linked: Linked,
        card: CardData,
        entered: Option<Pin>,
        conn: ConnId,
        fx: &mut Effects,
    ) {
        let Asks { op, intent, kind, amount } = asks;
        let date = now.wall.month_day();
        let copy = self.card_copy(&card);
        let record = Record::Pending { op, intent, kind, stan, amount, date, linked, card: copy };
        let when = self.config.choices.reversal_record;
        self.journal.apply(&record);
        match when {
            ReversalRecord::BeforeSend => {
                self.write_pending(&record, fx);
                fx.sync();
            }
            ReversalRecord::AfterSend => {}
            ReversalRecord::Never => {
                fx.append("append stan", &Record::StanUsed(stan));
                fx.sync();
            }
        }
        let keys = self.keys.as_ref().expect("requests follow sign-on");
        let pin = entered.map(|pin| pin::encrypt(&pin, &card.pan(), &keys.pin));
        let txn = self.txn(stan);
        let takes_partial = self.takes_partial(kind);
        let request = Request { txn, card, pin, rrn: None, linked, takes_partial };
        self.send(conn, &Message::Request(request), fx);
        if when == ReversalRecord::AfterSend {
            self.write_pending(&record, fx);
            fx.sync();
        }
        self.await_reply(Activity::Requesting(stan), fx);
    }

    /// UNSOUND choice `RefundRepeat::NewStan`: what is repeated is another refund from here on (B24). Soundly
    /// its name stays.
    fn renumbered(&mut self, stan: Stan, fx: &mut Effects) -> Stan {
        let line = self.journal.lines[&stan];
        let sealed = line.card.expect("a refund's record has its card");
        let card = self.storage_key.open(sealed, line.batch, stan);
        let (RefundRepeat::NewStan, Some(card)) = (self.config.choices.refund_repeat, card) else {
            return stan;
        };
        let (op, amount) = (line.op, line.amount);
        let (original_rrn, original_date) = (line.rrn, line.date);
        self.commit("append abandoned", &Record::RefundRefused { stan }, fx);
        let stan = self.journal.next_stan();
        let card = self.storage_key.seal(&card, self.journal.batch, stan);
        let record = Record::RefundPending { op, stan, amount, original_rrn, original_date, card };
        self.commit("append refund pending", &record, fx);
        let (key, original) = (self.key(stan), original_rrn);
        fx.fact(Observation::RefundPending { op, key, amount, original });
        fx.sync();
        stan
    }

    /// 0220, on leg 1 a request that repeats itself with the same key. A repeat shows number and
    /// expiry, out of the record, and nothing else that was read (soundness 14, 22).
    fn send_refund(&mut self, stan: Stan, card: Option<CardData>, conn: ConnId, fx: &mut Effects) {
        self.about(stan, fx);
        let line = self.journal.lines[&stan];
        let (original_rrn, original_date) = (line.rrn, line.date);
        let txn = self.txn(stan);
        let sealed = line.card.expect("a refund's record has its card");
        let card = card.or_else(|| self.storage_key.open(sealed, line.batch, stan));
        let advice = Advice { txn, card, rrn: None, original_rrn, original_date, repair: false };
        self.send(conn, &Message::Advice(advice), fx);
        self.await_reply(Activity::Refunding(stan), fx);
    }
}

/// How a slip names a pre-authorisation. One without a DE38 cannot: the zeros that are keyed for it name
/// nothing at the issuer either.
fn authorised(slip: &SlipData) -> Linked {
    Linked::Auth { auth: slip.auth.unwrap_or(AuthCode(*b"000000")), date: slip.date }
}

/// What a request asks for.
struct Asks {
    op: OpRef,
    intent: Option<u32>,
    kind: Kind,
    amount: Fen,
}

/// The wall time that a sign-on reply sets: its date and time in this clock's own year (DE13 has none).
fn clock_from(wall: Wall, date: MonthDay, time: TimeOfDay) -> Wall {
    let signed = |part: u8| i8::try_from(part).expect("a date or time part is below 100");
    let civil = jiff::civil::DateTime::new(
        wall.civil().year(),
        signed(date.month),
        signed(date.day),
        signed(time.hour),
        signed(time.minute),
        signed(time.second),
        0,
    );
    civil.map_or(wall, Wall::from_civil)
}
