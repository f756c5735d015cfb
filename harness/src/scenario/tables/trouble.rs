//! The tables of what happens to the parties and of how it is to end.

use super::{key, plain};
use crate::scenario::keys::{Kind, Section};

/// What a house can do.
pub const DEEDS: &[&str] = &[
    "top-up",
    "freeze",
    "close",
    "reopen",
    "credit-limit",
    "risk-hold",
    "report-lost",
    "report-stolen",
    "block-card",
    "restore-card",
    "sweep",
    "lose-batch-item",
    "maintenance-on",
    "maintenance-off",
];

/// Something that an institution does.
pub const HOUSE: Section = plain(
    "[[house]]",
    "Something that the issuer or the acquirer does by itself.",
    &[
        key("at", Kind::Time, "required", "when"),
        key("do", Kind::OneOf(DEEDS), "required", "what"),
        key(
            "account",
            Kind::Name,
            "the first account",
            "whose, for top-up, freeze, close, reopen, credit-limit and risk-hold",
        ),
        key(
            "card",
            Kind::Name,
            "the first card",
            "which, for report-lost, report-stolen, block-card and restore-card",
        ),
        key("merchant", Kind::Name, "the first merchant", "whose takings are swept"),
        key(
            "terminal",
            Kind::Name,
            "the first terminal",
            "lose-batch-item: out of whose open batch the acquirer's file loses an item",
        ),
        key(
            "nth",
            Kind::Count,
            "1",
            "lose-batch-item: which item; beyond the last it begins again",
        ),
        key(
            "amount",
            Kind::Amount,
            "required where one is needed",
            "for top-up, credit-limit and risk-hold (0.00 releases)",
        ),
    ],
);

/// A fault.
pub const FAULT: Section = plain(
    "[[fault]]",
    "Something that goes wrong at one party's place: at a time (`at`), on the n-th message that matches \
     (`sends` or `receives`), or just before the n-th effect of a name (`before`).",
    &[
        key("what", Kind::OneOf(&crate::plan::FAULT_NAMES), "required", "what goes wrong"),
        key("where", Kind::Name, "required", "`acquirer`, `issuer`, or a terminal's name"),
        key("at", Kind::Time, "", "at this time"),
        key("sends", Kind::Mti, "", "on a message that this party sends"),
        key("receives", Kind::Mti, "", "on a message that reaches this party"),
        key("before", Kind::Text, "", "before an effect of this name"),
        key("nth", Kind::Count, "1", "which of the matching messages or effects"),
        key("peer", Kind::Name, "any", "only messages to or from this party"),
        key("code", Kind::Code, "any", "only messages with this DE39"),
        key("of", Kind::Name, "any", "only what serves this operation"),
        key("terminal", Kind::Name, "any", "only what serves this terminal"),
        key("stan", Kind::Count, "any", "only what serves this STAN"),
        key(
            "with",
            Kind::Name,
            "the only peer",
            "latency, partition, reset, half_open, flap: the other end of the line",
        ),
        key("latency", Kind::Latency, "", "latency: what a hop takes"),
        key(
            "for",
            Kind::Duration,
            "",
            "latency, partition, black_hole, clock_drift, pause, flap, disk_full, paper_out, printer_jam: \
             how long",
        ),
        key("down", Kind::Duration, "", "flap: how long the line is down each time"),
        key("up", Kind::Duration, "", "flap: how long it is up after that"),
        key(
            "direction",
            Kind::OneOf(&["both", "out", "in"]),
            "both",
            "partition: which way is cut",
        ),
        key(
            "by",
            Kind::SignedDuration,
            "",
            "delay: how much later; clock_step, clock_skew: how wrong",
        ),
        key("copy_after", Kind::Duration, "200ms", "duplicate: how long after the first copy"),
        key(
            "death",
            Kind::OneOf(&["power-loss", "kill"]),
            "power-loss",
            "crash: whether peers see nothing or a close",
        ),
        key(
            "restart_after",
            Kind::Duration,
            "30s",
            "crash, restore: how long until it is started again",
        ),
        key("age", Kind::Duration, "", "restore: how old the backup is, at least"),
        key(
            "forgets",
            Kind::OneOf(&["finished", "anything"]),
            "finished",
            "restore: only what is finished, or what may have to go out again too",
        ),
        key(
            "bit",
            Kind::Count,
            "drawn",
            "corrupt: which bit is turned over, counted from the first of the MTI",
        ),
        key(
            "hours",
            Kind::Signed,
            "",
            "wrong_zone: how far from the right one; negative is to the west",
        ),
        key(
            "slip",
            Kind::OneOf(&["stuck", "out"]),
            "stuck",
            "printer_jam: whether the slip that jams it is out all the same, and the error told late",
        ),
        key("ppm", Kind::Signed, "", "clock_drift: millionths, negative is slow"),
    ],
);

/// The end.
pub const EXPECT: Section = plain(
    "[expect]",
    "How it all ends. Without `violates`, every invariant must hold. Balances leave out what the final \
     probe of each terminal pays.",
    &[
        key("violates", Kind::Name, "nothing", "the invariant that must break"),
        key("where", Kind::Name, "anywhere", "the party whose rule is broken"),
        key("balance", Kind::Amounts, "not looked at", "accounts at the end"),
        key(
            "unsettled",
            Kind::Amounts,
            "not looked at",
            "merchants' takings not yet paid out at the end",
        ),
        key("paid_out", Kind::Amounts, "not looked at", "what was paid out to merchants"),
        key(
            "returned_refunds",
            Kind::Amount,
            "not looked at",
            "refunds that no account could take",
        ),
        key("issuer_fees", Kind::Amount, "not looked at", "fees that the issuer gets"),
        key("network_fees", Kind::Amount, "not looked at", "fees that the network gets"),
        key("acquirer_fees", Kind::Amount, "not looked at", "fees that the acquirer keeps"),
    ],
);
