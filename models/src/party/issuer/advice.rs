//! 0220: a fact that cannot be refused for the state of card or account (soundness 14).

use super::decide::code_of;
use super::record::{Decided, PinEffect, Record, State};
use super::{AdviceCommit, ClosedCredit, Issuer, RepeatedAdvice};
use crate::ids::{ResponseCode, Rrn};
use crate::money::Fen;
use crate::party::observe::Reason;
use crate::party::{ConnId, Effects, Observation};
use crate::time::Now;
use crate::wire::{Advice, Message, Route};

impl Issuer {
    pub(super) fn refund(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        advice: &Advice,
        fx: &mut Effects,
    ) {
        let Some(rrn) = advice.rrn else { return };
        let txn = &advice.txn;
        let (code, booked) = match self.books.txs.get(&rrn) {
            Some(tx)
                if (tx.kind, tx.amount) == (txn.kind, txn.amount)
                    && tx.state != State::Tombstoned =>
            {
                let booked = tx.state == State::Approved;
                match self.config.choices.repeated_advice {
                    RepeatedAdvice::Answer94 if booked => (ResponseCode(*b"94"), None),
                    RepeatedAdvice::BookedAgain if booked => {
                        (tx.code, Some(self.judge_refund(now, rrn, advice)))
                    }
                    _ => (tx.code, None),
                }
            }
            Some(_) => (self.other_content(txn, fx), None),
            None => {
                let (decided, reason) = self.judge_refund(now, rrn, advice);
                (decided.code, Some((decided, reason)))
            }
        };
        let early = self.config.choices.advice_commit == AdviceCommit::AfterReply;
        if let (false, Some((decided, reason))) = (early, booked) {
            self.book_refund(now, decided, reason, fx);
        }
        let reply = self.reply(now, txn, rrn, code, None);
        fx.send(conn, &Message::AdviceReply(reply), route, Some(&self.mac));
        if let (true, Some((decided, reason))) = (early, booked) {
            self.book_refund(now, decided, reason, fx);
        }
    }

    fn judge_refund(&self, now: Now, rrn: Rrn, advice: &Advice) -> (Decided, Reason) {
        let chain = advice.original_rrn;
        let amount = advice.txn.amount;
        let original = self.books.txs.get(&chain);
        let account = original.and_then(|tx| tx.account);
        let reason = match (original, account) {
            (None, _) => Reason::NoOriginal,
            (Some(_), None) => Reason::NotApproved,
            (Some(_), Some(_)) if amount <= Fen::ZERO => Reason::InvalidAmount,
            (Some(tx), Some(_)) if !tx.debits() => Reason::NotApproved,
            (Some(tx), Some(_)) => match tx.state {
                State::Approved | State::Reversed => {
                    let refuses = self.config.choices.closed_credit == ClosedCredit::Refused;
                    let closed = account.filter(|_| refuses).and_then(|to| self.closed(to));
                    closed.unwrap_or(Reason::Granted)
                }
                State::Declined | State::Tombstoned => Reason::NotApproved,
            },
        };
        let code = code_of(reason, self.config.choices.frozen_code);
        let (kind, card, pin) = (advice.txn.kind, None, PinEffect::Untouched);
        let day = now.wall.month_day();
        let (of, hold, part, told) = (None, None, None, None);
        let decided = Decided {
            rrn,
            kind,
            chain,
            card,
            account,
            amount,
            part,
            code,
            pin,
            day,
            of,
            hold,
            told,
        };
        (decided, reason)
    }

    fn book_refund(&mut self, now: Now, decided: Decided, reason: Reason, fx: &mut Effects) {
        let Decided { rrn, account, amount, code, .. } = decided;
        self.commit(now, "append refund", &Record::Decided(decided), fx);
        fx.fact(Observation::Decided { rrn, account, amount, code, reason });
        fx.sync();
    }
}
