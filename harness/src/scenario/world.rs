//! From tables to the parties of a plan: merchants, terminals, the acquirer, and every party's design
//! choices. What a story does not say is there all the same, with sound choices.

use super::bank::{accounts, cards, issuer, probe};
use super::choices::{self, Choice, Param};
use super::contract;
use super::keys::Kind;
use super::made::{DEBIT_BIN, KeyUse, key};
use super::names::Named;
use super::tables::{ACQUIRER_SECTION, MERCHANT, TERMINAL_SECTION};
use super::value::{self, Wrong};
use super::walk::{Sink, Spot, Table, found, short};
use crate::plan::{LONGEST_SYNC_MS, SyncTimes, World};
use cardstorm_models::ids::{Batch, MerchantId, ResponseCode, Stan, TerminalId};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{
    AcquirerConfig, AcquirerTimers, MerchantConfig, TerminalEntry,
};
use cardstorm_models::party::terminal::{TerminalConfig, TerminalTimers};
use cardstorm_models::wire::KeyLength;
use toml::de::DeValue;

/// The most of one kind of thing that a story may have.
const MOST: usize = 1000;

/// The parties, and what their things are called.
pub(super) struct WorldNames {
    pub merchants: Named,
    pub terminals: Named,
    pub accounts: Named,
    pub cards: Named,
}

/// Builds the world; what is wrong is in the sink, and a default stands in its place.
pub(super) fn world(sink: &mut Sink, root: &Table<'_, '_>) -> (World, WorldNames) {
    let mut names = WorldNames {
        merchants: Named::new("merchant"),
        terminals: Named::new("terminal"),
        accounts: Named::new("account"),
        cards: Named::new("card"),
    };
    let merchants = merchants(sink, root, &mut names.merchants);
    let mut sync_times = SyncTimes::default();
    let terminals = terminals(sink, root, &mut names, &mut sync_times);
    let mut accounts = accounts(sink, root, &mut names.accounts);
    let mut cards = cards(sink, root, &mut names);
    let probe_card = u32::try_from(cards.len()).expect("few cards");
    cards.push(probe(&mut accounts, &mut names));
    let acquirer = acquirer(sink, root, merchants, &terminals, &mut sync_times.acquirer_ms);
    let issuer = issuer(sink, root, accounts, cards, &mut sync_times.issuer_ms);
    (World { terminals, acquirer, issuer, probe_card, sync_times }, names)
}

/// Refuses more of a kind than any story needs.
pub(super) fn too_many(sink: &mut Sink, named: &[(Spot<&str>, Table<'_, '_>)]) {
    if let Some((name, _)) = named.get(MOST) {
        sink.error(&name.at, format!("more than {MOST} of a kind"), "this is one too many");
    }
}

fn merchants(sink: &mut Sink, root: &Table<'_, '_>, names: &mut Named) -> Vec<MerchantConfig> {
    let tables = root.named(sink, "merchant", &MERCHANT);
    too_many(sink, &tables);
    let mut merchants = Vec::new();
    for (name, table) in &tables {
        let n = names.add(name.value, Some(name.at.clone()));
        let opening =
            table.parsed(sink, "unsettled", value::amount).map_or(Fen::ZERO, |spot| spot.value);
        let contract = contract::contract(sink, table);
        merchants.push(MerchantConfig { contract, ..merchant(n, name.value, opening) });
    }
    if merchants.is_empty() {
        names.add("shop", None);
        merchants.push(merchant(0, "shop", Fen::ZERO));
    }
    contract::fees(sink, root, names, &mut merchants);
    merchants
}

fn merchant(n: u32, name: &str, opening_unsettled: Fen) -> MerchantConfig {
    let id = format!("89811005812{:04}", n + 1);
    let id: MerchantId = id.parse().expect("15 digits");
    MerchantConfig { id, name: name.to_owned(), opening_unsettled, contract: None }
}

fn terminals(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    names: &mut WorldNames,
    sync_times: &mut SyncTimes,
) -> Vec<TerminalConfig> {
    let tables = root.named(sink, "terminal", &TERMINAL_SECTION);
    too_many(sink, &tables);
    let mut terminals = Vec::new();
    for (name, table) in &tables {
        if matches!(name.value, "acquirer" | "issuer") {
            sink.error(
                &name.at,
                "a terminal cannot be called after another party",
                "expected another name",
            );
        }
        let n = names.terminals.add(name.value, Some(name.at.clone()));
        let merchant = match table.text(sink, "merchant") {
            Some(merchant) => names.merchants.find(sink, &merchant),
            None if names.merchants.len() == 1 => Some(0),
            None => {
                table.missing(sink, "merchant");
                None
            }
        };
        let merchant = merchant.unwrap_or(0);
        names.merchants.mark(merchant);
        terminals.push(terminal(sink, n, merchant, table));
        let mut sync_ms = 0;
        sync_time(sink, table, &mut sync_ms);
        if sync_ms > 0 {
            sync_times.terminals_ms.resize(n as usize, 0);
            sync_times.terminals_ms.push(sync_ms);
        }
    }
    if terminals.is_empty() {
        names.terminals.add("till", None);
        names.merchants.mark(0);
        terminals.push(bare_terminal(0, 0));
    }
    terminals
}

fn bare_terminal(n: u32, merchant_number: u32) -> TerminalConfig {
    let id: TerminalId = format!("{:08}", 10_000_001 + n).parse().expect("8 digits");
    TerminalConfig {
        id,
        merchant: merchant(merchant_number, "", Fen::ZERO).id,
        master_key: key(KeyUse::Master, u64::from(n)),
        key_length: KeyLength::Double,
        opening: Default::default(),
        settle_after: None,
        partial_approval: false,
        timers: TerminalTimers::default(),
        choices: Default::default(),
    }
}

fn terminal(sink: &mut Sink, n: u32, merchant: u32, table: &Table<'_, '_>) -> TerminalConfig {
    let mut config = bare_terminal(n, merchant);
    if table.word(sink, "keys").is_some_and(|word| word.value == "single") {
        config.key_length = KeyLength::Single;
    }
    if let Some(stan) = number(sink, table, "last_stan", 0) {
        config.opening.stan = Stan(stan);
    }
    if let Some(batch) = number(sink, table, "batch", 1) {
        config.opening.batch = Batch(batch);
    }
    let timers = &mut config.timers;
    timer(sink, table, "response_timeout", &mut timers.response_timeout_ms);
    timer(sink, table, "dial_timeout", &mut timers.dial_timeout_ms);
    timer(sink, table, "retry_interval", &mut timers.retry_interval_ms);
    if let Some(tries) = table.count(sink, "tries_per_session", 1, 100) {
        timers.tries_per_session = u8::try_from(tries.value).expect("checked");
    }
    if let Some(most) = table.count(sink, "settle_after", 1, 999) {
        config.settle_after = Some(u16::try_from(most.value).expect("checked"));
    }
    let declares = table.word(sink, "partial_approval");
    config.partial_approval = declares.is_some_and(|word| word.value == "declared");
    choose(sink, table, choices::TERMINAL, &mut config.choices);
    config
}

/// A number of at most six digits.
fn number(sink: &mut Sink, table: &Table<'_, '_>, key: &str, least: i64) -> Option<u32> {
    let given = table.count(sink, key, least, i64::from(Stan::MAX.0))?;
    Some(u32::try_from(given.value).expect("checked"))
}

fn timer(sink: &mut Sink, table: &Table<'_, '_>, key: &'static str, ms: &mut u64) {
    let least_a_second = |text: &str| match value::duration(text)? {
        ms if ms < 1000 => {
            Err(Wrong::hinted("a timer this short never lets an answer come", "use 1s or more"))
        }
        ms => Ok(ms),
    };
    if let Some(given) = table.parsed(sink, key, least_a_second) {
        *ms = given.value;
    }
}

/// How long a sync takes at a party.
pub(super) fn sync_time(sink: &mut Sink, table: &Table<'_, '_>, ms: &mut u64) {
    let bearable = |text: &str| match value::duration(text)? {
        ms if ms > LONGEST_SYNC_MS => {
            Err(Wrong::hinted("a disk this slow outlasts every timer", "use 10s or less"))
        }
        ms => Ok(ms),
    };
    if let Some(given) = table.parsed(sink, "sync_time", bearable) {
        *ms = given.value;
    }
}

/// Reads every design choice that a party's table sets.
pub(super) fn choose<C>(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    all: &'static [Choice<C>],
    into: &mut C,
) {
    for choice in all {
        let Some(given) = table.raw(choice.key) else { continue };
        let (name, param) = match given.get_ref() {
            DeValue::String(name) => (Spot { value: name.as_ref(), at: given.span() }, None),
            DeValue::Table(_) => match table.entries(choice.key).as_deref() {
                Some([(name, param)]) => (name.clone(), Some(*param)),
                _ => {
                    let label = format!(
                        "expected `{{ {} = ... }}`",
                        choice.ways[choice.ways.len() - 1].name
                    );
                    sink.error(&given.span(), format!("`{}` takes one way", choice.key), label);
                    continue;
                }
            },
            other => {
                let message = format!("`{}` is a design choice, not {}", choice.key, found(other));
                sink.error(&given.span(), message, "expected the name of a way");
                continue;
            }
        };
        let Some(way) = choice.ways.iter().find(|way| way.name == name.value) else {
            sink.unknown(
                &format!("way of `{}`", choice.key),
                &name,
                choice.ways.iter().map(|way| way.name),
            );
            continue;
        };
        if let Some(number) = parameter(sink, choice.key, way.name, way.param, &name, param) {
            (way.set)(into, number);
        }
    }
}

fn parameter(
    sink: &mut Sink,
    key: &str,
    way: &str,
    param: Param,
    name: &Spot<&str>,
    given: Option<&super::walk::Value<'_>>,
) -> Option<u64> {
    let usage = match param {
        Param::None => format!("write `{key} = \"{way}\"`"),
        Param::Duration => format!("write `{key} = {{ {way} = \"60s\" }}`"),
        Param::Count => format!("write `{key} = {{ {way} = 3 }}`"),
    };
    let number = match (param, given.map(|given| (given.get_ref(), given.span()))) {
        (Param::None, None) => return Some(0),
        (Param::Duration, Some((DeValue::String(text), at))) => match value::duration(text) {
            Ok(ms) => return Some(ms),
            Err(wrong) => {
                sink.wrong(&at, way, Kind::Duration, wrong);
                return None;
            }
        },
        (Param::Count, Some((DeValue::Integer(number), _))) => {
            u64::from_str_radix(number.as_str(), number.radix())
                .ok()
                .filter(|n| (1..=200).contains(n))
        }
        _ => None,
    };
    if number.is_none() {
        let error = sink.error(
            &name.at,
            format!("`{key}`: `{}` is not written so", short(way)),
            "wrong form",
        );
        error.hint = Some(usage);
    }
    number
}

/// An amount that is not below zero.
pub(super) fn not_negative(text: &str) -> Result<Fen, Wrong> {
    let amount = value::amount(text)?;
    if amount < Fen::ZERO { Err(Wrong::new("below zero")) } else { Ok(amount) }
}

fn acquirer(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    merchants: Vec<MerchantConfig>,
    terminals: &[TerminalConfig],
    sync_ms: &mut u64,
) -> AcquirerConfig {
    let number_of = |terminal: &TerminalConfig| {
        let at = merchants.iter().position(|merchant| merchant.id == terminal.merchant);
        u32::try_from(at.expect("its merchant exists")).expect("few merchants")
    };
    let entry = |terminal: &TerminalConfig| TerminalEntry {
        id: terminal.id,
        merchant: number_of(terminal),
        master_key: terminal.master_key,
    };
    let mut config = AcquirerConfig {
        terminals: terminals.iter().map(entry).collect(),
        merchants,
        zone_mac_key: key(KeyUse::ZoneMac, 0),
        zone_pin_key: key(KeyUse::ZonePin, 0),
        fingerprint_key: [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f],
        timers: AcquirerTimers::default(),
        cut_off: Default::default(),
        debit_bins: vec![DEBIT_BIN],
        maintenance_code: ResponseCode(*b"96"),
        choices: Default::default(),
    };
    if let Some(table) = root.table(sink, "acquirer", &ACQUIRER_SECTION) {
        let timers = &mut config.timers;
        timer(sink, &table, "issuer_timeout", &mut timers.issuer_timeout_ms);
        timer(sink, &table, "advice_interval", &mut timers.advice_interval_ms);
        timer(sink, &table, "dial_timeout", &mut timers.dial_timeout_ms);
        timer(sink, &table, "redial", &mut timers.redial_ms);
        if let Some(code) = table.parsed(sink, "maintenance_code", maintenance_code) {
            config.maintenance_code = code.value;
        }
        sync_time(sink, &table, sync_ms);
        if let Some(cut_off) = table.parsed(sink, "cut_off", value::time_of_day) {
            config.cut_off = cut_off.value;
        }
        choose(sink, &table, choices::ACQUIRER, &mut config.choices);
    }
    config
}

/// What requests are answered during maintenance: nothing that approves, and never 51, which is the
/// issuer's to say of an account.
fn maintenance_code(text: &str) -> Result<ResponseCode, Wrong> {
    let code = response_code(text)?;
    let hint = "write a code of the centre's own, as \"90\", \"91\" or \"96\"";
    if code.approves_sale(true) {
        return Err(Wrong::hinted("a maintenance code must not approve", hint));
    }
    if &code.0 == b"51" {
        return Err(Wrong::hinted("51 is the issuer's word on an account's balance", hint));
    }
    Ok(code)
}

/// A response code: two letters or digits.
pub(super) fn response_code(text: &str) -> Result<ResponseCode, Wrong> {
    let plain =
        text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let code = text.parse().ok().filter(|_| plain);
    code.ok_or_else(|| {
        Wrong::hinted("not a response code", "write two digits or capitals, as \"51\"")
    })
}
