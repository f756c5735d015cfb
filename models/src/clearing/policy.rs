//! A merchant's refund policy: what of a capture may come back, how often, how long, and where. Each refusal
//! has a code of its own, private to this model, and none of them is 51 (flows 9).

use super::Day;
use super::fee::FeeOnRefund;
use crate::ids::ResponseCode;
use crate::money::Fen;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a contract allows. The default allows every refund within the captured amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RefundPolicy {
    /// The most of a capture that may come back, as a part of it: 0 to 1.
    pub ratio: Decimal,
    /// Days after the capture's clearing day on which a refund may still come; no limit where none is given.
    pub window_days: Option<u16>,
    /// How many refunds one capture may have; no limit where none is given.
    pub count: Option<u16>,
    /// Whether a part may come back; else all that the ratio allows, at once.
    pub partial: bool,
    /// Whether only the terminal of the sale may refund it.
    pub same_terminal: bool,
    /// What becomes of the fee.
    pub fee: FeeOnRefund,
}

impl Default for RefundPolicy {
    fn default() -> RefundPolicy {
        RefundPolicy {
            ratio: Decimal::ONE,
            window_days: None,
            count: None,
            partial: true,
            same_terminal: false,
            fee: FeeOnRefund::default(),
        }
    }
}

/// Why a policy refuses a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// More than the ratio allows.
    Ratio,
    /// Too late.
    Window,
    /// Too many.
    Count,
    /// A part, where only the whole may come back.
    Partial,
    /// Another terminal than the sale's.
    Terminal,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: [Refusal; 5] =
        [Refusal::Ratio, Refusal::Window, Refusal::Count, Refusal::Partial, Refusal::Terminal];

    /// DE39. Private to this model; the words are the code table's.
    pub fn code(self) -> ResponseCode {
        ResponseCode(match self {
            Refusal::Ratio => *b"R1",
            Refusal::Window => *b"R2",
            Refusal::Count => *b"R3",
            Refusal::Partial => *b"R4",
            Refusal::Terminal => *b"R5",
        })
    }
}

/// A refund that is asked for, and what its capture has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Fen asked for; more than zero.
    pub amount: Fen,
    /// Fen captured.
    pub captured: Fen,
    /// Fen refunded before.
    pub refunded: Fen,
    /// How many refunds there were before.
    pub count: u16,
    /// Clearing day of the capture.
    pub captured_on: Day,
    /// Clearing day now.
    pub today: Day,
    /// Whether the terminal is the sale's.
    pub same_terminal: bool,
}

impl RefundPolicy {
    /// Whether it contradicts itself: a ratio beyond 0 to 100 %, or a count of zero.
    pub fn is_sane(&self) -> bool {
        self.ratio >= Decimal::ZERO && self.ratio <= Decimal::ONE && self.count != Some(0)
    }

    /// The most of a capture that may come back in all, in fen, rounded down.
    pub fn most(&self, captured: Fen) -> Fen {
        let most = (Decimal::from(captured.0) * self.ratio).floor();
        Fen(i64::try_from(most.mantissa()).unwrap_or(captured.0))
    }

    /// Whether the policy allows a refund; the first rule against it, in the order of [`Refusal::ALL`] but
    /// with place and time before amounts.
    pub fn judge(&self, asked: &Asked) -> Result<(), Refusal> {
        if self.same_terminal && !asked.same_terminal {
            return Err(Refusal::Terminal);
        }
        let late = |days: u16| asked.today > asked.captured_on.plus(i32::from(days));
        if self.window_days.is_some_and(late) {
            return Err(Refusal::Window);
        }
        if self.count.is_some_and(|most| asked.count >= most) {
            return Err(Refusal::Count);
        }
        let most = self.most(asked.captured);
        if asked.refunded + asked.amount > most {
            return Err(Refusal::Ratio);
        }
        if !self.partial && asked.amount != most {
            return Err(Refusal::Partial);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::code;
    use proptest::prelude::*;

    const ASKED: Asked = Asked {
        amount: Fen(50_00),
        captured: Fen(100_00),
        refunded: Fen::ZERO,
        count: 0,
        captured_on: Day(100),
        today: Day(100),
        same_terminal: true,
    };

    fn check(policy: RefundPolicy, asked: Asked, expected: Result<(), Refusal>) {
        assert_eq!(policy.judge(&asked), expected, "{policy:?} {asked:?}");
    }

    #[test]
    fn each_rule_refuses_with_its_own_reason() {
        let open = RefundPolicy::default();
        check(open, ASKED, Ok(()));
        check(open, Asked { amount: Fen(100_00), today: Day(5000), ..ASKED }, Ok(()));
        check(open, Asked { refunded: Fen(50_01), ..ASKED }, Err(Refusal::Ratio));
        let half = RefundPolicy { ratio: Decimal::new(50, 2), ..open };
        check(half, ASKED, Ok(()));
        check(half, Asked { amount: Fen(50_01), ..ASKED }, Err(Refusal::Ratio));
        check(half, Asked { amount: Fen(100_00), ..ASKED }, Err(Refusal::Ratio));
        let month = RefundPolicy { window_days: Some(30), ..open };
        check(month, Asked { today: Day(130), ..ASKED }, Ok(()));
        check(month, Asked { today: Day(131), ..ASKED }, Err(Refusal::Window));
        let once = RefundPolicy { count: Some(1), ..open };
        check(once, Asked { count: 1, refunded: Fen(1), ..ASKED }, Err(Refusal::Count));
        let whole = RefundPolicy { partial: false, ..open };
        check(whole, ASKED, Err(Refusal::Partial));
        check(whole, Asked { amount: Fen(100_00), ..ASKED }, Ok(()));
        check(RefundPolicy { partial: false, ..half }, ASKED, Ok(()));
        let here = RefundPolicy { same_terminal: true, ..open };
        check(here, Asked { same_terminal: false, ..ASKED }, Err(Refusal::Terminal));
    }

    #[test]
    fn no_refusal_is_called_a_holders_shortage_and_all_have_words() {
        for refusal in Refusal::ALL {
            let code = refusal.code();
            assert_ne!(code, ResponseCode(*b"51"));
            let words = code::lookup(code).expect("a row of the code table");
            assert!(words.english.contains("private to this model"), "{code}");
            assert!(!words.chinese.contains("余额不足"), "{code}");
            assert!(!code.approves_sale(true) && !code.is_indefinite());
        }
    }

    proptest! {
        #[test]
        fn what_is_allowed_never_exceeds_the_capture(
            captured in 1i64..1_000_000, percent in 0i64..=100,
            asks in prop::collection::vec(1i64..500_000, 0..20),
        ) {
            let policy = RefundPolicy { ratio: Decimal::new(percent, 2), ..RefundPolicy::default() };
            let mut asked = Asked { captured: Fen(captured), ..ASKED };
            for amount in asks {
                asked.amount = Fen(amount);
                if policy.judge(&asked).is_ok() {
                    asked.refunded += asked.amount;
                    asked.count += 1;
                }
            }
            prop_assert!(asked.refunded <= policy.most(Fen(captured)));
            prop_assert!(policy.most(Fen(captured)) <= Fen(captured));
        }
    }
}
