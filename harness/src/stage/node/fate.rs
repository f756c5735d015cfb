//! What faults do to a node: cuts, resets, clocks, death. What it sent before goes on travelling.

use super::{Control, Node};
use crate::history::What;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{Death, Direction, FaultKind, NodeId};
use crate::stage::link::{Body, Cut, Parcel, Rhythm, Slow};
use crate::stage::strike::Strike;
use cardstorm_models::party::{ConnId, Observation};

impl Node {
    /// The host itself goes down, until a time.
    pub fn die(&mut self, now_ms: u64, death: Death, back_ms: u64) {
        if self.party.is_some() {
            self.crash(now_ms, death, back_ms.saturating_sub(now_ms));
            self.out.clear();
            self.inbox.clear();
        }
    }

    /// Sends something that is no frame: it takes the link's shortest time, and is lost in a cut.
    pub(super) fn post(&mut self, now_ms: u64, to: NodeId, body: Body) {
        if let Some(fault) = self.link.cut(now_ms, to, true) {
            return self.emit(now_ms, What::Fault { fault });
        }
        let (latency, _) = self.link.latency(&self.plan, now_ms, self.id, to);
        let mut due_ms = now_ms + latency.least_ms();
        if let Body::Closed(conn) = body
            && let Some(conn) = self.conns.get(&conn)
        {
            due_ms = due_ms.max(conn.last_due_ms);
        }
        let serial = self.link.serial();
        self.out.push(Parcel { from: self.id, to, due_ms, serial, body });
    }

    /// A fault has struck: what counts is that something happened.
    pub(super) fn struck(&mut self, now_ms: u64, strike: Strike) {
        self.emit(now_ms, What::Fault { fault: strike.number });
    }

    /// A fault's trigger came. Cuts and latencies begin here and strike at each message that they meet;
    /// those that act on one message are carried out where the message is.
    pub(super) fn strike(&mut self, now_ms: u64, strike: Strike) {
        let fault = strike.number;
        match strike.what {
            FaultKind::Latency { peer, latency, for_ms } => {
                let peer = self.plan.node(peer);
                let until_ms = (now_ms + for_ms).min(self.plan.chaos_ms);
                self.link.slows.push(Slow { fault, peer, latency, until_ms });
            }
            FaultKind::Partition { peer, direction, for_ms } => {
                let peer = Some(self.plan.node(peer));
                self.cut(now_ms, fault, peer, direction, for_ms, None);
            }
            FaultKind::BlackHole { for_ms } => {
                self.cut(now_ms, fault, None, Direction::Both, for_ms, None);
            }
            FaultKind::Reset { peer } => {
                let peer = self.plan.node(peer);
                if self.conns.values().any(|conn| conn.peer == peer) {
                    self.struck(now_ms, strike);
                    self.reset(now_ms, peer);
                }
            }
            FaultKind::HalfOpen { peer } => {
                let lost = self.conns_with(self.plan.node(peer));
                if !lost.is_empty() {
                    self.struck(now_ms, strike);
                    for conn in lost {
                        self.conn_gone(now_ms, conn);
                        self.half_open.insert(conn);
                    }
                }
            }
            FaultKind::Flap { peer, down_ms, up_ms, for_ms } => {
                let rhythm = Some(Rhythm { since_ms: now_ms, down_ms, up_ms });
                let peer = Some(self.plan.node(peer));
                self.cut(now_ms, fault, peer, Direction::Both, for_ms, rhythm);
            }
            FaultKind::Pause { for_ms } => self.pause(now_ms, strike, for_ms),
            FaultKind::DiskFull { for_ms } => {
                let until_ms = (now_ms + for_ms).min(self.plan.chaos_ms);
                self.full_disks.insert(fault, until_ms);
            }
            FaultKind::PaperOut { for_ms } => self.break_printer(now_ms, strike, for_ms, false),
            FaultKind::PrinterJam { for_ms, slip_out } => {
                self.break_printer(now_ms, strike, for_ms, slip_out);
            }
            FaultKind::WrongZone { hours } => {
                self.struck(now_ms, strike);
                self.clock.zone(hours);
            }
            FaultKind::Crash { death, restart_after_ms } => {
                if self.party.is_some() {
                    self.struck(now_ms, strike);
                    self.crash(now_ms, death, restart_after_ms);
                }
            }
            FaultKind::ClockStep { ms } | FaultKind::ClockSkew { ms } => {
                self.struck(now_ms, strike);
                self.clock.step(ms);
            }
            FaultKind::ClockDrift { ppm, for_ms } => {
                self.struck(now_ms, strike);
                self.drift_until_ms = (now_ms + for_ms).min(self.plan.chaos_ms.max(now_ms));
                self.drift(now_ms, ppm);
                self.control(self.drift_until_ms, Control::DriftEnds);
            }
            FaultKind::Restore { age_ms, restart_after_ms, even_open } => {
                self.restore(now_ms, strike, age_ms, restart_after_ms, even_open);
            }
            FaultKind::Drop
            | FaultKind::Delay { .. }
            | FaultKind::Duplicate { .. }
            | FaultKind::Corrupt { .. }
            | FaultKind::Truncate
            | FaultKind::StripMac
            | FaultKind::SyncError => {}
        }
    }

    /// The party loses power, and its journal is an older one when it comes back.
    fn restore(
        &mut self,
        now_ms: u64,
        strike: Strike,
        age_ms: u64,
        restart_after_ms: u64,
        even_open: bool,
    ) {
        let Some(backups) = &mut self.backups else { return };
        if self.party.is_none() || !(even_open || backups.is_quiet()) {
            return;
        }
        let bytes = backups.back_to(now_ms.saturating_sub(age_ms), even_open);
        self.disk.lose_unsynced();
        self.disk.restore(bytes);
        self.struck(now_ms, strike);
        self.crash(now_ms, Death::PowerLoss, restart_after_ms);
    }

    /// The oscillator runs at another rate from now on, and with it every timer that is armed.
    pub(super) fn drift(&mut self, now_ms: u64, ppm: i32) {
        self.clock.drift(now_ms, ppm);
        let local_ms = self.clock.now(now_ms).mono_ms;
        self.timers.clear();
        for (id, (due, local)) in &mut self.timer_due {
            *due = self.clock.due_ms(now_ms, local.saturating_sub(local_ms));
            self.timers.insert((*due, *id));
        }
    }

    fn cut(
        &mut self,
        now_ms: u64,
        fault: u32,
        peer: Option<NodeId>,
        direction: Direction,
        for_ms: u64,
        rhythm: Option<Rhythm>,
    ) {
        let until_ms = (now_ms + for_ms).min(self.plan.chaos_ms);
        self.link.cuts.push(Cut { fault, peer, direction, until_ms, rhythm });
    }

    fn reset(&mut self, now_ms: u64, peer: NodeId) {
        for conn in self.conns_with(peer) {
            self.post(now_ms, peer, Body::Closed(conn));
            self.conn_gone(now_ms, conn);
        }
    }

    fn conns_with(&self, peer: NodeId) -> Vec<ConnId> {
        let with = self.conns.iter().filter(|(_, conn)| conn.peer == peer);
        with.map(|(id, _)| *id).collect()
    }

    /// The party dies: its timers, its connections and what was not synced go with it. What it sent
    /// before goes on travelling.
    pub(super) fn crash(&mut self, now_ms: u64, death: Death, restart_after_ms: u64) {
        self.party = None;
        self.cut_short(now_ms);
        self.died_by = Some(death);
        // Keyed by how far the journal had come, so that an earlier death taken out moves nothing.
        let words = [u64::from(self.id.0), self.disk.synced_bytes()];
        let lost_bytes = match self.fills_disk(now_ms) {
            Some(_) => self.disk.lose_unsynced(),
            None => self.disk.crash(Draw::keyed(self.plan.seed, Purpose::Tear, &words)),
        };
        self.scan(now_ms);
        for said in self.disk.survivors() {
            self.house_asked = self.house_asked.filter(|op| said != Observation::House(*op));
            if let Some(backups) = &mut self.backups {
                backups.note(&said);
            }
            self.emit(now_ms, What::Said { said });
        }
        if let Some(op) = self.house_asked.take() {
            self.house_waiting.push_front(op);
        }
        self.emit(now_ms, What::Crashed { death, lost_bytes });
        self.timers.clear();
        self.timer_due.clear();
        self.dialling.clear();
        self.downs.clear();
        self.device.clear();
        self.half_open.clear();
        let conns = std::mem::take(&mut self.conns);
        if death == Death::Kill {
            for (id, conn) in &conns {
                let due = conn.last_due_ms;
                self.post_close(now_ms, conn.peer, *id, due);
            }
        }
        self.control(now_ms + restart_after_ms.max(1), Control::Restart);
    }

    pub(super) fn post_close(
        &mut self,
        now_ms: u64,
        peer: NodeId,
        conn: ConnId,
        not_before_ms: u64,
    ) {
        self.post(now_ms, peer, Body::Closed(conn));
        if let Some(parcel) = self.out.last_mut()
            && parcel.body == Body::Closed(conn)
        {
            parcel.due_ms = parcel.due_ms.max(not_before_ms);
        }
    }

    /// Searches what was appended since the last time for the plan's secrets.
    pub(super) fn scan(&mut self, now_ms: u64) {
        let bytes = self.disk.unscanned();
        self.scanned_bytes += bytes.len() as u64;
        if let Some(secret) = self.secrets.find(bytes) {
            self.emit(now_ms, What::Leak { secret });
        }
    }
}
