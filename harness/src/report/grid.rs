//! The coverage grid: a row for each exchange and end, a column for each thing that can happen to it.

use super::sweep::grouped;
use crate::explore::{Cell, End, Exchange, Point, Report};
use cardstorm_models::party::Peer;
use std::fmt::Write as _;

const COLUMN: usize = 11;

/// In how many plans each cell was reached, what was missed, and why some cells cannot be reached.
pub fn render(report: &Report) -> String {
    let open = Cell::all().filter(|cell| cell.out_of_reach().is_none()).count();
    let mut text = format!(
        "coverage (plans), {} of {open} cells that can be reached:\n",
        report.cells_reached()
    );
    for line in 0..2 {
        let heads = Point::ALL.map(|point| format!("  {:>COLUMN$}", point.head()[line])).concat();
        let first = if line == 1 { "exchange, at" } else { "" };
        let _ = writeln!(text, "  {first:<24}{heads}");
    }
    let mut reasons: Vec<&'static str> = Vec::new();
    for exchange in Exchange::ALL {
        for end in End::BOTH {
            let row = format!("{}, {}", exchange.name(), party(exchange.party(end)));
            let _ = write!(text, "  {row:<24}");
            for point in Point::ALL {
                let cell = Cell { exchange, point, end };
                let shown = match (report.cells[cell.number()], cell.out_of_reach()) {
                    (0, Some(reason)) => format!("({})", letter(&mut reasons, reason)),
                    (0, None) => "-".into(),
                    (plans, _) => grouped(plans),
                };
                let _ = write!(text, "  {shown:>COLUMN$}");
            }
            text.push('\n');
        }
    }
    for (letter, reason) in ('a'..).zip(&reasons) {
        let _ = writeln!(text, "  ({letter}) {reason}");
    }
    text
}

/// The letter that stands for a reason, in the order in which they come up.
fn letter(reasons: &mut Vec<&'static str>, reason: &'static str) -> char {
    let at = reasons.iter().position(|known| *known == reason).unwrap_or_else(|| {
        reasons.push(reason);
        reasons.len() - 1
    });
    ('a'..).nth(at).unwrap_or('?')
}

fn party(peer: Peer) -> &'static str {
    match peer {
        Peer::Terminal => "terminal",
        Peer::Acquirer => "acquirer",
        Peer::Issuer => "issuer",
    }
}
