//! I3, decline-moves-nothing. At quiescence a request that ended declined, or was reversed after doubt, has
//! moved no money at either host and holds none: a void that ended so leaves its sale standing. Nor has an
//! inquiry, however it ended. Refunds are
//! advices on leg 2 and are not declined there; one that was refused at the acquirer has moved nothing
//! either.

use super::blame::blame;
use super::book::{Book, Standing, is_inquiry};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use cardstorm_models::money::Fen;

pub(super) fn verdict(book: &Book) -> Verdict {
    let mut findings = Findings::default();
    for (key, txn) in book.txns.iter().chain(&book.inquiries) {
        let inquiry = is_inquiry(txn.kind);
        if !inquiry && !matches!(txn.standing, Standing::Declined | Standing::Undone) {
            continue;
        }
        findings.checked();
        let (debited, captured, _) = book.totals(txn);
        let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
        let refunded: Fen = hosts().map(|host| host.refunded + host.credited).sum();
        let held: Fen = hosts().map(|host| host.held).sum();
        if [debited, captured, refunded, held] == [Fen::ZERO; 4] {
            continue;
        }
        let reversed = txn.standing == Standing::Undone;
        findings.offence(debited.max(captured).max(refunded).max(held), txn.first, || Offence {
            expected: if inquiry {
                Remark::OnlyAsked { terminal: key.terminal, stan: key.stan }
            } else {
                Remark::EndedWithoutMoney {
                    kind: txn.kind,
                    amount: txn.amount,
                    terminal: key.terminal,
                    stan: key.stan,
                    reversed,
                }
            },
            observed: if held == Fen::ZERO {
                Remark::MoneyMoved { debited, captured, given_back: refunded }
            } else {
                Remark::StillHeldAtIssuer { held }
            },
            first: txn.first,
            blamed: blame(book, key, txn),
            key: Some(*key),
            rrns: txn.rrns.iter().collect(),
        });
    }
    findings.verdict(Invariant::DeclineMovesNothing, Remark::NothingDeclined)
}
