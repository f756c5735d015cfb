//! Every table and key that a story may have: the one list that the walker checks against and that the
//! reference is printed from. What a key does is in the file that reads it.

mod parties;
mod trouble;

pub use parties::*;
pub use trouble::*;

use super::keys::{Choices, Key, Kind, Section};

pub(super) const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    doc: &'static str,
) -> Key {
    Key { name, kind, default, doc }
}

pub(super) const fn plain(
    header: &'static str,
    doc: &'static str,
    keys: &'static [Key],
) -> Section {
    Section { header, doc, keys, choices: Choices::None }
}

/// The top of the file.
pub const ROOT: Section = plain(
    "",
    "What the story is about.",
    &[
        key("title", Kind::Translated, "required", "what the story is called"),
        key("question", Kind::Translated, "required", "the question that it answers"),
        key("rows", Kind::Texts, "none", "the requirement rows that it carries, as `S011`"),
        key("story", Kind::Text, "none", "what happens and why it matters, in prose"),
        key("allow", Kind::Texts, "none", "lints that this story earns on purpose"),
        key("run", Kind::Tables, "", "when the run begins and how long it lasts"),
        key("merchant", Kind::Tables, "one, `shop`", "merchants by name"),
        key("fee", Kind::Tables, "none", "rows of merchants' fee tables"),
        key("terminal", Kind::Tables, "one, `till`", "terminals by name"),
        key("account", Kind::Tables, "one, `customer`, with 1000.00", "accounts by name"),
        key("card", Kind::Tables, "one for each account, of its name", "cards by name"),
        key("acquirer", Kind::Tables, "sound", "the acquirer"),
        key("issuer", Kind::Tables, "sound", "the issuer"),
        key("links", Kind::Tables, "", "what a hop takes"),
        key("cashier", Kind::Tables, "never retries", "how cashiers behave"),
        key("sale", Kind::Tables, "none", "sales by name"),
        key("rest", Kind::Tables, "none", "rests of sales that were approved in part, by name"),
        key("pre-auth", Kind::Tables, "none", "pre-authorisations by name"),
        key("balance", Kind::Tables, "none", "balance inquiries by name"),
        key("completion", Kind::Tables, "none", "completions by name"),
        key("void", Kind::Tables, "none", "voids by name"),
        key("refund", Kind::Tables, "none", "refunds by name"),
        key("portal-refund", Kind::Tables, "none", "refunds at the merchant's portal by name"),
        key("dispute", Kind::Tables, "none", "debits that holders dispute, by name"),
        key("settle", Kind::Tables, "none", "settlements of a terminal's batch by name"),
        key("echo", Kind::Tables, "none", "echoes by name"),
        key("sign-off", Kind::Tables, "none", "sign-offs by name"),
        key("house", Kind::Tables, "none", "what institutions do by themselves"),
        key("fault", Kind::Tables, "none", "what goes wrong"),
        key("expect", Kind::Tables, "every invariant holds", "how it all ends"),
    ],
);

/// A text in two languages.
pub const TRANSLATED: Section = plain(
    "title, question",
    "A text in two languages.",
    &[
        key("en", Kind::Text, "required", "in English"),
        key("zh", Kind::Text, "required", "in Chinese"),
    ],
);

/// The run.
pub const RUN: Section = plain(
    "[run]",
    "When the run begins and how long it lasts.",
    &[
        key("start", Kind::DateTime, "2026-03-02T09:00:00", "civil time of the beginning"),
        key(
            "chaos",
            Kind::Duration,
            "until every operation, fault and house operation is over",
            "how long faults may strike",
        ),
        key(
            "drain",
            Kind::Duration,
            "five retry intervals, at least 300 s",
            "how long the system then has to become quiet",
        ),
        key("seed", Kind::Count, "1", "feeds the residual draws, such as a link's jitter"),
    ],
);

/// The links.
pub const LINKS: Section = plain(
    "[links]",
    "What a hop takes when nothing is wrong. The stages need at least 10 ms.",
    &[
        key("leg1", Kind::Latency, "100ms to 300ms", "terminal to acquirer and back"),
        key("leg2", Kind::Latency, "100ms to 300ms", "acquirer to issuer and back"),
        key(
            "split_per_million",
            Kind::Count,
            "0",
            "how many frames in a million arrive in two pieces",
        ),
    ],
);

/// A latency written as a table.
pub const LATENCY: Section = plain(
    "a latency as a table",
    "`{ min = \"50ms\", half = \"100ms\" }` is exponential: it halves with each `half` more. \
     `{ min = \"50ms\", scale = \"100ms\", max = \"30s\" }` has a heavy tail: it halves with each doubling.",
    &[
        key("min", Kind::Duration, "required", "no hop takes less"),
        key("half", Kind::Duration, "", "exponential: half of the hops take at most so much more"),
        key("scale", Kind::Duration, "", "heavy tail: half of the hops take at most so much more"),
        key("max", Kind::Duration, "", "heavy tail: no hop takes more"),
    ],
);

/// The cashiers.
pub const CASHIER: Section = plain(
    "[cashier]",
    "What cashiers do by themselves after a sale.",
    &[
        key(
            "retries_after_doubt",
            Kind::Count,
            "0",
            "tries after a doubtful sale, each a new transaction for the same purchase",
        ),
        key("retries_after_failure", Kind::Count, "0", "tries after a failed sale"),
        key(
            "retries_after_no_slip",
            Kind::Count,
            "0",
            "tries after a sale that went through and whose slip did not come out, until it does",
        ),
        key("retry_delay", Kind::Duration, "15s", "how long a cashier hesitates"),
    ],
);

/// How an operation can end.
pub const OUTCOMES: &[&str] = &["ok", "failed", "in-doubt"];

/// A sale.
pub const SALE: Section = plain(
    "[sale.NAME]",
    "A payment. `at` or `after`; without either it follows the operation before it at its terminal.",
    &[
        key("amount", Kind::Amount, "required", "what is asked for"),
        key("terminal", Kind::Name, "the first terminal", "where"),
        key("card", Kind::Name, "the first card", "the card that pays"),
        key("pin", Kind::Pin, "the card's own", "what the holder keys"),
        key("entry", Kind::OneOf(&["chip", "magstripe", "keyed"]), "chip", "how the card is read"),
        key(
            "intent",
            Kind::Name,
            "its own",
            "the purchase; sales of one intent pay for one purchase",
        ),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how its last attempt ends"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// The rest of a sale.
pub const REST: Section = plain(
    "[rest.NAME]",
    "What an approval of a part (10) left to pay: by another card, for the same purchase, at the same terminal \
     (flows 8). Where nothing is left, or there is no slip, it does not begin.",
    &[
        key("of", Kind::Name, "required", "the sale, or the rest of one, whose slip says how much"),
        key("card", Kind::Name, "required", "the card that pays"),
        key("pin", Kind::Pin, "the card's own", "what the holder keys"),
        key("entry", Kind::OneOf(&["chip", "magstripe", "keyed"]), "chip", "how the card is read"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how its last attempt ends"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// A pre-authorisation.
pub const PRE_AUTH: Section = plain(
    "[pre-auth.NAME]",
    "Money set apart on a card for a payment whose amount is not known yet (flows 4.4).",
    &[
        key("amount", Kind::Amount, "required", "what is expected; the issuer holds a little more"),
        key("terminal", Kind::Name, "the first terminal", "where"),
        key("card", Kind::Name, "the first card", "the card"),
        key("pin", Kind::Pin, "the card's own", "what the holder keys"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// A balance inquiry.
pub const BALANCE: Section = plain(
    "[balance.NAME]",
    "A customer asks what the card can still pay. Nothing moves, and nothing is ever reversed (flows 4.5).",
    &[
        key("terminal", Kind::Name, "the first terminal", "where"),
        key("card", Kind::Name, "the first card", "the card"),
        key("pin", Kind::Pin, "the card's own", "what the holder keys"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
        key(
            "tells",
            Kind::Amount,
            "not looked at",
            "expected in place of `shows`: the balance on the screen, below zero where it is owed",
        ),
    ],
);

/// A completion.
pub const COMPLETION: Section = plain(
    "[completion.NAME]",
    "What a pre-authorisation was made for is taken: once, by at most what is held (flows 4.4).",
    &[
        key("of", Kind::Name, "required", "the pre-authorisation whose slip the customer shows"),
        key("amount", Kind::Amount, "the pre-authorisation's", "what is taken"),
        key("terminal", Kind::Name, "the pre-authorisation's", "where"),
        key("card", Kind::Name, "the pre-authorisation's", "the card that is shown"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// A void.
pub const VOID: Section = plain(
    "[void.NAME]",
    "A sale or a completion taken back on its slip: the same terminal, batch and day, the whole amount (flows 4.2). Or a pre-authorisation: its hold is released (flows 4.4).",
    &[
        key("of", Kind::Name, "required", "the sale, completion or pre-authorisation"),
        key("amount", Kind::Amount, "the slip's", "what the cashier keys instead"),
        key("terminal", Kind::Name, "the sale's", "where"),
        key("card", Kind::Name, "the sale's", "the card that is shown"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// A refund.
pub const REFUND: Section = plain(
    "[refund.NAME]",
    "Money given back on the slip of a sale or a completion. The sale must be confirmed, by any later message of its terminal.",
    &[
        key("of", Kind::Name, "required", "the sale whose slip the customer shows"),
        key("amount", Kind::Amount, "what the sale asked for", "what is given back"),
        key("terminal", Kind::Name, "the sale's", "where"),
        key("card", Kind::Name, "the sale's", "the card that is credited"),
        key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
        key(
            "after",
            Kind::Name,
            "the operation before it",
            "it begins after that operation of its terminal",
        ),
        key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
        key("delay", Kind::Duration, "10s", "how long after that ending"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
    ],
);

/// A refund at the merchant's portal.
pub const PORTAL_REFUND: Section = plain(
    "[portal-refund.NAME]",
    "Money given back by the merchant at its portal with the acquirer: over no terminal's line, and beside what the \
     terminals refund (S119). The portal goes by the slip's RRN and reads no card.",
    &[
        key("of", Kind::Name, "required", "the sale whose slip the merchant goes by"),
        key("amount", Kind::Amount, "the sale's", "what is given back"),
        key("at", Kind::Time, "required", "when it is entered"),
        key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
        key("shows", Kind::Shown, "not looked at", "expected: what the portal says at last"),
    ],
);

/// A dispute.
pub const DISPUTE: Section = plain(
    "[dispute.NAME]",
    "A debit that the holder disputes at the issuer. What has not come back by the issuer's books goes to \
     the acquirer as a chargeback, which waits until the sale is confirmed and is then credited or \
     presented again (S122, S068).",
    &[
        key("card", Kind::Name, "the first card", "whose debit"),
        key("amount", Kind::Amount, "required", "of how much; the latest such debit is meant"),
        key("at", Kind::Time, "required", "when the holder comes"),
        key(
            "ends",
            Kind::OneOf(OUTCOMES),
            "not looked at",
            "expected: `ok` where something is credited, `failed` where nothing is left to be",
        ),
        key("shows", Kind::Shown, "not looked at", "expected: how the claim is answered at last"),
    ],
);

/// What an operation about no transaction may say.
const WHERE_AND_WHEN: &[Key] = &[
    key("terminal", Kind::Name, "the first terminal", "where"),
    key("at", Kind::Time, "+10s for a terminal's first operation", "when it begins"),
    key(
        "after",
        Kind::Name,
        "the operation before it",
        "it begins after that operation of its terminal",
    ),
    key("when", Kind::OneOf(OUTCOMES), "any", "only if that operation ended so"),
    key("delay", Kind::Duration, "10s", "how long after that ending"),
    key("ends", Kind::OneOf(OUTCOMES), "not looked at", "expected: how it ends at last"),
    key("shows", Kind::Shown, "not looked at", "expected: what the screen says at last"),
];

/// A settlement.
pub const SETTLE: Section = plain(
    "[settle.NAME]",
    "A terminal's batch is settled: totals, details where they differ, the end of the batch, its slip, and a \
     sign-off. What is pending is finished first.",
    WHERE_AND_WHEN,
);

/// An echo.
pub const ECHO: Section =
    plain("[echo.NAME]", "A terminal asks whether its centre is there.", WHERE_AND_WHEN);

/// A sign-off.
pub const SIGN_OFF: Section = plain(
    "[sign-off.NAME]",
    "A terminal signs off; before its next transaction it signs on again.",
    WHERE_AND_WHEN,
);

/// Every table, in the order of the reference.
pub const SECTIONS: &[Section] = &[
    ROOT,
    TRANSLATED,
    RUN,
    SALE,
    REST,
    PRE_AUTH,
    BALANCE,
    COMPLETION,
    VOID,
    REFUND,
    PORTAL_REFUND,
    DISPUTE,
    SETTLE,
    ECHO,
    SIGN_OFF,
    CASHIER,
    MERCHANT,
    FEE,
    TERMINAL_SECTION,
    ACQUIRER_SECTION,
    ISSUER_SECTION,
    ACCOUNT,
    CARD,
    HOUSE,
    LINKS,
    LATENCY,
    FAULT,
    EXPECT,
];
