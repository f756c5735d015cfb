//! A sync takes as long as the disk takes. Until it is done the party takes no input: what reaches it
//! waits, and what it does after the sync is not done yet. Clocks, cuts and crashes do not wait.

use super::Node;

/// A sync under way.
#[derive(Clone, Copy)]
pub(super) struct Syncing {
    pub until_ms: u64,
    /// The effect of this step that follows it.
    next: usize,
}

impl Node {
    /// At the end of the run a disk is as quick as it must be: the final reads are of a party at rest.
    pub(super) fn begin_sync(&mut self, now_ms: u64, next: usize) {
        let until_ms = (now_ms + self.sync_ms).min(self.plan.end_ms()).max(now_ms);
        self.syncing = Some(Syncing { until_ms, next });
    }

    pub(super) fn synced(&mut self, now_ms: u64) {
        let syncing = self.syncing.take().expect("called for a sync that is due");
        self.busy_until_ms = now_ms;
        self.sync(now_ms);
        self.carry_on(now_ms, syncing.next);
    }

    /// The party dies: nothing that was not synced by now ever will be.
    pub(super) fn cut_short(&mut self, now_ms: u64) {
        self.booting = false;
        self.unread = None;
        if self.syncing.take().is_some() {
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

    /// Nothing is late but what had to wait for a sync.
    pub(super) fn assert_on_time(&self, now_ms: u64, due_ms: u64, what: &str) {
        let waited = self.busy_until_ms == now_ms;
        assert!(due_ms == now_ms || waited, "{what} due at {due_ms} ms was there at {now_ms} ms");
    }
}
