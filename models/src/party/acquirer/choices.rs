//! The acquirer's design choices, with sound defaults. What is marked UNSOUND gives up the rule that it
//! names.

use crate::clearing::fee::{PriceScope, TierBoundary};
use serde::{Deserialize, Serialize};

/// When the record of a forwarded request is synced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForwardRecord {
    /// Before the leg-2 send (soundness 2a).
    #[default]
    BeforeSend,
    /// UNSOUND: after it.
    AfterSend,
}

/// When the undoing that a 0410 or a 98 promises is synced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseSync {
    /// Before the promise is sent (soundness 2b).
    #[default]
    BeforeAnswer,
    /// UNSOUND: after it.
    AfterAnswer,
}

/// What a reversal is answered while its original is still open at the issuer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenOriginal {
    /// 00, and a 0420 is queued (soundness 2c).
    #[default]
    Undo,
    /// UNSOUND: 25, as if there were no original; its late approval is captured.
    NotFound,
}

/// What a repeat of a sale is answered once the sale is being undone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversedAnswer {
    /// A decline, whatever the issuer said or still says (soundness 1, 3).
    #[default]
    Decline,
    /// UNSOUND: what the issuer says, an approval that comes late included.
    Issuers,
}

/// What a reversal that finds nothing leaves behind at the acquirer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NothingFound {
    /// A durable tombstone before the 25, which refuses the late original (soundness 2c).
    #[default]
    Tombstone,
    /// UNSOUND: nothing; the late original is forwarded.
    Forgotten,
}

/// Who undoes a sale once its approval may have been sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undoer {
    /// Only the terminal's 0400 (soundness 1).
    #[default]
    TerminalOnly,
    /// UNSOUND: the acquirer too, when the terminal's link goes down.
    AcquirerToo,
}

/// What a request is known by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcquirerKey {
    /// Class, DE42, DE41, DE60.2, DE11: a repeat gets the stored answer (soundness 9).
    #[default]
    Full,
    /// UNSOUND: nothing, once the first copy has its answer.
    None,
    /// UNSOUND (B16): without DE60.2, so that STANs that begin anew meet the last round's.
    WithoutBatch,
}

/// What a message needs before it is acted on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MacRequired {
    /// A MAC that verifies (flows 12).
    #[default]
    Always,
    /// UNSOUND (B65): a MAC that verifies, or none at all.
    IfPresent,
    /// UNSOUND: nothing; whatever MAC it has is not looked at.
    Never,
}

/// What happens to a repeat while the first copy is still open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenDuplicate {
    /// Absorbed without an answer (soundness 3).
    #[default]
    Absorb,
    /// Answered 94; bearable only where terminals take 94 as indefinite.
    #[serde(rename = "answer_94")]
    Answer94,
    /// UNSOUND: forwarded as a new transaction.
    ForwardAgain,
}

/// How the date is read that a refund says of its sale.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginalDate {
    /// As month and day, which must be the sale's.
    #[default]
    AsRecorded,
    /// UNSOUND (B55): as a day of this year, so that 31 December lies ahead on 1 January.
    ThisYear,
}

/// Which code the terminal gets for an issuer's decline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineCode {
    /// The issuer's own.
    #[default]
    Relayed,
    /// UNSOUND (B39): out of a table in which 61 was keyed for 51.
    Mistyped,
}

/// What is captured of a sale that is approved in part (10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapturedPart {
    /// The part that was approved (flows 8).
    #[default]
    Approved,
    /// UNSOUND (B44): the whole that was asked for.
    Asked,
}

/// What the terminal is told when the issuer stays silent after a leg-2 send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerSilence {
    /// 98, and an own reversal is queued (soundness 4).
    #[default]
    Reverse98,
    /// UNSOUND: 91 as if nothing had been sent, and no reversal.
    #[serde(rename = "plain_91")]
    Plain91,
    /// UNSOUND: 98 with its reversal, but shown to the terminal as 51.
    #[serde(rename = "as_51")]
    As51,
}

/// How long a key and its stored answer are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retention {
    /// As long as any copy can still arrive: the whole run (soundness 11).
    #[default]
    Run,
    /// UNSOUND: for so many milliseconds.
    For {
        /// Milliseconds of the acquirer's monotonic clock.
        ms: u64,
    },
    /// UNSOUND: for so many milliseconds of a clock that somebody may set.
    ByWallClock {
        /// Milliseconds between two readings of the wall clock.
        ms: u64,
    },
}

/// How often an undelivered advice is tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceTries {
    /// Until acknowledged (soundness 16).
    #[default]
    Unlimited,
    /// UNSOUND: dropped after so many tries.
    GiveUp {
        /// At least 1.
        tries: u32,
    },
}

/// What a refund is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundGuard {
    /// The confirmed capture less every refund accepted so far, atomically (soundness 13, 14).
    #[default]
    Atomic,
    /// UNSOUND: the captured amount, each refund by itself.
    EachAlone,
    /// UNSOUND: the guard ignores whether the capture is confirmed.
    Unconfirmed,
    /// UNSOUND: the amount that was pre-authorised, not the one that was completed (B22).
    AsAuthorised,
}

/// What a refund at the merchant's portal is held against besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortalGuard {
    /// What every channel has given back, as a refund at a terminal is (soundness 13, 14).
    #[default]
    Counted,
    /// UNSOUND (B90): each channel counts what it has given back itself.
    OwnCount,
}

/// What a chargeback is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargebackGuard {
    /// A confirmed capture, less all that came back of it by any way (I4; soundness 13).
    #[default]
    Returned,
    /// UNSOUND (B83): the captured amount, whatever was refunded.
    IgnoresRefunds,
    /// UNSOUND: the capture need not be confirmed, so that its terminal may still reverse it.
    Unconfirmed,
}

/// What a void is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidGuard {
    /// One confirmed capture of this terminal's open batch and day, whole, of which nothing was given back or
    /// is reserved to be (flows 4.2, soundness 13).
    #[default]
    Atomic,
    /// UNSOUND: earlier voids are not looked at.
    IgnoresVoids,
    /// UNSOUND: refunds are not looked at.
    IgnoresRefunds,
    /// UNSOUND (B29): a sale of a settled batch, of another day or paid out already can be voided.
    IgnoresSettlement,
}

/// How a reversal's original is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalLookup {
    /// By its own key: DE11 and DE60.2 are the reversed request's (soundness 9).
    #[default]
    OwnKey,
    /// UNSOUND: by DE61, so that a void's reversal reverses its sale.
    OriginalData,
}

/// What the reversal of an approved void does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoidReversed {
    /// The sale stands again: captured, with its fee (flows 4.2).
    #[default]
    Reinstates,
    /// UNSOUND: nothing at the acquirer; the sale stays voided there.
    StaysVoided,
}

/// What becomes of the fee of a sale that is voided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeOnVoid {
    /// It comes back whole (flows 9).
    #[default]
    GivenBack,
    /// UNSOUND: it is kept.
    Kept,
}

/// What a merchant's own shortage is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShortageCode {
    /// 76, the merchant's unsettled balance (soundness, codes).
    #[default]
    MerchantBalance,
    /// UNSOUND: 51, as if the cardholder had no money.
    InsufficientFunds,
}

/// Which day a capture belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureDay {
    /// The clearing day that is open, from cut-off to cut-off (flows 10).
    #[default]
    CutOff,
    /// UNSOUND: the date on the wall, whether its clearing day is closed or not.
    CivilDate,
}

/// What becomes of the fee of a sale that is reversed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeOnReversal {
    /// It comes back: a sale that never was costs nothing (flows 9).
    #[default]
    GivenBack,
    /// UNSOUND: it is kept.
    Kept,
}

/// What the payout job does with a day that it paid already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutJob {
    /// Nothing: each day is paid by one synced record.
    #[default]
    Once,
    /// UNSOUND: started again after a crash, it pays the last day again.
    AgainAfterRestart,
}

/// What becomes of an advice that the cut-off finds unacknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterCutOff {
    /// A repair case, and the advice is sent no more (soundness 16).
    #[default]
    RepairCase,
    /// UNSOUND: a repair case, and the advice goes on being sent beside it (B80).
    KeepSending,
}

/// What the repair job does with a case that is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepairJob {
    /// Nothing: one adjustment for each case.
    #[default]
    Once,
    /// UNSOUND: started again after a crash, it settles every closed case once more.
    AgainAfterRestart,
}

/// What a terminal's totals are answered with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalsVerdict {
    /// 1 where they are the books' own, 2 where they are not (flows 4.8).
    #[default]
    Compared,
    /// 2 always: every detail is wanted, whatever the totals.
    AlwaysDetails,
    /// UNSOUND: 1 always; the batch is closed although it does not balance.
    AlwaysBalanced,
}

/// What becomes of an uploaded record that came before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadAgain {
    /// Nothing: each counts once by batch and STAN (soundness 17).
    #[default]
    Ignored,
    /// UNSOUND (B49): it is captured once more.
    Inserts,
}

/// What becomes of an uploaded record that nobody authorised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadUnknown {
    /// It is reported, and never cleared.
    #[default]
    Reported,
    /// UNSOUND (B91): it is captured.
    Clears,
}

/// Which end message closes a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndMessage {
    /// 207 only after totals that agreed, 202 only with the records that are here; else 95 (flows 4.8).
    #[default]
    Held,
    /// UNSOUND: any; a batch that does not balance is closed as one that does.
    Trusted,
}

/// What a request in a closed batch gets that no stored answer is known for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBatch {
    /// 77, and it is never executed (soundness 11).
    #[default]
    Refused,
    /// UNSOUND: it is executed like any other.
    Executed,
}

/// What an issuer's 94 to an advice means: it knows the advice already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKnown {
    /// That it has arrived, and is delivered (soundness 16).
    #[default]
    Delivered,
    /// UNSOUND (B78): that it was refused; it is sent again for ever.
    Refused,
}

/// Which day's fees price a capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceDay {
    /// Those of its clearing day (flows 9, DE15).
    #[default]
    Clearing,
    /// UNSOUND (B61): those of the date on the wall, on which its clearing day may not have begun.
    CivilDate,
}

/// An acquirer's design choices; the defaults are sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AcquirerChoices {
    /// When the record of a forwarded request is synced.
    pub forward_record: ForwardRecord,
    /// When a promised undoing is synced.
    pub promise_sync: PromiseSync,
    /// What a reversal is answered while the original is open.
    pub open_original: OpenOriginal,
    /// What a repeat is answered once the sale is being undone.
    pub reversed_answer: ReversedAnswer,
    /// What a reversal that finds nothing leaves behind.
    pub nothing_found: NothingFound,
    /// Who undoes an approved sale.
    pub undoer: Undoer,
    /// What a request is known by.
    pub duplicate_key: AcquirerKey,
    /// What a terminal's message needs before it is acted on.
    pub mac_required: MacRequired,
    /// What happens to a repeat of an open request.
    pub open_duplicate: OpenDuplicate,
    /// What the terminal is told when the issuer is silent.
    pub issuer_silence: IssuerSilence,
    /// How a refund's date of its sale is read.
    pub original_date: OriginalDate,
    /// Which code stands for an issuer's decline.
    pub decline_code: DeclineCode,
    /// What is captured of a sale that is approved in part.
    pub captured_part: CapturedPart,
    /// How long keys are kept.
    pub retention: Retention,
    /// How often an advice is tried.
    pub advice_tries: AdviceTries,
    /// What a refund is held against.
    pub refund_guard: RefundGuard,
    /// What a refund at the merchant's portal is held against besides.
    pub portal_guard: PortalGuard,
    /// What a chargeback is held against.
    pub chargeback_guard: ChargebackGuard,
    /// What a void is held against.
    pub void_guard: VoidGuard,
    /// How a reversal's original is found.
    pub reversal_lookup: ReversalLookup,
    /// What the reversal of an approved void does.
    pub void_reversed: VoidReversed,
    /// What becomes of the fee of a voided sale.
    pub fee_on_void: FeeOnVoid,
    /// What a merchant's shortage is called.
    pub shortage_code: ShortageCode,
    /// What a fee is taken on.
    pub fee_scope: PriceScope,
    /// Which tier a boundary amount belongs to.
    pub tier_boundary: TierBoundary,
    /// What becomes of the fee of a reversed sale.
    pub fee_on_reversal: FeeOnReversal,
    /// Which day a capture belongs to.
    pub capture_day: CaptureDay,
    /// What the payout job does with a paid day.
    pub payout_job: PayoutJob,
    /// What becomes of an advice at the cut-off.
    pub after_cut_off: AfterCutOff,
    /// What the repair job does with a closed case.
    pub repair_job: RepairJob,
    /// What a terminal's totals are answered with.
    pub totals_verdict: TotalsVerdict,
    /// What becomes of an uploaded record that came before.
    pub upload_again: UploadAgain,
    /// What becomes of an uploaded record that nobody authorised.
    pub upload_unknown: UploadUnknown,
    /// Which end message closes a batch.
    pub end_message: EndMessage,
    /// What a new request in a closed batch gets.
    pub closed_batch: ClosedBatch,
    /// What a 94 to an advice means.
    pub advice_known: AdviceKnown,
    /// Which day's fees price a capture.
    pub price_day: PriceDay,
}
