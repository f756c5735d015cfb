//! Which stories of the catalogue show a thing.

use crate::check::Invariant;
use crate::scenario::{Scenario, Shown, catalogue, parse};
use cardstorm_models::ids::ResponseCode;

/// The catalogue, read.
pub(super) struct Stories(Vec<Scenario>);

impl Stories {
    /// Reads it.
    pub fn read() -> Stories {
        Stories(catalogue().filter_map(|(name, text)| parse(name, name, text).ok()).collect())
    }

    fn pick(&self, shows: impl Fn(&Scenario) -> bool) -> Vec<String> {
        self.0.iter().filter(|story| shows(story)).map(|story| story.name.clone()).collect()
    }

    /// Those that expect an invariant to break.
    pub fn breaking(&self, invariant: Invariant) -> Vec<String> {
        self.pick(|story| story.expect.violates.is_some_and(|(broken, _)| broken == invariant))
    }

    /// Those with a kind of fault.
    pub fn with_fault(&self, kind: &str) -> Vec<String> {
        self.pick(|story| story.plan.faults.iter().any(|fault| fault.what.name() == kind))
    }

    /// Those that expect a code on the screen.
    pub fn showing(&self, code: ResponseCode) -> Vec<String> {
        let shows = |story: &Scenario| {
            story.expect.ops.iter().any(|op| op.shows == Some(Shown::Code(code)))
        };
        self.pick(shows)
    }

    /// Those that carry a requirement row.
    pub fn of_row(&self, id: &str) -> Vec<String> {
        self.pick(|story| story.rows.iter().any(|row| row == id))
    }

    /// Those with a fault before a step.
    pub fn before(&self, effect: &str) -> Vec<String> {
        use crate::plan::When;
        let placed = |when: &When| matches!(when, When::Before { effect: of, .. } if of == effect);
        self.pick(|story| story.plan.faults.iter().any(|fault| placed(&fault.when)))
    }

    /// Those that choose a way, and what each then expects to break.
    pub fn choosing(&self, party: &str, key: &str, way: &str) -> Vec<(String, Option<Invariant>)> {
        let chosen = self.0.iter().filter(|story| chooses(&story.source, party, key, way));
        chosen
            .map(|story| (story.name.clone(), story.expect.violates.map(|(broken, _)| broken)))
            .collect()
    }
}

/// Whether a story's text sets a choice in a party's table.
fn chooses(source: &str, party: &str, key: &str, way: &str) -> bool {
    let mut inside = false;
    for line in source.lines() {
        if line.starts_with('[') {
            let name = line.trim_start_matches('[');
            inside = name.split(['.', ']']).next() == Some(party);
        } else if inside
            && let Some((left, right)) = line.split_once('=')
            && left.trim() == key
        {
            let value = right.trim().trim_start_matches(['{', '"', ' ']);
            let rest = value.strip_prefix(way);
            if rest.is_some_and(|rest| rest.starts_with(['"', ' ', '='])) {
                return true;
            }
        }
    }
    false
}
