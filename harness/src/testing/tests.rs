//! What a team's test shows, keeps and runs first; and plans walked by proptest.

use super::*;
use cardstorm_models::party::terminal::ReversalRecord;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::fs;

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cardstorm-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn forgets(world: &mut World) {
    for terminal in &mut world.terminals {
        terminal.choices.reversal_record = ReversalRecord::Never;
    }
}

#[test]
fn sound_parties_pass() {
    let result = explore("sound").plans(40).run();
    assert!(result.is_ok(), "{}", result.expect_err("broken").story);
}

#[test]
fn a_failure_is_told_kept_and_run_first() {
    let folder = folder("kept");
    let exploration = || explore("forgetful").kept_in(&folder);
    let broken = exploration().plans(200).parties(forgets).run().expect_err("reversals are lost");
    for part in ["forgetful breaks ", "---- storm", "shrunk ", "kept in "] {
        assert!(broken.story.contains(part), "{part:?} is missing in\n{}", broken.story);
    }
    let first = broken.story.lines().next().unwrap_or_default();
    assert_eq!(first, format!("forgetful breaks {}", broken.invariant.name()));
    // Without a single generated plan, the kept one is run, against the parties as they are now.
    let again = exploration().plans(0).parties(forgets).run().expect_err("the kept plan breaks");
    assert_eq!((again.invariant, &again.plan), (broken.invariant, &broken.plan));
    assert!(again.story.contains("found in    kept in "), "{}", again.story);
    let mended = exploration().plans(0).parties(|world| {
        for terminal in &mut world.terminals {
            terminal.choices.reversal_record = ReversalRecord::BeforeSend;
        }
    });
    assert!(mended.run().is_ok(), "mended parties pass what was kept");
    assert!(explore("another").kept_in(&folder).plans(0).run().is_ok(), "not its plan");
    fs::remove_dir_all(&folder).expect("the folder is there");
}

/// What the team's parties do to a world is done once: to a generated plan, and to a kept one.
#[test]
fn parties_are_set_once_in_every_plan() {
    let folder = folder("once");
    let halved = |world: &mut World| {
        forgets(world);
        for terminal in &mut world.terminals {
            terminal.timers.response_timeout_ms /= 2;
        }
    };
    let exploration = || explore("once").kept_in(&folder).parties(halved);
    let broken = exploration().plans(200).run().expect_err("reversals are lost");
    let timeouts = |plan: &Plan| -> Vec<u64> {
        plan.world.terminals.iter().map(|till| till.timers.response_timeout_ms).collect()
    };
    let again = exploration().plans(0).run().expect_err("the kept plan breaks");
    assert_eq!(timeouts(&again.plan), timeouts(&broken.plan));
    fs::remove_dir_all(&folder).expect("the folder is there");
}

/// Nothing is left of folders that were made for a plan that could not be written.
#[test]
fn a_plan_that_cannot_be_kept_leaves_no_folder_behind() {
    let folder = folder("unwritable");
    let name = "n".repeat(300);
    let run = || explore(&name).plans(200).parties(forgets).kept_in(folder.join("deep")).run();
    let said = crate::guard::guarded(run).map(|_| ()).expect_err("no file has such a name");
    assert!(said.contains("cannot keep the failing plan"), "{said}");
    assert!(!folder.exists());
}

#[test]
fn a_kept_file_that_is_no_plan_is_refused_with_a_remedy() {
    let folder = folder("damaged");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("damaged--progress--1.json"), "{}").expect("a file");
    let run = || explore("damaged").kept_in(&folder).plans(0).run();
    let said = crate::guard::guarded(run).map(|_| ()).expect_err("refused");
    assert!(said.contains("no plan") && said.contains("mend it, or delete it"), "{said}");
    fs::remove_dir_all(&folder).expect("the folder is there");
}

/// Walks a value tree as proptest does, and says where it ends.
fn walked(seed: u8, mut breaks: impl FnMut(&Plan) -> bool) -> (Plan, Plan) {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut tree = plans(Knobs::default()).new_tree(&mut runner).expect("a plan");
    let first = tree.current();
    let mut more = tree.simplify();
    while more {
        more = if breaks(&tree.current()) { tree.simplify() } else { tree.complicate() };
    }
    (first, tree.current())
}

#[test]
fn a_value_tree_walks_the_storm_and_the_shrinker() {
    let two_sales = |plan: &Plan| plan.ops.len() >= 2;
    for seed in 0..10 {
        let (first, last) = walked(seed, two_sales);
        assert_eq!(first, storm::plan(first.seed, &Knobs::default()), "the storm's own plan");
        assert_eq!(last.ops.len(), 2, "nothing more can go");
        assert!(last.faults.is_empty() && last.house.is_empty());
        assert_eq!(last, shrink(&first, u32::MAX, two_sales).plan, "the shrinker's own way");
    }
}

#[test]
fn a_value_tree_ends_where_it_began_if_nothing_smaller_breaks() {
    let (first, last) = walked(1, |_| false);
    assert_eq!(first, last);
}
