//! Histories: what happened, in order. Events are fixed in size and made of numbers; text is made only
//! when somebody reads. Nothing here knows a stage or a party's insides.

mod event;
mod jsonl;
mod leak;

pub use event::*;
pub use jsonl::{Digest, digest, write_jsonl};
pub use leak::{SERVICE_CODE, Secrets};
