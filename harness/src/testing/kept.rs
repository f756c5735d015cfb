//! Failing plans as files: written aside and renamed, read back with every index checked. A plan file
//! holds the test cards and keys of its world, as any plan does.

use crate::bundle::{fingerprint, made_for, take_away, validate};
use crate::check::Invariant;
use crate::plan::Plan;
use std::fs;
use std::path::{Path, PathBuf};

/// Keeps a plan; nothing comes back where nothing is kept. Panics if it cannot be written.
pub(super) fn keep(
    folder: Option<&Path>,
    name: &str,
    invariant: Invariant,
    plan: &Plan,
) -> Option<PathBuf> {
    let folder = folder?;
    let stem = format!("{name}--{}--{}", invariant.name(), fingerprint(plan));
    let (file, aside) =
        (folder.join(format!("{stem}.json")), folder.join(format!(".{stem}.partial")));
    let mut text = serde_json::to_vec_pretty(plan).expect("plain data is JSON");
    text.push(b'\n');
    let made = made_for(folder);
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&aside, text))
        .and_then(|()| fs::rename(&aside, &file));
    if let Err(error) = written {
        // The error that matters is the one that is told.
        let _ = fs::remove_file(&aside);
        take_away(&made);
        panic!("cannot keep the failing plan as {}: {error}", file.display());
    }
    Some(file)
}

/// The kept plans of a test, in the order of their names. Panics if one cannot be read, or is no plan.
pub(super) fn read(folder: Option<&Path>, name: &str) -> Vec<(PathBuf, Plan)> {
    let Some(folder) = folder.filter(|folder| folder.is_dir()) else { return Vec::new() };
    let listed = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot read {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let prefix = format!("{name}--");
    let ours = |file: &PathBuf| {
        let stem = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        stem.starts_with(&prefix) && stem.ends_with(".json")
    };
    files.into_iter().filter(ours).map(|file| (file.clone(), plan(&file))).collect()
}

fn plan(file: &Path) -> Plan {
    let remedy = "mend it, or delete it if its failure no longer matters";
    let refused = |what: String| -> ! { panic!("{}: {what}; {remedy}", file.display()) };
    let text = fs::read(file).unwrap_or_else(|error| refused(error.to_string()));
    let plan: Plan =
        serde_json::from_slice(&text).unwrap_or_else(|error| refused(format!("no plan: {error}")));
    if let Err(error) = validate(&plan) {
        refused(format!("no plan that can be run: {error}"));
    }
    plan
}
