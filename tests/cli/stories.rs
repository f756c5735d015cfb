//! Stories as files: everything that is wrong with them at once, files that cannot be read or are no
//! stories, and names and titles that try to steer the terminal.

use crate::{Room, STORY};
use std::fs;

/// The seed feeds only what is left to chance: no story may hang by it.
#[test]
fn every_story_ends_as_it_expects_under_many_seeds() {
    let room = Room::new("seeds");
    room.run(&["run", "--all", "--runs", "40", "--seed", "2"]).exits(0);
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

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_no_story_and_no_place_for_an_output() {
    let room = Room::new("device");
    room.run(&["lint", "/dev/null"]).refuses(&["/dev/null is no file that holds a story"]);
    room.run(&["run", "declined/short-balance", "--output", "jsonl=/dev/full"])
        .refuses(&["cannot write /dev/full: it is no ordinary file"]);
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
