//! The clearing day: set by the host at its own cut-off, never by a terminal's clock or batch (flows 10).

use crate::time::Wall;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

const MS_PER_DAY: i64 = 86_400_000;

/// A civil date, counted in days since 2000-01-01. Written as `2026-03-02`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write year, month and day, as \"2026-03-02\"")]
pub struct DayError;

fn epoch() -> Date {
    jiff::civil::date(2000, 1, 1)
}

impl Day {
    /// The date on which a wall reading falls.
    pub fn of(wall: Wall) -> Day {
        Day(i32::try_from(wall.0.div_euclid(MS_PER_DAY)).unwrap_or(i32::MAX))
    }

    /// The civil date; clamped to the years that can be written.
    pub fn date(self) -> Date {
        epoch().saturating_add(jiff::Span::new().days(self.0.clamp(-4_000_000, 2_900_000)))
    }

    /// Day of the week.
    pub fn weekday(self) -> Weekday {
        self.date().weekday()
    }

    /// So many days later.
    pub fn plus(self, days: i32) -> Day {
        Day(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.date().to_string())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Day, DayError> {
        let date: Date = text.parse().map_err(|_| DayError)?;
        // jiff reads more forms than one; a file has one.
        if date.to_string() != text {
            return Err(DayError);
        }
        let days = date.duration_since(epoch()).as_hours() / 24;
        i32::try_from(days).map(Day).map_err(|_| DayError)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_i32(self.0) }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Day, D::Error> {
        if d.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
            text.parse().map_err(de::Error::custom)
        } else {
            i32::deserialize(d).map(Day)
        }
    }
}

/// When a clearing day ends, in milliseconds after midnight by the host's wall clock. What comes at that
/// instant or later belongs to the next day. 23:00 unless a plan says otherwise (flows 10, 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CutOff(pub u32);

impl Default for CutOff {
    fn default() -> CutOff {
        CutOff(23 * 3_600_000)
    }
}

impl CutOff {
    /// The clearing day that a reading of the host's clock falls in.
    pub fn day(self, wall: Wall) -> Day {
        let today = Day::of(wall);
        let past = wall.0.rem_euclid(MS_PER_DAY) >= i64::from(self.0);
        if past { today.plus(1) } else { today }
    }

    /// Milliseconds until the next cut-off, by this reading alone; 1 to one day's worth.
    pub fn wait_ms(self, wall: Wall) -> u64 {
        let ahead = i64::from(self.0) - wall.0.rem_euclid(MS_PER_DAY);
        let wait = if ahead > 0 { ahead } else { ahead + MS_PER_DAY };
        u64::try_from(wait).expect("a cut-off is within the day").max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(hour: i8, minute: i8, second: i8, day: &str, wait_ms: u64) {
        let wall = Wall::from_civil(date(2026, 3, 2).at(hour, minute, second, 0));
        let cut_off = CutOff::default();
        assert_eq!(cut_off.day(wall).to_string(), day, "{hour}:{minute}:{second}");
        assert_eq!(cut_off.wait_ms(wall), wait_ms, "{hour}:{minute}:{second}");
    }

    #[test]
    fn a_clearing_day_runs_from_cut_off_to_cut_off() {
        check(0, 0, 0, "2026-03-02", 23 * 3_600_000);
        check(22, 59, 59, "2026-03-02", 1_000);
        check(23, 0, 0, "2026-03-03", MS_PER_DAY as u64);
        check(23, 59, 59, "2026-03-03", MS_PER_DAY as u64 - 3_599_000);
    }

    #[test]
    fn dates_are_read_and_written_alike() {
        for text in ["2026-02-28", "2024-02-29", "1999-12-31", "2000-01-01"] {
            assert_eq!(text.parse::<Day>().expect(text).to_string(), text);
        }
        for text in ["2026-02-29", "2026-3-2", "20260302", "soon", ""] {
            assert_eq!(text.parse::<Day>(), Err(DayError), "{text}");
        }
        assert_eq!("2000-01-02".parse::<Day>(), Ok(Day(1)));
        assert_eq!("2026-11-22".parse::<Day>().expect("a date").weekday(), Weekday::Sunday);
    }

    #[test]
    fn a_day_is_text_for_people_and_a_number_on_disk() {
        let day: Day = "2026-03-02".parse().expect("a date");
        let json = serde_json::to_string(&day).expect("json");
        assert_eq!(json, "\"2026-03-02\"");
        assert_eq!(serde_json::from_str::<Day>(&json).expect("json"), day);
        let bytes = postcard::to_stdvec(&day).expect("postcard");
        assert_eq!(postcard::from_bytes::<Day>(&bytes), Ok(day));
    }
}
