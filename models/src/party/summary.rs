//! What may be said of a message in a history: who, what, how much. Never a card.

use crate::ids::{Batch, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::wire::{Kind, Message, Mti, Station};
use serde::{Deserialize, Serialize};

/// A message without its secrets, fixed in size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// DE0.
    pub mti: Mti,
    /// What it is about; what is about none has none.
    pub kind: Option<Kind>,
    /// DE41.
    pub terminal: TerminalId,
    /// DE60.2.
    pub batch: Batch,
    /// DE11.
    pub stan: Stan,
    /// DE4 in fen; zero where there is none.
    pub amount: Fen,
    /// DE39: the answer, or a reversal's reason.
    pub code: Option<ResponseCode>,
    /// DE37.
    pub rrn: Option<Rrn>,
}

impl Summary {
    /// The summary of a message.
    pub fn of(message: &Message) -> Summary {
        let txn = message.txn();
        let Station { stan, terminal, batch, .. } = message.station();
        Summary {
            mti: message.mti(),
            kind: txn.map(|txn| txn.kind),
            terminal,
            batch,
            stan,
            amount: txn.map_or(Fen::ZERO, |txn| txn.amount),
            code: message.code(),
            rrn: message.rrn(),
        }
    }
}
