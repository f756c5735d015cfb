//! What a person reads first: a line per scenario, and a summary of what was exercised.

use super::trace::{Lang, padded, time};
use crate::check::{Invariant, Ruling};
use crate::examine::{Examination, Standing};
use crate::plan::{FAULT_NAMES, Plan};
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What some runs exercised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs.
    pub runs: u64,
    /// Runs that came out as expected.
    pub passed: u64,
    /// Runs whose expectation found nothing to check.
    pub inconclusive: u64,
    /// Runs that could not be brought to their end.
    pub broken: u64,
    /// Operations that began.
    pub operations: u64,
    /// Faults of the plans that struck.
    pub struck: u64,
    /// Times that they took effect: a cut does with every message that it loses.
    pub strikes: u64,
    /// Simulated milliseconds.
    pub simulated_ms: u64,
    invariants: BTreeMap<Invariant, (u64, u64)>,
    faults: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// One run.
    pub fn of(plan: &Plan, examination: &Examination) -> Tally {
        let standing = examination.standing();
        let mut tally = Tally {
            runs: 1,
            passed: u64::from(standing == Standing::Passed),
            inconclusive: u64::from(standing == Standing::Inconclusive),
            operations: examination.operations(),
            struck: examination.fired.iter().filter(|count| **count > 0).count() as u64,
            strikes: examination.fired.iter().sum(),
            simulated_ms: plan.end_ms(),
            ..Tally::default()
        };
        for verdict in &examination.verdicts {
            let (held, broke) = tally.invariants.entry(verdict.invariant).or_default();
            match verdict.ruling {
                Ruling::Held => *held += 1,
                Ruling::Violated(_) => *broke += 1,
                Ruling::Unknown(_) => {}
            }
        }
        for (fault, count) in plan.faults.iter().zip(&examination.fired) {
            *tally.faults.entry(fault.what.name()).or_default() += count;
        }
        tally
    }

    /// A run that could not be brought to its end.
    pub fn of_broken() -> Tally {
        Tally { runs: 1, broken: 1, ..Tally::default() }
    }

    /// Adds other runs.
    pub fn merge(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.passed += other.passed;
        self.inconclusive += other.inconclusive;
        self.broken += other.broken;
        self.operations += other.operations;
        self.struck += other.struck;
        self.strikes += other.strikes;
        self.simulated_ms += other.simulated_ms;
        for (invariant, (held, broke)) in &other.invariants {
            let sum = self.invariants.entry(*invariant).or_default();
            *sum = (sum.0 + held, sum.1 + broke);
        }
        for (name, count) in &other.faults {
            *self.faults.entry(name).or_default() += count;
        }
    }

    /// How these runs stand together.
    pub fn mark(&self) -> Mark {
        if self.broken > 0 {
            Mark::Broken
        } else if self.passed + self.inconclusive < self.runs {
            Mark::Failed
        } else if self.inconclusive > 0 {
            Mark::Inconclusive
        } else {
            Mark::Ok
        }
    }

    /// What was never exercised; a whole catalogue must leave nothing out.
    pub fn gaps(&self) -> Vec<String> {
        let exercised =
            |invariant: &Invariant| self.invariants.get(invariant).is_some_and(|n| n.0 + n.1 > 0);
        let invariants = Invariant::ALL.into_iter().filter(|invariant| !exercised(invariant));
        let faults =
            FAULT_NAMES.iter().filter(|name| self.faults.get(*name).is_none_or(|n| *n == 0));
        let invariants = invariants.map(|invariant| invariant.name().to_owned());
        invariants.chain(faults.map(|name| (*name).to_owned())).collect()
    }

    /// The summary; with `all`, also what was never exercised. On turmoil's own network some faults are its
    /// own doing and are not counted, so none can be said never to have struck.
    pub fn render(&self, lang: Lang, all: bool, native: bool) -> String {
        let mut text = match lang {
            Lang::En => self.head(),
            Lang::Zh => self.head_zh(),
        };
        let [invariants, faults, never, uncounted] = match lang {
            Lang::En => [
                "invariants (held / broke):",
                "faults (times in effect):",
                "never exercised",
                "not counted on this stage",
            ],
            Lang::Zh => ["不变量（成立 / 违反）：", "故障（生效次数）：", "从未涉及", "此环境不计"],
        };
        let _ = writeln!(text, "{invariants}");
        for invariant in Invariant::ALL {
            let (held, broke) = self.invariants.get(&invariant).copied().unwrap_or_default();
            if held + broke > 0 {
                let _ = writeln!(text, "  {:<22} {held:>5} / {broke}", invariant.name());
            } else if all {
                let _ = writeln!(text, "  {:<22} {never}", invariant.name());
            }
        }
        if all || self.faults.values().any(|count| *count > 0) {
            let _ = writeln!(text, "{faults}");
        }
        for name in FAULT_NAMES {
            match self.faults.get(name).copied().unwrap_or_default() {
                0 if all => {
                    let none = if native { uncounted } else { never };
                    let _ = writeln!(text, "  {name:<22} {none}");
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

impl Tally {
    /// Runs that came to their end and not as expected.
    fn failed(&self) -> u64 {
        self.runs - self.passed - self.inconclusive - self.broken
    }

    fn head(&self) -> String {
        let mut text = format!("{} of {} runs as expected", self.passed, self.runs);
        let rest = [
            (self.failed(), "not"),
            (self.inconclusive, "inconclusive"),
            (self.broken, "broken off"),
        ];
        for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(text, ", {count} {what}");
        }
        let _ = writeln!(
            text,
            ": {}, {}{}, {} simulated",
            counted(self.operations, "operation"),
            counted(self.struck, "fault"),
            in_effect(self.strikes),
            long_time(self.simulated_ms)
        );
        text
    }

    fn head_zh(&self) -> String {
        let mut text = format!("{} 次运行，{} 次如预期", self.runs, self.passed);
        let rest = [(self.failed(), "不符"), (self.inconclusive, "无定论"), (self.broken, "中断")];
        for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(text, "，{count} 次{what}");
        }
        let _ = writeln!(
            text,
            "：{} 个操作，{} 个故障生效 {} 次，模拟时间 {}",
            self.operations,
            self.struck,
            self.strikes,
            long_time_zh(self.simulated_ms)
        );
        text
    }
}

/// A number of things, as `1 fault` and `2 faults`.
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How often faults took effect, behind their number.
fn in_effect(times: u64) -> String {
    match times {
        0 => String::new(),
        1 => " in effect once".to_owned(),
        times => format!(" in effect {times} times"),
    }
}

/// Hours and minutes, or minutes and seconds.
pub fn long_time(ms: u64) -> String {
    match (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60) {
        (0, minutes, seconds) => format!("{minutes} min {seconds:02} s"),
        (hours, minutes, _) => format!("{hours} h {minutes:02} min"),
    }
}

/// The same in Chinese.
pub fn long_time_zh(ms: u64) -> String {
    match (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60) {
        (0, minutes, seconds) => format!("{minutes} 分 {seconds:02} 秒"),
        (hours, minutes, _) => format!("{hours} 小时 {minutes:02} 分"),
    }
}

/// How a scenario came out, over all its runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As expected.
    Ok,
    /// Nothing could be concluded.
    Inconclusive,
    /// Not as expected.
    Failed,
    /// A bug of ours.
    Broken,
}

impl Mark {
    /// Four columns that say it without colour.
    pub fn text(self) -> &'static str {
        match self {
            Mark::Ok => "ok  ",
            Mark::Inconclusive => "??  ",
            Mark::Failed => "FAIL",
            Mark::Broken => "BUG ",
        }
    }
}

/// The line of one scenario, behind its mark: name, counts of runs, operations and faults that struck,
/// simulated time, title.
pub fn line(scenario: &Scenario, lang: Lang, tally: &Tally) -> String {
    let expected = match scenario.expect.violates {
        Some((invariant, _)) if tally.mark() == Mark::Ok => match lang {
            Lang::En => format!("  breaks {}", invariant.name()),
            Lang::Zh => format!("  违反 {}", invariant.name()),
        },
        _ => String::new(),
    };
    // One of a kind keeps the column that the plural's last letter takes.
    let column = |count: u64, what: &str| {
        let blank = if count == 1 { " " } else { "" };
        counted(count, what) + blank
    };
    let (runs, ops, faults) = (tally.runs, tally.operations, tally.struck);
    // A character of these takes two columns.
    let counts = match lang {
        Lang::En => {
            let (runs, ops) = (column(runs, "run"), column(ops, "op"));
            format!("{runs:>8} {ops:>9} {:>13}", column(faults, "fault"))
        }
        Lang::Zh => format!("{runs:>4} 次 {ops:>4} 操作 {faults:>5} 个故障"),
    };
    let time = time(tally.simulated_ms);
    let time = time.split_once('.').map_or(time.as_str(), |(whole, _)| whole);
    format!(
        "{} {counts} {time:>9}  {}{expected}\n",
        padded(&scenario.name, 42),
        lang.of(&scenario.title)
    )
}
