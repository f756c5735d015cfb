//! How the command ends: each exit code with what leads to it, bad usage, an interruption, and output that
//! nobody takes.

use crate::{Ended, Room, STORY, UNSOUND, names};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

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
    let choice = ["matrix", "terminal.printer_falt"];
    room.run(&choice).refuses(&["did you mean terminal.printer_fault?"]);
    room.run(&["matrix", "nowhere"]).refuses(&["`cardstorm explain` lists the choices"]);
    room.run(&["completions", "tcsh9"]).refuses(&["bash"]);
    for words in [["--help"], ["--version"]] {
        let ended = room.run(&words).exits(0);
        assert_eq!(ended.err, "");
    }
    room.run(&["--help"]).says(&["Exit codes", "130  interrupted"]);
}
