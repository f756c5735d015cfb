//! JSON lines, the form in which histories are stored, compared and digested: `sha256sum` of the file is
//! the digest.

use super::Event;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::io::{self, Write};

/// SHA-256 of a history's JSON lines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Writes one line per event.
///
/// # Errors
/// Whatever the writer fails with.
pub fn write_jsonl(events: &[Event], out: &mut impl Write) -> io::Result<()> {
    for event in events {
        serde_json::to_writer(&mut *out, event)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The digest of a history.
pub fn digest(events: &[Event]) -> Digest {
    let mut hashing = Hashing(Sha256::new());
    write_jsonl(events, &mut hashing).expect("hashing never fails");
    Digest(hashing.0.finalize().into())
}
