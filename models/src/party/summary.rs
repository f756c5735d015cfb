//! What may be said of a message in a history: who, what, how much. Never a card.

use crate::ids::{Batch, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::wire::{Balanced, Kind, Message, Mti, Purpose, Station, Told, UploadName, UploadPart};
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

/// A message without its secrets, fixed in size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
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
    /// What it says besides, if it is about no transaction or tells a balance.
    #[serde(default)]
    pub says: Option<Says>,
}

/// In text, what most messages don't say is left out; in bytes every field has its place.
impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let says = self.says.is_some() || !serializer.is_human_readable();
        let mut fields = serializer.serialize_struct("Summary", 8 + usize::from(says))?;
        fields.serialize_field("mti", &self.mti)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.serialize_field("terminal", &self.terminal)?;
        fields.serialize_field("batch", &self.batch)?;
        fields.serialize_field("stan", &self.stan)?;
        fields.serialize_field("amount", &self.amount)?;
        fields.serialize_field("code", &self.code)?;
        fields.serialize_field("rrn", &self.rrn)?;
        if says {
            fields.serialize_field("says", &self.says)?;
        }
        fields.end()
    }
}

/// What a message about no transaction is for, and what a reply tells beside its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// 0210: the balance that DE54 tells, below zero with sign D.
    Balance(Fen),
    /// 0820 and 0830: a sign-off.
    SignOff,
    /// 0820 and 0830: an echo.
    Echo,
    /// 0510: what became of the totals, domestic and foreign: balanced if both are.
    Totals(Balanced),
    /// 0320: so many records of requests.
    Records(u8),
    /// 0330: the records are here.
    RecordsTaken,
    /// 0320 and 0330: one advice.
    Item,
    /// 0320 and 0330: the end of a batch, 207 if balanced and 202 if not.
    End {
        /// 207.
        balanced: bool,
    },
}

impl Says {
    fn of(message: &Message) -> Option<Says> {
        let purpose = |purpose| match purpose {
            Purpose::SignOff => Says::SignOff,
            Purpose::Echo => Says::Echo,
        };
        match message {
            Message::Reply(m) => match m.told {
                Told::Balance(balance) => Some(Says::Balance(balance)),
                Told::Nothing | Told::Original { .. } => None,
            },
            Message::Management(m) => Some(purpose(m.purpose)),
            Message::ManagementReply(m) => Some(purpose(m.request.purpose)),
            Message::SettleReply(m) if m.domestic == Balanced::Yes => Some(Says::Totals(m.foreign)),
            Message::SettleReply(m) => Some(Says::Totals(m.domestic)),
            Message::Upload(m) => Some(match m.part {
                UploadPart::Records(ref records) => Says::Records(records.count()),
                UploadPart::Item { .. } => Says::Item,
                UploadPart::End { balanced, .. } => Says::End { balanced },
            }),
            Message::UploadReply(m) => Some(match m.of {
                UploadName::Records => Says::RecordsTaken,
                UploadName::Item(_) => Says::Item,
                UploadName::End { balanced } => Says::End { balanced },
            }),
            _ => None,
        }
    }
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
            says: Says::of(message),
        }
    }
}
