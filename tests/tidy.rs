//! Habits that a test can hold: what every file opens with, what no room may name, what nobody writes, how
//! long files and lines may be. Whoever finds one in the way changes it here, with a reason.

use std::fs;
use std::path::{Path, PathBuf};

/// The crates and rooms with Rust in them.
const ROOMS: [&str; 5] = ["harness", "models", "scenarios", "snapshots", "tests"];
const LONGEST_FILE: usize = 600;
const LONGEST_LINE: usize = 110;

/// One Rust file of the project, named from its root.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_in(&self, room: &str) -> bool {
        self.path.starts_with(room)
    }

    /// Whether it is this file, which must name what it forbids.
    fn is_this(&self) -> bool {
        self.path == "tests/tidy.rs"
    }

    /// Every line that fails, as `path:line`.
    fn lines(&self, fails: impl Fn(&str) -> bool) -> Vec<String> {
        let numbered = (1..).zip(self.text.lines()).filter(|(_, line)| fails(line));
        numbered.map(|(number, line)| format!("{}:{number}: {}", self.path, line.trim())).collect()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for room in ROOMS {
        collect(&root().join(room), room, &mut found);
    }
    assert!(found.len() > 50, "the project's files are found");
    found.sort_by(|one, next| one.path.cmp(&next.path));
    found
}

fn collect(folder: &Path, name: &str, found: &mut Vec<Source>) {
    let entries = fs::read_dir(folder).expect("a folder of the project can be read");
    for entry in entries {
        let entry = entry.expect("an entry can be read");
        let path = format!("{name}/{}", entry.file_name().to_str().expect("plain names"));
        if entry.path().is_dir() {
            // A crate built by itself keeps what it builds here.
            if entry.file_name() != "target" {
                collect(&entry.path(), &path, found);
            }
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(entry.path()).expect("sources are text");
            found.push(Source { path, text });
        }
    }
}

/// No line of these sources may fail.
fn check(rule: &str, of: impl Fn(&Source) -> bool, fails: impl Fn(&str) -> bool) {
    let all = sources();
    let ours = all.iter().filter(|source| of(source) && !source.is_this());
    let found: Vec<String> = ours.flat_map(|source| source.lines(&fails)).collect();
    assert!(found.is_empty(), "{rule}\n{}", found.join("\n"));
}

/// Whether a line has a word, on its own and not as a part of another.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let all = sources();
    let silent = all.iter().filter(|source| !source.text.starts_with("//! "));
    let silent: Vec<&str> = silent.map(|source| source.path.as_str()).collect();
    assert!(silent.is_empty(), "without a first line of `//!`: {silent:#?}");
}

/// What the crate itself is used by; the stage's own module of that name may be called from anywhere.
#[test]
fn only_the_stage_uses_turmoil() {
    let uses = [
        "use turmoil",
        "extern crate turmoil",
        "turmoil::net",
        "turmoil::Builder",
        "turmoil::Sim",
        "turmoil::Result",
        "turmoil::lookup",
    ];
    let fails = |line: &str| !is_comment(line) && uses.iter().any(|text| line.contains(text));
    check("turmoil outside the stage", |source| !source.is_in("harness/src/stage"), fails);
}

#[test]
fn models_know_no_runtime_and_no_float() {
    let words = ["tokio", "turmoil", "tracing", "async", "await", "f32", "f64"];
    let named = |line: &str| !is_comment(line) && words.iter().any(|word| has_word(line, word));
    check("models are pure", |source| source.is_in("models"), named);
    let manifest = fs::read_to_string(root().join("models/Cargo.toml")).expect("a manifest");
    for crate_name in ["tokio", "turmoil", "tracing"] {
        assert!(
            !manifest.lines().any(|line| line.starts_with(crate_name)),
            "models use {crate_name}"
        );
    }
}

#[test]
fn checks_see_no_party() {
    let parties = ["party::terminal", "party::acquirer", "party::issuer"];
    let machines = ["Terminal::", "Acquirer::new", "Issuer::new", "stage::", "storm::"];
    // What a plan's world is made of, an account's state for one, is data and may be named.
    let plain = ["AccountState", "CardState"];
    let fails = |line: &str| {
        let imports = parties.iter().any(|party| line.contains(party));
        let data = plain.iter().any(|name| line.contains(name));
        (imports && !data)
            || machines.iter().any(|name| line.contains(name) && !line.contains("Place::"))
    };
    let of = |source: &Source| source.is_in("harness/src/check") && !source.path.contains("tests");
    check("a check reads histories, never parties", of, fails);
}

#[test]
fn order_time_and_chance_come_from_the_plan() {
    let words = ["HashMap", "HashSet", "SystemTime::now", "thread_rng", "from_entropy"];
    let fails = |line: &str| !is_comment(line) && words.iter().any(|word| line.contains(word));
    check("an ambient order, clock or chance", |_| true, fails);
    // Simulated time on turmoil is tokio's Instant; the machine's own has no place even there.
    let outside = |source: &Source| !source.is_in("harness/src/stage");
    let machine = |line: &str| line.contains("std::time") && has_word(line, "Instant");
    check("the machine's clock", outside, |line| {
        !is_comment(line) && line.contains("Instant::now")
    });
    check("the machine's clock", |_| true, |line| !is_comment(line) && machine(line));
}

#[test]
fn nobody_leaves_a_hole_or_skips_a_test() {
    let words = [
        "todo!",
        "unimplemented!",
        "dbg!",
        "#[ignore",
        "should_panic",
        "debug_assert",
        "TODO",
        "FIXME",
    ];
    check("a hole", |_| true, |line| words.iter().any(|word| line.contains(word)));
}

/// Columns of a line, what it quotes left out: a sentence is not cut for its length.
fn code_columns(line: &str) -> usize {
    line.split('"').step_by(2).map(|part| part.chars().count()).sum()
}

#[test]
fn files_and_lines_stay_short() {
    let all = sources();
    let long = all.iter().filter(|source| {
        source.path.contains("/src/") && source.text.lines().count() > LONGEST_FILE
    });
    let long: Vec<&str> = long.map(|source| source.path.as_str()).collect();
    assert!(long.is_empty(), "more than {LONGEST_FILE} lines: {long:#?}");
    let wide = |line: &str| code_columns(line) > LONGEST_LINE;
    check(&format!("more than {LONGEST_LINE} columns"), |_| true, wide);
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let roots = ["\"/work", "\"/tmp", "\"/home", "\"/root", "\"/Users", "C:\\\\"];
    check("a machine's path", |_| true, |line| roots.iter().any(|path| line.contains(path)));
}
