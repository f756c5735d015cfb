//! Faults inside what sound parties promise to survive: every kind of [`FaultKind`] and a few that belong
//! together, each family switched on or off for the seed, each fault placed at a time, on a message, or
//! before a step.

use super::{Dice, Knobs, Mask};
use crate::plan::{
    Death, Direction, Fault, FaultKind, Latency, MessageFilter, Op, Place, Start, Task, When, World,
};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::wire::Mti;
use std::collections::BTreeSet;

/// Steps worth dying before; every party passes some of them in every sale.
const STEPS: [(&str, u8); 26] = [
    ("append sale pending", 0),
    ("send 0200", 0),
    ("append approved", 0),
    ("show screen", 0),
    ("print slip", 0),
    ("append announced", 0),
    ("append declined", 0),
    ("send 0400", 0),
    ("append undone", 0),
    ("append refund pending", 0),
    ("send 0220", 0),
    ("append refund accepted", 0),
    ("sync", 0),
    ("append forwarded", 1),
    ("send 0200", 1),
    ("append captured", 1),
    ("send 0210", 1),
    ("append undoing", 1),
    ("send 0410", 1),
    ("send 0420", 1),
    ("append day opened", 1),
    ("append paid out", 1),
    ("sync", 1),
    ("append decision", 2),
    ("sync", 2),
    ("send 0210", 2),
];

/// Steps on the way from doubt to its end.
const UNDOING: [(&str, u8); 9] = [
    ("send 0400", 0),
    ("append undone", 0),
    ("append undoing", 1),
    ("send 0410", 1),
    ("send 0420", 1),
    ("append delivered", 1),
    ("sync", 1),
    ("append reversal", 2),
    ("send 0430", 2),
];

/// Steps on the way from an approval to its end at the terminal: recorded, shown, printed, marked as told.
const ANNOUNCING: [&str; 5] =
    ["append approved", "show screen", "print slip", "append announced", "sync"];

/// What one draw puts into a plan: a fault of one kind, or several that belong together.
#[derive(Clone, Copy)]
enum Family {
    /// One fault, by the number of its kind in [`FAULT_NAMES`].
    Single(u64),
    /// A sign-on is held up on its way while its terminal loses power: when it arrives, keys are handed out
    /// that the terminal no longer waits for.
    HeldUpSignOn,
    /// Every party is restarted, one after the other.
    RollingRestart,
    /// A line goes and comes several times.
    Flapping,
    /// A forwarded request is overtaken by its own reversal.
    Overtaken,
    /// A reply is lost, and a party dies while what it made doubtful is being undone.
    DiesWhileUndoing,
    /// A terminal dies somewhere between the record of an approval and the note that it has been told.
    DiesAnnouncing,
    /// A reply comes after its terminal has stopped waiting, and the reply of the next sale takes its time.
    LateReply,
    /// A request is on its way until its terminal has given it up and begun to reverse it.
    LateRequest,
    /// An issuer answers when the acquirer has just given it up, nobody hears of that, and a copy of the
    /// request comes.
    LateAnswer,
    /// A request comes twice while the issuer still thinks.
    TwinRequest,
    /// A terminal dies before it has noted that a slip is out, and is down while the slip is refunded.
    DownWhenRefunded,
}

/// Keys what happens to a void.
const ON_A_VOID: u64 = 9_000;

/// Keys what happens to a printer.
const AT_A_PRINTER: u64 = 9_001;

/// How many kinds of fault the mask switches; those of a printer have a draw of their own.
const KINDS: u64 = 21;
/// How many of them stand before the families in the order of the mask; the rest came later.
const FIRST_KINDS: u64 = 12;

/// The faults of a plan.
pub(super) fn faults(
    dice: Dice,
    mask: Mask,
    knobs: &Knobs,
    world: &World,
    ops: &[Op],
) -> Vec<Fault> {
    let several = [
        Family::HeldUpSignOn,
        Family::RollingRestart,
        Family::Flapping,
        Family::Overtaken,
        Family::DiesWhileUndoing,
        Family::DiesAnnouncing,
        Family::LateReply,
        Family::LateRequest,
        Family::LateAnswer,
        Family::TwinRequest,
        Family::DownWhenRefunded,
    ];
    let singles = |kinds: std::ops::Range<u64>| kinds.map(Family::Single);
    let all = singles(0..FIRST_KINDS).chain(several).chain(singles(FIRST_KINDS..KINDS));
    let all: Vec<Family> = all.collect();
    let on = mask.subset(0, &all);
    if on.is_empty() {
        return Vec::new();
    }
    let count = dice.range(0, 0, 0, u64::from(knobs.faults));
    let draw = FaultDraw { dice, knobs, world, ops };
    let drawn = (1..=count).flat_map(|n| draw.family(n, dice.pick(n, 1, &on)));
    let mut faults: Vec<Fault> = drawn.take(knobs.faults as usize).collect();
    if faults.len() < knobs.faults as usize {
        faults.extend(draw.on_a_void());
    }
    if faults.len() < knobs.faults as usize {
        faults.extend(draw.at_a_printer());
    }
    faults
}

/// What the faults of one plan are drawn from.
pub(super) struct FaultDraw<'a> {
    pub dice: Dice,
    pub knobs: &'a Knobs,
    pub world: &'a World,
    pub ops: &'a [Op],
}

impl FaultDraw<'_> {
    fn family(&self, n: u64, family: Family) -> Vec<Fault> {
        match family {
            Family::Single(kind) => vec![self.single(n, kind)],
            Family::HeldUpSignOn => self.held_up_sign_on(n),
            Family::RollingRestart => self.rolling_restart(n),
            Family::Flapping => vec![self.flapping(n)],
            Family::Overtaken => vec![self.overtaken(n)],
            Family::DiesWhileUndoing => self.dies_while_undoing(n),
            Family::DiesAnnouncing => vec![self.dies_announcing(n)],
            Family::LateReply => self.late_reply(n),
            Family::LateRequest => vec![self.late_request(n)],
            Family::LateAnswer => self.late_answer(n),
            Family::TwinRequest => self.twin_request(n),
            Family::DownWhenRefunded => vec![self.down_when_refunded(n)],
        }
    }

    /// Where a sale is taken back, often something happens just to that: its answer is lost, or a party dies
    /// before a step of its own.
    fn on_a_void(&self) -> Option<Fault> {
        let (dice, n) = (self.dice, ON_A_VOID);
        let voids = (0u32..).zip(self.ops);
        let of_a_sale = |of: u32| self.ops[of as usize].task.is_sale();
        let voids =
            voids.filter(|(_, op)| matches!(op.task, Task::Void { of, .. } if of_a_sale(of)));
        let voids: Vec<(u32, u16)> = voids.map(|(number, op)| (number, op.terminal)).collect();
        if voids.is_empty() || dice.one_in(n, 0, 3) {
            return None;
        }
        let (op, till) = dice.pick(n, 1, &voids);
        let at = Place::Terminal(till);
        let crash = |effect: &str, op| When::Before {
            effect: effect.to_owned(),
            terminal: None,
            stan: None,
            op,
            nth: 1,
        };
        let dies = self.crash(n, dice.range(n, 19, 500, 60_000));
        let (at, what, when) = match dice.range(n, 2, 0, 5) {
            0 => (at, dies, crash("append void pending", Some(op))),
            1 => (at, dies, crash("append approved", Some(op))),
            2 => (Place::Acquirer, dies, crash("append voided", None)),
            3 => (at, dies, crash("send 0200", Some(op))),
            _ => {
                let filter = MessageFilter {
                    mti: Some(Mti::M0210),
                    op: Some(op),
                    ..MessageFilter::default()
                };
                (at, FaultKind::Drop, When::Receives { filter, nth: 1 })
            }
        };
        Some(Fault { at, what, when })
    }

    /// In one plan of four a printer fails: no paper, or a jam that may let the slip out.
    fn at_a_printer(&self) -> Option<Fault> {
        let (dice, n) = (self.dice, AT_A_PRINTER);
        if !dice.one_in(n, 0, 4) {
            return None;
        }
        let (at, for_ms) = (self.terminal(n, 11), dice.range(n, 13, 1_000, 90_000));
        let what = match dice.range(n, 2, 0, 2) {
            0 => FaultKind::PaperOut { for_ms },
            1 => FaultKind::PrinterJam { for_ms, slip_out: false },
            _ => FaultKind::PrinterJam { for_ms, slip_out: true },
        };
        Some(Fault { at, what, when: self.when(n, at, what) })
    }

    fn till(&self, n: u64, aspect: u64) -> u16 {
        self.dice.small(n, aspect, 0, self.world.terminals.len() as u64 - 1)
    }

    fn terminal(&self, n: u64, aspect: u64) -> Place {
        Place::Terminal(self.till(n, aspect))
    }

    fn single(&self, n: u64, kind: u64) -> Fault {
        let dice = self.dice;
        let at = match dice.range(n, 10, 0, 3) {
            0 => Place::Acquirer,
            1 => Place::Issuer,
            _ => self.terminal(n, 11),
        };
        let peer = match at {
            Place::Terminal(_) | Place::Issuer => Place::Acquirer,
            Place::Acquirer if dice.one_in(n, 12, 2) => Place::Issuer,
            Place::Acquirer => self.terminal(n, 22),
        };
        let for_ms = dice.range(n, 13, 1_000, 90_000);
        let least = self.knobs.least_latency_ms;
        let death = dice.pick(n, 14, &[Death::Kill, Death::PowerLoss]);
        let signed = |low: i64, high: i64| {
            let span = u64::try_from(high - low).expect("a range");
            low + dice.small::<i64>(n, 15, 0, span)
        };
        let what = match kind {
            0 => FaultKind::Latency { peer, latency: slow(dice, n, least), for_ms },
            1 => {
                let ways = [Direction::Both, Direction::Out, Direction::In];
                FaultKind::Partition { peer, direction: dice.pick(n, 16, &ways), for_ms }
            }
            2 => FaultKind::BlackHole { for_ms },
            3 => FaultKind::Reset { peer },
            4 => FaultKind::Drop,
            5 => FaultKind::Delay { ms: dice.time_ms(n, 17, 120_000) },
            6 => FaultKind::Duplicate { after_ms: dice.time_ms(n, 18, 120_000) },
            7 => FaultKind::Crash { death, restart_after_ms: dice.range(n, 19, 500, 60_000) },
            8 => FaultKind::ClockStep { ms: signed(-86_400_000, 86_400_000) },
            9 => FaultKind::ClockDrift {
                ppm: i32::try_from(signed(-200_000, 200_000)).expect("small"),
                for_ms,
            },
            10 => FaultKind::ClockSkew { ms: signed(-90_000_000, 90_000_000) },
            11 => FaultKind::SyncError,
            12 => return self.restored(n),
            13 => FaultKind::Corrupt { bit: None },
            14 => FaultKind::Truncate,
            15 => FaultKind::StripMac,
            16 => FaultKind::Pause { for_ms: dice.time_ms(n, 13, 90_000) },
            17 => FaultKind::HalfOpen { peer },
            18 => FaultKind::Flap {
                peer,
                down_ms: dice.time_ms(n, 41, 20_000),
                up_ms: dice.time_ms(n, 42, 20_000),
                for_ms,
            },
            19 => FaultKind::DiskFull { for_ms },
            20 => {
                let hours = dice.small::<i8>(n, 15, 1, 14);
                FaultKind::WrongZone { hours: if dice.one_in(n, 16, 2) { -hours } else { hours } }
            }
            other => unreachable!("there is no kind {other}"),
        };
        Fault { at, what, when: self.when(n, at, what) }
    }

    /// A terminal comes back with an older journal, or as a new device. Where a purchase is paid by more than
    /// one operation it only loses power: whether that was paid would be forgotten.
    fn restored(&self, n: u64) -> Fault {
        let till = self.till(n, 11);
        let (at, restart_after_ms) = (Place::Terminal(till), self.dice.range(n, 19, 500, 60_000));
        let here = self.ops.iter().filter(|op| op.terminal == till);
        let mut paid = BTreeSet::new();
        let again = here.filter_map(|op| op.task.intent()).any(|intent| !paid.insert(intent));
        let age_ms = self.dice.pick(n, 18, &[1, 20_000, 60_000, 900_000]);
        let what = match again {
            true => self.crash(n, restart_after_ms),
            false => FaultKind::Restore { age_ms, restart_after_ms, even_open: false },
        };
        Fault { at, what, when: self.when(n, at, what) }
    }

    /// The first sign-on of a terminal takes so long that its terminal has died and signed on again.
    fn held_up_sign_on(&self, n: u64) -> Vec<Fault> {
        let at = self.terminal(n, 11);
        let dies_ms = self.dice.range(n, 40, 300, 4_000);
        let restart_after_ms = self.dice.range(n, 41, 500, 3_000);
        let ms = dies_ms + restart_after_ms + self.dice.range(n, 42, 500, 30_000);
        let filter = MessageFilter { mti: Some(Mti::M0800), ..MessageFilter::default() };
        let crash = FaultKind::Crash { death: Death::PowerLoss, restart_after_ms };
        let crash = Fault { at, what: crash, when: When::At { ms: dies_ms } };
        let delay = FaultKind::Delay { ms };
        vec![Fault { at, what: delay, when: When::Sends { filter, nth: 1 } }, crash]
    }

    fn rolling_restart(&self, n: u64) -> Vec<Fault> {
        let begins_ms = self.dice.range(n, 40, 1_000, self.knobs.chaos_ms - 1);
        let pause_ms = self.dice.range(n, 41, 500, 20_000);
        let restart_after_ms = self.dice.range(n, 42, 500, 15_000);
        let parties = [self.terminal(n, 11), Place::Acquirer, Place::Issuer];
        let restart = |(turn, at): (u64, Place)| {
            let ms = (begins_ms + turn * pause_ms).min(self.knobs.chaos_ms - 1);
            let what = FaultKind::Crash { death: Death::Kill, restart_after_ms };
            Fault { at, what, when: When::At { ms } }
        };
        (0..).zip(parties).map(restart).collect()
    }

    fn flapping(&self, n: u64) -> Fault {
        let (at, peer) = match self.dice.range(n, 12, 0, 1) {
            0 => (self.terminal(n, 11), Place::Acquirer),
            _ => (Place::Acquirer, Place::Issuer),
        };
        let begins_ms = self.dice.range(n, 40, 1_000, self.knobs.chaos_ms - 1);
        let (down_ms, up_ms) =
            (self.dice.range(n, 41, 500, 10_000), self.dice.range(n, 42, 500, 10_000));
        let for_ms = self.dice.range(n, 43, 2, 4) * (down_ms + up_ms);
        let what = FaultKind::Flap { peer, down_ms, up_ms, for_ms };
        Fault { at, what, when: When::At { ms: begins_ms } }
    }

    fn overtaken(&self, n: u64) -> Fault {
        let filter = MessageFilter { mti: Some(Mti::M0200), ..self.filter(n, Place::Acquirer) };
        let ms = self.dice.range(n, 40, 20_000, 120_000);
        let nth = self.dice.small(n, 31, 1, 4);
        Fault {
            at: Place::Acquirer,
            what: FaultKind::Delay { ms },
            when: When::Sends { filter, nth },
        }
    }

    pub fn dies_while_undoing(&self, n: u64) -> Vec<Fault> {
        let dice = self.dice;
        let filter = MessageFilter { mti: Some(Mti::M0210), ..MessageFilter::default() };
        let when = When::Sends { filter, nth: dice.small(n, 31, 1, 3) };
        let silent = dice.pick(n, 10, &[Place::Acquirer, Place::Issuer]);
        let lost = Fault { at: silent, what: FaultKind::Drop, when };
        let (effect, party) = dice.pick(n, 40, &UNDOING);
        let at = match party {
            0 => self.terminal(n, 11),
            1 => Place::Acquirer,
            _ => Place::Issuer,
        };
        let what = self.crash(n, dice.range(n, 19, 500, 60_000));
        let (effect, nth) = (effect.to_owned(), dice.small(n, 41, 1, 2));
        let when = When::Before { effect, terminal: None, stan: None, op: None, nth };
        vec![lost, Fault { at, what, when }]
    }

    fn dies_announcing(&self, n: u64) -> Fault {
        let dice = self.dice;
        let effect = dice.pick(n, 40, &ANNOUNCING).to_owned();
        let (op, nth) = (None, dice.small(n, 41, 1, 4));
        Fault {
            at: self.terminal(n, 11),
            what: self.crash(n, dice.range(n, 19, 500, 60_000)),
            when: When::Before { effect, terminal: None, stan: None, op, nth },
        }
    }

    fn crash(&self, n: u64, restart_after_ms: u64) -> FaultKind {
        let death = self.dice.pick(n, 14, &[Death::Kill, Death::PowerLoss]);
        FaultKind::Crash { death, restart_after_ms }
    }

    /// Something that happens to the nth message of a kind about one till.
    fn on(&self, at: Place, what: FaultKind, mti: Mti, till: u16, nth: u32) -> Fault {
        let (mti, terminal) = (Some(mti), Some(till));
        let filter = MessageFilter { mti, terminal, ..MessageFilter::default() };
        Fault { at, what, when: When::Sends { filter, nth } }
    }

    /// How long a till waits for a reply.
    fn waits_ms(&self, till: u16) -> u64 {
        self.world.terminals[usize::from(till)].timers.response_timeout_ms
    }

    /// Whatever the next sale is, its window stays open long enough to meet the reply.
    fn late_reply(&self, n: u64) -> Vec<Fault> {
        let (dice, till) = (self.dice, self.till(n, 11));
        let (waits_ms, nth) = (self.waits_ms(till), dice.small(n, 31, 1, 3));
        let late = FaultKind::Delay { ms: waits_ms + dice.range(n, 40, 0, 25_000) };
        let next = FaultKind::Delay { ms: dice.range(n, 41, 1_000, waits_ms.min(25_000)) };
        let acquirer = self.on(Place::Acquirer, late, Mti::M0210, till, nth);
        vec![acquirer, self.on(Place::Issuer, next, Mti::M0210, till, nth + 1)]
    }

    fn late_request(&self, n: u64) -> Fault {
        let till = self.till(n, 11);
        let ms = self.waits_ms(till) + self.dice.range(n, 40, 0, 25_000);
        let nth = self.dice.small(n, 31, 1, 3);
        self.on(Place::Terminal(till), FaultKind::Delay { ms }, Mti::M0200, till, nth)
    }

    fn late_answer(&self, n: u64) -> Vec<Fault> {
        let (dice, till) = (self.dice, self.till(n, 11));
        let waits_ms = self.world.acquirer.timers.issuer_timeout_ms;
        let nth = dice.small(n, 31, 1, 3);
        let late = FaultKind::Delay { ms: waits_ms + dice.range(n, 40, 0, 10_000) };
        let copy = FaultKind::Duplicate { after_ms: waits_ms + dice.range(n, 41, 0, 15_000) };
        vec![
            self.on(Place::Issuer, late, Mti::M0210, till, nth),
            self.on(Place::Acquirer, FaultKind::Drop, Mti::M0210, till, nth),
            self.on(Place::Terminal(till), copy, Mti::M0200, till, nth),
        ]
    }

    fn twin_request(&self, n: u64) -> Vec<Fault> {
        let (dice, till) = (self.dice, self.till(n, 11));
        let nth = dice.small(n, 31, 1, 3);
        let twin = FaultKind::Duplicate { after_ms: dice.time_ms(n, 40, 8_000) };
        let thinks = FaultKind::Delay { ms: dice.range(n, 41, 1_000, 30_000) };
        vec![
            self.on(Place::Terminal(till), twin, Mti::M0200, till, nth),
            self.on(Place::Issuer, thinks, Mti::M0210, till, nth),
        ]
    }

    /// Without a refund in the plan, any death on the way to the note.
    pub fn down_when_refunded(&self, n: u64) -> Fault {
        let refunded = self.ops.iter().filter_map(|op| match (&op.task, op.start) {
            (Task::Refund { of, .. }, Start::At { ms }) => Some((*of, ms)),
            _ => None,
        });
        let refunded: Vec<(u32, u64)> = refunded.collect();
        if refunded.is_empty() {
            return self.dies_announcing(n);
        }
        let (of, refund_ms) = self.dice.pick(n, 42, &refunded);
        let sale = &self.ops[of as usize];
        let begun_ms = match sale.start {
            Start::At { ms } => ms,
            Start::After { delay_ms, .. } => delay_ms,
        };
        let down_ms = refund_ms.saturating_sub(begun_ms) + self.dice.range(n, 19, 500, 30_000);
        let effect = "append announced".to_owned();
        Fault {
            at: Place::Terminal(sale.terminal),
            what: self.crash(n, down_ms),
            when: When::Before { effect, terminal: None, stan: None, op: Some(of), nth: 1 },
        }
    }

    /// Which messages a fault waits for: mostly by kind alone; now and then of one operation, one
    /// terminal, one STAN, or one code.
    fn filter(&self, n: u64, at: Place) -> MessageFilter {
        let dice = self.dice;
        let mut filter = MessageFilter::default();
        match dice.range(n, 50, 0, 11) {
            0 => filter.op = self.op(n),
            1 => filter.stan = Some(dice.small(n, 51, 1, 12)),
            2 => filter.code = Some(ResponseCode(dice.pick(n, 51, &CODES))),
            3 if at == Place::Acquirer => {
                filter.peer = Some(dice.pick(n, 51, &[self.terminal(n, 52), Place::Issuer]));
            }
            4 if !matches!(at, Place::Terminal(_)) => {
                filter.terminal = Some(self.till(n, 52));
            }
            _ => {}
        }
        filter
    }

    fn op(&self, n: u64) -> Option<u32> {
        let last = (self.ops.len() as u64).checked_sub(1)?;
        Some(self.dice.small(n, 53, 0, last))
    }

    fn when(&self, n: u64, at: Place, what: FaultKind) -> When {
        let dice = self.dice;
        let party = match at {
            Place::Terminal(_) => 0,
            Place::Acquirer => 1,
            Place::Issuer => 2,
        };
        if what == FaultKind::SyncError {
            let (effect, nth) = ("sync".to_owned(), dice.small(n, 30, 1, 12));
            return When::Before { effect, terminal: None, stan: None, op: None, nth };
        }
        let nth = dice.small(n, 31, 1, 4);
        if what.damages() {
            return self.protected(n, party.into(), nth);
        }
        match dice.range(n, 32, 0, 2) {
            0 if !what.acts_on_message() => {
                When::At { ms: dice.range(n, 33, 1, self.knobs.chaos_ms - 1) }
            }
            1 if !what.acts_on_message() => {
                let here: Vec<&str> =
                    STEPS.iter().filter(|(_, of)| *of == party).map(|(name, _)| *name).collect();
                let effect = dice.pick(n, 34, &here).to_owned();
                let op = if dice.one_in(n, 54, 8) { self.op(n) } else { None };
                When::Before { effect, terminal: None, stan: None, op, nth }
            }
            _ => self.on_message(n, at, party.into(), nth),
        }
    }

    fn on_message(&self, n: u64, at: Place, party: usize, nth: u32) -> When {
        let dice = self.dice;
        let some =
            |of: &[Mti], aspect| (dice.range(n, 35, 0, 3) > 0).then(|| dice.pick(n, aspect, of));
        let filter = self.filter(n, at);
        if dice.range(n, 37, 0, 2) > 0 {
            let mti = some(SENDS[party], 36);
            return When::Sends { filter: MessageFilter { mti, ..filter }, nth };
        }
        let mti = some(REACHES[party], 38);
        When::Receives { filter: MessageFilter { mti, ..filter }, nth }
    }

    /// A message that a MAC protects: what happens to a sign-on nobody can notice.
    fn protected(&self, n: u64, party: usize, nth: u32) -> When {
        let dice = self.dice;
        let protected = |of: &[Mti], aspect| {
            let of: Vec<Mti> =
                of.iter().copied().filter(|mti| !matches!(mti, Mti::M0800 | Mti::M0810)).collect();
            let mti = Some(dice.pick(n, aspect, &of));
            MessageFilter { mti, ..MessageFilter::default() }
        };
        match dice.range(n, 37, 0, 2) {
            0 => When::Receives { filter: protected(REACHES[party], 38), nth },
            _ => When::Sends { filter: protected(SENDS[party], 36), nth },
        }
    }
}

/// What terminals, the acquirer and the issuer send.
const SENDS: [&[Mti]; 3] = [
    &[Mti::M0200, Mti::M0400, Mti::M0220, Mti::M0800],
    &[Mti::M0210, Mti::M0410, Mti::M0230, Mti::M0200, Mti::M0420, Mti::M0220],
    &[Mti::M0210, Mti::M0430, Mti::M0230],
];

/// What reaches terminals, the acquirer and the issuer.
const REACHES: [&[Mti]; 3] = [
    &[Mti::M0210, Mti::M0410, Mti::M0230, Mti::M0810],
    &[Mti::M0200, Mti::M0210, Mti::M0400, Mti::M0220, Mti::M0230, Mti::M0430],
    &[Mti::M0200, Mti::M0420, Mti::M0220],
];

/// Codes that a fault may wait for.
const CODES: [[u8; 2]; 6] = [*b"00", *b"51", *b"98", *b"25", *b"96", *b"12"];

fn slow(dice: Dice, n: u64, least: u64) -> Latency {
    match dice.range(n, 20, 0, 2) {
        0 => Latency::Fixed { ms: dice.range(n, 21, least, 30_000) },
        1 => Latency::Exponential { min_ms: least, half_ms: dice.range(n, 21, 100, 10_000) },
        _ => Latency::HeavyTail { min_ms: least, scale_ms: 200, max_ms: 100_000 },
    }
}
