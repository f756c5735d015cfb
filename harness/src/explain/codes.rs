//! Response codes: the table's words for every code, and more for those that this model uses.

use super::shown_by::Stories;
use super::topic::Topic;
use super::zh;
use crate::report::trace::Lang;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::wire::code::{self, Approves, CodeInfo};

/// Code, who says it here and why, where the rule stands, what to look for.
pub(super) const USED: &[(&str, &str, &str, &str)] = &[
    (
        "00",
        "Approved; in the answer to a reversal, undone. A refund's 00 means accepted, not yet credited.",
        "soundness, codes; soundness 14",
        "That a debit stands behind it, or for a reversal that none does.",
    ),
    (
        "03",
        "The acquirer does not know this merchant at this terminal.",
        "flows 0",
        "The terminal's DE42 against the acquirer's registry.",
    ),
    (
        "06",
        "Given by a terminal as the reason of a reversal: the reply could not be read.",
        "flows 5; reversal reasons",
        "The reply that could not be read.",
    ),
    (
        "09",
        "The request is still being worked on. For a terminal it is no answer: the outcome is \
         unknown, so it reverses.",
        "soundness 3",
        "A terminal that takes it for a decline and forgets the sale.",
    ),
    (
        "10",
        "Approved in part: the balance covered only what DE4 of the reply says. The issuer says it \
         only to a terminal that declared that it can take a part; slip, totals, void and refund go \
         by that amount, and the rest is another tender of the same purchase.",
        "flows 8; soundness, codes; B44",
        "DE4 of the 0210 against the slip and the capture.",
    ),
    (
        "12",
        "The linked transaction makes no sense. In the answer to a reversal: the original was \
         never approved, and the reversal is done.",
        "flows 5; soundness 16",
        "Whether the original really was never approved.",
    ),
    (
        "13",
        "The amount is none: zero, negative, or more than can be booked.",
        "requirement rows on amounts; B21",
        "A refund of zero or less that got through.",
    ),
    (
        "14",
        "No such card, or its account is closed. A refund to a closed account is still accepted: \
         the money goes to returned refunds.",
        "soundness 14; B25",
        "Where the money of a refund to a closed account went.",
    ),
    (
        "22",
        "The linked transaction is in a state that forbids it: the sale was reversed, or its \
         reversal came first.",
        "soundness 3 and 13; flows 4.2",
        "The tombstone or the stored decline that it stands on.",
    ),
    (
        "25",
        "No original found. In the answer to a reversal it ends the reversal, so it may only be \
         said where there is durably none.",
        "soundness 2c; flows 5",
        "An original that was still on its way when 25 was said.",
    ),
    (
        "30",
        "A data element is missing or malformed.",
        "flows 1",
        "The field that the decoder names.",
    ),
    (
        "40",
        "The host does not have this function. Nothing was done and nothing will be.",
        "flows 4",
        "The kind of transaction, against what acquirer and issuer can do.",
    ),
    (
        "41",
        "The card was reported lost. Refunds are credited all the same.",
        "soundness 14",
        "When it was reported, against when the sale was decided.",
    ),
    (
        "43",
        "The card was reported stolen. Refunds are credited all the same.",
        "soundness 14",
        "When it was reported, against when the sale was decided.",
    ),
    (
        "51",
        "The issuer found the available balance too low. Nobody else may say it, for no other reason.",
        "soundness, codes; requirement S004; B26, B37, B40, B42",
        "The rebuilt balance at the decision. If it was enough, find who wrote 51 instead of what \
         had happened.",
    ),
    (
        "54",
        "The card is past its expiry, by the issuer's clock.",
        "soundness 19",
        "The issuer's clock at that moment.",
    ),
    (
        "55",
        "The PIN is wrong. It costs one try, once.",
        "flows 8",
        "The same entry counted twice, or a try given back by a reversal.",
    ),
    (
        "57",
        "The product or a rule forbids this business to the card.",
        "flows 0",
        "The card's state in the world.",
    ),
    (
        "58",
        "The terminal may not do this business: a void must come from the terminal that took the sale.",
        "flows 4.2",
        "At which terminal the sale was taken.",
    ),
    (
        "61",
        "Above the limit of one transaction; for a refund, above what was captured less what was refunded.",
        "soundness 13; requirement rows on limits",
        "The limit, and for refunds the sum of those before.",
    ),
    (
        "62",
        "The account is frozen. Debits are refused, credits are taken.",
        "soundness 14; requirement S009",
        "A frozen account that is called 51.",
    ),
    (
        "64",
        "The amount is not the original's.",
        "flows 4.2",
        "Which of the two amounts was changed on the way.",
    ),
    (
        "65",
        "More transactions than a day may have.",
        "requirement rows on limits",
        "What counted: declined and reversed sales do not.",
    ),
    (
        "68",
        "The issuer's answer came too late. For a terminal the outcome is unknown, so it reverses.",
        "soundness 3",
        "A terminal that takes it for a decline and forgets the sale.",
    ),
    ("75", "No PIN tries are left.", "flows 8", "How many entries the issuer decided."),
    (
        "76",
        "This model's own code: the merchant's unsettled takings do not cover the refund. It is \
         the shop that is short, not the customer.",
        "soundness, codes; flows 9; B26",
        "The sweep that emptied the pool; a 51 in its place is the classic mistake.",
    ),
    (
        "R1",
        "This model's own code: the shop's contract lets less of a sale come back.",
        "flows 9; requirement S041",
        "The contract's ratio, and what was refunded before. Nobody is short of money.",
    ),
    (
        "R2",
        "This model's own code: the refund comes after the contract's window.",
        "flows 9; requirement S054",
        "The clearing day of the sale against the one that is open.",
    ),
    (
        "R3",
        "This model's own code: the sale has had all the refunds that the contract allows.",
        "flows 9; requirement S060",
        "How many refunds the acquirer accepted on the original's RRN.",
    ),
    (
        "R4",
        "This model's own code: the shop refunds a sale as a whole or not at all.",
        "flows 9; requirement S060",
        "The amount of the refund against that of the sale.",
    ),
    (
        "R5",
        "This model's own code: only the terminal of the sale may refund it.",
        "flows 9; requirement S060",
        "The terminals of sale and refund.",
    ),
    (
        "77",
        "The batch is not the centre's: sign on again. It never answers a reversal or a refund.",
        "soundness 8 and 11",
        "The batch number before and after sign-on.",
    ),
    (
        "91",
        "The issuer cannot be reached, and nothing was sent to it. After a send it would be a lie.",
        "soundness 4",
        "A leg-2 send before it: then 98 and a reversal were due.",
    ),
    (
        "94",
        "Seen before: the key is known with other content, or the first copy is still open. For a \
         terminal it says nothing about the first copy.",
        "soundness 3 and 10; flows 7",
        "What became of the first copy.",
    ),
    (
        "95",
        "The message that ends a batch does not fit what was compared and uploaded: 207 where the totals \
         differed, or 202 with another count than there are records.",
        "flows 4.8",
        "The verdict of the 0510 before it, and how many records came.",
    ),
    (
        "96",
        "The system is in maintenance, or a terminal could not finish after an approval (as the \
         reason of a reversal). Nothing was executed.",
        "soundness 2b; flows 5",
        "That nothing was posted behind it.",
    ),
    (
        "98",
        "The issuer was silent after a send, and the acquirer has begun a reversal of its own. As \
         the reason of a reversal: no reply came.",
        "soundness 4; flows 6",
        "The advice that must follow, and that it is delivered.",
    ),
    (
        "99",
        "The PIN block is none under these keys: sign on again. It costs no try.",
        "flows 4.7 and 8",
        "A key change between sign-on and the sale.",
    ),
    (
        "A0",
        "A MAC is missing or wrong: sign on again. A reply with a bad MAC counts for nothing, so \
         the sale is reversed.",
        "soundness 7 and 8; B63",
        "A key change with the request under way, or bits that were turned.",
    ),
];

pub(super) fn names() -> Vec<String> {
    code::all().iter().map(|info| info.code.to_string()).collect()
}

pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let code: ResponseCode = name.parse().ok()?;
    let info = code::lookup(code)?;
    let used = USED.iter().find(|used| used.0 == name);
    let (says, source, look) = match used {
        Some((_, says, source, look)) => (*says, *source, *look),
        None => (
            "No party of this model originates it. If one arrives, the terminal shows it with \
             this text and takes it as the table says.",
            "the public tables of DE39; soundness, codes",
            "Who sent it, and whether a relaying hop changed it.",
        ),
    };
    let words = zh::entry(if used.is_some() { name } else { "code" });
    let (kind, says, look) = match (lang, words) {
        (Lang::Zh, Some(words)) => (
            format!("应答码（39域），{}", info.chinese),
            vec![words.says.clone(), approves_zh(info).to_owned()],
            words.look.as_str(),
        ),
        _ => (
            format!("response code (DE39): {}, {}", info.english, info.chinese),
            vec![says.to_owned(), approves(info).to_owned()],
            look,
        ),
    };
    Some(Topic {
        name: name.to_owned(),
        kind,
        says,
        source: source.to_owned(),
        look: look.to_owned(),
        ways: Vec::new(),
        stories: stories.showing(code),
    })
}

fn approves(info: &CodeInfo) -> &'static str {
    match info.approves {
        Approves::Yes => "It approves a sale.",
        Approves::No if info.code.is_indefinite() => {
            "It does not approve a sale, and does not decline it either."
        }
        Approves::No => "It does not approve a sale.",
        Approves::IfPartialDeclared => {
            "It approves a part of a sale, only where the terminal declared partial approval."
        }
        Approves::TerminalLocal => "Only a terminal says it, of itself.",
    }
}

fn approves_zh(info: &CodeInfo) -> &'static str {
    match info.approves {
        Approves::Yes => "它批准消费。",
        Approves::No if info.code.is_indefinite() => "它不批准消费，但也没有拒绝。",
        Approves::No => "它不批准消费。",
        Approves::IfPartialDeclared => "只有终端声明支持部分批准时，它才批准消费的一部分。",
        Approves::TerminalLocal => "只有终端用它来说自己。",
    }
}

/// Everything that is cited, for the numbers of bugs.
pub(super) fn cited() -> Vec<(String, String)> {
    USED.iter().map(|used| (used.0.to_owned(), used.2.to_owned())).collect()
}
