//! The unsound choices about approvals of a part, with the plans that show them: 100 yuan are asked of a card
//! that has 60, and another card pays the rest.

use super::Row;
use super::plans::{PRICE, quiet, sale};
use cardstorm::check::Invariant::{Conservation, NoDoubleDebit, SlipTruth};
use cardstorm::plan::{Entry, Op, Plan, Start, Task};
use cardstorm::storm::world::{account, card};
use cardstorm_models::money::Fen;
use cardstorm_models::party::acquirer::CapturedPart;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::terminal::PartTaken;

pub const ROWS: &[Row] = &[
    (
        "PartTaken::Asked",
        in_part,
        |world| world.terminals[0].choices.part_taken = PartTaken::Asked,
        &[NoDoubleDebit, SlipTruth],
    ),
    (
        "CapturedPart::Asked",
        in_part,
        |world| world.acquirer.choices.captured_part = CapturedPart::Asked,
        &[SlipTruth, Conservation],
    ),
];

fn in_part() -> Plan {
    let mut plan = quiet(1, 70_000);
    let world = &mut plan.world;
    world.terminals[0].partial_approval = true;
    world.issuer.partial_approval = true;
    world.issuer.accounts[0].opening = Fen(6_000);
    let number = |of: usize| u32::try_from(of).expect("few");
    let (second, behind) = (number(world.issuer.accounts.len()), number(world.issuer.cards.len()));
    world.issuer.accounts.push(account("second", PRICE));
    world.issuer.cards.push(card("second", behind, second));
    plan.ops = vec![sale(0, 5_000, 1)];
    let start = Start::After { op: 0, outcome: Some(Outcome::Ok), delay_ms: 10_000 };
    let task = Task::Rest { of: 0, intent: 1, card: behind, pin: None, entry: Entry::Chip };
    plan.ops.push(Op { terminal: 0, start, task });
    plan
}
