//! The unsound ways of the tables of design choices, each ready to be set in a plan.

use crate::plan::Plan;
use crate::plan::draw::{Draw, Purpose};
use crate::scenario::choices::{ACQUIRER, Choice, ISSUER, Param, TERMINAL, Way};
use cardstorm_models::party::acquirer::AcquirerChoices;
use cardstorm_models::party::issuer::IssuerChoices;
use cardstorm_models::party::terminal::{TerminalChoices, Unannounced};

/// An unsound way of one design choice.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// `party.choice = way`.
    pub name: String,
    /// What it means, and the bug it stands for.
    pub doc: &'static str,
    number: Number,
    of: Of,
}

/// What the way's number is.
#[derive(Clone, Copy, Debug)]
enum Number {
    None,
    Duration,
    Count,
}

#[derive(Clone, Copy, Debug)]
enum Of {
    Terminal(Way<TerminalChoices>),
    Acquirer(Way<AcquirerChoices>),
    Issuer(Way<IssuerChoices>),
}

/// Changes a plan's parties.
pub type Change = fn(&mut Plan);

/// Choices that no plan can show alone, each with what has to stand beside it. A refund needs a slip, and a
/// slip needs an approval that nothing reverses any more: the guard matters only beside a terminal that
/// reverses what it has printed.
const COMPANIONS: [(&str, Change); 1] = [("acquirer.refund_guard = unconfirmed", |plan| {
    for terminal in &mut plan.world.terminals {
        terminal.choices.unannounced = Unannounced::Reverse;
    }
})];

impl Unsound {
    /// Sets it in a plan: at every terminal, or at its host. Where it has a number, the number is the seed's.
    pub fn set(&self, plan: &mut Plan) {
        if let Some(companion) = self.companion() {
            companion(plan);
        }
        let draw = Draw::keyed(plan.seed, Purpose::Plan, &[NUMBER]);
        let number = match self.number {
            Number::None => 0,
            Number::Duration => 5_000 + draw.below(55_001),
            Number::Count => 1 + draw.below(3),
        };
        match &self.of {
            Of::Terminal(way) => {
                for terminal in &mut plan.world.terminals {
                    way.choose(&mut terminal.choices, number);
                }
            }
            Of::Acquirer(way) => way.choose(&mut plan.world.acquirer.choices, number),
            Of::Issuer(way) => way.choose(&mut plan.world.issuer.choices, number),
        }
    }

    /// What must stand beside it for it to do harm.
    pub fn companion(&self) -> Option<Change> {
        let companion = COMPANIONS.iter().find(|(name, _)| *name == self.name);
        companion.map(|(_, change)| *change)
    }
}

/// Keys the draw of a way's number.
const NUMBER: u64 = 99;

/// Every unsound way, in the order of the tables.
pub fn unsound() -> Vec<Unsound> {
    let mut all = Vec::new();
    all.extend(of("terminal", TERMINAL, Of::Terminal));
    all.extend(of("acquirer", ACQUIRER, Of::Acquirer));
    all.extend(of("issuer", ISSUER, Of::Issuer));
    all
}

fn of<C: Clone + Copy>(
    party: &'static str,
    choices: &'static [Choice<C>],
    wrap: fn(Way<C>) -> Of,
) -> impl Iterator<Item = Unsound> {
    choices.iter().flat_map(move |choice| {
        choice.ways.iter().filter(|way| !way.sound).map(move |way| Unsound {
            name: format!("{party}.{} = {}", choice.key, way.name),
            doc: way.doc,
            number: match way.param {
                Param::None => Number::None,
                Param::Duration => Number::Duration,
                Param::Count => Number::Count,
            },
            of: wrap(*way),
        })
    })
}
