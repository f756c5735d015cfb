//! Holds: money set apart for a pre-authorisation, until it is completed, voided, reversed or expires
//! (flows 4.4). When it expires is settled when it is granted; that it has is settled by the issuer's clock
//! when the next message comes, by a record of its own and without any message (soundness 19).

use super::Issuer;
use super::config::CompletionVoided;
use super::record::{Books, Record, State, Tx};
use crate::ids::{MerchantId, Rrn};
use crate::money::Fen;
use crate::party::Effects;
use crate::party::observe::{Observation, ReleasedBy};
use crate::time::{Now, Wall};
use crate::wire::Kind;
use serde::{Deserialize, Serialize};

/// A hold as it was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hold {
    pub amount: Fen,
    /// The reading of the issuer's clock from which on it is over.
    pub until: Wall,
    /// Whose completion it waits for.
    pub merchant: MerchantId,
}

/// How a record changed a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HoldChange {
    pub rrn: Rrn,
    pub account: u32,
    pub hold: Hold,
    /// Why it is over; none where it begins, or begins again.
    pub over: Option<ReleasedBy>,
}

impl Books {
    /// The hold of a pre-authorisation, while it stands.
    pub fn standing_hold(&self, rrn: Rrn) -> Option<Hold> {
        let tx = self.txs.get(&rrn)?;
        let hold = tx.hold.filter(|_| tx.state == State::Approved && !tx.expired)?;
        if tx.void.is_some() {
            return None;
        }
        match tx.completion.and_then(|of| self.txs.get(&of)) {
            None => Some(hold),
            // A voided completion gives the hold back, with the expiry that it had.
            Some(completion) => {
                let returns = self.completion_voided == CompletionVoided::HoldReturns;
                completion.void.filter(|_| returns).map(|_| hold)
            }
        }
    }

    /// Brings an account's holds up to date after a record about a pre-authorisation or what hangs on it.
    pub(super) fn rehold(&mut self, rrn: Rrn, why: ReleasedBy) -> Option<HoldChange> {
        let standing = self.standing_hold(rrn);
        let tx = self.txs.get_mut(&rrn)?;
        let (hold, account) = (tx.hold?, tx.account?);
        if tx.held == standing.is_some() {
            return None;
        }
        tx.held = standing.is_some();
        let place = (hold.until, rrn);
        let now = &mut self.accounts[account as usize];
        if standing.is_some() {
            now.held += hold.amount;
            self.standing.insert(place);
        } else {
            now.held -= hold.amount;
            self.standing.remove(&place);
        }
        let over = standing.is_none().then_some(why);
        Some(HoldChange { rrn, account, hold, over })
    }

    /// The hold that is due to expire first, if its time has come.
    fn overdue(&self, wall: Wall) -> Option<Rrn> {
        self.standing.first().filter(|(until, _)| *until <= wall).map(|(_, rrn)| *rrn)
    }

    /// The pre-authorisation behind a pre-authorisation void, a completion, or a completion's void.
    pub(super) fn hold_behind(&self, tx: &Tx) -> Option<Rrn> {
        match tx.kind {
            Kind::PreAuthVoid | Kind::Completion | Kind::CompletionAdvice => tx.of,
            Kind::CompletionVoid => self.txs.get(&tx.of?)?.of,
            Kind::Sale
            | Kind::Void
            | Kind::Refund
            | Kind::PreAuth
            | Kind::Balance
            | Kind::Status
            | Kind::QrSale => None,
        }
    }
}

impl Issuer {
    /// Releases what has expired by this clock, before anything is decided by it.
    pub(super) fn expire(&mut self, now: Now, fx: &mut Effects) {
        let mut any = false;
        while let Some(rrn) = self.books.overdue(now.wall) {
            self.commit(now, "append hold expired", &Record::Expired { rrn }, fx);
            any = true;
        }
        if any {
            fx.sync();
        }
    }

    /// What is said of a change of a hold.
    pub(super) fn say_hold(change: HoldChange) -> Observation {
        let HoldChange { rrn, account, hold, over } = change;
        let (amount, until) = (hold.amount, hold.until);
        match over {
            None => Observation::Held { rrn, account, amount, until },
            Some(why) => Observation::Released { rrn, account, amount, why },
        }
    }
}
