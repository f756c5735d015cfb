//! What a text that is no value was probably meant to be: a proposal for a remark, never a value that is
//! taken. Whatever is proposed is read by the strict parser first.

use super::value;
use cardstorm_models::money::Fen;
use cardstorm_models::time::Wall;

/// How an amount is written that is near to this one: `120,50`, `¥1,200`, `0.5`.
pub fn amount(text: &str) -> Option<String> {
    let mut plain = text.trim().to_lowercase();
    for word in ["cny", "rmb", "yuan", "元", "¥", "￥", " ", "_", "'"] {
        plain = plain.replace(word, "");
    }
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (whole, part) = parts(digits)?;
    let whole = if whole.is_empty() { "0" } else { whole.trim_start_matches('0') };
    let whole = if whole.is_empty() { "0" } else { whole };
    if part.len() > 2 {
        // No coin is that small: one of the two neighbours was meant.
        let near: Fen = format!("{sign}{whole}.{}", &part[..2]).parse().ok()?;
        let next = if sign.is_empty() { near.0.checked_add(1)? } else { near.0.checked_sub(1)? };
        let (near, next) = (near.to_string(), Fen(next).to_string());
        return next.parse::<Fen>().is_ok().then(|| format!("write \"{near}\" or \"{next}\""));
    }
    let written = format!("{sign}{whole}.{part:0<2}");
    written.parse::<Fen>().is_ok().then(|| format!("write \"{written}\""))
}

/// Whole and broken part of a number that may have commas, either as the point or between thousands.
fn parts(digits: &str) -> Option<(String, &str)> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
    {
        return None;
    }
    let thousands = |text: &str| text.replace(',', "");
    let (whole, part) = match (digits.rsplit_once('.'), digits.rsplit_once(',')) {
        (None, None) => (digits, ""),
        (Some((whole, part)), _) if !part.contains(',') => (whole, part),
        (_, Some((whole, part))) if part.len() == 3 && !digits.contains('.') => {
            return Some((thousands(whole) + part, ""));
        }
        (None, Some((whole, part))) => (whole, part),
        _ => return None,
    };
    (!whole.contains('.')).then(|| (thousands(whole), part))
}

/// How a duration is written that is near to this one: `5 min`, `0.5s`, `90 seconds`, `2:30`.
pub fn duration(text: &str) -> Option<String> {
    let mut plain: String = text.to_lowercase().split_whitespace().collect();
    for (word, unit) in [
        ("milliseconds", "ms"),
        ("millisecond", "ms"),
        ("msecs", "ms"),
        ("msec", "ms"),
        ("毫秒", "ms"),
        ("seconds", "s"),
        ("second", "s"),
        ("secs", "s"),
        ("sec", "s"),
        ("秒", "s"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("分钟", "m"),
        ("hours", "h"),
        ("hour", "h"),
        ("hrs", "h"),
        ("hr", "h"),
        ("小时", "h"),
    ] {
        plain = plain.replace(word, unit);
    }
    let days = plain.strip_suffix("days").or(plain.strip_suffix("day")).or(plain.strip_suffix('d'));
    if let Some(days) = days.and_then(|days| days.parse::<u64>().ok()) {
        plain = format!("{}h", days.checked_mul(24)?);
    }
    if let Some((whole, rest)) = plain.split_once('.') {
        plain = broken(whole, rest)?;
    }
    value::strict_duration(&plain).is_ok().then_some(plain)
}

/// A duration with a point in it, in milliseconds.
fn broken(whole: &str, rest: &str) -> Option<String> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let unit = match &rest[digits..] {
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    let (whole, part): (u64, u64) = (whole.parse().ok()?, rest[..digits].parse().ok()?);
    let scale = 10u64.checked_pow(u32::try_from(digits).ok()?)?;
    let ms = whole.checked_mul(unit)?.checked_add(part.checked_mul(unit)? / scale)?;
    Some(if ms % 1_000 == 0 { format!("{}s", ms / 1_000) } else { format!("{ms}ms") })
}

/// How a time is written that is near to this one: `9:05`, `2026-03-02T09:05:00`, `+5 min`.
pub fn time(text: &str, start: Wall) -> Option<String> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix('+') {
        return duration(rest).map(|written| format!("+{written}"));
    }
    let begins = start.civil();
    let date = begins.date().to_string();
    let clock = match text.strip_prefix(date.as_str()) {
        Some(rest) => rest.trim_start_matches(['T', ' ']),
        None => text,
    };
    let clock = clock.replace('.', ":");
    let padded: Vec<String> = clock.split(':').map(|part| format!("{part:0>2}")).collect();
    let written = padded.join(":");
    if value::strict_time(&written, start).is_ok() {
        return Some(written);
    }
    duration(text).map(|written| format!("+{written}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_write_them() {
        for (text, meant) in [
            ("100", "write \"100.00\""),
            ("1.5", "write \"1.50\""),
            ("120,50", "write \"120.50\""),
            ("CNY 120.50", "write \"120.50\""),
            ("¥1,120.5", "write \"1120.50\""),
            ("1,120", "write \"1120.00\""),
            ("1.120,50", ""),
            ("20元", "write \"20.00\""),
            ("-5", "write \"-5.00\""),
            (".5", "write \"0.50\""),
            ("007.5", "write \"7.50\""),
            ("120.505", "write \"120.50\" or \"120.51\""),
            ("-1.005", "write \"-1.00\" or \"-1.01\""),
            ("1e9", ""),
            ("", ""),
            ("-", ""),
            ("99999999999", ""),
            ("1.2.3", ""),
            ("seven", ""),
        ] {
            assert_eq!(amount(text).unwrap_or_default(), meant, "{text}");
        }
    }

    #[test]
    fn durations_as_people_write_them() {
        for (text, meant) in [
            ("5 min", "5min"),
            ("5sec", "5s"),
            ("0.5s", "500ms"),
            ("1.5 minutes", "90s"),
            ("90 Seconds", "90s"),
            ("2 hours", "2h"),
            ("1 day", "24h"),
            ("30秒", "30s"),
            ("1m 30s", "1m30s"),
            ("60", ""),
            ("-5s", ""),
            ("soon", ""),
            ("1.s", ""),
            ("0.99999999999999999999s", ""),
            ("99999999999d", ""),
        ] {
            assert_eq!(duration(text).unwrap_or_default(), meant, "{text}");
        }
    }

    #[test]
    fn times_as_people_write_them() {
        let start = value::date_time("2026-03-02T09:00:00").expect("a date");
        for (text, meant) in [
            ("9:05", "09:05"),
            ("9:5:00", "09:05:00"),
            ("09.30", "09:30"),
            ("2026-03-02T09:00:30", "09:00:30"),
            ("2026-03-02 09:05", "09:05"),
            ("2026-03-03T09:00:30", ""),
            ("+5 min", "+5min"),
            ("5 minutes", "+5m"),
            ("08:00", ""),
            ("25:00", ""),
            ("noon", ""),
        ] {
            assert_eq!(time(text, start).unwrap_or_default(), meant, "{text}");
        }
    }
}
