//! One line per transaction, as each source has it: the terminal's journal, the acquirer's record, the
//! issuer's posting and the payout. Put together from what the parties made durable; nothing is judged here.

use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::clearing::Day;
use cardstorm_models::clearing::reconcile::{Entry, Has, Sources};
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Account, Cause, Direction, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::time::Wall;
use cardstorm_models::wire::{Class, Side};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What one source has of a transaction: how often, net of what it undid, how much, under which day.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    count: i32,
    amount: Fen,
    day: Day,
}

impl Held {
    fn add(&mut self, count: i32, amount: Fen, day: Day) {
        // What is undone keeps the day on which it was first there.
        if self.count == 0 && count > 0 {
            self.day = day;
        }
        self.count += count;
        self.amount = amount;
    }

    fn has(self) -> Has {
        let Held { count, amount, day } = self;
        if count == 0 { Has::Nothing } else { Has::Entry(Entry { count, amount, day }) }
    }
}

/// A transaction in the books of everybody.
#[derive(Clone, Debug)]
pub struct Line {
    /// DE37.
    pub rrn: Rrn,
    /// RRN of the chain's original.
    pub chain: Rrn,
    /// As its terminal names it.
    pub key: Option<TxnKey>,
    /// The operation, if a terminal's record named it.
    pub op: Option<u32>,
    /// Number of its merchant.
    pub merchant: Option<u32>,
    /// Whether it gives money back to the holder.
    pub gives_back: bool,
    /// Whether an adjustment repaired it.
    pub adjusted: bool,
    journal: Held,
    record: Held,
    issuer: Held,
    payout: Held,
    /// The issuer is still owed an advice about it.
    owed: bool,
    /// A repair case was made of it.
    case: bool,
}

/// Until when books are held to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The close of this clearing day; later business is not in yet.
    Close(Day),
    /// The end of the run: what is not there now never will be.
    End,
}

/// Every transaction, and which of them changed lately.
pub struct Lines {
    plan: Arc<Plan>,
    acquirer: NodeId,
    issuer: NodeId,
    /// The clearing day that is open; none where nobody has a contract.
    pub open: Option<Day>,
    lines: IndexMap<Rrn, Line, FxBuildHasher>,
    by_key: IndexMap<TxnKey, Rrn, FxBuildHasher>,
    /// What terminals have a record of whose end is open.
    doubtful: IndexMap<TxnKey, u32, FxBuildHasher>,
    /// Captures not yet paid out, by merchant and clearing day.
    unpaid: BTreeMap<(u32, Day), Vec<Rrn>>,
    /// What terminals ask for without moving money: pre-authorisations and their voids.
    moneyless: BTreeSet<TxnKey>,
    touched: Vec<Rrn>,
}

/// Which way a posting moves a transaction's money: one more, or one undone, and whether towards the holder.
/// Nothing for what is not the business of two books.
pub fn direction(cause: Cause) -> Option<(i32, bool)> {
    match cause.direction() {
        Direction::Debit => Some((1, false)),
        Direction::DebitUndone => Some((-1, false)),
        Direction::Credit => Some((1, true)),
        Direction::CreditUndone => Some((-1, true)),
        Direction::House => None,
    }
}

impl Lines {
    /// No transaction yet.
    pub fn new(plan: &Arc<Plan>) -> Lines {
        Lines {
            acquirer: plan.node(Place::Acquirer),
            issuer: plan.node(Place::Issuer),
            plan: Arc::clone(plan),
            open: None,
            lines: IndexMap::default(),
            by_key: IndexMap::default(),
            doubtful: IndexMap::default(),
            unpaid: BTreeMap::new(),
            moneyless: BTreeSet::new(),
            touched: Vec::new(),
        }
    }

    /// The civil date of a true time.
    pub fn date(&self, at_ms: u64) -> Day {
        Day::of(Wall(self.plan.start.0.saturating_add_unsigned(at_ms)))
    }

    /// The transaction with a number, if there is one.
    pub fn find(&self, rrn: Rrn) -> Option<&Line> {
        self.lines.get(&rrn)
    }

    /// The transaction with a number that was handed out here. Panics on any other.
    pub fn get(&self, rrn: Rrn) -> &Line {
        &self.lines[&rrn]
    }

    /// What changed since this was last asked, each once or more often.
    pub fn take_touched(&mut self) -> Vec<Rrn> {
        std::mem::take(&mut self.touched)
    }

    fn line(&mut self, rrn: Rrn) -> &mut Line {
        self.touched.push(rrn);
        self.lines.entry(rrn).or_insert_with(|| Line {
            rrn,
            chain: rrn,
            key: None,
            op: None,
            merchant: None,
            gives_back: false,
            adjusted: false,
            journal: Held::default(),
            record: Held::default(),
            issuer: Held::default(),
            payout: Held::default(),
            owed: false,
            case: false,
        })
    }

    /// Takes an event in. A clearing day that ends is the caller's to close before it calls this.
    pub fn event(&mut self, event: &Event) {
        let What::Said { said } = event.what else { return };
        match said {
            // A hold is in nobody's books of money.
            Observation::RequestPending { key, kind, .. } if kind.side() == Side::None => {
                self.moneyless.insert(key);
            }
            Observation::Approved { key, .. } if self.moneyless.contains(&key) => {}
            Observation::RequestPending { op, key, .. }
            | Observation::RefundPending { op, key, .. } => {
                self.doubtful.insert(key, op.op);
                self.touch(key);
            }
            Observation::Approved { op, key, rrn, amount }
            | Observation::RefundAccepted { op, key, rrn, amount } => {
                self.doubtful.swap_remove(&key);
                self.by_key.insert(key, rrn);
                let day = self.date(event.at_ms);
                let line = self.line(rrn);
                (line.key, line.op) = (Some(key), Some(op.op));
                line.journal.add(1, amount, day);
            }
            Observation::Undone { key, .. } => {
                self.ends(key);
                if let Some(rrn) = self.by_key.get(&key) {
                    let journal = &mut self.line(*rrn).journal;
                    journal.count = journal.count.min(0);
                }
            }
            Observation::Declined { key, .. }
            | Observation::RefundRefused { key, .. }
            | Observation::Abandoned { key, .. } => self.ends(key),
            Observation::Taken { kind, .. } if kind.class() == Class::Inquiry => {}
            Observation::Taken { key, rrn, chain, .. } => {
                self.by_key.insert(key, rrn);
                let merchant = self.merchant_of(&key);
                let op = self.doubtful.get(&key).copied();
                let line = self.line(rrn);
                (line.key, line.chain, line.merchant) = (Some(key), chain, merchant);
                line.op = line.op.or(op);
            }
            Observation::Queued { rrn } => self.line(rrn).owed = true,
            Observation::RepairCase { rrn } => self.line(rrn).case = true,
            Observation::Delivered { rrn, .. } => {
                let line = self.line(rrn);
                line.owed = false;
                line.adjusted |= line.case;
            }
            Observation::AdviceDropped { rrn } => self.line(rrn).owed = false,
            Observation::Posted(posting) => self.posted(event, &posting),
            Observation::Cleared { rrn, day, .. } => self.cleared(rrn, day),
            Observation::ClearingDay { opens, .. } => self.open = Some(opens),
            Observation::PaidOut { merchant, day, .. } => self.paid_out(merchant, day, event),
            // What was paid out and is undone now is kept from the next payout.
            Observation::Adjusted { rrn, .. } => {
                let line = self.line(rrn);
                line.payout.count -= 1;
                line.adjusted = true;
            }
            _ => {}
        }
    }

    fn touch(&mut self, key: TxnKey) {
        if let Some(rrn) = self.by_key.get(&key) {
            self.touched.push(*rrn);
        }
    }

    fn ends(&mut self, key: TxnKey) {
        self.doubtful.swap_remove(&key);
        self.touch(key);
    }

    fn merchant_of(&self, key: &TxnKey) -> Option<u32> {
        self.plan.merchant_of(key.terminal)
    }

    fn posted(&mut self, event: &Event, posting: &Posting) {
        let (Some(chain), Some(rrn)) = (posting.chain, posting.txn) else { return };
        let Some((count, gives_back)) = direction(posting.cause) else { return };
        let day = self.open.filter(|_| event.node == self.acquirer);
        let day = day.unwrap_or_else(|| self.date(event.at_ms));
        let (at_issuer, amount) = (event.node == self.issuer, posting.legs[1].amount);
        let merchant = posting.legs.iter().find_map(|leg| match leg.account {
            Account::MerchantUnsettled(merchant) => Some(merchant),
            _ => None,
        });
        let line = self.line(rrn);
        line.chain = chain;
        line.gives_back |= gives_back;
        line.merchant = merchant.or(line.merchant);
        let held = if at_issuer { &mut line.issuer } else { &mut line.record };
        held.add(count, amount, day);
    }

    fn cleared(&mut self, rrn: Rrn, day: Day) {
        let line = self.line(rrn);
        line.record.day = day;
        if let Some(merchant) = line.merchant {
            self.unpaid.entry((merchant, day)).or_default().push(rrn);
        }
    }

    /// A payout is of every capture that its day holds and that still stands.
    fn paid_out(&mut self, merchant: u32, day: Day, event: &Event) {
        let paid = self.date(event.at_ms);
        let captures = self.unpaid.get(&(merchant, day)).cloned().unwrap_or_default();
        for rrn in captures {
            let record = self.lines[&rrn].record;
            if record.count > 0 {
                self.line(rrn).payout.add(1, record.amount, paid);
            }
        }
    }

    /// What each source has of a transaction.
    pub fn sources(&self, line: &Line, as_of: AsOf) -> Sources {
        let closed = |held: Held| match (as_of, held.has()) {
            (AsOf::Close(day), Has::Entry(entry)) if entry.day > day => Has::NotYet,
            (_, has) => has,
        };
        let waits = |has: Has, open: bool| match as_of {
            AsOf::Close(_) if open => Has::NotYet,
            AsOf::Close(_) | AsOf::End => has,
        };
        let doubtful = line.key.is_some_and(|key| self.doubtful.contains_key(&key));
        Sources {
            journal: waits(closed(line.journal), doubtful),
            record: closed(line.record),
            issuer: waits(closed(line.issuer), line.owed),
            payout: self.payout(line),
        }
    }

    /// A payout is missing once the day on which it was due is over. What no payout is due for has none.
    fn payout(&self, line: &Line) -> Has {
        match line.payout.has() {
            _ if line.gives_back => Has::NotYet,
            Has::Nothing if line.record.count == 0 => Has::Nothing,
            Has::Nothing => match self.payout_due(line).zip(self.open) {
                Some((due, open)) if due < open => Has::Nothing,
                Some(_) | None => Has::NotYet,
            },
            has => has,
        }
    }

    /// The day on which a capture is to be paid out; nothing where its merchant is paid by sweeps alone.
    fn payout_due(&self, line: &Line) -> Option<Day> {
        let merchant = &self.plan.world.acquirer.merchants[line.merchant? as usize];
        let settlement = merchant.contract.as_ref()?.settlement.as_ref()?;
        Some(settlement.cycle.payout_day(line.record.day, &settlement.calendar))
    }

    /// Whether a capture that is the same everywhere must be looked at again, because its payout is to come.
    pub fn awaits_payout(&self, line: &Line) -> bool {
        !line.gives_back
            && line.record.count > 0
            && line.payout.count == 0
            && self.payout_due(line).is_some()
    }
}
