//! The steps of the parties, before which a fault can be placed.

use super::shown_by::Stories;
use super::topic::Topic;
use super::zh;
use crate::report::trace::Lang;
use crate::scenario::effects_of;
use cardstorm_models::party::Peer;
use std::collections::BTreeSet;

/// Step, what the party does in it.
pub(super) const STEPS: &[(&str, &str)] = &[
    ("connect", "Dials the next party up."),
    ("close", "Hangs up; the other end sees the connection close."),
    ("arm timer", "Starts or restarts a timer."),
    ("disarm timer", "Stops a timer: what it waited for has come."),
    (
        "sync",
        "Makes everything appended so far durable. A crash before it loses or tears those records.",
    ),
    ("set clock", "Takes over the centre's time at sign-on."),
    (
        "show screen",
        "Tells the cashier, or whoever stands at a desk. The customer may act on it from here on.",
    ),
    (
        "print slip",
        "Gives the slip to the printer. If it comes out, there is paper that says so from here on; the \
         printer's answer follows the step.",
    ),
    ("print batch slip", "Gives the slip of a settlement to the printer."),
    ("send 0100", "Sends a pre-authorisation or its void, like a sale."),
    ("send 0110", "Answers a pre-authorisation or its void."),
    (
        "send 0200",
        "Sends a sale, a void, a completion or a balance inquiry: from a terminal to the acquirer, or from the \
         acquirer on to the issuer.",
    ),
    ("send 0210", "Answers what a 0200 asked."),
    (
        "send 0220",
        "Sends a refund; as an advice it is repeated until answered, and never reversed.",
    ),
    ("send 0230", "Answers a refund."),
    ("send 0400", "Sends a terminal's reversal: act as if the sale had not been."),
    (
        "send 0410",
        "Answers a terminal's reversal. With 00, 12 or 25 the terminal forgets the sale.",
    ),
    ("send 0420", "Sends the acquirer's reversal advice to the issuer."),
    ("send 0430", "Acknowledges a reversal advice."),
    ("send 0500", "Sends the totals of a batch: from here on it is being settled."),
    ("send 0510", "Answers totals: they agree, or details are wanted."),
    ("send 0320", "Uploads records of a batch, or ends it."),
    ("send 0330", "Answers an upload, or the end of a batch."),
    ("send 0800", "Signs on."),
    ("send 0810", "Answers a sign-on: time, batch and working keys."),
    ("send 0820", "Sends an echo or a sign-off."),
    ("send 0830", "Answers an echo or a sign-off."),
    ("append stan", "Writes the number that the next transaction will use."),
    ("append batch", "Writes the batch number that sign-on gave."),
    (
        "append sale pending",
        "Writes the reversal record: this sale may go out, and must be undone unless a later \
         record says more.",
    ),
    (
        "append void pending",
        "Writes the reversal record of a void: it may go out, and must be undone unless a later record \
         says more.",
    ),
    ("append pre-auth pending", "Writes the reversal record of a pre-authorisation, as of a sale."),
    (
        "append pre-auth void pending",
        "Writes the reversal record of a pre-authorisation's void, as of a sale.",
    ),
    ("append completion pending", "Writes the reversal record of a completion, as of a sale."),
    (
        "append completion void pending",
        "Writes the reversal record of a completion's void, as of a sale.",
    ),
    ("append approved", "Writes the approval, which supersedes the pending record."),
    ("append declined", "Writes that the transaction is declined for certain."),
    ("append reason", "Writes why the sale is going to be reversed."),
    ("append undone", "Writes that the reversal is done."),
    ("append abandoned", "Writes that the reversal is given up; only an unsound terminal does."),
    ("append refund pending", "Writes that a refund may go out; it repeats itself until answered."),
    (
        "append refund accepted",
        "Writes that the refund was accepted; at the acquirer, with its reservation and its queued advice.",
    ),
    ("append refund refused", "Writes that the refund was refused."),
    ("append announced", "Writes that screen and slip of an approval are out."),
    (
        "append settling",
        "Writes the totals that the batch is settled with; until it is over nothing is sold.",
    ),
    ("append totals answered", "Writes whether the totals agreed, and with it what comes next."),
    (
        "append uploaded",
        "Flags an uploaded record, so that it is uploaded once; at the acquirer, writes that it is here.",
    ),
    ("append batch over", "Clears the journal and opens the next batch, as one record."),
    (
        "append printer failed",
        "UNSOUND: writes that an approval is to be reversed because its slip did not print.",
    ),
    ("append batch announced", "Writes that the slip of a settlement is out."),
    (
        "append totals compared",
        "Writes the verdict on a terminal's totals; a repeat gets the same.",
    ),
    (
        "append taken from upload",
        "Writes a capture that rests on an upload alone; only an unsound acquirer does.",
    ),
    ("append batch closed", "Writes that a batch is closed: its captures are confirmed."),
    ("append sign-on", "Writes which keys and which batch a terminal was given."),
    (
        "append forwarded",
        "Writes that a request may have gone to the issuer; at boot it would be undone.",
    ),
    ("append inquiry", "Writes the number of a balance inquiry; nothing will have to be undone."),
    (
        "append captured",
        "Writes the capture of an approved sale and the answer that every repeat will get.",
    ),
    (
        "append voided",
        "Writes that a void is approved: the sale's money and its fee go back, and the answer is kept.",
    ),
    ("append authorised", "Writes that a pre-authorisation is approved; the hold is the issuer's."),
    ("append pre-auth voided", "Writes that a pre-authorisation's void is approved."),
    (
        "append completed",
        "Writes the capture of an approved completion and the answer that every repeat will get.",
    ),
    (
        "append completion voided",
        "Writes that a completion's void is approved: money and fee go back, and the answer is kept.",
    ),
    ("append refused", "Writes the acquirer's own refusal."),
    ("append undoing", "Writes that the acquirer owns the undoing of a sale at the issuer."),
    (
        "append left open",
        "Writes that the issuer stayed silent and nothing is undone; only an unsound acquirer does.",
    ),
    (
        "append late approval",
        "Writes an approval over the decline of a sale that is undone; only an unsound acquirer does.",
    ),
    ("append delivered", "Writes that the issuer acknowledged an advice."),
    (
        "append repair case",
        "Writes that the cut-off found an advice undelivered: a repair case, and the advice is sent no more.",
    ),
    (
        "append adjustment",
        "Writes an adjustment of what is undone already; only an unsound issuer does.",
    ),
    (
        "append dispute",
        "Writes that a holder disputes a debit, and how much of it is claimed back for it.",
    ),
    ("append dropped", "Writes that an advice is given up; only an unsound acquirer does."),
    (
        "append tombstone",
        "Writes that a reversal came for something that is not there, so that it is refused when it comes.",
    ),
    ("append house record", "Writes what the institution's own people did."),
    ("append day opened", "Writes that a clearing day begins, and the one before it ends."),
    ("append paid out", "Writes what a merchant is paid for a clearing day, once for each day."),
    ("append decision", "Writes the issuer's decision, its posting and its answer as one record."),
    ("append hold expired", "Writes that the time of a hold is over, and releases it."),
    ("append reversal", "Writes the issuer's undoing of a sale."),
    ("append refund", "Writes the issuer's credit, or its entry among returned refunds."),
];

const PARTIES: [(Peer, &str); 3] =
    [(Peer::Terminal, "terminal"), (Peer::Acquirer, "acquirer"), (Peer::Issuer, "issuer")];

/// Every step of any party, once.
pub(super) fn names() -> Vec<String> {
    let all: BTreeSet<&str> = PARTIES.iter().flat_map(|(peer, _)| effects_of(*peer)).collect();
    all.into_iter().map(str::to_owned).collect()
}

pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let (name, says) = STEPS.iter().find(|step| step.0.eq_ignore_ascii_case(name))?;
    let parties: Vec<&str> = PARTIES
        .iter()
        .filter(|(peer, _)| effects_of(*peer).contains(name))
        .map(|(_, party)| *party)
        .collect();
    let (kind, says, placed, source) = match (lang, zh::entry(name)) {
        (Lang::Zh, Some(words)) => {
            let parties: Vec<&str> = parties.iter().map(|party| zh::party(party)).collect();
            (
                format!("{}的步骤", parties.join("、")),
                words.says.clone(),
                format!("用 `before = \"{name}\"` 把故障放在它之前，用 `of` 指定所服务的操作。"),
                "各方的约定：动作严格按顺序执行（soundness 20）",
            )
        }
        _ => (
            format!("a step of: {}", parties.join(", ")),
            (*says).to_owned(),
            format!(
                "A fault is placed just before it with `before = \"{name}\"`, for an operation with `of`."
            ),
            "the party contract: effects are carried out strictly in order (soundness 20)",
        ),
    };
    Some(Topic {
        name: (*name).to_owned(),
        kind,
        says: vec![says, placed],
        source: source.into(),
        look: String::new(),
        ways: Vec::new(),
        stories: stories.before(name),
    })
}
