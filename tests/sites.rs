//! Terminal, acquirer and issuer, each killed at every step of a sale, of a void, of a reversal, of a refund
//! and of a settlement, balanced or not, with the reply to the terminal lost or not: no invariant may break,
//! and turmoil must tell the same story.

#[path = "shared/compare.rs"]
mod compare;
#[path = "shared/plans.rs"]
mod plans;
#[path = "shared/say.rs"]
mod say;
#[path = "shared/verdicts.rs"]
mod verdicts;

use cardstorm::check::judge;
use cardstorm::history::{Event, What};
use cardstorm::plan::{
    Death, Fault, FaultKind, Op, Place, Plan, PlannedHouseOp, Start, Task, When,
};
use cardstorm::stage::{self, Site, turmoil};
use cardstorm_models::ids::{Stan, TerminalId};
use cardstorm_models::party::HouseOp;
use cardstorm_models::wire::Mti;
use plans::{PRICE, TERMINAL, fault, quiet, refund, sale, sends, void};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const RESTART_MS: u64 = 3_000;
const TICK_MS: u64 = 100;

/// A story and the reply to the terminal that is lost in its second telling.
struct Story {
    name: &'static str,
    plan: Plan,
    reply: (Mti, u32),
}

fn stories() -> [Story; 7] {
    let mut sold = quiet(1, 70_000);
    sold.ops = vec![sale(0, 1_000, 1)];
    let mut doubted = quiet(1, 140_000);
    doubted.ops = vec![sale(0, 1_000, 1)];
    doubted.faults = vec![lost((Mti::M0210, 1))];
    let mut refunded = quiet(1, 140_000);
    refunded.ops = vec![sale(0, 1_000, 1), refund(0, 5_000, 0, PRICE)];
    let settle = |ms| Op { terminal: 0, start: Start::At { ms }, task: Task::Settle };
    let mut settled = quiet(1, 140_000);
    settled.ops = vec![sale(0, 1_000, 1), settle(4_000)];
    let mut uploaded = refunded.clone();
    uploaded.ops.push(settle(12_000));
    let op = HouseOp::LoseBatchItem { terminal: 0, nth: 0 };
    uploaded.house = vec![PlannedHouseOp { at_ms: 10_000, op }];
    let mut voided = quiet(1, 140_000);
    voided.ops = vec![sale(0, 1_000, 1), void(0, 5_000, 0)];
    let mut unvoided = voided.clone();
    unvoided.faults = vec![lost((Mti::M0210, 2))];
    [
        Story { name: "settlement that balances", plan: settled, reply: (Mti::M0510, 1) },
        Story { name: "settlement with an upload", plan: uploaded, reply: (Mti::M0330, 1) },
        Story { name: "sale", plan: sold, reply: (Mti::M0210, 1) },
        Story { name: "sale in doubt, reversed", plan: doubted, reply: (Mti::M0410, 1) },
        Story { name: "sale and its refund", plan: refunded, reply: (Mti::M0230, 1) },
        Story { name: "sale and its void", plan: voided, reply: (Mti::M0210, 2) },
        Story { name: "void in doubt, reversed", plan: unvoided, reply: (Mti::M0410, 1) },
    ]
}

/// The n-th such reply of the acquirer's is lost.
fn lost((reply, nth): (Mti, u32)) -> Fault {
    fault(Place::Acquirer, FaultKind::Drop, sends(reply, nth))
}

/// Every place to die in a plan before its faults end, as a trigger that strikes nowhere else.
fn triggers(plan: &Arc<Plan>) -> Vec<(Place, When)> {
    let late = late_stans(plan);
    let sites = stage::sites(plan);
    let before_probe =
        |site: &Site| site.subject.is_none_or(|subject| !late.contains(&subject.stan));
    let reached = sites.iter().enumerate().filter(|(_, site)| before_probe(site));
    reached.map(|(at, site)| (site.at, trigger(plan, &sites[..at], site))).collect()
}

fn trigger(plan: &Plan, passed: &[Site], site: &Site) -> When {
    let same = |other: &&Site| {
        (other.at, other.effect) == (site.at, site.effect)
            && (site.subject.is_none() || other.subject == site.subject)
    };
    let nth = u32::try_from(passed.iter().filter(same).count()).expect("few steps") + 1;
    let number = |id: TerminalId| plan.terminal_by_id(id).expect("a terminal of the plan");
    When::Before {
        effect: site.effect.to_owned(),
        terminal: site.subject.map(|subject| number(subject.terminal)),
        stan: site.subject.map(|subject| subject.stan.0),
        op: None,
        nth,
    }
}

/// The probe comes after the faults, with its sign-on where it needs one: what the terminal sends then for
/// the first time is no site of the story.
fn late_stans(plan: &Arc<Plan>) -> BTreeSet<Stan> {
    let (mut early, mut late) = (BTreeSet::new(), BTreeSet::new());
    for event in stage::run(plan) {
        let What::Sent { message, .. } = event.what else { continue };
        if event.node != plan.node(TERMINAL) {
            continue;
        }
        if event.at_ms < plan.chaos_ms {
            early.insert(message.stan);
        } else if !early.contains(&message.stan) {
            late.insert(message.stan);
        }
    }
    assert!(!late.is_empty(), "every plan is probed");
    late
}

/// Every story, told with and without its reply, with every death at every site.
fn deaths() -> Vec<(String, Place, Arc<Plan>)> {
    let mut all = Vec::new();
    for Story { name, plan, reply } in stories() {
        for reply_lost in [false, true] {
            let mut told = plan.clone();
            told.faults.extend(reply_lost.then(|| lost(reply)));
            for (at, when) in triggers(&Arc::new(told.clone())) {
                for death in [Death::Kill, Death::PowerLoss] {
                    let what = FaultKind::Crash { death, restart_after_ms: RESTART_MS };
                    let mut dying = told.clone();
                    dying.faults.push(fault(at, what, when.clone()));
                    let name = format!(
                        "{name}, reply lost: {reply_lost}, {death:?} of {at:?} at {when:?}"
                    );
                    all.push((name, at, Arc::new(dying)));
                }
            }
        }
    }
    all
}

/// The crash is the last fault of these plans.
fn crashed(plan: &Plan, events: &[Event]) -> bool {
    let last = u32::try_from(plan.faults.len()).expect("few faults") - 1;
    let struck = events.iter().any(|event| event.what == What::Fault { fault: last });
    struck && events.iter().any(|event| matches!(event.what, What::Crashed { .. }))
}

fn counted(deaths: &[(String, Place, Arc<Plan>)]) -> String {
    let mut per_party: BTreeMap<Place, u32> = BTreeMap::new();
    for (_, at, _) in deaths {
        *per_party.entry(*at).or_default() += 1;
    }
    let of = |at| per_party.get(&at).copied().unwrap_or_default();
    let (terminal, acquirer, issuer) = (of(TERMINAL), of(Place::Acquirer), of(Place::Issuer));
    assert!(terminal.min(acquirer).min(issuer) > 0, "every party dies somewhere");
    format!("{} (terminal {terminal}, acquirer {acquirer}, issuer {issuer})", deaths.len())
}

#[test]
fn a_death_at_any_step_breaks_no_invariant() {
    let deaths = deaths();
    let mut broken = Vec::new();
    for (name, _, plan) in &deaths {
        let events = stage::run(plan);
        assert!(crashed(plan, &events), "the party never died: {name}");
        let found = verdicts::violations(&judge(plan, &events));
        broken.extend(found.into_iter().map(|(_, words)| format!("{name}\n  {words}")));
    }
    say::say(&format!("sites in virtual time: {}", counted(&deaths)));
    assert!(broken.is_empty(), "{} violations\n{}", broken.len(), broken.join("\n"));
}

#[test]
fn turmoil_tells_every_death_in_the_same_bytes() {
    let deaths = deaths();
    let halves = deaths.chunks(deaths.len().div_ceil(2));
    std::thread::scope(|scope| {
        let told: Vec<_> = halves.map(|half| scope.spawn(|| same_on_turmoil(half))).collect();
        for half in told {
            half.join().expect("no half fails");
        }
    });
    say::say(&format!("sites on turmoil at {TICK_MS} ms: {}", counted(&deaths)));
}

fn same_on_turmoil(deaths: &[(String, Place, Arc<Plan>)]) {
    for (name, _, plan) in deaths {
        let carried = turmoil::run(plan, TICK_MS).expect("the tick fits the plan");
        let difference = compare::difference(&stage::run(plan), &carried);
        assert_eq!(difference, None, "{name}");
    }
}
