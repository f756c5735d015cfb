//! Each check against hand-made histories: what violates it, the nearest legitimate neighbour, and nothing
//! to check. `tale` makes the histories; `money` holds the checks of money, `words` those of what is said
//! and done, `entrance` those of what may come in, `voids` what voids add, `settled` what is judged early,
//! `remarks` what remarks are as data; here stand the door they all go through, and the counting of findings.

mod batch;
mod entrance;
mod holds;
mod inquiries;
mod money;
mod pages;
mod parts;
pub(super) mod remarks;
mod settled;
mod tale;
mod voids;
mod words;

use super::{Findings, Invariant, Offence, Remark, Ruling, Verdict, judge};
use crate::plan::{NodeId, Place};
use cardstorm_models::money::Fen;
use tale::{Tale, nothing, world_of};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Held,
    Violated,
    Unknown,
}

use Expected::{Held, Unknown, Violated};

/// The verdict on one invariant over a tale.
fn verdict(tale: &Tale, invariant: Invariant) -> Verdict {
    let mut verdicts = judge(&tale.plan, &tale.events).into_iter();
    verdicts.find(|verdict| verdict.invariant == invariant).expect("every invariant has a verdict")
}

/// A tale, an invariant, how it must come out.
fn check(what: &str, tale: &Tale, invariant: Invariant, expected: Expected) {
    let verdict = verdict(tale, invariant);
    let found = match verdict.ruling {
        Ruling::Held => Held,
        Ruling::Violated(_) => Violated,
        Ruling::Unknown(_) => Unknown,
    };
    assert_eq!(found, expected, "{what}: {}: {verdict:#?}", invariant.name());
    assert_eq!(expected == Unknown, verdict.checked == 0, "{what}: a check counts what it checked");
}

#[test]
fn where_nothing_happened_nothing_is_held() {
    for invariant in Invariant::ALL {
        check("an empty history", &world_of(0), invariant, Unknown);
    }
}

#[test]
fn a_day_without_trouble_holds_everything_that_it_touches() {
    let paid = tale::sale(1);
    let part = tale::refund(2, &paid, Fen(40_00));
    let day = nothing().sold(&paid).refunded(&part).credits(&part, tale::HOLDER).probed(0).read();
    for invariant in Invariant::ALL {
        let expected = match invariant {
            // Nothing was declined, no journal was searched.
            Invariant::DeclineMovesNothing | Invariant::NoCardData => Unknown,
            // Nothing was damaged, nothing came twice, no card has a PIN.
            Invariant::AuthenticOnly | Invariant::PinCount => Unknown,
            // The shop has no contract, and settles nothing.
            Invariant::ClearedOnce | Invariant::FeeExact | Invariant::TotalsAgree => Unknown,
            // No cut-off came.
            Invariant::RepairedOnce => Unknown,
            // Nothing was pre-authorised.
            Invariant::HoldBound => Unknown,
            _ => Held,
        };
        check("a sale, a refund, a probe", &day, invariant, expected);
    }
}

#[test]
fn verdicts_come_in_the_order_of_the_invariants() {
    let verdicts = judge(&nothing().plan, &[]);
    assert_eq!(
        verdicts.iter().map(|verdict| verdict.invariant).collect::<Vec<_>>(),
        Invariant::ALL
    );
}

fn offend(findings: &mut Findings, at_ms: u64, at_risk: Fen) {
    let first = (at_ms, NodeId(0), 0);
    findings.checked();
    findings.offence(at_risk, first, || Offence {
        expected: Remark::EveryOperationEnds,
        observed: Remark::SentTimes { times: at_ms },
        first,
        blamed: Place::Acquirer,
        key: None,
        rrns: Vec::new(),
    });
}

#[test]
fn findings_count_every_offence_and_word_the_first() {
    let mut findings = Findings::default();
    for (at_ms, at_risk) in [(50, Fen(5)), (20, Fen(7)), (90, Fen(11))] {
        offend(&mut findings, at_ms, at_risk);
    }
    findings.checked_many(10);
    let verdict = findings.verdict(Invariant::Progress, Remark::NoOperationBegan);
    let found = verdict.violation().expect("violated");
    assert_eq!((verdict.checked, found.count, found.at_risk), (13, 3, Fen(23)));
    assert_eq!((found.first.0, &found.observed), (20, &Remark::SentTimes { times: 20 }));
}

#[test]
fn of_two_offences_at_one_event_the_one_found_first_stays() {
    let mut findings = Findings::default();
    offend(&mut findings, 20, Fen::ZERO);
    let worded = |findings: &Findings| format!("{findings:?}");
    let before =
        worded(&findings).replace("count: 1", "count: 2").replace("checked: 1", "checked: 2");
    offend(&mut findings, 20, Fen::ZERO);
    assert_eq!(worded(&findings), before);
}

#[test]
fn a_difference_is_at_risk_either_way() {
    let mut findings = Findings::default();
    offend(&mut findings, 1, Fen(-5));
    offend(&mut findings, 2, Fen(-5));
    let verdict = findings.verdict(Invariant::Progress, Remark::NoOperationBegan);
    assert_eq!(verdict.violation().map(|found| (found.count, found.at_risk)), Some((2, Fen(10))));
}

#[test]
fn findings_that_checked_nothing_say_so() {
    let verdict = Findings::default().verdict(Invariant::Progress, Remark::NoOperationBegan);
    assert_eq!(verdict.ruling, Ruling::Unknown(Remark::NoOperationBegan));
    let mut findings = Findings::default();
    findings.checked();
    assert_eq!(
        findings.verdict(Invariant::Progress, Remark::NoOperationBegan).ruling,
        Ruling::Held
    );
}
