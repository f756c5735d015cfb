//! Disputes as far as they can credit twice: a chargeback (退单) meeting a refund meeting a late reversal. Of
//! one capture, what comes back by whatever way never exceeds what was captured (I4, flows 11).

use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// A way in which a capture's money comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The merchant gives back this much.
    Refund(Fen),
    /// The holder disputes this much through the issuer.
    Chargeback(Fen),
    /// A reversal of the whole that comes after the day was paid out.
    LateReversal,
}

/// What has come back of one capture so far, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// By refunds, over whatever channel.
    pub refunded: Fen,
    /// By chargebacks.
    pub charged_back: Fen,
    /// Whether a reversal took all of it.
    pub reversed: bool,
}

/// What is done with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// This much is credited.
    Credit(Fen),
    /// Acknowledged, and nothing moves: the money came back before.
    Nothing,
    /// Refused: it would come back twice. A refused chargeback is presented again (再请款) with the refund as
    /// evidence.
    Refused,
}

impl Returned {
    /// Decides on a claim against a capture of `captured` fen, and takes it in.
    ///
    /// * A refund is whole or refused.
    /// * A chargeback gets no more than what has not come back, and is refused if that is nothing.
    /// * A reversal cannot be refused: it is acknowledged, and takes what is left only if nothing came
    ///   back by another way (soundness 13).
    pub fn rule(&mut self, captured: Fen, claim: Claim) -> Ruling {
        let left =
            if self.reversed { Fen::ZERO } else { captured - self.refunded - self.charged_back };
        match claim {
            Claim::Refund(amount) if amount <= Fen::ZERO || amount > left => Ruling::Refused,
            Claim::Refund(amount) => {
                self.refunded += amount;
                Ruling::Credit(amount)
            }
            // Less than nothing is left where somebody's guard let too much back.
            Claim::Chargeback(amount) if amount <= Fen::ZERO || left <= Fen::ZERO => {
                Ruling::Refused
            }
            Claim::Chargeback(amount) => {
                let credit = amount.min(left);
                self.charged_back += credit;
                Ruling::Credit(credit)
            }
            Claim::LateReversal if left == captured && captured > Fen::ZERO => {
                self.reversed = true;
                Ruling::Credit(captured)
            }
            Claim::LateReversal => Ruling::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(claims: &[Claim], expected: &[Ruling]) {
        let mut returned = Returned::default();
        let rulings: Vec<_> = claims.iter().map(|claim| returned.rule(Fen(100), *claim)).collect();
        assert_eq!(rulings, expected, "{claims:?}");
    }

    #[test]
    fn one_capture_is_credited_once_whatever_comes_first() {
        use Claim::{Chargeback, LateReversal, Refund};
        use Ruling::{Credit, Nothing, Refused};
        let (refund, chargeback) = (Refund(Fen(100)), Chargeback(Fen(100)));
        check(&[refund, chargeback, LateReversal], &[Credit(Fen(100)), Refused, Nothing]);
        check(&[chargeback, refund, LateReversal], &[Credit(Fen(100)), Refused, Nothing]);
        check(&[LateReversal, refund, chargeback], &[Credit(Fen(100)), Refused, Refused]);
        check(&[LateReversal, LateReversal], &[Credit(Fen(100)), Nothing]);
        check(&[Refund(Fen(30)), chargeback, refund], &[Credit(Fen(30)), Credit(Fen(70)), Refused]);
        check(&[Refund(Fen(1)), LateReversal], &[Credit(Fen(1)), Nothing]);
        check(&[Refund(Fen(0)), Chargeback(Fen(-1)), Refund(Fen(101))], &[Refused; 3]);
    }

    fn claim() -> impl Strategy<Value = Claim> {
        prop_oneof![
            (-5i64..150).prop_map(|n| Claim::Refund(Fen(n))),
            (-5i64..150).prop_map(|n| Claim::Chargeback(Fen(n))),
            Just(Claim::LateReversal),
        ]
    }

    proptest! {
        #[test]
        fn credits_never_exceed_the_capture(
            captured in 0i64..120, claims in prop::collection::vec(claim(), 0..12)
        ) {
            let mut returned = Returned::default();
            let mut credited = Fen::ZERO;
            for claim in claims {
                if let Ruling::Credit(amount) = returned.rule(Fen(captured), claim) {
                    prop_assert!(amount > Fen::ZERO);
                    credited += amount;
                }
                prop_assert!(credited <= Fen(captured));
            }
        }
    }

    /// A guard that failed elsewhere is no reason to take money from a holder.
    #[test]
    fn where_too_much_came_back_a_chargeback_gets_nothing() {
        let mut returned = Returned { refunded: Fen(150), ..Returned::default() };
        assert_eq!(returned.rule(Fen(100), Claim::Chargeback(Fen(100))), Ruling::Refused);
        assert_eq!(returned.charged_back, Fen::ZERO);
    }
}
