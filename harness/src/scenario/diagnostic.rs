//! What is wrong with a story and where: data first, text only when printed. Nothing here knows what a
//! story may say.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use indexmap::IndexMap;
use std::ops::Range;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look; the story runs.
    Warning,
    /// The story cannot run.
    Error,
}

/// One thing that is wrong with one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Name of the lint, where it is one that a story can allow.
    pub lint: Option<&'static str>,
    /// The file, as messages name it.
    pub file: String,
    /// Bytes of the file that are meant; none if the whole file is.
    pub span: Option<Range<usize>>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What was expected, at the span.
    pub label: String,
    /// How to mend it.
    pub hint: Option<String>,
    /// It may vanish once the file's syntax is mended.
    pub(super) derived: bool,
}

impl Diagnostic {
    /// An error that concerns a whole file.
    pub fn of_file(file: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            lint: None,
            file: file.to_owned(),
            span: None,
            message: message.into(),
            label: String::new(),
            hint: None,
            derived: false,
        }
    }

    /// Whether the story cannot run because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Line and column of the span's beginning in the file's text, both counted from 1, the column in
    /// characters.
    pub fn position(&self, text: &str) -> Option<(usize, usize)> {
        let before = text.get(..self.span.as_ref()?.start)?;
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.matches('\n').count() + 1;
        Some((line, before[line_start..].chars().count() + 1))
    }
}

/// The texts that diagnostics speak of, by file.
pub type Sources = IndexMap<String, String>;

/// What stands before a diagnostic, by how bad it is, and before its hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Before a warning.
    pub warning: &'static str,
    /// Before an error.
    pub error: &'static str,
    /// Before how to mend it.
    pub help: &'static str,
}

impl Labels {
    /// In English.
    pub const ENGLISH: Labels = Labels { warning: "warning", error: "error", help: "help" };
}

/// Every diagnostic with its line underlined, in the order given.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, color: bool) -> String {
    render_with(diagnostics, sources, color, Labels::ENGLISH)
}

/// The same under other labels.
pub fn render_with(
    diagnostics: &[Diagnostic],
    sources: &Sources,
    color: bool,
    labels: Labels,
) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        let text = sources.get(&diagnostic.file).map_or("", String::as_str);
        out.push_str(&renderer.render(&[group(diagnostic, text, labels)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'d>(diagnostic: &'d Diagnostic, text: &'d str, labels: Labels) -> Group<'d> {
    let level = match diagnostic.severity {
        Severity::Warning => Level::WARNING.with_name(labels.warning),
        Severity::Error => Level::ERROR.with_name(labels.error),
    };
    let mut title = level.primary_title(diagnostic.message.as_str());
    if let Some(lint) = diagnostic.lint {
        title = title.id(lint);
    }
    let group = match excerpt(diagnostic, text) {
        Some((first_line, part, span)) => {
            let mark = AnnotationKind::Primary.span(span).label(diagnostic.label.as_str());
            title.element(
                Snippet::source(part)
                    .path(diagnostic.file.as_str())
                    .line_start(first_line)
                    .annotation(mark),
            )
        }
        None => title.element(Origin::path(diagnostic.file.as_str())),
    };
    match &diagnostic.hint {
        Some(hint) => group.element(Level::HELP.with_name(labels.help).message(hint.as_str())),
        None => group,
    }
}

/// The lines that a span touches, so that a long file costs nothing: number of the first, their text,
/// and the span within.
fn excerpt<'t>(diagnostic: &Diagnostic, text: &'t str) -> Option<(usize, &'t str, Range<usize>)> {
    let mut span = diagnostic.span.clone()?;
    span.end = span.end.max(span.start);
    let before = text.get(..span.start)?;
    text.get(span.clone())?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |at| span.end + at);
    let first_line = before.matches('\n').count() + 1;
    Some((first_line, &text[start..end], span.start - start..span.end - start))
}
