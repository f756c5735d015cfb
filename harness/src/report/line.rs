//! One event as a route and a sentence.

use super::trace::Lang;
use super::words::{Words, message_text};
use super::zh;
use crate::history::{Asked, Damage, Event, Loss, Phase, What};
use crate::plan::{Death, NodeId, Task};
use cardstorm_models::party::Summary;

impl Words<'_> {
    /// One event in a line of its own: time, route, what.
    pub fn sentence(self, event: &Event) -> String {
        let (route, what) = self.line(event);
        format!("{}  {route}  {what}", super::trace::time(event.at_ms))
    }

    /// Where an event happened, or between whom, and what it was.
    pub(super) fn line(self, event: &Event) -> (String, String) {
        let (route, english) = self.english(event);
        match self.lang {
            Lang::En => (route, english),
            Lang::Zh => (route, zh::what(self, event)),
        }
    }

    fn english(self, event: &Event) -> (String, String) {
        let here = self.node(event.node);
        let alone = |what: String| (here.to_owned(), what);
        match &event.what {
            What::Phase { phase } => (String::new(), phase_text(*phase).to_owned()),
            What::OpBegins { op, asked, amount } => {
                let name = self.names.op(op.op);
                let try_ = match op.attempt {
                    0 => String::new(),
                    n => format!(", try {}", u32::from(n) + 1),
                };
                alone(match asked {
                    Asked::Sale { card, .. } => {
                        format!("cashier: sale {name} of {amount}, card {}{try_}", self.card(*card))
                    }
                    Asked::Rest { of, card, .. } => {
                        let (of, card) = (self.names.op(*of), self.card(*card));
                        format!("cashier: rest {name} of {of}, {amount}, card {card}{try_}")
                    }
                    Asked::PreAuth { card } => {
                        let card = self.card(*card);
                        format!("cashier: pre-authorisation {name} of {amount}, card {card}{try_}")
                    }
                    Asked::Balance { card } => {
                        format!("cashier: balance {name}, card {}{try_}", self.card(*card))
                    }
                    Asked::Completion { of, .. } => {
                        let of = self.names.op(*of);
                        format!("cashier: completion {name} of {of}, {amount}{try_}")
                    }
                    Asked::Void { of, .. } => {
                        format!("cashier: void {name} of {}, {amount}{try_}", self.names.op(*of))
                    }
                    Asked::Refund { of } => {
                        format!(
                            "cashier: refund {name} of {amount} on {}{try_}",
                            self.names.op(*of)
                        )
                    }
                    Asked::PortalRefund { of } => {
                        format!("portal: refund {name} of {amount} on {}", self.names.op(*of))
                    }
                    Asked::Dispute { card } => {
                        format!("holder: disputes {amount}, {name}, card {}", self.card(*card))
                    }
                    Asked::Settle => format!("cashier: settlement {name}{try_}"),
                    Asked::Echo => format!("cashier: echo {name}{try_}"),
                    Asked::SignOff => format!("cashier: sign-off {name}{try_}"),
                })
            }
            What::OpSkipped { op } => {
                let name = self.names.op(op.op);
                alone(match self.plan.ops.get(op.op as usize).map(|op| &op.task) {
                    Some(Task::Rest { .. }) => {
                        format!("cashier: {name} has no slip to go by, or nothing is left to pay")
                    }
                    _ => format!("cashier: {name} has no slip to go by"),
                })
            }
            What::Sent { to, copy, due_ms, message, .. } => {
                let twice = if *copy > 0 { ", second copy" } else { "" };
                let fate = match due_ms {
                    Some(due) => format!("  ({} ms{twice})", due.saturating_sub(event.at_ms)),
                    None => String::new(),
                };
                let route = format!("{here} -> {}", self.node(*to));
                (route, format!("{}{fate}", message_text(message)))
            }
            What::Received { from, message, .. } => {
                (format!("{here} <- {}", self.node(*from)), message_text(message))
            }
            What::Damaged { from, message, how, .. } => {
                let route = format!("{here} <- {}", self.node(*from));
                (route, format!("{}  {}", message_text(message), damage_text(*how)))
            }
            What::Lost { peer, why, message } => {
                let (from, to) = ends(event.node, *peer, message);
                let route = format!("{} -x {}", self.node(from), self.node(to));
                (route, format!("{}  {}", message_text(message), loss_text(*why)))
            }
            What::Connected { peer, .. } => alone(format!("connected with {}", self.node(*peer))),
            What::Disconnected { peer, .. } => {
                alone(format!("connection with {} gone", self.node(*peer)))
            }
            What::Said { said } => alone(self.said(said)),
            What::Crashed { death, lost_bytes } => {
                let how = match death {
                    Death::Kill => "process killed",
                    Death::PowerLoss => "power lost",
                };
                alone(format!("!! {how}, {lost_bytes} unsynced bytes gone"))
            }
            What::Booted { records: 1 } => alone("boots, 1 record in the journal".into()),
            What::Booted { records } => alone(format!("boots, {records} records in the journal")),
            What::SyncFailed => alone("!! sync failed".into()),
            What::Fault { fault } => {
                alone(format!("!! fault {}: {}", u64::from(*fault) + 1, self.fault(*fault)))
            }
            What::Balance { account, balance } => {
                alone(format!("reads {} {balance}", self.account(*account)))
            }
            What::Scanned { bytes } => {
                alone(format!("{bytes} journal bytes searched for card data"))
            }
            What::Leak { secret } => alone(format!("!! secret {secret} stands in the journal")),
        }
    }
}

fn phase_text(phase: Phase) -> &'static str {
    match phase {
        Phase::Chaos => "-- chaos: faults may strike",
        Phase::Drain => "-- heal and drain: faults have ended, everything is up",
        Phase::Reads => "-- final reads",
    }
}

fn damage_text(how: Damage) -> &'static str {
    match how {
        Damage::Corrupted => "arrives with a bit turned over",
        Damage::Truncated => "arrives without its end",
        Damage::Stripped => "arrives without its MAC",
    }
}

fn loss_text(why: Loss) -> &'static str {
    match why {
        Loss::Dropped => "lost",
        Loss::Cut => "lost in a cut",
        Loss::HostDown => "lost: nobody is up there",
        Loss::NoConnection => "lost: its connection is gone",
    }
}

/// Who sent a lost message and for whom: requests go up from the terminal, replies come down. A loss is
/// noted at whichever end saw it.
fn ends(one: NodeId, other: NodeId, message: &Summary) -> (NodeId, NodeId) {
    let (low, high) = (one.min(other), one.max(other));
    if message.mti.reply().is_some() { (low, high) } else { (high, low) }
}
