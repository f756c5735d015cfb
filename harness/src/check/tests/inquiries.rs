//! Balance inquiries: what accurate-code, conservation, decline-moves-nothing and correlation say of them,
//! and that an inquiry which its bank leaves unanswered hurts nobody.

use super::tale::{OPENING, TERMINAL, Tale, Txn, code, nothing, sale, summary};
use super::{Expected, Held, Unknown, Violated, check};
use crate::check::Invariant;
use crate::history::{Asked, What};
use crate::plan::Place;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, Reason, Text};
use cardstorm_models::party::summary::Says;
use cardstorm_models::party::{ConnId, Observation, Summary};
use cardstorm_models::wire::{Kind, Mti};

const APPROVED: ResponseCode = ResponseCode::APPROVED;

fn inquiry() -> Txn {
    Txn { kind: Kind::Balance, amount: Fen::ZERO, ..sale(1) }
}

fn telling(balance: Fen) -> Summary {
    let plain = summary(Mti::M0210, &inquiry(), Some(APPROVED));
    Summary { says: Some(Says::Balance(balance)), ..plain }
}

impl Tale {
    fn inquires(self) -> Tale {
        let txn = inquiry();
        let asked = Asked::Balance { card: 0 };
        let begun = What::OpBegins { op: txn.op, asked, amount: Fen::ZERO };
        let Txn { op, key, .. } = txn;
        let used = self.event(TERMINAL, begun).said(TERMINAL, Observation::Inquired { op, key });
        used.sends(TERMINAL, Mti::M0200, &txn, None).takes(&txn)
    }

    fn bank_tells(self, balance: Fen) -> Tale {
        let (txn, account) = (inquiry(), 0);
        let told = Observation::BalanceTold { rrn: txn.rrn, account, balance };
        self.decides(&txn, APPROVED, Reason::Granted).said(Place::Issuer, told)
    }

    fn passed_on(self, balance: Fen) -> Tale {
        let (to, from) = (self.plan.node(TERMINAL), self.plan.node(Place::Acquirer));
        let (conn, message) = (ConnId(1), telling(balance));
        let sent = What::Sent { to, conn, copy: 0, due_ms: None, message };
        let heard = What::Received { from, conn, message };
        self.event(Place::Acquirer, sent).event(TERMINAL, heard)
    }

    fn sees(self, balance: Fen) -> Tale {
        let txn = inquiry();
        self.shows(&txn, Some(APPROVED), Text::Balance(balance)).ends(&txn, Outcome::Ok)
    }
}

fn judged(what: &str, told: Fen, passed_on: Fen, seen: Fen, of: [(Invariant, Expected); 2]) {
    let tale = nothing().inquires().bank_tells(told).passed_on(passed_on).sees(seen);
    for (invariant, expected) in of {
        check(what, &tale, invariant, expected);
    }
}

#[test]
fn a_balance_is_told_passed_on_and_shown_as_it_is() {
    use Invariant::{AccurateCode, Conservation};
    let (right, wrong) = (OPENING, OPENING + Fen(1));
    let all = [(AccurateCode, Held), (Conservation, Held)];
    judged("as it is", right, right, right, all);
    judged("told wrong", wrong, wrong, wrong, [(AccurateCode, Violated), (Conservation, Held)]);
    let changed = [(AccurateCode, Held), (Conservation, Violated)];
    judged("changed on the way", right, wrong, wrong, changed);
    judged("shown wrong", right, right, wrong, [(AccurateCode, Violated), (Conservation, Held)]);
    judged(
        "its sign ignored",
        right,
        right,
        -right,
        [(AccurateCode, Violated), (Conservation, Held)],
    );
}

#[test]
fn an_inquiry_moves_nothing_however_it_ends() {
    let asked = nothing().inquires().bank_tells(OPENING).passed_on(OPENING).sees(OPENING);
    check("told", &asked, Invariant::DeclineMovesNothing, Held);
    let moved = nothing().inquires().debits(&Txn { amount: Fen(1), ..inquiry() });
    check("debited", &moved, Invariant::DeclineMovesNothing, Violated);
}

#[test]
fn left_unanswered_it_is_over() {
    let txn = inquiry();
    let words = |text| nothing().inquires().shows(&txn, None, text).ends(&txn, Outcome::Failed);
    let over = words(Text::NotAnswered);
    check("its own words", &over, Invariant::AccurateCode, Held);
    check("nothing to complete", &over, Invariant::ReversalCompletes, Unknown);
    check("nothing open", &over.probed(0), Invariant::Progress, Held);
    check("no doubt", &words(Text::NoReply), Invariant::AccurateCode, Violated);
}

/// A device is given an older memory: the number of a question that nobody heard is used for a sale.
#[test]
fn a_number_that_was_never_heard_may_be_used_again() {
    let (asked, sold) = (inquiry(), sale(1));
    assert_eq!(asked.key, sold.key);
    let begun =
        What::OpBegins { op: asked.op, asked: Asked::Balance { card: 0 }, amount: Fen::ZERO };
    let used = Observation::Inquired { op: asked.op, key: asked.key };
    let sold = Txn { op: sale(2).op, ..sold };
    let tale = nothing().event(TERMINAL, begun).said(TERMINAL, used).sold(&sold).read();
    for invariant in [Invariant::Correlation, Invariant::Conservation, Invariant::AccurateCode] {
        check("once for each", &tale, invariant, Held);
    }
    let again = Txn { op: sale(3).op, ..sold };
    check("not twice", &tale.pending(&again), Invariant::Correlation, Violated);
    let refused = code("55");
    let shown = nothing().inquires().hears(Mti::M0210, &asked, refused);
    let shown = shown.shows(&asked, Some(refused), Text::Code(refused));
    check("a refusal in its own words", &shown, Invariant::AccurateCode, Held);
}
