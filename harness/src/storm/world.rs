//! Worlds: merchants, terminals, accounts and cards with realistic and with boundary values. All card
//! numbers are test numbers, all keys are derived from names.

use super::{Dice, Mask};
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{SyncTimes, World};
use crate::scenario::choices::{ACQUIRER, Choice, ISSUER, Param, TERMINAL, Way};
use cardstorm_models::clearing::fee::{FeeOnRefund, FeeTable, Rounding};
use cardstorm_models::clearing::policy::RefundPolicy;
use cardstorm_models::clearing::{Calendar, CutOff, Cycle};
use cardstorm_models::ids::{Batch, MerchantId, ResponseCode, Stan, TerminalId};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{
    AcquirerConfig, Contract, MerchantConfig, Settlement, TerminalEntry,
};
use cardstorm_models::party::issuer::{
    AccountConfig, AccountState, CardConfig, CardState, CompletionVoided, IssuerConfig,
    usual_hold_ms, usual_hold_percent,
};
use cardstorm_models::party::terminal::{Opening, TerminalConfig};
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
                opening: Default::default(),
                settle_after: None,
                partial_approval: false,
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
            hold_percent: usual_hold_percent(),
            hold_lasts_ms: usual_hold_ms(),
            partial_approval: false,
            completion_voided: Default::default(),
            choices: Default::default(),
        },
        probe_card,
        sync_times: Default::default(),
    }
}

/// A drawn world: a rich, a tight and an empty account with a limit, a second card on the tight one, a card
/// that has expired or is about to, and sometimes a second merchant.
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
        dice.one_in(1, 0, 2).then(|| "123456".parse().expect("six digits are a PIN"));
    let behind = world.probe_card + 1;
    world.issuer.cards.push(card("second on tight", behind, 1));
    let mut old = card("old", behind + 1, 0);
    (old.expiry.year, old.expiry.month) = dice.pick(1, 7, &[(25, 12), (26, 3), (26, 12)]);
    world.issuer.cards.push(old);
    world.issuer.sale_limit = dice.one_in(1, 1, 4).then_some(Fen(2_000_00));
    world.issuer.daily_sale_count = dice.one_in(1, 2, 4).then_some(6);
    for terminal in &mut world.terminals {
        terminal.key_length = dice.pick(1, 3, &[KeyLength::Double, KeyLength::Single]);
    }
    let merchant = &mut world.acquirer.merchants[0];
    merchant.opening_unsettled = fen(dice.pick(1, 4, &[0, 0, 200_00]));
    merchant.contract = dice.one_in(1, 7, 2).then(|| contract(dice));
    world.acquirer.maintenance_code = ResponseCode(dice.pick(1, 6, &[*b"96", *b"96", *b"Q7"]));
    if dice.one_in(1, 8, 2) {
        // All test cards are one bank's: in half of the worlds a bank of debit cards.
        world.acquirer.debit_bins = vec![CARD_BIN];
    }
    if dice.one_in(1, 5, 3) {
        second_merchant(dice, &mut world);
    }
    world
}

/// Another shop, which has every other terminal.
fn second_merchant(dice: Dice, world: &mut World) {
    let id = merchant_id(1);
    let opening_unsettled = Fen(dice.pick(2, 0, &[0, 100_00]));
    let contract = dice.one_in(2, 10, 3).then(|| contract(dice));
    let name = "kiosk".into();
    world.acquirer.merchants.push(MerchantConfig { id, name, opening_unsettled, contract });
    let entries = world.acquirer.terminals.iter_mut().zip(&mut world.terminals);
    for (entry, terminal) in entries.skip(1).step_by(2) {
        (entry.merchant, terminal.merchant) = (1, id);
    }
}

/// Numbers of the cards that customers pay with: all but the probe's.
pub(super) fn payers(world: &World) -> Vec<u32> {
    let count = u32::try_from(world.issuer.cards.len()).expect("few cards");
    (0..count).filter(|card| *card != world.probe_card).collect()
}

/// Timers of each party's own, in whatever order, and sound alternatives to the default design choices: where
/// the seed's mask has them on.
pub(super) fn choose(dice: Dice, mask: Mask, world: &mut World) {
    if mask.on(10, 0) {
        for (n, terminal) in (0u64..).zip(&mut world.terminals) {
            let item = 100 + n;
            let timers = &mut terminal.timers;
            timers.response_timeout_ms = dice.range(item, 0, 15_000, timers.response_timeout_ms);
            timers.dial_timeout_ms = dice.range(item, 1, 3_000, timers.dial_timeout_ms);
            timers.retry_interval_ms = dice.range(item, 2, 15_000, timers.retry_interval_ms);
            timers.tries_per_session = dice.small(item, 3, 1, 3);
        }
    }
    if mask.on(10, 1) {
        let timers = &mut world.acquirer.timers;
        // Longer than the terminals' own wait as well: a slip of whoever set them up.
        timers.issuer_timeout_ms = dice.range(90, 0, 10_000, 60_000);
        timers.advice_interval_ms = dice.range(90, 1, 20_000, timers.advice_interval_ms);
        timers.redial_ms = dice.range(90, 2, 1_000, timers.redial_ms);
    }
    if mask.on(10, 3) {
        let disk =
            |aspect| if dice.one_in(91, aspect, 2) { dice.time_ms(92, aspect, 300) } else { 0 };
        let terminals = 3..3 + world.terminals.len() as u64;
        let terminals_ms = terminals.map(disk).collect();
        world.sync_times = SyncTimes { terminals_ms, acquirer_ms: disk(1), issuer_ms: disk(2) };
    }
    if mask.on(10, 4) {
        for (n, terminal) in (0u64..).zip(&mut world.terminals) {
            terminal.opening = opening(dice, 400 + n);
        }
    }
    if mask.on(10, 5) {
        world.issuer.partial_approval = true;
        for (n, terminal) in (0u64..).zip(&mut world.terminals) {
            terminal.partial_approval = !dice.one_in(500 + n, 0, 3);
        }
    }
    if mask.on(10, 2) {
        for (n, terminal) in (0u64..).zip(&mut world.terminals) {
            alternatives(dice, 200 + n, TERMINAL, &mut terminal.choices);
        }
        alternatives(dice, 300, ACQUIRER, &mut world.acquirer.choices);
        alternatives(dice, 301, ISSUER, &mut world.issuer.choices);
        let ways = [CompletionVoided::HoldReturns, CompletionVoided::HoldIsOver];
        world.issuer.completion_voided = dice.pick(302, 0, &ways);
    }
}

/// A device that has done anything from nothing to nearly all that its counters can count.
fn opening(dice: Dice, item: u64) -> Opening {
    let left = dice.pick(item, 0, &[1, 8, Stan::MAX.0, Stan::MAX.0]);
    let stan = Stan(Stan::MAX.0 - dice.small::<u32>(item, 1, 0, u64::from(left)));
    Opening { stan, batch: dice.pick(item, 2, &[Batch(1), Batch(417), Batch::MAX]) }
}

fn alternatives<C>(dice: Dice, item: u64, choices: &[Choice<C>], of: &mut C) {
    for (n, choice) in (0u64..).zip(choices) {
        // What needs a number has a bound of its own to keep, and stays as it is.
        let plain = choice.ways.iter().filter(|way| way.sound && way.param == Param::None);
        let sound: Vec<&Way<C>> = plain.collect();
        if sound.len() > 1 {
            dice.pick(item, n, &sound).choose(of, 0);
        }
    }
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

/// Milliseconds of a day.
pub(super) const MS_PER_DAY: i64 = 86_400_000;
