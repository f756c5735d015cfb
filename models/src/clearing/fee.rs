//! What an item costs the merchant: a table of rates by clearing date, card kind, channel and amount
//! (flows 9). Rates are exact decimals and results whole fen; no float, and no sum that loses a fen.

use super::Day;
use crate::money::Fen;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What kind of card paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// 借记卡
    Debit,
    /// 贷记卡
    #[default]
    Credit,
}

/// How the holder paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// With a card.
    #[default]
    Card,
    /// With a QR code.
    Qr,
}

/// What decides which row prices an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What kind of card paid.
    pub kind: CardKind,
    /// How.
    pub channel: Channel,
    /// Fen.
    pub amount: Fen,
}

/// What becomes of half a fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half a fen goes up: the common contract term.
    #[default]
    HalfUp,
    /// Half a fen goes to the even neighbour.
    HalfEven,
    /// Every part of a fen goes up.
    Up,
    /// Every part of a fen is dropped.
    Down,
}

impl Rounding {
    /// Whole fen of an exact amount that is not below zero.
    pub fn fen(self, exact: Decimal) -> Fen {
        let strategy = match self {
            Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Rounding::HalfEven => RoundingStrategy::MidpointNearestEven,
            Rounding::Up => RoundingStrategy::AwayFromZero,
            Rounding::Down => RoundingStrategy::ToZero,
        };
        let whole = exact.round_dp_with_strategy(0, strategy);
        Fen(i64::try_from(whole.mantissa()).expect("a fee fits the fen"))
    }
}

/// How a whole fee is divided, as weights. A part of zero weight gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shares {
    /// 发卡行服务费
    pub issuer: u32,
    /// 网络服务费
    pub network: u32,
    /// 收单服务费, the acquirer's margin.
    pub acquirer: u32,
}

impl Shares {
    /// Divides a whole by largest remainder: the parts add up to it, and none is more than a fen from its
    /// exact share. Of equal remainders the first named gets the fen. Panics if every weight is zero.
    pub fn divide(self, whole: Fen) -> [Fen; 3] {
        let weights = [self.issuer, self.network, self.acquirer].map(i128::from);
        let sum: i128 = weights.iter().sum();
        assert!(sum > 0, "some part has a weight");
        let exact = weights.map(|weight| i128::from(whole.0) * weight);
        let mut parts = exact.map(|exact| exact.div_euclid(sum));
        let mut order = [0usize, 1, 2];
        order.sort_by_key(|&n| std::cmp::Reverse(exact[n].rem_euclid(sum)));
        let left = i128::from(whole.0) - parts.iter().sum::<i128>();
        for &n in order.iter().take(usize::try_from(left).expect("fewer than three fen are left")) {
            parts[n] += 1;
        }
        parts.map(|part| Fen(i64::try_from(part).expect("a part is no more than the whole")))
    }
}

/// One row of a fee table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeRow {
    /// First clearing day that it prices; since ever where none is given.
    #[serde(default)]
    pub from: Option<Day>,
    /// Last clearing day that it prices; for good where none is given.
    #[serde(default)]
    pub to: Option<Day>,
    /// Which cards; all where none is given.
    #[serde(default)]
    pub kind: Option<CardKind>,
    /// Which channel.
    pub channel: Channel,
    /// Only amounts above this, in fen.
    #[serde(default)]
    pub above: Fen,
    /// Only amounts up to this and with it, in fen.
    #[serde(default)]
    pub up_to: Option<Fen>,
    /// Part of the amount: 0.0060 is 0.60 %.
    pub rate: Decimal,
    /// The least fee of an item, in fen.
    #[serde(default)]
    pub least: Fen,
    /// The most, in fen (封顶).
    #[serde(default)]
    pub cap: Option<Fen>,
    /// Who gets which part.
    pub shares: Shares,
}

impl FeeRow {
    /// A row that prices any card, any amount, on any day.
    pub fn plain(channel: Channel, rate: Decimal, shares: Shares) -> FeeRow {
        FeeRow {
            from: None,
            to: None,
            kind: None,
            channel,
            above: Fen::ZERO,
            up_to: None,
            rate,
            least: Fen::ZERO,
            cap: None,
            shares,
        }
    }

    fn prices(&self, item: &Item, day: Day, tier: TierBoundary) -> bool {
        let amount = match tier {
            TierBoundary::Included => item.amount,
            // One fen more finds the tier that a `>=` in place of `>` finds.
            TierBoundary::Excluded => item.amount + Fen(1),
        };
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && self.kind.is_none_or(|kind| kind == item.kind)
            && self.channel == item.channel
            && amount > self.above
            && self.up_to.is_none_or(|up_to| amount <= up_to)
    }

    /// Whether some item on some day is priced by both.
    pub fn overlaps(&self, other: &FeeRow) -> bool {
        let days = |one: &FeeRow, two: &FeeRow| match (one.from, two.to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        let amounts = |one: &FeeRow, two: &FeeRow| two.up_to.is_none_or(|top| one.above < top);
        let kinds = self.kind.is_none() || other.kind.is_none() || self.kind == other.kind;
        self.channel == other.channel
            && kinds
            && days(self, other)
            && days(other, self)
            && amounts(self, other)
            && amounts(other, self)
    }

    /// The fee before rounding, of an exact share, within least and cap.
    fn bounded(&self, exact: Decimal) -> Decimal {
        let exact = exact.max(Decimal::from(self.least.0));
        self.cap.map_or(exact, |cap| exact.min(Decimal::from(cap.0)))
    }
}

/// Which side of a tier its boundary amount belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierBoundary {
    /// "Up to 1000.00" takes 1000.00 in, as the contract reads.
    #[default]
    Included,
    /// UNSOUND: `>=` where `>` was meant; the boundary amount is priced by the tier above.
    Excluded,
}

/// A fee and its parts, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fee {
    /// What the merchant pays.
    pub whole: Fen,
    /// Issuer's, network's, acquirer's part; they add up to the whole.
    pub parts: [Fen; 3],
}

/// What is wrong with a fee table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeeTableError {
    /// Two rows could price the same item on the same day.
    #[error("rows {} and {} price the same item on the same day", .0 + 1, .1 + 1)]
    Overlap(usize, usize),
    /// A row that ends before it begins, or whose tier does.
    #[error("row {} prices nothing: it ends before it begins", .0 + 1)]
    Empty(usize),
    /// A rate below zero or over 100 %.
    #[error("row {}: a rate is 0 to 100 %", .0 + 1)]
    Rate(usize),
    /// A bound below zero, or a cap below the least fee.
    #[error("row {}: least fee and cap are not below zero, and the cap is not below the least fee", .0 + 1)]
    Bounds(usize),
    /// Nobody gets the fee.
    #[error("row {}: some part must have a weight", .0 + 1)]
    Shares(usize),
}

/// The fee table of a contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeTable {
    /// What becomes of parts of a fen.
    #[serde(default)]
    pub rounding: Rounding,
    /// In any order; no two may price the same item.
    pub rows: Vec<FeeRow>,
}

impl FeeTable {
    /// The figures that merchants quote: 0.60 % for credit cards, 0.50 % capped at 20.00 for debit cards,
    /// 0.38 % for QR payments up to 1000.00 and 0.55 % above, half a fen up. The parts are this model's
    /// own example within the regulated ceilings (flows 9).
    pub fn example() -> FeeTable {
        let row = |channel, rate_e4: i64, issuer| {
            // Weights in 1/100 of a basis point.
            let acquirer = u32::try_from(rate_e4 * 100).expect("small") - issuer - 325;
            let shares = Shares { issuer, network: 325, acquirer };
            FeeRow::plain(channel, Decimal::new(rate_e4, 4), shares)
        };
        let thousand = Fen(1000_00);
        let debit = FeeRow {
            kind: Some(CardKind::Debit),
            cap: Some(Fen(20_00)),
            ..row(Channel::Card, 50, 3500)
        };
        let credit = FeeRow { kind: Some(CardKind::Credit), ..row(Channel::Card, 60, 4500) };
        let small = FeeRow { up_to: Some(thousand), ..row(Channel::Qr, 38, 2500) };
        let large = FeeRow { above: thousand, ..row(Channel::Qr, 55, 4000) };
        FeeTable { rounding: Rounding::HalfUp, rows: vec![debit, credit, small, large] }
    }

    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<FeeTableError> {
        let mut faults = Vec::new();
        for (n, row) in self.rows.iter().enumerate() {
            let days = row.from.zip(row.to).is_some_and(|(from, to)| to < from);
            if days || row.above < Fen::ZERO || row.up_to.is_some_and(|top| top <= row.above) {
                faults.push(FeeTableError::Empty(n));
            }
            if row.rate < Decimal::ZERO || row.rate > Decimal::ONE {
                faults.push(FeeTableError::Rate(n));
            }
            if row.least < Fen::ZERO || row.cap.is_some_and(|cap| cap < row.least) {
                faults.push(FeeTableError::Bounds(n));
            }
            if row.shares == (Shares { issuer: 0, network: 0, acquirer: 0 }) {
                faults.push(FeeTableError::Shares(n));
            }
            let later = self.rows.iter().enumerate().skip(n + 1);
            let overlapping = later.filter(|(_, other)| row.overlaps(other));
            faults.extend(overlapping.map(|(m, _)| FeeTableError::Overlap(n, m)));
        }
        faults
    }

    /// The row that prices an item cleared on that day.
    pub fn row(&self, item: &Item, day: Day, tier: TierBoundary) -> Option<usize> {
        self.rows.iter().position(|row| row.prices(item, day, tier))
    }

    /// The fee of one item, rounded by itself; nothing where no row prices it. A least fee never exceeds the
    /// amount that it is taken from.
    pub fn fee(&self, item: &Item, day: Day) -> Fee {
        self.fee_by(item, day, TierBoundary::Included)
    }

    /// The same with the tier's boundary as a design choice.
    pub fn fee_by(&self, item: &Item, day: Day, tier: TierBoundary) -> Fee {
        let Some(row) = self.row(item, day, tier).map(|n| &self.rows[n]) else {
            return Fee::default();
        };
        let exact = row.bounded(Decimal::from(item.amount.0) * row.rate);
        let whole = self.rounding.fen(exact).min(item.amount.max(Fen::ZERO));
        Fee { whole, parts: row.shares.divide(whole) }
    }

    /// For the unsound scopes: the fee of `item` when a whole batch is priced as one amount, and rounded or
    /// capped as such. `before` is what the batch holds under the same row already.
    pub fn fee_in_batch(&self, item: &Item, before: Fen, day: Day, scope: PriceScope) -> Fee {
        let tier = TierBoundary::Included;
        let Some(row) = self.row(item, day, tier).map(|n| &self.rows[n]) else {
            return Fee::default();
        };
        let of = |amount: Fen| {
            let exact = Decimal::from(amount.0) * row.rate;
            self.rounding.fen(match scope {
                PriceScope::CapOnSum => row.bounded(exact),
                PriceScope::Item | PriceScope::RoundedSum => exact,
            })
        };
        let whole = match scope {
            PriceScope::Item => return self.fee(item, day),
            PriceScope::RoundedSum | PriceScope::CapOnSum => of(before + item.amount) - of(before),
        };
        Fee { whole, parts: row.shares.divide(whole) }
    }
}

/// What a fee is taken on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceScope {
    /// Each item by itself (flows 9).
    #[default]
    Item,
    /// UNSOUND: the day's items under one row as one amount, rounded once.
    RoundedSum,
    /// UNSOUND: the same, and the cap holds for all of them together.
    CapOnSum,
}

/// What becomes of a fee when its item is refunded. All three are met in contracts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeOnRefund {
    /// Given back by the part of the capture that is refunded.
    #[default]
    ProRata,
    /// All of it comes back with the first refund, however small.
    Full,
    /// Kept; a day of refunds then costs the merchant money.
    Kept,
}

impl FeeOnRefund {
    /// How much of the fee has come back once `refunded` of `captured` is refunded, in fen. What one refund
    /// returns is the difference of two of these, so that a capture refunded in parts returns just what one
    /// refunded at once does.
    pub fn returned(self, fee: Fen, captured: Fen, refunded: Fen) -> Fen {
        if refunded <= Fen::ZERO || captured <= Fen::ZERO {
            return Fen::ZERO;
        }
        match self {
            FeeOnRefund::Kept => Fen::ZERO,
            FeeOnRefund::Full => fee,
            FeeOnRefund::ProRata => {
                let part = i128::from(fee.0) * i128::from(refunded.min(captured).0);
                let whole = i128::from(captured.0);
                // Half a fen to the merchant.
                Fen(i64::try_from((2 * part + whole) / (2 * whole)).expect("no more than the fee"))
            }
        }
    }
}

#[cfg(test)]
#[path = "fee_tests.rs"]
mod tests;
