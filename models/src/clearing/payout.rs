//! What a merchant is paid for a clearing day, exact to the fen (flows 10).

use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// A merchant's business of one clearing day, in fen. All but the adjustments are amounts, not signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takings {
    /// Captured.
    pub captures: Fen,
    /// Captures undone: voids and reversals.
    pub undone: Fen,
    /// Refunded.
    pub refunds: Fen,
    /// Fees charged less fees given back.
    pub fees: Fen,
    /// Repairs of earlier days, in the merchant's favour where above zero (补款).
    pub adjustments: Fen,
    /// Taken back by disputes (退单).
    pub withheld: Fen,
}

impl Takings {
    /// Captures less voids, reversals, refunds, fees and disputes, with adjustments.
    pub fn net(&self) -> Fen {
        self.captures - self.undone - self.refunds - self.fees + self.adjustments - self.withheld
    }

    /// Several days, or several parts of one, as one.
    pub fn plus(&self, other: &Takings) -> Takings {
        Takings {
            captures: self.captures + other.captures,
            undone: self.undone + other.undone,
            refunds: self.refunds + other.refunds,
            fees: self.fees + other.fees,
            adjustments: self.adjustments + other.adjustments,
            withheld: self.withheld + other.withheld,
        }
    }
}

/// What a payout day comes to, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Sent to the merchant's bank.
    pub paid: Fen,
    /// What the next payout brings besides its own day: what is still owed to the merchant, or, below zero,
    /// by it.
    pub carried: Fen,
}

/// Pays a day out on top of what was carried over, but no more than `pool`, what the acquirer still holds for
/// the merchant: later refunds may have used it. Nothing is ever collected from a bank account. What is
/// not paid is carried, so that no fen is lost over days.
pub fn settle(carried: Fen, takings: &Takings, pool: Fen) -> Settled {
    let due = carried + takings.net();
    let paid = due.min(pool).max(Fen::ZERO);
    Settled { paid, carried: due - paid }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(carried: i64, takings: Takings, paid: i64, left: i64) {
        let settled = settle(Fen(carried), &takings, Fen(500_00));
        assert_eq!(settled, Settled { paid: Fen(paid), carried: Fen(left) });
    }

    #[test]
    fn a_payout_is_what_is_left_after_everything() {
        let day = Takings { captures: Fen(100_00), fees: Fen(60), ..Takings::default() };
        check(0, day, 99_40, 0);
        check(0, Takings { refunds: Fen(30_00), ..day }, 69_40, 0);
        check(0, Takings { undone: Fen(100_00), fees: Fen::ZERO, ..day }, 0, 0);
        // The day's only sale refunded with its fee kept.
        check(0, Takings { refunds: Fen(100_00), ..day }, 0, -60);
        check(-60, day, 98_80, 0);
        check(450_00, day, 500_00, 49_40);
        check(0, Takings { adjustments: Fen(-5_00), withheld: Fen(10_00), ..day }, 84_40, 0);
    }

    proptest! {
        /// Whatever the days, what was paid and what is carried add up to their net.
        #[test]
        fn payouts_add_up_over_days(days in prop::collection::vec(
            (0i64..1_000_000, 0i64..99_999, 0i64..99_999, 0i64..9_999, -9_999i64..9_999, 0i64..99_999),
            0..30,
        ), pool in -100i64..1_000_000) {
            let (mut carried, mut paid, mut all) = (Fen::ZERO, Fen::ZERO, Takings::default());
            for (captures, undone, refunds, fees, adjustments, withheld) in days {
                let takings = Takings {
                    captures: Fen(captures),
                    undone: Fen(undone),
                    refunds: Fen(refunds),
                    fees: Fen(fees),
                    adjustments: Fen(adjustments),
                    withheld: Fen(withheld),
                };
                let settled = settle(carried, &takings, Fen(pool));
                prop_assert!(settled.paid >= Fen::ZERO && settled.paid.0 <= pool.max(0));
                prop_assert!(settled.carried <= Fen::ZERO || settled.paid.0 == pool.max(0));
                carried = settled.carried;
                paid += settled.paid;
                all = all.plus(&takings);
            }
            prop_assert_eq!(paid + carried, all.net());
        }
    }
}
