//! Worlds: merchants, terminals, accounts and cards with realistic and with boundary values. All card
//! numbers are test numbers, all keys are derived from names.

use super::Dice;
use crate::plan::World;
use crate::plan::draw::{Draw, Purpose};
use cardstorm_models::clearing::fee::{FeeOnRefund, FeeTable, Rounding};
use cardstorm_models::clearing::policy::RefundPolicy;
use cardstorm_models::clearing::{Calendar, CutOff, Cycle};
use cardstorm_models::ids::{MerchantId, ResponseCode, TerminalId};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{
    AcquirerConfig, Contract, MerchantConfig, Settlement, TerminalEntry,
};
use cardstorm_models::party::issuer::{
    AccountConfig, AccountState, CardConfig, CardState, IssuerConfig,
};
use cardstorm_models::party::terminal::TerminalConfig;
use cardstorm_models::time::{Wall, YearMonth};
use cardstorm_models::wire::KeyLength;
use cardstorm_models::wire::card::Pan;
use cardstorm_models::wire::key::DesKey;
use rust_decimal::Decimal;

/// A double-length key that belongs to a name; nothing secret, and the same in every run.
pub fn key_of(name: &str) -> DesKey {
    let words = name.bytes().map(u64::from).collect::<Vec<_>>();
    let half = |n| Draw::keyed(n, Purpose::Plan, &words).word().to_be_bytes();
    let mut key = [0u8; 16];
    key[..8].copy_from_slice(&half(1));
    key[8..].copy_from_slice(&half(2));
    DesKey::Double(key)
}

/// First six digits of every card made here.
const CARD_BIN: u32 = 629_999;
/// First six digits of the model's debit cards; none of the cards made here is one by itself.
pub const DEBIT_BIN: u32 = 629_998;

/// The n-th test card number: 16 digits from a range that no bank issues, with a check digit that fits.
pub fn pan_of(n: u32) -> Pan {
    let body = format!("62999900{n:07}");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            value / 10 + value % 10
        })
        .sum();
    let text = format!("{body}{}", (10 - sum % 10) % 10);
    text.parse().expect("sixteen digits are a card number")
}

/// The n-th terminal's id.
pub fn terminal_id(n: u16) -> TerminalId {
    TerminalId::from_bytes(format!("{:08}", 10_000_001 + u32::from(n)).as_bytes())
        .expect("eight digits")
}

/// The n-th merchant's id: institution 898, region 3100, category 5411, serial.
pub fn merchant_id(n: u32) -> MerchantId {
    MerchantId::from_bytes(format!("89831005411{:04}", n + 1).as_bytes()).expect("fifteen digits")
}

/// A card of the model: good until the end of 2030.
pub fn card(name: &str, n: u32, account: u32) -> CardConfig {
    let expiry = YearMonth { year: 30, month: 12 };
    let (state, pin) = (CardState::Active, None);
    CardConfig { name: name.to_owned(), pan: pan_of(n), expiry, account, state, pin }
}

/// An account of the model.
pub fn account(name: &str, opening: Fen) -> AccountConfig {
    let state = AccountState::Active;
    AccountConfig { name: name.to_owned(), opening, credit_limit: Fen::ZERO, state }
}

/// A world of one merchant with so many terminals and the given accounts, one card each, and the probe's
/// card and account behind them.
pub fn simple(terminals: u16, mut accounts: Vec<AccountConfig>) -> World {
    let numbers = 0..u32::try_from(accounts.len()).expect("few accounts");
    let mut cards: Vec<CardConfig> =
        numbers.zip(&accounts).map(|(n, account)| card(&account.name, n, n)).collect();
    let probe_card = u32::try_from(cards.len()).expect("few cards");
    accounts.push(account("probe", Fen(100_00)));
    cards.push(card("probe", probe_card, probe_card));
    let master = |n: u16| key_of(&format!("master key of terminal {n}"));
    let (zone_mac_key, zone_pin_key) = (key_of("zone MAC key"), key_of("zone PIN key"));
    World {
        terminals: (0..terminals)
            .map(|n| TerminalConfig {
                id: terminal_id(n),
                merchant: merchant_id(0),
                master_key: master(n),
                key_length: KeyLength::Double,
                timers: Default::default(),
                choices: Default::default(),
            })
            .collect(),
        acquirer: AcquirerConfig {
            merchants: vec![MerchantConfig {
                id: merchant_id(0),
                name: "shop".into(),
                opening_unsettled: Fen::ZERO,
                contract: None,
            }],
            terminals: (0..terminals)
                .map(|n| TerminalEntry { id: terminal_id(n), merchant: 0, master_key: master(n) })
                .collect(),
            zone_mac_key,
            zone_pin_key,
            fingerprint_key: [1, 2],
            timers: Default::default(),
            cut_off: Default::default(),
            debit_bins: vec![DEBIT_BIN],
            maintenance_code: ResponseCode(*b"96"),
            choices: Default::default(),
        },
        issuer: IssuerConfig {
            accounts,
            cards,
            zone_mac_key,
            zone_pin_key,
            sale_limit: None,
            daily_sale_count: None,
            pin_tries: 3,
            choices: Default::default(),
        },
        probe_card,
        sync_times: Default::default(),
    }
}

/// A drawn world: three accounts (rich, tight, empty with a limit), one of its cards with a PIN.
pub(super) fn drawn(dice: Dice, terminals: u16) -> World {
    let fen = |draw: u64| Fen(i64::try_from(draw).expect("small"));
    let mut accounts = vec![
        account("rich", Fen(100_000_00)),
        account("tight", fen(dice.range(0, 0, 50_00, 400_00))),
        account("credit", fen(dice.range(0, 1, 0, 100_00))),
    ];
    accounts[2].credit_limit = fen(dice.range(0, 2, 0, 300_00));
    let mut world = simple(terminals, accounts);
    world.issuer.cards[0].pin =
        (dice.range(1, 0, 0, 1) == 1).then(|| "123456".parse().expect("six digits are a PIN"));
    world.issuer.sale_limit = (dice.range(1, 1, 0, 3) == 0).then_some(Fen(2_000_00));
    world.issuer.daily_sale_count = (dice.range(1, 2, 0, 3) == 0).then_some(6);
    for terminal in &mut world.terminals {
        terminal.key_length = dice.pick(1, 3, &[KeyLength::Double, KeyLength::Single]);
    }
    let merchant = &mut world.acquirer.merchants[0];
    merchant.opening_unsettled = fen(dice.pick(1, 4, &[0, 0, 200_00]));
    merchant.contract = (dice.range(1, 5, 0, 1) == 1).then(|| contract(dice));
    if dice.range(1, 6, 0, 1) == 1 {
        // All test cards are one bank's: in half of the worlds a bank of debit cards.
        world.acquirer.debit_bins = vec![CARD_BIN];
    }
    world
}

/// The example's fees or dearer ones with a least fee and a cap, any cycle, some refund policy.
fn contract(dice: Dice) -> Contract {
    let mut fees = FeeTable::example();
    if dice.range(2, 0, 0, 1) == 1 {
        for row in &mut fees.rows {
            row.rate += row.rate;
            row.least = Fen(1);
            row.cap = Some(Fen(1_00));
        }
    }
    fees.rounding =
        dice.pick(2, 1, &[Rounding::HalfUp, Rounding::HalfEven, Rounding::Up, Rounding::Down]);
    let refunds = RefundPolicy {
        ratio: dice.pick(2, 2, &[Decimal::ONE, Decimal::ONE, Decimal::new(50, 2)]),
        count: dice.pick(2, 3, &[None, None, Some(1)]),
        window_days: dice.pick(2, 4, &[None, Some(0)]),
        partial: dice.range(2, 5, 0, 3) != 0,
        same_terminal: dice.range(2, 6, 0, 3) == 0,
        fee: dice.pick(2, 7, &[FeeOnRefund::ProRata, FeeOnRefund::Full, FeeOnRefund::Kept]),
    };
    let cycle = dice.pick(2, 8, &[Cycle::D0, Cycle::D0, Cycle::D1, Cycle::T0, Cycle::T1]);
    let settlement = Settlement { cycle, calendar: Calendar::default() };
    Contract { fees, refunds, settlement: (dice.range(2, 9, 0, 4) != 0).then_some(settlement) }
}

/// Mostly a cut-off within the chaos, so that a clearing day ends in the middle of it; else the usual one.
pub(super) fn cut_off(dice: Dice, start: Wall, chaos_ms: u64) -> CutOff {
    if dice.range(3, 0, 0, 3) == 0 {
        return CutOff::default();
    }
    let begins = start.0.rem_euclid(MS_PER_DAY);
    let into = i64::try_from(dice.range(3, 1, 1, chaos_ms)).expect("a run is short");
    CutOff(u32::try_from((begins + into) % MS_PER_DAY).expect("within a day"))
}

const MS_PER_DAY: i64 = 86_400_000;
