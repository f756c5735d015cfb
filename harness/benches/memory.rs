//! Memory of one long dense plan: what the process holds at its peak, run by run in a fresh process, so
//! that each figure is its own. Histories are streamed to the checks and not kept.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use cardstorm::check::judge_streamed;
use cardstorm::stage;
use cardstorm::storm::dense;
use std::sync::Arc;

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--sales").skip(1);
    if let Some(sales) = args.next().and_then(|text| text.parse().ok()) {
        let checked = args.next().as_deref() == Some("checked");
        return measure(sales, checked);
    }
    println!(
        "{:>9}  {:>12}  {:>12}  {:>12}  {:>12}",
        "sales", "plan KiB", "run KiB", "B per sale", "with checks"
    );
    let own = std::env::current_exe().expect("this program has a path");
    for sales in [1_000u32, 10_000, 100_000, 1_000_000] {
        let ask = |how: &str| {
            let output = std::process::Command::new(&own)
                .args(["--sales", &sales.to_string(), how])
                .output()
                .expect("this program runs again");
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        let (bare, checked) = (ask("bare"), ask("checked"));
        let number = |text: &str, n: usize| -> u64 {
            text.split_whitespace().nth(n).and_then(|word| word.parse().ok()).unwrap_or(0)
        };
        let (plan, bare_peak, checked_peak) =
            (number(&bare, 0), number(&bare, 1), number(&checked, 1));
        let per = |peak: u64| (peak.saturating_sub(plan)) * 1024 / u64::from(sales);
        println!(
            "{sales:>9}  {plan:>12}  {bare_peak:>12}  {:>12}  {:>12}",
            per(bare_peak),
            per(checked_peak)
        );
    }
}

/// Prints the peak before the run (the plan itself) and after it, in KiB.
fn measure(sales: u32, checked: bool) {
    let plan = Arc::new(dense(sales));
    let before = peak_kib();
    if checked {
        let verdicts = judge_streamed(&plan, |sink| stage::run_with(&plan, sink));
        assert!(verdicts.iter().all(|verdict| verdict.violation().is_none()));
    } else {
        stage::run_with(&plan, |_| {});
    }
    println!("{before} {}", peak_kib());
}

/// The most that this process has held so far, as Linux counts it; 0 elsewhere.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
