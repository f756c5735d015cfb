//! I7, reversal-completes. Every sale that left a terminal is final there by the end of the drain: approved,
//! declined, or reversed. No record of a doubtful one is dropped before it is done, and no advice to the
//! issuer is dropped or left undelivered (soundness 16).

use super::book::{Book, Standing};
use super::{Findings, Invariant, Offence, Remark, Verdict};
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
        let place = book.plan.place_of(key.terminal);
        let host = txn.rrns.iter().find_map(|rrn| {
            let host = book.hosts.get(&rrn)?;
            (host.queued || host.dropped).then_some(host)
        });
        let (observed, blamed) = match (txn.standing, host) {
            (Standing::Abandoned, _) => (Remark::RecordDropped, place),
            (Standing::Pending, _) => (Remark::StillInDoubt, place),
            (Standing::Sent, _) => (Remark::NoRecordLeft, place),
            (_, Some(host)) if host.dropped => (Remark::AdviceDropped, Place::Acquirer),
            (_, Some(_)) => (Remark::AdviceUndelivered, Place::Acquirer),
            (Standing::Approved | Standing::Declined | Standing::Undone, None) => continue,
        };
        findings.offence(txn.amount, txn.first, || Offence {
            expected: Remark::FinalByTheDrain { terminal: key.terminal, stan: key.stan },
            observed,
            first: txn.first,
            blamed,
            key: Some(*key),
            rrns: txn.rrns.iter().collect(),
        });
    }
    findings.verdict(Invariant::ReversalCompletes, Remark::NothingInDoubt)
}
