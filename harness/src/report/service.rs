//! The two tables of a statement about service: what each party and each line gave, and how every doubt
//! ended.

use super::statement::{Cell, name_of, time};
use crate::books::{Doubt, PartyService, Service, Stopped};
use crate::plan::{NodeId, Place, Plan};
use crate::scenario::Names;

/// Columns of the table of parties.
pub(super) const SERVICE: &[&str] = &[
    "party",
    "up_ms",
    "down_ms",
    "deaths",
    "asked",
    "unanswered",
    "failures_9x",
    "late_payouts",
    "broken_rules",
    "doubts",
];
/// Columns of the table of doubts.
pub(super) const DOUBTS: &[&str] = &[
    "operation",
    "try",
    "terminal",
    "batch",
    "stan",
    "kind",
    "amount",
    "began",
    "stopped_at",
    "settled",
    "how",
    "took_ms",
];

/// A row for each party, and one for each line, which has nothing but its doubts.
pub(super) fn parties(given: &Service, plan: &Plan, names: &Names) -> Vec<Vec<Cell>> {
    let party = |(n, party): (u16, &PartyService)| {
        let node = NodeId(n);
        let (name, doubts) = match plan.place(node) {
            Place::Terminal(n) => (
                names.terminals.get(usize::from(n)).map_or("?", String::as_str),
                given.doubts_at(Stopped::Terminal, Some(node)),
            ),
            Place::Acquirer => ("acquirer", given.doubts_at(Stopped::Acquirer, None)),
            Place::Issuer => ("issuer", given.doubts_at(Stopped::Issuer, None)),
        };
        let PartyService { up_ms, down_ms, deaths, asked, unanswered, failures_9x, .. } = *party;
        let PartyService { late_payouts, broken_rules, .. } = *party;
        let mut row = vec![Cell::from(name)];
        let counts = [up_ms, down_ms, deaths, asked, unanswered, failures_9x];
        row.extend(counts.into_iter().map(Cell::from));
        row.extend([late_payouts, broken_rules, doubts].into_iter().map(Cell::from));
        row
    };
    let line = |(name, stopped): (&str, Stopped)| {
        let mut row = vec![Cell::from(name)];
        row.resize(SERVICE.len() - 1, Cell::Nothing);
        row.push(given.doubts_at(stopped, None).into());
        row
    };
    let lines = [("leg_1", Stopped::Leg1), ("leg_2", Stopped::Leg2)];
    let parties = (0u16..).zip(&given.parties).map(party);
    parties.chain(lines.into_iter().map(line)).collect()
}

/// A row for each doubt, in the order in which they began.
pub(super) fn doubts(given: &Service, plan: &Plan, names: &Names) -> Vec<Vec<Cell>> {
    let row = |doubt: &Doubt| {
        let Doubt { op, key, asked, began_ms, stopped, settled } = *doubt;
        vec![
            Cell::from(names.op(op.op)),
            (u64::from(op.attempt) + 1).into(),
            Cell::Text(key.terminal.to_string()),
            Cell::Text(key.batch.to_string()),
            Cell::Text(key.stan.to_string()),
            asked.map_or(Cell::Nothing, |(kind, _)| name_of(&kind)),
            asked.map(|(_, amount)| amount).into(),
            time(plan, began_ms),
            name_of(&stopped),
            settled.map_or(Cell::Nothing, |(at_ms, _)| time(plan, at_ms)),
            settled.map_or(Cell::Nothing, |(_, how)| name_of(&how)),
            settled.map(|(at_ms, _)| at_ms - began_ms).into(),
        ]
    };
    given.doubts.iter().map(row).collect()
}
