//! Virtual time: one queue that jumps to whatever is due next. A wait of a minute costs one pop.
//!
//! Every hop takes at least a millisecond, so what a party does in one millisecond depends only on what
//! reached it before: parties can be stepped one after another, and events come out in history order.

use super::node::{Node, Site};
use crate::history::{Event, Secrets};
use crate::plan::{NodeId, Plan};
use std::sync::Arc;

/// Runs a plan and hands each event to `sink` in history order; keeps nothing.
pub fn run_with(plan: &Arc<Plan>, mut sink: impl FnMut(&Event)) {
    let mut nodes = nodes(plan);
    drive(&mut nodes, plan.end_ms(), &mut sink);
}

/// Runs a plan and keeps its history.
pub fn run(plan: &Arc<Plan>) -> Vec<Event> {
    let mut events = Vec::new();
    run_with(plan, |event| events.push(*event));
    events
}

/// Runs a plan and hands back every site that its parties passed, in order.
pub fn sites(plan: &Arc<Plan>) -> Vec<Site> {
    let mut nodes = nodes(plan);
    for node in &mut nodes {
        node.sites = Some(Vec::new());
    }
    drive(&mut nodes, plan.end_ms(), &mut |_| {});
    nodes.into_iter().flat_map(|node| node.sites.unwrap_or_default()).collect()
}

fn nodes(plan: &Arc<Plan>) -> Vec<Node> {
    let secrets = Secrets::of(plan);
    (0..plan.node_count()).map(|n| Node::new(plan, &secrets, NodeId(n))).collect()
}

fn drive(nodes: &mut [Node], end_ms: u64, sink: &mut impl FnMut(&Event)) {
    let mut due: Vec<u64> =
        nodes.iter().map(|node| node.next_due_ms().unwrap_or(u64::MAX)).collect();
    let mut parcels = Vec::new();
    while let Some((at, now_ms)) = earliest(&due).filter(|(_, now_ms)| *now_ms <= end_ms) {
        let node = &mut nodes[at];
        node.step(now_ms);
        for event in node.events.drain(..) {
            sink(&event);
        }
        parcels.append(&mut node.out);
        due[at] = node.next_due_ms().unwrap_or(u64::MAX);
        for parcel in parcels.drain(..) {
            assert!(parcel.due_ms > now_ms, "every hop takes at least a millisecond");
            let to = parcel.to.0 as usize;
            due[to] = due[to].min(parcel.due_ms);
            nodes[to].accept(parcel);
        }
    }
}

/// The party that is due first, the lowest number among equals.
fn earliest(due: &[u64]) -> Option<(usize, u64)> {
    let mut first = (0, u64::MAX);
    for (at, ms) in due.iter().enumerate() {
        if *ms < first.1 {
            first = (at, *ms);
        }
    }
    (first.1 != u64::MAX).then_some(first)
}
