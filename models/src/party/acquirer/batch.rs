//! The batch file: what a terminal's batch holds by the centre's own books, what an upload says of it, and
//! how it ended (flows 4.8; soundness 11, 13, 17). Part of the fold; answers are in `batch_leg1`.

use super::books::Books;
use super::record::Key;
use super::tx::{State, Tx};
use crate::ids::{Batch, Rrn, Stan};
use crate::money::Fen;
use crate::party::observe::Difference;
use crate::wire::{Balanced, Kind, Side, Totals};
use std::collections::{BTreeMap, BTreeSet};

/// The comparison of a batch's totals: asked again under its own STAN, it is answered the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub stan: Stan,
    pub claimed: Totals,
    pub verdict: Balanced,
}

/// One batch of one terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct BatchNow {
    /// Transactions with a side in the totals, in the order of their numbers; let go once it is closed.
    rrns: Vec<Rrn>,
    /// What a job lost out of the batch file and no upload has brought back.
    lost: BTreeSet<Rrn>,
    pub compared: Option<Compared>,
    /// What an upload brought, by STAN: each record counts once (soundness 17).
    uploaded: BTreeMap<Stan, (Kind, Fen)>,
    pub closed: bool,
}

impl BatchNow {
    /// What an upload has said of a transaction.
    pub fn uploaded(&self, stan: Stan) -> Option<(Kind, Fen)> {
        self.uploaded.get(&stan).copied()
    }

    /// How many records were uploaded.
    pub fn uploads(&self) -> usize {
        self.uploaded.len()
    }
}

/// Whether a transaction counts in its batch: approved and not undone. A voided sale stays, beside its void
/// (flows 4.8).
const fn counts(tx: &Tx) -> bool {
    match tx.state {
        State::Approved | State::RefundQueued | State::RefundDelivered => true,
        State::Open
        | State::Declined
        | State::Undoing(_)
        | State::Undone
        | State::Tombstoned
        | State::Refused
        | State::Inquired => false,
    }
}

impl Books {
    /// A batch, if anything is known of it.
    pub fn batch(&self, terminal: u16, batch: Batch) -> Option<&BatchNow> {
        self.terminals[terminal as usize].files.get(&batch)
    }

    /// Whether a batch is closed: nothing new is executed in it (soundness 11).
    pub fn batch_closed(&self, terminal: u16, batch: Batch) -> bool {
        self.batch(terminal, batch).is_some_and(|batch| batch.closed)
    }

    fn batch_mut(&mut self, terminal: u16, batch: Batch) -> &mut BatchNow {
        self.terminals[terminal as usize].files.entry(batch).or_default()
    }

    /// Puts a new transaction into the file of its batch.
    pub fn file(&mut self, rrn: Rrn, key: &Key) {
        if key.kind.side() != Side::None {
            self.batch_mut(key.terminal, key.batch).rrns.push(rrn);
        }
    }

    /// What of a batch counts, lost items included.
    fn items(&self, terminal: u16, batch: Batch) -> impl Iterator<Item = (Rrn, &Tx)> {
        let rrns = self.batch(terminal, batch).into_iter().flat_map(|batch| &batch.rrns);
        let all = rrns.filter_map(move |rrn| Some((*rrn, self.tx(*rrn)?)));
        all.filter(|(_, tx)| counts(tx))
    }

    /// The totals by the batch file.
    pub fn own_totals(&self, terminal: u16, batch: Batch) -> Totals {
        let mut totals = Totals::default();
        let lost = self.batch(terminal, batch).map(|batch| &batch.lost);
        for (rrn, tx) in self.items(terminal, batch) {
            if !lost.is_some_and(|lost| lost.contains(&rrn)) {
                totals.add(tx.key.kind, tx.amount);
            }
        }
        totals
    }

    /// A job loses one item out of the file of a terminal's open batch. What was compared is sealed.
    pub fn lose_item(&mut self, terminal: u32, nth: u32) {
        let Ok(terminal) = u16::try_from(terminal) else { return };
        let batches = self.terminals[terminal as usize].files.iter();
        let open = batches.rev().find(|(_, batch)| !batch.closed && batch.compared.is_none());
        let Some(open) = open.map(|(batch, _)| *batch) else { return };
        let items: Vec<Rrn> = self.items(terminal, open).map(|(rrn, _)| rrn).collect();
        if !items.is_empty() {
            let lost = items[nth as usize % items.len()];
            self.batch_mut(terminal, open).lost.insert(lost);
        }
    }

    pub fn compare(&mut self, terminal: u16, batch: Batch, compared: Compared) {
        self.batch_mut(terminal, batch).compared = Some(compared);
    }

    /// How an uploaded record and the books differ, if they do (flows 11).
    pub fn difference(&self, key: &Key, amount: Fen) -> Option<Difference> {
        let known = self.by_key.get(key).and_then(|rrn| Some((*rrn, self.tx(*rrn)?)));
        let Some((rrn, tx)) = known.filter(|(_, tx)| counts(tx)) else {
            return Some(Difference::NoAuthorisation { amount });
        };
        if tx.amount != amount {
            return Some(Difference::Amount { here: tx.amount, there: amount });
        }
        let batch = self.batch(key.terminal, key.batch)?;
        batch.lost.contains(&rrn).then_some(Difference::MissingHere { amount })
    }

    /// An uploaded record is here. What the file had lost, and what was authorised, is in it again.
    pub fn upload(&mut self, key: &Key, amount: Fen) {
        let found = self.by_key.get(key).copied();
        let batch = self.batch_mut(key.terminal, key.batch);
        batch.uploaded.insert(key.stan, (key.kind, amount));
        if let Some(rrn) = found {
            batch.lost.remove(&rrn);
        }
    }

    /// What counts here and no record of the upload named.
    pub fn not_uploaded(&self, terminal: u16, batch: Batch) -> Vec<(Stan, Fen)> {
        let named = |stan| self.batch(terminal, batch).is_some_and(|b| b.uploaded(stan).is_some());
        let items = self.items(terminal, batch);
        let missing = items.filter(|(_, tx)| !named(tx.key.stan));
        missing.map(|(_, tx)| (tx.key.stan, tx.amount)).collect()
    }

    /// The batch is over: its captures are confirmed (soundness 13), and the terminal is in the next one.
    pub fn close_batch(&mut self, terminal: u16, batch: Batch) {
        let items: Vec<Rrn> = self.items(terminal, batch).map(|(rrn, _)| rrn).collect();
        for rrn in items {
            self.confirm(rrn);
        }
        let mut unconfirmed = std::mem::take(&mut self.terminals[terminal as usize].unconfirmed);
        unconfirmed.retain(|rrn| self.tx(*rrn).is_some_and(|tx| !tx.confirmed));
        let now = &mut self.terminals[terminal as usize];
        now.unconfirmed = unconfirmed;
        let over = now.files.entry(batch).or_default();
        over.closed = true;
        over.rrns = Vec::new();
        if now.batches.last() == Some(&batch) {
            // STANs go on where they were.
            now.open(now.next_batch(), now.highest_stan);
        }
    }

    /// A capture can be undone by no reversal any more: it may fund refunds, and be refunded.
    fn confirm(&mut self, rrn: Rrn) {
        let tx = self.tx_mut(rrn);
        if tx.state == State::Approved && tx.key.kind.side() == Side::Debit {
            tx.confirmed = true;
            self.count(rrn);
        }
    }
}
