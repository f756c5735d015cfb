//! Adjustments of the clearing exchange (soundness 16). Each carries the RRN of what it settles and goes
//! through the door of the advice that it stands for, so that whichever comes second finds the other done.
//! Here is only what an issuer does that keeps the two apart.

use super::record::Record;
use super::{AdjustmentGuard, Issuer};
use crate::ids::Rrn;
use crate::party::Effects;
use crate::time::Now;
use crate::wire::{Advice, Message, ReversalAdvice, ReversalReason};

impl Issuer {
    /// UNSOUND choice `AdjustmentGuard::None`: an adjustment is booked although its original is undone or
    /// credited already. Soundly there is nothing left to do.
    pub(super) fn adjust_regardless(&mut self, now: Now, message: &Message, fx: &mut Effects) {
        let Some(rrn) = adjusts(message) else { return };
        let regardless = self.config.choices.adjustment_guard == AdjustmentGuard::None;
        if regardless && self.books.is_settled(rrn) {
            self.commit(now, "append adjustment", &Record::AdjustedAgain { rrn }, fx);
            fx.sync();
        }
    }
}

/// The transaction that a message of the clearing exchange settles.
fn adjusts(message: &Message) -> Option<Rrn> {
    match message {
        Message::ReversalAdvice(ReversalAdvice { rrn, reason: ReversalReason::Repair, .. }) => {
            Some(*rrn)
        }
        Message::Advice(Advice { rrn, repair: true, .. }) => *rrn,
        _ => None,
    }
}
