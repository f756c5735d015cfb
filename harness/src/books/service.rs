//! What service each party gave: how long it was up, what it left unanswered, what it failed by its own
//! words, which payouts came late, which rules it broke, and which doubts began with it; and for each doubt,
//! how long it took until somebody knew. A fold over a history.

use crate::check::Verdict;
use crate::check::book::key_of;
use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, TxnKey};
use cardstorm_models::party::{Observation, OpRef, Summary};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::{Kind, Mti};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is counted of one party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyService {
    /// Milliseconds in which it was up.
    pub up_ms: u64,
    /// Milliseconds in which it was down.
    pub down_ms: u64,
    /// How often it died.
    pub deaths: u64,
    /// Messages that reached it and want an answer, copies counted each.
    pub asked: u64,
    /// Of those, how many it never answered, copies counted once.
    pub unanswered: u64,
    /// Answers of its own making that begin with 9: it, and not the card, was the reason.
    pub failures_9x: u64,
    /// Payouts made after the day on which they were due.
    pub late_payouts: u64,
    /// Invariants whose first breach is laid at its door.
    pub broken_rules: u64,
    /// When it died last, while it is down.
    died_ms: Option<u64>,
}

/// How far an exchange had come when its terminal gave it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// A reply was there and settled nothing, or nothing was ever sent.
    Terminal,
    /// On the line between terminal and acquirer.
    #[serde(rename = "leg_1")]
    Leg1,
    /// The acquirer had it, and it went no further.
    Acquirer,
    /// On the line between acquirer and issuer.
    #[serde(rename = "leg_2")]
    Leg2,
    /// The issuer had it, and it went no further.
    Issuer,
}

/// How a doubt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It had been approved.
    Approved,
    /// It had been declined.
    Declined,
    /// It was reversed.
    Reversed,
    /// Its record was dropped (an unsound choice).
    Dropped,
}

/// A transaction whose cashier was told that nobody can know yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Whose.
    pub op: OpRef,
    /// The transaction.
    pub key: TxnKey,
    /// What it asked for, and how much, where its terminal wrote that down.
    pub asked: Option<(Kind, Fen)>,
    /// Milliseconds from the beginning of the run.
    pub began_ms: u64,
    /// How far it had come.
    pub stopped: Stopped,
    /// When its terminal knew, and what.
    pub settled: Option<(u64, Ending)>,
}

/// The fold.
pub struct Service {
    plan: Arc<Plan>,
    acquirer: NodeId,
    issuer: NodeId,
    /// By the number of the party.
    pub parties: Vec<PartyService>,
    /// In the order in which they began.
    pub doubts: Vec<Doubt>,
    unanswered: BTreeSet<(NodeId, Mti, TxnKey)>,
    failed: BTreeSet<(NodeId, Mti, TxnKey)>,
    /// What the issuer answered, as it reached the acquirer.
    relayed: BTreeSet<(TxnKey, ResponseCode)>,
    /// How far each request has come, by the steps of [`Service::step`].
    reached: BTreeMap<TxnKey, u8>,
    asked: BTreeMap<TxnKey, (Kind, Fen)>,
    shown: BTreeMap<OpRef, TxnKey>,
    now_ms: u64,
}

impl Service {
    /// Nothing has happened yet.
    pub fn new(plan: &Arc<Plan>) -> Service {
        Service {
            acquirer: plan.node(Place::Acquirer),
            issuer: plan.node(Place::Issuer),
            parties: vec![PartyService::default(); usize::from(plan.node_count())],
            doubts: Vec::new(),
            unanswered: BTreeSet::new(),
            failed: BTreeSet::new(),
            relayed: BTreeSet::new(),
            reached: BTreeMap::new(),
            asked: BTreeMap::new(),
            shown: BTreeMap::new(),
            now_ms: 0,
            plan: Arc::clone(plan),
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        self.now_ms = event.at_ms;
        let here = event.node;
        match &event.what {
            What::Crashed { .. } => {
                let party = &mut self.parties[usize::from(here.0)];
                party.deaths += 1;
                party.died_ms = Some(event.at_ms);
            }
            What::Booted { .. } => {
                let party = &mut self.parties[usize::from(here.0)];
                party.down_ms += party.died_ms.take().map_or(0, |died| event.at_ms - died);
            }
            What::Sent { to, copy: 0, message, .. } => self.sent(here, *to, message),
            What::Received { from, message, .. } => self.received(here, *from, message),
            What::Said { said } => self.said(event, said),
            _ => {}
        }
    }

    fn sent(&mut self, here: NodeId, to: NodeId, message: &Summary) {
        let key = key_of(message);
        self.step(here, to, message, false);
        if let Some(asked) = ASKS.into_iter().find(|mti| mti.reply() == Some(message.mti)) {
            self.unanswered.remove(&(here, asked, key));
        }
        let Some(code) = message.code.filter(|code| code.0[0] == b'9') else { return };
        let answers = matches!(message.mti, Mti::M0110 | Mti::M0210 | Mti::M0230);
        let own = here != self.acquirer || !self.relayed.contains(&(key, code));
        if answers && own && self.failed.insert((here, message.mti, key)) {
            self.parties[usize::from(here.0)].failures_9x += 1;
        }
    }

    fn received(&mut self, here: NodeId, from: NodeId, message: &Summary) {
        let key = key_of(message);
        self.step(here, from, message, true);
        if message.mti.reply().is_some() {
            self.parties[usize::from(here.0)].asked += 1;
            self.unanswered.insert((here, message.mti, key));
        }
        if let (true, Some(code)) = (from == self.issuer, message.code) {
            self.relayed.insert((key, code));
        }
    }

    /// How far a request has come with this message: 1 and 2 out of the terminal and in at the acquirer, 3
    /// and 4 from there to the issuer, 5 to 8 the same way back.
    fn step(&mut self, here: NodeId, there: NodeId, message: &Summary, arrives: bool) {
        let asks = matches!(message.mti, Mti::M0100 | Mti::M0200 | Mti::M0220);
        let answers = matches!(message.mti, Mti::M0110 | Mti::M0210 | Mti::M0230);
        if !asks && !answers {
            return;
        }
        let leg2 = here == self.issuer || there == self.issuer;
        let first = match (asks, leg2) {
            (true, false) => 1,
            (true, true) => 3,
            (false, true) => 5,
            (false, false) => 7,
        };
        let reached = self.reached.entry(key_of(message)).or_default();
        *reached = (*reached).max(first + u8::from(arrives));
    }

    fn stopped(&self, key: &TxnKey) -> Stopped {
        match self.reached.get(key).copied().unwrap_or_default() {
            1 | 7 => Stopped::Leg1,
            2 | 6 => Stopped::Acquirer,
            3 | 5 => Stopped::Leg2,
            4 => Stopped::Issuer,
            _ => Stopped::Terminal,
        }
    }

    fn said(&mut self, event: &Event, said: &Observation) {
        match *said {
            Observation::RequestPending { key, kind, amount, .. } => {
                self.asked.insert(key, (kind, amount));
            }
            Observation::RefundPending { key, amount, .. } => {
                self.asked.insert(key, (Kind::Refund, amount));
            }
            Observation::Screen { op, key: Some(key), .. } => {
                self.shown.insert(op, key);
            }
            Observation::Ended { op, outcome: Outcome::InDoubt } => self.doubt(event.at_ms, op),
            Observation::Approved { key, .. } | Observation::RefundAccepted { key, .. } => {
                self.settle(event.at_ms, key, Ending::Approved);
            }
            Observation::Declined { key, .. } | Observation::RefundRefused { key, .. } => {
                self.settle(event.at_ms, key, Ending::Declined);
            }
            Observation::Undone { key, .. } => self.settle(event.at_ms, key, Ending::Reversed),
            Observation::Abandoned { key, .. } => self.settle(event.at_ms, key, Ending::Dropped),
            Observation::PaidOut { merchant, day, .. } => self.paid_out(event, merchant, day),
            _ => {}
        }
    }

    /// What is told again after a restart or a repeat is the same doubt.
    fn doubt(&mut self, began_ms: u64, op: OpRef) {
        let Some(key) = self.shown.get(&op).copied() else { return };
        let open = |doubt: &Doubt| doubt.key == key && doubt.op == op && doubt.settled.is_none();
        if self.doubts.iter().any(open) {
            return;
        }
        let (asked, stopped) = (self.asked.get(&key).copied(), self.stopped(&key));
        self.doubts.push(Doubt { op, key, asked, began_ms, stopped, settled: None });
    }

    fn settle(&mut self, at_ms: u64, key: TxnKey, ending: Ending) {
        let open = |doubt: &&mut Doubt| doubt.key == key && doubt.settled.is_none();
        if let Some(doubt) = self.doubts.iter_mut().find(open) {
            doubt.settled = Some((at_ms, ending));
        }
    }

    fn paid_out(&mut self, event: &Event, merchant: u32, day: Day) {
        let merchant = self.plan.world.acquirer.merchants.get(merchant as usize);
        let contract = merchant.and_then(|merchant| merchant.contract.as_ref());
        let Some(settlement) = contract.and_then(|contract| contract.settlement.as_ref()) else {
            return;
        };
        let on = Day::of(Wall(self.plan.start.0.saturating_add_unsigned(event.at_ms)));
        if on > settlement.cycle.payout_day(day, &settlement.calendar) {
            self.parties[usize::from(event.node.0)].late_payouts += 1;
        }
    }

    /// Closes the fold: what is down stays down to the end of the run, and what was never answered is
    /// counted.
    pub fn finish(&mut self, verdicts: &[Verdict]) {
        let end_ms = self.plan.end_ms().max(self.now_ms);
        for party in &mut self.parties {
            party.down_ms += party.died_ms.take().map_or(0, |died| end_ms - died);
            party.up_ms = end_ms - party.down_ms;
        }
        for (node, ..) in &self.unanswered {
            self.parties[usize::from(node.0)].unanswered += 1;
        }
        for violation in verdicts.iter().filter_map(Verdict::violation) {
            let node = self.plan.node(violation.blamed);
            self.parties[usize::from(node.0)].broken_rules += 1;
        }
    }

    /// How many doubts began at a place.
    pub fn doubts_at(&self, stopped: Stopped, terminal: Option<NodeId>) -> u64 {
        let here = |doubt: &&Doubt| {
            let own = self.plan.terminal_by_id(doubt.key.terminal).map(NodeId);
            doubt.stopped == stopped && terminal.is_none_or(|node| own == Some(node))
        };
        self.doubts.iter().filter(here).count() as u64
    }
}

/// Everything that a host is asked.
const ASKS: [Mti; 9] = [
    Mti::M0100,
    Mti::M0200,
    Mti::M0220,
    Mti::M0320,
    Mti::M0400,
    Mti::M0420,
    Mti::M0500,
    Mti::M0800,
    Mti::M0820,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::{Stage, examine};
    use crate::scenario::{catalogue, parse};

    fn service(name: &str) -> Service {
        let (_, text) = catalogue().find(|(known, _)| *known == name).expect("a story");
        let scenario = parse(name, name, text).expect("a good story");
        let run = examine(&scenario, Stage::Virtual, 1).expect("virtual time takes any plan");
        let mut service = Service::new(&Arc::new(scenario.plan));
        run.events.iter().for_each(|event| service.event(event));
        service.finish(&run.verdicts);
        service
    }

    fn of(service: &Service, place: Place) -> PartyService {
        service.parties[usize::from(service.plan.node(place).0)].clone()
    }

    #[test]
    fn a_lost_reply_is_a_doubt_of_the_line_and_ends_with_its_reversal() {
        let service = service("doubt/reply-lost");
        let doubt = service.doubts.first().expect("a doubt");
        assert_eq!(doubt.stopped, Stopped::Leg1);
        let (settled_ms, ending) = doubt.settled.expect("it is settled");
        assert!(ending == Ending::Reversed && settled_ms > doubt.began_ms);
        let acquirer = of(&service, Place::Acquirer);
        assert_eq!((acquirer.deaths, acquirer.down_ms, acquirer.broken_rules), (0, 0, 0));
        assert!(acquirer.asked > 0 && acquirer.up_ms == service.plan.end_ms());
    }

    #[test]
    fn who_dies_is_down_and_who_is_silent_leaves_things_unanswered() {
        let service = service("uncredited/centre-dies-in-flight");
        let acquirer = of(&service, Place::Acquirer);
        assert!(acquirer.deaths == 1 && acquirer.down_ms > 0 && acquirer.unanswered > 0);
        assert_eq!(acquirer.up_ms + acquirer.down_ms, service.plan.end_ms());
    }

    #[test]
    fn a_broken_rule_is_counted_where_it_is_laid() {
        let service = service("unsound/silence-as-91");
        assert!(of(&service, Place::Acquirer).broken_rules > 0);
        assert!(of(&service, Place::Acquirer).failures_9x > 0);
    }
}
