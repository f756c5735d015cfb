//! The ledgers of both hosts and what each transaction and chain adds up to, rebuilt from postings.

use super::{Book, ChainTotal};
use crate::history::{Asked, Event};
use cardstorm_models::ledger::{Account, Cause, Direction, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;

impl Book {
    /// The account that a posting should have moved and the one that it did, if they differ: a sale's is that
    /// of the operation's card or of the terminal's merchant, anything later on its chain the sale's own.
    pub fn wrong_account(&self, event: &Event, posting: &Posting) -> Option<(Account, Account)> {
        let side = usize::from(event.node != self.issuer);
        let due = match (posting.cause.direction(), posting.cause) {
            (Direction::Debit, _) => self.account_due(side, self.hosts.get(&posting.txn?)?.key?)?,
            (Direction::DebitUndone | Direction::Credit | Direction::CreditUndone, _) => {
                self.hosts.get(&posting.chain?)?.moved[side]?
            }
            (Direction::House, Cause::Fee | Cause::FeeReturned) if side == 1 => {
                self.account_due(side, self.hosts.get(&posting.chain?)?.key?)?
            }
            (Direction::House, _) => return None,
        };
        let found =
            posting.legs.iter().map(|leg| leg.account).find(|account| has_owner(*account))?;
        (found != due).then_some((due, found))
    }

    fn account_due(&self, side: usize, key: TxnKey) -> Option<Account> {
        let world = &self.plan.world;
        if side == 1 {
            return self.plan.merchant_of(key.terminal).map(Account::MerchantUnsettled);
        }
        let op = self.txns.get(&key)?.op?;
        let (Asked::Sale { card, .. } | Asked::Rest { card, .. } | Asked::Completion { card, .. }) =
            self.ops.get(&op)?.asked
        else {
            return None;
        };
        let card = world.issuer.cards.get(card as usize)?;
        Some(Account::Cardholder(card.account))
    }

    pub(super) fn posted(&mut self, event: &Event, posting: &Posting) {
        let issuer = event.node == self.issuer;
        let side = usize::from(!issuer);
        if posting.sum() == Fen::ZERO {
            self.ledgers[side].post(posting);
        }
        let (Some(chain), Some(rrn)) = (posting.chain, posting.txn) else { return };
        let astray = self.wrong_account(event, posting).is_some();
        let host = self.hosts.entry(rrn).or_default();
        host.astray |= astray;
        let direction = posting.cause.direction();
        if direction == Direction::Debit {
            let mut accounts = posting.legs.iter().map(|leg| leg.account);
            host.moved[side] = host.moved[side].or(accounts.find(|account| has_owner(*account)));
        }
        let mut given = ChainTotal::default();
        for leg in posting.legs {
            match leg.account {
                Account::Interbank => host.interbank[side] += leg.amount,
                Account::Cardholder(_) => match direction {
                    Direction::Credit | Direction::CreditUndone => host.credited += leg.amount,
                    Direction::House => {}
                    Direction::Debit | Direction::DebitUndone => {
                        host.debited -= leg.amount;
                        host.debits += if leg.amount < Fen::ZERO { 1 } else { -1 };
                    }
                },
                Account::ReturnedRefunds => host.credited += leg.amount,
                Account::MerchantUnsettled(_) => match direction {
                    Direction::House => {}
                    Direction::Credit | Direction::CreditUndone => host.refunded -= leg.amount,
                    Direction::Debit | Direction::DebitUndone => host.captured += leg.amount,
                },
                Account::Outside
                | Account::MerchantPaid(_)
                | Account::IssuerFees
                | Account::NetworkFees
                | Account::AcquirerFees => {}
            }
        }
        let amount = posting.legs[1].amount;
        match (issuer, direction) {
            (true, Direction::Debit) => given.debited = amount,
            (true, Direction::DebitUndone | Direction::Credit) => given.credited = amount,
            (true, Direction::CreditUndone) => given.credited = -amount,
            (false, Direction::Debit) => given.captured = amount,
            (false, Direction::DebitUndone | Direction::Credit) => given.given_back = amount,
            (false, Direction::CreditUndone) => given.given_back = -amount,
            (_, Direction::House) => {}
        }
        match posting.cause {
            Cause::Void | Cause::CompletionVoid => given.voided[side] = amount,
            Cause::VoidReversal | Cause::CompletionVoidReversal => given.voided[side] = -amount,
            Cause::Sale
            | Cause::SaleReversal
            | Cause::Refund
            | Cause::PortalRefund
            | Cause::Chargeback
            | Cause::Completion
            | Cause::CompletionReversal
            | Cause::TopUp
            | Cause::Sweep
            | Cause::Fee
            | Cause::FeeReturned
            | Cause::Payout => {}
        }
        let total = &mut self.hosts.entry(chain).or_default().chain_total;
        total.captured += given.captured;
        total.given_back += given.given_back;
        total.debited += given.debited;
        total.credited += given.credited;
        total.voided[0] += given.voided[0];
        total.voided[1] += given.voided[1];
    }
}

/// Whether an account belongs to a cardholder or a merchant.
fn has_owner(account: Account) -> bool {
    matches!(account, Account::Cardholder(_) | Account::MerchantUnsettled(_))
}
