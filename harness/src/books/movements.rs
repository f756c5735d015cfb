//! What became of each holder's balance and of each merchant's takings, posting by posting.

use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Account, Cause};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use std::collections::BTreeMap;

/// One movement of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Milliseconds from the beginning.
    pub at_ms: u64,
    /// Why.
    pub cause: Cause,
    /// The transaction, where one is named.
    pub rrn: Option<Rrn>,
    /// Fen; below zero where it was taken.
    pub amount: Fen,
    /// Fen on the account afterwards.
    pub balance: Fen,
}

/// An account from its opening on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Fen at the beginning.
    pub opening: Fen,
    /// In the order of the history.
    pub movements: Vec<Movement>,
}

impl Series {
    /// Fen after the last movement.
    pub fn balance(&self) -> Fen {
        self.movements.last().map_or(self.opening, |last| last.balance)
    }
}

/// The fold: holders' accounts in the issuer's books, merchants' takings in the acquirer's.
pub struct Movements {
    owners: [NodeId; 2],
    /// By account: every holder's and every merchant's, whether it moved or not.
    pub series: BTreeMap<Account, Series>,
}

impl Movements {
    /// Every account as it begins.
    pub fn new(plan: &Plan) -> Movements {
        let holders = plan.world.issuer.accounts.iter().map(|account| account.opening);
        let shops = plan.world.acquirer.merchants.iter().map(|merchant| merchant.opening_unsettled);
        let holders = (0..).zip(holders).map(|(n, opening)| (Account::Cardholder(n), opening));
        let shops = (0..).zip(shops).map(|(n, opening)| (Account::MerchantUnsettled(n), opening));
        let series = holders.chain(shops);
        Movements {
            owners: [plan.node(Place::Issuer), plan.node(Place::Acquirer)],
            series: series
                .map(|(account, opening)| (account, Series { opening, ..Series::default() }))
                .collect(),
        }
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        let What::Said { said: Observation::Posted(posting) } = event.what else { return };
        if !self.owners.contains(&event.node) {
            return;
        }
        for leg in posting.legs {
            let Some(series) = self.series.get_mut(&leg.account) else { continue };
            series.movements.push(Movement {
                at_ms: event.at_ms,
                cause: posting.cause,
                rrn: posting.txn,
                amount: leg.amount,
                balance: series.balance() + leg.amount,
            });
        }
    }
}
