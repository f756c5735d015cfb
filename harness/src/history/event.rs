//! The events of a history.

use crate::plan::{Death, NodeId, Task};
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::{ConnId, Observation, OpRef, Summary};
use serde::{Deserialize, Serialize};

/// Something that happened. Events are ordered by time, then party, then the party's own count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// True time, in milliseconds from the beginning.
    pub at_ms: u64,
    /// Where.
    pub node: NodeId,
    /// The party's own count of events.
    pub ordinal: u32,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

impl Event {
    /// What events are ordered by.
    pub fn key(&self) -> (u64, NodeId, u32) {
        (self.at_ms, self.node, self.ordinal)
    }
}

/// A phase of a run (setup has no events of its own).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Faults may strike.
    Chaos,
    /// Faults have ended, every party is up, clocks are true.
    Drain,
    /// Balances are read; nothing happens any more.
    Reads,
}

/// Why a message never arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    /// A fault took it.
    Dropped,
    /// The line was cut.
    Cut,
    /// The receiver was down.
    HostDown,
    /// Its connection was gone; the sender hears of it.
    NoConnection,
}

/// What is wrong with a message that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Damage {
    /// A bit is turned over.
    Corrupted,
    /// Its end is missing.
    Truncated,
    /// Its MAC is missing, and so is the sign that it had one.
    Stripped,
}

/// What the operator was asked to do, without the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// A payment.
    Sale {
        /// The purchase.
        intent: u32,
        /// Number of the card.
        card: u32,
    },
    /// What a purchase that was approved in part leaves to pay.
    Rest {
        /// The purchase.
        intent: u32,
        /// The operation that paid the part.
        of: u32,
        /// Number of the card.
        card: u32,
    },
    /// Money set apart.
    PreAuth {
        /// Number of the card.
        card: u32,
    },
    /// What is available on an account.
    Balance {
        /// Number of the card.
        card: u32,
    },
    /// What a pre-authorisation was made for.
    Completion {
        /// The purchase.
        intent: u32,
        /// The operation completed.
        of: u32,
        /// Number of the card.
        card: u32,
    },
    /// A sale, a completion or a pre-authorisation taken back.
    Void {
        /// The operation voided.
        of: u32,
        /// Number of the card.
        card: u32,
    },
    /// Money back.
    Refund {
        /// The operation refunded.
        of: u32,
    },
    /// Money back, at the merchant's portal.
    PortalRefund {
        /// The operation refunded.
        of: u32,
    },
    /// A dispute of a debit, at the issuer.
    Dispute {
        /// Number of the card.
        card: u32,
    },
    /// A settlement of the batch.
    Settle,
    /// An echo.
    Echo,
    /// A sign-off.
    SignOff,
}

impl Asked {
    /// The purchase that it pays, if it is a payment.
    pub fn intent(self) -> Option<u32> {
        match self {
            Asked::Sale { intent, .. }
            | Asked::Rest { intent, .. }
            | Asked::Completion { intent, .. } => Some(intent),
            Asked::PreAuth { .. }
            | Asked::Balance { .. }
            | Asked::Void { .. }
            | Asked::Refund { .. }
            | Asked::PortalRefund { .. }
            | Asked::Dispute { .. }
            | Asked::Settle
            | Asked::Echo
            | Asked::SignOff => None,
        }
    }

    /// The operation whose slip it needs, if it needs one.
    pub fn of_op(self) -> Option<u32> {
        match self {
            Asked::Sale { .. }
            | Asked::PreAuth { .. }
            | Asked::Dispute { .. }
            | Asked::Balance { .. }
            | Asked::Settle
            | Asked::Echo
            | Asked::SignOff => None,
            Asked::Rest { of, .. }
            | Asked::Completion { of, .. }
            | Asked::Void { of, .. }
            | Asked::Refund { of }
            | Asked::PortalRefund { of } => Some(of),
        }
    }

    /// What a task asks.
    pub fn of(task: &Task) -> Asked {
        match *task {
            Task::Sale { intent, card, .. } => Asked::Sale { intent, card },
            Task::Rest { intent, of, card, .. } => Asked::Rest { intent, of, card },
            Task::PreAuth { card, .. } => Asked::PreAuth { card },
            Task::Balance { card, .. } => Asked::Balance { card },
            Task::Completion { intent, of, card, .. } => Asked::Completion { intent, of, card },
            Task::Void { of, card, .. } => Asked::Void { of, card },
            Task::Refund { of, .. } => Asked::Refund { of },
            Task::PortalRefund { of, .. } => Asked::PortalRefund { of },
            Task::Dispute { card, .. } => Asked::Dispute { card },
            Task::Settle => Asked::Settle,
            Task::Echo => Asked::Echo,
            Task::SignOff => Asked::SignOff,
        }
    }
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// A phase begins.
    Phase {
        /// Which.
        phase: Phase,
    },
    /// A cashier begins an operation.
    OpBegins {
        /// Which.
        op: OpRef,
        /// What.
        asked: Asked,
        /// Fen.
        amount: Fen,
    },
    /// An operation could not even begin: the slip it needs does not exist, or leaves nothing to pay.
    OpSkipped {
        /// Which.
        op: OpRef,
    },
    /// One copy of a message left.
    Sent {
        /// For whom.
        to: NodeId,
        /// On which connection.
        conn: ConnId,
        /// 0, or 1 for a fault's second copy.
        copy: u8,
        /// When it will be there; nothing if it never will.
        due_ms: Option<u64>,
        /// What it says.
        message: Summary,
    },
    /// A message was handed to the party.
    Received {
        /// From whom.
        from: NodeId,
        /// On which connection.
        conn: ConnId,
        /// What it says.
        message: Summary,
    },
    /// What a fault left of a message was handed to the party.
    Damaged {
        /// From whom.
        from: NodeId,
        /// On which connection.
        conn: ConnId,
        /// What it said when it was sent.
        message: Summary,
        /// What is wrong with it.
        how: Damage,
    },
    /// A message was lost.
    Lost {
        /// The other end.
        peer: NodeId,
        /// Why.
        why: Loss,
        /// What it said.
        message: Summary,
    },
    /// A connection came up.
    Connected {
        /// Its name.
        conn: ConnId,
        /// The other end.
        peer: NodeId,
    },
    /// A connection went down.
    Disconnected {
        /// Its name.
        conn: ConnId,
        /// The other end.
        peer: NodeId,
    },
    /// The party said something.
    Said {
        /// What.
        said: Observation,
    },
    /// The party died.
    Crashed {
        /// How.
        death: Death,
        /// Journal bytes that were not synced and are gone.
        lost_bytes: u32,
    },
    /// The party started.
    Booted {
        /// Records that it found.
        records: u32,
    },
    /// A sync failed.
    SyncFailed,
    /// A fault struck.
    Fault {
        /// Its number in the plan.
        fault: u32,
    },
    /// A balance at the end.
    Balance {
        /// Whose.
        account: Account,
        /// Fen.
        balance: Fen,
    },
    /// So many journal bytes were searched for secrets since the party's start.
    Scanned {
        /// Bytes.
        bytes: u64,
    },
    /// A secret was found in the journal.
    Leak {
        /// Number of the secret in the plan's list.
        secret: u32,
    },
}
