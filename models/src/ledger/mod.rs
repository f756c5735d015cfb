//! Double entry: accounts, and postings that name their cause. A party's books and a check's rebuilt
//! books are the same type, so that they can only differ in what was posted.

use crate::ids::Rrn;
use crate::money::Fen;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// An account of one ledger. Credit balances are positive throughout: what the ledger's owner owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Issuer: a cardholder's account, by its number in the world.
    Cardholder(u32),
    /// Issuer: what it owes the acquirer. Acquirer: what the issuer owes it (then negative).
    Interbank,
    /// Issuer: refunds that could not be credited because the account is closed (soundness 14).
    ReturnedRefunds,
    /// Issuer: the outside world, where top-ups come from.
    Outside,
    /// Acquirer: a merchant's takings not yet paid out, by the merchant's number in the world.
    MerchantUnsettled(u32),
    /// Acquirer: what was paid out to a merchant.
    MerchantPaid(u32),
    /// Acquirer: fees for the issuer (发卡行服务费).
    IssuerFees,
    /// Acquirer: fees for the network (网络服务费).
    NetworkFees,
    /// Acquirer: its own margin (收单服务费).
    AcquirerFees,
}

/// Why money moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An approved sale.
    Sale,
    /// The undoing of a sale.
    SaleReversal,
    /// A refund.
    Refund,
    /// Acquirer: a refund that came in at the merchant's portal; the issuer is told of it as of any other.
    PortalRefund,
    /// Acquirer: a chargeback that was accepted; the issuer is told of it as of a refund.
    Chargeback,
    /// A void of a sale.
    Void,
    /// The undoing of a void: the sale stands again (flows 4.2).
    VoidReversal,
    /// A completion of a pre-authorisation, asked for or told.
    Completion,
    /// The undoing of a completion.
    CompletionReversal,
    /// A void of a completion.
    CompletionVoid,
    /// The undoing of such a void: the completion stands again.
    CompletionVoidReversal,
    /// Money paid in.
    TopUp,
    /// Takings paid out.
    Sweep,
    /// The merchant's fee of a sale.
    Fee,
    /// A fee, or a part of it, given back.
    FeeReturned,
    /// A clearing day paid out.
    Payout,
}

/// Which way a cause moves the holder's money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the holder to the merchant.
    Debit,
    /// A debit taken back by the machines.
    DebitUndone,
    /// Back to the holder, by a person's decision.
    Credit,
    /// A credit taken back by the machines.
    CreditUndone,
    /// No card's money.
    House,
}

impl Cause {
    /// Which way it moves the holder's money.
    pub const fn direction(self) -> Direction {
        match self {
            Cause::Sale | Cause::Completion => Direction::Debit,
            Cause::SaleReversal | Cause::CompletionReversal => Direction::DebitUndone,
            Cause::Refund
            | Cause::PortalRefund
            | Cause::Chargeback
            | Cause::Void
            | Cause::CompletionVoid => Direction::Credit,
            Cause::VoidReversal | Cause::CompletionVoidReversal => Direction::CreditUndone,
            Cause::TopUp | Cause::Sweep | Cause::Fee | Cause::FeeReturned | Cause::Payout => {
                Direction::House
            }
        }
    }
}

/// One side of a posting; positive credits the account, negative debits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Which account.
    pub account: Account,
    /// Fen.
    pub amount: Fen,
}

/// One balanced movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// RRN of the original that the chain hangs on; none for money that no card moved.
    pub chain: Option<Rrn>,
    /// RRN of the transaction that caused it.
    pub txn: Option<Rrn>,
    /// Why.
    pub cause: Cause,
    /// Both sides; they add up to zero.
    pub legs: [Leg; 2],
}

impl Posting {
    /// Moves `amount` from one account to another.
    pub fn transfer(
        chain: Option<Rrn>,
        txn: Option<Rrn>,
        cause: Cause,
        from: Account,
        to: Account,
        amount: Fen,
    ) -> Posting {
        let legs = [Leg { account: from, amount: -amount }, Leg { account: to, amount }];
        Posting { chain, txn, cause, legs }
    }

    /// What the posting adds up to; anything but zero is a broken ledger.
    pub fn sum(&self) -> Fen {
        self.legs[0].amount + self.legs[1].amount
    }
}

/// The balances that postings make.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    balances: IndexMap<Account, Fen, FxBuildHasher>,
}

impl Ledger {
    /// Sets what an account starts with.
    pub fn open(&mut self, account: Account, balance: Fen) {
        self.balances.insert(account, balance);
    }

    /// Carries out a posting. Panics if it does not balance.
    pub fn post(&mut self, posting: &Posting) {
        assert_eq!(posting.sum(), Fen::ZERO, "a posting balances");
        for leg in posting.legs {
            *self.balances.entry(leg.account).or_default() += leg.amount;
        }
    }

    /// The balance of an account; zero if it was never touched.
    pub fn balance(&self, account: Account) -> Fen {
        self.balances.get(&account).copied().unwrap_or_default()
    }

    /// Every account with its balance, in account order.
    pub fn balances(&self) -> Vec<(Account, Fen)> {
        let mut all: Vec<_> = self.balances.iter().map(|(a, b)| (*a, *b)).collect();
        all.sort_unstable();
        all
    }
}
