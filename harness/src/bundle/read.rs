//! Reading a failure folder back. Every way in which it can be less than whole has its own error.

use super::{
    About, BundleError, DIGEST, EVENTS, FILES, FORMAT, ORIGINAL, PANIC, PLAN, VERDICT, validate,
};
use crate::history::{Digest, Event};
use crate::plan::{PLAN_VERSION, Plan};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

/// The longest file that is read, in bytes.
const LONGEST: u64 = 512 * 1024 * 1024;

/// A folder that was read, its plan safe to run.
pub struct Bundle {
    /// The plan.
    pub plan: Arc<Plan>,
    /// Names, expectations, stage.
    pub about: About,
    /// The digest that was stored.
    pub digest: Digest,
    /// The events as they were stored: JSON lines.
    pub lines: String,
}

impl Bundle {
    /// The stored history, once it is shown to be the one that was digested.
    ///
    /// # Errors
    /// The events are not those of the digest, or cannot be read.
    pub fn events(&self) -> Result<Vec<Event>, BundleError> {
        let damaged = |what: String| BundleError::Damaged { file: EVENTS, what };
        if Digest(Sha256::digest(self.lines.as_bytes()).into()) != self.digest {
            return Err(damaged(format!("it is not the history that {DIGEST} stands for")));
        }
        let events = (1..).zip(self.lines.lines()).map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| damaged(format!("line {number}: {error}")))
        });
        events.collect()
    }
}

/// Reads a failure folder.
///
/// # Errors
/// It is not whole, of another version, or holds a plan that cannot be run.
pub fn read(folder: &Path) -> Result<Bundle, BundleError> {
    if !folder.is_dir() {
        return Err(BundleError::NotAFolder(folder.to_owned()));
    }
    known_files_only(folder)?;
    for file in FILES {
        if !folder.join(file).is_file() {
            return Err(BundleError::Missing { file });
        }
    }
    let plan: Plan = versioned(folder, PLAN, "version", PLAN_VERSION)?;
    validate(&plan)?;
    let about: About = versioned(folder, VERDICT, "format", FORMAT)?;
    let digest = digest(&text(folder, DIGEST)?)?;
    let lines = text(folder, EVENTS)?;
    Ok(Bundle { plan: Arc::new(plan), about, digest, lines })
}

/// Reads the folder of a plan that could not be brought to its end: the plan, and what the panic said. None
/// if the folder is another one.
///
/// # Errors
/// It is damaged, or its plan cannot be run.
pub fn read_broken(folder: &Path) -> Result<Option<(Arc<Plan>, String)>, BundleError> {
    if !folder.join(PANIC).is_file() {
        return Ok(None);
    }
    let plan: Plan = versioned(folder, PLAN, "version", PLAN_VERSION)?;
    validate(&plan)?;
    Ok(Some((Arc::new(plan), text(folder, PANIC)?)))
}

fn known_files_only(folder: &Path) -> Result<(), BundleError> {
    let failed = |source| BundleError::Read { file: folder.display().to_string(), source };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        // What begins with a dot belongs to the file system's own tools.
        let known = FILES.contains(&name.as_str()) || name == ORIGINAL;
        if !name.starts_with('.') && !known {
            return Err(BundleError::Unknown { file: name });
        }
    }
    Ok(())
}

fn text(folder: &Path, file: &'static str) -> Result<String, BundleError> {
    let failed = |source| BundleError::Read { file: file.to_owned(), source };
    let damaged = |what: &str| BundleError::Damaged { file, what: what.to_owned() };
    let mut bytes = Vec::new();
    let opened = fs::File::open(folder.join(file)).map_err(failed)?;
    opened.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(damaged("it is longer than any run's"));
    }
    String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8 text"))
}

/// Looks at the version first: another version may well be of another shape.
fn versioned<T: DeserializeOwned>(
    folder: &Path,
    file: &'static str,
    key: &str,
    known: u32,
) -> Result<T, BundleError> {
    let text = text(folder, file)?;
    let damaged = |error: serde_json::Error| BundleError::Damaged { file, what: error.to_string() };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(damaged)?;
    match value.get(key).and_then(serde_json::Value::as_u64) {
        Some(found) if found == u64::from(known) => {}
        Some(found) => return Err(BundleError::OtherVersion { file, found, known }),
        None => {
            let what = format!("it does not say its {key}");
            return Err(BundleError::Damaged { file, what });
        }
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    T::deserialize(&mut reader).map_err(damaged)
}

fn digest(text: &str) -> Result<Digest, BundleError> {
    let hex = text.trim();
    let byte = |n: usize| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    match bytes {
        Some(bytes) if hex.len() == 64 => Ok(Digest(bytes)),
        _ => Err(BundleError::Damaged {
            file: DIGEST,
            what: "it holds no SHA-256 in 64 hexadecimal digits".into(),
        }),
    }
}
