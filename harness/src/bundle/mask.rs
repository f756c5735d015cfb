//! Card data in text that people wrote: a story may name its own card numbers and PINs, and its copy in a
//! folder or in a message must not.

/// A story's text with its card numbers and PINs masked. Columns stay where they are.
pub fn mask_story(text: &str) -> String {
    let masked: Vec<String> = text.split('\n').map(|line| mask_pins(&mask_digits(line))).collect();
    masked.join("\n")
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

/// How long a run of digits is, single blanks and dashes between them included.
fn run_of_digits(chars: &[char]) -> usize {
    let mut length = 0;
    while let Some(next) = chars.get(length) {
        let joins = length > 0
            && matches!(next, ' ' | '-')
            && chars.get(length + 1).is_some_and(char::is_ascii_digit);
        if !next.is_ascii_digit() && !joins {
            break;
        }
        length += 1;
    }
    length
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
        assert_eq!(mask_story(line), masked);
    }

    #[test]
    fn card_numbers_and_pins_are_masked_in_place() {
        check("pan = \"6200000000000005\"", "pan = \"620000******0005\"");
        check("6200 0000 0000 0005 is hers", "6200 00** **** 0005 is hers");
        check("pin = \"4711\"", "pin = \"****\"");
        check("a = { pin=\"4711\", card = 1 }", "a = { pin=\"****\", card = 1 }");
        check("\"pin\" = '123456'", "\"pin\" = '******'");
        check("amount = \"100.00\"", "amount = \"100.00\"");
        check("wrong_pin = \"1234\", spin = 12", "wrong_pin = \"1234\", spin = 12");
        check("2026-03-02T09:00:00 and 123456789012", "2026-03-02T09:00:00 and 123456789012");
    }
}
