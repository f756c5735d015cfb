//! From tables to faults: what goes wrong, where, with which measure, and on a line that exists.

use super::effects::{neighbours, peer_of};
use super::expect::place;
use super::links::{LEAST_MS, latency};
use super::names::Named;
use super::ops::Ops;
use super::tables::FAULT;
use super::trigger::{self, trigger};
use super::value;
use super::walk::{At, Sink, Spot, Table};
use crate::plan::{Death, Direction, Fault, FaultKind, Latency, Place, When};
use cardstorm_models::party::Peer;
use cardstorm_models::time::Wall;

/// A fault and where the file says it.
pub(super) struct Placed {
    pub fault: Fault,
    /// The table.
    pub at: At,
    /// The trigger.
    pub trigger_at: At,
    /// Which of several it is, or the trigger where that is not given.
    pub nth_at: At,
    /// The response code that it waits for, if it does.
    pub code_at: Option<At>,
}

/// Reads every fault, in the order of the file.
pub(super) fn faults(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    start: Wall,
    terminals: &mut Named,
    ops: &mut Ops,
) -> Vec<Placed> {
    let tables = root.listed(sink, "fault", &FAULT);
    tables.iter().filter_map(|table| fault(sink, table, start, terminals, ops)).collect()
}

fn fault(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    start: Wall,
    terminals: &mut Named,
    ops: &mut Ops,
) -> Option<Placed> {
    for key in ["what", "where"] {
        if !table.has(key) {
            table.missing(sink, key);
        }
    }
    let what = table.word(sink, "what");
    let name = table.text(sink, "where");
    let party = name.as_ref().and_then(|name| place(sink, name, terminals));
    let (Some(what), Some(party)) = (&what, party) else {
        trigger::values_alone(sink, table, start, terminals, ops);
        values_alone(sink, table, what.as_ref());
        return None;
    };
    let when = trigger(sink, table, what.value, party, start, terminals, ops);
    let kind = kind(sink, table, what, party, terminals);
    if let Some(what) = &kind {
        only_terminals(sink, table, what, party);
    }
    let (when, trigger_at) = when?;
    let what = kind?;
    suits(sink, table, &what, &when, &trigger_at);
    let nth_at = if table.has("nth") { table.value_at("nth") } else { trigger_at.clone() };
    let fault = Fault { at: party, what, when };
    let code_at = table.has("code").then(|| table.value_at("code"));
    Some(Placed { fault, at: table.at.clone(), trigger_at, nth_at, code_at })
}

/// Reads each measure by itself, where the kind of fault or its place is not known.
fn values_alone(sink: &mut Sink, table: &Table<'_, '_>, what: Option<&Spot<&str>>) {
    if let Some(what) = what {
        own_keys(sink, table, what);
    }
    for key in ["for", "copy_after", "restart_after", "age", "down", "up"] {
        table.parsed(sink, key, value::duration);
    }
    table.parsed(sink, "by", value::signed_duration);
    if table.has("latency") {
        latency(sink, table, "latency");
    }
}

/// The keys that each kind of fault takes beside its trigger.
fn keys_of(what: &str) -> &'static [&'static str] {
    match what {
        "latency" => &["with", "latency", "for"],
        "partition" => &["with", "direction", "for"],
        "black_hole" | "pause" | "disk_full" | "paper_out" => &["for"],
        "printer_jam" => &["for", "slip"],
        "flap" => &["with", "down", "up", "for"],
        "wrong_zone" => &["hours"],
        "reset" | "half_open" => &["with"],
        "delay" | "clock_step" | "clock_skew" => &["by"],
        "duplicate" => &["copy_after"],
        "crash" => &["death", "restart_after"],
        "restore" => &["age", "restart_after", "forgets"],
        "corrupt" => &["bit"],
        "clock_drift" => &["ppm", "for"],
        _ => &[],
    }
}

/// Of these, the ones that must be given.
fn required_of(what: &str) -> &'static [&'static str] {
    match what {
        "latency" => &["latency", "for"],
        "partition" | "black_hole" | "pause" | "disk_full" | "paper_out" | "printer_jam" => {
            &["for"]
        }
        "flap" => &["down", "up", "for"],
        "wrong_zone" => &["hours"],
        "delay" | "clock_step" | "clock_skew" => &["by"],
        "clock_drift" => &["ppm", "for"],
        "restore" => &["age"],
        _ => &[],
    }
}

const OWN_KEYS: [&str; 16] = [
    "with",
    "latency",
    "for",
    "direction",
    "by",
    "copy_after",
    "death",
    "restart_after",
    "ppm",
    "age",
    "forgets",
    "bit",
    "down",
    "up",
    "hours",
    "slip",
];

/// A kind has its own keys, of which some must be given.
fn own_keys(sink: &mut Sink, table: &Table<'_, '_>, what: &Spot<&str>) {
    let takes = keys_of(what.value);
    for key in OWN_KEYS {
        if table.has(key) && !takes.contains(&key) {
            let error = sink.error(
                &table.key_at(key),
                format!("`{}` takes no `{key}`", what.value),
                "unused key",
            );
            error.hint = (!takes.is_empty()).then(|| format!("it takes: {}", takes.join(", ")));
        }
    }
    for key in required_of(what.value) {
        if !table.has(key) {
            table.missing(sink, key);
        }
    }
}

fn kind(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    what: &Spot<&str>,
    party: Place,
    terminals: &mut Named,
) -> Option<FaultKind> {
    own_keys(sink, table, what);
    let for_ms = table.parsed(sink, "for", value::duration).map(|spot| spot.value);
    let by = table.parsed(sink, "by", value::signed_duration);
    let kind = match what.value {
        "latency" => {
            let peer = line(sink, table, party, terminals);
            let latency = latency(sink, table, "latency");
            FaultKind::Latency { peer: peer?, latency: latency?, for_ms: for_ms? }
        }
        "partition" => {
            let direction = match table.word(sink, "direction").map(|word| word.value) {
                Some("out") => Direction::Out,
                Some("in") => Direction::In,
                _ => Direction::Both,
            };
            let peer = line(sink, table, party, terminals)?;
            FaultKind::Partition { peer, direction, for_ms: for_ms? }
        }
        "black_hole" => FaultKind::BlackHole { for_ms: for_ms? },
        "reset" => FaultKind::Reset { peer: line(sink, table, party, terminals)? },
        "drop" => FaultKind::Drop,
        "delay" => FaultKind::Delay { ms: forward(sink, by?)? },
        "duplicate" => {
            let after = table.parsed(sink, "copy_after", value::duration);
            FaultKind::Duplicate { after_ms: after.map_or(200, |after| after.value) }
        }
        "crash" => {
            let kill = table.word(sink, "death").is_some_and(|word| word.value == "kill");
            let death = if kill { Death::Kill } else { Death::PowerLoss };
            FaultKind::Crash { death, restart_after_ms: restart_after(sink, table) }
        }
        "restore" => {
            let age = table.parsed(sink, "age", value::duration);
            let forgets = table.word(sink, "forgets");
            FaultKind::Restore {
                age_ms: age?.value,
                restart_after_ms: restart_after(sink, table),
                even_open: forgets.is_some_and(|word| word.value == "anything"),
            }
        }
        "corrupt" => {
            let bit = table.count(sink, "bit", 0, 16_000);
            let bit = bit.map(|bit| u16::try_from(bit.value).expect("checked"));
            FaultKind::Corrupt { bit }
        }
        "truncate" => FaultKind::Truncate,
        "strip_mac" => FaultKind::StripMac,
        "pause" => FaultKind::Pause { for_ms: for_ms? },
        "half_open" => FaultKind::HalfOpen { peer: line(sink, table, party, terminals)? },
        "flap" => {
            let peer = line(sink, table, party, terminals);
            let (down_ms, up_ms) = (span(sink, table, "down"), span(sink, table, "up"));
            FaultKind::Flap { peer: peer?, down_ms: down_ms?, up_ms: up_ms?, for_ms: for_ms? }
        }
        "disk_full" => FaultKind::DiskFull { for_ms: for_ms? },
        "paper_out" => FaultKind::PaperOut { for_ms: for_ms? },
        "printer_jam" => {
            let slip_out = table.word(sink, "slip").is_some_and(|word| word.value == "out");
            FaultKind::PrinterJam { for_ms: for_ms?, slip_out }
        }
        "wrong_zone" => FaultKind::WrongZone { hours: hours(sink, table)? },
        "clock_step" => FaultKind::ClockStep { ms: by?.value },
        "clock_skew" => FaultKind::ClockSkew { ms: by?.value },
        "clock_drift" => {
            let ppm = table.count(sink, "ppm", -500_000, 500_000)?;
            FaultKind::ClockDrift {
                ppm: i32::try_from(ppm.value).expect("checked"),
                for_ms: for_ms?,
            }
        }
        _ => FaultKind::SyncError,
    };
    Some(kind)
}

/// A part of a period: some time, but not none.
fn span(sink: &mut Sink, table: &Table<'_, '_>, key: &str) -> Option<u64> {
    let span = table.parsed(sink, key, value::duration)?;
    if span.value == 0 {
        sink.error(&span.at, "a line is never down or up for no time", "expected more than 0s");
        return None;
    }
    Some(span.value)
}

/// How far a zone is from the right one.
fn hours(sink: &mut Sink, table: &Table<'_, '_>) -> Option<i8> {
    let hours = table.count(sink, "hours", -14, 14)?;
    if hours.value == 0 {
        sink.error(&hours.at, "no hour off is the right zone", "expected -14 to 14, and not 0");
        return None;
    }
    Some(i8::try_from(hours.value).expect("checked"))
}

fn restart_after(sink: &mut Sink, table: &Table<'_, '_>) -> u64 {
    let restart = table.parsed(sink, "restart_after", value::duration);
    restart.map_or(30_000, |restart| restart.value)
}

fn forward(sink: &mut Sink, by: Spot<i64>) -> Option<u64> {
    match u64::try_from(by.value) {
        Ok(ms) if ms > 0 => Some(ms),
        _ => {
            sink.error(
                &by.at,
                "a message cannot arrive before it was sent",
                "expected more than 0s",
            );
            None
        }
    }
}

/// The other end of the line that a fault strikes at; it must exist.
fn line(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    party: Place,
    terminals: &mut Named,
) -> Option<Place> {
    let here = peer_of(party);
    let Some(name) = table.text(sink, "with") else {
        if table.has("with") {
            return None;
        }
        return match here {
            Peer::Terminal | Peer::Issuer => Some(Place::Acquirer),
            Peer::Acquirer => {
                table.missing(sink, "with");
                None
            }
        };
    };
    let other = place(sink, &name, terminals)?;
    if neighbours(here).contains(&peer_of(other)) {
        return Some(other);
    }
    no_line(sink, &name, party, here);
    None
}

pub(super) fn no_line(sink: &mut Sink, name: &Spot<&str>, party: Place, here: Peer) {
    let me = match party {
        Place::Terminal(_) => "a terminal",
        Place::Acquirer => "the acquirer",
        Place::Issuer => "the issuer",
    };
    let message = format!("there is no line between {me} and `{}`", name.value);
    let error = sink.error(&name.at, message, "no such line");
    error.hint = Some(match here {
        Peer::Terminal | Peer::Issuer => {
            "terminals and issuer talk through the acquirer: write \"acquirer\"".to_owned()
        }
        Peer::Acquirer => "it has lines to the terminals and to the issuer".to_owned(),
    });
}

/// Some kinds need a trigger of their own.
fn suits(sink: &mut Sink, table: &Table<'_, '_>, what: &FaultKind, when: &When, at: &At) {
    let on_message = matches!(when, When::Sends { .. } | When::Receives { .. });
    if what.acts_on_message() && !on_message {
        let message = format!("`{}` acts on one message, and no message triggers it", what.name());
        sink.error(at, message, "expected `sends` or `receives`");
    }
    if let FaultKind::SyncError = what
        && !matches!(when, When::Before { effect, .. } if effect == "sync")
    {
        sink.error(at, "a sync fails where a sync is made", "expected `before = \"sync\"`");
    }
    if let FaultKind::ClockSkew { .. } = what
        && *when != (When::At { ms: 0 })
    {
        sink.error(at, "a skewed clock was wrong when the run began", "expected no trigger").hint =
            Some("for a clock that jumps later, use `what = \"clock_step\"`".to_owned());
    }
    if let FaultKind::Latency { latency, .. } = what {
        too_quick(sink, &table.value_at("latency"), *latency);
    }
}

/// What an institution's journal forgets is money, whatever its design; and slips come out of terminals.
fn only_terminals(sink: &mut Sink, table: &Table<'_, '_>, what: &FaultKind, party: Place) {
    if matches!(what, FaultKind::Restore { .. }) && !matches!(party, Place::Terminal(_)) {
        let message = "only a terminal comes back with an older journal";
        sink.error(&table.value_at("where"), message, "expected a terminal").hint =
            Some("no design of an institution survives that (soundness 10)".to_owned());
    }
    if what.needs_printer() && !matches!(party, Place::Terminal(_)) {
        let message = "only a terminal has a printer";
        sink.error(&table.value_at("where"), message, "expected a terminal").hint =
            Some("slips come out where the customer stands; name one of the terminals".to_owned());
    }
}

/// No hop may be quicker than the finest tick of the stages.
pub(super) fn too_quick(sink: &mut Sink, at: &At, latency: Latency) {
    let least = latency.least_ms();
    if least < LEAST_MS {
        let message = format!("a hop of {least} ms is below the stages' finest tick");
        sink.error(at, message, format!("expected at least {LEAST_MS}ms"));
    }
}
