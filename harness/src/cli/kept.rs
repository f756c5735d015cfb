//! Failures put into folders, and how a command line names them.

use crate::bundle::{self, About, BundleError, Contents, FORMAT, Found, Kept};
use crate::plan::Plan;
use crate::report::failure::Failure;
use crate::scenario::Scenario;
use std::path::Path;

/// Keeps a failure under a folder; `found` says how, and in which plan, exploration found it.
///
/// # Errors
/// The folder cannot be written, or would hold card data.
pub(super) fn keep(
    folder: &Path,
    failure: &Failure<'_>,
    found: Option<(Found, &Plan)>,
) -> Result<Kept, BundleError> {
    let scenario = failure.scenario;
    let about = About {
        format: FORMAT,
        scenario: public_name(scenario),
        title: scenario.title.clone(),
        stage: failure.stage,
        lang: failure.lang,
        names: scenario.names.clone(),
        expect: scenario.expect.clone(),
        found: found.as_ref().map(|(found, _)| found.clone()),
    };
    let contents = Contents {
        plan: failure.plan,
        original: found.map(|(_, original)| original),
        about: &about,
        story: &scenario.source,
        examination: failure.examination,
        leading: failure.examination.leading().expect("a failed run missed something"),
        trace: &failure.trace(),
    };
    bundle::keep(folder, &contents)
}

/// The name of a story of the catalogue, or the name of a file without the folders it lies in here.
fn public_name(scenario: &Scenario) -> String {
    if crate::scenario::catalogue().any(|(name, _)| name == scenario.name) {
        return scenario.name.clone();
    }
    scenario.name.rsplit(['/', '\\']).next().unwrap_or("story").to_owned()
}

/// A word as a shell takes it.
pub(super) fn shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
