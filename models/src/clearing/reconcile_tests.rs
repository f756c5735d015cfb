//! The break table, row by row, and its laws.

use super::*;
use proptest::prelude::*;

const DAY: Day = Day(9_557);
const SALE: Has = Has::Entry(Entry { count: 1, amount: Fen(100_00), day: DAY });
const NO: Has = Has::Nothing;

fn other(count: i32, amount: i64, days: i32) -> Has {
    Has::Entry(Entry { count, amount: Fen(amount), day: DAY.plus(days) })
}

fn check(journal: Has, record: Has, issuer: Has, payout: Has, expected: (Class, Responsible, i64)) {
    let finding = Sources { journal, record, issuer, payout }.classify();
    let got = (finding.class, finding.responsible, finding.amount.0);
    assert_eq!(got, expected, "{journal:?} {record:?} {issuer:?} {payout:?}");
    let quiet = [Class::Nothing, Class::Match, Class::Timing].contains(&finding.class);
    assert_eq!(finding.repair.is_none(), quiet);
    assert_eq!(finding.responsible == Responsible::Nobody, quiet);
}

#[test]
fn every_row_of_the_break_table() {
    use Responsible::{Acquirer, Issuer, Nobody, Terminal};
    check(SALE, SALE, SALE, SALE, (Class::Match, Nobody, 0));
    check(NO, NO, NO, NO, (Class::Nothing, Nobody, 0));
    check(NO, NO, SALE, NO, (Class::HolderDebited, Acquirer, 100_00));
    check(NO, SALE, SALE, SALE, (Class::AcquirerLong, Terminal, 100_00));
    check(SALE, NO, NO, NO, (Class::Phantom, Terminal, 100_00));
    check(SALE, SALE, NO, SALE, (Class::IssuerShort, Issuer, 100_00));
    check(SALE, NO, SALE, NO, (Class::RecordLost, Acquirer, 100_00));
    check(NO, SALE, NO, NO, (Class::RecordAlone, Acquirer, 100_00));
    check(other(1, 90_00, 0), SALE, SALE, SALE, (Class::Amount, Terminal, 10_00));
    check(SALE, SALE, other(1, 120_00, 0), SALE, (Class::Amount, Issuer, 20_00));
    check(SALE, other(1, 60_00, 0), SALE, SALE, (Class::Amount, Acquirer, 40_00));
    check(other(1, 1, 0), other(1, 5, 0), other(1, 9, 0), SALE, (Class::Amount, Acquirer, 8));
    check(other(2, 100_00, 0), SALE, SALE, SALE, (Class::Duplicate, Terminal, 100_00));
    check(SALE, other(3, 100_00, 0), SALE, SALE, (Class::Duplicate, Acquirer, 200_00));
    check(SALE, SALE, other(2, 100_00, 0), SALE, (Class::Duplicate, Issuer, 100_00));
    check(NO, NO, other(-1, 100_00, 0), NO, (Class::UndoneTwice, Issuer, 100_00));
    check(NO, other(-2, 100_00, 0), NO, NO, (Class::UndoneTwice, Acquirer, 200_00));
}

#[test]
fn the_payout_is_the_fourth_source() {
    use Responsible::Acquirer;
    check(SALE, SALE, SALE, NO, (Class::Unpaid, Acquirer, 100_00));
    check(SALE, SALE, SALE, other(2, 100_00, 0), (Class::PaidTwice, Acquirer, 100_00));
    check(SALE, SALE, SALE, other(1, 99_00, 0), (Class::PaidOtherwise, Acquirer, 1_00));
    check(SALE, SALE, SALE, other(1, 101_00, 0), (Class::PaidOtherwise, Acquirer, 1_00));
    check(NO, NO, NO, other(2, 5_00, 0), (Class::PaidForNothing, Acquirer, 10_00));
    check(SALE, SALE, SALE, Has::NotYet, (Class::Match, Responsible::Nobody, 0));
}

#[test]
fn a_cut_off_is_told_from_a_loss() {
    use Responsible::{Acquirer, Nobody};
    check(SALE, other(1, 100_00, 1), SALE, SALE, (Class::Timing, Nobody, 0));
    check(SALE, Has::NotYet, SALE, NO, (Class::Timing, Nobody, 0));
    check(SALE, NO, SALE, NO, (Class::RecordLost, Acquirer, 100_00));
}

#[test]
fn one_break_is_repaired_once() {
    let lost = Sources { issuer: SALE, ..Sources::default() }.classify();
    let mut desk = Desk::default();
    assert_eq!(desk.adjust(1, &lost), Some((Repair::CreditHolder, Fen(100_00))));
    assert_eq!(desk.adjust(1, &lost), None, "twice");
    assert!(!desk.late_reversal(1), "adjusted already");
    assert!(desk.late_reversal(2));
    assert_eq!(desk.adjust(2, &lost), None, "undone already");
    assert_eq!(desk.adjust(3, &MATCH), None, "nothing to repair");
    assert!(desk.late_reversal(3));
}

fn has() -> impl Strategy<Value = Has> {
    prop_oneof![
        Just(Has::Nothing),
        Just(Has::NotYet),
        (prop_oneof![Just(-1), 1..4], 1i64..4, 0i32..2)
            .prop_map(|(count, amount, days)| other(count, amount, days)),
    ]
}

proptest! {
    /// Total: whatever the sources, there is a class; what differs is never called a match, and a match moves
    /// nothing.
    #[test]
    fn a_match_is_a_match(journal in has(), record in has(), issuer in has(), payout in has()) {
        let sources = Sources { journal, record, issuer, payout };
        let finding = sources.classify();
        prop_assert_eq!(finding, sources.classify());
        prop_assert_eq!(finding.repair.is_some(), finding.amount > Fen::ZERO);
        prop_assert_eq!(finding.repair.is_some(), finding.responsible != Responsible::Nobody);
        let same = journal == record && record == issuer;
        if finding.class == Class::Match {
            let once = matches!(journal, Has::Entry(Entry { count: 1, .. }));
            prop_assert!(same && once);
        }
        if same && payout == journal && matches!(journal, Has::Entry(Entry { count: 1, .. })) {
            prop_assert_eq!(finding.class, Class::Match);
        }
    }

    /// Whatever the order and number of attempts, one of them does something.
    #[test]
    fn at_most_one_repair(attempts in prop::collection::vec(any::<bool>(), 1..8)) {
        let lost = Sources { issuer: SALE, ..Sources::default() }.classify();
        let mut desk = Desk::default();
        let done = attempts.iter().filter(|adjust| match adjust {
            true => desk.adjust((), &lost).is_some(),
            false => desk.late_reversal(()),
        });
        prop_assert_eq!(done.count(), 1);
    }
}
