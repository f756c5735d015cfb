//! Balance inquiries at the terminal (flows 4.5): a number used up, a question, and what the screen says.
//! Nothing is kept, nothing is reversed.

use super::*;
use crate::wire::{Answer, Kind, Reply, Told};

fn asking(change: fn(&mut TerminalConfig)) -> Till {
    let mut till = Till::new(change);
    till.plays(READY);
    let ask = TerminalOp::Balance { op: OpRef { op: 4, attempt: 0 }, card: card(), pin: None };
    let done = till.step(Input::Op(ask), usize::MAX).join(", ");
    assert_eq!(done, "append stan, sync, send 0200");
    assert_eq!(till.last().txn().map(|txn| txn.kind), Some(Kind::Balance));
    till
}

/// What is shown of an answer, and whether anything else is done.
fn shown(till: &mut Till, code: &str, told: Told, good: bool) -> (Text, Vec<&'static str>) {
    let code = code.parse().expect("two characters");
    let answer = Answer { time: NOON_OF_THE_DAY, date: DAY, rrn: Rrn(5), code };
    let Some(Message::Reply(reply)) = till.last().answered(answer) else {
        panic!("an inquiry has a reply")
    };
    let (mut frame, mac) = (Vec::new(), till.mac());
    let reply = Message::Reply(Reply { told, ..reply });
    encode(&reply, Route::new(ADDRESS, ACQUIRER_ADDRESS), Some(&mac), &mut frame);
    if !good {
        *frame.last_mut().expect("a frame has bytes") ^= 1;
    }
    hears(till, Input::Bytes { conn: CONN, chunk: &frame })
}

fn hears(till: &mut Till, input: Input<'_>) -> (Text, Vec<&'static str>) {
    let mut fx = Effects::default();
    till.terminal.handle(Now { mono_ms: 0, wall: NOON }, input, &mut fx);
    let all = (0..fx.len()).map(|n| fx.get(n).1);
    let text = all.clone().find_map(|effect| match effect {
        Effect::Show(Observation::Screen { text, .. }) => Some(text),
        _ => None,
    });
    let done = all.filter(|effect| matches!(effect, Effect::Append { .. } | Effect::Send { .. }));
    (text.expect("something is shown"), done.map(|effect| effect.name()).collect())
}

#[test]
fn a_balance_is_shown_with_its_sign_and_nothing_is_kept() {
    let owed = Fen(-5_00);
    let mut till = asking(as_built);
    let seen = shown(&mut till, "00", Told::Balance(owed), true);
    assert_eq!(seen, (Text::Balance(owed), Vec::new()));
    let mut till = asking(|config| config.choices.balance_sign = BalanceSign::Ignored);
    let seen = shown(&mut till, "00", Told::Balance(owed), true);
    assert_eq!(seen.0, Text::Balance(Fen(5_00)), "the unsound way");
}

#[test]
fn a_refusal_has_its_own_words_and_a_wrong_mac_none() {
    let mut till = asking(as_built);
    let code = ResponseCode(*b"55");
    assert_eq!(shown(&mut till, "55", Told::Nothing, true), (Text::Code(code), Vec::new()));
    let mut till = asking(as_built);
    let seen = shown(&mut till, "00", Told::Balance(Fen(100)), false);
    assert_eq!(seen, (Text::BadMac, vec!["append stan", "send 0800"]), "and signs on anew");
}

#[test]
fn silence_leaves_nothing_to_undo() {
    let mut till = asking(as_built);
    let seen = hears(&mut till, Input::Timer(TIMER_REPLY));
    assert_eq!(seen, (Text::NotAnswered, Vec::new()));
    let mut till = asking(as_built);
    let seen = hears(&mut till, Input::Down { conn: CONN });
    assert_eq!(seen, (Text::NotAnswered, Vec::new()));
    let mut till = asking(as_built);
    assert_eq!(till.plays("boot up 00").join(", "), "set clock", "nor does a restart");
    assert!(till.terminal.journal.lines.is_empty(), "it is in no total");
}

#[test]
fn one_question_at_a_time() {
    let mut till = asking(as_built);
    assert_eq!(till.plays("sale").join(", "), "show screen");
}
