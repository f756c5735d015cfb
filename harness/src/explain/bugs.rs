//! Known bugs by number: what here cites them.

use super::shown_by::Stories;
use super::topic::Topic;
use super::zh;
use super::{choices, codes, faults, invariants, rules};
use crate::report::trace::Lang;
use std::collections::BTreeSet;

/// What cites something, and the words in which it does.
fn cited() -> Vec<(String, String)> {
    [invariants::cited(), faults::cited(), codes::cited(), choices::cited()].concat()
}

fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| {
        word.strip_prefix('B').is_some_and(|digits| {
            digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit())
        })
    })
}

/// Every number that is cited.
pub(super) fn names() -> Vec<String> {
    let cited = cited();
    let all: BTreeSet<&str> = cited.iter().flat_map(|(_, text)| numbers_in(text)).collect();
    all.into_iter().map(str::to_owned).collect()
}

pub(super) fn topic(name: &str, stories: &Stories, lang: Lang) -> Option<Topic> {
    let all = cited();
    let by: Vec<&(String, String)> =
        all.iter().filter(|(_, text)| numbers_in(text).any(|number| number == name)).collect();
    let told = rules::bug(name);
    if by.is_empty() && told.is_none() {
        return None;
    }
    let mut shown = BTreeSet::new();
    let mut ways = Vec::new();
    for (citing, text) in by {
        // A way of a choice has its own words; the others cite the number among their rules.
        let words = zh::entry(&citing.replace(" = ", ".")).filter(|_| citing.contains(" = "));
        let text = match (lang, words) {
            (Lang::Zh, Some(words)) => format!("{}（{name}）", words.title),
            _ => text.clone(),
        };
        ways.push((citing.clone(), text));
        if let Some((party, rest)) = citing.split_once('.')
            && let Some((key, way)) = rest.split_once(" = ")
        {
            shown.extend(stories.choosing(party, key, way).into_iter().map(|(story, _)| story));
        }
    }
    Some(Topic {
        name: name.to_owned(),
        kind: match lang {
            Lang::En => {
                "a payment bug that was seen elsewhere; what cites it here is named below".into()
            }
            Lang::Zh => "在别处出现过的支付缺陷，此处引用它的有".into(),
        },
        // The table's words are English; in Chinese what cites it says it.
        says: told.filter(|_| lang == Lang::En).into_iter().collect(),
        source: String::new(),
        look: String::new(),
        ways,
        stories: shown.into_iter().collect(),
    })
}
