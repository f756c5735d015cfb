//! The refund guard: a refund is checked against what was captured and confirmed, and against the
//! merchant's unsettled takings, in one step with its reservation (soundness 13, 14). Each refusal has its
//! own code, and none of them is 51.

use super::record::{Key, Record, State};
use super::{Acquirer, RefundGuard, ShortageCode};
use crate::ids::ResponseCode;
use crate::money::Fen;
use crate::party::observe::{Alarm, Decider};
use crate::party::{ConnId, Effects, Observation};
use crate::time::Now;
use crate::wire::card::CardData;
use crate::wire::{Advice, Route};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// What stands for a card in the journal: keyed, so that it cannot be turned back (soundness 22).
/// Never zero, which stands for "no card".
pub(super) fn fingerprint(key: [u64; 2], card: &CardData) -> u64 {
    let mut digits = [0u8; 19];
    let digits = card.pan().digits(&mut digits);
    let mut hasher = SipHasher24::new_with_keys(key[0], key[1]);
    hasher.write(digits.as_bytes());
    hasher.finish().max(1)
}

impl Acquirer {
    pub(super) fn refund(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        terminal: u16,
        request: &Advice,
        fx: &mut Effects,
    ) {
        let txn = &request.txn;
        let key = Key { kind: txn.kind, terminal, batch: txn.batch, stan: txn.stan };
        if let Some(rrn) = self.known(now, &key) {
            let tx = *self.books.tx(rrn).expect("just looked up");
            let same = tx.amount == txn.amount
                && (tx.state == State::Refused || tx.chain == request.original_rrn);
            let code = if same { tx.code } else { ResponseCode(*b"94") };
            if !same {
                fx.observe(Observation::Alarm { key: self.key_of(rrn), what: Alarm::StanReused });
            }
            return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        }
        self.books.confirm_before(terminal, txn.stan);
        let rrn = self.books.next_rrn();
        let refusal = self.misdirected(terminal, txn).or_else(|| self.refused(&key, request));
        if let Some(code) = refusal {
            let record = Record::Refused { rrn, key, amount: txn.amount, card: 0, code };
            self.refuse(now, &record, rrn, code, fx);
            return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        }
        let chain = request.original_rrn;
        let record = Record::RefundAccepted { rrn, key, amount: txn.amount, chain };
        self.commit("append refund accepted", &record, fx);
        self.books.came_at(rrn, now.mono_ms);
        let (key, kind, amount) = (self.key_of(rrn), txn.kind, txn.amount);
        let code = ResponseCode::APPROVED;
        fx.fact(Observation::Taken { key, rrn, chain, kind, amount });
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
        fx.fact(Observation::Queued { rrn });
        fx.sync();
        self.advices.push(chain, rrn);
        self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        self.send_first(chain, fx);
    }

    /// The code to refuse this refund with, if it must be refused.
    fn refused(&self, key: &Key, request: &Advice) -> Option<ResponseCode> {
        let amount = request.txn.amount;
        if amount <= Fen::ZERO {
            return Some(ResponseCode(*b"13"));
        }
        let merchant = self.books.merchant_of(key);
        let original = self.books.tx(request.original_rrn);
        let original = original.filter(|tx| self.books.merchant_of(&tx.key) == merchant);
        let Some(original) = original else { return Some(ResponseCode(*b"25")) };
        if let Some(card) = &request.card
            && fingerprint(self.config.fingerprint_key, card) != original.card
        {
            return Some(ResponseCode(*b"14"));
        }
        let guard = self.config.choices.refund_guard;
        let settled_enough = original.confirmed || guard == RefundGuard::Unconfirmed;
        if original.state != State::Captured || !settled_enough {
            return Some(ResponseCode(*b"22"));
        }
        if original.date != request.original_date {
            return Some(ResponseCode(*b"25"));
        }
        let refunded = match guard {
            RefundGuard::Atomic | RefundGuard::Unconfirmed => original.refunded,
            RefundGuard::EachAlone => Fen::ZERO,
        };
        if refunded + amount > original.amount {
            return Some(ResponseCode(*b"61"));
        }
        let shortage = match self.config.choices.shortage_code {
            ShortageCode::MerchantBalance => *b"76",
            ShortageCode::InsufficientFunds => *b"51",
        };
        if let Some(refusal) = self.books.against_policy(key, original, amount) {
            return Some(refusal.code());
        }
        let net = amount - self.books.fee_back(original, amount).into_iter().sum();
        (self.books.pools[merchant as usize] < net).then_some(ResponseCode(shortage))
    }
}
