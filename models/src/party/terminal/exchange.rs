//! What replies do: strict matching, then the MAC, then the code (flows 2, soundness 3, 6, 7).

use super::record::{CardCopy, Line, Record};
use super::{
    Activity, BadMacReply, CodeWords, DeclinedVoid, IndefiniteReply, PartTaken, RecordContent,
    RefusedRefund, ReplyMatching, ReversalDone, ReversalRecord, TIMER_REPLY, TIMER_RETRY, Terminal,
    TimeoutShows, UnknownCodeShows,
};
use crate::ids::{ResponseCode, Stan};
use crate::money::Fen;
use crate::party::observe::{Outcome, Stray, Text};
use crate::party::{Effects, Observation, Summary};
use crate::time::Now;
use crate::wire::MacCheck;
use crate::wire::card::CardData;
use crate::wire::code;
use crate::wire::{
    Kind, Linked, Message, Received, Reply, Requirement, ReversalReason, Txn, decode,
};

const INSUFFICIENT: ResponseCode = ResponseCode(*b"51");

impl Terminal {
    pub(super) fn received(&mut self, now: Now, frame: &[u8], fx: &mut Effects) {
        match decode(frame) {
            Ok(received) => {
                // The header is outside the MAC: anybody may have set it, so all it brings about is a
                // sign-on, which is always safe.
                self.sign_on_again |= received.route.requirement == Requirement::SignOnAgain;
                self.message(now, &received, fx);
            }
            // Reason 06: a reply came, and nobody can say what it was (flows 5).
            Err(_) => match self.activity {
                Activity::Requesting(stan) => {
                    self.about(stan, fx);
                    self.mistrust(now, stan, ReversalReason::Other, Text::Unreadable, fx);
                }
                Activity::Inquiring(inquiry) => self.inquiry_unreadable(now, inquiry, fx),
                _ => {}
            },
        }
    }

    fn message(&mut self, now: Now, received: &Received<'_>, fx: &mut Effects) {
        self.about(received.message.stan(), fx);
        let good =
            self.keys.as_ref().is_some_and(|keys| received.verify(&keys.mac) == MacCheck::Good);
        match (self.activity, &received.message) {
            (Activity::SigningOn(stan), Message::SignOnReply(reply))
                if reply.request.stan == stan
                    && reply.request.terminal == self.config.id
                    && reply.request.merchant == self.config.merchant
                    && reply.request.keys == self.config.key_length =>
            {
                self.signed_on(now, reply, fx);
            }
            (Activity::Requesting(stan), Message::Reply(reply)) if self.matches(stan, reply) => {
                self.about(stan, fx);
                self.request_answered(now, stan, reply, good, fx);
            }
            (Activity::Inquiring(inquiry), Message::Reply(reply))
                if self.fits(&self.inquiry_txn(inquiry), reply) =>
            {
                self.inquiry_answered(now, inquiry, reply, good, fx);
            }
            (Activity::Reversing(stan), Message::ReversalReply(reply))
                if reply.txn == self.txn(stan) && good =>
            {
                self.reversal_answered(now, stan, reply.code, fx);
            }
            (Activity::Refunding(stan), Message::AdviceReply(reply))
                if reply.txn == self.txn(stan) && good =>
            {
                self.refund_answered(now, stan, reply, fx);
            }
            (Activity::Settling(stan), Message::SettleReply(reply))
                if self.is_our_settlement(stan, reply) =>
            {
                self.totals_answered(now, reply, fx);
            }
            (Activity::Uploading(stan, of), Message::UploadReply(reply))
                if reply.station == self.settling_station(stan) && reply.of == of =>
            {
                if good {
                    self.part_answered(now, reply, fx);
                } else {
                    self.keys_out_of_step(now, fx);
                }
            }
            (Activity::Managing(managing), Message::ManagementReply(reply))
                if self.is_ours(managing, reply) =>
            {
                self.managed(now, managing, reply.answer.code, fx);
            }
            (Activity::Reversing(stan) | Activity::Refunding(stan), message)
                if !good
                    && matches!(message, Message::ReversalReply(_) | Message::AdviceReply(_))
                    && message.txn().is_some_and(|txn| *txn == self.txn(stan)) =>
            {
                self.keys_out_of_step(now, fx);
            }
            (_, message) => {
                let why = Stray::NotPending;
                fx.observe(Observation::Dropped { why, message: Summary::of(message) });
            }
        }
    }

    /// A reversal's or refund's answer does not verify: it counts for nothing (soundness 7), and the
    /// keys may be out of step, so a sign-on comes before the next try.
    fn keys_out_of_step(&mut self, now: Now, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.keys = None;
        if let Activity::Refunding(stan) = self.activity {
            self.refunds_due.push_front(stan);
        }
        self.activity = Activity::Idle;
        self.attempt_failed(now, fx);
    }

    fn matches(&self, stan: Stan, reply: &Reply) -> bool {
        self.fits(&self.txn(stan), reply)
    }

    fn fits(&self, sent: &Txn, reply: &Reply) -> bool {
        match self.config.choices.reply_matching {
            ReplyMatching::Strict if reply.code == ResponseCode::PARTIAL => {
                self.is_part(sent, reply)
            }
            ReplyMatching::Strict => reply.txn == *sent,
            ReplyMatching::IgnoreStan => {
                reply.txn.terminal == sent.terminal && reply.txn.merchant == sent.merchant
            }
            // What the request had in DE22 is compared with nothing, and is never that.
            ReplyMatching::Unechoed => false,
        }
    }

    /// Whether a 10 answers what was sent: this terminal declared that it takes a part, and DE4 is lower, as
    /// it may be with no other code (flows 2, 8). Any other 10 answers nothing, and what it should have
    /// answered is reversed.
    fn is_part(&self, sent: &Txn, reply: &Reply) -> bool {
        let amount = reply.txn.amount;
        let lower = amount > Fen::ZERO && amount < sent.amount;
        self.takes_partial(sent.kind) && lower && reply.txn == Txn { amount, ..*sent }
    }

    fn request_answered(
        &mut self,
        now: Now,
        stan: Stan,
        reply: &Reply,
        good: bool,
        fx: &mut Effects,
    ) {
        if !good && self.config.choices.bad_mac_reply == BadMacReply::Reverse {
            self.keys = None;
            return self.mistrust(now, stan, ReversalReason::BadMac, Text::BadMac, fx);
        }
        let code = reply.code;
        let kind = self.journal.lines[&stan].kind;
        let void = kind == Kind::Void;
        if void && good && self.config.choices.declined_void == DeclinedVoid::Done {
            let done = Reply { code: ResponseCode::APPROVED, ..*reply };
            return self.approved(now, stan, &done, fx);
        }
        let unknown = code::lookup(code).is_none();
        let approves = code.approves_sale(self.takes_partial(kind))
            || (unknown && self.config.choices.unknown_code_shows == UnknownCodeShows::Approved);
        if !good {
            self.declined(now, stan, code, Text::BadMac, None, fx);
        } else if approves {
            self.approved(now, stan, reply, fx);
        } else if self.leaves_doubt(code) {
            // Both force a sign-on (soundness 10, flows 4.7).
            if matches!(&code.0, b"A0" | b"94") {
                self.keys = None;
            }
            self.doubt_shown(now, stan, Some(code), Text::Code(code), fx);
        } else {
            if matches!(&code.0, b"77" | b"99") {
                self.keys = None;
            }
            let (text, shown) = self.refusal(code);
            self.declined(now, stan, code, text, Some(shown), fx);
        }
    }

    /// The words of a code that refuses, and the code beside them.
    pub(super) fn refusal(&self, code: ResponseCode) -> (Text, ResponseCode) {
        if code::lookup(code).is_some() {
            return (self.words_of(code), code);
        }
        match self.config.choices.unknown_code_shows {
            UnknownCodeShows::InsufficientFunds => (Text::Code(INSUFFICIENT), INSUFFICIENT),
            UnknownCodeShows::Generic | UnknownCodeShows::Approved => {
                (Text::UnknownCode(code), code)
            }
        }
    }

    /// The words of a code that is in the table.
    fn words_of(&self, code: ResponseCode) -> Text {
        match self.config.choices.code_words {
            CodeWords::Own => Text::Code(code),
            CodeWords::NextRow => Text::Code(code::next_row(code)),
            CodeWords::General => Text::UnknownCode(code),
        }
    }

    /// 09, 68, 94 (soundness 3). A0 as well: the host could not authenticate this copy, so it could
    /// record nothing about it, and another copy may still be executed (flows 4.7).
    fn leaves_doubt(&self, code: ResponseCode) -> bool {
        leaves_open(code) && self.config.choices.indefinite_reply == IndefiniteReply::Reverse
    }

    /// One synced record supersedes the pending reversal; screen and slip come after it (soundness 5).
    fn approved(&mut self, now: Now, stan: Stan, reply: &Reply, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        if self.config.choices.reversal_record == ReversalRecord::Never {
            self.write_late(stan, fx);
        }
        let op = self.journal.lines[&stan].op;
        let Reply { rrn, code, auth, date, .. } = *reply;
        let asked = self.journal.lines[&stan].amount;
        let amount = match self.config.choices.part_taken {
            PartTaken::Approved if code == ResponseCode::PARTIAL => reply.txn.amount,
            PartTaken::Approved | PartTaken::Asked => asked,
        };
        let record = Record::Approved { stan, rrn, code, auth, amount, date };
        self.commit("append approved", &record, fx);
        fx.fact(Observation::Approved { op, key: self.key(stan), rrn, amount });
        fx.sync();
        self.announce(stan, false, fx);
        self.tries = 0;
        self.drive(now, fx);
    }

    /// UNSOUND choice `ReversalRecord::Never`: the line is journalled only once it is approved.
    fn write_late(&self, stan: Stan, fx: &mut Effects) {
        let Line { op, intent, kind, amount, date, linked, .. } = self.journal.lines[&stan];
        let record = Record::Pending { op, intent, kind, stan, amount, date, linked, card: None };
        self.write_pending(&record, fx);
    }

    /// Writes what must be undone until superseded. The caller syncs.
    pub(super) fn write_pending(&self, record: &Record, fx: &mut Effects) {
        let Record::Pending { op, intent, kind, stan, amount, linked, .. } = *record else {
            unreachable!("called for pending requests")
        };
        let original = match linked {
            Linked::Rrn { rrn, .. } => Some(rrn),
            Linked::None | Linked::Auth { .. } => None,
        };
        fx.append(pending_name(kind), record);
        let key = self.key(stan);
        fx.fact(Observation::RequestPending { op, intent, key, kind, amount, original });
    }

    fn declined(
        &mut self,
        now: Now,
        stan: Stan,
        code: ResponseCode,
        text: Text,
        shown: Option<ResponseCode>,
        fx: &mut Effects,
    ) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        let (op, key) = (self.journal.lines[&stan].op, self.key(stan));
        self.commit("append declined", &Record::Declined { stan }, fx);
        fx.fact(Observation::Declined { op, key, code });
        fx.sync();
        self.screen(op, Some(stan), shown, text, fx);
        self.end(op, Outcome::Failed, fx);
        self.tries = 0;
        self.drive(now, fx);
    }

    /// A reply that cannot be trusted: the reason is durable before the first 0400 (soundness 12).
    fn mistrust(
        &mut self,
        now: Now,
        stan: Stan,
        reason: ReversalReason,
        text: Text,
        fx: &mut Effects,
    ) {
        self.commit("append reason", &Record::Reason { stan, reason }, fx);
        fx.sync();
        self.doubt_shown(now, stan, None, text, fx);
    }

    pub(super) fn doubt(&mut self, now: Now, stan: Stan, text: Text, fx: &mut Effects) {
        self.about(stan, fx);
        match self.config.choices.timeout_shows {
            TimeoutShows::Doubt => self.doubt_shown(now, stan, None, text, fx),
            TimeoutShows::InsufficientFunds => {
                let text = Text::Code(INSUFFICIENT);
                self.doubt_shown(now, stan, Some(INSUFFICIENT), text, fx);
            }
        }
    }

    /// The request ends in doubt, and its reversal is the next thing that happens.
    fn doubt_shown(
        &mut self,
        now: Now,
        stan: Stan,
        code: Option<ResponseCode>,
        text: Text,
        fx: &mut Effects,
    ) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        let op = self.journal.lines[&stan].op;
        self.screen(op, Some(stan), code, text, fx);
        self.end(op, Outcome::InDoubt, fx);
        if self.config.choices.reversal_record == ReversalRecord::Never {
            self.journal.apply(&Record::Abandoned { stan });
        }
        self.eager = true;
        self.tries = 0;
        self.reversal_tries = 0;
        self.drive(now, fx);
    }

    fn reversal_answered(&mut self, now: Now, stan: Stan, code: ResponseCode, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        let (op, key) = (self.journal.lines[&stan].op, self.key(stan));
        let done = match self.config.choices.reversal_done {
            ReversalDone::Codes001225 => matches!(&code.0, b"00" | b"12" | b"25"),
            ReversalDone::AnyCode => true,
        };
        if done {
            self.commit("append undone", &Record::Undone { stan }, fx);
            fx.fact(Observation::Undone { op, key, code });
            fx.sync();
            self.tries = 0;
            self.drive(now, fx);
        } else {
            fx.observe(Observation::ReversalRefused { key, code });
            if &code.0 == b"A0" {
                self.keys = None;
            }
            self.attempt_failed(now, fx);
        }
    }

    /// The card of a reversal record: never, but under the unsound choice (B88).
    pub(super) fn card_copy(&self, card: &CardData) -> Option<CardCopy> {
        match self.config.choices.record_content {
            RecordContent::Reference => None,
            RecordContent::WholeCard => {
                let mut digits = [0u8; 19];
                let pan = card.pan().digits(&mut digits).to_owned();
                let track2 = match card {
                    CardData::Magstripe { track2 } | CardData::Chip { track2, .. } => {
                        Some(CardCopy::track(track2))
                    }
                    CardData::Keyed { .. } => None,
                };
                Some(CardCopy { pan, track2 })
            }
        }
    }

    /// 00 accepts it. The indefinite codes and A0 say nothing, so it goes on repeating with the same key
    /// (soundness 14); any other code refuses it for good.
    fn refund_answered(&mut self, now: Now, stan: Stan, reply: &Reply, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        let (code, rrn, date) = (reply.code, reply.rrn, reply.date);
        let line = self.journal.lines[&stan];
        let (op, key, amount) = (line.op, self.key(stan), line.amount);
        self.refunds_due.retain(|due| *due != stan);
        let done = self.config.choices.refused_refund == RefusedRefund::Done;
        if code == ResponseCode::APPROVED || (done && !leaves_open(code)) {
            self.commit("append refund accepted", &Record::RefundAccepted { stan, rrn, date }, fx);
            fx.fact(Observation::RefundAccepted { op, key, rrn, amount });
            fx.sync();
            self.announce(stan, false, fx);
        } else if leaves_open(code) {
            // Both force a sign-on (soundness 10, flows 4.7).
            if matches!(&code.0, b"A0" | b"94") {
                self.keys = None;
            }
            return self.refund_unanswered(now, stan, fx);
        } else {
            self.commit("append refund refused", &Record::RefundRefused { stan }, fx);
            fx.fact(Observation::RefundRefused { op, key, code });
            fx.sync();
            let text = if code::lookup(code).is_some() {
                self.words_of(code)
            } else {
                Text::UnknownCode(code)
            };
            fx.show(Observation::Screen { op, key: Some(key), code: Some(code), text });
            self.end(op, Outcome::Failed, fx);
        }
        self.tries = 0;
        self.drive(now, fx);
    }

    /// The refund is in doubt; it is never reversed but repeated with the same key (soundness 14).
    pub(super) fn refund_unanswered(&mut self, now: Now, stan: Stan, fx: &mut Effects) {
        self.about(stan, fx);
        let op = self.journal.lines[&stan].op;
        self.screen(op, Some(stan), None, Text::NoReply, fx);
        self.end(op, Outcome::InDoubt, fx);
        fx.arm(TIMER_RETRY, self.config.timers.retry_interval_ms);
        self.attempt_failed(now, fx);
    }
}

/// The step that writes the record of a pending request, by what it asks for.
const fn pending_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "append sale pending",
        Kind::Void => "append void pending",
        Kind::PreAuth => "append pre-auth pending",
        Kind::PreAuthVoid => "append pre-auth void pending",
        Kind::Completion => "append completion pending",
        Kind::CompletionVoid => "append completion void pending",
        Kind::Refund | Kind::CompletionAdvice | Kind::Balance | Kind::Status | Kind::QrSale => {
            panic!("no cashier can ask for it")
        }
    }
}

/// 09, 68, 94 and A0 settle nothing (soundness 3, flows 4.7).
fn leaves_open(code: ResponseCode) -> bool {
    code.is_indefinite() || &code.0 == b"A0"
}
