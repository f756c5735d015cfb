//! What exploration found, shown and kept: one text and one folder each.

use crate::bundle::{BundleError, Found, keep_broken};
use crate::cli::kept::{keep, shell};
use crate::cli::{Exit, Out};
use crate::examine::{Expected, Stage, judge, perform};
use crate::explore::{Finding, Report, STORM, story};
use crate::history::Secrets;
use crate::report::failure::Failure;
use crate::report::sweep;
use crate::report::trace::Lang;
use crate::scenario::Scenario;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// What all findings of a sweep have in common.
pub(super) struct Place<'a> {
    /// The base scenario.
    pub base: Option<&'a Scenario>,
    /// Seed of the first plan.
    pub first_seed: u64,
    /// What carried the runs.
    pub stage: Stage,
    /// The language of screens.
    pub lang: Lang,
    /// Whether every plan steps outside what any design survives: what breaks is then no finding.
    pub beyond: bool,
    /// Where folders go.
    pub folder: Option<&'a Path>,
}

/// Shows and keeps every finding.
pub(super) fn tell(findings: &[Finding], place: &Place<'_>, out: &mut Out) -> Exit {
    let mut worst = Exit::Ok;
    for finding in findings {
        let (text, exit) = one(finding, place, out);
        out.data(&text);
        worst = worst.max(exit);
    }
    worst
}

fn one(finding: &Finding, place: &Place<'_>, out: &mut Out) -> (String, Exit) {
    let seed = place.first_seed.wrapping_add(finding.index);
    let plan = Arc::new(finding.shrunk.plan.clone());
    let beyond = if place.beyond { " --beyond" } else { "" };
    let how = format!("cardstorm explore{beyond}, seed {seed}, shrunk");
    let scenario = story(&plan, place.base, &how);
    let events = match perform(&plan, place.stage) {
        Ok(events) => events,
        Err(error) => return (format!("{error}\n"), Exit::OurBug),
    };
    let examination = judge(&plan, Expected::by(&scenario), place.stage, events);
    let (stage, lang) = (place.stage, place.lang);
    let failure =
        Failure { scenario: &scenario, plan: &plan, stage, lang, examination: &examination };
    let mut text = failure.render();
    text.push('\n');
    text.push_str(&sweep::finding(finding, seed));
    if place.beyond {
        text.push_str(
            "  beyond      no design survives what this plan holds: the loss is reported\n",
        );
    }
    if let Some(secret) = Secrets::of(&plan).find(text.as_bytes()) {
        let name = Secrets::of(&plan).name(secret).to_owned();
        out.error(&format!("refused to show a finding: the {name} stands in it"));
        return (String::new(), Exit::OurBug);
    }
    let mut exit = if place.beyond { Exit::Ok } else { Exit::Unexpected };
    if let Some(folder) = place.folder {
        let found = Found {
            seed,
            shrunk: finding.shrunk.summary(),
            on_turmoil: sweep::confirmed(&finding.confirmed),
        };
        match keep(folder, &failure, Some((found, &finding.original))) {
            Ok(kept) => {
                let shown = shell(&kept.path.display().to_string());
                let _ = writeln!(text, "  folder      {shown}");
                if kept.is_other() {
                    let _ = writeln!(
                        text,
                        "              (it was there with other content and was left alone)"
                    );
                }
                let _ = writeln!(text, "  replay      cardstorm replay {shown}");
            }
            Err(error) => {
                exit = match error {
                    BundleError::Secret { .. } => Exit::OurBug,
                    _ => Exit::BadUsage,
                };
                out.error(&error.to_string());
            }
        }
    }
    text.push('\n');
    (text, exit)
}

/// Says which plans could not be brought to an end.
pub(super) fn panics(report: &Report, place: &Place<'_>, out: &mut Out) -> Exit {
    let mut exit = Exit::Ok;
    for panicked in report.panics() {
        let seed = place.first_seed.wrapping_add(panicked.index);
        let mut text =
            format!("the plan of seed {seed}: {}\n  this is a bug of ours", panicked.said);
        if let (Some(plan), Some(folder)) = (&panicked.plan, place.folder) {
            let name = place.base.map_or(STORM, |base| base.name.as_str());
            match keep_broken(folder, name, plan, &panicked.said) {
                Ok(kept) => {
                    let shown = shell(&kept.path.display().to_string());
                    let _ = write!(text, "; see it again with: cardstorm replay {shown}");
                }
                Err(error) => {
                    let _ = write!(text, "\n  {error}");
                }
            }
        }
        out.error(&text);
        exit = Exit::OurBug;
    }
    exit
}
