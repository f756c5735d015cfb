//! The trace: one line per event in fixed columns (step, simulated time, route, what), the witness marked,
//! quiet stretches folded. No card data, no wall time, no path: the same plan gives the same text.

use crate::check::Subjects;
use crate::check::book::key_of;
use crate::history::{Asked, Event, Loss, Phase, What};
use crate::plan::{Death, NodeId, Place, Plan};
use crate::scenario::Names;
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::party::observe::{Text, TxnKey};
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::Kind;
use std::fmt::Write as _;

/// The language of what screens say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// A screen's words.
    pub fn words(self, text: Text) -> String {
        match self {
            Lang::En => text.english(),
            Lang::Zh => text.chinese(),
        }
    }
}

/// What a trace shows.
pub struct Trace<'a> {
    /// The plan that was run.
    pub plan: &'a Plan,
    /// What its things are called.
    pub names: &'a Names,
    /// The language of screens.
    pub lang: Lang,
    /// What the finding is about; its events are marked, and with `fold` only they, the faults and the
    /// phases are shown.
    pub subjects: Option<&'a Subjects>,
    /// Whether quiet stretches are folded.
    pub fold: bool,
}

impl Trace<'_> {
    /// The whole text, one line per event.
    pub fn render(&self, events: &[Event]) -> String {
        let mut text = String::from("  step        time  route                    event\n");
        let mut folded = 0u32;
        for (step, event) in (1u32..).zip(events) {
            let witness = self.subjects.is_some_and(|subjects| touches(event, subjects));
            if self.fold && !witness && !self.landmark(event) {
                folded += 1;
                continue;
            }
            flush(&mut text, &mut folded);
            let mark = if witness { '>' } else { ' ' };
            let (route, what) = self.line(event);
            let line = format!("{mark}{step:>5}  {}  {route:<23}  {what}", time(event.at_ms));
            let _ = writeln!(text, "{}", line.trim_end());
        }
        flush(&mut text, &mut folded);
        text
    }

    /// Events that give a folded trace its shape.
    fn landmark(&self, event: &Event) -> bool {
        matches!(
            event.what,
            What::Fault { .. }
                | What::Phase { .. }
                | What::Crashed { .. }
                | What::SyncFailed
                | What::Leak { .. }
                | What::Said { said: Observation::House(_) }
        )
    }

    fn place(&self, node: NodeId) -> &str {
        match self.plan.place(node) {
            Place::Terminal(n) => self.names.terminal(n),
            Place::Acquirer => "acquirer",
            Place::Issuer => "issuer",
        }
    }

    fn line(&self, event: &Event) -> (String, String) {
        let here = self.place(event.node);
        let alone = here.to_owned();
        match &event.what {
            What::Phase { phase } => {
                let words = match phase {
                    Phase::Chaos => "-- chaos: faults may strike",
                    Phase::Drain => "-- heal and drain: faults have ended, everything is up",
                    Phase::Reads => "-- final reads",
                };
                (String::new(), words.to_owned())
            }
            What::OpBegins { op, asked, amount } => {
                let name = self.names.op(op.op);
                let again = if op.attempt > 0 { format!(", try {}", op.attempt + 1) } else { String::new() };
                let words = match asked {
                    Asked::Sale { card, .. } => {
                        let card = self.names.cards.get(*card as usize).map_or("?", String::as_str);
                        format!("cashier: sale {name} of {amount}, card {card}{again}")
                    }
                    Asked::Refund { of } => {
                        format!("cashier: refund {name} of {amount} on {}{again}", self.names.op(*of))
                    }
                };
                (alone, words)
            }
            What::OpSkipped { op } => {
                (alone, format!("cashier: {} has no slip to go by", self.names.op(op.op)))
            }
            What::Sent { to, copy, due_ms, message, .. } => {
                let twice = if *copy > 0 { "  (second copy)" } else { "" };
                let fate = match due_ms {
                    Some(due) => format!("  {} ms", due - event.at_ms),
                    None => String::new(),
                };
                (format!("{here} -> {}", self.place(*to)), format!("{}{fate}{twice}", message_text(message)))
            }
            What::Received { from, message, .. } => {
                (format!("{} >| {here}", self.place(*from)), message_text(message))
            }
            What::Lost { peer, why, message } => {
                let why = match why {
                    Loss::Dropped => "lost",
                    Loss::Cut => "lost in a cut",
                    Loss::HostDown => "lost: nobody is up there",
                    Loss::NoConnection => "lost: its connection is gone",
                };
                (format!("{here} x  {}", self.place(*peer)), format!("{} {why}", message_text(message)))
            }
            What::Connected { peer, .. } => (alone, format!("connected with {}", self.place(*peer))),
            What::Disconnected { peer, .. } => {
                (alone, format!("connection with {} gone", self.place(*peer)))
            }
            What::Said { said } => (alone, self.said(said)),
            What::Crashed { death, lost_bytes } => {
                let how = match death {
                    Death::Kill => "process killed",
                    Death::PowerLoss => "power lost",
                };
                (alone, format!("!! {how}, {lost_bytes} unsynced bytes gone"))
            }
            What::Booted { records } => (alone, format!("boots, {records} records in the journal")),
            What::SyncFailed => (alone, "!! sync failed".into()),
            What::Fault { fault } => {
                let what = self.plan.faults.get(*fault as usize).map_or("?", |fault| fault.what.name());
                (alone, format!("!! fault {}: {what}", fault + 1))
            }
            What::Balance { account, balance } => {
                (alone, format!("{} {balance}", self.account(*account)))
            }
            What::Scanned { bytes } => (alone, format!("{bytes} journal bytes searched for secrets")),
            What::Leak { secret } => (alone, format!("!! secret {secret} stands in the journal")),
        }
    }

    fn account(&self, account: Account) -> String {
        let name = |names: &[String], n: u32| names.get(n as usize).cloned().unwrap_or_default();
        match account {
            Account::Cardholder(n) => format!("account {}", name(&self.names.accounts, n)),
            Account::MerchantUnsettled(n) => format!("unsettled {}", name(&self.names.merchants, n)),
            Account::MerchantPaid(n) => format!("paid out {}", name(&self.names.merchants, n)),
            Account::Interbank => "interbank".into(),
            Account::ReturnedRefunds => "returned refunds".into(),
            Account::Outside => "outside".into(),
        }
    }

    fn posting(&self, posting: &Posting) -> String {
        let why = match posting.cause {
            Cause::Sale => "sale",
            Cause::SaleReversal => "sale reversal",
            Cause::Refund => "refund",
            Cause::TopUp => "top-up",
            Cause::Sweep => "sweep",
        };
        let [from, to] = posting.legs.map(|leg| self.account(leg.account));
        let rrn = posting.txn.map(|rrn| format!("  RRN {rrn}")).unwrap_or_default();
        format!("posts {why} {}: {from} -> {to}{rrn}", posting.legs[1].amount)
    }

    fn said(&self, said: &Observation) -> String {
        match *said {
            Observation::SalePending { key, amount, .. } => {
                format!("journal: sale {amount} pending  STAN {}", key.stan)
            }
            Observation::Approved { key, amount, .. } => {
                format!("journal: approved {amount}  STAN {}", key.stan)
            }
            Observation::Declined { key, code, .. } => {
                format!("journal: declined {code}  STAN {}", key.stan)
            }
            Observation::Undone { key, code, .. } => {
                format!("journal: reversed ({code})  STAN {}", key.stan)
            }
            Observation::Abandoned { key, .. } => {
                format!("journal: reversal given up  STAN {}", key.stan)
            }
            Observation::RefundPending { key, amount, original, .. } => {
                format!("journal: refund {amount} of RRN {original} pending  STAN {}", key.stan)
            }
            Observation::RefundAccepted { key, amount, .. } => {
                format!("journal: refund {amount} accepted  STAN {}", key.stan)
            }
            Observation::RefundRefused { key, code, .. } => {
                format!("journal: refund refused {code}  STAN {}", key.stan)
            }
            Observation::Announced { key, .. } => format!("journal: announced  STAN {}", key.stan),
            Observation::SignedOn { batch, .. } => format!("signed on, batch {batch}"),
            Observation::Screen { code, text, .. } => {
                let words = self.lang.words(text);
                match code {
                    Some(code) => format!("screen: [{code}] {words}"),
                    None => format!("screen: {words}"),
                }
            }
            Observation::Slip { kind, amount, rrn, reprint, .. } => {
                let kind = kind_name(kind);
                let again = if reprint { " (reprint)" } else { "" };
                format!("slip: {kind} {amount}  RRN {rrn}{again}")
            }
            Observation::Ended { op, outcome } => {
                let outcome = crate::examine::outcome_name(outcome);
                format!("cashier: {} ends {outcome}", self.names.op(op.op))
            }
            Observation::Dropped { why, message } => {
                format!("drops {} ({why:?})", message_text(&message))
            }
            Observation::ReversalRefused { code, .. } => {
                format!("0410 {code} ends nothing: the reversal stays")
            }
            Observation::Taken { rrn, kind, amount, .. } => {
                format!("journal: {} {amount} taken  RRN {rrn}", kind_name(kind))
            }
            Observation::Answered { rrn, code, decider } => {
                format!("journal: answer {code} ({decider:?})  RRN {rrn}")
            }
            Observation::Undoing { rrn, .. } => format!("journal: owns the undoing  RRN {rrn}"),
            Observation::Queued { rrn } => format!("journal: advice queued  RRN {rrn}"),
            Observation::Delivered { rrn, code } => {
                format!("journal: advice acknowledged ({code})  RRN {rrn}")
            }
            Observation::AdviceDropped { rrn } => format!("journal: advice dropped  RRN {rrn}"),
            Observation::Tombstone { key } => format!("journal: tombstone  STAN {}", key.stan),
            Observation::Decided { rrn, code, reason, .. } => {
                format!("decides {code} ({reason:?})  RRN {rrn}")
            }
            Observation::Posted(posting) => self.posting(&posting),
            Observation::House(op) => format!("house: {op:?}"),
            Observation::Alarm { key, what } => format!("alarm: {what:?}  STAN {}", key.stan),
        }
    }
}

fn flush(text: &mut String, folded: &mut u32) {
    if *folded > 0 {
        let _ = writeln!(text, "        ...  {folded} quiet events");
        *folded = 0;
    }
}

/// `+hh:mm:ss.mmm` since the beginning.
fn time(ms: u64) -> String {
    let (hours, minutes, seconds) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}.{:03}", ms % 1000)
    } else {
        format!("{minutes:>4}:{seconds:02}.{:03}", ms % 1000)
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sale => "sale",
        Kind::Refund => "refund",
    }
}

fn message_text(message: &Summary) -> String {
    let mut text = message.mti.as_str().to_owned();
    if let Some(kind) = message.kind {
        let _ = write!(text, " {} {}", kind_name(kind), message.amount);
    }
    let _ = write!(text, "  STAN {}", message.stan);
    if let Some(rrn) = message.rrn.filter(|rrn| rrn.0 != 0) {
        let _ = write!(text, "  RRN {rrn}");
    }
    if let Some(code) = message.code {
        let _ = write!(text, "  [{code}]");
    }
    text
}

/// Whether an event concerns any of these.
pub fn touches(event: &Event, subjects: &Subjects) -> bool {
    let key = |key: TxnKey| subjects.keys.contains(&key);
    let rrn = |rrn: Rrn| subjects.rrns.contains(&rrn);
    match &event.what {
        What::Sent { message, .. } | What::Received { message, .. } | What::Lost { message, .. } => {
            key(key_of(message)) || (message.kind.is_some() && message.rrn.is_some_and(rrn))
        }
        What::Said { said } => match *said {
            Observation::SalePending { key: of, .. }
            | Observation::Approved { key: of, .. }
            | Observation::Declined { key: of, .. }
            | Observation::Undone { key: of, .. }
            | Observation::Abandoned { key: of, .. }
            | Observation::RefundPending { key: of, .. }
            | Observation::RefundAccepted { key: of, .. }
            | Observation::RefundRefused { key: of, .. }
            | Observation::Announced { key: of, .. }
            | Observation::Slip { key: of, .. }
            | Observation::ReversalRefused { key: of, .. }
            | Observation::Tombstone { key: of }
            | Observation::Alarm { key: of, .. } => key(of),
            Observation::Screen { key: of, .. } => of.is_some_and(key),
            Observation::Taken { key: of, rrn: number, .. } => key(of) || rrn(number),
            Observation::Answered { rrn: of, .. }
            | Observation::Undoing { rrn: of, .. }
            | Observation::Queued { rrn: of }
            | Observation::Delivered { rrn: of, .. }
            | Observation::AdviceDropped { rrn: of }
            | Observation::Decided { rrn: of, .. } => rrn(of),
            Observation::Posted(posting) => {
                posting.txn.is_some_and(rrn) || posting.chain.is_some_and(rrn)
            }
            Observation::Dropped { message, .. } => key(key_of(&message)),
            Observation::SignedOn { .. } | Observation::Ended { .. } | Observation::House(_) => false,
        },
        What::Leak { .. } => true,
        _ => false,
    }
}
