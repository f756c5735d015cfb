//! What can be wrong with a failure folder. Every message names the file and what to do.

use super::PlanError;
use std::path::PathBuf;

/// Why a failure folder cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The path is no folder.
    #[error("{} is no failure folder: it is not a folder at all", .0.display())]
    NotAFolder(PathBuf),
    /// A file of the folder is not there.
    #[error(
        "{file} is missing: this is no whole failure folder; take it again from where it was made"
    )]
    Missing {
        /// The file.
        file: &'static str,
    },
    /// Something in it belongs to no failure folder.
    #[error(
        "{file} belongs to no failure folder of this version: move it elsewhere, or replay with \
         the cardstorm that wrote it"
    )]
    Unknown {
        /// The file.
        file: String,
    },
    /// A file is cut off or is not what it should be.
    #[error("{file} is damaged ({what}): take it again from where it was made")]
    Damaged {
        /// The file.
        file: &'static str,
        /// Where and how.
        what: String,
    },
    /// A file was written by a version that this one does not understand.
    #[error(
        "{file} is of version {found}, and this cardstorm reads version {known}: use the \
         cardstorm that wrote it"
    )]
    OtherVersion {
        /// The file.
        file: &'static str,
        /// Its version.
        found: u64,
        /// Ours.
        known: u32,
    },
    /// The plan names something that it does not have.
    #[error("plan.json cannot be run: {0}")]
    Plan(#[from] PlanError),
    /// A file could not be read.
    #[error("cannot read {file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The folder could not be written; nothing of it was left behind.
    #[error("cannot write {}: {source}; name a folder that can be written with \
     --failures", .path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Card data stands where it must not; nothing was written.
    #[error("{file} would hold the {secret}: refused, nothing was written")]
    Secret {
        /// The file.
        file: &'static str,
        /// What it is, without saying it.
        secret: String,
    },
}
