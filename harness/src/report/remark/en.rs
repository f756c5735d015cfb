//! The English of every remark. No row has a `..`, and there is no row for the rest.

use crate::check::Remark;
use crate::check::remark::{Deed, FeeParts, Wrote};
use crate::examine::{outcome_name, place_name};
use crate::plan::Place;
use crate::report::words::{Words, cause_name};
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::Text;
use cardstorm_models::wire::Totals;
use std::collections::BTreeSet;

/// The table, in the order of the remarks.
pub(super) fn text(words: Words<'_>, remark: &Remark) -> String {
    match remark {
        // no-double-debit
        Remark::PurchaseDebitedOnce { purchase, amount, approved } => format!(
            "purchase {purchase} of {amount} debited once, \
             for what the terminal holds as approved: {approved}"
        ),
        Remark::UnrecordedPurchaseDebitedOnce { stan, amount, approved } => format!(
            "a purchase of {amount} (STAN {stan}, no record of it was kept) debited once, \
             for what the terminal holds as approved: {approved}"
        ),
        Remark::NetDebits { debited, most_debits } => format!(
            "net debits of {debited} at the issuer ({most_debits} unreversed on one transaction at most)"
        ),
        Remark::NoSaleReachedAHost => "no sale reached a host".into(),

        // slip-truth
        Remark::OneSlipAndReprints { terminal, stan } => {
            format!(
                "terminal {terminal}, STAN {stan}: one slip, and any further one a reprint of it"
            )
        }
        Remark::SlipOfNothing { amount } => {
            format!("a slip over {amount} for a transaction that nobody made")
        }
        Remark::SecondSlipUnmarked => "a second slip, not marked as a reprint".into(),
        Remark::ReprintDiffers { amount, rrn, first_amount, first_rrn } => format!(
            "a reprint over {amount}, RRN {rrn}, of a slip over {first_amount}, RRN {first_rrn}"
        ),
        Remark::AllOfThemOrNone { terminal, stan, deed } => {
            let (acquirer, issuer) = deeds(*deed);
            format!(
                "terminal {terminal}, STAN {stan}: approved, {acquirer} and {issuer} for the same amount, \
                 with a slip, or none of them"
            )
        }
        Remark::Holdings { terminal, slip, deed, acquirer, issuer, astray } => {
            let (by_acquirer, by_issuer) = deeds(*deed);
            let slip = slip.map_or("no slip".to_owned(), |amount| format!("slip over {amount}"));
            let astray = if *astray { ", and on an account of somebody else" } else { "" };
            format!(
                "the terminal holds {terminal} as approved ({slip}), the acquirer {by_acquirer} {acquirer}, \
                 the issuer {by_issuer} {issuer}{astray}"
            )
        }
        Remark::NothingLeftATerminal => "no transaction left a terminal".into(),

        // decline-moves-nothing
        Remark::EndedWithoutMoney { kind, amount, terminal, stan, reversed } => {
            let (kind, ended) =
                (kind.row().english, if *reversed { "reversed" } else { "declined" });
            format!(
                "the {kind} of {amount} (terminal {terminal}, STAN {stan}) ended {ended}: no money moved"
            )
        }
        Remark::OnlyAsked { terminal, stan } => {
            format!("the inquiry (terminal {terminal}, STAN {stan}) only asked: no money moved")
        }
        Remark::MoneyMoved { debited, captured, given_back } => format!(
            "{debited} still debited at the issuer, {captured} captured at the acquirer, \
             {given_back} given back"
        ),
        Remark::StillHeldAtIssuer { held } => format!("{held} still held at the issuer"),
        Remark::NothingDeclined => "nothing was declined or reversed".into(),

        // refund-within-capture
        Remark::AskedBackWithinCapture { rrn, captured } => format!(
            "at the acquirer, never more given back or asked back on RRN {rrn} \
             than the {captured} that was captured"
        ),
        Remark::VoidsUnderWay { given_back, reserved } => {
            format!("{given_back} given back, and voids of {reserved} under way or in effect")
        }
        Remark::GivenBackWithin { place, rrn, had } => {
            let (side, verb) = match place {
                Place::Issuer => ("issuer", "debited"),
                Place::Acquirer | Place::Terminal(_) => ("acquirer", "captured"),
            };
            format!(
                "at the {side}, never more given back on RRN {rrn} than the {had} that was {verb}, \
                 and never nothing or less"
            )
        }
        Remark::GivenBackInAll { given_back, now } => {
            format!("{given_back} given back in all, {now} of it now")
        }
        Remark::NothingRefunded => "nothing was refunded or reversed".into(),

        // accurate-code
        Remark::CodeRelayed { code, rrn } => {
            format!("the decided code {code} relayed unchanged for RRN {rrn}")
        }
        Remark::CodeSent { code } => format!("code {code}"),
        Remark::RefundFindsItsSale { rrn } => {
            format!("a refund that finds its sale: RRN {rrn} is captured")
        }
        Remark::OwnWordsNothingSent => "words of the terminal's own: nothing was sent".into(),
        Remark::ScreenShowsWords { text } => format!("the screen shows {}", screen(*text)),
        Remark::ScreenShowsCode { code, text } => {
            format!("the screen shows {code} ({})", screen(*text))
        }
        Remark::ScreenShowsNoCode { text } => {
            format!("the screen shows no code ({})", screen(*text))
        }
        Remark::AcceptedCodeShown { code } => format!("the accepted reply's code {code}"),
        Remark::OwnWordsWithoutCode => "words of the terminal's own, for want of a code".into(),
        Remark::RebuiltBalanceTold { balance, rrn } => {
            format!("the rebuilt balance {balance} told for RRN {rrn}")
        }
        Remark::BalanceIs { balance } => format!("{balance}"),
        Remark::ToldBalanceShown { balance } => format!("the balance that was told, {balance}"),
        Remark::NoBalanceTold => "no balance, since the issuer told none".into(),
        Remark::NoReplyNoCode => "no reply came, so no code".into(),
        Remark::ReplysCodeShown { code } => format!("the reply's code {code}"),
        Remark::WordsOfCodeShown { code } => format!("the words of code {code}"),
        Remark::No51BalanceCovers => "no 51: the rebuilt balance covers the amount".into(),
        Remark::No51OtherReason => "no 51: the issuer refused for another reason".into(),
        Remark::No51NeverDecided => "no 51: the issuer never decided 51 for this".into(),
        Remark::No10Undeclared => "no 10: this terminal never declared that it takes a part".into(),
        Remark::No10BalanceCovers => "no 10: the rebuilt balance covers the amount".into(),
        Remark::No10NeverGranted => "no 10: the issuer never granted a part of this".into(),
        Remark::NoScreenNoCode => "no screen and no relayed code".into(),

        // conservation
        Remark::PostingAddsUpToZero => "a posting that adds up to zero".into(),
        Remark::PostingAddsUpTo { sum } => format!("one that adds up to {sum}"),
        Remark::SameAmountOnEveryHop { amount } => format!("DE4 of {amount} on every hop"),
        Remark::SameBalanceOnEveryHop { balance } => {
            format!("DE54 of {balance} on every hop, as the issuer told it")
        }
        Remark::AmountInMessage { amount, mti } => format!("{amount} in a {}", mti.as_str()),
        Remark::PostedOnItsAccount { cause, account } => {
            format!("{} posted on {}", cause_name(*cause), words.account(*account))
        }
        Remark::PostedOn { account } => format!("posted on {}", words.account(*account)),
        Remark::BalanceOfItsPostings { account, balance } => {
            format!("{} at {balance}, as its postings make it", words.account(*account))
        }
        Remark::PartyClaims { claimed } => format!("the party claims {claimed}"),
        Remark::AccountRead { account } => {
            format!("{} read at the end, since money moved on it", words.account(*account))
        }
        Remark::AccountNotRead { balance } => format!("no reading; its postings make {balance}"),
        Remark::OwedIsOwing { rrn } => {
            format!("what the issuer owes on RRN {rrn} is what the acquirer is owed")
        }
        Remark::OwesAndIsOwed { owes, owed } => {
            format!("the issuer owes {owes}, the acquirer is owed {owed}")
        }
        Remark::NothingPosted => "nothing was posted or sent".into(),

        // reversal-completes
        Remark::FinalByTheDrain { terminal, stan } => format!(
            "terminal {terminal}, STAN {stan}: final by the end of the drain, its record kept until then"
        ),
        Remark::RecordDropped => "the terminal dropped its record undone".into(),
        Remark::StillInDoubt => "still in doubt at the end of the drain".into(),
        Remark::NoRecordLeft => "it was sent, and no record of it is left".into(),
        Remark::AdviceDropped => "its advice was dropped undelivered".into(),
        Remark::AdviceUndelivered => "its advice is still undelivered".into(),
        Remark::NothingInDoubt => "nothing was in doubt, and no advice was owed".into(),

        // hold-bound
        Remark::HeldUntilItsTime { amount, rrn } => {
            format!("{amount} held on RRN {rrn} until its time")
        }
        Remark::HoldReleased => "it was released".into(),
        Remark::HeldOnRrn { amount, rrn } => format!("{amount} held on RRN {rrn}"),
        Remark::AnotherAmountHeld => "another amount is".into(),
        Remark::HoldReleasedInTime { amount, rrn } => {
            format!("the {amount} on RRN {rrn} released: its time is over")
        }
        Remark::HoldStands => "it is still held".into(),
        Remark::HeldForPreAuth { amount, terminal, stan, live } => {
            let state = if *live { "live" } else { "over" };
            format!(
                "{amount} held for the pre-authorisation of terminal {terminal}, STAN {stan}, \
                 which is {state}"
            )
        }
        Remark::AmountHeld { held } => format!("{held} is held"),
        Remark::NothingPreAuthorised => "nothing was pre-authorised".into(),

        // cleared-once
        Remark::LaterClearingDay { open } => {
            format!("a later day after {}, which was open", open_day(*open, "no day"))
        }
        Remark::ClearingDayBegins { day } => format!("{day} begins"),
        Remark::OneClearingDay => "one clearing day for each capture".into(),
        Remark::SecondClearingDay { day } => format!("{day} is the second"),
        Remark::CaptureOfTheOpenDay { open: None } => {
            "a capture of the clearing day that is open; none is".into()
        }
        Remark::CaptureOfTheOpenDay { open: Some(day) } => {
            format!("a capture of the clearing day that is open; it is {day}")
        }
        Remark::ClearedOn { day } => format!("cleared on {day}"),
        Remark::OnePayout { day } => format!("one payout for {day}"),
        Remark::PaidOnceMore { amount } => format!("{amount} is paid once more"),
        Remark::PayoutOfAClosedDay => "a payout of a day that is closed".into(),
        Remark::PaidWhileOpen { day } => format!("{day} is paid while open"),
        Remark::PayoutDue { due, day, net } => {
            format!("{due} for {day}: {net} of that day and what was carried over")
        }
        Remark::PaidAndCarried { paid, carried } => {
            format!("{paid} paid and {carried} carried over")
        }
        Remark::PayoutOn { merchant, net, day, payout } => {
            format!("{} paid {net} for {day} on {payout}", words.merchant(*merchant))
        }
        Remark::NeverPaid => "it never was".into(),
        Remark::NoContractSold => "no merchant with a contract sold anything".into(),

        // totals-agree
        Remark::NothingSoldOnceSettled { batch } => {
            format!("nothing sold into batch {batch} once it is settled")
        }
        Remark::GoesOutInBatch { stan } => format!("STAN {stan} goes out in it"),
        Remark::NothingBookedOnceClosed { batch } => {
            format!("nothing booked in batch {batch} once it is closed")
        }
        Remark::BookedUnder { amount, rrn } => format!("{amount} booked under RRN {rrn}"),
        Remark::NothingInDoubtAtSettlement => {
            "nothing in doubt and no repeat due when a batch is settled".into()
        }
        Remark::HasNoEnd { stan } => format!("STAN {stan} has no end yet"),
        Remark::TotalsAsHeld { totals } => {
            format!("{}, as the terminal holds approved", totals_text(totals))
        }
        Remark::TotalsAre { totals } => totals_text(totals),
        Remark::UnbalancedForTotals { totals } => {
            format!("2, unbalanced: {} were sent", totals_text(totals))
        }
        Remark::BalancedWithTotals { totals } => {
            format!("1, balanced, with {} in the batch file", totals_text(totals))
        }
        Remark::UploadCountedOnce => "each record of an upload counted once".into(),
        Remark::UploadTakenAgain { stan } => format!("STAN {stan} is taken again"),
        Remark::EndAfterComparison => "an end message after a comparison".into(),
        Remark::BatchEndedWith { balanced } => format!("the batch ended with {}", end(*balanced)),
        Remark::ItIsEndedWith { balanced } => format!("it is ended with {}", end(*balanced)),
        Remark::ClosedBalancedOnlyIfAgreed => {
            "a batch closed by 207 only after totals that agreed".into()
        }
        Remark::TotalsDidNotAgree => "they did not".into(),
        Remark::BookedAsSent { totals } => {
            format!("{} booked, as the terminal sent", totals_text(totals))
        }
        Remark::BookedItemsUploadedOnce { booked } => {
            format!("the {booked} items that were booked uploaded, each once")
        }
        Remark::ItemOnOneSide { uploaded, kind, amount, stan } => {
            let kind = kind.row().english;
            format!("{uploaded} were, and the {kind} {amount} of STAN {stan} is on one side alone")
        }
        Remark::EndCountsUploads { uploaded } => {
            format!("an end message that counts the {uploaded} uploaded")
        }
        Remark::EndCounts { count } => format!("it counts {count}"),
        Remark::NoBatchSettled => "no batch was settled".into(),

        // fee-exact
        Remark::ClearingDayForCapture => "a clearing day for every capture".into(),
        Remark::NoClearingDay => "none was given".into(),
        Remark::FeeDue { fee, amount, parts } => {
            format!("a fee of {fee} on {amount}: {}", parts_text(parts))
        }
        Remark::FeeCharged { fee, parts } => format!("{fee}: {}", parts_text(parts)),
        Remark::FeeGivenBack { owed, fee } => format!("{owed} of the fee of {fee} given back"),
        Remark::FeeReturned { back, parts } => format!("{back} was: {}", parts_text(parts)),

        // correlation
        Remark::EndOnlyOfARequest => "an end only for a request that was made".into(),
        Remark::EndedUnasked { terminal, stan } => {
            format!("terminal {terminal}, STAN {stan} ended, and nobody asked for it")
        }
        Remark::OneKeyOneTransaction => "one key names one transaction".into(),
        Remark::UsedByTwoOperations { first, second } => {
            format!("operations {first} and {second} both use it")
        }
        Remark::NumberedAgain { stan, rrn } => {
            format!("STAN {stan} is numbered again, as RRN {rrn}")
        }
        Remark::RrnGivenTwice { rrn } => format!("RRN {rrn} given twice"),
        Remark::ApprovedByItsOwnReply { terminal, stan } => {
            format!("the request of terminal {terminal}, STAN {stan}, approved by its own reply")
        }
        Remark::ApprovedWithoutReply => "approved, and no reply ever reached the terminal".into(),
        Remark::ApprovedByReply { mti, stan, rrn } => {
            format!("approved by a {} for STAN {stan}, RRN {rrn}", mti.as_str())
        }
        Remark::NoTransactionNamed => "no transaction was named".into(),

        // state-guard
        Remark::CompletionRefusedNoHold => "a completion refused: no hold stands for it".into(),
        Remark::CompletionRefusedBeyondHold { held } => {
            format!("a completion of more than the {held} that is held refused with 61")
        }
        Remark::AmountGranted { amount } => format!("{amount} was granted"),
        Remark::VoidRefusedHere { rrn, codes } => format!(
            "the void of RRN {rrn} refused with {}, and not asked for at the issuer",
            any_of(codes)
        ),
        Remark::VoidForwarded => "it was forwarded".into(),
        Remark::VoidAskedForAtIssuer { rrn } => {
            format!("the void of RRN {rrn} asked for at the issuer: nothing stands against it")
        }
        Remark::VoidRefusedWith { rrn, codes } => {
            format!("the void of RRN {rrn} refused with {}", any_of(codes))
        }
        Remark::AnsweredWith { code } => format!("answered {code}"),
        Remark::RefundRefusedVoided { rrn } => {
            format!("the refund of RRN {rrn} refused: it is voided, or about to be")
        }
        Remark::RefundRefusedNoSale { rrn } => {
            format!("the refund of RRN {rrn} refused: it is not an approved sale")
        }
        Remark::RefundTaken => "it was accepted".into(),
        Remark::RefundOfVoidedRefused { rrn } => {
            format!("the refund of RRN {rrn}, which is voided, refused with 22")
        }
        Remark::NothingVoided => "nothing was voided, refunded or completed".into(),

        // authentic-only
        Remark::UnauthenticChangesNothing { place } => {
            format!("a message that cannot be authenticated changes nothing at {}", peer(*place))
        }
        Remark::OnlyDamagedCopies { wrote } => {
            format!("only damaged copies reached it, and it wrote down: {}", wrote_text(*wrote))
        }
        Remark::RepeatChangesNothing { place } => {
            format!("a message that came before changes nothing at {}", peer(*place))
        }
        Remark::AnotherCopyDid { copies, wrote } => {
            format!("of {copies} copies, another one brought about: {}", wrote_text(*wrote))
        }
        Remark::NothingDamagedOrDoubled => "no damaged message and no second copy arrived".into(),

        // pin-count
        Remark::PinTriesLeft { wrong, tries } => {
            format!("tries are left after {wrong} wrong entries of {tries}")
        }
        Remark::RefusedForPinTries => "refused with no tries left".into(),
        Remark::NoPinTriesLeft { wrong, tries } => {
            format!("no tries are left after {wrong} wrong entries of {tries}")
        }
        Remark::EntryLookedAt => "the entry was looked at all the same".into(),
        Remark::OneEntryOneTry => "one entry costs one try".into(),
        Remark::EntryCountedAgain => "the same entry was decided, and counted, once more".into(),
        Remark::NoPinDecided => "no PIN was decided on".into(),

        // no-card-data
        Remark::JournalsWithoutCardData => {
            "journals without a card number, track, PIN block or key".into()
        }
        Remark::SecretInRecord { secret } => {
            format!("secret {secret} of the plan stands in a journal record")
        }
        Remark::NoJournalSearched => "no journal byte was searched".into(),

        // progress
        Remark::EveryOperationEnds => "every operation ends".into(),
        Remark::OperationNeverEnded { op } => format!("operation {op} never ended"),
        Remark::EveryTerminalSellsAgain => "every terminal sells again".into(),
        Remark::ProbeNeverCame { terminal } => {
            format!("terminal {terminal} never came to its probe")
        }
        Remark::ProbeEnded { terminal, outcome: None } => {
            format!("the probe of terminal {terminal} never ended")
        }
        Remark::ProbeEnded { terminal, outcome: Some(outcome) } => {
            format!("the probe of terminal {terminal} ended {}", outcome_name(*outcome))
        }
        Remark::EverySettlementEnds => "every settlement ends with its batch".into(),
        Remark::StillSettling { terminal } => format!("terminal {terminal} is still settling"),
        Remark::EveryRequestAnswered => "every request is answered".into(),
        Remark::StillOpenAtAcquirer { rrn } => format!("RRN {rrn} is still open at the acquirer"),
        Remark::SaidAtMost { times, mti, stan } => format!(
            "at most {times} times a {} for STAN {stan} after the faults, by the timers of the plan",
            mti.as_str()
        ),
        Remark::SentTimes { times } => format!("sent {times} times"),
        Remark::NoOperationBegan => "no operation began".into(),

        // repaired-once
        Remark::OneRepairCase => "one repair case for what one advice could not deliver".into(),
        Remark::RepairCaseMadeAgain => "it is made a second time".into(),
        Remark::AdjustmentOfACase => "an adjustment for a repair case alone".into(),
        Remark::NoRepairCase => "there is no case".into(),
        Remark::OneAdjustment => "one adjustment for a repair case".into(),
        Remark::SettledAgain => "it is settled again after it was closed".into(),
        Remark::NoAdviceBesideItsCase => "no advice once it has become a repair case".into(),
        Remark::AdviceGoesOn => "it goes on being sent beside the adjustment".into(),
        Remark::RepairCaseSettled => "every repair case settled by the end".into(),
        Remark::RepairCaseOpen => "it is open".into(),
        Remark::RepairedOnce { amount } => {
            format!("{amount} given back once, by the advice or by the repair case")
        }
        Remark::RepairedTimes { times } => format!("it is given back {times} times"),
        Remark::NoAdviceUndelivered => "no cut-off found an advice undelivered".into(),

        // what a story expects
        Remark::FaultStrikes { fault } => {
            format!("fault {} ({}) strikes", u64::from(*fault) + 1, words.fault(*fault))
        }
        Remark::NeverStruck => "it never struck".into(),
        Remark::OperationEnds { op, outcome } => {
            format!("{} ends {}", words.names.op(*op), outcome_name(*outcome))
        }
        Remark::OperationEnded { outcome } => format!("it ended {}", outcome_name(*outcome)),
        Remark::OperationCouldNotBegin => "it could not begin: its sale has no slip".into(),
        Remark::OperationDidNotEnd => "it never ended".into(),
        Remark::OperationShowsCode { op, code } => format!("{} shows {code}", words.names.op(*op)),
        Remark::OperationShowsText { op, text } => {
            format!("{} shows \"{}\"", words.names.op(*op), text.english())
        }
        Remark::ShowedCode { code } => format!("it showed {code}"),
        Remark::ShowedText { text } => format!("it showed \"{}\"", text.english()),
        Remark::ShowedNothing => "it showed nothing".into(),
        Remark::BalanceAtTheEnd { account, balance } => {
            format!("{} of {balance} at the end", balance_of(words, *account))
        }
        Remark::BalanceRead { balance } => balance.to_string(),
        Remark::InvariantBreaks { invariant, place: None } => {
            format!("{} breaks", invariant.name())
        }
        Remark::InvariantBreaks { invariant, place: Some(place) } => {
            format!("{} breaks at {}", invariant.name(), place_name(*place, words.names))
        }
        Remark::InvariantBrokeAt { place } => {
            format!("it broke at {}", place_name(*place, words.names))
        }
        Remark::NothingToJudge { why } => format!("nothing to judge: {}", text(words, why)),
        Remark::InvariantHeld => "it held".into(),
    }
}

/// What a deed is called at the acquirer and at the issuer.
fn deeds(deed: Deed) -> (&'static str, &'static str) {
    match deed {
        Deed::Captured => ("captured", "debited"),
        Deed::Voided => ("voided", "credited"),
        Deed::Refunded => ("refunded", "credited"),
        Deed::Answered => ("answered", "decided"),
    }
}

fn screen(text: Text) -> String {
    match text {
        Text::Code(code) => format!("the words of code {code}"),
        Text::UnknownCode(code) => format!("the words for unknown codes, and {code}"),
        own => format!("\"{}\"", own.english()),
    }
}

fn open_day(open: Option<Day>, none: &str) -> String {
    open.map_or_else(|| none.to_owned(), |day| day.to_string())
}

fn totals_text(totals: &Totals) -> String {
    let side = |amount: Fen, count: u16, name: &str| format!("{amount} of {count} {name}");
    let Totals { debit, credit } = totals;
    let debit = side(debit.amount, debit.count, "debit");
    format!("{debit}, {}", side(credit.amount, credit.count, "credit"))
}

/// The end message of a batch, by its network code.
fn end(balanced: bool) -> &'static str {
    if balanced { "207" } else { "202" }
}

fn parts_text(parts: &FeeParts) -> String {
    let FeeParts { issuer, network, acquirer } = parts;
    format!("{issuer} to the issuer, {network} to the network, {acquirer} to the acquirer")
}

fn any_of(codes: &BTreeSet<ResponseCode>) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}

fn peer(place: Place) -> &'static str {
    match place {
        Place::Terminal(_) => "a terminal",
        Place::Acquirer => "the acquirer",
        Place::Issuer => "the issuer",
    }
}

fn wrote_text(wrote: Wrote) -> &'static str {
    match wrote {
        Wrote::Transaction => "a transaction of its own",
        Wrote::IssuersAnswer => "the issuer's answer",
        Wrote::Acknowledged => "an advice acknowledged",
        Wrote::Decision => "a decision",
        Wrote::Approval => "an approval",
        Wrote::Decline => "a decline",
        Wrote::ReversalDone => "a reversal done",
        Wrote::ShownBalance => "a balance on the screen",
    }
}

/// An account's balance, as an expectation names it.
fn balance_of(words: Words<'_>, account: Account) -> String {
    let name = |names: &[String], n: u32| {
        names.get(n as usize).cloned().unwrap_or_else(|| format!("number-{n}"))
    };
    match account {
        Account::Cardholder(n) => format!("balance of {}", name(&words.names.accounts, n)),
        Account::MerchantUnsettled(n) => {
            format!("unsettled takings of {}", name(&words.names.merchants, n))
        }
        Account::MerchantPaid(n) => format!("payout of {}", name(&words.names.merchants, n)),
        Account::ReturnedRefunds => "returned refunds".into(),
        Account::Interbank => "interbank account".into(),
        Account::Outside => "outside account".into(),
        Account::IssuerFees => "issuer's fees".into(),
        Account::NetworkFees => "network's fees".into(),
        Account::AcquirerFees => "acquirer's fees".into(),
    }
}
