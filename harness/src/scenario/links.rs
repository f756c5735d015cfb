//! From tables to what a hop takes, and how cashiers behave.

use super::faults::too_quick;
use super::tables::{CASHIER, LATENCY, LINKS};
use super::value;
use super::walk::{Sink, Table};
use crate::plan::{Latency, Links, Operator};
use toml::de::DeValue;

/// The finest tick that the stages run at, in milliseconds.
pub(super) const LEAST_MS: u64 = 10;

const USUAL: Latency = Latency::Uniform { min_ms: 100, max_ms: 300 };

/// Reads `[links]`.
pub(super) fn links(sink: &mut Sink, root: &Table<'_, '_>) -> Links {
    let mut links = Links { leg1: USUAL, leg2: USUAL, split_per_million: 0 };
    let Some(table) = root.table(sink, "links", &LINKS) else { return links };
    for (key, leg) in [("leg1", &mut links.leg1), ("leg2", &mut links.leg2)] {
        if let Some(given) = latency(sink, &table, key) {
            too_quick(sink, &table.value_at(key), given);
            *leg = given;
        }
    }
    if let Some(split) = table.count(sink, "split_per_million", 0, 1_000_000) {
        links.split_per_million = u32::try_from(split.value).expect("checked");
    }
    links
}

/// A latency as a text, or as a table for the two with a tail.
pub(super) fn latency(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    key: &'static str,
) -> Option<Latency> {
    let given = table.raw(key)?;
    if !matches!(given.get_ref(), DeValue::Table(_)) {
        return table.parsed(sink, key, value::latency).map(|latency| latency.value);
    }
    let tail = Table::open(sink, given, format!("`{key}`"), &LATENCY)?;
    let mut part =
        |name: &'static str| tail.parsed(sink, name, value::duration).map(|spot| spot.value);
    let (min, half, scale, max) = (part("min"), part("half"), part("scale"), part("max"));
    match (min, half, scale, max) {
        (Some(min_ms), Some(half_ms), None, None) => Some(Latency::Exponential { min_ms, half_ms }),
        (Some(min_ms), None, Some(scale_ms), Some(max_ms))
            if min_ms <= max_ms && scale_ms <= max_ms =>
        {
            Some(Latency::HeavyTail { min_ms, scale_ms, max_ms })
        }
        _ => {
            let label = "expected `{ min, half }` or `{ min, scale, max }`, max being the greatest";
            sink.error(&given.span(), format!("`{key}` is no latency"), label).derived = true;
            None
        }
    }
}

/// Reads `[cashier]`.
pub(super) fn cashier(sink: &mut Sink, root: &Table<'_, '_>) -> Operator {
    let mut operator = Operator { retry_delay_ms: 15_000, ..Operator::default() };
    let Some(table) = root.table(sink, "cashier", &CASHIER) else { return operator };
    let mut retries = |key: &'static str| {
        let count = table.count(sink, key, 0, 20);
        count.map_or(0, |count| u8::try_from(count.value).expect("checked"))
    };
    operator.retries_after_doubt = retries("retries_after_doubt");
    operator.retries_after_failure = retries("retries_after_failure");
    operator.retries_after_no_slip = retries("retries_after_no_slip");
    if let Some(delay) = table.parsed(sink, "retry_delay", value::duration) {
        operator.retry_delay_ms = delay.value;
    }
    operator
}
