//! Simulated time: milliseconds only. A party sees a monotonic reading, which may drift but never
//! steps, and a wall reading, which may be wrong in every way (soundness 19).

use jiff::SignedDuration;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// What a party's two clocks read when an input reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Milliseconds since this party last booted, by its own (drifting) oscillator.
    pub mono_ms: u64,
    /// Local civil time as the party believes it to be.
    pub wall: Wall,
}

/// Local civil time in milliseconds since 2000-01-01T00:00:00. Never subtract two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Wall(pub i64);

const MS_PER_DAY: i64 = 86_400_000;

/// Month and day without a year, as DE13 and DE15 carry them (MMDD).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Time of day, as DE12 carries it (hhmmss).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TimeOfDay {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// Year and month, as DE14 carries a card's expiry (YYMM).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct YearMonth {
    /// Years after 2000, 0 to 99.
    pub year: u8,
    /// 1 to 12.
    pub month: u8,
}

fn epoch() -> DateTime {
    jiff::civil::date(2000, 1, 1).at(0, 0, 0, 0)
}

impl Wall {
    /// The wall reading for a civil date and time, by whole milliseconds.
    pub fn from_civil(at: DateTime) -> Wall {
        let span = at.duration_since(epoch());
        Wall(i64::try_from(span.as_millis()).expect("civil time within i64 milliseconds"))
    }

    /// The civil date and time. Readings beyond jiff's range (years -9999 to 9999) are clamped.
    pub fn civil(self) -> DateTime {
        epoch().saturating_add(SignedDuration::from_millis(self.0))
    }

    /// Month and day of this reading.
    pub fn month_day(self) -> MonthDay {
        let date = self.civil().date();
        MonthDay { month: date.month().unsigned_abs(), day: date.day().unsigned_abs() }
    }

    /// Time of day of this reading.
    pub fn time_of_day(self) -> TimeOfDay {
        let seconds = self.0.rem_euclid(MS_PER_DAY) / 1000;
        let part = |value: i64| u8::try_from(value).expect("a clock part is below 60");
        TimeOfDay {
            hour: part(seconds / 3600),
            minute: part(seconds / 60 % 60),
            second: part(seconds % 60),
        }
    }

    /// Year and month of this reading, for comparing with a card's expiry.
    pub fn year_month(self) -> YearMonth {
        let date = self.civil().date();
        YearMonth {
            year: u8::try_from(date.year().rem_euclid(100)).expect("two digits"),
            month: date.month().unsigned_abs(),
        }
    }

    /// The same reading moved by some milliseconds.
    pub fn plus_ms(self, ms: i64) -> Wall {
        Wall(self.0.saturating_add(ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_reading_has_civil_parts() {
        let wall = Wall::from_civil(jiff::civil::date(2026, 12, 31).at(23, 59, 59, 999_000_000));
        assert_eq!(wall.month_day(), MonthDay { month: 12, day: 31 });
        assert_eq!(wall.time_of_day(), TimeOfDay { hour: 23, minute: 59, second: 59 });
        assert_eq!(wall.plus_ms(1).month_day(), MonthDay { month: 1, day: 1 });
        assert_eq!(wall.plus_ms(1).year_month(), YearMonth { year: 27, month: 1 });
    }
}
