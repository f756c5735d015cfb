//! From tables to merchants' contracts: fees, settlement, refund policy. What contradicts itself is shown at
//! its place before anything runs.

use super::names::Named;
use super::tables::FEE;
use super::value;
use super::walk::{Sink, Spot, Table};
use super::world::not_negative;
use cardstorm_models::clearing::fee::{CardKind, Channel, FeeOnRefund, FeeRow, FeeTable};
use cardstorm_models::clearing::fee::{FeeTableError, Rounding, Shares};
use cardstorm_models::clearing::policy::RefundPolicy;
use cardstorm_models::clearing::{Calendar, Cycle, Day};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{Contract, MerchantConfig, Settlement};
use std::collections::BTreeSet;

/// The keys that make a contract.
const KEYS: [&str; 10] = [
    "fees",
    "fee_rounding",
    "cycle",
    "holidays",
    "refund_ratio",
    "refund_days",
    "refund_count",
    "refund_parts",
    "refund_at",
    "refund_fee",
];

/// How a fee is divided where a story gives the rate alone: as the built-in example divides the fee of a
/// credit card.
const SHARES: Shares = Shares { issuer: 4500, network: 325, acquirer: 1175 };

/// The contract in a merchant's table; none where it has no key of one.
pub(super) fn contract(sink: &mut Sink, table: &Table<'_, '_>) -> Option<Contract> {
    let settlement = settlement(sink, table);
    let refunds = refunds(sink, table);
    let mut fees = match table.word(sink, "fees").map(|word| word.value) {
        Some("example") => FeeTable::example(),
        _ => FeeTable::default(),
    };
    fees.rounding = match table.word(sink, "fee_rounding").map(|word| word.value) {
        Some("half-even") => Rounding::HalfEven,
        Some("up") => Rounding::Up,
        Some("down") => Rounding::Down,
        _ => Rounding::HalfUp,
    };
    KEYS.iter().any(|key| table.has(key)).then_some(Contract { fees, refunds, settlement })
}

fn settlement(sink: &mut Sink, table: &Table<'_, '_>) -> Option<Settlement> {
    let holidays = dates(sink, table, "holidays");
    let working_weekends = dates(sink, table, "working_weekends");
    let cycle = table.word(sink, "cycle");
    let Some(cycle) = cycle else {
        for key in ["holidays", "working_weekends"] {
            if table.has(key) && !table.has("cycle") {
                let message = format!("`{key}` moves payouts, and nothing is paid out");
                sink.error(&table.key_at(key), message, "expected `cycle` beside it");
            }
        }
        return None;
    };
    let Spot { value: name, at } = cycle;
    let cycle = Cycle::ALL.into_iter().find(|cycle| cycle.name() == name)?;
    if cycle.needs_calendar() && !table.has("holidays") {
        let message = format!("`{name}` counts working days, and no calendar says which");
        let error = sink.error(&at, message, "expected `holidays` beside it");
        error.hint = Some("write `holidays = []` if only weekends are off, or choose D+1".into());
    }
    Some(Settlement { cycle, calendar: Calendar { holidays, working_weekends } })
}

fn dates(sink: &mut Sink, table: &Table<'_, '_>, key: &'static str) -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    for text in table.texts(sink, key) {
        match value::date(text.value) {
            Ok(day) => {
                days.insert(day);
            }
            Err(wrong) => sink.wrong(&text.at, key, super::keys::Kind::Date, wrong),
        }
    }
    days
}

fn refunds(sink: &mut Sink, table: &Table<'_, '_>) -> RefundPolicy {
    let mut policy = RefundPolicy::default();
    if let Some(ratio) = table.parsed(sink, "refund_ratio", value::percent) {
        policy.ratio = ratio.value;
    }
    let count = |spot: Spot<i64>| u16::try_from(spot.value).expect("checked");
    policy.window_days = table.count(sink, "refund_days", 0, 3650).map(count);
    policy.count = table.count(sink, "refund_count", 1, 1000).map(count);
    policy.partial = table.word(sink, "refund_parts").is_none_or(|word| word.value != "refused");
    policy.same_terminal =
        table.word(sink, "refund_at").is_some_and(|word| word.value == "same-terminal");
    policy.fee = match table.word(sink, "refund_fee").map(|word| word.value) {
        Some("full") => FeeOnRefund::Full,
        Some("kept") => FeeOnRefund::Kept,
        _ => FeeOnRefund::ProRata,
    };
    policy
}

/// Reads every row of a fee table into its merchant's contract.
pub(super) fn fees(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    names: &mut Named,
    merchants: &mut [MerchantConfig],
) {
    for table in root.listed(sink, "fee", &FEE) {
        let merchant = match table.text(sink, "merchant") {
            Some(merchant) => names.find(sink, &merchant),
            None if names.len() == 1 => Some(0),
            None => {
                table.missing(sink, "merchant");
                None
            }
        };
        let Some(row) = row(sink, &table) else { continue };
        let Some(merchant) = merchant else { continue };
        names.mark(merchant);
        let contract = merchants[merchant as usize].contract.get_or_insert_default();
        contract.fees.rows.push(row);
        // What is wrong with the table now is this row's doing: the rows before it were clean.
        let last = contract.fees.rows.len() - 1;
        let wrong = contract.fees.faults().into_iter().find(|fault| concerns(*fault, last));
        if let Some(fault) = wrong {
            let key = match fault {
                FeeTableError::Overlap(..) if table.has("from") => "from",
                FeeTableError::Empty(_) if table.has("to") => "to",
                FeeTableError::Empty(_) => "up_to",
                FeeTableError::Bounds(_) => "cap",
                FeeTableError::Overlap(..) | FeeTableError::Rate(_) | FeeTableError::Shares(_) => {
                    "rate"
                }
            };
            let said = format!("a fee table that contradicts itself: {fault}");
            sink.error(&table.value_at(key), said, "this row is one of them");
            contract.fees.rows.pop();
        }
    }
}

fn concerns(fault: FeeTableError, row: usize) -> bool {
    match fault {
        FeeTableError::Overlap(_, n)
        | FeeTableError::Empty(n)
        | FeeTableError::Rate(n)
        | FeeTableError::Bounds(n)
        | FeeTableError::Shares(n) => n == row,
    }
}

fn row(sink: &mut Sink, table: &Table<'_, '_>) -> Option<FeeRow> {
    if !table.has("rate") {
        table.missing(sink, "rate");
    }
    let rate = table.parsed(sink, "rate", value::percent);
    let amount = |sink: &mut Sink, key: &'static str| {
        table.parsed(sink, key, not_negative).map(|amount| amount.value)
    };
    let day = |sink: &mut Sink, key: &'static str| {
        table.parsed(sink, key, value::date).map(|day| day.value)
    };
    let (from, to) = (day(sink, "from"), day(sink, "to"));
    let (above, up_to) = (amount(sink, "above"), amount(sink, "up_to"));
    let (least, cap) = (amount(sink, "least"), amount(sink, "cap"));
    let kind = match table.word(sink, "cards").map(|word| word.value) {
        Some("credit") => Some(CardKind::Credit),
        Some("debit") => Some(CardKind::Debit),
        _ => None,
    };
    let plain = FeeRow::plain(Channel::Card, rate?.value, SHARES);
    let (above, least) = (above.unwrap_or(Fen::ZERO), least.unwrap_or(Fen::ZERO));
    Some(FeeRow { from, to, kind, above, up_to, least, cap, ..plain })
}
