//! Expectation by expectation: what was wanted, and what came out.

use super::{About, Expected, Miss, Stage};
use crate::check::{Remark, Ruling, Verdict};
use crate::history::{Event, What};
use crate::plan::{Place, Plan};
use crate::scenario::{Names, OpExpect, Shown, probe_share};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Outcome, Text};
use std::collections::BTreeMap;

/// Everything that did not come out as expected.
pub(super) fn misses(
    plan: &Plan,
    expected: Expected<'_>,
    stage: Stage,
    events: &[Event],
    verdicts: &[Verdict],
    fired: &[u64],
) -> Vec<Miss> {
    let mut misses = Vec::new();
    // turmoil's own network has its own timing: outcomes and strikes are other ones there, and a story
    // about an unsound choice may not come to its point. Sound parties hold every invariant even so.
    if stage == Stage::TurmoilNative {
        if expected.expect.violates.is_none() {
            invariants(expected, verdicts, &mut misses);
        }
        return misses;
    }
    operations(expected, events, &mut misses);
    if !expected.expect.idle_faults {
        faults(plan, fired, &mut misses);
    }
    balances(plan, expected, events, &mut misses);
    invariants(expected, verdicts, &mut misses);
    misses
}

fn miss(name: String, about: About, expected: Remark, observed: Remark) -> Miss {
    Miss { name, about, expected, observed, undecided: false }
}

fn faults(plan: &Plan, fired: &[u64], misses: &mut Vec<Miss>) {
    for (n, (fault, count)) in (0u32..).zip(plan.faults.iter().zip(fired)) {
        if *count == 0 {
            let (number, kind) = (n + 1, fault.what.name());
            misses.push(miss(
                format!("fault-{number}-{}", kind.replace('_', "-")),
                About::Fault(n),
                Remark::FaultStrikes { fault: n },
                Remark::NeverStruck,
            ));
        }
    }
}

/// How an operation came out: the ending and the last screen of its last attempt.
#[derive(Clone, Copy, Default)]
struct CameOut {
    attempt: u8,
    outcome: Option<Outcome>,
    screen: Option<(Option<ResponseCode>, Text)>,
    skipped: bool,
}

fn came_out(events: &[Event]) -> BTreeMap<u32, CameOut> {
    let mut out: BTreeMap<u32, CameOut> = BTreeMap::new();
    for event in events {
        match event.what {
            What::OpBegins { op, .. } => {
                let fresh = CameOut { attempt: op.attempt, ..CameOut::default() };
                out.insert(op.op, fresh);
            }
            What::OpSkipped { op } => out.entry(op.op).or_default().skipped = true,
            What::Said { said: Observation::Ended { op, outcome } } => {
                if let Some(seen) = out.get_mut(&op.op).filter(|seen| seen.attempt == op.attempt) {
                    seen.outcome = Some(outcome);
                }
            }
            What::Said { said: Observation::Screen { op, code, text, .. } } => {
                if let Some(seen) = out.get_mut(&op.op).filter(|seen| seen.attempt == op.attempt) {
                    seen.screen = Some((code, text));
                }
            }
            _ => {}
        }
    }
    out
}

fn operations(expected: Expected<'_>, events: &[Event], misses: &mut Vec<Miss>) {
    let out = came_out(events);
    for expect in &expected.expect.ops {
        let seen = out.get(&expect.op).copied().unwrap_or_default();
        let name = expected.names.op(expect.op);
        misses.extend(outcome(expect, &seen, name));
        misses.extend(screen(expect, &seen, name));
    }
}

fn outcome(expect: &OpExpect, seen: &CameOut, name: &str) -> Option<Miss> {
    let wanted = expect.outcome.filter(|wanted| seen.outcome != Some(*wanted))?;
    let observed = match seen.outcome {
        Some(outcome) => Remark::OperationEnded { outcome },
        None if seen.skipped => Remark::OperationCouldNotBegin,
        None => Remark::OperationDidNotEnd,
    };
    Some(miss(
        format!("outcome-of-{name}"),
        About::Outcome(expect.op),
        Remark::OperationEnds { op: expect.op, outcome: wanted },
        observed,
    ))
}

fn screen(expect: &OpExpect, seen: &CameOut, name: &str) -> Option<Miss> {
    let wanted = expect.shows?;
    let shown = seen.screen;
    let right = match wanted {
        Shown::Code(code) => shown.is_some_and(|(shown, _)| shown == Some(code)),
        Shown::Text(text) => shown.is_some_and(|(_, shown)| shown == text),
    };
    if right {
        return None;
    }
    let observed = match shown {
        Some((Some(code), _)) => Remark::ShowedCode { code },
        Some((None, text)) => Remark::ShowedText { text },
        None => Remark::ShowedNothing,
    };
    Some(miss(
        format!("screen-of-{name}"),
        About::Screen(expect.op),
        match wanted {
            Shown::Code(code) => Remark::OperationShowsCode { op: expect.op, code },
            Shown::Text(text) => Remark::OperationShowsText { op: expect.op, text },
        },
        observed,
    ))
}

fn balances(plan: &Plan, expected: Expected<'_>, events: &[Event], misses: &mut Vec<Miss>) {
    let mut finals: BTreeMap<Account, Fen> = BTreeMap::new();
    for event in events {
        if let What::Balance { account, balance } = event.what {
            finals.insert(account, balance);
        }
    }
    for (account, wanted) in &expected.expect.balances {
        let read = finals.get(account).copied().unwrap_or_default();
        let read = read - probe_share(plan, *account);
        if read != *wanted {
            misses.push(miss(
                account_name(expected.names, *account),
                About::Balance(*account),
                Remark::BalanceAtTheEnd { account: *account, balance: *wanted },
                Remark::BalanceRead { balance: read },
            ));
        }
    }
}

/// An account's expectation in one word.
fn account_name(names: &Names, account: Account) -> String {
    let of = |short: &str, names: &[String], n: u32| {
        let name = names.get(n as usize).cloned().unwrap_or_else(|| format!("number-{n}"));
        format!("{short}-of-{name}")
    };
    match account {
        Account::Cardholder(n) => of("balance", &names.accounts, n),
        Account::MerchantUnsettled(n) => of("unsettled", &names.merchants, n),
        Account::MerchantPaid(n) => of("paid-out", &names.merchants, n),
        Account::ReturnedRefunds => "returned-refunds".into(),
        Account::Interbank => "interbank".into(),
        Account::Outside => "outside".into(),
        Account::IssuerFees => "issuer-fees".into(),
        Account::NetworkFees => "network-fees".into(),
        Account::AcquirerFees => "acquirer-fees".into(),
    }
}

fn invariants(expected: Expected<'_>, verdicts: &[Verdict], misses: &mut Vec<Miss>) {
    if expected.expect.violates.is_some() {
        misses.extend(violates(expected, verdicts));
        return;
    }
    for verdict in verdicts {
        if let Some(violation) = verdict.violation() {
            misses.push(miss(
                verdict.invariant.name().to_owned(),
                About::Invariant(verdict.invariant),
                violation.expected.clone(),
                violation.observed.clone(),
            ));
        }
    }
}

fn violates(expected: Expected<'_>, verdicts: &[Verdict]) -> Option<Miss> {
    let (invariant, place) = expected.expect.violates?;
    let verdict = verdicts.iter().find(|verdict| verdict.invariant == invariant);
    let (observed, undecided) = match verdict.map(|verdict| &verdict.ruling) {
        Some(Ruling::Violated(violation)) => {
            let elsewhere = place.filter(|place| !same_side(*place, violation.blamed));
            elsewhere.map(|_| (Remark::InvariantBrokeAt { place: violation.blamed }, false))?
        }
        Some(Ruling::Unknown(why)) => (Remark::NothingToJudge { why: Box::new(why.clone()) }, true),
        Some(Ruling::Held) | None => (Remark::InvariantHeld, false),
    };
    Some(Miss {
        name: invariant.name().to_owned(),
        about: About::Invariant(invariant),
        expected: Remark::InvariantBreaks { invariant, place },
        observed,
        undecided,
    })
}

fn same_side(wanted: Place, blamed: Place) -> bool {
    match (wanted, blamed) {
        (Place::Terminal(_), Place::Terminal(_)) => true,
        (wanted, blamed) => wanted == blamed,
    }
}
