//! What a key and a table are, and what kinds of values keys take. The list itself is in `tables`.

use super::choices::{ACQUIRER, Choice, ISSUER, Param, TERMINAL};

/// What kind of value a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A list of texts.
    Texts,
    /// A text in English and Chinese.
    Translated,
    /// The name of something in the story.
    Name,
    /// One of a few words.
    OneOf(&'static [&'static str]),
    /// Yuan.
    Amount,
    /// A length of time.
    Duration,
    /// A length of time, forward or back.
    SignedDuration,
    /// A moment of the run.
    Time,
    /// Civil date and time.
    DateTime,
    /// Year and month.
    Month,
    /// A whole number.
    Count,
    /// A whole number, perhaps negative.
    Signed,
    /// What a hop takes.
    Latency,
    /// A response code.
    Code,
    /// What a screen shows.
    Shown,
    /// A message type.
    Mti,
    /// A card number.
    Pan,
    /// A PIN.
    Pin,
    /// A design choice.
    Choice,
    /// Amounts by name.
    Amounts,
    /// A part of a whole.
    Percent,
    /// A civil date.
    Date,
    /// A list of civil dates.
    Dates,
    /// A time of day.
    TimeOfDay,
    /// A table, or tables by name, or a list of tables.
    Tables,
}

impl Kind {
    /// As the reference prints it.
    pub fn describe(self) -> String {
        match self {
            Kind::Text => "text".into(),
            Kind::Texts => "list of texts".into(),
            Kind::Translated => "`{ en = \"...\", zh = \"...\" }`".into(),
            Kind::Name => "name".into(),
            Kind::OneOf(words) => quoted(words),
            Kind::Amount => "amount, `\"100.00\"`".into(),
            Kind::Duration => "duration, `\"60s\"`".into(),
            Kind::SignedDuration => "duration, `\"-2m\"`".into(),
            Kind::Time => "time, `\"+60s\"` or `\"14:59:30\"`".into(),
            Kind::DateTime => "date and time, `\"2026-03-02T09:00:00\"`".into(),
            Kind::Month => "month, `\"2030-12\"`".into(),
            Kind::Count => "whole number".into(),
            Kind::Signed => "whole number".into(),
            Kind::Latency => "latency, `\"200ms\"` or `\"100ms to 300ms\"`".into(),
            Kind::Code => "response code, `\"51\"`".into(),
            Kind::Shown => "response code or doubt text".into(),
            Kind::Mti => "message type, `\"0200\"`, or `\"any\"`".into(),
            Kind::Pan => "card number".into(),
            Kind::Pin => "PIN, `\"1234\"`".into(),
            Kind::Choice => "choice".into(),
            Kind::Amounts => "amounts by name".into(),
            Kind::Percent => "percentage, `\"0.60%\"`".into(),
            Kind::Date => "date, `\"2026-10-01\"`".into(),
            Kind::Dates => "list of dates".into(),
            Kind::TimeOfDay => "time of day, `\"23:00\"`".into(),
            Kind::Tables => "tables".into(),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ")
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As stories write it.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds where it is not given; `required` if it must be.
    pub default: &'static str,
    /// What it says.
    pub doc: &'static str,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// As stories write it; empty for the top of the file.
    pub header: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// What it may hold, design choices aside.
    pub keys: &'static [Key],
    /// Its design choices: key, what is chosen, ways.
    pub choices: Choices,
}

/// Whose design choices a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choices {
    /// Nobody's.
    None,
    /// A terminal's.
    Terminal,
    /// The acquirer's.
    Acquirer,
    /// The issuer's.
    Issuer,
}

/// One way of a design choice, whoever's it is.
#[derive(Clone, Copy, Debug)]
pub struct WayInfo {
    /// As stories write it.
    pub name: &'static str,
    /// Whether docs/rules.md allows it.
    pub sound: bool,
    /// What it needs.
    pub param: Param,
    /// What it means.
    pub doc: &'static str,
}

/// A design choice, whoever's it is.
#[derive(Clone, Debug)]
pub struct ChoiceInfo {
    /// The key.
    pub key: &'static str,
    /// What is chosen.
    pub doc: &'static str,
    /// The ways, the default first.
    pub ways: Vec<WayInfo>,
}

fn infos<C>(choices: &'static [Choice<C>]) -> Vec<ChoiceInfo> {
    let info = |choice: &Choice<C>| ChoiceInfo {
        key: choice.key,
        doc: choice.doc,
        ways: choice
            .ways
            .iter()
            .map(|way| WayInfo { name: way.name, sound: way.sound, param: way.param, doc: way.doc })
            .collect(),
    };
    choices.iter().map(info).collect()
}

impl Choices {
    /// The choices, in the order of the reference.
    pub fn list(self) -> Vec<ChoiceInfo> {
        match self {
            Choices::None => Vec::new(),
            Choices::Terminal => infos(TERMINAL),
            Choices::Acquirer => infos(ACQUIRER),
            Choices::Issuer => infos(ISSUER),
        }
    }
}

impl Section {
    /// Every key's name, design choices included.
    pub fn names(&self) -> Vec<&'static str> {
        let choices = self.choices.list();
        self.keys
            .iter()
            .map(|key| key.name)
            .chain(choices.iter().map(|choice| choice.key))
            .collect()
    }

    /// The key with a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}
