//! 0420: as if the original had not happened, in whatever order and however often it comes (flows 6). A
//! request of any kind is undone by its own key; one that was never seen leaves a tombstone.

use super::decide::code_of;
use super::record::{Record, State};
use super::{AdviceCommit, Issuer, PinCount, RepeatedAdvice, Tombstones, key_of};
use crate::ids::ResponseCode;
use crate::party::observe::{Reason, TxnKey};
use crate::party::{ConnId, Effects, Observation};
use crate::time::Now;
use crate::wire::{Class, Message, ReversalAdvice, Route};

impl Issuer {
    pub(super) fn reversal(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        advice: &ReversalAdvice,
        fx: &mut Effects,
    ) {
        let rrn = advice.rrn;
        let (reason, record) = self.judge_reversal(advice);
        let known = reason == Reason::Granted && record.is_none();
        let code = match self.config.choices.repeated_advice {
            RepeatedAdvice::Answer94 if known => ResponseCode(*b"94"),
            _ => code_of(reason, self.config.choices.frozen_code),
        };
        let decided = Observation::ReversalDecided { rrn, code, reason };
        if self.config.choices.pin_count == PinCount::GivenBack {
            self.miscount_pin(rrn, -1);
        }
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

    /// Why a 0420 is answered as it is, and what it changes, if anything. Only a request is ever reversed
    /// (flows 0).
    fn judge_reversal(&self, advice: &ReversalAdvice) -> (Reason, Option<Record>) {
        let (rrn, kind) = (advice.rrn, advice.txn.kind);
        let Some(tx) = self.books.txs.get(&rrn) else {
            let kept = self.config.choices.tombstones == Tombstones::Kept;
            return (Reason::NoOriginal, kept.then_some(Record::Tombstone { rrn, kind }));
        };
        if tx.kind.class() != Class::Request {
            return (Reason::InvalidTransaction, None);
        }
        match tx.state {
            // A 0420 says what was asked for: its sender may never have heard how much was granted.
            State::Approved if tx.asked != advice.txn.amount => (Reason::AmountDiffers, None),
            State::Approved => (Reason::Granted, Some(Record::Reversed { rrn })),
            State::Reversed => (Reason::Granted, None),
            State::Tombstoned => (Reason::NoOriginal, None),
            State::Declined => (Reason::NotApproved, None),
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
}
