//! The kinds of fault.

use super::shown_by::Stories;
use super::topic::Topic;
use super::zh;
use crate::plan::FAULT_NAMES;
use crate::report::trace::Lang;

/// Kind, what happens, where the rule for surviving it stands, what to look for.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (
        "latency",
        "Hops from one party towards another take longer for a while: always the same, anything \
         between two bounds, or mostly short with a long tail.",
        "flows 3: each inner timer must be shorter than the outer one; B84",
        "Whose timer runs out first. A reply that arrives after the terminal has given up must \
         not count any more.",
    ),
    (
        "partition",
        "The line between two parties is cut for a while, in both directions or in one. \
         Connections look as if they were up; what is sent is lost.",
        "soundness 4 and 20; B87",
        "One-way cuts: the request got there, the answer did not come back. Only the reversal \
         protects the holder.",
    ),
    (
        "black_hole",
        "A party can neither send nor receive, to or from anybody, for a while. It goes on \
         working by itself.",
        "soundness 20; flows 3",
        "What the party decided while it was alone, and what the others concluded from its silence.",
    ),
    (
        "reset",
        "Every connection between two parties breaks at once, and both sides see it.",
        "soundness 4: a send that was followed by a reset may have arrived",
        "Whether anybody treats a reset as proof that nothing was sent.",
    ),
    (
        "drop",
        "The one message that triggers it is lost. The sender thinks that it is on its way.",
        "flows 5; B01",
        "Which of request and reply was lost: to the terminal both look alike, for the money they differ.",
    ),
    (
        "delay",
        "The one message that triggers it takes longer, and later ones may overtake it.",
        "soundness 2c and 11; flows 2; B10, B12",
        "A reversal that arrives before its original, or a reply that arrives when the next sale \
         is under way.",
    ),
    (
        "duplicate",
        "The one message that triggers it arrives once more, as proxies, queues and fail-overs \
         make it happen.",
        "soundness 3, 9 and 11; flows 7; B13",
        "Whether the second copy is decided anew. The first copy may still be open, answered, or \
         already forgotten.",
    ),
    (
        "crash",
        "A party dies and is started again later from what it had made durable. A kill closes its \
         connections; a power loss is silent. What it sent before goes on travelling.",
        "soundness 2, 5 and 6; flows 4.1; B03",
        "What was appended and not yet synced, and what had already been sent on the strength of it.",
    ),
    (
        "clock_step",
        "A party's wall clock jumps, forward or back. Its timers are not touched.",
        "soundness 11 and 19; B54",
        "Dates on slips and in settlement, and keys or expiries that are judged by the wall clock.",
    ),
    (
        "clock_drift",
        "A party's oscillator runs fast or slow for a while, and its timers with it.",
        "soundness 19; flows 3",
        "Timers whose order was right by a narrow margin.",
    ),
    (
        "clock_skew",
        "A party's wall clock was wrong from the beginning.",
        "soundness 19; flows 4.7; B54",
        "Whether sign-on sets it right, and what was dated before that.",
    ),
    (
        "sync_error",
        "A disk refuses to make a record durable. Everything that should have followed in that \
         step is not done.",
        "soundness 2b and 20",
        "Whether anything left the party on the strength of a record that does not exist.",
    ),
    (
        "restore",
        "A terminal loses power and comes back with its journal as an old backup had it, or as a \
         new device with none at all. It strikes where everything forgotten was finished. That a \
         purchase was paid is forgotten too: paid again there, it is paid twice, which no design \
         survives.",
        "soundness 6 and 10; B16",
        "STANs that come again: whether the sign-on brings a new batch, and whether an old answer \
         is given to a new sale.",
    ),
    (
        "corrupt",
        "One bit of the message that triggers it arrives turned over.",
        "soundness 7 and 24; flows 12; B63, B65",
        "Whether anything was written down because of it, and whether the sender was left in doubt.",
    ),
    (
        "truncate",
        "The message that triggers it arrives without its end, as a shorter one.",
        "soundness 7; flows 5; B65",
        "Whether half a message was taken for a whole one, or a doubt for a decline.",
    ),
    (
        "strip_mac",
        "The message that triggers it arrives without its MAC and without the bit that says that \
         it has one. Everything else in it is right.",
        "soundness 7; flows 12; B65",
        "Whether having no MAC was taken for having no wrong one.",
    ),
    (
        "pause",
        "A host stands still for a while, as an overloaded or a frozen machine does. Its connections look \
         alive, nothing comes out of it, and whatever came in or fell due meanwhile is dealt with when it \
         goes on, what came in first.",
        "soundness 19 and 20; flows 3; B84",
        "Whoever gave it up meanwhile: what it says on waking is late, and its own timers ring late too.",
    ),
    (
        "half_open",
        "Every connection between two parties is gone at one end, where it is noticed, and looks alive at \
         the other until something is sent on it: a gateway has forgotten the line, or a machine has.",
        "soundness 4 and 20; B87",
        "Whether what was sent into the dead line counts as in doubt, and whether both ends find each \
         other again.",
    ),
    (
        "flap",
        "The line between two parties goes down and comes up again with a steady beat. Connections look as \
         if they were up; what is sent while it is down is lost.",
        "soundness 12, 16 and 20; B87",
        "Reversals and advices that are tried in the wrong moments: none may be given up, however often \
         its tries fall into a gap.",
    ),
    (
        "disk_full",
        "For a while a disk takes no record any more: every sync fails. A party that cannot write stops, is \
         started again, and stops again at the next thing that it has to write.",
        "soundness 2b and 20",
        "Whether anything was promised that no journal holds, and whether all is taken up again once there \
         is room.",
    ),
    (
        "wrong_zone",
        "A party's clock is of a wrong time zone: it reads whole hours off, and goes on doing so when \
         sign-on sets it, because the time that it is told is taken for that of its own zone.",
        "soundness 11 and 19; flows 4.7; B54",
        "Dates near midnight, on slips and in settlement, and anything that compares the clocks of two \
         parties.",
    ),
    (
        "paper_out",
        "A terminal's printer has no paper for a while: whatever it is given does not come out, and it says \
         so. The payment is made all the same; what is missing is the slip.",
        "soundness 6; flows 4.1 and 4.8; B68",
        "Whether the purchase can be paid a second time for want of its slip, and whether the slip comes out \
         once there is paper, marked as a reprint, whatever was settled or restarted in between.",
    ),
    (
        "printer_jam",
        "A terminal's printer jams: it says that the slip did not come out. With `slip = \"out\"` the slip that \
         jams it is out all the same, and the error is told too late.",
        "soundness 6; flows 4.1; B68",
        "Whether anything is taken back because of it: a customer with a valid slip and a shop without the \
         money is what a reversal for the printer's sake leaves behind.",
    ),
];

pub(super) fn names() -> Vec<String> {
    FAULT_NAMES.iter().map(|name| (*name).to_owned()).collect()
}

pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let (name, says, source, look) = FAULTS.iter().find(|fault| fault.0 == name)?;
    let (kind, says, look) = match (lang, zh::entry(name)) {
        (Lang::Zh, Some(words)) => {
            (format!("故障类型，{}", words.title), words.says.as_str(), words.look.as_str())
        }
        _ => ("a kind of fault".to_owned(), *says, *look),
    };
    Some(Topic {
        name: (*name).to_owned(),
        kind,
        says: vec![says.to_owned()],
        source: (*source).to_owned(),
        look: look.to_owned(),
        ways: Vec::new(),
        stories: stories.with_fault(name),
    })
}

/// Everything that is cited, for the numbers of bugs.
pub(super) fn cited() -> Vec<(String, String)> {
    FAULTS.iter().map(|fault| (fault.0.to_owned(), fault.2.to_owned())).collect()
}
