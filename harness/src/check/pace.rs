//! How often a party says the same thing once the faults have stopped, and how often it may: what a poison
//! message or an endless repeat goes beyond. Part of progress (I17); judges nothing itself.
//!
//! A request is repeated by a timer, so the plan's timers bound it. An answer needs a request. Both bounds
//! leave room for what was under way when the faults stopped.

use super::book::{EventKey, key_of};
use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::ids::Stan;
use cardstorm_models::party::Summary;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::wire::Mti;
use std::collections::BTreeMap;

/// What was under way when the faults stopped: a session or a wait that had begun, and one in flight.
const UNDER_WAY: u64 = 2;

/// One thing, said by one party in the drain.
pub(super) struct Said {
    pub node: NodeId,
    pub mti: Mti,
    pub key: TxnKey,
    pub first: EventKey,
    /// How often it was said.
    pub times: u64,
    /// How often the plan's timers and what it was asked allow.
    pub most: u64,
}

#[derive(Default)]
struct Count {
    first: EventKey,
    times: u64,
}

/// Counts of the drain.
#[derive(Default)]
pub(super) struct Pace {
    sent: BTreeMap<(NodeId, Mti, TxnKey), Count>,
    heard: BTreeMap<(NodeId, Mti, TxnKey), u64>,
    /// Operations begun and starts of each party: each gives it a reason to try at once.
    prompts: BTreeMap<NodeId, u64>,
    /// Connections that came up at each party.
    links: BTreeMap<NodeId, u64>,
}

impl Pace {
    pub fn event(&mut self, event: &Event, plan: &Plan) {
        if event.at_ms < plan.chaos_ms {
            return;
        }
        let node = event.node;
        match event.what {
            What::Sent { message, copy: 0, .. } => {
                let name = (node, message.mti, name_of(&message));
                let count = self.sent.entry(name).or_default();
                if count.times == 0 {
                    count.first = event.key();
                }
                count.times += 1;
            }
            What::Received { message, .. } | What::Damaged { message, .. } => {
                *self.heard.entry((node, message.mti, name_of(&message))).or_default() += 1;
            }
            What::OpBegins { .. } | What::Booted { .. } => {
                *self.prompts.entry(node).or_default() += 1;
            }
            What::Connected { .. } => *self.links.entry(node).or_default() += 1,
            _ => {}
        }
    }

    /// Everything that was said, with how often it may have been.
    pub fn counted(&mut self, plan: &Plan) -> Vec<Said> {
        let sent = std::mem::take(&mut self.sent);
        let said = sent.into_iter().map(|((node, mti, key), count)| {
            let Count { first, times } = count;
            Said { node, mti, key, first, times, most: self.most(plan, node, mti, key) }
        });
        said.collect()
    }

    fn most(&self, plan: &Plan, node: NodeId, mti: Mti, key: TxnKey) -> u64 {
        let heard = |mti| self.heard.get(&(node, mti, key)).copied().unwrap_or_default();
        let asked = match mti {
            Mti::M0210 => Some(heard(Mti::M0200)),
            Mti::M0110 => Some(heard(Mti::M0100)),
            Mti::M0230 => Some(heard(Mti::M0220)),
            Mti::M0410 => Some(heard(Mti::M0400)),
            Mti::M0430 => Some(heard(Mti::M0420)),
            Mti::M0810 => Some(heard(Mti::M0800)),
            Mti::M0510 => Some(heard(Mti::M0500)),
            Mti::M0330 => Some(heard(Mti::M0320)),
            Mti::M0830 => Some(heard(Mti::M0820)),
            _ => None,
        };
        if let Some(asked) = asked {
            return asked + UNDER_WAY;
        }
        let of_node =
            |counts: &BTreeMap<NodeId, u64>| counts.get(&node).copied().unwrap_or_default();
        match plan.place(node) {
            Place::Terminal(n) => {
                // Sessions of so many tries, one per interval, and one for whatever prompts it at once.
                let timers = &plan.world.terminals[n as usize].timers;
                let sessions = plan.drain_ms / timers.retry_interval_ms.max(1) + UNDER_WAY;
                (sessions + of_node(&self.prompts)) * u64::from(timers.tries_per_session.max(1))
            }
            Place::Acquirer => {
                // One per interval, one per line that comes up (no more of them than there can be dials),
                // and one for each request about the transaction.
                let timers = &plan.world.acquirer.timers;
                let intervals = plan.drain_ms / timers.advice_interval_ms.max(1);
                let dials = plan.drain_ms / timers.redial_ms.max(1);
                let links = of_node(&self.links).min(dials) + of_node(&self.prompts);
                let requests =
                    [Mti::M0100, Mti::M0200, Mti::M0220, Mti::M0400].map(heard).iter().sum::<u64>();
                intervals + links + requests + UNDER_WAY
            }
            // An issuer asks for nothing.
            Place::Issuer => 0,
        }
    }
}

/// What makes two messages the same thing said. Every sign-on has a STAN of its own and says the same.
fn name_of(message: &Summary) -> TxnKey {
    let key = key_of(message);
    match message.mti {
        Mti::M0800 | Mti::M0810 => TxnKey { stan: Stan(0), ..key },
        _ => key,
    }
}
