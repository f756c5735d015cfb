//! What a person reads of a run on the terminal: a line per scenario, failures last and together, and a
//! summary of what was exercised.

use super::trace::{Lang, Trace};
use crate::check::{Invariant, Ruling};
use crate::examine::{Examination, Stage, place_name};
use crate::history::What;
use crate::plan::{FAULT_NAMES, Plan};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a whole catalogue exercised.
#[derive(Default)]
pub struct Tally {
    /// Runs.
    pub runs: u64,
    /// Runs that came out as expected.
    pub passed: u64,
    /// Operations that began.
    pub operations: u64,
    /// Simulated milliseconds.
    pub simulated_ms: u64,
    invariants: BTreeMap<Invariant, (u64, u64)>,
    faults: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Adds one run.
    pub fn add(&mut self, plan: &Plan, examination: &Examination) {
        self.runs += 1;
        self.passed += u64::from(examination.passed());
        self.simulated_ms += plan.end_ms();
        let begun = |event: &&crate::history::Event| matches!(event.what, What::OpBegins { .. });
        self.operations += examination.events.iter().filter(begun).count() as u64;
        for verdict in &examination.verdicts {
            let (held, broke) = self.invariants.entry(verdict.invariant).or_default();
            match verdict.ruling {
                Ruling::Held => *held += 1,
                Ruling::Violated(_) => *broke += 1,
                Ruling::Unknown(_) => {}
            }
        }
        for (fault, count) in plan.faults.iter().zip(&examination.fired) {
            *self.faults.entry(fault.what.name()).or_default() += count;
        }
    }

    /// What was never exercised; a whole catalogue must leave nothing out.
    pub fn gaps(&self) -> Vec<String> {
        let exercised = |invariant: &Invariant| self.invariants.get(invariant).is_some_and(|n| n.0 + n.1 > 0);
        let invariants = Invariant::ALL.into_iter().filter(|invariant| !exercised(invariant));
        let faults = FAULT_NAMES.iter().filter(|name| self.faults.get(*name).is_none_or(|n| *n == 0));
        let invariants = invariants.map(|invariant| invariant.name().to_owned());
        invariants.chain(faults.map(|name| (*name).to_owned())).collect()
    }

    /// The summary; with `all`, also what was never exercised.
    pub fn render(&self, all: bool) -> String {
        let mut text = String::new();
        let hours = self.simulated_ms / 3_600_000;
        let minutes = self.simulated_ms / 60_000 % 60;
        let _ = writeln!(
            text,
            "{} of {} runs as expected: {} operations, {hours} h {minutes:02} min simulated",
            self.passed, self.runs, self.operations
        );
        let _ = writeln!(text, "invariants (held / broke):");
        for invariant in Invariant::ALL {
            let (held, broke) = self.invariants.get(&invariant).copied().unwrap_or_default();
            if held + broke > 0 {
                let _ = writeln!(text, "  {:<22} {held:>5} / {broke}", invariant.name());
            } else if all {
                let _ = writeln!(text, "  {:<22} never exercised", invariant.name());
            }
        }
        let _ = writeln!(text, "faults (struck):");
        for name in FAULT_NAMES {
            match self.faults.get(name).copied().unwrap_or_default() {
                0 if all => {
                    let _ = writeln!(text, "  {name:<22} never exercised");
                }
                0 => {}
                count => {
                    let _ = writeln!(text, "  {name:<22} {count:>5}");
                }
            }
        }
        text
    }
}

/// The line of one run.
pub fn line(scenario: &Scenario, lang: Lang, examination: &Examination) -> String {
    let mark = if examination.passed() { "ok  " } else { "FAIL" };
    let title = match lang {
        Lang::En => &scenario.title.en,
        Lang::Zh => &scenario.title.zh,
    };
    let begun = |event: &&crate::history::Event| matches!(event.what, What::OpBegins { .. });
    let operations = examination.events.iter().filter(begun).count();
    let faults: u64 = examination.fired.iter().sum();
    let expected = match scenario.expect.violates {
        Some((invariant, _)) if examination.passed() => format!("  breaks {}", invariant.name()),
        _ => String::new(),
    };
    format!(
        "{mark} {:<44} {operations:>3} ops {faults:>3} strikes  {title}{expected}\n",
        scenario.name
    )
}

/// Everything that a person needs to act on a failed run.
pub fn failure(
    scenario: &Scenario,
    plan: &Plan,
    stage: Stage,
    lang: Lang,
    examination: &Examination,
) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "---- {} (seed {}, stage {})", scenario.name, plan.seed, stage.name());
    for miss in &examination.misses {
        let _ = writeln!(text, "  expected  {}\n  observed  {}", miss.expected, miss.observed);
    }
    let violations = examination.verdicts.iter().filter_map(|verdict| {
        verdict.violation().map(|violation| (verdict, violation))
    });
    let first = violations.min_by_key(|(_, violation)| violation.first);
    if let Some((verdict, violation)) = first {
        let name = verdict.invariant.name();
        let _ = writeln!(text, "  invariant {name} (harness/src/check/{}.rs)", name.replace('-', "_"));
        let _ = writeln!(text, "            {}", verdict.invariant.statement());
        let _ = writeln!(
            text,
            "  broken by {}, {} time(s), {} at risk",
            place_name(violation.blamed),
            violation.count,
            violation.at_risk
        );
    }
    let trace = Trace {
        plan,
        names: &scenario.names,
        lang,
        subjects: first.map(|(_, violation)| &violation.subjects),
        fold: first.is_some_and(|(_, violation)| !violation.subjects.keys.is_empty()),
    };
    text.push_str(&trace.render(&examination.events));
    let tick = match stage {
        Stage::Turmoil { tick_ms } if tick_ms > 0 => format!(" --tick {tick_ms}"),
        _ => String::new(),
    };
    let _ = writeln!(
        text,
        "  replay    cardstorm run {} --seed {} --stage {}{tick} --trace",
        scenario.name,
        plan.seed,
        stage.name()
    );
    text
}
