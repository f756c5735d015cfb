//! smoke
use std::sync::Arc;
fn main() {
    let from: u64 = std::env::args().nth(1).map_or(0, |s| s.parse().unwrap());
    let n: u64 = std::env::args().nth(2).map_or(20, |s| s.parse().unwrap());
    let native = std::env::args().nth(3).is_some();
    let mut counts = std::collections::BTreeMap::<String, Vec<u64>>::new();
    for seed in from..from + n {
        let plan = Arc::new(cardstorm::storm::plan(seed, &Default::default()));
        let a = if native { cardstorm::stage::native::run(&plan).unwrap() } else { cardstorm::stage::run(&plan) };
        for v in cardstorm::check::judge(&plan, &a) {
            if let Some(x) = v.violation() {
                counts.entry(v.invariant.name().to_string()).or_default().push(seed);
                if counts[v.invariant.name()].len() < 4 { println!("seed {seed} {} {x:?}", v.invariant.name()); }
            }
        }
    }
    for (k, v) in counts { println!("{k}: {} {:?}", v.len(), &v[..v.len().min(12)]); }
}
