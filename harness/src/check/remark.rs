//! What a check says, as data: each remark is one statement with its values, under an id of its own. Its
//! words, in English and in Chinese, are made in `report/remark` and nowhere else.

use super::Invariant;
use crate::plan::Place;
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::{Batch, ResponseCode, Rrn, Stan, TerminalId};
use cardstorm_models::ledger::{Account, Cause};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, Text};
use cardstorm_models::wire::{Kind, Mti, Totals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What became of a transaction at the hosts, in the words of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Captured at the acquirer, debited at the issuer.
    Captured,
    /// Given back by a void.
    Voided,
    /// Given back by a refund.
    Refunded,
    /// Answered at the acquirer, decided at the issuer: no money moves.
    Answered,
}

/// What a party wrote down because of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrote {
    /// A transaction of its own.
    Transaction,
    /// The issuer's answer.
    IssuersAnswer,
    /// That an advice was acknowledged.
    Acknowledged,
    /// A decision.
    Decision,
    /// An approval.
    Approval,
    /// A decline.
    Decline,
    /// That a reversal is done.
    ReversalDone,
    /// A balance on its screen.
    ShownBalance,
}

/// The fee of one item by who gets it, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeParts {
    /// The issuer's part.
    pub issuer: Fen,
    /// The network's part.
    pub network: Fen,
    /// The acquirer's part.
    pub acquirer: Fen,
}

impl From<[Fen; 3]> for FeeParts {
    fn from([issuer, network, acquirer]: [Fen; 3]) -> FeeParts {
        FeeParts { issuer, network, acquirer }
    }
}

/// Makes the enum of all remarks, and in tests one remark of each kind.
macro_rules! remarks {
    ($($(#[$doc:meta])* $name:ident $({ $($slot:ident: $kind:ty),+ })?,)+) => {
        /// What a check expected, observed, or found nothing of. In JSON its id stands under `id`, its
        /// values beside it: amounts in fen, times in milliseconds.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "id", rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "what a remark says is its text, in report/remark")]
        pub enum Remark {
            $($(#[$doc])* $name $({ $($slot: $kind),+ })?,)+
        }

        /// One remark of each kind under its variant's name, no two of its values alike.
        #[cfg(test)]
        pub(crate) fn one_of_each() -> Vec<(&'static str, Remark)> {
            use crate::check::tests::remarks::Sample;
            vec![$({
                #[allow(unused_mut, unused_variables, reason = "some remarks have no values")]
                let mut n = 0;
                (stringify!($name), Remark::$name $({ $($slot: <$kind>::sample(&mut n)),+ })?)
            },)+]
        }
    };
}

remarks! {
    // no-double-debit
    PurchaseDebitedOnce { purchase: u32, amount: Fen, approved: Fen },
    UnrecordedPurchaseDebitedOnce { stan: Stan, amount: Fen, approved: Fen },
    NetDebits { debited: Fen, most_debits: i32 },
    NoSaleReachedAHost,

    // slip-truth
    OneSlipAndReprints { terminal: TerminalId, stan: Stan },
    SlipOfNothing { amount: Fen },
    SecondSlipUnmarked,
    ReprintDiffers { amount: Fen, rrn: Rrn, first_amount: Fen, first_rrn: Rrn },
    AllOfThemOrNone { terminal: TerminalId, stan: Stan, deed: Deed },
    Holdings { terminal: Fen, slip: Option<Fen>, deed: Deed, acquirer: Fen, issuer: Fen, astray: bool },
    NothingLeftATerminal,

    // decline-moves-nothing
    EndedWithoutMoney { kind: Kind, amount: Fen, terminal: TerminalId, stan: Stan, reversed: bool },
    OnlyAsked { terminal: TerminalId, stan: Stan },
    MoneyMoved { debited: Fen, captured: Fen, given_back: Fen },
    StillHeldAtIssuer { held: Fen },
    NothingDeclined,

    // refund-within-capture
    AskedBackWithinCapture { rrn: Rrn, captured: Fen },
    VoidsUnderWay { given_back: Fen, reserved: Fen },
    GivenBackWithin { place: Place, rrn: Rrn, had: Fen },
    GivenBackInAll { given_back: Fen, now: Fen },
    NothingRefunded,

    // accurate-code
    CodeRelayed { code: ResponseCode, rrn: Rrn },
    CodeSent { code: ResponseCode },
    RefundFindsItsSale { rrn: Rrn },
    OwnWordsNothingSent,
    ScreenShowsWords { text: Text },
    ScreenShowsCode { code: ResponseCode, text: Text },
    ScreenShowsNoCode { text: Text },
    AcceptedCodeShown { code: ResponseCode },
    OwnWordsWithoutCode,
    RebuiltBalanceTold { balance: Fen, rrn: Rrn },
    BalanceIs { balance: Fen },
    ToldBalanceShown { balance: Fen },
    NoBalanceTold,
    NoReplyNoCode,
    ReplysCodeShown { code: ResponseCode },
    WordsOfCodeShown { code: ResponseCode },
    No51BalanceCovers,
    No51OtherReason,
    No51NeverDecided,
    No10Undeclared,
    No10BalanceCovers,
    No10NeverGranted,
    NoScreenNoCode,

    // conservation
    PostingAddsUpToZero,
    PostingAddsUpTo { sum: Fen },
    SameAmountOnEveryHop { amount: Fen },
    SameBalanceOnEveryHop { balance: Fen },
    AmountInMessage { amount: Fen, mti: Mti },
    PostedOnItsAccount { cause: Cause, account: Account },
    PostedOn { account: Account },
    BalanceOfItsPostings { account: Account, balance: Fen },
    PartyClaims { claimed: Fen },
    AccountRead { account: Account },
    AccountNotRead { balance: Fen },
    OwedIsOwing { rrn: Rrn },
    OwesAndIsOwed { owes: Fen, owed: Fen },
    NothingPosted,

    // reversal-completes
    FinalByTheDrain { terminal: TerminalId, stan: Stan },
    RecordDropped,
    StillInDoubt,
    NoRecordLeft,
    AdviceDropped,
    AdviceUndelivered,
    NothingInDoubt,

    // hold-bound
    HeldUntilItsTime { amount: Fen, rrn: Rrn },
    HoldReleased,
    HeldOnRrn { amount: Fen, rrn: Rrn },
    AnotherAmountHeld,
    HoldReleasedInTime { amount: Fen, rrn: Rrn },
    HoldStands,
    HeldForPreAuth { amount: Fen, terminal: TerminalId, stan: Stan, live: bool },
    AmountHeld { held: Fen },
    NothingPreAuthorised,

    // cleared-once
    LaterClearingDay { open: Option<Day> },
    ClearingDayBegins { day: Day },
    OneClearingDay,
    SecondClearingDay { day: Day },
    CaptureOfTheOpenDay { open: Option<Day> },
    ClearedOn { day: Day },
    OnePayout { day: Day },
    PaidOnceMore { amount: Fen },
    PayoutOfAClosedDay,
    PaidWhileOpen { day: Day },
    PayoutDue { due: Fen, day: Day, net: Fen },
    PaidAndCarried { paid: Fen, carried: Fen },
    PayoutOn { merchant: u32, net: Fen, day: Day, payout: Day },
    NeverPaid,
    NoContractSold,

    // totals-agree
    NothingSoldOnceSettled { batch: Batch },
    GoesOutInBatch { stan: Stan },
    NothingBookedOnceClosed { batch: Batch },
    BookedUnder { amount: Fen, rrn: Rrn },
    NothingInDoubtAtSettlement,
    HasNoEnd { stan: Stan },
    TotalsAsHeld { totals: Totals },
    TotalsAre { totals: Totals },
    UnbalancedForTotals { totals: Totals },
    BalancedWithTotals { totals: Totals },
    UploadCountedOnce,
    UploadTakenAgain { stan: Stan },
    EndAfterComparison,
    BatchEndedWith { balanced: bool },
    ItIsEndedWith { balanced: bool },
    ClosedBalancedOnlyIfAgreed,
    TotalsDidNotAgree,
    BookedAsSent { totals: Totals },
    BookedItemsUploadedOnce { booked: u64 },
    ItemOnOneSide { uploaded: u64, kind: Kind, amount: Fen, stan: Stan },
    EndCountsUploads { uploaded: u64 },
    EndCounts { count: u16 },
    NoBatchSettled,

    // fee-exact
    ClearingDayForCapture,
    NoClearingDay,
    FeeDue { fee: Fen, amount: Fen, parts: FeeParts },
    FeeCharged { fee: Fen, parts: FeeParts },
    FeeGivenBack { owed: Fen, fee: Fen },
    FeeReturned { back: Fen, parts: FeeParts },

    // correlation
    EndOnlyOfARequest,
    EndedUnasked { terminal: TerminalId, stan: Stan },
    OneKeyOneTransaction,
    UsedByTwoOperations { first: u32, second: u32 },
    NumberedAgain { stan: Stan, rrn: Rrn },
    RrnGivenTwice { rrn: Rrn },
    ApprovedByItsOwnReply { terminal: TerminalId, stan: Stan },
    ApprovedWithoutReply,
    ApprovedByReply { mti: Mti, stan: Stan, rrn: Rrn },
    NoTransactionNamed,

    // state-guard
    CompletionRefusedNoHold,
    CompletionRefusedBeyondHold { held: Fen },
    AmountGranted { amount: Fen },
    VoidRefusedHere { rrn: Rrn, codes: BTreeSet<ResponseCode> },
    VoidForwarded,
    VoidAskedForAtIssuer { rrn: Rrn },
    VoidRefusedWith { rrn: Rrn, codes: BTreeSet<ResponseCode> },
    AnsweredWith { code: ResponseCode },
    RefundRefusedVoided { rrn: Rrn },
    RefundRefusedNoSale { rrn: Rrn },
    RefundTaken,
    RefundOfVoidedRefused { rrn: Rrn },
    NothingVoided,

    // authentic-only
    UnauthenticChangesNothing { place: Place },
    OnlyDamagedCopies { wrote: Wrote },
    RepeatChangesNothing { place: Place },
    AnotherCopyDid { copies: u32, wrote: Wrote },
    NothingDamagedOrDoubled,

    // pin-count
    PinTriesLeft { wrong: u32, tries: u32 },
    RefusedForPinTries,
    NoPinTriesLeft { wrong: u32, tries: u32 },
    EntryLookedAt,
    OneEntryOneTry,
    EntryCountedAgain,
    NoPinDecided,

    // no-card-data
    JournalsWithoutCardData,
    SecretInRecord { secret: u32 },
    NoJournalSearched,

    // progress
    EveryOperationEnds,
    OperationNeverEnded { op: u32 },
    EveryTerminalSellsAgain,
    ProbeNeverCame { terminal: u16 },
    ProbeEnded { terminal: u16, outcome: Option<Outcome> },
    EverySettlementEnds,
    StillSettling { terminal: TerminalId },
    EveryRequestAnswered,
    StillOpenAtAcquirer { rrn: Rrn },
    SaidAtMost { times: u64, mti: Mti, stan: Stan },
    SentTimes { times: u64 },
    NoOperationBegan,

    // repaired-once
    OneRepairCase,
    RepairCaseMadeAgain,
    AdjustmentOfACase,
    NoRepairCase,
    OneAdjustment,
    SettledAgain,
    NoAdviceBesideItsCase,
    AdviceGoesOn,
    RepairCaseSettled,
    RepairCaseOpen,
    RepairedOnce { amount: Fen },
    RepairedTimes { times: u32 },
    NoAdviceUndelivered,

    // what a story expects
    FaultStrikes { fault: u32 },
    NeverStruck,
    OperationEnds { op: u32, outcome: Outcome },
    OperationEnded { outcome: Outcome },
    OperationCouldNotBegin,
    OperationDidNotEnd,
    OperationShowsCode { op: u32, code: ResponseCode },
    OperationShowsText { op: u32, text: Text },
    ShowedCode { code: ResponseCode },
    ShowedText { text: Text },
    ShowedNothing,
    BalanceAtTheEnd { account: Account, balance: Fen },
    BalanceRead { balance: Fen },
    InvariantBreaks { invariant: Invariant, place: Option<Place> },
    InvariantBrokeAt { place: Place },
    NothingToJudge { why: Box<Remark> },
    InvariantHeld,
}
