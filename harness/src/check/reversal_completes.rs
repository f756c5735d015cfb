//! I7, reversal-completes. Every sale that left a terminal is final there by the end of the drain: approved,
//! declined, or reversed. No record of a doubtful one is dropped before it is done, and no advice to the
//! issuer is dropped or left undelivered (soundness 16).

use super::book::{Book, Standing};
use super::{Findings, Invariant, Offence, Verdict};
use crate::plan::Place;
use cardstorm_models::wire::Kind;

pub(super) fn verdict(book: &Book) -> Verdict {
    let mut findings = Findings::default();
    for (key, txn) in &book.txns {
        // Only what was in doubt, or had an advice to deliver, shows that anything completes.
        let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
        let owed = txn.kind == Kind::Refund || hosts().any(|host| host.undoing || host.tombstoned);
        if owed || !matches!(txn.standing, Standing::Approved | Standing::Declined) {
            findings.checked();
        }
        let place = Place::Terminal(book.plan.terminal_by_id(key.terminal).unwrap_or(0));
        let host = txn.rrns.iter().find_map(|rrn| {
            let host = book.hosts.get(&rrn)?;
            (host.queued || host.dropped).then_some(host)
        });
        let (observed, blamed) = match (txn.standing, host) {
            (Standing::Abandoned, _) => ("the terminal dropped its record undone", place),
            (Standing::Pending, _) => ("still in doubt at the end of the drain", place),
            (Standing::Sent, _) => ("it was sent, and no record of it is left", place),
            (_, Some(host)) if host.dropped => {
                ("its advice was dropped undelivered", Place::Acquirer)
            }
            (_, Some(_)) => ("its advice is still undelivered", Place::Acquirer),
            (Standing::Approved | Standing::Declined | Standing::Undone, None) => continue,
        };
        findings.offence(txn.amount, txn.first, || Offence {
            expected: format!(
                "terminal {}, STAN {}: final by the end of the drain, its record kept until then",
                key.terminal, key.stan
            ),
            observed: observed.to_owned(),
            first: txn.first,
            blamed,
            key: Some(*key),
            rrns: txn.rrns.iter().collect(),
        });
    }
    findings.verdict(Invariant::ReversalCompletes, "nothing was in doubt, and no advice was owed")
}
