//! Output: data on stdout, talk on stderr. A closed pipe ends the writing, not the command.

use std::io::Write;

/// Both streams.
pub struct Out {
    /// Whether talk may be coloured.
    pub color: bool,
    closed: bool,
}

impl Out {
    /// Open streams.
    pub fn new(color: bool) -> Out {
        Out { color, closed: false }
    }

    /// Writes data.
    pub fn data(&mut self, text: &str) {
        if self.closed {
            return;
        }
        let mut stdout = std::io::stdout().lock();
        if stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).is_err() {
            self.closed = true;
        }
    }

    /// Writes talk.
    pub fn talk(&mut self, text: &str) {
        // If nobody listens on stderr either, there is nobody left to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
