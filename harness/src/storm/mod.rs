//! Seed to plan. Draws are keyed by what they decide, not taken in sequence, so that knobs change only
//! what they name. Swarm: each seed switches a random subset of fault kinds on, with drawn intensities, so
//! that rare combinations get seeds of their own.

mod faults;
mod measure;
mod workload;
pub mod world;

pub use measure::{dense, standard};

use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Latency, Links, Operator, PLAN_VERSION, Plan, World};
use cardstorm_models::time::Wall;

/// What a generated plan may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knobs {
    /// Most terminals.
    pub terminals: u16,
    /// Most operations.
    pub ops: u32,
    /// Most faults.
    pub faults: u32,
    /// How long faults may strike, in milliseconds.
    pub chaos_ms: u64,
    /// How long the system then has, in milliseconds.
    pub drain_ms: u64,
    /// The least that a hop takes, in milliseconds; every stage's tick must not be coarser.
    pub least_latency_ms: u64,
}

impl Default for Knobs {
    fn default() -> Knobs {
        Knobs {
            terminals: 2,
            ops: 8,
            faults: 6,
            chaos_ms: 240_000,
            drain_ms: DRAIN_MS,
            least_latency_ms: 100,
        }
    }
}

/// Long enough for everything that sound parties may still have to do once faults have ended: a reply
/// timer that has just begun, a reversal's session and its pause, an advice's interval, and the probe.
pub const DRAIN_MS: u64 = 360_000;

/// What the draws of a plan are about; part of every key.
#[derive(Clone, Copy)]
enum About {
    Shape = 1,
    World = 2,
    Op = 3,
    Fault = 4,
    Mask = 5,
}

/// A source of keyed draws for one plan.
#[derive(Clone, Copy)]
struct Dice {
    seed: u64,
    about: About,
}

impl Dice {
    fn roll(self, item: u64, aspect: u64) -> Draw {
        Draw::keyed(self.seed, Purpose::Plan, &[self.about as u64, item, aspect])
    }

    /// A number from `low` to `high`, both included.
    fn range(self, item: u64, aspect: u64, low: u64, high: u64) -> u64 {
        low + self.roll(item, aspect).below(high - low + 1)
    }

    fn pick<T: Copy>(self, item: u64, aspect: u64, of: &[T]) -> T {
        let at = self.roll(item, aspect).below(of.len() as u64);
        of[usize::try_from(at).expect("below a length")]
    }
}

/// The plan that belongs to a seed.
pub fn plan(seed: u64, knobs: &Knobs) -> Plan {
    let dice = |about| Dice { seed, about };
    let terminals = dice(About::Shape).range(0, 0, 1, u64::from(knobs.terminals));
    let terminals = u16::try_from(terminals).expect("small");
    let mut world = world::drawn(dice(About::World), terminals);
    let start = start(dice(About::Shape));
    world.acquirer.cut_off = world::cut_off(dice(About::World), start, knobs.chaos_ms);
    plan_in(seed, knobs, world)
}

/// The plan that belongs to a seed in a world that is given: its parties, choices, accounts and cards, with
/// generated operations and faults.
pub fn plan_in(seed: u64, knobs: &Knobs, world: World) -> Plan {
    let dice = |about| Dice { seed, about };
    let shape = dice(About::Shape);
    let terminals = u16::try_from(world.terminals.len()).expect("few terminals");
    let ops = workload::ops(dice(About::Op), knobs, &world);
    let house = workload::house(dice(About::Op), knobs, &world);
    let faults = faults::faults(seed, knobs, terminals);
    let least = knobs.least_latency_ms;
    let leg = |aspect| match shape.range(1, aspect, 0, 3) {
        0 => Latency::Fixed { ms: least },
        1 => Latency::Exponential { min_ms: least, half_ms: 50 },
        2 => Latency::HeavyTail { min_ms: least, scale_ms: 20, max_ms: 20_000 },
        _ => Latency::Uniform { min_ms: least, max_ms: least + 300 },
    };
    Plan {
        version: PLAN_VERSION,
        seed,
        start: start(shape),
        world,
        ops,
        house,
        operator: Operator {
            retries_after_doubt: u8::try_from(shape.range(2, 0, 0, 2)).expect("small"),
            retries_after_failure: u8::try_from(shape.range(2, 1, 0, 1)).expect("small"),
            retry_delay_ms: shape.range(2, 2, 1_000, 20_000),
        },
        links: Links {
            leg1: leg(0),
            leg2: leg(1),
            split_per_million: shape.pick(3, 0, &[0, 0, 100_000, 1_000_000]),
        },
        faults,
        chaos_ms: knobs.chaos_ms,
        drain_ms: knobs.drain_ms,
    }
}

/// Mostly an ordinary morning; sometimes just before midnight, or before the year ends.
fn start(shape: Dice) -> Wall {
    let date = |year, month, day| jiff::civil::date(year, month, day);
    Wall::from_civil(match shape.range(4, 0, 0, 5) {
        0 => date(2026, 3, 2).at(23, 58, 30, 0),
        1 => date(2026, 12, 31).at(23, 58, 30, 0),
        2 => date(2028, 2, 28).at(23, 59, 0, 0),
        _ => date(2026, 3, 2).at(9, 0, 0, 0),
    })
}
