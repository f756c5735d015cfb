//! Texts that stand for values: durations, times, amounts, latencies. Units are always visible; a text
//! without one is refused with the way to write it.

use super::meant;
use crate::plan::Latency;
use cardstorm_models::clearing::{CutOff, Day};
use cardstorm_models::money::Fen;
use cardstorm_models::time::{Wall, YearMonth};
use jiff::civil::{DateTime, Time};
use rust_decimal::Decimal;

/// Why a text is no value of its kind, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: Option<String>,
}

impl Wrong {
    /// Without a hint.
    pub fn new(message: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), hint: None }
    }

    /// With a hint.
    pub fn hinted(message: impl Into<String>, hint: impl Into<String>) -> Wrong {
        Wrong { message: message.into(), hint: Some(hint.into()) }
    }
}

/// The longest duration that a story may name: 30 days.
pub const LONGEST_MS: u64 = 30 * 86_400_000;

const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1000), ("min", 60_000), ("m", 60_000), ("h", 3_600_000)];

/// Milliseconds of `500ms`, `60s`, `2m`, `1m30s`, `1h`.
pub fn duration(text: &str) -> Result<u64, Wrong> {
    strict_duration(text).map_err(|wrong| match meant::duration(text) {
        Some(written) => Wrong::hinted(wrong.message, format!("write \"{written}\"")),
        None => wrong,
    })
}

/// A duration, without a guess at what else was meant.
pub(super) fn strict_duration(text: &str) -> Result<u64, Wrong> {
    let how = "write a number with its unit (ms, s, m, h), as \"60s\" or \"1m30s\"";
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Wrong::hinted(
            "a duration without a unit",
            format!("write \"{text}s\" for seconds"),
        ));
    }
    let wrong = || Wrong::hinted("not a duration", how);
    let too_long =
        || Wrong::hinted("longer than a run can be", "a story lasts 30 days (720h) at most");
    let mut rest = text;
    let mut total = 0u64;
    while !rest.is_empty() || text.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(wrong());
        }
        let number: Option<u64> = rest[..digits].parse().ok();
        rest = &rest[digits..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if matches!(&rest[..letters], "d" | "day" | "days") {
            let how = "a day is 24h, so write \"48h\" for two of them";
            return Err(Wrong::hinted("days are no unit of a duration", how));
        }
        let (_, ms) = UNITS.iter().find(|(unit, _)| *unit == &rest[..letters]).ok_or_else(wrong)?;
        rest = &rest[letters..];
        let part = number.and_then(|number| number.checked_mul(*ms)).ok_or_else(too_long)?;
        total = total.checked_add(part).ok_or_else(too_long)?;
    }
    if total > LONGEST_MS {
        return Err(too_long());
    }
    Ok(total)
}

/// A duration that may be negative: `-2m`, `+90s`, `90s`.
pub fn signed_duration(text: &str) -> Result<i64, Wrong> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let ms = i64::try_from(duration(rest)?).expect("30 days fit in i64");
    Ok(sign * ms)
}

/// Milliseconds from the beginning: `+60s`, or a civil time of the start day such as `14:59:30`.
pub fn time(text: &str, start: Wall) -> Result<u64, Wrong> {
    strict_time(text, start).map_err(|wrong| match meant::time(text, start) {
        Some(written) => Wrong::hinted(wrong.message, format!("write \"{written}\"")),
        None => wrong,
    })
}

/// A time, without a guess at what else was meant.
pub(super) fn strict_time(text: &str, start: Wall) -> Result<u64, Wrong> {
    if let Some(rest) = text.strip_prefix('+') {
        return strict_duration(rest);
    }
    if strict_duration(text).is_ok() {
        return Err(Wrong::hinted(
            "a time, not a duration",
            format!("write \"+{text}\" for so long after the start"),
        ));
    }
    let parts: Vec<&str> = text.split(':').collect();
    let two_digits = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(two_digits) {
        let how = "write \"+60s\" after the start, or a time of the start day as \"14:59:30\"";
        return Err(Wrong::hinted("not a time", how));
    }
    let number = |n: usize| parts.get(n).map_or(Ok(0), |part| part.parse::<i8>());
    let civil = match (number(0), number(1), number(2)) {
        (Ok(hour), Ok(minute), Ok(second)) => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    };
    let Some(civil) = civil else {
        return Err(Wrong::hinted(
            "there is no such time of day",
            "a day has the times from 00:00:00 to 23:59:59",
        ));
    };
    let begins = start.civil();
    let at = Wall::from_civil(DateTime::from_parts(begins.date(), civil));
    u64::try_from(at.0 - start.0).map_err(|_| {
        let begins = begins.time();
        Wrong::hinted(
            format!("before the run begins ({begins})"),
            "choose a later time or an earlier `start` in [run], or count from the start, as \"+60s\"",
        )
    })
}

/// Civil date and time of a run's beginning, `2026-03-02T09:00:00`.
pub fn date_time(text: &str) -> Result<Wall, Wrong> {
    let how = "write \"2026-03-02T09:00:00\"";
    let shape = text.len() == 19 && text.is_ascii() && text.as_bytes()[10] == b'T';
    let at: Option<DateTime> = text.parse().ok().filter(|_| shape);
    let at = at.ok_or_else(|| Wrong::hinted("not a date and time that exists", how))?;
    if !(2000..=2099).contains(&at.year()) {
        return Err(Wrong::hinted(
            "a card's year has two digits",
            "choose a year from 2000 to 2099",
        ));
    }
    Ok(Wall::from_civil(at))
}

/// A card's last month, `2030-12`.
pub fn year_month(text: &str) -> Result<YearMonth, Wrong> {
    let wrong = || Wrong::hinted("not a month", "write year and month, as \"2030-12\"");
    let (year, month) = text.split_once('-').ok_or_else(wrong)?;
    let year: u16 = year.parse().map_err(|_| wrong())?;
    let month: u8 = month.parse().map_err(|_| wrong())?;
    if !(2000..=2099).contains(&year) || !(1..=12).contains(&month) {
        return Err(wrong());
    }
    Ok(YearMonth { year: u8::try_from(year - 2000).expect("two digits"), month })
}

/// Yuan with two decimals: `100.00`, `-0.05`.
pub fn amount(text: &str) -> Result<Fen, Wrong> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let how = || {
        let usual = || "write yuan with two decimals, as \"100.00\"".to_owned();
        meant::amount(text).unwrap_or_else(usual)
    };
    if !plain {
        return Err(Wrong::hinted("not an amount", how()));
    }
    text.parse().map_err(|error| Wrong::hinted(format!("{error}"), how()))
}

/// A part of a whole, `0.60%`: 0 to 100 %, with four decimals at most.
pub fn percent(text: &str) -> Result<Decimal, Wrong> {
    let how = "write a number and a percent sign, as \"0.60%\"";
    let number = text.strip_suffix('%').ok_or_else(|| Wrong::hinted("not a percentage", how))?;
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number = Decimal::from_str_exact(number).ok().filter(|n| plain && n.scale() <= 4);
    let number = number.ok_or_else(|| Wrong::hinted("not a percentage", how))?;
    if number > Decimal::ONE_HUNDRED {
        return Err(Wrong::hinted("over 100 %", "nothing is more than its whole"));
    }
    Ok(number / Decimal::ONE_HUNDRED)
}

/// A civil date, `2026-10-01`.
pub fn date(text: &str) -> Result<Day, Wrong> {
    text.parse().map_err(|_| Wrong::hinted("not a date that exists", "write \"2026-10-01\""))
}

/// A time of day, `23:00`.
pub fn time_of_day(text: &str) -> Result<CutOff, Wrong> {
    let start = Wall(0);
    let shape = text.len() == 5 && !text.starts_with('+');
    let ms = time(text, start).ok().filter(|_| shape);
    let ms = ms.and_then(|ms| u32::try_from(ms).ok());
    ms.map(CutOff).ok_or_else(|| Wrong::hinted("not a time of day", "write \"23:00\""))
}

/// What a hop takes: `200ms`, or `100ms to 300ms`.
pub fn latency(text: &str) -> Result<Latency, Wrong> {
    match text.split_once(" to ") {
        None => Ok(Latency::Fixed { ms: duration(text)? }),
        Some((least, most)) => {
            let (min_ms, max_ms) = (duration(least.trim())?, duration(most.trim())?);
            if min_ms > max_ms {
                return Err(Wrong::hinted(
                    "the least is more than the most",
                    format!("write \"{most} to {least}\""),
                ));
            }
            Ok(Latency::Uniform { min_ms, max_ms })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("60s"), Ok(60_000));
        assert_eq!(duration("1m30s"), Ok(90_000));
        assert_eq!(duration("250ms"), Ok(250));
        for wrong in ["", "60", "s", "1 m", "1x", "-1s", "99999999999999999999s", "9999h", "1m30"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(signed_duration("-2m"), Ok(-120_000));
        assert!(signed_duration("--2m").is_err());
    }

    #[test]
    fn times_are_after_the_start_and_exist() {
        let start = date_time("2026-03-02T09:00:00").expect("a date");
        assert_eq!(time("+1s", start), Ok(1000));
        assert_eq!(time("09:01:00", start), Ok(60_000));
        assert_eq!(time("10:00", start), Ok(3_600_000));
        for wrong in ["60s", "08:59:59", "25:00:00", "09:60:00", "", "9:0:0", "now", "09:00:+1"] {
            assert!(time(wrong, start).is_err(), "{wrong}");
        }
        for wrong in ["2026-02-29T09:00:00", "2026-03-02", "1999-01-01T00:00:00", ""] {
            assert!(date_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn percentages_dates_and_times_of_day_are_exact() {
        assert_eq!(percent("0.60%"), Ok(Decimal::new(60, 4)));
        assert_eq!(percent("100%"), Ok(Decimal::ONE));
        for wrong in ["", "%", "50", "100.01%", "-1%", "1e2%", "0.00001%", "0.6 %", "1.2.3%"] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
        assert_eq!(time_of_day("23:00"), Ok(CutOff(82_800_000)));
        for wrong in ["24:00", "23:00:00", "+23s", "9:00", "noon", ""] {
            assert!(time_of_day(wrong).is_err(), "{wrong}");
        }
        assert!(date("2026-02-29").is_err() && date("2026-10-01").is_ok());
    }

    #[test]
    fn amounts_and_months_are_exact() {
        assert_eq!(amount("-0.05"), Ok(Fen(-5)));
        for wrong in
            ["100", "1e9", "-1.005", "1_000.00", "+5.00", ".50", "", "¥5.00", "10000000000.00"]
        {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
        assert_eq!(year_month("2026-02"), Ok(YearMonth { year: 26, month: 2 }));
        for wrong in ["2026", "2026-13", "26-02", "2026-00", ""] {
            assert!(year_month(wrong).is_err(), "{wrong}");
        }
        assert_eq!(latency("1s to 2s"), Ok(Latency::Uniform { min_ms: 1000, max_ms: 2000 }));
        assert!(latency("2s to 1s").is_err());
    }
}
