//! A plan is the whole input of a run: parties, operations, faults, knobs. Plain values only; a run
//! consumes a plan and nothing else, and a failure is shrunk, stored and replayed as one.

pub mod draw;
mod fault;

pub use fault::*;

use cardstorm_models::ids::TerminalId;
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::AcquirerConfig;
use cardstorm_models::party::desk::desk_of;
use cardstorm_models::party::issuer::IssuerConfig;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::terminal::TerminalConfig;
use cardstorm_models::party::{HouseOp, Peer};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Kind;
use cardstorm_models::wire::pin::Pin;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Version of the plan format.
pub const PLAN_VERSION: u32 = 1;

/// A party's place in the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A terminal, by its number.
    Terminal(u16),
    /// The acquirer.
    Acquirer,
    /// The issuer.
    Issuer,
}

/// A party's number in a run: terminals first, then the acquirer, then the issuer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct NodeId(pub u16);

/// The longest that a plan may let a sync take, in milliseconds.
pub const LONGEST_SYNC_MS: u64 = 10_000;

/// How long each party's disk takes to make its journal durable. Meanwhile the party takes no input, and
/// what it does after the sync waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SyncTimes {
    /// Milliseconds at each terminal, by number; 0 where none is given.
    pub terminals_ms: Vec<u64>,
    /// Milliseconds at the acquirer.
    pub acquirer_ms: u64,
    /// Milliseconds at the issuer.
    pub issuer_ms: u64,
}

impl SyncTimes {
    /// Milliseconds that one sync takes at a place.
    pub fn at_ms(&self, place: Place) -> u64 {
        match place {
            Place::Terminal(n) => self.terminals_ms.get(usize::from(n)).copied().unwrap_or(0),
            Place::Acquirer => self.acquirer_ms,
            Place::Issuer => self.issuer_ms,
        }
    }

    fn none(&self) -> bool {
        *self == SyncTimes::default()
    }
}

/// The parties of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Terminals, by number.
    pub terminals: Vec<TerminalConfig>,
    /// The acquirer.
    pub acquirer: AcquirerConfig,
    /// The issuer.
    pub issuer: IssuerConfig,
    /// Number of the card that the final probe of each terminal pays with; nothing else uses it.
    pub probe_card: u32,
    /// How long their disks take; no time at all where a plan says nothing.
    #[serde(default, skip_serializing_if = "SyncTimes::none")]
    pub sync_times: SyncTimes,
}

/// When an operation begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// At this time.
    At {
        /// Milliseconds from the beginning.
        ms: u64,
    },
    /// Once another operation of the same terminal has ended so.
    After {
        /// Number of the other operation.
        op: u32,
        /// Any ending where none is named.
        outcome: Option<Outcome>,
        /// Milliseconds after that ending.
        delay_ms: u64,
    },
}

/// What a cashier is to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Take a payment.
    Sale {
        /// The purchase; the same number in two operations is one purchase paid twice.
        intent: u32,
        /// Fen.
        amount: Fen,
        /// Number of the card.
        card: u32,
        /// What the holder keys.
        #[serde(default)]
        pin: Option<Pin>,
        /// How the card is read.
        #[serde(default)]
        entry: Entry,
    },
    /// Take what an approval of a part left of a purchase, by another card: how much that is, nobody knows
    /// before (flows 8).
    Rest {
        /// Number of the operation whose slip says how much was paid: at the same terminal.
        of: u32,
        /// The purchase: that operation's.
        intent: u32,
        /// Number of the card.
        card: u32,
        /// What the holder keys.
        #[serde(default)]
        pin: Option<Pin>,
        /// How the card is read.
        #[serde(default)]
        entry: Entry,
    },
    /// Set money apart for a payment whose amount is not known yet.
    PreAuth {
        /// Fen.
        amount: Fen,
        /// Number of the card.
        card: u32,
        /// What the holder keys.
        #[serde(default)]
        pin: Option<Pin>,
    },
    /// Ask what is available on a card's account.
    Balance {
        /// Number of the card.
        card: u32,
        /// What the holder keys.
        #[serde(default)]
        pin: Option<Pin>,
    },
    /// Take what a pre-authorisation was made for.
    Completion {
        /// Number of the operation whose slip the customer shows.
        of: u32,
        /// The purchase.
        intent: u32,
        /// Fen.
        amount: Fen,
        /// Number of the card.
        card: u32,
    },
    /// Take a sale or a completion back, whole, at its own terminal, or a pre-authorisation.
    Void {
        /// Number of the operation whose slip the customer shows.
        of: u32,
        /// Fen, where the cashier keys another amount than the slip's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Fen>,
        /// Number of the card.
        card: u32,
    },
    /// Give money back.
    Refund {
        /// Number of the operation whose slip the customer shows.
        of: u32,
        /// Fen.
        amount: Fen,
        /// Number of the card.
        card: u32,
    },
    /// Give money back at the merchant's portal with the acquirer: over no terminal's line.
    PortalRefund {
        /// Number of the operation whose slip the merchant goes by.
        of: u32,
        /// Fen.
        amount: Fen,
    },
    /// The holder disputes a debit at the issuer, which makes a chargeback of it.
    Dispute {
        /// Number of the card.
        card: u32,
        /// Fen of the debit.
        amount: Fen,
    },
    /// Settle the terminal's batch.
    Settle,
    /// Ask whether the centre is there.
    Echo,
    /// Sign off.
    SignOff,
}

impl Task {
    /// The operation whose slip it needs, if it needs one.
    pub fn of(&self) -> Option<u32> {
        match *self {
            Task::Sale { .. }
            | Task::PreAuth { .. }
            | Task::Dispute { .. }
            | Task::Balance { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
            Task::Rest { of, .. }
            | Task::Completion { of, .. }
            | Task::Void { of, .. }
            | Task::Refund { of, .. }
            | Task::PortalRefund { of, .. } => Some(of),
        }
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self) -> Option<&mut u32> {
        match self {
            Task::Sale { .. }
            | Task::PreAuth { .. }
            | Task::Dispute { .. }
            | Task::Balance { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
            Task::Rest { of, .. }
            | Task::Completion { of, .. }
            | Task::Void { of, .. }
            | Task::Refund { of, .. }
            | Task::PortalRefund { of, .. } => Some(of),
        }
    }

    /// Number of the card that is read, if one is.
    pub fn card(&self) -> Option<u32> {
        match *self {
            Task::Sale { card, .. }
            | Task::Rest { card, .. }
            | Task::PreAuth { card, .. }
            | Task::Balance { card, .. }
            | Task::Completion { card, .. }
            | Task::Void { card, .. }
            | Task::Refund { card, .. }
            | Task::Dispute { card, .. } => Some(card),
            Task::PortalRefund { .. } | Task::Settle | Task::Echo | Task::SignOff => None,
        }
    }

    /// Fen that it is about, if it is about any.
    pub fn amount(&self) -> Option<Fen> {
        match *self {
            Task::Sale { amount, .. }
            | Task::PreAuth { amount, .. }
            | Task::Completion { amount, .. }
            | Task::Refund { amount, .. }
            | Task::PortalRefund { amount, .. }
            | Task::Dispute { amount, .. } => Some(amount),
            // What the slip says, where nothing else is keyed.
            Task::Void { amount, .. } => amount,
            Task::Rest { .. }
            | Task::Balance { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
        }
    }

    /// What the holder keys, if anything.
    pub fn pin(&self) -> Option<Pin> {
        match *self {
            Task::Sale { pin, .. }
            | Task::Rest { pin, .. }
            | Task::PreAuth { pin, .. }
            | Task::Balance { pin, .. } => pin,
            Task::Completion { .. }
            | Task::Void { .. }
            | Task::Refund { .. }
            | Task::PortalRefund { .. }
            | Task::Dispute { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
        }
    }

    /// Whether it is a payment.
    pub fn is_sale(&self) -> bool {
        match self {
            Task::Sale { .. } | Task::Rest { .. } => true,
            Task::PreAuth { .. }
            | Task::Balance { .. }
            | Task::Completion { .. }
            | Task::Void { .. }
            | Task::Refund { .. }
            | Task::PortalRefund { .. }
            | Task::Dispute { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => false,
        }
    }

    /// Where the desk is that it is asked at; none for what a cashier does at a terminal.
    pub fn desk(&self) -> Option<Place> {
        match self {
            Task::PortalRefund { .. } => Some(Place::Acquirer),
            Task::Dispute { .. } => Some(Place::Issuer),
            Task::Sale { .. }
            | Task::Rest { .. }
            | Task::PreAuth { .. }
            | Task::Balance { .. }
            | Task::Completion { .. }
            | Task::Void { .. }
            | Task::Refund { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
        }
    }

    /// The purchase that it pays for.
    pub fn intent(&self) -> Option<u32> {
        match *self {
            Task::Sale { intent, .. }
            | Task::Rest { intent, .. }
            | Task::Completion { intent, .. } => Some(intent),
            Task::PreAuth { .. }
            | Task::Balance { .. }
            | Task::Void { .. }
            | Task::Refund { .. }
            | Task::PortalRefund { .. }
            | Task::Dispute { .. }
            | Task::Settle
            | Task::Echo
            | Task::SignOff => None,
        }
    }
}

/// How a card is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// Chip: DE2, DE14, DE23, DE35.
    #[default]
    Chip,
    /// Magnetic stripe: DE35 alone.
    Magstripe,
    /// Keyed by hand: DE2 and DE14.
    Keyed,
}

/// An operation of a cashier's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// Number of the terminal; of what is asked at a desk, a terminal of whose merchant it is.
    pub terminal: u16,
    /// When.
    pub start: Start,
    /// What.
    pub task: Task,
}

/// Something an institution does by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedHouseOp {
    /// Milliseconds from the beginning.
    pub at_ms: u64,
    /// What.
    pub op: HouseOp,
}

/// How cashiers behave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// How often a doubtful sale is tried again, as a new transaction for the same purchase.
    pub retries_after_doubt: u8,
    /// How often a failed sale is tried again.
    pub retries_after_failure: u8,
    /// How often a sale that went through is keyed again because no slip came out of the printer. Once the
    /// slip is there, nobody does.
    #[serde(skip_serializing_if = "is_zero")]
    pub retries_after_no_slip: u8,
    /// Milliseconds before a retry.
    pub retry_delay_ms: u64,
}

impl Operator {
    /// How often a sale is tried again at the most.
    pub fn most_retries(&self) -> u64 {
        let after =
            [self.retries_after_doubt, self.retries_after_failure, self.retries_after_no_slip];
        after.into_iter().map(u64::from).sum()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(retries: &u8) -> bool {
    *retries == 0
}

/// What one hop takes, before any fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Terminal to acquirer and back.
    pub leg1: Latency,
    /// Acquirer to issuer and back.
    pub leg2: Latency,
    /// How many frames in a million arrive in two pieces.
    #[serde(default)]
    pub split_per_million: u32,
}

/// Everything that a run needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// [`PLAN_VERSION`].
    pub version: u32,
    /// Keys the residual draws, such as a link's jitter.
    pub seed: u64,
    /// Civil time when the run begins.
    pub start: Wall,
    /// The parties.
    pub world: World,
    /// What cashiers do.
    pub ops: Vec<Op>,
    /// What the institutions do.
    #[serde(default)]
    pub house: Vec<PlannedHouseOp>,
    /// How cashiers behave.
    #[serde(default)]
    pub operator: Operator,
    /// What one hop takes.
    pub links: Links,
    /// What goes wrong.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// When faults stop, in milliseconds from the beginning.
    pub chaos_ms: u64,
    /// How long the system then has to become quiescent, in milliseconds.
    pub drain_ms: u64,
}

/// How long before the end of the drain each terminal is probed with a small sale.
pub const PROBE_BEFORE_END_MS: u64 = 75_000;
/// What the probe pays.
pub const PROBE_AMOUNT: Fen = Fen(1);

impl Plan {
    /// How many parties there are.
    pub fn node_count(&self) -> u16 {
        u16::try_from(self.world.terminals.len()).expect("fewer than 65,534 terminals") + 2
    }

    /// Whether some purchase is paid by more than one operation at a place. A terminal whose memory is an
    /// older one may take such a purchase's money twice, and none can know.
    pub fn pays_again(&self, at: Place) -> bool {
        let here = self.ops.iter().filter(|op| Place::Terminal(op.terminal) == at);
        let mut paid = BTreeSet::new();
        here.filter_map(|op| op.task.intent()).any(|intent| !paid.insert(intent))
    }

    /// The number of a place.
    pub fn node(&self, place: Place) -> NodeId {
        match place {
            Place::Terminal(n) => NodeId(n),
            Place::Acquirer => NodeId(self.node_count() - 2),
            Place::Issuer => NodeId(self.node_count() - 1),
        }
    }

    /// The place with a number.
    pub fn place(&self, node: NodeId) -> Place {
        match self.node_count() - node.0 {
            1 => Place::Issuer,
            2 => Place::Acquirer,
            _ => Place::Terminal(node.0),
        }
    }

    /// The kind of party at a place.
    pub fn peer(&self, node: NodeId) -> Peer {
        match self.place(node) {
            Place::Terminal(_) => Peer::Terminal,
            Place::Acquirer => Peer::Acquirer,
            Place::Issuer => Peer::Issuer,
        }
    }

    /// What taking back an operation is: that depends on what it was.
    pub fn void_of(&self, op: u32) -> Kind {
        match self.ops.get(op as usize).map(|op| &op.task) {
            Some(Task::PreAuth { .. }) => Kind::PreAuthVoid,
            Some(Task::Completion { .. }) => Kind::CompletionVoid,
            _ => Kind::Void,
        }
    }

    /// Whether any batch is settled in it.
    pub fn settles(&self) -> bool {
        let asked = self.ops.iter().any(|op| op.task == Task::Settle);
        asked || self.world.terminals.iter().any(|terminal| terminal.settle_after.is_some())
    }

    /// When the run is over.
    pub fn end_ms(&self) -> u64 {
        self.chaos_ms + self.drain_ms
    }

    /// When each terminal is probed.
    pub fn probe_ms(&self) -> u64 {
        self.end_ms().saturating_sub(PROBE_BEFORE_END_MS).max(self.chaos_ms)
    }

    /// Number of the probe of a terminal; probes follow the planned operations.
    pub fn probe_op(&self, terminal: u16) -> u32 {
        u32::try_from(self.ops.len()).expect("fewer than 2^32 operations") + u32::from(terminal)
    }

    /// The terminal with an id.
    pub fn terminal_by_id(&self, id: TerminalId) -> Option<u16> {
        let at = self.world.terminals.iter().position(|terminal| terminal.id == id)?;
        u16::try_from(at).ok()
    }

    /// The place that answers for what stands under an id: the terminal, or the acquirer for a portal.
    pub fn place_of(&self, id: TerminalId) -> Place {
        self.terminal_by_id(id).map_or(Place::Acquirer, Place::Terminal)
    }

    /// The number of the merchant whose terminal or portal has an id.
    pub fn merchant_of(&self, id: TerminalId) -> Option<u32> {
        let acquirer = &self.world.acquirer;
        let entry = acquirer.terminals.iter().find(|entry| entry.id == id);
        let desk = || desk_of(id).filter(|n| (*n as usize) < acquirer.merchants.len());
        entry.map(|entry| entry.merchant).or_else(desk)
    }

    /// The least that a hop can take, in milliseconds: the coarsest tick that the plan allows.
    pub fn least_latency_ms(&self) -> u64 {
        let faults = self.faults.iter().filter_map(|fault| match fault.what {
            FaultKind::Latency { latency, .. } => Some(latency.least_ms()),
            _ => None,
        });
        let base = [self.links.leg1.least_ms(), self.links.leg2.least_ms()];
        base.into_iter().chain(faults).min().unwrap_or(1)
    }
}
