//! Output: data on stdout, talk on stderr. A closed pipe ends the writing, not the command.

use super::Exit;
use crate::scenario::steers;
use std::io::{ErrorKind, Write};

/// Both streams.
pub struct Out {
    /// Whether talk may be coloured.
    pub color: bool,
    data_color: bool,
    closed: bool,
    lost: Option<String>,
}

/// A text from outside, as it may stand on a terminal: what steers one is shown, not obeyed.
pub fn plain(text: &str) -> String {
    let one = |c: char| match c {
        '\n' => "\n".to_owned(),
        c if steers(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
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
        Out { color: talk_color, data_color, closed: false, lost: None }
    }

    /// Writes data. A reader who has gone is no error; anything else that stops the writing is, and is
    /// told at the end.
    pub fn data(&mut self, text: &str) {
        if self.closed {
            return;
        }
        let mut stdout = std::io::stdout().lock();
        if let Err(error) = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            self.closed = true;
            if error.kind() != ErrorKind::BrokenPipe {
                self.lost = Some(error.to_string());
            }
        }
    }

    /// How a command ended, if all that it had to say could be written.
    pub fn ended(&mut self, exit: Exit) -> Exit {
        match self.lost.take() {
            None => exit,
            Some(why) => {
                self.error(&format!("cannot write standard output: {why}"));
                exit.max(Exit::BadUsage)
            }
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

    /// Says what went wrong. Names from outside may stand in it: what would steer the terminal is shown.
    pub fn error(&mut self, text: &str) {
        self.talk(&format!("error: {}\n", plain(text)));
    }
}
