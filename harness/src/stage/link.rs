//! The link decides, the carrier carries: at the send, each copy's fate and due time are settled here in
//! whole milliseconds. What is in flight belongs to the link and survives its sender's death.

use crate::history::Damage;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Direction, Latency, NodeId, Plan};
use cardstorm_models::party::{ConnId, OpRef, SlipData, Summary};
use cardstorm_models::wire::Mti;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What crosses from one party to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Sender.
    pub from: NodeId,
    /// Receiver.
    pub to: NodeId,
    /// When it is there, in true milliseconds.
    pub due_ms: u64,
    /// The sender's own count.
    pub serial: u64,
    /// What.
    pub body: Body,
}

/// What a parcel holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// A dial.
    Open(ConnId),
    /// The dial was taken.
    Accepted(ConnId),
    /// The dial was refused.
    Refused(ConnId),
    /// The connection is gone.
    Closed(ConnId),
    /// One frame.
    Frame {
        /// On which connection.
        conn: ConnId,
        /// What it says.
        message: Summary,
        /// The operation that it serves, where the sender knows.
        op: Option<u32>,
        /// The bytes.
        bytes: Vec<u8>,
        /// Where the receiver gets it in two pieces.
        split_at: Option<u16>,
        /// Whether a fault at the receiver has already had its way with it.
        held: bool,
        /// What is wrong with it.
        damage: Option<Damage>,
    },
    /// Bytes as a native network cut them, and the messages that they complete.
    Chunk {
        /// On which connection.
        conn: ConnId,
        /// The bytes.
        bytes: Vec<u8>,
        /// For the history.
        completes: Vec<Summary>,
    },
    /// A customer walks over with a slip.
    Slip {
        /// Of which operation.
        op: OpRef,
        /// What stands on it.
        slip: SlipData,
    },
}

impl Parcel {
    /// The canonical order of what reaches one party: time, sender, the sender's count.
    pub fn key(&self) -> (u64, NodeId, u64) {
        (self.due_ms, self.from, self.serial)
    }
}

/// A parcel in an inbox: the earliest is the greatest, for a max-heap.
pub struct Queued(pub Parcel);

impl PartialEq for Queued {
    fn eq(&self, other: &Queued) -> bool {
        self.0.key() == other.0.key()
    }
}

impl Eq for Queued {}

impl PartialOrd for Queued {
    fn partial_cmp(&self, other: &Queued) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Queued {
    fn cmp(&self, other: &Queued) -> Ordering {
        other.0.key().cmp(&self.0.key())
    }
}

/// A cut that is in force.
pub struct Cut {
    /// Number of its fault.
    pub fault: u32,
    /// Only towards this peer, or towards all.
    pub peer: Option<NodeId>,
    /// Which way.
    pub direction: Direction,
    /// True milliseconds.
    pub until_ms: u64,
    /// Where it comes and goes in between.
    pub rhythm: Option<Rhythm>,
}

/// A line's going down and coming up, in true milliseconds.
#[derive(Clone, Copy)]
pub struct Rhythm {
    /// When it went down first.
    pub since_ms: u64,
    /// How long it is down each time.
    pub down_ms: u64,
    /// How long it is up each time, after that.
    pub up_ms: u64,
}

impl Rhythm {
    fn down(self, now_ms: u64) -> bool {
        (now_ms - self.since_ms) % (self.down_ms + self.up_ms) < self.down_ms
    }
}

/// Another latency that is in force.
pub struct Slow {
    /// Number of its fault.
    pub fault: u32,
    /// Towards whom.
    pub peer: NodeId,
    /// How long hops take.
    pub latency: Latency,
    /// True milliseconds.
    pub until_ms: u64,
}

/// A party's own end of its links: its cuts, its latencies, and what it has sent.
#[derive(Default)]
pub struct Link {
    /// Cuts in force.
    pub cuts: Vec<Cut>,
    /// Latencies in force.
    pub slows: Vec<Slow>,
    /// How often each repeatable message has been sent: its identity has no other way to tell repeats.
    repeats: BTreeMap<(Mti, u64, u32), u64>,
    serial: u64,
}

impl Link {
    /// The next parcel's count.
    pub fn serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// The fault that cuts this direction now, if one does.
    pub fn cut(&self, now_ms: u64, peer: NodeId, outward: bool) -> Option<u32> {
        let hit = |cut: &&Cut| {
            now_ms < cut.until_ms
                && cut.peer.is_none_or(|cut_peer| cut_peer == peer)
                && cut.rhythm.is_none_or(|rhythm| rhythm.down(now_ms))
                && match cut.direction {
                    Direction::Both => true,
                    Direction::Out => outward,
                    Direction::In => !outward,
                }
        };
        self.cuts.iter().find(hit).map(|cut| cut.fault)
    }

    /// The latency towards a peer now, and the fault that set it, if one did.
    pub fn latency(
        &self,
        plan: &Plan,
        now_ms: u64,
        from: NodeId,
        peer: NodeId,
    ) -> (Latency, Option<u32>) {
        let slow = self.slows.iter().rev().find(|slow| slow.peer == peer && now_ms < slow.until_ms);
        match slow {
            Some(slow) => (slow.latency, Some(slow.fault)),
            None if now_ms >= plan.chaos_ms => (base_latency(plan, from, peer).healed(), None),
            None => (base_latency(plan, from, peer), None),
        }
    }

    /// The draw of one frame, keyed by what it is: direction, terminal, STAN, MTI, and for messages that
    /// repeat themselves, how often.
    pub fn draw(
        &mut self,
        plan: &Plan,
        purpose: Purpose,
        from: NodeId,
        to: NodeId,
        message: &Summary,
    ) -> Draw {
        let terminal = u64::from_le_bytes(message.terminal.0);
        let stan = message.stan.0;
        let repeat = match message.mti {
            Mti::M0100
            | Mti::M0110
            | Mti::M0200
            | Mti::M0210
            | Mti::M0800
            | Mti::M0810
            | Mti::M0820
            | Mti::M0830 => 0,
            Mti::M0220
            | Mti::M0230
            | Mti::M0320
            | Mti::M0330
            | Mti::M0400
            | Mti::M0410
            | Mti::M0420
            | Mti::M0430
            | Mti::M0500
            | Mti::M0510 => {
                let sent = self.repeats.entry((message.mti, terminal, stan)).or_default();
                *sent += 1;
                *sent
            }
        };
        let mti = u64::from(u16::from_be_bytes(message.mti.bcd()));
        let direction = u64::from(from.0) << 16 | u64::from(to.0);
        let words = [direction, terminal, u64::from(stan), mti, repeat];
        Draw::keyed(plan.seed, purpose, &words)
    }
}

/// What a hop takes without any fault.
pub fn base_latency(plan: &Plan, from: NodeId, to: NodeId) -> Latency {
    let issuer = plan.node(crate::plan::Place::Issuer);
    if from == issuer || to == issuer { plan.links.leg2 } else { plan.links.leg1 }
}
