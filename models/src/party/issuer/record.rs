//! What an issuer makes durable, and the state that is the fold of it. Live steps and boot go through
//! the same `apply`, so that a restart can lose nothing that a record says.

use super::config::{AccountState, CardState, IssuerConfig};
use crate::ids::{AuthCode, ResponseCode, Rrn};
use crate::ledger::{Account, Cause, Ledger, Posting};
use crate::money::Fen;
use crate::party::HouseOp;
use crate::time::MonthDay;
use crate::wire::{Kind, Side};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

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
    pub amount: Fen,
    pub code: ResponseCode,
    pub pin: PinEffect,
    pub day: MonthDay,
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
    /// UNSOUND choice: an adjustment of what is settled already.
    AdjustedAgain { rrn: Rrn },
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
    pub amount: Fen,
    /// Day of the decision, for the day's count.
    pub day: MonthDay,
    /// The void of it that stands.
    pub void: Option<Rrn>,
    /// Sum of refunds booked on it.
    pub refunded: Fen,
}

impl Tx {
    /// What a decision leaves.
    pub fn new(decided: &Decided) -> Tx {
        let Decided { kind, chain, card, account, amount, code, day, .. } = *decided;
        let approved = code == ResponseCode::APPROVED;
        let state = if approved { State::Approved } else { State::Declined };
        let (void, refunded) = (None, Fen::ZERO);
        Tx { kind, state, code, chain, card, account, amount, day, void, refunded }
    }

    fn tombstone(rrn: Rrn, kind: Kind) -> Tx {
        Tx {
            kind,
            state: State::Tombstoned,
            code: ResponseCode(*b"22"),
            chain: rrn,
            card: None,
            account: None,
            amount: Fen::ZERO,
            day: MonthDay::default(),
            void: None,
            refunded: Fen::ZERO,
        }
    }

    /// Whether it takes money from the holder when it is approved.
    pub fn debits(&self) -> bool {
        self.kind.side() == Side::Debit
    }

    /// DE38 of an approval: the last six digits of its RRN, so that it can be rebuilt.
    pub fn auth(&self, rrn: Rrn) -> Option<AuthCode> {
        if self.state != State::Approved || self.kind != Kind::Sale {
            return None;
        }
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
            day: MonthDay::default(),
            sales_that_day: 0,
        });
        let cards = config.cards.iter().map(|card| CardNow { state: card.state, wrong_pins: 0 });
        Books {
            ledger,
            accounts: accounts.collect(),
            cards: cards.collect(),
            txs: IndexMap::default(),
        }
    }

    /// Ledger plus limit minus holds (requirement S006).
    pub fn available(&self, account: u32) -> Fen {
        let now = &self.accounts[account as usize];
        self.ledger.balance(Account::Cardholder(account)) + now.credit_limit - now.risk_hold
    }

    /// Takes a record in and hands back the posting that it makes.
    pub fn apply(&mut self, record: &Record) -> Option<Posting> {
        let posting = match *record {
            Record::Decided(decided) => self.decided(&decided),
            Record::Reversed { rrn } => self.reversed(rrn),
            Record::Tombstone { rrn, kind } => {
                self.txs.insert(rrn, Tx::tombstone(rrn, kind));
                None
            }
            Record::AdjustedAgain { rrn } => self.adjusted_again(rrn),
            Record::House(op) => self.house(op),
        };
        if let Some(posting) = &posting {
            self.ledger.post(posting);
        }
        posting
    }

    fn decided(&mut self, decided: &Decided) -> Option<Posting> {
        let Decided { rrn, kind, chain, card, account, amount, pin, day, .. } = *decided;
        self.count_pin(card, pin);
        let tx = Tx::new(decided);
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
            Kind::PreAuth
            | Kind::PreAuthVoid
            | Kind::Completion
            | Kind::CompletionAdvice
            | Kind::CompletionVoid
            | Kind::Balance
            | Kind::Status
            | Kind::QrSale => unreachable!("this bank answers 40 to it"),
        }
    }

    /// As if a request had not happened. What gives back gives back only what still stands, so that a sale,
    /// its void and the reversals of both come to the same in every order (soundness 13, 15).
    fn reversed(&mut self, rrn: Rrn) -> Option<Posting> {
        let tx = self.original(rrn);
        assert_eq!(tx.state, State::Approved, "only what was approved is reversed");
        tx.state = State::Reversed;
        tx.code = ResponseCode(*b"22");
        let Tx { kind, chain, amount, day, void, .. } = *tx;
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
            Kind::Refund
            | Kind::PreAuth
            | Kind::PreAuthVoid
            | Kind::Completion
            | Kind::CompletionAdvice
            | Kind::CompletionVoid
            | Kind::Balance
            | Kind::Status
            | Kind::QrSale => unreachable!("no reversal of it is granted"),
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
        let cause = if tx.kind == Kind::Refund { Cause::Refund } else { Cause::SaleReversal };
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
