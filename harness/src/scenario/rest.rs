//! The rest of a sale: what an approval of a part left to pay, by another card (flows 8). How much that is
//! nobody knows before, so a story names the sale and no amount.

use super::bank::pin;
use super::names::Named;
use super::ops::{Entered, OpKind, Ops, named_or, read_as};
use super::walk::{Sink, Spot};
use super::world::WorldNames;
use crate::plan::{Op, Start, Task, World};

/// The operation with everything but its beginning.
pub(super) fn rest(
    sink: &mut Sink,
    entry: &Entered<'_, '_>,
    names: &mut WorldNames,
    world: &World,
    all: &mut Ops,
    entered: &[Entered<'_, '_>],
) -> Op {
    let table = &entry.table;
    let of = table.text(sink, "of");
    if of.is_none() {
        table.missing(sink, "of");
    }
    let of = of.and_then(|name| paid_before(sink, &name, &mut all.names, &all.ops, entered));
    let terminal = of.map_or(0, |of| all.ops[of as usize].terminal);
    if !table.has("card") {
        table.missing(sink, "card");
    }
    let card = named_or(sink, table, "card", &mut names.cards, 0);
    let known = world.issuer.cards.get(card as usize);
    if let Some(known) = known {
        names.accounts.mark(known.account);
    }
    let keyed = pin(sink, table).or(known.and_then(|card| card.pin));
    let entry = read_as(sink, table);
    let of = of.unwrap_or(0);
    let intent = all.ops.get(of as usize).and_then(|op| op.task.intent()).unwrap_or(0);
    let task = Task::Rest { of, intent, card, pin: keyed, entry };
    Op { terminal, start: Start::At { ms: 0 }, task }
}

/// The number of the sale whose rest is paid, if it is one that stands further up.
fn paid_before(
    sink: &mut Sink,
    name: &Spot<&str>,
    names: &mut Named,
    before: &[Op],
    entered: &[Entered<'_, '_>],
) -> Option<u32> {
    let number = names.find(sink, name)?;
    let sells = matches!(entered[number as usize].kind, OpKind::Sale | OpKind::Rest);
    if !sells {
        let message = format!("`{}` is not a sale: only a sale is approved in part", name.value);
        sink.error(&name.at, message, "expected the name of another operation");
        return None;
    }
    if number as usize >= before.len() {
        let message = format!("`{}` comes later in the file than its rest", name.value);
        sink.error(&name.at, message, "expected an operation further up");
        return None;
    }
    Some(number)
}
