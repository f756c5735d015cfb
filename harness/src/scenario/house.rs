//! From tables to what the institutions do by themselves.

use super::names::Named;
use super::tables::HOUSE;
use super::value;
use super::walk::{At, Sink, Table};
use super::world::{WorldNames, not_negative};
use crate::plan::PlannedHouseOp;
use cardstorm_models::money::Fen;
use cardstorm_models::party::HouseOp;
use cardstorm_models::party::issuer::{AccountState, CardState};
use cardstorm_models::time::Wall;

/// Reads every house operation, in the order of the file, and where it says when.
pub(super) fn house(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    start: Wall,
    names: &mut WorldNames,
) -> Vec<(PlannedHouseOp, At)> {
    let mut all = Vec::new();
    for table in root.listed(sink, "house", &HOUSE) {
        let at = table.parsed(sink, "at", |text| value::time(text, start));
        if !table.has("at") {
            table.missing(sink, "at");
        }
        let Some(deed) = table.word(sink, "do") else {
            if !table.has("do") {
                table.missing(sink, "do");
            }
            continue;
        };
        let op = deed_of(sink, &table, deed.value, names);
        if let Some(at) = at {
            all.push((PlannedHouseOp { at_ms: at.value, op }, at.at));
        }
    }
    all
}

fn deed_of(sink: &mut Sink, table: &Table<'_, '_>, deed: &str, names: &mut WorldNames) -> HouseOp {
    let (needs, needs_amount) = match deed {
        "top-up" | "credit-limit" | "risk-hold" => ("account", true),
        "freeze" | "close" | "reopen" => ("account", false),
        "sweep" => ("merchant", false),
        "lose-batch-item" => ("terminal", false),
        "maintenance-on" | "maintenance-off" => ("", false),
        _ => ("card", false),
    };
    for key in ["account", "card", "merchant", "terminal"] {
        if key != needs && table.has(key) {
            sink.error(&table.key_at(key), format!("`{deed}` takes no `{key}`"), "unused key");
        }
    }
    let mut number = |key: &'static str, names: &mut Named| {
        if key != needs {
            return 0;
        }
        let named = table.text(sink, key).map(|name| names.find(sink, &name));
        let number = named.unwrap_or(Some(0)).unwrap_or(0);
        names.mark(number);
        number
    };
    let account = number("account", &mut names.accounts);
    let card = number("card", &mut names.cards);
    let merchant = number("merchant", &mut names.merchants);
    let terminal = number("terminal", &mut names.terminals);
    let nth = table.count(sink, "nth", 1, 10_000).map(|nth| (nth.at, nth.value));
    if let Some((at, _)) = nth.as_ref().filter(|_| needs != "terminal") {
        sink.error(at, format!("`{deed}` takes no `nth`"), "unused key");
    }
    let nth = nth.map_or(0, |(_, nth)| u32::try_from(nth - 1).expect("checked"));
    let given = table.parsed(sink, "amount", not_negative);
    match (needs_amount, table.has("amount")) {
        (true, false) => table.missing(sink, "amount"),
        (false, true) => {
            sink.error(
                &table.key_at("amount"),
                format!("`{deed}` takes no `amount`"),
                "unused key",
            );
        }
        _ => {}
    }
    let amount = given.map_or(Fen::ZERO, |amount| amount.value);
    match deed {
        "top-up" => HouseOp::TopUp { account, amount },
        "credit-limit" => HouseOp::CreditLimit { account, limit: amount },
        "risk-hold" => HouseOp::RiskHold { account, amount },
        "freeze" => HouseOp::AccountState { account, state: AccountState::Frozen },
        "close" => HouseOp::AccountState { account, state: AccountState::Closed },
        "reopen" => HouseOp::AccountState { account, state: AccountState::Active },
        "report-lost" => HouseOp::CardState { card, state: CardState::Lost },
        "report-stolen" => HouseOp::CardState { card, state: CardState::Stolen },
        "block-card" => HouseOp::CardState { card, state: CardState::NotPermitted },
        "restore-card" => HouseOp::CardState { card, state: CardState::Active },
        "sweep" => HouseOp::Sweep { merchant },
        "lose-batch-item" => HouseOp::LoseBatchItem { terminal, nth },
        "maintenance-on" => HouseOp::Maintenance { on: true },
        _ => HouseOp::Maintenance { on: false },
    }
}
