//! Writing a failure folder: everything is made and searched for card data first, then written aside, then
//! renamed as a whole.

use super::{
    About, BundleError, DIGEST, EVENTS, Findings, LEDGERS, ORIGINAL, PANIC, PLAN, README, SCENARIO,
    TRACE, VERDICT, ledgers, mask_story, readme,
};
use crate::examine::{About as Of, Examination, Miss};
use crate::history::{Secrets, write_jsonl};
use crate::plan::Plan;
use crate::report::told;
use crate::report::trace::Lang;
use crate::report::words::Words;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// What a folder is made of.
pub struct Contents<'a> {
    /// The whole input.
    pub plan: &'a Plan,
    /// The plan that it was found in, where `plan` was shrunk from it.
    pub original: Option<&'a Plan>,
    /// Names, expectations, stage.
    pub about: &'a About,
    /// The story's text.
    pub story: &'a str,
    /// What came out.
    pub examination: &'a Examination,
    /// What the failure is called after.
    pub leading: &'a Miss,
    /// The rendered trace.
    pub trace: &'a str,
}

/// Where a folder is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The folder.
    pub path: PathBuf,
    /// What was done.
    pub how: How,
}

/// What was done with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It was written.
    Written,
    /// It was there already, byte for byte.
    Known,
    /// Another folder of that name was there and was left alone.
    Other,
}

impl Kept {
    /// Whether a folder of that name, but with other content, stands in the way.
    pub fn is_other(&self) -> bool {
        self.how == How::Other
    }
}

/// Eight hexadecimal digits that stand for a plan.
pub fn fingerprint(plan: &Plan) -> String {
    let bytes = serde_json::to_vec(plan).expect("a plan is plain data");
    Sha256::digest(&bytes).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// `<scenario>--<invariant or expectation>--<fingerprint>`, safe as a name of a file.
pub fn folder_name(scenario: &str, leading: &Miss, plan: &Plan) -> String {
    let catalogue = crate::scenario::catalogue().any(|(name, _)| name == scenario);
    // Where a file lies on this machine is nobody's business.
    let short =
        if catalogue { scenario } else { scenario.rsplit(['/', '\\']).next().unwrap_or("") };
    format!("{}--{}--{}", slug(short), slug(&leading.name), fingerprint(plan))
}

fn slug(text: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '_' | '-') { c } else { '-' };
    let slug: String = text.chars().map(plain).take(60).collect();
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() { "story".into() } else { slug }
}

type Files = Vec<(&'static str, Vec<u8>)>;

impl Contents<'_> {
    /// Every file, searched for card data.
    fn files(&self, name: &str) -> Result<Files, BundleError> {
        let words = Words { plan: self.plan, names: &self.about.names, lang: self.about.lang };
        let english = Words { lang: Lang::En, ..words };
        let findings = Findings {
            about: self.about,
            misses: told::misses(english, &self.examination.misses),
            verdicts: told::verdicts(english, &self.examination.verdicts),
        };
        let json = |value: serde_json::Result<Vec<u8>>| {
            let mut bytes = value.expect("plain data is JSON");
            bytes.push(b'\n');
            bytes
        };
        let mut events = Vec::new();
        write_jsonl(&self.examination.events, &mut events).expect("memory takes every line");
        let explain = match self.leading.about {
            Of::Invariant(invariant) => format!("cardstorm explain {}\n", invariant.name()),
            Of::Fault(n) => {
                let kind = self.plan.faults.get(n as usize).map_or("", |fault| fault.what.name());
                format!("cardstorm explain {kind}\n")
            }
            Of::Outcome(_) | Of::Screen(_) | Of::Balance(_) => String::new(),
        };
        let readme = readme::readme(name, self.about, self.leading, english, &explain);
        let story = mask_story(self.story, self.plan);
        let mut files = vec![
            (PLAN, json(serde_json::to_vec_pretty(self.plan))),
            (SCENARIO, story.into_bytes()),
            (VERDICT, json(serde_json::to_vec_pretty(&findings))),
            (TRACE, self.trace.as_bytes().to_vec()),
            (EVENTS, events),
            (LEDGERS, ledgers::ledgers(words, &self.examination.events)),
            (README, readme.into_bytes()),
            (DIGEST, format!("{}\n", self.examination.digest).into_bytes()),
        ];
        if let Some(original) = self.original {
            files.push((ORIGINAL, json(serde_json::to_vec_pretty(original))));
        }
        let secrets = Secrets::of(self.plan);
        let plans = [PLAN, ORIGINAL];
        for (file, bytes) in files.iter().filter(|(file, _)| !plans.contains(file)) {
            if let Some(secret) = secrets.find(bytes) {
                let secret = secrets.name(secret).to_owned();
                return Err(BundleError::Secret { file, secret });
            }
        }
        Ok(files)
    }
}

/// Keeps a failure under a folder; what is there already is left alone.
///
/// # Errors
/// The folder cannot be written, or would hold card data. Then nothing of it is left behind.
pub fn keep(under: &Path, contents: &Contents<'_>) -> Result<Kept, BundleError> {
    let name = folder_name(&contents.about.scenario, contents.leading, contents.plan);
    let files = contents.files(&name)?;
    put(under, &name, &files)
}

/// Keeps a plan that could not be brought to its end, and what the panic said.
///
/// # Errors
/// The folder cannot be written. Then nothing of it is left behind.
pub fn keep_broken(
    under: &Path,
    scenario: &str,
    plan: &Plan,
    said: &str,
) -> Result<Kept, BundleError> {
    let name = format!("{}--panic--{}", slug(scenario), fingerprint(plan));
    let mut text = serde_json::to_vec_pretty(plan).expect("a plan is plain data");
    text.push(b'\n');
    let secrets = Secrets::of(plan);
    if let Some(secret) = secrets.find(said.as_bytes()) {
        let secret = secrets.name(secret).to_owned();
        return Err(BundleError::Secret { file: PANIC, secret });
    }
    let readme = readme::broken(&name, said);
    let files = vec![
        (PLAN, text),
        (PANIC, format!("{said}\n").into_bytes()),
        (README, readme.into_bytes()),
    ];
    put(under, &name, &files)
}

/// Puts a folder in its place, whole or not at all.
fn put(under: &Path, name: &str, files: &Files) -> Result<Kept, BundleError> {
    let path = under.join(name);
    if path.exists() {
        let same = files
            .iter()
            .all(|(file, bytes)| fs::read(path.join(file)).is_ok_and(|there| there == *bytes));
        return Ok(Kept { path, how: if same { How::Known } else { How::Other } });
    }
    let aside = under.join(format!(".{name}.{}.partial", std::process::id()));
    let made = made_for(under);
    let written = write_all(&aside, files).and_then(|()| fs::rename(&aside, &path));
    match written {
        Ok(()) => Ok(Kept { path, how: How::Written }),
        Err(source) => {
            // The error that matters is the one above.
            let _ = fs::remove_dir_all(&aside);
            take_away(&made);
            Err(BundleError::Write { path, source })
        }
    }
}

/// The folders that have to be made before something can be written into this one, the deepest first.
pub(crate) fn made_for(folder: &Path) -> Vec<PathBuf> {
    let above = folder.ancestors().filter(|path| !path.as_os_str().is_empty());
    above.take_while(|path| !path.exists()).map(Path::to_path_buf).collect()
}

/// Takes away folders that were made and into which nothing could be written. One that somebody else has
/// written into meanwhile stays.
pub(crate) fn take_away(made: &[PathBuf]) {
    for folder in made {
        // The error that matters is that nothing could be written.
        let _ = fs::remove_dir(folder);
    }
}

fn write_all(aside: &Path, files: &Files) -> std::io::Result<()> {
    fs::create_dir_all(aside)?;
    for (file, bytes) in files {
        fs::write(aside.join(file), bytes)?;
    }
    Ok(())
}
