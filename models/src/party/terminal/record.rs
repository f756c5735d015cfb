//! What a terminal makes durable. Its state is the fold of these records and nothing else, so the journal
//! decides after every restart (soundness 5).

use super::config::{Opening, Unannounced};
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::party::OpRef;
use crate::time::MonthDay;
use crate::wire::card::Track2;
use crate::wire::sealed::SealedCard;
use crate::wire::{Class, Kind, Linked, Original, ReversalReason, Totals};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One durable fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record {
    /// A STAN was used for a sign-on.
    StanUsed(Stan),
    /// The batch was adopted.
    Batch(Batch),
    /// A request may go out; until superseded it must be reversed. `card` only under the unsound choice.
    Pending {
        op: OpRef,
        intent: Option<u32>,
        kind: Kind,
        stan: Stan,
        amount: Fen,
        date: MonthDay,
        linked: Linked,
        card: Option<CardCopy>,
    },
    /// Why the reversal is sent, where it is not 98 (soundness 12).
    Reason { stan: Stan, reason: ReversalReason },
    /// Approved: supersedes the pending record.
    Approved {
        stan: Stan,
        rrn: Rrn,
        code: ResponseCode,
        auth: Option<AuthCode>,
        amount: Fen,
        date: MonthDay,
    },
    /// Declined for certain.
    Declined { stan: Stan },
    /// The reversal is done.
    Undone { stan: Stan },
    /// UNSOUND: the reversal was given up.
    Abandoned { stan: Stan },
    /// A refund may go out; it repeats itself until answered, and shows its card each time.
    RefundPending {
        op: OpRef,
        stan: Stan,
        amount: Fen,
        original_rrn: Rrn,
        original_date: MonthDay,
        card: SealedCard,
    },
    /// The refund was accepted.
    RefundAccepted { stan: Stan, rrn: Rrn, date: MonthDay },
    /// The refund was refused.
    RefundRefused { stan: Stan },
    /// Screen and slip are out.
    Announced { stan: Stan },
    /// The batch is being settled with these totals (soundness 17).
    Settling { op: Option<OpRef>, batch: Batch, stan: Stan, totals: Totals },
    /// The centre holds other totals under the 0500's STAN: they go out again under this one.
    SettlingAgain { stan: Stan },
    /// The centre's verdict on them.
    TotalsAnswered { balanced: bool },
    /// A record is uploaded.
    Uploaded { stan: Stan },
    /// The batch's lines are cleared. `next` is open now; where the cashier wants `more`, an older batch was
    /// settled and the rest follows.
    BatchOver { next: Batch, more: bool },
    /// The slip of the settlement is out.
    BatchAnnounced,
}

/// What comes next in a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// 0500, until it is answered.
    Totals,
    /// 0320, record by record, and then its end: the totals did not agree.
    Upload,
    /// The end: they did.
    End,
}

/// A settlement under way.
#[derive(Clone, Debug)]
pub(super) struct Settling {
    pub op: Option<OpRef>,
    /// Whose cashier is still to be told how it ends.
    pub waited_for: Option<OpRef>,
    pub batch: Batch,
    /// STAN of the 0500.
    pub stan: Stan,
    pub totals: Totals,
    pub step: Step,
    /// What is uploaded.
    pub uploaded: BTreeSet<Stan>,
}

/// What the slip of a settlement says.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchSlip {
    pub op: Option<OpRef>,
    pub stan: Stan,
    pub batch: Batch,
    pub totals: Totals,
    pub balanced: bool,
}

/// UNSOUND choice `RecordContent::WholeCard`: what must never be in a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CardCopy {
    pub pan: String,
    pub track2: Option<String>,
}

impl CardCopy {
    /// The track as it stands on the stripe.
    pub fn track(track2: &Track2) -> String {
        track2.packed().iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

/// Where a line of the journal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineState {
    /// A request in doubt: must be reversed.
    Doubt,
    Approved,
    RefundPending,
    RefundAccepted,
}

/// One open or approved transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub op: OpRef,
    /// What the customer means to buy, where it is a payment.
    pub intent: Option<u32>,
    pub kind: Kind,
    pub state: LineState,
    pub amount: Fen,
    pub batch: Batch,
    /// DE37 of the reply; the original's while a refund is pending.
    pub rrn: Rrn,
    /// What a request names as its original.
    pub linked: Linked,
    /// Date of the request for its 0400, of the original for a refund, of the reply once approved.
    pub date: MonthDay,
    pub reason: ReversalReason,
    /// DE39 of the approval.
    pub code: ResponseCode,
    /// DE38 of the approval.
    pub auth: Option<AuthCode>,
    /// A refund's card, for its repeats.
    pub card: Option<SealedCard>,
}

impl Line {
    /// DE61 of its reversal: what the request itself had there, or else the request (flows 5).
    pub fn named_in_reversal(&self, stan: Stan) -> Original {
        let itself = Original { batch: self.batch, stan, date: self.date };
        self.linked.original().unwrap_or(itself)
    }
}

/// The fold of the journal.
pub(super) struct Journal {
    pub batch: Batch,
    pub last_stan: Stan,
    /// Whether the counter has begun anew in this batch: nothing new may go out in it (soundness 10).
    pub begun_anew: bool,
    pub lines: IndexMap<Stan, Line, FxBuildHasher>,
    /// The one request in doubt, if there is one.
    pub doubt: Option<Stan>,
    /// Refunds that repeat themselves, oldest first.
    pub refunds: Vec<Stan>,
    /// Approvals whose screen and slip may not be out, oldest first.
    pub unannounced: Vec<Stan>,
    pub paid: IndexSet<u32, FxBuildHasher>,
    /// The settlement under way; until it is over nothing is sold.
    pub settling: Option<Settling>,
    /// The slip of a settlement that may not be out.
    pub batch_slip: Option<BatchSlip>,
}

impl Journal {
    /// An empty journal, with the counters where the device has them.
    pub fn opened(opening: Opening) -> Journal {
        Journal {
            batch: opening.batch,
            last_stan: opening.stan,
            begun_anew: false,
            lines: IndexMap::default(),
            doubt: None,
            refunds: Vec::new(),
            unannounced: Vec::new(),
            paid: IndexSet::default(),
            settling: None,
            batch_slip: None,
        }
    }

    /// The next number that no line of the journal holds: 999999 is followed by 000001, and what an earlier
    /// round left behind is passed over (flows 4.8).
    pub fn next_stan(&self) -> Stan {
        let mut stan = self.last_stan.next();
        while self.lines.contains_key(&stan) {
            stan = stan.next();
        }
        stan
    }

    /// Whether something that went out may still have to go out again.
    pub fn is_open(&self) -> bool {
        self.doubt.is_some() || !self.refunds.is_empty() || self.settling.is_some()
    }

    pub fn apply(&mut self, record: &Record) {
        match *record {
            Record::StanUsed(stan) => self.use_up(stan),
            Record::Batch(batch) => self.open_batch(batch),
            Record::Pending { op, intent, kind, stan, amount, date, linked, .. } => {
                let (state, rrn) = (LineState::Doubt, Rrn(0));
                let line =
                    Line { intent, linked, ..self.blank(op, kind, state, amount, rrn, date) };
                self.use_up(stan);
                self.lines.insert(stan, line);
                self.doubt = Some(stan);
            }
            Record::Reason { stan, reason } => self.line(stan).reason = reason,
            Record::Approved { stan, rrn, code, auth, amount, date } => {
                let line = self.line(stan);
                line.state = LineState::Approved;
                line.rrn = rrn;
                line.code = code;
                line.auth = auth;
                line.amount = amount;
                line.date = date;
                let (intent, linked) = (line.intent, line.linked);
                self.paid.extend(intent);
                // What was voided may be paid again (soundness 6).
                if let Some(intent) = self.intent_of(linked) {
                    self.paid.swap_remove(&intent);
                }
                self.doubt = self.doubt.filter(|doubt| *doubt != stan);
                self.unannounced.push(stan);
            }
            Record::Declined { stan } | Record::Undone { stan } | Record::Abandoned { stan } => {
                self.lines.swap_remove(&stan);
                self.doubt = self.doubt.filter(|doubt| *doubt != stan);
                // Only where `Unannounced::Reverse` undid an approval is it still there.
                self.unannounced.retain(|line| *line != stan);
            }
            Record::RefundPending { op, stan, amount, original_rrn, original_date, card } => {
                let (kind, state) = (Kind::Refund, LineState::RefundPending);
                let (rrn, date) = (original_rrn, original_date);
                let line =
                    Line { card: Some(card), ..self.blank(op, kind, state, amount, rrn, date) };
                self.use_up(stan);
                self.lines.insert(stan, line);
                self.refunds.push(stan);
            }
            Record::RefundAccepted { stan, rrn, date } => {
                let line = self.line(stan);
                line.state = LineState::RefundAccepted;
                line.rrn = rrn;
                line.date = date;
                self.refunds.retain(|refund| *refund != stan);
                self.unannounced.push(stan);
            }
            Record::RefundRefused { stan } => {
                self.lines.swap_remove(&stan);
                self.refunds.retain(|refund| *refund != stan);
            }
            Record::Announced { stan } => self.unannounced.retain(|line| *line != stan),
            Record::Settling { op, batch, stan, totals } => {
                let (waited_for, step, uploaded) = (op, Step::Totals, BTreeSet::new());
                self.use_up(stan);
                self.settling =
                    Some(Settling { op, waited_for, batch, stan, totals, step, uploaded });
            }
            Record::SettlingAgain { stan } => {
                self.use_up(stan);
                if let Some(settling) = &mut self.settling {
                    settling.stan = stan;
                }
            }
            Record::TotalsAnswered { balanced } => {
                if let Some(settling) = &mut self.settling {
                    settling.step = if balanced { Step::End } else { Step::Upload };
                }
            }
            Record::Uploaded { stan } => {
                if let Some(settling) = &mut self.settling {
                    settling.uploaded.insert(stan);
                }
            }
            Record::BatchOver { next, more } => self.batch_over(next, more),
            Record::BatchAnnounced => self.batch_slip = None,
        }
    }

    fn use_up(&mut self, stan: Stan) {
        self.begun_anew |= stan < self.last_stan;
        self.last_stan = stan;
    }

    fn open_batch(&mut self, batch: Batch) {
        self.begun_anew &= batch == self.batch;
        self.batch = batch;
    }

    /// What the batch held is gone, whatever it was; what was paid stays paid (soundness 6).
    fn batch_over(&mut self, next: Batch, more: bool) {
        let settling = self.settling.take().expect("a settlement that is over had begun");
        let Settling { op, batch, stan, totals, step, .. } = settling;
        let (op, balanced) = (op.filter(|_| !more), step == Step::End);
        self.batch_slip = Some(BatchSlip { op, stan, batch, totals, balanced });
        self.open_batch(next);
        self.lines.retain(|_, line| line.batch != batch);
        let left = |stan: &Stan| self.lines.contains_key(stan);
        self.doubt = self.doubt.filter(left);
        self.refunds.retain(left);
        self.unannounced.retain(left);
    }

    /// A line that has nothing yet but what its request says.
    fn blank(
        &self,
        op: OpRef,
        kind: Kind,
        state: LineState,
        amount: Fen,
        rrn: Rrn,
        date: MonthDay,
    ) -> Line {
        Line {
            op,
            intent: None,
            kind,
            state,
            amount,
            batch: self.batch,
            rrn,
            linked: Linked::None,
            date,
            reason: ReversalReason::NoReply,
            code: ResponseCode::APPROVED,
            auth: None,
            card: None,
        }
    }

    /// The purchase that the sale of this name paid, where it stands in this journal.
    fn intent_of(&self, linked: Linked) -> Option<u32> {
        let Linked::Rrn { rrn, original, .. } = linked else { return None };
        let line = self.lines.get(&original.stan)?;
        (line.batch == original.batch && line.rrn == rrn).then_some(line.intent)?
    }

    fn line(&mut self, stan: Stan) -> &mut Line {
        self.lines.get_mut(&stan).expect("a record about a line follows that line's own")
    }

    /// UNSOUND choice `ReversalRecord::Never`: after a restart, what was recorded about a sale is about a
    /// line that was never written.
    pub fn is_orphan(&self, record: &Record) -> bool {
        let (Record::Reason { stan, .. }
        | Record::Approved { stan, .. }
        | Record::Announced { stan }) = record
        else {
            return false;
        };
        !self.lines.contains_key(stan)
    }

    /// UNSOUND choices: what a boot makes of approvals that were not announced.
    pub fn mishandle_unannounced(&mut self, choice: Unannounced) {
        match choice {
            Unannounced::Announce => {}
            Unannounced::Forget => self.unannounced.clear(),
            Unannounced::Reverse => {
                for stan in std::mem::take(&mut self.unannounced) {
                    let line = self.line(stan);
                    if line.kind.class() == Class::Request {
                        line.state = LineState::Doubt;
                        let (intent, linked) = (line.intent, line.linked);
                        if let Some(intent) = intent {
                            self.paid.swap_remove(&intent);
                        }
                        self.paid.extend(self.intent_of(linked));
                        self.doubt = Some(stan);
                    }
                }
            }
        }
    }
}
