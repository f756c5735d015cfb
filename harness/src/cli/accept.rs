//! `cardstorm accept`: a failure folder becomes a regression, and a pending snapshot for a person to review.

use super::aside::{Aside, Interrupted};
use super::kept::shell;
use super::{Exit, Out};
use crate::bundle;
use crate::history::Secrets;
use crate::regression::{self, FOLDER};
use std::fs;
use std::path::{Path, PathBuf};

/// Arguments of `accept`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The failure folder.
    folder: PathBuf,
    /// Where the regression goes.
    #[arg(long, value_name = "DIR", default_value = "scenarios/regressions")]
    into: PathBuf,
    /// Where its pending snapshot goes.
    #[arg(long, value_name = "DIR", default_value = "snapshots/regressions")]
    snapshots: PathBuf,
}

/// Accepts a folder.
pub(super) fn accept(args: &Args, out: &mut Out) -> Exit {
    // Two files belong together: an interruption waits until both are there.
    let interrupted = Interrupted::watch(out);
    match accepted(args) {
        Ok(text) => {
            out.data(&text);
            if interrupted.asked() { Exit::Interrupted } else { Exit::Ok }
        }
        Err(error) => {
            out.error(&error);
            Exit::BadUsage
        }
    }
}

fn accepted(args: &Args) -> Result<String, String> {
    let shown = args.folder.display();
    let bundle = bundle::read(&args.folder).map_err(|error| format!("{shown}: {error}"))?;
    let name = args.folder.canonicalize().ok();
    let name = name.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    let name = name.ok_or_else(|| format!("{shown}: its name is no plain text"))?;
    let made = regression::accept(name, &bundle).map_err(|error| format!("{shown}: {error}"))?;
    let story = regression::told(&made.scenario).map_err(|error| format!("{shown}: {error}"))?;
    let secrets = Secrets::of(&bundle.plan);
    if let Some(secret) = secrets.find(story.as_bytes()) {
        return Err(format!(
            "refused to write its trace: the {} stands in it",
            secrets.name(secret)
        ));
    }
    let plan = args.into.join(format!("{name}.json"));
    let snapshot = args.snapshots.join(format!("{FOLDER}--{name}.snap.new"));
    for (file, fits) in [(&args.into, "--into"), (&args.snapshots, "--snapshots")] {
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        if !file.is_dir() && parent.is_some_and(|parent| !parent.is_dir()) {
            return Err(format!(
                "there is no folder {}: run this from the project's root, or name one with {fits}",
                file.display()
            ));
        }
    }
    if plan.exists() {
        return Err(format!("{} is there already: it was accepted before", plan.display()));
    }
    let pending =
        format!("---\nsource: snapshots/tests/regressions.rs\n---\n{}\n", story.trim_end());
    write(&plan, &made.text)?;
    write(&snapshot, &pending).inspect_err(|_| {
        // The error that matters is the one above.
        let _ = fs::remove_file(&plan);
    })?;
    let must = match made.unsound.as_slice() {
        [] => format!(
            "its parties are sound, so every invariant must hold; {} breaks today",
            made.invariant.name()
        ),
        unsound => format!("{} must go on breaking: {}", made.invariant.name(), unsound.join(", ")),
    };
    Ok(format!(
        "regression  {}\n            {must}\nsnapshot    {}\nreview      cargo insta review\nrun         cardstorm run {}\n",
        shell(&plan.display().to_string()),
        shell(&snapshot.display().to_string()),
        shell(&plan.display().to_string()),
    ))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    let mut file = Aside::create(path)?;
    file.write(text.as_bytes())?;
    file.place()
}
