//! Faults as data. Each strikes at one party's place, so that no decision needs to know another party's
//! state at that instant; each can be placed at a time, on a message, or at a named step.

use super::{Place, draw::Draw};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::wire::Mti;
use serde::{Deserialize, Serialize};

/// What one hop takes. All in whole milliseconds, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Latency {
    /// Always the same.
    Fixed {
        /// Milliseconds.
        ms: u64,
    },
    /// Anything between, both ends included.
    Uniform {
        /// Milliseconds.
        min_ms: u64,
        /// Milliseconds.
        max_ms: u64,
    },
    /// Mostly short, sometimes longer: halves with each `half_ms` more.
    Exponential {
        /// Milliseconds.
        min_ms: u64,
        /// Milliseconds.
        half_ms: u64,
    },
    /// Mostly short, now and then very long: halves with each doubling.
    HeavyTail {
        /// Milliseconds.
        min_ms: u64,
        /// Milliseconds.
        scale_ms: u64,
        /// Milliseconds; no hop takes longer.
        max_ms: u64,
    },
}

/// How often an exponential latency is halved at most.
const MOST_HALVINGS: u32 = 20;

impl Latency {
    /// The least that this can take.
    pub fn least_ms(self) -> u64 {
        match self {
            Latency::Fixed { ms } => ms,
            Latency::Uniform { min_ms, .. }
            | Latency::Exponential { min_ms, .. }
            | Latency::HeavyTail { min_ms, .. } => min_ms,
        }
    }

    /// The most that this can take.
    pub fn most_ms(self) -> u64 {
        match self {
            Latency::Fixed { ms } => ms,
            Latency::Uniform { max_ms, .. } | Latency::HeavyTail { max_ms, .. } => max_ms,
            Latency::Exponential { min_ms, half_ms } => {
                min_ms.saturating_add(half_ms.saturating_mul(u64::from(MOST_HALVINGS) + 1))
            }
        }
    }

    /// What a line takes once faults have ended: the far end of a heavy tail is trouble like any other, so
    /// no hop takes longer than sixteen scales beyond the least any more.
    pub fn healed(self) -> Latency {
        match self {
            Latency::HeavyTail { min_ms, scale_ms, max_ms } => {
                Latency::HeavyTail { min_ms, scale_ms, max_ms: max_ms.min(min_ms + 16 * scale_ms) }
            }
            Latency::Fixed { .. } | Latency::Uniform { .. } | Latency::Exponential { .. } => self,
        }
    }

    /// One value. Integers only: float logarithms differ between platforms.
    pub fn draw(self, draw: Draw) -> u64 {
        match self {
            Latency::Fixed { ms } => ms,
            Latency::Uniform { min_ms, max_ms } => min_ms + draw.below(max_ms - min_ms + 1),
            Latency::Exponential { min_ms, half_ms } => {
                let halvings = u64::from(draw.word().leading_zeros().min(MOST_HALVINGS));
                min_ms + half_ms * halvings + draw.fork(1).below(half_ms.max(1))
            }
            Latency::HeavyTail { min_ms, scale_ms, max_ms } => {
                let doublings = draw.word().leading_zeros().min(20);
                let span = scale_ms.max(1) << doublings;
                (min_ms + (span - scale_ms) + draw.fork(1).below(span)).min(max_ms)
            }
        }
    }
}

/// Which way a cut works, seen from where it strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Both ways.
    Both,
    /// What goes out is lost.
    Out,
    /// What comes in is lost.
    In,
}

/// How a process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Death {
    /// The process is gone, its machine is not: peers see their connections close.
    Kill,
    /// Power is lost: peers see nothing.
    PowerLoss,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Hops out of here towards a peer take this long.
    Latency {
        /// Towards whom.
        peer: Place,
        /// How long a hop takes.
        latency: Latency,
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// The line between here and a peer is cut.
    Partition {
        /// Who cannot be reached.
        peer: Place,
        /// Which way.
        direction: Direction,
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// Nothing gets out of here or in, to or from anybody.
    BlackHole {
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// Every connection between here and a peer breaks at once.
    Reset {
        /// With whom.
        peer: Place,
    },
    /// The message that triggers it is lost.
    Drop,
    /// The message that triggers it takes so much longer; later ones may overtake it.
    Delay {
        /// Milliseconds more.
        ms: u64,
    },
    /// The message that triggers it arrives once more.
    Duplicate {
        /// Milliseconds after the first copy.
        after_ms: u64,
    },
    /// The party here dies and is started again.
    Crash {
        /// How.
        death: Death,
        /// Milliseconds until it is started again.
        restart_after_ms: u64,
    },
    /// The wall clock here is wrong by so much from now on.
    ClockStep {
        /// Milliseconds; negative is back.
        ms: i64,
    },
    /// The oscillator here runs fast (or slow, if negative), and both clocks with it.
    ClockDrift {
        /// Millionths.
        ppm: i32,
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// The wall clock here was wrong by so much when the run began.
    ClockSkew {
        /// Milliseconds; negative is behind.
        ms: i64,
    },
    /// A sync here fails.
    SyncError,
    /// The terminal here loses power and comes back with its journal as a backup had it: what became durable
    /// later is forgotten. It strikes where nothing is forgotten that may have to go out again
    /// (soundness 10), unless it is told to strike anywhere.
    Restore {
        /// Milliseconds since the backup was made, at least; a new device where there is none so old.
        age_ms: u64,
        /// Milliseconds until it is started again.
        restart_after_ms: u64,
        /// Whether it strikes although something open is forgotten, which no design survives.
        even_open: bool,
    },
    /// One bit of the message that triggers it arrives turned over.
    Corrupt {
        /// Which, counted from the first of the MTI; drawn where none is given.
        bit: Option<u16>,
    },
    /// The message that triggers it arrives without its end.
    Truncate,
    /// The message that triggers it arrives without its MAC, and says that it has none.
    StripMac,
    /// The host here stands still: it takes in nothing and does nothing, and what came and what fell due
    /// meanwhile is dealt with when it goes on. Its connections look alive.
    Pause {
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// Every connection between here and a peer is gone at this end and looks alive at the other, until
    /// something is sent on it.
    HalfOpen {
        /// With whom.
        peer: Place,
    },
    /// The line between here and a peer goes down and comes up again, over and over.
    Flap {
        /// Who cannot be reached while it is down.
        peer: Place,
        /// Milliseconds down.
        down_ms: u64,
        /// Milliseconds up, after that.
        up_ms: u64,
        /// For so many milliseconds altogether.
        for_ms: u64,
    },
    /// The disk here has no room: every sync fails.
    DiskFull {
        /// For so many milliseconds.
        for_ms: u64,
    },
    /// The clock here is of a wrong time zone from now on: it reads whole hours off, however often it is set.
    WrongZone {
        /// Hours; negative is to the west.
        hours: i8,
    },
}

/// The names of the kinds, in the order of [`FaultKind`].
pub const FAULT_NAMES: [&str; 21] = [
    "latency",
    "partition",
    "black_hole",
    "reset",
    "drop",
    "delay",
    "duplicate",
    "crash",
    "clock_step",
    "clock_drift",
    "clock_skew",
    "sync_error",
    "restore",
    "corrupt",
    "truncate",
    "strip_mac",
    "pause",
    "half_open",
    "flap",
    "disk_full",
    "wrong_zone",
];

impl FaultKind {
    /// The kind's name, as scenario files write it.
    pub fn name(&self) -> &'static str {
        FAULT_NAMES[self.number()]
    }

    /// Its place in [`FAULT_NAMES`].
    pub fn number(&self) -> usize {
        match self {
            FaultKind::Latency { .. } => 0,
            FaultKind::Partition { .. } => 1,
            FaultKind::BlackHole { .. } => 2,
            FaultKind::Reset { .. } => 3,
            FaultKind::Drop => 4,
            FaultKind::Delay { .. } => 5,
            FaultKind::Duplicate { .. } => 6,
            FaultKind::Crash { .. } => 7,
            FaultKind::ClockStep { .. } => 8,
            FaultKind::ClockDrift { .. } => 9,
            FaultKind::ClockSkew { .. } => 10,
            FaultKind::SyncError => 11,
            FaultKind::Restore { .. } => 12,
            FaultKind::Corrupt { .. } => 13,
            FaultKind::Truncate => 14,
            FaultKind::StripMac => 15,
            FaultKind::Pause { .. } => 16,
            FaultKind::HalfOpen { .. } => 17,
            FaultKind::Flap { .. } => 18,
            FaultKind::DiskFull { .. } => 19,
            FaultKind::WrongZone { .. } => 20,
        }
    }

    /// Whether it acts on the one message that triggers it.
    pub fn acts_on_message(&self) -> bool {
        matches!(self, FaultKind::Drop | FaultKind::Delay { .. } | FaultKind::Duplicate { .. })
            || self.damages()
    }

    /// Whether the clocks where it strikes may show another date than the true one.
    pub fn sets_clock(&self) -> bool {
        matches!(
            self,
            FaultKind::ClockStep { .. }
                | FaultKind::ClockSkew { .. }
                | FaultKind::ClockDrift { .. }
                | FaultKind::WrongZone { .. }
        )
    }

    /// Whether the message that triggers it arrives as nobody sent it.
    pub fn damages(&self) -> bool {
        matches!(self, FaultKind::Corrupt { .. } | FaultKind::Truncate | FaultKind::StripMac)
    }
}

/// Which messages a fault waits for. What is not named matches anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageFilter {
    /// The other end of the link.
    pub peer: Option<Place>,
    /// DE0.
    pub mti: Option<Mti>,
    /// DE39.
    pub code: Option<ResponseCode>,
    /// DE11.
    pub stan: Option<u32>,
    /// Number of the terminal (DE41).
    pub terminal: Option<u16>,
    /// Number of the operation that the message serves.
    pub op: Option<u32>,
}

/// What triggers a fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// A time, in milliseconds from the beginning.
    At {
        /// Milliseconds.
        ms: u64,
    },
    /// The n-th message that this party sends and the filter matches.
    Sends {
        /// Which messages.
        filter: MessageFilter,
        /// 1 is the first.
        nth: u32,
    },
    /// The n-th message that reaches this party and the filter matches, before it is handed over.
    Receives {
        /// Which messages.
        filter: MessageFilter,
        /// 1 is the first.
        nth: u32,
    },
    /// Just before the n-th effect of this name (`send 0200`, `sync`, `append approved`).
    Before {
        /// The effect's name.
        effect: String,
        /// Number of the terminal whose transaction it serves.
        #[serde(default)]
        terminal: Option<u16>,
        /// STAN of the transaction that it serves.
        #[serde(default)]
        stan: Option<u32>,
        /// Number of the operation that it serves.
        #[serde(default)]
        op: Option<u32>,
        /// 1 is the first.
        nth: u32,
    },
}

/// One fault: where, what, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The party it strikes at.
    pub at: Place,
    /// What goes wrong.
    pub what: FaultKind,
    /// When.
    pub when: When,
}
