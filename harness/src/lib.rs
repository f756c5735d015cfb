//! cardstorm: a terminal, an acquirer and an issuer on a deterministic simulated network, hurt on purpose,
//! and judged. A scenario makes a plan, a stage turns the plan into a history, checks judge the history.

pub mod books;
pub mod bundle;
pub mod check;
pub mod cli;
pub mod examine;
pub mod explain;
pub mod explore;
mod guard;
pub mod history;
pub mod matrix;
pub mod plan;
pub mod regression;
pub mod report;
pub mod scenario;
pub mod shrink;
pub mod stage;
pub mod storm;
pub mod testing;
