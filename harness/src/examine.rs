//! Running one scenario on a stage and holding what came out against what it expects.

use crate::check::{self, Ruling, Verdict};
use crate::history::{Digest, Event, What, digest};
use crate::plan::{Place, Plan};
use crate::scenario::{Scenario, Shown, probe_share};
use crate::stage::{self, turmoil::TurmoilError};
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Outcome, Text};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which stage carries a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// One queue in virtual time.
    Virtual,
    /// turmoil in lockstep, at this tick; 0 is the coarsest that the plan allows, up to 100 ms.
    Turmoil {
        /// Milliseconds.
        tick_ms: u64,
    },
    /// turmoil's own network and faults.
    TurmoilNative,
}

impl Stage {
    /// The stage's name, as the command line takes it.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Virtual => "virtual",
            Stage::Turmoil { .. } => "turmoil",
            Stage::TurmoilNative => "turmoil-native",
        }
    }
}

/// Runs a plan on a stage.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn perform(plan: &Arc<Plan>, stage: Stage) -> Result<Vec<Event>, TurmoilError> {
    match stage {
        Stage::Virtual => Ok(stage::run(plan)),
        Stage::Turmoil { tick_ms: 0 } => {
            stage::turmoil::run(plan, plan.least_latency_ms().min(100))
        }
        Stage::Turmoil { tick_ms } => stage::turmoil::run(plan, tick_ms),
        Stage::TurmoilNative => stage::native::run(plan),
    }
}

/// Something that did not come out as expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miss {
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub observed: String,
}

/// What came out of one run.
#[derive(Debug)]
pub struct Examination {
    /// Everything that happened.
    pub events: Vec<Event>,
    /// The history's digest.
    pub digest: Digest,
    /// The verdicts.
    pub verdicts: Vec<Verdict>,
    /// How often each fault of the plan struck.
    pub fired: Vec<u64>,
    /// What did not come out as expected; empty on success.
    pub misses: Vec<Miss>,
}

impl Examination {
    /// Whether everything came out as the scenario expects.
    pub fn passed(&self) -> bool {
        self.misses.is_empty()
    }
}

/// Runs a scenario's plan under a seed and judges it.
///
/// # Errors
/// Only turmoil can refuse a plan.
pub fn examine(scenario: &Scenario, stage: Stage, seed: u64) -> Result<Examination, TurmoilError> {
    let plan = Arc::new(Plan { seed, ..scenario.plan.clone() });
    let events = perform(&plan, stage)?;
    let verdicts = check::judge(&plan, &events);
    let fired = fired(&plan, &events);
    let mut misses = Vec::new();
    operations(scenario, &events, &mut misses);
    if stage != Stage::TurmoilNative {
        faults(&plan, &fired, &mut misses);
    }
    balances(scenario, &events, &mut misses);
    invariants(scenario, &verdicts, &mut misses);
    let digest = digest(&events);
    Ok(Examination { events, digest, verdicts, fired, misses })
}

/// How often each fault of a plan struck.
pub fn fired(plan: &Plan, events: &[Event]) -> Vec<u64> {
    let mut fired = vec![0; plan.faults.len()];
    for event in events {
        if let What::Fault { fault } = event.what {
            fired[fault as usize] += 1;
        }
    }
    fired
}

fn faults(plan: &Plan, fired: &[u64], misses: &mut Vec<Miss>) {
    for (n, (fault, count)) in plan.faults.iter().zip(fired).enumerate() {
        if *count == 0 {
            misses.push(Miss {
                expected: format!("fault {} ({}) strikes", n + 1, fault.what.name()),
                observed: "it never struck".into(),
            });
        }
    }
}

/// How an operation came out: the ending and the last screen of its last attempt.
#[derive(Clone, Copy, Default)]
struct CameOut {
    attempt: u8,
    outcome: Option<Outcome>,
    screen: Option<(Option<cardstorm_models::ids::ResponseCode>, Text)>,
    skipped: bool,
}

fn operations(scenario: &Scenario, events: &[Event], misses: &mut Vec<Miss>) {
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
    for expect in &scenario.expect.ops {
        let seen = out.get(&expect.op).copied().unwrap_or_default();
        let name = scenario.names.op(expect.op);
        if let Some(wanted) = expect.outcome
            && seen.outcome != Some(wanted)
        {
            misses.push(Miss {
                expected: format!("{name} ends {}", outcome_name(wanted)),
                observed: match seen.outcome {
                    Some(outcome) => format!("it ended {}", outcome_name(outcome)),
                    None if seen.skipped => "it could not begin: its sale has no slip".into(),
                    None => "it never ended".into(),
                },
            });
        }
        if let Some(wanted) = expect.shows {
            let shown = seen.screen;
            let right = match wanted {
                Shown::Code(code) => shown.is_some_and(|(shown, _)| shown == Some(code)),
                Shown::Text(text) => shown.is_some_and(|(_, shown)| shown == text),
            };
            if !right {
                misses.push(Miss {
                    expected: format!("{name} shows {}", shown_name(wanted)),
                    observed: match shown {
                        Some((Some(code), _)) => format!("it showed {code}"),
                        Some((None, text)) => format!("it showed \"{}\"", text.english()),
                        None => "it showed nothing".into(),
                    },
                });
            }
        }
    }
}

/// An outcome, as scenario files write it.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::Failed => "failed",
        Outcome::InDoubt => "in-doubt",
    }
}

fn shown_name(shown: Shown) -> String {
    match shown {
        Shown::Code(code) => code.to_string(),
        Shown::Text(text) => format!("\"{}\"", text.english()),
    }
}

fn balances(scenario: &Scenario, events: &[Event], misses: &mut Vec<Miss>) {
    let mut finals: BTreeMap<Account, Fen> = BTreeMap::new();
    for event in events {
        if let What::Balance { account, balance } = event.what {
            finals.insert(account, balance);
        }
    }
    for (account, wanted) in &scenario.expect.balances {
        let read = finals.get(account).copied().unwrap_or_default();
        let read = read - probe_share(&scenario.plan, *account);
        if read != *wanted {
            misses.push(Miss {
                expected: format!("{} of {wanted} at the end", account_name(scenario, *account)),
                observed: format!("{read}"),
            });
        }
    }
}

fn account_name(scenario: &Scenario, account: Account) -> String {
    let name = |names: &[String], n: u32| {
        names.get(n as usize).cloned().unwrap_or_else(|| format!("number {n}"))
    };
    match account {
        Account::Cardholder(n) => format!("balance of {}", name(&scenario.names.accounts, n)),
        Account::MerchantUnsettled(n) => {
            format!("unsettled takings of {}", name(&scenario.names.merchants, n))
        }
        Account::MerchantPaid(n) => format!("payout of {}", name(&scenario.names.merchants, n)),
        Account::ReturnedRefunds => "returned refunds".into(),
        Account::Interbank => "interbank account".into(),
        Account::Outside => "outside account".into(),
    }
}

fn invariants(scenario: &Scenario, verdicts: &[Verdict], misses: &mut Vec<Miss>) {
    let wanted = scenario.expect.violates;
    if let Some((invariant, place)) = wanted {
        let verdict = verdicts.iter().find(|verdict| verdict.invariant == invariant);
        let violation = verdict.and_then(Verdict::violation);
        let observed = match violation {
            None => Some(match verdict.map(|verdict| &verdict.ruling) {
                Some(Ruling::Unknown(why)) => format!("nothing to judge: {why}"),
                _ => "it held".into(),
            }),
            Some(violation) => place
                .filter(|place| !same_side(*place, violation.blamed))
                .map(|_| format!("it broke at {}", place_name(violation.blamed))),
        };
        if let Some(observed) = observed {
            let at = place.map(|place| format!(" at {}", place_name(place))).unwrap_or_default();
            let expected = format!("{} breaks{at}", invariant.name());
            misses.push(Miss { expected, observed });
        }
        return;
    }
    for verdict in verdicts {
        if let Some(violation) = verdict.violation() {
            misses.push(Miss {
                expected: format!("{}: {}", verdict.invariant.name(), violation.expected),
                observed: violation.observed.clone(),
            });
        }
    }
}

fn same_side(wanted: Place, blamed: Place) -> bool {
    match (wanted, blamed) {
        (Place::Terminal(_), Place::Terminal(_)) => true,
        (wanted, blamed) => wanted == blamed,
    }
}

/// A party, in words.
pub fn place_name(place: Place) -> String {
    match place {
        Place::Terminal(n) => format!("terminal {n}"),
        Place::Acquirer => "the acquirer".into(),
        Place::Issuer => "the issuer".into(),
    }
}
