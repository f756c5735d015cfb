//! The tables of the parties and what they hold.

use super::{key, plain};
use crate::scenario::keys::{Choices, Kind, Section};

/// A merchant.
pub const MERCHANT: Section = plain(
    "[merchant.NAME]",
    "A merchant.",
    &[key(
        "unsettled",
        Kind::Amount,
        "0.00",
        "confirmed takings not yet paid out at the beginning",
    )],
);

/// A terminal.
pub const TERMINAL_SECTION: Section = Section {
    header: "[terminal.NAME]",
    doc: "A terminal: its merchant, timers and design choices.",
    keys: &[
        key("merchant", Kind::Name, "the only merchant", "whose till it is"),
        key(
            "keys",
            Kind::OneOf(&["double", "single"]),
            "double",
            "length of the working keys it asks for",
        ),
        key("response_timeout", Kind::Duration, "60s", "wait for a reply"),
        key("dial_timeout", Kind::Duration, "10s", "wait for a dial"),
        key("retry_interval", Kind::Duration, "60s", "between two sessions of unfinished work"),
        key("tries_per_session", Kind::Count, "3", "tries in one session"),
        key("sync_time", Kind::Duration, "0s", "how long its disk takes to sync; at most 10s"),
    ],
    choices: Choices::Terminal,
};

/// The acquirer.
pub const ACQUIRER_SECTION: Section = Section {
    header: "[acquirer]",
    doc: "The acquirer: timers and design choices.",
    keys: &[
        key(
            "issuer_timeout",
            Kind::Duration,
            "45s",
            "wait for the issuer; shorter than the terminal's own wait",
        ),
        key("advice_interval", Kind::Duration, "60s", "between two tries of an undelivered advice"),
        key("dial_timeout", Kind::Duration, "10s", "wait for a dial to the issuer"),
        key("redial", Kind::Duration, "5s", "between two dials to the issuer"),
        key("maintenance_code", Kind::Code, "96", "what requests are answered during maintenance"),
        key("sync_time", Kind::Duration, "0s", "how long its disk takes to sync; at most 10s"),
    ],
    choices: Choices::Acquirer,
};

/// The issuer.
pub const ISSUER_SECTION: Section = Section {
    header: "[issuer]",
    doc: "The issuer: limits and design choices.",
    keys: &[
        key("sale_limit", Kind::Amount, "none", "most that one sale may take (61 above it)"),
        key(
            "daily_sale_count",
            Kind::Count,
            "none",
            "most approved sales of an account in a day (65 above it)",
        ),
        key("pin_tries", Kind::Count, "3", "wrong PINs in a row before 75"),
        key("sync_time", Kind::Duration, "0s", "how long its disk takes to sync; at most 10s"),
    ],
    choices: Choices::Issuer,
};

/// An account.
pub const ACCOUNT: Section = plain(
    "[account.NAME]",
    "A cardholder's account at the issuer.",
    &[
        key(
            "balance",
            Kind::Amount,
            "1000.00",
            "what it holds at the beginning; negative if overdrawn",
        ),
        key("credit_limit", Kind::Amount, "0.00", "how far below zero it may go"),
        key(
            "state",
            Kind::OneOf(&["active", "frozen", "closed"]),
            "active",
            "its state at the beginning",
        ),
    ],
);

/// A card.
pub const CARD: Section = plain(
    "[card.NAME]",
    "A card.",
    &[
        key(
            "account",
            Kind::Name,
            "the account of its name, or the only one",
            "the account that it debits",
        ),
        key("pin", Kind::Pin, "none", "its PIN; a card that has one needs it at every sale"),
        key(
            "state",
            Kind::OneOf(&["active", "lost", "stolen", "not-permitted"]),
            "active",
            "its state at the beginning",
        ),
        key("expiry", Kind::Month, "2030-12", "its last month"),
        key("pan", Kind::Pan, "a test number of its own", "its number"),
    ],
);
