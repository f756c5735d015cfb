//! Plainer values in a plan, as edits that can be tried one by one.

use crate::plan::{FaultKind, Latency, Place, Plan, Start, Task, When};
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::time::Wall;

/// One thing made plainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edit {
    /// Cashiers who never try again.
    Operator,
    /// The first seed, for what is left to chance.
    Seed,
    /// An ordinary morning.
    Morning,
    /// New devices, whose counters begin at the beginning.
    Counters,
    /// Everything at the first till, the others gone.
    OneTill,
    /// The timers that parties have by themselves.
    Timers,
    /// Disks that take no time.
    Disks,
    /// No limits and no rules of the bank's own.
    Limits,
    /// No approvals of a part.
    Parts,
    /// No till that settles by itself.
    SettledByHand,
    /// The usual cut-off.
    CutOff,
    /// No contracts: no fees, no payouts.
    Contracts,
    /// The design choices that a kind of party has by itself: terminals, acquirer, issuer.
    Choices(u8),
    /// A short wait behind the operation that this one follows.
    Soon(usize),
    /// Lines that always take the same time and never split a frame.
    Links,
    /// A round amount for an operation.
    Amount(usize),
    /// A plain time for an operation.
    Time(usize),
    /// Half of a fault, and so many times more if that does as well.
    Halve(usize, u8),
    /// An end of the chaos so long after what is planned last; a later one if that is too soon.
    Shorten(usize),
}

/// How long a run may go on behind its last planned thing.
const AFTER_MS: [u64; 3] = [60_000, 150_000, 300_000];

/// Every edit of a plan, the first to be tried last.
pub(super) fn edits(plan: &Plan) -> Vec<Edit> {
    let ops = (0..plan.ops.len()).flat_map(|n| [Edit::Amount(n), Edit::Time(n), Edit::Soon(n)]);
    let faults = (0..plan.faults.len()).map(|n| Edit::Halve(n, 7));
    let first = [
        Edit::OneTill,
        Edit::Operator,
        Edit::Seed,
        Edit::Morning,
        Edit::Counters,
        Edit::Timers,
        Edit::Disks,
        Edit::Limits,
        Edit::Parts,
        Edit::SettledByHand,
        Edit::CutOff,
        Edit::Contracts,
        Edit::Choices(0),
        Edit::Choices(1),
        Edit::Choices(2),
        Edit::Links,
    ];
    let all = first.into_iter().chain(ops).chain(faults).chain([Edit::Shorten(0)]);
    let mut all: Vec<Edit> = all.collect();
    all.reverse();
    all
}

impl Edit {
    /// The plan with this edit made; none where there is nothing to edit.
    pub fn of(self, plan: &Plan) -> Option<Plan> {
        let mut plan = plan.clone();
        match self {
            Edit::Operator => plan.operator = Default::default(),
            Edit::Seed => plan.seed = 1,
            Edit::Morning => {
                plan.start = Wall::from_civil(jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0));
            }
            Edit::Counters => {
                for terminal in &mut plan.world.terminals {
                    terminal.opening = Default::default();
                }
            }
            Edit::OneTill => plan = one_till(&plan)?,
            Edit::Timers => {
                plan.world.acquirer.timers = Default::default();
                for terminal in &mut plan.world.terminals {
                    terminal.timers = Default::default();
                }
            }
            Edit::Disks => plan.world.sync_times = Default::default(),
            Edit::Limits => {
                plan.world.issuer.sale_limit = None;
                plan.world.issuer.daily_sale_count = None;
                plan.world.issuer.completion_voided = Default::default();
            }
            Edit::Parts => {
                plan.world.issuer.partial_approval = false;
                for terminal in &mut plan.world.terminals {
                    terminal.partial_approval = false;
                }
            }
            Edit::SettledByHand => {
                for terminal in &mut plan.world.terminals {
                    terminal.settle_after = None;
                }
            }
            Edit::CutOff => plan.world.acquirer.cut_off = Default::default(),
            Edit::Contracts => {
                for merchant in &mut plan.world.acquirer.merchants {
                    merchant.contract = None;
                }
            }
            Edit::Choices(0) => {
                for terminal in &mut plan.world.terminals {
                    terminal.choices = Default::default();
                }
            }
            Edit::Choices(1) => plan.world.acquirer.choices = Default::default(),
            Edit::Choices(_) => plan.world.issuer.choices = Default::default(),
            Edit::Soon(n) => match &mut plan.ops[n].start {
                Start::After { delay_ms, .. } => *delay_ms = 1_000,
                Start::At { .. } => return None,
            },
            Edit::Links => {
                let plain = Latency::Fixed { ms: 100 };
                (plan.links.leg1, plan.links.leg2) = (plain, plain);
                plan.links.split_per_million = 0;
            }
            Edit::Amount(n) => match &mut plan.ops[n].task {
                Task::Sale { amount, .. }
                | Task::PreAuth { amount, .. }
                | Task::Completion { amount, .. } => *amount = Fen(100_00),
                Task::Void { amount, .. } => *amount = None,
                Task::Refund { of, .. } => {
                    let of = *of as usize;
                    let Task::Sale { amount: whole, .. } = plan.ops[of].task else { return None };
                    let Task::Refund { amount, .. } = &mut plan.ops[n].task else { return None };
                    *amount = whole;
                }
                Task::PortalRefund { of, .. } => {
                    let of = *of as usize;
                    let Task::Sale { amount: whole, .. } = plan.ops[of].task else { return None };
                    let Task::PortalRefund { amount, .. } = &mut plan.ops[n].task else {
                        return None;
                    };
                    *amount = whole;
                }
                // Its amount names the debit.
                Task::Rest { .. }
                | Task::Dispute { .. }
                | Task::Balance { .. }
                | Task::Settle
                | Task::Echo
                | Task::SignOff => {}
            },
            Edit::Time(n) => plan.ops[n].start = Start::At { ms: 10_000 + 20_000 * n as u64 },
            Edit::Halve(n, _) => halve(&mut plan.faults[n].what),
            Edit::Shorten(n) => {
                let chaos_ms = last_planned_ms(&plan) + AFTER_MS[n];
                if chaos_ms >= plan.chaos_ms {
                    return None;
                }
                plan.chaos_ms = chaos_ms;
            }
        }
        Some(plan)
    }

    /// What is tried after this edit was taken over or not, before the next one.
    pub fn again(self, taken: bool) -> Option<Edit> {
        match self {
            Edit::Halve(n, more) if taken => more.checked_sub(1).map(|more| Edit::Halve(n, more)),
            Edit::Shorten(n) if !taken => (n + 1 < AFTER_MS.len()).then_some(Edit::Shorten(n + 1)),
            _ => None,
        }
    }
}

/// The plan with every till's work and faults at the first one.
fn one_till(plan: &Plan) -> Option<Plan> {
    if plan.world.terminals.len() < 2 {
        return None;
    }
    let mut plan = plan.clone();
    plan.ops.iter_mut().for_each(|op| op.terminal = 0);
    let first = |place: &mut Place| {
        if let Place::Terminal(till) = place {
            *till = 0;
        }
    };
    for fault in &mut plan.faults {
        first(&mut fault.at);
        match &mut fault.what {
            FaultKind::Latency { peer, .. }
            | FaultKind::Partition { peer, .. }
            | FaultKind::Reset { peer } => first(peer),
            _ => {}
        }
        match &mut fault.when {
            When::Sends { filter, .. } | When::Receives { filter, .. } => {
                if let Some(peer) = &mut filter.peer {
                    first(peer);
                }
                filter.terminal = filter.terminal.map(|_| 0);
            }
            When::Before { terminal, .. } => *terminal = terminal.map(|_| 0),
            When::At { .. } => {}
        }
    }
    for house in &mut plan.house {
        if let HouseOp::LoseBatchItem { terminal, .. } = &mut house.op {
            *terminal = 0;
        }
    }
    let others: Vec<usize> = (1..plan.world.terminals.len()).collect();
    super::without_terminals(&plan, &others)
}

/// The latest time that a plan names.
fn last_planned_ms(plan: &Plan) -> u64 {
    let ops = plan.ops.iter().map(|op| match op.start {
        Start::At { ms } => ms,
        Start::After { delay_ms, .. } => delay_ms,
    });
    let faults = plan.faults.iter().filter_map(|fault| match fault.when {
        When::At { ms } => Some(ms),
        _ => None,
    });
    let house = plan.house.iter().map(|house| house.at_ms);
    ops.chain(faults).chain(house).max().unwrap_or(0)
}

/// Half as long, half as wrong; never below a second or what still means something.
fn halve(what: &mut FaultKind) {
    let half = |ms: &mut u64| *ms = (*ms / 2).max(1_000);
    match what {
        FaultKind::Latency { for_ms, .. }
        | FaultKind::Partition { for_ms, .. }
        | FaultKind::BlackHole { for_ms }
        | FaultKind::Pause { for_ms }
        | FaultKind::Flap { for_ms, .. }
        | FaultKind::DiskFull { for_ms }
        | FaultKind::PaperOut { for_ms }
        | FaultKind::PrinterJam { for_ms, .. }
        | FaultKind::ClockDrift { for_ms, .. } => half(for_ms),
        FaultKind::Delay { ms } | FaultKind::Duplicate { after_ms: ms } => half(ms),
        FaultKind::Crash { restart_after_ms, .. } | FaultKind::Restore { restart_after_ms, .. } => {
            half(restart_after_ms)
        }
        FaultKind::ClockStep { ms } | FaultKind::ClockSkew { ms } => *ms /= 2,
        FaultKind::WrongZone { hours } if hours.abs() > 1 => *hours /= 2,
        FaultKind::Reset { .. }
        | FaultKind::HalfOpen { .. }
        | FaultKind::WrongZone { .. }
        | FaultKind::Drop
        | FaultKind::SyncError
        | FaultKind::Corrupt { .. }
        | FaultKind::Truncate
        | FaultKind::StripMac => {}
    }
}
