//! The other face of turmoil: its own latency, partition, loss of connections and crash rule, and TCP
//! breaks as turmoil breaks it. Connections of parties are turmoil's TCP streams, bytes come as turmoil
//! cuts them. Histories differ from the lockstep stages'; what is asserted here is the invariants.
//!
//! Faults placed at a time that turmoil has itself (partition, flapping, black hole, latency, crash) are
//! turmoil's; all others strike at the node, as on every stage.

mod host;

use super::node::Node;
use super::turmoil::{StageError, address};
use crate::history::{Event, Secrets};
use crate::plan::{Direction, Fault, FaultKind, Latency, Links, NodeId, Place, Plan, When};
use host::{Mail, live};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use turmoil::Sim;

/// Milliseconds of one of turmoil's ticks here.
const TICK_MS: u64 = 20;
/// Milliseconds in which every host begins to listen.
const WARM_UP_MS: u64 = 100;

/// Something that turmoil itself does at a time.
enum Act {
    Partition { here: NodeId, peer: Option<NodeId>, direction: Direction },
    Repair { here: NodeId, peer: Option<NodeId> },
    Slow { here: NodeId, peer: NodeId, ms: u64 },
    Crash { here: NodeId, death: crate::plan::Death, back_ms: u64 },
    Bounce { here: NodeId },
}

/// Runs a plan on turmoil's own network and keeps its history.
///
/// # Errors
/// The simulation failed.
pub fn run(plan: &Arc<Plan>) -> Result<Vec<Event>, StageError> {
    let (mut acts, rest) = divide(plan);
    let node_plan = Arc::new(rest);
    let secrets = Secrets::of(plan);
    let nodes: Vec<Rc<RefCell<Node>>> = (0..plan.node_count())
        .map(|n| Rc::new(RefCell::new(Node::new(&node_plan, &secrets, NodeId(n)))))
        .collect();
    let mail: Mail = Rc::new((0..plan.node_count()).map(|_| RefCell::default()).collect());
    let mut sim = turmoil::Builder::new()
        .epoch(SystemTime::UNIX_EPOCH)
        .rng_seed(plan.seed)
        .tick_duration(Duration::from_millis(TICK_MS))
        .min_message_latency(Duration::from_millis(TICK_MS))
        .max_message_latency(Duration::from_millis(300))
        .simulation_duration(Duration::from_millis(WARM_UP_MS + plan.end_ms() + 10 * TICK_MS))
        .tcp_capacity(65_536)
        .build();
    for n in 0..plan.node_count() {
        let (node, mail) = (Rc::clone(&nodes[n as usize]), Rc::clone(&mail));
        let plan = Arc::clone(&node_plan);
        sim.host(address(NodeId(n)), move || {
            live(Rc::clone(&node), Rc::clone(&mail), Arc::clone(&plan), NodeId(n))
        });
    }
    while sim.elapsed() < Duration::from_millis(WARM_UP_MS + plan.end_ms() + 2 * TICK_MS) {
        let elapsed = u64::try_from(sim.elapsed().as_millis()).expect("runs are short");
        let now_ms = elapsed.saturating_sub(WARM_UP_MS);
        while acts.last().is_some_and(|(at_ms, _)| *at_ms <= now_ms) && elapsed >= WARM_UP_MS {
            let (_, act) = acts.pop().expect("just seen");
            carry_out(&mut sim, plan, &nodes, &act, now_ms);
        }
        sim.step().map_err(|error| StageError::Simulation(error.to_string()))?;
        for (n, node) in (0u16..).zip(&nodes) {
            if !sim.is_host_running(address(NodeId(n))) {
                idle(node, now_ms);
            }
        }
    }
    drop(sim);
    let mut events: Vec<Event> =
        nodes.iter().flat_map(|node| std::mem::take(&mut node.borrow_mut().events)).collect();
    events.sort_by_key(Event::key);
    Ok(events)
}

/// What is due at a host that is down still passes: the cashier waits, the institution's people wait.
fn idle(node: &RefCell<Node>, now_ms: u64) {
    let mut node = node.borrow_mut();
    while let Some(due) = node.next_due_ms().filter(|due| *due < now_ms) {
        node.step(due);
        node.out.clear();
    }
}

/// What turmoil does itself, latest first, and the plan that is left for the nodes.
fn divide(plan: &Plan) -> (Vec<(u64, Act)>, Plan) {
    let mut rest = plan.clone();
    let short = Latency::Fixed { ms: 1 };
    rest.links = Links { leg1: short, leg2: short, split_per_million: 0 };
    let mut acts = Vec::new();
    for fault in &mut rest.faults {
        if fault.what.damages() {
            // What travels there is bytes alone, which nobody marks as damaged: such a message is lost.
            fault.what = FaultKind::Drop;
        }
        let When::At { ms } = fault.when else { continue };
        if take_over(plan, fault, ms, &mut acts) {
            // The fault keeps its number, and its time never comes at the node.
            fault.when = When::At { ms: u64::MAX };
        }
    }
    for (ms, act) in &mut acts {
        let ends = match act {
            Act::Repair { .. } | Act::Bounce { .. } => true,
            Act::Slow { ms, .. } => *ms == TICK_MS,
            Act::Partition { .. } | Act::Crash { .. } => false,
        };
        if ends {
            *ms = (*ms).min(plan.chaos_ms);
        }
    }
    acts.sort_by_key(|(ms, _)| std::cmp::Reverse(*ms));
    (acts, rest)
}

fn take_over(plan: &Plan, fault: &Fault, ms: u64, acts: &mut Vec<(u64, Act)>) -> bool {
    let here = plan.node(fault.at);
    match fault.what {
        FaultKind::Partition { peer, direction, for_ms } => {
            let peer = Some(plan.node(peer));
            acts.push((ms, Act::Partition { here, peer, direction }));
            acts.push((ms + for_ms, Act::Repair { here, peer }));
        }
        FaultKind::Flap { peer, down_ms, up_ms, for_ms } => {
            let peer = Some(plan.node(peer));
            let ends_ms = (ms + for_ms).min(plan.chaos_ms);
            let step = usize::try_from(down_ms + up_ms).expect("checked when it was read");
            for down_at_ms in (ms..ends_ms).step_by(step) {
                let direction = Direction::Both;
                acts.push((down_at_ms, Act::Partition { here, peer, direction }));
                acts.push(((down_at_ms + down_ms).min(ends_ms), Act::Repair { here, peer }));
            }
        }
        FaultKind::BlackHole { for_ms } => {
            acts.push((ms, Act::Partition { here, peer: None, direction: Direction::Both }));
            acts.push((ms + for_ms, Act::Repair { here, peer: None }));
        }
        FaultKind::Latency { peer, latency, for_ms } => {
            let peer = plan.node(peer);
            acts.push((ms, Act::Slow { here, peer, ms: latency.least_ms().max(TICK_MS) }));
            acts.push((ms + for_ms, Act::Slow { here, peer, ms: TICK_MS }));
        }
        FaultKind::Crash { death, restart_after_ms } => {
            let back_ms = (ms + restart_after_ms.max(TICK_MS)).min(plan.chaos_ms);
            acts.push((ms, Act::Crash { here, death, back_ms }));
            acts.push((back_ms, Act::Bounce { here }));
        }
        _ => return false,
    }
    true
}

fn carry_out(sim: &mut Sim<'_>, plan: &Plan, nodes: &[Rc<RefCell<Node>>], act: &Act, now_ms: u64) {
    let others = |here: NodeId, peer: Option<NodeId>| -> Vec<NodeId> {
        let all = (0..plan.node_count()).map(NodeId);
        all.filter(|node| *node != here && peer.is_none_or(|peer| peer == *node)).collect()
    };
    match *act {
        Act::Partition { here, peer, direction } => {
            for other in others(here, peer) {
                let (a, b) = (address(here), address(other));
                match direction {
                    Direction::Both => sim.partition(a, b),
                    Direction::Out => sim.partition_oneway(a, b),
                    Direction::In => sim.partition_oneway(b, a),
                }
            }
        }
        Act::Repair { here, peer } => {
            for other in others(here, peer) {
                sim.repair(address(here), address(other));
            }
        }
        Act::Slow { here, peer, ms } => {
            sim.set_link_latency(address(here), address(peer), Duration::from_millis(ms));
        }
        Act::Crash { here, death, back_ms } => {
            sim.crash(address(here));
            nodes[here.0 as usize].borrow_mut().die(now_ms, death, back_ms);
        }
        Act::Bounce { here } => sim.bounce(address(here)),
    }
}

/// Whether a party takes connections.
pub(super) fn listens(plan: &Plan, node: NodeId) -> bool {
    !matches!(plan.place(node), Place::Terminal(_))
}
