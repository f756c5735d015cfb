//! What a history says happened, put together again: transactions as terminals name them, as hosts number
//! them, and the ledgers rebuilt from postings. Every check reads this one book; it judges nothing.

mod kept;
mod money;

use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::ledger::{Account, Ledger};
use cardstorm_models::money::Fen;
use cardstorm_models::party::desk::desk_of;
use cardstorm_models::party::observe::{Reason, TxnKey};
use cardstorm_models::party::summary::Says;
use cardstorm_models::party::{HouseOp, Observation, OpRef, Summary};
use cardstorm_models::wire::{Class, Kind, Mti};
use indexmap::IndexMap;
pub use kept::{ChainTotal, HostTxn, OpSeen, Rrns, Standing, TerminalTxn};
use rustc_hash::FxBuildHasher;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names an event of the history.
pub type EventKey = (u64, NodeId, u32);

/// The book.
pub struct Book {
    /// The plan that was run: its world is what checks may know beforehand.
    pub plan: Arc<Plan>,
    issuer: NodeId,
    acquirer: NodeId,
    /// By terminal name, all but inquiries.
    pub txns: IndexMap<TxnKey, TerminalTxn, FxBuildHasher>,
    /// Inquiries, by terminal name. They have a place of their own: a device that comes back with an older
    /// memory may use the number of one that was never heard for something else (soundness 10).
    pub inquiries: IndexMap<TxnKey, TerminalTxn, FxBuildHasher>,
    /// By RRN.
    pub hosts: IndexMap<Rrn, HostTxn, FxBuildHasher>,
    /// By operation and attempt.
    pub ops: IndexMap<OpRef, OpSeen, FxBuildHasher>,
    /// Ledgers rebuilt: the issuer's, the acquirer's.
    pub ledgers: [Ledger; 2],
    limits: Vec<Fen>,
    risk_holds: Vec<Fen>,
    /// What is set apart for pre-authorisations, by account.
    held: Vec<Fen>,
    /// Balances that parties claimed at the end.
    pub claimed: BTreeMap<(NodeId, Account), Fen>,
}

impl Book {
    /// An empty book for a plan's run.
    pub fn new(plan: &Arc<Plan>) -> Book {
        let mut issuer = Ledger::default();
        let accounts = &plan.world.issuer.accounts;
        for (n, account) in (0u32..).zip(accounts) {
            issuer.open(Account::Cardholder(n), account.opening);
        }
        let mut acquirer = Ledger::default();
        for (n, merchant) in (0u32..).zip(&plan.world.acquirer.merchants) {
            acquirer.open(Account::MerchantUnsettled(n), merchant.opening_unsettled);
        }
        Book {
            issuer: plan.node(Place::Issuer),
            acquirer: plan.node(Place::Acquirer),
            txns: IndexMap::default(),
            inquiries: IndexMap::default(),
            hosts: IndexMap::default(),
            ops: IndexMap::default(),
            ledgers: [issuer, acquirer],
            limits: accounts.iter().map(|account| account.credit_limit).collect(),
            risk_holds: vec![Fen::ZERO; accounts.len()],
            held: vec![Fen::ZERO; accounts.len()],
            claimed: BTreeMap::new(),
            plan: Arc::clone(plan),
        }
    }

    /// Whether an event happened at the issuer.
    pub fn at_issuer(&self, event: &Event) -> bool {
        event.node == self.issuer
    }

    /// Whether an event happened at the acquirer.
    pub fn at_acquirer(&self, event: &Event) -> bool {
        event.node == self.acquirer
    }

    /// Ledger plus limit less holds, rebuilt.
    pub fn available(&self, account: u32) -> Fen {
        let at = account as usize;
        let balance = self.ledgers[0].balance(Account::Cardholder(account));
        let limit = self.limits.get(at).copied().unwrap_or_default();
        let apart = |held: &[Fen]| held.get(at).copied().unwrap_or_default();
        balance + limit - apart(&self.risk_holds) - apart(&self.held)
    }

    /// What a terminal names so, of this kind.
    pub fn named(&self, kind: Option<Kind>, key: &TxnKey) -> Option<&TerminalTxn> {
        if kind.is_some_and(is_inquiry) { self.inquiries.get(key) } else { self.txns.get(key) }
    }

    /// What a screen of an operation speaks of.
    pub fn shown(&self, op: OpRef, key: &TxnKey) -> Option<&TerminalTxn> {
        let asked = self.inquiries.get(key).filter(|asked| asked.op == Some(op));
        asked.or_else(|| self.txns.get(key))
    }

    /// Whether a number is that of an inquiry.
    pub fn inquires(&self, rrn: Rrn) -> bool {
        let key = self.hosts.get(&rrn).and_then(|host| host.key);
        let asked = key.and_then(|key| self.inquiries.get(&key));
        asked.is_some_and(|asked| asked.rrns.iter().any(|known| known == rrn))
    }

    /// Whether a transaction is a terminal's final probe: judged like any other, but no evidence that a
    /// story had anything to judge.
    pub fn is_probe(&self, txn: &TerminalTxn) -> bool {
        let first = self.plan.probe_op(0);
        let terminals = u32::try_from(self.plan.world.terminals.len()).expect("few terminals");
        txn.op.is_some_and(|op| (first..first + terminals).contains(&op.op))
    }

    /// What terminals hold as voided of each sale, by its RRN.
    pub fn voids(&self) -> BTreeMap<Rrn, Fen> {
        let mut voids = BTreeMap::new();
        let approved = self
            .txns
            .values()
            .filter(|txn| matches!(txn.kind, Kind::Void | Kind::CompletionVoid))
            .filter(|txn| txn.standing == Standing::Approved);
        for txn in approved {
            let Some(original) = txn.original else { continue };
            *voids.entry(original).or_default() += txn.approved;
        }
        voids
    }

    /// What the hosts did under one terminal transaction: net debit, net capture, unreversed debits.
    pub fn totals(&self, txn: &TerminalTxn) -> (Fen, Fen, i32) {
        let mut totals = (Fen::ZERO, Fen::ZERO, 0);
        for host in txn.rrns.iter().filter_map(|rrn| self.hosts.get(&rrn)) {
            totals.0 += host.debited;
            totals.1 += host.captured;
            totals.2 += host.debits;
        }
        totals
    }

    /// Takes transactions out, into a book of their own: those so named, those so numbered, and those
    /// operations. Ledgers and claims stay, and so does the order of what is left.
    pub(super) fn part(
        &mut self,
        named: impl Fn(&TxnKey) -> bool,
        numbered: impl Fn(&Rrn) -> bool,
        served: impl Fn(&OpRef) -> bool,
    ) -> Book {
        let mut part = Book::new(&self.plan);
        part.txns.extend(self.txns.extract_if(.., |key, _| named(key)));
        part.hosts.extend(self.hosts.extract_if(.., |rrn, _| numbered(rrn)));
        part.ops.extend(self.ops.extract_if(.., |op, _| served(op)));
        part
    }

    /// Takes an event in.
    pub fn take(&mut self, event: &Event) {
        match &event.what {
            What::OpBegins { op, asked, amount } => {
                let (asked, amount, outcome, first) = (*asked, *amount, None, event.key());
                self.ops.insert(*op, OpSeen { asked, amount, outcome, first });
            }
            What::Sent { message, .. } => self.sent(event, message),
            What::Received { message, .. } => self.received(event, message),
            What::Said { said } => self.said(event, said),
            What::Balance { account, balance } => {
                self.claimed.insert((event.node, *account), *balance);
            }
            What::Phase { .. }
            | What::OpSkipped { .. }
            | What::Damaged { .. }
            | What::Lost { .. }
            | What::Connected { .. }
            | What::Disconnected { .. }
            | What::Crashed { .. }
            | What::Booted { .. }
            | What::SyncFailed
            | What::Fault { .. }
            | What::Scanned { .. }
            | What::Leak { .. } => {}
        }
    }

    fn sent(&mut self, event: &Event, message: &Summary) {
        let at_terminal = event.node < self.acquirer;
        let Some(kind) = message.kind else { return };
        if at_terminal && matches!(message.mti, Mti::M0100 | Mti::M0200 | Mti::M0220) {
            self.txn(event, key_of(message), kind, message.amount);
        }
        // A host may send what it has not made durable: its number still belongs to that transaction.
        let forwarded =
            event.node == self.acquirer && matches!(message.mti, Mti::M0100 | Mti::M0200);
        if let (true, Some(rrn)) = (forwarded, message.rrn) {
            self.txn(event, key_of(message), kind, message.amount).rrns.push(rrn);
            self.hosts.entry(rrn).or_default().chain.get_or_insert(rrn);
        }
    }

    fn received(&mut self, event: &Event, message: &Summary) {
        let at_terminal = event.node < self.acquirer;
        if at_terminal
            && matches!(message.mti, Mti::M0110 | Mti::M0210 | Mti::M0230)
            && let Some(txn) = self.place_mut(message.kind).get_mut(&key_of(message))
        {
            txn.last_reply = message.code;
            txn.told = told(message);
        }
        let at_acquirer =
            event.node == self.acquirer && matches!(message.mti, Mti::M0110 | Mti::M0210);
        if let (true, Some(rrn)) = (at_acquirer, message.rrn) {
            let host = self.hosts.entry(rrn).or_default();
            host.heard = host.heard.or(message.code).filter(|_| !host.undoing);
        }
    }

    fn place_mut(
        &mut self,
        kind: Option<Kind>,
    ) -> &mut IndexMap<TxnKey, TerminalTxn, FxBuildHasher> {
        if kind.is_some_and(is_inquiry) { &mut self.inquiries } else { &mut self.txns }
    }

    fn txn(&mut self, event: &Event, key: TxnKey, kind: Kind, amount: Fen) -> &mut TerminalTxn {
        self.place_mut(Some(kind)).entry(key).or_insert_with(|| TerminalTxn {
            op: None,
            intent: None,
            kind,
            original: None,
            standing: Standing::Sent,
            amount,
            approved: Fen::ZERO,
            slip: None,
            approved_rrn: None,
            undone: None,
            last_reply: None,
            told: None,
            rrns: Rrns::default(),
            first: event.key(),
        })
    }

    fn said(&mut self, event: &Event, said: &Observation) {
        match *said {
            Observation::RequestPending { op, intent, key, kind, amount, original } => {
                let txn = self.txn(event, key, kind, amount);
                txn.op = Some(op);
                txn.intent = intent;
                txn.original = original;
                txn.standing = Standing::Pending;
            }
            Observation::RefundPending { op, key, amount, original } => {
                let txn = self.txn(event, key, Kind::Refund, amount);
                txn.op = Some(op);
                txn.original = Some(original);
                txn.standing = Standing::Pending;
            }
            Observation::Inquired { op, key } => {
                self.txn(event, key, Kind::Balance, Fen::ZERO).op = Some(op);
            }
            Observation::BalanceTold { rrn, balance, .. } => {
                self.hosts.entry(rrn).or_default().told = Some(balance);
            }
            Observation::Approved { key, amount, rrn, .. }
            | Observation::RefundAccepted { key, amount, rrn, .. } => {
                if let Some(txn) = self.txns.get_mut(&key) {
                    txn.standing = Standing::Approved;
                    txn.approved = amount;
                    txn.approved_rrn = Some(rrn);
                }
                self.answered_at_desk(key, ResponseCode::APPROVED);
            }
            Observation::RefundRefused { key, code, .. } => {
                self.stands(key, Standing::Declined);
                self.answered_at_desk(key, code);
            }
            Observation::Declined { key, .. } => self.stands(key, Standing::Declined),
            Observation::Undone { key, code, .. } => {
                self.stands(key, Standing::Undone);
                if let Some(txn) = self.txns.get_mut(&key) {
                    txn.undone = Some(code);
                }
            }
            Observation::Abandoned { key, .. } => self.stands(key, Standing::Abandoned),
            Observation::Slip { key, amount, rrn, .. } => {
                if let Some(txn) = self.txns.get_mut(&key) {
                    txn.slip = Some((amount, rrn));
                }
            }
            Observation::Ended { op, outcome } => {
                if let Some(seen) = self.ops.get_mut(&op) {
                    seen.outcome = Some(outcome);
                }
            }
            Observation::Taken { key, rrn, chain, kind, amount } => {
                self.txn(event, key, kind, amount).rrns.push(rrn);
                let host = self.hosts.entry(rrn).or_default();
                host.key = Some(key);
                host.chain = Some(chain);
            }
            Observation::Answered { rrn, code, decider } => {
                let host = self.hosts.entry(rrn).or_default();
                if host.answered.replace((code, decider)).is_none() {
                    host.answered_ms = event.at_ms;
                }
            }
            Observation::Undoing { rrn, .. } => self.hosts.entry(rrn).or_default().undoing = true,
            Observation::Queued { rrn } => self.hosts.entry(rrn).or_default().queued = true,
            Observation::Delivered { rrn, .. } => self.hosts.entry(rrn).or_default().queued = false,
            Observation::AdviceDropped { rrn } => {
                let host = self.hosts.entry(rrn).or_default();
                host.queued = false;
                host.dropped = true;
            }
            Observation::Tombstone { key } => self.tombstone(event, key),
            Observation::Decided { rrn, account, amount, code, reason } => {
                let needed = self.needed(rrn, amount);
                // What a grant has taken already was there when it was decided.
                let taken = self.hosts.get(&rrn).map_or(Fen::ZERO, |host| host.debited);
                let short = account.is_some_and(|account| self.available(account) + taken < needed);
                self.hosts.entry(rrn).or_default().decided = Some((code, reason, short));
            }
            Observation::Cleared { rrn, day, .. } => {
                self.hosts.entry(rrn).or_default().cleared = Some(day);
            }
            Observation::Held { rrn, account, amount, .. } => self.hold(rrn, account, amount),
            Observation::Released { rrn, account, amount, .. } => self.hold(rrn, account, -amount),
            Observation::ReversalDecided { rrn, reason: Reason::Granted, .. } => {
                self.hosts.entry(rrn).or_default().undone = true;
            }
            Observation::Posted(posting) => self.posted(event, &posting),
            Observation::House(op) => self.house(op),
            Observation::Announced { .. }
            | Observation::SignedOn { .. }
            | Observation::Screen { .. }
            | Observation::Dropped { .. }
            | Observation::ReversalRefused { .. }
            | Observation::ReversalDecided { .. }
            | Observation::ClearingDay { .. }
            | Observation::PaidOut { .. }
            | Observation::Adjusted { .. }
            | Observation::RepairCase { .. }
            | Observation::Settling { .. }
            | Observation::BatchOver { .. }
            | Observation::BatchSlip { .. }
            | Observation::TotalsCompared { .. }
            | Observation::UploadTaken { .. }
            | Observation::BatchDiffers { .. }
            | Observation::BatchClosed { .. }
            | Observation::Disputed { .. }
            | Observation::ClaimWaits { .. }
            | Observation::Alarm { .. } => {}
        }
    }

    /// A portal gets no reply over a line: what the acquirer writes down is what it must show.
    fn answered_at_desk(&mut self, key: TxnKey, code: ResponseCode) {
        let portal = desk_of(key.terminal).is_some();
        if let Some(txn) = self.txns.get_mut(&key).filter(|_| portal) {
            txn.last_reply = Some(code);
        }
    }

    /// The acquirer's tombstone follows the number it was given.
    fn tombstone(&mut self, event: &Event, key: TxnKey) {
        if !self.at_acquirer(event) {
            return;
        }
        let rrn = self.txns.get(&key).and_then(|txn| txn.rrns.iter().last());
        if let Some(rrn) = rrn {
            self.hosts.entry(rrn).or_default().tombstoned = true;
        }
    }

    /// Money is set apart for a pre-authorisation, or less of it is.
    fn hold(&mut self, rrn: Rrn, account: u32, amount: Fen) {
        self.hosts.entry(rrn).or_default().held += amount;
        if let Some(held) = self.held.get_mut(account as usize) {
            *held += amount;
        }
    }

    /// What has to be there for a decision: of a pre-authorisation, what it sets apart.
    fn needed(&self, rrn: Rrn, amount: Fen) -> Fen {
        let key = self.hosts.get(&rrn).and_then(|host| host.key);
        let kind = key.and_then(|key| self.txns.get(&key)).map(|txn| txn.kind);
        match kind {
            Some(Kind::PreAuth) => amount.percent(self.plan.world.issuer.hold_percent),
            _ => amount,
        }
    }

    fn stands(&mut self, key: TxnKey, standing: Standing) {
        if let Some(txn) = self.txns.get_mut(&key) {
            txn.standing = standing;
        }
    }

    fn house(&mut self, op: HouseOp) {
        match op {
            HouseOp::CreditLimit { account, limit } => self.limits[account as usize] = limit,
            HouseOp::RiskHold { account, amount } => self.risk_holds[account as usize] = amount,
            HouseOp::TopUp { .. }
            | HouseOp::AccountState { .. }
            | HouseOp::CardState { .. }
            | HouseOp::Sweep { .. }
            | HouseOp::LoseBatchItem { .. }
            | HouseOp::Maintenance { .. } => {}
        }
    }
}

/// Whether a kind asks and moves nothing.
pub fn is_inquiry(kind: Kind) -> bool {
    kind.class() == Class::Inquiry
}

/// The balance that a message tells, if it tells one.
pub fn told(message: &Summary) -> Option<Fen> {
    match message.says {
        Some(Says::Balance(balance)) => Some(balance),
        _ => None,
    }
}

/// A message's transaction, as its terminal names it.
pub fn key_of(message: &Summary) -> TxnKey {
    TxnKey { terminal: message.terminal, batch: message.batch, stan: message.stan }
}
