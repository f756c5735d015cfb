//! What the README shows is what a reader gets: its stories are read and run, its commands are carried out in
//! the order of the page, and every line that it prints of them must come, in that order.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const README: &str = include_str!("../README.md");

/// A checkout as a reader has it, as far as the page's commands need one.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Desk {
        let folder =
            std::env::temp_dir().join(format!("cardstorm-readme-{}-{name}", std::process::id()));
        // It may be left from a run that was broken off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Desk { folder }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("a file can be written");
    }

    fn run(&self, words: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardstorm"));
        command.args(words.split_whitespace()).current_dir(&self.folder).env("NO_COLOR", "1");
        command.stdin(Stdio::null()).output().expect("the command starts")
    }

    /// A command ends with a code; hands back all that it said, talk first.
    fn ends(&self, words: &str, code: i32) -> String {
        let output = self.run(words);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
        let said = format!("{}{}", text(&output.stderr), text(&output.stdout));
        assert_eq!(output.status.code(), Some(code), "cardstorm {words}:\n{said}");
        said
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // What cannot be removed is the system's to clear away.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The first block of the page, in this language, in which this stands.
fn block(language: &str, holds: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let blocks = README.split(fence.as_str()).skip(1);
    let mut bodies = blocks.filter_map(|rest| rest.split("\n```").next());
    bodies.find(|body| body.contains(holds)).unwrap_or_else(|| panic!("no {language} with {holds}"))
}

/// Every line of a block that is no command and no `...` comes in what was said, in its order.
fn check(block: &str, said: &str) {
    let mut said_lines = said.lines();
    let shown = block.lines().filter(|line| !line.starts_with("$ ") && line.trim() != "...");
    for line in shown.filter(|line| !line.is_empty()) {
        let found = said_lines.any(|one| one.trim_end() == line.trim_end());
        assert!(
            found,
            "README.md shows a line that does not come, or not there:\n{line}\n\n{said}"
        );
    }
}

/// The command of a block that begins with `$ cardstorm`.
fn command(block: &'static str) -> &'static str {
    let first = block.lines().next().expect("a block has a line");
    first.strip_prefix("$ cardstorm ").expect("it begins with its command")
}

fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios")
}

#[test]
fn the_failure_that_is_read_line_by_line() {
    let desk = Desk::new("suitcase");
    let story = fs::read_to_string(catalogue().join("unsound/silence-as-91.toml"))
        .expect("the story that the page names");
    let kept: Vec<&str> = story.lines().filter(|line| !line.starts_with("violates")).collect();
    desk.put("suitcase.toml", &kept.join("\n"));
    let shown = block("text", "---- suitcase");
    check(shown, &desk.ends("run suitcase.toml", 1));
    let keeping = block("sh", "cardstorm show");
    for line in keeping.lines() {
        desk.ends(line.strip_prefix("cardstorm ").expect("a command of ours"), 0);
    }
    let mended = kept.join("\n").replace("\"plain-91\"", "\"reverse-98\"");
    assert_ne!(mended, kept.join("\n"), "the mend is one line");
    desk.put("mended.toml", &mended);
    let said = desk.ends("run mended.toml", 1);
    assert!(!said.contains("invariant "), "every invariant holds, only 91 is not shown:\n{said}");
}

#[test]
fn the_stories_that_are_written() {
    let desk = Desk::new("stories");
    desk.put("lunch.toml", block("toml", "[sale.lunch]"));
    let tea = block("toml", "[sale.tea]");
    desk.put("tea.toml", tea);
    for words in ["lint lunch.toml", "run lunch.toml", "lint tea.toml", "run tea.toml"] {
        desk.ends(words, 0);
    }
    let broken = tea
        .replacen("amount = \"18.00\"", "amount = \"18\"", 1)
        .replacen("when = \"in-doubt\"", "wenn = \"in-doubt\"", 1)
        .replacen("where = \"till\"", "where = \"tll\"", 1);
    desk.put("tea.toml", &broken);
    let shown = block("console", "lint tea.toml");
    check(shown, &desk.ends(command(shown), 2));
}

#[test]
fn the_loop_from_find_to_accept() {
    let desk = Desk::new("loop");
    // `accept` writes into the checkout that it is run in.
    for name in ["scenarios/regressions", "snapshots/regressions"] {
        fs::create_dir_all(desk.folder.join(name)).expect("a temporary folder can be made");
    }
    for shown in ["$ cardstorm explore", "$ cardstorm accept"] {
        let shown = block("console", shown);
        let code = i32::from(shown.contains("explore --scenario"));
        check(shown, &desk.ends(command(shown), code));
    }
}

#[test]
fn the_exit_codes_that_can_be_seen() {
    let desk = Desk::new("codes");
    let rows = README.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    let seen: Vec<(i32, &str)> = rows
        .filter_map(|row| {
            let (code, rest) = row.split_once(" | ")?;
            let way = rest.rsplit_once(" | ")?.1;
            let words = way.strip_prefix("`cardstorm ")?.strip_suffix('`')?;
            Some((code.parse().ok()?, words))
        })
        .collect();
    assert!(seen.len() >= 2, "the page says how to see codes: {seen:?}");
    for (code, words) in seen {
        desk.ends(words, code);
    }
}
