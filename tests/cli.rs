//! The command as its users meet it: every exit code, what goes to which stream, outputs byte by byte,
//! failure folders there and back, and what is said of input that is wrong.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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

#[test]
fn as_expected_is_0_and_leaves_stderr_empty() {
    let room = Room::new("ok");
    let ended = room.run(&["run", "declined/short-balance"]).exits(0);
    assert_eq!(ended.err, "");
    ended.says(&["ok   declined/short-balance", "1 run", "1 of 1 runs as expected"]);
    assert_eq!(names(&room.0), [""; 0], "a passing run keeps nothing");
}

#[test]
fn the_whole_catalogue_ends_as_it_expects_and_exercises_everything() {
    let room = Room::new("all");
    let ended = room.run(&["run", "--all", "--runs", "2"]).exits(0);
    assert!(!ended.out.contains("never exercised"));
}

#[test]
fn a_failure_is_1_and_says_all_that_is_needed() {
    let room = Room::new("failure");
    room.put("story.toml", UNSOUND);
    let ended = room.run(&["run", "story.toml"]).exits(1);
    let line = ended.out.lines().find_map(|line| line.strip_prefix("  invariant   "));
    let (name, file) =
        line.and_then(|line| line.split_once(", declared in ")).expect("an invariant");
    assert_eq!(file, format!("harness/src/check/{}.rs", name.replace('-', "_")));
    let name = name.to_owned();
    let ended = ended.says(&[
        "FAIL story",
        "  expected    ",
        "  observed    ",
        "  broken by   terminal till",
        "  at risk     960.00",
        "  choices     terminal till: reversal_record = \"after-send\"",
        "quiet events",
        "!! fault 1: crash",
        &format!("  folder      cardstorm-failures/story--{name}--"),
        &format!("  replay      cardstorm replay cardstorm-failures/story--{name}--"),
        "  run again   cardstorm run story.toml --seed 1 --stage virtual --trace",
        &format!("  explain     cardstorm explain {name}"),
    ]);
    assert!(ended.out.lines().any(|line| line.starts_with('>')), "the witness is marked");
    let failed = ended.out.find("----").expect("a failure");
    assert!(failed > ended.out.find("FAIL").expect("a line"), "failures come last");
}

#[test]
fn one_failure_of_many_seeds_is_one_folder() {
    let room = Room::new("seeds");
    room.put("wrong.toml", STORY);
    room.run(&["run", "wrong.toml", "--runs", "20"])
        .exits(1)
        .says(&["20 runs", "seeds       also under 2, 3"]);
    assert_eq!(room.failures().len(), 1);
    room.run(&["run", "wrong.toml"]).exits(1);
    assert_eq!(room.failures().len(), 1, "an equal folder is left alone");
    room.run(&["run", "wrong.toml", "--failures", "elsewhere"]).exits(1);
    assert_eq!(names(&room.0.join("elsewhere")), room.failures());
    room.run(&["run", "wrong.toml", "--no-failures", "--seed", "77"]).exits(1);
    assert_eq!(room.failures().len(), 1);
}

#[test]
fn a_failure_folder_goes_there_and_back() {
    let room = Room::new("folder");
    let folder = room.failure();
    let files = names(&room.0.join(&folder));
    let whole = [
        "README.md",
        "digest.txt",
        "events.jsonl",
        "ledgers.csv",
        "plan.json",
        "scenario.toml",
        "trace.txt",
        "verdict.json",
    ];
    assert_eq!(files, whole);
    let readme = room.read(&format!("{folder}/README.md"));
    for file in whole.iter().filter(|file| **file != "README.md") {
        assert!(readme.contains(&format!("`{file}`")), "README does not explain {file}");
    }
    for file in &files {
        let text = room.read(&format!("{folder}/{file}"));
        assert!(
            !text.contains(&room.0.display().to_string()),
            "{file} names a path of the machine"
        );
    }
    room.run(&["replay", &folder])
        .exits(0)
        .says(&["the same history on stage virtual", "it showed 51"]);
    room.run(&["replay", &folder, "--stage", "turmoil"]).exits(0).says(&["on stage turmoil"]);
    room.run(&["replay", &folder, "--stage", "turmoil-native"]).refuses(&["nothing to compare"]);
    let folded = room.run(&["show", &folder]).exits(0).says(&["it showed 51", "quiet events"]);
    let zh = room.run(&["show", &folder, "--lang", "zh"]).exits(0).says(&["可用余额不足"]);
    let full = room.run(&["show", &folder, "--full"]).exits(0);
    assert!(!full.out.contains("quiet events") && full.out.len() > folded.out.len());
    assert!(zh.out.contains("屏幕：") && !zh.out.contains("screen:"));
}

#[test]
fn a_changed_digest_or_history_is_5() {
    let room = Room::new("digest");
    let folder = room.failure();
    let digest = format!("{folder}/digest.txt");
    room.edit(&digest, |_| "0".repeat(64));
    let ended = room.run(&["replay", &folder]).exits(5);
    let ended = ended.says(&["another history", "digest.txt alone says otherwise"]);
    room.run(&["show", &folder]).refuses(&["events.jsonl is damaged", "digest.txt"]);
    let digest_of_run = ended.out.lines().find_map(|line| line.strip_prefix("  now     "));
    let digest_of_run = digest_of_run.expect("both digests are told").to_owned();
    room.edit(&format!("{folder}/events.jsonl"), |text| text.replacen("120000", "130000", 1));
    let ended = room.run(&["replay", &folder]).exits(5);
    ended.says(&["first differing step: 14", "of 1300.00", "of 1200.00", "folder is damaged"]);
    // The digest is right again: the run is the same, and the stored events are what somebody changed.
    room.edit(&digest, |_| digest_of_run.clone());
    for command in ["replay", "show"] {
        room.run(&[command, &folder]).refuses(&["events.jsonl is damaged", "digest.txt"]);
    }
    room.run(&["replay", &folder]).refuses(&["first differing step: 14", "of 1300.00"]);
    room.edit(&format!("{folder}/events.jsonl"), |text| {
        text.lines().take(3).map(|line| format!("{line}\n")).collect()
    });
    room.run(&["replay", &folder]).refuses(&["first differing step: 4", "the history is over"]);
}

#[test]
fn damaged_folders_are_told_apart() {
    let room = Room::new("damaged");
    let folder = room.failure();
    let plan = format!("{folder}/plan.json");
    let whole = room.read(&plan);
    let refused = |text: &str, words: &[&str]| {
        room.put(&plan, text);
        for command in ["replay", "show"] {
            room.run(&[command, &folder]).refuses(words);
        }
        room.put(&plan, &whole);
    };
    refused(&whole[..whole.len() / 2], &["plan.json is damaged", "EOF"]);
    refused("", &["plan.json is damaged"]);
    refused("{}", &["plan.json is damaged", "version"]);
    refused(
        &whole.replacen("\"version\": 1", "\"version\": 99", 1),
        &["version 99", "reads version 1"],
    );
    refused(
        &whole.replacen("\"terminal\": 0", "\"terminal\": 7", 1),
        &["ops[0].terminal", "no terminal 7"],
    );
    refused(&whole.replacen("\"card\": 0", "\"card\": 70", 1), &["ops[0].task.card", "no card 70"]);
    refused(&whole.replacen("\"probe_card\": 1", "\"probe_card\": 9", 1), &["world.probe_card"]);
    refused(
        &whole.replacen("\"drain_ms\"", "\"drained\"", 1),
        &["plan.json is damaged", "drained"],
    );
    room.put(&format!("{folder}/notes.txt"), "mine");
    room.run(&["replay", &folder]).refuses(&["notes.txt belongs to no failure folder"]);
    fs::remove_file(room.0.join(&folder).join("notes.txt")).expect("just written");
    fs::remove_file(room.0.join(&folder).join("trace.txt")).expect("part of the folder");
    room.run(&["show", &folder]).refuses(&["trace.txt is missing"]);
    room.run(&["replay", "nowhere"]).refuses(&["nowhere is no failure folder"]);
}

#[test]
fn nothing_to_check_is_3_unless_something_else_is_false() {
    let room = Room::new("unknown");
    let hope = "\n[expect]\nviolates = \"refund-within-capture\"\n";
    room.put("unknown.toml", &(STORY.replace("\"00\"", "\"51\"") + hope));
    let ended = room.run(&["run", "unknown.toml"]).exits(3);
    ended.says(&["??   unknown", "nothing to judge", "1 inconclusive"]);
    assert!(room.failures().is_empty(), "what is not a failure is not kept as one");
    room.put("false.toml", &(STORY.to_owned() + hope));
    room.run(&["run", "false.toml", "unknown.toml"]).exits(1);
}

#[test]
fn card_data_is_refused_and_never_written() {
    let room = Room::new("secrets");
    let pan = "6200000000000005";
    let card = format!(
        "\n[card.gold]\npan = \"{pan}\"\npin = \"8642\"\naccount = \
         \"holder\"\n\n[account.holder]\nbalance = \"10.00\"\n"
    );
    let story = STORY.replace("amount =", "card = \"gold\"\npin = \"8642\"\namount =") + &card;
    room.put("leaky.toml", &story.replace("A wrong hope", &format!("Card {pan} hopes")));
    let out = ["--output", "json=runs.json", "--output", "junit=runs.xml"];
    let ended = room.run(&[&["run", "leaky.toml"], &out[..]].concat()).exits(2);
    assert!(ended.err.contains("a card number stands where it would be shown"), "{}", ended.err);
    assert!(!ended.err.contains(pan) && room.failures().is_empty());
    room.put("quiet.toml", &format!("{story}# it keys 8642\n"));
    let ended = room.run(&[&["run", "quiet.toml", "--trace"], &out[..]].concat()).exits(1);
    let folder = format!("cardstorm-failures/{}", room.failures()[0]);
    let mut texts = vec![ended.out, ended.err, room.read("runs.json"), room.read("runs.xml")];
    for file in names(&room.0.join(&folder)).iter().filter(|file| *file != "plan.json") {
        texts.push(room.read(&format!("{folder}/{file}")));
    }
    for text in &texts {
        assert!(!text.contains(pan) && !text.contains("8642"), "{text}");
    }
    assert!(room.read(&format!("{folder}/scenario.toml")).contains("620000******0005"));
    room.run(&["replay", &folder]).exits(0);
    room.put("broken.toml", &story.replace("account = \"holder\"", "acount = \"holder\""));
    let ended = room.run(&["lint", "broken.toml"]).exits(2);
    assert!(!ended.err.contains(pan), "{}", ended.err);
}

#[cfg(unix)]
#[test]
fn an_interruption_is_130_and_leaves_nothing_half_written() {
    let room = Room::new("interrupted");
    let words = ["run", "--all", "--runs", "1000000", "-j", "2", "--output", "json=runs.json"];
    let mut command = room.command(&words);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command starts");
    // The first counter says that the handler is in place and that runs are coming in.
    let partial = room.0.join("runs.json.partial");
    while fs::metadata(&partial).map_or(0, |file| file.len()) == 0 {
        assert_eq!(child.try_wait().expect("it can be asked"), None, "it is still at work");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let ended = Ended::of(child.wait_with_output().expect("it ends")).exits(130);
    assert!(
        ended.err.contains("interrupted: ") && ended.err.contains("no output file"),
        "{}",
        ended.err
    );
    assert_eq!(names(&room.0), [""; 0]);
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let room = Room::new("pipe");
    room.put("u.toml", UNSOUND);
    room.run(&["run", "u.toml"]).exits(1);
    let folder = format!("cardstorm-failures/{}", room.failures()[0]);
    let explore = ["explore", "--scenario", "u.toml", "--runs", "40", "-j", "1"];
    for words in [
        &["run", "--all", "--trace"][..],
        &["run", "--all"],
        &["lint", "--all"],
        &["list"],
        &["list", "--requirements"],
        &["explain"],
        &["explain", "51"],
        &["decode", "02000000000000000000"],
        &["show", &folder],
        &["show", &folder, "--full"],
        &["replay", &folder],
        &["shrink", &folder],
        &["diff", &folder, &folder],
        &["accept", &folder, "--into", "into", "--snapshots", "shots"],
        &explore,
        &["doctor", "--seed", "1"],
        &["completions", "bash"],
        &["--help"],
        &["run", "--help"],
        &["--version"],
    ] {
        let mut command = room.command(words);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut first = String::new();
        let mut reader = BufReader::new(child.stdout.take().expect("a pipe"));
        reader.read_line(&mut first).expect("a line");
        drop(reader);
        let output = child.wait_with_output().expect("it ends");
        let ended = if words[0] == "explore" { 1 } else { 0 };
        let ended = Ended::of(output).exits(ended);
        assert!(!first.is_empty(), "{words:?}");
        assert!(!ended.err.contains("rror"), "{words:?}: {}", ended.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_under_stdout_is_2_and_said() {
    let room = Room::new("full");
    for words in [&["list"][..], &["explain", "51"], &["run", "declined"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("linux has it");
        let output = room.command(words).stdout(full).output().expect("it starts");
        let ended = Ended::of(output).exits(2);
        assert!(ended.err.contains("cannot write standard output: "), "{}", ended.err);
    }
}

#[test]
fn outputs_are_the_same_bytes_however_many_threads_make_them() {
    let room = Room::new("outputs");
    room.put("wrong.toml", STORY);
    let mut all = Vec::new();
    for (n, jobs) in ["1", "2", "7"].iter().enumerate() {
        let paths = ["json", "jsonl", "junit"].map(|format| format!("{format}=runs{n}.{format}"));
        let mut words = vec!["run", "wrong.toml", "doubt", "--runs", "3", "-j", jobs];
        for path in &paths {
            words.extend(["--output", path]);
        }
        let ended = room.run(&words).exits(1);
        let files =
            ["json", "jsonl", "junit"].map(|format| room.read(&format!("runs{n}.{format}")));
        all.push((ended.out, files));
    }
    assert!(all[0] == all[1] && all[1] == all[2]);
    let [json, jsonl, junit] = &all[0].1;
    let runs: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
    assert!(runs.as_array().is_some_and(|runs| runs.len() > 3 && runs[0]["passed"] == false));
    for line in jsonl.lines().take(50) {
        serde_json::from_str::<serde_json::Value>(line).expect("a line is JSON");
    }
    let report = quick_junit::Report::deserialize_from_str(junit).expect("it is JUnit");
    assert_eq!(report.failures, 3);
    assert!(report.tests > 3 && !junit.contains("timestamp"));
}

#[test]
fn outputs_that_cannot_be_written_are_known_before_anything_runs() {
    let room = Room::new("unwritable");
    let run = |output: &str| room.run(&["run", "declined/short-balance", "--output", output]);
    let page = ["matrix", "--output", "markdown=nowhere/page.md"];
    room.run(&page).refuses(&["cannot write nowhere/page.md"]);
    run("json=.").refuses(&["cannot write", "folder"]);
    run("json=nowhere/runs.json").refuses(&["cannot write nowhere/runs.json"]);
    run("xml=runs.xml").refuses(&["json=PATH"]);
    run("json=").refuses(&["json=PATH"]);
    room.put("file", "");
    room.put("wrong.toml", STORY);
    let ended = room.run(&["run", "wrong.toml", "--failures", "file/failures"]).exits(2);
    assert!(
        ended.err.contains("cannot write") && ended.err.contains("--no-failures"),
        "{}",
        ended.err
    );
    assert_eq!(names(&room.0), ["file", "wrong.toml"]);
}

#[test]
fn bad_usage_is_2_and_hints_at_what_was_meant() {
    let room = Room::new("usage");
    room.run(&[]).refuses(&["Usage"]);
    room.run(&["rum"]).refuses(&["run"]);
    room.run(&["run"]).refuses(&["cardstorm list"]);
    room.run(&["run", "declined/short-balanse"]).refuses(&["did you mean declined/short-balance?"]);
    room.run(&["run", "--all", "--runs", "0"]).refuses(&["--runs"]);
    room.run(&["run", "--all", "-j", "1000000"]).refuses(&["1..=512"]);
    room.run(&["run", "--all", "-j", "0"]).refuses(&["1..=512"]);
    room.run(&["run", "--all", "--stage", "virtul"]).refuses(&["virtual"]);
    room.run(&["run", "doubt", "--stage", "turmoil", "--tick", "100000"]).exits(2);
    room.run(&["explain", "slip-trooth"]).refuses(&["did you mean slip-truth?"]);
    room.run(&["explain", "no such thing at all"]).refuses(&["lists every topic"]);
    room.run(&["run", "doubt", "--tick", "5"]).refuses(&["--stage turmoil"]);
    room.run(&["run", "--all", "doubt"]).refuses(&["cannot be used with"]);
    room.run(&["completions", "tcsh9"]).refuses(&["bash"]);
    for words in [["--help"], ["--version"]] {
        let ended = room.run(&words).exits(0);
        assert_eq!(ended.err, "");
    }
    room.run(&["--help"]).says(&["Exit codes", "130  interrupted"]);
}

#[test]
fn everything_wrong_with_all_files_is_reported_at_once() {
    let room = Room::new("lint");
    room.put("one.toml", &STORY.replace("amount", "amout"));
    room.put("two.toml", &STORY.replace("1200.00", "-1.005"));
    room.run(&["lint", "."]).refuses(&["amout", "-1.005"]);
    room.run(&["run", "one.toml", "two.toml"]).refuses(&["amout", "-1.005"]);
    fs::write(room.0.join("raw.toml"), [0xff, 0xfe, 0]).expect("a file can be written");
    room.run(&["lint", "raw.toml"]).refuses(&["cannot read raw.toml: line 1 is not UTF-8"]);
    room.put("empty.toml", "");
    room.run(&["lint", "empty.toml"]).refuses(&["title"]);
    room.run(&["lint", "--all"]).exits(0).says(&[" scenarios: ", " expectations; no errors"]);
}

#[test]
fn every_bad_file_is_told_even_where_one_cannot_be_read() {
    let room = Room::new("unread");
    room.put("short.toml", &STORY.replace("amount", "amout"));
    fs::write(room.0.join("latin.toml"), b"# a\n# caf\xe9\n").expect("a file can be written");
    let long = fs::File::create(room.0.join("long.toml")).expect("a file can be made");
    long.set_len(100 << 20).expect("a file of 100 MB that takes no room");
    room.run(&["lint", "nowhere", "latin.toml", "long.toml", "short.toml"]).refuses(&[
        "no scenario, file or folder nowhere",
        "cannot read latin.toml: line 2 is not UTF-8",
        "long.toml: a story is at most 256 KiB of text, and this is 102400 KiB",
        "[sale.shoes] has no key `amout`",
    ]);
    room.run(&["lint", "."]).refuses(&["latin.toml", "long.toml", "has no key `amout`"]);
}

#[test]
fn nothing_from_a_story_or_a_name_steers_the_terminal() {
    let room = Room::new("escapes");
    for title in ["red \\u001b[31m ink", "two\\nlines", "c1 \\u009b31m", "turned \\u202e round"] {
        room.put("title.toml", &STORY.replace("A wrong hope", title));
        room.run(&["lint", "title.toml"]).refuses(&["`title.en` holds a line break or another"]);
    }
    room.put("title.toml", &STORY.replace("A wrong hope", &"x".repeat(201)));
    room.run(&["lint", "title.toml"]).refuses(&["too long for one line", "at most 200"]);
    room.run(&["lint", "no\u{1b}[2Jsuch"]).refuses(&["no\\u{1b}[2Jsuch"]);
    room.put("bad\u{1b}[31m.toml", &STORY.replace("amount", "amout"));
    let ended = room.run(&["lint", "."]).exits(2);
    assert!(!ended.err.contains('\u{1b}'), "{:?}", ended.err);
    for command in ["explain", "show", "replay", "decode"] {
        let ended = room.run(&[command, "no\u{1b}[2Jsuch"]).exits(2);
        assert!(!ended.err.contains('\u{1b}'), "{:?}", ended.err);
    }
    room.put("two words 案.toml", STORY);
    let ended = room.run(&["run", "two words 案.toml"]).exits(1);
    ended.says(&["cardstorm run 'two words 案.toml' --seed 1"]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_leads_back_to_itself_is_read_once() {
    let room = Room::new("links");
    fs::create_dir(room.0.join("stories")).expect("a folder can be made");
    room.put("stories/wrong.toml", STORY);
    for name in ["back", "again"] {
        std::os::unix::fs::symlink("..", room.0.join("stories").join(name)).expect("a link");
    }
    room.run(&["lint", "stories"]).exits(0).says(&["1 scenario: "]);
}

#[test]
fn colour_follows_what_is_asked_for() {
    let room = Room::new("colour");
    let escape = "\u{1b}[";
    let run = |words: &[&str]| {
        room.run(&[&["run", "declined/short-balance"], words].concat()).exits(0).out
    };
    assert!(!run(&[]).contains(escape), "no terminal, no colour");
    assert!(run(&["--color", "always"]).contains(escape));
    assert!(!run(&["--color", "never"]).contains(escape));
    let mut command = room.command(&["run", "declined/short-balance"]);
    let ended = Ended::of(command.env("NO_COLOR", "1").output().expect("it starts")).exits(0);
    assert!(!ended.out.contains(escape));
    let usage = room.run(&["rum", "--color", "always"]);
    assert!(usage.err.contains(escape));
}

#[test]
fn messages_are_decoded_masked_or_refused_kindly() {
    let room = Room::new("decode");
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors.json");
    let text = fs::read_to_string(vectors).expect("the vectors are there");
    let vectors: serde_json::Value = serde_json::from_str(&text).expect("they are JSON");
    let hex = vectors["messages"][0]["hex"].as_str().expect("a message");
    let dump =
        room.run(&["decode", hex, "--profile", "unionpay-pos"]).exits(0).says(&["MTI", "DE11"]);
    room.put("message.hex", &format!("{hex}\n"));
    assert_eq!(room.run(&["decode", "message.hex"]).exits(0).out, dump.out);
    room.run(&["decode", "0200zz"]).refuses(&["character 5", "no such file"]);
    room.run(&["decode", "020"]).refuses(&["3 hexadecimal digits"]);
    room.run(&["decode", "."]).refuses(&["is a folder"]);
    room.run(&["decode", "0200", "--profile", "iso93"]).refuses(&["unionpay-pos"]);
    room.put("empty.hex", "");
    room.run(&["decode", "empty.hex"]).refuses(&["empty.hex is empty"]);
    let cut = room.run(&["decode", &hex[..60]]).exits(2);
    assert!(cut.err.contains("does not read on"), "{}", cut.err);
}

#[test]
fn lists_explanations_and_completions_are_data() {
    let room = Room::new("texts");
    for words in [
        &["list"][..],
        &["list", "--lang", "zh"],
        &["list", "--requirements"],
        &["explain"],
        &["explain", "51"],
        &["explain", "terminal.reversal_record"],
        &["completions", "bash"],
        &["completions", "zsh"],
        &["completions", "fish"],
        &["completions", "powershell"],
        &["completions", "elvish"],
    ] {
        let ended = room.run(words).exits(0);
        assert!(ended.out.len() > 100 && ended.err.is_empty(), "{words:?}");
    }
}

#[test]
fn the_doctor_finds_runs_deterministic() {
    let room = Room::new("doctor");
    room.run(&["doctor", "--against", "nowhere"]).refuses(&["no build of cardstorm at nowhere"]);
    // Another program says nothing that could be compared, or never stops.
    for other in ["/bin/true", "/usr/bin/yes"].iter().filter(|path| Path::new(path).is_file()) {
        room.run(&["doctor", "--seed", "1", "--against", other])
            .exits(2)
            .says(&["ERROR  in the other build", "is no cardstorm"]);
    }
    let ended = room.run(&["doctor", "--seed", "1"]).exits(0);
    assert!(ended.out.contains("in another process") && !ended.out.contains("OTHER"));
}
