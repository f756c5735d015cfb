//! Saying what a test has counted. A count that nobody sees proves little, so it is written to standard
//! output itself: the test runner keeps what `println!` says of a passing test to itself.

use std::io::Write;

/// Writes one line.
pub fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("standard output is open");
}
