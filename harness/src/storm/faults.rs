//! Faults inside what sound parties promise to survive: every kind of [`FaultKind`], each switched on or
//! off for the seed, each placed at a time, on a message, or before a step.

use super::{About, Dice, Knobs};
use crate::plan::{Death, Direction, Fault, FaultKind, Latency, MessageFilter, Place, When};
use cardstorm_models::wire::Mti;

/// Steps worth dying before; every party passes some of them in every sale.
const STEPS: [(&str, u8); 26] = [
    ("append sale pending", 0),
    ("send 0200", 0),
    ("append approved", 0),
    ("show screen", 0),
    ("print slip", 0),
    ("append announced", 0),
    ("append declined", 0),
    ("send 0400", 0),
    ("append undone", 0),
    ("append refund pending", 0),
    ("send 0220", 0),
    ("append refund accepted", 0),
    ("sync", 0),
    ("append forwarded", 1),
    ("send 0200", 1),
    ("append captured", 1),
    ("send 0210", 1),
    ("append undoing", 1),
    ("send 0410", 1),
    ("send 0420", 1),
    ("append day opened", 1),
    ("append paid out", 1),
    ("sync", 1),
    ("append decision", 2),
    ("sync", 2),
    ("send 0210", 2),
];

/// The faults of a plan.
pub(super) fn faults(seed: u64, knobs: &Knobs, terminals: u16) -> Vec<Fault> {
    let dice = Dice { seed, about: About::Fault };
    let mask = Dice { seed, about: About::Mask };
    let on: Vec<u64> = (0..KINDS).filter(|kind| mask.range(*kind, 0, 0, 1) == 1).collect();
    if on.is_empty() {
        return Vec::new();
    }
    let count = dice.range(0, 0, 0, u64::from(knobs.faults));
    (1..=count).map(|n| fault(dice, n, dice.pick(n, 1, &on), knobs, terminals)).collect()
}

const KINDS: u64 = 12;

fn fault(dice: Dice, n: u64, kind: u64, knobs: &Knobs, terminals: u16) -> Fault {
    let place = |aspect| match dice.range(n, aspect, 0, 3) {
        0 => Place::Acquirer,
        1 => Place::Issuer,
        _ => Place::Terminal(
            u16::try_from(dice.roll(n, aspect + 1).below(terminals.into())).expect("few terminals"),
        ),
    };
    let at = place(10);
    let peer = match at {
        Place::Terminal(_) | Place::Issuer => Place::Acquirer,
        Place::Acquirer if dice.range(n, 12, 0, 1) == 0 => Place::Issuer,
        Place::Acquirer => Place::Terminal(0),
    };
    let for_ms = dice.range(n, 13, 1_000, 90_000);
    let least = knobs.least_latency_ms;
    let death = dice.pick(n, 14, &[Death::Kill, Death::PowerLoss]);
    let signed = |low: i64, high: i64| {
        let span = u64::try_from(high - low).expect("a range");
        low + i64::try_from(dice.range(n, 15, 0, span)).expect("small")
    };
    let what = match kind {
        0 => FaultKind::Latency { peer, latency: slow(dice, n, least), for_ms },
        1 => {
            let ways = [Direction::Both, Direction::Out, Direction::In];
            FaultKind::Partition { peer, direction: dice.pick(n, 16, &ways), for_ms }
        }
        2 => FaultKind::BlackHole { for_ms },
        3 => FaultKind::Reset { peer },
        4 => FaultKind::Drop,
        5 => FaultKind::Delay { ms: dice.range(n, 17, 100, 120_000) },
        6 => FaultKind::Duplicate { after_ms: dice.range(n, 18, 1, 120_000) },
        7 => FaultKind::Crash { death, restart_after_ms: dice.range(n, 19, 500, 60_000) },
        8 => FaultKind::ClockStep { ms: signed(-86_400_000, 86_400_000) },
        9 => FaultKind::ClockDrift {
            ppm: i32::try_from(signed(-200_000, 200_000)).expect("small"),
            for_ms,
        },
        10 => FaultKind::ClockSkew { ms: signed(-90_000_000, 90_000_000) },
        _ => FaultKind::SyncError,
    };
    Fault { at, what, when: when(dice, n, at, what, knobs) }
}

fn slow(dice: Dice, n: u64, least: u64) -> Latency {
    match dice.range(n, 20, 0, 2) {
        0 => Latency::Fixed { ms: dice.range(n, 21, least, 30_000) },
        1 => Latency::Exponential { min_ms: least, half_ms: dice.range(n, 21, 100, 10_000) },
        _ => Latency::HeavyTail { min_ms: least, scale_ms: 200, max_ms: 100_000 },
    }
}

fn when(dice: Dice, n: u64, at: Place, what: FaultKind, knobs: &Knobs) -> When {
    let party = match at {
        Place::Terminal(_) => 0,
        Place::Acquirer => 1,
        Place::Issuer => 2,
    };
    if what == FaultKind::SyncError {
        let nth = u32::try_from(dice.range(n, 30, 1, 12)).expect("small");
        return When::Before { effect: "sync".into(), terminal: None, stan: None, op: None, nth };
    }
    let nth = |high| u32::try_from(dice.range(n, 31, 1, high)).expect("small");
    match dice.range(n, 32, 0, 2) {
        0 if !what.acts_on_message() => When::At { ms: dice.range(n, 33, 1, knobs.chaos_ms - 1) },
        1 if !what.acts_on_message() => {
            let here: Vec<&str> =
                STEPS.iter().filter(|(_, of)| *of == party).map(|(name, _)| *name).collect();
            let effect = dice.pick(n, 34, &here).to_owned();
            When::Before { effect, terminal: None, stan: None, op: None, nth: nth(4) }
        }
        _ => {
            let sends: &[Mti] = match party {
                0 => &[Mti::M0200, Mti::M0400, Mti::M0220, Mti::M0800],
                1 => &[Mti::M0210, Mti::M0410, Mti::M0230, Mti::M0200, Mti::M0420, Mti::M0220],
                _ => &[Mti::M0210, Mti::M0430, Mti::M0230],
            };
            let mti = (dice.range(n, 35, 0, 3) > 0).then(|| dice.pick(n, 36, sends));
            let filter = MessageFilter { mti, ..MessageFilter::default() };
            if dice.range(n, 37, 0, 2) > 0 {
                return When::Sends { filter, nth: nth(4) };
            }
            let reaches: &[Mti] = match party {
                0 => &[Mti::M0210, Mti::M0410, Mti::M0230, Mti::M0810],
                1 => &[Mti::M0200, Mti::M0210, Mti::M0400, Mti::M0220, Mti::M0230, Mti::M0430],
                _ => &[Mti::M0200, Mti::M0420, Mti::M0220],
            };
            let mti = (dice.range(n, 35, 0, 3) > 0).then(|| dice.pick(n, 38, reaches));
            let filter = MessageFilter { mti, ..MessageFilter::default() };
            When::Receives { filter, nth: nth(4) }
        }
    }
}
