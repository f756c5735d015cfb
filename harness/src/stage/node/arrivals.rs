//! What reaches a node: dials, frames, bytes, slips, and the end of connections.

use super::{Conn, Node};
use crate::history::{Loss, What};
use crate::plan::{Death, FaultKind, NodeId};
use crate::stage::damage;
use crate::stage::link::{Body, Parcel, Queued};
use cardstorm_models::party::{ConnId, Input, Subject, Summary};

impl Node {
    pub(super) fn parcel(&mut self, now_ms: u64, parcel: Parcel) {
        let from = parcel.from;
        if let Body::Slip { op, slip } = parcel.body {
            if let Some(cashier) = &mut self.cashier {
                cashier.slip_arrives(op, slip);
            }
            if let Some(desk) = &mut self.desk {
                desk.slip_arrives(op, slip);
            }
            return;
        }
        if let Some(fault) = self.link.cut(now_ms, from, false) {
            self.emit(now_ms, What::Fault { fault });
            if let Body::Frame { message, .. } = parcel.body {
                self.emit(now_ms, What::Lost { peer: from, why: Loss::Cut, message });
            }
            return;
        }
        match parcel.body {
            Body::Open(conn) => self.dialled(now_ms, from, conn),
            Body::Accepted(conn) => self.dial_taken(now_ms, from, conn),
            Body::Refused(conn) => {
                if self.dialling.remove(&conn).is_some() {
                    let peer = self.plan.peer(from);
                    self.feed(now_ms, Input::Refused { peer });
                }
            }
            Body::Closed(conn) => {
                self.half_open.remove(&conn);
                self.conn_gone(now_ms, conn);
            }
            Body::Frame { .. } => self.frame(now_ms, parcel),
            Body::Chunk { conn, bytes, completes } => {
                self.chunk(now_ms, from, conn, &bytes, &completes);
            }
            Body::Slip { .. } => unreachable!("handled above"),
        }
        // What set it off is lost or comes later; the host stands still all the same.
        self.pauses();
    }

    pub(super) fn dialled(&mut self, now_ms: u64, from: NodeId, conn: ConnId) {
        if self.party.is_none() {
            // A machine whose process was killed refuses; one without power is silent, and the dialler
            // times it.
            if self.died_by == Some(Death::Kill) {
                self.post(now_ms, from, Body::Refused(conn));
            }
            return;
        }
        self.post(now_ms, from, Body::Accepted(conn));
        self.conns.insert(conn, Conn { peer: from, last_due_ms: 0 });
        self.emit(now_ms, What::Connected { conn, peer: from });
        let peer = self.plan.peer(from);
        self.feed(now_ms, Input::Up { conn, peer, dialled: false });
    }

    pub(super) fn dial_taken(&mut self, now_ms: u64, from: NodeId, conn: ConnId) {
        if self.dialling.remove(&conn).is_none() {
            // Dialled by a process that is gone.
            return self.post(now_ms, from, Body::Closed(conn));
        }
        self.conns.insert(conn, Conn { peer: from, last_due_ms: 0 });
        self.emit(now_ms, What::Connected { conn, peer: from });
        let peer = self.plan.peer(from);
        self.feed(now_ms, Input::Up { conn, peer, dialled: true });
    }

    pub(super) fn conn_gone(&mut self, now_ms: u64, conn: ConnId) {
        self.dialling.remove(&conn);
        if let Some(gone) = self.conns.remove(&conn) {
            self.emit(now_ms, What::Disconnected { conn, peer: gone.peer });
            self.downs.push_back(conn);
        }
    }

    /// One frame is there. Faults that wait for it here strike first, once: a copy that they hold back or
    /// make comes again as held.
    fn frame(&mut self, now_ms: u64, mut parcel: Parcel) {
        let from = parcel.from;
        let again = |parcel: &Parcel, due_ms: u64| {
            let mut parcel = Parcel { due_ms, ..parcel.clone() };
            if let Body::Frame { held, .. } = &mut parcel.body {
                *held = true;
            }
            Queued(parcel)
        };
        let Body::Frame { conn, message, op, held, .. } = parcel.body else { return };
        self.learn_op(&message, op);
        let strikes = if held {
            Vec::new()
        } else {
            self.strikes.on_message(&self.plan, false, from, &message, op)
        };
        for strike in strikes {
            match strike.what {
                FaultKind::Drop => {
                    self.struck(now_ms, strike);
                    let why = Loss::Dropped;
                    return self.emit(now_ms, What::Lost { peer: from, why, message });
                }
                FaultKind::Delay { ms } => {
                    self.struck(now_ms, strike);
                    return self.inbox.push(again(&parcel, now_ms + ms.max(1)));
                }
                FaultKind::Duplicate { after_ms } => {
                    self.struck(now_ms, strike);
                    self.inbox.push(again(&parcel, now_ms + after_ms.max(1)));
                }
                what if what.damages() => {
                    let Body::Frame { bytes, damage, .. } = &mut parcel.body else { return };
                    // What is damaged already may be mended by the same again.
                    if damage.is_none() && damage::applies(what, bytes) {
                        let ends = (from, self.id);
                        *damage = Some(damage::damage(&self.plan, ends, &message, what, bytes));
                        self.struck(now_ms, strike);
                    }
                }
                _ => self.strike(now_ms, strike),
            }
            if let Some(fault) = self.link.cut(now_ms, from, false) {
                self.emit(now_ms, What::Fault { fault });
                return self.emit(now_ms, What::Lost { peer: from, why: Loss::Cut, message });
            }
        }
        if self.pauses() {
            // It lies there until the host goes on, and keeps its place before what came later.
            let due_ms = parcel.due_ms;
            return self.inbox.push(again(&parcel, due_ms));
        }
        let Body::Frame { bytes, split_at, damage, .. } = parcel.body else { return };
        if self.party.is_none() {
            return self.emit(now_ms, What::Lost { peer: from, why: Loss::HostDown, message });
        }
        if !self.conns.contains_key(&conn) {
            self.half_open.remove(&conn);
            self.emit(now_ms, What::Lost { peer: from, why: Loss::NoConnection, message });
            return self.post(now_ms, from, Body::Closed(conn));
        }
        self.emit(
            now_ms,
            match damage {
                None => What::Received { from, conn, message },
                Some(how) => What::Damaged { from, conn, message, how },
            },
        );
        let split = usize::from(split_at.unwrap_or(0)).min(bytes.len());
        let (head, tail) = bytes.split_at(split);
        if !head.is_empty() {
            self.feed(now_ms, Input::Bytes { conn, chunk: head });
        }
        if self.held.is_some() {
            // The first piece set off a wait: the second lies unread until that is over.
            self.unread = Some((conn, tail.to_vec()));
        } else {
            self.rest_of_frame(now_ms, conn, tail);
        }
    }

    pub(super) fn rest_of_frame(&mut self, now_ms: u64, conn: ConnId, tail: &[u8]) {
        if self.conns.contains_key(&conn) {
            self.feed(now_ms, Input::Bytes { conn, chunk: tail });
        }
    }

    /// Bytes of a native network. Its messages have no parcels of their own, so faults that wait for a
    /// received message see them here, before the bytes that complete them are handed over.
    pub(super) fn chunk(
        &mut self,
        now_ms: u64,
        from: NodeId,
        conn: ConnId,
        bytes: &[u8],
        completes: &[Summary],
    ) {
        for message in completes {
            let op = self.op_of(Some(Subject { terminal: message.terminal, stan: message.stan }));
            for strike in self.strikes.on_message(&self.plan, false, from, message, op) {
                if !strike.what.acts_on_message() {
                    self.strike(now_ms, strike);
                } else if strike.what == FaultKind::Drop {
                    self.struck(now_ms, strike);
                    // What completes a lost message is lost with it.
                    let message = *message;
                    return self
                        .emit(now_ms, What::Lost { peer: from, why: Loss::Dropped, message });
                }
            }
            if self.party.is_some() && self.conns.contains_key(&conn) {
                self.emit(now_ms, What::Received { from, conn, message: *message });
            }
        }
        if self.conns.contains_key(&conn) {
            if self.pauses() {
                self.unread = Some((conn, bytes.to_vec()));
            } else {
                self.feed(now_ms, Input::Bytes { conn, chunk: bytes });
            }
        } else {
            // Bytes on a connection that is gone at this end: the other end learns of it now.
            self.half_open.remove(&conn);
        }
    }

    /// Whether the stage is to keep a connection: up, being dialled, or gone here without a word.
    pub fn knows(&self, conn: ConnId) -> bool {
        self.conns.contains_key(&conn)
            || self.dialling.contains_key(&conn)
            || self.half_open.contains(&conn)
    }

    /// Remembers which operation a transaction serves, where some fault asks for it.
    pub(super) fn learn_op(&mut self, message: &Summary, op: Option<u32>) {
        if let (true, Some(op)) = (self.strikes.by_op, op) {
            let subject = Subject { terminal: message.terminal, stan: message.stan };
            self.ops.insert(subject, op);
        }
    }
}
