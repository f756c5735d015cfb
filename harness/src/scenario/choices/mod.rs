//! The design choices of the parties, as stories write them: one table that the parser, the reference
//! and `explain` all read. A choice marked unsound exists so that checks can be shown to catch it.

mod acquirer;
mod issuer;
mod terminal;

pub use acquirer::ACQUIRER;
pub use issuer::ISSUER;
pub use terminal::TERMINAL;

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
