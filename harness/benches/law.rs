//! The law over thousands of plans, at ticks of 10 and of 100 ms: too long for the test suite, which
//! runs some hundreds. Ends with a panic at the first difference, or where a fault never struck.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it has seen")]

#[path = "../../tests/shared/compare.rs"]
mod compare;
#[path = "../../tests/shared/law.rs"]
mod law;

/// How many plans, where `--plans N` asks for no other number.
const PLANS: u64 = 2_000;

fn main() {
    let mut args = std::env::args().skip_while(|arg| arg != "--plans").skip(1);
    let plans = args.next().map_or(PLANS, |n| n.parse().expect("--plans takes a number"));
    for tick_ms in [10, 100] {
        println!("{}", law::holds_at(plans, tick_ms));
    }
}
