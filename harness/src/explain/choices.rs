//! Design choices: what is chosen and what each way means come from the parser's own table, why it matters
//! from `why`.

use super::shown_by::Stories;
use super::topic::Topic;
use super::why::WHY;
use super::zh;
use crate::report::trace::Lang;
use crate::scenario::{ChoiceInfo, Choices, Param, WayInfo};

const PARTIES: [(&str, Choices); 3] =
    [("terminal", Choices::Terminal), ("acquirer", Choices::Acquirer), ("issuer", Choices::Issuer)];

/// Every choice, as `party.key`.
pub(super) fn names() -> Vec<String> {
    let mut names = Vec::new();
    for (party, choices) in PARTIES {
        names.extend(choices.list().iter().map(|choice| format!("{party}.{}", choice.key)));
    }
    names
}

/// Every choice that a name can mean: `party.key`, `key`, a way's name, or `party.key.way`.
pub(super) fn topics(name: &str, stories: &Stories, lang: Lang) -> Vec<Topic> {
    let mut found = Vec::new();
    let same = |one: &str, other: &str| {
        let plain = |text: &str| text.to_lowercase().replace('_', "-");
        plain(one) == plain(other)
    };
    for (party, choices) in PARTIES {
        for choice in choices.list() {
            let key = choice.key;
            let whole = format!("{party}.{key}");
            let way = |way: &&WayInfo| {
                let name = name.replace([' ', '='], ".").replace("..", ".");
                same(&name, way.name)
                    || same(&name, &format!("{key}.{}", way.name))
                    || same(&name, &format!("{whole}.{}", way.name))
            };
            let meant = choice.ways.iter().any(|info| way(&info));
            if same(name, &whole) || same(name, key) || meant {
                found.push(topic(party, &choice, stories, lang));
            }
        }
    }
    found
}

fn topic(party: &str, choice: &ChoiceInfo, stories: &Stories, lang: Lang) -> Topic {
    let key = choice.key;
    let why = WHY.iter().find(|why| why.0 == party && why.1 == key);
    let mut shown = Vec::new();
    let ways = choice.ways.iter().enumerate().map(|(n, way)| {
        let mut breaks = Vec::new();
        for (story, broken) in stories.choosing(party, key, way.name) {
            breaks.extend(broken.map(|invariant| invariant.name()));
            shown.push(story);
        }
        breaks.sort_unstable();
        breaks.dedup();
        let words = zh::entry(&format!("{party}.{key}.{}", way.name));
        let (sound, breaks, doc) = match (lang, words) {
            (Lang::Zh, Some(words)) => {
                let sound = match (n, way.sound) {
                    (0, _) => "默认，健全",
                    (_, true) => "健全",
                    (_, false) => "UNSOUND，不健全",
                };
                let doc = format!("{}。", words.title);
                (format!("（{sound}）"), listed("会破坏 ", &breaks, "。"), doc)
            }
            _ => {
                let sound = match (n, way.sound) {
                    (0, _) => "the default, sound",
                    (_, true) => "sound",
                    (_, false) => "UNSOUND",
                };
                let doc = format!("{}.", way.doc.trim_end_matches('.'));
                (format!(" ({sound})"), listed(" Breaks ", &breaks, "."), doc)
            }
        };
        (format!("{}{sound}", written(key, way)), format!("{doc}{breaks}"))
    });
    let ways: Vec<(String, String)> = ways.collect();
    let name = format!("{party}.{key}");
    let source = why.map_or(String::new(), |why| why.2.to_owned());
    let (kind, says, look) = match (lang, zh::entry(&name)) {
        (Lang::Zh, Some(words)) => (
            format!("{}的设计选择，{}", zh::party(party), words.title),
            vec![words.says.clone()],
            words.look.clone(),
        ),
        _ => (
            format!("a design choice of the {party}: {}", choice.doc),
            why.map(|why| why.3.to_owned()).into_iter().collect(),
            String::new(),
        ),
    };
    Topic { name, kind, says, source, look, ways, stories: shown }
}

fn listed(before: &str, names: &[&str], after: &str) -> String {
    match names {
        [] => String::new(),
        some => format!("{before}{}{after}", some.join(", ")),
    }
}

/// A way, as stories write it.
fn written(key: &str, way: &WayInfo) -> String {
    match way.param {
        Param::None => format!("{key} = \"{}\"", way.name),
        Param::Duration => format!("{key} = {{ {} = \"60s\" }}", way.name),
        Param::Count => format!("{key} = {{ {} = 3 }}", way.name),
    }
}

/// Everything that is cited, for the numbers of bugs.
pub(super) fn cited() -> Vec<(String, String)> {
    let mut cited = Vec::new();
    for (party, choices) in PARTIES {
        for choice in choices.list() {
            for way in &choice.ways {
                let name = format!("{party}.{} = {}", choice.key, way.name);
                cited.push((name, way.doc.to_owned()));
            }
        }
    }
    cited
}
