//! Failure folders there and back: how many there are, what is in them, and what is said of one that
//! somebody has changed.

use crate::{Room, STORY, names};
use std::fs;

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
