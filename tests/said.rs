//! What the command says at each of its ends, whole, on both streams: the lists, the doctor, decoded
//! messages, what is refused and how a broken run is told. One test, one snapshot each.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
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

/// A folder of its own for one test, and what was said in it.
struct Room {
    folder: PathBuf,
    said: String,
}

impl Room {
    fn new(name: &str) -> Room {
        let folder =
            std::env::temp_dir().join(format!("cardstorm-said-{}-{name}", std::process::id()));
        // It may be left from a run that was broken off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a temporary folder can be made");
        Room { folder, said: String::new() }
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).expect("a file can be written");
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cardstorm"));
        command.args(words).current_dir(&self.folder).env_remove("NO_COLOR");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Takes down a command, both its streams and how it ended.
    fn told(&mut self, words: &[&str], output: &Output) {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        let code = output.status.code().expect("it exits");
        let _ = writeln!(self.said, "$ cardstorm {}\n{out}", words.join(" "));
        if !err.is_empty() {
            let _ = writeln!(self.said, "on stderr:\n{err}");
        }
        let _ = writeln!(self.said, "exit code {code}\n");
    }

    fn run(&mut self, words: &[&str]) -> &mut Room {
        let output = self.command(words).output().expect("the command starts");
        self.told(words, &output);
        self
    }

    fn runs(&mut self, commands: &[&[&str]]) -> &mut Room {
        for words in commands {
            self.run(words);
        }
        self
    }

    /// The only failure folder, made from a story that fails.
    fn failure(&mut self) -> String {
        self.put("wrong.toml", STORY);
        let words = ["run", "wrong.toml"];
        let output = self.command(&words).output().expect("the command starts");
        assert_eq!(output.status.code(), Some(1));
        let mut entries =
            fs::read_dir(self.folder.join("cardstorm-failures")).expect("it was kept");
        let entry = entries.next().expect("one folder").expect("an entry");
        format!("cardstorm-failures/{}", entry.file_name().to_string_lossy())
    }

    /// Holds all that was said against the snapshot of that name.
    fn is_as_in(&self, name: &str) {
        snapshot(name, &self.said);
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        // What is left behind is in the system's temporary folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn explanations_of_what_texts_cite() {
    let mut room = Room::new("explain-cited");
    for name in ["soundness 4", "rule 13", "flows 3", "B29", "B01", "S028", "soundness 99"] {
        room.run(&["explain", name]);
    }
    room.run(&["explain", "soundness", "codes"]);
    room.is_as_in("explain--cited");
}

/// What follows from a plan's every byte, and how far an interrupted run had come, is left out.
fn masked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let word = &rest[..if end == 0 { first.len_utf8() } else { end }];
        let hex = |length: usize| {
            word.len() == length && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        out.push_str(match word {
            _ if hex(64) => "<digest>",
            _ if hex(8) && out.ends_with("--") => "<plan>",
            _ if out.ends_with("interrupted: ") => "<n>",
            word => word,
        });
        rest = &rest[word.len()..];
    }
    out
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/said");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, masked(text)));
}

#[test]
fn the_catalogue() {
    Room::new("list").run(&["list"]).is_as_in("list");
}

#[test]
fn the_catalogue_in_chinese() {
    Room::new("list-zh").run(&["list", "--lang", "zh"]).is_as_in("list--zh");
}

#[test]
fn the_requirements() {
    let mut room = Room::new("requirements");
    room.run(&["list", "--requirements"]);
    // The first rows, and the sum.
    let lines: Vec<&str> = room.said.lines().collect();
    let sum = lines.iter().rposition(|line| line.contains(" rows carried, ")).expect("a sum");
    let (first, last) = (lines[..32].join("\n"), lines[sum..].join("\n"));
    snapshot("list--requirements", &format!("{first}\n...\n{last}\n"));
}

#[test]
fn the_doctor() {
    Room::new("doctor").run(&["doctor", "--seed", "1"]).is_as_in("doctor");
}

#[test]
fn lint() {
    let mut room = Room::new("lint");
    room.put("wrong.toml", STORY);
    room.put("typo.toml", &STORY.replace("amount", "amout"));
    room.put("doubtful.toml", &format!("{STORY}[account.customer]\n[account.spare]\n"));
    room.runs(&[
        &["lint", "wrong.toml"],
        &["lint", "doubtful.toml"],
        &["lint", "wrong.toml", "typo.toml"],
        &["lint", "doubt", "declined/short-balance"],
    ]);
    room.is_as_in("lint");
}

#[test]
fn a_message_read_field_by_field() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/vectors.json");
    let text = fs::read_to_string(vectors).expect("the vectors are there");
    let vectors: serde_json::Value = serde_json::from_str(&text).expect("they are JSON");
    let hex = |n: usize| vectors["messages"][n]["hex"].as_str().expect("a message");
    let mut room = Room::new("decode");
    room.put("message.hex", hex(1));
    // Parts of it make no sense to this profile, so no value of it is shown.
    room.put("strange.hex", hex(0));
    room.put("cut.hex", &hex(1)[..60]);
    room.put("empty.hex", "");
    room.put("letter.txt", "Dear Sir or Madam");
    room.runs(&[
        &["decode", "message.hex"],
        &["decode", "strange.hex"],
        &["decode", "cut.hex"],
        &["decode", "empty.hex"],
        &["decode", "letter.txt"],
        &["decode", "."],
        &["decode", "0200zz"],
        &["decode", "020"],
        &["decode", "0200"],
    ]);
    room.is_as_in("decode");
}

#[test]
fn bad_usage() {
    let mut room = Room::new("usage");
    room.runs(&[
        &["rum"],
        &["run"],
        &["run", "--all", "--runs", "0"],
        &["run", "--all", "--stage", "virtul"],
        &["run", "doubt/reply-lost", "--stage", "turmoil", "--tick", "100000"],
        &["run", "doubt/reply-lost", "--tick", "5"],
        &["run", "doubt/reply-lost", "--seed", "18446744073709551615", "--runs", "2"],
        &["explore", "--seed", "18446744073709551615", "--runs", "2"],
        &["run", "--all", "doubt/reply-lost"],
        &["lint", "--all", "doubt/reply-lost"],
        &["run", "doubt/reply-lost", "--output", "xml=runs.xml"],
        &["run", "doubt/reply-lost", "--output", "json=nowhere/runs.json"],
        &["explain", "slip-trooth"],
        &["explain", "no such thing at all"],
    ]);
    room.is_as_in("usage");
}

/// What an accountant's tool gets: of a day with everything in it, and of two seeds of one whose books
/// differ.
#[test]
fn statements() {
    let mut room = Room::new("statement");
    let story = "short-settlement/less-the-fee";
    room.run(&["run", story, "refunds/in-parts", "--output", "statement=books"]);
    let unsound = ["run", "unsound/silence-as-91", "--runs", "2", "--output", "statement=books"];
    let shown = |room: &mut Room, names: &[&str]| {
        for name in names {
            let path = room.folder.join("books").join(name);
            let text = fs::read_to_string(path).expect("it was written");
            let _ = writeln!(room.said, "books/{name}:\n{text}");
        }
    };
    shown(
        &mut room,
        &[
            "merchants.csv",
            "takings.csv",
            "holders.csv",
            "days.csv",
            "differences.csv",
            "service.csv",
            "doubts.csv",
        ],
    );
    room.run(&unsound);
    shown(&mut room, &["days.csv", "differences.csv", "statement.json"]);
    room.put("file", "");
    room.run(&["run", story, "--output", "statement=file"]);
    room.run(&["run", story, "--output", "statement=nowhere/books"]);
    room.is_as_in("statement");
    assert!(!room.folder.join("books.partial").exists());
    assert!(!room.folder.join("nowhere").exists());
}

#[test]
fn files_that_are_not_there_or_not_read() {
    let mut room = Room::new("files");
    room.put("empty.toml", "");
    room.put("file", "");
    fs::create_dir(room.folder.join("hollow")).expect("a folder can be made");
    fs::write(room.folder.join("latin.toml"), b"# a\n# caf\xe9\n").expect("a file can be written");
    let long = fs::File::create(room.folder.join("long.toml")).expect("a file can be made");
    long.set_len(100 << 20).expect("a file of 100 MB that takes no room");
    room.runs(&[
        &["run", "nowhere.toml"],
        &["run", "declined/short-balanse"],
        &["run", "hollow"],
        &["run", "empty.toml"],
        &["run", "latin.toml", "long.toml"],
        &["show", "nowhere"],
        &["show", "file"],
        &["replay", "hollow"],
    ]);
    room.put("wrong.toml", STORY);
    room.run(&["run", "wrong.toml", "--failures", "file/failures"]);
    room.is_as_in("files");
}

#[test]
fn a_failure_kept_shown_and_replayed() {
    let mut room = Room::new("folder");
    room.put("wrong.toml", STORY);
    room.run(&["run", "wrong.toml"]);
    let folder = room.failure();
    room.runs(&[&["show", &folder], &["replay", &folder]]);
    room.is_as_in("folder");
}

#[test]
fn a_failure_in_chinese() {
    let mut room = Room::new("folder-zh");
    room.put("wrong.toml", STORY);
    let unsound = "\n[terminal.till]\nreversal_record = \"after-send\"\n\n[[fault]]\nwhat = \"crash\"\n\
                   where = \"till\"\nbefore = \"append sale pending\"\n";
    room.put("crash.toml", &(STORY.replace("1200.00", "120.00") + unsound));
    room.run(&["run", "wrong.toml", "crash.toml", "--runs", "3", "--lang", "zh"]);
    room.is_as_in("folder--zh");
}

/// What is wrong with files, and a folder read back, in Chinese.
#[test]
fn bad_files_and_folders_in_chinese() {
    let mut room = Room::new("bad-zh");
    let folder = room.failure();
    room.put("typo.toml", &STORY.replace("amount", "amout"));
    room.put("doubtful.toml", &format!("{STORY}[account.customer]\n[account.spare]\n"));
    room.put("card.toml", &format!("# 6212 3456 7890 1232 is a card\n{STORY}"));
    fs::create_dir(room.folder.join("hollow")).expect("a folder can be made");
    fs::write(room.folder.join("latin.toml"), b"# a\n# caf\xe9\n").expect("a file can be written");
    room.runs(&[
        &["lint", "wrong.toml", "--lang", "zh"],
        &["lint", "typo.toml", "doubtful.toml", "card.toml", "--lang", "zh"],
        &["run", "typo.toml", "--lang", "zh"],
        &["explore", "--scenario", "typo.toml", "--lang", "zh"],
        &["run", "nowhere.toml", "--lang", "zh"],
        &["run", "declined/short-balanse", "--lang", "zh"],
        &["lint", "hollow", "latin.toml", "--lang", "zh"],
        &["show", &folder, "--lang", "zh"],
    ]);
    room.is_as_in("bad--zh");
}

/// How explorations end: the last line, and what is said meanwhile, each line once. How much there was is
/// the generator's business.
#[test]
fn explorations() {
    let mut room = Room::new("explorations");
    let said: [&[&str]; 3] = [
        &["explore", "--runs", "256", "-j", "1", "--no-failures"],
        &["explore", "--scenario", "unsound/silence-as-91", "--runs", "256", "--no-failures"],
        &["explore", "--beyond", "--runs", "256", "--failures", "beyond"],
    ];
    for words in said {
        let output = room.command(words).output().expect("the command starts");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is text");
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        let last = out.lines().last().unwrap_or_default().to_owned();
        // How far it is by now is said only where it takes long.
        let talk = err.lines().filter(|line| !line.contains(" a second, "));
        let told: BTreeSet<String> = talk.map(without_numbers).collect();
        let told: Vec<String> = told.into_iter().collect();
        let code = output.status.code().expect("it exits");
        let words = words.join(" ");
        let _ = writeln!(room.said, "$ cardstorm {words}\n...\n{last}\n");
        let _ = writeln!(room.said, "on stderr:\n{}\n\nexit code {code}\n", told.join("\n"));
    }
    room.is_as_in("explorations");
}

/// A line with `#` for each of its numbers.
fn without_numbers(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        let inside = out.ends_with('#') && matches!(c, ',' | '.');
        match c {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            _ if inside && !line.ends_with(c) => {}
            other => out.push(other),
        }
    }
    out
}

#[test]
fn explanations_in_chinese() {
    let mut room = Room::new("explain-zh");
    room.run(&["explain", "--lang", "zh"]);
    for name in [
        "no-double-debit",
        "partition",
        "51",
        "64",
        "Q8",
        "acquirer.issuer_silence",
        "send 0400",
        "S009",
        "S041",
        "S052",
        "B37",
        "soundness 4",
    ] {
        room.run(&["explain", name, "--lang", "zh"]);
    }
    room.is_as_in("explain--zh");
}

#[test]
fn another_history() {
    let mut room = Room::new("digest");
    let folder = room.failure();
    let digest = fs::read_to_string(room.folder.join(&folder).join("digest.txt")).expect("kept");
    room.put(&format!("{folder}/digest.txt"), &"0".repeat(64));
    room.run(&["replay", &folder]);
    let events = format!("{folder}/events.jsonl");
    let text = fs::read_to_string(room.folder.join(&events)).expect("it was kept");
    room.put(&events, &text.replacen("120000", "130000", 1));
    room.run(&["replay", &folder]);
    // The digest is right, and the events are not.
    room.put(&format!("{folder}/digest.txt"), &digest);
    room.run(&["replay", &folder]);
    room.is_as_in("determinism-lost");
}

#[test]
fn damaged_folders() {
    let mut room = Room::new("damaged");
    let folder = room.failure();
    let plan = format!("{folder}/plan.json");
    let whole = fs::read_to_string(room.folder.join(&plan)).expect("it was kept");
    for text in [&whole[..whole.len() / 2], "{}", &whole.replacen("\"card\": 0", "\"card\": 70", 1)]
    {
        room.put(&plan, text);
        room.run(&["replay", &folder]);
    }
    room.put(&plan, &whole);
    room.put(&format!("{folder}/notes.txt"), "mine");
    room.run(&["show", &folder]);
    fs::remove_file(room.folder.join(&folder).join("notes.txt")).expect("just written");
    fs::remove_file(room.folder.join(&folder).join("trace.txt")).expect("part of the folder");
    room.run(&["show", &folder]);
    room.is_as_in("damaged");
}

#[test]
fn nothing_to_check() {
    let mut room = Room::new("unknown");
    let hope = "\n[expect]\nviolates = \"refund-within-capture\"\n";
    room.put("unknown.toml", &(STORY.replace("\"00\"", "\"51\"") + hope));
    room.run(&["run", "unknown.toml"]).is_as_in("inconclusive");
}

#[test]
fn card_data() {
    let mut room = Room::new("secrets");
    let pan = "6200000000000005";
    let story = STORY.replace("amount =", "card = \"gold\"\namount =")
        + &format!("\n[card.gold]\npan = \"{pan}\"\naccount = \"holder\"\n\n[account.holder]\n");
    room.put("title.toml", &story.replace("A wrong hope", &format!("Card {pan} hopes")));
    room.put("comment.toml", &format!("# 6212 3456 7890 1232 is another one\n{story}"));
    room.put(&format!("{pan}.toml"), &story);
    room.runs(&[&["run", "title.toml"], &["lint", "title.toml", "comment.toml"], &["lint", "."]]);
    assert!(!room.said.contains(pan));
    room.is_as_in("card-data");
}

#[cfg(unix)]
#[test]
fn an_interruption() {
    let mut room = Room::new("interrupted");
    let words = ["run", "doubt", "--runs", "1000000", "-j", "1", "--output", "json=runs.json"];
    let mut child = room.command(&words).spawn().expect("the command starts");
    // Runs are coming in, so the handler is in place.
    let partial = room.folder.join("runs.json.partial");
    while fs::metadata(&partial).map_or(0, |file| file.len()) == 0 {
        assert_eq!(child.try_wait().expect("it can be asked"), None, "it is still at work");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    let output = child.wait_with_output().expect("it ends");
    room.told(&words, &output);
    room.is_as_in("interrupted");
}

/// A story whose plan breaks an invariant, and the folder that it is kept in, under a plain name.
fn kept_break(room: &Room) -> String {
    let unsound = "\n[terminal.till]\nreversal_record = \"after-send\"\n\n[[fault]]\nwhat = \"crash\"\n\
                   where = \"till\"\nbefore = \"append sale pending\"\n";
    room.put("crash.toml", &(STORY.replace("1200.00", "120.00") + unsound));
    room.command(&["run", "crash.toml"]).output().expect("the command starts");
    let kept = fs::read_dir(room.folder.join("cardstorm-failures")).expect("it was kept");
    let kept = kept.flatten().next().expect("one folder").path();
    fs::rename(kept, room.folder.join("kept--0")).expect("it can be moved");
    "kept--0".to_owned()
}

#[test]
fn a_failure_shrunk_compared_and_accepted() {
    let mut room = Room::new("accepted");
    let kept = kept_break(&room);
    room.runs(&[
        &["shrink", &kept, "--failures", "small"],
        &["diff", &kept, &kept],
        &["diff", &kept, &format!("{kept}/events.jsonl")],
        &["diff", &kept, "nowhere"],
        &["diff", &kept, &format!("{kept}/README.md")],
        &["accept", &kept],
        &["accept", &kept, "--into", "into", "--snapshots", "shots"],
        &["accept", &kept, "--into", "into", "--snapshots", "shots"],
    ]);
    let events = format!("{kept}/events.jsonl");
    let text = fs::read_to_string(room.folder.join(&events)).expect("it was kept");
    room.put("other.jsonl", &text.replacen("12000", "13000", 1));
    room.run(&["diff", &events, "other.jsonl", "--context", "1"]);
    room.put(
        "short.jsonl",
        &text.lines().take(3).map(|line| format!("{line}\n")).collect::<String>(),
    );
    room.run(&["diff", &kept, "short.jsonl", "--context", "0"]);
    fs::remove_dir_all(room.folder.join("cardstorm-failures")).expect("it is there");
    let failure = room.failure();
    room.runs(&[&["shrink", &failure], &["accept", &failure, "--into", "into"]]);
    room.put("into/notes.json", "{}");
    room.put("into/later.json", "{ \"format\": 99 }");
    room.run(&["run", "into/notes.json", "into/later.json", "wrong.toml"]);
    room.is_as_in("accepted");
}

#[test]
fn folders_of_other_versions_and_broken_plans() {
    let mut room = Room::new("versions");
    let folder = room.failure();
    let file = |name: &str| format!("{folder}/{name}");
    let whole = fs::read_to_string(room.folder.join(file("plan.json"))).expect("it was kept");
    for (from, to) in [
        ("\"version\": 1", "\"version\": 99"),
        ("\"drain_ms\": 300000", "\"drain_ms\": 0"),
        ("\"terminal\": 0", "\"terminal\": 7"),
    ] {
        let changed = whole.replacen(from, to, 1);
        assert_ne!(changed, whole, "{from}");
        room.put(&file("plan.json"), &changed);
        room.run(&["show", &folder]);
    }
    room.put(&file("plan.json"), &whole);
    let digest = fs::read_to_string(room.folder.join(file("digest.txt"))).expect("it was kept");
    room.put(&file("digest.txt"), "no digest");
    room.run(&["replay", &folder]);
    fs::write(room.folder.join(file("digest.txt")), [0xff, 0xfe]).expect("it can be written");
    room.run(&["replay", &folder]);
    room.put(&file("digest.txt"), &digest);
    room.run(&["replay", &folder, "--stage", "turmoil-native"]);
    // A plan that once could not be brought to its end.
    fs::create_dir(room.folder.join("broken--panic--0")).expect("a folder can be made");
    room.put("broken--panic--0/plan.json", &whole);
    room.put("broken--panic--0/panic.txt", "the drawer is empty (drawer.rs:7)\n");
    room.put("broken--panic--0/README.md", "# A bug of cardstorm\n");
    room.run(&["replay", "broken--panic--0"]);
    room.is_as_in("versions");
}

#[test]
fn more_bad_usage() {
    let mut room = Room::new("more-usage");
    room.put("wrong.toml", STORY);
    room.put("long.bin", &"x".repeat(70_000));
    room.runs(&[
        &["explore", "--scenario", "doubt", "--runs", "1"],
        &["explore", "--for", "soon"],
        &["matrix", "--output", "page.md"],
        &["matrix", "--output", "markdown=nowhere/page.md"],
        &["run", "wrong.toml", "--output", "json=."],
        &["run", "wrong.toml", "--output", "json=a", "--output", "jsonl=a"],
        &["run", "wrong.toml", "-j", "0"],
        &["run", "wrong.toml", "--stage", "turmoil", "--tick", "0"],
        &["decode", "long.bin"],
        &["decode", " "],
        &["doctor", "--against", "nowhere"],
    ]);
    room.is_as_in("more-usage");
}

/// Every file and folder under a folder.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(all_files(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

/// A limit on the length of files stands for a disk that fills up in the middle of a file.
#[cfg(unix)]
#[test]
fn a_full_disk() {
    let mut room = Room::new("full");
    room.put("wrong.toml", STORY);
    let kept = kept_break(&room);
    for folder in ["cardstorm-failures", "into", "shots"] {
        // The first is there already.
        let _ = fs::create_dir(room.folder.join(folder));
    }
    let before = all_files(&room.folder);
    for words in [
        &["run", "wrong.toml"][..],
        &["run", "wrong.toml", "--no-failures", "--output", "json=runs.json"],
        &["run", "wrong.toml", "--no-failures", "--output", "jsonl=runs.jsonl"],
        &["run", "wrong.toml", "--no-failures", "--runs", "40", "--output", "junit=runs.xml"],
        &["accept", &kept, "--into", "into", "--snapshots", "shots"],
        &["shrink", &kept, "--failures", "cardstorm-failures"],
    ] {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"]);
        command.arg(env!("CARGO_BIN_EXE_cardstorm")).args(words).current_dir(&room.folder);
        let output = command.env_remove("NO_COLOR").output().expect("a shell is there");
        room.told(words, &output);
    }
    assert_eq!(all_files(&room.folder), before, "nothing is left half-written");
    room.is_as_in("full-disk");
}

#[test]
fn help() {
    let mut room = Room::new("help");
    room.run(&["--help"]);
    for command in [
        "run",
        "explore",
        "lint",
        "list",
        "explain",
        "decode",
        "show",
        "replay",
        "shrink",
        "diff",
        "accept",
        "matrix",
        "doctor",
        "completions",
    ] {
        room.run(&[command, "--help"]);
    }
    assert!(!room.said.contains("[default: 0]"), "a default that stands for something else");
    room.is_as_in("help");
}
