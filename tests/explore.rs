//! Exploration as its users meet it: the loop from a sweep to an accepted regression, the same report on any
//! number of threads, and what is said where something is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A folder of its own for one test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Room {
        let folder =
            std::env::temp_dir().join(format!("cardstorm-explore-{}-{name}", std::process::id()));
        // It may be left from a run that was broken off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Room(folder)
    }

    fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(&self.0).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        let mut command = self.command(env!("CARGO_BIN_EXE_cardstorm"), words);
        Ended::of(command.output().expect("the command starts"))
    }

    fn failures(&self) -> Vec<String> {
        names(&self.0.join("cardstorm-failures"))
    }

    /// A sweep over parties whose acquirer takes silence for a no, and the folder that it leaves.
    fn found(&self) -> String {
        self.run(&["explore", "--scenario", UNSOUND, "--runs", "600"]).exits(1);
        let failures = self.failures();
        assert!(!failures.is_empty(), "something was kept");
        format!("cardstorm-failures/{}", failures[0])
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
            let said = self.out.contains(word) || self.err.contains(word);
            assert!(said, "no {word:?}\nstdout:\n{}\nstderr:\n{}", self.out, self.err);
        }
        self
    }
}

const UNSOUND: &str = "unsound/silence-as-91";

#[test]
fn sound_parties_survive_and_the_report_is_the_same_on_any_number_of_threads() {
    let room = Room::new("threads");
    let one = room.run(&["explore", "--runs", "1000", "-j", "1"]).exits(0);
    let two = room.run(&["explore", "--runs", "1000", "-j", "2"]).exits(0);
    assert_eq!(one.out, two.out);
    assert!(room.failures().is_empty());
    one.says(&["1,000 plans in 4 units", "no violation", "coverage (plans)"]);
}

#[test]
fn a_time_names_the_number_of_plans_that_reproduces_it() {
    let room = Room::new("time");
    let timed = room.run(&["explore", "--for", "1s", "-j", "2"]).exits(0);
    let again = timed.out.lines().find_map(|line| line.split_once("cardstorm explore "));
    let (_, again) = again.expect("it says how to make the report again");
    let mut words = vec!["explore"];
    words.extend(again.split_whitespace());
    words.extend(["-j", "1"]);
    assert_eq!(room.run(&words).exits(0).out, timed.out);
}

/// Find, show, replay, shrink, accept, run.
#[test]
fn the_loop_from_a_finding_to_a_regression() {
    let room = Room::new("loop");
    let folder = room.found();
    assert!(room.0.join(&folder).join("original.json").is_file());
    room.run(&["show", &folder]).exits(0).says(&["VIOLATED"]);
    room.run(&["replay", &folder]).exits(0).says(&["the same history on stage virtual"]);
    room.run(&["replay", &folder, "--stage", "turmoil"]).exits(0);
    room.run(&["shrink", &folder]).exits(0).says(&["replay"]);
    room.run(&["diff", &folder, &folder]).exits(0).says(&["the same history"]);
    room.run(&["accept", &folder]).exits(2).says(&["there is no folder", "--into"]);
    fs::create_dir_all(room.0.join("scenarios")).expect("a folder can be made");
    fs::create_dir_all(room.0.join("snapshots")).expect("a folder can be made");
    room.run(&["accept", &folder]).exits(0).says(&["must go on breaking", "cargo insta review"]);
    let name = folder.rsplit('/').next().expect("a folder has a name");
    let plan = format!("scenarios/regressions/{name}.json");
    let pending = names(&room.0.join("snapshots/regressions"));
    assert_eq!(pending, [format!("regressions--{name}.snap.new")]);
    room.run(&["run", &plan]).exits(0).says(&["1 of 1 runs as expected"]);
    room.run(&["run", "scenarios"]).exits(0);
    room.run(&["accept", &folder]).exits(2).says(&["accepted before"]);
}

#[test]
fn two_histories_part_at_a_step() {
    let room = Room::new("diff");
    for seed in ["1", "2"] {
        let output = format!("jsonl={seed}.jsonl");
        room.run(&["run", "doubt/reply-lost", "--seed", seed, "--output", &output]).exits(0);
    }
    room.run(&["diff", "1.jsonl", "1.jsonl"]).exits(0);
    let text = fs::read_to_string(room.0.join("1.jsonl")).expect("a history");
    let (head, _) = text.trim_end().rsplit_once('\n').expect("more than one line");
    fs::write(room.0.join("short.jsonl"), format!("{head}\n")).expect("a file can be written");
    let parted = room.run(&["diff", "1.jsonl", "short.jsonl"]).exits(1);
    parted.says(&["the histories part at step", "both:", "the history is over"]);
    fs::write(room.0.join("bad.jsonl"), "{}\n").expect("a file can be written");
    room.run(&["diff", "1.jsonl", "bad.jsonl"]).exits(2).says(&["line 1 is no event"]);
    room.run(&["diff", "1.jsonl", "nowhere"]).exits(2).says(&["nowhere: cannot read it"]);
}

#[test]
fn bad_usage_is_said_before_anything_runs() {
    let room = Room::new("usage");
    room.run(&["explore", "--scenario", "no/such"]).exits(2).says(&["there is no scenario"]);
    room.run(&["explore", "--scenario", "doubt"]).exits(2).says(&["name one as the base"]);
    room.run(&["explore", "--for", "soon"]).exits(2).says(&["write a time as 60s"]);
    room.run(&["explore", "--runs", "0"]).exits(2);
    let coarse = ["explore", "--runs", "1", "--stage", "turmoil", "--tick", "5000"];
    room.run(&coarse).exits(2).says(&["tick"]);
}

#[test]
fn folders_that_are_not_whole_are_refused_by_every_command() {
    let room = Room::new("folders");
    let folder = room.found();
    let plan = room.0.join(&folder).join("plan.json");
    let good = fs::read_to_string(&plan).expect("a plan");
    let version = good.replacen("\"version\": 1", "\"version\": 99", 1);
    let party = good.replacen("\"terminal\": 0", "\"terminal\": 99", 1);
    for (text, word) in [
        (&good[..good.len() / 2], "damaged"),
        (version.as_str(), "version 99"),
        (party.as_str(), "there is no terminal 99"),
    ] {
        fs::write(&plan, text).expect("a file can be written");
        for command in ["show", "replay", "shrink", "accept"] {
            room.run(&[command, &folder]).exits(2).says(&[word]);
        }
        room.run(&["diff", &folder, &folder]).exits(2).says(&[word]);
    }
    assert_eq!(names(&room.0), ["cardstorm-failures"], "nothing was written");
}

#[test]
fn a_folder_that_cannot_be_written_leaves_nothing_behind() {
    let room = Room::new("unwritable");
    fs::write(room.0.join("file"), "no folder").expect("a file can be written");
    let words = ["explore", "--scenario", UNSOUND, "--runs", "600", "--failures", "file"];
    room.run(&words).exits(2).says(&["cannot write"]);
    assert_eq!(names(&room.0), ["file"]);
}

/// Files may not grow beyond a few KiB: what a full disk does in the middle of a folder.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let room = Room::new("full");
    let own = env!("CARGO_BIN_EXE_cardstorm");
    let limited =
        format!("trap '' XFSZ; ulimit -f 8; exec '{own}' explore --scenario {UNSOUND} --runs 600");
    let output = room.command("sh", &["-c", &limited]).output().expect("a shell starts");
    Ended::of(output).exits(2).says(&["cannot write"]);
    assert!(room.failures().is_empty(), "{:?}", room.failures());
}

#[cfg(unix)]
#[test]
fn an_interruption_ends_with_what_there_is() {
    let room = Room::new("interrupted");
    let own = env!("CARGO_BIN_EXE_cardstorm");
    let mut command = room.command(own, &["explore", "--for", "10m", "-j", "1"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.expect("the command starts");
    std::thread::sleep(std::time::Duration::from_secs(3));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let ended = Ended::of(child.wait_with_output().expect("the command ends")).exits(130);
    ended.says(&["plans in", "interrupted", "the same again"]);
}

#[test]
fn a_matrix_of_few_plans_says_what_it_missed_and_writes_its_page() {
    let room = Room::new("matrix");
    let words = ["matrix", "--plans", "12", "-j", "1", "--output", "markdown=page.md"];
    let ended = room.run(&words).exits(1).says(&["was not caught in 12 plans", "--plans"]);
    assert!(ended.out.contains("sound parties"), "{}", ended.out);
    let page = fs::read_to_string(room.0.join("page.md")).expect("the page was written");
    assert!(
        page.contains("| terminal.record_content = whole-card | 12 of 12, first 1 |"),
        "{page}"
    );
    assert!(page.contains("cardstorm matrix --plans 12 --seed 1"), "{page}");
    room.run(&["matrix", "--plans", "0"]).exits(2);
    room.run(&["matrix", "--output", "page.md"]).exits(2).says(&["markdown=PATH"]);
}

#[test]
fn beyond_what_any_design_survives_a_loss_is_reported_and_is_no_finding() {
    let room = Room::new("beyond");
    let ended = room.run(&["explore", "--beyond", "--runs", "512", "--no-failures"]).exits(0);
    for said in
        ["the losses were reported", "explore --runs 512 --seed 1 --beyond", "no design survives"]
    {
        assert!(ended.out.contains(said), "{said}: {}", ended.out);
    }
    let none = room.run(&["explore", "--beyond", "--runs", "1", "--seed", "3"]).exits(1);
    assert!(none.out.contains("no loss was reported"), "{}", none.out);
}
