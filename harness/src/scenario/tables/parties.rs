//! The tables of the parties and what they hold.

use super::{key, plain};
use crate::scenario::keys::{Choices, Kind, Section};

/// A merchant.
pub const MERCHANT: Section = plain(
    "[merchant.NAME]",
    "A merchant, and its contract. Without any key of a contract there is no fee, no refund policy and no \
     payout but by a sweep.",
    &[
        key(
            "unsettled",
            Kind::Amount,
            "0.00",
            "confirmed takings not yet paid out at the beginning",
        ),
        key(
            "fees",
            Kind::OneOf(&["none", "example"]),
            "the rows of `[[fee]]`",
            "example: credit 0.60 %, debit 0.50 % up to 20.00",
        ),
        key(
            "fee_rounding",
            Kind::OneOf(&["half-up", "half-even", "up", "down"]),
            "half-up",
            "what becomes of half a fen",
        ),
        key(
            "cycle",
            Kind::OneOf(&["T+0", "T+1", "D+0", "D+1"]),
            "never paid out by itself",
            "from clearing day to payout day; T counts working days and needs `holidays`",
        ),
        key("holidays", Kind::Dates, "none", "days off besides weekends"),
        key("working_weekends", Kind::Dates, "none", "weekend days on which banks work"),
        key("refund_ratio", Kind::Percent, "100%", "the most of a sale that may come back (R1)"),
        key("refund_days", Kind::Count, "no limit", "days in which a refund may come (R2)"),
        key("refund_count", Kind::Count, "no limit", "most refunds of one sale (R3)"),
        key(
            "refund_parts",
            Kind::OneOf(&["allowed", "refused"]),
            "allowed",
            "whether a part may come back (R4)",
        ),
        key(
            "refund_at",
            Kind::OneOf(&["any-terminal", "same-terminal"]),
            "any-terminal",
            "where a refund may be made (R5)",
        ),
        key(
            "refund_fee",
            Kind::OneOf(&["pro-rata", "full", "kept"]),
            "pro-rata",
            "what becomes of the fee",
        ),
    ],
);

/// A row of a fee table.
pub const FEE: Section = plain(
    "[[fee]]",
    "A row of a merchant's fee table. No two rows may price the same sale on the same clearing day.",
    &[
        key("merchant", Kind::Name, "the only merchant", "whose contract it is"),
        key("rate", Kind::Percent, "required", "part of the amount"),
        key("from", Kind::Date, "since ever", "first clearing day"),
        key("to", Kind::Date, "for good", "last clearing day"),
        key("cards", Kind::OneOf(&["all", "credit", "debit"]), "all", "which cards"),
        key("above", Kind::Amount, "0.00", "only amounts above this"),
        key("up_to", Kind::Amount, "any amount", "only amounts up to this, and this itself"),
        key("least", Kind::Amount, "0.00", "least fee of a sale"),
        key("cap", Kind::Amount, "none", "most fee of a sale"),
    ],
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
        key("last_stan", Kind::Count, "0", "the STAN it used last; 999999 is followed by 1"),
        key("batch", Kind::Count, "1", "the batch it is in"),
        key("response_timeout", Kind::Duration, "60s", "wait for a reply"),
        key("dial_timeout", Kind::Duration, "10s", "wait for a dial"),
        key("retry_interval", Kind::Duration, "60s", "between two sessions of unfinished work"),
        key("tries_per_session", Kind::Count, "3", "tries in one session"),
        key(
            "settle_after",
            Kind::Count,
            "never by itself",
            "so many transactions fill a batch, and it is settled; at most 999",
        ),
        key(
            "partial_approval",
            Kind::OneOf(&["declared", "not-declared"]),
            "not-declared",
            "whether it says that a sale may be approved in part (DE60.6)",
        ),
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
        key(
            "cut_off",
            Kind::TimeOfDay,
            "23:00",
            "when a clearing day ends, where there are contracts",
        ),
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
        key("hold_percent", Kind::Count, "115", "what a pre-authorisation holds, in percent"),
        key("hold_lasts", Kind::Duration, "720h", "how long it holds, by the issuer's clock"),
        key(
            "partial_approval",
            Kind::OneOf(&["granted", "never"]),
            "never",
            "whether a sale beyond the balance is approved for what is there, where the terminal takes it",
        ),
        key(
            "completion_voided",
            Kind::OneOf(&["hold-returns", "hold-is-over"]),
            "hold-returns",
            "what becomes of the hold when its completion is voided: both are sound (flows 4.4)",
        ),
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
        key(
            "kind",
            Kind::OneOf(&["credit", "debit"]),
            "credit",
            "which fee its sales pay; its number says it, unless `pan` gives one",
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
