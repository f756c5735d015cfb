//! A typed walk over spanned TOML values: every getter names its key, says where a value is wrong and
//! what was expected, and goes on, so that one reading finds everything. The tables of keys decide what
//! exists; a getter for a key that is in no table is a bug of ours.

use super::hint::{nearest, suggest};
use super::keys::{Kind, Section};
use super::meant;
pub(super) use super::sink::{At, Sink, Spot, Value, short};
use super::tables::SECTIONS;
use super::value::Wrong;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest list of words that a label holds, in characters.
const MOST_IN_LABEL: usize = 60;

/// A table of the file under the keys that it may have.
pub(super) struct Table<'t, 'i> {
    map: &'t DeTable<'i>,
    /// Where its header or its braces stand.
    pub at: At,
    section: &'static Section,
    title: String,
    /// Keys that a wrong key was probably meant to be: that they are missing is said with it.
    meant: Vec<&'static str>,
}

impl<'t, 'i> Table<'t, 'i> {
    /// Takes a table and reports every key that it should not have.
    pub fn new(
        sink: &mut Sink,
        map: &'t DeTable<'i>,
        at: At,
        title: String,
        section: &'static Section,
    ) -> Table<'t, 'i> {
        let names = section.names();
        let mut meant = Vec::new();
        for (key, _) in map.iter() {
            let name: &str = key.get_ref();
            if !names.contains(&name) {
                let place = if title.is_empty() { "the story".to_owned() } else { title.clone() };
                let message = format!("{place} has no key `{}`", short(name));
                let elsewhere = belongs(name).filter(|header| *header != section.header);
                let hint = match elsewhere {
                    Some(header) => Some(format!("it belongs in {header}")),
                    None => suggest(name, names.iter().copied()),
                };
                sink.error(&key.span(), message, "unknown key").hint = hint;
                meant.extend(nearest(name, names.iter().copied()));
            }
        }
        Table { map, at, section, title, meant }
    }

    /// Takes a value that should be a table.
    pub fn open(
        sink: &mut Sink,
        value: &'t Value<'i>,
        title: String,
        section: &'static Section,
    ) -> Option<Table<'t, 'i>> {
        match value.get_ref() {
            DeValue::Table(map) => Some(Table::new(sink, map, value.span(), title, section)),
            // Two brackets where one was meant: what stands in it is read all the same.
            DeValue::Array(items)
                if title.starts_with('[') && !title.starts_with("[[") && items.len() == 1 =>
            {
                let message = format!("{title} is a table, not a list");
                let error = sink.error(&value.span(), message, "expected a table");
                error.hint = Some(format!("write {title}, with single brackets"));
                match items[0].get_ref() {
                    DeValue::Table(map) => {
                        Some(Table::new(sink, map, value.span(), title, section))
                    }
                    _ => None,
                }
            }
            other => {
                let message = format!("{title} is a table, not {}", found(other));
                sink.error(&value.span(), message, "expected a table");
                None
            }
        }
    }

    fn kind(&self, name: &str) -> Kind {
        let known = self.section.key(name).map(|key| key.kind);
        let choice =
            || self.section.choices.list().iter().any(|c| c.key == name).then_some(Kind::Choice);
        known.or_else(choice).expect("every key that is read is in the table of keys")
    }

    /// Whether the key is given.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// The value of a key as it stands.
    pub fn raw(&self, name: &str) -> Option<&'t Value<'i>> {
        assert!(self.section.names().contains(&name), "key {name} is in no table");
        self.map.iter().find(|(key, _)| key.get_ref() == name).map(|(_, value)| value)
    }

    /// Where a key stands, or the table if it is not given.
    pub fn key_at(&self, name: &str) -> At {
        let found = self.map.iter().find(|(key, _)| key.get_ref() == name);
        found.map_or(self.at.clone(), |(key, _)| key.span())
    }

    /// Where a key's value stands, or the table if it is not given.
    pub fn value_at(&self, name: &str) -> At {
        self.raw(name).map_or(self.at.clone(), |value| value.span())
    }

    /// Reports a key that must be given and is not.
    pub fn missing(&self, sink: &mut Sink, name: &str) {
        if self.meant.contains(&name) {
            return;
        }
        let place = if self.title.is_empty() { "the story" } else { &self.title };
        let kind = self.kind(name).describe();
        let error = sink.error(
            &self.at,
            format!("{place} needs `{name}`"),
            format!("`{name}` is missing: {kind}"),
        );
        error.derived = true;
    }

    /// A key's text.
    pub fn text(&self, sink: &mut Sink, name: &str) -> Option<Spot<&'t str>> {
        let value = self.raw(name)?;
        self.text_of(sink, name, value)
    }

    fn text_of(&self, sink: &mut Sink, name: &str, value: &'t Value<'i>) -> Option<Spot<&'t str>> {
        if let DeValue::String(text) = value.get_ref() {
            return Some(Spot { value: text, at: value.span() });
        }
        let kind = self.kind(name);
        let what = if kind == Kind::Amount { "an amount in quotes" } else { "a text" };
        let error = sink.error(
            &value.span(),
            format!("`{name}` takes {what}, not {}", found(value.get_ref())),
            format!("expected {}", kind.describe()),
        );
        error.hint = written(kind, value.get_ref());
        None
    }

    /// A key's text, parsed.
    pub fn parsed<T>(
        &self,
        sink: &mut Sink,
        name: &str,
        parse: impl FnOnce(&'t str) -> Result<T, Wrong>,
    ) -> Option<Spot<T>> {
        let text = self.text(sink, name)?;
        match parse(text.value) {
            Ok(value) => Some(Spot { value, at: text.at }),
            Err(wrong) => {
                sink.wrong(&text.at, name, self.kind(name), wrong);
                None
            }
        }
    }

    /// A key's word, out of the few that it may be.
    pub fn word(&self, sink: &mut Sink, name: &str) -> Option<Spot<&'t str>> {
        let Kind::OneOf(words) = self.kind(name) else {
            panic!("`{name}` is not one of a few words")
        };
        let text = self.text(sink, name)?;
        if words.contains(&text.value) {
            return Some(text);
        }
        let hint = suggest(text.value, words.iter().copied());
        let message = format!("`{name}` cannot be `{}`", short(text.value));
        let all = words.join(", ");
        // A few words stand in the label; more of them below it.
        let (label, hint) = if all.len() <= MOST_IN_LABEL {
            let near = hint.filter(|hint| hint.starts_with("did you mean"));
            (format!("expected one of {all}"), near)
        } else {
            ("no such word".to_owned(), hint)
        };
        sink.error(&text.at, message, label).hint = hint;
        None
    }

    /// A key's whole number, between two bounds.
    pub fn count(&self, sink: &mut Sink, name: &str, least: i64, most: i64) -> Option<Spot<i64>> {
        let value = self.raw(name)?;
        let at = value.span();
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            other => {
                let message = format!("`{name}` takes a whole number, not {}", found(other));
                let error = sink.error(&at, message, "expected a whole number");
                error.hint = match other {
                    DeValue::String(text) if text.parse::<i64>().is_ok() => {
                        Some(format!("write it without quotes, as `{name} = {text}`"))
                    }
                    _ => None,
                };
                return None;
            }
        };
        match number {
            Some(value) if (least..=most).contains(&value) => Some(Spot { value, at }),
            _ => {
                let message = format!("`{name}` is out of range");
                sink.error(&at, message, format!("expected {least} to {most}"));
                None
            }
        }
    }

    /// A key's list of texts.
    pub fn texts(&self, sink: &mut Sink, name: &str) -> Vec<Spot<&'t str>> {
        let Some(value) = self.raw(name) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            let message = format!("`{name}` takes a list, not {}", found(value.get_ref()));
            let error = sink.error(&value.span(), message, "expected a list of texts");
            error.hint = Some(format!("write `{name} = [\"...\"]`"));
            return Vec::new();
        };
        items.iter().filter_map(|item| self.text_of(sink, name, item)).collect()
    }

    /// A key's table.
    pub fn table(
        &self,
        sink: &mut Sink,
        name: &str,
        section: &'static Section,
    ) -> Option<Table<'t, 'i>> {
        let value = self.raw(name)?;
        Table::open(sink, value, section.header.to_owned(), section)
    }

    /// The tables under a key, by name: `[sale.NAME]`, in the order of the file.
    pub fn named(
        &self,
        sink: &mut Sink,
        name: &str,
        section: &'static Section,
    ) -> Vec<(Spot<&'t str>, Table<'t, 'i>)> {
        let Some(value) = self.raw(name) else { return Vec::new() };
        let DeValue::Table(map) = value.get_ref() else {
            let error = sink.error(
                &value.span(),
                format!("`{name}` holds tables by name"),
                format!("expected [{name}.NAME]"),
            );
            error.hint = Some(format!("write `[{name}.NAME]`, with a name of your own"));
            return Vec::new();
        };
        let mut found: Vec<_> = map.iter().collect();
        found.sort_by_key(|(key, _)| key.span().start);
        let mut tables = Vec::new();
        let mut nameless = false;
        for (key, value) in found {
            let label: &str = key.get_ref();
            let title = format!("[{name}.{}]", short(label));
            if !is_name(label) {
                let message = format!("`{}` cannot be a name", short(label));
                sink.error(&key.span(), message, "expected 1 to 40 letters, digits, `-` or `_`");
            }
            if !matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
                && section.names().contains(&label)
            {
                nameless = true;
                continue;
            }
            if let Some(table) = Table::open(sink, value, title, section) {
                tables.push((Spot { value: label, at: key.span() }, table));
            }
        }
        if nameless {
            let message = format!("[{name}] has no name");
            let error = sink.error(&self.key_at(name), message, format!("expected [{name}.NAME]"));
            let usual = match name {
                "terminal" => "till",
                "merchant" => "shop",
                "account" | "card" => "customer",
                _ => "lunch",
            };
            error.hint = Some(format!("write [{name}.{usual}], or another name of your own"));
        }
        tables
    }

    /// The tables under a key, as a list: `[[fault]]`.
    pub fn listed(
        &self,
        sink: &mut Sink,
        name: &str,
        section: &'static Section,
    ) -> Vec<Table<'t, 'i>> {
        let Some(value) = self.raw(name) else { return Vec::new() };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| Table::open(sink, item, section.header.to_owned(), section))
                .collect(),
            _ => {
                let error = sink.error(
                    &value.span(),
                    format!("`{name}` is a list of tables"),
                    format!("expected [[{name}]]"),
                );
                error.hint = Some(format!("write `[[{name}]]`, with two brackets"));
                // What stands in it is read all the same.
                match value.get_ref() {
                    DeValue::Table(_) => {
                        Table::open(sink, value, section.header.to_owned(), section)
                            .into_iter()
                            .collect()
                    }
                    _ => Vec::new(),
                }
            }
        }
    }

    /// The amounts by name under a key: `balance = { customer = "900.00" }`.
    pub fn entries(&self, name: &str) -> Option<Vec<(Spot<&'t str>, &'t Value<'i>)>> {
        let DeValue::Table(map) = self.raw(name)?.get_ref() else { return None };
        let entry = |(key, value): (&'t Spanned<_>, &'t Value<'i>)| {
            let label: &std::borrow::Cow<'_, str> = key.get_ref();
            (Spot { value: label.as_ref(), at: key.span() }, value)
        };
        Some(map.iter().map(entry).collect())
    }
}

/// A kind of value with its article, as messages name what was found.
pub(super) fn found(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// The one table that a key belongs to, if there is but one and the key is no common one.
fn belongs(key: &str) -> Option<&'static str> {
    let mut homes = SECTIONS.iter().filter(|section| section.names().contains(&key));
    match (homes.next(), homes.next()) {
        (Some(home), None) if home.header.starts_with('[') => Some(home.header),
        _ => None,
    }
}

/// What a name of the author's may look like.
fn is_name(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// How a bare number should have been written.
pub(super) fn written(kind: Kind, value: &DeValue<'_>) -> Option<String> {
    let digits = match value {
        DeValue::Integer(number) => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if kind == Kind::Amount {
        return Some(match meant::amount(digits) {
            Some(how) => format!("{how}: yuan in quotes, with two decimals"),
            None => "write yuan in quotes with two decimals, as \"100.00\"".to_owned(),
        });
    }
    if !plain {
        return None;
    }
    let digits = short(digits);
    match kind {
        Kind::Mti => Some(format!("write it in quotes, as \"{digits:0>4}\"")),
        Kind::Duration | Kind::SignedDuration | Kind::Latency => Some(format!(
            "write the unit, as \"{digits}s\" for seconds or \"{digits}ms\" for milliseconds"
        )),
        Kind::Time => Some(format!("write \"+{digits}s\" for so many seconds after the start")),
        Kind::Code | Kind::Shown | Kind::Pin | Kind::Pan => {
            Some(format!("write it in quotes, as \"{digits}\""))
        }
        _ => None,
    }
}
