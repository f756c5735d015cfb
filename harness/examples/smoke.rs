//! smoke
fn main() {
    let seed: u64 = std::env::args().nth(1).map_or(1, |s| s.parse().unwrap());
    let plan = std::sync::Arc::new(cardstorm::storm::plan(seed, &Default::default()));
    let events = cardstorm::stage::run(&plan);
    let mut out = std::io::stdout();
    cardstorm::history::write_jsonl(&events, &mut out).unwrap();
}
