//! Output: data on stdout, talk on stderr. A closed pipe ends the writing, not the command.

use std::io::Write;

/// Both streams.
pub struct Out {
    /// Whether talk may be coloured.
    pub color: bool,
    data_color: bool,
    closed: bool,
}

/// What a colour means. Nothing is said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// As it should be.
    Good,
    /// Worth a look.
    Doubtful,
    /// Not as it should be.
    Bad,
}

impl Out {
    /// Open streams; whether each may be coloured.
    pub fn new(talk_color: bool, data_color: bool) -> Out {
        Out { color: talk_color, data_color, closed: false }
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

    /// Text for [`Out::data`], coloured where that is wanted.
    pub fn paint(&self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Good => 32,
            Paint::Doubtful => 33,
            Paint::Bad => 31,
        };
        if self.data_color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Writes talk.
    pub fn talk(&mut self, text: &str) {
        // If nobody listens on stderr either, there is nobody left to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says what went wrong.
    pub fn error(&mut self, text: &str) {
        self.talk(&format!("error: {text}\n"));
    }
}
