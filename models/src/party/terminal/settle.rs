//! Batch settlement, step by step, each step durable before the next (flows 4.8, soundness 17): totals, the
//! upload of details where they differ, the end message, the slip, the next batch. From `Settling` on the
//! terminal sells nothing, and a restart goes on just where it was.

use super::record::{BatchSlip, Journal, LineState, Record, Step};
use super::{
    Activity, BatchEnd, PendingAtSettlement, TIMER_REPLY, Terminal, UploadFlags, UploadedLines,
};
use crate::ids::{Batch, ResponseCode, Stan};
use crate::money::Fen;
use crate::party::observe::{Outcome, Text, TxnKey};
use crate::party::{ConnId, Effects, Observation, TerminalOp};
use crate::time::Now;
use crate::wire::{
    Balanced, Class, Kind, Message, Settle, SettleReply, Side, Station, Totals, Upload, UploadPart,
    UploadRecord, UploadRecords, UploadReply,
};

/// One item of a batch: what an upload says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Item {
    batch: Batch,
    stan: Stan,
    kind: Kind,
    amount: Fen,
}

impl Journal {
    /// Everything that counts, whatever its batch, in the order of the lines: approved and not undone.
    fn items(&self) -> impl Iterator<Item = Item> {
        let counts = |state| matches!(state, LineState::Approved | LineState::RefundAccepted);
        let lines = self.lines.iter().filter(move |(_, line)| counts(line.state));
        let items = lines.map(|(stan, line)| {
            let (batch, kind, amount) = (line.batch, line.kind, line.amount);
            Item { batch, stan: *stan, kind, amount }
        });
        items.filter(|item| item.kind.side() != Side::None)
    }

    fn items_of(&self, batch: Batch) -> impl Iterator<Item = Item> {
        self.items().filter(move |item| item.batch == batch)
    }

    /// What is settled first: a batch that was left behind when a new one was offered (soundness 8), or else
    /// the one that is open.
    fn batch_to_settle(&self) -> Batch {
        let mut older = self.items().filter(|item| item.batch != self.batch);
        older.next().map_or(self.batch, |item| item.batch)
    }

    fn totals(&self, batch: Batch) -> Totals {
        let mut totals = Totals::default();
        self.items_of(batch).for_each(|item| totals.add(item.kind, item.amount));
        totals
    }
}

impl Terminal {
    /// Whether the batch takes no more transactions: it is being settled, or it holds as many as this
    /// terminal was set up to take (flows 3).
    pub(super) fn batch_is_over(&self) -> bool {
        self.journal.settling.is_some() || self.batch_is_full()
    }

    pub(super) fn batch_is_full(&self) -> bool {
        let Some(most) = self.config.settle_after.map(usize::from) else { return false };
        self.journal.lines.len() >= most && self.journal.items().count() >= most
    }

    pub(super) fn wants_to_settle(&self) -> bool {
        matches!(self.waiting, Some(TerminalOp::Settle { .. })) || self.batch_is_full()
    }

    /// Whether nothing must be finished first: no reversal, no repeat (flows 4.8, step 1).
    pub(super) fn may_settle(&self) -> bool {
        let done = self.journal.doubt.is_none() && self.journal.refunds.is_empty();
        done || self.config.choices.pending_at_settlement == PendingAtSettlement::Dropped
    }

    /// The record comes before the 0500 (soundness 17).
    pub(super) fn begin_settlement(&mut self, conn: ConnId, fx: &mut Effects) {
        let asked = |op: &mut TerminalOp| matches!(op, TerminalOp::Settle { .. });
        let op = self.waiting.take_if(asked).map(|asked| asked.op());
        let batch = self.journal.batch_to_settle();
        let totals = self.journal.totals(batch);
        if !fits_wire(&totals) {
            if let Some(op) = op {
                self.refuse(op, Text::BatchTooLarge, fx);
            }
            return;
        }
        let stan = self.journal.next_stan();
        self.about(stan, fx);
        self.commit("append settling", &Record::Settling { op, batch, stan, totals }, fx);
        let key = TxnKey { terminal: self.config.id, batch, stan };
        fx.fact(Observation::Settling { op, key, totals });
        fx.sync();
        self.settle_on(conn, fx);
    }

    /// Sends what this step of the settlement needs, the same again after a restart.
    pub(super) fn settle_on(&mut self, conn: ConnId, fx: &mut Effects) {
        let settling = self.journal.settling.as_ref().expect("called while settling");
        let (stan, totals) = (settling.stan, settling.totals);
        match settling.step {
            Step::Totals => {
                self.about(stan, fx);
                let (domestic, foreign) = (totals, Totals::default());
                let request = Settle { station: self.settling_station(stan), domestic, foreign };
                fx.send(conn, &Message::Settle(request), self.route(), None);
                self.await_reply(Activity::Settling(stan), fx);
            }
            Step::Upload => self.upload_on(conn, fx),
            Step::End => {
                let count = totals.debit.count + totals.credit.count;
                self.send_end(true, count, conn, fx);
            }
        }
    }

    /// Every item, flagged or not: a resume skips what is flagged and still counts it (flows 4.8).
    fn to_upload(&self) -> Vec<Item> {
        let Some(settling) = &self.journal.settling else { return Vec::new() };
        let (batch, choice) = (settling.batch, self.config.choices.uploaded_lines);
        let mut items: Vec<Item> = self.journal.items_of(batch).collect();
        let advices = items.iter().any(|item| item.kind.class() == Class::Advice);
        if choice == UploadedLines::AdvicesAlone && advices {
            items.retain(|item| item.kind.class() == Class::Advice);
        }
        if choice == UploadedLines::OneMore {
            items.push(Item { batch, stan: settling.stan, kind: Kind::Sale, amount: FORGED });
        }
        // Requests go first, up to eight in a message, advices after them, one by one.
        items.sort_by_key(|item| item.kind.class() == Class::Advice);
        items
    }

    fn upload_on(&mut self, conn: ConnId, fx: &mut Effects) {
        let items = self.to_upload();
        let settling = self.journal.settling.as_ref().expect("called while settling");
        let open = items.iter().filter(|item| !settling.uploaded.contains(&item.stan));
        let open: Vec<Item> = open.copied().collect();
        let Some(&first) = open.first() else {
            let count = u16::try_from(items.len()).unwrap_or(u16::MAX);
            let wrong = self.config.choices.batch_end == BatchEnd::Always207;
            return self.send_end(wrong, count, conn, fx);
        };
        if UploadRecord::takes(first.kind) {
            let requests = open.iter().take_while(|item| UploadRecord::takes(item.kind));
            let rows: Vec<UploadRecord> = requests
                .take(UploadRecords::MOST)
                .map(|item| UploadRecord {
                    kind: item.kind,
                    stan: item.stan,
                    pan: None,
                    amount: item.amount,
                })
                .collect();
            self.sent_up = rows.iter().map(|row| row.stan).collect();
            let records = UploadRecords::new(&rows).expect("one to eight");
            self.send_part(UploadPart::Records(records), conn, fx);
        } else {
            let Item { stan, kind, amount, .. } = first;
            self.sent_up = vec![stan];
            self.about(stan, fx);
            let rrn = self.journal.lines[&stan].rrn;
            let part = UploadPart::Item { kind, amount, rrn };
            self.send_upload(stan, part, conn, fx);
        }
    }

    fn send_end(&mut self, balanced: bool, count: u16, conn: ConnId, fx: &mut Effects) {
        self.sent_up.clear();
        self.send_part(UploadPart::End { balanced, count }, conn, fx);
    }

    /// A part that is about no one transaction takes a STAN of its own.
    fn send_part(&mut self, part: UploadPart, conn: ConnId, fx: &mut Effects) {
        let stan = self.use_stan(fx);
        self.send_upload(stan, part, conn, fx);
    }

    fn send_upload(&mut self, stan: Stan, part: UploadPart, conn: ConnId, fx: &mut Effects) {
        let upload = Upload { station: self.settling_station(stan), part };
        self.send(conn, &Message::Upload(upload), fx);
        self.await_reply(Activity::Uploading(stan, part.name()), fx);
    }

    pub(super) fn station(&self, stan: Stan) -> Station {
        let (terminal, merchant) = (self.config.id, self.config.merchant);
        Station { stan, terminal, merchant, batch: self.journal.batch }
    }

    /// The same, in the batch that is being settled.
    pub(super) fn settling_station(&self, stan: Stan) -> Station {
        let station = self.station(stan);
        let batch = self.journal.settling.as_ref().map_or(station.batch, |settling| settling.batch);
        Station { batch, ..station }
    }

    pub(super) fn is_our_settlement(&self, stan: Stan, reply: &SettleReply) -> bool {
        let claimed = self.journal.settling.as_ref().map(|settling| settling.totals);
        reply.request.station == self.settling_station(stan)
            && Some(reply.request.domestic) == claimed
    }

    /// 1 is the end of it; 2 and 3 ask for every detail. Any other code leaves the step where it is.
    pub(super) fn totals_answered(&mut self, now: Now, reply: &SettleReply, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        if reply.answer.code == REUSED {
            self.ask_under_another_stan(fx);
        }
        if !self.accepted(now, reply.answer.code, fx) {
            return;
        }
        let balanced = [reply.domestic, reply.foreign] == [Balanced::Yes; 2];
        self.commit("append totals answered", &Record::TotalsAnswered { balanced }, fx);
        fx.sync();
        self.drive(now, fx);
    }

    /// The centre knows other totals under this STAN: a 0500 has no MAC, and one that was damaged on its way
    /// may have come first. A comparison moves nothing, so it is asked for anew, after the sign-on that
    /// every 94 forces (soundness 10).
    fn ask_under_another_stan(&mut self, fx: &mut Effects) {
        let stan = self.journal.next_stan();
        self.about(stan, fx);
        self.commit("append settling", &Record::SettlingAgain { stan }, fx);
        let settling = self.journal.settling.as_ref().expect("called while settling");
        let key = TxnKey { terminal: self.config.id, batch: settling.batch, stan };
        fx.fact(Observation::Settling { op: settling.op, key, totals: settling.totals });
        fx.sync();
    }

    /// Whether an answer on the way takes the settlement on. One that does not is asked for again; where the
    /// keys or the batch may be out of step, after a sign-on.
    fn accepted(&mut self, now: Now, code: ResponseCode, fx: &mut Effects) -> bool {
        if code == ResponseCode::APPROVED {
            self.tries = 0;
            return true;
        }
        if matches!(&code.0, b"77" | b"94" | b"99" | b"A0") {
            self.keys = None;
        }
        self.attempt_failed(now, fx);
        false
    }

    /// What was uploaded is flagged, each record by itself, before the next part goes out (flows 4.8).
    pub(super) fn part_answered(&mut self, now: Now, reply: &UploadReply, fx: &mut Effects) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        if !self.accepted(now, reply.answer.code, fx) {
            return;
        }
        let flagged = std::mem::take(&mut self.sent_up);
        if flagged.is_empty() {
            return self.batch_over(now, fx);
        }
        for stan in flagged {
            let record = Record::Uploaded { stan };
            match self.config.choices.upload_flags {
                UploadFlags::Durable => self.commit("append uploaded", &record, fx),
                UploadFlags::InMemory => self.journal.apply(&record),
            }
        }
        fx.sync();
        self.drive(now, fx);
    }

    /// One record clears the journal and opens the next batch. The slip comes after it, as every slip does
    /// (soundness 5), so a printer without paper holds up no batch; then the terminal signs off.
    fn batch_over(&mut self, now: Now, fx: &mut Effects) {
        let settling = self.journal.settling.as_ref().expect("called while settling");
        let (terminal, batch, op) = (self.config.id, settling.batch, settling.op);
        let open = self.journal.batch;
        let next = if batch == open { batch.next() } else { open };
        let left = self.journal.items().any(|item| item.batch != batch);
        let more = op.filter(|_| left);
        let record = Record::BatchOver { next, more: more.is_some() };
        self.commit("append batch over", &record, fx);
        // UNSOUND choice `PendingAtSettlement::Dropped`: what was dropped is not due any more.
        self.refunds_due.retain(|due| self.journal.lines.contains_key(due));
        fx.fact(Observation::BatchOver { terminal, batch, next });
        fx.sync();
        self.announce_batch(false, fx);
        self.offered = None;
        self.waiting = more.map(|op| TerminalOp::Settle { op }).or(self.waiting);
        self.sign_off_due = more.is_none();
        self.drive(now, fx);
    }

    /// Prints the totals and notes that they are out; a restart in between prints them again, marked.
    pub(super) fn announce_batch(&mut self, reprint: bool, fx: &mut Effects) {
        let Some(BatchSlip { op, stan, batch, totals, balanced }) = self.journal.batch_slip else {
            return;
        };
        self.about(stan, fx);
        let key = TxnKey { terminal: self.config.id, batch, stan };
        if let Some(op) = op {
            self.screen(op, None, None, Text::Settled, fx);
        }
        fx.show(Observation::BatchSlip { key, totals, balanced, reprint });
        if let Some(op) = op {
            self.end(op, Outcome::Ok, fx);
        }
        self.commit("append batch announced", &Record::BatchAnnounced, fx);
        fx.sync();
    }

    /// The cashier is told once that the settlement takes longer; it goes on by itself.
    pub(super) fn settlement_waits(&mut self, text: Text, fx: &mut Effects) {
        let op = self.journal.settling.as_mut().and_then(|settling| settling.waited_for.take());
        if let Some(op) = op {
            self.screen(op, None, None, text, fx);
            self.end(op, Outcome::InDoubt, fx);
        }
    }
}

/// 94: this STAN stands for something else (soundness 10).
const REUSED: ResponseCode = ResponseCode(*b"94");

/// UNSOUND choice `UploadedLines::OneMore`: what nobody ever bought.
const FORGED: Fen = Fen(100_00);

/// The count of either side has three digits, its amount twelve.
fn fits_wire(totals: &Totals) -> bool {
    [totals.debit, totals.credit].iter().all(|side| side.count <= 999 && side.amount.fits_wire())
}
