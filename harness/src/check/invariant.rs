//! The invariants by name and number. What each states is in its own file.

use serde::{Deserialize, Serialize};

/// An invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Invariant {
    /// I1
    NoDoubleDebit,
    /// I2
    SlipTruth,
    /// I3
    DeclineMovesNothing,
    /// I4
    RefundWithinCapture,
    /// I5
    AccurateCode,
    /// I6
    Conservation,
    /// I7
    ReversalCompletes,
    /// I8
    HoldBound,
    /// I9
    ClearedOnce,
    /// I10
    TotalsAgree,
    /// I11
    FeeExact,
    /// I12
    Correlation,
    /// I13
    StateGuard,
    /// I14
    AuthenticOnly,
    /// I15
    PinCount,
    /// I16
    NoCardData,
    /// I17
    Progress,
    /// I18
    RepairedOnce,
}

impl Invariant {
    /// Every invariant that is checked, in the order of its number.
    pub const ALL: [Invariant; 18] = [
        Invariant::NoDoubleDebit,
        Invariant::SlipTruth,
        Invariant::DeclineMovesNothing,
        Invariant::RefundWithinCapture,
        Invariant::AccurateCode,
        Invariant::Conservation,
        Invariant::ReversalCompletes,
        Invariant::HoldBound,
        Invariant::ClearedOnce,
        Invariant::TotalsAgree,
        Invariant::FeeExact,
        Invariant::Correlation,
        Invariant::StateGuard,
        Invariant::AuthenticOnly,
        Invariant::PinCount,
        Invariant::NoCardData,
        Invariant::Progress,
        Invariant::RepairedOnce,
    ];

    /// The name that scenario files and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Invariant::NoDoubleDebit => "no-double-debit",
            Invariant::SlipTruth => "slip-truth",
            Invariant::DeclineMovesNothing => "decline-moves-nothing",
            Invariant::RefundWithinCapture => "refund-within-capture",
            Invariant::AccurateCode => "accurate-code",
            Invariant::Conservation => "conservation",
            Invariant::ReversalCompletes => "reversal-completes",
            Invariant::HoldBound => "hold-bound",
            Invariant::ClearedOnce => "cleared-once",
            Invariant::TotalsAgree => "totals-agree",
            Invariant::FeeExact => "fee-exact",
            Invariant::Correlation => "correlation",
            Invariant::StateGuard => "state-guard",
            Invariant::AuthenticOnly => "authentic-only",
            Invariant::PinCount => "pin-count",
            Invariant::NoCardData => "no-card-data",
            Invariant::Progress => "progress",
            Invariant::RepairedOnce => "repaired-once",
        }
    }

    /// The invariant with a name.
    pub fn from_name(name: &str) -> Option<Invariant> {
        Invariant::ALL.into_iter().find(|invariant| invariant.name() == name)
    }

    /// Its statement in one sentence.
    pub fn statement(self) -> &'static str {
        match self {
            Invariant::NoDoubleDebit => {
                "a purchase is debited at most once, and never more than its amount"
            }
            Invariant::SlipTruth => {
                "an approved slip, the acquirer's capture and the issuer's debit exist together or not at all"
            }
            Invariant::DeclineMovesNothing => {
                "a request that ended declined or reversed has moved no money"
            }
            Invariant::RefundWithinCapture => {
                "refunds and voids never exceed the captured amount, at any instant, at acquirer or issuer"
            }
            Invariant::AccurateCode => {
                "the code shown is the decider's own, and 51 only where the balance was short"
            }
            Invariant::Conservation => {
                "every posting balances, and what the issuer owes is what the acquirer is owed"
            }
            Invariant::ReversalCompletes => {
                "every doubtful sale becomes final within the drain, and its record lives until then"
            }
            Invariant::HoldBound => {
                "what is held is what the live pre-authorisations set apart, no more and no less"
            }
            Invariant::ClearedOnce => {
                "each capture is in one clearing day, and each closed day in one payout, exact to the fen"
            }
            Invariant::TotalsAgree => {
                "a closed batch has the same totals and items at its terminal and at the acquirer"
            }
            Invariant::FeeExact => {
                "a fee is what the contract says of that sale, and comes back as the contract says"
            }
            Invariant::Correlation => {
                "one key names one transaction, and a reply is applied only to its own request"
            }
            Invariant::StateGuard => {
                "what may not be given back is refused with its own code, and moves nothing"
            }
            Invariant::AuthenticOnly => {
                "a message without a good MAC, or that came before, changes nothing"
            }
            Invariant::PinCount => {
                "a PIN entry costs one try if and only if the issuer decided it, and at most one"
            }
            Invariant::NoCardData => "no card number, track, PIN block or key is ever recorded",
            Invariant::Progress => {
                "once the faults stop, all work ends and every terminal sells again"
            }
            Invariant::RepairedOnce => {
                "what the cut-off finds undelivered is one repair case, settled once and never sent as well"
            }
        }
    }
}
