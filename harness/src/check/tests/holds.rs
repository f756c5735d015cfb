//! Pre-authorisations: hold-bound, and what state-guard says of completions.

use super::tale::{PRICE, TERMINAL, Tale, Txn, code, nothing, sale};
use super::{Held, Unknown, Violated};
use crate::check::Invariant;
use crate::history::{Asked, Event, What};
use crate::plan::{Fault, FaultKind, Place, When};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Decider, Reason, ReleasedBy};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Kind;
use std::sync::Arc;

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

    fn frees_at(mut self, at_ms: u64) -> Tale {
        self = self.frees(ReleasedBy::Expiry);
        self.events.last_mut().expect("the release").at_ms = at_ms;
        self
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

/// A hold of a minute, and a decision on its account at so many seconds.
fn decided_at(seconds: u64, fault: Option<Fault>, struck_s: u64) -> Tale {
    let mut tale = nothing();
    let faults = &mut Arc::make_mut(&mut tale.plan).faults;
    faults.extend(fault);
    let struck = !faults.is_empty();
    let mut tale = set_apart_until(tale, 60_000);
    if struck {
        tale = tale.event(Place::Issuer, What::Fault { fault: 0 });
        tale.events.last_mut().expect("the fault").at_ms = struck_s * 1_000;
    }
    let later = on_slip(2, Kind::Sale, PRICE);
    let asked = tale.asked(&later).takes(&later).decides(&later, code("51"), Reason::Balance);
    later_by(asked, Reason::Balance, seconds)
}

fn set_apart_until(tale: Tale, until: i64) -> Tale {
    let txn = pre_auth();
    let begun = What::OpBegins { op: txn.op, asked: Asked::PreAuth { card: 0 }, amount: PRICE };
    let asked = tale.event(TERMINAL, begun).pending(&txn).takes(&txn);
    asked.holds_money(HELD, until).granted(&txn)
}

/// The tale with the issuer's decision at so many seconds.
fn later_by(mut tale: Tale, why: Reason, seconds: u64) -> Tale {
    let decided = tale.events.iter_mut().find(|event| {
        matches!(event.what, What::Said { said: Observation::Decided { reason, .. } } if reason == why)
    });
    decided.expect("it is decided").at_ms = seconds * 1_000;
    tale.events.sort_by_key(Event::key);
    // The hold is released in the end, so that this alone is judged.
    tale.frees_at(seconds * 1_000 + 1)
}

fn pause(at: Place, seconds: u64) -> Option<Fault> {
    let what = FaultKind::Pause { for_ms: seconds * 1_000 };
    Some(Fault { at, what, when: When::At { ms: 0 } })
}

/// What is over when a decision is said may have lived when it was made: its record may have waited for the
/// disk, and for a host that stood still.
#[test]
fn a_hold_counts_until_its_time_is_over() {
    let check = |what, tale: Tale, expected| {
        super::check(what, &tale, Invariant::HoldBound, expected);
    };
    check("within its time", decided_at(59, None, 0), Held);
    check("within a sync of its end", decided_at(69, None, 0), Held);
    check("long after it", decided_at(75, None, 0), Violated);
    check("stood still meanwhile", decided_at(200, pause(Place::Issuer, 141), 58), Held);
    check("long after that too", decided_at(220, pause(Place::Issuer, 141), 58), Violated);
    check("stood still before", decided_at(90, pause(Place::Issuer, 20), 10), Violated);
    check("the acquirer did", decided_at(200, pause(Place::Acquirer, 141), 58), Violated);
    let zone = Fault {
        at: Place::Issuer,
        what: FaultKind::WrongZone { hours: 14 },
        when: When::At { ms: 0 },
    };
    check("by a clock of another zone", decided_at(200, Some(zone), 1), Held);
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
