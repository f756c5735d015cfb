//! The refund guard: a refund is checked against what was captured and confirmed, and against the
//! merchant's unsettled takings, in one step with its reservation (soundness 13, 14). Each refusal has its
//! own code, and none of them is 51.

use super::leg1::SIGN_ON_AGAIN;
use super::record::{Key, Record};
use super::tx::State;
use super::{Acquirer, OriginalDate, RefundGuard, ShortageCode};
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
            let refused = tx.state == State::Refused;
            let card =
                if refused { tx.card } else { self.books.tx(tx.chain).map_or(0, |tx| tx.card) };
            let same = tx.amount == txn.amount
                && (refused || tx.chain == request.original_rrn)
                && (card == 0 || self.card_of(request).is_none_or(|shown| shown == card));
            let code = if same { tx.code } else { ResponseCode(*b"94") };
            let route = if same { route } else { route.requiring(SIGN_ON_AGAIN) };
            if !same {
                fx.observe(Observation::Alarm { key: self.key_of(rrn), what: Alarm::StanReused });
            }
            return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        }
        let rrn = self.books.next_rrn();
        let refusal =
            self.turned_away(terminal, txn.merchant).or_else(|| self.refused(now, &key, request));
        if let Some(code) = refusal {
            let card = self.card_of(request).unwrap_or(0);
            let record = Record::Refused { rrn, key, amount: txn.amount, card, code };
            self.refuse(now, &record, rrn, code, fx);
            return self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        }
        let chain = request.original_rrn;
        let record = Record::RefundAccepted { rrn, key, amount: txn.amount, chain };
        self.commit("append refund accepted", &record, fx);
        self.books.came_at(rrn, now);
        let (key, kind, amount) = (self.key_of(rrn), txn.kind, txn.amount);
        let code = ResponseCode::APPROVED;
        fx.fact(Observation::Taken { key, rrn, chain, kind, amount });
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
        fx.fact(Observation::Queued { rrn });
        fx.sync();
        self.queue_advice(rrn);
        self.answer(now, conn, route, terminal, txn, rrn, code, fx);
        self.send_first(chain, fx);
    }

    /// The fingerprint of the card that was shown, where one was.
    fn card_of(&self, request: &Advice) -> Option<u64> {
        request.card.as_ref().map(|card| fingerprint(self.config.fingerprint_key, card))
    }

    /// The code to refuse this refund with, if it must be refused. A refund that was never seen and shows
    /// no card cannot be held against the card of its sale: 30 (soundness 10, 22).
    fn refused(&self, now: Now, key: &Key, request: &Advice) -> Option<ResponseCode> {
        let amount = request.txn.amount;
        if amount <= Fen::ZERO {
            return Some(ResponseCode(*b"13"));
        }
        let merchant = self.books.merchant_of(key);
        let original = self.books.tx(request.original_rrn);
        let original = original.filter(|tx| self.books.merchant_of(&tx.key) == merchant);
        let Some(original) = original else { return Some(ResponseCode(*b"25")) };
        match self.card_of(request) {
            None => return Some(ResponseCode(*b"30")),
            Some(card) if card != original.card => return Some(ResponseCode(*b"14")),
            Some(_) => {}
        }
        let guard = self.config.choices.refund_guard;
        let confirmed = self.books.confirmed_by(request.original_rrn, key);
        let settled_enough = confirmed || guard == RefundGuard::Unconfirmed;
        if original.state != State::Approved || !settled_enough || original.void.is_some() {
            return Some(ResponseCode(*b"22"));
        }
        // UNSOUND choice `OriginalDate::ThisYear`; soundly the date is only compared with the sale's own.
        let ahead = self.config.choices.original_date == OriginalDate::ThisYear
            && request.original_date > now.wall.month_day();
        if original.date != request.original_date || ahead {
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
        (self.books.pool_at(key) < net).then_some(ResponseCode(shortage))
    }
}
