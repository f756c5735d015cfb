//! Statements: what merchants took and were paid, what became of holders' balances, the reconciliation of all
//! books, and what service each party gave, as tables for programs. The same rows as CSV and as JSON; amounts
//! in yuan, exact to the fen, as
//! text; nothing where there is nothing. Cards stand in none of them.

use super::service;
use crate::books::{DayResult, Difference, MerchantDay, Merchants, Movements, Reconciler, Service};
use crate::check::Verdict;
use crate::history::Event;
use crate::plan::Plan;
use crate::scenario::Names;
use cardstorm_models::clearing::Day;
use cardstorm_models::clearing::reconcile::{Entry, Has};
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::time::Wall;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// What stands in one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Nothing,
    Count(u64),
    Text(String),
}

impl Cell {
    fn csv(&self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Count(count) => count.to_string(),
            Cell::Text(text) => text.clone(),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Nothing => s.serialize_none(),
            Cell::Count(count) => s.serialize_u64(*count),
            Cell::Text(text) => s.serialize_str(text),
        }
    }
}

impl From<Fen> for Cell {
    fn from(amount: Fen) -> Cell {
        Cell::Text(amount.to_string())
    }
}

impl From<Day> for Cell {
    fn from(day: Day) -> Cell {
        Cell::Text(day.to_string())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(count)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Cell {
        cell.map_or(Cell::Nothing, Into::into)
    }
}

/// A name as `serde` writes it: the one that the documentation lists.
pub(super) fn name_of<T: Serialize>(value: &T) -> Cell {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Cell::Text(name),
        _ => unreachable!("a plain enum is written as its name"),
    }
}

/// The tables of a statement, in the order in which it writes them.
pub const TABLES: [&str; 7] =
    ["merchants", "takings", "holders", "days", "differences", "service", "doubts"];

const MERCHANTS: &[&str] = &[
    "merchant",
    "clearing_day",
    "sales",
    "gross",
    "reversed",
    "voids",
    "refunds",
    "fees",
    "fees_returned",
    "adjustments",
    "net",
    "swept",
    "carried_in",
    "paid",
    "carried_out",
    "paid_on",
    "unexplained",
];
const TAKINGS: &[&str] = &["merchant", "time", "cause", "rrn", "operation", "amount", "balance"];
const HOLDERS: &[&str] = &["account", "time", "cause", "rrn", "operation", "amount", "balance"];
const DAYS: &[&str] =
    &["clearing_day", "close", "compared", "matched", "timing", "breaks", "at_break", "gone"];
const DIFFERENCES: &[&str] = &[
    "rrn",
    "original",
    "terminal",
    "batch",
    "stan",
    "operation",
    "direction",
    "journal",
    "record",
    "issuer",
    "payout",
    "class",
    "responsible",
    "repair",
    "amount",
    "found",
    "settled",
    "how",
];
const HEADERS: [&[&str]; 7] =
    [MERCHANTS, TAKINGS, HOLDERS, DAYS, DIFFERENCES, service::SERVICE, service::DOUBTS];

/// One run's statement.
pub struct Statement {
    scenario: String,
    seed: u64,
    tables: [Vec<Vec<Cell>>; 7],
}

impl Statement {
    /// Folds a history into its statement.
    pub fn new(
        scenario: &str,
        plan: &Arc<Plan>,
        names: &Names,
        events: &[Event],
        verdicts: &[Verdict],
    ) -> Statement {
        let mut merchants = Merchants::new(plan);
        let mut movements = Movements::new(plan);
        let mut reconciler = Reconciler::new(plan);
        let mut given = Service::new(plan);
        for event in events {
            merchants.event(event);
            movements.event(event);
            reconciler.event(event);
            given.event(event);
        }
        given.finish(verdicts);
        let result = reconciler.finish().clone();
        let rows = Rows { plan, names, reconciler: &reconciler };
        let merchants = merchants.days.iter();
        let differences = result.differences.iter();
        let tables = [
            merchants
                .map(|((merchant, day), of_day)| rows.merchant(*merchant, *day, of_day))
                .collect(),
            rows.movements(&movements, |account| matches!(account, Account::MerchantUnsettled(_))),
            rows.movements(&movements, |account| matches!(account, Account::Cardholder(_))),
            result.days.iter().map(day_row).collect(),
            differences.map(|difference| rows.difference(difference)).collect(),
            service::parties(&given, plan, names),
            service::doubts(&given, plan, names),
        ];
        Statement { scenario: scenario.to_owned(), seed: plan.seed, tables }
    }

    /// The heading of a table, as a line of CSV.
    pub fn heading(table: usize) -> Vec<u8> {
        let columns = ["scenario", "seed"].iter().chain(HEADERS[table]);
        line(columns.map(|column| (*column).to_owned()))
    }

    /// The rows of a table, as lines of CSV.
    pub fn csv(&self, table: usize) -> Vec<u8> {
        let seed = self.seed.to_string();
        let rows = self.tables[table].iter().flat_map(|row| {
            let first = [self.scenario.clone(), seed.clone()];
            line(first.into_iter().chain(row.iter().map(Cell::csv)))
        });
        rows.collect()
    }

    /// All of it as one JSON object.
    pub fn json(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Written<'a> {
            scenario: &'a str,
            seed: u64,
            #[serde(flatten)]
            tables: IndexMap<&'static str, Vec<IndexMap<&'static str, &'a Cell>>>,
        }
        let tables = TABLES.into_iter().zip(HEADERS).zip(&self.tables);
        let tables = tables.map(|((name, columns), rows)| {
            let object = |row| columns.iter().copied().zip(row).collect::<IndexMap<_, _>>();
            (name, rows.iter().map(object).collect())
        });
        let written =
            Written { scenario: &self.scenario, seed: self.seed, tables: tables.collect() };
        serde_json::to_vec_pretty(&written).expect("plain data is JSON")
    }
}

fn line(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).expect("memory takes every line");
    writer.into_inner().expect("memory takes every line")
}

struct Rows<'a> {
    plan: &'a Plan,
    names: &'a Names,
    reconciler: &'a Reconciler,
}

impl Rows<'_> {
    fn merchant(&self, merchant: u32, day: Day, of: &MerchantDay) -> Vec<Cell> {
        let name = self.names.merchants.get(merchant as usize).map(String::as_str);
        vec![
            name.into(),
            day.into(),
            u64::from(of.sales).into(),
            of.gross.into(),
            of.reversed.into(),
            of.voids.into(),
            of.refunds.into(),
            of.fees.into(),
            of.fees_returned.into(),
            of.adjustments.into(),
            of.net.into(),
            of.swept.into(),
            of.paid.map(|_| of.carried_in).into(),
            of.paid.into(),
            of.paid.map(|_| of.carried_out).into(),
            of.paid_on.into(),
            of.unexplained().into(),
        ]
    }

    /// Account by account, each from its opening balance on.
    fn movements(&self, movements: &Movements, which: fn(&Account) -> bool) -> Vec<Vec<Cell>> {
        let mut rows = Vec::new();
        for (account, series) in movements.series.iter().filter(|(account, _)| which(account)) {
            let name = match *account {
                Account::Cardholder(n) => self.names.accounts.get(n as usize),
                Account::MerchantUnsettled(n) => self.names.merchants.get(n as usize),
                _ => None,
            };
            let name = name.map_or("probe", String::as_str);
            let (opening, nothing) = (series.opening, || Cell::Nothing);
            let (time, cause) = (self.time(0), "opening".into());
            rows.push(vec![
                name.into(),
                time,
                cause,
                nothing(),
                nothing(),
                nothing(),
                opening.into(),
            ]);
            rows.extend(series.movements.iter().map(|line| {
                vec![
                    name.into(),
                    self.time(line.at_ms),
                    name_of(&line.cause),
                    line.rrn.map_or(Cell::Nothing, |rrn| Cell::Text(rrn.to_string())),
                    line.rrn.and_then(|rrn| self.operation(rrn)).into(),
                    line.amount.into(),
                    line.balance.into(),
                ]
            }));
        }
        rows
    }

    fn time(&self, at_ms: u64) -> Cell {
        time(self.plan, at_ms)
    }

    fn operation(&self, rrn: Rrn) -> Option<&str> {
        let op = self.reconciler.lines().find(rrn)?.op?;
        Some(self.names.op(op))
    }

    fn difference(&self, of: &Difference) -> Vec<Cell> {
        let line = self.reconciler.lines().get(of.rrn);
        let key = line
            .key
            .map(|key| [key.terminal.to_string(), key.batch.to_string(), key.stan.to_string()]);
        let [terminal, batch, stan] = match key {
            Some(parts) => parts.map(Cell::Text),
            None => [Cell::Nothing, Cell::Nothing, Cell::Nothing],
        };
        let finding = &of.finding;
        let (settled, how) = match of.settled {
            Some((day, how)) => (day.into(), name_of(&how)),
            None => (Cell::Nothing, Cell::Nothing),
        };
        vec![
            Cell::Text(of.rrn.to_string()),
            Cell::Text(line.chain.to_string()),
            terminal,
            batch,
            stan,
            line.op.map(|op| self.names.op(op)).into(),
            Cell::from(if line.gives_back { "given_back" } else { "taken" }),
            has(of.sources.journal),
            has(of.sources.record),
            has(of.sources.issuer),
            has(of.sources.payout),
            name_of(&finding.class),
            name_of(&finding.responsible),
            finding.repair.map_or(Cell::Nothing, |repair| name_of(&repair)),
            finding.amount.into(),
            of.found.into(),
            settled,
            how,
        ]
    }
}

/// Civil time of a moment of the run.
pub(super) fn time(plan: &Plan, at_ms: u64) -> Cell {
    let wall = Wall(plan.start.0.saturating_add_unsigned(at_ms));
    Cell::Text(format!("{:.3}", wall.civil()))
}

/// What a source has: nothing, `open` while its books are, or an amount, with how often where not once.
fn has(has: Has) -> Cell {
    match has {
        Has::Nothing => Cell::Nothing,
        Has::NotYet => Cell::from("open"),
        Has::Entry(Entry { count: 1, amount, .. }) => amount.into(),
        Has::Entry(Entry { count, amount, .. }) => Cell::Text(format!("{count} x {amount}")),
    }
}

fn day_row(of: &DayResult) -> Vec<Cell> {
    vec![
        of.day.into(),
        Cell::from(if of.last { "end" } else { "cut_off" }),
        of.compared.into(),
        of.matched.into(),
        of.timing.into(),
        of.breaks.into(),
        of.at_break.into(),
        of.gone.into(),
    ]
}
