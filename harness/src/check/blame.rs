//! Whose rule was broken when terminal and hosts hold different things of one sale: read off what each of
//! them made durable about it.

use super::book::{Book, HostTxn, Standing, TerminalTxn};
use crate::plan::Place;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;

/// The party to look at first.
pub(super) fn blame(book: &Book, key: &TxnKey, txn: &TerminalTxn) -> Place {
    let terminal = book.plan.place_of(key.terminal);
    let hosts: Vec<&HostTxn> = txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn)).collect();
    let approves = |code: ResponseCode| code.approves_sale(true);
    let done = |code: ResponseCode| matches!(&code.0, b"00" | b"12" | b"25");
    let answered = hosts.iter().any(|host| host.answered.is_some_and(|(code, _)| approves(code)));
    let undone_upstream = hosts.iter().any(|host| host.undoing);
    let executed_twice = hosts.iter().filter(|host| host.debited != Fen::ZERO).count() > 1;
    let debited_twice = hosts.iter().any(|host| host.debits > 1);
    if debited_twice {
        return Place::Issuer;
    }
    if executed_twice {
        return Place::Acquirer;
    }
    // A slip is the terminal's word; it may not take it back.
    if txn.slip.is_some() && txn.standing != Standing::Approved {
        return terminal;
    }
    match txn.standing {
        Standing::Sent | Standing::Pending | Standing::Abandoned => terminal,
        Standing::Approved if !txn.last_reply.is_some_and(approves) || txn.slip.is_none() => {
            terminal
        }
        Standing::Approved if undone_upstream => Place::Acquirer,
        Standing::Approved => Place::Issuer,
        // An answer that says yes, or nothing certain, taken for a no.
        Standing::Declined
            if answered || txn.last_reply.is_some_and(ResponseCode::is_indefinite) =>
        {
            terminal
        }
        Standing::Undone if !txn.undone.is_some_and(done) => terminal,
        // The money still stands although the acquirer's reversal was acknowledged.
        Standing::Declined | Standing::Undone
            if hosts.iter().any(|host| host.undoing && !host.queued && !host.dropped) =>
        {
            Place::Issuer
        }
        Standing::Declined | Standing::Undone => Place::Acquirer,
    }
}
