//! Which scenarios a command means: names of the catalogue, folders of it, files and folders on disk.
//! Regressions are among them, and come first.

use super::out::plain;
use super::{Exit, Out};
use crate::bundle::mask_digits;
use crate::regression;
use crate::report::lint;
use crate::report::trace::Lang;
use crate::scenario::{self, Diagnostic, Scenario, Sources};
use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Finds and reads what was named; with `all`, the whole catalogue. Everything wrong with any of it is
/// reported at once, and then nothing is handed back.
pub(super) fn select(
    what: &[String],
    all: bool,
    lang: Lang,
    out: &mut Out,
) -> Result<Vec<Scenario>, Exit> {
    let mut texts: Vec<(String, String, String)> = Vec::new();
    if all {
        texts.extend(catalogue(|_| true));
    }
    let mut unread = false;
    for item in what {
        for found in one(item) {
            match found {
                Ok(text) => texts.push(text),
                Err(message) => {
                    out.error(&lint::said(lang, &message));
                    unread = true;
                }
            }
        }
    }
    let mut seen = BTreeSet::new();
    texts.retain(|(file, _, _)| seen.insert(file.clone()));
    if texts.is_empty() && !unread {
        out.talk("error: name a scenario, a file or a folder, or say --all\n");
        out.talk("help: `cardstorm list` shows the catalogue\n");
        return Err(Exit::BadUsage);
    }
    let scenarios = read(&texts, lang, out);
    if unread { Err(Exit::BadUsage) } else { scenarios }
}

/// What messages call a file, its name as a scenario, its text.
type Source = (String, String, String);

fn catalogue(pick: impl Fn(&str) -> bool) -> Vec<Source> {
    let entry = |name: &str, ending: &str, text: &str| {
        (format!("scenarios/{name}.{ending}"), name.to_owned(), text.to_owned())
    };
    let regressions = regression::embedded().filter(|(name, _)| pick(name));
    let regressions = regressions.map(|(name, text)| entry(name, "json", text));
    let stories = scenario::catalogue().filter(|(name, _)| pick(name));
    regressions.chain(stories.map(|(name, text)| entry(name, "toml", text))).collect()
}

/// Every file that one word means, or why it cannot be read.
fn one(item: &str) -> Vec<Result<Source, String>> {
    let folder = format!("{}/", item.trim_end_matches('/'));
    let found = catalogue(|name| {
        name == item || name.starts_with(&folder) || name.rsplit('/').next() == Some(item)
    });
    if !found.is_empty() {
        return found.into_iter().map(Ok).collect();
    }
    let path = Path::new(item);
    let shown = plain(item);
    if path.is_dir() {
        let mut files = match stories_in(path) {
            Ok(files) => files,
            Err(error) => return vec![Err(format!("cannot read {shown}: {error}"))],
        };
        files.sort_by_key(|file| (!is_regression(&file.to_string_lossy()), file.clone()));
        if files.is_empty() {
            return vec![Err(format!(
                "{shown} holds no scenario (.toml) and no regression (.json)"
            ))];
        }
        return files.iter().map(|file| file_text(file)).collect();
    }
    if path.is_file() {
        return vec![file_text(path)];
    }
    if path.exists() {
        return vec![Err(format!("{shown} is no file that holds a story: a device or a pipe"))];
    }
    let names: Vec<&str> = scenario::catalogue().map(|(name, _)| name).collect();
    let hint = scenario::nearest(item, names.iter().copied());
    let hint = hint.map(|near| format!("\nhelp: did you mean {near}?")).unwrap_or_default();
    vec![Err(format!("there is no scenario, file or folder {shown}{hint}"))]
}

/// Whether a file is a regression, and not a story.
fn is_regression(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == "json")
}

/// The scenarios and regressions under a folder. A link to a folder is not followed: it may lead back.
fn stories_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            files.extend(stories_in(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "toml" || ending == "json")
            && path.is_file()
            && !path.ends_with("Cargo.toml")
        {
            files.push(path);
        }
    }
    Ok(files)
}

/// The text of a file; of one that is too long for a story, as much as shows that it is.
fn file_text(path: &Path) -> Result<Source, String> {
    let shown = plain(&path.display().to_string());
    let cannot = |error: std::io::Error| format!("cannot read {shown}: {error}");
    let file = std::fs::File::open(path).map_err(cannot)?;
    let long = file.metadata().map_err(cannot)?.len();
    if long > scenario::LONGEST as u64 {
        return Err(format!(
            "{shown}: a story is at most {} KiB of text, and this is {} KiB",
            scenario::LONGEST / 1024,
            long / 1024
        ));
    }
    let mut bytes = Vec::new();
    file.take(scenario::LONGEST as u64 + 1).read_to_end(&mut bytes).map_err(cannot)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count();
        format!("cannot read {shown}: line {line} is not UTF-8\nhelp: save the file as UTF-8")
    })?;
    let name = shown.trim_end_matches(".toml").trim_end_matches(".json").to_owned();
    Ok((shown, name, text))
}

fn read(
    texts: &[(String, String, String)],
    lang: Lang,
    out: &mut Out,
) -> Result<Vec<Scenario>, Exit> {
    let mut scenarios = Vec::new();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut unread = false;
    for (file, name, text) in texts {
        if is_regression(file) {
            match regression::parse(name, text) {
                Ok(scenario) => scenarios.push(scenario),
                Err(error) => {
                    out.error(&format!("{file}: {error}"));
                    unread = true;
                }
            }
            continue;
        }
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
        out.talk(&mask_digits(&lint::diagnostics(lang, &diagnostics, &sources, out.color)));
    }
    if unread || diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Exit::BadUsage);
    }
    Ok(scenarios)
}
