//! The coverage grid: a row for each exchange and end, a column for each thing that can happen to it.

use super::sweep::grouped;
use crate::explore::{Cell, End, Exchange, Point, Report};
use cardstorm_models::party::Peer;
use std::fmt::Write as _;

const LABEL: usize = 44;
const COLUMN: usize = 9;

/// In how many plans each cell was reached, what was missed, and why some cells cannot be reached.
pub fn render(report: &Report) -> String {
    let open = Cell::all().filter(|cell| cell.out_of_reach().is_none()).count();
    let mut text = format!(
        "coverage (plans), {} of {open} cells that can be reached:\n",
        report.cells_reached()
    );
    for line in 0..3 {
        let heads = Point::ALL.map(|point| format!("  {:>COLUMN$}", point.head()[line])).concat();
        let first = if line == 2 { "exchange, and [at which end]" } else { "" };
        let _ = writeln!(text, "  {first:<LABEL$}{heads}");
    }
    let mut reasons: Vec<&'static str> = Vec::new();
    for exchange in Exchange::ALL {
        for end in End::BOTH {
            let _ = write!(text, "  {:<LABEL$}", label(exchange, end));
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

/// Which exchange, between whom, and the end that the row is about in brackets.
fn label(exchange: Exchange, end: End) -> String {
    let [asks, answers] = End::BOTH.map(|end| party(exchange.party(end)));
    match end {
        End::Asks => format!("{}, [{asks}] -> {answers}", exchange.name()),
        End::Answers => format!("{}, {asks} -> [{answers}]", exchange.name()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_rows_have_one_label_and_every_label_fits() {
        let rows = Exchange::ALL.into_iter().flat_map(|of| End::BOTH.map(|end| label(of, end)));
        let rows: Vec<String> = rows.collect();
        assert_eq!(rows.iter().collect::<BTreeSet<_>>().len(), rows.len(), "{rows:#?}");
        assert!(rows.iter().all(|row| row.len() <= LABEL), "{rows:#?}");
    }
}
