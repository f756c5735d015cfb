//! What a story expects of its run: typed data; judging it is somebody else's work.

use super::keys::Kind;
use super::names::Named;
use super::tables::EXPECT;
use super::value;
use super::walk::{Sink, Table, found, written};
use super::world::WorldNames;
use crate::check::Invariant;
use crate::plan::{PROBE_AMOUNT, Place, Plan};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, Text};
use serde::{Deserialize, Serialize};
use toml::de::DeValue;

/// What a screen is expected to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// This code, whatever the words.
    Code(ResponseCode),
    /// These words.
    Text(Text),
}

/// What is expected of one operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpExpect {
    /// Number of the operation in the plan.
    pub op: u32,
    /// How its last attempt ends; anything will do where none is named.
    pub outcome: Option<Outcome>,
    /// What the last screen of its last attempt shows; anything will do where nothing is named.
    pub shows: Option<Shown>,
}

/// What is expected of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expect {
    /// By operation; one for each operation of the plan, in order.
    pub ops: Vec<OpExpect>,
    /// Balances in the final reads, less what [`probe_share`] says the final probes pay in.
    pub balances: Vec<(Account, Fen)>,
    /// The invariant that must break, and whose rule it is; none where all must hold.
    pub violates: Option<(Invariant, Option<Place>)>,
    /// Whether a fault may go without striking. It may not in a story; nobody placed those of a
    /// generated plan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub idle_faults: bool,
}

/// What the final probes of a plan add to an account's balance, if they all succeed. Stories don't
/// count it.
pub fn probe_share(plan: &Plan, account: Account) -> Fen {
    let Account::MerchantUnsettled(merchant) = account else { return Fen::ZERO };
    let terminals = plan.world.acquirer.terminals.iter();
    terminals.filter(|terminal| terminal.merchant == merchant).map(|_| PROBE_AMOUNT).sum()
}

/// Reads the `[expect]` table; operations were read with the operations themselves.
pub(super) fn expect(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    names: &mut WorldNames,
    ops: Vec<OpExpect>,
) -> Expect {
    let mut expect = Expect { ops, ..Expect::default() };
    let Some(table) = root.table(sink, "expect", &EXPECT) else { return expect };
    let place = table.text(sink, "where").and_then(|name| place(sink, &name, &mut names.terminals));
    if let Some(name) = table.text(sink, "violates") {
        match Invariant::from_name(name.value) {
            Some(invariant) => expect.violates = Some((invariant, place)),
            None => {
                let known = Invariant::ALL.map(Invariant::name);
                sink.unknown("invariant", &name, known);
                let number = name.value.strip_prefix(['I', 'i']).unwrap_or("");
                if number.parse::<u8>().is_ok() {
                    let hint = format!("write its name: `cardstorm explain I{number}` says it");
                    sink.list.last_mut().expect("just reported").hint = Some(hint);
                }
            }
        }
    } else if table.has("where") {
        let message = "`where` says whose rule is broken, and no rule is";
        sink.error(&table.key_at("where"), message, "expected `violates` beside it");
    }
    let balances = &mut expect.balances;
    amounts(sink, &table, "balance", &mut names.accounts, Account::Cardholder, balances);
    amounts(sink, &table, "unsettled", &mut names.merchants, Account::MerchantUnsettled, balances);
    amounts(sink, &table, "paid_out", &mut names.merchants, Account::MerchantPaid, balances);
    if let Some(amount) = table.parsed(sink, "returned_refunds", value::amount) {
        balances.push((Account::ReturnedRefunds, amount.value));
    }
    for (key, account) in [
        ("issuer_fees", Account::IssuerFees),
        ("network_fees", Account::NetworkFees),
        ("acquirer_fees", Account::AcquirerFees),
    ] {
        if let Some(amount) = table.parsed(sink, key, value::amount) {
            balances.push((account, amount.value));
        }
    }
    expect
}

const AMOUNT: &str = "write yuan in quotes with two decimals, as \"100.00\"";

fn amounts(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    key: &'static str,
    names: &mut Named,
    account: impl Fn(u32) -> Account,
    into: &mut Vec<(Account, Fen)>,
) {
    let Some(entries) = table.entries(key) else {
        if table.has(key) {
            let given = match table.raw(key).map(|given| given.get_ref()) {
                Some(DeValue::String(text)) if value::amount(text).is_ok() => text.to_string(),
                _ => "100.00".to_owned(),
            };
            let message = format!("`{key}` holds amounts by name");
            let error = sink.error(&table.value_at(key), message, "expected a table");
            error.hint = Some(format!("write `{key} = {{ {} = \"{given}\" }}`", names.name(0)));
        }
        return;
    };
    for (name, given) in entries {
        let number = names.find(sink, &name);
        let amount = match given.get_ref() {
            DeValue::String(text) => value::amount(text),
            other => Err(value::Wrong {
                message: format!("takes an amount, not {}", found(other)),
                hint: written(Kind::Amount, other).or(Some(AMOUNT.to_owned())),
            }),
        };
        match (amount, number) {
            (Ok(amount), Some(number)) => into.push((account(number), amount)),
            (Err(wrong), _) => sink.wrong(&given.span(), name.value, Kind::Amount, wrong),
            (Ok(_), None) => {}
        }
    }
}

/// The party that a name stands for.
pub(super) fn place(
    sink: &mut Sink,
    name: &super::walk::Spot<&str>,
    terminals: &mut Named,
) -> Option<Place> {
    match name.value {
        "acquirer" => Some(Place::Acquirer),
        "issuer" => Some(Place::Issuer),
        other => match terminals.get(other) {
            Some(number) => {
                terminals.mark(number);
                u16::try_from(number).ok().map(Place::Terminal)
            }
            None => {
                let known: Vec<&str> = ["acquirer", "issuer"]
                    .into_iter()
                    .chain(terminals.list().iter().map(String::as_str))
                    .collect();
                sink.unknown("party", name, known);
                let till = matches!(other.to_lowercase().as_str(), "terminal" | "till" | "pos");
                if till && let [only] = terminals.list() {
                    let hint = format!("did you mean `{only}`?");
                    sink.list.last_mut().expect("just reported").hint = Some(hint);
                }
                None
            }
        },
    }
}
