//! From tables to the bank: accounts, cards, the probe's own pair of them, and the issuer around them.

use super::choices;
use super::made::{CREDIT_BIN, DEBIT_BIN, KeyUse, key, test_pan};
use super::names::{Named, PROBE};
use super::tables::{ACCOUNT, CARD, ISSUER_SECTION};
use super::value::{self, Wrong};
use super::walk::{Sink, Spot, Table};
use super::world::{WorldNames, choose, not_negative, sync_time, too_many};
use cardstorm_models::money::Fen;
use cardstorm_models::party::issuer::{
    AccountConfig, AccountState, CardConfig, CardState, CompletionVoided, IssuerConfig,
    usual_hold_ms, usual_hold_percent,
};
use cardstorm_models::time::YearMonth;
use cardstorm_models::wire::card::Pan;
use cardstorm_models::wire::pin::Pin;

/// What the probe's account holds.
const PROBE_BALANCE: Fen = Fen(10_000);

pub(super) fn accounts(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    names: &mut Named,
) -> Vec<AccountConfig> {
    let tables = root.named(sink, "account", &ACCOUNT);
    too_many(sink, &tables);
    let mut accounts = Vec::new();
    for (name, table) in &tables {
        refuse_probe(sink, name);
        names.add(name.value, Some(name.at.clone()));
        let mut account = bare_account(name.value);
        if let Some(balance) = table.parsed(sink, "balance", value::amount) {
            account.opening = balance.value;
        }
        if let Some(limit) = table.parsed(sink, "credit_limit", not_negative) {
            account.credit_limit = limit.value;
        }
        account.state = match table.word(sink, "state").map(|word| word.value) {
            Some("frozen") => AccountState::Frozen,
            Some("closed") => AccountState::Closed,
            _ => AccountState::Active,
        };
        accounts.push(account);
    }
    if accounts.is_empty() {
        names.add("customer", None);
        accounts.push(bare_account("customer"));
    }
    accounts
}

fn bare_account(name: &str) -> AccountConfig {
    AccountConfig {
        name: name.to_owned(),
        opening: Fen(100_000),
        credit_limit: Fen::ZERO,
        state: AccountState::Active,
    }
}

fn refuse_probe(sink: &mut Sink, name: &Spot<&str>) {
    if name.value == PROBE {
        let message = "`probe` is the name of what the final probes pay with";
        sink.error(&name.at, message, "expected another name");
    }
}

pub(super) fn cards(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    names: &mut WorldNames,
) -> Vec<CardConfig> {
    let tables = root.named(sink, "card", &CARD);
    too_many(sink, &tables);
    let mut cards: Vec<CardConfig> = Vec::new();
    for (name, table) in &tables {
        refuse_probe(sink, name);
        let n = names.cards.add(name.value, Some(name.at.clone()));
        let account = match table.text(sink, "account") {
            Some(account) => names.accounts.find(sink, &account),
            None => {
                let own = names.accounts.get(name.value);
                let only = (names.accounts.len() == 1).then_some(0);
                if own.or(only).is_none() {
                    table.missing(sink, "account");
                }
                own.or(only)
            }
        };
        let account = account.unwrap_or(0);
        names.accounts.mark(account);
        cards.push(card(sink, n, name.value, account, table, &cards));
    }
    // An account without a card of its own would have no holder: it gets one of its name.
    for account in 0..u32::try_from(names.accounts.len()).expect("few accounts") {
        if !cards.iter().any(|card| card.account == account) {
            let name = names.accounts.name(account).to_owned();
            if names.cards.get(&name).is_none() {
                let n = names.cards.add(&name, None);
                cards.push(bare_card(n, &name, account));
            }
        }
    }
    cards
}

fn bare_card(n: u32, name: &str, account: u32) -> CardConfig {
    CardConfig {
        name: name.to_owned(),
        pan: test_pan(CREDIT_BIN, n),
        expiry: YearMonth { year: 30, month: 12 },
        account,
        state: CardState::Active,
        pin: None,
    }
}

fn card(
    sink: &mut Sink,
    n: u32,
    name: &str,
    account: u32,
    table: &Table<'_, '_>,
    before: &[CardConfig],
) -> CardConfig {
    let mut card = bare_card(n, name, account);
    if table.word(sink, "kind").is_some_and(|kind| kind.value == "debit") {
        card.pan = test_pan(DEBIT_BIN, n);
    }
    if let Some(pan) =
        table.parsed(sink, "pan", |text| text.parse::<Pan>().map_err(|e| Wrong::new(e.to_string())))
    {
        card.pan = pan.value;
        if before.iter().any(|other| other.pan == card.pan) {
            sink.error(&pan.at, "another card has this number", "expected a number of its own");
        }
    }
    if let Some(expiry) = table.parsed(sink, "expiry", value::year_month) {
        card.expiry = expiry.value;
    }
    card.pin = pin(sink, table);
    card.state = match table.word(sink, "state").map(|word| word.value) {
        Some("lost") => CardState::Lost,
        Some("stolen") => CardState::Stolen,
        Some("not-permitted") => CardState::NotPermitted,
        _ => CardState::Active,
    };
    card
}

/// A PIN, as a table gives it.
pub(super) fn pin(sink: &mut Sink, table: &Table<'_, '_>) -> Option<Pin> {
    let parse = |text: &str| {
        text.parse::<Pin>()
            .map_err(|_| Wrong::hinted("not a PIN", "write 4 to 12 digits, as \"1234\""))
    };
    table.parsed(sink, "pin", parse).map(|pin| pin.value)
}

pub(super) fn probe(accounts: &mut Vec<AccountConfig>, names: &mut WorldNames) -> CardConfig {
    let account = names.accounts.add(PROBE, None);
    accounts.push(AccountConfig { opening: PROBE_BALANCE, ..bare_account(PROBE) });
    let n = names.cards.add(PROBE, None);
    bare_card(n, PROBE, account)
}

pub(super) fn issuer(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    accounts: Vec<AccountConfig>,
    cards: Vec<CardConfig>,
    sync_ms: &mut u64,
) -> IssuerConfig {
    let mut config = IssuerConfig {
        accounts,
        cards,
        zone_mac_key: key(KeyUse::ZoneMac, 0),
        zone_pin_key: key(KeyUse::ZonePin, 0),
        sale_limit: None,
        daily_sale_count: None,
        pin_tries: 3,
        hold_percent: usual_hold_percent(),
        hold_lasts_ms: usual_hold_ms(),
        partial_approval: false,
        completion_voided: Default::default(),
        choices: Default::default(),
    };
    if let Some(table) = root.table(sink, "issuer", &ISSUER_SECTION) {
        config.sale_limit = table.parsed(sink, "sale_limit", not_negative).map(|limit| limit.value);
        let count = table.count(sink, "daily_sale_count", 0, 1_000_000);
        config.daily_sale_count = count.map(|count| u32::try_from(count.value).expect("checked"));
        if let Some(tries) = table.count(sink, "pin_tries", 1, 100) {
            config.pin_tries = u8::try_from(tries.value).expect("checked");
        }
        if let Some(percent) = table.count(sink, "hold_percent", 100, 999) {
            config.hold_percent = u16::try_from(percent.value).expect("checked");
        }
        if let Some(lasts) = table.parsed(sink, "hold_lasts", value::duration) {
            config.hold_lasts_ms = lasts.value;
        }
        let parts = table.word(sink, "partial_approval");
        config.partial_approval = parts.is_some_and(|word| word.value == "granted");
        if table.word(sink, "completion_voided").is_some_and(|word| word.value == "hold-is-over") {
            config.completion_voided = CompletionVoided::HoldIsOver;
        }
        sync_time(sink, &table, sync_ms);
        choose(sink, &table, choices::ISSUER, &mut config.choices);
    }
    config
}
