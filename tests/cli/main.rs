//! The command as its users meet it, what goes to which stream included: `exit_codes` is how it ends,
//! `outputs` what goes out, `folders` failures kept, `stories` input that is wrong. Here is the room that
//! each test has to itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

mod exit_codes;
mod folders;
mod outputs;
mod stories;

const STORY: &str = r#"
title = { en = "A wrong hope", zh = "错误的期望" }
question = { en = "Is it shown?", zh = "是否显示?" }
rows = ["S005"]

[sale.shoes]
amount = "1200.00"
shows = "00"
"#;

const UNSOUND: &str = r#"
title = { en = "Written after the send", zh = "先发送后写盘" }
question = { en = "What does a power cut cost?", zh = "断电后果如何?" }
rows = ["S100"]

[terminal.till]
reversal_record = "after-send"

[sale.ring]
amount = "960.00"

[[fault]]
what = "crash"
where = "till"
before = "append sale pending"
"#;

/// A folder of its own for one test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Room {
        let folder =
            std::env::temp_dir().join(format!("cardstorm-cli-{}-{name}", std::process::id()));
        // It may be left from a run that was broken off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Room(folder)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file can be written");
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardstorm"));
        command.args(words).current_dir(&self.0).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        Ended::of(self.command(words).output().expect("the command starts"))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("the file is there")
    }

    /// What is under the room's failures, by name.
    fn failures(&self) -> Vec<String> {
        names(&self.0.join("cardstorm-failures"))
    }

    /// One failure folder, made from a story that fails.
    fn failure(&self) -> String {
        self.put("wrong.toml", STORY);
        self.run(&["run", "wrong.toml"]).exits(1);
        let failures = self.failures();
        assert_eq!(failures.len(), 1, "{failures:?}");
        format!("cardstorm-failures/{}", failures[0])
    }

    /// Changes one file of a folder.
    fn edit(&self, file: &str, change: impl Fn(String) -> String) {
        self.put(file, &change(self.read(file)));
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What is left behind is in the system's temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<String> = entries.map(|entry| name(entry.expect("an entry"))).collect();
    names.sort();
    names
}

/// How a command ended.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is text");
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    #[track_caller]
    fn exits(self, code: i32) -> Ended {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    #[track_caller]
    fn says(self, words: &[&str]) -> Ended {
        for word in words {
            assert!(self.out.contains(word), "{word:?} is not on stdout:\n{}", self.out);
        }
        self
    }

    /// Refused: nothing on stdout, the reason on stderr.
    #[track_caller]
    fn refuses(self, words: &[&str]) {
        let ended = self.exits(2);
        assert_eq!(ended.out, "", "a refusal leaves stdout empty");
        for word in words {
            assert!(ended.err.contains(word), "{word:?} is not on stderr:\n{}", ended.err);
        }
    }
}
