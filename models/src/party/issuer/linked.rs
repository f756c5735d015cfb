//! Requests that are about an earlier one: what must be true of the original, each refusal with its own
//! reason (flows 4.2; soundness 13). It reads books and changes nothing.

use super::decide::Decision;
use super::record::{State, Tx};
use super::{CompletionGuard, CompletionLimit, Issuer};
use crate::ids::Rrn;
use crate::money::Fen;
use crate::party::observe::Reason;
use crate::wire::{Kind, Linked, Request};

impl Issuer {
    /// A void takes back one sale, whole, and only if nothing else has given any of it back. A card that was
    /// lost, frozen or has expired since does not matter: money only goes back to it.
    pub(super) fn judge_void(&self, rrn: Rrn, card: Option<u32>, request: &Request) -> Decision {
        let Linked::Rrn { rrn: named, auth, .. } = request.linked else {
            return self.decision(rrn, card, Reason::Format);
        };
        let Some(original) = self.books.txs.get(&named) else {
            return self.decision(rrn, card, Reason::NoOriginal);
        };
        let whose = match request.txn.kind {
            Kind::CompletionVoid => Kind::Completion,
            _ => Kind::Sale,
        };
        let reason = if original.kind != whose {
            Reason::InvalidTransaction
        } else if card.is_none() || original.card != card {
            Reason::CardDiffers
        } else if let Some(reason) = spent(original) {
            reason
        } else if auth.is_some_and(|auth| original.auth(named) != Some(auth)) {
            Reason::NoOriginal
        } else if request.txn.amount != original.amount {
            Reason::AmountDiffers
        } else {
            let account = original.account.expect("what was approved has an account");
            self.closed(account).unwrap_or(Reason::Granted)
        };
        let of = Some(named);
        Decision { account: original.account, chain: named, of, ..self.decision(rrn, card, reason) }
    }

    /// What a pre-authorisation void or a completion is about: found by card, DE38, date and merchant, never
    /// by a STAN (flows 4.4).
    fn authorised(&self, card: u32, request: &Request) -> Option<Rrn> {
        let Linked::Auth { auth, date } = request.linked else { return None };
        let fits = |rrn: &&Rrn| {
            let tx = &self.books.txs[*rrn];
            let shop = tx.hold.is_some_and(|hold| hold.merchant == request.txn.merchant);
            tx.card == Some(card) && tx.day == date && shop
        };
        self.books.authorised.get(&auth)?.iter().rev().find(fits).copied()
    }

    /// A pre-authorisation is voided whole, or completed once, by at most what is held for it and before it
    /// expires (flows 4.4; soundness 19). Whoever lost the card since, the money was set apart before.
    pub(super) fn judge_on_hold(&self, rrn: Rrn, card: Option<u32>, request: &Request) -> Decision {
        let named = card.and_then(|card| self.authorised(card, request));
        let Some(named) = named else {
            return self.decision(rrn, card, Reason::NoOriginal);
        };
        let original = &self.books.txs[&named];
        let (completes, amount) = (request.txn.kind == Kind::Completion, request.txn.amount);
        let choices = &self.config.choices;
        let limit = original.hold.map_or(Fen::ZERO, |hold| hold.amount);
        let voided = original.void.is_some()
            && !(completes && choices.completion_guard == CompletionGuard::IgnoresVoids);
        let over = match choices.completion_limit {
            CompletionLimit::Held => amount > limit,
            CompletionLimit::None => false,
        };
        let reason = if original.state == State::Reversed {
            Reason::ReversedBefore
        } else if voided {
            Reason::VoidedBefore
        } else if original.completion.is_some() {
            Reason::CompletedBefore
        } else if original.expired {
            Reason::HoldExpired
        } else if completes && amount <= Fen::ZERO {
            Reason::InvalidAmount
        } else if completes && over {
            Reason::AmountLimit
        } else if !completes && amount != original.amount {
            Reason::AmountDiffers
        } else {
            let account = original.account.expect("what was approved has an account");
            self.closed(account).filter(|_| completes).unwrap_or(Reason::Granted)
        };
        let of = Some(named);
        let chain = if completes { rrn } else { named };
        Decision { account: original.account, chain, of, ..self.decision(rrn, card, reason) }
    }
}

/// Why nothing of an original is left to be taken back, if that is so.
fn spent(original: &Tx) -> Option<Reason> {
    match original.state {
        State::Declined | State::Tombstoned => Some(Reason::NotApproved),
        State::Reversed => Some(Reason::ReversedBefore),
        State::Approved if original.void.is_some() => Some(Reason::VoidedBefore),
        State::Approved if original.refunded > Fen::ZERO => Some(Reason::RefundedBefore),
        State::Approved => None,
    }
}
