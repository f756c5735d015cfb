//! Seed to plan. Draws are keyed by what they decide, not taken in sequence, so that knobs change only
//! what they name. Swarm: each seed switches a random subset of operation kinds, fault families and design
//! choices on, with drawn intensities, so that rare combinations get seeds of their own.
//!
//! Everything drawn here is inside what sound parties promise to survive, unless [`Knobs::beyond`] is set.

mod batches;
mod beyond;
mod faults;
mod inquiries;
mod leads;
mod measure;
mod portal;
mod workload;
pub mod world;

pub use measure::{dense, month, standard};

use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Latency, Links, Operator, PLAN_VERSION, Plan, Task, World};
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
    /// Whether each seed switches a subset of everything on; without it, everything is on.
    pub swarm: bool,
    /// Whether each plan also holds one thing that no design survives. What it breaks is then a loss that
    /// must be reported, not a finding.
    pub beyond: bool,
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
            swarm: true,
            beyond: false,
        }
    }
}

/// Long enough for everything that sound parties may still have to do once faults have ended: a reply
/// timer that has just begun, a reversal's session and its pause, an advice's interval, and the probe.
pub const DRAIN_MS: u64 = 360_000;

/// How much longer a plan with a settlement gets.
const SETTLING_MS: u64 = 120_000;

/// What the draws of a plan are about; part of every key.
#[derive(Clone, Copy)]
enum About {
    Shape = 1,
    World = 2,
    Op = 3,
    Fault = 4,
    Mask = 5,
    Beyond = 6,
    Batch = 7,
    Lead = 8,
    Desk = 9,
    Inquiry = 10,
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

    /// A number from 1 ms to `high`, its order of magnitude drawn first: short times are as likely as long
    /// ones.
    fn time_ms(self, item: u64, aspect: u64, high: u64) -> u64 {
        let magnitudes = u64::from(high.max(1).ilog2());
        let most = 2 << self.roll(item, aspect).below(magnitudes + 1);
        1 + self.roll(item, aspect).fork(1).below(high.min(most))
    }

    /// A number of an index's or a count's size.
    fn small<T: TryFrom<u64>>(self, item: u64, aspect: u64, low: u64, high: u64) -> T {
        let Ok(number) = T::try_from(self.range(item, aspect, low, high)) else {
            unreachable!("the range fits the type")
        };
        number
    }

    /// Whether something happens that does so once in so many times.
    fn one_in(self, item: u64, aspect: u64, times: u64) -> bool {
        self.roll(item, aspect).below(times) == 0
    }

    fn pick<T: Copy>(self, item: u64, aspect: u64, of: &[T]) -> T {
        let at = self.roll(item, aspect).below(of.len() as u64);
        of[usize::try_from(at).expect("below a length")]
    }
}

/// The swarm: what a seed has switched on.
#[derive(Clone, Copy)]
struct Mask {
    dice: Dice,
    swarm: bool,
}

impl Mask {
    /// Whether a thing is on: about half of them are.
    fn on(self, item: u64, aspect: u64) -> bool {
        !self.swarm || self.dice.range(item, aspect, 0, 1) == 1
    }

    /// Of what can be switched on, what is.
    fn subset<T: Copy>(self, item: u64, of: &[T]) -> Vec<T> {
        let on = (0u64..).zip(of).filter(|(at, _)| self.on(item, *at));
        on.map(|(_, one)| *one).collect()
    }
}

fn mask(seed: u64, knobs: &Knobs) -> Mask {
    Mask { dice: Dice { seed, about: About::Mask }, swarm: knobs.swarm }
}

/// The plan that belongs to a seed.
pub fn plan(seed: u64, knobs: &Knobs) -> Plan {
    let dice = |about| Dice { seed, about };
    let shape = dice(About::Shape);
    let terminals = shape.small(0, 0, 1, u64::from(knobs.terminals));
    let mut world = world::drawn(dice(About::World), terminals);
    world::choose(dice(About::World), mask(seed, knobs), &mut world);
    world.acquirer.cut_off = world::cut_off(dice(About::World), start(shape), knobs.chaos_ms);
    batches::Batches { dice: dice(About::Batch), knobs }.settle_full(&mut world);
    leads::Leads { dice: dice(About::Lead), knobs }.arrange(start(shape), &mut world);
    plan_in(seed, knobs, world)
}

/// The plan that belongs to a seed in a world that is given: its parties, choices, accounts and cards, with
/// generated operations and faults.
pub fn plan_in(seed: u64, knobs: &Knobs, world: World) -> Plan {
    let dice = |about| Dice { seed, about };
    let shape = dice(About::Shape);
    let batches = batches::Batches { dice: dice(About::Batch), knobs };
    let work = workload::Work::new(dice(About::Op), mask(seed, knobs), knobs, &world);
    let (mut ops, mut house) = work.all();
    batches.settle(&world, &mut ops, &mut house);
    let asks = inquiries::Inquiries { dice: dice(About::Inquiry), mask: mask(seed, knobs), knobs };
    asks.ask(&world, &mut ops, &mut house);
    let mut faults = faults::faults(dice(About::Fault), mask(seed, knobs), knobs, &world, &ops);
    batches.faults(&world, &mut faults);
    // Drawn last, so that no fault is drawn differently for it.
    let portal = portal::Portal { dice: dice(About::Desk), mask: mask(seed, knobs), knobs };
    portal.refunds(&mut ops);
    portal.disputes(&mut ops);
    portal.faults(&ops, &mut faults);
    if let Some(story) = (leads::Leads { dice: dice(About::Lead), knobs }).story(&world) {
        (ops, house, faults) = story;
    }
    let settles = ops.iter().any(|op| op.task == Task::Settle)
        || world.terminals.iter().any(|terminal| terminal.settle_after.is_some());
    let least = knobs.least_latency_ms;
    let leg = |aspect| match shape.range(1, aspect, 0, 3) {
        0 => Latency::Fixed { ms: least },
        1 => Latency::Exponential { min_ms: least, half_ms: 50 },
        2 => Latency::HeavyTail { min_ms: least, scale_ms: 20, max_ms: 20_000 },
        _ => Latency::Uniform { min_ms: least, max_ms: least + 300 },
    };
    let mut plan = Plan {
        version: PLAN_VERSION,
        seed,
        start: start(shape),
        world,
        ops,
        house,
        operator: Operator {
            retries_after_doubt: shape.small(2, 0, 0, 2),
            retries_after_failure: shape.small(2, 1, 0, 1),
            retries_after_no_slip: shape.small(2, 3, 0, 1),
            retry_delay_ms: shape.range(2, 2, 1_000, 20_000),
        },
        links: Links {
            leg1: leg(0),
            leg2: leg(1),
            split_per_million: shape.pick(3, 0, &[0, 0, 100_000, 1_000_000]),
        },
        faults,
        chaos_ms: knobs.chaos_ms,
        // A settlement is several exchanges, one after the other.
        drain_ms: knobs.drain_ms + if settles { SETTLING_MS } else { 0 },
    };
    if knobs.beyond {
        beyond::step_outside(dice(About::Beyond), &mut plan);
    }
    plan
}

/// Mostly an ordinary morning; sometimes just before midnight, before a month's or the year's end, or before
/// the day that not every year has.
fn start(shape: Dice) -> Wall {
    let date = |year, month, day| jiff::civil::date(year, month, day);
    Wall::from_civil(match shape.range(4, 0, 0, 7) {
        0 => date(2026, 3, 2).at(23, 58, 30, 0),
        1 => date(2026, 12, 31).at(23, 58, 30, 0),
        2 => date(2028, 2, 28).at(23, 59, 0, 0),
        3 => date(2026, 3, 31).at(23, 57, 0, 0),
        _ => date(2026, 3, 2).at(9, 0, 0, 0),
    })
}
