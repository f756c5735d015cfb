//! How long a run lasts where the story does not say: until every operation, house operation and fault
//! is surely over, and then as long as unfinished work may need.

use super::tables::RUN;
use super::value::{self, Wrong};
use super::walk::{Sink, Table};
use crate::plan::{Fault, FaultKind, Op, Operator, PlannedHouseOp, Start, When, World};
use cardstorm_models::time::Wall;

/// When a run begins where the story does not say: 2026-03-02T09:00:00, a Monday.
pub(super) fn usual_start() -> Wall {
    Wall::from_civil(jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0))
}

/// What `[run]` says.
pub(super) struct Run {
    pub start: Wall,
    pub seed: u64,
    pub chaos_ms: Option<u64>,
    pub drain_ms: Option<u64>,
}

/// The shortest drain.
pub(super) const LEAST_DRAIN_MS: u64 = 300_000;
/// Time for dials, hops and the reversal that follows a doubt.
const SLACK_MS: u64 = 30_000;
const ROUND_MS: u64 = 10_000;

/// Reads `[run]`.
pub(super) fn run(sink: &mut Sink, root: &Table<'_, '_>) -> Run {
    let mut run = Run { start: usual_start(), seed: 1, chaos_ms: None, drain_ms: None };
    let Some(table) = root.table(sink, "run", &RUN) else { return run };
    if let Some(start) = table.parsed(sink, "start", value::date_time) {
        run.start = start.value;
    }
    if let Some(seed) = table.count(sink, "seed", 0, i64::MAX) {
        run.seed = u64::try_from(seed.value).expect("checked");
    }
    run.chaos_ms = table.parsed(sink, "chaos", value::duration).map(|spot| spot.value);
    let long_enough = |text: &str| match value::duration(text)? {
        ms if ms < LEAST_DRAIN_MS => {
            Err(Wrong::hinted("too short to become quiet in", "use 300s or more"))
        }
        ms => Ok(ms),
    };
    run.drain_ms = table.parsed(sink, "drain", long_enough).map(|spot| spot.value);
    run
}

/// When faults may stop: everything has begun, struck and ended by then.
pub(super) fn chaos_ms(
    world: &World,
    ops: &[Op],
    house: &[PlannedHouseOp],
    faults: &[Fault],
    operator: &Operator,
) -> u64 {
    let ops_end = (0..ops.len()).map(|n| op_end_ms(world, ops, operator, n)).max().unwrap_or(0);
    let house_end = house.iter().map(|op| op.at_ms + 1000).max().unwrap_or(0);
    let faults_end = faults.iter().map(|fault| {
        let begins = match fault.when {
            When::At { ms } => ms,
            When::Sends { .. } | When::Receives { .. } | When::Before { .. } => ops_end,
        };
        begins + lasts_ms(&fault.what) + SLACK_MS
    });
    let end = faults_end.chain([ops_end, house_end]).max().unwrap_or(0);
    end.div_ceil(ROUND_MS).max(1) * ROUND_MS
}

/// When an operation has ended at the latest, if nothing but its own timers holds it up.
fn op_end_ms(world: &World, ops: &[Op], operator: &Operator, number: usize) -> u64 {
    let mut at = number;
    let mut total = 0;
    // A chain has no more links than there are operations; circles were refused before.
    for _ in 0..ops.len() {
        let op = &ops[at];
        let wait = world
            .terminals
            .get(usize::from(op.terminal))
            .map_or(0, |t| t.timers.response_timeout_ms);
        let retries = operator.most_retries();
        total += (wait + SLACK_MS) + retries * (wait + SLACK_MS + operator.retry_delay_ms);
        match op.start {
            Start::At { ms } => return total + ms,
            Start::After { op, delay_ms, .. } => {
                total += delay_ms;
                at = op as usize;
            }
        }
    }
    total
}

/// How long a fault goes on once it has struck.
fn lasts_ms(what: &FaultKind) -> u64 {
    match *what {
        FaultKind::Latency { for_ms, .. }
        | FaultKind::Partition { for_ms, .. }
        | FaultKind::BlackHole { for_ms }
        | FaultKind::Pause { for_ms }
        | FaultKind::Flap { for_ms, .. }
        | FaultKind::DiskFull { for_ms }
        | FaultKind::PaperOut { for_ms }
        | FaultKind::PrinterJam { for_ms, .. }
        | FaultKind::ClockDrift { for_ms, .. } => for_ms,
        FaultKind::Delay { ms } => ms,
        FaultKind::Duplicate { after_ms } => after_ms,
        FaultKind::Crash { restart_after_ms, .. } | FaultKind::Restore { restart_after_ms, .. } => {
            restart_after_ms
        }
        FaultKind::Reset { .. }
        | FaultKind::HalfOpen { .. }
        | FaultKind::WrongZone { .. }
        | FaultKind::Drop
        | FaultKind::ClockStep { .. }
        | FaultKind::ClockSkew { .. }
        | FaultKind::SyncError
        | FaultKind::Corrupt { .. }
        | FaultKind::Truncate
        | FaultKind::StripMac => 0,
    }
}

/// How long unfinished work may take to end: some tries of everything that repeats itself.
pub(super) fn drain_ms(world: &World) -> u64 {
    let terminals = world.terminals.iter().map(|terminal| &terminal.timers);
    let slowest = terminals
        .map(|timers| timers.response_timeout_ms.max(timers.retry_interval_ms))
        .max()
        .unwrap_or(0);
    let acquirer = &world.acquirer.timers;
    let slowest = slowest.max(acquirer.advice_interval_ms).max(acquirer.issuer_timeout_ms);
    (5 * slowest).max(LEAST_DRAIN_MS)
}
