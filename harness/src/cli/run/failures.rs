//! Failed runs, folded: one scenario that fails in one way under many seeds is one failure, shown and kept
//! once, under its first seed.

use super::job::refuse_card_data;
use crate::bundle;
use crate::cli::kept::{keep, shell};
use crate::cli::{Exit, Out};
use crate::examine::{self, Examination, Stage, examine, plan_of};
use crate::guard::guarded;
use crate::history::{Digest, Secrets};
use crate::report::failure::{Failure, field, file_of, regression};
use crate::report::trace::Lang;
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

/// How many further seeds of a failure are named.
const NAMED: usize = 8;

/// What failed so far.
pub(super) struct Failures<'a> {
    stage: Stage,
    lang: Lang,
    folder: Option<PathBuf>,
    known: BTreeMap<(&'a str, String), usize>,
    list: Vec<Failed>,
}

/// One way in which one scenario fails.
struct Failed {
    text: String,
    more_seeds: Vec<u64>,
    more: u64,
}

impl<'a> Failures<'a> {
    /// Nothing failed yet; `folder` is where failures are kept.
    pub fn new(stage: Stage, lang: Lang, folder: Option<PathBuf>) -> Failures<'a> {
        Failures { stage, lang, folder, known: BTreeMap::new(), list: Vec::new() }
    }

    /// Takes a failed run in. The first of its kind is run once more to be shown and kept, which also
    /// proves that it can be: another history would be worse than the failure.
    pub fn add(
        &mut self,
        scenario: &'a Scenario,
        seed: u64,
        leading: &str,
        digest: Option<Digest>,
        undecided: bool,
        out: &mut Out,
    ) -> Exit {
        let key = (scenario.name.as_str(), leading.to_owned());
        if let Some(at) = self.known.get(&key) {
            let failed = &mut self.list[*at];
            failed.more += 1;
            if failed.more_seeds.len() < NAMED {
                failed.more_seeds.push(seed);
            }
            return Exit::Ok;
        }
        let (text, exit) = match guarded(|| examine(scenario, self.stage, seed)) {
            Ok(Ok(again)) if Some(again.digest) == digest => {
                self.text(scenario, seed, &again, undecided, out)
            }
            Ok(Ok(again)) => {
                let first = digest.map(|digest| digest.to_string()).unwrap_or_default();
                let what = format!("run twice, it came to {first} and to {}", again.digest);
                (self.lost(scenario, seed, &what), Exit::DeterminismLost)
            }
            Ok(Err(error)) => (self.lost(scenario, seed, &error.to_string()), Exit::OurBug),
            Err(panic) => (self.lost(scenario, seed, &panic), Exit::OurBug),
        };
        self.known.insert(key, self.list.len());
        self.list.push(Failed { text, more_seeds: Vec::new(), more: 0 });
        exit
    }

    fn lost(&self, scenario: &Scenario, seed: u64, what: &str) -> String {
        let again = run_again(scenario, seed, self.stage);
        format!("---- {}  (seed {seed})\n  {what}\n  run again   {again}\n", scenario.name)
    }

    fn text(
        &self,
        scenario: &Scenario,
        seed: u64,
        examination: &Examination,
        undecided: bool,
        out: &mut Out,
    ) -> (String, Exit) {
        let plan = plan_of(scenario, seed);
        let (stage, lang) = (self.stage, self.lang);
        let failure = Failure { scenario, plan: &plan, stage, lang, examination };
        let mut text = failure.render();
        if let Err(leak) = refuse_card_data(&Secrets::of(&plan), "failure", text.as_bytes()) {
            out.error(&format!("{}: {leak}", scenario.name));
            return (self.lost(scenario, seed, &leak), Exit::OurBug);
        }
        text.push('\n');
        let mut exit = Exit::Ok;
        if let (Some(folder), false) = (&self.folder, undecided) {
            match keep(folder, &failure, None) {
                Ok(kept) => {
                    let shown = shell(&kept.path.display().to_string());
                    field(lang, &mut text, "folder", &shown);
                    if kept.is_other() {
                        let other = match lang {
                            Lang::En => "(it was there with other content and was left alone)",
                            Lang::Zh => "（原已存在且内容不同，未改动）",
                        };
                        let _ = writeln!(text, "              {other}");
                    }
                    field(lang, &mut text, "replay", &format!("cardstorm replay {shown}"));
                }
                Err(error) => {
                    exit = match error {
                        bundle::BundleError::Secret { .. } => Exit::OurBug,
                        _ => Exit::BadUsage,
                    };
                    let none = matches!(error, bundle::BundleError::Write { .. });
                    let none = if none { ", or say --no-failures" } else { "" };
                    out.error(&format!("{}: {error}{none}", scenario.name));
                }
            }
        }
        field(lang, &mut text, "run again", &run_again(scenario, seed, stage));
        if let Some(topic) = topic(&failure) {
            let zh = if lang == Lang::Zh { " --lang zh" } else { "" };
            field(lang, &mut text, "explain", &format!("cardstorm explain {topic}{zh}"));
        }
        (text, exit)
    }

    /// Every failure, and under how many further seeds it came.
    pub fn render(&self) -> String {
        let mut text = String::new();
        for failed in &self.list {
            text.push('\n');
            text.push_str(&failed.text);
            if failed.more > 0 {
                let seeds: Vec<String> = failed.more_seeds.iter().map(u64::to_string).collect();
                let rest = failed.more - failed.more_seeds.len() as u64;
                let (seeds, more) = (seeds.join(", "), rest > 0);
                let also = match self.lang {
                    Lang::En if more => format!("also under {seeds} and {rest} more"),
                    Lang::En => format!("also under {seeds}"),
                    Lang::Zh if more => format!("另有 {seeds} 等，还有 {rest} 个"),
                    Lang::Zh => format!("另有 {seeds}"),
                };
                field(self.lang, &mut text, "seeds", &also);
            }
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }
}

/// What `explain` knows about the failure.
fn topic(failure: &Failure<'_>) -> Option<String> {
    let leading = failure.examination.leading()?;
    match leading.about {
        examine::About::Invariant(invariant) => Some(invariant.name().to_owned()),
        examine::About::Fault(n) => {
            failure.plan.faults.get(n as usize).map(|fault| fault.what.name().to_owned())
        }
        examine::About::Screen(op) => {
            let shows = failure.scenario.expect.ops.iter().find(|expect| expect.op == op)?.shows;
            match shows? {
                crate::scenario::Shown::Code(code) => Some(code.to_string()),
                crate::scenario::Shown::Text(_) => Some("accurate-code".into()),
            }
        }
        examine::About::Outcome(_) | examine::About::Balance(_) => None,
    }
}

/// The command that makes a run again.
pub(super) fn run_again(scenario: &Scenario, seed: u64, stage: Stage) -> String {
    let catalogue = crate::scenario::catalogue().any(|(name, _)| name == scenario.name)
        || regression(&scenario.name);
    let what = if catalogue { scenario.name.clone() } else { file_of(scenario) };
    format!("cardstorm run {} --seed {seed} {} --trace", shell(&what), stage.options())
}
