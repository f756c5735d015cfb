//! I8, hold-bound. What is held is what the live pre-authorisations set apart: while one is live, its whole
//! hold stands; nothing is released early; a hold whose time is over counts in no decision; and at
//! quiescence an account's holds are those of the pre-authorisations that terminals hold as approved and
//! neither voided nor completed. Which completes or voids which is read off the cashiers' slips; when a hold
//! expires is what the issuer said when it granted it.

use super::blame::blame;
use super::book::{Book, EventKey, Standing, TerminalTxn};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{Fault, FaultKind, LONGEST_SYNC_MS, Place, Plan};
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{ReleasedBy, TxnKey};
use cardstorm_models::time::Wall;
use cardstorm_models::wire::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A hold as the issuer stated it.
#[derive(Clone, Copy)]
struct Hold {
    account: u32,
    amount: Fen,
    until: Wall,
    stands: bool,
    over: Option<ReleasedBy>,
}

pub(super) struct Check {
    findings: Findings,
    /// Whether a fault touches the issuer's clock: then nobody outside can tell what it read.
    clock_set: bool,
    holds: BTreeMap<Rrn, Hold>,
    /// When the issuer's host stood still, in true milliseconds.
    stood_still: Vec<Range<u64>>,
}

impl Check {
    pub fn new(plan: &Plan) -> Check {
        let set = |fault: &Fault| fault.what.sets_clock() && fault.at == Place::Issuer;
        let clock_set = plan.faults.iter().any(set);
        let (findings, holds, stood_still) = Default::default();
        Check { findings, clock_set, holds, stood_still }
    }

    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Said { said } => self.said(event, book, said),
            What::Fault { fault } => {
                let fault =
                    usize::try_from(fault).ok().and_then(|fault| book.plan.faults.get(fault));
                if let Some(&Fault {
                    at: Place::Issuer, what: FaultKind::Pause { for_ms }, ..
                }) = fault
                {
                    self.stood_still.push(event.at_ms..event.at_ms.saturating_add(for_ms));
                }
            }
            _ => {}
        }
    }

    fn said(&mut self, event: &Event, book: &Book, said: Observation) {
        match said {
            Observation::Held { rrn, account, amount, until } => {
                self.findings.checked();
                let (stands, over) = (true, None);
                self.holds.insert(rrn, Hold { account, amount, until, stands, over });
                self.covers(event, book, rrn, amount);
            }
            Observation::Released { rrn, why, .. } => {
                self.findings.checked();
                let Some(hold) = self.holds.get_mut(&rrn) else { return };
                (hold.stands, hold.over) = (false, Some(why));
                let hold = *hold;
                if why == ReleasedBy::Expiry && !self.clock_set && wall(book, event) < hold.until {
                    let expected = Remark::HeldUntilItsTime { amount: hold.amount, rrn };
                    let observed = Remark::HoldReleased;
                    self.offence(event.key(), book, rrn, hold.amount, expected, observed);
                }
            }
            Observation::Decided { account: Some(account), .. } => {
                self.counts(event, book, account);
            }
            _ => {}
        }
    }

    /// What is set apart is what the contract with the cardholder says.
    fn covers(&mut self, event: &Event, book: &Book, rrn: Rrn, amount: Fen) {
        let key = book.hosts.get(&rrn).and_then(|host| host.key);
        let Some(txn) = key.and_then(|key| book.txns.get(&key)) else { return };
        let due = txn.amount.percent(book.plan.world.issuer.hold_percent);
        if amount != due {
            let expected = Remark::HeldOnRrn { amount: due, rrn };
            let observed = Remark::AnotherAmountHeld;
            self.offence(event.key(), book, rrn, due - amount, expected, observed);
        }
    }

    /// The earliest at which what is said now can have been decided: a sync may lie between, and the host may
    /// have stood still before its record or in the middle of its sync.
    fn decided_ms(&self, said_ms: u64) -> u64 {
        let earliest = said_ms.saturating_sub(LONGEST_SYNC_MS);
        self.stood_still.iter().rev().fold(earliest, |earliest, still| {
            let still_ms = still.end.min(said_ms).saturating_sub(still.start);
            if still.end >= earliest { earliest.saturating_sub(still_ms) } else { earliest }
        })
    }

    /// Nothing whose time is over stands in the way of a decision.
    fn counts(&mut self, event: &Event, book: &Book, account: u32) {
        if self.clock_set {
            return;
        }
        let ago_ms = event.at_ms - self.decided_ms(event.at_ms);
        let now = Wall(wall(book, event).0.saturating_sub_unsigned(ago_ms));
        let over = |hold: &Hold| hold.stands && hold.account == account && hold.until <= now;
        let found = self.holds.iter().find(|(_, hold)| over(hold));
        let Some((rrn, hold)) = found.map(|(rrn, hold)| (*rrn, *hold)) else { return };
        let expected = Remark::HoldReleasedInTime { amount: hold.amount, rrn };
        self.offence(event.key(), book, rrn, hold.amount, expected, Remark::HoldStands);
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        let spent = Spent::new(book);
        // The default is that the hold returns with its completion's void.
        let returns = book.plan.world.issuer.completion_voided == Default::default();
        let all: Vec<_> = book.txns.iter().filter(|(_, txn)| txn.kind == Kind::PreAuth).collect();
        let mut offences = Vec::new();
        for (key, txn) in all {
            let rrns: Vec<Rrn> = txn.rrns.iter().collect();
            let holds = rrns.iter().filter_map(|rrn| self.holds.get(rrn));
            let expired = holds.clone().any(|hold| hold.over == Some(ReleasedBy::Expiry));
            let held: Fen = holds.filter(|hold| hold.stands).map(|hold| hold.amount).sum();
            let live =
                txn.standing == Standing::Approved && !expired && spent.is_live(key, returns);
            let due = if live {
                txn.approved.percent(book.plan.world.issuer.hold_percent)
            } else {
                Fen::ZERO
            };
            if txn.standing == Standing::Approved {
                self.findings.checked();
            }
            if held != due && !rrns.is_empty() {
                let expected = Remark::HeldForPreAuth {
                    amount: due,
                    terminal: key.terminal,
                    stan: key.stan,
                    live,
                };
                let (observed, first) = (Remark::AmountHeld { held }, txn.first);
                let blamed = self.blamed(book, key, txn);
                let key = Some(*key);
                offences
                    .push((held - due, Offence { expected, observed, first, blamed, key, rrns }));
            }
        }
        for (at_risk, offence) in offences {
            self.findings.offence(at_risk, offence.first, || offence);
        }
        self.findings.verdict(Invariant::HoldBound, Remark::NothingPreAuthorised)
    }

    /// Whose rule it was that a hold does not follow its pre-authorisation: one request that was executed
    /// twice is the acquirer's; what used the hold up, or gave it back, is judged by itself where terminal
    /// and issuer hold different things of it; else it is the pre-authorisation that they differ about.
    fn blamed(&self, book: &Book, key: &TxnKey, txn: &TerminalTxn) -> Place {
        let stands = |rrn: &Rrn| self.holds.get(rrn).is_some_and(|hold| hold.stands);
        if txn.rrns.iter().filter(stands).count() > 1 {
            return Place::Acquirer;
        }
        let op = txn.op.map(|op| op.op);
        let users = book.txns.iter().filter(|(_, user)| op.is_some() && uses(book, user) == op);
        let parted = users.filter_map(|(key, user)| parted_by(book, key, user));
        parted.min().unwrap_or_else(|| blame(book, key, txn))
    }

    fn offence(
        &mut self,
        first: EventKey,
        book: &Book,
        rrn: Rrn,
        at_risk: Fen,
        expected: Remark,
        observed: Remark,
    ) {
        self.findings.offence(at_risk, first, || Offence {
            expected,
            observed,
            first,
            blamed: Place::Issuer,
            key: book.hosts.get(&rrn).and_then(|host| host.key),
            rrns: vec![rrn],
        });
    }
}

/// The pre-authorisation that something is about: the one whose slip it names, or that of its completion.
fn uses(book: &Book, txn: &TerminalTxn) -> Option<u32> {
    let named = |txn: &TerminalTxn| book.ops.get(&txn.op?)?.asked.of_op();
    match txn.kind {
        Kind::PreAuthVoid | Kind::Completion | Kind::CompletionAdvice => named(txn),
        Kind::CompletionVoid => book.plan.ops.get(named(txn)? as usize)?.task.of(),
        Kind::PreAuth
        | Kind::Sale
        | Kind::Void
        | Kind::Refund
        | Kind::Balance
        | Kind::Status
        | Kind::QrSale => None,
    }
}

/// Who let terminal and issuer part over a transaction; nobody where they agree.
fn parted_by(book: &Book, key: &TxnKey, txn: &TerminalTxn) -> Option<Place> {
    let hosts = || txn.rrns.iter().filter_map(|rrn| book.hosts.get(&rrn));
    let granted = hosts().any(|host| {
        !host.undone && host.decided.is_some_and(|(code, ..)| code.approves_sale(false))
    });
    let said = hosts().any(|host| host.answered.is_some_and(|(code, _)| code.approves_sale(false)));
    match (txn.standing == Standing::Approved, granted) {
        (true, true) | (false, false) => None,
        (true, false) if said => Some(Place::Acquirer),
        (true, false) => Some(Place::Terminal(book.plan.terminal_by_id(key.terminal).unwrap_or(0))),
        (false, true) => Some(blame(book, key, txn)),
    }
}

/// What the issuer's clock shows where nobody has set it.
fn wall(book: &Book, event: &Event) -> Wall {
    Wall(book.plan.start.0.saturating_add_unsigned(event.at_ms))
}

/// The pre-authorisations whose slips were used, by operation.
struct Spent {
    /// The operation of each pre-authorisation with a slip.
    ops: BTreeMap<TxnKey, u32>,
    voided: BTreeSet<u32>,
    completed: BTreeSet<u32>,
    /// Of those, the ones whose completion was voided.
    taken_back: BTreeSet<u32>,
}

impl Spent {
    fn new(book: &Book) -> Spent {
        let mut spent = Spent {
            ops: BTreeMap::new(),
            voided: BTreeSet::new(),
            completed: BTreeSet::new(),
            taken_back: BTreeSet::new(),
        };
        let approved = book.txns.iter().filter(|(_, txn)| txn.standing == Standing::Approved);
        let of = |txn: &TerminalTxn| book.ops.get(&txn.op?)?.asked.of_op();
        for (key, txn) in approved {
            match txn.kind {
                Kind::PreAuth => {
                    spent.ops.extend(txn.op.map(|op| (*key, op.op)));
                }
                Kind::PreAuthVoid => spent.voided.extend(of(txn)),
                Kind::Completion | Kind::CompletionAdvice => spent.completed.extend(of(txn)),
                Kind::CompletionVoid => {
                    let task = of(txn).and_then(|op| book.plan.ops.get(op as usize));
                    spent.taken_back.extend(task.and_then(|op| op.task.of()));
                }
                Kind::Sale
                | Kind::Void
                | Kind::Refund
                | Kind::Balance
                | Kind::Status
                | Kind::QrSale => {}
            }
        }
        spent
    }

    /// Whether nothing has used a pre-authorisation up, or gave back what did.
    fn is_live(&self, key: &TxnKey, returns: bool) -> bool {
        let Some(op) = self.ops.get(key) else { return true };
        let completed = self.completed.contains(op);
        let given_back = returns && self.taken_back.contains(op);
        !self.voided.contains(op) && (!completed || given_back)
    }
}
