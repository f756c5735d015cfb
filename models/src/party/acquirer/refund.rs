//! The refund guard: a refund is checked against what was captured and confirmed, and against the
//! merchant's unsettled takings, in one step with its reservation (soundness 13, 14). Each refusal has its
//! own code, and none of them is 51.

use super::chargeback::is_left;
use super::leg1::SIGN_ON_AGAIN;
use super::record::{Key, Record};
use super::tx::{State, Tx};
use super::{Acquirer, OriginalDate, PortalGuard, RefundGuard, ShortageCode};
use crate::ids::{ResponseCode, Rrn};
use crate::money::Fen;
use crate::party::observe::{Alarm, Decider};
use crate::party::{ConnId, Effects, Observation};
use crate::time::Now;
use crate::wire::card::CardData;
use crate::wire::{Advice, Route, Side};
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

/// How a refund reaches the acquirer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    /// Over a terminal's line, as a 0220.
    Terminal,
    /// At the merchant's portal.
    Portal,
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
        self.reserve_refund(now, rrn, key, txn.amount, chain, fx);
        fx.sync();
        self.queue_advice(rrn);
        self.answer(now, conn, route, terminal, txn, rrn, ResponseCode::APPROVED, fx);
        self.send_first(chain, fx);
    }

    /// Guard and pool have let it through: reserved and its advice written down in one record, which the
    /// caller syncs before it says so (soundness 14).
    pub(super) fn reserve_refund(
        &mut self,
        now: Now,
        rrn: Rrn,
        key: Key,
        amount: Fen,
        chain: Rrn,
        fx: &mut Effects,
    ) {
        let record = Record::RefundAccepted { rrn, key, amount, chain };
        self.commit("append refund accepted", &record, fx);
        self.books.came_at(rrn, now);
        let (key, kind, code) = (self.key_of(rrn), key.kind, ResponseCode::APPROVED);
        fx.fact(Observation::Taken { key, rrn, chain, kind, amount });
        fx.fact(Observation::Answered { rrn, code, decider: Decider::Acquirer });
        fx.fact(Observation::Queued { rrn });
    }

    /// The fingerprint of the card that was shown, where one was.
    fn card_of(&self, request: &Advice) -> Option<u64> {
        request.card.as_ref().map(|card| fingerprint(self.config.fingerprint_key, card))
    }

    /// The code to refuse this refund with, if it must be refused. A refund that was never seen and shows
    /// no card cannot be held against the card of its sale: 30 (soundness 10, 22).
    fn refused(&self, now: Now, key: &Key, request: &Advice) -> Option<ResponseCode> {
        let (rrn, amount) = (request.original_rrn, request.txn.amount);
        let original = match self.refundable(self.books.merchant_of(key), rrn, amount) {
            Ok(original) => original,
            Err(code) => return Some(code),
        };
        match self.card_of(request) {
            None => return Some(ResponseCode(*b"30")),
            Some(card) if card != original.card => return Some(ResponseCode(*b"14")),
            Some(_) => {}
        }
        if let Some(code) = self.not_standing(key, rrn, &original) {
            return Some(code);
        }
        // UNSOUND choice `OriginalDate::ThisYear`; soundly the date is only compared with the sale's own.
        let ahead = self.config.choices.original_date == OriginalDate::ThisYear
            && request.original_date > now.wall.month_day();
        if original.date != request.original_date || ahead {
            return Some(ResponseCode(*b"25"));
        }
        self.beyond_capture(key, &original, amount, Channel::Terminal)
    }

    /// A sale or completion of this merchant's, to give so much back of, or the code to refuse it with.
    pub(super) fn refundable(
        &self,
        merchant: u32,
        rrn: Rrn,
        amount: Fen,
    ) -> Result<Tx, ResponseCode> {
        if amount <= Fen::ZERO {
            return Err(ResponseCode(*b"13"));
        }
        let original = self.books.tx(rrn);
        let original = original.filter(|tx| self.books.merchant_of(&tx.key) == merchant);
        let original = original.ok_or(ResponseCode(*b"25"))?;
        if original.key.kind.side() != Side::Debit {
            return Err(ResponseCode(*b"12"));
        }
        Ok(*original)
    }

    /// 22 to a refund of what is not approved, not confirmed, voided or about to be (soundness 13).
    pub(super) fn not_standing(&self, key: &Key, rrn: Rrn, original: &Tx) -> Option<ResponseCode> {
        let confirmed = self.books.confirmed_by(rrn, key);
        let guard = self.config.choices.refund_guard;
        let settled_enough = confirmed || guard == RefundGuard::Unconfirmed;
        let stands = original.state == State::Approved && settled_enough && original.void.is_none();
        (!stands).then_some(ResponseCode(*b"22"))
    }

    /// What is against the amount: what is left of the capture, the merchant's policy, its takings.
    pub(super) fn beyond_capture(
        &self,
        key: &Key,
        original: &Tx,
        amount: Fen,
        channel: Channel,
    ) -> Option<ResponseCode> {
        let choices = &self.config.choices;
        let counted = match choices.portal_guard {
            PortalGuard::Counted => original.refunded,
            PortalGuard::OwnCount => channel.own_count(original),
        };
        let (refunded, limit) = match choices.refund_guard {
            RefundGuard::Atomic | RefundGuard::Unconfirmed => (counted, original.amount),
            RefundGuard::EachAlone => (Fen::ZERO, original.amount),
            RefundGuard::AsAuthorised => {
                let authorised = original.of.and_then(|of| self.books.tx(of));
                (counted, authorised.map_or(original.amount, |tx| tx.amount))
            }
        };
        if !is_left(refunded, limit, amount) {
            return Some(ResponseCode(*b"61"));
        }
        if let Some(refusal) = self.books.against_policy(key, original, amount) {
            return Some(refusal.code());
        }
        let shortage = match choices.shortage_code {
            ShortageCode::MerchantBalance => *b"76",
            ShortageCode::InsufficientFunds => *b"51",
        };
        let net = amount - self.books.fee_back(original, amount).into_iter().sum();
        (self.books.pool_at(key) < net).then_some(ResponseCode(shortage))
    }
}
