//! Settling: what is finished, clean and alone is judged early and leaves the book, so that a streamed run
//! of any length is judged in flat memory. Only its names stay, as ranges. An event that names something
//! settled voids everything: such a run is judged again from its beginning, with nothing settled.

use super::book::{Book, Standing, key_of};
use super::{Invariant, Ruling, Verdict, at_rest};
use crate::history::{Event, What};
use crate::plan::Plan;
use cardstorm_models::ids::{Batch, Rrn, TerminalId};
use cardstorm_models::party::observe::{Outcome, TxnKey};
use cardstorm_models::party::{Observation, OpRef};
use cardstorm_models::wire::Kind;
use indexmap::IndexMap;
use rangemap::RangeInclusiveSet;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// How long an approved sale must have been left alone, in milliseconds: longer than a terminal waits for
/// its reply. A wrong guess costs a second run, never a verdict.
pub(super) const QUIET_MS: u64 = 70_000;
/// Sales settled at once, at least: the rest of the book is gone through once for each such batch.
pub(super) const BATCH: usize = 512;

/// What has been settled, and what may be next.
pub(super) struct Settling {
    batch: usize,
    quiet_ms: u64,
    /// Operations that others of the plan refer to, by refunding them or by sharing their purchase.
    shared: BTreeSet<u32>,
    /// Approved sales and when they were approved, oldest first.
    approved: VecDeque<(u64, TxnKey)>,
    rrns: RangeInclusiveSet<u64>,
    ops: RangeInclusiveSet<u32>,
    intents: RangeInclusiveSet<u32>,
    stans: IndexMap<(TerminalId, Batch), RangeInclusiveSet<u32>, FxBuildHasher>,
    /// What the checks at rest have counted so far.
    checked: BTreeMap<Invariant, u64>,
    void: bool,
}

/// A sale that can be judged by itself.
struct Alone {
    key: TxnKey,
    op: u32,
    intent: u32,
    rrn: Rrn,
}

/// What an event names.
#[derive(Default)]
struct Names {
    key: Option<TxnKey>,
    rrns: [Option<Rrn>; 2],
    op: Option<u32>,
    intent: Option<u32>,
}

impl Settling {
    /// Nothing is settled yet. Takes the least batch, and how long a sale must have been quiet.
    pub fn new(plan: &Plan, batch: usize, quiet_ms: u64) -> Settling {
        let batch = if is_cleared(plan) || plan.settles() { usize::MAX } else { batch };
        Settling {
            batch,
            quiet_ms,
            shared: shared(plan),
            approved: VecDeque::new(),
            rrns: RangeInclusiveSet::new(),
            ops: RangeInclusiveSet::new(),
            intents: RangeInclusiveSet::new(),
            stans: IndexMap::default(),
            checked: BTreeMap::new(),
            void: false,
        }
    }

    /// Whether some event named what was settled before it, or what was settled was not clean.
    pub fn is_void(&self) -> bool {
        self.void
    }

    /// Whether anything has left the book.
    pub fn has_settled(&self) -> bool {
        !self.rrns.is_empty()
    }

    /// Looks at an event before the book takes it.
    pub fn before(&mut self, event: &Event) {
        if self.has_settled() && self.knows(&names(event)) {
            self.void = true;
        }
    }

    fn knows(&self, names: &Names) -> bool {
        let stan_of = |key: &TxnKey| {
            let stans = self.stans.get(&(key.terminal, key.batch));
            stans.is_some_and(|stans| stans.contains(&key.stan.0))
        };
        names.rrns.iter().flatten().any(|rrn| self.rrns.contains(&rrn.0))
            || names.key.as_ref().is_some_and(stan_of)
            || names.op.is_some_and(|op| self.ops.contains(&op))
            || names.intent.is_some_and(|intent| self.intents.contains(&intent))
    }

    /// Looks at an event after the book took it, and settles what has been quiet for long enough.
    pub fn after(&mut self, event: &Event, book: &mut Book) {
        if let What::Said { said: Observation::Approved { key, .. } } = event.what {
            self.approved.push_back((event.at_ms, key));
            let batch = self.batch.max(book.txns.len() / 4);
            let quiet = |(at_ms, _): &(u64, TxnKey)| at_ms + self.quiet_ms <= event.at_ms;
            if self.approved.get(batch - 1).is_some_and(quiet) {
                self.settle(batch, book);
            }
        }
    }

    fn settle(&mut self, batch: usize, book: &mut Book) {
        let quiet = self.approved.drain(..batch);
        let alone: Vec<Alone> =
            quiet.filter_map(|(_, key)| alone(book, &self.shared, key)).collect();
        for sale in &alone {
            self.rrns.insert(sale.rrn.0..=sale.rrn.0);
            self.ops.insert(sale.op..=sale.op);
            self.intents.insert(sale.intent..=sale.intent);
            let stans = self.stans.entry((sale.key.terminal, sale.key.batch)).or_default();
            stans.insert(sale.key.stan.0..=sale.key.stan.0);
        }
        let named = |key: &TxnKey| self.knows(&Names { key: Some(*key), ..Names::default() });
        let numbered = |rrn: &Rrn| self.rrns.contains(&rrn.0);
        let part = book.part(named, numbered, |op| self.ops.contains(&op.op));
        for verdict in at_rest(&part) {
            self.void |= verdict.violation().is_some();
            *self.checked.entry(verdict.invariant).or_default() += verdict.checked;
        }
    }

    /// Adds what was settled to the verdicts on the rest.
    pub fn add_to(&self, verdicts: &mut [Verdict]) {
        for verdict in verdicts {
            let settled = self.checked.get(&verdict.invariant).copied().unwrap_or_default();
            verdict.checked += settled;
            if settled > 0 && matches!(verdict.ruling, Ruling::Unknown(_)) {
                verdict.ruling = Ruling::Held;
            }
        }
    }
}

/// Whether takings are cleared and paid out: such a sale is over with its payout, not with its slip.
fn is_cleared(plan: &Plan) -> bool {
    plan.world.acquirer.merchants.iter().any(|merchant| merchant.contract.is_some())
}

/// Operations that others refer to. Those stay in the book to the end.
fn shared(plan: &Plan) -> BTreeSet<u32> {
    let mut purchases = Vec::with_capacity(plan.ops.len());
    let mut shared = BTreeSet::new();
    for (n, op) in (0u32..).zip(&plan.ops) {
        if let Some(intent) = op.task.intent() {
            purchases.push((intent, n));
        }
        shared.extend(op.task.of());
    }
    purchases.sort_unstable();
    let twice = purchases.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    shared.extend(twice.flat_map(|pair| [pair[0].1, pair[1].1]));
    shared
}

/// The sale of this name, if it is over, approved and executed once, and nothing else in the plan refers to
/// it. When in doubt it is not.
fn alone(book: &Book, shared: &BTreeSet<u32>, key: TxnKey) -> Option<Alone> {
    let txn = book.txns.get(&key)?;
    let (op, intent) = (txn.op?, txn.intent?);
    let mut rrns = txn.rrns.iter();
    let (rrn, None) = (rrns.next()?, rrns.next()) else { return None };
    let host = book.hosts.get(&rrn)?;
    // What was tried before, or again for want of a slip, belongs to the same purchase.
    let again = OpRef { attempt: op.attempt + 1, ..op };
    let once = op.attempt == 0 && !book.ops.contains_key(&again);
    let over = once && book.ops.get(&op)?.outcome == Some(Outcome::Ok);
    let approved = txn.kind == Kind::Sale && txn.standing == Standing::Approved;
    let own = host.key == Some(key) && host.chain == Some(rrn) && host.answered.is_some();
    let done = host.debits == 1 && txn.slip.is_some() && !host.undoing && !host.queued;
    let fits = over && approved && own && done && !shared.contains(&op.op) && !book.is_probe(txn);
    fits.then_some(Alone { key, op: op.op, intent, rrn })
}

fn names(event: &Event) -> Names {
    match &event.what {
        What::OpBegins { op, asked, .. } => {
            Names { op: Some(op.op), intent: asked.intent(), ..Names::default() }
        }
        What::Sent { message, .. }
        | What::Received { message, .. }
        | What::Damaged { message, .. } => {
            Names { key: Some(key_of(message)), rrns: [message.rrn, None], ..Names::default() }
        }
        What::Said { said } => said_names(said),
        What::Phase { .. }
        | What::OpSkipped { .. }
        | What::Lost { .. }
        | What::Connected { .. }
        | What::Disconnected { .. }
        | What::Crashed { .. }
        | What::Booted { .. }
        | What::SyncFailed
        | What::Fault { .. }
        | What::Balance { .. }
        | What::Scanned { .. }
        | What::Leak { .. } => Names::default(),
    }
}

fn said_names(said: &Observation) -> Names {
    let none = Names::default();
    match *said {
        Observation::RequestPending { op, intent, key, original, .. } => {
            Names { key: Some(key), op: Some(op.op), intent, rrns: [original, None] }
        }
        Observation::RefundPending { op, key, original, .. } => {
            Names { key: Some(key), op: Some(op.op), rrns: [Some(original), None], ..none }
        }
        Observation::Approved { op, key, rrn, .. }
        | Observation::RefundAccepted { op, key, rrn, .. }
        | Observation::Slip { op, key, rrn, .. } => {
            Names { key: Some(key), op: Some(op.op), rrns: [Some(rrn), None], ..none }
        }
        Observation::Declined { op, key, .. }
        | Observation::Undone { op, key, .. }
        | Observation::Abandoned { op, key }
        | Observation::RefundRefused { op, key, .. }
        | Observation::Inquired { op, key }
        | Observation::Announced { op, key } => Names { key: Some(key), op: Some(op.op), ..none },
        Observation::Screen { op, key, .. } => Names { key, op: Some(op.op), ..none },
        Observation::Disputed { op, rrn, .. } | Observation::ClaimWaits { op, rrn } => {
            Names { op: Some(op.op), rrns: [Some(rrn), None], ..none }
        }
        Observation::Ended { op, .. } => Names { op: Some(op.op), ..none },
        Observation::Dropped { message, .. } => {
            Names { key: Some(key_of(&message)), rrns: [message.rrn, None], ..none }
        }
        Observation::Taken { key, rrn, chain, .. } => {
            Names { key: Some(key), rrns: [Some(rrn), Some(chain)], ..none }
        }
        Observation::Answered { rrn, .. }
        | Observation::Undoing { rrn, .. }
        | Observation::Queued { rrn }
        | Observation::Delivered { rrn, .. }
        | Observation::RepairCase { rrn }
        | Observation::Held { rrn, .. }
        | Observation::Released { rrn, .. }
        | Observation::AdviceDropped { rrn }
        | Observation::ReversalDecided { rrn, .. }
        | Observation::BalanceTold { rrn, .. }
        | Observation::Decided { rrn, .. } => Names { rrns: [Some(rrn), None], ..none },
        Observation::Posted(posting) => Names { rrns: [posting.chain, posting.txn], ..none },
        Observation::ReversalRefused { key, .. }
        | Observation::Tombstone { key }
        | Observation::Alarm { key, .. } => Names { key: Some(key), ..none },
        Observation::Cleared { rrn, .. } | Observation::Adjusted { rrn, .. } => {
            Names { rrns: [Some(rrn), None], ..none }
        }
        Observation::Settling { op, key, .. } => {
            Names { key: Some(key), op: op.map(|op| op.op), ..none }
        }
        Observation::BatchSlip { key, .. }
        | Observation::TotalsCompared { key, .. }
        | Observation::UploadTaken { key, .. }
        | Observation::BatchDiffers { key, .. } => Names { key: Some(key), ..none },
        Observation::BatchOver { .. } | Observation::BatchClosed { .. } => none,
        Observation::ClearingDay { .. } | Observation::PaidOut { .. } => none,
        Observation::SignedOn { .. } | Observation::House(_) => none,
    }
}
