//! smoke
use std::sync::Arc;
fn main() {
    let from: u64 = std::env::args().nth(1).map_or(0, |s| s.parse().unwrap());
    let n: u64 = std::env::args().nth(2).map_or(20, |s| s.parse().unwrap());
    for seed in from..from + n {
        let plan = Arc::new(cardstorm::storm::plan(seed, &Default::default()));
        let a = cardstorm::stage::run(&plan);
        for tick in [10, 100] {
            let b = cardstorm::stage::turmoil::run(&plan, tick).unwrap();
            if a != b {
                let at = a.iter().zip(&b).position(|(x, y)| x != y);
                println!("seed {seed} tick {tick} differ at {at:?} of {} {}", a.len(), b.len());
                if let Some(at) = at { println!("{:?}\n{:?}", a[at], b[at]); }
            }
        }
        println!("seed {seed}: {} events", a.len());
    }
}
