//! Which events a finding rests on: the transactions that it names, everything the hosts did under their
//! numbers, the operations that they served, and the accounts in question.

use crate::check::book::key_of;
use crate::check::{Subjects, Violation};
use crate::examine::{About, Examination};
use crate::history::{Event, What};
use cardstorm_models::ids::{Batch, Rrn, TerminalId};
use cardstorm_models::ledger::{Account, Posting};
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::Mti;
use std::collections::BTreeSet;

/// What a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    keys: BTreeSet<TxnKey>,
    rrns: BTreeSet<Rrn>,
    ops: BTreeSet<u32>,
    accounts: BTreeSet<Account>,
    begins: Option<usize>,
}

impl Witness {
    /// The witness of a run's leading failure; of its first violation, where nothing failed.
    pub fn of(examination: &Examination) -> Witness {
        let mut witness = Witness::default();
        let violation = match examination.leading().map(|miss| miss.about) {
            Some(About::Outcome(op) | About::Screen(op)) => {
                witness.ops.insert(op);
                None
            }
            Some(About::Balance(account)) => {
                witness.accounts.insert(account);
                None
            }
            Some(About::Fault(_)) => None,
            Some(About::Invariant(invariant)) => {
                let violation = examination.verdict(invariant).and_then(|of| of.violation());
                witness.begins = violation.map(|violation| step_of(&examination.events, violation));
                violation
            }
            None => {
                let broken = examination.verdicts.iter().filter_map(|verdict| verdict.violation());
                broken.min_by_key(|violation| violation.first)
            }
        };
        if let Some(violation) = violation {
            let Subjects { keys, rrns } = &violation.subjects;
            witness.keys.extend(keys);
            witness.rrns.extend(rrns);
        }
        witness.follow(&examination.events);
        witness
    }

    /// The step that the report names, counted from 1: where what the first offence is about begins.
    pub fn begins(&self) -> Option<usize> {
        self.begins
    }

    /// Whether nothing is known that events could touch.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
            && self.rrns.is_empty()
            && self.ops.is_empty()
            && self.accounts.is_empty()
    }

    /// Adds the other names of what is known: a transaction's operation, key and RRN. Names are given in
    /// the order of the history, so two passes find what one can miss.
    fn follow(&mut self, events: &[Event]) {
        for event in events.iter().chain(events) {
            let What::Said { said } = event.what else { continue };
            match said {
                Observation::RequestPending { op, key, .. }
                | Observation::RefundPending { op, key, .. } => {
                    if self.keys.contains(&key) {
                        self.ops.insert(op.op);
                    } else if self.ops.contains(&op.op) {
                        self.keys.insert(key);
                    }
                }
                Observation::Taken { key, rrn, .. } => {
                    if self.keys.contains(&key) {
                        self.rrns.insert(rrn);
                    } else if self.rrns.contains(&rrn) {
                        self.keys.insert(key);
                    }
                }
                _ => {}
            }
        }
    }

    fn posting(&self, posting: &Posting) -> bool {
        let rrn = |rrn: Option<Rrn>| rrn.is_some_and(|rrn| self.rrns.contains(&rrn));
        let account = posting.legs.iter().any(|leg| self.accounts.contains(&leg.account));
        rrn(posting.txn) || rrn(posting.chain) || account
    }

    /// Whether a batch holds any of these; a finding about no transaction may be about any batch.
    fn batch(&self, terminal: TerminalId, batch: Batch) -> bool {
        let of = |key: &TxnKey| (key.terminal, key.batch) == (terminal, batch);
        self.keys.iter().any(of) || (self.keys.is_empty() && self.rrns.is_empty())
    }

    /// Whether an event concerns any of these.
    pub fn touches(&self, event: &Event) -> bool {
        match &event.what {
            What::Sent { message, .. }
            | What::Received { message, .. }
            | What::Damaged { message, .. }
            | What::Lost { message, .. } => {
                let rrn = message.rrn.is_some_and(|rrn| self.rrns.contains(&rrn));
                let known = rrn || self.keys.contains(&key_of(message));
                let of_a_batch =
                    matches!(message.mti, Mti::M0500 | Mti::M0510 | Mti::M0320 | Mti::M0330);
                let batch = of_a_batch && self.batch(message.terminal, message.batch);
                message.kind.is_some() && known || batch
            }
            What::Said { said } => self.said(said),
            What::OpBegins { op, .. } | What::OpSkipped { op } => self.ops.contains(&op.op),
            What::Balance { account, .. } => self.accounts.contains(account),
            What::Leak { .. } => true,
            What::Phase { .. }
            | What::Connected { .. }
            | What::Disconnected { .. }
            | What::Crashed { .. }
            | What::Booted { .. }
            | What::SyncFailed
            | What::Fault { .. }
            | What::Scanned { .. } => false,
        }
    }

    fn said(&self, said: &Observation) -> bool {
        let key = |key: TxnKey| self.keys.contains(&key);
        let rrn = |rrn: Rrn| self.rrns.contains(&rrn);
        match *said {
            Observation::RequestPending { key: of, .. }
            | Observation::Approved { key: of, .. }
            | Observation::Declined { key: of, .. }
            | Observation::Undone { key: of, .. }
            | Observation::Abandoned { key: of, .. }
            | Observation::RefundPending { key: of, .. }
            | Observation::RefundAccepted { key: of, .. }
            | Observation::RefundRefused { key: of, .. }
            | Observation::Inquired { key: of, .. }
            | Observation::Announced { key: of, .. }
            | Observation::Slip { key: of, .. }
            | Observation::ReversalRefused { key: of, .. }
            | Observation::Tombstone { key: of }
            | Observation::Alarm { key: of, .. } => key(of),
            Observation::Screen { op, key: of, .. } => {
                of.is_some_and(key) || (of.is_none() && self.ops.contains(&op.op))
            }
            Observation::Ended { op, .. } => self.ops.contains(&op.op),
            Observation::Taken { key: of, rrn: number, .. } => key(of) || rrn(number),
            Observation::Answered { rrn: of, .. }
            | Observation::Undoing { rrn: of, .. }
            | Observation::Queued { rrn: of }
            | Observation::Delivered { rrn: of, .. }
            | Observation::RepairCase { rrn: of }
            | Observation::Held { rrn: of, .. }
            | Observation::Released { rrn: of, .. }
            | Observation::AdviceDropped { rrn: of }
            | Observation::Cleared { rrn: of, .. }
            | Observation::Adjusted { rrn: of, .. }
            | Observation::Decided { rrn: of, .. }
            | Observation::Disputed { rrn: of, .. }
            | Observation::ClaimWaits { rrn: of, .. }
            | Observation::BalanceTold { rrn: of, .. }
            | Observation::ReversalDecided { rrn: of, .. } => rrn(of),
            // A finding about no transaction is about days and payouts.
            Observation::ClearingDay { .. } | Observation::PaidOut { .. } => {
                self.keys.is_empty() && self.rrns.is_empty()
            }
            Observation::UploadTaken { key: of, .. }
            | Observation::BatchDiffers { key: of, .. } => {
                key(of) || self.keys.is_empty() && self.rrns.is_empty()
            }
            Observation::Settling { key: of, .. }
            | Observation::BatchSlip { key: of, .. }
            | Observation::TotalsCompared { key: of, .. } => self.batch(of.terminal, of.batch),
            Observation::BatchOver { terminal, batch, .. }
            | Observation::BatchClosed { terminal, batch, .. } => self.batch(terminal, batch),
            Observation::Posted(posting) => self.posting(&posting),
            Observation::Dropped { message, .. } => key(key_of(&message)),
            Observation::SignedOn { .. } | Observation::House(_) => false,
        }
    }
}

/// The step at which what a first offence is about begins. What never came (a probe that was due) has no
/// event of its own: then it is the first from when it was due.
fn step_of(events: &[Event], violation: &Violation) -> usize {
    let at = events.iter().position(|event| event.key() >= violation.first);
    at.map_or(events.len(), |at| at + 1)
}
