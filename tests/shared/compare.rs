//! Comparing two histories of one plan: byte by byte, and where they differ, at which event first.

use cardstorm::history::{Event, digest};

/// Nothing if the histories are the same bytes; otherwise the first event in which they differ.
pub fn difference(one: &[Event], other: &[Event]) -> Option<String> {
    if digest(one) == digest(other) {
        return None;
    }
    let at = one.iter().zip(other).position(|(one, other)| one != other);
    let at = at.unwrap_or(one.len().min(other.len()));
    let line = |events: &[Event]| match events.get(at) {
        Some(event) => serde_json::to_string(event).expect("an event is JSON"),
        None => "the history is over".to_owned(),
    };
    Some(format!("event {at} differs:\n  {}\n  {}", line(one), line(other)))
}
