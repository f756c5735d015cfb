//! The one shape that every explanation has.

use std::fmt::Write as _;

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Topic {
    /// What is explained.
    pub name: String,
    /// What kind of thing it is.
    pub kind: String,
    /// In prose, a paragraph each.
    pub says: Vec<String>,
    /// Where the rule comes from.
    pub source: String,
    /// What to look for; empty where there is nothing more to say.
    pub look: String,
    /// The ways to choose, and what each means.
    pub ways: Vec<(String, String)>,
    /// The stories that show it.
    pub stories: Vec<String>,
}

const WIDTH: usize = 96;

impl Topic {
    /// The text.
    pub fn render(&self) -> String {
        let mut text = format!("{}: {}\n", self.name, self.kind);
        for paragraph in &self.says {
            let _ = write!(text, "\n{}", wrapped(paragraph, "  "));
        }
        if !self.ways.is_empty() {
            text.push('\n');
        }
        for (way, means) in &self.ways {
            let _ = write!(text, "  {way}\n{}", wrapped(means, "      "));
        }
        if !self.source.is_empty() {
            let _ = write!(text, "\n  Rule:\n{}", wrapped(&self.source, "    "));
        }
        if !self.look.is_empty() {
            let _ = write!(text, "\n  What to look for:\n{}", wrapped(&self.look, "    "));
        }
        let _ = match self.stories.as_slice() {
            [] => write!(text, "\n  Stories: none in the catalogue\n"),
            some => write!(text, "\n  Stories:\n{}", wrapped(&some.join(", "), "    ")),
        };
        text
    }
}

/// Text in lines of at most 96 columns, each with the indent.
pub(super) fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty()
            && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH
        {
            let _ = writeln!(out, "{indent}{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "{indent}{line}");
    }
    out
}
