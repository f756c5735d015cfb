//! The terminal through its door, rule by rule: a script of what happens to it, and what the last thing in
//! the script makes it do. The words of scripts are those of [`Till::happens`]; what it does is named as
//! crash sites are.

mod inquiries;
mod parts;

use super::*;
use crate::ids::{MerchantId, ResponseCode, Rrn, TerminalId};
use crate::party::{DeviceEvent, Effect, Observation, Peer};
use crate::time::{MonthDay, TimeOfDay, Wall, YearMonth};
use crate::wire::card::CardData;
use crate::wire::key::WorkingKeys;
use crate::wire::{Answer, KeyLength, Message, SignOn, SignOnReply, decode, encode};

const CONN: ConnId = ConnId(7);
const NOON: Wall = Wall(26 * 366 * 86_400_000 + 12 * 3_600_000);
const NOON_OF_THE_DAY: TimeOfDay = TimeOfDay { hour: 12, minute: 0, second: 0 };
const DAY: MonthDay = MonthDay { month: 1, day: 7 };

/// A terminal, its journal, and what it has sent.
struct Till {
    terminal: Terminal,
    config: TerminalConfig,
    journal: Vec<Vec<u8>>,
    sent: Vec<Message>,
    /// Generation of the keys that the centre gave out last.
    generation: u32,
    batch: Batch,
    /// Whether the printer prints, and what it was given last.
    prints: bool,
    given: VecDeque<TxnKey>,
}

fn config() -> TerminalConfig {
    TerminalConfig {
        id: TerminalId(*b"00000001"),
        merchant: MerchantId(*b"123456789012345"),
        master_key: DesKey::from_bytes(&[0x17; 16]).expect("sixteen bytes"),
        key_length: KeyLength::Double,
        opening: Opening::default(),
        settle_after: None,
        partial_approval: false,
        timers: TerminalTimers::default(),
        choices: TerminalChoices::default(),
    }
}

fn card() -> CardData {
    let pan = "6212345678901232".parse().expect("a card number");
    CardData::Keyed { pan, expiry: YearMonth { year: 30, month: 12 } }
}

impl Till {
    fn new(change: fn(&mut TerminalConfig)) -> Till {
        let mut config = config();
        change(&mut config);
        let terminal = Terminal::new(config.clone());
        let batch = config.opening.batch;
        let (journal, sent) = (Vec::new(), Vec::new());
        let (prints, given) = (true, VecDeque::new());
        Till { terminal, config, journal, sent, generation: 0, batch, prints, given }
    }

    /// One thing happens; `syncs` is how many syncs are still made before the power goes. Hands back the
    /// names of what was done, timers and endings left out.
    fn step(&mut self, input: Input<'_>, syncs: usize) -> Vec<&'static str> {
        let mut fx = Effects::default();
        self.terminal.handle(Now { mono_ms: 0, wall: NOON }, input, &mut fx);
        let (mut done, mut unsynced, mut left) = (Vec::new(), Vec::new(), syncs);
        for n in 0..fx.len() {
            let effect = fx.get(n).1;
            match effect {
                Effect::Append { record, .. } => unsynced.push(fx.bytes(record).to_vec()),
                Effect::Sync => {
                    self.journal.append(&mut unsynced);
                    left = left.saturating_sub(1);
                }
                Effect::Send { frame, .. } => {
                    let received = decode(fx.bytes(frame)).expect("a message of ours");
                    self.sent.push(received.message);
                }
                Effect::Print(slip) => self.given.extend(slip.printed_key()),
                _ => {}
            }
            let quiet = matches!(
                effect,
                Effect::Arm { .. }
                    | Effect::Disarm(_)
                    | Effect::Fact(_)
                    | Effect::Observe(_)
                    | Effect::Show(Observation::Ended { .. })
            );
            if !quiet {
                done.push(effect.name());
            }
            if left == 0 {
                self.given.clear();
                return done;
            }
        }
        while let Some(key) = self.given.pop_front() {
            let event = match self.prints {
                true => DeviceEvent::Printed { key },
                false => DeviceEvent::NotPrinted { key },
            };
            done.extend(self.step(Input::Device(event), left));
        }
        done
    }

    fn mac(&self) -> MacKey {
        let TerminalConfig { master_key, id, key_length, .. } = &self.config;
        MacKey::new(&WorkingKeys::derive(master_key, *id, self.generation, *key_length).mac)
    }

    fn last(&self) -> Message {
        *self.sent.last().expect("something was sent")
    }

    fn hears(&mut self, message: &Message, signed: bool, syncs: usize) -> Vec<&'static str> {
        let mut frame = Vec::new();
        let carries = !matches!(message, Message::SignOnReply(_));
        let mac = self.mac();
        encode(message, Route::new(ADDRESS, ACQUIRER_ADDRESS), carries.then_some(&mac), &mut frame);
        if !signed {
            *frame.last_mut().expect("a frame has bytes") ^= 1;
        }
        self.step(Input::Bytes { conn: CONN, chunk: &frame }, syncs)
    }

    /// The centre answers what was sent last: `00`; `00!` with a wrong MAC; `00?` as if to the STAN before.
    fn answered(&mut self, word: &str, syncs: usize) -> Vec<&'static str> {
        let (time, date) = (NOON_OF_THE_DAY, DAY);
        if let Message::SignOn(request) = self.last() {
            let code: ResponseCode = word.parse().expect("two characters");
            self.generation += 2;
            let TerminalConfig { master_key, id, key_length, .. } = &self.config;
            let keys = WorkingKeys::derive(master_key, *id, self.generation, *key_length);
            let wrapped = (code == ResponseCode::APPROVED).then(|| keys.wrap(master_key));
            let request = SignOn { batch: self.batch, ..request };
            let reply = SignOnReply { request, time, date, rrn: Rrn(0), code, wrapped };
            return self.hears(&Message::SignOnReply(reply), true, syncs);
        }
        let code = word[..2].parse().expect("two characters");
        let mut asked = self.last();
        if word.ends_with('?') {
            let Message::Request(request) = &mut asked else { panic!("no request is out") };
            request.txn.stan = Stan(request.txn.stan.0 - 1);
        }
        let answer = Answer { time, date, rrn: Rrn(5), code };
        let reply = asked.answered(answer).expect("what was sent is answered");
        self.hears(&reply, !word.ends_with('!'), syncs)
    }

    fn happens(&mut self, word: &str) -> Vec<&'static str> {
        let (word, syncs) = match word.split_once('/') {
            Some((word, syncs)) => (word, syncs.parse().expect("a number of syncs")),
            None => (word, usize::MAX),
        };
        let op = |n| OpRef { op: n, attempt: 0 };
        let amount = Fen(10_000);
        let sale = |n| TerminalOp::Sale { op: op(n), intent: 1, amount, card: card(), pin: None };
        match word {
            "boot" => {
                self.terminal = Terminal::new(self.config.clone());
                let journal = self.journal.clone();
                self.step(Input::Boot(Box::new(journal.iter().map(Vec::as_slice))), syncs)
            }
            "up" => self.step(Input::Up { conn: CONN, peer: Peer::Acquirer, dialled: true }, syncs),
            "down" => self.step(Input::Down { conn: CONN }, syncs),
            "silence" => self.step(Input::Timer(TIMER_REPLY), syncs),
            "later" => self.step(Input::Timer(TIMER_RETRY), syncs),
            "disk" => self.step(Input::SyncFailed, syncs),
            "sale" => self.step(Input::Op(sale(1)), syncs),
            "again" => self.step(Input::Op(sale(2)), syncs),
            "refund" => {
                let (original_rrn, original_date, card) = (Rrn(5), DAY, card());
                let op = op(3);
                let ask = TerminalOp::Refund { op, amount, original_rrn, original_date, card };
                self.step(Input::Op(ask), syncs)
            }
            "jam" => {
                self.prints = false;
                Vec::new()
            }
            "ready" => {
                self.prints = true;
                self.step(Input::Device(DeviceEvent::PrinterReady), syncs)
            }
            "settle" => self.step(Input::Op(TerminalOp::Settle { op: op(4) }), syncs),
            "batch" => {
                self.batch = self.batch.next();
                Vec::new()
            }
            code => self.answered(code, syncs),
        }
    }

    fn plays(&mut self, script: &str) -> Vec<&'static str> {
        script.split_whitespace().map(|word| self.happens(word)).last().expect("a script")
    }
}

/// Signed on, with nothing to do.
const READY: &str = "boot up 00";

fn as_built(_: &mut TerminalConfig) {}

/// What the last word of a script brings about.
fn check(rule: &str, change: fn(&mut TerminalConfig), script: &str, expected: &str) {
    let done = Till::new(change).plays(&format!("{READY} {script}")).join(", ");
    assert_eq!(done, expected, "{rule}: {script}");
}

#[test]
fn every_rule_that_concerns_a_terminal() {
    let reversed = "show screen, send 0400";
    let declined = "append declined, sync, show screen";
    let signs_on = "append stan, sync, send 0800";
    let announced = "show screen, print slip, append announced, sync";
    let check = |rule: &str, script: &str, expected: &str| check(rule, as_built, script, expected);
    check("flows 4.1: written before it is sent", "sale", "append sale pending, sync, send 0200");
    for code in ["09", "68", "94", "A0"] {
        let script = format!("sale {code}");
        let next = if matches!(code, "94" | "A0") {
            format!("show screen, {signs_on}")
        } else {
            reversed.to_owned()
        };
        check("soundness 3: indefinite", &script, &next);
    }
    check("soundness 3: 98 is a no", "sale 98", declined);
    check("soundness 4: so is 91", "sale 91", declined);
    check(
        "soundness 5: one record supersedes",
        "sale 00",
        &format!("append approved, sync, {announced}"),
    );
    let cut = "sale 00/1 boot";
    check("soundness 6: shown after a restart", cut, &format!("{announced}, connect"));
    check("soundness 6: never reversed after it", &format!("{cut} up 00"), "set clock");
    check("soundness 6: paid is paid", "sale 00 again", "show screen");
    check(
        "soundness 6: a slip that did not print is owed",
        "jam sale 00",
        "append approved, sync, show screen, print slip, show screen",
    );
    check("soundness 6: paid all the same", "jam sale 00 again", "show screen");
    let owed = "print slip, append announced, sync";
    check("soundness 6: and printed when it can be", "jam sale 00 ready", owed);
    check("soundness 6: or after a restart", "jam sale 00 boot ready", owed);
    check("soundness 6: once", "jam sale 00 ready ready", "");
    check(
        "soundness 7: a wrong MAC leaves the record",
        "sale 00!",
        &format!("append reason, sync, show screen, {signs_on}"),
    );
    check("soundness 7: a 0410 must verify", "sale silence 00!", signs_on);
    check("flows 2: another STAN's answer", "sale 00?", "");
    check("flows 3: a line silent twice is given up", "sale silence silence", "close, connect");
    check("soundness 8: sign-on may overtake", "sale boot up", signs_on);
    check("soundness 8: no new batch while open", "sale batch boot up 00", "set clock, send 0400");
    check(
        "soundness 8: but once it is reversed",
        "sale batch boot up 00 00 again",
        "append batch, sync, append sale pending, sync, send 0200",
    );
    check("soundness 10: a new batch", "batch boot up 00", "set clock, append batch, sync");
    check("soundness 10: STAN durable before its use", "boot up", signs_on);
    check("soundness 12: at boot", "sale boot", "show screen, connect");
    check("soundness 12: when the line is up", "sale boot up 00", "set clock, send 0400");
    check("soundness 12: before the next sale", "sale silence again", "");
    check("flows 5: 00, 12 and 25 are done", "sale silence 25", "append undone, sync");
    check("flows 5: nothing else is", "sale silence 96", "send 0400");
    check(
        "soundness 14: synced before it is sent",
        "refund",
        "append refund pending, sync, send 0220",
    );
    check("soundness 14: not reversed", "refund silence", "close, show screen");
    check("soundness 14: but repeated", "refund silence later up", "send 0220");
    check("soundness 14: over a restart", "refund boot up 00", "set clock, send 0220");
    check(
        "soundness 17: synced before the totals go",
        "settle",
        "append settling, sync, send 0500",
    );
    check("soundness 17: nothing else meanwhile", "settle sale", "show screen");
    check("soundness 17: nor after a restart", "settle boot sale", "show screen");
    check("soundness 17: asked again", "settle boot up 00", "set clock, send 0500");
    check("soundness 17: a pending reversal goes first", "sale silence settle", "");
    check("soundness 20: a failed sync stops it", "sale disk", "halt");
    check("soundness, codes: 51 in its own words", "sale 51", declined);
    check("soundness, codes: silence is doubt", "sale silence", reversed);
}

#[test]
fn every_rule_relaxed_shows() {
    check(
        "reversal_record = after-send",
        |config| config.choices.reversal_record = ReversalRecord::AfterSend,
        "sale",
        "send 0200, append sale pending, sync",
    );
    check(
        "reversal_record = never",
        |config| config.choices.reversal_record = ReversalRecord::Never,
        "sale silence",
        "show screen",
    );
    check(
        "indefinite_reply = decline (soundness 3)",
        |config| config.choices.indefinite_reply = IndefiniteReply::Decline,
        "sale 09",
        "append declined, sync, show screen",
    );
    check(
        "bad_mac_reply = forget (soundness 7)",
        |config| config.choices.bad_mac_reply = BadMacReply::Forget,
        "sale 00!",
        "append declined, sync, show screen",
    );
    check(
        "reply_matching = ignore-stan (flows 2)",
        |config| config.choices.reply_matching = ReplyMatching::IgnoreStan,
        "sale 51?",
        "append declined, sync, show screen",
    );
    check(
        "reversal_done = any-code (flows 5)",
        |config| config.choices.reversal_done = ReversalDone::AnyCode,
        "sale silence 96",
        "append undone, sync",
    );
    check(
        "paid_intent = send-again (soundness 6)",
        |config| config.choices.paid_intent = PaidIntent::SendAgain,
        "sale 00 again",
        "append sale pending, sync, send 0200",
    );
    let once_printed: fn(&mut TerminalConfig) =
        |config| config.choices.paid_intent = PaidIntent::OncePrinted;
    check(
        "paid_intent = once-printed (soundness 6)",
        once_printed,
        "jam sale 00 again",
        "append sale pending, sync, send 0200",
    );
    check(
        "paid_intent = once-printed, and it is printed",
        once_printed,
        "jam sale 00 ready again",
        "show screen",
    );
    check(
        "printer_fault = reverse (soundness 6)",
        |config| config.choices.printer_fault = PrinterFault::Reverse,
        "jam sale 00",
        "append approved, sync, show screen, print slip, append printer failed, sync, show screen, \
         send 0400",
    );
    check(
        "printer_fault = forget-slip (soundness 6)",
        |config| config.choices.printer_fault = PrinterFault::ForgetSlip,
        "jam sale 00 ready",
        "",
    );
    check(
        "unannounced = reverse (soundness 6)",
        |config| config.choices.unannounced = Unannounced::Reverse,
        "sale 00/1 boot up 00",
        "set clock, send 0400",
    );
    check(
        "new_batch = ignore (soundness 8, 10)",
        |config| config.choices.new_batch = NewBatch::Ignore,
        "batch boot up 00",
        "set clock",
    );
}

/// Soundness 8: every repeat of a 0400 is the same but for its MAC, a new batch and new keys in between.
#[test]
fn a_repeated_reversal_is_the_same() {
    let mut till = Till::new(as_built);
    till.plays(&format!("{READY} sale silence"));
    let first = till.last();
    till.plays("batch boot up 00");
    assert_eq!(till.last(), first);
    till.plays("boot up 00");
    assert_eq!(till.last(), first);
}

/// Soundness 10: the counter begins anew in a new batch, and what was reversed kept its own name.
#[test]
fn the_counter_begins_anew_in_a_new_batch() {
    let mut till = Till::new(|config| config.opening.stan = Stan(999_998));
    till.plays(&format!("{READY} batch"));
    assert_eq!(till.plays("sale").join(", "), "append stan, sync, send 0800");
    let named = |till: &Till| (till.last().station().batch, till.last().stan());
    assert_eq!(named(&till), (Batch(1), Stan(1)));
    assert_eq!(
        till.plays("00").join(", "),
        "set clock, append batch, sync, append sale pending, sync, send 0200"
    );
    assert_eq!(named(&till), (Batch(2), Stan(2)));
}

/// Soundness 10: where a pending refund keeps the old batch open, nothing new goes out in it once the counter
/// has begun anew; when the refund is answered the new batch is taken over.
#[test]
fn nothing_new_goes_out_in_a_batch_whose_counter_began_anew() {
    let mut till = Till::new(|config| config.opening.stan = Stan(999_997));
    till.plays(&format!("{READY} refund silence"));
    assert_eq!(till.last().stan(), Stan(999_999), "the last number of the batch");
    assert_eq!(till.plays("batch sale up").join(", "), "append stan, sync, send 0800");
    assert_eq!(till.plays("00").join(", "), "set clock, show screen", "the refund comes first");
    assert_eq!(till.plays("again").join(", "), "show screen", "and before any other sale");
    assert_eq!(till.plays("boot up 00").join(", "), "set clock, send 0220");
    till.plays("00");
    till.plays("again");
    assert_eq!((till.last().station().batch, till.last().stan()), (Batch(2), Stan(3)));
}

/// 000000 is the number of no batch: an answer that brings it was damaged, and gives no keys.
#[test]
fn no_batch_has_the_number_zero() {
    let mut till = Till::new(as_built);
    till.plays("boot up");
    till.batch = Batch(0);
    till.plays("00");
    assert!(till.terminal.keys.is_none());
    till.batch = Batch(2);
    till.plays("later 00 sale");
    assert_eq!(till.last().station().batch, Batch(2));
}

/// Soundness 10, 17: where the centre holds other totals under the 0500's STAN, they go out under another,
/// after a sign-on; a restart does not forget it.
#[test]
fn totals_that_the_centre_has_otherwise_go_out_under_another_stan() {
    let mut till = Till::new(as_built);
    till.plays(&format!("{READY} settle"));
    let first = till.last().stan();
    let done = till.plays("94").join(", ");
    assert_eq!(done, "append settling, sync, append stan, sync, send 0800");
    till.plays("00");
    assert!(matches!(till.last(), Message::Settle(_)));
    let second = till.last().stan();
    assert!(second > first);
    till.plays("boot up 00");
    assert_eq!((till.last().stan(), till.last().mti().as_str()), (second, "0500"));
}

/// Flows 4.7, soundness 10: a sign-on that is refused leaves no keys, whatever was in use before it; neither
/// does a counter that begins anew, until the new batch is here.
#[test]
fn keys_are_those_of_a_sign_on_that_was_granted() {
    let keyed = |script: &str| {
        let mut till = Till::new(as_built);
        till.plays(script);
        till.terminal.keys.is_some()
    };
    assert!(keyed(READY));
    assert!(!keyed("boot up 58"), "refused");
    assert!(keyed("boot up 58 later 00"), "and granted at the next try");
    assert!(!keyed(&format!("{READY} sale A0")), "the centre wants other keys");
    assert!(!keyed(&format!("{READY} sale A0 58")), "and refuses to give any");
    let wraps = |script: &str| {
        let mut till = Till::new(|config| config.opening.stan = Stan(999_998));
        till.plays(&format!("{READY} {script}"));
        till.terminal.keys.is_some()
    };
    assert!(wraps("batch"));
    assert!(!wraps("batch sale"), "the counter begins anew");
    assert!(!wraps("batch sale 58"), "the batch is refused");
    assert!(wraps("batch sale 00"), "the batch is here");
}

/// Soundness 21: a longer frame than any closes the line, and what comes behind it is not waited for.
#[test]
fn soundness_21_a_prefix_over_the_maximum_closes_the_line() {
    let mut till = Till::new(as_built);
    till.plays(READY);
    let most = Input::Bytes { conn: CONN, chunk: &[0x08, 0x00] };
    assert_eq!(till.step(most, usize::MAX), Vec::<&str>::new(), "2,048 is waited for");
    let mut till = Till::new(as_built);
    till.plays(READY);
    let over = till.step(Input::Bytes { conn: CONN, chunk: &[0x08, 0x01] }, usize::MAX);
    assert_eq!(over.join(", "), "close");
}

/// Soundness 22: the journal of a sale, of its reversal and of a pending refund never holds the card's
/// number, as digits or packed, and a repeated refund shows the card all the same.
#[test]
fn soundness_22_no_journal_holds_a_card() {
    let mut till = Till::new(as_built);
    till.plays(&format!("{READY} sale silence 00 refund boot up 00"));
    let Message::Advice(repeat) = till.last() else { panic!("the refund is repeated") };
    let shown = repeat.card.map(|card| card.pan());
    assert_eq!(shown, Some(card().pan()), "a repeat shows it all the same");
    let digits = b"6212345678901232";
    let packed = [0x62, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x32];
    for record in &till.journal {
        assert!(!record.windows(digits.len()).any(|part| part == digits), "digits");
        assert!(!record.windows(packed.len()).any(|part| part == packed), "packed");
    }
}
