//! I14, authentic-only. A message of a kind that carries DE64 changes nothing where only damaged copies of it
//! arrived, and a copy that arrives once more changes nothing again. What is damaged the link knows; what
//! changed is what parties made durable because of a message, and the balance that a terminal shows. An
//! inquiry that is carried out twice changes nothing: what its PIN costs is pin-count's.

use super::book::{Book, is_inquiry, key_of};
use super::remark::Wrote;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{FaultKind, NodeId, Place, Plan};
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Decider, Text, TxnKey};
use cardstorm_models::wire::Mti;
use std::collections::BTreeMap;

/// Copies of one message that reached one party, and how often it changed something.
#[derive(Clone, Copy, Default)]
struct Copies {
    whole: u32,
    damaged: u32,
    changes: u32,
}

/// A transaction as its terminal names it, and whether it is an inquiry.
type Name = (bool, TxnKey);

pub(super) struct Check {
    findings: Findings,
    /// Whether any fault of the plan damages or doubles messages: without one there is nothing to tell apart.
    looks: bool,
    copies: BTreeMap<(NodeId, Mti, Name), Copies>,
    /// What hosts call the transactions of messages that reached them.
    names: BTreeMap<Rrn, Name>,
}

const REQUESTS: &[Mti] = &[Mti::M0100, Mti::M0200, Mti::M0220];
const TAKEN_BY: &[Mti] = &[Mti::M0100, Mti::M0200, Mti::M0220, Mti::M0400];
const REPLIES: &[Mti] = &[Mti::M0110, Mti::M0210];
const ADVICE_REPLIES: &[Mti] = &[Mti::M0230, Mti::M0430];

impl Check {
    pub fn new(plan: &Plan) -> Check {
        let tells = |what: FaultKind| what.damages() || matches!(what, FaultKind::Duplicate { .. });
        Check {
            findings: Findings::default(),
            looks: plan.faults.iter().any(|fault| tells(fault.what)),
            copies: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    pub fn event(&mut self, event: &Event, book: &Book) {
        if !self.looks {
            return;
        }
        match event.what {
            What::Received { message, .. } | What::Damaged { message, .. }
                if carries_mac(message.mti) =>
            {
                let damaged = matches!(event.what, What::Damaged { .. });
                let name = (message.kind.is_some_and(is_inquiry), key_of(&message));
                if let Some(rrn) = message.rrn {
                    self.names.entry(rrn).or_insert(name);
                }
                let copies = self.copies.entry((event.node, message.mti, name)).or_default();
                if damaged {
                    copies.damaged += 1
                } else {
                    copies.whole += 1
                }
                if damaged || copies.whole > 1 {
                    self.findings.checked();
                }
            }
            What::Said { said } => self.said(event, &said, book),
            _ => {}
        }
    }

    fn said(&mut self, event: &Event, said: &Observation, book: &Book) {
        let plain = |key: TxnKey| Some((false, key));
        let (name, by, once) = match *said {
            Observation::Taken { key, kind, .. } => (Some((is_inquiry(kind), key)), TAKEN_BY, true),
            Observation::Answered { rrn, decider: Decider::Issuer, .. } => {
                (self.name(rrn, book), REPLIES, false)
            }
            Observation::Delivered { rrn, .. } => (self.name(rrn, book), ADVICE_REPLIES, false),
            Observation::Decided { rrn, .. } => (self.name(rrn, book), REQUESTS, true),
            Observation::ReversalDecided { rrn, .. } => {
                (self.name(rrn, book), &[Mti::M0420][..], false)
            }
            Observation::Approved { key, .. } | Observation::Declined { key, .. } => {
                (plain(key), REPLIES, false)
            }
            Observation::RefundAccepted { key, .. } | Observation::RefundRefused { key, .. } => {
                (plain(key), &[Mti::M0230][..], false)
            }
            Observation::Undone { key, .. } => (plain(key), &[Mti::M0410][..], false),
            Observation::Screen { key: Some(key), text: Text::Balance(_), .. } => {
                (Some((true, key)), REPLIES, false)
            }
            _ => return,
        };
        let Some(name) = name else { return };
        let mut all = Copies::default();
        for mti in by {
            if let Some(copies) = self.copies.get_mut(&(event.node, *mti, name)) {
                copies.changes += 1;
                all.whole += copies.whole;
                all.damaged += copies.damaged;
                all.changes = all.changes.max(copies.changes);
            }
        }
        let (inquiry, key) = name;
        let amount = book.txns.get(&key).map_or(Fen::ZERO, |txn| txn.amount);
        let (place, wrote) = (book.plan.place(event.node), wrote(said));
        let once = once && !inquiry;
        if all.whole == 0 && all.damaged > 0 {
            let expected = Remark::UnauthenticChangesNothing { place };
            let observed = Remark::OnlyDamagedCopies { wrote };
            self.offence(event, place, key, amount, expected, observed);
        } else if once && all.whole > 1 && all.changes > 1 {
            let expected = Remark::RepeatChangesNothing { place };
            let observed = Remark::AnotherCopyDid { copies: all.whole, wrote };
            self.offence(event, place, key, amount, expected, observed);
        }
    }

    fn name(&self, rrn: Rrn, book: &Book) -> Option<Name> {
        let named = self.names.get(&rrn).copied();
        let known = || Some((book.inquires(rrn), book.hosts.get(&rrn)?.key?));
        named.or_else(known)
    }

    fn offence(
        &mut self,
        event: &Event,
        blamed: Place,
        key: TxnKey,
        amount: Fen,
        expected: Remark,
        observed: Remark,
    ) {
        self.findings.offence(amount, event.key(), || Offence {
            expected,
            observed,
            first: event.key(),
            blamed,
            key: Some(key),
            rrns: Vec::new(),
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::AuthenticOnly, Remark::NothingDamagedOrDoubled)
    }
}

/// All but the messages of the network itself.
fn carries_mac(mti: Mti) -> bool {
    !matches!(mti, Mti::M0800 | Mti::M0810 | Mti::M0820 | Mti::M0830)
}

fn wrote(said: &Observation) -> Wrote {
    match said {
        Observation::Taken { .. } => Wrote::Transaction,
        Observation::Answered { .. } => Wrote::IssuersAnswer,
        Observation::Delivered { .. } => Wrote::Acknowledged,
        Observation::Decided { .. } | Observation::ReversalDecided { .. } => Wrote::Decision,
        Observation::Approved { .. } | Observation::RefundAccepted { .. } => Wrote::Approval,
        Observation::Declined { .. } | Observation::RefundRefused { .. } => Wrote::Decline,
        Observation::Screen { .. } => Wrote::ShownBalance,
        _ => Wrote::ReversalDone,
    }
}
