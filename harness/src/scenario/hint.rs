//! The nearest name to one that does not exist.

/// Words that people have for what has another name here. They count where the name is among the known ones.
const ALSO_CALLED: [(&str, &str); 38] = [
    ("approved", "ok"),
    ("success", "ok"),
    ("succeeded", "ok"),
    ("paid", "ok"),
    ("declined", "failed"),
    ("refused", "failed"),
    ("rejected", "failed"),
    ("timeout", "in-doubt"),
    ("timed-out", "in-doubt"),
    ("unknown", "in-doubt"),
    ("pending", "in-doubt"),
    ("timeout", "no-reply"),
    ("no-answer", "no-reply"),
    ("bank", "issuer"),
    ("host", "acquirer"),
    ("centre", "acquirer"),
    ("terminal", "till"),
    ("pos", "till"),
    ("double-charge", "no-double-debit"),
    ("double-debit", "no-double-debit"),
    ("charged-twice", "no-double-debit"),
    ("lose", "drop"),
    ("lost", "drop"),
    ("loss", "drop"),
    ("timeout", "drop"),
    ("power-loss", "crash"),
    ("power-cut", "crash"),
    ("restart", "crash"),
    ("kill", "crash"),
    ("slow", "latency"),
    ("disconnect", "reset"),
    ("outage", "partition"),
    ("copy", "duplicate"),
    ("repeat", "duplicate"),
    ("paper", "paper_out"),
    ("no-paper", "paper_out"),
    ("paper-jam", "printer_jam"),
    ("printer", "printer_jam"),
];

/// The most names that are listed where none is near.
const MOST_LISTED: usize = 60;
/// How long a line of a list may grow, in characters.
const LINE: usize = 90;

/// The known name that was probably meant, if one is near enough.
pub fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let known: Vec<&str> = known.into_iter().collect();
    let plain = plain(wrong);
    let scored =
        known.iter().map(|name| (strsim::damerau_levenshtein(&plain, &self::plain(name)), *name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    let allowed = (wrong.chars().count().max(name.chars().count()) / 3).max(1);
    if distance <= allowed {
        return Some(name);
    }
    let mut also = ALSO_CALLED.iter().filter(|(word, _)| self::plain(word) == plain);
    if let Some((_, name)) = also.find(|(_, name)| known.contains(name)) {
        return Some(name);
    }
    // A part of one name alone: `print` of `print slip`.
    match whole(&plain, &known)[..] {
        [name] => Some(name),
        _ => None,
    }
}

/// The names of which this is a part.
fn whole<'k>(part: &str, known: &[&'k str]) -> Vec<&'k str> {
    let names = known.iter().copied();
    names.filter(|name| part.len() > 2 && plain(name).contains(part)).collect()
}

/// `did you mean ...?`, where a name is near; otherwise what there is, if that is little.
pub fn suggest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = nearest(wrong, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    if let [one, other] = whole(&plain(wrong), &known)[..] {
        return Some(format!("did you mean `{one}` or `{other}`?"));
    }
    (!known.is_empty() && known.len() <= MOST_LISTED).then(|| listed("there is: ", &known))
}

/// Names with commas between them, in lines that fit a screen.
pub fn listed(begin: &str, names: &[&str]) -> String {
    let mut text = begin.to_owned();
    let mut column = text.chars().count();
    for (n, name) in names.iter().enumerate() {
        let comma = if n + 1 < names.len() { "," } else { "" };
        let width = name.chars().count() + comma.len();
        if n > 0 && column + 1 + width > LINE {
            text.push('\n');
            column = 0;
        } else if n > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(name);
        text.push_str(comma);
        column += width;
    }
    text
}

/// Case, dashes and underscores make no difference between near names. Long texts are cut: the distance
/// costs their product.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).take(40);
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["amount", "at", "after", "issuer_timeout"];
        assert_eq!(nearest("amout", known), Some("amount"));
        assert_eq!(nearest("issuer-timeout", known), Some("issuer_timeout"));
        assert_eq!(nearest("zebra", known), None);
        let effects = ["send 0200", "print slip", "append approved"];
        assert_eq!(nearest("print", effects), Some("print slip"));
        assert_eq!(nearest("APPROVED", effects), Some("append approved"));
        assert_eq!(nearest("ok", effects), None);
        let slips = ["send 0200", "print slip", "print batch slip"];
        assert_eq!(nearest("print", slips), None);
        let either = suggest("print", slips);
        assert_eq!(either.as_deref(), Some("did you mean `print slip` or `print batch slip`?"));
        assert_eq!(nearest("approved", ["ok", "failed"]), Some("ok"));
        assert_eq!(nearest("Timed out", ["ok", "failed", "in-doubt"]), Some("in-doubt"));
        assert_eq!(nearest("double-charge", ["slip-truth"]), None);
        assert_eq!(listed("there is: ", &["a", "b"]), "there is: a, b");
        let long = listed("there is: ", &["a-rather-long-name"; 12]);
        assert!(long.lines().count() == 3 && long.lines().all(|line| line.len() <= LINE), "{long}");
        assert_eq!(suggest("zebra", ["a", "b"]).as_deref(), Some("there is: a, b"));
    }
}
