//! The unsound ways of the tables of design choices, each ready to be set in a plan.

use crate::plan::Plan;
use crate::plan::draw::{Draw, Purpose};
use crate::scenario::choices::{ACQUIRER, Choice, ISSUER, Param, TERMINAL, Way};
use cardstorm_models::party::acquirer::{AcquirerChoices, OpenDuplicate, Retention, UploadAgain};
use cardstorm_models::party::issuer::IssuerChoices;
use cardstorm_models::party::terminal::{BatchEnd, TerminalChoices, Unannounced, UploadedLines};

/// An unsound way of one design choice.
#[derive(Clone, Debug)]
pub struct Unsound {
    /// `party.choice = way`.
    pub name: String,
    /// What it means, and the bug it stands for.
    pub doc: &'static str,
    /// What must stand beside it for it to do harm.
    pub companion: Option<Companion>,
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

/// Another choice that is set along with one that no plan can show alone.
#[derive(Clone, Copy, Debug)]
pub struct Companion {
    /// What it is, in words.
    pub beside: &'static str,
    /// Sets it in a plan.
    pub set: fn(&mut Plan),
}

/// Choices that do harm only beside another. A refund needs a slip, and a slip needs an approval that
/// nothing reverses any more: the guard matters only beside a terminal that reverses what it has
/// printed. No sound acquirer answers 09, 68 or 94 to what may have been executed, unless a repeat of
/// an open request is answered 94, which by itself is sound. What a terminal uploads or ends wrongly, a
/// sound centre does not fall for, and what a centre would fall for, no sound terminal sends; a closed
/// batch matters once its keys are forgotten.
pub(super) const COMPANIONS: [(&str, Companion); 6] = [
    (
        "terminal.indefinite_reply = decline",
        Companion {
            beside: "an acquirer that answers 94 to a repeat of an open request",
            set: |plan| plan.world.acquirer.choices.open_duplicate = OpenDuplicate::Answer94,
        },
    ),
    (
        "acquirer.refund_guard = unconfirmed",
        Companion {
            beside: "a terminal that reverses what it has printed",
            set: |plan| {
                for terminal in &mut plan.world.terminals {
                    terminal.choices.unannounced = Unannounced::Reverse;
                }
            },
        },
    ),
    (
        "terminal.upload_flags = in-memory",
        Companion {
            beside: "a centre that captures again what is uploaded again",
            set: |plan| plan.world.acquirer.choices.upload_again = UploadAgain::Inserts,
        },
    ),
    (
        "acquirer.upload_unknown = clears",
        Companion {
            beside: "a terminal that uploads one record more than there were transactions",
            set: |plan| {
                for terminal in &mut plan.world.terminals {
                    terminal.choices.uploaded_lines = UploadedLines::OneMore;
                }
            },
        },
    ),
    (
        "acquirer.end_message = trusted",
        Companion {
            beside: "a terminal that ends every batch with 207",
            set: |plan| {
                for terminal in &mut plan.world.terminals {
                    terminal.choices.batch_end = BatchEnd::Always207;
                }
            },
        },
    ),
    (
        "acquirer.closed_batch = executed",
        Companion {
            beside: "a centre that keeps keys for ten seconds",
            set: |plan| {
                plan.world.acquirer.choices.retention = Retention::For { ms: 10_000 };
            },
        },
    ),
];

impl Unsound {
    /// Sets it in a plan: at every terminal, or at its host. Where it has a number, the number is the seed's.
    pub fn set(&self, plan: &mut Plan) {
        if let Some(companion) = self.companion {
            (companion.set)(plan);
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
        choice.ways.iter().filter(|way| !way.sound).map(move |way| {
            let name = format!("{party}.{} = {}", choice.key, way.name);
            let companion = COMPANIONS.iter().find(|(of, _)| *of == name);
            let number = match way.param {
                Param::None => Number::None,
                Param::Duration => Number::Duration,
                Param::Count => Number::Count,
            };
            let companion = companion.map(|(_, companion)| *companion);
            Unsound { name, doc: way.doc, companion, number, of: wrap(*way) }
        })
    })
}
