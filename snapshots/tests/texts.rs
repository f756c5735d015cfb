//! What else a person reads: the catalogue's lines and summary, a failure's report and its JUnit form, the
//! diagnostics of bad files, the explanations. One test, one snapshot each.

use cardstorm::check::Invariant;
use cardstorm::examine::{Examination, Stage, examine};
use cardstorm::explain;
use cardstorm::explore::Confirmed;
use cardstorm::plan::{FAULT_NAMES, Plan};
use cardstorm::report::failure::Failure;
use cardstorm::report::json::Run as Told;
use cardstorm::report::junit::{self, Case};
use cardstorm::report::summary::{Tally, line};
use cardstorm::report::sweep::confirmed;
use cardstorm::report::trace::{Lang, Trace};
use cardstorm::report::verdict;
use cardstorm::report::words::Words;
use cardstorm::scenario::{self, Scenario, Sources};
use std::fmt::Write as _;

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../texts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn story(name: &str, text: &str) -> Scenario {
    scenario::parse(&format!("scenarios/{name}.toml"), name, text).expect("a good story")
}

fn run(scenario: &Scenario) -> (Plan, Examination) {
    let examination = examine(scenario, Stage::Virtual, 1).expect("virtual time takes any plan");
    (Plan { seed: 1, ..scenario.plan.clone() }, examination)
}

/// Every line that `run --all` prints, and its summary.
fn catalogue(lang: Lang) -> String {
    let mut total = Tally::default();
    let mut text = String::new();
    for (name, source) in scenario::catalogue() {
        let scenario = story(name, source);
        let (plan, examination) = run(&scenario);
        let tally = Tally::of(&plan, &examination);
        text.push_str(&line(&scenario, lang, &tally));
        total.merge(&tally);
    }
    text.push_str(&total.render(lang, true, false));
    text
}

#[test]
fn the_whole_catalogue() {
    snapshot("run--all", &catalogue(Lang::En));
}

#[test]
fn the_whole_catalogue_in_chinese() {
    snapshot("run--all--zh", &catalogue(Lang::Zh));
}

/// A story that expects what does not happen.
fn disappointed() -> Scenario {
    story(
        "mine/wrong-hope",
        r#"
title = { en = "A hope", zh = "希望" }
question = { en = "Is it paid?", zh = "付了吗?" }
rows = ["S011"]

[sale.fuel]
amount = "320.00"
ends = "ok"

[[fault]]
what = "drop"
where = "till"
receives = "0210"
of = "fuel"

[expect]
balance = { customer = "680.00" }
"#,
    )
}

/// The head of a summary with every way in which a run can end, and what is never exercised.
#[test]
fn a_summary_of_every_ending() {
    let undecided = story(
        "mine/undecided",
        r#"
title = { en = "A hope that nothing tests", zh = "无从检验的希望" }
question = { en = "Does a refund go too far?", zh = "退货过多吗?" }

[sale.fuel]
amount = "320.00"

[expect]
violates = "refund-within-capture"
"#,
    );
    let (_, paid) =
        scenario::catalogue().find(|(name, _)| *name == "doubt/reply-lost").expect("there");
    let stories = [story("doubt/reply-lost", paid), disappointed(), undecided];
    let mut text = String::new();
    for lang in [Lang::En, Lang::Zh] {
        let mut total = Tally::of_broken();
        for scenario in &stories {
            let (plan, examination) = run(scenario);
            let tally = Tally::of(&plan, &examination);
            let _ = write!(text, "{} {}", tally.mark().text(), line(scenario, lang, &tally));
            total.merge(&tally);
        }
        let _ = writeln!(text, "{}", total.mark().text());
        let _ = writeln!(text, "{}", total.render(lang, true, true));
    }
    snapshot("run--summary", &text);
}

/// What exploration says of a finding on turmoil.
#[test]
fn confirmations() {
    let why = "it gives another history there".to_owned();
    let all = [Confirmed::Same, Confirmed::No(why), Confirmed::OfItsOwn];
    let lines: Vec<String> = all.iter().map(confirmed).collect();
    snapshot("explore--confirmed", &lines.join("\n"));
}

/// What `show` prints of a failure, and of one that no longer fails, in both languages.
#[test]
fn verdicts_as_a_table() {
    let scenario = disappointed();
    let (plan, examination) = run(&scenario);
    let mut text = String::new();
    for lang in [Lang::En, Lang::Zh] {
        let words = Words { plan: &plan, names: &scenario.names, lang };
        text.push_str(&verdict::misses(words, &examination));
        text.push_str(&verdict::verdicts(words, &examination.verdicts));
        let passed = Examination { misses: Vec::new(), ..run(&scenario).1 };
        text.push_str(&verdict::misses(words, &passed));
    }
    snapshot("verdicts", &text);
}

/// A failure as programs read it: texts, and beside them what checks said as data.
#[test]
fn a_failure_as_json() {
    let scenario = disappointed();
    let (_, examination) = run(&scenario);
    let told = Told::new(&scenario, "virtual", 1, &examination);
    let mut value = serde_json::to_value(&told).expect("plain data is JSON");
    for long in ["events", "digest"] {
        value.as_object_mut().expect("an object").remove(long);
    }
    snapshot("run--json", &serde_json::to_string_pretty(&value).expect("it is JSON"));
}

#[test]
fn a_failure() {
    let scenario = disappointed();
    let (plan, examination) = run(&scenario);
    let (scenario, plan, examination) = (&scenario, &plan, &examination);
    let (stage, lang) = (Stage::Virtual, Lang::Zh);
    snapshot("run--failure--zh", &Failure { scenario, plan, stage, lang, examination }.render());
}

#[test]
fn a_failure_as_junit() {
    let scenario = disappointed();
    let (_, examination) = run(&scenario);
    let cases = [Case::new(&scenario, 1, &examination)];
    snapshot("run--junit", &junit::render(&cases).expect("a small report"));
}

#[test]
fn a_whole_trace() {
    let (name, text) =
        scenario::catalogue().find(|(name, _)| *name == "doubt/reply-lost").expect("there");
    let scenario = story(name, text);
    let (plan, examination) = run(&scenario);
    let (plan, names, lang) = (&plan, &scenario.names, Lang::En);
    let trace = Trace { plan, names, lang, witness: None, fold: false };
    snapshot("run--trace", &trace.render(&examination.events));
}

/// Bad files, each with the mistakes that people make, reported together.
const BAD: [(&str, &str); 4] = [
    (
        "typos.toml",
        "title = { en = \"x\", zh = \"x\" }\nquestion = { en = \"x\", zh = \"x\" }\nrows = [\"S011\", \"S999\"]\n\
         \n[sale.fuel]\namuont = \"320.00\"\ncard = \"custommer\"\nat = 60\n",
    ),
    (
        "faults.toml",
        "title = { en = \"x\", zh = \"余额不足\" }\nquestion = { en = \"x\", zh = \"x\" }\nrows = [\"S011\"]\n\
         \n[sale.fuel]\namount = \"320\"\n\n[[fault]]\nwhat = \"drop\"\nwhere = \"till\"\nreceives = \"0420\"\n\
         \n[[fault]]\nwhat = \"latency\"\nwhere = \"till\"\npeer = \"issuer\"\nhop = \"1ms\"\nat = \"+1s\"\nfor = \"1s\"\n",
    ),
    (
        "nowhere.toml",
        "title = { en = \"x\\ny\", zh = \"x\" }\nquestion = { en = \"x\", zh = \"x\" }\n\n[sale.fuel]\namount = 1e9\n\
         \n[[fault]]\nwhat = \"delay\"\nwhere = \"tll\"\nreceives = \"0211\"\nof = \"fule\"\nby = \"5\"\nfor = \"1s\"\n\
         \n[[fault]]\nwhat = \"dorp\"\nwhere = \"till\"\nsends = \"0210\"\nof = \"fuel\"\n",
    ),
    ("broken.toml", "title = { en = \"x\"\n[sale.fuel\namount = \"1.00\"\n"),
];

#[test]
fn diagnostics() {
    let mut sources = Sources::default();
    let mut found = Vec::new();
    for (file, text) in BAD {
        sources.insert(file.into(), text.into());
        found.extend(scenario::parse(file, file, text).expect_err("a bad file"));
    }
    snapshot("lint--diagnostics", &scenario::render(&found, &sources, false));
}

fn explained<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for name in names {
        let _ = writeln!(
            text,
            "$ cardstorm explain {name}\n{}",
            explain::explain(name).expect("a topic")
        );
    }
    text
}

#[test]
fn explained_topics() {
    snapshot("explain--topics", &explain::topics_text());
}

#[test]
fn explained_invariants() {
    snapshot("explain--invariants", &explained(Invariant::ALL.into_iter().map(Invariant::name)));
}

#[test]
fn explained_faults() {
    snapshot("explain--faults", &explained(FAULT_NAMES.into_iter()));
}

#[test]
fn explained_codes_and_choices() {
    let names = [
        "51",
        "76",
        "91",
        "98",
        "A0",
        "acquirer.issuer_silence",
        "terminal.reversal_record",
        "S014",
    ];
    snapshot("explain--codes-and-choices", &explained(names.into_iter()));
}
