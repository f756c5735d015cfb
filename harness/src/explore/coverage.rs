//! Which cells of the grid a history reaches: a fold over its events. What a plan meant to do does not count,
//! only what happened.

use super::cells::{Cell, Cells, End, Exchange, Point};
use crate::history::{Asked, Event, Loss, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::ids::{Batch, Rrn, TerminalId};
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Class, Kind, Mti};

/// One request and what became of it.
struct Leg {
    key: TxnKey,
    exchange: Exchange,
    /// The asking host.
    asker: NodeId,
    /// The answering host.
    answerer: NodeId,
    /// What the asking host did.
    asks: Asks,
    /// What the answering host did.
    answers: Answers,
}

#[derive(Default)]
struct Asks {
    /// Its record is durable.
    committed: bool,
    /// The request has left.
    sent: bool,
    /// A reply has come.
    replied: bool,
    /// The last reply was not the first.
    again: bool,
    /// It was asked again with a reply under way.
    repeated: bool,
    /// It waits no longer.
    closed: bool,
}

#[derive(Default)]
struct Answers {
    /// The request has come.
    arrived: bool,
    /// Its record is durable.
    committed: bool,
    /// Its answer is durable.
    answered: bool,
    /// A reply has left.
    replied: bool,
    /// A reply is under way.
    under_way: bool,
}

/// The fold.
pub struct Coverage {
    cells: Cells,
    legs: Vec<Leg>,
    /// Which transaction a host's number stands for.
    rrns: Vec<(Rrn, TxnKey, Kind)>,
    /// What each terminal's cashier has begun and the terminal has no record of yet.
    begun: Vec<Option<Exchange>>,
    /// What taking back each planned operation is.
    voids: Vec<Exchange>,
    acquirer: NodeId,
    issuer: NodeId,
}

impl Coverage {
    /// The fold over a plan's run.
    pub fn new(plan: &Plan) -> Coverage {
        Coverage {
            cells: Cells::default(),
            legs: Vec::with_capacity(32),
            rrns: Vec::with_capacity(16),
            begun: vec![None; plan.world.terminals.len()],
            voids: (0..).zip(&plan.ops).map(|(op, _)| exchanges(plan.void_of(op)).0).collect(),
            acquirer: plan.node(Place::Acquirer),
            issuer: plan.node(Place::Issuer),
        }
    }

    /// The cells reached so far.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        let here = event.node;
        match &event.what {
            What::Sent { to, message, .. } => self.sent(here, *to, message),
            What::Received { from, message, .. } => self.received(here, *from, message),
            What::Damaged { from, message, .. } => self.lost(here, *from, Loss::Dropped, message),
            What::Lost { peer, why, message } => self.lost(here, *peer, *why, message),
            What::Crashed { .. } => self.died(here),
            What::OpBegins { asked, .. } => {
                self.begun[usize::from(here.0)] = Some(match asked {
                    Asked::Sale { .. } | Asked::Rest { .. } => Exchange::Sale,
                    Asked::Void { of, .. } => self.voids[*of as usize],
                    Asked::PreAuth { .. } => Exchange::PreAuth,
                    Asked::Completion { .. } => Exchange::Completion,
                    Asked::Balance { .. } => Exchange::Balance,
                    Asked::Refund { .. } => Exchange::Refund,
                    Asked::Settle => Exchange::Settlement,
                    // What is asked at a desk begins no exchange.
                    Asked::PortalRefund { .. }
                    | Asked::Dispute { .. }
                    | Asked::Echo
                    | Asked::SignOff => return,
                });
            }
            What::Said { said } => self.said(here, said),
            What::Phase { .. }
            | What::OpSkipped { .. }
            | What::Connected { .. }
            | What::Disconnected { .. }
            | What::Booted { .. }
            | What::SyncFailed
            | What::Fault { .. }
            | What::Balance { .. }
            | What::Scanned { .. }
            | What::Leak { .. } => {}
        }
    }

    fn reach(&mut self, exchange: Exchange, point: Point, end: End) {
        self.cells.add(Cell { exchange, point, end });
    }

    fn leg(&mut self, key: TxnKey, exchange: Exchange, asker: NodeId) -> &mut Leg {
        let known = self.legs.iter().rposition(|leg| leg.key == key && leg.exchange == exchange);
        let at = known.unwrap_or_else(|| {
            let answerer = if asker == self.acquirer { self.issuer } else { self.acquirer };
            let (asks, answers) = Default::default();
            self.legs.push(Leg { key, exchange, asker, answerer, asks, answers });
            self.legs.len() - 1
        });
        &mut self.legs[at]
    }

    /// The leg of a message that is known already.
    fn known(&mut self, key: TxnKey, exchange: Exchange) -> Option<&mut Leg> {
        self.legs.iter_mut().rev().find(|leg| leg.key == key && leg.exchange == exchange)
    }

    /// The exchange that a message between two hosts belongs to, whether it asks, and who asks.
    fn of(&self, one: NodeId, other: NodeId, message: &Summary) -> (Exchange, bool, NodeId) {
        let leg2 = one == self.issuer || other == self.issuer;
        let by_leg = |first, second| if leg2 { second } else { first };
        let (first, second) =
            message.kind.map_or((Exchange::Sale, Exchange::SaleOnLeg2), exchanges);
        let (exchange, asks) = match message.mti {
            // Echo and sign-off are like a sign-on: nothing hangs on them.
            Mti::M0800 | Mti::M0820 => (Exchange::SignOn, true),
            Mti::M0810 | Mti::M0830 => (Exchange::SignOn, false),
            Mti::M0500 => (Exchange::Settlement, true),
            Mti::M0510 => (Exchange::Settlement, false),
            Mti::M0320 => (Exchange::Upload, true),
            Mti::M0330 => (Exchange::Upload, false),
            Mti::M0100 | Mti::M0200 => (by_leg(first, second), true),
            Mti::M0110 | Mti::M0210 => (by_leg(first, second), false),
            Mti::M0400 => (Exchange::Reversal, true),
            Mti::M0410 => (Exchange::Reversal, false),
            Mti::M0420 => (Exchange::ReversalAdvice, true),
            Mti::M0430 => (Exchange::ReversalAdvice, false),
            Mti::M0220 => (by_leg(Exchange::Refund, Exchange::RefundAdvice), true),
            Mti::M0230 => (by_leg(Exchange::Refund, Exchange::RefundAdvice), false),
        };
        // Terminals have the lowest numbers, the issuer the highest: requests go up.
        (exchange, asks, one.min(other))
    }

    fn sent(&mut self, here: NodeId, to: NodeId, message: &Summary) {
        let (exchange, asks, asker) = self.of(here, to, message);
        let anew = matches!(exchange, Exchange::SignOn | Exchange::Upload);
        if anew && asks {
            // A terminal that signs on anew waits for no earlier one.
            let mut earlier = self.legs.iter_mut().rev().filter(|leg| leg.asker == asker);
            if let Some(leg) = earlier.find(|leg| leg.exchange == exchange) {
                leg.asks.closed = true;
            }
        }
        let leg = self.leg(key_of(message), exchange, asker);
        if asks {
            leg.asks.repeated |= leg.answers.under_way;
            leg.asks.sent = true;
        } else {
            leg.answers.replied = true;
            leg.answers.under_way = true;
        }
    }

    fn received(&mut self, here: NodeId, from: NodeId, message: &Summary) {
        let (exchange, asks, asker) = self.of(here, from, message);
        let leg = self.leg(key_of(message), exchange, asker);
        if asks {
            let again = std::mem::replace(&mut leg.answers.arrived, true);
            if again {
                self.reach(exchange, Point::Duplicate, End::Answers);
            }
            return;
        }
        leg.answers.under_way = false;
        let late = leg.asks.repeated && !leg.asks.replied;
        let again = std::mem::replace(&mut leg.asks.replied, true);
        leg.asks.again = again;
        if again {
            self.reach(exchange, Point::Duplicate, End::Asks);
        } else if late {
            self.reach(exchange, Point::LateReply, End::Asks);
        }
    }

    fn lost(&mut self, here: NodeId, peer: NodeId, why: Loss, message: &Summary) {
        let (exchange, asks, asker) = self.of(here, peer, message);
        let end = if here == asker { End::Asks } else { End::Answers };
        let leg = self.leg(key_of(message), exchange, asker);
        if !asks {
            leg.answers.under_way = false;
            // What was under way when it was asked again never came: the next reply is in time.
            leg.asks.repeated = false;
        }
        let down = why == Loss::HostDown;
        let point = match (asks, down) {
            (true, true) if !leg.answers.committed => Point::DownBeforeCommit,
            (true, _) => Point::RequestLost,
            (false, true) => Point::DownBeforeReply,
            (false, false) => Point::ReplyLost,
        };
        self.reach(exchange, point, end);
    }

    /// What every open exchange of a host was at when it died.
    fn died(&mut self, here: NodeId) {
        if let Some(begun) = self.begun.get_mut(usize::from(here.0)).and_then(Option::take) {
            self.reach(begun, Point::DownBeforeCommit, End::Asks);
        }
        let mut cells = self.cells;
        for leg in &mut self.legs {
            let (asks, answers) = (&leg.asks, &leg.answers);
            let (point, end) = if leg.asker == here && !asks.closed && !asks.replied {
                match (asks.sent, asks.committed) {
                    (true, _) => (Point::DownBeforeReply, End::Asks),
                    (false, true) => (Point::DownAfterCommit, End::Asks),
                    (false, false) => continue,
                }
            } else if leg.answerer == here && (answers.under_way || !answers.replied) {
                match *answers {
                    Answers { under_way: true, .. } => (Point::DownAfterCommit, End::Answers),
                    Answers { answered: true, .. } => (Point::DownBeforeReply, End::Answers),
                    Answers { committed: true, .. } => (Point::DownAfterCommit, End::Answers),
                    Answers { arrived: true, .. } => (Point::DownBeforeCommit, End::Answers),
                    Answers { .. } => continue,
                }
            } else {
                continue;
            };
            let cell = Cell { exchange: leg.exchange, point, end };
            if cell.out_of_reach().is_none() {
                cells.add(cell);
            }
            if end == End::Answers {
                // What is asked again after the restart is told anew.
                leg.answers.arrived = leg.answers.committed;
            }
        }
        self.cells = cells;
    }

    fn said(&mut self, here: NodeId, said: &Observation) {
        // What is asked at a host's desk crosses no line: it begins no exchange and ends none.
        let at_desk = usize::from(here.0) >= self.begun.len();
        let of_desk = matches!(
            said,
            Observation::RefundPending { .. }
                | Observation::Screen { .. }
                | Observation::Ended { .. }
        );
        if at_desk && of_desk {
            return;
        }
        match *said {
            Observation::RequestPending { key, kind, .. } => {
                self.recorded(here, key, exchanges(kind).0);
            }
            Observation::RefundPending { key, .. } => self.recorded(here, key, Exchange::Refund),
            Observation::Inquired { key, .. } => self.recorded(here, key, Exchange::Balance),
            Observation::Settling { key, .. } => {
                let key = TxnKey { batch: Batch(0), ..key };
                self.recorded(here, key, Exchange::Settlement);
            }
            Observation::TotalsCompared { key, .. } => {
                self.batch_recorded(key.terminal, Exchange::Settlement);
            }
            Observation::UploadTaken { key, .. } => {
                self.batch_recorded(key.terminal, Exchange::Upload);
            }
            Observation::BatchClosed { terminal, .. } => {
                self.batch_recorded(terminal, Exchange::Upload);
            }
            Observation::Screen { key: Some(key), .. } => self.shown(here, key),
            Observation::Ended { .. } => self.begun[usize::from(here.0)] = None,
            Observation::Undone { key, .. } | Observation::Abandoned { key, .. } => {
                if let Some(leg) = self.known(key, Exchange::Reversal) {
                    leg.asks.closed = true;
                }
            }
            Observation::Dropped { message, .. } => self.dropped(here, &message),
            Observation::Taken { key, rrn, kind, .. } => self.taken(here, key, rrn, kind),
            Observation::Answered { rrn, .. } => self.answered(rrn),
            Observation::Undoing { rrn, .. } => self.undoing(here, rrn),
            Observation::Delivered { rrn, .. } | Observation::AdviceDropped { rrn } => {
                self.delivered(rrn);
            }
            Observation::Tombstone { key } => self.tombstone(here, key),
            Observation::Decided { rrn, .. } | Observation::ReversalDecided { rrn, .. } => {
                self.decided(rrn);
            }
            Observation::Posted(posting) if here == self.issuer => {
                if let Some(rrn) = posting.txn {
                    self.decided(rrn);
                }
            }
            Observation::Approved { .. }
            | Observation::Declined { .. }
            | Observation::RefundAccepted { .. }
            | Observation::RefundRefused { .. }
            | Observation::Announced { .. }
            | Observation::SignedOn { .. }
            | Observation::Screen { key: None, .. }
            | Observation::Slip { .. }
            | Observation::ReversalRefused { .. }
            | Observation::Queued { .. }
            | Observation::Posted(_)
            | Observation::House(_)
            | Observation::ClearingDay { .. }
            | Observation::Cleared { .. }
            | Observation::PaidOut { .. }
            | Observation::RepairCase { .. }
            | Observation::Held { .. }
            | Observation::Released { .. }
            | Observation::BalanceTold { .. }
            | Observation::Adjusted { .. }
            | Observation::BatchOver { .. }
            | Observation::BatchSlip { .. }
            | Observation::BatchDiffers { .. }
            | Observation::Disputed { .. }
            | Observation::ClaimWaits { .. }
            | Observation::Alarm { .. } => {}
        }
    }

    /// A terminal's record is durable.
    fn recorded(&mut self, here: NodeId, key: TxnKey, exchange: Exchange) {
        self.begun[usize::from(here.0)] = None;
        self.leg(key, exchange, here).asks.committed = true;
    }

    /// The acquirer's record of what a terminal told of its batch last is its answer too.
    fn batch_recorded(&mut self, terminal: TerminalId, exchange: Exchange) {
        let mut legs = self.legs.iter_mut().rev();
        let told = legs.find(|leg| leg.exchange == exchange && leg.key.terminal == terminal);
        if let Some(leg) = told.filter(|leg| leg.answers.arrived) {
            leg.answers.committed = true;
            leg.answers.answered = true;
        }
    }

    /// The screen ends the wait. If no reply came, the request's record now stands for its reversal.
    fn shown(&mut self, here: NodeId, key: TxnKey) {
        let mut doubt = false;
        for leg in self.legs.iter_mut().filter(|leg| leg.key == key) {
            let request = REQUESTS.contains(&leg.exchange);
            if request || matches!(leg.exchange, Exchange::Refund | Exchange::Balance) {
                leg.asks.closed = true;
                doubt |= request && leg.asks.sent && !leg.asks.replied;
            }
        }
        if doubt {
            self.leg(key, Exchange::Reversal, here).asks.committed = true;
        }
    }

    /// A reply that nobody waits for any more. One that had come before is no late one.
    fn dropped(&mut self, here: NodeId, message: &Summary) {
        if here == self.issuer {
            return;
        }
        let peer = if here == self.acquirer { self.issuer } else { self.acquirer };
        let (exchange, asks, _) = self.of(here, peer, message);
        let first = self.known(key_of(message), exchange).is_some_and(|leg| !leg.asks.again);
        if !asks && first {
            self.reach(exchange, Point::LateReply, End::Asks);
        }
    }

    fn taken(&mut self, here: NodeId, key: TxnKey, rrn: Rrn, kind: Kind) {
        self.rrns.push((rrn, key, kind));
        let (first, second) = exchanges(kind);
        if let Some(leg) = self.known(key, first) {
            leg.answers.committed = true;
        }
        self.leg(key, second, here).asks.committed = true;
    }

    fn txn(&self, rrn: Rrn) -> Option<(TxnKey, Kind)> {
        let known = self.rrns.iter().rev().find(|(known, ..)| *known == rrn);
        known.map(|(_, key, kind)| (*key, *kind))
    }

    fn answered(&mut self, rrn: Rrn) {
        let Some((key, kind)) = self.txn(rrn) else { return };
        let (first, second) = exchanges(kind);
        if let Some(leg) = self.known(key, first) {
            leg.answers.answered = true;
        }
        // A refund's advice goes on after its terminal has its answer.
        if kind.class() != Class::Advice
            && let Some(leg) = self.known(key, second)
        {
            leg.asks.closed = true;
        }
    }

    fn undoing(&mut self, here: NodeId, rrn: Rrn) {
        let Some((key, kind)) = self.txn(rrn) else { return };
        self.leg(key, Exchange::ReversalAdvice, here).asks.committed = true;
        if let Some(leg) = self.known(key, exchanges(kind).1) {
            leg.asks.closed = true;
        }
        self.reversal_recorded(key);
    }

    /// The acquirer's record of a reversal is its answer too.
    fn reversal_recorded(&mut self, key: TxnKey) {
        if let Some(leg) = self.known(key, Exchange::Reversal) {
            leg.answers.committed = true;
            leg.answers.answered = true;
        }
    }

    fn tombstone(&mut self, here: NodeId, key: TxnKey) {
        if here == self.acquirer {
            return self.reversal_recorded(key);
        }
        if let Some(leg) = self.known(key, Exchange::ReversalAdvice) {
            leg.answers.committed = true;
            leg.answers.answered = true;
        }
    }

    fn delivered(&mut self, rrn: Rrn) {
        let Some((key, kind)) = self.txn(rrn) else { return };
        let (_, second) = exchanges(kind);
        for exchange in [second, Exchange::ReversalAdvice] {
            if let Some(leg) = self.known(key, exchange) {
                leg.asks.closed = true;
            }
        }
    }

    /// The issuer's decisions and postings are durable together with its answer.
    fn decided(&mut self, rrn: Rrn) {
        let Some((key, kind)) = self.txn(rrn) else { return };
        let (_, second) = exchanges(kind);
        for exchange in [second, Exchange::ReversalAdvice] {
            if let Some(leg) = self.known(key, exchange).filter(|leg| leg.answers.arrived) {
                leg.answers.committed = true;
                leg.answers.answered = true;
            }
        }
    }
}

/// The exchanges of a kind of transaction on either leg.
fn exchanges(kind: Kind) -> (Exchange, Exchange) {
    match kind {
        Kind::Void => (Exchange::Void, Exchange::VoidOnLeg2),
        Kind::PreAuth => (Exchange::PreAuth, Exchange::PreAuthOnLeg2),
        Kind::PreAuthVoid => (Exchange::PreAuthVoid, Exchange::PreAuthVoidOnLeg2),
        Kind::Completion => (Exchange::Completion, Exchange::CompletionOnLeg2),
        Kind::CompletionVoid => (Exchange::CompletionVoid, Exchange::CompletionVoidOnLeg2),
        Kind::Refund => (Exchange::Refund, Exchange::RefundAdvice),
        Kind::CompletionAdvice => (Exchange::Refund, Exchange::RefundAdvice),
        Kind::Balance => (Exchange::Balance, Exchange::BalanceOnLeg2),
        Kind::Sale | Kind::Status | Kind::QrSale => (Exchange::Sale, Exchange::SaleOnLeg2),
    }
}

/// What a terminal asks for by a 0100 or a 0200, and reverses in doubt.
const REQUESTS: [Exchange; 6] = [
    Exchange::Sale,
    Exchange::Void,
    Exchange::PreAuth,
    Exchange::PreAuthVoid,
    Exchange::Completion,
    Exchange::CompletionVoid,
];

/// A message's transaction. A sign-on's reply may open a batch of its own, so the batch is no part of its
/// key.
fn key_of(message: &Summary) -> TxnKey {
    let batch = if message.kind.is_some() { message.batch } else { Batch(0) };
    TxnKey { terminal: message.terminal, batch, stan: message.stan }
}
