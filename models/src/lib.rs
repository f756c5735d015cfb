//! Card terminal, acquirer and issuer as sans-IO state machines, with the wire format they speak and
//! the ledgers they keep. No socket, clock, random number or file enters this crate; nothing async.

pub mod clearing;
pub mod ids;
pub mod ledger;
pub mod money;
pub mod party;
pub mod time;
pub mod wire;
