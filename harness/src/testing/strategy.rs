//! Plans for proptest: a [`Strategy`] whose values are those of the storm, and whose [`ValueTree`] walks the
//! edits of the shrinker. There is no second generator and no second shrinker.

use crate::plan::Plan;
use crate::shrink::Walk;
use crate::storm::{self, Knobs};
use proptest::arbitrary::any;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// Generated plans.
#[derive(Clone, Copy, Debug)]
pub struct Plans {
    knobs: Knobs,
}

/// The plans that these knobs allow.
pub fn plans(knobs: Knobs) -> Plans {
    Plans { knobs }
}

impl Strategy for Plans {
    type Tree = PlanTree;
    type Value = Plan;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Plans> {
        let seed = any::<u64>().new_tree(runner)?.current();
        Ok(PlanTree { walk: Walk::new(&storm::plan(seed, &self.knobs)) })
    }
}

/// A plan and the smaller ones that proptest may try instead.
#[derive(Clone, Debug)]
pub struct PlanTree {
    walk: Walk,
}

impl ValueTree for PlanTree {
    type Value = Plan;

    fn current(&self) -> Plan {
        self.walk.current().clone()
    }

    /// What is tried now broke: it is kept, and something smaller is tried.
    fn simplify(&mut self) -> bool {
        self.walk.next(true)
    }

    /// What is tried now did not break: it is taken back, and something else is tried.
    fn complicate(&mut self) -> bool {
        self.walk.next(false)
    }
}
