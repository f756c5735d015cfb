//! What no story can bring about: a plan that our own parties cannot carry, card data in a title that lint
//! let pass, a catalogue with something left out.

use super::*;
use crate::scenario::parse;

const STORY: &str = "title = { en = \"t\", zh = \"题\" }\nquestion = { en = \"q\", zh = \"问\" }\n\
                     [sale.shoes]\namount = \"12.00\"\nends = \"ok\"\n";

fn story() -> Scenario {
    parse("a.toml", "a", STORY).expect("a sound story")
}

/// How a run over some scenarios ends, all of them or a choice.
fn ends(scenarios: &[Scenario], stage: Stage, all: bool) -> Exit {
    let mut out = Out::new(false, false);
    let args = Args {
        what: Vec::new(),
        all,
        stage: StageArg::Virtual,
        tick: Tick::default(),
        seed: None,
        runs: 1,
        jobs: Jobs::default(),
        output: Vec::new(),
        failures: PathBuf::new(),
        no_failures: true,
        trace: false,
        lang: LangArg::En,
    };
    let sinks = Sinks::open(&[]).expect("nothing to open");
    let mut session = Session::new(&args, stage, scenarios, sinks);
    assert_eq!(session.all(&mut out), Ok(()));
    session.finish(all, &mut out)
}

#[test]
fn a_plan_that_our_parties_cannot_carry_is_a_bug_of_ours() {
    let mut broken = story();
    broken.plan.world.issuer.accounts.clear();
    assert_eq!(ends(&[story(), broken, story()], Stage::Virtual, false), Exit::OurBug);
    assert_eq!(ends(&[story()], Stage::Virtual, false), Exit::Ok);
}

#[test]
fn a_title_with_a_card_of_the_plan_is_not_shown() {
    let mut leaky = story();
    let mut digits = [0; 19];
    let card = leaky.plan.world.issuer.cards[0].pan.digits(&mut digits);
    leaky.title.en = format!("card {card}");
    assert_eq!(ends(&[leaky], Stage::Virtual, false), Exit::OurBug);
}

#[test]
fn a_catalogue_that_leaves_something_out_fails_where_it_can_be_told() {
    let scenarios = [story()];
    assert_eq!(ends(&scenarios, Stage::Virtual, true), Exit::Unexpected);
    // There turmoil does some of the harm itself, and nobody counts it.
    assert_eq!(ends(&scenarios, Stage::TurmoilNative, true), Exit::Ok);
    assert_eq!(ends(&scenarios, Stage::Virtual, false), Exit::Ok);
}
