//! Every form of line that the traces of the catalogue have, in English and in Chinese side by side: numbers
//! and the stories' own names are left out, so that one line stands for all like it.

use cardstorm::examine::{Stage, examine};
use cardstorm::report::trace::Lang;
use cardstorm::report::words::Words;
use cardstorm::scenario::{self, Names};
use std::collections::{BTreeMap, BTreeSet};

/// A line with `#` for every number and `_` for every name of the story.
fn form(line: &str, names: &BTreeSet<&str>) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        let word = &rest[..if length == 0 { first.len_utf8() } else { length }];
        let number = word.chars().all(|c| c.is_ascii_digit());
        match word {
            _ if names.contains(word) => out.push('_'),
            _ if number && out.ends_with('#') => {}
            // The cents of an amount.
            _ if number && out.ends_with("#.") => {
                out.pop();
            }
            _ if number => out.push('#'),
            word => out.push_str(word),
        }
        rest = &rest[word.len()..];
    }
    out
}

fn names(of: &Names) -> BTreeSet<&str> {
    let all = [&of.ops, &of.terminals, &of.merchants, &of.accounts, &of.cards, &of.intents];
    let names = all.into_iter().flatten().map(String::as_str);
    // A name that is a word of ours as well would blot it out.
    let ours = ["sale", "void", "refund", "completion", "settlement", "echo", "slip", "reversal"];
    names.filter(|name| !ours.contains(name)).chain(["probe"]).collect()
}

#[test]
fn every_form_of_line_side_by_side() {
    let mut forms = BTreeMap::new();
    for (name, text) in scenario::catalogue() {
        let story = scenario::parse(name, name, text).expect("catalogue stories are sound");
        let done = examine(&story, Stage::Virtual, 1).expect("virtual time takes any plan");
        let own = names(&story.names);
        for event in &done.events {
            let said = |lang| {
                let words = Words { plan: &story.plan, names: &story.names, lang };
                let line = words.sentence(event);
                // Time and route are left out.
                form(line.splitn(3, "  ").nth(2).unwrap_or_default(), &own)
            };
            forms.insert(said(Lang::En), said(Lang::Zh));
        }
    }
    let lines: Vec<String> = forms.iter().map(|(en, zh)| format!("{en}\n    {zh}\n")).collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../texts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("traces--forms", lines.concat()));
}
