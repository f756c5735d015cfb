//! What a party tells the history, because only it knows: what the screen and the slip said, why the
//! issuer decided, what was posted. Fixed size, no text: words are made when printed. Checks rebuild
//! what they can instead of believing it.

pub use super::details::{Decider, Difference, Outcome, ReleasedBy, Stray};
use super::{HouseOp, OpRef, SlipData, Summary};
use crate::clearing::Day;
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn, Stan, TerminalId};
use crate::ledger::Posting;
use crate::money::Fen;
use crate::time::{MonthDay, Wall};
use crate::wire::{Balanced, Kind, ReversalReason, Totals};
use serde::{Deserialize, Serialize};

/// How a terminal names one of its transactions: DE41, DE60.2, DE11 (soundness 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TxnKey {
    /// DE41.
    pub terminal: TerminalId,
    /// DE60.2.
    pub batch: Batch,
    /// DE11.
    pub stan: Stan,
}

/// What stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// The code table's text for a code.
    Code(ResponseCode),
    /// A code that is in no table: the generic failure text and the raw code (soundness, codes).
    UnknownCode(ResponseCode),
    /// Doubt: no reply in time, or the link broke.
    NoReply,
    /// Doubt: the reply could not be read.
    Unreadable,
    /// Doubt: the reply's MAC is missing or wrong.
    BadMac,
    /// Doubt: power was lost with a request out.
    PowerLoss,
    /// A refund was accepted; the credit comes later (soundness 14).
    RefundAccepted,
    /// The balance that the holder's bank told, below zero where something is owed.
    Balance(Fen),
    /// Refused here: this purchase is paid already (soundness 6).
    AlreadyPaid,
    /// Refused here: this is more than is left to pay of the purchase (soundness 6, flows 8).
    MoreThanRest,
    /// Refused here: a refund of this original is still open (soundness 14).
    RefundOpen,
    /// Refused here: the terminal is at work.
    Busy,
    /// Refused here: no connection or no sign-on; nothing was sent.
    NoConnection,
    /// Refused here: an earlier transaction must be reversed first.
    ReversalFirst,
    /// Refused here: the amount is not one.
    InvalidAmount,
    /// Refused here: the batch is being settled, or is full and will be.
    Settling,
    /// Refused here: an earlier refund must be answered first.
    RefundFirst,
    /// Refused here: the totals do not fit their fields.
    BatchTooLarge,
    /// The batch is settled.
    Settled,
    /// The settlement is not finished; it goes on by itself.
    SettlementGoesOn,
    /// The centre answered an echo.
    EchoAnswered,
    /// Signed off.
    SignedOff,
    /// An echo, a sign-off or a balance inquiry was not answered.
    NotAnswered,
    /// Approved, and the printer has not put the slip out: it is owed (soundness 6).
    SlipOwed,
    /// The printer failed and the payment is taken back for it (an unsound choice).
    TakenBack,
}

/// The true reason of an issuer's decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing stood against it.
    Granted,
    /// Nothing but the balance, and a part of the amount was there (flows 8).
    GrantedInPart,
    /// Available balance below the amount.
    Balance,
    /// No such card.
    NoSuchCard,
    /// Account closed.
    AccountClosed,
    /// Account frozen.
    AccountFrozen,
    /// Past its expiry, or another expiry than the card's.
    Expired,
    /// Reported lost.
    Lost,
    /// Reported stolen.
    Stolen,
    /// The PIN is wrong.
    WrongPin,
    /// The PIN block is none under these keys; costs no try.
    PinUnreadable,
    /// No PIN tries left.
    PinTriesUsed,
    /// The product or a risk rule forbids it.
    NotPermitted,
    /// More than one transaction may have.
    AmountLimit,
    /// More transactions than a day may have.
    CountLimit,
    /// Zero, or beyond what can be booked.
    InvalidAmount,
    /// A data element is missing.
    Format,
    /// The kind of transaction makes no sense here.
    InvalidTransaction,
    /// Its reversal came first (tombstone), or what it is about is reversed.
    ReversedBefore,
    /// What it is about is voided already.
    VoidedBefore,
    /// Some of what it is about is refunded already.
    RefundedBefore,
    /// What it is about was made with another card.
    CardDiffers,
    /// The key is known with other content.
    OtherContent,
    /// There is no such original.
    NoOriginal,
    /// The amount is not the original's.
    AmountDiffers,
    /// The original was never approved.
    NotApproved,
    /// What it is about is completed already.
    CompletedBefore,
    /// The hold that it is about has expired.
    HoldExpired,
}

impl Observation {
    /// What a cashier keeps of a slip; nothing where this is none.
    pub fn slip_data(&self) -> Option<SlipData> {
        let Observation::Slip { key, amount, rrn, date, auth, .. } = *self else { return None };
        Some(SlipData { rrn, date, batch: key.batch, stan: key.stan, auth, amount })
    }

    /// What a slip is about, of a transaction or of a settlement; nothing where this is none.
    pub fn printed_key(&self) -> Option<TxnKey> {
        match *self {
            Observation::Slip { key, .. } | Observation::BatchSlip { key, .. } => Some(key),
            _ => None,
        }
    }
}

/// Something a party says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Observation {
    /// Terminal, durable: a request may go out; until superseded it must be undone.
    RequestPending {
        /// The operation.
        op: OpRef,
        /// What the customer means to buy, where it is a payment.
        intent: Option<u32>,
        /// The transaction.
        key: TxnKey,
        /// What it asks for.
        kind: Kind,
        /// Fen.
        amount: Fen,
        /// The original's RRN, where it names one.
        original: Option<Rrn>,
    },
    /// Terminal, durable: the number of a balance inquiry is used; nothing has to be undone.
    Inquired {
        /// The operation.
        op: OpRef,
        /// The inquiry.
        key: TxnKey,
    },
    /// Terminal, durable: approved.
    Approved {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
        /// DE37 of the reply.
        rrn: Rrn,
        /// DE4 of the reply, in fen.
        amount: Fen,
    },
    /// Terminal, durable: declined for certain.
    Declined {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
        /// DE39 of the reply.
        code: ResponseCode,
    },
    /// Terminal, durable: the reversal is done.
    Undone {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
        /// DE39 of the 0410.
        code: ResponseCode,
    },
    /// Terminal, durable: the reversal record was dropped without an end (an unsound choice).
    Abandoned {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
    },
    /// Terminal, durable: a refund may go out; it repeats itself until answered.
    RefundPending {
        /// The operation.
        op: OpRef,
        /// The refund.
        key: TxnKey,
        /// Fen.
        amount: Fen,
        /// The original's RRN.
        original: Rrn,
    },
    /// Terminal, durable: the refund was accepted.
    RefundAccepted {
        /// The operation.
        op: OpRef,
        /// The refund.
        key: TxnKey,
        /// DE37 of the reply.
        rrn: Rrn,
        /// Fen.
        amount: Fen,
    },
    /// Terminal, durable: the refund was refused.
    RefundRefused {
        /// The operation.
        op: OpRef,
        /// The refund.
        key: TxnKey,
        /// DE39 of the reply.
        code: ResponseCode,
    },
    /// Terminal, durable: screen and slip of an approval are out.
    Announced {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
    },
    /// Terminal: signed on, working keys in place.
    SignedOn {
        /// DE41.
        terminal: TerminalId,
        /// The batch it is in.
        batch: Batch,
    },
    /// Terminal: what the screen shows.
    Screen {
        /// The operation.
        op: OpRef,
        /// The transaction, if one was made.
        key: Option<TxnKey>,
        /// The code shown, if one is.
        code: Option<ResponseCode>,
        /// The words shown.
        text: Text,
    },
    /// Terminal: what the printer put out.
    Slip {
        /// The operation.
        op: OpRef,
        /// The transaction.
        key: TxnKey,
        /// Sale or refund.
        kind: Kind,
        /// Fen.
        amount: Fen,
        /// DE37.
        rrn: Rrn,
        /// DE13 of the reply.
        date: MonthDay,
        /// DE38, where the approval had one.
        auth: Option<AuthCode>,
        /// Marked as a reprint.
        reprint: bool,
    },
    /// Terminal: the operation is over for the cashier.
    Ended {
        /// The operation.
        op: OpRef,
        /// How.
        outcome: Outcome,
    },
    /// A message was dropped unused.
    Dropped {
        /// Why.
        why: Stray,
        /// Which.
        message: Summary,
    },
    /// Terminal: a 0410 came whose code does not end the reversal.
    ReversalRefused {
        /// The transaction.
        key: TxnKey,
        /// DE39 of the 0410.
        code: ResponseCode,
    },
    /// Acquirer, durable: a transaction exists here and may have been forwarded.
    Taken {
        /// The transaction.
        key: TxnKey,
        /// Its RRN.
        rrn: Rrn,
        /// RRN of the chain's original.
        chain: Rrn,
        /// Sale or refund.
        kind: Kind,
        /// Fen.
        amount: Fen,
    },
    /// Acquirer, durable: the answer that every repeat will get.
    Answered {
        /// The transaction.
        rrn: Rrn,
        /// DE39.
        code: ResponseCode,
        /// Whose answer it is.
        decider: Decider,
    },
    /// Acquirer, durable: it owns the undoing of this transaction at the issuer.
    Undoing {
        /// The transaction.
        rrn: Rrn,
        /// Why.
        reason: ReversalReason,
    },
    /// Acquirer, durable: an advice to the issuer is queued (0220 or, while undoing, 0420).
    Queued {
        /// The transaction.
        rrn: Rrn,
    },
    /// Acquirer, durable: the issuer acknowledged the advice.
    Delivered {
        /// The transaction.
        rrn: Rrn,
        /// DE39 of the 0230 or 0430.
        code: ResponseCode,
    },
    /// Acquirer, durable: the cut-off found the advice unacknowledged; its effect is a repair case from now
    /// on, settled in the clearing exchange, and nobody sends the advice any more (soundness 16).
    RepairCase {
        /// The transaction.
        rrn: Rrn,
    },
    /// Acquirer, durable: the advice was dropped unacknowledged (an unsound choice).
    AdviceDropped {
        /// The transaction.
        rrn: Rrn,
    },
    /// Acquirer or issuer, durable: a reversal came for a transaction that is not here (yet).
    Tombstone {
        /// The transaction, as its terminal names it.
        key: TxnKey,
    },
    /// Issuer, durable: a decision and its true reason.
    Decided {
        /// The transaction.
        rrn: Rrn,
        /// The account, where one was found.
        account: Option<u32>,
        /// Fen.
        amount: Fen,
        /// DE39.
        code: ResponseCode,
        /// Why.
        reason: Reason,
    },
    /// Issuer, durable with the decision: what it tells is available.
    BalanceTold {
        /// The inquiry.
        rrn: Rrn,
        /// The account.
        account: u32,
        /// Fen, below zero where the holder owes it.
        balance: Fen,
    },
    /// Issuer: what a 0420 is answered with and why; durable with what the reversal does, if it does
    /// anything.
    ReversalDecided {
        /// The transaction.
        rrn: Rrn,
        /// DE39 of the 0430.
        code: ResponseCode,
        /// Why.
        reason: Reason,
    },
    /// Issuer, durable: money is set apart for a pre-authorisation, or is again.
    Held {
        /// The pre-authorisation.
        rrn: Rrn,
        /// The account.
        account: u32,
        /// Fen.
        amount: Fen,
        /// The reading of the issuer's clock from which on it is not.
        until: Wall,
    },
    /// Issuer, durable: it is not any more.
    Released {
        /// The pre-authorisation.
        rrn: Rrn,
        /// The account.
        account: u32,
        /// Fen.
        amount: Fen,
        /// What ended it.
        why: ReleasedBy,
    },
    /// Acquirer or issuer, durable: money moved.
    Posted(Posting),
    /// Acquirer or issuer, durable: the house acted.
    House(HouseOp),
    /// Acquirer, durable: a clearing day begins, by the host's own clock and cut-off.
    ClearingDay {
        /// The day that begins.
        opens: Day,
        /// The day that ends with it; none at the very first.
        closes: Option<Day>,
    },
    /// Acquirer, durable: a capture belongs to this clearing day, at this fee.
    Cleared {
        /// The transaction.
        rrn: Rrn,
        /// Its clearing day.
        day: Day,
        /// Fen.
        fee: Fen,
    },
    /// Acquirer, durable: a clearing day is paid out to a merchant.
    PaidOut {
        /// Number of the merchant.
        merchant: u32,
        /// The clearing day.
        day: Day,
        /// Fen sent to the merchant's bank.
        paid: Fen,
        /// Fen that the next payout brings or lacks besides its own day.
        carried: Fen,
    },
    /// Acquirer, durable: a capture that was paid out is undone; the merchant's next payout is short by it
    /// (soundness 16).
    Adjusted {
        /// The transaction.
        rrn: Rrn,
        /// Fen, less the fee that comes back with it.
        amount: Fen,
    },
    /// Terminal, durable: the batch is being settled with these totals; until it is over nothing is sold.
    Settling {
        /// The operation; none where the batch was full.
        op: Option<OpRef>,
        /// Terminal, batch, and the STAN of the 0500.
        key: TxnKey,
        /// What it holds.
        totals: Totals,
    },
    /// Terminal, durable: the batch is over, its journal is cleared, and the next one is open.
    BatchOver {
        /// DE41.
        terminal: TerminalId,
        /// The batch that is over.
        batch: Batch,
        /// The one that is open now.
        next: Batch,
    },
    /// Terminal: the slip of a settlement.
    BatchSlip {
        /// Terminal, batch, and the STAN of the 0500.
        key: TxnKey,
        /// As they were sent.
        totals: Totals,
        /// Whether the centre's were the same.
        balanced: bool,
        /// Marked as a reprint.
        reprint: bool,
    },
    /// Acquirer, durable: a terminal's totals are compared with the books.
    TotalsCompared {
        /// Terminal, batch, and the STAN of the 0500.
        key: TxnKey,
        /// By the batch file.
        own: Totals,
        /// The answer.
        verdict: Balanced,
    },
    /// Acquirer, durable: a record of an upload is here.
    UploadTaken {
        /// The transaction that it names.
        key: TxnKey,
        /// What it says that was.
        kind: Kind,
        /// Fen that it says.
        amount: Fen,
    },
    /// Acquirer, durable: upload and books differ in a transaction.
    BatchDiffers {
        /// The transaction.
        key: TxnKey,
        /// How.
        what: Difference,
    },
    /// Acquirer, durable: the batch is closed.
    BatchClosed {
        /// DE41.
        terminal: TerminalId,
        /// The batch.
        batch: Batch,
        /// Whether it was ended as balanced (207).
        balanced: bool,
        /// How many records the end message counted.
        count: u16,
    },
    /// Issuer: a holder's dispute is taken up, and a chargeback is made of it; said once it is durable.
    Disputed {
        /// The operation.
        op: OpRef,
        /// The debit.
        rrn: Rrn,
        /// Fen claimed: what has not come back by the issuer's own books.
        amount: Fen,
    },
    /// Acquirer: a chargeback cannot be ruled on yet: its capture may still be reversed, or its void is under
    /// way.
    ClaimWaits {
        /// The operation: the dispute.
        op: OpRef,
        /// The capture.
        rrn: Rrn,
    },
    /// Something an operator must look at.
    Alarm {
        /// About which transaction.
        key: TxnKey,
        /// What is wrong.
        what: Alarm,
    },
}

/// What an alarm is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// A STAN, or at the issuer an RRN, came again with other content (soundness 10, 23).
    StanReused,
    /// The issuer answered an advice with a code that does not end it (soundness 16).
    AdviceRefused,
}
