//! The one shape that every explanation has.

use super::zh;
use crate::report::trace::Lang;
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
    pub fn render(&self, lang: Lang) -> String {
        let wrapped = |text: &str, indent: &str| match lang {
            Lang::En => wrapped(text, indent),
            Lang::Zh => zh::wrapped(text, indent, WIDTH),
        };
        let [colon, rule, look, shown, none] = match lang {
            Lang::En => {
                [": ", "Rule:", "What to look for:", "Stories:", "Stories: none in the catalogue"]
            }
            Lang::Zh => ["：", "依据：", "排查要点：", "案例：", "案例：目录中没有"],
        };
        let mut text = format!("{}{colon}{}\n", self.name, self.kind);
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
            let _ = write!(text, "\n  {rule}\n{}", wrapped(&self.source, "    "));
        }
        if !self.look.is_empty() {
            let _ = write!(text, "\n  {look}\n{}", wrapped(&self.look, "    "));
        }
        let _ = match self.stories.as_slice() {
            [] => write!(text, "\n  {none}\n"),
            some => write!(text, "\n  {shown}\n{}", wrapped(&some.join(", "), "    ")),
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
