//! When a fault strikes: at a time, on a message, before an effect. What can never come to pass at that
//! party is refused here: a message that it never sees, an effect that it does not have.

use super::effects::{self, MTIS, digits, has_code, messages, neighbours, no_such_effect, peer_of};
use super::expect::place;
use super::faults::no_line;
use super::names::Named;
use super::ops::Ops;
use super::value;
use super::walk::{At, Sink, Table};
use super::world::response_code;
use crate::plan::{MessageFilter, Place, Task, When};
use cardstorm_models::party::Peer;
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Mti;

/// What makes it strike, and where the file says so.
pub(super) fn trigger(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    what: &str,
    party: Place,
    start: Wall,
    terminals: &mut Named,
    ops: &mut Ops,
) -> Option<(When, At)> {
    let given: Vec<&str> =
        ["at", "sends", "receives", "before"].into_iter().filter(|key| table.has(key)).collect();
    if let [first, second, ..] = given[..] {
        let message = format!("`{first}` and `{second}` both say when it strikes");
        sink.error(&table.key_at(second), message, "expected one of at, sends, receives, before");
        return None;
    }
    let Some(key) = given.first().copied() else {
        if what == "clock_skew" {
            return Some((When::At { ms: 0 }, table.at.clone()));
        }
        let label = "expected one of at, sends, receives, before";
        sink.error(&table.at, "nothing says when this fault strikes", label).derived = true;
        return None;
    };
    let filter = filter(sink, table, party, key, terminals, ops)?;
    let nth = table
        .count(sink, "nth", 1, 1_000_000)
        .map_or(1, |nth| u32::try_from(nth.value).expect("checked"));
    let trigger_at = table.value_at(key);
    let when = match key {
        "at" => {
            for unused in ["nth", "peer", "code", "of", "terminal", "stan"] {
                if table.has(unused) {
                    let message = format!("a fault at a time takes no `{unused}`");
                    sink.error(&table.key_at(unused), message, "unused key");
                }
            }
            When::At { ms: table.parsed(sink, "at", |text| value::time(text, start))?.value }
        }
        "before" => {
            let effect = table.text(sink, "before")?;
            if let Some(hint) = no_such_effect(peer_of(party), effect.value) {
                let message =
                    format!("this party has no effect `{}`", super::walk::short(effect.value));
                sink.error(&effect.at, message, "no such effect").hint = Some(hint);
                return None;
            }
            for unused in ["peer", "code"] {
                if table.has(unused) {
                    let message = format!("a fault before an effect takes no `{unused}`");
                    sink.error(&table.key_at(unused), message, "unused key");
                }
            }
            let MessageFilter { terminal, stan, op, .. } = filter;
            When::Before { effect: effect.value.to_owned(), terminal, stan, op, nth }
        }
        "sends" => When::Sends { filter, nth },
        _ => When::Receives { filter, nth },
    };
    Some((when, trigger_at))
}

/// Reads each value of a trigger by itself, where nothing is known to judge them against.
pub(super) fn values_alone(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    start: Wall,
    terminals: &mut Named,
    ops: &mut Ops,
) {
    table.parsed(sink, "at", |text| value::time(text, start));
    for key in ["sends", "receives"] {
        mti(sink, table, key);
    }
    table.parsed(sink, "code", response_code);
    for key in ["peer", "with"] {
        if let Some(name) = table.text(sink, key) {
            place(sink, &name, terminals);
        }
    }
    if let Some(name) = table.text(sink, "of") {
        ops.names.find(sink, &name);
    }
    if let Some(name) = table.text(sink, "terminal") {
        terminals.find(sink, &name);
    }
    table.count(sink, "nth", 1, 1_000_000);
    table.count(sink, "stan", 1, 999_999);
}

fn filter(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    party: Place,
    key: &str,
    terminals: &mut Named,
    ops: &mut Ops,
) -> Option<MessageFilter> {
    let here = peer_of(party);
    let peer_name = table.text(sink, "peer");
    let peer = peer_name.as_ref().and_then(|name| place(sink, name, terminals));
    let mti = (key == "sends" || key == "receives").then(|| mti(sink, table, key)).flatten();
    let code = table.parsed(sink, "code", response_code);
    let op = table.text(sink, "of").and_then(|name| ops.names.find(sink, &name));
    let terminal = table.text(sink, "terminal").and_then(|name| terminals.find(sink, &name));
    let stan = table.count(sink, "stan", 1, 999_999);
    if let (Some(name), Some(peer)) = (&peer_name, peer)
        && !neighbours(here).contains(&peer_of(peer))
    {
        no_line(sink, name, party, here);
        return None;
    }
    if let Some((mti, at)) = &mti {
        travels(sink, *mti, at, here, peer, key)?;
        if code.is_some() && !has_code(*mti) {
            let message = format!("a {} carries no DE39, so no code can match", digits(*mti));
            sink.error(&table.key_at("code"), message, "can never match");
        }
        if let Some(op) = op {
            serves(sink, table, *mti, op, ops);
        }
    }
    let terminal = terminal.and_then(|n| u16::try_from(n).ok());
    elsewhere(sink, table, party, peer, terminal, op, ops);
    Some(MessageFilter {
        peer,
        mti: mti.map(|(mti, _)| mti),
        code: code.map(|code| code.value),
        stan: stan.map(|stan| u32::try_from(stan.value).expect("checked")),
        terminal,
        op,
    })
}

fn mti(sink: &mut Sink, table: &Table<'_, '_>, key: &str) -> Option<(Mti, At)> {
    let text = table.text(sink, key)?;
    if text.value == "any" {
        return None;
    }
    match MTIS.iter().find(|(digits, _)| *digits == text.value) {
        Some((_, mti)) => Some((*mti, text.at)),
        None => {
            let known = MTIS.iter().map(|(digits, _)| *digits).chain(["any"]);
            sink.unknown("message type", &text, known);
            let peers = [Peer::Terminal, Peer::Acquirer, Peer::Issuer];
            if peers.into_iter().any(|peer| effects::effects_of(peer).contains(&text.value)) {
                let hint =
                    format!("it is an effect of a party: write `before = \"{}\"`", text.value);
                sink.list.last_mut().expect("just reported").hint = Some(hint);
            }
            None
        }
    }
}

/// A message type must go this way between these kinds of party.
fn travels(
    sink: &mut Sink,
    mti: Mti,
    at: &At,
    here: Peer,
    peer: Option<Place>,
    key: &str,
) -> Option<()> {
    let peers: Vec<Peer> = match peer {
        Some(place) => vec![peer_of(place)],
        None => neighbours(here).to_vec(),
    };
    let ways = peers
        .iter()
        .map(|peer| if key == "sends" { messages(here, *peer) } else { messages(*peer, here) });
    let known: Vec<Mti> = ways.flatten().copied().collect();
    if known.contains(&mti) {
        return Some(());
    }
    let verb = if key == "sends" { "sends" } else { "gets" };
    let error = sink.error(
        at,
        format!("this party never {verb} a {} there", digits(mti)),
        "can never fire",
    );
    let known: Vec<&str> = known.iter().map(|mti| digits(*mti)).collect();
    error.hint = Some(format!("it {verb}: {}", known.join(", ")));
    None
}

/// A message type must serve the operation's kind.
fn serves(sink: &mut Sink, table: &Table<'_, '_>, mti: Mti, op: u32, ops: &Ops) {
    let Some(planned) = ops.ops.get(op as usize) else { return };
    let (fits, kind) = match planned.task {
        Task::Sale { .. } => (effects::serves_request(mti), "sale"),
        Task::Rest { .. } => (effects::serves_request(mti), "rest of a sale"),
        Task::PreAuth { .. } => (effects::serves_authorisation(mti), "pre-authorisation"),
        Task::Balance { .. } => (effects::serves_inquiry(mti), "balance inquiry"),
        Task::Completion { .. } => (effects::serves_request(mti), "completion"),
        Task::Void { of, .. } => match ops.ops.get(of as usize).map(|op| &op.task) {
            Some(Task::PreAuth { .. }) => {
                (effects::serves_authorisation(mti), "pre-authorisation's void")
            }
            _ => (effects::serves_request(mti), "void"),
        },
        Task::Refund { .. } => (effects::serves_refund(mti), "refund"),
        // What it sends is its advice to the issuer.
        Task::PortalRefund { .. } => (effects::serves_refund(mti), "portal refund"),
        Task::Dispute { .. } => (effects::serves_refund(mti), "dispute"),
        Task::Settle => (effects::serves_settlement(mti), "settlement"),
        Task::Echo => (false, "echo"),
        Task::SignOff => (false, "sign-off"),
    };
    if !fits {
        let message =
            format!("no {} serves `{}`, which is a {kind}", digits(mti), ops.names.name(op));
        sink.error(&table.value_at("of"), message, "can never fire");
    }
}

/// A terminal sees only its own operations.
fn elsewhere(
    sink: &mut Sink,
    table: &Table<'_, '_>,
    party: Place,
    peer: Option<Place>,
    terminal: Option<u16>,
    op: Option<u32>,
    ops: &Ops,
) {
    let planned = op.and_then(|op| ops.ops.get(op as usize));
    let runs_at = planned.filter(|op| op.task.desk().is_none()).map(|op| op.terminal);
    let ends = [Some(party), peer].into_iter().flatten().filter_map(|place| match place {
        Place::Terminal(n) => Some(n),
        _ => None,
    });
    for here in ends.chain(terminal) {
        if let Some(runs_at) = runs_at
            && runs_at != here
        {
            let message = "that operation runs at another terminal";
            sink.error(&table.value_at("of"), message, "can never fire");
            return;
        }
    }
    if let (Place::Terminal(here), Some(named)) = (party, terminal)
        && here != named
    {
        sink.error(
            &table.value_at("terminal"),
            "a terminal sees no other terminal's messages",
            "can never fire",
        );
    }
}
