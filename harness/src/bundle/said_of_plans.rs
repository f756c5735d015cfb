//! What is said of an edited plan that cannot be run: a table of edits, and one snapshot of all the answers.

use super::validate;
use crate::plan::Plan;
use crate::scenario;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// A plan with something of everything that can be edited wrongly.
const STORY: &str = r#"
title = { en = "A plan to edit", zh = "供修改的方案" }
question = { en = "Is each edit told?", zh = "是否逐一说明?" }

[terminal.till]
[terminal.other]

[sale.shoes]
amount = "1.00"

[refund.back]
of = "shoes"
amount = "1.00"
at = "+60s"

[[fault]]
what = "drop"
where = "till"
sends = "0200"
of = "shoes"

[[fault]]
what = "crash"
where = "till"
before = "sync"

[[fault]]
what = "latency"
where = "till"
with = "acquirer"
latency = "200ms to 300ms"
at = "+20s"
for = "10s"

[[fault]]
what = "flap"
where = "acquirer"
with = "issuer"
at = "+12s"
down = "5s"
up = "4s"
for = "20s"

[[fault]]
what = "restore"
where = "till"
at = "+90s"
age = "1h"

[[fault]]
what = "wrong_zone"
where = "till"
at = "+1s"
hours = -10

[[house]]
do = "freeze"
at = "+50s"
account = "customer"
"#;

/// Where in the plan, and what is written there instead.
fn edits() -> Vec<(&'static str, Value)> {
    vec![
        ("/version", json!(9)),
        ("/start", json!(-1)),
        ("/chaos_ms", json!(0)),
        ("/drain_ms", json!(u64::MAX)),
        ("/operator/retry_delay_ms", json!(u64::MAX)),
        ("/links/split_per_million", json!(2_000_000)),
        ("/links/leg1/uniform/min_ms", json!(0)),
        ("/links/leg2/uniform/max_ms", json!(1)),
        ("/world/terminals", json!([])),
        ("/world/terminals/1/id", json!("10000001")),
        ("/world/terminals/0/timers/response_timeout_ms", json!(0)),
        ("/world/terminals/0/timers/tries_per_session", json!(0)),
        ("/world/acquirer/terminals/1/id", json!("10000001")),
        ("/world/acquirer/terminals/0/merchant", json!(7)),
        ("/world/acquirer/merchants/0/opening_unsettled", json!(i64::MAX)),
        ("/world/acquirer/timers/issuer_timeout_ms", json!(0)),
        ("/world/issuer/accounts/0/opening", json!(i64::MAX)),
        ("/world/issuer/cards/0/account", json!(9)),
        ("/world/issuer/cards/0/expiry/month", json!(13)),
        ("/world/issuer/cards/0/expiry/year", json!(120)),
        ("/world/probe_card", json!(9)),
        ("/ops/0/terminal", json!(5)),
        ("/ops/0/start/at/ms", json!(u64::MAX)),
        ("/ops/0/task/sale/card", json!(9)),
        ("/ops/0/task/sale/amount", json!(i64::MAX)),
        ("/ops/1/task/refund/of", json!(9)),
        ("/house/0/at_ms", json!(u64::MAX)),
        ("/house/0/op/account_state/account", json!(9)),
        ("/faults/0/at/terminal", json!(9)),
        ("/faults/0/when/sends/nth", json!(0)),
        ("/faults/0/when/sends/filter/op", json!(99)),
        ("/faults/0/when/sends/filter/terminal", json!(9)),
        ("/faults/0/when/sends/filter/peer", json!({ "terminal": 9 })),
        ("/faults/1/when/before/effect", json!("print money")),
        ("/faults/2/what/latency/for_ms", json!(u64::MAX)),
        ("/faults/3/what/flap/down_ms", json!(0)),
        ("/faults/4/at", json!("acquirer")),
        ("/faults/5/what/wrong_zone/hours", json!(20)),
    ]
}

#[test]
fn every_edit_is_told_by_its_place() {
    let story = scenario::parse("edit.toml", "edit", STORY).expect("a good story");
    let whole = serde_json::to_value(&story.plan).expect("a plan is JSON");
    let mut text = String::new();
    for (place, value) in edits() {
        let mut edited = whole.clone();
        let at = edited.pointer_mut(place).unwrap_or_else(|| panic!("the plan has no {place}"));
        *at = value.clone();
        let said = match serde_json::from_value::<Plan>(edited) {
            Ok(plan) => validate(&plan).expect_err(place).to_string(),
            Err(error) => error.to_string(),
        };
        let _ = writeln!(text, "{place} = {value}\n  {said}");
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../snapshots/texts");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("plan--edited", text));
}
