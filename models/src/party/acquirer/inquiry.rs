//! Balance inquiries (flows 4.5): numbered, passed on to the card's bank, and its answer passed back. Nothing
//! is captured and nothing can be in doubt: an inquiry that the bank does not answer is not answered here
//! either, and no balance is ever kept. The number is durable before it is used (soundness 23), so that a
//! copy is known and goes no further (soundness 3).

use super::batch_leg1::{Asker, BATCH_CLOSED};
use super::leg1::{Repeat, SIGN_ON_AGAIN};
use super::record::{Key, Record};
use super::refund::fingerprint;
use super::tx::State;
use super::{Acquirer, TIMER_ISSUER};
use crate::ids::{ResponseCode, Rrn};
use crate::party::observe::Stray;
use crate::party::{Effects, Observation, Summary, TimerId};
use crate::time::Now;
use crate::wire::{Message, Reply, Request};

impl Acquirer {
    pub(super) fn inquiry(&mut self, now: Now, to: Asker, request: &Request, fx: &mut Effects) {
        let Asker { conn, route, terminal } = to;
        let txn = &request.txn;
        let key = Key { kind: txn.kind, terminal, batch: txn.batch, stan: txn.stan };
        let card = fingerprint(self.config.fingerprint_key, &request.card);
        if let Some(rrn) = self.known(now, &key) {
            let tx = *self.books.tx(rrn).expect("just looked up");
            match self.repeat(&tx, txn, card) {
                Repeat::Answer(code) => {
                    self.answer(now, conn, route, terminal, txn, rrn, code, fx);
                }
                Repeat::Reused => {
                    self.reused(rrn, fx);
                    let (route, code) = (route.requiring(SIGN_ON_AGAIN), ResponseCode(*b"94"));
                    self.answer(now, conn, route, terminal, txn, rrn, code, fx);
                }
                Repeat::Absorb | Repeat::Execute => {}
            }
            return;
        }
        if self.is_closed_to(&key) {
            return self.answer(now, conn, route, terminal, txn, Rrn(0), BATCH_CLOSED, fx);
        }
        let rrn = self.books.next_rrn();
        // Only what could be sent and was not may be called that (soundness 4).
        let unsent = (!self.issuer.is_up()).then_some(ResponseCode(*b"91"));
        if let Some(code) = self.turned_away(terminal, txn.merchant).or(unsent) {
            let record = Record::Refused { rrn, key, amount: txn.amount, card, code };
            self.refuse(now, &record, rrn, code, fx);
            return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        }
        self.commit("append inquiry", &Record::Inquired { rrn, key, card }, fx);
        self.books.came_at(rrn, now);
        let (key, kind, amount) = (self.key_of(rrn), txn.kind, txn.amount);
        fx.fact(Observation::Taken { key, rrn, chain: rrn, kind, amount });
        fx.sync();
        self.waiting.insert(rrn, (conn, route));
        self.forward(rrn, terminal, request, fx);
        fx.arm(TimerId(TIMER_ISSUER | rrn.0), self.config.timers.issuer_timeout_ms);
    }

    /// Whether a reply answers an inquiry that somebody waits for (flows 2).
    pub(super) fn is_asked(&self, reply: &Reply) -> bool {
        let asked = self.books.tx(reply.rrn).is_some_and(|tx| tx.state == State::Inquired);
        asked && self.waiting.contains_key(&reply.rrn) && self.txn_of(reply.rrn) == reply.txn
    }

    /// Code and DE54 go on as they came. What cannot be authenticated goes no further (soundness 7).
    pub(super) fn inquiry_answered(
        &mut self,
        now: Now,
        reply: &Reply,
        good: bool,
        fx: &mut Effects,
    ) {
        if !good {
            let message = Summary::of(&Message::Reply(*reply));
            return fx.observe(Observation::Dropped { why: Stray::BadMac, message });
        }
        let rrn = reply.rrn;
        fx.disarm(TimerId(TIMER_ISSUER | rrn.0));
        let Some((conn, route)) = self.waiting.remove(&rrn) else { return };
        let terminal = self.books.tx(rrn).expect("it is asked").key.terminal;
        let code = self.relayed(reply.code);
        let own = self.reply(now, &reply.txn, rrn, code);
        let message = Message::Reply(Reply { told: reply.told, ..own });
        fx.send(conn, &message, route, Some(&self.keys_of(terminal).mac));
    }

    /// Nobody is told anything: the terminal's own timer ends it.
    pub(super) fn inquiry_unanswered(&mut self, rrn: Rrn) {
        if self.books.tx(rrn).is_some_and(|tx| tx.state == State::Inquired) {
            self.waiting.remove(&rrn);
        }
    }
}
