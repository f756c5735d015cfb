//! Known fees, and the laws of the arithmetic.

use super::*;
use proptest::prelude::*;

const DAY: Day = Day(9_557);

fn item(kind: CardKind, channel: Channel, amount: i64) -> Item {
    Item { kind, channel, amount: Fen(amount) }
}

fn check(kind: CardKind, channel: Channel, amount: i64, fee: i64) {
    let fen = FeeTable::example().fee(&item(kind, channel, amount), DAY);
    assert_eq!(fen.whole, Fen(fee), "{kind:?} {channel:?} {amount}");
    assert_eq!(fen.parts.into_iter().sum::<Fen>(), fen.whole);
}

#[test]
fn the_figures_that_merchants_quote() {
    use CardKind::{Credit, Debit};
    use Channel::{Card, Qr};
    // 0.60 %: 100.00, 1000.00, 10000.00.
    check(Credit, Card, 100_00, 60);
    check(Credit, Card, 1000_00, 6_00);
    check(Credit, Card, 10000_00, 60_00);
    // Half a fen and its neighbours: 0.75 yuan pays 0.45 fen, 0.84 pays 0.504, 2.50 pays 1.5.
    check(Credit, Card, 75, 0);
    check(Credit, Card, 84, 1);
    check(Credit, Card, 2_50, 2);
    check(Credit, Card, 2_49, 1);
    // 0.50 % capped at 20.00: the cap is reached at 4000.00.
    check(Debit, Card, 3999_99, 20_00);
    check(Debit, Card, 3998_99, 19_99);
    check(Debit, Card, 4000_00, 20_00);
    check(Debit, Card, 4000_01, 20_00);
    check(Debit, Card, 400_000_00, 20_00);
    // Small QR up to 1000.00, large above.
    check(Debit, Qr, 1000_00, 3_80);
    check(Credit, Qr, 1000_01, 5_50);
    check(Credit, Qr, 999_99, 3_80);
    check(Credit, Card, 0, 0);
}

#[test]
fn unsound_ways_price_the_boundary_or_the_batch_otherwise() {
    let table = FeeTable::example();
    let small = item(CardKind::Credit, Channel::Qr, 1000_00);
    assert_eq!(table.fee_by(&small, DAY, TierBoundary::Excluded).whole, Fen(5_50));
    let cheap = item(CardKind::Credit, Channel::Card, 75);
    let scope = PriceScope::RoundedSum;
    let batch: Fen =
        (0..4).map(|n| table.fee_in_batch(&cheap, Fen(75 * n), DAY, scope).whole).sum();
    assert_eq!(
        batch,
        Fen(2),
        "four times 0.45 fen, rounded once, is 1.8 fen; by item it is nothing"
    );
    let dear = item(CardKind::Debit, Channel::Card, 4000_00);
    let scope = PriceScope::CapOnSum;
    assert_eq!(table.fee_in_batch(&dear, Fen::ZERO, DAY, scope).whole, Fen(20_00));
    assert_eq!(table.fee_in_batch(&dear, Fen(4000_00), DAY, scope).whole, Fen::ZERO);
}

#[test]
fn a_rate_changes_with_the_clearing_day() {
    let old = FeeTable::example().rows[1].clone();
    let new = FeeRow { from: Some(DAY), rate: Decimal::new(65, 4), ..old.clone() };
    let old = FeeRow { to: Some(DAY.plus(-1)), ..old };
    let table = FeeTable { rounding: Rounding::HalfUp, rows: vec![old, new] };
    assert_eq!(table.faults(), []);
    let sale = item(CardKind::Credit, Channel::Card, 1000_00);
    assert_eq!(table.fee(&sale, DAY.plus(-1)).whole, Fen(6_00));
    assert_eq!(table.fee(&sale, DAY).whole, Fen(6_50));
}

fn faults(change: impl FnOnce(&mut FeeTable), expected: &[FeeTableError]) {
    let mut table = FeeTable::example();
    change(&mut table);
    assert_eq!(table.faults(), expected);
}

#[test]
fn a_table_that_prices_an_item_twice_or_not_at_all_is_told() {
    faults(|_| {}, &[]);
    faults(|table| table.rows[0].kind = None, &[FeeTableError::Overlap(0, 1)]);
    faults(|table| table.rows[3].above = Fen(999_99), &[FeeTableError::Overlap(2, 3)]);
    faults(|table| table.rows[2].up_to = Some(Fen::ZERO), &[FeeTableError::Empty(2)]);
    faults(|table| table.rows[1].rate = Decimal::new(101, 2), &[FeeTableError::Rate(1)]);
    faults(|table| table.rows[1].rate = Decimal::new(-1, 2), &[FeeTableError::Rate(1)]);
    faults(|table| table.rows[0].least = Fen(20_01), &[FeeTableError::Bounds(0)]);
    let same_day = |table: &mut FeeTable| {
        let row = table.rows[1].clone();
        table.rows[1].to = Some(DAY);
        table.rows.push(FeeRow { from: Some(DAY), ..row });
    };
    faults(same_day, &[FeeTableError::Overlap(1, 4)]);
    let nobody = Shares { issuer: 0, network: 0, acquirer: 0 };
    faults(|table| table.rows[0].shares = nobody, &[FeeTableError::Shares(0)]);
    let days = |table: &mut FeeTable| {
        table.rows[0].from = Some(DAY);
        table.rows[0].to = Some(DAY.plus(-1));
    };
    faults(days, &[FeeTableError::Empty(0)]);
}

proptest! {
    #[test]
    fn parts_add_up_and_stay_within_a_fen(
        whole in 0i64..1_000_000_000_000, issuer in 0u32..10_000, network in 0u32..10_000,
        acquirer in 1u32..10_000,
    ) {
        let shares = Shares { issuer, network, acquirer };
        let parts = shares.divide(Fen(whole));
        prop_assert_eq!(parts.into_iter().sum::<Fen>(), Fen(whole));
        let sum = i128::from(issuer + network + acquirer);
        for (part, weight) in parts.into_iter().zip([issuer, network, acquirer]) {
            let off = i128::from(part.0) * sum - i128::from(whole) * i128::from(weight);
            prop_assert!(off.abs() < sum);
            prop_assert!(part >= Fen::ZERO);
        }
    }

    /// Monotone within a tier; the example's tiers go up as well.
    #[test]
    fn more_money_never_costs_less(amount in 0i64..1_000_000_000, more in 0i64..1_000_000) {
        let table = FeeTable::example();
        for (kind, channel) in [
            (CardKind::Debit, Channel::Card),
            (CardKind::Credit, Channel::Card),
            (CardKind::Credit, Channel::Qr),
        ] {
            let one = table.fee(&item(kind, channel, amount), DAY).whole;
            let other = table.fee(&item(kind, channel, amount + more), DAY).whole;
            prop_assert!(one <= other);
            prop_assert!(one >= Fen::ZERO && one <= Fen(amount));
        }
    }

    #[test]
    fn a_refund_in_parts_returns_what_one_refund_returns(
        captured in 1i64..1_000_000, fee in 0i64..10_000, cuts in prop::collection::vec(1i64..1_000_000, 0..6)
    ) {
        let fee = Fen(fee.min(captured));
        for rule in [FeeOnRefund::ProRata, FeeOnRefund::Full, FeeOnRefund::Kept] {
            let (mut refunded, mut returned) = (Fen::ZERO, Fen::ZERO);
            for cut in cuts.iter().map(|cut| Fen(*cut)).chain([Fen(captured)]) {
                let next = (refunded + cut).min(Fen(captured));
                let more = rule.returned(fee, Fen(captured), next)
                    - rule.returned(fee, Fen(captured), refunded);
                prop_assert!(more >= Fen::ZERO);
                returned += more;
                refunded = next;
            }
            prop_assert_eq!(returned, rule.returned(fee, Fen(captured), Fen(captured)));
            prop_assert_eq!(returned, if rule == FeeOnRefund::Kept { Fen::ZERO } else { fee });
        }
    }

    #[test]
    fn rows_that_do_not_overlap_never_price_the_same_item(
        above in 0i64..5, top in 1i64..8, above2 in 0i64..5, top2 in 1i64..8, from in 0i32..4, to2 in 0i32..4,
        amount in 1i64..8, day in 0i32..4,
    ) {
        let shares = Shares { issuer: 1, network: 1, acquirer: 1 };
        let plain = FeeRow::plain(Channel::Card, Decimal::ZERO, shares);
        let one = FeeRow { from: Some(Day(from)), above: Fen(above), up_to: Some(Fen(top)), ..plain.clone() };
        let two = FeeRow { to: Some(Day(to2)), above: Fen(above2), up_to: Some(Fen(top2)), ..plain };
        let sale = item(CardKind::Debit, Channel::Card, amount);
        let tier = TierBoundary::Included;
        let both = one.prices(&sale, Day(day), tier) && two.prices(&sale, Day(day), tier);
        prop_assert!(!both || one.overlaps(&two));
    }
}
