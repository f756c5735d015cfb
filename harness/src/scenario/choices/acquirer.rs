//! The acquirer's design choices.

use super::{Choice, Param, sound, unsound, unsound_with};
use cardstorm_models::clearing::fee::{PriceScope, TierBoundary};
use cardstorm_models::party::acquirer::{
    AcquirerChoices, AcquirerKey, AdviceKnown, AdviceTries, AfterCutOff, CaptureDay, CapturedPart,
    ChargebackGuard, ClosedBatch, DeclineCode, EndMessage, FeeOnReversal, FeeOnVoid, ForwardRecord,
    IssuerSilence, MacRequired, NothingFound, OpenDuplicate, OpenOriginal, OriginalDate, PayoutJob,
    PortalGuard, PriceDay, PromiseSync, RefundGuard, RepairJob, Retention, ReversalLookup,
    ReversedAnswer, ShortageCode, TotalsVerdict, Undoer, UploadAgain, UploadUnknown, VoidGuard,
    VoidReversed,
};

/// Of the acquirer.
pub const ACQUIRER: &[Choice<AcquirerChoices>] = &[
    Choice {
        key: "forward_record",
        doc: "when the record of a forwarded request is synced",
        ways: &[
            sound("before-send", "before the leg-2 send (soundness 2a)", |c, _| {
                c.forward_record = ForwardRecord::BeforeSend;
            }),
            unsound("after-send", "after it: a crash in between forgets the request", |c, _| {
                c.forward_record = ForwardRecord::AfterSend;
            }),
        ],
    },
    Choice {
        key: "promise_sync",
        doc: "when the undoing that a 0410 or a 98 promises is synced",
        ways: &[
            sound("before-answer", "before the promise is sent (soundness 2b)", |c, _| {
                c.promise_sync = PromiseSync::BeforeAnswer;
            }),
            unsound("after-answer", "after it: a crash in between breaks the promise", |c, _| {
                c.promise_sync = PromiseSync::AfterAnswer;
            }),
        ],
    },
    Choice {
        key: "open_original",
        doc: "what a reversal is answered while its original is open at the issuer",
        ways: &[
            sound("undo", "00, and a 0420 is queued (soundness 2c)", |c, _| {
                c.open_original = OpenOriginal::Undo;
            }),
            unsound("not-found", "25; the late approval is captured", |c, _| {
                c.open_original = OpenOriginal::NotFound;
            }),
        ],
    },
    Choice {
        key: "reversed_answer",
        doc: "what a repeat of a sale is answered once the sale is being undone",
        ways: &[
            sound("decline", "a decline, whatever the issuer says (soundness 1, 3)", |c, _| {
                c.reversed_answer = ReversedAnswer::Decline;
            }),
            unsound("issuers", "what the issuer says, a late approval included", |c, _| {
                c.reversed_answer = ReversedAnswer::Issuers;
            }),
        ],
    },
    Choice {
        key: "nothing_found",
        doc: "what a reversal that finds nothing leaves behind",
        ways: &[
            sound("tombstone", "a durable tombstone before the 25 (soundness 2c)", |c, _| {
                c.nothing_found = NothingFound::Tombstone;
            }),
            unsound("forgotten", "nothing: the late original is forwarded", |c, _| {
                c.nothing_found = NothingFound::Forgotten;
            }),
        ],
    },
    Choice {
        key: "undoer",
        doc: "who undoes a sale once its approval may have been sent",
        ways: &[
            sound("terminal-only", "only the terminal's 0400 (soundness 1)", |c, _| {
                c.undoer = Undoer::TerminalOnly;
            }),
            unsound(
                "acquirer-too",
                "the acquirer too, when the terminal's link goes down",
                |c, _| {
                    c.undoer = Undoer::AcquirerToo;
                },
            ),
        ],
    },
    Choice {
        key: "duplicate_key",
        doc: "what a request is known by",
        ways: &[
            sound("full", "class, DE42, DE41, DE60.2, DE11 (soundness 9)", |c, _| {
                c.duplicate_key = AcquirerKey::Full;
            }),
            unsound("none", "nothing, once the first copy has its answer (B13)", |c, _| {
                c.duplicate_key = AcquirerKey::None;
            }),
            unsound("without-batch", "class, 42, 41 and 11, whatever the batch (B16)", |c, _| {
                c.duplicate_key = AcquirerKey::WithoutBatch;
            }),
        ],
    },
    Choice {
        key: "mac_required",
        doc: "what a terminal's message needs before it is acted on",
        ways: &[
            sound("always", "a MAC that verifies (flows 12)", |c, _| {
                c.mac_required = MacRequired::Always;
            }),
            unsound("if-present", "a MAC that verifies, or none at all (B65)", |c, _| {
                c.mac_required = MacRequired::IfPresent;
            }),
            unsound("never", "nothing: a MAC is not looked at", |c, _| {
                c.mac_required = MacRequired::Never;
            }),
        ],
    },
    Choice {
        key: "open_duplicate",
        doc: "what happens to a repeat while the first copy is open",
        ways: &[
            sound("absorb", "absorbed without an answer (soundness 3)", |c, _| {
                c.open_duplicate = OpenDuplicate::Absorb;
            }),
            sound(
                "answer-94",
                "answered 94; needs terminals that take 94 as indefinite",
                |c, _| {
                    c.open_duplicate = OpenDuplicate::Answer94;
                },
            ),
            unsound("forward-again", "forwarded as a new transaction (B13)", |c, _| {
                c.open_duplicate = OpenDuplicate::ForwardAgain;
            }),
        ],
    },
    Choice {
        key: "issuer_silence",
        doc: "what the terminal is told when the issuer stays silent after a leg-2 send",
        ways: &[
            sound("reverse-98", "98, and an own reversal is queued (soundness 4)", |c, _| {
                c.issuer_silence = IssuerSilence::Reverse98;
            }),
            unsound("plain-91", "91 as if nothing had been sent, and no reversal", |c, _| {
                c.issuer_silence = IssuerSilence::Plain91;
            }),
            unsound("as-51", "98 with its reversal, but shown as 51 (B37)", |c, _| {
                c.issuer_silence = IssuerSilence::As51;
            }),
        ],
    },
    Choice {
        key: "original_date",
        doc: "how the date is read that a refund says of its sale",
        ways: &[
            sound(
                "as-recorded",
                "as month and day, which must be the sale's (flows 4.3)",
                |c, _| {
                    c.original_date = OriginalDate::AsRecorded;
                },
            ),
            unsound(
                "this-year",
                "as a day of this year: last year's sales lie ahead (B55)",
                |c, _| {
                    c.original_date = OriginalDate::ThisYear;
                },
            ),
        ],
    },
    Choice {
        key: "decline_code",
        doc: "which code the terminal gets for an issuer's decline",
        ways: &[
            sound("relayed", "the issuer's own, unchanged", |c, _| {
                c.decline_code = DeclineCode::Relayed;
            }),
            unsound("mistyped", "out of a table in which 61 was keyed for 51 (B39)", |c, _| {
                c.decline_code = DeclineCode::Mistyped;
            }),
        ],
    },
    Choice {
        key: "captured_part",
        doc: "what is captured of a sale that is approved in part (10)",
        ways: &[
            sound("approved-amount", "the part that was approved (flows 8)", |c, _| {
                c.captured_part = CapturedPart::Approved;
            }),
            unsound("asked-amount", "the whole that was asked for (B44)", |c, _| {
                c.captured_part = CapturedPart::Asked;
            }),
        ],
    },
    Choice {
        key: "retention",
        doc: "how long a key and its stored answer are kept",
        ways: &[
            sound("run", "as long as any copy can still arrive (soundness 11)", |c, _| {
                c.retention = Retention::Run;
            }),
            unsound_with("for", Param::Duration, "for so long only", |c, ms| {
                c.retention = Retention::For { ms };
            }),
            unsound_with(
                "by-wall-clock",
                Param::Duration,
                "for so long by a clock that somebody may set",
                |c, ms| c.retention = Retention::ByWallClock { ms },
            ),
        ],
    },
    Choice {
        key: "advice_tries",
        doc: "how often an undelivered advice is tried",
        ways: &[
            sound("unlimited", "until acknowledged (soundness 16)", |c, _| {
                c.advice_tries = AdviceTries::Unlimited;
            }),
            unsound_with("give-up", Param::Count, "dropped after so many tries", |c, n| {
                let tries = u32::try_from(n).unwrap_or(u32::MAX);
                c.advice_tries = AdviceTries::GiveUp { tries };
            }),
        ],
    },
    Choice {
        key: "refund_guard",
        doc: "what a refund is held against",
        ways: &[
            sound(
                "atomic",
                "the confirmed capture less every refund so far (soundness 13, 14)",
                |c, _| {
                    c.refund_guard = RefundGuard::Atomic;
                },
            ),
            unsound("each-alone", "the captured amount, each refund by itself (B20)", |c, _| {
                c.refund_guard = RefundGuard::EachAlone;
            }),
            unsound("unconfirmed", "the capture need not be confirmed", |c, _| {
                c.refund_guard = RefundGuard::Unconfirmed;
            }),
            unsound(
                "as-authorised",
                "the amount that was pre-authorised, not the one that was completed (B22)",
                |c, _| {
                    c.refund_guard = RefundGuard::AsAuthorised;
                },
            ),
        ],
    },
    Choice {
        key: "portal_guard",
        doc: "what a refund at the merchant's portal is held against besides",
        ways: &[
            sound(
                "counted",
                "what every channel has given back, as a refund at a terminal is (soundness 13, 14)",
                |c, _| {
                    c.portal_guard = PortalGuard::Counted;
                },
            ),
            unsound("own-count", "each channel counts what it gave back itself (B90)", |c, _| {
                c.portal_guard = PortalGuard::OwnCount;
            }),
        ],
    },
    Choice {
        key: "chargeback_guard",
        doc: "what a chargeback is held against",
        ways: &[
            sound(
                "returned",
                "a confirmed capture, less all that came back of it by any way (I4; soundness 13)",
                |c, _| {
                    c.chargeback_guard = ChargebackGuard::Returned;
                },
            ),
            unsound(
                "ignores-refunds",
                "the captured amount, whatever was refunded (B83)",
                |c, _| {
                    c.chargeback_guard = ChargebackGuard::IgnoresRefunds;
                },
            ),
            unsound(
                "unconfirmed",
                "the capture need not be confirmed: its terminal may still reverse it",
                |c, _| {
                    c.chargeback_guard = ChargebackGuard::Unconfirmed;
                },
            ),
        ],
    },
    Choice {
        key: "void_guard",
        doc: "what a void is held against",
        ways: &[
            sound(
                "atomic",
                "one confirmed capture of this terminal's open batch and day, of which nothing was given \
                 back or is reserved to be (flows 4.2, soundness 13)",
                |c, _| {
                    c.void_guard = VoidGuard::Atomic;
                },
            ),
            unsound("ignores-voids", "earlier voids are not looked at", |c, _| {
                c.void_guard = VoidGuard::IgnoresVoids;
            }),
            unsound("ignores-refunds", "refunds are not looked at", |c, _| {
                c.void_guard = VoidGuard::IgnoresRefunds;
            }),
            unsound(
                "ignores-settlement",
                "a sale of a settled batch or day can be voided (B29)",
                |c, _| {
                    c.void_guard = VoidGuard::IgnoresSettlement;
                },
            ),
        ],
    },
    Choice {
        key: "reversal_lookup",
        doc: "how a reversal's original is found",
        ways: &[
            sound("own-key", "by its own batch and STAN (soundness 9)", |c, _| {
                c.reversal_lookup = ReversalLookup::OwnKey;
            }),
            unsound(
                "original-data",
                "by DE61: a void's reversal is taken for its sale's",
                |c, _| {
                    c.reversal_lookup = ReversalLookup::OriginalData;
                },
            ),
        ],
    },
    Choice {
        key: "void_reversed",
        doc: "what the reversal of an approved void does",
        ways: &[
            sound("reinstates", "the sale stands again (flows 4.2)", |c, _| {
                c.void_reversed = VoidReversed::Reinstates;
            }),
            unsound("stays-voided", "nothing at the acquirer", |c, _| {
                c.void_reversed = VoidReversed::StaysVoided;
            }),
        ],
    },
    Choice {
        key: "shortage_code",
        doc: "what a merchant's own shortage is called",
        ways: &[
            sound(
                "merchant-balance",
                "76, the merchant's unsettled balance (soundness, codes)",
                |c, _| {
                    c.shortage_code = ShortageCode::MerchantBalance;
                },
            ),
            unsound("insufficient-funds", "51, as if the holder had no money (B26)", |c, _| {
                c.shortage_code = ShortageCode::InsufficientFunds;
            }),
        ],
    },
    Choice {
        key: "fee_scope",
        doc: "what a fee is taken on",
        ways: &[
            sound("item", "each sale by itself (flows 9)", |c, _| c.fee_scope = PriceScope::Item),
            unsound("rounded-sum", "the day's sales as one amount, rounded once", |c, _| {
                c.fee_scope = PriceScope::RoundedSum;
            }),
            unsound("cap-on-sum", "the same, and one cap for all of them", |c, _| {
                c.fee_scope = PriceScope::CapOnSum;
            }),
        ],
    },
    Choice {
        key: "tier_boundary",
        doc: "which tier an amount on the boundary belongs to",
        ways: &[
            sound("included", "the one that goes up to it", |c, _| {
                c.tier_boundary = TierBoundary::Included;
            }),
            unsound("excluded", "the one above: `>=` for `>`", |c, _| {
                c.tier_boundary = TierBoundary::Excluded;
            }),
        ],
    },
    Choice {
        key: "fee_on_reversal",
        doc: "what becomes of the fee of a sale that is reversed",
        ways: &[
            sound("given-back", "a sale that never was costs nothing (flows 9)", |c, _| {
                c.fee_on_reversal = FeeOnReversal::GivenBack;
            }),
            unsound("kept", "it is kept", |c, _| c.fee_on_reversal = FeeOnReversal::Kept),
        ],
    },
    Choice {
        key: "fee_on_void",
        doc: "what becomes of the fee of a sale that is voided",
        ways: &[
            sound("given-back", "it comes back whole (flows 9)", |c, _| {
                c.fee_on_void = FeeOnVoid::GivenBack;
            }),
            unsound("kept", "it is kept", |c, _| c.fee_on_void = FeeOnVoid::Kept),
        ],
    },
    Choice {
        key: "capture_day",
        doc: "which clearing day a capture belongs to",
        ways: &[
            sound("cut-off", "the one that is open, by the host's cut-off (flows 10)", |c, _| {
                c.capture_day = CaptureDay::CutOff;
            }),
            unsound("civil-date", "the date on the wall, closed or not", |c, _| {
                c.capture_day = CaptureDay::CivilDate;
            }),
        ],
    },
    Choice {
        key: "payout_job",
        doc: "what the payout job does with a day that it paid already",
        ways: &[
            sound("once", "nothing: one synced record per day", |c, _| {
                c.payout_job = PayoutJob::Once;
            }),
            unsound("again-after-restart", "it pays the last day again", |c, _| {
                c.payout_job = PayoutJob::AgainAfterRestart;
            }),
        ],
    },
    Choice {
        key: "after_cut_off",
        doc: "what becomes of an advice that the cut-off finds unacknowledged",
        ways: &[
            sound("repair-case", "a repair case, and it is sent no more (soundness 16)", |c, _| {
                c.after_cut_off = AfterCutOff::RepairCase;
            }),
            unsound("keep-sending", "a repair case, and it is sent all the same (B80)", |c, _| {
                c.after_cut_off = AfterCutOff::KeepSending;
            }),
        ],
    },
    Choice {
        key: "totals_verdict",
        doc: "what a terminal's totals are answered with",
        ways: &[
            sound("compared", "1 if they are the books' own, 2 if not (flows 4.8)", |c, _| {
                c.totals_verdict = TotalsVerdict::Compared;
            }),
            sound("always-details", "2 always: every detail is wanted", |c, _| {
                c.totals_verdict = TotalsVerdict::AlwaysDetails;
            }),
            unsound("always-balanced", "1 always: what differs is never found", |c, _| {
                c.totals_verdict = TotalsVerdict::AlwaysBalanced;
            }),
        ],
    },
    Choice {
        key: "repair_job",
        doc: "what the repair job does with a case that is closed",
        ways: &[
            sound("once", "nothing: one adjustment for each case", |c, _| {
                c.repair_job = RepairJob::Once;
            }),
            unsound("again-after-restart", "it settles every closed case again", |c, _| {
                c.repair_job = RepairJob::AgainAfterRestart;
            }),
        ],
    },
    Choice {
        key: "upload_again",
        doc: "what becomes of an uploaded record that came before",
        ways: &[
            sound("ignored", "nothing: each counts once (soundness 17)", |c, _| {
                c.upload_again = UploadAgain::Ignored;
            }),
            unsound("inserts", "it is captured once more (B49)", |c, _| {
                c.upload_again = UploadAgain::Inserts;
            }),
        ],
    },
    Choice {
        key: "upload_unknown",
        doc: "what becomes of an uploaded record that nobody authorised",
        ways: &[
            sound("reported", "it is reported and never cleared", |c, _| {
                c.upload_unknown = UploadUnknown::Reported;
            }),
            unsound("clears", "it is captured (B91)", |c, _| {
                c.upload_unknown = UploadUnknown::Clears;
            }),
        ],
    },
    Choice {
        key: "end_message",
        doc: "which end message closes a batch",
        ways: &[
            sound("held", "one that fits comparison and upload, else 95 (flows 4.8)", |c, _| {
                c.end_message = EndMessage::Held;
            }),
            unsound("trusted", "any: what does not balance is closed as if it did", |c, _| {
                c.end_message = EndMessage::Trusted;
            }),
        ],
    },
    Choice {
        key: "closed_batch",
        doc: "what a request in a closed batch gets that no stored answer is known for",
        ways: &[
            sound("refused", "77, and it is never executed (soundness 11)", |c, _| {
                c.closed_batch = ClosedBatch::Refused;
            }),
            unsound("executed", "it is executed like any other", |c, _| {
                c.closed_batch = ClosedBatch::Executed;
            }),
        ],
    },
    Choice {
        key: "advice_known",
        doc: "what an issuer's 94 to an advice means",
        ways: &[
            sound(
                "delivered",
                "that the advice is there: its entry ends (soundness 16)",
                |c, _| {
                    c.advice_known = AdviceKnown::Delivered;
                },
            ),
            unsound("refused", "that it was refused: it is sent for ever (B78)", |c, _| {
                c.advice_known = AdviceKnown::Refused;
            }),
        ],
    },
    Choice {
        key: "price_day",
        doc: "which day's fees price a capture",
        ways: &[
            sound("clearing-day", "those of its clearing day (flows 9, DE15)", |c, _| {
                c.price_day = PriceDay::Clearing;
            }),
            unsound("civil-date", "those of the date on the wall (B61)", |c, _| {
                c.price_day = PriceDay::CivilDate;
            }),
        ],
    },
];
