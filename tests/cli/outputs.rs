//! What goes out: files for other programs byte by byte, colour, decoded messages, lists, explanations and
//! the doctor.

use crate::{Ended, Room, STORY, names};
use std::fs;
use std::path::Path;

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
