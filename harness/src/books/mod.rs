//! The books of a run, as an accountant reads them: what each merchant took and was paid, what became of each
//! holder's balance, whether terminal, acquirer, issuer and payout have the same, and what service each of
//! them gave. Pure folds over a history, like checks; no party is seen, nothing is printed here.

pub mod lines;
pub mod merchant;
pub mod movements;
pub mod reconcile;
pub mod service;
#[cfg(test)]
mod tests;

pub use lines::{Line, Lines};
pub use merchant::{MerchantDay, Merchants};
pub use movements::{Movement, Movements, Series};
pub use reconcile::{DayResult, Difference, Reconciler, Reconciliation, Settled};
pub use service::{Doubt, PartyService, Service, Stopped};
