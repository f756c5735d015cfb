//! The README of a failure folder.

use super::{About, Found};
use crate::examine::Miss;
use crate::report::words::Words;

/// What each file is, and how to make the failure happen again.
pub(super) fn readme(
    name: &str,
    about: &About,
    miss: &Miss,
    words: Words<'_>,
    explain: &str,
) -> String {
    let About { scenario, title, stage, found, .. } = about;
    let (what, seed) = (&miss.name, words.plan.seed);
    let (expected, observed) = (words.remark(&miss.expected), words.remark(&miss.observed));
    let stage = stage.name();
    let found = match found {
        None => format!("- found under seed {seed} on stage {stage}\n"),
        Some(Found { seed, shrunk, on_turmoil }) => format!(
            "- found by exploration under seed {seed} on stage {stage}\n\
            - shrunk: {shrunk}\n\
            - on turmoil: {on_turmoil}\n"
        ),
    };
    let original = match about.found {
        None => "",
        Some(_) => "| `original.json` | the plan that it was found in, before it was shrunk |\n",
    };
    format!(
        "# {scenario}: {what}\n\
        \n\
        {}\n\
        \n\
        - expected: {expected}\n\
        - observed: {observed}\n\
        {found}\
        \n\
        Make it happen again, from the folder that holds this one:\n\
        \n\
        ```sh\n\
        cardstorm replay {name}\n\
        cardstorm show {name}\n\
        {explain}\
        ```\n\
        \n\
        | file | holds |\n\
        |---|---|\n\
        | `plan.json` | the whole input of the run: parties, operations, faults, seed. \
        It is all that a replay \
        needs, so it holds the test cards' numbers, PINs and keys in the clear. They \
        belong to no real card; never put real ones into a story. |\n\
        {original}\
        | `scenario.toml` | the story that the plan was made from, card numbers and PINs masked |\n\
        | `verdict.json` | what was expected, every verdict, and what the plan's things are called |\n\
        | `trace.txt` | the run to read: step, simulated time, route, event. `>` marks the \
        witness and the step that the report names, a dot stands for a folded quiet \
        stretch, `->` is a message leaving, `<-` one arriving, `-x` one lost |\n\
        | `events.jsonl` | every event, one JSON object a line |\n\
        | `ledgers.csv` | each account before and after, in yuan |\n\
        | `digest.txt` | SHA-256 of `events.jsonl`; a replay must come to the same |\n",
        title.en
    )
}

/// What to do with a plan that could not be brought to its end.
pub(super) fn broken(name: &str, said: &str) -> String {
    format!(
        "# A bug of cardstorm\n\
        \n\
        This plan could not be brought to its end:\n\
        \n\
        {said}\n\
        \n\
        See it again, from the folder that holds this one, and please report it:\n\
        \n\
        ```sh\n\
        cardstorm replay {name}\n\
        ```\n\
        \n\
        `plan.json` is the whole input, test cards and keys in the clear; `panic.txt` is what was said.\n"
    )
}
