//! Card data in text that people wrote: a story may name its own card numbers and PINs, and its copy in a
//! folder or in a message must not.

use crate::plan::Plan;
use crate::scenario::run_of_digits;
use cardstorm_models::wire::pin::Pin;
use std::collections::BTreeSet;

/// A story's text with its card numbers and PINs masked, and what equals a PIN of the plan in a comment or in
/// prose as well. Columns stay where they are.
pub fn mask_story(text: &str, plan: &Plan) -> String {
    let pins = pins(plan);
    let mut prose: Option<&str> = None;
    let masked: Vec<String> = text
        .split('\n')
        .map(|line| {
            let key = line.split('=').next().unwrap_or("").trim();
            let told = ["title", "question", "story", "en", "zh"].contains(&key);
            let was = prose;
            for quotes in ["\"\"\"", "'''"] {
                if prose.is_none_or(|open| open == quotes) && line.matches(quotes).count() % 2 == 1
                {
                    prose = if prose.is_some() { None } else { Some(quotes) };
                }
            }
            let plain = mask_pins(&mask_digits(line));
            let from = if told || was.is_some() { 0 } else { comment(&plain) };
            let (head, tail) = plain.split_at(from);
            format!("{head}{}", mask_equal(tail, &pins))
        })
        .collect();
    masked.join("\n")
}

/// Every PIN of a plan, as digits.
fn pins(plan: &Plan) -> BTreeSet<String> {
    let right = plan.world.issuer.cards.iter().filter_map(|card| card.pin);
    let keyed = plan.ops.iter().filter_map(|op| op.task.pin());
    let text = |pin: Pin| serde_json::to_value(pin).ok()?.as_str().map(str::to_owned);
    right.chain(keyed).filter_map(text).collect()
}

/// Where a line's comment begins, or its end.
fn comment(line: &str) -> usize {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    line.len()
}

/// Stars for every number that equals a PIN.
fn mask_equal(text: &str, pins: &BTreeSet<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (head, tail) = rest.split_at(at);
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        out.push_str(head);
        match pins.contains(&tail[..digits]) {
            true => out.push_str(&"*".repeat(digits)),
            false => out.push_str(&tail[..digits]),
        }
        rest = &tail[digits..];
    }
    out.push_str(rest);
    out
}

/// Any run of 13 to 19 digits, blanks and dashes within it included, shows its first six and last four.
pub fn mask_digits(text: &str) -> String {
    let mut out: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < out.len() {
        let run = run_of_digits(&out[at..]);
        let places: Vec<usize> = (at..at + run).filter(|n| out[*n].is_ascii_digit()).collect();
        if (13..=19).contains(&places.len()) {
            for place in &places[6..places.len() - 4] {
                out[*place] = '*';
            }
        }
        at += run.max(1);
    }
    out.into_iter().collect()
}

/// The digits behind `pin =`.
fn mask_pins(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("pin") {
        let (head, tail) = rest.split_at(at + "pin".len());
        out.push_str(head);
        let word = head[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_');
        let value = tail.trim_start_matches([' ', '"', '\'']).strip_prefix('=');
        rest = match value {
            Some(value) if !word => {
                let value = value.trim_start_matches([' ', '"', '\'']);
                let digits =
                    value.len() - value.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                out.push_str(&tail[..tail.len() - value.len()]);
                out.push_str(&"*".repeat(digits));
                &value[digits..]
            }
            _ => tail,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, masked: &str) {
        let mut plan = crate::storm::standard(1);
        plan.world.issuer.cards[0].pin = Some("8642".parse().expect("a PIN"));
        assert_eq!(mask_story(line, &plan), masked);
    }

    #[test]
    fn card_numbers_and_pins_are_masked_in_place() {
        check("pan = \"6200000000000005\"", "pan = \"620000******0005\"");
        check("6200 0000 0000 0005 is hers", "6200 00** **** 0005 is hers");
        check("pin = \"4711\"", "pin = \"****\"");
        check("a = { pin=\"4711\", card = 1 }", "a = { pin=\"****\", card = 1 }");
        check("\"pin\" = '123456'", "\"pin\" = '******'");
        check("# her PIN is 8642, not 86421", "# her PIN is ****, not 86421");
        check("amount = \"8642.00\"  # 8642", "amount = \"8642.00\"  # ****");
        check("at = \"+8642s\"", "at = \"+8642s\"");
        check("title = { en = \"8642!\" }", "title = { en = \"****!\" }");
        check("story = '''\nkeys 8642\n'''\nn = 8642", "story = '''\nkeys ****\n'''\nn = 8642");
        check("amount = \"100.00\"", "amount = \"100.00\"");
        check("wrong_pin = \"1234\", spin = 12", "wrong_pin = \"1234\", spin = 12");
        check("2026-03-02T09:00:00 and 123456789012", "2026-03-02T09:00:00 and 123456789012");
    }
}
