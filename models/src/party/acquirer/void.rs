//! The void guard: a void takes back one confirmed capture of this terminal's open batch, on its day,
//! whole, and only if nothing else has given any of it back or may (flows 4.2; soundness 13, 15). Each
//! refusal has its own code. What a void and its reversal do to the books is here too.

use super::books::Books;
use super::record::Key;
use super::settle::FEE_ACCOUNTS;
use super::tx::{State, Tx};
use super::{Acquirer, ReversalLookup, VoidGuard};
use crate::ids::{ResponseCode, Rrn};
use crate::ledger::{Account, Cause, Posting};
use crate::money::Fen;
use crate::time::Now;
use crate::wire::{Kind, Original, Reversal};

impl Acquirer {
    /// The sale that a void takes back, or the code to refuse it with.
    pub(super) fn judge_void(
        &self,
        now: Now,
        key: &Key,
        card: u64,
        rrn: Rrn,
        named: Original,
        amount: Fen,
    ) -> Result<Rrn, ResponseCode> {
        let refused = |code: &[u8; 2]| Err(ResponseCode(*code));
        let books = &self.books;
        let same_merchant = |tx: &&Tx| books.merchant_of(&tx.key) == books.merchant_of(key);
        let Some(original) = books.tx(rrn).filter(same_merchant) else { return refused(b"25") };
        if (original.key.batch, original.key.stan) != (named.batch, named.stan) {
            return refused(b"25");
        }
        let fits = matches!(
            (key.kind, original.key.kind),
            (Kind::Void, Kind::Sale) | (Kind::CompletionVoid, Kind::Completion)
        );
        if !fits {
            return refused(b"12");
        }
        if original.key.terminal != key.terminal {
            return refused(b"58");
        }
        // What never had a card is refused for its state below.
        if original.card != card && original.card != 0 {
            return refused(b"14");
        }
        match original.state {
            State::Approved => {}
            State::Open | State::Undoing(_) | State::Undone => return refused(b"22"),
            State::Declined
            | State::Tombstoned
            | State::Refused
            | State::Inquired
            | State::RefundQueued
            | State::RefundDelivered => return refused(b"12"),
        }
        let guard = self.config.choices.void_guard;
        let voided = original.void.is_some() && guard != VoidGuard::IgnoresVoids;
        let refunded = original.refunded > Fen::ZERO && guard != VoidGuard::IgnoresRefunds;
        if voided || refunded || !books.confirmed_by(rrn, key) {
            return refused(b"22");
        }
        let settled = original.key.batch != key.batch
            || original.date != now.wall.month_day()
            || original.day.is_some_and(|day| books.settling.open_day != Some(day))
            || books.paid_out(rrn).is_some();
        if settled && guard != VoidGuard::IgnoresSettlement {
            return refused(b"12");
        }
        if amount != original.amount {
            return refused(b"64");
        }
        Ok(rrn)
    }

    /// Whether a sale's void is in effect.
    pub(super) fn is_voided(&self, sale: &Tx) -> bool {
        let void = sale.void.and_then(|void| self.books.tx(void));
        void.is_some_and(|void| void.state == State::Approved)
    }

    /// The key of what a 0400 reverses: its own DE60.2 and DE11 with its own kind (soundness 9).
    pub(super) fn reversed_key(&self, terminal: u16, request: &Reversal) -> Key {
        let txn = &request.txn;
        match self.config.choices.reversal_lookup {
            ReversalLookup::OwnKey => {
                Key { kind: txn.kind, terminal, batch: txn.batch, stan: txn.stan }
            }
            ReversalLookup::OriginalData => {
                let Original { batch, stan, .. } = request.original;
                Key { kind: Kind::Sale, terminal, batch, stan }
            }
        }
    }
}

impl Books {
    fn voided_sale(&self, void: Rrn) -> Rrn {
        self.tx(void).and_then(|tx| tx.of).expect("a void names its sale")
    }

    /// From its forwarding on a void has its sale to itself, and what the sale left in the pool pays for no
    /// refund (soundness 13).
    pub(super) fn reserve_void(&mut self, void: Rrn) {
        let rrn = self.voided_sale(void);
        let sale = self.tx_mut(rrn);
        sale.void = Some(void);
        let (key, net) = (sale.key, sale.net_of_fee());
        let merchant = self.merchant_of(&key);
        self.pools[merchant as usize] -= net;
    }

    /// Only a definite refusal, or the issuer's acknowledgement of the void's 0420, releases the sale
    /// (soundness 15).
    pub(super) fn release_void(&mut self, void: Rrn) {
        let rrn = self.voided_sale(void);
        let sale = self.tx_mut(rrn);
        sale.void = sale.void.filter(|reserved| *reserved != void);
        let (key, net) = (sale.key, sale.net_of_fee());
        let merchant = self.merchant_of(&key);
        self.pools[merchant as usize] += net;
    }

    /// An approved void takes the sale's money back from the merchant and gives its fee back whole: the pool
    /// has done without both since the void was reserved (flows 9).
    pub(super) fn void(&mut self, void: Rrn) {
        let rrn = self.voided_sale(void);
        let sale = *self.tx(rrn).expect("a void has its sale");
        let merchant = self.merchant_of(&sale.key);
        let from = Account::MerchantUnsettled(merchant);
        let to = Account::Interbank;
        let cause = match sale.key.kind {
            Kind::Completion => Cause::CompletionVoid,
            _ => Cause::Void,
        };
        self.post(Posting::transfer(Some(rrn), Some(void), cause, from, to, sale.amount));
        if self.settling.keeps_fee_of_voided() {
            self.pools[merchant as usize] -= sale.fee.into_iter().sum();
        } else {
            self.tx_mut(void).fee = sale.fee;
            self.give_fee_back(rrn, void, sale.fee, false);
        }
    }

    /// A reversed void lets its sale stand again, at the fee that it had (flows 4.2).
    pub(super) fn reinstate(&mut self, void: Rrn) {
        if self.settling.leaves_voided() {
            return;
        }
        let rrn = self.voided_sale(void);
        let sale = *self.tx(rrn).expect("a void has its sale");
        let merchant = self.merchant_of(&sale.key);
        let to = Account::MerchantUnsettled(merchant);
        let from = Account::Interbank;
        let cause = match sale.key.kind {
            Kind::Completion => Cause::CompletionVoidReversal,
            _ => Cause::VoidReversal,
        };
        self.post(Posting::transfer(Some(rrn), Some(void), cause, from, to, sale.amount));
        if self.settling.keeps_fee_of_voided() {
            self.pools[merchant as usize] += sale.fee.into_iter().sum();
            return;
        }
        let fee = std::mem::take(&mut self.tx_mut(void).fee);
        for (n, part) in fee.into_iter().enumerate().filter(|(_, part)| *part != Fen::ZERO) {
            self.tx_mut(rrn).fee[n] += part;
            let (from, to, cause) = (to, FEE_ACCOUNTS[n], Cause::Fee);
            self.post(Posting::transfer(Some(rrn), Some(void), cause, from, to, part));
        }
    }
}
