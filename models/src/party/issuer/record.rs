//! What an issuer makes durable, and the state that is the fold of it. Live steps and boot go through
//! the same `apply`, so that a restart can lose nothing that a record says.

use super::config::{AccountState, CardState, CompletionVoided, HoldEnd, IssuerConfig};
use super::hold::{Hold, HoldChange};
use crate::ids::{AuthCode, ResponseCode, Rrn};
use crate::ledger::{Account, Cause, Ledger, Posting};
use crate::money::Fen;
use crate::party::HouseOp;
use crate::party::observe::ReleasedBy;
use crate::time::{MonthDay, Wall};
use crate::wire::{Kind, Side};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What one PIN entry did to the counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum PinEffect {
    Untouched,
    Reset,
    Wrong,
}

/// A transaction as it was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decided {
    pub rrn: Rrn,
    pub kind: Kind,
    /// RRN of the original that it is about: its own unless it is linked to one.
    pub chain: Rrn,
    pub card: Option<u32>,
    pub account: Option<u32>,
    /// Fen asked for.
    pub amount: Fen,
    /// Fen granted, where that is less.
    pub part: Option<Fen>,
    pub code: ResponseCode,
    pub pin: PinEffect,
    pub day: MonthDay,
    /// The earlier transaction that it names, where it is not the chain's original: a completion begins a
    /// chain of its own.
    pub of: Option<Rrn>,
    /// What an approved pre-authorisation sets apart.
    pub hold: Option<Hold>,
    /// What a granted inquiry is told, so that its copy is told the same.
    pub told: Option<Fen>,
}

/// One durable fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record {
    /// A request was decided or a fact booked: posting, key and answer in one (soundness 2d).
    Decided(Decided),
    /// A request is undone.
    Reversed { rrn: Rrn },
    /// A reversal came first.
    Tombstone { rrn: Rrn, kind: Kind },
    /// A hold's time is over.
    Expired { rrn: Rrn },
    /// UNSOUND choice: an adjustment of what is settled already.
    AdjustedAgain { rrn: Rrn },
    /// A debit is disputed, by an operation of this number, and so much of it is claimed.
    Disputed { op: u32, rrn: Rrn, amount: Fen },
    /// The house acted.
    House(HouseOp),
}

/// Where a transaction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Approved,
    Declined,
    Reversed,
    Tombstoned,
}

/// What is kept of a transaction as long as its key must be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tx {
    pub kind: Kind,
    pub state: State,
    pub code: ResponseCode,
    /// The original that it is about: itself unless it is linked to one.
    pub chain: Rrn,
    pub card: Option<u32>,
    pub account: Option<u32>,
    /// Fen asked for: what its messages carry.
    pub asked: Fen,
    /// Fen that it moves: all that was asked for, or the part that was granted.
    pub amount: Fen,
    /// Day of the decision, for the day's count.
    pub day: MonthDay,
    /// The void of it that stands.
    pub void: Option<Rrn>,
    /// Sum of refunds booked on it.
    pub refunded: Fen,
    /// A chargeback was made of it.
    pub disputed: bool,
    /// The earlier transaction that it names.
    pub of: Option<Rrn>,
    /// What it sets apart, if it is a pre-authorisation.
    pub hold: Option<Hold>,
    /// The completion of it that was approved and not reversed.
    pub completion: Option<Rrn>,
    /// Its hold's time is over.
    pub expired: bool,
    /// Whether its hold is counted in its account.
    pub held: bool,
    /// What it was told, if it is an inquiry.
    pub told: Option<Fen>,
}

/// What a record does to the books' money.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moved {
    pub posting: Option<Posting>,
    pub hold: Option<HoldChange>,
}

impl Tx {
    /// What a decision leaves.
    pub fn new(decided: &Decided) -> Tx {
        let Decided { kind, chain, card, account, amount, part, code, day, of, hold, told, .. } =
            *decided;
        let approved = matches!(code, ResponseCode::APPROVED | ResponseCode::PARTIAL);
        let state = if approved { State::Approved } else { State::Declined };
        Tx {
            state,
            code,
            chain,
            card,
            account,
            asked: amount,
            amount: part.unwrap_or(amount),
            day,
            of,
            told,
            hold: hold.filter(|_| approved),
            ..Tx::tombstone(decided.rrn, kind)
        }
    }

    fn tombstone(rrn: Rrn, kind: Kind) -> Tx {
        Tx {
            kind,
            state: State::Tombstoned,
            code: ResponseCode(*b"22"),
            chain: rrn,
            card: None,
            account: None,
            asked: Fen::ZERO,
            amount: Fen::ZERO,
            day: MonthDay::default(),
            void: None,
            refunded: Fen::ZERO,
            disputed: false,
            of: None,
            hold: None,
            completion: None,
            expired: false,
            held: false,
            told: None,
        }
    }

    /// DE4 of its answer: with 10 what was granted, else what was asked for (flows 8).
    pub fn answered_amount(&self) -> Fen {
        if self.code == ResponseCode::PARTIAL { self.amount } else { self.asked }
    }

    /// Whether it takes money from the holder when it is approved.
    pub fn debits(&self) -> bool {
        self.kind.side() == Side::Debit
    }

    /// DE38 of an approval: the last six digits of its RRN, so that it can be rebuilt. A completion has that
    /// of its pre-authorisation.
    pub fn auth(&self, rrn: Rrn) -> Option<AuthCode> {
        let rrn = match self.kind {
            _ if self.state != State::Approved => return None,
            Kind::Sale | Kind::PreAuth => rrn,
            Kind::Completion | Kind::CompletionAdvice => self.of?,
            Kind::Void
            | Kind::Refund
            | Kind::PreAuthVoid
            | Kind::CompletionVoid
            | Kind::Balance
            | Kind::Status
            | Kind::QrSale => return None,
        };
        let mut digits = [b'0'; 6];
        let mut rest = rrn.0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(rest % 10).expect("a digit");
            rest /= 10;
        }
        Some(AuthCode(digits))
    }
}

/// One account as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccountNow {
    pub state: AccountState,
    pub credit_limit: Fen,
    pub risk_hold: Fen,
    /// Sum of the holds that stand.
    pub held: Fen,
    pub day: MonthDay,
    pub sales_that_day: u32,
}

/// One card as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct CardNow {
    pub state: CardState,
    pub wrong_pins: u8,
}

/// The fold of the journal.
pub(super) struct Books {
    pub ledger: Ledger,
    pub accounts: Vec<AccountNow>,
    pub cards: Vec<CardNow>,
    pub txs: IndexMap<Rrn, Tx, FxBuildHasher>,
    /// The holds that stand, by when they expire.
    pub standing: BTreeSet<(Wall, Rrn)>,
    /// Approved pre-authorisations by their DE38, the latest last.
    pub authorised: IndexMap<AuthCode, Vec<Rrn>, FxBuildHasher>,
    /// What was disputed, by the number of the operation.
    pub disputes: BTreeMap<u32, (Rrn, Fen)>,
    hold_end: HoldEnd,
    pub(super) completion_voided: CompletionVoided,
}

impl Books {
    pub fn new(config: &IssuerConfig) -> Books {
        let mut ledger = Ledger::default();
        for (n, account) in (0u32..).zip(&config.accounts) {
            ledger.open(Account::Cardholder(n), account.opening);
        }
        let accounts = config.accounts.iter().map(|account| AccountNow {
            state: account.state,
            credit_limit: account.credit_limit,
            risk_hold: Fen::ZERO,
            held: Fen::ZERO,
            day: MonthDay::default(),
            sales_that_day: 0,
        });
        let cards = config.cards.iter().map(|card| CardNow { state: card.state, wrong_pins: 0 });
        Books {
            ledger,
            accounts: accounts.collect(),
            cards: cards.collect(),
            txs: IndexMap::default(),
            standing: BTreeSet::new(),
            authorised: IndexMap::default(),
            disputes: BTreeMap::new(),
            hold_end: config.choices.hold_end,
            completion_voided: config.completion_voided,
        }
    }

    /// Ledger plus limit minus holds (requirement S006).
    pub fn available(&self, account: u32) -> Fen {
        let now = &self.accounts[account as usize];
        self.ledger.balance(Account::Cardholder(account)) + now.credit_limit
            - now.risk_hold
            - now.held
    }

    /// Takes a record in and hands back what it moves.
    pub fn apply(&mut self, record: &Record) -> Moved {
        let posting = match *record {
            Record::Decided(decided) => self.decided(&decided),
            Record::Reversed { rrn } => self.reversed(rrn),
            Record::Tombstone { rrn, kind } => {
                self.txs.insert(rrn, Tx::tombstone(rrn, kind));
                None
            }
            Record::Expired { rrn } => {
                self.original(rrn).expired = true;
                None
            }
            Record::AdjustedAgain { rrn } => self.adjusted_again(rrn),
            Record::Disputed { op, rrn, amount } => {
                self.original(rrn).disputed = true;
                self.disputes.insert(op, (rrn, amount));
                None
            }
            Record::House(op) => self.house(op),
        };
        if let Some(posting) = &posting {
            self.ledger.post(posting);
        }
        Moved { posting, hold: self.held_anew(record) }
    }

    /// What a record that is taken in already does to a hold.
    fn held_anew(&mut self, record: &Record) -> Option<HoldChange> {
        let (rrn, why) = match *record {
            Record::Decided(Decided { rrn, kind, .. }) => match kind {
                Kind::PreAuthVoid => (rrn, ReleasedBy::Void),
                _ => (rrn, ReleasedBy::Completion),
            },
            // Of a completion's void: the completion stands again.
            Record::Reversed { rrn } => match self.txs.get(&rrn)?.kind {
                Kind::CompletionVoid => (rrn, ReleasedBy::Completion),
                _ => (rrn, ReleasedBy::Reversal),
            },
            Record::Expired { rrn } => (rrn, ReleasedBy::Expiry),
            Record::Tombstone { .. }
            | Record::AdjustedAgain { .. }
            | Record::Disputed { .. }
            | Record::House(_) => return None,
        };
        // UNSOUND choice: what takes a hold away by a message of its own does not.
        let forgets = self.hold_end == HoldEnd::ForgetsVoid && why == ReleasedBy::Void;
        if forgets {
            return None;
        }
        let tx = *self.txs.get(&rrn)?;
        // A refusal changes nothing.
        if matches!(record, Record::Decided(_)) && tx.state != State::Approved {
            return None;
        }
        let hold = if tx.kind == Kind::PreAuth { rrn } else { self.hold_behind(&tx)? };
        self.rehold(hold, why)
    }

    fn decided(&mut self, decided: &Decided) -> Option<Posting> {
        let Decided { rrn, kind, chain, card, account, pin, day, .. } = *decided;
        self.count_pin(card, pin);
        let tx = Tx::new(decided);
        let amount = tx.amount;
        self.txs.insert(rrn, tx);
        let account = account.filter(|_| tx.state == State::Approved)?;
        let holder = Account::Cardholder(account);
        match kind {
            Kind::Sale => {
                self.count_sale(account, day);
                Some(debit(rrn, rrn, Cause::Sale, holder, amount))
            }
            Kind::Void => {
                self.original(chain).void = Some(rrn);
                Some(credit(chain, rrn, Cause::Void, holder, amount))
            }
            Kind::Refund => {
                self.original(chain).refunded += amount;
                let closed = self.accounts[account as usize].state == AccountState::Closed;
                let to = if closed { Account::ReturnedRefunds } else { holder };
                Some(credit(chain, rrn, Cause::Refund, to, amount))
            }
            Kind::PreAuth => {
                let auth = tx.auth(rrn).expect("it is approved");
                self.authorised.entry(auth).or_default().push(rrn);
                None
            }
            Kind::PreAuthVoid => {
                self.original(tx.of?).void = Some(rrn);
                None
            }
            Kind::Completion | Kind::CompletionAdvice => {
                if let Some(of) = tx.of {
                    self.original(of).completion = Some(rrn);
                }
                Some(debit(rrn, rrn, Cause::Completion, holder, amount))
            }
            Kind::CompletionVoid => {
                self.original(chain).void = Some(rrn);
                Some(credit(chain, rrn, Cause::CompletionVoid, holder, amount))
            }
            Kind::Balance => None,
            Kind::Status | Kind::QrSale => unreachable!("this bank answers 40 to it"),
        }
    }

    /// As if a request had not happened. What gives back gives back only what still stands, so that a sale,
    /// its void and the reversals of both come to the same in every order (soundness 13, 15).
    fn reversed(&mut self, rrn: Rrn) -> Option<Posting> {
        let tx = self.original(rrn);
        assert_eq!(tx.state, State::Approved, "only what was approved is reversed");
        tx.state = State::Reversed;
        tx.code = ResponseCode(*b"22");
        let Tx { kind, chain, amount, day, void, of, .. } = *tx;
        let account = tx.account.expect("what was approved has an account");
        let holder = Account::Cardholder(account);
        match kind {
            Kind::Sale => {
                // It takes no place in the day's count either (flows 0).
                let now = &mut self.accounts[account as usize];
                if now.day == day {
                    now.sales_that_day = now.sales_that_day.saturating_sub(1);
                }
                void.is_none().then(|| credit(rrn, rrn, Cause::SaleReversal, holder, amount))
            }
            Kind::Void => {
                let original = self.original(chain);
                original.void = original.void.filter(|void| *void != rrn);
                let stands = original.state == State::Approved && original.void.is_none();
                // A forced debit, which may overdraw (soundness 15).
                stands.then(|| debit(chain, rrn, Cause::VoidReversal, holder, amount))
            }
            Kind::PreAuth => None,
            Kind::PreAuthVoid => {
                let original = self.original(of?);
                original.void = original.void.filter(|void| *void != rrn);
                None
            }
            Kind::Completion => {
                if let Some(of) = of {
                    let original = self.original(of);
                    original.completion = original.completion.filter(|done| *done != rrn);
                }
                let cause = Cause::CompletionReversal;
                void.is_none().then(|| credit(rrn, rrn, cause, holder, amount))
            }
            Kind::CompletionVoid => {
                let original = self.original(chain);
                original.void = original.void.filter(|void| *void != rrn);
                let stands = original.state == State::Approved && original.void.is_none();
                let cause = Cause::CompletionVoidReversal;
                stands.then(|| debit(chain, rrn, cause, holder, amount))
            }
            Kind::Refund | Kind::CompletionAdvice | Kind::Balance | Kind::Status | Kind::QrSale => {
                unreachable!("no reversal of it is granted")
            }
        }
    }

    fn original(&mut self, rrn: Rrn) -> &mut Tx {
        self.txs.get_mut(&rrn).expect("what was granted is about a known transaction")
    }

    /// Whether what the issuer may be owed about a transaction is booked: a sale undone, a refund credited.
    pub fn is_settled(&self, rrn: Rrn) -> bool {
        let settled = |tx: &Tx| match tx.kind {
            Kind::Refund => tx.state == State::Approved,
            _ => tx.debits() && tx.state == State::Reversed,
        };
        self.txs.get(&rrn).is_some_and(settled)
    }

    fn adjusted_again(&self, rrn: Rrn) -> Option<Posting> {
        let tx = self.txs.get(&rrn)?;
        let cause = match tx.kind {
            Kind::Refund => Cause::Refund,
            Kind::Completion => Cause::CompletionReversal,
            _ => Cause::SaleReversal,
        };
        Some(credit(tx.chain, rrn, cause, Account::Cardholder(tx.account?), tx.amount))
    }

    fn count_pin(&mut self, card: Option<u32>, pin: PinEffect) {
        let Some(card) = card else { return };
        let wrong_pins = &mut self.cards[card as usize].wrong_pins;
        match pin {
            PinEffect::Untouched => {}
            PinEffect::Reset => *wrong_pins = 0,
            PinEffect::Wrong => *wrong_pins = wrong_pins.saturating_add(1),
        }
    }

    fn count_sale(&mut self, account: u32, day: MonthDay) {
        let now = &mut self.accounts[account as usize];
        if now.day != day {
            now.day = day;
            now.sales_that_day = 0;
        }
        now.sales_that_day += 1;
    }

    fn house(&mut self, op: HouseOp) -> Option<Posting> {
        match op {
            HouseOp::TopUp { account, amount } => {
                let to = Account::Cardholder(account);
                let from = Account::Outside;
                Some(Posting::transfer(None, None, Cause::TopUp, from, to, amount))
            }
            HouseOp::AccountState { account, state } => {
                self.accounts[account as usize].state = state;
                None
            }
            HouseOp::CreditLimit { account, limit } => {
                self.accounts[account as usize].credit_limit = limit;
                None
            }
            HouseOp::RiskHold { account, amount } => {
                self.accounts[account as usize].risk_hold = amount;
                None
            }
            HouseOp::CardState { card, state } => {
                self.cards[card as usize].state = state;
                None
            }
            HouseOp::Sweep { .. } | HouseOp::LoseBatchItem { .. } | HouseOp::Maintenance { .. } => {
                None
            }
        }
    }
}

fn debit(chain: Rrn, rrn: Rrn, cause: Cause, holder: Account, amount: Fen) -> Posting {
    Posting::transfer(Some(chain), Some(rrn), cause, holder, Account::Interbank, amount)
}

fn credit(chain: Rrn, rrn: Rrn, cause: Cause, to: Account, amount: Fen) -> Posting {
    Posting::transfer(Some(chain), Some(rrn), cause, Account::Interbank, to, amount)
}
