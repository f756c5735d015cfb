//! Detection: every unsound design choice that the models offer, each set on otherwise sound parties,
//! explored with the same number of plans in four ways. What catches it, in how many plans, and how soon.
//! The sound parties go the same way and must break nothing. Plans are those that `explore` makes of the same
//! seeds, before it makes mutants of them. Nothing here prints or looks at a clock.

mod choices;
mod report;
mod waiting;

pub use choices::{Companion, Unsound, unsound};
pub use report::{markdown, text};
pub use waiting::{WAITING, Waiting};

use crate::check::Invariant;
use crate::examine::Stage;
use crate::explore;
use crate::guard::guarded;
use crate::plan::{Place, Plan};
use crate::storm::{self, Knobs};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A way of testing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Generated plans as exploration makes them: each seed a subset of everything.
    Swarm,
    /// The same kinds of faults and work, all of them on in every plan.
    EverythingOn,
    /// One random fault in each plan.
    OneFault,
    /// No fault at all.
    NoFaults,
}

impl Way {
    /// All, the fullest first.
    pub const ALL: [Way; 4] = [Way::Swarm, Way::EverythingOn, Way::OneFault, Way::NoFaults];

    /// What tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Way::Swarm => "swarm",
            Way::EverythingOn => "no swarm",
            Way::OneFault => "one fault",
            Way::NoFaults => "no faults",
        }
    }

    /// The plan of a seed.
    fn plan(self, seed: u64) -> Plan {
        let swarm = self == Way::Swarm;
        let mut plan = storm::plan(seed, &Knobs { swarm, ..Knobs::default() });
        match self {
            Way::Swarm | Way::EverythingOn => {}
            Way::OneFault => plan.faults.truncate(1),
            Way::NoFaults => plan.faults.clear(),
        }
        plan
    }
}

/// A choice that has been caught in so many plans is known well enough: its cell ends there.
pub const ENOUGH: u64 = 50;

/// A plan that could not be brought to its end. It is a bug of ours, whatever the choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    /// Seed of the plan.
    pub seed: u64,
    /// What the panic said, and where.
    pub said: String,
}

/// What came out of one row tested one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Plans run.
    pub plans: u64,
    /// Plans in which something broke.
    pub caught: u64,
    /// Number of the first such plan, from 1.
    pub first: Option<u64>,
    /// How long it took to get there.
    pub after: Option<Duration>,
    /// In how many plans each invariant broke.
    pub by: BTreeMap<Invariant, u64>,
    /// The first plan that panicked; it costs that plan alone.
    pub panicked: Option<Panicked>,
    /// How many plans panicked.
    pub panics: u64,
}

/// A row of the matrix.
#[derive(Clone, Debug)]
pub struct Row {
    /// The choice; none is the row of the sound parties.
    pub choice: Option<Unsound>,
    /// In the order of [`Way::ALL`].
    pub cells: [Cell; 4],
}

impl Row {
    /// Exploration broke something.
    pub fn caught(&self) -> bool {
        self.cells[0].first.is_some()
    }

    /// As it should be: an unsound choice is caught, sound parties break nothing, no plan panics.
    pub fn as_it_should(&self) -> bool {
        let caught = match self.choice {
            Some(_) => self.caught(),
            None => self.cells.iter().all(|cell| cell.first.is_none()),
        };
        caught && self.panicked().is_none()
    }

    /// The first panic of the row.
    pub fn panicked(&self) -> Option<&Panicked> {
        self.cells.iter().find_map(|cell| cell.panicked.as_ref())
    }

    /// What the row is called.
    pub fn name(&self) -> &str {
        self.choice.as_ref().map_or("sound parties", |choice| choice.name.as_str())
    }
}

/// The matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Most plans per row and way.
    pub plans: u64,
    /// Seed of the first plan.
    pub seed: u64,
    /// The sound parties first, then every unsound choice.
    pub rows: Vec<Row>,
}

impl Matrix {
    /// Every unsound choice is caught, and the sound parties broke nothing.
    pub fn as_it_should(&self) -> bool {
        self.rows.iter().all(Row::as_it_should)
    }

    /// How long exploration took to catch each choice that it caught, the quickest first.
    pub fn times(&self) -> Vec<(Duration, &Row)> {
        let choices = self.rows.iter().filter(|row| row.choice.is_some());
        let mut times: Vec<_> =
            choices.filter_map(|row| Some((row.cells[0].after?, row))).collect();
        times.sort_by_key(|(after, _)| *after);
        times
    }
}

/// Runs the matrix, the sound parties and these choices, rows over the threads of the current pool.
/// `stopwatch` gives a function that says how long it has been since; `seen` is called as each row comes in.
/// Once `stop` is set, rows under way are dropped and no further one is begun.
pub fn matrix(
    plans: u64,
    seed: u64,
    choices: Vec<Unsound>,
    stop: &AtomicBool,
    stopwatch: &(dyn Fn() -> Box<dyn Fn() -> Duration> + Sync),
    seen: &(dyn Fn(&Row) + Sync),
) -> Matrix {
    let choices: Vec<Option<Unsound>> =
        std::iter::once(None).chain(choices.into_iter().map(Some)).collect();
    let row = |choice: &Option<Unsound>| {
        let cells = Way::ALL.map(|way| {
            let since = stopwatch();
            cell(choice.as_ref(), way, seed..seed.saturating_add(plans), stop, &since)
        });
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let row = Row { choice: choice.clone(), cells };
        seen(&row);
        Some(row)
    };
    Matrix { plans, seed, rows: choices.par_iter().filter_map(row).collect() }
}

fn cell(
    choice: Option<&Unsound>,
    way: Way,
    seeds: std::ops::Range<u64>,
    stop: &AtomicBool,
    since: &dyn Fn() -> Duration,
) -> Cell {
    let mut cell = Cell::default();
    for seed in seeds {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let plan = way.plan(seed);
        cell.plans += 1;
        let broken =
            match guarded(|| choice.map_or_else(|| broken(&plan), |of| broken_by(of, &plan))) {
                Ok(broken) => broken,
                Err(said) => {
                    cell.panics += 1;
                    cell.panicked.get_or_insert(Panicked { seed, said });
                    continue;
                }
            };
        if broken.is_empty() {
            continue;
        }
        cell.caught += 1;
        if cell.first.is_none() {
            (cell.first, cell.after) = (Some(cell.plans), Some(since()));
        }
        let invariants: BTreeSet<Invariant> = broken.iter().map(|(of, _)| *of).collect();
        for invariant in invariants {
            *cell.by.entry(invariant).or_default() += 1;
        }
        if choice.is_some() && cell.caught == ENOUGH {
            break;
        }
    }
    cell
}

/// What a choice breaks in a plan; where it needs a companion, what the companion alone does not break, or
/// breaks by another party's fault.
fn broken_by(choice: &Unsound, plan: &Plan) -> BTreeSet<(Invariant, Place)> {
    let mut with = plan.clone();
    choice.set(&mut with);
    let mut found = broken(&with);
    if let (false, Some(companion)) = (found.is_empty(), choice.companion) {
        let mut without = plan.clone();
        (companion.set)(&mut without);
        for known in broken(&without) {
            found.remove(&known);
        }
    }
    found
}

/// The invariants that a plan's run breaks, and whose rules those were.
fn broken(plan: &Plan) -> BTreeSet<(Invariant, Place)> {
    let plan = Arc::new(plan.clone());
    let ran = explore::run(&plan, Stage::Virtual).expect("virtual time refuses no plan");
    let violated = ran
        .verdicts
        .iter()
        .filter_map(|verdict| verdict.violation().map(|violation| (verdict.invariant, violation)));
    violated.flat_map(|(of, violation)| violation.parties().map(move |party| (of, party))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nobody interrupts.
    static ON: AtomicBool = AtomicBool::new(false);

    fn still() -> Box<dyn Fn() -> Duration> {
        Box::new(|| Duration::ZERO)
    }

    #[test]
    fn every_unsound_way_of_the_tables_is_a_row_and_has_a_name_of_its_own() {
        let all = unsound();
        let names: BTreeSet<&str> = all.iter().map(|choice| choice.name.as_str()).collect();
        assert_eq!(names.len(), all.len());
        assert!(names.contains("terminal.reversal_record = never"), "{names:?}");
        for (name, _) in choices::COMPANIONS {
            assert!(names.contains(name), "{name} has a companion and is no choice");
        }
    }

    #[test]
    fn a_choice_changes_the_parties_and_nothing_else() {
        for choice in unsound() {
            let plan = Way::Swarm.plan(7);
            let mut with = plan.clone();
            choice.set(&mut with);
            assert_ne!(with.world, plan.world, "{}", choice.name);
            with.world = plan.world.clone();
            assert_eq!(with, plan, "{}", choice.name);
        }
    }

    #[test]
    fn plainer_ways_leave_faults_out_of_the_same_plans() {
        for seed in 0..50 {
            let [all, one, none] =
                [Way::EverythingOn, Way::OneFault, Way::NoFaults].map(|way| way.plan(seed));
            assert_eq!(one.faults.first(), all.faults.first());
            assert!(one.faults.len() <= 1 && none.faults.is_empty());
            assert_eq!((&one.ops, &none.ops), (&all.ops, &all.ops));
        }
    }

    #[test]
    fn the_sound_row_holds_and_the_choices_that_lose_most_are_caught() {
        let sound = cell(None, Way::Swarm, 1..100, &ON, &still());
        assert_eq!(sound, Cell { plans: 99, ..Cell::default() });
        let all = unsound();
        let named = |name: &str| all.iter().find(|choice| choice.name == name).expect(name);
        let never = cell(
            Some(named("terminal.reversal_record = never")),
            Way::Swarm,
            1..1_000,
            &ON,
            &still(),
        );
        assert!(never.by.contains_key(&Invariant::ReversalCompletes), "{never:?}");
        assert_eq!(never.caught, ENOUGH, "and its cell ended");
    }

    /// A choice whose panic stands for any bug of ours.
    #[test]
    fn a_panic_costs_its_plan_alone_and_is_told_with_the_seed() {
        let mut choice = unsound().remove(0);
        let panicking = Companion { beside: "nothing", set: |_| panic!("the till is on fire") };
        choice.companion = Some(panicking);
        let cell = cell(Some(&choice), Way::Swarm, 7..20, &ON, &still());
        let panicked = cell.panicked.clone().expect("it panicked");
        assert_eq!((panicked.seed, cell.plans, cell.panics), (7, 13, 13));
        assert!(panicked.said.starts_with("the till is on fire ("), "{}", panicked.said);
        let row = Row { choice: Some(choice), cells: Way::ALL.map(|_| cell.clone()) };
        assert!(!row.as_it_should());
    }

    #[test]
    fn a_matrix_that_is_stopped_holds_the_rows_that_were_finished() {
        let stop = AtomicBool::new(false);
        let choices = unsound().into_iter().take(3).collect();
        let seen = |row: &Row| stop.store(row.choice.is_none(), Ordering::Relaxed);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        let matrix = one.install(|| matrix(5, 1, choices, &stop, &still, &seen));
        let names: Vec<&str> = matrix.rows.iter().map(Row::name).collect();
        assert_eq!(names, ["sound parties"]);
    }
}
