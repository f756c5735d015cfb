//! Taking things out of a plan so that what is left still makes sense: numbers that point at what went are
//! moved, and what cannot stand without it goes too.

use crate::plan::{Fault, FaultKind, MessageFilter, Place, Plan, Start, When};
use cardstorm_models::party::HouseOp;

/// Where each kept item goes; none for those taken out.
fn renumber(count: usize, out: &[usize]) -> Vec<Option<u32>> {
    let mut next = 0;
    (0..count)
        .map(|n| {
            let kept = !out.contains(&n);
            kept.then(|| {
                next += 1;
                next - 1
            })
        })
        .collect()
}

/// The plan without some operations, and without those that stand on them. None if nothing would change.
pub fn without_ops(plan: &Plan, out: &[usize]) -> Option<Plan> {
    let mut gone: Vec<usize> = out.to_vec();
    loop {
        let stands_on = |n: u32| gone.contains(&(n as usize));
        let more: Vec<usize> = (0..plan.ops.len())
            .filter(|n| !gone.contains(n))
            .filter(|n| {
                let op = &plan.ops[*n];
                let after = matches!(op.start, Start::After { op, .. } if stands_on(op));
                after || op.task.of().is_some_and(stands_on)
            })
            .collect();
        if more.is_empty() {
            break;
        }
        gone.extend(more);
    }
    if gone.is_empty() || gone.len() == plan.ops.len() {
        return None;
    }
    let to = renumber(plan.ops.len(), &gone);
    let at = |n: u32| to[n as usize];
    let mut left = plan.clone();
    left.ops = Vec::new();
    for (n, op) in plan.ops.iter().enumerate() {
        if to[n].is_none() {
            continue;
        }
        let mut op = op.clone();
        if let Start::After { op: other, .. } = &mut op.start {
            *other = at(*other)?;
        }
        if let Some(of) = op.task.of_mut() {
            *of = at(*of)?;
        }
        left.ops.push(op);
    }
    left.faults.retain_mut(|fault| {
        let Some(op) = op_of(fault) else { return true };
        let moved = at(op);
        if let Some(moved) = moved {
            set_op(fault, moved);
        }
        moved.is_some()
    });
    Some(left)
}

/// The operation that a fault waits for, if it waits for one.
fn op_of(fault: &Fault) -> Option<u32> {
    match &fault.when {
        When::Sends { filter, .. } | When::Receives { filter, .. } => filter.op,
        When::Before { op, .. } => *op,
        When::At { .. } => None,
    }
}

fn set_op(fault: &mut Fault, to: u32) {
    match &mut fault.when {
        When::Sends { filter, .. } | When::Receives { filter, .. } => filter.op = Some(to),
        When::Before { op, .. } => *op = Some(to),
        When::At { .. } => {}
    }
}

/// The plan without some faults. None if nothing would change.
pub fn without_faults(plan: &Plan, out: &[usize]) -> Option<Plan> {
    let mut left = plan.clone();
    left.faults = kept(&plan.faults, out);
    (left.faults.len() < plan.faults.len()).then_some(left)
}

/// The plan without some house operations. None if nothing would change. Maintenance goes as a whole: one
/// that never ends is another story than one that does.
pub fn without_house(plan: &Plan, out: &[usize]) -> Option<Plan> {
    let maintains = |n: &usize| matches!(plan.house[*n].op, HouseOp::Maintenance { .. });
    let mut gone = out.to_vec();
    if out.iter().any(maintains) {
        gone.extend((0..plan.house.len()).filter(maintains));
    }
    let mut left = plan.clone();
    left.house = kept(&plan.house, &gone);
    (left.house.len() < plan.house.len()).then_some(left)
}

fn kept<T: Clone>(items: &[T], out: &[usize]) -> Vec<T> {
    let kept = items.iter().enumerate().filter(|(n, _)| !out.contains(n));
    kept.map(|(_, item)| item.clone()).collect()
}

/// The plan without some terminals, where no operation and no fault needs them. None otherwise.
pub fn without_terminals(plan: &Plan, out: &[usize]) -> Option<Plan> {
    let count = plan.world.terminals.len();
    let unused = |n: &usize| !plan.ops.iter().any(|op| op.terminal as usize == *n);
    let gone: Vec<usize> = out.iter().copied().filter(unused).collect();
    if gone.is_empty() || gone.len() == count {
        return None;
    }
    let to = renumber(count, &gone);
    let at = |n: u16| to[n as usize].and_then(|n| u16::try_from(n).ok());
    let place = |place: Place| match place {
        Place::Terminal(n) => at(n).map(Place::Terminal),
        other => Some(other),
    };
    let mut left = plan.clone();
    left.world.terminals = kept(&plan.world.terminals, &gone);
    left.world.acquirer.terminals = kept(&plan.world.acquirer.terminals, &gone);
    left.house.retain_mut(|house| match &mut house.op {
        HouseOp::LoseBatchItem { terminal, .. } => {
            let moved = to.get(*terminal as usize).copied().flatten();
            *terminal = moved.unwrap_or_default();
            moved.is_some()
        }
        _ => true,
    });
    for op in &mut left.ops {
        op.terminal = at(op.terminal)?;
    }
    let faults = plan.faults.iter().map(|fault| {
        let mut fault = fault.clone();
        fault.at = place(fault.at)?;
        match &mut fault.what {
            FaultKind::Latency { peer, .. }
            | FaultKind::Partition { peer, .. }
            | FaultKind::Flap { peer, .. }
            | FaultKind::HalfOpen { peer }
            | FaultKind::Reset { peer } => *peer = place(*peer)?,
            _ => {}
        }
        match &mut fault.when {
            When::Sends { filter, .. } | When::Receives { filter, .. } => {
                move_filter(filter, place, at)?;
            }
            When::Before { terminal: Some(terminal), .. } => *terminal = at(*terminal)?,
            When::Before { .. } | When::At { .. } => {}
        }
        Some(fault)
    });
    // A fault that needs a terminal that nobody uses needs that terminal no longer either.
    left.faults = faults.flatten().collect();
    Some(left)
}

fn move_filter(
    filter: &mut MessageFilter,
    place: impl Fn(Place) -> Option<Place>,
    at: impl Fn(u16) -> Option<u16>,
) -> Option<()> {
    if let Some(peer) = &mut filter.peer {
        *peer = place(*peer)?;
    }
    if let Some(terminal) = &mut filter.terminal {
        *terminal = at(*terminal)?;
    }
    Some(())
}
