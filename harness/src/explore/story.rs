//! A plan that nobody wrote, told as a story: names for its things, so that traces, folders and regressions
//! of explored plans read like those of written ones.

use crate::plan::{Plan, Task};
use crate::scenario::{Expect, Names, Scenario, Text2};

/// The name of plans that were made without a story as their base.
pub const STORM: &str = "storm";

/// Names for a plan's things: `sale-1`, `refund-2`, `till-1`; accounts, cards and merchants have their own.
pub fn names(plan: &Plan) -> Names {
    let numbered = |what: &str, n: usize| format!("{what}-{}", n + 1);
    let ops = plan.ops.iter().enumerate().map(|(n, op)| match op.task {
        Task::Sale { .. } => numbered("sale", n),
        Task::Rest { .. } => numbered("rest", n),
        Task::PreAuth { .. } => numbered("pre-auth", n),
        Task::Balance { .. } => numbered("balance", n),
        Task::Completion { .. } => numbered("completion", n),
        Task::Void { .. } => numbered("void", n),
        Task::Refund { .. } => numbered("refund", n),
        Task::PortalRefund { .. } => numbered("portal-refund", n),
        Task::Dispute { .. } => numbered("dispute", n),
        Task::Settle => numbered("settlement", n),
        Task::Echo => numbered("echo", n),
        Task::SignOff => numbered("sign-off", n),
    });
    let intents = plan.ops.iter().filter_map(|op| op.task.intent());
    let intents = intents.map(|intent| intent as usize + 1);
    let intents = (0..intents.max().unwrap_or(0)).map(|n| numbered("purchase", n));
    let terminals = 0..plan.world.terminals.len();
    Names {
        ops: ops.collect(),
        terminals: match terminals.len() {
            1 => vec!["till".into()],
            _ => terminals.map(|n| numbered("till", n)).collect(),
        },
        merchants: plan.world.acquirer.merchants.iter().map(|of| of.name.clone()).collect(),
        accounts: plan.world.issuer.accounts.iter().map(|of| of.name.clone()).collect(),
        cards: plan.world.issuer.cards.iter().map(|of| of.name.clone()).collect(),
        intents: intents.collect(),
    }
}

/// The story of a plan that was generated, in the world of a base scenario where there is one. Nothing is
/// expected of it but that every invariant holds.
pub fn story(plan: &Plan, base: Option<&Scenario>, how: &str) -> Scenario {
    let mut names = names(plan);
    let mut source = format!("# Generated, not written: {how}.\n");
    if let Some(base) = base {
        names.terminals.clone_from(&base.names.terminals);
        names.terminals.truncate(plan.world.terminals.len());
        source.push_str("# Its parties are those of this story:\n\n");
        source.push_str(&base.source);
    }
    let name = base.map_or(STORM, |base| base.name.as_str()).to_owned();
    let title = Text2 { en: "A generated plan".into(), zh: "自动生成的方案".into() };
    Scenario {
        name,
        folder: String::new(),
        title,
        question: Text2::default(),
        story: None,
        rows: Vec::new(),
        plan: plan.clone(),
        expect: Expect { idle_faults: true, ..Expect::default() },
        names,
        source,
        warnings: Vec::new(),
    }
}
