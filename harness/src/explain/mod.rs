//! Explanations: every name that a report, a story or a screen uses, in prose, with the rule behind it, what
//! to look for, and the stories that show it. The texts are data, one file per kind of name; what the tables
//! of the parser and of the parties already say is taken from there.

mod bugs;
mod choices;
mod codes;
mod faults;
mod invariants;
mod rules;
mod shown_by;
mod steps;
#[cfg(test)]
mod tests;
mod topic;
mod why;
pub(crate) mod zh;

use crate::report::trace::Lang;
use crate::scenario::{nearest, requirement, requirements};
use shown_by::Stories;
use std::fmt::Write as _;
use topic::{Topic, wrapped};

/// A topic in English prose.
///
/// # Errors
/// Nothing has that name; the nearest name, if one is near.
pub fn explain(name: &str) -> Result<String, Option<String>> {
    explain_in(Lang::En, name)
}

/// A topic in prose, in either language.
///
/// # Errors
/// Nothing has that name; the nearest name, if one is near.
pub fn explain_in(lang: Lang, name: &str) -> Result<String, Option<String>> {
    let stories = Stories::read();
    let found = find(name, &stories, lang);
    if !found.is_empty() {
        let texts: Vec<String> = found.iter().map(|topic| topic.render(lang)).collect();
        return Ok(texts.join("\n"));
    }
    let names = names();
    Err(nearest(name, names.iter().map(String::as_str)).map(str::to_owned))
}

/// Everything that a name can mean, in a fixed order of kinds.
fn find(name: &str, stories: &Stories, lang: Lang) -> Vec<Topic> {
    let plain = name.trim();
    let mut found: Vec<Topic> = Vec::new();
    found.extend(invariants::topic(&plain.to_lowercase(), stories, lang));
    found.extend(faults::topic(&plain.to_lowercase().replace('-', "_"), stories, lang));
    found.extend(codes::topic(&plain.to_uppercase(), stories, lang));
    found.extend(choices::topics(plain, stories, lang));
    found.extend(steps::topic(plain, stories, lang));
    found.extend(row(&plain.to_uppercase(), stories, lang));
    found.extend(bugs::topic(&plain.to_uppercase(), stories, lang));
    found.extend(rules::topic(plain, stories, lang));
    found
}

fn row(id: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let row = requirement(id)?;
    let mut stories = stories.of_row(id);
    stories.extend(row.carriers().map(str::to_owned));
    // An open row says what is meant to carry it, and that nothing does.
    let open = row.in_scope && stories.is_empty();
    let (kind, says, source) = match (lang, zh::entry(&row.id)) {
        (Lang::Zh, Some(words)) => {
            let standing = if row.in_scope { "范围内" } else { "范围外" };
            let carried = if open { "尚无案例，拟承载为" } else { "承载为" };
            let (kind, carrier) = (zh::kind(&row.kind), zh::kind(&row.carried_as));
            (
                format!("第 {} 页的需求条目（{kind}，{standing}）", row.page),
                format!("{}。", words.says),
                format!("{carried}{carrier}。{}.", row.representation),
            )
        }
        _ => {
            let standing = if row.in_scope { "in scope" } else { "out of scope" };
            let carried = if open { "still open; meant to be carried" } else { "carried" };
            (
                format!("a requirement row of page {} ({}, {standing})", row.page, row.kind),
                format!("{}.", row.says.trim_end_matches('.')),
                format!("{carried} as {}: {}.", row.carried_as, row.representation),
            )
        }
    };
    let (name, look, ways) = (row.id.clone(), String::new(), Vec::new());
    Some(Topic { name, kind, says: vec![says], source, look, ways, stories })
}

/// Every name that is a topic of its own.
fn names() -> Vec<String> {
    let lists = [invariants::names(), faults::names(), codes::names(), choices::names()];
    let mut all: Vec<String> = lists.into_iter().flatten().collect();
    all.extend(steps::names());
    all.extend(requirements().iter().map(|row| row.id.clone()));
    all
}

/// The topics by kind, in English.
pub fn topics_text() -> String {
    topics_text_in(Lang::En)
}

/// The topics by kind.
pub fn topics_text_in(lang: Lang) -> String {
    let mut text = String::from(match lang {
        Lang::En => "cardstorm explain NAME, where NAME is one of these.\n",
        Lang::Zh => "cardstorm explain NAME --lang zh，NAME 为下列之一。\n",
    });
    let rows = requirements();
    let range = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => match lang {
            Lang::En => format!("{} to {}", first.id, last.id),
            Lang::Zh => format!("{} 至 {}", first.id, last.id),
        },
        _ => "none".into(),
    };
    for (title, chinese, names) in [
        ("Invariants", "不变量", invariants::names()),
        ("Faults", "故障", faults::names()),
        (
            "Design choices (the names of their ways will do too)",
            "设计选择（也可用其做法的名称）",
            choices::names(),
        ),
        ("Steps of a party, for `before`", "各方的步骤，供 `before` 使用", steps::names()),
        ("Response codes", "应答码", codes::names()),
        ("Requirement rows", "需求条目", vec![range]),
        (
            "Rules of docs/rules.md, as texts cite them",
            "docs/rules.md 中的规则，各处引用其编号",
            rules::names(),
        ),
        (
            "Known bugs, as choices and invariants cite them",
            "已知缺陷，设计选择和不变量引用其编号",
            bugs::names(),
        ),
    ] {
        // A name of several words is not torn apart.
        let names: Vec<String> = names.iter().map(|name| name.replace(' ', "\u{1}")).collect();
        let list = wrapped(&names.join(", "), "  ").replace('\u{1}', " ");
        let title = match lang {
            Lang::En => format!("{title}:"),
            Lang::Zh => format!("{chinese}："),
        };
        let _ = write!(text, "\n{title}\n{list}");
    }
    text
}
