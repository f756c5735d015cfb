//! The strict form: every message of this profile as a type that cannot hold nonsense. Nothing here
//! knows bytes; `encode` and `decode` do.

use super::batch::{Balanced, Settle, SettleReply, Upload, UploadReply};
use super::card::{CardData, PinBlock};
use super::key::WrappedKeys;
use super::kind::Kind;
use super::mti::Mti;
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay};
use serde::{Deserialize, Serialize};

/// The data elements that every financial message of one transaction shares and that a reply must
/// echo: DE3, DE25, DE60.1 (as `kind`), DE4, DE11, DE41, DE42, DE60.2. DE49 is always 156.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Txn {
    /// DE3, DE25, DE60.1.
    pub kind: Kind,
    /// DE4, in fen; 0 to twelve nines. An inquiry is about none: 0, and no DE4.
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

/// Why a reversal is sent: DE39 of a 0400 or 0420 (flows 5, 6).
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
    /// RC: a repair case of the clearing exchange, in place of a reversal that did not arrive before the
    /// cut-off (soundness 16). Private to this model.
    Repair,
}

/// DE39 of what comes from the clearing exchange: a repair case. Private to this model.
pub const REPAIR: ResponseCode = ResponseCode(*b"RC");

impl ReversalReason {
    /// The DE39 of this reason.
    pub fn code(self) -> ResponseCode {
        ResponseCode(match self {
            ReversalReason::NoReply => *b"98",
            ReversalReason::CouldNotFinish => *b"96",
            ReversalReason::BadMac => *b"A0",
            ReversalReason::Other => *b"06",
            ReversalReason::Repair => return REPAIR,
        })
    }

    /// The reason with this DE39, if it is one.
    pub fn from_code(code: ResponseCode) -> Option<ReversalReason> {
        use ReversalReason::*;
        [NoReply, CouldNotFinish, BadMac, Other, Repair]
            .into_iter()
            .find(|reason| reason.code() == code)
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

/// How a request names the original that it is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Linked {
    /// It has none: sale, pre-authorisation, balance inquiry.
    None,
    /// Void and completion void: DE37 on leg 1, DE62 on leg 2 where DE37 is the request's own key (as on a
    /// refund), and DE61.
    Rrn {
        /// The original's DE37.
        rrn: Rrn,
        /// The original's DE38; a completion always has one.
        auth: Option<AuthCode>,
        /// DE61.
        original: Original,
    },
    /// Pre-authorisation void and completion: DE38 and DE61.3, together with the card (flows 4.4).
    Auth {
        /// The original's DE38.
        auth: AuthCode,
        /// DE61.3; 61.1 and 61.2 are zero.
        date: MonthDay,
    },
}

impl Linked {
    /// What DE61 says of the original; nothing where there is none.
    pub fn original(self) -> Option<Original> {
        match self {
            Linked::None => None,
            Linked::Rrn { original, .. } => Some(original),
            Linked::Auth { date, .. } => Some(Original { batch: Batch(0), stan: Stan(0), date }),
        }
    }
}

/// 0100 or 0200: a request with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The echoed data elements.
    pub txn: Txn,
    /// DE2/14/22/23/35.
    pub card: CardData,
    /// DE52, with DE26 = 06 and DE53 = 2600000000000000.
    pub pin: Option<PinBlock>,
    /// DE37 on leg 2, where it is the key.
    pub rrn: Option<Rrn>,
    /// What it is linked to.
    pub linked: Linked,
    /// DE60.6 = 1: the terminal can complete an approval of a part (flows 8). A sale's only.
    pub takes_partial: bool,
}

/// The code on a customer's telephone that stands for a wallet: eighteen digits, good for one payment.
/// Debug shows none of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WalletCode(pub u64);

impl WalletCode {
    /// One more than the largest.
    pub const END: u64 = 1_000_000_000_000_000_000;
}

impl std::fmt::Debug for WalletCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WalletCode(masked)")
    }
}

/// 0200 of a QR sale. Private to this model: DE62 holds the code, and no card stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QrRequest {
    /// The echoed data elements.
    pub txn: Txn,
    /// DE62.
    pub wallet: WalletCode,
    /// DE37 on leg 2.
    pub rrn: Option<Rrn>,
}

/// 0200 of a status inquiry: what became of the request with this key. Private to this model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusInquiry {
    /// The inquiry's own data elements; no amount.
    pub txn: Txn,
    /// DE61: batch, STAN and date of what is asked about.
    pub original: Original,
    /// DE37 on leg 2.
    pub rrn: Option<Rrn>,
}

/// What a reply tells besides its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing.
    Nothing,
    /// DE54: the available balance, negative with sign D. On an approved balance inquiry.
    Balance(Fen),
    /// DE62: how the original of a status inquiry was answered. Private to this model.
    Original {
        /// The original's DE39.
        code: ResponseCode,
        /// The original's DE37.
        rrn: Rrn,
        /// The original's DE4 as approved.
        amount: Fen,
    },
}

/// 0110, 0210, 0230, 0410 or 0430: an answer.
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
    /// DE54 or DE62.
    pub told: Told,
}

/// 0400: the terminal's automatic reversal of one 0100 or 0200 (flows 5). Names the original's own keys, so
/// DE11 and DE60.2 equal those of the original; repeats are identical but for DE64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The original's data elements.
    pub txn: Txn,
    /// DE39 = reason.
    pub reason: ReversalReason,
    /// DE61: the reversed request itself, or what it was linked to in its own DE61. Nobody may look the
    /// original up by it (soundness 9).
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
    /// Whether it is a repair case of the clearing exchange, in place of an advice that did not arrive before
    /// the cut-off (soundness 16): DE39 is then RC. Private to this model.
    pub repair: bool,
}

/// 0220 of a completion that is a fact already (flows 4.4): matched like the request, by DE38, date and card,
/// and repeated without the card under the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompletionAdvice {
    /// The completion's own data elements.
    pub txn: Txn,
    /// DE2/14/22/23/35 as read; absent in repeats.
    pub card: Option<CardData>,
    /// DE37 on leg 2.
    pub rrn: Option<Rrn>,
    /// DE38 of the pre-authorisation.
    pub auth: AuthCode,
    /// DE61.3; 61.1 and 61.2 are zero.
    pub date: MonthDay,
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

/// What every message about no transaction carries: DE11, DE41, DE42, DE60.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Station {
    /// DE11.
    pub stan: Stan,
    /// DE41.
    pub terminal: TerminalId,
    /// DE42.
    pub merchant: MerchantId,
    /// DE60.2.
    pub batch: Batch,
}

/// How the centre answers such a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// DE12, the centre's time.
    pub time: TimeOfDay,
    /// DE13, the centre's date.
    pub date: MonthDay,
    /// DE37.
    pub rrn: Rrn,
    /// DE39.
    pub code: ResponseCode,
}

/// What a 0820 is for (flows 4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// DE60.3 = 002.
    SignOff,
    /// DE60.3 = 301.
    Echo,
}

/// 0820: sign-off or echo. Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Management {
    /// DE11, DE41, DE42, DE60.2.
    pub station: Station,
    /// DE60.3.
    pub purpose: Purpose,
}

/// 0830. Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ManagementReply {
    /// The echoed request.
    pub request: Management,
    /// The answer.
    pub answer: Answer,
}

/// Any message of this profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// 0800
    SignOn(SignOn),
    /// 0810
    SignOnReply(SignOnReply),
    /// 0820
    Management(Management),
    /// 0830
    ManagementReply(ManagementReply),
    /// 0100 or 0200
    Request(Request),
    /// 0200 of a QR sale
    QrSale(QrRequest),
    /// 0200 of a status inquiry
    Status(StatusInquiry),
    /// 0110 or 0210
    Reply(Reply),
    /// 0400
    Reversal(Reversal),
    /// 0410
    ReversalReply(Reply),
    /// 0220 of a refund
    Advice(Advice),
    /// 0220 of a completion
    CompletionAdvice(CompletionAdvice),
    /// 0230
    AdviceReply(Reply),
    /// 0420
    ReversalAdvice(ReversalAdvice),
    /// 0430
    ReversalAdviceReply(Reply),
    /// 0500
    Settle(Settle),
    /// 0510
    SettleReply(SettleReply),
    /// 0320
    Upload(Upload),
    /// 0330
    UploadReply(UploadReply),
}

impl Message {
    /// The message type indicator.
    pub fn mti(&self) -> Mti {
        match self {
            Message::SignOn(_) => Mti::M0800,
            Message::SignOnReply(_) => Mti::M0810,
            Message::Management(_) => Mti::M0820,
            Message::ManagementReply(_) => Mti::M0830,
            Message::Request(m) => m.txn.kind.mti(),
            Message::QrSale(_) | Message::Status(_) => Mti::M0200,
            Message::Reply(m) if m.txn.kind.mti() == Mti::M0100 => Mti::M0110,
            Message::Reply(_) => Mti::M0210,
            Message::Reversal(_) => Mti::M0400,
            Message::ReversalReply(_) => Mti::M0410,
            Message::Advice(_) | Message::CompletionAdvice(_) => Mti::M0220,
            Message::AdviceReply(_) => Mti::M0230,
            Message::ReversalAdvice(_) => Mti::M0420,
            Message::ReversalAdviceReply(_) => Mti::M0430,
            Message::Settle(_) => Mti::M0500,
            Message::SettleReply(_) => Mti::M0510,
            Message::Upload(_) => Mti::M0320,
            Message::UploadReply(_) => Mti::M0330,
        }
    }

    /// The data elements of the transaction; what is about none has none.
    pub fn txn(&self) -> Option<&Txn> {
        match self {
            Message::SignOn(_)
            | Message::SignOnReply(_)
            | Message::Management(_)
            | Message::ManagementReply(_)
            | Message::Settle(_)
            | Message::SettleReply(_)
            | Message::Upload(_)
            | Message::UploadReply(_) => None,
            Message::Request(m) => Some(&m.txn),
            Message::QrSale(m) => Some(&m.txn),
            Message::Status(m) => Some(&m.txn),
            Message::Reversal(m) => Some(&m.txn),
            Message::Advice(m) => Some(&m.txn),
            Message::CompletionAdvice(m) => Some(&m.txn),
            Message::ReversalAdvice(m) => Some(&m.txn),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(&m.txn),
        }
    }

    /// DE11, DE41, DE42 and DE60.2, which every message carries.
    pub fn station(&self) -> Station {
        let of_txn = |txn: &Txn| {
            let Txn { stan, terminal, merchant, batch, .. } = *txn;
            Station { stan, terminal, merchant, batch }
        };
        let of_sign_on = |m: &SignOn| {
            let SignOn { stan, terminal, merchant, batch, .. } = *m;
            Station { stan, terminal, merchant, batch }
        };
        match self {
            Message::SignOn(m) => of_sign_on(m),
            Message::SignOnReply(m) => of_sign_on(&m.request),
            Message::Management(m) => m.station,
            Message::ManagementReply(m) => m.request.station,
            Message::Settle(m) => m.station,
            Message::SettleReply(m) => m.request.station,
            Message::Upload(m) => m.station,
            Message::UploadReply(m) => m.station,
            financial => of_txn(financial.txn().expect("every other message is financial")),
        }
    }

    /// DE11.
    pub fn stan(&self) -> Stan {
        self.txn().map_or_else(|| self.station().stan, |txn| txn.stan)
    }

    /// DE41.
    pub fn terminal(&self) -> TerminalId {
        self.txn().map_or_else(|| self.station().terminal, |txn| txn.terminal)
    }

    /// DE39: a reply's answer or a reversal's reason.
    pub fn code(&self) -> Option<ResponseCode> {
        match self {
            Message::Advice(m) => m.repair.then_some(REPAIR),
            Message::SignOn(_)
            | Message::Management(_)
            | Message::Request(_)
            | Message::QrSale(_)
            | Message::Status(_)
            | Message::CompletionAdvice(_)
            | Message::Settle(_)
            | Message::Upload(_) => None,
            Message::SignOnReply(m) => Some(m.code),
            Message::ManagementReply(m) => Some(m.answer.code),
            Message::SettleReply(m) => Some(m.answer.code),
            Message::UploadReply(m) => Some(m.answer.code),
            Message::Reversal(m) => Some(m.reason.code()),
            Message::ReversalAdvice(m) => Some(m.reason.code()),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(m.code),
        }
    }

    /// The reply to this message that declines it, or acknowledges it and tells nothing more. None for a
    /// reply, for a sign-on, whose reply is more than that, and for what only an institution is asked.
    pub fn answered(&self, answer: Answer) -> Option<Message> {
        let reply = |txn: &Txn| {
            let Answer { time, date, rrn, code } = answer;
            let told = Told::Nothing;
            Reply { txn: *txn, time, date, clearing_date: date, rrn, auth: None, code, told }
        };
        Some(match self {
            Message::Request(m) => Message::Reply(reply(&m.txn)),
            Message::QrSale(m) => Message::Reply(reply(&m.txn)),
            Message::Status(m) => Message::Reply(reply(&m.txn)),
            Message::Reversal(m) => Message::ReversalReply(reply(&m.txn)),
            Message::Advice(m) => Message::AdviceReply(reply(&m.txn)),
            Message::CompletionAdvice(m) => Message::AdviceReply(reply(&m.txn)),
            Message::ReversalAdvice(m) => Message::ReversalAdviceReply(reply(&m.txn)),
            Message::Management(m) => {
                Message::ManagementReply(ManagementReply { request: *m, answer })
            }
            Message::Settle(m) => {
                let (domestic, foreign) = (Balanced::Error, Balanced::Error);
                Message::SettleReply(SettleReply { request: *m, domestic, foreign, answer })
            }
            Message::Upload(m) => {
                Message::UploadReply(UploadReply { station: m.station, of: m.part.name(), answer })
            }
            Message::SignOn(_)
            | Message::SignOnReply(_)
            | Message::Reply(_)
            | Message::ReversalReply(_)
            | Message::AdviceReply(_)
            | Message::ReversalAdviceReply(_)
            | Message::ManagementReply(_)
            | Message::SettleReply(_)
            | Message::UploadReply(_) => return None,
        })
    }

    /// DE37.
    pub fn rrn(&self) -> Option<Rrn> {
        match self {
            Message::SignOn(_)
            | Message::Management(_)
            | Message::Reversal(_)
            | Message::Settle(_)
            | Message::Upload(_) => None,
            Message::SignOnReply(m) => Some(m.rrn),
            Message::ManagementReply(m) => Some(m.answer.rrn),
            Message::SettleReply(m) => Some(m.answer.rrn),
            Message::UploadReply(m) => Some(m.answer.rrn),
            Message::Request(Request { rrn: None, linked: Linked::Rrn { rrn, .. }, .. }) => {
                Some(*rrn)
            }
            Message::Request(m) => m.rrn,
            Message::QrSale(m) => m.rrn,
            Message::Status(m) => m.rrn,
            Message::Advice(m) => Some(m.rrn.unwrap_or(m.original_rrn)),
            Message::CompletionAdvice(m) => m.rrn,
            Message::ReversalAdvice(m) => Some(m.rrn),
            Message::Reply(m)
            | Message::ReversalReply(m)
            | Message::AdviceReply(m)
            | Message::ReversalAdviceReply(m) => Some(m.rrn),
        }
    }
}
