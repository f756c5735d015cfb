//! The void guard: a void takes back one confirmed capture of this terminal's open batch, on its day, whole,
//! and only if nothing else has given any of it back (flows 4.2; soundness 13, 15). Each refusal has its own
//! code. Which transaction a 0400 is about is said here too, since a void's has two keys in it.

use super::record::{Key, State};
use super::{Acquirer, ReversalLookup, VoidGuard};
use crate::ids::ResponseCode;
use crate::money::Fen;
use crate::time::Now;
use crate::wire::{Kind, Linked, Request, Reversal};

impl Acquirer {
    /// The code to refuse this void with, if it must be refused; nothing for any other request.
    pub(super) fn void_refused(
        &self,
        now: Now,
        terminal: u16,
        card: u64,
        request: &Request,
    ) -> Option<ResponseCode> {
        let Linked::Rrn { rrn, original: named, .. } = request.linked else { return None };
        let code = |code: &[u8; 2]| Some(ResponseCode(*code));
        let merchant = self.config.terminals[terminal as usize].merchant;
        let original = self.books.tx(rrn);
        let Some(original) = original.filter(|tx| self.books.merchant_of(&tx.key) == merchant)
        else {
            return code(b"25");
        };
        if original.key.kind != Kind::Sale {
            return code(b"12");
        }
        if original.key.terminal != terminal {
            return code(b"58");
        }
        if (original.key.batch, original.key.stan) != (named.batch, named.stan) {
            return code(b"25");
        }
        if original.card != card {
            return code(b"14");
        }
        match original.state {
            State::Captured => {}
            State::Open | State::Undoing(_) | State::Undone => return code(b"22"),
            State::Declined
            | State::Tombstoned
            | State::Refused
            | State::RefundQueued
            | State::RefundDelivered => return code(b"12"),
        }
        let guard = self.config.choices.void_guard;
        let refunded = original.refunded > Fen::ZERO && guard != VoidGuard::IgnoresRefunds;
        let voided = original.void.is_some() && guard != VoidGuard::IgnoresVoids;
        if voided || refunded || !original.confirmed {
            return code(b"22");
        }
        let open = self.books.terminals[terminal as usize].batch;
        if original.key.batch != open || original.date != now.wall.month_day() {
            return code(b"12");
        }
        if request.txn.amount != original.amount {
            return code(b"64");
        }
        None
    }

    /// The key of what a 0400 reverses: its own DE60.2 and DE11 with its own kind (soundness 9).
    pub(super) fn reversed_key(&self, terminal: u16, request: &Reversal) -> Key {
        let txn = &request.txn;
        match self.config.choices.reversal_lookup {
            ReversalLookup::OwnKey => {
                Key { kind: txn.kind, terminal, batch: txn.batch, stan: txn.stan }
            }
            ReversalLookup::OriginalData => {
                let (batch, stan) = (request.original.batch, request.original.stan);
                Key { kind: Kind::Sale, terminal, batch, stan }
            }
        }
    }
}
