//! Where everything that is wrong with a file is collected, and the words for it that recur.

use super::diagnostic::{Diagnostic, Severity};
use super::hint::suggest;
use super::keys::Kind;
use super::value::Wrong;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// A place in the file.
pub(super) type At = Range<usize>;
/// A value of the file.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Spot<T> {
    pub value: T,
    pub at: At,
}

/// Collects what is wrong with one file.
pub(super) struct Sink {
    file: String,
    pub list: Vec<Diagnostic>,
}

impl Sink {
    pub fn new(file: &str) -> Sink {
        Sink { file: file.to_owned(), list: Vec::new() }
    }

    /// An error at a place.
    pub fn error(
        &mut self,
        at: &At,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Diagnostic {
        self.list.push(Diagnostic {
            severity: Severity::Error,
            lint: None,
            file: self.file.clone(),
            span: Some(at.clone()),
            message: message.into(),
            label: label.into(),
            hint: None,
            derived: false,
        });
        self.list.last_mut().expect("just pushed")
    }

    /// A warning that a story can allow by the lint's name.
    pub fn warning(
        &mut self,
        lint: &'static str,
        at: &At,
        message: impl Into<String>,
        label: impl Into<String>,
    ) {
        let warning = self.error(at, message, label);
        warning.severity = Severity::Warning;
        warning.lint = Some(lint);
        warning.hint = Some(format!("if it is meant so, write `allow = [\"{lint}\"]` at the top"));
    }

    /// A name that nothing bears.
    pub fn unknown<'k>(
        &mut self,
        what: &str,
        name: &Spot<&str>,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let shown = short(name.value);
        let hint = suggest(name.value, known);
        let error = self.error(
            &name.at,
            format!("there is no {what} `{shown}`"),
            format!("no such {what}"),
        );
        error.hint = hint;
        error.derived = true;
    }

    /// A text that is no value of its kind.
    pub fn wrong(&mut self, at: &At, key: &str, kind: Kind, wrong: Wrong) {
        let label = format!("expected {}", kind.describe());
        let error = self.error(at, format!("`{key}`: {}", wrong.message), label);
        error.hint = wrong.hint;
    }
}

/// A text cut to what fits in a message.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}
