//! A node drives one party: its inbox, timers, disk, clocks, links, faults, and the cashier before it. The
//! same node runs on every stage; it names no stage and no runtime. `carry_out` does what a party wants.

use super::backup::Backups;
use super::clock::Clock;
use super::desk::Desk;
use super::disk::Disk;
use super::link::{Body, Link, Parcel, Queued};
use super::operator::Cashier;
use super::printer::Printer;
use super::strike::{Strike, Strikes};
use crate::history::{Event, Phase, Secrets, What};
use crate::plan::{Death, FaultKind, NodeId, Place, Plan};
use cardstorm_models::party::acquirer::Acquirer;
use cardstorm_models::party::issuer::Issuer;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::terminal::Terminal;
use cardstorm_models::party::{
    ConnId, DeviceEvent, Effects, HouseOp, Input, Observation, Party, Subject, TimerId,
};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::sync::Arc;

mod arrivals;
mod carry_out;
mod fate;
mod held;
mod print;
pub use carry_out::Site;
use held::Held;

/// Milliseconds until a party that stopped itself is started again.
const RESTART_AFTER_HALT_MS: u64 = 5_000;

/// Something that the node itself does at a time.
#[derive(Clone, Copy)]
enum Control {
    Begin,
    Heal,
    Strike(Strike),
    DriftEnds,
    PrinterMended,
    Restart,
    House(HouseOp),
}

/// A connection as one end knows it.
struct Conn {
    peer: NodeId,
    /// Nothing sent later arrives earlier, on one connection.
    last_due_ms: u64,
}

/// One party with all that surrounds it.
pub struct Node {
    plan: Arc<Plan>,
    id: NodeId,
    party: Option<Box<dyn Party>>,
    clock: Clock,
    disk: Disk,
    /// Where some fault restores one.
    backups: Option<Backups>,
    link: Link,
    strikes: Strikes,
    cashier: Option<Cashier>,
    desk: Option<Desk>,
    controls: BTreeMap<(u64, u32), Control>,
    next_control: u32,
    inbox: BinaryHeap<Queued>,
    timers: BTreeSet<(u64, TimerId)>,
    /// When each armed timer is due, in true time and by the party's own clock.
    timer_due: BTreeMap<TimerId, (u64, u64)>,
    conns: BTreeMap<ConnId, Conn>,
    next_conn: u64,
    /// Dials not yet answered.
    dialling: BTreeMap<ConnId, NodeId>,
    /// Connections that broke and of which the party must still hear; a fault may break one in the
    /// middle of a step.
    downs: VecDeque<ConnId>,
    /// A terminal's printer.
    printer: Printer,
    /// What it has said and the terminal has not heard yet.
    device: VecDeque<DeviceEvent>,
    /// What the institution's people want done once their system is back.
    house_waiting: VecDeque<HouseOp>,
    /// What they have asked for and not yet seen done.
    house_asked: Option<HouseOp>,
    /// What the party waits for before it takes an input again, if it does.
    held: Option<Held>,
    /// Until when a fault wants the host to stand still, as soon as it can.
    pause_until_ms: Option<u64>,
    /// Connections that are gone here and of which the other end has not heard.
    half_open: BTreeSet<ConnId>,
    /// Until when each fault that fills the disk does so.
    full_disks: BTreeMap<u32, u64>,
    /// How long one takes.
    sync_ms: u64,
    /// When a wait last ended, whether it came to its end or the party died over it.
    busy_until_ms: u64,
    /// Whether the current step is the first since a start.
    booting: bool,
    /// How the party died last, while it is down.
    died_by: Option<Death>,
    /// When the oscillator is true again.
    drift_until_ms: u64,
    /// When the final reads are due.
    read_due_ms: Option<u64>,
    fx: Effects,
    ops: BTreeMap<Subject, u32>,
    secrets: Arc<Secrets>,
    /// What came of a frame behind the piece that set off a sync.
    unread: Option<(ConnId, Vec<u8>)>,
    scanned_bytes: u64,
    ordinal: u32,
    /// Events of the current step, for the stage to take.
    pub events: Vec<Event>,
    /// Parcels of the current step, for the stage to carry.
    pub out: Vec<Parcel>,
    /// Every site that was passed, where a test wants to know.
    pub sites: Option<Vec<Site>>,
}

impl Node {
    /// A node before its run.
    pub fn new(plan: &Arc<Plan>, secrets: &Arc<Secrets>, id: NodeId) -> Node {
        let cashier = match plan.place(id) {
            Place::Terminal(n) => Some(Cashier::new(Arc::clone(plan), n)),
            Place::Acquirer | Place::Issuer => None,
        };
        let mut node = Node {
            plan: Arc::clone(plan),
            id,
            party: None,
            clock: Clock::new(plan),
            disk: Disk::default(),
            backups: Backups::wanted(plan, id),
            link: Link::default(),
            strikes: Strikes::new(plan, id),
            cashier,
            desk: Desk::at(plan, plan.place(id)),
            controls: BTreeMap::new(),
            next_control: 0,
            inbox: BinaryHeap::new(),
            timers: BTreeSet::new(),
            timer_due: BTreeMap::new(),
            conns: BTreeMap::new(),
            next_conn: 0,
            dialling: BTreeMap::new(),
            downs: VecDeque::new(),
            printer: Printer::default(),
            device: VecDeque::new(),
            house_waiting: VecDeque::new(),
            house_asked: None,
            held: None,
            pause_until_ms: None,
            half_open: BTreeSet::new(),
            full_disks: BTreeMap::new(),
            sync_ms: plan.world.sync_times.at_ms(plan.place(id)),
            busy_until_ms: 0,
            booting: false,
            died_by: None,
            drift_until_ms: 0,
            read_due_ms: Some(plan.end_ms()),
            fx: Effects::default(),
            ops: BTreeMap::new(),
            secrets: Arc::clone(secrets),
            unread: None,
            scanned_bytes: 0,
            ordinal: 0,
            events: Vec::new(),
            out: Vec::new(),
            sites: None,
        };
        node.control(0, Control::Begin);
        for (ms, strike) in Strikes::timed(plan, id) {
            let skew = matches!(strike.what, FaultKind::ClockSkew { .. });
            node.control(if skew { 0 } else { ms }, Control::Strike(strike));
        }
        for house in &plan.house {
            let place = match house.op {
                HouseOp::Sweep { .. }
                | HouseOp::LoseBatchItem { .. }
                | HouseOp::Maintenance { .. } => Place::Acquirer,
                _ => Place::Issuer,
            };
            if plan.node(place) == id {
                node.control(house.at_ms, Control::House(house.op));
            }
        }
        node.control(plan.chaos_ms, Control::Heal);
        node
    }

    fn control(&mut self, at_ms: u64, control: Control) {
        self.controls.insert((at_ms, self.next_control), control);
        self.next_control += 1;
    }

    /// When this node next does something.
    pub fn next_due_ms(&self) -> Option<u64> {
        let control = self.controls.first_key_value().map_or(u64::MAX, |((ms, _), _)| *ms);
        if let Some(held) = &self.held {
            return Some(control.min(held.until_ms));
        }
        let parcel = self.inbox.peek().map_or(u64::MAX, |queued| queued.0.due_ms);
        let timer = self.timers.first().map_or(u64::MAX, |(ms, _)| *ms);
        let cashier = self.cashier.as_ref().and_then(Cashier::next_due_ms).unwrap_or(u64::MAX);
        let read = self.read_due_ms.unwrap_or(u64::MAX);
        let desk = self.desk.as_ref().and_then(Desk::next_due_ms).unwrap_or(u64::MAX);
        let due = control.min(parcel).min(timer).min(cashier).min(desk).min(read);
        (due != u64::MAX).then_some(due)
    }

    /// Takes a parcel that will be there at its due time.
    pub fn accept(&mut self, parcel: Parcel) {
        assert_eq!(parcel.to, self.id, "a parcel reaches the party it was sent to");
        self.inbox.push(Queued(parcel));
    }

    /// Does everything that is due at this millisecond, in the canonical order: what is left of the step
    /// before, the node's own doings, parcels, timers, the cashier, and the final reads.
    pub fn step(&mut self, now_ms: u64) {
        loop {
            if self.held.is_none()
                && let Some((conn, bytes)) = self.unread.take()
            {
                self.rest_of_frame(now_ms, conn, &bytes);
            } else if self.held.is_none()
                && let Some(conn) = self.downs.pop_front()
            {
                self.feed(now_ms, Input::Down { conn });
            } else if self.held.is_none()
                && let Some(event) = self.device.pop_front()
            {
                self.feed(now_ms, Input::Device(event));
            } else if self.controls.first_key_value().is_some_and(|((due, _), _)| *due <= now_ms) {
                let ((due, _), control) = self.controls.pop_first().expect("just seen");
                assert_eq!(due, now_ms, "nothing is done late");
                self.carry_control(now_ms, control);
            } else if let Some(held) = &self.held {
                if held.until_ms > now_ms {
                    break;
                }
                self.let_go(now_ms);
            } else if self.party.is_some()
                && let Some(op) = self.house_waiting.pop_front()
            {
                self.house_asked = Some(op);
                self.feed(now_ms, Input::House(op));
            } else if self.inbox.peek().is_some_and(|queued| queued.0.due_ms <= now_ms) {
                let parcel = self.inbox.pop().expect("just seen").0;
                self.assert_on_time(now_ms, parcel.due_ms, "a parcel");
                self.parcel(now_ms, parcel);
            } else if let Some(&(due, id)) = self.timers.first().filter(|(due, _)| *due <= now_ms) {
                self.assert_on_time(now_ms, due, "a timer");
                self.timers.remove(&(due, id));
                self.timer_due.remove(&id);
                self.feed(now_ms, Input::Timer(id));
            } else if !self.cashier_acts(now_ms) && !self.desk_acts(now_ms) {
                break;
            }
        }
        if self.read_due_ms.is_some_and(|due| due <= now_ms) {
            self.read_due_ms = None;
            self.read(now_ms);
        }
    }

    fn emit(&mut self, now_ms: u64, what: What) {
        tracing::trace!(target: "cardstorm::event", at_ms = now_ms, node = self.id.0, ?what);
        self.events.push(Event { at_ms: now_ms, node: self.id, ordinal: self.ordinal, what });
        self.ordinal += 1;
    }

    fn phase(&mut self, now_ms: u64, phase: Phase) {
        if self.id == NodeId(0) {
            self.emit(now_ms, What::Phase { phase });
        }
    }

    fn carry_control(&mut self, now_ms: u64, control: Control) {
        match control {
            Control::Begin => {
                self.phase(now_ms, Phase::Chaos);
                self.boot(now_ms);
            }
            // Faults end with the chaos, whatever time they name.
            Control::Strike(strike) if now_ms < self.plan.chaos_ms => {
                self.strike(now_ms, strike);
                self.pauses();
            }
            Control::Strike(_) => {}
            Control::DriftEnds if now_ms >= self.drift_until_ms => self.drift(now_ms, 0),
            Control::DriftEnds => {}
            Control::PrinterMended => self.mend_printer(now_ms),
            Control::Restart => {
                if self.party.is_none() {
                    self.boot(now_ms);
                }
            }
            // The institution's people wait until their system is back, and keep their order.
            Control::House(op) => self.house_waiting.push_back(op),
            Control::Heal => {
                self.phase(now_ms, Phase::Drain);
                self.drift(now_ms, 0);
                self.clock.heal(now_ms);
                self.strikes.end();
                self.link.cuts.clear();
                self.link.slows.clear();
                self.full_disks.clear();
                self.mend_printer(now_ms);
                if self.party.is_none() {
                    self.boot(now_ms);
                }
            }
        }
    }

    fn read(&mut self, now_ms: u64) {
        self.phase(now_ms, Phase::Reads);
        self.scan(now_ms);
        self.emit(now_ms, What::Scanned { bytes: self.scanned_bytes });
        let mut balances = Vec::new();
        if let Some(party) = &self.party {
            party.read_balances(&mut |account, balance| balances.push((account, balance)));
        }
        for (account, balance) in balances {
            self.emit(now_ms, What::Balance { account, balance });
        }
    }

    fn boot(&mut self, now_ms: u64) {
        self.clock.boot(now_ms);
        let world = &self.plan.world;
        let mut party: Box<dyn Party> = match self.plan.place(self.id) {
            Place::Terminal(n) => Box::new(Terminal::new(world.terminals[n as usize].clone())),
            Place::Acquirer => Box::new(Acquirer::new(world.acquirer.clone())),
            Place::Issuer => Box::new(Issuer::new(world.issuer.clone())),
        };
        let mut records = 0;
        let mut fx = std::mem::take(&mut self.fx);
        fx.clear();
        let now = self.clock.now(now_ms);
        let survived = self.disk.records().inspect(|_| records += 1);
        party.handle(now, Input::Boot(Box::new(survived)), &mut fx);
        self.party = Some(party);
        self.emit(now_ms, What::Booted { records });
        self.fx = fx;
        self.booting = true;
        self.carry_out(now_ms);
    }

    /// After a restart, an operation that the terminal says nothing about left no trace: nothing was
    /// sent, and the cashier may begin again.
    fn forgotten_op_ends(&mut self, now_ms: u64) {
        if let Some(desk) = &mut self.desk {
            desk.system_is_back();
        }
        let Some(cashier) = &self.cashier else { return };
        if let (Some(op), true) = (cashier.current(), self.party.is_some()) {
            self.tell_cashier(now_ms, Observation::Ended { op, outcome: Outcome::Failed });
        }
    }

    fn tell_cashier(&mut self, now_ms: u64, said: Observation) {
        self.emit(now_ms, What::Said { said });
        let claim = self.desk.as_mut().and_then(|desk| desk.sees(now_ms, &said));
        let walks = self.cashier.as_mut().map(|cashier| cashier.sees(now_ms, &said));
        for walk in walks.into_iter().flatten().chain(claim) {
            let due_ms = now_ms + WALK_MS.max(self.plan.least_latency_ms());
            let serial = self.link.serial();
            let body = Body::Slip { op: walk.op, slip: walk.slip };
            self.out.push(Parcel { from: self.id, to: walk.to, due_ms, serial, body });
        }
    }

    /// Lets the cashier do one thing; false if there is none.
    fn cashier_acts(&mut self, now_ms: u64) -> bool {
        let Some(cashier) = &mut self.cashier else { return false };
        cashier.look_at_clock(now_ms);
        if self.party.is_none() {
            return false;
        }
        let Some((what, ask)) = cashier.next() else { return false };
        self.emit(now_ms, what);
        if let Some(ask) = ask {
            self.feed(now_ms, Input::Op(ask));
        }
        true
    }

    /// Lets whoever is at the desk ask one thing; false if there is nothing to ask.
    fn desk_acts(&mut self, now_ms: u64) -> bool {
        let Some(desk) = &mut self.desk else { return false };
        desk.look_at_clock(now_ms);
        if self.party.is_none() {
            return false;
        }
        let Some((what, ask)) = desk.next() else { return false };
        if let Some(what) = what {
            self.emit(now_ms, what);
        }
        if let Some(ask) = ask {
            self.feed(now_ms, Input::Desk(ask));
        }
        true
    }

    /// Hands an input to the party and does what it wants.
    fn feed(&mut self, now_ms: u64, input: Input<'_>) {
        assert!(self.held.is_none(), "a party takes no input while it waits");
        let Some(party) = &mut self.party else { return };
        let mut fx = std::mem::take(&mut self.fx);
        fx.clear();
        party.handle(self.clock.now(now_ms), input, &mut fx);
        self.fx = fx;
        self.carry_out(now_ms);
    }
}

/// Milliseconds for a customer to walk to another terminal with a slip.
const WALK_MS: u64 = 5_000;
