//! A failed run, as a person needs it to act: what was declared and where, expected and observed, whose rule
//! was broken, what is at risk, and the trace with its witness.

use super::Witness;
use super::trace::{Lang, Trace, padded, time};
use super::words::Words;
use super::zh;
use crate::examine::{About, Examination, Miss, Stage, place_name};
use crate::plan::{Place, Plan};
use crate::scenario::Scenario;
use std::fmt::Write as _;

/// A failed run.
pub struct Failure<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What was run.
    pub plan: &'a Plan,
    /// On what.
    pub stage: Stage,
    /// The language of screens.
    pub lang: Lang,
    /// What came out.
    pub examination: &'a Examination,
}

impl Failure<'_> {
    /// Everything but where it was kept.
    pub fn render(&self) -> String {
        let (name, seed, stage) = (&self.scenario.name, self.plan.seed, self.stage.name());
        let mut text = match self.lang {
            Lang::En => format!("---- {name}  (seed {seed}, stage {stage})\n"),
            Lang::Zh => format!("---- {name}  （种子 {seed}，环境 {stage}）\n"),
        };
        let (plan, names, lang) = (self.plan, &self.scenario.names, self.lang);
        let words = Words { plan, names, lang };
        let leading = self.examination.leading();
        let witness = Witness::of(self.examination);
        if let Some(miss) = leading {
            self.declared(&mut text, miss);
            field(lang, &mut text, "expected", &words.remark(&miss.expected));
            field(lang, &mut text, "observed", &words.remark(&miss.observed));
            self.violation(&mut text, miss, &witness);
        }
        for miss in self.examination.misses.iter().filter(|miss| Some(*miss) != leading) {
            let name = &miss.name;
            let (expected, observed) = (words.remark(&miss.expected), words.remark(&miss.observed));
            let also = match self.lang {
                Lang::En => format!("{name}: expected {expected}; observed {observed}"),
                Lang::Zh => format!("{name}：预期 {expected}；实际 {observed}"),
            };
            field(self.lang, &mut text, "also", &also);
        }
        for (place, choices) in changed_choices(self.plan) {
            let names = &self.scenario.names;
            let changed = match self.lang {
                Lang::En => format!("{}: {choices}", place_name(place, names)),
                Lang::Zh => format!("{}：{choices}", zh::place(place, names)),
            };
            field(self.lang, &mut text, "choices", &changed);
        }
        text.push('\n');
        text.push_str(&self.trace_of(&witness));
        text
    }

    /// The folded trace.
    pub fn trace(&self) -> String {
        self.trace_of(&Witness::of(self.examination))
    }

    fn trace_of(&self, witness: &Witness) -> String {
        let (plan, names, lang) = (self.plan, &self.scenario.names, self.lang);
        let trace = Trace { plan, names, lang, witness: Some(witness), fold: true };
        trace.render(&self.examination.events)
    }

    fn declared(&self, text: &mut String, miss: &Miss) {
        let line = declared_at(self.scenario, miss);
        let place = match line {
            Some(line) => format!("{}:{line}", file_of(self.scenario)),
            None => file_of(self.scenario),
        };
        match miss.about {
            About::Invariant(invariant) => {
                let name = invariant.name();
                let file = format!("harness/src/check/{}.rs", name.replace('-', "_"));
                let words = crate::explain::zh::entry(name);
                let (declared, statement) = match (self.lang, words) {
                    (Lang::Zh, Some(words)) => {
                        (format!("{name}，声明于 {file}"), words.title.as_str())
                    }
                    _ => (format!("{name}, declared in {file}"), invariant.statement()),
                };
                field(self.lang, text, "invariant", &declared);
                field(self.lang, text, "", statement);
                if line.is_some() {
                    field(self.lang, text, "named in", &place);
                }
            }
            _ => {
                let declared = match self.lang {
                    Lang::En => format!("{}, declared in {place}", miss.name),
                    Lang::Zh => format!("{}，声明于 {place}", miss.name),
                };
                field(self.lang, text, "expectation", &declared);
            }
        }
    }

    fn violation(&self, text: &mut String, miss: &Miss, witness: &Witness) {
        let About::Invariant(invariant) = miss.about else { return };
        let verdict = self.examination.verdict(invariant);
        let Some(violation) = verdict.and_then(|verdict| verdict.violation()) else { return };
        let (step, at) = (witness.begins().unwrap_or_default(), time(violation.first.0));
        let (blamed, names) = (violation.blamed, &self.scenario.names);
        let first = match (self.lang, violation.count) {
            (Lang::En, 1) => {
                let who = place_name(blamed, names);
                format!("{who}, once; it is about what begins at step {step}, {at}")
            }
            (Lang::En, count) => {
                let who = place_name(blamed, names);
                format!("{who}, {count} times; the first is about what begins at step {step}, {at}")
            }
            (Lang::Zh, count) => {
                let who = zh::place(blamed, names);
                format!("{who}，{count} 次，首次所涉之事始于步骤 {step}，{at}")
            }
        };
        field(self.lang, text, "broken by", &first);
        field(self.lang, text, "at risk", &violation.at_risk.to_string());
    }
}

/// A line of the report: the field's name, and its value.
pub fn field(lang: Lang, text: &mut String, name: &'static str, value: &str) {
    let _ = writeln!(text, "  {} {value}", padded(zh::label(lang, name), 11));
}

/// The story's file, as its reader would look for it.
pub fn file_of(scenario: &Scenario) -> String {
    let name = scenario.name.as_str();
    if scenario.folder == crate::regression::FOLDER {
        let folder = if regression(name) { "scenarios/" } else { "" };
        return format!("{folder}{name}.json");
    }
    let catalogue = crate::scenario::catalogue().any(|(known, _)| known == name);
    let folder = if catalogue { "scenarios/" } else { "" };
    format!("{folder}{name}.toml")
}

/// Whether a regression of this name is built in.
pub fn regression(name: &str) -> bool {
    crate::regression::embedded().any(|(known, _)| known == name)
}

/// The line of the story in which an expectation stands, if it stands in one.
fn declared_at(scenario: &Scenario, miss: &Miss) -> Option<usize> {
    let op = |op: u32| scenario.names.op(op).to_owned();
    let (section, key) = match miss.about {
        About::Outcome(of) => (op(of), "ends"),
        About::Screen(of) => (op(of), "shows"),
        About::Balance(_) => ("expect".to_owned(), ""),
        About::Invariant(_) => ("expect".to_owned(), "violates"),
        About::Fault(n) => return fault_line(&scenario.source, n),
    };
    let header = |line: &str| {
        let inner = line.strip_prefix('[')?.trim_end().strip_suffix(']')?;
        Some(inner.rsplit('.').next().unwrap_or(inner).trim_matches('"').to_owned())
    };
    let mut inside = None;
    for (number, line) in (1..).zip(scenario.source.lines()) {
        if let Some(name) = header(line) {
            inside = (name == section).then_some(number);
        } else if inside.is_some() && !key.is_empty() && line.trim_start().starts_with(key) {
            return Some(number);
        }
        if key.is_empty() && inside.is_some() {
            return inside;
        }
    }
    None
}

fn fault_line(source: &str, n: u32) -> Option<usize> {
    let mut lines = (1..).zip(source.lines()).filter(|(_, line)| line.trim() == "[[fault]]");
    lines.nth(usize::try_from(n).ok()?).map(|(number, _)| number)
}

/// The design choices that are not the default, by party.
fn changed_choices(plan: &Plan) -> Vec<(Place, String)> {
    let mut all = Vec::new();
    let mut add =
        |place: Place, choices: Option<serde_json::Value>, sound: Option<serde_json::Value>| {
            let (Some(serde_json::Value::Object(set)), Some(serde_json::Value::Object(default))) =
                (choices, sound)
            else {
                return;
            };
            let changed = set.iter().filter(|(key, value)| default.get(*key) != Some(*value));
            // As a story writes them: ways with hyphens.
            let changed: Vec<String> = changed
                .map(|(key, value)| format!("{key} = {}", value.to_string().replace('_', "-")))
                .collect();
            if !changed.is_empty() {
                all.push((place, changed.join(", ")));
            }
        };
    let world = &plan.world;
    for (n, terminal) in (0u16..).zip(&world.terminals) {
        let default = cardstorm_models::party::terminal::TerminalChoices::default();
        add(Place::Terminal(n), value(&terminal.choices), value(&default));
    }
    let default = cardstorm_models::party::acquirer::AcquirerChoices::default();
    add(Place::Acquirer, value(&world.acquirer.choices), value(&default));
    let default = cardstorm_models::party::issuer::IssuerChoices::default();
    add(Place::Issuer, value(&world.issuer.choices), value(&default));
    all
}

fn value(choices: &impl serde::Serialize) -> Option<serde_json::Value> {
    serde_json::to_value(choices).ok()
}
