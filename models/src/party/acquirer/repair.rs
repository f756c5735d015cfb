//! Repair cases (soundness 16). What the issuer is owed has one owner and one way: an advice until the
//! cut-off, a repair case of the clearing exchange from then on. The case says what its advice said, under
//! the same RRN, so an issuer that has had either finds the other done. It is settled like an advice: first
//! in first out per chain, repeated until acknowledged.

use super::books::Books;
use super::record::Record;
use super::tx::{State, Way};
use super::{Acquirer, RepairJob};
use crate::ids::Rrn;
use crate::party::{Effects, Observation};
use crate::wire::{Advice, Message, ReversalAdvice, ReversalReason};

/// The same fact, from the clearing exchange.
pub(super) fn as_repair(advice: &Message) -> Message {
    match *advice {
        Message::ReversalAdvice(advice) => {
            let reason = ReversalReason::Repair;
            Message::ReversalAdvice(ReversalAdvice { reason, ..advice })
        }
        Message::Advice(advice) => Message::Advice(Advice { repair: true, ..advice }),
        ref other => unreachable!("{other:?} tells the issuer nothing that it is owed"),
    }
}

impl Books {
    /// The issuer is owed an advice about a transaction, since the clearing day that is open.
    pub(super) fn owe(&mut self, rrn: Rrn) {
        let open = self.settling.open_day;
        let tx = self.tx_mut(rrn);
        (tx.way, tx.owed_since) = (Way::Advice, open);
    }

    /// Whether its advice was queued in a clearing day that is over.
    fn is_overdue(&self, rrn: Rrn) -> bool {
        let tx = self.tx(rrn).expect("a queued advice is a transaction of ours");
        let over =
            tx.owed_since.zip(self.settling.open_day).is_some_and(|(since, open)| since < open);
        tx.way == Way::Advice && over
    }

    /// Every repair case that is closed.
    fn closed_cases(&self) -> Vec<Rrn> {
        let all = self.all().filter(|(_, tx)| tx.way == Way::Repair);
        let closed = |state| matches!(state, State::Undone | State::RefundDelivered);
        all.filter(|(_, tx)| closed(tx.state)).map(|(rrn, _)| rrn).collect()
    }
}

impl Acquirer {
    /// Makes a repair case of every advice that was queued before the last cut-off, each by a record of its
    /// own; hands back their chains. The caller syncs, and only then may anything be sent.
    pub(super) fn open_cases(&mut self, fx: &mut Effects) -> Vec<Rrn> {
        let overdue: Vec<Rrn> =
            self.advices.all().filter(|rrn| self.books.is_overdue(*rrn)).collect();
        for rrn in &overdue {
            let key = self.key_of(*rrn);
            fx.about(key.terminal, key.stan);
            self.commit("append repair case", &Record::RepairCase { rrn: *rrn }, fx);
            fx.fact(Observation::RepairCase { rrn: *rrn });
        }
        let mut chains: Vec<Rrn> = overdue.into_iter().map(|rrn| self.chain_of(rrn)).collect();
        chains.dedup();
        chains
    }

    /// UNSOUND choice `RepairJob::AgainAfterRestart`; soundly, a closed case is closed.
    pub(super) fn rework_closed_cases(&mut self) {
        if self.config.choices.repair_job == RepairJob::AgainAfterRestart {
            for rrn in self.books.closed_cases() {
                self.queue_advice(rrn);
            }
        }
    }
}
