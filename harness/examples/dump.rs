//! dump
use std::sync::Arc;
fn main() {
    let seed: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let plan = Arc::new(cardstorm::storm::plan(seed, &Default::default()));
    for f in &plan.faults { println!("{f:?}"); }
    for e in cardstorm::stage::run(&plan) {
        println!("{:>7} {} {:?}", e.at_ms, e.node.0, e.what);
    }
}
