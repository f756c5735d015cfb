//! Speed, on one core, every check on: the wire per message, standard plans per second on every stage side
//! by side, sales per second in one long dense plan. `docs/benchmarks.md` says how to read it.

use cardstorm::check::judge_streamed;
use cardstorm::plan::Plan;
use cardstorm::stage;
use cardstorm::storm::{dense, standard, world};
use cardstorm_models::ids::{Batch, Rrn, Stan};
use cardstorm_models::money::Fen;
use cardstorm_models::wire::card::CardData;
use cardstorm_models::wire::card::Track2;
use cardstorm_models::wire::key::{DesKey, MacKey};
use cardstorm_models::wire::mac::ecb_mac;
use cardstorm_models::wire::{Kind, Linked, Message, Request, Route, Txn, decode, encode};
use divan::Bencher;
use divan::counter::ItemsCount;
use std::hint::black_box;
use std::sync::Arc;

fn main() {
    divan::main();
}

/// The 0200 of a chip sale, as it leaves a terminal.
fn request() -> Message {
    let card = world::card("bench", 0, 0);
    let (pan, expiry) = (card.pan, card.expiry);
    let track2 = Track2::new(pan, expiry, 201);
    Message::Request(Request {
        txn: Txn {
            kind: Kind::Sale,
            amount: Fen(123_45),
            stan: Stan(42),
            terminal: world::terminal_id(0),
            merchant: world::merchant_id(0),
            batch: Batch(1),
        },
        card: CardData::Chip { pan, expiry, sequence: 1, track2 },
        pin: None,
        rrn: Some(Rrn(7)),
        linked: Linked::None,
        takes_partial: false,
    })
}

fn key(double: bool) -> MacKey {
    let DesKey::Double(bytes) = world::key_of("bench") else {
        unreachable!("keys of names are double")
    };
    let single: [u8; 8] = bytes[..8].try_into().expect("8 of 16");
    MacKey::new(&if double { DesKey::Double(bytes) } else { DesKey::Single(single) })
}

#[divan::bench]
fn wire_encode_without_mac(bencher: Bencher<'_, '_>) {
    let message = request();
    let mut frame = Vec::with_capacity(512);
    bencher.bench_local(|| {
        frame.clear();
        encode(black_box(&message), Route::new(3, 0), None, &mut frame);
        frame.len()
    });
}

#[divan::bench]
fn wire_decode(bencher: Bencher<'_, '_>) {
    let mut frame = Vec::new();
    encode(&request(), Route::new(3, 0), Some(&key(true)), &mut frame);
    bencher.bench_local(|| decode(black_box(&frame)).expect("our own frame").message);
}

#[divan::bench(args = [false, true])]
fn wire_mac_double_length(bencher: Bencher<'_, '_>, double: bool) {
    let key = key(double);
    let data = [0x5a_u8; 120];
    bencher.bench_local(|| ecb_mac(&key, black_box(&data)));
}

/// The MACs of one sale: made and verified on four hops.
#[divan::bench]
fn wire_macs_of_one_sale_double_length(bencher: Bencher<'_, '_>) {
    let key = key(true);
    let data = [0x5a_u8; 120];
    bencher.bench_local(|| {
        for _ in 0..8 {
            black_box(ecb_mac(&key, black_box(&data)));
        }
    });
}

fn judged(plan: &Arc<Plan>) -> usize {
    judge_streamed(plan, |sink| stage::run_with(plan, sink)).len()
}

#[divan::bench(sample_count = 30, sample_size = 50)]
fn standard_plan_virtual(bencher: Bencher<'_, '_>) {
    let plan = Arc::new(standard(1));
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| judged(&plan));
}

/// The same without recording and checks: events are made and thrown away.
#[divan::bench(sample_count = 30, sample_size = 50)]
fn standard_plan_virtual_unchecked(bencher: Bencher<'_, '_>) {
    let plan = Arc::new(standard(1));
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| {
        let mut events = 0u32;
        stage::run_with(&plan, |_| events += 1);
        events
    });
}

#[divan::bench(args = [10, 100], sample_count = 5, sample_size = 1)]
fn standard_plan_turmoil_tick_ms(bencher: Bencher<'_, '_>, tick_ms: u64) {
    let plan = Arc::new(standard(1));
    bencher.counter(ItemsCount::new(1u32)).bench_local(|| {
        let events = stage::turmoil::run(&plan, tick_ms).expect("hops take at least a tick");
        cardstorm::check::judge(&plan, &events).len()
    });
}

#[divan::bench(args = [1_000, 10_000, 100_000, 1_000_000], sample_count = 3, sample_size = 1)]
fn dense_sales(bencher: Bencher<'_, '_>, sales: u32) {
    let plan = Arc::new(dense(sales));
    bencher.counter(ItemsCount::new(sales)).bench_local(|| judged(&plan));
}

#[divan::bench(args = [100_000], sample_count = 3, sample_size = 1)]
fn dense_sales_unchecked(bencher: Bencher<'_, '_>, sales: u32) {
    let plan = Arc::new(dense(sales));
    bencher.counter(ItemsCount::new(sales)).bench_local(|| {
        let mut events = 0u64;
        stage::run_with(&plan, |_| events += 1);
        events
    });
}
