//! Which scenarios a command means: names of the catalogue, folders of it, files and folders on disk.

use super::{Exit, Out};
use crate::bundle::mask_digits;
use crate::scenario::{self, Diagnostic, Scenario, Sources};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Finds and reads what was named; with `all`, the whole catalogue. Everything wrong with any of it is
/// reported at once, and then nothing is handed back.
pub(super) fn select(what: &[String], all: bool, out: &mut Out) -> Result<Vec<Scenario>, Exit> {
    let mut texts: Vec<(String, String, String)> = Vec::new();
    if all {
        texts.extend(catalogue(|_| true));
    }
    for item in what {
        match one(item) {
            Ok(found) => texts.extend(found),
            Err(message) => {
                out.talk(&format!("error: {message}\n"));
                return Err(Exit::BadUsage);
            }
        }
    }
    let mut seen = BTreeSet::new();
    texts.retain(|(file, _, _)| seen.insert(file.clone()));
    if texts.is_empty() {
        out.talk("error: name a scenario, a file or a folder, or say --all\n");
        out.talk("help: `cardstorm list` shows the catalogue\n");
        return Err(Exit::BadUsage);
    }
    read(&texts, out)
}

fn catalogue(pick: impl Fn(&str) -> bool) -> Vec<(String, String, String)> {
    scenario::catalogue()
        .filter(|(name, _)| pick(name))
        .map(|(name, text)| (format!("scenarios/{name}.toml"), name.to_owned(), text.to_owned()))
        .collect()
}

fn one(item: &str) -> Result<Vec<(String, String, String)>, String> {
    let folder = format!("{}/", item.trim_end_matches('/'));
    let found = catalogue(|name| {
        name == item || name.starts_with(&folder) || name.rsplit('/').next() == Some(item)
    });
    if !found.is_empty() {
        return Ok(found);
    }
    let path = Path::new(item);
    if path.is_dir() {
        let mut files = toml_files(path).map_err(|error| format!("cannot read {item}: {error}"))?;
        files.sort();
        if files.is_empty() {
            return Err(format!("{item} holds no scenario (.toml)"));
        }
        return files.iter().map(|file| file_text(file)).collect();
    }
    if path.is_file() {
        return Ok(vec![file_text(path)?]);
    }
    let names: Vec<&str> = scenario::catalogue().map(|(name, _)| name).collect();
    let hint = scenario::nearest(item, names.iter().copied());
    let hint = hint.map(|near| format!("\nhelp: did you mean {near}?")).unwrap_or_default();
    Err(format!("there is no scenario, file or folder {item}{hint}"))
}

fn toml_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(toml_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "toml")
            && !path.ends_with("Cargo.toml")
        {
            files.push(path);
        }
    }
    Ok(files)
}

fn file_text(path: &Path) -> Result<(String, String, String), String> {
    let shown = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let name = shown.trim_end_matches(".toml").to_owned();
    Ok((shown, name, text))
}

fn read(texts: &[(String, String, String)], out: &mut Out) -> Result<Vec<Scenario>, Exit> {
    let mut scenarios = Vec::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for (file, name, text) in texts {
        match scenario::parse(file, name, text) {
            Ok(mut scenario) => {
                diagnostics.append(&mut scenario.warnings);
                scenarios.push(scenario);
            }
            Err(mut errors) => diagnostics.append(&mut errors),
        }
    }
    if !diagnostics.is_empty() {
        let sources: Sources =
            texts.iter().map(|(file, _, text)| (file.clone(), text.clone())).collect();
        // The lines shown are the author's own; a card number among them is masked all the same.
        out.talk(&mask_digits(&scenario::render(&diagnostics, &sources, out.color)));
    }
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Exit::BadUsage);
    }
    Ok(scenarios)
}
