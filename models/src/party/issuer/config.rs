//! What an issuer is set up with: accounts, cards, limits, keys, and its design choices.

use crate::money::Fen;
use crate::time::YearMonth;
use crate::wire::card::Pan;
use crate::wire::key::DesKey;
use crate::wire::pin::Pin;
use serde::{Deserialize, Serialize};

/// State of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// In use.
    #[default]
    Active,
    /// Debits are refused with 62; credits are taken (soundness 14).
    Frozen,
    /// Debits are refused with 14; credits go to the returned-refunds account (soundness 14).
    Closed,
}

/// State of a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// In use.
    #[default]
    Active,
    /// Reported lost: 41.
    Lost,
    /// Reported stolen: 43.
    Stolen,
    /// Blocked for this kind of business: 57.
    NotPermitted,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountConfig {
    /// Name, for printing.
    pub name: String,
    /// What it holds when the run begins, in fen; negative if overdrawn.
    pub opening: Fen,
    /// How far below zero it may go, in fen.
    #[serde(default)]
    pub credit_limit: Fen,
    /// Its state when the run begins.
    #[serde(default)]
    pub state: AccountState,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardConfig {
    /// Name, for printing.
    pub name: String,
    /// Its number.
    pub pan: Pan,
    /// Good through the end of this month.
    pub expiry: YearMonth,
    /// Number of its account.
    pub account: u32,
    /// Its state when the run begins.
    #[serde(default)]
    pub state: CardState,
    /// Its PIN; a card that has one needs it at every sale.
    #[serde(default)]
    pub pin: Option<Pin>,
}

/// What an issuer knows a sale by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerKey {
    /// DE37: a repeat gets the stored answer (soundness 23).
    #[default]
    Rrn,
    /// UNSOUND: nothing; every copy is decided anew.
    None,
}

/// What a reversal that finds nothing leaves behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tombstones {
    /// A durable tombstone that refuses the late original (flows 5).
    #[default]
    Kept,
    /// UNSOUND: nothing; the late original is approved.
    None,
}

/// When a decision becomes durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssuerCommit {
    /// Posting, key and answer are one synced record before the reply (soundness 2d).
    #[default]
    BeforeReply,
    /// UNSOUND: the reply goes out first.
    AfterReply,
}

/// When what an advice does (0420, 0220) becomes durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceCommit {
    /// Posting or tombstone is synced before the 0430 or 0230 (soundness 2d).
    #[default]
    BeforeReply,
    /// UNSOUND: the reply goes out first, and the acquirer forgets the advice.
    AfterReply,
}

/// What a frozen account is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrozenCode {
    /// 62, restricted (requirement S009).
    #[default]
    Restricted,
    /// UNSOUND: 51, although the money is there.
    InsufficientFunds,
}

/// Which balance a decision reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BalanceRead {
    /// The ledger itself.
    #[default]
    Ledger,
    /// UNSOUND: a replica that sees each posting only after `lag_ms`.
    Replica {
        /// Milliseconds of the issuer's monotonic clock.
        lag_ms: u64,
    },
}

/// When a PIN try is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinCount {
    /// Once for each entry that is decided, with the decision (flows 8).
    #[default]
    OnceDecided,
    /// UNSOUND: once for each copy of a request, repeats included.
    EveryCopy,
    /// UNSOUND: with the decision; and a reversal gives the try back.
    GivenBack,
}

/// What an adjustment of the clearing exchange is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentGuard {
    /// What became of its original, by an advice as well: it is done once (soundness 16).
    #[default]
    Original,
    /// UNSOUND: nothing; each one that comes is booked.
    None,
}

/// How much a completion may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionLimit {
    /// What is held for its pre-authorisation (flows 4.4).
    #[default]
    Held,
    /// UNSOUND: whatever it says (B34).
    None,
}

/// What may stand against a completion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionGuard {
    /// Everything that took the hold away.
    #[default]
    Hold,
    /// UNSOUND: all but a void of the pre-authorisation (B32).
    IgnoresVoids,
}

/// What ends a hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    /// A void, a completion, a reversal, and its time.
    #[default]
    Each,
    /// UNSOUND: a void is granted, and the money stays held (B35).
    ForgetsVoid,
}

/// What becomes of a refund whose account is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosedCredit {
    /// It goes to the returned refunds, under its own number (soundness 14).
    #[default]
    ReturnedRefunds,
    /// UNSOUND (B25): it is refused with 14, and the acquirer has long said yes.
    Refused,
}

/// What an advice gets that has come before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepeatedAdvice {
    /// The answer that it got (soundness 2d, 23).
    #[default]
    StoredAnswer,
    /// 94, where it is booked: it is known (soundness 16).
    Answer94,
    /// UNSOUND: a refund is booked once more.
    BookedAgain,
}

/// What becomes of the hold when its completion is voided. Rules leave it to the issuer (flows 4.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionVoided {
    /// It stands again, with the expiry that it had; it is not completed again.
    #[default]
    HoldReturns,
    /// It is over.
    HoldIsOver,
}

impl CompletionVoided {
    fn is_usual(&self) -> bool {
        *self == CompletionVoided::default()
    }
}

/// An issuer's design choices; the defaults are sound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IssuerChoices {
    /// What a transaction is known by.
    pub duplicate_key: IssuerKey,
    /// What a reversal that came first leaves.
    pub tombstones: Tombstones,
    /// When a decision becomes durable.
    pub commit: IssuerCommit,
    /// When what an advice does becomes durable.
    pub advice_commit: AdviceCommit,
    /// What a frozen account is answered.
    pub frozen_code: FrozenCode,
    /// What an adjustment of the clearing exchange is held against.
    pub adjustment_guard: AdjustmentGuard,
    /// Which balance is read.
    pub balance_read: BalanceRead,
    /// When a PIN try is counted.
    pub pin_count: PinCount,
    /// How much a completion may take.
    pub completion_limit: CompletionLimit,
    /// What may stand against a completion.
    pub completion_guard: CompletionGuard,
    /// What ends a hold.
    pub hold_end: HoldEnd,
    /// What becomes of a refund to a closed account.
    pub closed_credit: ClosedCredit,
    /// What a repeated advice gets.
    pub repeated_advice: RepeatedAdvice,
}

/// An issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// Accounts, by number.
    pub accounts: Vec<AccountConfig>,
    /// Cards, by number.
    pub cards: Vec<CardConfig>,
    /// Key of DE64 on leg 2.
    pub zone_mac_key: DesKey,
    /// Key of DE52 on leg 2.
    pub zone_pin_key: DesKey,
    /// Most that one sale may take (61 above it), in fen.
    #[serde(default)]
    pub sale_limit: Option<Fen>,
    /// Most approved sales an account may have in a day (65 above it).
    #[serde(default)]
    pub daily_sale_count: Option<u32>,
    /// Wrong PINs in a row before 75.
    pub pin_tries: u8,
    /// What a pre-authorisation holds, in percent of its amount: 100 to 999.
    #[serde(default = "usual_hold_percent")]
    pub hold_percent: u16,
    /// How long it holds, in milliseconds of the issuer's clock.
    #[serde(default = "usual_hold_ms")]
    pub hold_lasts_ms: u64,
    /// Whether a sale that the balance is too low for is approved for what is there, where its terminal
    /// declared that it can take that (flows 8).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial_approval: bool,
    /// What becomes of the hold when its completion is voided.
    #[serde(default, skip_serializing_if = "CompletionVoided::is_usual")]
    pub completion_voided: CompletionVoided,
    /// Design choices.
    #[serde(default)]
    pub choices: IssuerChoices,
}

/// 115 percent (flows 4.4).
pub fn usual_hold_percent() -> u16 {
    115
}

/// Thirty days (flows 4.4).
pub fn usual_hold_ms() -> u64 {
    30 * 24 * 3_600_000
}
