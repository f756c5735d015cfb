//! I10, totals-agree. A batch is settled with what its terminal holds approved and nothing in doubt; nothing
//! is sold into it meanwhile; it is ended by the message that the comparison, as the terminal heard of it,
//! asks for; and once it is closed, the totals that were sent, the details that were uploaded and what the
//! acquirer has booked are the same. An unbalanced comparison on the way is legal. All of it is rebuilt here,
//! from approvals and from postings.

use super::book::{Book, EventKey};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{Place, Plan};
use cardstorm_models::ids::{Batch, ResponseCode, Rrn, Stan, TerminalId};
use cardstorm_models::ledger::{Direction, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::TxnKey;
use cardstorm_models::party::summary::Says;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Balanced, Kind, Side, Totals};
use std::collections::{BTreeMap, BTreeSet};

/// One batch as both sides have it.
#[derive(Default)]
struct BatchSeen {
    /// What the terminal holds approved.
    approved: BTreeMap<Stan, (Kind, Fen)>,
    /// What may be out and has no end.
    pending: BTreeSet<Stan>,
    /// What the acquirer has booked, by its own numbers, in fen.
    booked: BTreeMap<Rrn, (Stan, Kind, Fen)>,
    /// What an upload brought.
    uploaded: BTreeMap<Stan, (Kind, Fen)>,
    /// What the terminal settles with.
    claimed: Option<Totals>,
    /// What the acquirer found.
    verdict: Option<Balanced>,
    /// What the terminal may have been told of it.
    told: Told,
    closed: bool,
    over: bool,
}

/// The answers to its totals that reached a terminal. An answer without a code of approval tells nothing.
#[derive(Clone, Copy, Default)]
struct Told {
    /// That they are balanced.
    balanced: bool,
    /// That they are not, so that every detail is asked for.
    unbalanced: bool,
    /// An answer came damaged: it may have told either, since no MAC covers a 0510 (flows 4.8, 12).
    damaged: bool,
}

impl Told {
    fn anything(self) -> bool {
        self.balanced || self.unbalanced || self.damaged
    }

    /// Whether an end message fits what was told.
    fn fits(self, balanced: bool) -> bool {
        self.damaged || if balanced { self.balanced } else { self.unbalanced }
    }
}

impl BatchSeen {
    fn booked(&self) -> Vec<(Stan, Kind, Fen)> {
        let counts = |(_, kind, amount): &&(Stan, Kind, Fen)| {
            *amount != Fen::ZERO && kind.side() != Side::None
        };
        let mut booked: Vec<_> = self.booked.values().filter(counts).copied().collect();
        booked.sort_unstable();
        booked
    }
}

fn listed(items: &BTreeMap<Stan, (Kind, Fen)>) -> Vec<(Stan, Kind, Fen)> {
    let counts = items.iter().filter(|(_, (kind, _))| kind.side() != Side::None);
    counts.map(|(stan, (kind, amount))| (*stan, *kind, *amount)).collect()
}

fn totals(items: &[(Stan, Kind, Fen)]) -> Totals {
    let mut totals = Totals::default();
    items.iter().for_each(|(_, kind, amount)| totals.add(*kind, *amount));
    totals
}

/// How far two totals are apart, in fen.
fn apart(one: &Totals, other: &Totals) -> Fen {
    let by = |one: Fen, other: Fen| Fen((one - other).0.abs());
    by(one.debit.amount, other.debit.amount) + by(one.credit.amount, other.credit.amount)
}

/// The first item that only one of two lists has.
fn first_apart(
    one: &[(Stan, Kind, Fen)],
    other: &[(Stan, Kind, Fen)],
) -> Option<(Stan, Kind, Fen)> {
    let odd = one.iter().find(|item| !other.contains(item));
    odd.or_else(|| other.iter().find(|item| !one.contains(item))).copied()
}

pub(super) struct Check {
    findings: Findings,
    /// Whether any batch is settled in this plan; else nothing is kept.
    settles: bool,
    batches: BTreeMap<(TerminalId, Batch), BatchSeen>,
    /// What was booked under a number before it was told whose it is.
    unnamed: BTreeMap<Rrn, Fen>,
}

impl Check {
    pub fn new(plan: &Plan) -> Check {
        let (findings, settles) = (Findings::default(), plan.settles());
        Check { findings, settles, batches: BTreeMap::new(), unnamed: BTreeMap::new() }
    }

    fn batch(&mut self, key: TxnKey) -> &mut BatchSeen {
        self.batches.entry((key.terminal, key.batch)).or_default()
    }

    pub fn event(&mut self, event: &Event, book: &Book) {
        if !self.settles {
            return;
        }
        match event.what {
            What::Said { said } => self.said(event, book, said),
            What::Sent { message, copy: 0, .. } => self.sent(event, book, &message),
            What::Received { message, .. } => self.told(&message, false),
            What::Damaged { message, .. } => self.told(&message, true),
            _ => {}
        }
    }

    fn said(&mut self, event: &Event, book: &Book, said: Observation) {
        match said {
            Observation::RequestPending { key, .. } | Observation::RefundPending { key, .. } => {
                self.pending(event, book, key);
            }
            Observation::Approved { key, amount, .. }
            | Observation::RefundAccepted { key, amount, .. } => {
                let Some(txn) = book.txns.get(&key) else { return };
                let batch = self.batch(key);
                batch.pending.remove(&key.stan);
                batch.approved.insert(key.stan, (txn.kind, amount));
            }
            Observation::Declined { key, .. } | Observation::RefundRefused { key, .. } => {
                self.batch(key).pending.remove(&key.stan);
            }
            Observation::Undone { key, .. } | Observation::Abandoned { key, .. } => {
                let batch = self.batch(key);
                batch.pending.remove(&key.stan);
                batch.approved.remove(&key.stan);
            }
            Observation::Taken { key, rrn, kind, .. } => {
                let booked = self.unnamed.remove(&rrn).unwrap_or_default();
                self.batch(key).booked.entry(rrn).or_insert((key.stan, kind, booked));
            }
            Observation::Posted(posting) if book.at_acquirer(event) => {
                self.posted(event, book, &posting);
            }
            Observation::Settling { key, totals, .. } => self.settling(event, book, key, totals),
            Observation::TotalsCompared { key, own, verdict } => {
                self.compared(event, key, own, verdict);
            }
            Observation::UploadTaken { key, kind, amount } => {
                self.uploaded(event, key, kind, amount);
            }
            Observation::BatchClosed { terminal, batch, balanced, count } => {
                let key = TxnKey { terminal, batch, stan: Stan(0) };
                self.closed(event, book, key, balanced, count);
            }
            Observation::BatchOver { terminal, batch, .. } => {
                self.batch(TxnKey { terminal, batch, stan: Stan(0) }).over = true;
            }
            _ => {}
        }
    }

    fn pending(&mut self, event: &Event, book: &Book, key: TxnKey) {
        let batch = self.batch(key);
        batch.pending.insert(key.stan);
        if batch.claimed.is_some() && !batch.over {
            let amount = book.txns.get(&key).map_or(Fen::ZERO, |txn| txn.amount);
            let expected = Remark::NothingSoldOnceSettled { batch: key.batch };
            let observed = Remark::GoesOutInBatch { stan: key.stan };
            let terminal = book.plan.place(event.node);
            self.offence(event, terminal, amount, Some(key), expected, observed);
        }
    }

    fn posted(&mut self, event: &Event, book: &Book, posting: &Posting) {
        let Some(rrn) = posting.txn else { return };
        let amount = posting.legs[1].amount;
        let (amount, new) = match posting.cause.direction() {
            Direction::Debit | Direction::Credit => (amount, true),
            Direction::DebitUndone | Direction::CreditUndone => (-amount, false),
            Direction::House => return,
        };
        let Some(key) = book.hosts.get(&rrn).and_then(|host| host.key) else {
            *self.unnamed.entry(rrn).or_default() += amount;
            return;
        };
        let batch = self.batch(key);
        if let Some((_, _, booked)) = batch.booked.get_mut(&rrn) {
            *booked += amount;
        }
        if batch.closed && new {
            let expected = Remark::NothingBookedOnceClosed { batch: key.batch };
            let observed = Remark::BookedUnder { amount, rrn };
            self.offence(event, Place::Acquirer, amount, Some(key), expected, observed);
        }
    }

    fn settling(&mut self, event: &Event, book: &Book, key: TxnKey, claimed: Totals) {
        self.findings.checked();
        let terminal = book.plan.place(event.node);
        let batch = self.batch(key);
        batch.claimed = Some(claimed);
        let pending = batch.pending.first().copied();
        let held = totals(&listed(&batch.approved));
        if let Some(stan) = pending {
            let expected = Remark::NothingInDoubtAtSettlement;
            let observed = Remark::HasNoEnd { stan };
            let of = TxnKey { stan, ..key };
            let amount = book.txns.get(&of).map_or(Fen::ZERO, |txn| txn.amount);
            self.offence(event, terminal, amount, Some(of), expected, observed);
        }
        if held != claimed {
            let expected = Remark::TotalsAsHeld { totals: held };
            let observed = Remark::TotalsAre { totals: claimed };
            let risk = apart(&held, &claimed);
            self.offence(event, terminal, risk, Some(key), expected, observed);
        }
    }

    fn compared(&mut self, event: &Event, key: TxnKey, own: Totals, verdict: Balanced) {
        self.findings.checked();
        let batch = self.batch(key);
        batch.verdict = Some(verdict);
        let claimed = batch.claimed.unwrap_or_default();
        if verdict == Balanced::Yes && claimed != own {
            let expected = Remark::UnbalancedForTotals { totals: claimed };
            let observed = Remark::BalancedWithTotals { totals: own };
            let risk = apart(&claimed, &own);
            self.offence(event, Place::Acquirer, risk, Some(key), expected, observed);
        }
    }

    fn uploaded(&mut self, event: &Event, key: TxnKey, kind: Kind, amount: Fen) {
        let before = self.batch(key).uploaded.insert(key.stan, (kind, amount));
        if before.is_some() {
            let expected = Remark::UploadCountedOnce;
            let observed = Remark::UploadTakenAgain { stan: key.stan };
            self.offence(event, Place::Acquirer, amount, Some(key), expected, observed);
        }
    }

    /// What a terminal hears of its totals.
    fn told(&mut self, message: &Summary, damaged: bool) {
        let Some(Says::Totals(verdict)) = message.says else { return };
        let Summary { terminal, batch, stan, .. } = *message;
        let told = &mut self.batch(TxnKey { terminal, batch, stan }).told;
        match verdict {
            _ if damaged => told.damaged = true,
            _ if message.code != Some(ResponseCode::APPROVED) => {}
            Balanced::Yes => told.balanced = true,
            Balanced::No | Balanced::Error => told.unbalanced = true,
        }
    }

    /// The end message is the terminal's own, and must be the one that the answer to its totals asks for, as
    /// that answer reached it: the centre may have said something else of the foreign totals, and a bit may
    /// have turned over on the way there or back.
    fn sent(&mut self, event: &Event, book: &Book, message: &Summary) {
        let (Some(Says::End { balanced }), None) = (message.says, message.code) else { return };
        let Summary { terminal, batch, stan, .. } = *message;
        let key = TxnKey { terminal, batch, stan };
        let told = self.batch(key).told;
        if told.fits(balanced) {
            return;
        }
        let expected = match told.anything() {
            false => Remark::EndAfterComparison,
            true => Remark::BatchEndedWith { balanced: !balanced },
        };
        let observed = Remark::ItIsEndedWith { balanced };
        self.offence(event, book.plan.place(event.node), Fen::ZERO, Some(key), expected, observed);
    }

    fn closed(&mut self, event: &Event, book: &Book, key: TxnKey, balanced: bool, count: u16) {
        self.findings.checked();
        let batch = self.batch(key);
        batch.closed = true;
        let claimed = batch.claimed.unwrap_or_default();
        let (booked, uploaded) = (batch.booked(), listed(&batch.uploaded));
        let approved = listed(&batch.approved);
        let agreed = batch.verdict == Some(Balanced::Yes);
        let terminal =
            book.plan.terminal_by_id(key.terminal).map_or(Place::Acquirer, Place::Terminal);
        if balanced && !agreed {
            let expected = Remark::ClosedBalancedOnlyIfAgreed;
            let observed = Remark::TotalsDidNotAgree;
            self.offence(event, Place::Acquirer, Fen::ZERO, None, expected, observed);
        }
        if claimed != totals(&booked) {
            let blamed = if claimed == totals(&approved) { Place::Acquirer } else { terminal };
            let expected = Remark::BookedAsSent { totals: claimed };
            let observed = Remark::TotalsAre { totals: totals(&booked) };
            let risk = apart(&claimed, &totals(&booked));
            self.offence(event, blamed, risk, None, expected, observed);
        }
        if balanced {
            return;
        }
        if let Some((stan, kind, amount)) = first_apart(&uploaded, &booked) {
            let blamed = if uploaded == approved { Place::Acquirer } else { terminal };
            let expected = Remark::BookedItemsUploadedOnce { booked: booked.len() as u64 };
            let uploaded = uploaded.len() as u64;
            let observed = Remark::ItemOnOneSide { uploaded, kind, amount, stan };
            let of = Some(TxnKey { stan, ..key });
            self.offence(event, blamed, amount, of, expected, observed);
        }
        if usize::from(count) != uploaded.len() {
            let expected = Remark::EndCountsUploads { uploaded: uploaded.len() as u64 };
            let observed = Remark::EndCounts { count };
            self.offence(event, terminal, Fen::ZERO, None, expected, observed);
        }
    }

    fn offence(
        &mut self,
        event: &Event,
        blamed: Place,
        at_risk: Fen,
        key: Option<TxnKey>,
        expected: Remark,
        observed: Remark,
    ) {
        let first: EventKey = event.key();
        self.findings.offence(at_risk, first, || Offence {
            expected,
            observed,
            first,
            blamed,
            key,
            rrns: Vec::new(),
        });
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::TotalsAgree, Remark::NoBatchSettled)
    }
}
