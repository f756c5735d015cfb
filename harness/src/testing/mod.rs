//! Exploration inside a team's own test suite: a `#[test]` that runs so many generated plans against the
//! team's own choice of parties, tells the smallest story that breaks an invariant, keeps its plan, and
//! runs the kept plans first next time. `strategy` offers the same plans, and the same shrinking, to
//! proptest.
//!
//! ```no_run
//! cardstorm::explore_test! {
//!     /// Our acquirer keeps keys for a day.
//!     keys_are_kept: 500, |world| world.acquirer.timers.issuer_timeout_ms = 30_000
//! }
//! ```

mod kept;
mod strategy;

pub use strategy::{PlanTree, Plans, plans};

use crate::check::Invariant;
use crate::examine::{Expected, Stage, judge, perform};
use crate::explore::{self, story};
use crate::guard::guarded;
use crate::history::Secrets;
use crate::plan::{Plan, World};
use crate::report::failure::Failure;
use crate::report::trace::Lang;
use crate::shrink::shrink;
use crate::storm::{self, Knobs};
use cardstorm_models::party::Peer;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

/// Most plans that are tried to make a failing one smaller.
const SHRINK_BUDGET: u32 = 2_000;

/// An exploration in the making: what is run, against which parties, and where failures are kept.
pub struct Exploration {
    name: String,
    plans: u64,
    seed: u64,
    knobs: Knobs,
    parties: Box<dyn Fn(&mut World)>,
    kept: Option<PathBuf>,
}

/// Begins an exploration: 256 plans of seeds from 1 on, sound parties, nothing kept. The name stands in
/// what is printed and in the names of kept plans.
pub fn explore(name: &str) -> Exploration {
    Exploration {
        name: name.to_owned(),
        plans: 256,
        seed: 1,
        knobs: Knobs::default(),
        parties: Box::new(|_| {}),
        kept: None,
    }
}

/// What an exploration found.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The invariant that broke.
    pub invariant: Invariant,
    /// The smallest plan found that breaks it, with the team's parties in it.
    pub plan: Plan,
    /// The story, its trace, how it shrank and where it is kept.
    pub story: String,
}

impl Exploration {
    /// How many generated plans are run.
    pub fn plans(mut self, plans: u64) -> Exploration {
        self.plans = plans;
        self
    }

    /// Seed of the first plan.
    pub fn seed(mut self, seed: u64) -> Exploration {
        self.seed = seed;
        self
    }

    /// What generated plans may hold.
    pub fn knobs(mut self, knobs: Knobs) -> Exploration {
        self.knobs = knobs;
        self
    }

    /// The team's own parties: timers, limits, design choices. Called once on the world of every plan before
    /// it is run. A plan is kept without what this does to it, so that it is run against the parties as they
    /// are then.
    pub fn parties(mut self, parties: impl Fn(&mut World) + 'static) -> Exploration {
        self.parties = Box::new(parties);
        self
    }

    /// The folder where failing plans are kept, and from which they are run first.
    pub fn kept_in(mut self, folder: impl Into<PathBuf>) -> Exploration {
        self.kept = Some(folder.into());
        self
    }

    /// Runs the kept plans and then the generated ones, up to the first that breaks an invariant.
    ///
    /// # Errors
    /// What broke, shrunk, told and kept.
    ///
    /// # Panics
    /// The folder of kept plans cannot be read or written, or holds what is no plan.
    pub fn run(&self) -> Result<(), Box<Broken>> {
        for (file, plan) in kept::read(self.kept.as_deref(), &self.name) {
            if let Some((invariant, blamed)) = breaks(&self.with_parties(&plan)) {
                let how = format!("kept in {}", file.display());
                return Err(Box::new(self.told(invariant, blamed, &plan, &how)));
            }
        }
        for seed in (0..self.plans).map(|n| self.seed.wrapping_add(n)) {
            let plan = storm::plan(seed, &self.knobs);
            if let Some((invariant, blamed)) = breaks(&self.with_parties(&plan)) {
                let how = format!("seed {seed}");
                return Err(Box::new(self.told(invariant, blamed, &plan, &how)));
            }
        }
        Ok(())
    }

    /// [`Exploration::run`] for a test.
    ///
    /// # Panics
    /// An invariant broke: with the story.
    pub fn check(&self) {
        if let Err(broken) = self.run() {
            panic!("{}", broken.story);
        }
    }

    /// The plan with the team's parties in it.
    fn with_parties(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        (self.parties)(&mut plan.world);
        plan
    }

    fn told(&self, invariant: Invariant, blamed: Peer, plan: &Plan, how: &str) -> Broken {
        // A team's code that cannot do with a smaller world keeps it from becoming smaller.
        let same = |plan: &Plan| {
            guarded(|| breaks_so(&self.with_parties(plan), invariant, blamed)).unwrap_or(false)
        };
        let shrunk = shrink(plan, SHRINK_BUDGET, same);
        let plan = Arc::new(self.with_parties(&shrunk.plan));
        // The smaller plan may break something that comes first.
        let invariant = breaks(&plan).map_or(invariant, |(first, _)| first);
        let scenario = story(&plan, None, &format!("{}, {how}, shrunk", self.name));
        let events = perform(&plan, Stage::Virtual).expect("virtual time refuses no plan");
        let examination = judge(&plan, Expected::by(&scenario), Stage::Virtual, events);
        let (stage, lang) = (Stage::Virtual, Lang::En);
        let (scenario, examination) = (&scenario, &examination);
        let failure = Failure { scenario, plan: &plan, stage, lang, examination };
        let mut told = format!("{} breaks {}\n", self.name, invariant.name());
        told.push_str(&failure.render());
        let _ = writeln!(told, "\n  found in    {how}\n  shrunk      {}", shrunk.summary());
        if let Some(file) = kept::keep(self.kept.as_deref(), &self.name, invariant, &shrunk.plan) {
            let _ = writeln!(told, "  kept in     {}: it is run first next time", file.display());
        }
        let secrets = Secrets::of(&plan);
        if let Some(secret) = secrets.find(told.as_bytes()) {
            told = format!("refused to tell the story: the {} stands in it", secrets.name(secret));
        }
        Broken { invariant, plan: Arc::unwrap_or_clone(plan), story: told }
    }
}

/// The invariant that a plan breaks first, and whose rule it was.
fn breaks(plan: &Plan) -> Option<(Invariant, Peer)> {
    let plan = Arc::new(plan.clone());
    let ran = explore::run(&plan, Stage::Virtual).expect("virtual time refuses no plan");
    ran.leading(&plan)
}

/// Whether a plan still breaks this invariant by this kind of party.
fn breaks_so(plan: &Plan, invariant: Invariant, blamed: Peer) -> bool {
    let plan = Arc::new(plan.clone());
    let ran = explore::run(&plan, Stage::Virtual).expect("virtual time refuses no plan");
    let broken = ran.verdicts.iter().filter(|verdict| verdict.invariant == invariant);
    let mut violations = broken.filter_map(|verdict| verdict.violation());
    violations.any(|violation| plan.peer(plan.node(violation.blamed)) == blamed)
}

/// A `#[test]` that explores so many plans against a team's own parties. Failing plans are kept under
/// `cardstorm-plans/` beside the crate's `Cargo.toml` and run first next time.
///
/// ```
/// cardstorm::explore_test! {
///     /// Terminals that wait half a minute.
///     short_patience: 20, |world| {
///         for terminal in &mut world.terminals {
///             terminal.timers.response_timeout_ms = 30_000;
///         }
///     }
/// }
/// ```
#[macro_export]
macro_rules! explore_test {
    ($(#[$meta:meta])* $name:ident: $plans:expr, $parties:expr) => {
        $(#[$meta])*
        #[test]
        fn $name() {
            let parties: fn(&mut $crate::plan::World) = $parties;
            let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/cardstorm-plans");
            $crate::testing::explore(stringify!($name))
                .plans($plans)
                .parties(parties)
                .kept_in(kept)
                .check();
        }
    };
}

#[cfg(test)]
mod tests;
