//! The nearest name to one that does not exist.

/// The known name that was probably meant, if one is near enough.
pub fn nearest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = plain(wrong);
    let scored = known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&plain, &self::plain(name)), name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    let allowed = (wrong.chars().count().max(name.chars().count()) / 3).max(1);
    (distance <= allowed).then_some(name)
}

/// `did you mean ...?`, where a name is near; otherwise what there is, if that is little.
pub fn suggest<'k>(wrong: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = nearest(wrong, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    (!known.is_empty() && known.len() <= 24).then(|| format!("there is: {}", known.join(", ")))
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
        assert_eq!(suggest("zebra", ["a", "b"]).as_deref(), Some("there is: a, b"));
    }
}
