//! Bad files, one mistake each: what `lint` says of every file in `bad/`, one snapshot a file. Each of the
//! files begins with a line on what is wrong with it.

use cardstorm::scenario::{self, Sources};
use std::fs;
use std::path::Path;

/// What is said of one file: all of it must be refused.
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("bad/{name}.toml"));
    let text = fs::read_to_string(path).expect("the bad file can be read");
    let file = format!("{name}.toml");
    let found = scenario::parse(&file, name, &text).expect_err("a bad file");
    let sources = Sources::from_iter([(file, text)]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../lints");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let printed = scenario::render(&found, &sources, false);
    settings.bind(|| insta::assert_snapshot!(name, printed));
}

macro_rules! files {
    ($($test:ident: $name:literal,)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        /// Every bad file has its snapshot.
        #[test]
        fn none_is_left_out() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bad");
            let mut found: Vec<String> = fs::read_dir(folder)
                .expect("the folder can be read")
                .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
                .collect();
            found.sort_unstable();
            assert_eq!(found, [$(concat!($name, ".toml")),*]);
        }
    };
}

files! {
    blank_in_a_name: "blank-in-a-name",
    card_that_is_not_there: "card-that-is-not-there",
    delay_beyond_the_retention: "delay-beyond-the-retention",
    ending_that_never_comes: "ending-that-never-comes",
    hop_below_the_tick: "hop-below-the-tick",
    key_with_a_blank: "key-with-a-blank",
    link_that_does_not_exist: "link-that-does-not-exist",
    message_that_never_comes: "message-that-never-comes",
    operation_that_is_not_there: "operation-that-is-not-there",
    refund_that_nobody_makes: "refund-that-nobody-makes",
    requirement_row_that_is_not_there: "requirement-row-that-is-not-there",
    reversal_of_a_till_that_has_none: "reversal-of-a-till-that-has-none",
    too_late_to_strike: "too-late-to-strike",
}
