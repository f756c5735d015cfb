//! Requests that are about an earlier one: what must be true of the original, each refusal with its own
//! reason (flows 4.2; soundness 13). It reads books and changes nothing.

use super::Issuer;
use super::decide::Decision;
use super::record::{State, Tx};
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
        let reason = if original.kind != Kind::Sale {
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
        Decision { account: original.account, chain: named, ..self.decision(rrn, card, reason) }
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
