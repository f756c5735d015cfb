//! The state of an acquirer, which is the fold of its journal. Live steps and boot go through the same
//! `apply`.

use super::authorised::is_void;
use super::batch::Compared;
use super::config::AcquirerConfig;
use super::record::{Cleared, Key, Record};
use super::settle::Settling;
use super::tx::{SignedOn, State, TerminalNow, Tx, Way};
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn};
use crate::ledger::{Account, Cause, Ledger, Posting};
use crate::money::Fen;
use crate::party::HouseOp;
use crate::time::{MonthDay, Now, TimeOfDay};
use crate::wire::{Kind, ReversalReason};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The fold of the journal.
pub(super) struct Books {
    pub ledger: Ledger,
    /// Confirmed takings that may fund refunds, by merchant.
    pub pools: Vec<Fen>,
    pub terminals: Vec<TerminalNow>,
    merchants_of_terminals: Vec<u32>,
    /// The number of the first portal.
    portals_from: usize,
    /// By RRN, which counts up from 1.
    txs: Vec<Tx>,
    pub by_key: IndexMap<Key, Rrn, FxBuildHasher>,
    /// Approved pre-authorisations by their DE38, the latest last.
    pub authorised: IndexMap<AuthCode, Vec<Rrn>, FxBuildHasher>,
    pub maintenance: bool,
    /// Clearing days and payouts.
    pub settling: Settling,
    /// What the record taken in last posted.
    posted: Vec<Posting>,
    /// How many advices were ever queued.
    queued: u64,
}

impl Books {
    pub fn new(config: &AcquirerConfig) -> Books {
        let mut ledger = Ledger::default();
        for (n, merchant) in (0u32..).zip(&config.merchants) {
            ledger.open(Account::MerchantUnsettled(n), merchant.opening_unsettled);
        }
        let terminal = TerminalNow { batch: Batch(1), ..TerminalNow::default() };
        // Behind the terminals stand the portal of each merchant, and then the chargebacks of each.
        let of_terminals = config.terminals.iter().map(|terminal| terminal.merchant);
        let merchants = u32::try_from(config.merchants.len()).expect("few merchants");
        let of_desks = 0..merchants;
        Books {
            ledger,
            pools: config.merchants.iter().map(|m| m.opening_unsettled).collect(),
            terminals: vec![terminal; config.terminals.len() + 2 * config.merchants.len()],
            merchants_of_terminals: of_terminals.chain(of_desks.clone()).chain(of_desks).collect(),
            portals_from: config.terminals.len(),
            txs: Vec::new(),
            by_key: IndexMap::default(),
            authorised: IndexMap::default(),
            maintenance: false,
            settling: Settling::new(config),
            posted: Vec::new(),
            queued: 0,
        }
    }

    pub fn next_rrn(&self) -> Rrn {
        Rrn(self.txs.len() as u64 + 1)
    }

    pub fn tx(&self, rrn: Rrn) -> Option<&Tx> {
        self.txs.get(usize::try_from(rrn.0.checked_sub(1)?).ok()?)
    }

    pub(super) fn tx_mut(&mut self, rrn: Rrn) -> &mut Tx {
        let index = usize::try_from(rrn.0 - 1).expect("an RRN of ours");
        &mut self.txs[index]
    }

    /// Notes when a transaction came, for a retention that runs out.
    pub fn came_at(&mut self, rrn: Rrn, now: Now) {
        self.tx_mut(rrn).came = Some(now);
    }

    pub fn merchant_of(&self, key: &Key) -> u32 {
        self.merchants_of_terminals[key.terminal as usize]
    }

    /// The number under which a merchant's portal stands among the terminals.
    pub fn portal_of(&self, merchant: u32) -> u16 {
        u16::try_from(self.portals_from + merchant as usize).expect("few terminals and merchants")
    }

    /// The number under which the chargebacks of a merchant's sales stand there.
    pub fn chargebacks_of(&self, merchant: u32) -> u16 {
        self.portal_of(merchant) + u16::try_from(self.pools.len()).expect("few merchants")
    }

    /// How what a key names gives back: over a line, at a portal, or by a chargeback.
    fn cause_of(&self, key: &Key) -> Cause {
        match usize::from(key.terminal).checked_sub(self.portals_from) {
            None => Cause::Refund,
            Some(portal) if portal < self.pools.len() => Cause::PortalRefund,
            Some(_) => Cause::Chargeback,
        }
    }

    /// UNSOUND choice `AcquirerKey::WithoutBatch`: what this STAN named last, in whatever batch.
    pub fn by_stan(&self, key: &Key) -> Option<Rrn> {
        let named = |key: &Key| (key.kind, key.terminal, key.stan);
        let mut all = self.by_key.iter().rev();
        all.find(|(known, _)| named(known) == named(key)).map(|(_, rrn)| *rrn)
    }

    /// Every transaction with its RRN.
    pub fn all(&self) -> impl Iterator<Item = (Rrn, &Tx)> {
        (1u64..).map(Rrn).zip(&self.txs)
    }

    /// Every transaction still open, with its RRN.
    pub fn open(&self) -> Vec<Rrn> {
        self.all().filter(|(_, tx)| tx.state == State::Open).map(|(rrn, _)| rrn).collect()
    }

    /// Every advice still queued, in no order.
    pub fn queued(&self) -> Vec<Rrn> {
        self.all()
            .filter(|(_, tx)| matches!(tx.state, State::Undoing(_) | State::RefundQueued))
            .map(|(rrn, _)| rrn)
            .collect()
    }

    /// Gives an advice its place, behind all that were queued before it (soundness 15).
    fn queue(&mut self, rrn: Rrn) {
        self.queued += 1;
        self.tx_mut(rrn).queued_at = self.queued;
    }

    /// Whether a financial message with this key proves that no reversal of a capture is pending any more:
    /// it comes from the same terminal, and later (soundness 13). STANs are compared within a batch.
    pub fn confirmed_by(&self, rrn: Rrn, key: &Key) -> bool {
        self.tx(rrn).is_some_and(|tx| tx.confirmed || self.precedes(tx, key))
    }

    /// Whether a message with this key was made later by the same terminal than a transaction.
    fn precedes(&self, tx: &Tx, key: &Key) -> bool {
        let terminal = &self.terminals[key.terminal as usize];
        let at = |key: &Key| (terminal.round(key.batch), key.stan);
        tx.key.terminal == key.terminal && at(&tx.key) < at(key)
    }

    /// Confirmed takings that may fund a refund with this key, those that it confirms itself among them.
    pub fn pool_at(&self, key: &Key) -> Fen {
        let unconfirmed = &self.terminals[key.terminal as usize].unconfirmed;
        let confirms = unconfirmed.iter().filter_map(|rrn| self.tx(*rrn));
        let confirms = confirms
            .filter(|tx| tx.state == State::Approved && !tx.counted && self.precedes(tx, key));
        self.pools[self.merchant_of(key) as usize] + confirms.map(Tx::net_of_fee).sum()
    }

    /// Confirms the captures that come before this key.
    fn confirm_before(&mut self, key: &Key) {
        let terminal = key.terminal as usize;
        let mut unconfirmed = std::mem::take(&mut self.terminals[terminal].unconfirmed);
        unconfirmed.retain(|rrn| {
            let tx = *self.tx_mut(*rrn);
            if tx.state != State::Approved {
                return false;
            }
            if !self.precedes(&tx, key) {
                return true;
            }
            self.tx_mut(*rrn).confirmed = true;
            self.count(*rrn);
            false
        });
        self.terminals[terminal].unconfirmed = unconfirmed;
    }

    fn insert(&mut self, rrn: Rrn, key: Key, state: State, code: ResponseCode, amount: Fen) {
        assert_eq!(rrn, self.next_rrn(), "RRNs are given in order");
        self.confirm_before(&key);
        self.terminals[key.terminal as usize].heard(key.batch, key.stan);
        self.file(rrn, &key);
        self.by_key.insert(key, rrn);
        self.txs.push(Tx {
            key,
            state,
            code,
            confirmed: false,
            auth: None,
            date: MonthDay::default(),
            time: TimeOfDay::default(),
            asked: amount,
            amount,
            part: None,
            takes_partial: false,
            refunded: Fen::ZERO,
            refunded_at_portal: Fen::ZERO,
            charged_back: Fen::ZERO,
            refunds: 0,
            fee: [Fen::ZERO; 3],
            fee_charged: Fen::ZERO,
            day: None,
            counted: false,
            card: 0,
            chain: rrn,
            of: None,
            way: Way::Advice,
            owed_since: None,
            void: None,
            queued_at: 0,
            came: None,
            reused: false,
        });
    }

    /// Takes a record in and hands back the postings that it makes.
    pub fn apply(&mut self, record: &Record) -> &[Posting] {
        self.posted.clear();
        self.take(record);
        &self.posted
    }

    fn take(&mut self, record: &Record) {
        match *record {
            Record::SignOn { terminal, stan, asked_in, generation, batch } => {
                let now = &mut self.terminals[terminal as usize];
                now.generation = generation;
                now.sign_ons.push(SignedOn { asked_in, stan, generation, batch });
                if now.batches.last() == Some(&batch) {
                    now.heard(batch, stan);
                } else {
                    now.open(batch, stan);
                }
            }
            Record::Forwarded { rrn, key, amount, card, of, takes_partial } => {
                self.insert(rrn, key, State::Open, ResponseCode(*b"09"), amount);
                self.tx_mut(rrn).card = card;
                self.tx_mut(rrn).takes_partial = takes_partial;
                self.link(rrn, of);
                if is_void(key.kind) {
                    self.reserve_void(rrn);
                }
            }
            Record::Inquired { rrn, key, card } => {
                self.insert(rrn, key, State::Inquired, ResponseCode(*b"09"), Fen::ZERO);
                self.tx_mut(rrn).card = card;
            }
            Record::Approved { rrn, code, amount, part, auth, date, time, cleared } => {
                let tx = self.tx_mut(rrn);
                tx.code = code;
                tx.amount = amount;
                tx.part = part;
                tx.auth = auth;
                tx.date = date;
                tx.time = time;
                tx.state = State::Approved;
                self.approve(rrn, cleared);
            }
            Record::Declined { rrn, code } | Record::LeftOpen { rrn, code } => {
                let tx = self.tx_mut(rrn);
                tx.state = State::Declined;
                tx.code = code;
                if is_void(tx.key.kind) && matches!(record, Record::Declined { .. }) {
                    self.release_void(rrn);
                }
            }
            Record::Undoing { rrn, reason, code } => {
                self.undo(rrn, reason, code);
                self.owe(rrn);
            }
            Record::Reused { rrn } => self.tx_mut(rrn).reused = true,
            Record::LateApproval { rrn, code } => {
                self.tx_mut(rrn).code = code;
            }
            Record::RepairCase { rrn } => self.tx_mut(rrn).way = Way::Repair,
            Record::Delivered { rrn } | Record::Dropped { rrn } => {
                let tx = self.tx_mut(rrn);
                tx.state = match tx.state {
                    State::RefundQueued => State::RefundDelivered,
                    _ => State::Undone,
                };
                if is_void(tx.key.kind) && matches!(record, Record::Delivered { .. }) {
                    self.release_void(rrn);
                }
            }
            Record::Tombstone { rrn, key, amount } => {
                self.insert(rrn, key, State::Tombstoned, ResponseCode(*b"22"), amount);
            }
            Record::Refused { rrn, key, amount, card, code } => {
                self.insert(rrn, key, State::Refused, code, amount);
                self.tx_mut(rrn).card = card;
            }
            Record::RefundAccepted { rrn, key, amount, chain } => {
                self.insert(rrn, key, State::RefundQueued, ResponseCode::APPROVED, amount);
                self.link(rrn, Some(chain));
                self.owe(rrn);
                let original = *self.tx(chain).expect("a refund has its original");
                let back = self.fee_back(&original, amount);
                self.queue(rrn);
                let cause = self.cause_of(&key);
                let sale = self.tx_mut(chain);
                sale.refunded += amount;
                match cause {
                    Cause::Chargeback => sale.charged_back += amount,
                    Cause::PortalRefund => {
                        (sale.refunds, sale.refunded_at_portal) =
                            (sale.refunds + 1, sale.refunded_at_portal + amount);
                    }
                    _ => sale.refunds += 1,
                }
                let merchant = self.merchant_of(&key);
                self.pools[merchant as usize] -= amount;
                let from = Account::MerchantUnsettled(merchant);
                let to = Account::Interbank;
                self.post(Posting::transfer(Some(chain), Some(rrn), cause, from, to, amount));
                self.give_fee_back(chain, rrn, back, true);
            }
            Record::House { op, swept } => self.house(op, swept),
            Record::DayOpened { day } => self.settling.open(day),
            Record::PaidOut { merchant, day, paid, carried } => {
                self.pay_out(merchant, day, paid, carried);
            }
            Record::Compared { terminal, batch, stan, claimed, verdict } => {
                self.compare(terminal, batch, Compared { stan, claimed, verdict });
            }
            Record::Uploaded { key, amount } => self.upload(&key, amount),
            Record::TakenFromUpload { rrn, key, amount } => {
                self.insert(rrn, key, State::Approved, ResponseCode::APPROVED, amount);
                self.capture(rrn, None);
            }
            Record::BatchClosed { terminal, batch } => self.close_batch(terminal, batch),
        }
    }

    /// Carries a posting out. Every one goes through here, so that a clearing day's takings are just what was
    /// posted while it was open.
    pub(super) fn post(&mut self, posting: Posting) {
        self.ledger.post(&posting);
        self.settling.book(&posting);
        self.posted.push(posting);
    }

    /// Hangs a transaction on the chain of the original that it names.
    fn link(&mut self, rrn: Rrn, of: Option<Rrn>) {
        let chain = of.and_then(|of| self.tx(of)).map_or(rrn, |original| original.chain);
        let tx = self.tx_mut(rrn);
        // A completion begins the chain that its own void and refunds hang on.
        let chain = if tx.key.kind == Kind::Completion { rrn } else { chain };
        tx.of = of;
        tx.chain = chain;
    }

    /// What an approval does to the books.
    fn approve(&mut self, rrn: Rrn, cleared: Option<Cleared>) {
        let tx = *self.tx(rrn).expect("approved just now");
        let kind = tx.key.kind;
        match kind {
            Kind::Sale | Kind::Completion => self.capture(rrn, cleared),
            Kind::Void | Kind::CompletionVoid => self.void(rrn),
            // A hold is the issuer's: nothing moves here.
            Kind::PreAuth => {
                if let Some(auth) = tx.auth {
                    self.authorised.entry(auth).or_default().push(rrn);
                }
            }
            Kind::PreAuthVoid => {}
            Kind::Refund | Kind::CompletionAdvice | Kind::Balance | Kind::Status | Kind::QrSale => {
                unreachable!("no {kind:?} is forwarded")
            }
        }
    }

    fn capture(&mut self, rrn: Rrn, cleared: Option<Cleared>) {
        let tx = self.tx_mut(rrn);
        let (key, amount) = (tx.key, tx.amount);
        self.terminals[key.terminal as usize].unconfirmed.push(rrn);
        let merchant = self.merchant_of(&key);
        let to = Account::MerchantUnsettled(merchant);
        if let Some(cleared) = cleared {
            self.settling.booked_under = Some(cleared.day);
        }
        let cause = if key.kind == Kind::Completion { Cause::Completion } else { Cause::Sale };
        let from = Account::Interbank;
        self.post(Posting::transfer(Some(rrn), Some(rrn), cause, from, to, amount));
        if let Some(cleared) = cleared {
            self.charge(rrn, merchant, amount, &cleared);
            self.settling.booked_under = None;
        }
    }

    fn undo(&mut self, rrn: Rrn, reason: ReversalReason, code: ResponseCode) {
        let adjusts = self.paid_out(rrn).is_some();
        self.queue(rrn);
        let tx = self.tx_mut(rrn);
        let approved = tx.state == State::Approved;
        tx.state = State::Undoing(reason);
        tx.code = code;
        tx.auth = None;
        if !approved {
            return;
        }
        let cause = match tx.key.kind {
            Kind::Void | Kind::CompletionVoid => return self.reinstate(rrn),
            Kind::PreAuth | Kind::PreAuthVoid => return,
            Kind::Completion => Cause::CompletionReversal,
            Kind::Sale
            | Kind::Refund
            | Kind::CompletionAdvice
            | Kind::Balance
            | Kind::Status
            | Kind::QrSale => Cause::SaleReversal,
        };
        let (key, amount, counted, fee) = (tx.key, tx.amount, tx.counted, tx.fee);
        let merchant = self.merchant_of(&key);
        if counted {
            self.pools[merchant as usize] -= amount;
        }
        let from = Account::MerchantUnsettled(merchant);
        let to = Account::Interbank;
        self.settling.adjusts = adjusts;
        self.post(Posting::transfer(Some(rrn), Some(rrn), cause, from, to, amount));
        if !self.settling.keeps_fee_of_reversed() {
            self.give_fee_back(rrn, rrn, fee, counted);
        }
        self.settling.adjusts = false;
    }

    fn house(&mut self, op: HouseOp, swept: Fen) {
        match op {
            HouseOp::Sweep { merchant } => {
                self.pools[merchant as usize] -= swept;
                let from = Account::MerchantUnsettled(merchant);
                let to = Account::MerchantPaid(merchant);
                self.settling.swept(merchant, swept);
                self.post(Posting::transfer(None, None, Cause::Sweep, from, to, swept));
            }
            HouseOp::LoseBatchItem { terminal, nth } => self.lose_item(terminal, nth),
            HouseOp::Maintenance { on } => self.maintenance = on,
            HouseOp::TopUp { .. }
            | HouseOp::AccountState { .. }
            | HouseOp::CreditLimit { .. }
            | HouseOp::RiskHold { .. }
            | HouseOp::CardState { .. } => {}
        }
    }
}
