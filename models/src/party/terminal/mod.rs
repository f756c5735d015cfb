//! The terminal: STAN, batch, journal, one pending reversal. It never retries a sale; what it cannot know
//! it reverses (flows 5, soundness 1 to 12). `online` decides what to do next and sends it, `exchange` takes
//! the replies, `display` speaks to the cashier, `printer` is what slips need, `settle` settles the batch,
//! `manage` is echo and sign-off, `inquiry` asks for balances.

mod config;
mod display;
mod exchange;
mod inquiry;
mod manage;
mod online;
mod printer;
mod record;
mod settle;
#[cfg(test)]
mod tests;

pub use config::*;
use inquiry::Inquiry;
use manage::Managing;
use record::{Journal, Record};

use super::{ConnId, Effects, Input, OpRef, Party, TerminalOp, TimerId};
use crate::ids::{Batch, Stan};
use crate::ledger::Account;
use crate::money::Fen;
use crate::party::observe::{Outcome, Text, TxnKey};
use crate::time::Now;
use crate::wire::key::DesKey;
use crate::wire::key::MacKey;
use crate::wire::sealed::StorageKey;
use crate::wire::{Framer, Kind, Route, Txn, UploadName};
use std::collections::VecDeque;

const ADDRESS: u16 = 0x0000;
const ACQUIRER_ADDRESS: u16 = 0x0003;

const TIMER_REPLY: TimerId = TimerId(1);
const TIMER_DIAL: TimerId = TimerId(2);
const TIMER_RETRY: TimerId = TimerId(3);

/// The connection to the acquirer.
enum Link {
    Down,
    Dialling,
    Up(ConnId),
}

/// The one exchange that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    Idle,
    SigningOn(Stan),
    /// A 0100 or 0200 is out.
    Requesting(Stan),
    /// A 0400 is out.
    Reversing(Stan),
    /// A 0220 is out.
    Refunding(Stan),
    /// A 0500 is out.
    Settling(Stan),
    /// A 0320 is out.
    Uploading(Stan, UploadName),
    /// A 0820 is out.
    Managing(Managing),
    /// A 0200 that moves nothing is out.
    Inquiring(Inquiry),
}

/// Working keys in use.
struct Keys {
    mac: MacKey,
    pin: DesKey,
}

/// A terminal.
pub struct Terminal {
    config: TerminalConfig,
    journal: Journal,
    link: Link,
    framer: Framer,
    keys: Option<Keys>,
    activity: Activity,
    /// What the cashier asked for and is not yet sent.
    waiting: Option<TerminalOp>,
    /// Whether unfinished work should be tried now rather than at the next retry.
    eager: bool,
    /// A reply's header asked for a new sign-on, to come after the exchange that is under way.
    sign_on_again: bool,
    /// The batch that the last sign-on offered, while it cannot be taken over.
    offered: Option<Batch>,
    /// Signed off: no keys are wanted before there is something to do.
    signed_off: bool,
    /// The settlement is over, and a sign-off ends it.
    sign_off_due: bool,
    /// What the 0320 that is out brings, by STAN; nothing where it is the end.
    sent_up: Vec<Stan>,
    tries: u8,
    /// Tries of the pending reversal over all sessions, for the unsound give-up.
    reversal_tries: u8,
    /// Pending refunds to be repeated in this session.
    refunds_due: VecDeque<Stan>,
    /// Slips that the printer has and has not answered. Until it has, nothing else begins.
    at_printer: Vec<TxnKey>,
    /// Seals the cards of pending refunds in their records (soundness 22).
    storage_key: StorageKey,
    frame: Vec<u8>,
}

impl Terminal {
    /// A terminal that has not booted yet.
    pub fn new(config: TerminalConfig) -> Terminal {
        Terminal {
            storage_key: StorageKey::of(&config.master_key),
            journal: Journal::opened(config.opening),
            config,
            link: Link::Down,
            framer: Framer::default(),
            keys: None,
            activity: Activity::Idle,
            waiting: None,
            eager: true,
            sign_on_again: false,
            offered: None,
            signed_off: false,
            sign_off_due: false,
            sent_up: Vec::new(),
            tries: 0,
            reversal_tries: 0,
            refunds_due: VecDeque::new(),
            at_printer: Vec::new(),
            frame: Vec::new(),
        }
    }

    fn commit(&mut self, what: &'static str, record: &Record, fx: &mut Effects) {
        fx.append(what, record);
        self.journal.apply(record);
    }

    fn key(&self, stan: Stan) -> TxnKey {
        let batch = self.journal.lines.get(&stan).map_or(self.journal.batch, |line| line.batch);
        TxnKey { terminal: self.config.id, batch, stan }
    }

    /// Whether a request of this kind may be approved in part here (flows 8).
    fn takes_partial(&self, kind: Kind) -> bool {
        kind == Kind::Sale && self.config.partial_approval
    }

    /// The data elements of a line, the same in every repeat and in its reversal (soundness 8): what was
    /// asked for, however much of it was approved.
    fn txn(&self, stan: Stan) -> Txn {
        let line = &self.journal.lines[&stan];
        Txn {
            kind: line.kind,
            amount: line.asked,
            stan,
            terminal: self.config.id,
            merchant: self.config.merchant,
            batch: line.batch,
        }
    }

    fn route(&self) -> Route {
        Route::new(ACQUIRER_ADDRESS, ADDRESS)
    }

    fn about(&self, stan: Stan, fx: &mut Effects) {
        fx.about(self.config.id, stan);
    }

    /// The journal decides: an approval not yet announced is announced, a request in doubt is reversed
    /// before anything else, and sign-on is a must (soundness 5, 6, 10).
    fn boot(&mut self, records: Box<dyn Iterator<Item = &[u8]> + '_>, now: Now, fx: &mut Effects) {
        for bytes in records {
            let record: Record = postcard::from_bytes(bytes).expect("our own record");
            let forgetful = self.config.choices.reversal_record == ReversalRecord::Never;
            if !(forgetful && self.journal.is_orphan(&record)) {
                self.journal.apply(&record);
            }
        }
        if self.config.choices.settling_lock == SettlingLock::InMemory {
            self.journal.settling = None;
        }
        self.journal.mishandle_unannounced(self.config.choices.unannounced);
        for stan in self.journal.unannounced.clone() {
            self.announce(stan, true, fx);
        }
        for slip in self.journal.batch_slips.clone() {
            self.announce_batch(slip, true, fx);
        }
        self.settlement_waits(Text::SettlementGoesOn, fx);
        let open = self.journal.doubt.iter().chain(&self.journal.refunds).copied();
        for stan in open.collect::<Vec<_>>() {
            self.about(stan, fx);
            let op = self.journal.lines[&stan].op;
            self.screen(op, Some(stan), None, Text::PowerLoss, fx);
            self.end(op, Outcome::InDoubt, fx);
        }
        self.refunds_due = self.journal.refunds.iter().copied().collect();
        self.drive(now, fx);
    }

    fn ask(&mut self, now: Now, op: TerminalOp, fx: &mut Effects) {
        fx.about(self.config.id, self.journal.next_stan());
        let refusal = match &op {
            _ if self.activity != Activity::Idle && self.busy_for_cashier() => Some(Text::Busy),
            _ if self.waiting.is_some() => Some(Text::Busy),
            _ if self.batch_is_over() => Some(Text::Settling),
            TerminalOp::Settle { .. } | TerminalOp::Manage { .. } | TerminalOp::Balance { .. } => {
                None
            }
            TerminalOp::Sale { amount, .. }
            | TerminalOp::PreAuth { amount, .. }
            | TerminalOp::Completion { amount, .. }
            | TerminalOp::Void { amount, .. }
            | TerminalOp::Refund { amount, .. }
                if *amount <= Fen::ZERO || !amount.fits_wire() =>
            {
                Some(Text::InvalidAmount)
            }
            TerminalOp::Sale { intent, amount, .. }
            | TerminalOp::Completion { intent, amount, .. } => self.paid_before(*intent, *amount),
            TerminalOp::PreAuth { .. } | TerminalOp::Void { .. } => None,
            TerminalOp::Refund { original_rrn, .. } => {
                let lines = &self.journal.lines;
                let open = |stan: &Stan| lines[stan].rrn == *original_rrn;
                self.journal.refunds.iter().any(open).then_some(Text::RefundOpen)
            }
        };
        if let Some(text) = refusal {
            return self.refuse(op.op(), text, fx);
        }
        if matches!(op, TerminalOp::Settle { .. }) {
            self.refunds_due = self.journal.refunds.iter().copied().collect();
        }
        self.waiting = Some(op);
        self.eager = true;
        self.tries = 0;
        self.drive(now, fx);
    }

    /// What was approved is paid, whatever became of its slip (soundness 6).
    fn paid_before(&self, intent: u32, amount: Fen) -> Option<Text> {
        let paid = self.journal.paid_before(intent, amount);
        match self.config.choices.paid_intent {
            PaidIntent::Refuse => paid,
            PaidIntent::SendAgain => None,
            PaidIntent::OncePrinted => paid.filter(|_| !self.journal.owes_slip_of(intent)),
        }
    }

    /// Background work (sign-on, reversal, a refund's repeat) lets a cashier's operation wait; a
    /// cashier's own exchange does not.
    fn busy_for_cashier(&self) -> bool {
        match self.activity {
            Activity::Requesting(_) | Activity::Inquiring(_) => true,
            Activity::Managing(managing) => managing.op.is_some(),
            Activity::Idle
            | Activity::SigningOn(_)
            | Activity::Reversing(_)
            | Activity::Refunding(_)
            | Activity::Settling(_)
            | Activity::Uploading(..) => false,
        }
    }

    fn refuse(&mut self, op: OpRef, text: Text, fx: &mut Effects) {
        self.screen(op, None, None, text, fx);
        self.end(op, Outcome::Failed, fx);
    }

    fn bytes(&mut self, now: Now, conn: ConnId, chunk: &[u8], fx: &mut Effects) {
        if !self.is_link(conn) {
            return;
        }
        let single = self.config.choices.framing == Framing::SingleRead;
        if single {
            self.framer = Framer::default();
        }
        self.framer.push(chunk);
        let mut frame = std::mem::take(&mut self.frame);
        while self.is_link(conn) {
            match self.framer.pull(&mut frame) {
                Ok(true) => self.received(now, &frame, fx),
                Ok(false) => break,
                Err(_) => {
                    fx.close(conn);
                    self.link_lost(now, fx);
                }
            }
        }
        self.frame = frame;
        // UNSOUND choice: what this read left over is not waited for.
        if single && self.framer.pending() > 0 && self.is_link(conn) {
            fx.close(conn);
            self.link_lost(now, fx);
        }
    }

    fn is_link(&self, conn: ConnId) -> bool {
        matches!(self.link, Link::Up(up) if up == conn)
    }
}

impl Party for Terminal {
    fn handle(&mut self, now: Now, input: Input<'_>, fx: &mut Effects) {
        match input {
            Input::Boot(records) => self.boot(records, now, fx),
            Input::Op(op) => self.ask(now, op, fx),
            Input::Timer(id) => self.timer(now, id, fx),
            Input::Up { conn, .. } => self.link_up(now, conn, fx),
            Input::Refused { .. } => self.dial_failed(now, fx),
            Input::Down { conn } if self.is_link(conn) => self.link_lost(now, fx),
            Input::Down { .. } => {}
            Input::Bytes { conn, chunk } => self.bytes(now, conn, chunk, fx),
            Input::SyncFailed => fx.halt(),
            Input::Device(event) => self.device(now, event, fx),
            Input::House(_) | Input::Desk(_) => {
                unreachable!("a terminal has no house operations and no desk")
            }
        }
    }

    fn read_balances(&self, _read: &mut dyn FnMut(Account, Fen)) {}
}
