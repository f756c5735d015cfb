//! The merchant's portal (商户平台): refunds that reach the acquirer over no terminal's line. They stand under
//! the same guard and are paid out of the same takings as those of the tills, in the same step as their
//! reservation, so that the two channels together never give back more than was captured (soundness 13, 14;
//! B90). What the portal shows is durable before it is shown; a number that is entered again gets the same
//! answer.

use super::Acquirer;
use super::record::{Key, Record};
use super::refund::Channel;
use super::tx::State;
use crate::ids::{ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::party::desk::{DESK_BATCH, DeskOp};
use crate::party::observe::{Outcome, Text};
use crate::party::{Effects, Observation, OpRef};
use crate::time::Now;
use crate::wire::Kind;

impl Acquirer {
    pub(super) fn desk(&mut self, now: Now, asked: DeskOp, fx: &mut Effects) {
        match asked {
            DeskOp::PortalRefund { op, merchant, number, original_rrn, amount } => {
                self.portal_refund(now, op, merchant, number, original_rrn, amount, fx);
            }
            DeskOp::Chargeback { op, number, original_rrn, amount } => {
                self.chargeback(now, op, number, original_rrn, amount, fx);
            }
            DeskOp::Dispute { .. } => unreachable!("a holder disputes at the issuer"),
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a merchant enters")]
    fn portal_refund(
        &mut self,
        now: Now,
        op: OpRef,
        merchant: u32,
        number: Stan,
        original: Rrn,
        amount: Fen,
        fx: &mut Effects,
    ) {
        let terminal = self.books.portal_of(merchant);
        let key = Key { kind: Kind::Refund, terminal, batch: DESK_BATCH, stan: number };
        let (id, _) = self.config.who(terminal);
        fx.about(id, number);
        if let Some(rrn) = self.known(now, &key) {
            let tx = self.books.tx(rrn).expect("just looked up");
            // 94: the number is taken by another refund (soundness 10).
            let same = tx.amount == amount && (tx.state == State::Refused || tx.chain == original);
            let code = if same { tx.code } else { ResponseCode(*b"94") };
            return self.show_at_desk(now, op, rrn, code, true, fx);
        }
        match self.refused_at_portal(&key, merchant, original, amount) {
            None => self.accept_at_desk(now, op, key, original, amount, fx),
            Some(code) => {
                let rrn = self.books.next_rrn();
                self.refuse_at_desk(now, op, rrn, key, original, amount, code, fx);
            }
        }
    }

    /// A portal reads no card: the acquirer's own record of the sale names it.
    fn refused_at_portal(
        &self,
        key: &Key,
        merchant: u32,
        original: Rrn,
        amount: Fen,
    ) -> Option<ResponseCode> {
        if self.books.maintenance {
            return Some(self.config.maintenance_code);
        }
        let sale = match self.refundable(merchant, original, amount) {
            Ok(sale) => sale,
            Err(code) => return Some(code),
        };
        self.not_standing(key, original, &sale)
            .or_else(|| self.beyond_capture(key, &sale, amount, Channel::Portal))
    }

    /// Reserved, written down and queued for the issuer; only then is it shown (soundness 14).
    pub(super) fn accept_at_desk(
        &mut self,
        now: Now,
        op: OpRef,
        key: Key,
        original: Rrn,
        amount: Fen,
        fx: &mut Effects,
    ) {
        let rrn = self.books.next_rrn();
        self.reserve_refund(now, rrn, key, amount, original, fx);
        let key = self.key_of(rrn);
        fx.fact(Observation::RefundPending { op, key, amount, original });
        fx.fact(Observation::RefundAccepted { op, key, rrn, amount });
        fx.sync();
        self.queue_advice(rrn);
        self.show_at_desk(now, op, rrn, ResponseCode::APPROVED, false, fx);
        self.send_first(self.chain_of(rrn), fx);
    }

    #[expect(clippy::too_many_arguments, reason = "what is refused to whom, and why")]
    pub(super) fn refuse_at_desk(
        &mut self,
        now: Now,
        op: OpRef,
        rrn: Rrn,
        key: Key,
        original: Rrn,
        amount: Fen,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        self.commit("append refused", &Record::Refused { rrn, key, amount, card: 0, code }, fx);
        self.books.came_at(rrn, now);
        let key = self.key_of(rrn);
        fx.fact(Observation::RefundPending { op, key, amount, original });
        self.say_refused(rrn, code, fx);
        fx.fact(Observation::RefundRefused { op, key, code });
        fx.sync();
        self.show_at_desk(now, op, rrn, code, false, fx);
    }

    /// What is seen at the desk. What was accepted has a confirmation to keep, as a slip at a till.
    pub(super) fn show_at_desk(
        &self,
        now: Now,
        op: OpRef,
        rrn: Rrn,
        code: ResponseCode,
        again: bool,
        fx: &mut Effects,
    ) {
        let (key, tx) = (self.key_of(rrn), self.books.tx(rrn).expect("a transaction of ours"));
        let accepted = code == ResponseCode::APPROVED;
        let known = crate::wire::code::lookup(code).is_some();
        let text = match (accepted, known) {
            (true, _) => Text::RefundAccepted,
            (false, true) => Text::Code(code),
            (false, false) => Text::UnknownCode(code),
        };
        fx.show(Observation::Screen { op, key: Some(key), code: Some(code), text });
        if accepted {
            let (kind, amount, date) = (Kind::Refund, tx.amount, now.wall.month_day());
            let (auth, reprint) = (None, again);
            fx.show(Observation::Slip { op, key, kind, amount, rrn, date, auth, reprint });
        }
        let outcome = if accepted { Outcome::Ok } else { Outcome::Failed };
        fx.show(Observation::Ended { op, outcome });
    }
}
