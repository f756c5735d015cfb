//! The wire: the UnionPay POS profile of ISO 8583 (2-byte length, TPDU, 6-byte header, BCD, 64-bit
//! bitmap). `view` can print anything, `message` can hold only sense; bytes never leave this room.

pub mod batch;
mod bcd;
pub mod card;
pub mod code;
pub mod codec;
mod dump;
pub mod error;
pub mod field;
pub mod frame;
pub mod key;
pub mod kind;
pub mod mac;
pub mod mask;
pub mod message;
pub mod mti;
mod number;
pub mod pin;
mod read;
mod read_batch;
mod read_card;
mod reader;
mod scan;
pub mod sealed;
mod shape;
mod suspect;
#[cfg(test)]
mod tests;
pub mod text;
mod track;
pub mod view;
mod working;
mod write;
mod write_batch;

pub use batch::*;
pub use codec::{MacCheck, Received, decode, encode};
pub use error::WireError;
pub use frame::{Framer, Requirement, Route};
pub use kind::{Class, Kind, KindRow, Names, Side};
pub use message::*;
pub use mti::Mti;
pub use view::View;
