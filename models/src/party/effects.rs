//! What a party wants done, in order. One buffer is reused for every step; nothing here allocates once
//! warm. Each effect has a static name, and a subject, so that a fault can be placed before it.

use super::{ConnId, Observation, Peer, Summary, TimerId};
use crate::ids::{Stan, TerminalId};
use crate::time::Wall;
use crate::wire::key::MacKey;
use crate::wire::{Message, Mti, Route, encode};
use serde::{Deserialize, Serialize};

/// The transaction that an effect serves, as every party can name it: terminal and STAN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// DE41.
    pub terminal: TerminalId,
    /// DE11.
    pub stan: Stan,
}

/// One thing to be done.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// Dial a peer. Answered by `Up`, `Refused`, or nothing at all.
    Connect(Peer),
    /// Close a connection; its peer sees `Down`.
    Close(ConnId),
    /// Put one frame on a connection.
    Send {
        /// Where.
        conn: ConnId,
        /// Where the frame lies in the buffer.
        frame: Span,
        /// What it says, without secrets.
        summary: Summary,
        /// Whether the frame carries DE52.
        pin_block: bool,
    },
    /// Start (or restart) a timer, in milliseconds of the party's own monotonic clock.
    Arm {
        /// Its name.
        id: TimerId,
        /// How long.
        after_ms: u64,
    },
    /// Stop a timer.
    Disarm(TimerId),
    /// Append a record to the journal. Buffered: only a completed `Sync` makes it durable.
    Append {
        /// What kind of record, for naming the step.
        what: &'static str,
        /// Where the record lies in the buffer.
        record: Span,
    },
    /// What becomes true when the record before it is durable.
    Fact(Observation),
    /// Make every appended record durable before anything that follows.
    Sync,
    /// Say something to the person at the terminal, now.
    Show(Observation),
    /// Give the printer a slip. Answered by `Printed` or `NotPrinted` once this step is over.
    Print(Observation),
    /// Set the wall clock.
    SetClock(Wall),
    /// Say something that only the party knows.
    Observe(Observation),
    /// Stop at once: the party can't go on safely and wants to be started again from its journal.
    Halt,
}

/// A piece of the effects' byte buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Effect {
    /// The name of the step, for crash sites: `send 0200`, `append sale pending`, `sync`.
    pub fn name(&self) -> &'static str {
        match self {
            Effect::Connect(_) => "connect",
            Effect::Close(_) => "close",
            Effect::Send { summary, .. } => send_name(summary.mti),
            Effect::Arm { .. } => "arm timer",
            Effect::Disarm(_) => "disarm timer",
            Effect::Append { what, .. } => what,
            Effect::Fact(_) => "fact",
            Effect::Sync => "sync",
            Effect::Show(_) => "show screen",
            Effect::Print(Observation::Slip { .. }) => "print slip",
            Effect::Print(_) => "print batch slip",
            Effect::SetClock(_) => "set clock",
            Effect::Observe(_) => "observe",
            Effect::Halt => "halt",
        }
    }

    /// Whether a crash can be placed before it. A fact is part of its record, and an observation is the
    /// history's, not the party's.
    pub fn is_site(&self) -> bool {
        !matches!(self, Effect::Fact(_) | Effect::Observe(_) | Effect::Halt)
    }
}

fn send_name(mti: Mti) -> &'static str {
    match mti {
        Mti::M0100 => "send 0100",
        Mti::M0110 => "send 0110",
        Mti::M0200 => "send 0200",
        Mti::M0210 => "send 0210",
        Mti::M0220 => "send 0220",
        Mti::M0230 => "send 0230",
        Mti::M0320 => "send 0320",
        Mti::M0330 => "send 0330",
        Mti::M0400 => "send 0400",
        Mti::M0410 => "send 0410",
        Mti::M0420 => "send 0420",
        Mti::M0430 => "send 0430",
        Mti::M0500 => "send 0500",
        Mti::M0510 => "send 0510",
        Mti::M0800 => "send 0800",
        Mti::M0810 => "send 0810",
        Mti::M0820 => "send 0820",
        Mti::M0830 => "send 0830",
    }
}

/// The effects of one step.
#[derive(Default)]
pub struct Effects {
    list: Vec<(Option<Subject>, Effect)>,
    bytes: Vec<u8>,
    subject: Option<Subject>,
}

impl Effects {
    /// Forgets everything, keeping the buffers.
    pub fn clear(&mut self) {
        self.list.clear();
        self.bytes.clear();
        self.subject = None;
    }

    /// How many effects there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The n-th effect and its subject. Panics beyond the last.
    pub fn get(&self, n: usize) -> (Option<Subject>, Effect) {
        self.list[n]
    }

    /// The bytes of a frame or a record.
    pub fn bytes(&self, span: Span) -> &[u8] {
        &self.bytes[span.start as usize..span.end as usize]
    }

    /// Everything that follows serves this transaction.
    pub fn about(&mut self, terminal: TerminalId, stan: Stan) {
        self.subject = Some(Subject { terminal, stan });
    }

    fn push(&mut self, effect: Effect) {
        self.list.push((self.subject, effect));
    }

    fn span_from(&self, start: usize) -> Span {
        let at = |n: usize| u32::try_from(n).expect("one step's bytes stay below 4 GiB");
        Span { start: at(start), end: at(self.bytes.len()) }
    }

    /// Dials a peer.
    pub fn connect(&mut self, peer: Peer) {
        self.push(Effect::Connect(peer));
    }

    /// Closes a connection.
    pub fn close(&mut self, conn: ConnId) {
        self.push(Effect::Close(conn));
    }

    /// Encodes and sends a message; financial messages need a key.
    pub fn send(&mut self, conn: ConnId, message: &Message, route: Route, mac: Option<&MacKey>) {
        let start = self.bytes.len();
        encode(message, route, mac, &mut self.bytes);
        let frame = self.span_from(start);
        let pin_block = matches!(message, Message::Request(request) if request.pin.is_some());
        self.push(Effect::Send { conn, frame, summary: Summary::of(message), pin_block });
    }

    /// Starts a timer.
    pub fn arm(&mut self, id: TimerId, after_ms: u64) {
        self.push(Effect::Arm { id, after_ms });
    }

    /// Stops a timer.
    pub fn disarm(&mut self, id: TimerId) {
        self.push(Effect::Disarm(id));
    }

    /// Appends a record. `what` begins with `append`, as in `append sale pending`.
    pub fn append<R: Serialize>(&mut self, what: &'static str, record: &R) {
        let start = self.bytes.len();
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(record, bytes).expect("a record always serialises");
        let record = self.span_from(start);
        self.push(Effect::Append { what, record });
    }

    /// Says what the record just appended makes true. Panics if none was.
    pub fn fact(&mut self, fact: Observation) {
        let after_record = self
            .list
            .last()
            .is_some_and(|(_, e)| matches!(e, Effect::Append { .. } | Effect::Fact(_)));
        assert!(after_record, "a fact belongs to a record");
        self.push(Effect::Fact(fact));
    }

    /// Makes everything appended durable.
    pub fn sync(&mut self) {
        self.push(Effect::Sync);
    }

    /// Shows a screen.
    pub fn show(&mut self, seen: Observation) {
        self.push(Effect::Show(seen));
    }

    /// Gives the printer a slip. Panics if it is none.
    pub fn print(&mut self, slip: Observation) {
        assert!(slip.printed_key().is_some(), "a printer takes slips");
        self.push(Effect::Print(slip));
    }

    /// Sets the wall clock.
    pub fn set_clock(&mut self, wall: Wall) {
        self.push(Effect::SetClock(wall));
    }

    /// Says something only the party knows.
    pub fn observe(&mut self, seen: Observation) {
        self.push(Effect::Observe(seen));
    }

    /// Stops the party.
    pub fn halt(&mut self) {
        self.push(Effect::Halt);
    }
}
