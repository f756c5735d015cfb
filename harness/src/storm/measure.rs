//! Plans to measure by: the standard plan of one till's ten minutes, the long dense plan, and a month of many
//! merchants with clearing and payout every day.

use super::{DRAIN_MS, world};
use crate::plan::{
    Death, Entry, Fault, FaultKind, Latency, Links, MessageFilter, Op, Operator, PLAN_VERSION,
    Place, Plan, Start, Task, When,
};
use cardstorm_models::clearing::fee::FeeTable;
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{Contract, MerchantConfig, Settlement};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Mti;

/// Three parties, 12 sales and 3 refunds over ten simulated minutes, a terminal timer of 60 s, double-length
/// keys, and three faults: a reply lost, a line cut, a crash. The seed moves jitter only.
pub fn standard(seed: u64) -> Plan {
    let card = 0;
    let mut ops: Vec<Op> = (0..12u32)
        .map(|n| Op {
            terminal: 0,
            start: Start::At { ms: 5_000 + u64::from(n) * 40_000 },
            task: Task::Sale {
                intent: n,
                amount: Fen(10_00 + i64::from(n)),
                card,
                pin: None,
                entry: Entry::Chip,
            },
        })
        .collect();
    ops.extend((0..3u32).map(|n| Op {
        terminal: 0,
        start: Start::At { ms: 500_000 + u64::from(n) * 20_000 },
        task: Task::Refund { of: n, amount: Fen(5_00), card },
    }));
    let lost = MessageFilter { mti: Some(Mti::M0210), ..MessageFilter::default() };
    let faults = vec![
        Fault {
            at: Place::Acquirer,
            what: FaultKind::Drop,
            when: When::Sends { filter: lost, nth: 3 },
        },
        Fault {
            at: Place::Acquirer,
            what: FaultKind::Partition {
                peer: Place::Issuer,
                direction: crate::plan::Direction::Both,
                for_ms: 30_000,
            },
            when: When::At { ms: 240_000 },
        },
        Fault {
            at: Place::Issuer,
            what: FaultKind::Crash { death: Death::PowerLoss, restart_after_ms: 3_000 },
            when: When::At { ms: 400_000 },
        },
    ];
    plan(seed, 1, ops, faults, 600_000)
}

/// So many sales at twenty terminals, one a second at each, without faults.
pub fn dense(sales: u32) -> Plan {
    const TERMINALS: u16 = 20;
    let ops: Vec<Op> = (0..sales)
        .map(|n| {
            let second = u64::from(n / u32::from(TERMINALS));
            let terminal = u16::try_from(n % u32::from(TERMINALS)).expect("below twenty");
            let ms = 5_000 + second * 1_000 + u64::from(terminal) * 50;
            let amount = Fen(1_00 + i64::from(n % 9_999));
            let task = Task::Sale { intent: n, amount, card: 0, pin: None, entry: Entry::Chip };
            Op { terminal, start: Start::At { ms }, task }
        })
        .collect();
    let chaos_ms = 20_000 + u64::from(sales / u32::from(TERMINALS)) * 1_000;
    plan(1, TERMINALS, ops, Vec::new(), chaos_ms)
}

/// Thirty merchants with a till each and a contract, paid on the next working day, over thirty clearing days:
/// so many transactions, one in fifty a refund of the sale before it. Nothing goes wrong.
pub fn month(transactions: u32) -> Plan {
    const TILLS: u32 = 30;
    const DAYS: u32 = 30;
    const DAY_MS: u64 = 86_400_000;
    const OPEN_MS: u64 = 12 * 3_600_000;
    let each = transactions.div_ceil(TILLS * DAYS);
    let pace_ms = OPEN_MS / u64::from(each);
    let ops: Vec<Op> = (0..transactions)
        .map(|n| {
            let (till, at) = (n % TILLS, n / TILLS);
            let day = u64::from(at / each) * DAY_MS;
            let ms = 5_000 + day + u64::from(at % each) * pace_ms + u64::from(till) * 50;
            let amount = Fen(1_00 + i64::from(n % 9_999));
            // The sale before this one at the same till; the first round has none.
            let task = match n.checked_sub(TILLS) {
                Some(of) if at % 50 == 49 => Task::Refund { of, amount: Fen(1_00), card: 0 },
                _ => Task::Sale { intent: n, amount, card: 0, pin: None, entry: Entry::Chip },
            };
            let terminal = u16::try_from(till).expect("below thirty");
            Op { terminal, start: Start::At { ms }, task }
        })
        .collect();
    let tills = u16::try_from(TILLS).expect("thirty");
    let mut plan = plan(1, tills, ops, Vec::new(), u64::from(DAYS) * DAY_MS);
    plan.world.acquirer.merchants = (0..TILLS)
        .map(|n| MerchantConfig {
            id: world::merchant_id(n),
            name: format!("shop {}", n + 1),
            opening_unsettled: Fen::ZERO,
            contract: Some(Contract {
                fees: FeeTable::example(),
                settlement: Some(Settlement::default()),
                ..Contract::default()
            }),
        })
        .collect();
    let entries = plan.world.acquirer.terminals.iter_mut().zip(&mut plan.world.terminals);
    for (n, (entry, terminal)) in (0u32..).zip(entries) {
        (entry.merchant, terminal.merchant) = (n, world::merchant_id(n));
    }
    plan
}

fn plan(seed: u64, terminals: u16, ops: Vec<Op>, faults: Vec<Fault>, chaos_ms: u64) -> Plan {
    let hop = Latency::Uniform { min_ms: 100, max_ms: 150 };
    Plan {
        version: PLAN_VERSION,
        seed,
        start: Wall::from_civil(jiff::civil::date(2026, 3, 2).at(9, 0, 0, 0)),
        world: world::simple(terminals, vec![world::account("rich", Fen(1_000_000_000_00))]),
        ops,
        house: Vec::new(),
        operator: Operator::default(),
        links: Links { leg1: hop, leg2: hop, split_per_million: 0 },
        faults,
        chaos_ms,
        drain_ms: DRAIN_MS,
    }
}
