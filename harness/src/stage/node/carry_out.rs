//! Carrying out a party's effects, strictly in order, with the faults that strike between them.

use super::{Conn, Node, RESTART_AFTER_HALT_MS};
use crate::history::{Loss, What};
use crate::plan::draw::Purpose;
use crate::plan::{Death, FaultKind, NodeId, Place};
use crate::stage::damage;
use crate::stage::link::{Body, Parcel};
use cardstorm_models::party::effects::Span;
use cardstorm_models::party::{ConnId, Effect, Input, Observation, Peer, Subject, Summary};

/// A named step of a party: a place where it can die.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// Which party.
    pub at: Place,
    /// The effect's name.
    pub effect: &'static str,
    /// The transaction that the effect serves.
    pub subject: Option<Subject>,
}

/// What becomes of a step after one effect.
enum Next {
    GoOn,
    /// A sync that takes time has begun.
    Wait,
    /// The host stands still before this effect.
    Pause,
    Stop,
    SyncFailed,
}

impl Node {
    /// Carries out the effects of one step.
    pub(super) fn carry_out(&mut self, now_ms: u64) {
        if self.strikes.by_op {
            self.learn_ops();
        }
        self.carry_on(now_ms, 0, false);
    }

    /// Carries out the effects of this step from one of them on, whose faults may have struck already.
    pub(super) fn carry_on(&mut self, now_ms: u64, from: usize, mut struck: bool) {
        for n in from..self.fx.len() {
            let (subject, effect) = self.fx.get(n);
            match self.effect(now_ms, subject, &effect, std::mem::take(&mut struck)) {
                Next::GoOn => {}
                Next::Wait => return self.begin_sync(now_ms, n + 1),
                Next::Pause => {
                    assert!(self.pauses_before(n, true), "a fault wants it to stand still");
                    return;
                }
                Next::Stop => return,
                Next::SyncFailed => {
                    self.emit(now_ms, What::SyncFailed);
                    return self.feed(now_ms, Input::SyncFailed);
                }
            }
            // What set it off was a message, which has gone out.
            if self.pauses_before(n + 1, false) {
                return;
            }
        }
        self.step_ends(now_ms);
    }

    /// Remembers which operation each transaction of this step serves.
    fn learn_ops(&mut self) {
        for n in 0..self.fx.len() {
            if let (
                Some(subject),
                Effect::Fact(
                    Observation::RequestPending { op, .. }
                    | Observation::RefundPending { op, .. }
                    | Observation::Inquired { op, .. }
                    | Observation::Settling { op: Some(op), .. },
                ),
            ) = self.fx.get(n)
            {
                self.ops.insert(subject, op.op);
            }
        }
    }

    pub(super) fn op_of(&self, subject: Option<Subject>) -> Option<u32> {
        subject.and_then(|subject| self.ops.get(&subject).copied())
    }

    fn effect(
        &mut self,
        now_ms: u64,
        subject: Option<Subject>,
        effect: &Effect,
        struck: bool,
    ) -> Next {
        let mut sync_fails = false;
        if effect.is_site() && !struck {
            if let Some(sites) = &mut self.sites {
                let at = self.plan.place(self.id);
                sites.push(Site { at, effect: effect.name(), subject });
            }
            let op = self.op_of(subject);
            for strike in self.strikes.on_step(&self.plan, effect.name(), subject, op) {
                if strike.what == FaultKind::SyncError && matches!(effect, Effect::Sync) {
                    sync_fails = true;
                    self.struck(now_ms, strike);
                } else {
                    self.strike(now_ms, strike);
                }
            }
            if self.party.is_none() {
                return Next::Stop;
            }
        }
        if matches!(effect, Effect::Sync)
            && let Some(fault) = self.fills_disk(now_ms)
        {
            sync_fails = true;
            self.emit(now_ms, What::Fault { fault });
        }
        if self.pause_until_ms.is_some() && !sync_fails {
            return Next::Pause;
        }
        match *effect {
            Effect::Connect(peer) => self.dial(now_ms, peer),
            Effect::Close(conn) => self.hang_up(now_ms, conn),
            Effect::Send { conn, frame, summary, .. } => self.send(now_ms, conn, frame, summary),
            Effect::Arm { id, after_ms } => {
                let due = self.clock.due_ms(now_ms, after_ms);
                let local = self.clock.now(now_ms).mono_ms + after_ms;
                if let Some((before, _)) = self.timer_due.insert(id, (due, local)) {
                    self.timers.remove(&(before, id));
                }
                self.timers.insert((due, id));
            }
            Effect::Disarm(id) => {
                if let Some((due, _)) = self.timer_due.remove(&id) {
                    self.timers.remove(&(due, id));
                }
            }
            Effect::Append { record, .. } => self.disk.append(self.fx.bytes(record)),
            Effect::Fact(fact) => self.disk.fact(fact),
            Effect::Sync if sync_fails => return Next::SyncFailed,
            Effect::Sync if self.sync_ms > 0 => return Next::Wait,
            Effect::Sync => self.sync(now_ms),
            Effect::Show(said) => self.tell_cashier(now_ms, said),
            Effect::Print(slip) => self.print(now_ms, slip),
            Effect::SetClock(wall) => self.clock.set(now_ms, wall),
            Effect::Observe(said) => self.emit(now_ms, What::Said { said }),
            Effect::Halt => {
                self.crash(now_ms, Death::Kill, RESTART_AFTER_HALT_MS);
                return Next::Stop;
            }
        }
        if self.party.is_some() { Next::GoOn } else { Next::Stop }
    }

    /// The fault that leaves no room on the disk now, if one does.
    pub(super) fn fills_disk(&self, now_ms: u64) -> Option<u32> {
        let full = self.full_disks.iter().find(|(_, until_ms)| now_ms < **until_ms);
        full.map(|(fault, _)| *fault)
    }

    pub(super) fn sync(&mut self, now_ms: u64) {
        self.scan(now_ms);
        let (node, ordinal) = (self.id, &mut self.ordinal);
        for (_, said) in self.disk.sync() {
            self.house_asked = self.house_asked.filter(|op| said != Observation::House(*op));
            if let Some(backups) = &mut self.backups {
                backups.note(&said);
            }
            let what = What::Said { said };
            self.events.push(crate::history::Event {
                at_ms: now_ms,
                node,
                ordinal: *ordinal,
                what,
            });
            *ordinal += 1;
        }
        if let Some(backups) = &mut self.backups {
            backups.make(now_ms, self.disk.synced_bytes());
        }
    }

    fn dial(&mut self, now_ms: u64, peer: Peer) {
        let to = self.plan.node(match peer {
            Peer::Acquirer => Place::Acquirer,
            Peer::Issuer => Place::Issuer,
            Peer::Terminal => unreachable!("nobody dials a terminal"),
        });
        self.next_conn += 1;
        let conn = ConnId(u64::from(self.id.0) << 40 | self.next_conn);
        self.dialling.insert(conn, to);
        self.post(now_ms, to, Body::Open(conn));
    }

    fn hang_up(&mut self, now_ms: u64, conn: ConnId) {
        if let Some(Conn { peer, last_due_ms }) = self.conns.remove(&conn) {
            self.emit(now_ms, What::Disconnected { conn, peer });
            self.post_close(now_ms, peer, conn, last_due_ms);
        }
    }

    /// One frame goes out. The link settles here what becomes of each copy.
    fn send(&mut self, now_ms: u64, conn: ConnId, frame: Span, message: Summary) {
        // A send without a link is dropped silently; the party's timer will tell (soundness 20).
        let Some(to) = self.conns.get(&conn).map(|conn| conn.peer) else { return };
        let subject = Subject { terminal: message.terminal, stan: message.stan };
        let op = self.op_of(Some(subject));
        let (mut delay_ms, mut second_after_ms, mut dropped) = (None, None, false);
        let mut harm = None;
        for strike in self.strikes.on_message(&self.plan, true, to, &message, op) {
            match strike.what {
                FaultKind::Drop => dropped = true,
                FaultKind::Delay { ms } => delay_ms = Some(ms),
                FaultKind::Duplicate { after_ms } => second_after_ms = Some(after_ms),
                what if what.damages() => {
                    if harm.is_some() || !damage::applies(what, self.fx.bytes(frame)) {
                        continue;
                    }
                    harm = Some(what);
                }
                _ => {
                    self.strike(now_ms, strike);
                    continue;
                }
            }
            self.struck(now_ms, strike);
        }
        let Some(open) = self.conns.get(&conn) else { return };
        let last_due_ms = open.last_due_ms;
        // Drawn, and counted as a repeat, whether or not it is lost: a loss taken out of the plan must not
        // move what comes after it.
        let draw = self.link.draw(&self.plan, Purpose::Latency, self.id, to, &message);
        if dropped {
            let why = Loss::Dropped;
            self.emit(now_ms, What::Sent { to, conn, copy: 0, due_ms: None, message });
            return self.emit(now_ms, What::Lost { peer: to, why, message });
        }
        if let Some(fault) = self.link.cut(now_ms, to, true) {
            self.emit(now_ms, What::Fault { fault });
            self.emit(now_ms, What::Sent { to, conn, copy: 0, due_ms: None, message });
            return self.emit(now_ms, What::Lost { peer: to, why: Loss::Cut, message });
        }
        let (latency, slowed_by) = self.link.latency(&self.plan, now_ms, self.id, to);
        if let Some(fault) = slowed_by {
            self.emit(now_ms, What::Fault { fault });
        }
        let on_time_ms = (now_ms + latency.draw(draw)).max(last_due_ms);
        if delay_ms.is_none()
            && let Some(open) = self.conns.get_mut(&conn)
        {
            open.last_due_ms = on_time_ms;
        }
        let due_ms = on_time_ms + delay_ms.unwrap_or(0);
        self.copy(now_ms, to, conn, 0, due_ms, frame, message, op, harm, draw.fork(2));
        if let Some(after_ms) = second_after_ms {
            let due_ms = due_ms + after_ms;
            self.copy(now_ms, to, conn, 1, due_ms, frame, message, op, None, draw.fork(3));
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one parcel")]
    fn copy(
        &mut self,
        now_ms: u64,
        to: NodeId,
        conn: ConnId,
        copy: u8,
        due_ms: u64,
        frame: Span,
        message: Summary,
        op: Option<u32>,
        harm: Option<FaultKind>,
        draw: crate::plan::draw::Draw,
    ) {
        self.emit(now_ms, What::Sent { to, conn, copy, due_ms: Some(due_ms), message });
        let mut bytes = self.fx.bytes(frame).to_vec();
        let ends = (self.id, to);
        let damage = harm.map(|what| damage::damage(&self.plan, ends, &message, what, &mut bytes));
        let split = draw.per_million(self.plan.links.split_per_million);
        let split_at = split.then(|| {
            // Into two pieces, neither of them empty.
            let at = 1 + draw.fork(1).below((bytes.len() as u64).saturating_sub(1).max(1));
            u16::try_from(at).expect("frames are below 64 KiB")
        });
        let serial = self.link.serial();
        let body = Body::Frame { conn, message, op, bytes, split_at, held: false, damage };
        self.out.push(Parcel { from: self.id, to, due_ms, serial, body });
    }
}
