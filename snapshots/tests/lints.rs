//! Bad files, one mistake each: what `lint` says of every file in `bad/`, one snapshot a file. Each of the
//! files begins with a line on what is wrong with it.

use cardstorm::report::lint;
use cardstorm::report::trace::Lang;
use cardstorm::scenario::{self, Diagnostic, Sources};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What is wrong with one file, under its name, and its text.
fn wrong(name: &str) -> (Vec<Diagnostic>, Sources) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("bad/{name}.toml"));
    let text = fs::read_to_string(path).expect("the bad file can be read");
    let file = format!("{name}.toml");
    let found = match scenario::parse(&file, name, &text) {
        Ok(story) => story.warnings,
        Err(found) => found,
    };
    assert!(!found.is_empty(), "a bad file");
    (found, Sources::from_iter([(file, text)]))
}

fn snapshot(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// What is said of one file: something must be.
fn check(name: &str) {
    let (found, sources) = wrong(name);
    snapshot("../lints", name, &scenario::render(&found, &sources, false));
}

/// Everything that is said of any bad file has its Chinese: side by side, once each.
#[test]
fn everything_is_said_in_chinese() {
    let mut all = BTreeMap::new();
    for name in bad_files() {
        let (found, _) = wrong(name.trim_end_matches(".toml"));
        for one in found {
            let texts = [Some(one.message), Some(one.label), one.hint];
            for english in texts.into_iter().flatten().filter(|text| !text.is_empty()) {
                let chinese = lint::said(Lang::Zh, &english);
                all.insert(english, chinese);
            }
        }
    }
    let han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let left: Vec<&String> = all.iter().filter(|(_, zh)| !han(zh)).map(|(en, _)| en).collect();
    assert!(left.is_empty(), "without Chinese in lint_zh.csv: {left:#?}");
    let lines: Vec<String> = all.iter().map(|(en, zh)| format!("{en}\n  {zh}\n")).collect();
    snapshot("../texts", "lint--zh", &lines.concat());
}

/// A bad file as a whole in Chinese, labels and all.
#[test]
fn a_bad_file_in_chinese() {
    let (found, sources) = wrong("values-of-time");
    let told = lint::diagnostics(Lang::Zh, &found, &sources, false);
    snapshot("../texts", "lint--file--zh", &told);
}

fn bad_files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bad");
    let mut found: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    found.sort_unstable();
    found
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
            assert_eq!(bad_files(), [$(concat!($name, ".toml")),*]);
        }
    };
}

files! {
    account_that_is_not_there: "account-that-is-not-there",
    amount_as_a_number: "amount-as-a-number",
    amount_beyond_a_fen: "amount-beyond-a-fen",
    amount_in_powers: "amount-in-powers",
    amount_with_a_comma: "amount-with-a-comma",
    amount_with_its_currency: "amount-with-its-currency",
    backup_that_nobody_survives: "backup-that-nobody-survives",
    balance_of_nobody: "balance-of-nobody",
    blank_in_a_name: "blank-in-a-name",
    bracket_missing: "bracket-missing",
    brackets_too_few: "brackets-too-few",
    brackets_too_many: "brackets-too-many",
    card_that_is_not_there: "card-that-is-not-there",
    cards_of_one_number: "cards-of-one-number",
    choice_of_another_party: "choice-of-another-party",
    circle: "circle",
    code_that_no_screen_shows: "code-that-no-screen-shows",
    code_that_nobody_says: "code-that-nobody-says",
    colon_for_an_equals_sign: "colon-for-an-equals-sign",
    contracts_that_contradict_themselves: "contracts-that-contradict-themselves",
    date_for_a_time: "date-for-a-time",
    delay_beyond_the_retention: "delay-beyond-the-retention",
    duration_in_words: "duration-in-words",
    durations_without_end: "durations-without-end",
    effect_by_half_its_name: "effect-by-half-its-name",
    effect_for_a_message: "effect-for-a-message",
    ending_by_another_word: "ending-by-another-word",
    ending_that_is_not_expected: "ending-that-is-not-expected",
    ending_that_never_comes: "ending-that-never-comes",
    exit_code_in_a_story: "exit-code-in-a-story",
    expectations_of_nothing: "expectations-of-nothing",
    fault_by_another_word: "fault-by-another-word",
    faults_out_of_measure: "faults-out-of-measure",
    faults_that_contradict_themselves: "faults-that-contradict-themselves",
    fees_that_overlap: "fees-that-overlap",
    hop_below_the_tick: "hop-below-the-tick",
    house_too_late: "house-too-late",
    invariant_by_another_word: "invariant-by-another-word",
    invariant_by_its_number: "invariant-by-its-number",
    key_in_capitals: "key-in-capitals",
    key_with_a_blank: "key-with-a-blank",
    languages_missing: "languages-missing",
    left_open: "left-open",
    line_slower_than_its_wait: "line-slower-than-its-wait",
    link_that_does_not_exist: "link-that-does-not-exist",
    lint_begins_too_late: "lint-begins-too-late",
    lint_empty: "lint-empty",
    lint_sign_on: "lint-sign-on",
    lint_timers: "lint-timers",
    maintenance_as_51: "maintenance-as-51",
    maintenance_that_approves: "maintenance-that-approves",
    message_that_never_comes: "message-that-never-comes",
    messages_out_of_place: "messages-out-of-place",
    mistakes_by_the_hundred: "mistakes-by-the-hundred",
    name_missing: "name-missing",
    not_toml_at_all: "not-toml-at-all",
    not_toml_in_its_values: "not-toml-in-its-values",
    nothing_to_sell: "nothing-to-sell",
    operation_that_is_not_there: "operation-that-is-not-there",
    operation_twice: "operation-twice",
    operations_that_cannot_begin: "operations-that-cannot-begin",
    ordinal_beyond_reason: "ordinal-beyond-reason",
    parties_that_cannot_be: "parties-that-cannot-be",
    party_by_its_kind: "party-by-its-kind",
    printer_at_a_host: "printer-at-a-host",
    purchase_misspelt: "purchase-misspelt",
    quote_not_closed: "quote-not-closed",
    quotes_missing: "quotes-missing",
    refund_before_its_sale: "refund-before-its-sale",
    refund_that_nobody_makes: "refund-that-nobody-makes",
    requirement_row_that_is_not_there: "requirement-row-that-is-not-there",
    reversal_of_a_till_that_has_none: "reversal-of-a-till-that-has-none",
    slips_of_another_kind: "slips-of-another-kind",
    table_not_closed: "table-not-closed",
    tables_of_another_shape: "tables-of-another-shape",
    time_that_does_not_exist: "time-that-does-not-exist",
    titles_that_are_no_line: "titles-that-are-no-line",
    too_late_to_strike: "too-late-to-strike",
    unit_missing: "unit-missing",
    values_of_other_kinds: "values-of-other-kinds",
    values_of_time: "values-of-time",
}
