//! Which faults strike here, and when: the faults of one place, each waiting for its trigger.

use crate::plan::{Fault, FaultKind, MessageFilter, NodeId, Plan, When};
use cardstorm_models::party::{Subject, Summary};

/// A fault waiting for its trigger.
struct Armed {
    number: u32,
    fault: Fault,
    matched: u32,
}

/// The faults that strike at one party.
pub struct Strikes {
    armed: Vec<Armed>,
    /// Whether any fault of the plan asks for an operation.
    pub by_op: bool,
    sends: bool,
    receives: bool,
    steps: bool,
}

impl Strikes {
    /// The faults have ended: nothing that still waits for its trigger strikes any more.
    pub fn end(&mut self) {
        self.armed.clear();
        (self.sends, self.receives, self.steps) = (false, false, false);
    }
}

/// A fault that strikes now.
#[derive(Clone, Copy)]
pub struct Strike {
    /// Its number in the plan.
    pub number: u32,
    /// What it does.
    pub what: FaultKind,
}

impl Strikes {
    /// The faults of a party that wait for a message or a step.
    pub fn new(plan: &Plan, node: NodeId) -> Strikes {
        let here = (0u32..).zip(&plan.faults).filter(|(_, fault)| plan.node(fault.at) == node);
        let armed: Vec<Armed> = here
            .map(|(number, fault)| Armed { number, fault: fault.clone(), matched: 0 })
            .filter(|armed| !matches!(armed.fault.when, When::At { .. }))
            .collect();
        let any = |test: fn(&When) -> bool| armed.iter().any(|armed| test(&armed.fault.when));
        let by_op = plan.faults.iter().any(|fault| match &fault.when {
            When::Sends { filter, .. } | When::Receives { filter, .. } => filter.op.is_some(),
            When::Before { op, .. } => op.is_some(),
            When::At { .. } => false,
        });
        Strikes {
            by_op,
            sends: any(|when| matches!(when, When::Sends { .. })),
            receives: any(|when| matches!(when, When::Receives { .. })),
            steps: any(|when| matches!(when, When::Before { .. })),
            armed,
        }
    }

    /// Faults of a party that strike at a time.
    pub fn timed(plan: &Plan, node: NodeId) -> Vec<(u64, Strike)> {
        let here = (0u32..).zip(&plan.faults).filter(|(_, fault)| plan.node(fault.at) == node);
        let timed = here.filter_map(|(number, fault)| match fault.when {
            When::At { ms } => Some((ms, Strike { number, what: fault.what })),
            _ => None,
        });
        timed.collect()
    }

    /// What strikes as a message goes out to a peer (`out`) or comes in.
    pub fn on_message(
        &mut self,
        plan: &Plan,
        out: bool,
        peer: NodeId,
        message: &Summary,
        op: Option<u32>,
    ) -> Vec<Strike> {
        if !(if out { self.sends } else { self.receives }) {
            return Vec::new();
        }
        let mut struck = Vec::new();
        for armed in &mut self.armed {
            let (filter, nth) = match &armed.fault.when {
                When::Sends { filter, nth } if out => (filter, *nth),
                When::Receives { filter, nth } if !out => (filter, *nth),
                _ => continue,
            };
            if matches(plan, filter, peer, message, op) {
                armed.matched += 1;
                if armed.matched == nth {
                    struck.push(Strike { number: armed.number, what: armed.fault.what });
                }
            }
        }
        struck
    }

    /// What strikes just before an effect.
    pub fn on_step(
        &mut self,
        plan: &Plan,
        name: &str,
        subject: Option<Subject>,
        op: Option<u32>,
    ) -> Vec<Strike> {
        if !self.steps {
            return Vec::new();
        }
        let mut struck = Vec::new();
        for armed in &mut self.armed {
            let When::Before { effect, terminal, stan, op: wanted, nth } = &armed.fault.when else {
                continue;
            };
            let of_terminal = terminal.is_none_or(|n| {
                let id = plan.world.terminals.get(n as usize).map(|terminal| terminal.id);
                subject.is_some_and(|subject| Some(subject.terminal) == id)
            });
            let of_stan = stan.is_none_or(|n| subject.is_some_and(|subject| subject.stan.0 == n));
            let of_op = wanted.is_none_or(|wanted| op == Some(wanted));
            if effect == name && of_terminal && of_stan && of_op {
                armed.matched += 1;
                if armed.matched == *nth {
                    struck.push(Strike { number: armed.number, what: armed.fault.what });
                }
            }
        }
        struck
    }
}

fn matches(
    plan: &Plan,
    filter: &MessageFilter,
    peer: NodeId,
    message: &Summary,
    op: Option<u32>,
) -> bool {
    let terminal_id = |n: u16| plan.world.terminals.get(n as usize).map(|terminal| terminal.id);
    filter.peer.is_none_or(|place| plan.node(place) == peer)
        && filter.mti.is_none_or(|mti| mti == message.mti)
        && filter.code.is_none_or(|code| message.code == Some(code))
        && filter.stan.is_none_or(|stan| message.stan.0 == stan)
        && filter.terminal.is_none_or(|n| terminal_id(n) == Some(message.terminal))
        && filter.op.is_none_or(|wanted| op == Some(wanted))
}
