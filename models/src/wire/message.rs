//! The strict form: every message of this profile as a type that cannot hold nonsense. Nothing here
//! knows bytes; `encode` and `decode` do.

use super::card::{CardData, PinBlock};
use super::key::WrappedKeys;
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay};
use serde::{Deserialize, Serialize};

/// What a financial message is about. On the wire it is DE3 + DE25 + DE60.1 together with the message
/// class, never DE3 alone (fields.csv, DE3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 消费: DE3 000000, DE25 00, DE60.1 22. A request.
    Sale,
    /// 退货: DE3 200000, DE25 00, DE60.1 25. A request on leg 1, an advice on leg 2 (soundness 14).
    Refund,
}

impl Kind {
    /// DE3, DE25 and DE60.1 of this kind (transactions.csv).
    pub fn codes(self) -> (u32, u8, u8) {
        match self {
            Kind::Sale => (0, 0, 22),
            Kind::Refund => (200_000, 0, 25),
        }
    }

    /// The kind with these DE3, DE25 and DE60.1, if this profile has one.
    pub fn from_codes(de3: u32, de25: u8, de60_1: u8) -> Option<Kind> {
        [Kind::Sale, Kind::Refund].into_iter().find(|kind| kind.codes() == (de3, de25, de60_1))
    }
}

/// The data elements that every financial message of one transaction shares and that a reply must
/// echo: DE3, DE25, DE60.1 (as `kind`), DE4, DE11, DE41, DE42, DE60.2. DE49 is always 156.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Txn {
    /// DE3, DE25, DE60.1.
    pub kind: Kind,
    /// DE4, in fen; 0 to twelve nines.
    pub amount: Fen,
    /// DE11.
    pub stan: Stan,
    /// DE41.
    pub terminal: TerminalId,
    /// DE42.
    pub merchant: MerchantId,
    /// DE60.2.
    pub batch: Batch,
}

/// DE61: the original that a linked message points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// 61.1 original batch; 000000 on a refund.
    pub batch: Batch,
    /// 61.2 original STAN; 000000 on a refund.
    pub stan: Stan,
    /// 61.3 original date.
    pub date: MonthDay,
}

/// Why a reversal is sent: DE39 of a 0400 or 0420 (reversal_reasons.csv).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalReason {
    /// 98: no reply within the time limit.
    NoReply,
    /// 96: approved, but the terminal could not finish.
    CouldNotFinish,
    /// A0: the approval's MAC did not verify.
    BadMac,
    /// 06: anything else, such as an unreadable reply.
    Other,
}

impl ReversalReason {
    /// The DE39 of this reason.
    pub fn code(self) -> ResponseCode {
        ResponseCode(match self {
            ReversalReason::NoReply => *b"98",
            ReversalReason::CouldNotFinish => *b"96",
            ReversalReason::BadMac => *b"A0",
            ReversalReason::Other => *b"06",
        })
    }

    /// The reason with this DE39, if it is one.
    pub fn from_code(code: ResponseCode) -> Option<ReversalReason> {
        use ReversalReason::*;
        [NoReply, CouldNotFinish, BadMac, Other].into_iter().find(|reason| reason.code() == code)
    }
}

/// The length of the message authentication key that sign-on hands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyLength {
    /// 8 bytes, DES; DE60.3 = 001, DE62 of 24 bytes.
    Single,
    /// 16 bytes, two-key triple DES; DE60.3 = 003, DE62 of 40 bytes.
    Double,
}

/// 0800 sign-on (flows 4.7). Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOn {
    /// DE11.
    pub stan: Stan,
    /// DE41.
    pub terminal: TerminalId,
    /// DE42.
    pub merchant: MerchantId,
    /// DE60.2, the batch the terminal is in.
    pub batch: Batch,
    /// DE60.3.
    pub keys: KeyLength,
}

/// 0810 sign-on reply. Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignOnReply {
    /// DE11, DE41, DE42, DE60.2 (the centre's batch, to be adopted) and DE60.3.
    pub request: SignOn,
    /// DE12, the centre's time.
    pub time: TimeOfDay,
    /// DE13, the centre's date.
    pub date: MonthDay,
    /// DE37.
    pub rrn: Rrn,
    /// DE39.
    pub code: ResponseCode,
    /// DE62: working keys under the terminal master key; present if and only if `code` is 00.
    pub wrapped: Option<WrappedKeys>,
}

/// 0200 request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The echoed data elements.
    pub txn: Txn,
    /// DE2/14/22/23/35.
    pub card: CardData,
    /// DE52, with DE26 = 06 and DE53 = 2600000000000000.
    pub pin: Option<PinBlock>,
    /// DE37: absent on leg 1, the key on leg 2.
    pub rrn: Option<Rrn>,
}

/// 0210, 0230, 0410 or 0430: an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The echoed data elements. DE4 may be lower than asked only with code 10.
    pub txn: Txn,
    /// DE12, the answering host's time.
    pub time: TimeOfDay,
    /// DE13, the answering host's date.
    pub date: MonthDay,
    /// DE15, the clearing date.
    pub clearing_date: MonthDay,
    /// DE37.
    pub rrn: Rrn,
    /// DE38, on approvals.
    pub auth: Option<AuthCode>,
    /// DE39.
    pub code: ResponseCode,
}

/// 0400: the terminal's automatic reversal of one 0200 (flows 5). Names the original's own keys, so
/// DE11 and DE60.2 equal those of the original; repeats are identical but for DE64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The original's data elements.
    pub txn: Txn,
    /// DE39 = reason.
    pub reason: ReversalReason,
    /// DE61.
    pub original: Original,
}

/// 0220: a refund. On leg 1 DE37 quotes the original; on leg 2 DE37 is the refund's own key and the
/// original's RRN stands in DE62 (private to this model: no public table has a place for it).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The data elements of the refund itself.
    pub txn: Txn,
    /// DE2/14/22/23/35 as read for the refund; absent on leg 2, where the chain names the account.
    pub card: Option<CardData>,
    /// DE37 on leg 2.
    pub rrn: Option<Rrn>,
    /// DE37 on leg 1, DE62 on leg 2.
    pub original_rrn: Rrn,
    /// DE61.3; 61.1 and 61.2 are zero on a refund.
    pub original_date: MonthDay,
}

/// 0420: a host's reversal advice towards the issuer (flows 6; soundness 23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReversalAdvice {
    /// The original's data elements, DE11 included.
    pub txn: Txn,
    /// DE37: the original's.
    pub rrn: Rrn,
    /// DE39 = reason.
    pub reason: ReversalReason,
}

/// Any message of this profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// 0800
    SignOn(SignOn),
    /// 0810
    SignOnReply(SignOnReply),
    /// 0200
    Request(Request),
    /// 0210
    Reply(Reply),
    /// 0400
    Reversal(Reversal),
    /// 0410
    ReversalReply(Reply),
    /// 0220
    Advice(Advice),
    /// 0230
    AdviceReply(Reply),
    /// 0420
    ReversalAdvice(ReversalAdvice),
    /// 0430
    ReversalAdviceReply(Reply),
}

/// Message type indicator, DE0, of this profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Mti {
    /// Request.
    #[serde(rename = "0200")]
    M0200,
    /// Request reply.
    #[serde(rename = "0210")]
    M0210,
    /// Advice.
    #[serde(rename = "0220")]
    M0220,
    /// Advice reply.
    #[serde(rename = "0230")]
    M0230,
    /// Terminal reversal.
    #[serde(rename = "0400")]
    M0400,
    /// Terminal reversal reply.
    #[serde(rename = "0410")]
    M0410,
    /// Reversal advice.
    #[serde(rename = "0420")]
    M0420,
    /// Reversal advice reply.
    #[serde(rename = "0430")]
    M0430,
    /// Network management.
    #[serde(rename = "0800")]
    M0800,
    /// Network management reply.
    #[serde(rename = "0810")]
    M0810,
}

impl Mti {
    /// Every type of this profile, in numeric order.
    pub const ALL: [Mti; 10] = [
        Mti::M0200,
        Mti::M0210,
        Mti::M0220,
        Mti::M0230,
        Mti::M0400,
        Mti::M0410,
        Mti::M0420,
        Mti::M0430,
        Mti::M0800,
        Mti::M0810,
    ];

    /// Four digits: `0200`.
    pub fn as_str(self) -> &'static str {
        match self {
            Mti::M0200 => "0200",
            Mti::M0210 => "0210",
            Mti::M0220 => "0220",
            Mti::M0230 => "0230",
            Mti::M0400 => "0400",
            Mti::M0410 => "0410",
            Mti::M0420 => "0420",
            Mti::M0430 => "0430",
            Mti::M0800 => "0800",
            Mti::M0810 => "0810",
        }
    }

    /// The two BCD bytes of the wire.
    pub fn bcd(self) -> [u8; 2] {
        match self {
            Mti::M0200 => [0x02, 0x00],
            Mti::M0210 => [0x02, 0x10],
            Mti::M0220 => [0x02, 0x20],
            Mti::M0230 => [0x02, 0x30],
            Mti::M0400 => [0x04, 0x00],
            Mti::M0410 => [0x04, 0x10],
            Mti::M0420 => [0x04, 0x20],
            Mti::M0430 => [0x04, 0x30],
            Mti::M0800 => [0x08, 0x00],
            Mti::M0810 => [0x08, 0x10],
        }
    }

    /// The type with these two BCD bytes, if this profile has it.
    pub fn from_bcd(bytes: [u8; 2]) -> Option<Mti> {
        Mti::ALL.into_iter().find(|mti| mti.bcd() == bytes)
    }

    /// Whether DE64 must be there: on every financial message, never on sign-on (fields.csv, DE64).
    pub fn carries_mac(self) -> bool {
        !matches!(self, Mti::M0800 | Mti::M0810)
    }
}

impl Message {
    /// The message type indicator.
    pub fn mti(&self) -> Mti {
        match self {
            Message::SignOn(_) => Mti::M0800,
            Message::SignOnReply(_) => Mti::M0810,
            Message::Request(_) => Mti::M0200,
            Message::Reply(_) => Mti::M0210,
            Message::Reversal(_) => Mti::M0400,
            Message::ReversalReply(_) => Mti::M0410,
            Message::Advice(_) => Mti::M0220,
            Message::AdviceReply(_) => Mti::M0230,
            Message::ReversalAdvice(_) => Mti::M0420,
            Message::ReversalAdviceReply(_) => Mti::M0430,
        }
    }

    /// The data elements of the transaction; sign-on has none.
    pub fn txn(&self) -> Option<&Txn> {
        match self {
            Message::SignOn(_) | Message::SignOnReply(_) => None,
            Message::Request(m) => Some(&m.txn),
            Message::Reversal(m) => Some(&m.txn),
            Message::Advice(m) => Some(&m.txn),
            Message::ReversalAdvice(m) => Some(&m.txn),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(&m.txn),
        }
    }

    /// DE11.
    pub fn stan(&self) -> Stan {
        match self {
            Message::SignOn(m) => m.stan,
            Message::SignOnReply(m) => m.request.stan,
            other => other.txn().expect("every other message is financial").stan,
        }
    }

    /// DE41.
    pub fn terminal(&self) -> TerminalId {
        match self {
            Message::SignOn(m) => m.terminal,
            Message::SignOnReply(m) => m.request.terminal,
            other => other.txn().expect("every other message is financial").terminal,
        }
    }

    /// DE39: a reply's answer or a reversal's reason.
    pub fn code(&self) -> Option<ResponseCode> {
        match self {
            Message::SignOn(_) | Message::Request(_) | Message::Advice(_) => None,
            Message::SignOnReply(m) => Some(m.code),
            Message::Reversal(m) => Some(m.reason.code()),
            Message::ReversalAdvice(m) => Some(m.reason.code()),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(m.code),
        }
    }

    /// DE37.
    pub fn rrn(&self) -> Option<Rrn> {
        match self {
            Message::SignOn(_) | Message::Reversal(_) => None,
            Message::SignOnReply(m) => Some(m.rrn),
            Message::Request(m) => m.rrn,
            Message::Advice(m) => Some(m.rrn.unwrap_or(m.original_rrn)),
            Message::ReversalAdvice(m) => Some(m.rrn),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(m.rrn),
        }
    }
}
