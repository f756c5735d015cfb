//! Three-way reconciliation (对账): terminal journal, acquirer clearing record and issuer posting of one
//! transaction, with the payout as the fourth. Every difference has one class, one party whose work it is,
//! and at most one repair (flows 11). 长款 and 短款 flip with the point of view: here each class says whose.

use super::Day;
use crate::money::Fen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one source has of a transaction: net of what it undid itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// How often it has it; below zero where it gave back what it no longer had. Never zero.
    pub count: i32,
    /// Fen of one of them.
    pub amount: Fen,
    /// The day under which it has it.
    pub day: Day,
}

/// What a source says of a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Has {
    /// Nothing, and its books of that day are closed.
    #[default]
    Nothing,
    /// Its books of that day are still open: that it is missing means nothing yet.
    NotYet,
    /// This.
    Entry(Entry),
}

impl Has {
    fn entry(self) -> Option<Entry> {
        match self {
            Has::Entry(entry) => Some(entry),
            Has::Nothing | Has::NotYet => None,
        }
    }
}

/// The sources of one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sources {
    /// Terminal journal.
    pub journal: Has,
    /// Acquirer's clearing record.
    pub record: Has,
    /// Issuer's posting.
    pub issuer: Has,
    /// Payout to the merchant, before fees.
    pub payout: Has,
}

/// What the sources come to. Every combination has exactly one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Nobody has it.
    Nothing,
    /// All have the same.
    Match,
    /// Some books are open, or they have it under different days: the cut-off, and not a loss (日切差异).
    Timing,
    /// Somebody has it more than once.
    Duplicate,
    /// Somebody undid it more often than it had it: the other side holds money twice.
    UndoneTwice,
    /// All have it, with different amounts (金额不一致).
    Amount,
    /// Only the issuer has it: the holder is debited, the merchant unpaid (单边账).
    HolderDebited,
    /// All but the terminal have it: the acquirer holds money without a claim (长款).
    AcquirerLong,
    /// Only the terminal has it: goods are gone and nobody pays (短款 of the merchant).
    Phantom,
    /// All but the issuer have it: the acquirer pays what it does not get (短款 of the acquirer).
    IssuerShort,
    /// All but the acquirer have it: its clearing record is lost.
    RecordLost,
    /// Only the acquirer has it.
    RecordAlone,
    /// The three agree, and the payout that was due is missing.
    Unpaid,
    /// The three agree, and the payout has it more than once.
    PaidTwice,
    /// The three agree, and the payout has another amount.
    PaidOtherwise,
    /// The payout has what the three do not.
    PaidForNothing,
}

/// Whose work a break is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Responsible {
    /// Nobody: there is no break.
    Nobody,
    /// Its books differ.
    Terminal,
    /// Its books differ.
    Acquirer,
    /// Its books differ.
    Issuer,
}

/// What repairs a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    /// The holder is credited (贷记调整).
    CreditHolder,
    /// The issuer is asked to pay (请款), else the merchant bears it.
    DebitRequest,
    /// Presented to the issuer again (再请款).
    RePresent,
    /// Presented late from the terminal's journal.
    PresentLate,
    /// The extra copies are dropped by key.
    DropCopies,
    /// What was given back once too often is taken back (借记调整).
    TakeBack,
    /// The difference is posted.
    AdjustDifference,
    /// The capture is withdrawn from the merchant.
    WithdrawCapture,
    /// The merchant is paid what is missing (补款).
    PayMerchant,
    /// The merchant's next payout is short by what was too much.
    RecoverFromMerchant,
}

/// A break, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub class: Class,
    /// Whose work it is.
    pub responsible: Responsible,
    /// What repairs it; nothing where there is nothing to repair.
    pub repair: Option<Repair>,
    /// Fen that the repair moves.
    pub amount: Fen,
}

impl Sources {
    /// Classifies a transaction. What is present comes before how much, that before the payout, that before
    /// the day; where some books are still open nothing is called lost.
    pub fn classify(&self) -> Finding {
        let all = [self.journal, self.record, self.issuer];
        let paid = (self.payout, Responsible::Acquirer);
        let below = all.into_iter().zip(OWNERS).chain([paid]).find_map(|(has, owner)| {
            has.entry().filter(|entry| entry.count < 0).map(|entry| (entry, owner))
        });
        if let Some((entry, owner)) = below {
            return found(Class::UndoneTwice, owner, Repair::TakeBack, -times(entry));
        }
        let copies = all.into_iter().zip(OWNERS).find_map(|(has, owner)| {
            has.entry().filter(|entry| entry.count > 1).map(|entry| (entry, owner))
        });
        if let Some((entry, owner)) = copies {
            let extra = Fen(entry.amount.0.saturating_mul(i64::from(entry.count) - 1));
            return found(Class::Duplicate, owner, Repair::DropCopies, extra);
        }
        if all.contains(&Has::NotYet) {
            return TIMING;
        }
        match all.map(Has::entry) {
            [None, None, None] => self.payout.entry().map_or(NOTHING, |paid| {
                let (class, repair) = (Class::PaidForNothing, Repair::RecoverFromMerchant);
                found(class, Responsible::Acquirer, repair, times(paid))
            }),
            [None, None, Some(only)] => {
                let (class, repair) = (Class::HolderDebited, Repair::CreditHolder);
                found(class, Responsible::Acquirer, repair, only.amount)
            }
            [None, Some(record), Some(_)] => {
                let (class, repair) = (Class::AcquirerLong, Repair::CreditHolder);
                found(class, Responsible::Terminal, repair, record.amount)
            }
            [Some(only), None, None] => {
                let (class, repair) = (Class::Phantom, Repair::DebitRequest);
                found(class, Responsible::Terminal, repair, only.amount)
            }
            [Some(_), Some(record), None] => {
                let (class, repair) = (Class::IssuerShort, Repair::RePresent);
                found(class, Responsible::Issuer, repair, record.amount)
            }
            [Some(journal), None, Some(_)] => {
                let (class, repair) = (Class::RecordLost, Repair::PresentLate);
                found(class, Responsible::Acquirer, repair, journal.amount)
            }
            [None, Some(only), None] => {
                let (class, repair) = (Class::RecordAlone, Repair::WithdrawCapture);
                found(class, Responsible::Acquirer, repair, only.amount)
            }
            [Some(journal), Some(record), Some(issuer)] => self.all_there(journal, record, issuer),
        }
    }

    fn all_there(&self, journal: Entry, record: Entry, issuer: Entry) -> Finding {
        let amounts = [journal.amount, record.amount, issuer.amount];
        if amounts != [record.amount; 3] {
            let odd = match amounts {
                [j, a, i] if a == i && j != a => Responsible::Terminal,
                [j, a, i] if j == a && i != a => Responsible::Issuer,
                _ => Responsible::Acquirer,
            };
            let (most, least) = (amounts.iter().max(), amounts.iter().min());
            let difference = *most.expect("three") - *least.expect("three");
            return found(Class::Amount, odd, Repair::AdjustDifference, difference);
        }
        let at_acquirer =
            |class, repair, amount| found(class, Responsible::Acquirer, repair, amount);
        match self.payout {
            Has::Nothing => {
                return at_acquirer(Class::Unpaid, Repair::PayMerchant, record.amount);
            }
            Has::Entry(paid) if paid.count > 1 => {
                let extra = times(paid) - record.amount;
                let repair = Repair::RecoverFromMerchant;
                return at_acquirer(Class::PaidTwice, repair, extra);
            }
            Has::Entry(paid) if paid.amount != record.amount => {
                let over = paid.amount - record.amount;
                let repair = if over > Fen::ZERO {
                    Repair::RecoverFromMerchant
                } else {
                    Repair::PayMerchant
                };
                let amount = Fen(over.0.abs());
                return at_acquirer(Class::PaidOtherwise, repair, amount);
            }
            Has::Entry(_) | Has::NotYet => {}
        }
        let same_day = journal.day == record.day && issuer.day == record.day;
        if same_day { MATCH } else { TIMING }
    }
}

const OWNERS: [Responsible; 3] =
    [Responsible::Terminal, Responsible::Acquirer, Responsible::Issuer];

const fn plain(class: Class) -> Finding {
    Finding { class, responsible: Responsible::Nobody, repair: None, amount: Fen::ZERO }
}

const NOTHING: Finding = plain(Class::Nothing);
const MATCH: Finding = plain(Class::Match);
const TIMING: Finding = plain(Class::Timing);

fn found(class: Class, responsible: Responsible, repair: Repair, amount: Fen) -> Finding {
    Finding { class, responsible, repair: Some(repair), amount }
}

fn times(entry: Entry) -> Fen {
    Fen(entry.amount.0.saturating_mul(i64::from(entry.count)))
}

/// What became of a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    /// An adjustment repaired it.
    Adjusted,
    /// A late automatic reversal did.
    Undone,
}

/// The repair desk: at most one repair per break, and never both an adjustment and a late automatic reversal,
/// whichever comes first.
#[derive(Clone, Debug, Default)]
pub struct Desk<K> {
    closed: BTreeMap<K, Closed>,
}

impl<K: Ord> Desk<K> {
    /// Takes a break up for adjustment. Nothing if there is nothing to repair or it is closed already.
    pub fn adjust(&mut self, key: K, finding: &Finding) -> Option<(Repair, Fen)> {
        let repair = finding.repair?;
        self.close(key, Closed::Adjusted).then_some((repair, finding.amount))
    }

    /// A late automatic reversal of the same transaction comes. Whether it may still post.
    pub fn late_reversal(&mut self, key: K) -> bool {
        self.close(key, Closed::Undone)
    }

    fn close(&mut self, key: K, how: Closed) -> bool {
        let open = !self.closed.contains_key(&key);
        self.closed.entry(key).or_insert(how);
        open
    }
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
