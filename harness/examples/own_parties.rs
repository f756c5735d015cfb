//! A team's own parties under generated plans: the same call that stands in a `#[test]`, as a program. Exits
//! with an error and the smallest story if an invariant breaks.
//!
//! `cargo run --release --example own_parties` explores timers that a team might have; with the argument
//! `forgetful`, a terminal that keeps no reversal record, which the second plan or so catches.

use cardstorm::plan::World;
use cardstorm::testing::explore;
use cardstorm_models::party::terminal::ReversalRecord;
use std::io::{Result, Write};
use std::process::ExitCode;

/// Terminals that wait half a minute, before an acquirer that waits twenty seconds.
fn impatient(world: &mut World) {
    for terminal in &mut world.terminals {
        terminal.timers.response_timeout_ms = 30_000;
    }
    world.acquirer.timers.issuer_timeout_ms = 20_000;
}

/// The same, and a doubtful sale is forgotten.
fn forgetful(world: &mut World) {
    impatient(world);
    for terminal in &mut world.terminals {
        terminal.choices.reversal_record = ReversalRecord::Never;
    }
}

fn main() -> Result<ExitCode> {
    let asked = std::env::args().nth(1);
    let (name, parties): (&str, fn(&mut World)) = match asked.as_deref() {
        Some("forgetful") => ("forgetful", forgetful),
        _ => ("impatient", impatient),
    };
    match explore(name).plans(500).parties(parties).run() {
        Ok(()) => {
            writeln!(std::io::stdout(), "{name}: 500 plans, no violation")?;
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            writeln!(std::io::stderr(), "{}", broken.story)?;
            Ok(ExitCode::FAILURE)
        }
    }
}
