//! What is said where a file is not TOML: the parser's own words name a bracket or a sign, an author wants
//! to read what to write instead. One remark for a line; what follows from a slip is not told beside it.

use super::sink::{At, Sink, short};
use toml::de::Error;

/// Tables that are lists, with two brackets.
const LISTED: [&str; 3] = ["fault", "house", "fee"];

/// A remark: where, what, how to mend it.
struct Remark {
    at: At,
    message: String,
    hint: Option<String>,
}

/// The most slips that are told of one file.
const MOST: usize = 60;

/// Reports what keeps a text from being TOML; hands back from where on nothing that was read can be relied
/// upon.
pub(super) fn syntax(sink: &mut Sink, lines: &Lines<'_>, errors: &[Error]) -> Option<usize> {
    let text = lines.text;
    let mut told: Vec<usize> = Vec::new();
    // Recovery reads what stands below a header that was there before into the first table of that name.
    let mut repeated: Option<usize> = None;
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let at = span.start.min(text.len())..span.end.min(text.len());
        let duplicate = error.message().starts_with("duplicate key");
        let header = lines.header_above(at.start);
        if duplicate && repeated.is_some() && repeated == header {
            continue;
        }
        let remark = match duplicate {
            true => {
                if line(text, at.start).trim_start().starts_with('[') {
                    repeated = header;
                }
                twice(lines, at.clone())
            }
            false => remark(text, at.clone(), error.message()),
        };
        let number = lines.number_of(remark.at.start);
        if told.contains(&number) {
            continue;
        }
        told.push(number);
        sink.error(&remark.at, remark.message, "not TOML").hint = remark.hint;
        // An open bracket swallows what comes after it.
        if told.len() >= MOST || swallows(error.message()) && number < lines.number_of(at.start) {
            return Some(remark.at.start);
        }
    }
    None
}

/// Whether the parser misses something where a bracket further up was left open.
fn swallows(said: &str) -> bool {
    said.starts_with("missing comma") || said.starts_with("missing key for inline table")
}

/// Where the lines and the headers of a text begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    begins: Vec<usize>,
    headers: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Lines<'t> {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        let begins: Vec<usize> = std::iter::once(0).chain(after).collect();
        let header = |begin: &&usize| {
            let blank = |c: char| c == ' ' || c == '\t';
            text[**begin..].trim_start_matches(blank).starts_with('[')
        };
        let headers = begins.iter().filter(header).copied().collect();
        Lines { text, begins, headers }
    }

    /// The number of the line around a place, counted from 1.
    pub fn number_of(&self, at: usize) -> usize {
        self.begins.partition_point(|begin| *begin <= at)
    }

    /// Where the last header at or above a place begins.
    pub fn header_above(&self, at: usize) -> Option<usize> {
        let before = self.headers.partition_point(|begin| *begin <= at);
        Some(self.headers[before.checked_sub(1)?])
    }
}

fn begin_of(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |before| before + 1)
}

/// The whole line around a place.
fn line(text: &str, at: usize) -> &str {
    text[begin_of(text, at)..].lines().next().unwrap_or("")
}

/// The name in a header, brackets, blanks and remark left out.
fn header_name(line: &str) -> &str {
    line.split('#').next().unwrap_or("").trim_matches(['[', ']', ' ', '\t', '\r'])
}

/// A table or a key that the file has already.
fn twice(lines: &Lines<'_>, at: At) -> Remark {
    let text = lines.text;
    let own = line(text, at.start).trim();
    if own.starts_with('[') {
        let name = header_name(own);
        let before = (1..).zip(text[..begin_of(text, at.start)].lines());
        let first = before
            .filter(|(_, line)| line.trim_start().starts_with('['))
            .find(|(_, line)| header_name(line) == name);
        let label = short(name.rsplit('.').next().unwrap_or(name));
        let first =
            first.map_or(String::new(), |(number, _)| format!("the first is in line {number}: "));
        let hint = format!("{first}give this one a name of its own, or make one of both");
        let message = format!("`{label}` stands in the file twice, again as [{}]", short(name));
        return Remark { at, message, hint: Some(hint) };
    }
    let key = text.get(at.clone()).unwrap_or("");
    let begin = lines.header_above(at.start).unwrap_or(0);
    let above = lines.number_of(begin);
    let first = (above..).zip(text.get(begin..at.start).unwrap_or("").lines()).find(|(_, line)| {
        line.split_once('=').is_some_and(|(name, _)| name.trim().trim_matches('"') == key)
    });
    let hint = match first {
        Some((number, _)) => format!("it is in line {number} already: take one of them out"),
        None => "take one of them out".to_owned(),
    };
    let message = format!("`{}` is given twice in one table", short(key));
    Remark { at, message, hint: Some(hint) }
}

fn remark(text: &str, at: At, said: &str) -> Remark {
    let own = line(text, at.start);
    let column = at.start - begin_of(text, at.start);
    let trimmed = own.trim();
    let plain = |hint: Option<String>| Remark { at: at.clone(), message: said.to_owned(), hint };
    let told = |message: &str, hint: String| Remark {
        at: at.clone(),
        message: message.to_owned(),
        hint: Some(hint),
    };
    if said.contains("recur") {
        return too_deep(text, at);
    }
    if trimmed.starts_with("//") {
        return told("a remark does not begin so", "begin it with `#`".to_owned());
    }
    if swallows(said) && own.get(..column).is_some_and(|before| before.trim().is_empty()) {
        return open_bracket(text, at);
    }
    if trimmed.starts_with('[') {
        return plain(header(trimmed));
    }
    let (key, value) = match own.split_once('=') {
        Some((key, value)) => (key.trim(), value.trim()),
        None => (trimmed, ""),
    };
    let key = key.get(..40).unwrap_or(key);
    if key.contains(' ') && name_like(key) && column < own.find('=').unwrap_or(own.len()) {
        let joined = key.split(' ').collect::<Vec<_>>().join("_");
        return plain(Some(format!("names have no blanks in them: write {joined}")));
    }
    if said.starts_with("unclosed") {
        return plain(Some(format!("close it: {}", closing(said))));
    }
    if said.starts_with("missing comma") {
        return told("two values, and nothing between them", "write a comma between them".into());
    }
    if said.starts_with("unexpected key or value") {
        return rest(key, value, own.get(column..).unwrap_or("").trim(), &plain, &told);
    }
    if value.is_empty() && own.contains('=') {
        let hint = format!("write the value after `=`, as {key} = \"...\"");
        return told("a key without a value", hint);
    }
    if said.starts_with("key with no value") || said.starts_with("invalid unquoted key") {
        return keyless(trimmed, &plain, &told);
    }
    let text_like = ["string values must be quoted", "unexpected leading zero", "invalid boolean"];
    let number_like = ["invalid float", "invalid integer"];
    if text_like.iter().chain(&number_like).any(|start| said.starts_with(start)) {
        return told("a text without quotes around it", format!("write {}", quoted(key, value)));
    }
    let open = ["invalid basic string, expected `\"`", "invalid literal string, expected `'`"];
    if open.contains(&said) {
        return told("a text that is not closed", format!("write {}", quoted(key, value)));
    }
    if said.starts_with("missing escaped value") {
        let hint = "a backslash is written `\\\\`, or put the text in single quotes";
        return told("a backslash means something else in a text", hint.to_owned());
    }
    plain(None)
}

/// Tables in tables, lists in lists, or names in names, more than any reader of TOML takes. Of a name the
/// parser does not say where; it has the most dots.
fn too_deep(text: &str, at: At) -> Remark {
    let dots = |from: usize| line(text, from).matches('.').count();
    let begins = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    let longest = begins.max_by_key(|from| dots(*from)).unwrap_or(0);
    let at = if at.is_empty() && dots(longest) > dots(at.start) {
        longest..longest + line(text, longest).len()
    } else {
        at
    };
    Remark {
        at,
        message: "one thing within another, too many times over".to_owned(),
        hint: Some(
            "nothing in a story goes deeper than a table in a table: take brackets or dots out"
                .into(),
        ),
    }
}

/// How a header should have been written.
fn header(line: &str) -> Option<String> {
    let name = header_name(line);
    let joined = name.split_whitespace().collect::<Vec<_>>().join("-");
    if joined.is_empty() || joined.len() > 60 || !name_like(&joined) {
        return None;
    }
    let listed = line.starts_with("[[") || LISTED.contains(&joined.as_str());
    let written = if listed { format!("[[{joined}]]") } else { format!("[{joined}]") };
    let blank = if name.contains(' ') { "names have no blanks in them: " } else { "" };
    (written != line).then(|| format!("{blank}write {written}"))
}

fn name_like(name: &str) -> bool {
    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' '))
}

/// The line above was left open, and the parser noticed here.
fn open_bracket(text: &str, at: At) -> Remark {
    let before = text[..begin_of(text, at.start)].trim_end();
    let own = line(text, before.len());
    let opened = own.chars().filter(|c| *c == '{').count() > own.matches('}').count();
    let (what, sign) = if opened { ("table", '}') } else { ("list", ']') };
    let end = before.len();
    let begin = before.char_indices().next_back().map_or(0, |(at, _)| at);
    Remark {
        at: begin..end,
        message: format!("a {what} that is not closed"),
        hint: Some(format!("write {} {sign}", short_line(own.trim()))),
    }
}

fn closing(said: &str) -> &'static str {
    match said {
        said if said.starts_with("unclosed inline table") => "write `}` at its end",
        said if said.starts_with("unclosed array") => "write `]` at its end",
        _ => "write `]` at the end of its name",
    }
}

/// Something stands behind a value.
fn rest(
    key: &str,
    value: &str,
    rest: &str,
    plain: &dyn Fn(Option<String>) -> Remark,
    told: &dyn Fn(&str, String) -> Remark,
) -> Remark {
    if rest.starts_with("//") {
        return told("a remark does not begin so", "begin it with `#`".to_owned());
    }
    if rest.starts_with(';') {
        return told("nothing ends a line but its end", "leave the `;` out".to_owned());
    }
    if rest.contains('=') {
        return told("two keys in one line", "give each a line of its own".to_owned());
    }
    if !value.starts_with(['"', '\'', '{', '[']) {
        return told("a text without quotes around it", format!("write {}", quoted(key, value)));
    }
    plain(None)
}

/// A line that has no `=`, or a sign in its key that no key has.
fn keyless(
    line: &str,
    plain: &dyn Fn(Option<String>) -> Remark,
    told: &dyn Fn(&str, String) -> Remark,
) -> Remark {
    for sign in [":", "＝", "：", "=>", "->"] {
        if let Some((key, value)) = line.split_once(sign)
            && name_like(key.trim())
            && !key.contains('=')
        {
            let value = value.trim();
            let value = if value.is_empty() { "\"...\"" } else { value };
            let hint = format!("write {} = {}", short_line(key.trim()), short_line(value));
            return told("a key and its value are joined by `=`", hint);
        }
    }
    if line.starts_with(['［', '【']) {
        return told("these are not the brackets of a table", "write [ and ]".to_owned());
    }
    if name_like(line) && !line.contains(' ') {
        let hint = format!("write its value, as {} = \"...\"", short_line(line));
        return told("a key without a value", hint);
    }
    plain(None)
}

fn short_line(text: &str) -> String {
    short(text).replace("\\\"", "\"").replace("\\'", "'")
}

/// The line with its value in plain quotes.
fn quoted(key: &str, value: &str) -> String {
    let value = value.split('#').next().unwrap_or("").trim();
    let quotes = ['"', '\'', '“', '”', '‘', '’', '„', '「', '」', '＂', ';', ',', ' '];
    format!("{} = \"{}\"", short_line(key), short_line(value.trim_matches(quotes)))
}
