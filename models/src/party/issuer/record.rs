//! What an issuer makes durable, and the state that is the fold of it. Live steps and boot go through
//! the same `apply`, so that a restart can lose nothing that a record says.

use super::config::{AccountState, CardState, IssuerConfig};
use crate::ids::{AuthCode, ResponseCode, Rrn};
use crate::ledger::{Account, Cause, Ledger, Posting};
use crate::money::Fen;
use crate::party::HouseOp;
use crate::time::MonthDay;
use crate::wire::Kind;
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

/// One durable fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record {
    /// A sale was decided: posting, key and answer in one (soundness 2d).
    Sale {
        rrn: Rrn,
        card: Option<u32>,
        account: Option<u32>,
        amount: Fen,
        code: ResponseCode,
        pin: PinEffect,
        day: MonthDay,
    },
    /// The sale is undone.
    SaleReversed { rrn: Rrn },
    /// A reversal came first.
    Tombstone { rrn: Rrn },
    /// A refund was booked, to the account or to the returned refunds.
    Refund { rrn: Rrn, chain: Rrn, amount: Fen, code: ResponseCode, returned: bool },
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
    Refund,
}

/// What is kept of a transaction as long as its key must be known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tx {
    pub state: State,
    pub code: ResponseCode,
    pub card: Option<u32>,
    pub account: Option<u32>,
    pub amount: Fen,
    /// Day of the decision, for the day's count.
    pub day: MonthDay,
}

impl Tx {
    pub fn kind(&self) -> Kind {
        match self.state {
            State::Refund => Kind::Refund,
            State::Approved | State::Declined | State::Reversed | State::Tombstoned => Kind::Sale,
        }
    }

    /// DE38 of an approval: the last six digits of its RRN, so that it can be rebuilt.
    pub fn auth(&self, rrn: Rrn) -> Option<AuthCode> {
        if !matches!(self.state, State::Approved) {
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
            Record::Sale { rrn, card, account, amount, code, pin, day } => {
                self.count_pin(card, pin);
                let approved = code == ResponseCode::APPROVED;
                let state = if approved { State::Approved } else { State::Declined };
                self.txs.insert(rrn, Tx { state, code, card, account, amount, day });
                match account {
                    Some(account) if approved => {
                        self.count_sale(account, day);
                        Some(self.sale_posting(rrn, account, amount))
                    }
                    _ => None,
                }
            }
            Record::SaleReversed { rrn } => self.reverse(rrn),
            Record::Tombstone { rrn } => {
                let code = ResponseCode(*b"22");
                let state = State::Tombstoned;
                self.txs.insert(
                    rrn,
                    Tx {
                        state,
                        code,
                        card: None,
                        account: None,
                        amount: Fen::ZERO,
                        day: MonthDay::default(),
                    },
                );
                None
            }
            Record::Refund { rrn, chain, amount, code, returned } => {
                let account = self.txs.get(&chain).and_then(|original| original.account);
                let state = State::Refund;
                let day = MonthDay::default();
                self.txs.insert(rrn, Tx { state, code, card: None, account, amount, day });
                account.filter(|_| code == ResponseCode::APPROVED).map(|account| {
                    let to = if returned {
                        Account::ReturnedRefunds
                    } else {
                        Account::Cardholder(account)
                    };
                    let cause = Cause::Refund;
                    Posting::transfer(Some(chain), Some(rrn), cause, Account::Interbank, to, amount)
                })
            }
            Record::House(op) => self.house(op),
        };
        if let Some(posting) = &posting {
            self.ledger.post(posting);
        }
        posting
    }

    fn sale_posting(&self, rrn: Rrn, account: u32, amount: Fen) -> Posting {
        let from = Account::Cardholder(account);
        Posting::transfer(Some(rrn), Some(rrn), Cause::Sale, from, Account::Interbank, amount)
    }

    fn reverse(&mut self, rrn: Rrn) -> Option<Posting> {
        let tx = self.txs.get_mut(&rrn).expect("only a known sale is reversed");
        assert_eq!(tx.state, State::Approved, "only an approved sale is reversed");
        tx.state = State::Reversed;
        tx.code = ResponseCode(*b"22");
        let (account, day) = (tx.account.expect("an approved sale has an account"), tx.day);
        let amount = tx.amount;
        // As if it had not happened: it takes no place in the day's count either (flows 0).
        let now = &mut self.accounts[account as usize];
        if now.day == day {
            now.sales_that_day = now.sales_that_day.saturating_sub(1);
        }
        let to = Account::Cardholder(account);
        let cause = Cause::SaleReversal;
        Some(Posting::transfer(Some(rrn), Some(rrn), cause, Account::Interbank, to, amount))
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
            HouseOp::Sweep { .. } | HouseOp::Maintenance { .. } => None,
        }
    }
}
