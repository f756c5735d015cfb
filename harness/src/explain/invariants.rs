//! The invariants: number, rule, what to look for. What each states is said where it is named.

use super::shown_by::Stories;
use super::topic::Topic;
use super::zh;
use crate::check::Invariant;
use crate::report::trace::Lang;

struct Entry {
    number: &'static str,
    why: &'static str,
    source: &'static str,
    look: &'static str,
}

fn entry(invariant: Invariant) -> Entry {
    match invariant {
        Invariant::NoDoubleDebit => Entry {
            number: "I1",
            why: "A customer who means to buy once is debited once, whatever is retried: a \
             cashier's second try, a second card for the same purchase, a copy of the request \
             made on the way. The promise is made per purchase, not per message, since a human \
             retry is a new transaction with a new STAN.",
            source: "soundness 2, 3, 6 and 9; flows 7; B01, B13, B71",
            look: "Two postings of cause sale for one purchase without a sale reversal between \
             them. Then ask which copy was decided anew: follow the STAN to the acquirer's RRN, \
             and the RRN to the issuer's decision.",
        },
        Invariant::SlipTruth => Entry {
            number: "I2",
            why: "The slip is what the customer and the shop believe. At the end of a run, an \
             approved sale at the terminal, one capture at the acquirer and one debit at the \
             issuer exist together and for the same amount, or none of them does. A slip for \
             money that did not move and money that moved without a slip are the same mistake \
             seen from two sides.",
            source: "soundness 1, 2a, 5 and 6; B03, B10, B68",
            look: "The last line that the terminal's journal wrote for the sale, and whether the \
             issuer's debit still stands. The gap is nearly always a step between a send and the \
             record that should have come first.",
        },
        Invariant::DeclineMovesNothing => Entry {
            number: "I3",
            why: "A request that ended declined, or that was reversed after doubt, leaves the \
             books as they were: no debit, no capture.",
            source: "soundness 2c and 7; flows 5; B06, B12, B63",
            look: "A sale that the terminal holds for declined or undone, and a posting under its \
             RRN that nothing took back. Look whether the reversal came before the original.",
        },
        Invariant::RefundWithinCapture => Entry {
            number: "I4",
            why: "At every commit, all refunds of a sale together stay within what was captured \
             for it, and no refund is of nothing or less. It is judged at each posting and not \
             only at the end, because two refunds that race are both right when each is looked at \
             alone.",
            source: "soundness 13 and 14; B20, B21, B24",
            look: "The refunds that name the same original RRN, and what the acquirer had already \
             accepted when it accepted the last one.",
        },
        Invariant::AccurateCode => Entry {
            number: "I5",
            why: "If a reply was accepted, the screen shows its code with that code's own text, \
             and every hop has kept the decider's code. Without a reply the terminal says so in \
             its own words. 51 is special: it is shown if and only if the issuer refused for want \
             of money, judged against the balance rebuilt from the postings and not against what \
             the issuer says.",
            source: "soundness, codes; requirement S004; B26, B37, B40, B42",
            look: "Who wrote the code first. If it is 51, compare the rebuilt balance at the \
             decision with the amount; if nobody decided, look for the silence that somebody \
             translated.",
        },
        Invariant::Conservation => Entry {
            number: "I6",
            why: "Money is neither made nor lost. Each posting adds up to zero within its own \
             ledger, and at the end what the issuer owes is what the acquirer is owed, sale by \
             sale.",
            source: "soundness 16; flows 9 and 11; B25, B58",
            look: "A chain with an interbank movement on one side only. An advice that was never \
             delivered, or dropped, is the usual cause.",
        },
        Invariant::ReversalCompletes => Entry {
            number: "I7",
            why: "Doubt ends. Every sale whose outcome was unknown becomes final within the time \
             that a run grants after its faults have stopped, and until then the record that says \
             so is kept, through every restart.",
            source: "soundness 5, 12 and 16; flows 5; B03, B04, B06",
            look: "The pending record: was it written, did it survive, and who stopped trying?",
        },
        Invariant::HoldBound => Entry {
            number: "I8",
            why: "Money that is set apart is neither the holder's to spend nor yet the merchant's, so it \
             must be set apart for something. While a pre-authorisation is live its whole hold stands; once \
             it is completed, voided, reversed or expired, none of it does. A hold that nobody needs any \
             more is a later 51 that is not true.",
            source: "flows 4.4; soundness 15 and 19; B35",
            look: "What ended the pre-authorisation, on the cashier's slips, and the issuer's record of it: \
             is the hold released there, and by what?",
        },
        Invariant::ClearedOnce => Entry {
            number: "I9",
            why: "The merchant is paid by clearing day, and a clearing day is the host's: it runs from \
             cut-off to cut-off, whatever the date on a slip. Each capture is in the day that was open when \
             it was made; each closed day is paid out once, by its cycle, and comes to captures less \
             reversals, refunds and fees to the fen.",
            source: "flows 10; soundness 16; requirements S088 and S136",
            look: "The day under which the capture was cleared against the clearing day that was open; then \
             the payout records of that day.",
        },
        Invariant::TotalsAgree => Entry {
            number: "I10",
            why: "A terminal settles its batch with just what it holds approved, sells nothing until the \
             batch is over, and ends it by the message that the comparison asks for. Once it is closed, \
             the totals that were sent, the details that were uploaded and what the acquirer booked are \
             the same. An unbalanced comparison on the way is legal: the upload is there to mend it.",
            source: "flows 4.8; soundness 11, 13 and 17; B47, B48, B49, B51, B52, B91",
            look: "The totals of the `settling` record beside those that the acquirer compared, and the \
             first item that only one side has.",
        },
        Invariant::FeeExact => Entry {
            number: "I11",
            why: "A fee is taken on each sale by itself, by the row of the contract for its clearing day, \
             card and amount, rounded as the contract says, and its parts add up to it. A sale that was \
             reversed costs nothing; a refund gives back what the policy says.",
            source: "flows 9; requirements S156, S159 and S168 to S172",
            look: "The fee postings under the sale's RRN, and the row of the table that should have priced \
             it: boundary amounts and caps first.",
        },
        Invariant::Correlation => Entry {
            number: "I12",
            why: "One key names one transaction at every party, and a reply is applied to the \
             request that it answers and to no other.",
            source: "soundness 9 and 10; flows 2; B10, B16",
            look: "A reply whose STAN is not the one that the terminal waited for, or two \
             transactions under one key.",
        },
        Invariant::StateGuard => Entry {
            number: "I13",
            why: "A sale can be taken back once, by the terminal that made it, while its batch and its day \
             are open, and not after part of it was refunded. Whoever asks for more is told what stands \
             against it, by a code of its own, and no money moves. Each of the acquirer's answers is held \
             against what the history says of that sale.",
            source: "flows 4.2; soundness 13 and 15; B29",
            look: "The void that went to the issuer, and what had become of its sale before: an earlier void \
             that is under way or in effect, a refund, a cut-off, a payout.",
        },
        Invariant::AuthenticOnly => Entry {
            number: "I14",
            why: "The MAC is all that tells a message of the other side from one that somebody made \
             or that a line has spoilt. What does not verify may be answered, and may leave its \
             sender in doubt; it must not be booked, stored or taken for an answer. The same goes \
             for a message that comes once more: it has done what it had to do.",
            source: "soundness 3, 7 and 9; flows 12; B63, B65",
            look: "The damaged message, and the first thing that its receiver wrote down because of \
             it. A missing MAC is the usual gap: the code that compares finds nothing to compare.",
        },
        Invariant::PinCount => Entry {
            number: "I15",
            why: "Three tries are what stands between a thief and the account, and between a \
             holder with clumsy fingers and a blocked card. Copies of a request, timeouts and \
             reversals are the network's trouble and no entries of anybody's.",
            source: "flows 8",
            look: "The issuer's decisions on that card in order: each 55 is one try, anything that \
             got past the PIN resets the count, and 75 is due exactly when the tries are used up.",
        },
        Invariant::NoCardData => Entry {
            number: "I16",
            why: "No full card number, track, PIN block or key stands in a journal. The recorder \
             searches every byte that a party writes down for the plan's own secrets, as digits, \
             packed digits and hexadecimal; the check counts the bytes that were searched, so \
             that it cannot hold for want of looking.",
            source: "soundness 22; B88",
            look: "The record that was being written when the leak was noted, and what it would \
             have been enough to keep.",
        },
        Invariant::Progress => Entry {
            number: "I17",
            why: "Once the faults have stopped, everything that was begun comes to an end, no \
             message is repeated for ever, and every terminal can sell again: each is asked to, \
             with a sale of one fen.",
            source: "soundness 16 and 20; flows 5; B75, B78, B87",
            look: "The probe at the end of the run, and what the terminal was still busy with.",
        },
        Invariant::RepairedOnce => Entry {
            number: "I18",
            why: "When a clearing day ends, what the issuer was to be told and has not acknowledged \
             goes from the machines to the clearing exchange. Whoever owns it alone settles it: \
             an advice that is still sent beside the adjustment, or an adjustment that is made \
             twice, gives the same money back twice.",
            source: "soundness 16; flows 6 and 11; B80",
            look: "The line `the advice is a repair case from now on`, and every 0420 and 0220 with \
             the same RRN after it: RC is the adjustment, any other code the advice.",
        },
    }
}

pub(super) fn names() -> Vec<String> {
    Invariant::ALL.iter().map(|invariant| invariant.name().to_owned()).collect()
}

/// By name or number.
pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let is = |invariant: &Invariant| {
        invariant.name() == name || entry(*invariant).number.eq_ignore_ascii_case(name)
    };
    let invariant = Invariant::ALL.into_iter().find(is)?;
    let Entry { number, why, source, look } = entry(invariant);
    let file = format!("harness/src/check/{}.rs", invariant.name().replace('-', "_"));
    let (kind, says, source, look) = match (lang, zh::entry(invariant.name())) {
        (Lang::Zh, Some(words)) => (
            format!("不变量 {number}"),
            vec![format!("{}。", words.title), words.says.clone()],
            format!("{source}；声明于 {file}"),
            words.look.clone(),
        ),
        _ => (
            format!("invariant {number}"),
            vec![capital(invariant.statement()), why.to_owned()],
            format!("{source}; declared in {file}"),
            look.to_owned(),
        ),
    };
    Some(Topic {
        name: invariant.name().to_owned(),
        kind,
        says,
        source,
        look,
        ways: Vec::new(),
        stories: stories.breaking(invariant),
    })
}

fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

/// Everything that is cited, for the numbers of bugs.
pub(super) fn cited() -> Vec<(String, String)> {
    let of =
        |invariant: Invariant| (invariant.name().to_owned(), entry(invariant).source.to_owned());
    Invariant::ALL.into_iter().map(of).collect()
}
