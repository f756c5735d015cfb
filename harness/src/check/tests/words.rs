//! The checks of what is said and done: accurate-code, reversal-completes, correlation, no-card-data and
//! progress.

use super::tale::{OPENING, PRICE, TERMINAL, Tale, Txn, code, nothing, refund, sale, world_of};
use super::{Expected, Held, Unknown, Violated};
use crate::check::Invariant;
use crate::history::What;
use crate::plan::Place;
use cardstorm_models::ids::{ResponseCode, Rrn};
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::issuer::AccountState;
use cardstorm_models::party::observe::{Decider, Outcome, Reason, Text};
use cardstorm_models::party::{HouseOp, Observation, OpRef};
use cardstorm_models::wire::Mti;

fn check(what: &str, tale: &Tale, invariant: Invariant, expected: Expected) {
    super::check(what, tale, invariant, expected);
}

/// A sale that the issuer refuses, as far as the terminal's durable decline; the screen comes next.
fn refused(tale: Tale, txn: &Txn, with: &str, reason: Reason) -> Tale {
    let with = code(with);
    let decided = tale.asked(txn).decides(txn, with, reason).answers(txn, with, Decider::Issuer);
    let replied = decided.sends(Place::Acquirer, Mti::M0210, txn, Some(with));
    replied.hears(Mti::M0210, txn, with).declines(txn, with)
}

/// The code, with its own words.
fn shown(tale: Tale, txn: &Txn, shown: &str) -> Tale {
    tale.shows(txn, Some(code(shown)), Text::Code(code(shown)))
}

#[test]
fn accurate_code_on_the_screen() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::AccurateCode, expected);
    let paid = sale(1);
    let owed = || nothing().sold(&paid).shows(&paid, None, Text::SlipOwed);
    check("an approval whose slip is owed", owed(), Held);
    let limit = || refused(nothing(), &paid, "61", Reason::AmountLimit);
    check("nothing was shown", nothing(), Unknown);
    check("an approval", nothing().sold(&paid), Held);
    check("the reply's code and its words", shown(limit(), &paid, "61"), Held);
    check("another code", shown(limit(), &paid, "51"), Violated);
    check("no code", limit().shows(&paid, None, Text::NoReply), Violated);
    check("a slip owed for a decline", limit().shows(&paid, None, Text::SlipOwed), Violated);
    let words = |text| limit().shows(&paid, Some(code("61")), text);
    check("the words of another code", words(Text::Code(code("65"))), Violated);
    check(
        "a known code with the words for unknown ones",
        words(Text::UnknownCode(code("61"))),
        Violated,
    );
    let unknown = |text| {
        refused(nothing(), &paid, "Q7", Reason::NotPermitted).shows(&paid, Some(code("Q7")), text)
    };
    check("an unknown code as such", unknown(Text::UnknownCode(code("Q7"))), Held);
    check("an unknown code with the words of 51", unknown(Text::Code(code("51"))), Violated);
    let silent = || nothing().asked(&paid);
    check("silence, and words of doubt", silent().shows(&paid, None, Text::NoReply), Held);
    check("silence, and a code", shown(silent(), &paid, "51"), Violated);
    check(
        "silence, and a code's words",
        silent().shows(&paid, None, Text::Code(code("91"))),
        Violated,
    );
}

#[test]
fn accurate_code_of_51() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::AccurateCode, expected);
    let exact = Txn { amount: OPENING, ..sale(1) };
    let dear = Txn { amount: OPENING + Fen(1), ..exact };
    let short = |tale, txn: &Txn| shown(refused(tale, txn, "51", Reason::Balance), txn, "51");
    check("a fen short", short(nothing(), &dear), Held);
    check("nothing short", short(nothing(), &exact), Violated);
    let sold = || nothing().sold(&sale(2));
    check("short since the last sale", short(sold(), &exact), Held);
    check(
        "no longer short: reversed",
        short(sold().uncaptures(&sale(2)).undebits(&sale(2)), &exact),
        Violated,
    );
    let house = |op| nothing().said(Place::Issuer, Observation::House(op));
    let held = house(HouseOp::RiskHold { account: 0, amount: Fen(1) });
    check("short by a hold", short(held, &exact), Held);
    let limit = || house(HouseOp::CreditLimit { account: 0, limit: Fen(1) });
    check("covered by a limit", short(limit(), &dear), Violated);
    let top_up =
        Posting::transfer(None, None, Cause::TopUp, Account::Outside, super::tale::HOLDER, Fen(1));
    let topped_up = nothing().said(Place::Issuer, Observation::Posted(top_up));
    check("covered by what has come in", short(topped_up, &dear), Violated);
    let frozen = house(HouseOp::AccountState { account: 0, state: AccountState::Frozen });
    let frozen = refused(frozen, &exact, "51", Reason::AccountFrozen);
    check("51 for a frozen account", shown(frozen, &exact, "51"), Violated);
    let own = nothing().asked(&dear).answers(&dear, code("51"), Decider::Acquirer);
    let own = own.sends(Place::Acquirer, Mti::M0210, &dear, Some(code("51")));
    let own = own.hears(Mti::M0210, &dear, code("51")).declines(&dear, code("51"));
    check("51 of the acquirer's own making", shown(own, &dear, "51"), Violated);
}

#[test]
fn accurate_code_on_the_way() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::AccurateCode, expected);
    let paid = sale(1);
    let decided = || nothing().asked(&paid).decides(&paid, code("61"), Reason::AmountLimit);
    let relayed = |text: &str| decided().answers(&paid, code(text), Decider::Issuer);
    check("kept", relayed("61"), Held);
    check("changed as it was stored", relayed("05"), Violated);
    let own = decided().answers(&paid, code("98"), Decider::Acquirer);
    check(
        "the acquirer's own answer after silence",
        shown(own.hears(Mti::M0210, &paid, code("98")), &paid, "98"),
        Held,
    );
    let sent =
        |text: &str| relayed("61").sends(Place::Acquirer, Mti::M0210, &paid, Some(code(text)));
    check("sent as stored", sent("61"), Held);
    check("changed as it was sent", sent("05"), Violated);
    check("94 to a repeat with other content", sent("94"), Held);
}

#[test]
fn reversal_completes() {
    let check =
        |what, tale: Tale, expected| check(what, &tale, Invariant::ReversalCompletes, expected);
    let paid = sale(1);
    let rrn = paid.rrn;
    let asked = || nothing().asked(&paid);
    check("nothing left a terminal", nothing(), Unknown);
    check("approved, never in doubt", nothing().sold(&paid), Unknown);
    check("declined", asked().declines(&paid, code("61")), Unknown);
    check("undone", asked().undone(&paid), Held);
    check("still in doubt", asked(), Violated);
    let given_up = Observation::Abandoned { op: paid.op, key: paid.key };
    check("given up", asked().said(TERMINAL, given_up), Violated);
    check("sent without a record", nothing().sends(TERMINAL, Mti::M0200, &paid, None), Violated);
    let queued = || asked().undone(&paid).said(Place::Acquirer, Observation::Queued { rrn });
    let delivered = Observation::Delivered { rrn, code: ResponseCode::APPROVED };
    check("undone, its advice not delivered", queued(), Violated);
    check("undone, its advice delivered", queued().said(Place::Acquirer, delivered), Held);
    let dropped = Observation::AdviceDropped { rrn };
    check("undone, its advice dropped", queued().said(Place::Acquirer, dropped), Violated);
    let back = refund(2, &paid, PRICE);
    check("a refund never answered", nothing().sold(&paid).asked(&back), Violated);
    check("a refund accepted", nothing().sold(&paid).refunded(&back), Held);
}

#[test]
fn correlation() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::Correlation, expected);
    let (paid, next) = (sale(1), sale(2));
    check("nothing was named", nothing(), Unknown);
    check("two sales", nothing().sold(&paid).sold(&next), Held);
    let same_key = Txn { key: paid.key, ..next };
    check("two operations under one STAN", nothing().pending(&paid).pending(&same_key), Violated);
    check("one operation's record twice", nothing().pending(&paid).pending(&paid), Held);
    let same_rrn = Txn { rrn: paid.rrn, ..next };
    check("two transactions under one RRN", nothing().takes(&paid).takes(&same_rrn), Violated);
    check("one transaction's record twice", nothing().takes(&paid).takes(&paid), Held);
    let approved = ResponseCode::APPROVED;
    let heard =
        |reply: &Txn| nothing().asked(&paid).asked(&next).hears(Mti::M0210, reply, approved);
    check("approved by its own reply", heard(&next).approves(&next), Held);
    check("approved by the reply before", heard(&paid).approves(&next), Violated);
    check(
        "a late reply, then its own",
        heard(&paid).hears(Mti::M0210, &next, approved).approves(&next),
        Held,
    );
    let numbered = Txn { rrn: Rrn(99), ..next };
    check("approved by a reply with another RRN", heard(&numbered).approves(&next), Violated);
    check("approved, and never asked for", heard(&next).approves(&sale(3)), Violated);
    check("undone, and never asked for", nothing().sold(&paid).undone(&next), Violated);
    check("undone after it was asked for", nothing().asked(&paid).undone(&paid), Held);
    let back = refund(3, &paid, PRICE);
    let mixed = nothing().asked(&back).hears(Mti::M0210, &back, approved).approves(&back);
    check("a refund accepted by a sale's reply", mixed, Violated);
}

#[test]
fn no_card_data() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::NoCardData, expected);
    let scanned = |bytes| nothing().event(TERMINAL, What::Scanned { bytes });
    check("nothing was searched", nothing().sold(&sale(1)), Unknown);
    check("an empty journal was searched", scanned(0), Unknown);
    check("searched, nothing found", scanned(120), Held);
    check("found", scanned(120).event(TERMINAL, What::Leak { secret: 0 }), Violated);
}

#[test]
fn progress() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::Progress, expected);
    let paid = sale(1);
    check("no terminal, no operation", world_of(0), Unknown);
    check("only the probe", nothing().probed(0), Held);
    check("the probe's last try", nothing().probed(2), Held);
    check("no probe", nothing().sold(&paid), Violated);
    let probe = Txn { op: OpRef { op: nothing().plan.probe_op(0), attempt: 0 }, ..sale(900) };
    check("the probe fails", nothing().begins(&probe).ends(&probe, Outcome::Failed), Violated);
    let doubtful = nothing().begins(&paid).ends(&paid, Outcome::InDoubt);
    check("an operation ends in doubt", doubtful.probed(0), Held);
    check("an operation never ends", nothing().begins(&paid).probed(0), Violated);
    let skipped = nothing().event(TERMINAL, What::OpSkipped { op: paid.op });
    check("an operation that could not begin", skipped.probed(0), Held);
    check("open at the acquirer", nothing().takes(&paid).probed(0), Violated);
    let tombstone = Observation::Tombstone { key: paid.key };
    check(
        "a tombstone at the acquirer",
        nothing().takes(&paid).said(Place::Acquirer, tombstone).probed(0),
        Held,
    );
}

#[test]
fn progress_is_not_saying_the_same_over_and_over() {
    let check = |what, tale: Tale, expected| check(what, &tale, Invariant::Progress, expected);
    let paid = sale(1);
    let doubt = code("98");
    let reverses = |tale: Tale| tale.sends(TERMINAL, Mti::M0400, &paid, Some(doubt));
    // Six intervals of a minute and what was under way, three tries in each, and the probe's prompt.
    let most = (6 + 2 + 1) * 3;
    let again = |times| nothing().again_and_again(times, reverses).probed(0);
    check("a reversal in every session", again(most), Held);
    check("once more than sessions allow", again(most + 1), Violated);
    let advises = |tale: Tale| tale.sends(Place::Acquirer, Mti::M0420, &paid, None);
    let advised = |times| nothing().again_and_again(times, advises).probed(0);
    check("an advice in every interval", advised(6 + 2), Held);
    check("an advice without a pause", advised(40), Violated);
    let answers = |tale: Tale| tale.sends(Place::Issuer, Mti::M0430, &paid, Some(doubt));
    let answered = |times| nothing().again_and_again(times, answers).probed(0);
    check("an answer that was under way", answered(2), Held);
    check("answers that nobody asked for", answered(3), Violated);
    let before = (0..60).fold(nothing(), |tale, _| reverses(tale)).probed(0);
    check("as often while faults may strike", before, Held);
}
