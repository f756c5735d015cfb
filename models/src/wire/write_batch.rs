//! Settlement and upload into bytes: DE48 digit by digit (fields.csv). Every assertion is about a caller's
//! bug.

use super::batch::*;
use super::bcd;
use super::message::Station;
use super::mti::Mti;
use super::write::{Writer, answer, network, place, rrn_text, stan};

/// Digits of DE48 in a 0500: two groups of two sides and a verdict.
pub(super) const SETTLE_DIGITS: usize = 62;
/// Digits of one record in DE48 of a 0320.
pub(super) const RECORD_DIGITS: usize = 40;

/// Digits packed two to a byte, as many as DE48 takes.
struct Digits {
    packed: [u8; 161],
    count: usize,
}

impl Digits {
    fn new() -> Digits {
        Digits { packed: [0; 161], count: 0 }
    }

    fn digit(&mut self, digit: u8) {
        let high = self.count.is_multiple_of(2);
        self.packed[self.count / 2] |= if high { digit << 4 } else { digit };
        self.count += 1;
    }

    /// A number of so many digits, at most sixteen.
    fn number(&mut self, number: u64, digits: usize) {
        let nibbles = bcd::from_number(number);
        assert!(nibbles >> (4 * digits) == 0, "a number fits its place in DE48");
        for place in (0..digits).rev() {
            self.digit((nibbles >> (4 * place)) as u8 & 0x0f);
        }
    }

    fn write(&self, w: &mut Writer) {
        w.packed::<48>(&self.packed[..self.count.div_ceil(2)], self.count);
    }
}

/// The digit of a verdict.
pub(super) const fn verdict_digit(balanced: Balanced) -> u8 {
    match balanced {
        Balanced::Yes => 1,
        Balanced::No => 2,
        Balanced::Error => 3,
    }
}

pub(super) fn settle(w: &mut Writer, m: &Settle, reply: Option<&SettleReply>) {
    let Station { terminal, merchant, batch, .. } = m.station;
    stan(w, m.station.stan);
    answer(w, reply.map(|reply| &reply.answer));
    place(w, terminal.0, merchant.0);
    let mut digits = Digits::new();
    let verdicts = reply.map(|reply| (reply.domestic, reply.foreign));
    let groups = [
        (m.domestic, verdicts.map(|(domestic, _)| domestic)),
        (m.foreign, verdicts.map(|(_, foreign)| foreign)),
    ];
    for (totals, verdict) in groups {
        for side in [totals.debit, totals.credit] {
            assert!(side.amount.fits_wire(), "a total has twelve digits");
            digits.number(side.amount.0.unsigned_abs(), 12);
            digits.number(u64::from(side.count), 3);
        }
        digits.digit(verdict.map_or(0, verdict_digit));
    }
    digits.write(w);
    w.text::<49>(b"156");
    network(w, 0, batch, 201);
}

/// DE60.1 and DE60.3.
pub(super) fn name_codes(name: UploadName) -> (u8, u64) {
    match name {
        UploadName::Records => (0, 201),
        UploadName::Item(kind) => (kind.codes().2, 0),
        UploadName::End { balanced: true } => (0, 207),
        UploadName::End { balanced: false } => (0, 202),
    }
}

pub(super) fn upload(w: &mut Writer, m: &Upload) {
    let Station { terminal, merchant, batch, .. } = m.station;
    let mut digits = Digits::new();
    let mut item = None;
    match &m.part {
        UploadPart::Records(records) => {
            digits.number(records.as_slice().len() as u64, 2);
            records.as_slice().iter().for_each(|row| record(&mut digits, row));
        }
        UploadPart::Item { kind, amount, rrn } => {
            assert!(Mti::M0320.may_be(*kind), "{kind:?} is no advice of the totals");
            assert!(amount.fits_wire(), "DE4 holds zero to twelve nines");
            item = Some((kind, amount, rrn));
        }
        UploadPart::End { count, .. } => digits.number(u64::from(*count), 4),
    }
    if let Some((kind, amount, _)) = item {
        w.number::<3, 6>(u64::from(kind.codes().0));
        w.number::<4, 12>(amount.0.unsigned_abs());
    }
    stan(w, m.station.stan);
    if let Some((kind, _, rrn)) = item {
        w.number::<25, 2>(u64::from(kind.codes().1));
        w.text::<37>(&rrn_text(*rrn));
    }
    place(w, terminal.0, merchant.0);
    if item.is_some() {
        w.text::<49>(b"156");
    } else {
        digits.write(w);
    }
    let (kind, code) = name_codes(m.part.name());
    network(w, kind, batch, code);
}

/// Type 2, STAN 6, card 20 filled with zeros from the left, amount 12.
fn record(digits: &mut Digits, row: &UploadRecord) {
    assert!(UploadRecord::takes(row.kind), "{:?} is in no record", row.kind);
    assert!((1..=999_999).contains(&row.stan.0), "a STAN is 1 to 999999");
    assert!(row.amount.fits_wire(), "an amount has twelve digits");
    digits.number(u64::from(row.kind.codes().2), 2);
    digits.number(u64::from(row.stan.0), 6);
    let shown = row.pan.as_ref().map_or(0, |pan| pan.len());
    (shown..20).for_each(|_| digits.digit(0));
    if let Some(pan) = &row.pan {
        (0..shown).for_each(|at| digits.digit(pan.digit(at)));
    }
    digits.number(row.amount.0.unsigned_abs(), 12);
}

pub(super) fn upload_reply(w: &mut Writer, m: &UploadReply) {
    let Station { terminal, merchant, batch, .. } = m.station;
    let (kind, code) = name_codes(m.of);
    stan(w, m.station.stan);
    answer(w, Some(&m.answer));
    place(w, terminal.0, merchant.0);
    network(w, kind, batch, code);
}
