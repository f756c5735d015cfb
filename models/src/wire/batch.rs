//! Batch settlement as messages: totals (0500/0510) and the upload of details (0320/0330), as types that
//! hold only sense (flows 4.8; fields.csv, DE48). Nothing here knows bytes.

use super::card::Pan;
use super::kind::{Class, Kind, Side};
use super::message::{Answer, Station};
use crate::ids::{Rrn, Stan};
use crate::money::Fen;
use serde::{Deserialize, Serialize};

/// One side of the totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SideTotal {
    /// The sum of the absolute amounts, in fen.
    pub amount: Fen,
    /// How many, at most 999; not netted.
    pub count: u16,
}

/// The totals of one group of currencies: debit side and credit side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sales and completions.
    pub debit: SideTotal,
    /// Voids, completion voids and refunds.
    pub credit: SideTotal,
}

impl Totals {
    /// Counts one transaction in, on the side that its kind has; what has none changes nothing.
    pub fn add(&mut self, kind: Kind, amount: Fen) {
        let side = match kind.side() {
            Side::Debit => &mut self.debit,
            Side::Credit => &mut self.credit,
            Side::None => return,
        };
        side.amount += amount;
        side.count = side.count.saturating_add(1);
    }
}

/// 0500: the terminal's totals. Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settle {
    /// DE11, DE41, DE42, DE60.2.
    pub station: Station,
    /// DE48, first group.
    pub domestic: Totals,
    /// DE48, second group.
    pub foreign: Totals,
}

/// The centre's verdict on one group of totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Balanced {
    /// 1: they agree.
    Yes,
    /// 2: they differ; details must follow.
    No,
    /// 3: the centre could not compare.
    Error,
}

/// 0510. Carries no MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettleReply {
    /// The request with its totals, echoed.
    pub request: Settle,
    /// The verdict on the first group.
    pub domestic: Balanced,
    /// The verdict on the second.
    pub foreign: Balanced,
    /// The answer.
    pub answer: Answer,
}

/// One transaction of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadRecord {
    /// A request that is in the totals. Its two digits are DE60.1: the public table leaves them open.
    pub kind: Kind,
    /// DE11 of the transaction.
    pub stan: Stan,
    /// The card number; twenty zeros where the sender keeps none (soundness 22).
    pub pan: Option<Pan>,
    /// DE4 of the transaction.
    pub amount: Fen,
}

impl UploadRecord {
    /// Whether a record of this kind belongs in this kind of upload.
    pub const fn takes(kind: Kind) -> bool {
        matches!(kind.class(), Class::Request) && !matches!(kind.side(), Side::None)
    }

    const NOTHING: UploadRecord =
        UploadRecord { kind: Kind::Sale, stan: Stan(1), pan: None, amount: Fen::ZERO };
}

/// One to eight records of one 0320.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct UploadRecords {
    rows: [UploadRecord; UploadRecords::MOST],
    count: u8,
}

impl UploadRecords {
    /// As many as one message takes.
    pub const MOST: usize = 8;

    /// Takes one to eight records; none for any other number.
    pub fn new(records: &[UploadRecord]) -> Option<UploadRecords> {
        let fits = (1..=UploadRecords::MOST).contains(&records.len());
        let mut rows = [UploadRecord::NOTHING; UploadRecords::MOST];
        rows.get_mut(..records.len()).filter(|_| fits)?.copy_from_slice(records);
        Some(UploadRecords { rows, count: u8::try_from(records.len()).ok()? })
    }

    /// How many there are.
    pub fn count(&self) -> u8 {
        self.count
    }

    /// The records.
    pub fn as_slice(&self) -> &[UploadRecord] {
        &self.rows[..usize::from(self.count)]
    }
}

impl std::fmt::Debug for UploadRecords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.as_slice()).finish()
    }
}

/// What one 0320 brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a message owns no heap, and an upload is rare")]
pub enum UploadPart {
    /// DE60.3 = 201: records of requests, in DE48.
    Records(UploadRecords),
    /// One advice or refund as it was: DE3, DE4, DE25, DE37 and DE60.1 of the original, DE60.3 = 000.
    Item {
        /// Completion advice or refund.
        kind: Kind,
        /// DE4.
        amount: Fen,
        /// DE37 of its reply.
        rrn: Rrn,
    },
    /// The end, with the total count of uploaded records.
    End {
        /// DE60.3 = 207 if the totals were balanced, 202 if not.
        balanced: bool,
        /// DE48.
        count: u16,
    },
}

impl UploadPart {
    /// What its reply names.
    pub fn name(&self) -> UploadName {
        match *self {
            UploadPart::Records(_) => UploadName::Records,
            UploadPart::Item { kind, .. } => UploadName::Item(kind),
            UploadPart::End { balanced, .. } => UploadName::End { balanced },
        }
    }
}

/// Which kind of 0320 a 0330 answers: DE60.1 and DE60.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadName {
    /// 00, 201.
    Records,
    /// The item's DE60.1, 000.
    Item(Kind),
    /// 00, 207 or 202.
    End {
        /// 207.
        balanced: bool,
    },
}

/// 0320: a part of a batch upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    /// DE11, DE41, DE42, DE60.2.
    pub station: Station,
    /// What it brings.
    pub part: UploadPart,
}

/// 0330.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadReply {
    /// The echoed station.
    pub station: Station,
    /// What it answers.
    pub of: UploadName,
    /// The answer.
    pub answer: Answer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voided_sale_stays_on_its_side_and_its_void_on_the_other() {
        let mut totals = Totals::default();
        for (kind, amount) in [
            (Kind::Sale, 10_000),
            (Kind::Void, 10_000),
            (Kind::Completion, 500),
            (Kind::Refund, 30),
            (Kind::PreAuth, 7),
            (Kind::Balance, 0),
        ] {
            totals.add(kind, Fen(amount));
        }
        assert_eq!(totals.debit, SideTotal { amount: Fen(10_500), count: 2 });
        assert_eq!(totals.credit, SideTotal { amount: Fen(10_030), count: 2 });
    }

    #[test]
    fn one_to_eight_records() {
        let row = UploadRecord::NOTHING;
        assert_eq!(UploadRecords::new(&[]), None);
        assert_eq!(UploadRecords::new(&[row; 9]), None);
        assert_eq!(UploadRecords::new(&[row; 8]).map(|all| all.as_slice().len()), Some(8));
    }
}
