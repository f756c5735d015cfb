//! What a sweep found, as a person reads it: how much was run, what was exercised, what broke.

use super::summary::long_time;
use crate::check::Invariant;
use crate::explore::{Confirmed, Finding, Report};
use crate::plan::FAULT_NAMES;
use cardstorm_models::party::Peer;
use std::fmt::Write as _;

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A kind of party, in words.
pub fn peer_name(peer: Peer) -> &'static str {
    match peer {
        Peer::Terminal => "a terminal",
        Peer::Acquirer => "the acquirer",
        Peer::Issuer => "the issuer",
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

/// How much was run and what was exercised.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    let (plans, units) = (counted(report.plans(), "plan"), counted(report.units.count(), "unit"));
    let failing = match report.failing {
        0 => "no invariant broke".to_owned(),
        failing => format!("an invariant broke in {}", grouped(failing)),
    };
    let _ = writeln!(text, "{plans} in {units}: {failing}");
    if report.broken_off > 0 {
        let _ = writeln!(text, "{} could not be brought to an end", grouped(report.broken_off));
    }
    let _ = writeln!(
        text,
        "{}, faults in effect {}, {} simulated",
        counted(report.operations, "operation"),
        counted(report.strikes(), "time"),
        long_time(report.simulated_ms)
    );
    text.push_str(&super::grid::render(report));
    let _ = writeln!(text, "invariants (held / broke):");
    for (invariant, (held, broke)) in Invariant::ALL.into_iter().zip(report.invariants) {
        let name = invariant.name();
        let _ = match held + broke {
            0 => writeln!(text, "  {name:<22} never exercised"),
            _ => writeln!(text, "  {name:<22} {:>11} / {}", grouped(held), grouped(broke)),
        };
    }
    let _ = writeln!(text, "faults (times in effect):");
    for (name, count) in FAULT_NAMES.into_iter().zip(report.faults) {
        let _ = match count {
            0 => writeln!(text, "  {name:<22} never exercised"),
            count => writeln!(text, "  {name:<22} {:>11}", grouped(count)),
        };
    }
    if !report.broke.is_empty() {
        let _ = writeln!(text, "what broke first (plans):");
    }
    for ((invariant, blamed), plans) in &report.broke {
        let (name, blamed) = (invariant.name(), peer_name(*blamed));
        let _ = writeln!(text, "  {name:<22} {:>11}  by {blamed}", grouped(*plans));
    }
    text
}

/// One finding: what broke, how small it became, and whether turmoil agrees.
pub fn finding(finding: &Finding, seed: u64) -> String {
    let mut text = String::new();
    let field = |text: &mut String, name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<11} {value}");
    };
    field(&mut text, "found", &format!("under seed {seed}, plan {}", grouped(finding.index)));
    if !finding.also.is_empty() {
        let more = counted(finding.also.len() as u64, "further plan");
        field(&mut text, "", &format!("{more} shrank to the same story"));
    }
    field(&mut text, "shrunk", &finding.shrunk.summary());
    field(&mut text, "on turmoil", &confirmed(&finding.confirmed));
    text
}

/// Whether a finding happens on turmoil, in words.
pub fn confirmed(confirmed: &Confirmed) -> String {
    match confirmed {
        Confirmed::Same => "the same history, byte for byte".into(),
        Confirmed::No(why) => format!("it does not happen there: {why}"),
        Confirmed::OfItsOwn => "found on its own network, not compared".into(),
    }
}
