//! Chargebacks (退单): what an issuer claims back for a holder who disputes a debit. The acquirer alone sees
//! all that comes back of a capture, so it rules: what is left is credited, by an advice like a refund's;
//! where nothing is left the claim is presented again (再请款). It rules on confirmed captures only, since until
//! then the terminal may still reverse, and it takes part in one guard with refunds and voids (I4; soundness
//! 13; B83).

use super::record::Key;
use super::refund::Channel;
use super::tx::{State, Tx};
use super::{Acquirer, ChargebackGuard};
use crate::clearing::dispute::{Claim, Returned, Ruling};
use crate::ids::{ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::party::desk::DESK_BATCH;
use crate::party::{Effects, Observation, OpRef};
use crate::time::Now;
use crate::wire::Kind;

/// What is done with a chargeback.
enum Ruled {
    /// So much is credited.
    Credit(Fen),
    /// Presented again, under this code.
    Represented(ResponseCode),
    /// The capture may still be reversed, or its void is under way: it is looked at again later.
    Waits,
}

impl Acquirer {
    pub(super) fn chargeback(
        &mut self,
        now: Now,
        op: OpRef,
        number: Stan,
        original: Rrn,
        claimed: Fen,
        fx: &mut Effects,
    ) {
        let merchant = self.books.tx(original).map_or(0, |tx| self.books.merchant_of(&tx.key));
        let terminal = self.books.chargebacks_of(merchant);
        let key = Key { kind: Kind::Refund, terminal, batch: DESK_BATCH, stan: number };
        let (id, _) = self.config.who(terminal);
        fx.about(id, number);
        if let Some(rrn) = self.books.by_key.get(&key).copied() {
            let code = self.books.tx(rrn).expect("just looked up").code;
            return self.show_at_desk(now, op, rrn, code, true, fx);
        }
        let amount = match self.rule(original, claimed) {
            Ruled::Waits => return fx.show(Observation::ClaimWaits { op, rrn: original }),
            Ruled::Represented(code) => {
                let rrn = self.books.next_rrn();
                return self.refuse_at_desk(now, op, rrn, key, original, claimed, code, fx);
            }
            Ruled::Credit(amount) => amount,
        };
        self.accept_at_desk(now, op, key, original, amount, fx);
    }

    fn rule(&self, original: Rrn, claimed: Fen) -> Ruled {
        let spent = Ruled::Represented(ResponseCode(*b"22"));
        let Some(tx) = self.books.tx(original) else {
            return Ruled::Represented(ResponseCode(*b"25"));
        };
        let void = tx.void.and_then(|void| self.books.tx(void)).map(|void| void.state);
        match (tx.state, void) {
            (State::Open, _) => return Ruled::Waits,
            (State::Approved, None) => {}
            (State::Approved, Some(State::Approved)) => return spent,
            (State::Approved, Some(_)) => return Ruled::Waits,
            (
                State::Declined
                | State::Undoing(_)
                | State::Undone
                | State::Tombstoned
                | State::Refused
                | State::Inquired
                | State::RefundQueued
                | State::RefundDelivered,
                _,
            ) => return spent,
        }
        let guard = self.config.choices.chargeback_guard;
        if !tx.confirmed && guard != ChargebackGuard::Unconfirmed {
            return Ruled::Waits;
        }
        let mut returned = match guard {
            ChargebackGuard::Returned | ChargebackGuard::Unconfirmed => came_back(tx),
            ChargebackGuard::IgnoresRefunds => Returned::default(),
        };
        match returned.rule(tx.amount, Claim::Chargeback(claimed)) {
            Ruling::Credit(amount) => Ruled::Credit(amount),
            Ruling::Nothing | Ruling::Refused => Ruled::Represented(ResponseCode(*b"61")),
        }
    }
}

/// What has come back of a capture by either way.
fn came_back(tx: &Tx) -> Returned {
    let charged_back = tx.charged_back;
    Returned { refunded: tx.refunded - charged_back, charged_back, reversed: false }
}

/// Whether a refund finds enough of a capture left, by the way that it comes in and what that counts.
pub(super) fn is_left(refunded: Fen, limit: Fen, amount: Fen) -> bool {
    let mut returned = Returned { refunded, ..Returned::default() };
    returned.rule(limit, Claim::Refund(amount)) == Ruling::Credit(amount)
}

impl Channel {
    /// What is counted against a claim by this way, where each way counts for itself.
    pub(super) fn own_count(self, tx: &Tx) -> Fen {
        match self {
            Channel::Portal => tx.refunded_at_portal,
            Channel::Terminal => tx.refunded - tx.refunded_at_portal,
        }
    }
}
