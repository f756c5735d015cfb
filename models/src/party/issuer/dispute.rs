//! A holder disputes a debit of the statement (B83; flows 11). The issuer looks at its own books first: what
//! was reversed, voided, given back or disputed before is not claimed again. For what is left a chargeback
//! goes to the acquirer, which alone sees what else is on its way back; the holder is credited when the
//! acquirer says so, by an advice, and never before.

use super::Issuer;
use super::record::{Record, State, Tx};
use crate::ids::Rrn;
use crate::money::Fen;
use crate::party::desk::DeskOp;
use crate::party::observe::Outcome;
use crate::party::{Effects, Observation};
use crate::time::Now;

impl Issuer {
    pub(super) fn desk(&mut self, now: Now, asked: DeskOp, fx: &mut Effects) {
        let DeskOp::Dispute { op, card, amount } = asked else {
            unreachable!("only holders come to an issuer's desk")
        };
        let known = self.books.disputes.get(&op.op).copied();
        let claim = known.or_else(|| self.claimable(card, amount));
        let Some((rrn, amount)) = claim else {
            return fx.show(Observation::Ended { op, outcome: Outcome::Failed });
        };
        if known.is_none() {
            let record = Record::Disputed { op: op.op, rrn, amount };
            self.commit(now, "append dispute", &record, fx);
            fx.sync();
        }
        fx.show(Observation::Disputed { op, rrn, amount });
    }

    /// The latest debit of this amount on a card of which something is left, and how much.
    fn claimable(&self, card: u32, amount: Fen) -> Option<(Rrn, Fen)> {
        let fits = |tx: &Tx| {
            tx.debits()
                && tx.state == State::Approved
                && tx.card == Some(card)
                && tx.amount == amount
        };
        let left = |tx: &Tx| tx.amount - tx.refunded;
        let whole = |tx: &Tx| tx.void.is_none() && !tx.disputed && left(tx) > Fen::ZERO;
        let mut latest = self.books.txs.iter().rev();
        latest.find(|(_, tx)| fits(tx) && whole(tx)).map(|(rrn, tx)| (*rrn, left(tx)))
    }
}
