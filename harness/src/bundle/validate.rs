//! Whether a plan can be run: every number that points at something points at something that is there, and
//! every quantity stays where sums cannot overflow. A plan that a seed or a story made always passes; one
//! that somebody edited may not.

use crate::plan::{
    Fault, FaultKind, LONGEST_SYNC_MS, Latency, MessageFilter, NodeId, PLAN_VERSION, Place, Plan,
    Start, Task, When,
};
use crate::scenario::effects_of;
use cardstorm_models::ids::{Batch, Stan};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{AdviceTries, Retention};
use cardstorm_models::party::issuer::BalanceRead;
use cardstorm_models::party::terminal::{ReversalAttempts, TerminalTimers};
use cardstorm_models::party::{HouseOp, Peer};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Why a plan cannot be run: what in it is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {what}")]
pub struct PlanError {
    /// Where in the plan, as `ops[3].task.card`.
    pub path: String,
    /// What is wrong.
    pub what: String,
}

type Checked = Result<(), PlanError>;

/// Most terminals, and most of anything else that is listed.
const MOST_TERMINALS: usize = 1_000;
const MOST: usize = 1_000_000;
/// The longest run, in milliseconds: 31 days.
const LONGEST_MS: u64 = 31 * 86_400_000;
/// The largest amount, in fen: what DE4 can carry.
const MOST_FEN: i64 = 999_999_999_999;
/// The most transactions that a batch may be set up to hold: what a count in DE48 can carry.
const MOST_IN_A_BATCH: u16 = 999;
/// The last start, in milliseconds since 2000: the year 2100.
const LAST_START_MS: i64 = 100 * 366 * 86_400_000;

/// Guards every index and quantity of a plan.
///
/// # Errors
/// The first thing that is wrong.
pub fn validate(plan: &Plan) -> Checked {
    let version = plan.version;
    check(version == PLAN_VERSION, "version", || {
        format!("{version} is not {PLAN_VERSION}, the one that can be run")
    })?;
    within("start", plan.start.0, 0..=LAST_START_MS)?;
    within("chaos_ms", plan.chaos_ms, 1..=LONGEST_MS)?;
    within("drain_ms", plan.drain_ms, 1..=LONGEST_MS)?;
    world(plan)?;
    ops(plan)?;
    house(plan)?;
    within("operator.retry_delay_ms", plan.operator.retry_delay_ms, 0..=LONGEST_MS)?;
    latency("links.leg1", plan.links.leg1)?;
    latency("links.leg2", plan.links.leg2)?;
    within("links.split_per_million", plan.links.split_per_million, 0..=1_000_000)?;
    for (n, one) in plan.faults.iter().enumerate() {
        fault(plan, &format!("faults[{n}]"), one)?;
    }
    Ok(())
}

fn check(right: bool, path: impl Into<String>, what: impl FnOnce() -> String) -> Checked {
    if right { Ok(()) } else { Err(PlanError { path: path.into(), what: what() }) }
}

fn within<T: PartialOrd + std::fmt::Display>(
    path: impl Into<String>,
    value: T,
    range: RangeInclusive<T>,
) -> Checked {
    check(range.contains(&value), path, || {
        format!("{value} is not between {} and {}", range.start(), range.end())
    })
}

fn known(path: impl Into<String>, what: &str, number: u64, count: usize) -> Checked {
    check(number < count as u64, path, || match count {
        0 => format!("there is no {what} {number}: the plan has none"),
        count => format!("there is no {what} {number}: they go from 0 to {}", count - 1),
    })
}

fn money(path: impl Into<String>, fen: Fen) -> Checked {
    within(path, fen.0, -MOST_FEN..=MOST_FEN)
}

fn ms(path: impl Into<String>, value: u64) -> Checked {
    within(path, value, 0..=LONGEST_MS)
}

fn world(plan: &Plan) -> Checked {
    let (world, acquirer, issuer) = (&plan.world, &plan.world.acquirer, &plan.world.issuer);
    within("world.terminals", world.terminals.len(), 1..=MOST_TERMINALS)?;
    within("world.acquirer.terminals", acquirer.terminals.len(), 0..=MOST_TERMINALS)?;
    within("world.issuer.cards", issuer.cards.len(), 1..=MOST)?;
    let mut ids = BTreeSet::new();
    for (n, terminal) in world.terminals.iter().enumerate() {
        let path = format!("world.terminals[{n}]");
        check(ids.insert(terminal.id), format!("{path}.id"), || "another one has it".into())?;
        terminal_timers(&format!("{path}.timers"), &terminal.timers)?;
        within(format!("{path}.opening.stan"), terminal.opening.stan, Stan(0)..=Stan::MAX)?;
        within(format!("{path}.opening.batch"), terminal.opening.batch, Batch(1)..=Batch::MAX)?;
        if let Some(most) = terminal.settle_after {
            within(format!("{path}.settle_after"), most, 1..=MOST_IN_A_BATCH)?;
        }
        if let ReversalAttempts::GiveUp { tries } = terminal.choices.reversal_attempts {
            within(format!("{path}.choices.reversal_attempts"), tries, 1..=u8::MAX)?;
        }
    }
    let mut ids = BTreeSet::new();
    for (n, entry) in acquirer.terminals.iter().enumerate() {
        let path = format!("world.acquirer.terminals[{n}]");
        check(ids.insert(entry.id), format!("{path}.id"), || "another one has it".into())?;
        let merchants = acquirer.merchants.len();
        known(format!("{path}.merchant"), "merchant", entry.merchant.into(), merchants)?;
    }
    for (n, merchant) in acquirer.merchants.iter().enumerate() {
        let path = format!("world.acquirer.merchants[{n}].opening_unsettled");
        money(path, merchant.opening_unsettled)?;
        if let Some(contract) = &merchant.contract {
            let path = format!("world.acquirer.merchants[{n}].contract");
            let fault = contract.fees.faults().first().copied();
            let said = || fault.map(|fault| fault.to_string()).unwrap_or_default();
            check(fault.is_none(), format!("{path}.fees"), said)?;
            let why = || "a ratio is 0 to 1, a count is 1 or more".into();
            check(contract.refunds.is_sane(), format!("{path}.refunds"), why)?;
        }
    }
    let syncs = &world.sync_times;
    within("world.sync_times.terminals_ms", syncs.terminals_ms.len(), 0..=world.terminals.len())?;
    for n in 0..plan.node_count() {
        let ms = syncs.at_ms(plan.place(NodeId(n)));
        within("world.sync_times", ms, 0..=LONGEST_SYNC_MS)?;
    }
    acquirer_timers(plan)?;
    accounts(plan)?;
    known("world.probe_card", "card", world.probe_card.into(), issuer.cards.len())
}

fn terminal_timers(path: &str, timers: &TerminalTimers) -> Checked {
    let wait = |name: &str, value| within(format!("{path}.{name}"), value, 1..=LONGEST_MS);
    wait("response_timeout_ms", timers.response_timeout_ms)?;
    wait("dial_timeout_ms", timers.dial_timeout_ms)?;
    wait("retry_interval_ms", timers.retry_interval_ms)?;
    within(format!("{path}.tries_per_session"), timers.tries_per_session, 1..=u8::MAX)
}

fn acquirer_timers(plan: &Plan) -> Checked {
    let acquirer = &plan.world.acquirer;
    let wait =
        |name: &str, value| within(format!("world.acquirer.timers.{name}"), value, 1..=LONGEST_MS);
    wait("issuer_timeout_ms", acquirer.timers.issuer_timeout_ms)?;
    wait("advice_interval_ms", acquirer.timers.advice_interval_ms)?;
    wait("dial_timeout_ms", acquirer.timers.dial_timeout_ms)?;
    wait("redial_ms", acquirer.timers.redial_ms)?;
    if let Retention::For { ms: kept } | Retention::ByWallClock { ms: kept } =
        acquirer.choices.retention
    {
        ms("world.acquirer.choices.retention", kept)?;
    }
    if let AdviceTries::GiveUp { tries } = acquirer.choices.advice_tries {
        within("world.acquirer.choices.advice_tries", tries, 1..=u32::MAX)?;
    }
    Ok(())
}

fn accounts(plan: &Plan) -> Checked {
    let issuer = &plan.world.issuer;
    for (n, account) in issuer.accounts.iter().enumerate() {
        money(format!("world.issuer.accounts[{n}].opening"), account.opening)?;
        money(format!("world.issuer.accounts[{n}].credit_limit"), account.credit_limit)?;
    }
    for (n, card) in issuer.cards.iter().enumerate() {
        let path = format!("world.issuer.cards[{n}]");
        let accounts = issuer.accounts.len();
        known(format!("{path}.account"), "account", card.account.into(), accounts)?;
        within(format!("{path}.expiry.month"), card.expiry.month, 1..=12)?;
        within(format!("{path}.expiry.year"), card.expiry.year, 0..=99)?;
    }
    if let BalanceRead::Replica { lag_ms } = issuer.choices.balance_read {
        ms("world.issuer.choices.balance_read", lag_ms)?;
    }
    money("world.issuer.sale_limit", issuer.sale_limit.unwrap_or_default())
}

fn ops(plan: &Plan) -> Checked {
    within("ops", plan.ops.len(), 0..=MOST)?;
    let (terminals, cards) = (plan.world.terminals.len(), plan.world.issuer.cards.len());
    for (n, op) in plan.ops.iter().enumerate() {
        let path = format!("ops[{n}]");
        known(format!("{path}.terminal"), "terminal", op.terminal.into(), terminals)?;
        match op.start {
            Start::At { ms: at } => ms(format!("{path}.start.at"), at)?,
            Start::After { op: other, delay_ms, .. } => {
                known(format!("{path}.start.after"), "operation", other.into(), plan.ops.len())?;
                ms(format!("{path}.start.after.delay_ms"), delay_ms)?;
            }
        }
        let timed = op.task.desk().is_none() || matches!(op.start, Start::At { .. });
        let why = || "what is asked at a desk begins at a time".into();
        check(timed, format!("{path}.start"), why)?;
        let numbered = op.task.desk().is_none() || n < Stan::MAX.0 as usize;
        let why = || "the numbers of portal refunds end before it".into();
        check(numbered, format!("{path}.task"), why)?;
        if let Some(of) = op.task.of() {
            known(format!("{path}.task.of"), "operation", of.into(), plan.ops.len())?;
        }
        if let Task::Rest { of, intent, .. } = op.task {
            let first = &plan.ops[of as usize];
            let paid = first.task.is_sale() && first.task.intent() == Some(intent);
            check(paid && first.terminal == op.terminal, format!("{path}.task.of"), || {
                format!("operation {of} pays no part of purchase {intent} at this terminal")
            })?;
        }
        if let Some(amount) = op.task.amount() {
            money(format!("{path}.task.amount"), amount)?;
        }
        if let Some(card) = op.task.card() {
            known(format!("{path}.task.card"), "card", card.into(), cards)?;
        }
    }
    Ok(())
}

fn house(plan: &Plan) -> Checked {
    within("house", plan.house.len(), 0..=MOST)?;
    for (n, planned) in plan.house.iter().enumerate() {
        let path = format!("house[{n}]");
        ms(format!("{path}.at_ms"), planned.at_ms)?;
        let account = |number: u32| {
            let accounts = plan.world.issuer.accounts.len();
            known(format!("{path}.op.account"), "account", number.into(), accounts)
        };
        let amount = |fen: Fen| money(format!("{path}.op.amount"), fen);
        match planned.op {
            HouseOp::TopUp { account: of, amount: fen }
            | HouseOp::RiskHold { account: of, amount: fen }
            | HouseOp::CreditLimit { account: of, limit: fen } => {
                account(of)?;
                amount(fen)?;
            }
            HouseOp::AccountState { account: of, .. } => account(of)?,
            HouseOp::CardState { card, .. } => {
                let cards = plan.world.issuer.cards.len();
                known(format!("{path}.op.card"), "card", card.into(), cards)?;
            }
            HouseOp::Sweep { merchant } => {
                let merchants = plan.world.acquirer.merchants.len();
                known(format!("{path}.op.merchant"), "merchant", merchant.into(), merchants)?;
            }
            HouseOp::LoseBatchItem { terminal, .. } => {
                let terminals = plan.world.acquirer.terminals.len();
                known(format!("{path}.op.terminal"), "terminal", terminal.into(), terminals)?;
            }
            HouseOp::Maintenance { .. } => {}
        }
    }
    Ok(())
}

fn latency(path: &str, latency: Latency) -> Checked {
    let least = |value| within(format!("{path}, the least"), value, 1..=LONGEST_MS);
    match latency {
        Latency::Fixed { ms } => least(ms),
        Latency::Uniform { min_ms, max_ms } => {
            least(min_ms)?;
            within(format!("{path}.max_ms"), max_ms, min_ms..=LONGEST_MS)
        }
        Latency::Exponential { min_ms, half_ms } => {
            least(min_ms)?;
            ms(format!("{path}.half_ms"), half_ms)
        }
        Latency::HeavyTail { min_ms, scale_ms, max_ms } => {
            least(min_ms)?;
            within(format!("{path}.scale_ms"), scale_ms, 1..=LONGEST_MS)?;
            within(format!("{path}.max_ms"), max_ms, min_ms..=LONGEST_MS)
        }
    }
}

fn place(plan: &Plan, path: &str, place: Place) -> Checked {
    match place {
        Place::Terminal(n) => known(path, "terminal", n.into(), plan.world.terminals.len()),
        Place::Acquirer | Place::Issuer => Ok(()),
    }
}

fn fault(plan: &Plan, path: &str, fault: &Fault) -> Checked {
    place(plan, &format!("{path}.at"), fault.at)?;
    let peer = |peer: Place| place(plan, &format!("{path}.what.peer"), peer);
    let lasts = |value: u64| ms(format!("{path}.what"), value);
    match fault.what {
        FaultKind::Latency { peer: of, latency: hop, for_ms } => {
            peer(of)?;
            latency(&format!("{path}.what.latency"), hop)?;
            lasts(for_ms)?;
        }
        FaultKind::Partition { peer: of, for_ms, .. } => {
            peer(of)?;
            lasts(for_ms)?;
        }
        FaultKind::Flap { peer: of, down_ms, up_ms, for_ms } => {
            peer(of)?;
            within(format!("{path}.what.down_ms"), down_ms, 1..=LONGEST_MS)?;
            within(format!("{path}.what.up_ms"), up_ms, 1..=LONGEST_MS)?;
            lasts(for_ms)?;
        }
        FaultKind::Reset { peer: of } | FaultKind::HalfOpen { peer: of } => peer(of)?,
        FaultKind::WrongZone { hours } => {
            within(format!("{path}.what.hours"), hours, -14..=14)?;
        }
        FaultKind::Pause { for_ms } | FaultKind::DiskFull { for_ms } => lasts(for_ms)?,
        FaultKind::BlackHole { for_ms } | FaultKind::ClockDrift { for_ms, .. } => lasts(for_ms)?,
        FaultKind::PaperOut { for_ms } | FaultKind::PrinterJam { for_ms, .. } => {
            let terminal = matches!(fault.at, Place::Terminal(_));
            check(terminal, format!("{path}.at"), || "only a terminal has a printer".into())?;
            lasts(for_ms)?;
        }
        FaultKind::Delay { ms } => lasts(ms)?,
        FaultKind::Duplicate { after_ms } => lasts(after_ms)?,
        FaultKind::Crash { restart_after_ms, .. } => lasts(restart_after_ms)?,
        FaultKind::ClockStep { ms } | FaultKind::ClockSkew { ms } => {
            within(format!("{path}.what.ms"), ms, -LAST_START_MS..=LAST_START_MS)?;
        }
        FaultKind::Restore { age_ms, restart_after_ms, .. } => {
            let terminal = matches!(fault.at, Place::Terminal(_));
            let why = || "only a terminal comes back with an older journal".into();
            check(terminal, format!("{path}.at"), why)?;
            lasts(age_ms)?;
            lasts(restart_after_ms)?;
        }
        FaultKind::Drop
        | FaultKind::SyncError
        | FaultKind::Corrupt { .. }
        | FaultKind::Truncate
        | FaultKind::StripMac => {}
    }
    when(plan, &format!("{path}.when"), fault)
}

fn when(plan: &Plan, path: &str, fault: &Fault) -> Checked {
    match &fault.when {
        When::At { ms: at } => ms(format!("{path}.at"), *at),
        When::Sends { filter, nth } | When::Receives { filter, nth } => {
            within(format!("{path}.nth"), *nth, 1..=u32::MAX)?;
            self::filter(plan, &format!("{path}.filter"), filter)
        }
        When::Before { effect, terminal, op, nth, .. } => {
            within(format!("{path}.nth"), *nth, 1..=u32::MAX)?;
            let party = match fault.at {
                Place::Terminal(_) => Peer::Terminal,
                Place::Acquirer => Peer::Acquirer,
                Place::Issuer => Peer::Issuer,
            };
            check(effects_of(party).contains(&effect.as_str()), format!("{path}.effect"), || {
                format!("the party there has no step {effect:?}; `cardstorm explain` lists them")
            })?;
            numbers(plan, path, *terminal, *op)
        }
    }
}

fn filter(plan: &Plan, path: &str, filter: &MessageFilter) -> Checked {
    if let Some(peer) = filter.peer {
        place(plan, &format!("{path}.peer"), peer)?;
    }
    numbers(plan, path, filter.terminal, filter.op)
}

/// Operations that a fault may wait for are the planned ones and each terminal's probe.
fn numbers(plan: &Plan, path: &str, terminal: Option<u16>, op: Option<u32>) -> Checked {
    let terminals = plan.world.terminals.len();
    if let Some(terminal) = terminal {
        known(format!("{path}.terminal"), "terminal", terminal.into(), terminals)?;
    }
    match op {
        Some(op) => known(format!("{path}.op"), "operation", op.into(), plan.ops.len() + terminals),
        None => Ok(()),
    }
}
