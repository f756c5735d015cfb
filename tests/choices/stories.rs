//! Plans that several choices share. Sales begin at 5 s, when the terminal has long signed on; a hop takes
//! 100 ms.

use crate::plans::{TERMINAL, fault, quiet, sale, sends, void};
use cardstorm::plan::{Death, FaultKind, Place, Plan, Task, When};
use cardstorm_models::clearing::fee::FeeTable;
use cardstorm_models::clearing::{CutOff, Cycle};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::{Contract, Settlement};
use cardstorm_models::wire::Mti;

pub const SALE_MS: u64 = 5_000;

pub fn one_sale() -> Plan {
    let mut plan = quiet(1, 200_000);
    plan.ops = vec![sale(0, SALE_MS, 1)];
    plan
}

pub fn one_sale_with(at: Place, what: FaultKind, when: When) -> Plan {
    let mut plan = one_sale();
    plan.faults = vec![fault(at, what, when)];
    plan
}

pub fn first_step(effect: &str, nth: u32) -> When {
    When::Before { effect: effect.to_owned(), terminal: None, stan: None, op: None, nth }
}

pub fn dies(at: Place, effect: &str) -> Plan {
    let what = FaultKind::Crash { death: Death::Kill, restart_after_ms: 3_000 };
    one_sale_with(at, what, first_step(effect, 1))
}

pub fn terminal_dies_after_the_slip() -> Plan {
    dies(TERMINAL, "append announced")
}

pub fn reply_lost() -> Plan {
    one_sale_with(Place::Acquirer, FaultKind::Drop, sends(Mti::M0210, 1))
}

/// A new device under the old number sells the same for the same, to the same card.
pub fn replaced_between_equal_sales() -> Plan {
    let mut plan = quiet(1, 140_000);
    plan.ops = vec![sale(0, 1_000, 1), sale(0, 10_000, 2), sale(0, 60_000, 3)];
    let restart_after_ms = 2_000;
    let what = FaultKind::Restore { age_ms: 140_000, restart_after_ms, even_open: false };
    plan.faults = vec![fault(TERMINAL, what, When::At { ms: 30_000 })];
    plan
}

pub fn request_comes_again_at_once() -> Plan {
    one_sale_with(TERMINAL, FaultKind::Duplicate { after_ms: 50 }, sends(Mti::M0200, 1))
}

pub fn voided() -> Plan {
    let mut plan = one_sale();
    plan.ops.push(void(0, 20_000, 0));
    plan
}

/// One shop under a contract, paid on the day itself; its clearing day ends a minute into the run.
pub fn priced(amounts: &[i64]) -> Plan {
    let mut plan = quiet(1, 200_000);
    plan.world.acquirer.cut_off = CutOff(9 * 3_600_000 + 60_000);
    let fees = FeeTable::example();
    let settlement = Some(Settlement { cycle: Cycle::D0, ..Settlement::default() });
    plan.world.acquirer.merchants[0].contract =
        Some(Contract { fees, settlement, ..Contract::default() });
    for (n, amount) in (0u32..).zip(amounts) {
        let mut op = sale(0, SALE_MS + u64::from(n) * 5_000, n + 1);
        let Task::Sale { amount: asked, .. } = &mut op.task else { unreachable!("a sale") };
        *asked = Fen(*amount);
        plan.ops.push(op);
    }
    plan
}

/// A sale's answer is lost, and so is the advice that undoes it, on the old line and on the new one; the
/// clearing day ends before the next try.
pub fn not_undone_by_the_cut_off() -> Plan {
    let mut plan = priced(&[100_00]);
    plan.faults = vec![
        fault(Place::Issuer, FaultKind::Drop, sends(Mti::M0210, 1)),
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0420, 1)),
        fault(Place::Acquirer, FaultKind::Drop, sends(Mti::M0420, 2)),
    ];
    plan
}

pub fn too_little_on_the_account() -> Plan {
    let mut plan = one_sale();
    plan.world.issuer.accounts[0].opening = Fen(1_00);
    plan
}
