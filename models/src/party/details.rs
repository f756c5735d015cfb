//! What observations tell in one word: how an operation ended, who decided, what ended a hold, why a message
//! was dropped, how an upload and the books differ.

use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// How an operation ended, as the cashier sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Approved, or accepted.
    Ok,
    /// Definitely not done.
    Failed,
    /// Nobody at the terminal can know yet.
    InDoubt,
}

/// Who made an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// The issuer decided; the acquirer relays.
    Issuer,
    /// The acquirer itself.
    Acquirer,
}

/// What ended a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleasedBy {
    /// The void of its pre-authorisation.
    Void,
    /// Its completion.
    Completion,
    /// A reversal of its pre-authorisation.
    Reversal,
    /// Its time.
    Expiry,
}

/// Why a message was dropped unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stray {
    /// It answers nothing that is open.
    NotPending,
    /// It is already answered or undone.
    Late,
    /// Its MAC is missing or wrong.
    BadMac,
}

/// How an upload and the centre's books differ in one transaction (flows 11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// It was authorised, and the batch file had lost it; it is in there again.
    MissingHere {
        /// Fen.
        amount: Fen,
    },
    /// The terminal did not upload it.
    NotUploaded {
        /// Fen.
        amount: Fen,
    },
    /// The amounts are not the same; the authorised one stands.
    Amount {
        /// Fen by the books.
        here: Fen,
        /// Fen by the upload.
        there: Fen,
    },
    /// Nobody authorised it: it is not cleared (B91).
    NoAuthorisation {
        /// Fen by the upload.
        amount: Fen,
    },
}
