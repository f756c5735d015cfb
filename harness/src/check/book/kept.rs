//! What the book keeps of each transaction, as its terminal names it and as the hosts number it.

use super::EventKey;
use crate::history::Asked;
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::OpRef;
use cardstorm_models::party::observe::{Decider, Outcome, Reason, TxnKey};
use cardstorm_models::wire::Kind;

/// Where a transaction stands for its terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Sent, and nothing durable says more.
    Sent,
    /// In doubt by its own record.
    Pending,
    /// Approved.
    Approved,
    /// Declined for certain.
    Declined,
    /// Reversed.
    Undone,
    /// Its record was dropped undone.
    Abandoned,
}

/// A transaction as its terminal names it.
#[derive(Clone, Debug)]
pub struct TerminalTxn {
    /// The operation; none if only a send was seen.
    pub op: Option<OpRef>,
    /// The purchase.
    pub intent: Option<u32>,
    /// Sale or refund.
    pub kind: Kind,
    /// RRN of the original that its request names.
    pub original: Option<Rrn>,
    /// Where it stands.
    pub standing: Standing,
    /// Fen asked for.
    pub amount: Fen,
    /// Fen approved.
    pub approved: Fen,
    /// Amount and RRN on the slip that was printed last.
    pub slip: Option<(Fen, Rrn)>,
    /// DE37 of the approval.
    pub approved_rrn: Option<Rrn>,
    /// DE39 of the 0410 that ended its reversal.
    pub undone: Option<ResponseCode>,
    /// DE39 of the last reply that reached the terminal for it.
    pub last_reply: Option<ResponseCode>,
    /// The balance that it told, if it is an inquiry.
    pub told: Option<Fen>,
    /// What the acquirer numbered it; more than once only if it was executed more than once.
    pub rrns: Rrns,
    /// Its first event.
    pub first: EventKey,
}

/// The RRNs of one transaction: one, but for a host that executes twice.
#[derive(Clone, Debug, Default)]
pub struct Rrns {
    one: Option<Rrn>,
    more: Vec<Rrn>,
}

impl Rrns {
    pub(super) fn push(&mut self, rrn: Rrn) {
        match self.one {
            None => self.one = Some(rrn),
            Some(one) if one == rrn || self.more.contains(&rrn) => {}
            Some(_) => self.more.push(rrn),
        }
    }

    /// All of them, in the order in which they were given.
    pub fn iter(&self) -> impl Iterator<Item = Rrn> {
        self.one.into_iter().chain(self.more.iter().copied())
    }
}

/// A transaction as the hosts number it.
#[derive(Clone, Debug, Default)]
pub struct HostTxn {
    /// The terminal's name for it; none if the acquirer never made it durable.
    pub key: Option<TxnKey>,
    /// RRN of its chain's original.
    pub chain: Option<Rrn>,
    /// Net amount captured for the merchant (sales less their reversals), in fen.
    pub captured: Fen,
    /// Refunded by the acquirer under this number, in fen.
    pub refunded: Fen,
    /// Net amount debited to the holder (sales less their reversals), in fen.
    pub debited: Fen,
    /// Unreversed debits.
    pub debits: i32,
    /// Credited to the holder or to returned refunds under this number, in fen.
    pub credited: Fen,
    /// Interbank movements of the issuer and of the acquirer under this number, in fen.
    pub interbank: [Fen; 2],
    /// The accounts that its sale moved: the holder's at the issuer, the merchant's at the acquirer.
    pub moved: [Option<Account>; 2],
    /// Money moved under this number on an account that is not its card's or its merchant's.
    pub astray: bool,
    /// Fen set apart under this number.
    pub held: Fen,
    /// The issuer granted its reversal.
    pub undone: bool,
    /// Totals of the chain, kept at its original.
    pub chain_total: ChainTotal,
    /// The balance that the issuer told.
    pub told: Option<Fen>,
    /// What the issuer decided, and whether its books bear a 51 out.
    pub decided: Option<(ResponseCode, Reason, bool)>,
    /// The issuer's code, as it first reached the acquirer.
    pub heard: Option<ResponseCode>,
    /// What the acquirer answers.
    pub answered: Option<(ResponseCode, Decider)>,
    /// When it said so first, in milliseconds from the beginning.
    pub answered_ms: u64,
    /// Its clearing day.
    pub cleared: Option<Day>,
    /// The acquirer owned its undoing.
    pub undoing: bool,
    /// An advice is queued and not acknowledged.
    pub queued: bool,
    /// An advice was dropped.
    pub dropped: bool,
    /// Only a tombstone: its reversal came, and it never did.
    pub tombstoned: bool,
}

/// What a chain adds up to on both sides, in fen.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChainTotal {
    /// Captured by the acquirer, reversals not deducted.
    pub captured: Fen,
    /// Reversed, voided and refunded by the acquirer, less voids undone.
    pub given_back: Fen,
    /// Debited by the issuer, reversals not deducted.
    pub debited: Fen,
    /// Reversed, voided and refunded by the issuer, less voids undone.
    pub credited: Fen,
    /// Of that, voids in effect: the issuer's, the acquirer's.
    pub voided: [Fen; 2],
}

/// An operation as the cashier saw it.
#[derive(Clone, Copy, Debug)]
pub struct OpSeen {
    /// What was asked.
    pub asked: Asked,
    /// Fen.
    pub amount: Fen,
    /// How it ended last.
    pub outcome: Option<Outcome>,
    /// When it began.
    pub first: EventKey,
}
