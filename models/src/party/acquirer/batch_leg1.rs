//! What terminals are answered about their batches and about themselves: totals, uploads, the end of a batch,
//! echo and sign-off (flows 4.7, 4.8). Each verdict and each record is durable before it is answered, and
//! answered the same when it comes again (soundness 17).

use super::record::{Key, Record};
use super::{Acquirer, ClosedBatch, EndMessage, TotalsVerdict, UploadAgain, UploadUnknown};
use crate::ids::{Batch, MerchantId, ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::party::observe::{Alarm, Decider, Difference, TxnKey};
use crate::party::{ConnId, Effects, Observation};
use crate::time::Now;
use crate::wire::{
    Answer, Balanced, Management, Message, Route, Settle, SettleReply, Side, Totals, Upload,
    UploadPart,
};

const APPROVED: ResponseCode = ResponseCode::APPROVED;
/// 12: nothing was compared that this could belong to.
const NOTHING_COMPARED: ResponseCode = ResponseCode(*b"12");
/// 77: this batch is closed; the terminal must sign on to get the one that is open (soundness 11).
pub(super) const BATCH_CLOSED: ResponseCode = ResponseCode(*b"77");
/// 94: this STAN was used for other totals (soundness 10).
const REUSED: ResponseCode = ResponseCode(*b"94");
/// 95: the end message does not fit what was compared and uploaded.
const DOES_NOT_FIT: ResponseCode = ResponseCode(*b"95");

/// To whom, on what, an answer goes.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub conn: ConnId,
    pub route: Route,
    pub terminal: u16,
}

impl Acquirer {
    /// 0820. A sign-off takes no keys away: a late copy of an earlier message still gets its stored answer.
    pub(super) fn manage(&mut self, now: Now, to: Asker, request: &Management, fx: &mut Effects) {
        let code = self.turned_away(to.terminal, request.station.merchant).unwrap_or(APPROVED);
        self.tell(now, to, &Message::Management(*request), code, fx);
    }

    /// 0500.
    pub(super) fn settle(&mut self, now: Now, to: Asker, request: &Settle, fx: &mut Effects) {
        let asked = Message::Settle(*request);
        if let Some(code) = self.turned_away(to.terminal, request.station.merchant) {
            return self.tell(now, to, &asked, code, fx);
        }
        let (batch, stan) = (request.station.batch, request.station.stan);
        let known = self.books.batch(to.terminal, batch);
        let stored = known.and_then(|batch| batch.compared).filter(|stored| stored.stan == stan);
        let verdict = match stored {
            Some(stored) if stored.claimed == request.domestic => stored.verdict,
            Some(_) => {
                let (key, what) = (self.named(to.terminal, batch, stan), Alarm::StanReused);
                fx.observe(Observation::Alarm { key, what });
                return self.tell(now, to, &asked, REUSED, fx);
            }
            None if self.books.batch_closed(to.terminal, batch) => {
                return self.tell(now, to, &asked, BATCH_CLOSED, fx);
            }
            None => self.compare(to.terminal, batch, stan, request.domestic, fx),
        };
        let foreign =
            if request.foreign == Totals::default() { Balanced::Yes } else { Balanced::No };
        let (domestic, answer) = (verdict, answer(now, APPROVED));
        let reply = SettleReply { request: *request, domestic, foreign, answer };
        fx.send(to.conn, &Message::SettleReply(reply), to.route, None);
    }

    fn compare(
        &mut self,
        terminal: u16,
        batch: Batch,
        stan: Stan,
        claimed: Totals,
        fx: &mut Effects,
    ) -> Balanced {
        let own = self.books.own_totals(terminal, batch);
        let verdict = match self.config.choices.totals_verdict {
            TotalsVerdict::Compared if own == claimed => Balanced::Yes,
            TotalsVerdict::Compared | TotalsVerdict::AlwaysDetails => Balanced::No,
            TotalsVerdict::AlwaysBalanced => Balanced::Yes,
        };
        let record = Record::Compared { terminal, batch, stan, claimed, verdict };
        self.commit("append totals compared", &record, fx);
        let key = self.named(terminal, batch, stan);
        fx.fact(Observation::TotalsCompared { key, own, verdict });
        fx.sync();
        verdict
    }

    /// 0320.
    pub(super) fn upload(&mut self, now: Now, to: Asker, request: &Upload, fx: &mut Effects) {
        let asked = Message::Upload(*request);
        if let Some(code) = self.turned_away(to.terminal, request.station.merchant) {
            return self.tell(now, to, &asked, code, fx);
        }
        let (terminal, batch) = (to.terminal, request.station.batch);
        let code = if self.books.batch_closed(terminal, batch) {
            APPROVED
        } else if self.books.batch(terminal, batch).is_none_or(|batch| batch.compared.is_none()) {
            NOTHING_COMPARED
        } else {
            match request.part {
                UploadPart::Records(records) => {
                    for row in records.as_slice() {
                        let key = Key { kind: row.kind, terminal, batch, stan: row.stan };
                        self.uploaded(now, key, row.amount, fx);
                    }
                    fx.sync();
                    APPROVED
                }
                UploadPart::Item { kind, amount, .. } => {
                    let key = Key { kind, terminal, batch, stan: request.station.stan };
                    self.uploaded(now, key, amount, fx);
                    fx.sync();
                    APPROVED
                }
                UploadPart::End { balanced, count } => {
                    self.end(terminal, batch, balanced, count, fx)
                }
            }
        };
        self.tell(now, to, &asked, code, fx);
    }

    /// One record of an upload, matched to the books by its key. One that is here already changes nothing;
    /// one that nobody authorised is reported and never cleared (B91). The caller syncs.
    fn uploaded(&mut self, now: Now, key: Key, amount: Fen, fx: &mut Effects) {
        let known = self.books.batch(key.terminal, key.batch);
        if known.and_then(|batch| batch.uploaded(key.stan)).is_some() {
            if self.config.choices.upload_again == UploadAgain::Inserts {
                self.take_from_upload(now, key, amount, fx);
            }
            return;
        }
        let difference = self.books.difference(&key, amount);
        let Key { kind, terminal, batch, stan } = key;
        self.commit("append uploaded", &Record::Uploaded { key, amount }, fx);
        let named = self.named(terminal, batch, stan);
        fx.fact(Observation::UploadTaken { key: named, kind, amount });
        if let Some(what) = difference {
            fx.fact(Observation::BatchDiffers { key: named, what });
        }
        let unknown = matches!(difference, Some(Difference::NoAuthorisation { .. }));
        if unknown && self.config.choices.upload_unknown == UploadUnknown::Clears {
            self.take_from_upload(now, key, amount, fx);
        }
    }

    /// UNSOUND choices: an uploaded record is captured for itself.
    fn take_from_upload(&mut self, now: Now, key: Key, amount: Fen, fx: &mut Effects) {
        if key.kind.side() != Side::Debit {
            return;
        }
        let rrn = self.books.next_rrn();
        let kind = key.kind;
        self.commit("append taken from upload", &Record::TakenFromUpload { rrn, key, amount }, fx);
        self.books.came_at(rrn, now);
        let named = self.key_of(rrn);
        fx.fact(Observation::Taken { key: named, rrn, chain: rrn, kind, amount });
        let (code, decider) = (APPROVED, Decider::Acquirer);
        fx.fact(Observation::Answered { rrn, code, decider });
    }

    /// The end of a batch: 207 only where the totals agreed, 202 only with just the records that are here
    /// (flows 4.8). Differences that are left are named, and are for people to settle.
    fn end(
        &mut self,
        terminal: u16,
        batch: Batch,
        balanced: bool,
        count: u16,
        fx: &mut Effects,
    ) -> ResponseCode {
        let known = self.books.batch(terminal, batch).expect("looked up just now");
        let agreed = known.compared.is_some_and(|stored| stored.verdict == Balanced::Yes);
        let all_here = known.uploads() == usize::from(count);
        let fits = if balanced { agreed } else { all_here };
        if !fits && self.config.choices.end_message == EndMessage::Held {
            return DOES_NOT_FIT;
        }
        let missing = match balanced {
            true => Vec::new(),
            false => self.books.not_uploaded(terminal, batch),
        };
        self.commit("append batch closed", &Record::BatchClosed { terminal, batch }, fx);
        for (stan, amount) in missing {
            let key = self.named(terminal, batch, stan);
            fx.fact(Observation::BatchDiffers { key, what: Difference::NotUploaded { amount } });
        }
        let id = self.config.terminals[terminal as usize].id;
        fx.fact(Observation::BatchClosed { terminal: id, batch, balanced, count });
        fx.sync();
        APPROVED
    }

    /// Whether a request with a key that is not known comes too late for its batch (soundness 11).
    pub(super) fn is_closed_to(&self, key: &Key) -> bool {
        let refused = self.config.choices.closed_batch == ClosedBatch::Refused;
        refused && self.books.batch_closed(key.terminal, key.batch)
    }

    fn named(&self, terminal: u16, batch: Batch, stan: Stan) -> TxnKey {
        TxnKey { terminal: self.config.terminals[terminal as usize].id, batch, stan }
    }

    /// The code to turn a message away with whose merchant is not this terminal's, or that comes during
    /// maintenance.
    pub(super) fn turned_away(&self, terminal: u16, merchant: MerchantId) -> Option<ResponseCode> {
        let entry = &self.config.terminals[terminal as usize];
        if self.config.merchants[entry.merchant as usize].id != merchant {
            return Some(ResponseCode(*b"03"));
        }
        (self.books.maintenance).then_some(self.config.maintenance_code)
    }

    /// Answers in the class of what was asked, with a code and nothing more.
    pub(super) fn tell(
        &mut self,
        now: Now,
        to: Asker,
        asked: &Message,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        if let Some(reply) = asked.answered(answer(now, code)) {
            fx.send(to.conn, &reply, to.route, Some(&self.keys_of(to.terminal).mac));
        }
    }
}

fn answer(now: Now, code: ResponseCode) -> Answer {
    Answer { time: now.wall.time_of_day(), date: now.wall.month_day(), rrn: Rrn(0), code }
}
