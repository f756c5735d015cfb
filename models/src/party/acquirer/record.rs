//! What an acquirer makes durable, one record for each fact. `books` folds them; `tx` is what that keeps.

use crate::clearing::Day;
use crate::clearing::fee::CardKind;
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::party::HouseOp;
use crate::time::{MonthDay, TimeOfDay};
use crate::wire::{Balanced, Kind, ReversalReason, Totals};
use serde::{Deserialize, Serialize};

/// The duplicate key (soundness 9); the terminal's number stands for DE41 and DE42.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Key {
    pub kind: Kind,
    pub terminal: u16,
    pub batch: Batch,
    pub stan: Stan,
}

/// One durable fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record {
    /// Working keys of this generation are the terminal's.
    SignOn { terminal: u16, stan: Stan, asked_in: Batch, generation: u32, batch: Batch },
    /// A request may have been forwarded (soundness 2a).
    Forwarded {
        rrn: Rrn,
        key: Key,
        amount: Fen,
        card: u64,
        /// The original that it names.
        of: Option<Rrn>,
        /// Whether its terminal can take an approval of a part (flows 8).
        takes_partial: bool,
    },
    /// An inquiry has its number, and may be passed on (soundness 23).
    Inquired { rrn: Rrn, key: Key, card: u64 },
    /// The issuer approved; a sale is captured.
    Approved {
        rrn: Rrn,
        code: ResponseCode,
        /// Fen that count from now on: with 10 less than was asked for.
        amount: Fen,
        /// DE4 of the answer, where it is a part.
        part: Option<Fen>,
        auth: Option<AuthCode>,
        date: MonthDay,
        time: TimeOfDay,
        /// Where its merchant has a contract.
        cleared: Option<Cleared>,
    },
    /// The issuer declined.
    Declined { rrn: Rrn, code: ResponseCode },
    /// The acquirer owns the undoing; `code` is the stored answer from now on.
    Undoing { rrn: Rrn, reason: ReversalReason, code: ResponseCode },
    /// UNSOUND choice 91: answered, and not undone.
    LeftOpen { rrn: Rrn, code: ResponseCode },
    /// The key of a transaction came again with other content, and was refused with 94 (soundness 10).
    Reused { rrn: Rrn },
    /// UNSOUND choice: the issuer's late approval is the answer of a sale that is undone.
    LateApproval { rrn: Rrn, code: ResponseCode },
    /// The issuer acknowledged the advice.
    Delivered { rrn: Rrn },
    /// The cut-off found its advice undelivered: a repair case from now on (soundness 16).
    RepairCase { rrn: Rrn },
    /// UNSOUND choice: the advice was dropped.
    Dropped { rrn: Rrn },
    /// A reversal came for nothing that was ever taken.
    Tombstone { rrn: Rrn, key: Key, amount: Fen },
    /// Refused here; nothing was sent and never will be.
    Refused { rrn: Rrn, key: Key, amount: Fen, card: u64, code: ResponseCode },
    /// A refund is reserved and its advice queued (soundness 14).
    RefundAccepted { rrn: Rrn, key: Key, amount: Fen, chain: Rrn },
    /// The house acted; `swept` is what a sweep paid out.
    House { op: HouseOp, swept: Fen },
    /// A clearing day begins, and the one before ends.
    DayOpened { day: Day },
    /// A merchant is paid for a clearing day.
    PaidOut { merchant: u32, day: Day, paid: Fen, carried: Fen },
    /// A terminal's totals are compared (soundness 17).
    Compared { terminal: u16, batch: Batch, stan: Stan, claimed: Totals, verdict: Balanced },
    /// A record of an upload is here.
    Uploaded { key: Key, amount: Fen },
    /// UNSOUND choices: an uploaded record is captured for itself.
    TakenFromUpload { rrn: Rrn, key: Key, amount: Fen },
    /// A batch is closed.
    BatchClosed { terminal: u16, batch: Batch },
}

/// When a capture is cleared, and at what price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cleared {
    pub day: Day,
    pub kind: CardKind,
    /// Issuer's, network's, acquirer's part, in fen.
    pub fee: [Fen; 3],
}
