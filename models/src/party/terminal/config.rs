//! What a terminal is set up with: its ids, keys, timers, and its design choices.

use crate::ids::{Batch, MerchantId, Stan, TerminalId};
use crate::wire::KeyLength;
use crate::wire::key::DesKey;
use serde::{Deserialize, Serialize};

/// A terminal's timers, in milliseconds of its monotonic clock (flows 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TerminalTimers {
    /// Wait for a reply.
    pub response_timeout_ms: u64,
    /// Wait for a dial.
    pub dial_timeout_ms: u64,
    /// Between two sessions of work that is still to be done: reversal, refund, sign-on.
    pub retry_interval_ms: u64,
    /// Tries in one session.
    pub tries_per_session: u8,
}

impl Default for TerminalTimers {
    fn default() -> TerminalTimers {
        TerminalTimers {
            response_timeout_ms: 60_000,
            dial_timeout_ms: 10_000,
            retry_interval_ms: 60_000,
            tries_per_session: 3,
        }
    }
}

/// When the reversal record is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalRecord {
    /// Written and synced before the send (flows 4.1).
    #[default]
    BeforeSend,
    /// UNSOUND (B03): after the send.
    AfterSend,
    /// UNSOUND (B06): never; a doubtful sale is forgotten.
    Never,
}

/// What a reversal record holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordContent {
    /// No card data at all (soundness 22).
    #[default]
    Reference,
    /// UNSOUND (B88): the card as it was read.
    WholeCard,
}

/// Which 0410 ends a reversal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalDone {
    /// 00, 12 and 25 (flows 5).
    #[default]
    Codes001225,
    /// UNSOUND: any code.
    AnyCode,
}

/// How often a reversal is tried before its record is dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalAttempts {
    /// Until it is done; the record is never dropped (flows 5).
    #[default]
    Unlimited,
    /// UNSOUND (B04): dropped after so many tries.
    GiveUp {
        /// At least 1.
        tries: u8,
    },
}

/// How a reply is matched to its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyMatching {
    /// MTI, DE3, DE4, DE11, DE41, DE42, DE60 (flows 2).
    #[default]
    Strict,
    /// UNSOUND (B10): DE4, DE11 and DE60 are not looked at.
    IgnoreStan,
    /// UNSOUND (B18): DE22 as well, which no 0110 or 0210 brings back: no reply is ever taken.
    Unechoed,
}

/// How a refund that was not answered is asked for again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundRepeat {
    /// With its own key, so that it is one refund however often it goes out (soundness 14).
    #[default]
    SameKey,
    /// UNSOUND (B24): under a new STAN, as if nobody had ever asked.
    NewStan,
}

/// How frames are found in what arrives on a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// In the stream of bytes, wherever it was cut on the way (flows 1).
    #[default]
    Stream,
    /// UNSOUND (B75): one read is one frame; a read that is not ends the line.
    SingleRead,
}

/// What becomes of a reply whose MAC does not verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadMacReply {
    /// The record stays and a reversal follows (soundness 7).
    #[default]
    Reverse,
    /// UNSOUND (B63): taken as a decline and forgotten.
    Forget,
}

/// What 09, 68 and 94 mean to the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IndefiniteReply {
    /// The outcome is unknown: reverse (soundness 3).
    #[default]
    Reverse,
    /// UNSOUND: a decline like any other.
    Decline,
}

/// What a timeout shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeoutShows {
    /// The terminal's own doubt text, and no code.
    #[default]
    Doubt,
    /// UNSOUND (B37): 51.
    InsufficientFunds,
}

/// What a code that is in no table shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownCodeShows {
    /// The generic failure text with the raw code.
    #[default]
    Generic,
    /// UNSOUND (B40): 51.
    InsufficientFunds,
    /// UNSOUND (B40): taken as approved.
    Approved,
}

/// Whether a purchase that is paid can be paid again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaidIntent {
    /// Refused (soundness 6).
    #[default]
    Refuse,
    /// UNSOUND (B71): a second tender is sent.
    SendAgain,
    /// UNSOUND: refused only once the slip of the first is out; until then a second tender is sent.
    OncePrinted,
}

/// What the terminal does when the printer says that a slip did not come out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrinterFault {
    /// Keeps the approval and owes the slip: it is printed, marked, as soon as the printer prints again
    /// (soundness 6).
    #[default]
    OweSlip,
    /// UNSOUND (B68): reverses the payment with reason 96, although the slip may be out.
    Reverse,
    /// UNSOUND: notes the slip as out; nobody prints it again.
    ForgetSlip,
}

impl PrinterFault {
    fn is_usual(&self) -> bool {
        *self == PrinterFault::default()
    }
}

/// What the next boot does with an approval whose slip may not be out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unannounced {
    /// Shown and printed, marked as a reprint (soundness 6).
    #[default]
    Announce,
    /// UNSOUND: reversed, although the slip may be out (B68).
    Reverse,
    /// UNSOUND: forgotten; the holder has paid and gets no slip.
    Forget,
}

/// What becomes of the batch that a sign-on offers in place of the terminal's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewBatch {
    /// It is adopted as soon as nothing is open, and STANs go on in it (soundness 8, 10).
    #[default]
    Adopt,
    /// UNSOUND (B16): nothing; STANs come again in the old one.
    Ignore,
}

/// What must be finished before a batch is settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PendingAtSettlement {
    /// A pending reversal, pending refunds and queued advices (flows 4.8).
    #[default]
    First,
    /// UNSOUND (B52): nothing; what is pending goes with the cleared journal.
    Dropped,
}

/// Where a terminal keeps that its batch is being settled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlingLock {
    /// In its journal, synced before the 0500 (soundness 17).
    #[default]
    Durable,
    /// UNSOUND (B51): in its memory; after a restart it sells into the batch that it was settling.
    InMemory,
}

/// Which details an upload brings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadedLines {
    /// Every item of the totals (flows 4.8).
    #[default]
    All,
    /// UNSOUND (B48): where there are advices, those alone.
    AdvicesAlone,
    /// UNSOUND (B91): one more, which nobody authorised.
    OneMore,
}

/// Where a terminal keeps what it has uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadFlags {
    /// A synced flag for each record: a resume skips it, and counts it (flows 4.8).
    #[default]
    Durable,
    /// UNSOUND (B49): in its memory; after a restart everything is uploaded again.
    InMemory,
}

/// Which message ends a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BatchEnd {
    /// 207 where the totals agreed, 202 after an upload (flows 4.8).
    #[default]
    AsAnswered,
    /// UNSOUND (B47): 207 whatever was answered.
    #[serde(rename = "always_207")]
    Always207,
}

/// What a declined void shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclinedVoid {
    /// The code that it was declined with; the sale stands.
    #[default]
    Refused,
    /// UNSOUND (B30): done, whatever the answer says.
    Done,
}

/// What a refused refund shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedRefund {
    /// The code that it was refused with; nothing goes back.
    #[default]
    Refused,
    /// UNSOUND (B30): done, whatever the answer says.
    Done,
}

/// Which words a decline's screen has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeWords {
    /// Those of its code.
    #[default]
    Own,
    /// UNSOUND (B38): those of the next row, in a table that has slipped by one.
    NextRow,
    /// UNSOUND (B41): one general text for every code.
    General,
}

/// What an approval of a part (10) is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartTaken {
    /// The part that DE4 of the reply says (flows 8).
    #[default]
    Approved,
    /// UNSOUND (B44): the whole that was asked for.
    Asked,
}

/// What the sign of a told balance is to the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceSign {
    /// C is the holder's money, D what the holder owes (flows 4.5).
    #[default]
    Read,
    /// UNSOUND: not looked at; a debt is shown as money.
    Ignored,
}

/// A terminal's design choices; the defaults are sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TerminalChoices {
    /// When the reversal record is written.
    pub reversal_record: ReversalRecord,
    /// What it holds.
    pub record_content: RecordContent,
    /// Which 0410 ends a reversal.
    pub reversal_done: ReversalDone,
    /// How often a reversal is tried.
    pub reversal_attempts: ReversalAttempts,
    /// How a reply is matched.
    pub reply_matching: ReplyMatching,
    /// What becomes of a reply with a bad MAC.
    pub bad_mac_reply: BadMacReply,
    /// What 09, 68 and 94 mean.
    pub indefinite_reply: IndefiniteReply,
    /// What a timeout shows.
    pub timeout_shows: TimeoutShows,
    /// What an unknown code shows.
    pub unknown_code_shows: UnknownCodeShows,
    /// Whether a paid purchase can be paid again.
    pub paid_intent: PaidIntent,
    /// What boot does with an unannounced approval.
    pub unannounced: Unannounced,
    /// What the terminal does when a slip did not print.
    #[serde(skip_serializing_if = "PrinterFault::is_usual")]
    pub printer_fault: PrinterFault,
    /// What becomes of a new batch.
    pub new_batch: NewBatch,
    /// What must be finished before a settlement.
    pub pending_at_settlement: PendingAtSettlement,
    /// Where it is kept that the batch is being settled.
    pub settling_lock: SettlingLock,
    /// Which details are uploaded.
    pub uploaded_lines: UploadedLines,
    /// Where it is kept what was uploaded.
    pub upload_flags: UploadFlags,
    /// Which message ends a batch.
    pub batch_end: BatchEnd,
    /// What a declined void shows.
    pub declined_void: DeclinedVoid,
    /// What a refused refund shows.
    pub refused_refund: RefusedRefund,
    /// Which words a decline's screen has.
    pub code_words: CodeWords,
    /// What an approval of a part is taken for.
    pub part_taken: PartTaken,
    /// How an unanswered refund is asked for again.
    pub refund_repeat: RefundRepeat,
    /// How frames are found in what arrives.
    pub framing: Framing,
    /// What the sign of a told balance is.
    pub balance_sign: BalanceSign,
}

/// Where a terminal's counters stand before its first message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Opening {
    /// The STAN used last; 0 where none ever was.
    pub stan: Stan,
    /// The batch it is in.
    pub batch: Batch,
}

impl Default for Opening {
    fn default() -> Opening {
        Opening { stan: Stan(0), batch: Batch(1) }
    }
}

impl Opening {
    fn is_new(&self) -> bool {
        *self == Opening::default()
    }
}

/// A terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalConfig {
    /// DE41.
    pub id: TerminalId,
    /// DE42.
    pub merchant: MerchantId,
    /// The terminal master key, under which working keys come.
    pub master_key: DesKey,
    /// Which working keys sign-on asks for.
    pub key_length: KeyLength,
    /// Where its counters stand; a new device's where a plan says nothing.
    #[serde(default, skip_serializing_if = "Opening::is_new")]
    pub opening: Opening,
    /// A batch of so many transactions is full and settled (flows 3); never by itself where none is given. At
    /// most 999, which is what a count on the wire can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settle_after: Option<u16>,
    /// Whether it declares that it can complete a sale that is approved in part (DE60.6, flows 8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial_approval: bool,
    /// Timers.
    #[serde(default)]
    pub timers: TerminalTimers,
    /// Design choices.
    #[serde(default)]
    pub choices: TerminalChoices,
}
