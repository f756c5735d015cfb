//! What is wrong with a story as a whole, once each of its parts is right by itself.

use super::faults::Placed;
use super::ops::Ops;
use super::requirements::requirement;
use super::walk::{At, Sink, Spot, Table};
use super::world::WorldNames;
use super::{Expect, hint};
use super::{often, paces};
use crate::plan::{FaultKind, MessageFilter, Op, Place, Plan, Start, Task, When};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::Retention;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::terminal::ReversalRecord;
use cardstorm_models::wire::code::lookup;
use cardstorm_models::wire::{Mti, ReversalReason};

/// The lints that a story can allow by name.
pub(super) const LINTS: [(&str, &str); 4] = [
    (
        "timer-order",
        "the acquirer waits for the issuer at least as long as a terminal waits for the acquirer (flows 3)",
    ),
    ("unused", "an account, card, merchant or terminal that nothing uses"),
    ("empty", "a story without an operation"),
    (
        "lone-purchase",
        "an `intent` that no other sale has, under a name that is not the sale's own",
    ),
];

/// Requirement rows must exist, and each once.
pub(super) fn rows(sink: &mut Sink, rows: &[Spot<&str>]) {
    for (n, row) in rows.iter().enumerate() {
        if rows[..n].iter().any(|before| before.value == row.value) {
            sink.error(
                &row.at,
                format!("row `{}` is named twice", row.value),
                "expected each row once",
            );
        }
        match requirement(row.value) {
            Some(known) if known.in_scope => {}
            Some(_) => {
                let message = format!("row `{}` is out of scope", row.value);
                sink.error(&row.at, message, "no story can carry it");
            }
            None => {
                let all = super::requirements::requirements();
                let near = hint::nearest(row.value, all.iter().map(|known| known.id.as_str()));
                let message =
                    format!("there is no requirement row `{}`", super::walk::short(row.value));
                let error = sink.error(&row.at, message, "expected a row of the requirements");
                error.hint = near.map(|near| format!("did you mean `{near}`?"));
            }
        }
    }
}

/// Everything that looks at the plan as a whole.
pub(super) fn lint(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    plan: &Plan,
    expect: &Expect,
    names: &WorldNames,
    ops: &Ops,
    faults: &[Placed],
) {
    timers(sink, root, plan);
    paces::too_slow(sink, root, plan);
    for placed in faults {
        never_fires(sink, plan, placed);
        never_said(sink, plan, placed);
        late(sink, plan, expect, placed);
        beyond(sink, expect, placed);
    }
    never_happens(sink, plan, ops, expect);
    given_back_too_soon(sink, plan, ops);
    too_late(sink, root, plan, ops);
    refused_at_the_till(sink, plan, ops, expect);
    lone_purchases(sink, plan, ops);
    for named in [&names.merchants, &names.terminals, &names.accounts, &names.cards] {
        named.warn_unused(sink, "unused");
    }
    if plan.ops.is_empty() {
        let label = "expected a [sale.NAME]";
        sink.warning("empty", &root.value_at("title"), "nobody does anything in this story", label);
    }
}

fn timers(sink: &mut Sink, root: &Table<'_, '_>, plan: &Plan) {
    let inner = plan.world.acquirer.timers.issuer_timeout_ms;
    let outer = plan.world.terminals.iter().map(|t| t.timers.response_timeout_ms).min();
    let Some(outer) = outer.filter(|outer| inner >= *outer) else { return };
    let key = if root.has("acquirer") { "acquirer" } else { "terminal" };
    let message = format!(
        "the acquirer waits {} s for the issuer, a terminal only {} s for the acquirer: each inner timer \
         must be shorter than the outer one (flows 3)",
        inner / 1000,
        outer / 1000
    );
    sink.warning("timer-order", &root.key_at(key), message, "timers in the wrong order");
}

/// Triggers that no run of this plan can reach.
fn never_fires(sink: &mut Sink, plan: &Plan, placed: &Placed) {
    let at = &placed.trigger_at;
    match &placed.fault.when {
        When::At { ms } if *ms >= plan.chaos_ms => {
            let message = format!(
                "faults stop {} s after the start, before this one strikes",
                plan.chaos_ms / 1000
            );
            sink.error(at, message, "can never fire").hint =
                Some("give `[run]` a longer `chaos`".to_owned());
        }
        When::At { .. } => return,
        When::Sends { filter, .. } | When::Receives { filter, .. } => {
            if matches!(filter.mti, Some(Mti::M0800 | Mti::M0810)) && filter.op.is_some() {
                sink.error(at, "a sign-on serves no operation", "can never fire");
            }
            let refunds = plan.ops.iter().any(|op| matches!(op.task, Task::Refund { .. }));
            if matches!(filter.mti, Some(Mti::M0220 | Mti::M0230)) && !refunds {
                sink.error(at, "no operation of this story is a refund", "can never fire");
            }
            let uploads = Some(Mti::M0320) == filter.mti || Some(Mti::M0330) == filter.mti;
            let settles = uploads || matches!(filter.mti, Some(Mti::M0500 | Mti::M0510));
            if settles && !plan.settles() {
                sink.error(at, "no batch of this story is settled", "can never fire");
            }
            let manages = matches!(filter.mti, Some(Mti::M0820 | Mti::M0830));
            if (manages || uploads) && filter.op.is_some() {
                sink.error(at, "a message of this type serves no operation", "can never fire");
            }
            if matches!(filter.mti, Some(Mti::M0400 | Mti::M0410)) {
                never_reverses(sink, plan, placed, only_terminal(plan, placed.fault.at, filter));
            }
        }
        When::Before { effect, op, terminal, .. } => {
            if matches!(effect.as_str(), "send 0400" | "append undone" | "send 0410") {
                let (op, terminal) = (*op, *terminal);
                let filter = MessageFilter { op, terminal, ..MessageFilter::default() };
                never_reverses(sink, plan, placed, only_terminal(plan, placed.fault.at, &filter));
            }
            needs_choice(sink, plan, placed, effect, *op);
        }
    }
    if let Some(most) = often::most(plan, &placed.fault)
        && u64::from(often::nth(&placed.fault)) > most
    {
        let times = if most == 1 { "once".to_owned() } else { format!("{most} times") };
        let message = format!("that happens {times} at most in this story");
        sink.error(&placed.nth_at, message, "can never fire").hint =
            Some("write a smaller `nth`; the first, if it is left out".to_owned());
    }
}

/// A response code or a reversal's reason that no party has.
fn never_said(sink: &mut Sink, plan: &Plan, placed: &Placed) {
    let (When::Sends { filter, .. } | When::Receives { filter, .. }) = &placed.fault.when else {
        return;
    };
    let (Some(code), Some(at)) = (filter.code, &placed.code_at) else { return };
    let reason = ReversalReason::from_code(code).is_some();
    if lookup(code).is_none() && !reason && code != plan.world.acquirer.maintenance_code {
        let message = format!("no party of this story says {code}");
        sink.error(at, message, "can never match").hint =
            Some("`cardstorm explain` lists the response codes".to_owned());
    }
}

/// What is given back must have been sold before.
fn given_back_too_soon(sink: &mut Sink, plan: &Plan, ops: &Ops) {
    for (number, op) in (0u32..).zip(&plan.ops) {
        let (Task::Void { of, .. } | Task::Refund { of, .. }) = op.task else { continue };
        if earliest_ms(plan, number) > earliest_ms(plan, of) {
            continue;
        }
        let place = ops.names.place(number).cloned().unwrap_or(0..0);
        let (name, sale) = (ops.names.name(number), ops.names.name(of));
        let message = format!("`{name}` begins no later than `{sale}`, whose slip it goes by");
        sink.error(&place, message, "begins too soon").hint =
            Some(format!("give it a later `at`, or `after = \"{sale}\"`"));
    }
}

/// When an operation begins at the earliest.
fn earliest_ms(plan: &Plan, number: u32) -> u64 {
    let (mut at, mut total) = (number, 0u64);
    // Circles were refused before.
    for _ in 0..plan.ops.len() {
        match plan.ops[at as usize].start {
            Start::At { ms } => return total + ms,
            Start::After { op, delay_ms, .. } => {
                total += delay_ms;
                at = op;
            }
        }
    }
    total
}

/// What institutions do by themselves belongs to the time in which things go wrong: afterwards all is left to
/// become quiet.
pub(super) fn house_too_late(sink: &mut Sink, plan: &Plan, places: &[At]) {
    for (house, at) in plan.house.iter().zip(places) {
        if house.at_ms >= plan.chaos_ms {
            let message =
                format!("the run's chaos is over {} s after the start", plan.chaos_ms / 1000);
            sink.error(at, message, "happens too late").hint =
                Some("give `[run]` a longer `chaos`".to_owned());
        }
    }
}

/// A terminal refuses an amount of zero or less by itself.
fn refused_at_the_till(sink: &mut Sink, plan: &Plan, ops: &Ops, expect: &Expect) {
    for (number, op) in (0u32..).zip(&plan.ops) {
        let Some(amount) = op.task.amount() else { continue };
        let ends = expect.ops[number as usize].outcome;
        if amount <= Fen::ZERO && ends.is_some_and(|ends| ends != Outcome::Failed) {
            let place = ops.names.place(number).cloned().unwrap_or(0..0);
            let message = format!(
                "`{}` asks for {amount}, which a terminal refuses: it ends failed",
                ops.names.name(number)
            );
            sink.error(&place, message, "never ends as expected").hint =
                Some("ask for more than 0.00, or expect `shows = \"invalid-amount\"`".to_owned());
        }
    }
}

/// A purchase under a name of its own that nothing else pays for is most often a slip of the pen.
fn lone_purchases(sink: &mut Sink, plan: &Plan, ops: &Ops) {
    let paid = |op: &Op| op.task.intent();
    for (number, at) in &ops.purchases {
        let Some(intent) = plan.ops.get(*number as usize).and_then(paid) else { continue };
        let name = ops.intents.name(intent);
        let payers = plan.ops.iter().filter(|op| paid(op) == Some(intent)).count();
        if payers > 1 || name == ops.names.name(*number) {
            continue;
        }
        let near = hint::nearest(name, ops.names.list().iter().map(String::as_str));
        let message = format!("no other sale pays for the purchase `{}`", super::walk::short(name));
        sink.warning("lone-purchase", at, message, "a purchase of its own");
        if let Some(near) = near {
            let warning = sink.list.last_mut().expect("just reported");
            let allow = warning.hint.take().unwrap_or_default();
            warning.hint = Some(format!("did you mean `{near}`? {allow}"));
        }
    }
}

/// A reversal at a terminal that makes none.
fn never_reverses(sink: &mut Sink, plan: &Plan, placed: &Placed, only: Option<u16>) {
    let terminals = &plan.world.terminals;
    let concerned = match only {
        Some(n) => &terminals[usize::from(n)..=usize::from(n)],
        None => &terminals[..],
    };
    if concerned.iter().all(|one| one.choices.reversal_record == ReversalRecord::Never) {
        let message = match only {
            Some(_) => "that terminal never reverses (its `reversal_record` is `never`)",
            None => "no terminal of this story ever reverses",
        };
        sink.error(&placed.trigger_at, message, "can never fire");
    }
}

/// The one terminal whose messages a fault can meet, if there is but one.
fn only_terminal(plan: &Plan, at: Place, filter: &MessageFilter) -> Option<u16> {
    let place = |place: Place| match place {
        Place::Terminal(n) => Some(n),
        Place::Acquirer | Place::Issuer => None,
    };
    let of = filter.op.and_then(|op| plan.ops.get(op as usize)).map(|op| op.terminal);
    place(at).or(filter.peer.and_then(place)).or(filter.terminal).or(of)
}

/// Effects that only some design choice brings about.
fn needs_choice(sink: &mut Sink, plan: &Plan, placed: &Placed, effect: &str, op: Option<u32>) {
    use cardstorm_models::party::acquirer::{
        AdviceTries, IssuerSilence, ReversedAnswer, UploadAgain, UploadUnknown,
    };
    use cardstorm_models::party::terminal::ReversalAttempts;
    let gives_up = |terminal: &cardstorm_models::party::terminal::TerminalConfig| {
        terminal.choices.reversal_attempts != ReversalAttempts::Unlimited
    };
    let choices = &plan.world.acquirer.choices;
    let needs = match effect {
        "append abandoned" if !plan.world.terminals.iter().any(gives_up) => {
            "reversal_attempts = { give-up = ... }"
        }
        "append dropped" if choices.advice_tries == AdviceTries::Unlimited => {
            "advice_tries = { give-up = ... }"
        }
        "append taken from upload"
            if choices.upload_again == UploadAgain::Ignored
                && choices.upload_unknown == UploadUnknown::Reported =>
        {
            "upload_again = \"inserts\""
        }
        "append left open" if choices.issuer_silence != IssuerSilence::Plain91 => {
            "issuer_silence = \"plain-91\""
        }
        "append late approval" if choices.reversed_answer != ReversedAnswer::Issuers => {
            "reversed_answer = \"issuers\""
        }
        _ => "",
    };
    let at = &placed.trigger_at;
    if !needs.is_empty() {
        let hint = format!("it is reached with `{needs}`");
        sink.error(at, format!("no party of this story comes to `{effect}`"), "can never fire")
            .hint = Some(hint);
    }
    if op.is_some()
        && matches!(
            effect,
            "append stan"
                | "append batch"
                | "append sign-on"
                | "append house record"
                | "connect"
                | "set clock"
                | "send 0800"
                | "send 0810"
                | "send 0820"
                | "send 0830"
                | "send 0320"
                | "send 0330"
                | "append batch over"
                | "append batch closed"
        )
    {
        sink.error(at, format!("`{effect}` serves no operation"), "can never fire").hint =
            Some("leave `of` out".to_owned());
    }
    let refunds = plan.ops.iter().any(|op| matches!(op.task, Task::Refund { .. }));
    if !refunds
        && (effect.starts_with("append refund") || effect == "send 0220" || effect == "send 0230")
    {
        sink.error(at, "no operation of this story is a refund", "can never fire");
    }
}

/// What no run survives must be told as such, and what has no MAC cannot lose it.
fn beyond(sink: &mut Sink, expect: &Expect, placed: &Placed) {
    if matches!(placed.fault.what, FaultKind::Restore { even_open: true, .. })
        && expect.violates.is_none()
    {
        let message = "no design survives a journal that forgets what must go out again \
                       (soundness 10)";
        sink.error(&placed.at, message, "nothing can hold then").hint = Some(
            "say which invariant breaks, or leave `forgets` out: it then strikes only where \
             nothing is open"
                .to_owned(),
        );
    }
    if let (FaultKind::StripMac, When::Sends { filter, .. } | When::Receives { filter, .. }) =
        (placed.fault.what, &placed.fault.when)
        && matches!(filter.mti, Some(Mti::M0800 | Mti::M0810 | Mti::M0820 | Mti::M0830))
    {
        sink.error(&placed.trigger_at, "that message has no MAC", "can never fire");
    }
}

/// A message must not outlive the run, nor what the acquirer remembers of it.
fn late(sink: &mut Sink, plan: &Plan, expect: &Expect, placed: &Placed) {
    let (FaultKind::Delay { ms } | FaultKind::Duplicate { after_ms: ms }) = placed.fault.what
    else {
        return;
    };
    if ms >= plan.drain_ms {
        let message =
            "the message would arrive when the run is over, so no memory could be long enough";
        let error = sink.error(&placed.at, message, "delayed beyond the run");
        error.hint = Some(format!(
            "delay it by less than the drain ({} s), or lengthen that",
            plan.drain_ms / 1000
        ));
    }
    if let Retention::For { ms: kept } | Retention::ByWallClock { ms: kept } =
        plan.world.acquirer.choices.retention
        && ms >= kept
        && expect.violates.is_none()
    {
        let message =
            format!("delayed beyond the acquirer's retention of {} s (soundness 11)", kept / 1000);
        let error = sink.error(&placed.at, message, "nothing can hold then");
        error.hint = Some(
            "say which invariant breaks: `violates = \"no-double-debit\"` in [expect]".to_owned(),
        );
    }
}

/// Operations that never begin cannot be expected to end.
fn never_happens(sink: &mut Sink, plan: &Plan, ops: &Ops, expect: &Expect) {
    for (number, at) in &ops.waits {
        let Start::After { op, outcome: Some(wanted), .. } = plan.ops[*number as usize].start
        else {
            continue;
        };
        let Some(expected) = expect.ops[op as usize].outcome else { continue };
        let no_retry = match wanted {
            Outcome::Ok => true,
            Outcome::Failed => plan.operator.retries_after_failure == 0,
            Outcome::InDoubt => plan.operator.retries_after_doubt == 0,
        };
        // A refund in doubt goes on until it is accepted or refused.
        let sale = !matches!(plan.ops[op as usize].task, Task::Refund { .. });
        if expected == wanted || !no_retry || !sale {
            continue;
        }
        let (name, other) = (ops.names.name(*number), ops.names.name(op));
        let message = format!("`{name}` never begins: `{other}` is expected to end otherwise");
        let word = match wanted {
            Outcome::Ok => "ok",
            Outcome::Failed => "failed",
            Outcome::InDoubt => "in-doubt",
        };
        sink.error(at, message, "waits for an ending that is not expected").hint =
            Some(format!("expect `{other}` to end so (`ends = \"{word}\"`), or leave `when` out"));
        let own = expect.ops[*number as usize];
        if own.outcome.is_some() || own.shows.is_some() {
            let place = ops.names.place(*number).cloned().unwrap_or(at.clone());
            sink.error(
                &place,
                format!("something is expected of `{name}`, which never begins"),
                "never begins",
            );
        }
    }
}

fn too_late(sink: &mut Sink, root: &Table<'_, '_>, plan: &Plan, ops: &Ops) {
    for number in 0..u32::try_from(plan.ops.len()).expect("few operations") {
        if earliest_ms(plan, number) >= plan.chaos_ms {
            let place = ops.names.place(number).cloned().unwrap_or(root.at.clone());
            let message =
                format!("`{}` begins when the run's chaos is over", ops.names.name(number));
            sink.error(&place, message, "begins too late").hint =
                Some("give `[run]` a longer `chaos`".to_owned());
        }
    }
}
