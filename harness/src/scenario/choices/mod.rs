//! The design choices of the parties, as stories write them: one table that the parser, the reference
//! and `explain` all read. A choice marked unsound exists so that checks can be shown to catch it.

mod acquirer;
mod issuer;
mod terminal;

pub use acquirer::ACQUIRER;
pub use issuer::ISSUER;
pub use terminal::TERMINAL;

use crate::plan::Plan;
use std::collections::BTreeMap;

/// What a choice's value needs beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Param {
    /// Nothing: `choice = "value"`.
    None,
    /// A duration: `choice = { value = "60s" }`.
    Duration,
    /// A count of at least 1: `choice = { value = 3 }`.
    Count,
}

/// One way to choose.
#[derive(Clone, Copy, Debug)]
pub struct Way<C: 'static> {
    /// As stories write it.
    pub name: &'static str,
    /// Whether docs/rules.md allows it.
    pub sound: bool,
    /// What it needs.
    pub param: Param,
    /// What it means, and the rule or bug it stands for.
    pub doc: &'static str,
    /// Sets it; the number is milliseconds or a count.
    pub(in crate::scenario) set: fn(&mut C, u64),
}

impl<C> Way<C> {
    /// Makes this choice; the number is milliseconds or a count, where the way needs one.
    pub fn choose(&self, choices: &mut C, number: u64) {
        (self.set)(choices, number);
    }
}

/// One design choice of a kind of party. The first way is the default.
#[derive(Clone, Copy, Debug)]
pub struct Choice<C: 'static> {
    /// Key in the party's table.
    pub key: &'static str,
    /// What is chosen.
    pub doc: &'static str,
    /// The ways, the default first.
    pub ways: &'static [Way<C>],
}

pub(super) const fn sound<C>(
    name: &'static str,
    doc: &'static str,
    set: fn(&mut C, u64),
) -> Way<C> {
    Way { name, sound: true, param: Param::None, doc, set }
}

pub(super) const fn unsound<C>(
    name: &'static str,
    doc: &'static str,
    set: fn(&mut C, u64),
) -> Way<C> {
    Way { name, sound: false, param: Param::None, doc, set }
}

pub(super) const fn unsound_with<C>(
    name: &'static str,
    param: Param,
    doc: &'static str,
    set: fn(&mut C, u64),
) -> Way<C> {
    Way { name, sound: false, param, doc, set }
}

/// The unsound choices of a plan's parties, as stories write them; none if all are sound.
pub fn unsound_choices(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    let world = &plan.world;
    for terminal in &world.terminals {
        unsound_of("terminal", TERMINAL, &terminal.choices, &mut found);
    }
    unsound_of("acquirer", ACQUIRER, &world.acquirer.choices, &mut found);
    unsound_of("issuer", ISSUER, &world.issuer.choices, &mut found);
    found.dedup();
    found
}

fn unsound_of<C>(party: &str, choices: &[Choice<C>], made: &C, found: &mut Vec<String>)
where
    C: Default + serde::Serialize,
{
    let made = ways(made);
    for choice in choices {
        let standing = |way: &&Way<C>| {
            let mut other = C::default();
            (way.set)(&mut other, 1);
            ways(&other).get(choice.key) == made.get(choice.key)
        };
        let way = choice.ways.iter().find(standing);
        if let Some(way) = way.filter(|way| !way.sound) {
            found.push(format!("{party}.{} = \"{}\"", choice.key, way.name));
        }
    }
}

/// Which way each choice is made, what it needs beside its name left out.
fn ways(choices: &impl serde::Serialize) -> BTreeMap<String, String> {
    let value = serde_json::to_value(choices).expect("choices are plain data");
    let name = |way: &serde_json::Value| match way {
        serde_json::Value::Object(way) => way.keys().next().cloned().unwrap_or_default(),
        way => way.to_string(),
    };
    let entries = value.as_object().into_iter().flatten();
    entries.map(|(key, way)| (key.clone(), name(way))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storm::{Knobs, plan};

    fn check<C: Default + serde::Serialize>(
        party: &str,
        choices: &[Choice<C>],
        put: fn(&mut Plan, C),
    ) {
        for choice in choices {
            for way in choice.ways {
                let (mut plan, mut made) = (plan(1, &Knobs::default()), C::default());
                (way.set)(&mut made, 60_000);
                put(&mut plan, made);
                let named = format!("{party}.{} = \"{}\"", choice.key, way.name);
                let wanted: Vec<String> = (!way.sound).then_some(named).into_iter().collect();
                assert_eq!(unsound_choices(&plan), wanted, "{party}.{} {}", choice.key, way.name);
            }
        }
    }

    #[test]
    fn every_unsound_way_is_named_and_no_sound_one() {
        check("terminal", TERMINAL, |plan, made| plan.world.terminals[0].choices = made);
        check("acquirer", ACQUIRER, |plan, made| plan.world.acquirer.choices = made);
        check("issuer", ISSUER, |plan, made| plan.world.issuer.choices = made);
    }
}
