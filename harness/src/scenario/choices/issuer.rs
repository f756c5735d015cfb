//! The issuer's design choices.

use super::{Choice, Param, sound, unsound, unsound_with};
use cardstorm_models::party::issuer::{
    AdjustmentGuard, AdviceCommit, BalanceRead, ClosedCredit, CompletionGuard, CompletionLimit,
    FrozenCode, HoldEnd, IssuerChoices, IssuerCommit, IssuerKey, PinCount, RepeatedAdvice,
    Tombstones,
};

/// Of the issuer.
pub const ISSUER: &[Choice<IssuerChoices>] = &[
    Choice {
        key: "duplicate_key",
        doc: "what a transaction is known by",
        ways: &[
            sound("rrn", "DE37: a repeat gets the stored answer (soundness 23)", |c, _| {
                c.duplicate_key = IssuerKey::Rrn;
            }),
            unsound("none", "nothing: every copy is decided anew (B13)", |c, _| {
                c.duplicate_key = IssuerKey::None;
            }),
        ],
    },
    Choice {
        key: "tombstones",
        doc: "what a reversal that finds nothing leaves behind",
        ways: &[
            sound(
                "kept",
                "a durable tombstone that refuses the late original (flows 5)",
                |c, _| {
                    c.tombstones = Tombstones::Kept;
                },
            ),
            unsound("none", "nothing: the late original is approved (B12)", |c, _| {
                c.tombstones = Tombstones::None;
            }),
        ],
    },
    Choice {
        key: "commit",
        doc: "when a decision becomes durable",
        ways: &[
            sound("before-reply", "one synced record before the reply (soundness 2d)", |c, _| {
                c.commit = IssuerCommit::BeforeReply;
            }),
            unsound("after-reply", "the reply goes out first", |c, _| {
                c.commit = IssuerCommit::AfterReply;
            }),
        ],
    },
    Choice {
        key: "advice_commit",
        doc: "when what an advice (0420, 0220) does becomes durable",
        ways: &[
            sound("before-reply", "before the 0430 or 0230 (soundness 2d)", |c, _| {
                c.advice_commit = AdviceCommit::BeforeReply;
            }),
            unsound("after-reply", "after it: a crash in between forgets the advice", |c, _| {
                c.advice_commit = AdviceCommit::AfterReply;
            }),
        ],
    },
    Choice {
        key: "adjustment_guard",
        doc: "what an adjustment of the clearing exchange is held against",
        ways: &[
            sound(
                "original",
                "what became of its original, by an advice too (soundness 16)",
                |c, _| {
                    c.adjustment_guard = AdjustmentGuard::Original;
                },
            ),
            unsound("none", "nothing: each one that comes is booked", |c, _| {
                c.adjustment_guard = AdjustmentGuard::None;
            }),
        ],
    },
    Choice {
        key: "frozen_code",
        doc: "what a frozen account is answered",
        ways: &[
            sound("restricted", "62 (requirement S009)", |c, _| {
                c.frozen_code = FrozenCode::Restricted;
            }),
            unsound("insufficient-funds", "51, although the money is there", |c, _| {
                c.frozen_code = FrozenCode::InsufficientFunds;
            }),
        ],
    },
    Choice {
        key: "balance_read",
        doc: "which balance a decision reads",
        ways: &[
            sound("ledger", "the ledger itself", |c, _| c.balance_read = BalanceRead::Ledger),
            unsound_with(
                "replica-lag",
                Param::Duration,
                "a replica that sees each posting only so much later (B42)",
                |c, lag_ms| c.balance_read = BalanceRead::Replica { lag_ms },
            ),
        ],
    },
    Choice {
        key: "pin_count",
        doc: "when a PIN try is counted",
        ways: &[
            sound("once-decided", "once for each entry that is decided (flows 8)", |c, _| {
                c.pin_count = PinCount::OnceDecided;
            }),
            unsound("every-copy", "once for each copy of a request", |c, _| {
                c.pin_count = PinCount::EveryCopy;
            }),
            unsound("given-back", "and a reversal gives the try back", |c, _| {
                c.pin_count = PinCount::GivenBack;
            }),
        ],
    },
    Choice {
        key: "completion_limit",
        doc: "how much a completion may take",
        ways: &[
            sound("held", "what is held for its pre-authorisation (flows 4.4)", |c, _| {
                c.completion_limit = CompletionLimit::Held;
            }),
            unsound("none", "whatever it says (B34)", |c, _| {
                c.completion_limit = CompletionLimit::None;
            }),
        ],
    },
    Choice {
        key: "completion_guard",
        doc: "what may stand against a completion",
        ways: &[
            sound("hold", "everything that took the hold away (flows 4.4)", |c, _| {
                c.completion_guard = CompletionGuard::Hold;
            }),
            unsound("ignores-voids", "all but a void of the pre-authorisation (B32)", |c, _| {
                c.completion_guard = CompletionGuard::IgnoresVoids;
            }),
        ],
    },
    Choice {
        key: "hold_end",
        doc: "what ends a hold",
        ways: &[
            sound("each", "a void, a completion, a reversal, and its time (flows 4.4)", |c, _| {
                c.hold_end = HoldEnd::Each;
            }),
            unsound("forgets-void", "a void is granted, and the money stays held (B35)", |c, _| {
                c.hold_end = HoldEnd::ForgetsVoid;
            }),
        ],
    },
    Choice {
        key: "closed_credit",
        doc: "what becomes of a refund whose account is closed",
        ways: &[
            sound(
                "returned-refunds",
                "it goes to the returned refunds, under its number (soundness 14)",
                |c, _| {
                    c.closed_credit = ClosedCredit::ReturnedRefunds;
                },
            ),
            unsound("refused", "14, although it was accepted long ago (B25)", |c, _| {
                c.closed_credit = ClosedCredit::Refused;
            }),
        ],
    },
    Choice {
        key: "repeated_advice",
        doc: "what an advice (0420, 0220) gets that has come before",
        ways: &[
            sound("stored-answer", "the answer that it got (soundness 2d, 23)", |c, _| {
                c.repeated_advice = RepeatedAdvice::StoredAnswer;
            }),
            sound("answer-94", "94 where it is booked: it is known (soundness 16)", |c, _| {
                c.repeated_advice = RepeatedAdvice::Answer94;
            }),
            unsound("booked-again", "a refund is credited once more (B13)", |c, _| {
                c.repeated_advice = RepeatedAdvice::BookedAgain;
            }),
        ],
    },
];
