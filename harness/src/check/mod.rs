//! Checks: pure folds over a history. No check ever sees a party.

mod invariant;

pub use invariant::Invariant;
