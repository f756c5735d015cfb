//! From tables to operations: sales and refunds in the order of the file, when they begin, and what is
//! expected of each.

use super::bank::pin;
use super::begins::{at_a_time, begins, circles};
use super::expect::{OpExpect, Shown};
use super::keys::Section;
use super::names::Named;
use super::rest::rest;
use super::tables::{
    BALANCE, COMPLETION, DISPUTE, ECHO, PORTAL_REFUND, PRE_AUTH, REFUND, REST, SALE, SETTLE,
    SIGN_OFF, VOID,
};
use super::value::{self, Wrong};
use super::walk::{At, Sink, Spot, Table};
use super::world::{WorldNames, response_code};
use crate::plan::{Entry, Op, Start, Task, World};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, Text};
use cardstorm_models::time::Wall;

/// The operations, and what messages need to speak of them.
pub(super) struct Ops {
    pub ops: Vec<Op>,
    pub names: Named,
    pub intents: Named,
    pub expects: Vec<OpExpect>,
    /// Where each operation that is awaited to end in some way says so.
    pub waits: Vec<(u32, At)>,
    /// Where sales name the purchase that they pay for.
    pub purchases: Vec<(u32, At)>,
}

/// An operation as the file has it.
pub(super) struct Entered<'t, 'i> {
    pub name: Spot<&'t str>,
    pub table: Table<'t, 'i>,
    pub kind: OpKind,
}

/// What the cashier of an operation is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpKind {
    Sale,
    Rest,
    PreAuth,
    Balance,
    Completion,
    Void,
    Refund,
    PortalRefund,
    Dispute,
    Settle,
    Echo,
    SignOff,
}

/// The tables that hold operations.
const KINDS: [(OpKind, &str, &Section); 12] = [
    (OpKind::Sale, "sale", &SALE),
    (OpKind::Rest, "rest", &REST),
    (OpKind::PreAuth, "pre-auth", &PRE_AUTH),
    (OpKind::Balance, "balance", &BALANCE),
    (OpKind::Completion, "completion", &COMPLETION),
    (OpKind::Void, "void", &VOID),
    (OpKind::Refund, "refund", &REFUND),
    (OpKind::PortalRefund, "portal-refund", &PORTAL_REFUND),
    (OpKind::Dispute, "dispute", &DISPUTE),
    (OpKind::Settle, "settle", &SETTLE),
    (OpKind::Echo, "echo", &ECHO),
    (OpKind::SignOff, "sign-off", &SIGN_OFF),
];

/// Reads every operation.
pub(super) fn ops(
    sink: &mut Sink,
    root: &Table<'_, '_>,
    start: Wall,
    world: &World,
    names: &mut WorldNames,
) -> Ops {
    let mut entered: Vec<Entered<'_, '_>> = Vec::new();
    for (kind, key, spec) in KINDS {
        let named = root.named(sink, key, spec).into_iter();
        entered.extend(named.map(|(name, table)| Entered { name, table, kind }));
    }
    entered.sort_by_key(|op| op.name.at.start);
    let mut all = Ops {
        ops: Vec::new(),
        names: Named::new("operation"),
        intents: Named::new("purchase"),
        expects: Vec::new(),
        waits: Vec::new(),
        purchases: Vec::new(),
    };
    for op in &entered {
        if all.names.get(op.name.value).is_some() {
            let message = format!("two operations are called `{}`", op.name.value);
            sink.error(&op.name.at, message, "expected a name of its own");
        }
        all.names.add(op.name.value, Some(op.name.at.clone()));
    }
    for entry in &entered {
        let op = match entry.kind {
            OpKind::Sale => sale(sink, entry, names, world, &mut all),
            OpKind::Rest => rest(sink, entry, names, world, &mut all, &entered),
            OpKind::PreAuth => pre_auth(sink, entry, names, world),
            OpKind::Balance => balance(sink, entry, names, world),
            OpKind::Completion | OpKind::Void | OpKind::Refund | OpKind::PortalRefund => {
                on_a_slip(sink, entry, names, &mut all, &entered)
            }
            OpKind::Dispute => dispute(sink, entry, names),
            OpKind::Settle => plain(sink, entry, names, Task::Settle),
            OpKind::Echo => plain(sink, entry, names, Task::Echo),
            OpKind::SignOff => plain(sink, entry, names, Task::SignOff),
        };
        let number = u32::try_from(all.ops.len()).expect("few operations");
        let start = match op.task.desk() {
            Some(_) => at_a_time(sink, entry, start),
            None => begins(sink, entry, op.terminal, number, start, &mut all),
        };
        all.ops.push(Op { start, ..op });
        let expect = expected(sink, entry, number);
        all.expects.push(expect);
    }
    circles(sink, &all);
    all
}

/// The operation with everything but its beginning.
fn sale(
    sink: &mut Sink,
    entry: &Entered<'_, '_>,
    names: &mut WorldNames,
    world: &World,
    all: &mut Ops,
) -> Op {
    let table = &entry.table;
    let amount = table.parsed(sink, "amount", value::amount).map(|amount| amount.value);
    if amount.is_none() && !table.has("amount") {
        table.missing(sink, "amount");
    }
    let terminal = named_or(sink, table, "terminal", &mut names.terminals, 0);
    let card = named_or(sink, table, "card", &mut names.cards, 0);
    let known = world.issuer.cards.get(card as usize);
    if let Some(known) = known {
        names.accounts.mark(known.account);
    }
    let keyed = pin(sink, table);
    let entry_mode = read_as(sink, table);
    let intent = table.text(sink, "intent");
    if let Some(intent) = &intent {
        let number = u32::try_from(all.ops.len()).expect("few operations");
        all.purchases.push((number, intent.at.clone()));
    }
    let intent = intent.map_or(entry.name.value, |intent| intent.value);
    let intent = all.intents.get(intent).unwrap_or_else(|| all.intents.add(intent, None));
    let task = Task::Sale {
        intent,
        amount: amount.unwrap_or(Fen(100)),
        card,
        pin: keyed.or(known.and_then(|card| card.pin)),
        entry: entry_mode,
    };
    Op { terminal: u16::try_from(terminal).unwrap_or(0), start: Start::At { ms: 0 }, task }
}

/// How a card is read.
pub(super) fn read_as(sink: &mut Sink, table: &Table<'_, '_>) -> Entry {
    match table.word(sink, "entry").map(|word| word.value) {
        Some("magstripe") => Entry::Magstripe,
        Some("keyed") => Entry::Keyed,
        _ => Entry::Chip,
    }
}

/// A question about an account.
fn balance(sink: &mut Sink, entry: &Entered<'_, '_>, names: &mut WorldNames, world: &World) -> Op {
    let table = &entry.table;
    let terminal = named_or(sink, table, "terminal", &mut names.terminals, 0);
    let card = named_or(sink, table, "card", &mut names.cards, 0);
    let known = world.issuer.cards.get(card as usize);
    if let Some(known) = known {
        names.accounts.mark(known.account);
    }
    let pin = pin(sink, table).or(known.and_then(|card| card.pin));
    let task = Task::Balance { card, pin };
    Op { terminal: u16::try_from(terminal).unwrap_or(0), start: Start::At { ms: 0 }, task }
}

/// Money set apart.
fn pre_auth(sink: &mut Sink, entry: &Entered<'_, '_>, names: &mut WorldNames, world: &World) -> Op {
    let table = &entry.table;
    let amount = table.parsed(sink, "amount", value::amount).map(|amount| amount.value);
    if amount.is_none() && !table.has("amount") {
        table.missing(sink, "amount");
    }
    let terminal = named_or(sink, table, "terminal", &mut names.terminals, 0);
    let card = named_or(sink, table, "card", &mut names.cards, 0);
    let known = world.issuer.cards.get(card as usize);
    if let Some(known) = known {
        names.accounts.mark(known.account);
    }
    let pin = pin(sink, table).or(known.and_then(|card| card.pin));
    let task = Task::PreAuth { amount: amount.unwrap_or(Fen(100)), card, pin };
    Op { terminal: u16::try_from(terminal).unwrap_or(0), start: Start::At { ms: 0 }, task }
}

/// A debit disputed: named as a holder names it, by card and amount.
fn dispute(sink: &mut Sink, entry: &Entered<'_, '_>, names: &mut WorldNames) -> Op {
    let table = &entry.table;
    let amount = table.parsed(sink, "amount", value::amount);
    if amount.is_none() && !table.has("amount") {
        table.missing(sink, "amount");
    }
    if let Some(amount) = amount.as_ref().filter(|amount| amount.value <= Fen::ZERO) {
        sink.error(&amount.at, "no statement has a debit of nothing or less", "more than 0.00");
    }
    let amount = amount.map(|amount| amount.value);
    let card = named_or(sink, table, "card", &mut names.cards, 0);
    let task = Task::Dispute { card, amount: amount.unwrap_or(Fen(100)) };
    Op { terminal: 0, start: Start::At { ms: 0 }, task }
}

/// An operation about no transaction.
fn plain(sink: &mut Sink, entry: &Entered<'_, '_>, names: &mut WorldNames, task: Task) -> Op {
    let terminal = named_or(sink, &entry.table, "terminal", &mut names.terminals, 0);
    Op { terminal: u16::try_from(terminal).unwrap_or(0), start: Start::At { ms: 0 }, task }
}

/// The number of a named thing, or a default where it is not named.
pub(super) fn named_or(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    key: &'static str,
    names: &mut Named,
    default: u32,
) -> u32 {
    match table.text(sink, key) {
        Some(name) => names.find(sink, &name).unwrap_or(default),
        None => {
            names.mark(default);
            default
        }
    }
}

/// What an operation on a slip can be about, in words for a person.
fn wanted(kind: OpKind) -> (&'static [OpKind], &'static str, &'static str) {
    match kind {
        OpKind::Completion => (
            &[OpKind::PreAuth],
            "completion",
            "a pre-authorisation: only its slip can be completed",
        ),
        OpKind::Void => (
            &[OpKind::Sale, OpKind::Rest, OpKind::PreAuth, OpKind::Completion],
            "void",
            "a sale, a pre-authorisation or a completion: nothing else can be taken back",
        ),
        _ => (
            &[OpKind::Sale, OpKind::Rest, OpKind::Completion],
            "refund",
            "a sale or a completion: only what was paid can be given back",
        ),
    }
}

/// A completion, a void or a refund: what goes by a slip.
fn on_a_slip(
    sink: &mut Sink,
    entry: &Entered<'_, '_>,
    names: &mut WorldNames,
    all: &mut Ops,
    entered: &[Entered<'_, '_>],
) -> Op {
    let table = &entry.table;
    let (kinds, what, wanted) = wanted(entry.kind);
    let of = match table.text(sink, "of") {
        Some(of) => all.names.find(sink, &of).filter(|number| {
            let fits = kinds.contains(&entered[*number as usize].kind);
            if !fits {
                let message = format!("`{}` is not {wanted}", of.value);
                sink.error(&of.at, message, "expected the name of another operation");
            }
            fits
        }),
        None => {
            table.missing(sink, "of");
            None
        }
    };
    let original = of.and_then(|of| all.ops.get(of as usize)).cloned();
    if let (Some(of), None) = (of, &original) {
        let message = format!("`{}` comes later in the file than its {what}", all.names.name(of));
        sink.error(&table.value_at("of"), message, "expected an operation further up");
    }
    let slip = original.as_ref().map(|op| (op.terminal, op.task.amount(), op.task.card()));
    let (terminal, amount, card) = slip.unwrap_or((0, None, None));
    let keyed = table.parsed(sink, "amount", value::amount).map(|spot| spot.value);
    let unknown = original.is_some() && amount.is_none() && !table.has("amount");
    if unknown && entry.kind == OpKind::Refund {
        table.missing(sink, "amount");
    }
    let (terminal, card) = (u32::from(terminal), card.unwrap_or(0));
    // A portal stands at no terminal and reads no card.
    let (terminal, card) = match entry.kind {
        OpKind::PortalRefund => (terminal, card),
        _ => (
            named_or(sink, table, "terminal", &mut names.terminals, terminal),
            named_or(sink, table, "card", &mut names.cards, card),
        ),
    };
    let of = of.unwrap_or(0);
    let whole = keyed.or(amount).unwrap_or(Fen(100));
    let task = match entry.kind {
        OpKind::Completion => {
            let intent = all.intents.get(entry.name.value);
            let intent = intent.unwrap_or_else(|| all.intents.add(entry.name.value, None));
            Task::Completion { of, intent, amount: whole, card }
        }
        OpKind::Void => Task::Void { of, amount: keyed, card },
        OpKind::PortalRefund => Task::PortalRefund { of, amount: whole },
        _ => Task::Refund { of, amount: whole, card },
    };
    let terminal = u16::try_from(terminal).unwrap_or(0);
    Op { terminal, start: Start::At { ms: 0 }, task }
}

/// The outcome that a word stands for.
pub(super) fn outcome(word: &str) -> Outcome {
    match word {
        "ok" => Outcome::Ok,
        "failed" => Outcome::Failed,
        _ => Outcome::InDoubt,
    }
}

fn expected(sink: &mut Sink, entry: &Entered<'_, '_>, op: u32) -> OpExpect {
    let table = &entry.table;
    let outcome = table.word(sink, "ends").map(|word| outcome(word.value));
    let shows = table.parsed(sink, "shows", shown).map(|shown| shown.value);
    let asks = entry.kind == OpKind::Balance;
    let tells = if asks { table.parsed(sink, "tells", value::amount) } else { None };
    if let (Some(tells), true) = (&tells, shows.is_some()) {
        let message = "a screen shows a balance or something else";
        sink.error(&tells.at, message, "expected `tells` or `shows`, not both");
    }
    let shows = tells.map(|told| Shown::Text(Text::Balance(told.value))).or(shows);
    OpExpect { op, outcome, shows }
}

/// What a screen can say that is no code, by the names that stories use.
pub(super) const TEXTS: [(&str, Text, &str); 21] = [
    ("no-reply", Text::NoReply, "no reply in time, or the link broke"),
    ("unreadable", Text::Unreadable, "the reply could not be read"),
    ("bad-mac", Text::BadMac, "the reply's MAC is missing or wrong"),
    ("power-loss", Text::PowerLoss, "power was lost with a request out"),
    ("refund-accepted", Text::RefundAccepted, "a refund was accepted; the credit comes later"),
    ("slip-owed", Text::SlipOwed, "done, and the slip did not print: it is owed"),
    ("taken-back", Text::TakenBack, "the printer failed, and the payment is taken back for it"),
    ("already-paid", Text::AlreadyPaid, "refused here: this purchase is paid already"),
    ("more-than-rest", Text::MoreThanRest, "refused here: more than is left to pay of it"),
    ("refund-open", Text::RefundOpen, "refused here: a refund of this sale is still open"),
    ("no-connection", Text::NoConnection, "refused here: nothing was sent"),
    ("reversal-first", Text::ReversalFirst, "refused here: an earlier sale must be reversed first"),
    ("invalid-amount", Text::InvalidAmount, "refused here: the amount is not one"),
    ("settling", Text::Settling, "refused here: the batch is being settled, or is full"),
    ("refund-first", Text::RefundFirst, "refused here: an earlier refund must be answered first"),
    ("batch-too-large", Text::BatchTooLarge, "refused here: the totals do not fit their fields"),
    ("settled", Text::Settled, "the batch is settled"),
    ("settlement-goes-on", Text::SettlementGoesOn, "not finished; it goes on by itself"),
    ("echo-answered", Text::EchoAnswered, "the centre answered an echo"),
    ("signed-off", Text::SignedOff, "signed off"),
    ("not-answered", Text::NotAnswered, "no answer to an echo or a sign-off; nothing is in doubt"),
];

fn shown(text: &str) -> Result<Shown, Wrong> {
    if let Some((_, text, _)) = TEXTS.iter().find(|(name, ..)| *name == text) {
        return Ok(Shown::Text(*text));
    }
    response_code(text).map(Shown::Code).map_err(|_| {
        let names = TEXTS.iter().map(|(name, ..)| *name);
        let near = super::hint::suggest(text, names.clone());
        let all =
            format!("write a code as \"51\", or one of: {}", names.collect::<Vec<_>>().join(", "));
        Wrong::hinted(
            "no screen shows this",
            near.filter(|near| near.starts_with("did")).unwrap_or(all),
        )
    })
}
