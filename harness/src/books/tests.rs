//! The books of whole runs: what holds of every sound one, and what each unsound story's books show.

use super::*;
use crate::history::{Event, What};
use crate::plan::Plan;
use crate::scenario::{self, Scenario};
use crate::stage;
use crate::storm::{self, Knobs};
use cardstorm_models::clearing::reconcile::{Class, Responsible};
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use std::sync::Arc;

fn story(name: &str) -> Scenario {
    let found = scenario::catalogue().find(|(known, _)| *known == name);
    let (_, text) = found.unwrap_or_else(|| panic!("no story {name}"));
    scenario::parse(name, name, text).expect("a story of the catalogue")
}

fn reconciled(plan: &Arc<Plan>, events: &[Event]) -> Reconciliation {
    let mut reconciler = Reconciler::new(plan);
    events.iter().for_each(|event| reconciler.event(event));
    reconciler.finish().clone()
}

/// What holds of the books of sound parties, whatever happened to them.
fn balanced(plan: &Arc<Plan>, what: &str) {
    let events = stage::run(plan);
    let result = reconciled(plan, &events);
    let open: Vec<_> = result.open().collect();
    assert!(open.is_empty(), "{what}: {open:#?}");
    let last = result.days.last().expect("the end is a close");
    assert_eq!(last.breaks, 0, "{what}");
    let (mut merchants, mut movements) = (Merchants::new(plan), Movements::new(plan));
    for event in &events {
        merchants.event(event);
        movements.event(event);
    }
    for ((merchant, day), of) in &merchants.days {
        assert_eq!(of.unexplained(), Fen::ZERO, "{what}: {merchant} on {day}: {of:?}");
        let parts = of.gross - of.reversed - of.voids - of.refunds - of.fees + of.fees_returned;
        assert_eq!(parts + of.adjustments, of.net, "{what}: {merchant} on {day}: {of:?}");
    }
    for event in &events {
        let What::Balance { account, balance } = event.what else { continue };
        let Some(series) = movements.series.get(&account) else { continue };
        assert_eq!(series.balance(), balance, "{what}: {account:?}");
        if let Account::MerchantUnsettled(n) = account {
            let days = merchants.days.iter().filter(|((merchant, _), _)| *merchant == n);
            let left = days.map(|(_, of)| of.net - of.swept - of.paid.unwrap_or_default());
            assert_eq!(series.opening + left.sum::<Fen>(), balance, "{what}: merchant {n}");
        }
    }
}

#[test]
fn the_books_of_every_sound_story_balance() {
    for (name, _) in scenario::catalogue().filter(|(name, _)| !name.starts_with("unsound/")) {
        balanced(&Arc::new(story(name).plan), name);
    }
}

#[test]
fn the_books_of_generated_plans_balance() {
    for seed in 0..300 {
        balanced(&Arc::new(storm::plan(seed, &Knobs::default())), &format!("seed {seed}"));
    }
}

/// What a story's books are left with: class, whose work it is, fen.
fn breaks(name: &str, expected: &[(Class, Responsible, i64)]) {
    let plan = Arc::new(story(name).plan);
    let result = reconciled(&plan, &stage::run(&plan));
    let of = |one: &Difference| (one.finding.class, one.finding.responsible, one.finding.amount.0);
    assert_eq!(result.open().map(of).collect::<Vec<_>>(), expected, "{name}");
    let last = result.days.last().expect("the end is a close");
    assert_eq!(last.breaks, expected.len() as u64, "{name}");
    assert_eq!(last.at_break.0, expected.iter().map(|(.., amount)| amount).sum::<i64>(), "{name}");
}

/// The break table of flows 11, each row from a story whose parties really get there.
#[test]
fn a_wrong_party_leaves_the_break_that_the_table_names() {
    use Responsible::{Acquirer, Issuer, Terminal};
    breaks("unsound/silence-as-91", &[(Class::HolderDebited, Acquirer, 520_00)]);
    breaks("unsound/advice-given-up", &[(Class::HolderDebited, Acquirer, 520_00)]);
    breaks("unsound/no-reversal-at-all", &[(Class::AcquirerLong, Terminal, 320_00)]);
    breaks("unsound/late-approval-after-98", &[(Class::Phantom, Terminal, 299_00)]);
    breaks("unsound/approved-before-written", &[(Class::IssuerShort, Issuer, 410_00)]);
    breaks("unsound/issuer-without-a-key", &[(Class::Duplicate, Issuer, 149_00)]);
    breaks("unsound/paid-twice", &[(Class::PaidTwice, Acquirer, 100_00)]);
    let wall = [(Class::Unpaid, Acquirer, 100_00), (Class::Unpaid, Acquirer, 1)];
    breaks("unsound/cleared-by-the-wall", &wall);
    // What differs in words, or in the fee alone, differs in no book.
    breaks("unsound/silence-as-51", &[]);
    breaks("unsound/fee-on-a-reversed-sale", &[]);
}

/// A sale that is captured before the cut-off and answered after it is a difference of that close, explained
/// at the next, and nothing is ever to be repaired.
#[test]
fn a_cut_off_is_not_a_loss() {
    let text = story("short-settlement/less-the-fee").source;
    let late = |at: &str| text.replace("[sale.lunch]\n", &format!("[sale.lunch]\nat = \"{at}\"\n"));
    let check = |at: &str, expected: &[(Class, Settled)]| {
        let scenario = scenario::parse("late", "late", &late(at)).expect("a story");
        let plan = Arc::new(scenario.plan);
        let mut reconciler = Reconciler::new(&plan);
        stage::run(&plan).iter().for_each(|event| reconciler.event(event));
        let mut result = reconciler.finish().clone();
        // The probe comes after the cut-off and on its date: a timing difference of its own.
        let probe = |one: &Difference| reconciler.lines().get(one.rrn).op == Some(plan.probe_op(0));
        result.differences.retain(|one| !probe(one));
        let settled = |one: &Difference| (one.finding.class, one.settled.expect("it went away").1);
        assert_eq!(result.differences.iter().map(settled).collect::<Vec<_>>(), expected, "{at}");
        assert!(result.days.iter().all(|day| day.breaks == 0), "{at}: {:?}", result.days);
    };
    check("+10s", &[]);
    // Sent before the cut-off and captured after it, as the two that follow it, on the date that the till
    // has.
    check("+299900ms", &[(Class::Timing, Settled::CameIn); 3]);
}

/// Thirty days, each closed, reconciled and paid out, cost no more than their events.
#[test]
fn a_month_is_reconciled_every_day() {
    let plan = Arc::new(storm::month(1_800));
    balanced(&plan, "a month");
    let mut reconciler = Reconciler::new(&plan);
    let mut merchants = Merchants::new(&plan);
    stage::run(&plan).iter().for_each(|event| {
        reconciler.event(event);
        merchants.event(event);
    });
    let result = reconciler.finish();
    assert_eq!(result.days.len(), 31, "thirty cut-offs and the end");
    assert!(result.differences.is_empty(), "{:?}", result.differences.first());
    let looked_at: u64 = result.days.iter().map(|day| day.compared).sum();
    assert!(looked_at < 4 * 1_830, "{looked_at} looks at 1,830 transactions");
    let paid = merchants.days.values().filter(|of| of.paid.is_some()).count();
    assert!(paid >= 30 * 25, "{paid} payouts");
}
