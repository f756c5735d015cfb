//! The cashier at one terminal: reacts to what the screen shows, by a policy. Sans-IO like the parties; a
//! person, so a terminal's power cut does not reset them.

use crate::history::{Asked, SERVICE_CODE, What};
use crate::plan::{Entry, NodeId, PROBE_AMOUNT, Place, Plan, Start, Task};
use cardstorm_models::money::Fen;
use cardstorm_models::party::issuer::CardConfig;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::{Observation, OpRef, SlipData, TerminalOp};
use cardstorm_models::wire::Purpose;
use cardstorm_models::wire::card::{CardData, Track2};
use cardstorm_models::wire::pin::Pin;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// A cashier.
pub struct Cashier {
    plan: Arc<Plan>,
    terminal: u16,
    /// What begins when, soonest first; what began before goes first among equals.
    agenda: BTreeSet<(u64, OpRef)>,
    /// Planned beginnings, latest first, so that the next is popped.
    planned: Vec<(u64, u32)>,
    queue: VecDeque<OpRef>,
    current: Option<OpRef>,
    /// What the last slip out of the printer was about.
    last_slip: Option<OpRef>,
    /// Slips that some operation will need.
    slips: BTreeMap<u32, SlipData>,
    /// What was asked for by operations of which only a part may be approved, in fen.
    asked: BTreeMap<u32, Fen>,
    /// Which slips some operation needs, and where: at which terminals, and at which desks.
    wanted_slips: BTreeMap<u32, BTreeSet<NodeId>>,
    /// What follows the ending of an operation.
    followers: BTreeMap<u32, Vec<u32>>,
    /// Endings already followed.
    followed: BTreeSet<(u32, u32)>,
}

/// Further tries of a probe.
const PROBE_RETRIES: u8 = 2;
/// Milliseconds before each.
const PROBE_RETRY_MS: u64 = 5_000;

/// A slip that somebody takes to another terminal, or to a desk.
pub struct Walk {
    /// Whose operation.
    pub op: OpRef,
    /// What stands on it.
    pub slip: SlipData,
    /// Where to.
    pub to: NodeId,
}

impl Cashier {
    /// The cashier of a terminal, with that terminal's part of the plan.
    pub fn new(plan: Arc<Plan>, terminal: u16) -> Cashier {
        let mut planned = vec![(plan.probe_ms(), plan.probe_op(terminal))];
        let mut followers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut wanted_slips: BTreeMap<u32, BTreeSet<NodeId>> = BTreeMap::new();
        for (n, op) in (0u32..).zip(&plan.ops) {
            if let Some(of) = op.task.of() {
                let place = op.task.desk().unwrap_or(Place::Terminal(op.terminal));
                wanted_slips.entry(of).or_default().insert(plan.node(place));
            }
            if op.terminal != terminal || op.task.desk().is_some() {
                continue;
            }
            match op.start {
                Start::At { ms } => planned.push((ms, n)),
                Start::After { op: other, .. } => followers.entry(other).or_default().push(n),
            }
        }
        planned.sort_unstable_by(|a, b| b.cmp(a));
        Cashier {
            plan,
            terminal,
            agenda: BTreeSet::new(),
            planned,
            queue: VecDeque::new(),
            current: None,
            last_slip: None,
            slips: BTreeMap::new(),
            asked: BTreeMap::new(),
            wanted_slips,
            followers,
            followed: BTreeSet::new(),
        }
    }

    /// When the cashier next does something by themselves.
    pub fn next_due_ms(&self) -> Option<u64> {
        let planned = self.planned.last().map_or(u64::MAX, |(ms, _)| *ms);
        let agenda = self.agenda.first().map_or(u64::MAX, |(ms, _)| *ms);
        let due = planned.min(agenda);
        (due != u64::MAX).then_some(due)
    }

    /// Moves what is due into the queue.
    pub fn look_at_clock(&mut self, now_ms: u64) {
        while let Some((ms, op)) = self.planned.pop_if(|(ms, _)| *ms <= now_ms) {
            let _ = ms;
            self.queue.push_back(OpRef { op, attempt: 0 });
        }
        while let Some(&(ms, op)) = self.agenda.first().filter(|(ms, _)| *ms <= now_ms) {
            self.agenda.remove(&(ms, op));
            self.queue.push_back(op);
        }
    }

    /// The next operation to begin, where none is under way: what to tell the history, and what to ask
    /// of the terminal, if it can be asked at all.
    pub fn next(&mut self) -> Option<(What, Option<TerminalOp>)> {
        if self.current.is_some() {
            return None;
        }
        let op = self.queue.pop_front()?;
        let plan = Arc::clone(&self.plan);
        let cards = &plan.world.issuer.cards;
        let terminal = self.terminal;
        if op.op == self.plan.probe_op(terminal) {
            let card = &cards[plan.world.probe_card as usize];
            let intent = u32::MAX - u32::from(terminal);
            return Some(self.begin(op, intent, PROBE_AMOUNT, card, None, Entry::Chip));
        }
        match plan.ops[op.op as usize].task {
            Task::Sale { intent, amount, card, pin, entry } => {
                let card = &cards[card as usize];
                self.asked.insert(op.op, amount);
                Some(self.begin(op, intent, amount, card, pin, entry))
            }
            Task::Rest { of, intent, card, pin, entry } => {
                let Some(amount) = self.unpaid(of) else {
                    return Some((What::OpSkipped { op }, None));
                };
                self.asked.insert(op.op, amount);
                self.current = Some(op);
                let asked = Asked::Rest { intent, of, card };
                let card = read_card(&cards[card as usize], entry);
                let ask = TerminalOp::Sale { op, intent, amount, card, pin };
                Some((What::OpBegins { op, asked, amount }, Some(ask)))
            }
            Task::PreAuth { amount, card, pin } => {
                self.current = Some(op);
                let asked = Asked::PreAuth { card };
                let card = read_card(&cards[card as usize], Entry::Chip);
                let ask = TerminalOp::PreAuth { op, amount, card, pin };
                Some((What::OpBegins { op, asked, amount }, Some(ask)))
            }
            Task::Balance { card, pin } => {
                let data = read_card(&cards[card as usize], Entry::Chip);
                let ask = TerminalOp::Balance { op, card: data, pin };
                Some(self.asks(op, Asked::Balance { card }, ask))
            }
            Task::Completion { of, intent, amount, card } => {
                let Some(&original) = self.slips.get(&of) else {
                    return Some((What::OpSkipped { op }, None));
                };
                self.current = Some(op);
                let asked = Asked::Completion { intent, of, card };
                let card = read_card(&cards[card as usize], Entry::Chip);
                let ask = TerminalOp::Completion { op, intent, original, amount, card };
                Some((What::OpBegins { op, asked, amount }, Some(ask)))
            }
            Task::Void { of, amount: keyed, card } => {
                let Some(&original) = self.slips.get(&of) else {
                    return Some((What::OpSkipped { op }, None));
                };
                self.current = Some(op);
                let amount = keyed.unwrap_or(original.amount);
                let asked = Asked::Void { of, card };
                let card = read_card(&cards[card as usize], Entry::Chip);
                let kind = plan.void_of(of);
                let ask = TerminalOp::Void { op, kind, original, amount, card };
                Some((What::OpBegins { op, asked, amount }, Some(ask)))
            }
            Task::Refund { of, amount, card } => {
                let Some(slip) = self.slips.get(&of) else {
                    return Some((What::OpSkipped { op }, None));
                };
                let (original_rrn, original_date) = (slip.rrn, slip.date);
                self.current = Some(op);
                let card = read_card(&cards[card as usize], Entry::Chip);
                let asked = Asked::Refund { of };
                let ask = TerminalOp::Refund { op, amount, original_rrn, original_date, card };
                Some((What::OpBegins { op, asked, amount }, Some(ask)))
            }
            Task::PortalRefund { .. } | Task::Dispute { .. } => {
                unreachable!("no cashier is asked at a desk")
            }
            Task::Settle => Some(self.asks(op, Asked::Settle, TerminalOp::Settle { op })),
            Task::Echo => {
                let ask = TerminalOp::Manage { op, purpose: Purpose::Echo };
                Some(self.asks(op, Asked::Echo, ask))
            }
            Task::SignOff => {
                let ask = TerminalOp::Manage { op, purpose: Purpose::SignOff };
                Some(self.asks(op, Asked::SignOff, ask))
            }
        }
    }

    /// What an approval of a part left to pay, by its slip; nothing where there is none, or nothing is left.
    fn unpaid(&self, of: u32) -> Option<Fen> {
        let rest = *self.asked.get(&of)? - self.slips.get(&of)?.amount;
        (rest > Fen::ZERO).then_some(rest)
    }

    /// Begins what is about no amount.
    fn asks(&mut self, op: OpRef, asked: Asked, ask: TerminalOp) -> (What, Option<TerminalOp>) {
        self.current = Some(op);
        (What::OpBegins { op, asked, amount: Fen::ZERO }, Some(ask))
    }

    fn begin(
        &mut self,
        op: OpRef,
        intent: u32,
        amount: Fen,
        card: &CardConfig,
        pin: Option<Pin>,
        entry: Entry,
    ) -> (What, Option<TerminalOp>) {
        self.current = Some(op);
        let card_number = match self.plan.ops.get(op.op as usize).map(|op| &op.task) {
            Some(Task::Sale { card, .. }) => *card,
            _ => self.plan.world.probe_card,
        };
        let asked = Asked::Sale { intent, card: card_number };
        let card = read_card(card, entry);
        let ask = TerminalOp::Sale { op, intent, amount, card, pin };
        (What::OpBegins { op, asked, amount }, Some(ask))
    }

    /// The operation that has begun and not yet ended.
    pub fn current(&self) -> Option<OpRef> {
        self.current
    }

    /// Takes in what screen and printer say. Hands back a slip that must go to another terminal.
    pub fn sees(&mut self, now_ms: u64, seen: &Observation) -> Vec<Walk> {
        match *seen {
            Observation::Ended { op, outcome } => {
                self.ended(now_ms, op, outcome);
                Vec::new()
            }
            Observation::Slip { op, .. } => {
                self.has_slip(op);
                if !self.wanted_slips.contains_key(&op.op) {
                    return Vec::new();
                }
                let slip = seen.slip_data().expect("it is a slip");
                self.slips.insert(op.op, slip);
                self.walks(op, slip)
            }
            _ => Vec::new(),
        }
    }

    /// Whoever wanted to key a sale again for want of its slip does not, once that is there.
    fn has_slip(&mut self, op: OpRef) {
        self.last_slip = Some(op);
        let again = OpRef { attempt: op.attempt + 1, ..op };
        self.agenda.retain(|(_, waiting)| *waiting != again);
        self.queue.retain(|waiting| *waiting != again);
    }

    /// A customer came over with a slip of another terminal.
    pub fn slip_arrives(&mut self, op: OpRef, slip: SlipData) {
        self.slips.insert(op.op, slip);
    }

    fn walks(&self, op: OpRef, slip: SlipData) -> Vec<Walk> {
        let places = self.wanted_slips.get(&op.op).into_iter().flatten();
        let others = places.copied().filter(|to| *to != NodeId(self.terminal));
        others.map(|to| Walk { op, slip, to }).collect()
    }

    fn ended(&mut self, now_ms: u64, op: OpRef, outcome: Outcome) {
        if self.current == Some(op) {
            self.current = None;
            self.retry(now_ms, op, outcome);
        }
        for follower in self.followers.get(&op.op).into_iter().flatten() {
            let Start::After { outcome: wanted, delay_ms, .. } =
                self.plan.ops[*follower as usize].start
            else {
                continue;
            };
            let fits = wanted.is_none_or(|wanted| wanted == outcome);
            if fits && self.followed.insert((op.op, *follower)) {
                self.agenda.insert((now_ms + delay_ms, OpRef { op: *follower, attempt: 0 }));
            }
        }
    }

    /// A retry is a new transaction for the same purchase (flows 7). Refunds are never retried: the
    /// terminal repeats them itself (soundness 14).
    fn retry(&mut self, now_ms: u64, op: OpRef, outcome: Outcome) {
        let policy = self.plan.operator;
        let limit = match outcome {
            // The slip is printed before the operation ends; none by then is none.
            Outcome::Ok if self.last_slip == Some(op) => 0,
            Outcome::Ok => policy.retries_after_no_slip,
            Outcome::Failed => policy.retries_after_failure,
            Outcome::InDoubt => policy.retries_after_doubt,
        };
        if op.op == self.plan.probe_op(self.terminal) {
            // The line may have died unnoticed while nothing was sent: the probe may try again.
            if outcome != Outcome::Ok && op.attempt < PROBE_RETRIES {
                let again = OpRef { attempt: op.attempt + 1, ..op };
                self.agenda.insert((now_ms + PROBE_RETRY_MS, again));
            }
            return;
        }
        let sale = self.plan.ops.get(op.op as usize).is_some_and(|op| op.task.is_sale());
        if sale && op.attempt < limit && now_ms < self.plan.chaos_ms {
            let again = OpRef { attempt: op.attempt + 1, ..op };
            self.agenda.insert((now_ms + policy.retry_delay_ms, again));
        }
    }
}

/// A card as it is read in one of the three ways.
fn read_card(card: &CardConfig, entry: Entry) -> CardData {
    let (pan, expiry) = (card.pan, card.expiry);
    let track2 = Track2::new(pan, expiry, SERVICE_CODE);
    match entry {
        Entry::Chip => CardData::Chip { pan, expiry, sequence: 1, track2 },
        Entry::Magstripe => CardData::Magstripe { track2 },
        Entry::Keyed => CardData::Keyed { pan, expiry },
    }
}
