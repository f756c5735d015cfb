//! Pre-authorisations: hold-bound, and what state-guard says of completions.

use super::tale::{PRICE, TERMINAL, Tale, Txn, code, nothing, sale};
use super::{Held, Unknown, Violated};
use crate::check::Invariant;
use crate::history::{Asked, What};
use crate::plan::Place;
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Decider, Reason, ReleasedBy};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Kind;

const HELD: Fen = Fen(11_500);
const APPROVED: ResponseCode = ResponseCode::APPROVED;

fn pre_auth() -> Txn {
    Txn { kind: Kind::PreAuth, ..sale(1) }
}

fn on_slip(n: u32, kind: Kind, amount: Fen) -> Txn {
    Txn { kind, amount, ..sale(n) }
}

impl Tale {
    fn holds_money(self, amount: Fen, until: i64) -> Tale {
        let (rrn, account, until) = (pre_auth().rrn, 0, Wall(until));
        self.said(Place::Issuer, Observation::Held { rrn, account, amount, until })
    }

    fn frees(self, why: ReleasedBy) -> Tale {
        let (rrn, account, amount) = (pre_auth().rrn, 0, HELD);
        self.said(Place::Issuer, Observation::Released { rrn, account, amount, why })
    }

    /// Everything of a request but its beginning and what the issuer does.
    fn granted(self, txn: &Txn) -> Tale {
        let decided = self.decides(txn, APPROVED, Reason::Granted);
        decided.answers(txn, APPROVED, Decider::Issuer).approves(txn).prints(txn)
    }

    fn set_apart(self, amount: Fen) -> Tale {
        let txn = pre_auth();
        let begun = What::OpBegins { op: txn.op, asked: Asked::PreAuth { card: 0 }, amount: PRICE };
        let asked = self.event(TERMINAL, begun).pending(&txn).takes(&txn);
        asked.holds_money(amount, 1_000_000_000).granted(&txn)
    }

    /// Asked for on the slip of the pre-authorisation.
    fn goes_by_slip(self, txn: &Txn) -> Tale {
        let of = pre_auth().op.op;
        let asked = match txn.kind {
            Kind::Completion => Asked::Completion { intent: txn.intent, of, card: 0 },
            _ => Asked::Void { of, card: 0 },
        };
        let begun = What::OpBegins { op: txn.op, asked, amount: txn.amount };
        self.event(TERMINAL, begun).pending(txn).takes(txn)
    }
}

#[test]
fn what_is_held_is_what_is_live() {
    let check = |what, tale: Tale, expected| {
        super::check(what, &tale, Invariant::HoldBound, expected);
    };
    let void = on_slip(2, Kind::PreAuthVoid, PRICE);
    let done = on_slip(2, Kind::Completion, PRICE);
    let held = || nothing().set_apart(HELD);
    check("nothing pre-authorised", nothing().sold(&sale(1)), Unknown);
    check("held", held(), Held);
    check("held too little", nothing().set_apart(PRICE), Violated);
    check("released for nothing", held().frees(ReleasedBy::Reversal), Violated);
    let voided = || held().goes_by_slip(&void);
    check("voided", voided().frees(ReleasedBy::Void).granted(&void), Held);
    check("voided and never released", voided().granted(&void), Violated);
    let completed = || held().goes_by_slip(&done).frees(ReleasedBy::Completion);
    check("completed", completed().granted(&done), Held);
    check(
        "held again for nothing",
        completed().granted(&done).holds_money(HELD, 1 << 40),
        Violated,
    );
    let declined = || held().goes_by_slip(&void).declines(&void, code("22"));
    check("a void refused", declined(), Held);
    let undone = held().frees(ReleasedBy::Reversal).undone(&pre_auth());
    check("reversed", undone, Held);
    check("reversed and still held", held().undone(&pre_auth()), Violated);
    check("expired too early", held().frees(ReleasedBy::Expiry), Violated);
}

#[test]
fn a_completion_needs_a_hold_and_takes_no_more() {
    let check = |what, tale: Tale, expected| {
        super::check(what, &tale, Invariant::StateGuard, expected);
    };
    let (whole, over) = (on_slip(2, Kind::Completion, HELD), HELD + Fen(1));
    let over = on_slip(2, Kind::Completion, over);
    let asked = |txn: &Txn| nothing().set_apart(HELD).goes_by_slip(txn);
    check("nothing completed", nothing().set_apart(HELD), Unknown);
    check("all that is held", asked(&whole).frees(ReleasedBy::Completion).granted(&whole), Held);
    check("a fen more", asked(&over).frees(ReleasedBy::Completion).granted(&over), Violated);
    check("no hold stands", asked(&whole).granted(&whole), Violated);
    let refused = asked(&over).decides(&over, code("61"), Reason::AmountLimit);
    check("a fen more refused", refused, Held);
}
