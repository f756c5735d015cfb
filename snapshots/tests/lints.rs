//! Bad files, one mistake each: what `lint` says of every file in `bad/`, one snapshot a file. Each of the
//! files begins with a line on what is wrong with it.

use cardstorm::scenario::{self, Sources};
use std::fs;
use std::path::Path;

/// What is said of one file: something must be.
fn check(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("bad/{name}.toml"));
    let text = fs::read_to_string(path).expect("the bad file can be read");
    let file = format!("{name}.toml");
    let found = match scenario::parse(&file, name, &text) {
        Ok(story) => story.warnings,
        Err(found) => found,
    };
    assert!(!found.is_empty(), "a bad file");
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
    account_that_is_not_there: "account-that-is-not-there",
    amount_as_a_number: "amount-as-a-number",
    amount_beyond_a_fen: "amount-beyond-a-fen",
    amount_in_powers: "amount-in-powers",
    amount_with_a_comma: "amount-with-a-comma",
    amount_with_its_currency: "amount-with-its-currency",
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
    faults_that_contradict_themselves: "faults-that-contradict-themselves",
    fees_that_overlap: "fees-that-overlap",
    hop_below_the_tick: "hop-below-the-tick",
    house_too_late: "house-too-late",
    invariant_by_another_word: "invariant-by-another-word",
    invariant_by_its_number: "invariant-by-its-number",
    key_in_capitals: "key-in-capitals",
    key_with_a_blank: "key-with-a-blank",
    languages_missing: "languages-missing",
    link_that_does_not_exist: "link-that-does-not-exist",
    lint_begins_too_late: "lint-begins-too-late",
    lint_empty: "lint-empty",
    lint_sign_on: "lint-sign-on",
    lint_timers: "lint-timers",
    maintenance_as_51: "maintenance-as-51",
    maintenance_that_approves: "maintenance-that-approves",
    message_that_never_comes: "message-that-never-comes",
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
    purchase_misspelt: "purchase-misspelt",
    quote_not_closed: "quote-not-closed",
    quotes_missing: "quotes-missing",
    refund_before_its_sale: "refund-before-its-sale",
    refund_that_nobody_makes: "refund-that-nobody-makes",
    requirement_row_that_is_not_there: "requirement-row-that-is-not-there",
    reversal_of_a_till_that_has_none: "reversal-of-a-till-that-has-none",
    table_not_closed: "table-not-closed",
    tables_of_another_shape: "tables-of-another-shape",
    time_that_does_not_exist: "time-that-does-not-exist",
    titles_that_are_no_line: "titles-that-are-no-line",
    too_late_to_strike: "too-late-to-strike",
    unit_missing: "unit-missing",
    values_of_other_kinds: "values-of-other-kinds",
    values_of_time: "values-of-time",
}
