//! What the fold of an acquirer's journal keeps of each transaction and of each terminal.

use super::batch::BatchNow;
use super::record::Key;
use crate::clearing::Day;
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::time::{MonthDay, Now, TimeOfDay};
use crate::wire::ReversalReason;
use std::collections::BTreeMap;

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Forwarded, no answer yet.
    Open,
    /// Approved and not undone.
    Approved,
    Declined,
    /// Being undone at the issuer; the 0420 is queued.
    Undoing(ReversalReason),
    /// Undone there.
    Undone,
    Tombstoned,
    /// Refused here.
    Refused,
    /// A balance inquiry that was passed on: nothing hangs on it, answered or not.
    Inquired,
    /// Refund accepted; its 0220 is queued.
    RefundQueued,
    RefundDelivered,
}

/// How the issuer is told what it is owed (soundness 16).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// By an advice of the store-and-forward.
    #[default]
    Advice,
    /// By a repair case of the clearing exchange; never by an advice again.
    Repair,
}

/// What is kept of a transaction as long as its key must be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tx {
    pub key: Key,
    pub state: State,
    /// The stored answer; meaningless while open.
    pub code: ResponseCode,
    pub confirmed: bool,
    pub auth: Option<AuthCode>,
    /// Date and time of the approval, as the slip has them.
    pub date: MonthDay,
    pub time: TimeOfDay,
    /// Fen asked for: what its messages carry.
    pub asked: Fen,
    /// Fen that count: all that was asked for, or the part that was approved.
    pub amount: Fen,
    /// DE4 of its answer, where that is a part.
    pub part: Option<Fen>,
    /// Whether its terminal can take a part.
    pub takes_partial: bool,
    /// Sum of what was given back of it: refunds, and chargebacks accepted.
    pub refunded: Fen,
    /// Of that, at the portal.
    pub refunded_at_portal: Fen,
    /// Of that, by chargebacks.
    pub charged_back: Fen,
    /// How many.
    pub refunds: u16,
    /// Fee charged less fee given back, by part.
    pub fee: [Fen; 3],
    /// Fee as charged.
    pub fee_charged: Fen,
    /// Its clearing day, where its merchant has a contract.
    pub day: Option<Day>,
    /// Whether its net amount is in the merchant's pool, or was paid out of it.
    pub counted: bool,
    /// Fingerprint of the card, 0 where none was read.
    pub card: u64,
    /// The chain's original: itself, or that of what it names.
    pub chain: Rrn,
    /// The original that it names.
    pub of: Option<Rrn>,
    /// How the issuer is told, where it is owed anything.
    pub way: Way,
    /// The clearing day in which an advice about it was queued, where there are clearing days.
    pub owed_since: Option<Day>,
    /// The void that is reserved on it or in effect.
    pub void: Option<Rrn>,
    /// Its place among the advices, in the order in which they were queued.
    pub queued_at: u64,
    /// When it came, for a retention that runs out; unknown after a restart.
    pub came: Option<Now>,
    /// Its key came again with other content and was refused.
    pub reused: bool,
}

impl Tx {
    /// What a capture leaves its merchant after the fee (flows 9).
    pub fn net_of_fee(&self) -> Fen {
        self.amount - self.fee.into_iter().sum()
    }
}

/// What is known of a terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct TerminalNow {
    pub generation: u32,
    pub batch: Batch,
    /// Every batch so far, the open one last: numbers begin anew, so their order is not that of time.
    pub batches: Vec<Batch>,
    pub sign_ons: Vec<SignedOn>,
    /// The highest STAN seen in the open batch.
    pub highest_stan: Stan,
    /// Captures not yet confirmed by a later message (soundness 13).
    pub unconfirmed: Vec<Rrn>,
    /// What its batches hold, and how they ended.
    pub files: BTreeMap<Batch, BatchNow>,
}

impl TerminalNow {
    /// Which of the terminal's batches a number means, counted from the first; one that was never seen comes
    /// after them all.
    pub fn round(&self, batch: Batch) -> usize {
        self.batches.iter().rposition(|known| *known == batch).unwrap_or(self.batches.len())
    }

    /// Takes note of a message in a batch.
    pub fn heard(&mut self, batch: Batch, stan: Stan) {
        let round = self.round(batch);
        if round == self.batches.len() {
            self.open(batch, stan);
        } else if round + 1 == self.batches.len() {
            self.highest_stan = self.highest_stan.max(stan);
        }
    }

    /// The number of the batch to open next: one under which nothing is closed yet (soundness 11), since what
    /// a terminal brought may lie ahead of the others.
    pub fn next_batch(&self) -> Batch {
        let mut next = self.batch.next();
        while self.files.get(&next).is_some_and(|file| file.closed) {
            next = next.next();
        }
        next
    }

    /// Opens a batch, with the highest STAN that counts in it.
    pub fn open(&mut self, batch: Batch, stan: Stan) {
        self.batches.push(batch);
        (self.batch, self.highest_stan) = (batch, stan);
    }
}

/// One sign-on, with the batch that it was asked in and the one that it was answered with.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedOn {
    pub asked_in: Batch,
    pub stan: Stan,
    pub generation: u32,
    pub batch: Batch,
}
