//! A terminal's design choices.

use super::{Choice, Param, sound, unsound, unsound_with};
use cardstorm_models::party::terminal::{
    BadMacReply, BalanceSign, BatchEnd, CodeWords, DeclinedVoid, Framing, IndefiniteReply,
    NewBatch, PaidIntent, PartTaken, PendingAtSettlement, PrinterFault, RecordContent,
    RefundRepeat, RefusedRefund, ReplyMatching, ReversalAttempts, ReversalDone, ReversalRecord,
    SettlingLock, TerminalChoices, TimeoutShows, Unannounced, UnknownCodeShows, UploadFlags,
    UploadedLines,
};

/// Of a terminal.
pub const TERMINAL: &[Choice<TerminalChoices>] = &[
    Choice {
        key: "reversal_record",
        doc: "when the reversal record is written",
        ways: &[
            sound("before-send", "written and synced before the 0200 (flows 4.1)", |c, _| {
                c.reversal_record = ReversalRecord::BeforeSend;
            }),
            unsound(
                "after-send",
                "after it: a power cut in between loses the reversal (B03)",
                |c, _| {
                    c.reversal_record = ReversalRecord::AfterSend;
                },
            ),
            unsound("never", "not at all: a doubtful sale is forgotten (B06)", |c, _| {
                c.reversal_record = ReversalRecord::Never;
            }),
        ],
    },
    Choice {
        key: "record_content",
        doc: "what a reversal record holds",
        ways: &[
            sound("reference", "no card data at all (soundness 22)", |c, _| {
                c.record_content = RecordContent::Reference;
            }),
            unsound("whole-card", "the card as it was read (B88)", |c, _| {
                c.record_content = RecordContent::WholeCard;
            }),
        ],
    },
    Choice {
        key: "reversal_done",
        doc: "which 0410 ends a reversal",
        ways: &[
            sound("codes-00-12-25", "00, 12 and 25 (flows 5)", |c, _| {
                c.reversal_done = ReversalDone::Codes001225;
            }),
            unsound("any-code", "any code, a refusal included", |c, _| {
                c.reversal_done = ReversalDone::AnyCode;
            }),
        ],
    },
    Choice {
        key: "reversal_attempts",
        doc: "how often a reversal is tried",
        ways: &[
            sound("unlimited", "until it is done (flows 5)", |c, _| {
                c.reversal_attempts = ReversalAttempts::Unlimited;
            }),
            unsound_with("give-up", Param::Count, "dropped after so many tries (B04)", |c, n| {
                let tries = u8::try_from(n).unwrap_or(u8::MAX);
                c.reversal_attempts = ReversalAttempts::GiveUp { tries };
            }),
        ],
    },
    Choice {
        key: "reply_matching",
        doc: "how a reply is matched to its request",
        ways: &[
            sound("strict", "MTI, DE3, DE4, DE11, DE41, DE42, DE60 (flows 2)", |c, _| {
                c.reply_matching = ReplyMatching::Strict;
            }),
            unsound("ignore-stan", "DE4, DE11 and DE60 are not looked at (B10)", |c, _| {
                c.reply_matching = ReplyMatching::IgnoreStan;
            }),
            unsound("unechoed", "DE22 as well, which no reply brings back (B18)", |c, _| {
                c.reply_matching = ReplyMatching::Unechoed;
            }),
        ],
    },
    Choice {
        key: "bad_mac_reply",
        doc: "what becomes of a reply whose MAC does not verify",
        ways: &[
            sound("reverse", "it counts for nothing, a reversal follows (soundness 7)", |c, _| {
                c.bad_mac_reply = BadMacReply::Reverse;
            }),
            unsound("forget", "taken as a decline and forgotten (B63)", |c, _| {
                c.bad_mac_reply = BadMacReply::Forget;
            }),
        ],
    },
    Choice {
        key: "indefinite_reply",
        doc: "what 09, 68 and 94 mean to the terminal",
        ways: &[
            sound("reverse", "the outcome is unknown, so it is reversed (soundness 3)", |c, _| {
                c.indefinite_reply = IndefiniteReply::Reverse;
            }),
            unsound("decline", "a decline like any other", |c, _| {
                c.indefinite_reply = IndefiniteReply::Decline;
            }),
        ],
    },
    Choice {
        key: "timeout_shows",
        doc: "what a timeout shows",
        ways: &[
            sound("doubt", "the terminal's own doubt text and no code", |c, _| {
                c.timeout_shows = TimeoutShows::Doubt;
            }),
            unsound("insufficient-funds", "51, although nobody decided it (B37)", |c, _| {
                c.timeout_shows = TimeoutShows::InsufficientFunds;
            }),
        ],
    },
    Choice {
        key: "unknown_code_shows",
        doc: "what a code that is in no table shows",
        ways: &[
            sound("generic", "the generic failure text with the raw code", |c, _| {
                c.unknown_code_shows = UnknownCodeShows::Generic;
            }),
            unsound("insufficient-funds", "51 (B40)", |c, _| {
                c.unknown_code_shows = UnknownCodeShows::InsufficientFunds;
            }),
            unsound("approved", "taken as an approval (B40)", |c, _| {
                c.unknown_code_shows = UnknownCodeShows::Approved;
            }),
        ],
    },
    Choice {
        key: "paid_intent",
        doc: "whether a purchase that is paid can be paid again",
        ways: &[
            sound("refuse", "the terminal refuses a second tender (soundness 6)", |c, _| {
                c.paid_intent = PaidIntent::Refuse;
            }),
            unsound("send-again", "a second tender is sent (B71)", |c, _| {
                c.paid_intent = PaidIntent::SendAgain;
            }),
            unsound(
                "once-printed",
                "refused only once the slip is out; until then a second tender is sent",
                |c, _| c.paid_intent = PaidIntent::OncePrinted,
            ),
        ],
    },
    Choice {
        key: "printer_fault",
        doc: "what the terminal does when the printer says that a slip did not come out",
        ways: &[
            sound(
                "owe-slip",
                "keeps the approval; the slip is owed and printed when it can be (soundness 6)",
                |c, _| c.printer_fault = PrinterFault::OweSlip,
            ),
            unsound(
                "reverse",
                "reversed with reason 96, although the slip may be out (B68)",
                |c, _| {
                    c.printer_fault = PrinterFault::Reverse;
                },
            ),
            unsound("forget-slip", "noted as out: nobody prints it again", |c, _| {
                c.printer_fault = PrinterFault::ForgetSlip;
            }),
        ],
    },
    Choice {
        key: "unannounced",
        doc: "what the next boot does with an approval whose slip may not be out",
        ways: &[
            sound("announce", "shown and printed, marked as a reprint (soundness 6)", |c, _| {
                c.unannounced = Unannounced::Announce;
            }),
            unsound("reverse", "reversed, although the slip may be out (B68)", |c, _| {
                c.unannounced = Unannounced::Reverse;
            }),
            unsound("forget", "forgotten: the holder has paid and gets no slip", |c, _| {
                c.unannounced = Unannounced::Forget;
            }),
        ],
    },
    Choice {
        key: "new_batch",
        doc: "what becomes of the batch that a sign-on offers in place of the terminal's own",
        ways: &[
            sound("adopt", "adopted as soon as nothing is open (soundness 8, 10)", |c, _| {
                c.new_batch = NewBatch::Adopt;
            }),
            unsound("ignore", "nothing: STANs come again in the old one (B16)", |c, _| {
                c.new_batch = NewBatch::Ignore;
            }),
        ],
    },
    Choice {
        key: "pending_at_settlement",
        doc: "what must be finished before a batch is settled",
        ways: &[
            sound("first", "reversal, refunds and queued advices (flows 4.8)", |c, _| {
                c.pending_at_settlement = PendingAtSettlement::First;
            }),
            unsound("dropped", "nothing: it goes with the cleared journal (B52)", |c, _| {
                c.pending_at_settlement = PendingAtSettlement::Dropped;
            }),
        ],
    },
    Choice {
        key: "settling_lock",
        doc: "where it is kept that the batch is being settled",
        ways: &[
            sound("durable", "in the journal, synced before the 0500 (soundness 17)", |c, _| {
                c.settling_lock = SettlingLock::Durable;
            }),
            unsound("in-memory", "a restart forgets it, and the terminal sells (B51)", |c, _| {
                c.settling_lock = SettlingLock::InMemory;
            }),
        ],
    },
    Choice {
        key: "uploaded_lines",
        doc: "which details an upload brings",
        ways: &[
            sound("all", "every item of the totals (flows 4.8)", |c, _| {
                c.uploaded_lines = UploadedLines::All;
            }),
            unsound("advices-alone", "where there are advices, no request (B48)", |c, _| {
                c.uploaded_lines = UploadedLines::AdvicesAlone;
            }),
            unsound("one-more", "one record more than there were transactions (B91)", |c, _| {
                c.uploaded_lines = UploadedLines::OneMore;
            }),
        ],
    },
    Choice {
        key: "upload_flags",
        doc: "where it is kept what was uploaded",
        ways: &[
            sound("durable", "a synced flag for each record (flows 4.8)", |c, _| {
                c.upload_flags = UploadFlags::Durable;
            }),
            unsound("in-memory", "a restart uploads everything again (B49)", |c, _| {
                c.upload_flags = UploadFlags::InMemory;
            }),
        ],
    },
    Choice {
        key: "batch_end",
        doc: "which message ends a batch",
        ways: &[
            sound("as-answered", "207 if the totals agreed, 202 if not (flows 4.8)", |c, _| {
                c.batch_end = BatchEnd::AsAnswered;
            }),
            unsound("always-207", "207 whatever was answered (B47)", |c, _| {
                c.batch_end = BatchEnd::Always207;
            }),
        ],
    },
    Choice {
        key: "declined_void",
        doc: "what a declined void shows",
        ways: &[
            sound("refused", "the code that it was declined with; the sale stands", |c, _| {
                c.declined_void = DeclinedVoid::Refused;
            }),
            unsound("done", "done, whatever the answer says (B30)", |c, _| {
                c.declined_void = DeclinedVoid::Done;
            }),
        ],
    },
    Choice {
        key: "refused_refund",
        doc: "what a refused refund shows",
        ways: &[
            sound("refused", "the code that it was refused with; nothing goes back", |c, _| {
                c.refused_refund = RefusedRefund::Refused;
            }),
            unsound("done", "done, whatever the answer says (B30)", |c, _| {
                c.refused_refund = RefusedRefund::Done;
            }),
        ],
    },
    Choice {
        key: "code_words",
        doc: "which words a decline's screen has",
        ways: &[
            sound("own", "those of its code", |c, _| {
                c.code_words = CodeWords::Own;
            }),
            unsound(
                "next-row",
                "those of the next row: the table has slipped by one (B38)",
                |c, _| {
                    c.code_words = CodeWords::NextRow;
                },
            ),
            unsound("general", "one general text for every code (B41)", |c, _| {
                c.code_words = CodeWords::General;
            }),
        ],
    },
    Choice {
        key: "part_taken",
        doc: "what an approval of a part (10) is taken for",
        ways: &[
            sound("approved-amount", "the part that DE4 of the reply says (flows 8)", |c, _| {
                c.part_taken = PartTaken::Approved;
            }),
            unsound("asked-amount", "the whole that was asked for (B44)", |c, _| {
                c.part_taken = PartTaken::Asked;
            }),
        ],
    },
    Choice {
        key: "refund_repeat",
        doc: "how a refund that was not answered is asked for again",
        ways: &[
            sound("same-key", "with its own batch and STAN (soundness 14)", |c, _| {
                c.refund_repeat = RefundRepeat::SameKey;
            }),
            unsound("new-stan", "under a new STAN, as another refund (B24)", |c, _| {
                c.refund_repeat = RefundRepeat::NewStan;
            }),
        ],
    },
    Choice {
        key: "framing",
        doc: "how frames are found in what arrives on a line",
        ways: &[
            sound("stream", "by their lengths, wherever the bytes were cut (flows 1)", |c, _| {
                c.framing = Framing::Stream;
            }),
            unsound(
                "single-read",
                "one read is one frame; what is not ends the line (B75)",
                |c, _| {
                    c.framing = Framing::SingleRead;
                },
            ),
        ],
    },
    Choice {
        key: "balance_sign",
        doc: "what the sign of a told balance is to the terminal",
        ways: &[
            sound("read", "C is the holder's money, D what is owed (flows 4.5)", |c, _| {
                c.balance_sign = BalanceSign::Read;
            }),
            unsound("ignored", "nothing: a debt is shown as money", |c, _| {
                c.balance_sign = BalanceSign::Ignored;
            }),
        ],
    },
];
