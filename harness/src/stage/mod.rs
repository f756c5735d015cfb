//! Stages turn a plan into a history. One shared core decides everything: `node` drives one party, `link`,
//! `disk`, `clock`, `operator` and `desk` are what surrounds it. A stage only carries parcels. The only
//! folder that may name turmoil.

mod backup;
mod clock;
mod damage;
mod desk;
mod disk;
mod link;
pub mod native;
mod node;
mod operator;
mod printer;
mod strike;
pub mod turmoil;
mod virtual_time;

pub use node::Site;
pub use turmoil::{StageError, run as run_on_turmoil};
pub use virtual_time::{run, run_with, sites};
