//! Plans written by hand, in a few words: a quiet world with hops of 100 ms, operations, faults.

use cardstorm::plan::{
    Entry, Fault, FaultKind, Latency, Links, MessageFilter, Op, Operator, PLAN_VERSION, Place,
    Plan, Start, Task, When,
};
use cardstorm::storm::{DRAIN_MS, world};
use cardstorm_models::money::Fen;
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Mti;

/// What every sale of these plans takes: 100 yuan.
pub const PRICE: Fen = Fen(10_000);

/// The terminal of a plan that has one.
pub const TERMINAL: Place = Place::Terminal(0);

/// One shop with so many terminals, one holder with 1,000 yuan; nothing happens, nothing goes wrong.
pub fn quiet(terminals: u16, chaos_ms: u64) -> Plan {
    let hop = Latency::Fixed { ms: 100 };
    Plan {
        version: PLAN_VERSION,
        seed: 1,
        start: Wall::from_civil(jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0)),
        world: world::simple(terminals, vec![world::account("holder", Fen(100_000))]),
        ops: Vec::new(),
        house: Vec::new(),
        operator: Operator::default(),
        links: Links { leg1: hop, leg2: hop, split_per_million: 0 },
        faults: Vec::new(),
        chaos_ms,
        drain_ms: DRAIN_MS,
    }
}

/// The holder pays for a purchase at a terminal.
pub fn sale(terminal: u16, ms: u64, intent: u32) -> Op {
    let (amount, card, entry) = (PRICE, 0, Entry::Chip);
    let task = Task::Sale { intent, amount, card, pin: None, entry };
    Op { terminal, start: Start::At { ms }, task }
}

/// The holder's sale is taken back.
pub fn void(terminal: u16, ms: u64, of: u32) -> Op {
    Op { terminal, start: Start::At { ms }, task: Task::Void { of, amount: None, card: 0 } }
}

/// The holder gets money back for an operation.
pub fn refund(terminal: u16, ms: u64, of: u32, amount: Fen) -> Op {
    Op { terminal, start: Start::At { ms }, task: Task::Refund { of, amount, card: 0 } }
}

/// A fault.
pub fn fault(at: Place, what: FaultKind, when: When) -> Fault {
    Fault { at, what, when }
}

/// The n-th message of a kind that a party sends.
pub fn sends(mti: Mti, nth: u32) -> When {
    When::Sends { filter: MessageFilter { mti: Some(mti), ..MessageFilter::default() }, nth }
}
