//! Every accepted regression: it must end as it was accepted, and its story is a snapshot that a person has
//! reviewed. All are run before any is complained of, so that one review shows all that changed.

use cardstorm::examine::{Stage, examine};
use cardstorm::regression;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn check(name: &str, text: &str) {
    let scenario = regression::parse(name, text).expect("an accepted regression can be read");
    let seed = scenario.plan.seed;
    let examination =
        examine(&scenario, Stage::Virtual, seed).expect("virtual time takes any plan");
    assert!(examination.passed(), "{name}: {:#?}", examination.misses);
    let told = regression::told(&scenario).expect("virtual time takes any plan");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../regressions");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.replace('/', "--"), told));
}

#[test]
fn every_regression_ends_as_it_was_accepted() {
    let failed: Vec<&str> = regression::embedded()
        .filter(|(name, text)| catch_unwind(AssertUnwindSafe(|| check(name, text))).is_err())
        .map(|(name, _)| name)
        .collect();
    assert!(failed.is_empty(), "{failed:?}");
}
