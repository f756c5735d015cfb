//! `cardstorm shrink`: a failure folder's plan made as small as it goes, kept in a folder of its own.

use super::aside::on_interruption;
use super::kept::{keep, shell};
use super::{Exit, Out};
use crate::bundle::{self, BundleError, Found};
use crate::examine::{Expected, judge, perform};
use crate::explore::{self, confirm, names};
use crate::report::failure::Failure;
use crate::report::sweep;
use crate::scenario::{Expect, Scenario, Text2};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Arguments of `shrink`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The failure folder.
    folder: PathBuf,
    /// Where the smaller failure goes; by default beside the folder.
    #[arg(long, value_name = "DIR")]
    failures: Option<PathBuf>,
}

/// Shrinks.
pub(super) fn shrink(args: &Args, out: &mut Out) -> Exit {
    match shrunk(args, out) {
        Ok((text, exit)) => {
            out.data(&text);
            exit
        }
        Err((error, exit)) => {
            out.error(&format!("{}: {error}", args.folder.display()));
            exit
        }
    }
}

fn shrunk(args: &Args, out: &mut Out) -> Result<(String, Exit), (String, Exit)> {
    let bad = |error: String| (error, Exit::BadUsage);
    let bundle = bundle::read(&args.folder).map_err(|error| bad(error.to_string()))?;
    let (plan, stage, lang) = (&bundle.plan, bundle.about.stage, bundle.about.lang);
    let ran = explore::run(plan, stage).map_err(|error| bad(error.to_string()))?;
    let Some((invariant, blamed)) = ran.leading(plan) else {
        return Err(bad("no invariant breaks in it: only what breaks one can be shrunk".into()));
    };
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    on_interruption(out, move || asked.store(true, Ordering::SeqCst));
    let shrunk = explore::shrink_one(plan, stage, invariant, blamed, &stop);
    let over = || stop.load(Ordering::SeqCst);
    if over() {
        out.talk("interrupted: it is only as small as it had become\n");
    }
    let mut text = format!("{}: {}\n", invariant.name(), shrunk.summary());
    if shrunk.plan == **plan {
        let small =
            if over() { "nothing had gone yet" } else { "it is as small as it goes already" };
        text.push_str(&format!("{small}; nothing was written\n"));
        return Ok((text, if over() { Exit::Interrupted } else { Exit::Ok }));
    }
    let small = Arc::new(shrunk.plan.clone());
    let mut named = names(&small);
    if bundle.about.names.terminals.len() == named.terminals.len() {
        named.terminals.clone_from(&bundle.about.names.terminals);
    }
    let scenario = Scenario {
        name: bundle.about.scenario.clone(),
        folder: String::new(),
        title: bundle.about.title.clone(),
        question: Text2::default(),
        story: None,
        rows: Vec::new(),
        plan: shrunk.plan.clone(),
        expect: Expect { idle_faults: true, ..Expect::default() },
        names: named,
        source: "# Generated, not written: cardstorm shrink.\n".into(),
        warnings: Vec::new(),
    };
    let events = perform(&small, stage).map_err(|error| bad(error.to_string()))?;
    let examination = judge(&small, Expected::by(&scenario), stage, events);
    let failure =
        Failure { scenario: &scenario, plan: &small, stage, lang, examination: &examination };
    let on_turmoil = sweep::confirmed(&confirm(&small, stage));
    text.push_str(&format!("on turmoil  {on_turmoil}\n"));
    let found = Found { seed: plan.seed, shrunk: shrunk.summary(), on_turmoil };
    let beside = args.folder.canonicalize().ok();
    let beside = beside.as_deref().and_then(Path::parent).unwrap_or(Path::new("."));
    let under = args.failures.as_deref().unwrap_or(beside);
    let kept = keep(under, &failure, Some((found, plan))).map_err(|error| match error {
        BundleError::Secret { .. } => (error.to_string(), Exit::OurBug),
        _ => bad(error.to_string()),
    })?;
    let given = args.folder.parent().unwrap_or(Path::new(""));
    let name = kept.path.file_name().unwrap_or_default();
    let path = args.failures.as_ref().map_or_else(|| given.join(name), |under| under.join(name));
    text.push_str(&format!("folder      {}\n", shell(&path.display().to_string())));
    Ok((text, if over() { Exit::Interrupted } else { Exit::Ok }))
}
