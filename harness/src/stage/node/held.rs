//! When a node takes no input: a sync takes as long as the disk takes, and a host may stand still. What
//! reaches the party waits, and what is left of its step is not done yet. Clocks, cuts and crashes do not
//! wait.

use super::Node;
use crate::stage::strike::Strike;

/// Why no input is taken, and until when.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub until_ms: u64,
    then: Then,
}

/// What comes when it is over.
#[derive(Clone, Copy)]
enum Then {
    /// A sync is done, and after it the effects of its step from this one on.
    Synced(usize),
    /// The effects of the step from this one on.
    Step { next: usize, struck: bool },
    /// There was no step.
    Nothing,
}

impl Node {
    /// At the end of the run a disk is as quick as it must be: the final reads are of a party at rest.
    pub(super) fn begin_sync(&mut self, now_ms: u64, next: usize) {
        let until_ms = (now_ms + self.sync_ms).min(self.plan.end_ms()).max(now_ms);
        self.held = Some(Held { until_ms, then: Then::Synced(next) });
    }

    /// The host stands still from here on, until the faults end at the latest. A sync under way is heard of
    /// when the host goes on.
    pub(super) fn pause(&mut self, now_ms: u64, strike: Strike, for_ms: u64) {
        if self.party.is_none() {
            return;
        }
        self.struck(now_ms, strike);
        let until_ms = (now_ms + for_ms).min(self.plan.chaos_ms);
        match &mut self.held {
            Some(held) => held.until_ms = held.until_ms.max(until_ms),
            None => self.pause_until_ms = self.pause_until_ms.max(Some(until_ms)),
        }
    }

    /// Stands still before an effect of the current step, if a fault wants that. `struck` says that the
    /// effect's own faults have had their turn.
    pub(super) fn pauses_before(&mut self, next: usize, struck: bool) -> bool {
        self.hold(Then::Step { next, struck })
    }

    /// Stands still outside of any step, if a fault wants that.
    pub(super) fn pauses(&mut self) -> bool {
        self.hold(Then::Nothing)
    }

    fn hold(&mut self, then: Then) -> bool {
        let Some(until_ms) = self.pause_until_ms.take() else { return false };
        assert!(self.held.is_none(), "a host stands still once at a time");
        self.held = Some(Held { until_ms, then });
        true
    }

    /// What was waited for has come.
    pub(super) fn let_go(&mut self, now_ms: u64) {
        let held = self.held.take().expect("called for a wait that is over");
        self.busy_until_ms = now_ms;
        match held.then {
            Then::Synced(next) => {
                self.sync(now_ms);
                self.carry_on(now_ms, next, false);
            }
            Then::Step { next, struck } => self.carry_on(now_ms, next, struck),
            Then::Nothing => {}
        }
    }

    /// The party dies: nothing that was not synced by now ever will be.
    pub(super) fn cut_short(&mut self, now_ms: u64) {
        self.booting = false;
        self.unread = None;
        self.pause_until_ms = None;
        if self.held.take().is_some() {
            self.busy_until_ms = now_ms;
        }
    }

    /// Every effect of a step is carried out.
    pub(super) fn step_ends(&mut self, now_ms: u64) {
        if std::mem::take(&mut self.booting) {
            self.forgotten_op_ends(now_ms);
        }
        // The institution's people see whether it was done. If their system died over it, they do it again
        // once it is back; a system that lives and does not do it would be a bug of ours.
        assert!(self.house_asked.is_none(), "what the house asks for is done or died over");
    }

    /// Nothing is late but what had to wait.
    pub(super) fn assert_on_time(&self, now_ms: u64, due_ms: u64, what: &str) {
        let waited = self.busy_until_ms == now_ms;
        assert!(due_ms == now_ms || waited, "{what} due at {due_ms} ms was there at {now_ms} ms");
    }
}
