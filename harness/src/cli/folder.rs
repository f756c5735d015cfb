//! `cardstorm show` and `cardstorm replay`: failure folders, read and run again.

use super::stage::{StageArg, Tick};
use super::{Exit, LangArg, Out};
use crate::bundle::{self, Bundle};
use crate::examine::{Examination, Expected, Stage, Standing, judge, perform};
use crate::explore;
use crate::guard::guarded;
use crate::history::{Event, Secrets, write_jsonl};
use crate::plan::Plan;
use crate::report::trace::{Lang, Trace};
use crate::report::words::Words;
use crate::report::{Witness, verdict};
use crate::stage::StageError;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `show`.
#[derive(clap::Args)]
pub(super) struct ShowArgs {
    /// The failure folder.
    folder: PathBuf,
    /// The language of screens; by default the one it was found in.
    #[arg(long, value_enum)]
    lang: Option<LangArg>,
    /// The whole trace, quiet stretches unfolded.
    #[arg(long)]
    full: bool,
}

/// Arguments of `replay`.
#[derive(clap::Args)]
pub(super) struct ReplayArgs {
    /// The failure folder.
    folder: PathBuf,
    /// What carries the run; by default virtual time, or turmoil-native where it was found there.
    #[arg(long, value_enum)]
    stage: Option<StageArg>,
    #[command(flatten)]
    tick: Tick,
}

/// Prints a folder's verdict and trace from what is stored; nothing is run.
pub(super) fn show(args: &ShowArgs, out: &mut Out) -> Exit {
    let read = bundle::read(&args.folder).and_then(|bundle| {
        let events = bundle.events()?;
        Ok((bundle, events))
    });
    let (bundle, events) = match read {
        Ok(read) => read,
        Err(error) => return refuse(&error.to_string(), args, out),
    };
    let lang = args.lang.map_or(bundle.about.lang, Lang::from);
    let examination = judged(&bundle, bundle.about.stage, events);
    let witness = Witness::of(&examination);
    let mut text = heading(&bundle, lang);
    text.push_str(&found(&bundle, lang, &examination));
    text.push('\n');
    let trace = Trace {
        plan: &bundle.plan,
        names: &bundle.about.names,
        lang,
        witness: Some(&witness),
        fold: !args.full,
    };
    text.push_str(&trace.render(&examination.events));
    say(&bundle, &text, out)
}

fn refuse(error: &str, args: &ShowArgs, out: &mut Out) -> Exit {
    out.error(&format!("{}: {error}", args.folder.display()));
    Exit::BadUsage
}

/// Runs a folder's plan again: the same history, or the first step that differs.
pub(super) fn replay(args: &ReplayArgs, out: &mut Out) -> Exit {
    match bundle::read_broken(&args.folder) {
        Ok(None) => {}
        Ok(Some((plan, said))) => return replay_broken(&plan, &said, args, out),
        Err(error) => {
            out.error(&format!("{}: {error}", args.folder.display()));
            return Exit::BadUsage;
        }
    }
    let bundle = match bundle::read(&args.folder) {
        Ok(bundle) => bundle,
        Err(error) => {
            out.error(&format!("{}: {error}", args.folder.display()));
            return Exit::BadUsage;
        }
    };
    let native = bundle.about.stage == Stage::TurmoilNative;
    let default = if native { Stage::TurmoilNative } else { Stage::Virtual };
    let stage = match stage_of(args, default, out) {
        Ok(stage) => stage,
        Err(exit) => return exit,
    };
    if native != (stage == Stage::TurmoilNative) {
        out.error(
            "turmoil's own network makes another history than the other stages: nothing to compare",
        );
        return Exit::BadUsage;
    }
    let events = match perform(&bundle.plan, stage) {
        Ok(events) => events,
        Err(error @ StageError::TickTooCoarse { .. }) => {
            out.error(&error.to_string());
            return Exit::BadUsage;
        }
        Err(error @ StageError::Simulation(_)) => {
            out.error(&error.to_string());
            return Exit::OurBug;
        }
    };
    let examination = judged(&bundle, stage, events);
    if examination.digest != bundle.digest {
        return differs(&bundle, &examination, out);
    }
    if let Err(error) = bundle.events() {
        // The run is the one that was digested, so it is the stored events that somebody changed.
        let place = first_difference(&bundle, &examination.events);
        let place = place.map(|place| format!("\n{place}")).unwrap_or_default();
        let text = format!("{}: {error}{place}", args.folder.display());
        return refuse_secrets(&bundle, &text, out).unwrap_or_else(|| {
            out.error(text.trim_end());
            Exit::BadUsage
        });
    }
    let lang = bundle.about.lang;
    let mut text = heading(&bundle, lang);
    let (name, digest) = (stage.name(), examination.digest);
    let _ = match lang {
        Lang::En => writeln!(text, "the same history on stage {name}: {digest}\n"),
        Lang::Zh => writeln!(text, "在环境 {name} 上历史相同：{digest}\n"),
    };
    text.push_str(&found(&bundle, lang, &examination));
    say(&bundle, &text, out)
}

/// The stage that was asked for, or else this one.
fn stage_of(args: &ReplayArgs, default: Stage, out: &mut Out) -> Result<Stage, Exit> {
    let usual = match default {
        Stage::Virtual => StageArg::Virtual,
        Stage::Turmoil { .. } => StageArg::Turmoil,
        Stage::TurmoilNative => StageArg::TurmoilNative,
    };
    args.stage.unwrap_or(usual).stage(args.tick, out)
}

/// A plan that could not be brought to its end is run again: a bug of ours, as long as it cannot.
fn replay_broken(plan: &Arc<Plan>, said: &str, args: &ReplayArgs, out: &mut Out) -> Exit {
    let stage = match stage_of(args, Stage::Virtual, out) {
        Ok(stage) => stage,
        Err(exit) => return exit,
    };
    match guarded(|| explore::run(plan, stage).map(|_| ())) {
        Ok(Ok(())) => {
            out.data(&format!("it comes to its end now; it said before: {said}"));
            Exit::Ok
        }
        Ok(Err(error)) => {
            out.error(&error.to_string());
            Exit::BadUsage
        }
        Err(again) => {
            out.error(&format!(
                "{again}\n  this is a bug of ours: please report it with the folder"
            ));
            Exit::OurBug
        }
    }
}

fn judged(bundle: &Bundle, stage: Stage, events: Vec<Event>) -> Examination {
    let expected = Expected { expect: &bundle.about.expect, names: &bundle.about.names };
    judge(&bundle.plan, expected, stage, events)
}

fn heading(bundle: &Bundle, lang: Lang) -> String {
    let about = &bundle.about;
    let (name, seed, stage) = (&about.scenario, bundle.plan.seed, about.stage.name());
    let title = lang.of(&about.title);
    match lang {
        Lang::En => format!("{name}  (seed {seed}, stage {stage})\n{title}\n"),
        Lang::Zh => format!("{name}  （种子 {seed}，环境 {stage}）\n{title}\n"),
    }
}

fn found(bundle: &Bundle, lang: Lang, examination: &Examination) -> String {
    let words = Words { plan: &bundle.plan, names: &bundle.about.names, lang };
    let [expectations, verdicts, passes] = match lang {
        Lang::En => [
            "expectations:",
            "verdicts:",
            "this no longer fails: the checks have changed since it was kept\n",
        ],
        Lang::Zh => ["期望项：", "结论：", "不再失败：保存之后检查有了改变\n"],
    };
    let mut text = format!("{expectations}\n{}", verdict::misses(words, examination));
    let _ = write!(text, "{verdicts}\n{}", verdict::verdicts(words, &examination.verdicts));
    if examination.standing() == Standing::Passed {
        text.push_str(passes);
    }
    text
}

/// Fails closed: text that holds a secret of the plan is not printed.
fn say(bundle: &Bundle, text: &str, out: &mut Out) -> Exit {
    refuse_secrets(bundle, text, out).unwrap_or_else(|| {
        out.data(text);
        Exit::Ok
    })
}

fn refuse_secrets(bundle: &Bundle, text: &str, out: &mut Out) -> Option<Exit> {
    let secrets = Secrets::of(&bundle.plan);
    let name = secrets.find(text.as_bytes()).map(|secret| secrets.name(secret))?;
    out.error(&format!("refused to print this: the {name} stands in it"));
    Some(Exit::OurBug)
}

/// The run is not the one whose digest is stored.
fn differs(bundle: &Bundle, examination: &Examination, out: &mut Out) -> Exit {
    let mut text =
        format!("another history\n  stored  {}\n  now     {}\n", bundle.digest, examination.digest);
    let of_digest = bundle.events().is_ok();
    match first_difference(bundle, &examination.events) {
        Some(place) if of_digest => text.push_str(&place),
        Some(place) => {
            let damaged = "the folder is damaged: events.jsonl is not what digest.txt stands for\n";
            text.push_str(&place);
            text.push_str(damaged);
        }
        None => text
            .push_str("events.jsonl is the history of this run: digest.txt alone says otherwise\n"),
    }
    match say(bundle, &text, out) {
        Exit::Ok => Exit::DeterminismLost,
        worse => worse,
    }
}

/// The first step in which the stored events and these differ, as both have it; none if they are the same.
fn first_difference(bundle: &Bundle, events: &[Event]) -> Option<String> {
    let mut bytes = Vec::new();
    write_jsonl(events, &mut bytes).expect("memory takes every line");
    let now = String::from_utf8_lossy(&bytes);
    let (mut stored, mut here) = (bundle.lines.lines(), now.lines());
    let first = (1usize..).find_map(|step| match (stored.next(), here.next()) {
        (None, None) => Some(None),
        (one, other) if one == other => None,
        (one, other) => Some(Some((step, one, other))),
    });
    let (step, one, other) = first.flatten()?;
    let line = |line: Option<&str>| described(bundle, line);
    Some(format!(
        "first differing step: {step}\n  stored  {}\n  now     {}\n",
        line(one),
        line(other)
    ))
}

fn described(bundle: &Bundle, line: Option<&str>) -> String {
    let Some(line) = line else { return "the history is over".into() };
    let (plan, names, lang) = (&*bundle.plan, &bundle.about.names, bundle.about.lang);
    let words = Words { plan, names, lang };
    match serde_json::from_str::<Event>(line) {
        Ok(event) if event.node.0 < plan.node_count() => {
            format!("{}\n          {line}", words.sentence(&event))
        }
        _ => line.to_owned(),
    }
}
