//! Judged early or judged at the end: the verdicts are the same, to the last witness, over generated plans
//! and unsound parties, and over tales in which something settled is heard of again.

use super::super::settle::Settling;
use super::super::{Judge, judge, judge_streamed};
use super::tale::{self, Tale, nothing};
use crate::history::{Event, What};
use crate::plan::{Fault, FaultKind, MessageFilter, Place, Plan, When};
use crate::stage;
use crate::storm::{self, Knobs};
use cardstorm_models::ledger::Cause;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::acquirer::{AcquirerKey, Retention};
use cardstorm_models::party::issuer::{IssuerKey, Tombstones};
use cardstorm_models::party::terminal::{PaidIntent, ReversalRecord, TimeoutShows};
use cardstorm_models::wire::Mti;
use std::sync::Arc;

/// How often a history was judged with something settled, and how often that was void.
#[derive(Debug, Default)]
struct Seen {
    settled: u32,
    void: u32,
    violated: u32,
}

impl Seen {
    /// Settles sale by sale, as soon as nothing came after; holds the outcome against the whole judgement.
    fn check(&mut self, what: &str, plan: &Arc<Plan>, events: &[Event], quiet_ms: u64) {
        let settling = Settling::new(plan, 1, quiet_ms);
        let mut early = Judge { settling: Some(settling), ..Judge::new(plan) };
        for event in events {
            early.event(event);
        }
        let settling = early.settling.as_ref().expect("just given");
        self.settled += u32::from(settling.has_settled());
        let whole = judge(plan, events);
        self.violated += u32::from(whole.iter().any(|verdict| verdict.violation().is_some()));
        if settling.is_void() {
            self.void += 1;
        } else {
            assert_eq!(early.finish(), whole, "{what}, quiet for {quiet_ms} ms");
        }
    }
}

/// Ways to be unsound that reach sales long since approved.
fn unsound(plan: &mut Plan, way: u64) {
    let world = &mut plan.world;
    match way {
        0 => {}
        1 => world.issuer.choices.duplicate_key = IssuerKey::None,
        2 => world.acquirer.choices.duplicate_key = AcquirerKey::None,
        3 => world.acquirer.choices.retention = Retention::For { ms: 1 },
        4 => world.issuer.choices.tombstones = Tombstones::None,
        _ => {
            for terminal in &mut world.terminals {
                terminal.choices.paid_intent = PaidIntent::SendAgain;
                terminal.choices.timeout_shows = TimeoutShows::InsufficientFunds;
                terminal.choices.reversal_record = ReversalRecord::AfterSend;
            }
        }
    }
}

/// The second request of leg 2 comes once more when its sale is long over.
fn late_copy() -> Fault {
    let filter = MessageFilter { mti: Some(Mti::M0200), ..MessageFilter::default() };
    Fault {
        at: Place::Acquirer,
        what: FaultKind::Duplicate { after_ms: 200_000 },
        when: When::Sends { filter, nth: 2 },
    }
}

#[test]
fn settled_early_or_judged_at_the_end_is_the_same() {
    let knobs = Knobs { ops: 16, ..Knobs::default() };
    let mut seen = Seen::default();
    for seed in 0..120 {
        for way in [0, 1 + seed % 5] {
            let mut plan = storm::plan(seed, &knobs);
            unsound(&mut plan, way);
            if seed % 2 == 0 {
                plan.faults.push(late_copy());
            }
            let plan = Arc::new(plan);
            let events = stage::run(&plan);
            for quiet_ms in [1, 5_000, 70_000] {
                seen.check(&format!("seed {seed}, way {way}"), &plan, &events, quiet_ms);
            }
        }
    }
    let Seen { settled, void, violated } = seen;
    assert!(settled > 100 && void > 10 && violated > 10, "all of it happens: {seen:?}");
    assert!(settled - void > 100, "mostly, what was settled stays so: {seen:?}");
}

#[test]
fn what_is_heard_of_a_settled_sale_is_never_lost() {
    let paid = tale::sale(1);
    let part = tale::refund(2, &paid, Fen(40_00));
    let double = |tale: Tale| tale.debits(&paid);
    let tales = [
        ("nothing more", nothing().sold(&paid).sold(&tale::sale(3)).probed(0), false),
        ("debited again", double(nothing().sold(&paid).sold(&tale::sale(3))).probed(0), true),
        ("refunded", nothing().sold(&paid).sold(&tale::sale(3)).refunded(&part).probed(0), true),
    ];
    for (what, tale, void) in tales {
        let mut seen = Seen::default();
        seen.check(what, &tale.plan, &tale.events, 1);
        assert_eq!((seen.settled, seen.void), (1, u32::from(void)), "{what}");
    }
}

/// A stream that can be had again is judged again, and ends as if nothing had been settled.
#[test]
fn a_void_stream_is_judged_once_more() {
    let plan = Arc::new(storm::dense(1_200));
    let mut events = stage::run(&plan);
    let issuer = plan.node(Place::Issuer);
    let debit = |event: &&Event| {
        let posted = matches!(event.what, What::Said { said: Observation::Posted(posting) }
            if posting.cause == Cause::Sale);
        posted && event.node == issuer
    };
    let first = *events.iter().find(debit).expect("a sale");
    let at_ms = events.last().expect("a history").at_ms;
    let again = Event { at_ms, ordinal: u32::MAX, ..first };
    for (double, runs_expected) in [(false, 1), (true, 2)] {
        if double {
            events.push(again);
        }
        let mut runs = 0;
        let streamed = judge_streamed(&plan, |sink| {
            runs += 1;
            events.iter().for_each(&mut *sink);
        });
        assert_eq!(runs, runs_expected);
        assert_eq!(streamed, judge(&plan, &events));
        assert_eq!(streamed.iter().any(|verdict| verdict.violation().is_some()), double);
    }
}
