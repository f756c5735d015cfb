//! Money in fen (1/100 yuan), exact. No float enters this room, and no arithmetic wraps.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An amount in fen (CNY minor units, ISO 4217 code 156, exponent 2). May be negative in books,
/// never on the wire.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// The largest amount that DE4 (n12) can carry, in fen.
pub const MAX_WIRE_FEN: Fen = Fen(999_999_999_999);

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// Whether the amount can stand in DE4: zero to twelve nines.
    pub fn fits_wire(self) -> bool {
        self.0 >= 0 && self <= MAX_WIRE_FEN
    }

    /// So many percent of it, rounded down to the fen. Panics beyond what an i64 holds.
    pub fn percent(self, percent: u16) -> Fen {
        let part = i128::from(self.0) * i128::from(percent) / 100;
        Fen(i64::try_from(part).expect("a part of fen overflows i64"))
    }
}

impl std::ops::Add for Fen {
    type Output = Fen;
    fn add(self, other: Fen) -> Fen {
        Fen(self.0.checked_add(other.0).expect("sum of fen overflows i64"))
    }
}

impl std::ops::Sub for Fen {
    type Output = Fen;
    fn sub(self, other: Fen) -> Fen {
        Fen(self.0.checked_sub(other.0).expect("difference of fen overflows i64"))
    }
}

impl std::ops::Neg for Fen {
    type Output = Fen;
    fn neg(self) -> Fen {
        Fen(-self.0)
    }
}

impl std::ops::AddAssign for Fen {
    fn add_assign(&mut self, other: Fen) {
        *self = *self + other;
    }
}

impl std::ops::SubAssign for Fen {
    fn sub_assign(&mut self, other: Fen) {
        *self = *self - other;
    }
}

impl std::iter::Sum for Fen {
    fn sum<I: Iterator<Item = Fen>>(items: I) -> Fen {
        items.fold(Fen::ZERO, |sum, item| sum + item)
    }
}

/// Yuan with two decimals: `100.00`, `-0.05`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Decimal::new(self.0, 2).to_string())
    }
}

/// Why a text is no amount of money.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a decimal number at all.
    #[error("not an amount: write yuan with two decimals, as \"100.00\"")]
    NotANumber,
    /// More than two decimals, or a missing one.
    #[error("an amount has exactly two decimals (fen), as \"100.00\"")]
    Decimals,
    /// Larger than DE4 can carry.
    #[error("amount over {MAX_WIRE_FEN}, the most that DE4 (n12) can carry")]
    TooLarge,
}

impl FromStr for Fen {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Fen, AmountError> {
        let decimal = Decimal::from_str_exact(text).map_err(|_| AmountError::NotANumber)?;
        if decimal.scale() != 2 {
            return Err(AmountError::Decimals);
        }
        let fen = i64::try_from(decimal.mantissa()).map_err(|_| AmountError::TooLarge)?;
        if fen.unsigned_abs() > MAX_WIRE_FEN.0.unsigned_abs() {
            return Err(AmountError::TooLarge);
        }
        Ok(Fen(fen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<i64, AmountError>) {
        assert_eq!(text.parse::<Fen>(), expected.clone().map(Fen), "{text}");
        if let Ok(fen) = expected {
            assert_eq!(Fen(fen).to_string(), text);
        }
    }

    #[test]
    fn amounts_are_read_and_written_exactly() {
        check("100.00", Ok(10_000));
        check("0.01", Ok(1));
        check("-1.00", Ok(-100));
        check("9999999999.99", Ok(999_999_999_999));
        check("10000000000.00", Err(AmountError::TooLarge));
        check("1", Err(AmountError::Decimals));
        check("1.005", Err(AmountError::Decimals));
        check("ten", Err(AmountError::NotANumber));
        check("", Err(AmountError::NotANumber));
    }
}
