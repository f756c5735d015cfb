//! Backups of one journal, where the plan restores one: how much of it was durable when, and what of it might
//! still have had to go out. Where batches are settled, what was approved has to go out until its batch is
//! over: a terminal that forgets it can never name it again. A slip that is owed has to go out, whatever
//! became of its batch.

use crate::plan::{FaultKind, NodeId, Plan};
use cardstorm_models::ids::{Batch, TerminalId};
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::TxnKey;
use std::collections::BTreeSet;

/// One backup.
struct Backup {
    at_ms: u64,
    bytes: u64,
    known: Known,
}

/// What a journal says that may still matter to somebody.
#[derive(Clone, Default)]
struct Known {
    /// What may have to go out again.
    open: BTreeSet<TxnKey>,
    /// Approvals whose slip is not noted as out.
    owed: BTreeSet<TxnKey>,
    /// Batches that are over.
    over: BTreeSet<(TerminalId, Batch)>,
}

/// The backups of a journal, one for each sync.
#[derive(Default)]
pub struct Backups {
    settles: bool,
    known: Known,
    made: Vec<Backup>,
}

impl Backups {
    /// Backups, if some fault of the plan restores one here.
    pub fn wanted(plan: &Plan, node: NodeId) -> Option<Backups> {
        let here = |fault: &crate::plan::Fault| {
            plan.node(fault.at) == node && matches!(fault.what, FaultKind::Restore { .. })
        };
        let settles = plan.settles();
        plan.faults.iter().any(here).then(|| Backups { settles, ..Backups::default() })
    }

    /// Takes note of a durable fact.
    pub fn note(&mut self, said: &Observation) {
        let Known { open, owed, over } = &mut self.known;
        match said {
            Observation::RequestPending { key, .. }
            | Observation::RefundPending { key, .. }
            | Observation::Settling { key, .. } => {
                open.insert(*key);
            }
            Observation::Approved { key, .. } | Observation::RefundAccepted { key, .. } => {
                owed.insert(*key);
            }
            Observation::Announced { key, .. } => {
                owed.remove(key);
                if !self.settles || over.contains(&(key.terminal, key.batch)) {
                    open.remove(key);
                }
            }
            Observation::BatchOver { terminal, batch, .. } => {
                let own = (*terminal, *batch);
                over.insert(own);
                open.retain(|key| (key.terminal, key.batch) != own || owed.contains(key));
            }
            Observation::Declined { key, .. }
            | Observation::Undone { key, .. }
            | Observation::Abandoned { key, .. }
            | Observation::RefundRefused { key, .. } => {
                open.remove(key);
                owed.remove(key);
            }
            _ => {}
        }
    }

    /// Makes a backup of so many bytes.
    pub fn make(&mut self, at_ms: u64, bytes: u64) {
        self.made.push(Backup { at_ms, bytes, known: self.known.clone() });
    }

    /// Whether nothing that is durable now may have to go out again.
    pub fn is_quiet(&self) -> bool {
        self.known.open.is_empty()
    }

    /// Goes back to the last backup that was made by then, and says how many bytes it has: none where there
    /// is no backup. Unless `even_open`, only those count in which nothing was open.
    pub fn back_to(&mut self, by_ms: u64, even_open: bool) -> u64 {
        let fits =
            |backup: &Backup| backup.at_ms <= by_ms && (even_open || backup.known.open.is_empty());
        let last = self.made.iter().rposition(fits);
        self.made.truncate(last.map_or(0, |last| last + 1));
        self.known = self.made.last().map(|backup| backup.known.clone()).unwrap_or_default();
        self.made.last().map_or(0, |backup| backup.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storm::world::terminal_id;
    use cardstorm_models::ids::Stan;
    use cardstorm_models::party::OpRef;

    #[test]
    fn only_a_quiet_backup_is_restored_unless_any_will_do() {
        let key = TxnKey { terminal: terminal_id(0), batch: Batch(1), stan: Stan(2) };
        let op = OpRef { op: 0, attempt: 0 };
        let made = || {
            let mut backups = Backups::default();
            backups.make(10, 100);
            backups.note(&Observation::RefundPending {
                op,
                key,
                amount: Default::default(),
                original: Default::default(),
            });
            backups.make(20, 200);
            assert!(!backups.is_quiet());
            backups.note(&Observation::Announced { op, key });
            backups.make(30, 300);
            assert!(backups.is_quiet());
            backups
        };
        for (by_ms, even_open, bytes) in
            [(40, false, 300), (29, false, 100), (29, true, 200), (9, false, 0), (9, true, 0)]
        {
            let mut backups = made();
            assert_eq!(backups.back_to(by_ms, even_open), bytes, "by {by_ms}, {even_open}");
            assert_eq!(backups.back_to(u64::MAX, true), bytes, "what came later is gone");
            assert_eq!(backups.is_quiet(), bytes != 200);
        }
    }

    /// A slip that is owed has to go out, though its batch is over.
    #[test]
    fn an_owed_slip_is_open_beyond_its_batch() {
        let (terminal, batch) = (terminal_id(0), Batch(1));
        let key = TxnKey { terminal, batch, stan: Stan(2) };
        let op = OpRef { op: 0, attempt: 0 };
        let (amount, rrn) = Default::default();
        let mut backups = Backups { settles: true, ..Backups::default() };
        for (said, quiet) in [
            (Observation::RefundPending { op, key, amount, original: rrn }, false),
            (Observation::RefundAccepted { op, key, rrn, amount }, false),
            (Observation::BatchOver { terminal, batch, next: Batch(2) }, false),
            (Observation::Announced { op, key }, true),
        ] {
            backups.note(&said);
            assert_eq!(backups.is_quiet(), quiet, "{said:?}");
        }
    }

    #[test]
    fn what_a_settlement_must_name_is_open_until_the_batch_is_over() {
        let (terminal, batch) = (terminal_id(0), Batch(1));
        let key = TxnKey { terminal, batch, stan: Stan(2) };
        let op = OpRef { op: 0, attempt: 0 };
        let mut backups = Backups { settles: true, ..Backups::default() };
        let pending = Observation::RefundPending {
            op,
            key,
            amount: Default::default(),
            original: Default::default(),
        };
        let settling = TxnKey { stan: Stan(3), ..key };
        let totals = Default::default();
        for (said, quiet) in [
            (pending, false),
            (Observation::Announced { op, key }, false),
            (Observation::Settling { op: None, key: settling, totals }, false),
            (Observation::BatchOver { terminal, batch, next: Batch(2) }, true),
        ] {
            backups.note(&said);
            assert_eq!(backups.is_quiet(), quiet, "{said:?}");
        }
    }
}
