//! Bugs of the field that today's messages and parties cannot show, and what each waits for.

/// A bug that waits.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Its number in the project's list of bugs.
    pub id: &'static str,
    /// What goes wrong.
    pub what: &'static str,
    /// What has to be built first.
    pub waits_for: &'static str,
}

const fn waits(id: &'static str, what: &'static str, waits_for: &'static str) -> Waiting {
    Waiting { id, what, waits_for }
}

const MERCHANT_SYSTEM: &str = "a merchant's own system above the terminal";

/// In the order of their numbers.
pub const WAITING: &[Waiting] = &[
    waits("B02", "a retry under a new idempotency key pays twice", MERCHANT_SYSTEM),
    waits(
        "B08",
        "clearing a list skips a reversal",
        "more than one reversal pending at a terminal",
    ),
    waits("B11", "a status is gone once read, and its answer was lost", "status inquiry"),
    waits("B19", "an RRN comes again on another day", "RRNs that begin anew each clearing day"),
    waits(
        "B21",
        "a refund of less than nothing is accepted",
        "an amount with a sign: DE4 has none",
    ),
    waits(
        "B27",
        "a full refund fails since the fee was netted",
        "a choice of the acquirer's about what a refund is paid from",
    ),
    waits(
        "B46",
        "the capture fails and the sale is called done",
        "a capture of its own after authorisation",
    ),
    waits("B58", "money in floating point", "nothing: money is whole fen by type"),
    waits("B62", "a currency's decimals are ignored", "a second currency"),
    waits("B70", "the terminal still charges the last amount", "a till that drives the terminal"),
    waits("B72", "an offline queue is sent twice", MERCHANT_SYSTEM),
    waits("B73", "an order is cancelled while its money was taken", MERCHANT_SYSTEM),
    waits("B74", "a late notice of payment undoes a refund", MERCHANT_SYSTEM),
    waits("B77", "odd lengths are aligned on the wrong side", "a choice of the codec's"),
    waits("B81", "a stand-in approval is posted again later", "stand-in at the acquirer"),
    waits(
        "B87",
        "a half-open line hides a dead path",
        "a choice of the parties' about silent lines",
    ),
];
