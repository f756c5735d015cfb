//! Clearing: what an item costs the merchant, which day it belongs to, when it is paid out, and what is
//! done about books that differ. Pure arithmetic over fen and civil dates; no clock, no journal, no
//! message enters. The acquirer journals what these rooms decide.

pub mod calendar;
pub mod cycle;
pub mod day;
pub mod dispute;
pub mod fee;
pub mod payout;
pub mod policy;
pub mod reconcile;

pub use calendar::Calendar;
pub use cycle::Cycle;
pub use day::{CutOff, Day};
