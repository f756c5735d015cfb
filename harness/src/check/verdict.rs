//! Verdicts: held, violated with a witness, or unknown because nothing was there to check.

use super::book::EventKey;
use super::{Invariant, Remark};
use crate::plan::Place;
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a finding is about: the events that touch any of these are its witness.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Transactions as their terminals name them.
    pub keys: Vec<TxnKey>,
    /// Transactions as the hosts number them.
    pub rrns: Vec<Rrn>,
}

/// A violated invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What should have been.
    #[serde(rename = "expected_remark")]
    pub expected: Remark,
    /// What was.
    #[serde(rename = "observed_remark")]
    pub observed: Remark,
    /// The first event of the first offence.
    pub first: EventKey,
    /// How many offences there were.
    pub count: u64,
    /// What the first offence is about.
    pub subjects: Subjects,
    /// Fen at risk over all offences.
    pub at_risk: Fen,
    /// Whose rule was broken.
    pub blamed: Place,
    /// Whose rules were broken by further offences, that party aside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Place>,
}

impl Violation {
    /// Every party whose rule was broken, that of the first offence first.
    pub fn parties(&self) -> impl Iterator<Item = Place> {
        std::iter::once(self.blamed).chain(self.beside.iter().copied())
    }
}

/// How an invariant came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// It held.
    Held,
    /// It did not.
    Violated(Box<Violation>),
    /// Nothing was there to check; says what was missing.
    Unknown(Remark),
}

/// The verdict on one invariant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which.
    pub invariant: Invariant,
    /// How many things were checked.
    pub checked: u64,
    /// How it came out.
    pub ruling: Ruling,
}

impl Verdict {
    /// The violation, if there is one.
    pub fn violation(&self) -> Option<&Violation> {
        match &self.ruling {
            Ruling::Violated(violation) => Some(violation),
            Ruling::Held | Ruling::Unknown(_) => None,
        }
    }
}

/// What a check has counted and found so far.
#[derive(Debug, Default)]
pub struct Findings {
    checked: u64,
    violation: Option<Box<Violation>>,
}

/// One offence, as a check found it.
pub struct Offence {
    /// What should have been.
    pub expected: Remark,
    /// What was.
    pub observed: Remark,
    /// Its first event.
    pub first: EventKey,
    /// Whose rule was broken.
    pub blamed: Place,
    /// The transaction, as its terminal names it.
    pub key: Option<TxnKey>,
    /// The transaction, as the hosts number it.
    pub rrns: Vec<Rrn>,
}

impl Findings {
    /// One more thing was looked at.
    pub fn checked(&mut self) {
        self.checked += 1;
    }

    /// Many more things were looked at.
    pub fn checked_many(&mut self, count: u64) {
        self.checked += count;
    }

    /// One thing was not as it should be. The remarks of the first are kept, the parties of all.
    pub fn offence(&mut self, at_risk: Fen, first: EventKey, make: impl FnOnce() -> Offence) {
        let at_risk = Fen(at_risk.0.saturating_abs());
        let offence = make();
        let Some(known) = &mut self.violation else {
            self.violation = Some(Box::new(violation(offence, 1, at_risk, BTreeSet::new())));
            return;
        };
        known.count += 1;
        known.at_risk += at_risk;
        let mut parties: BTreeSet<Place> = known.parties().collect();
        parties.insert(offence.blamed);
        if first < known.first {
            let (count, risk) = (known.count, known.at_risk);
            **known = violation(offence, count, risk, parties);
        } else {
            parties.remove(&known.blamed);
            known.beside = parties.into_iter().collect();
        }
    }

    /// The verdict.
    pub fn verdict(self, invariant: Invariant, nothing: Remark) -> Verdict {
        let ruling = match self.violation {
            Some(violation) => Ruling::Violated(violation),
            None if self.checked == 0 => Ruling::Unknown(nothing),
            None => Ruling::Held,
        };
        Verdict { invariant, checked: self.checked, ruling }
    }
}

fn violation(
    offence: Offence,
    count: u64,
    at_risk: Fen,
    mut parties: BTreeSet<Place>,
) -> Violation {
    parties.remove(&offence.blamed);
    Violation {
        expected: offence.expected,
        observed: offence.observed,
        first: offence.first,
        count,
        subjects: Subjects { keys: offence.key.into_iter().collect(), rrns: offence.rrns },
        at_risk,
        blamed: offence.blamed,
        beside: parties.into_iter().collect(),
    }
}
