//! The typed message into bytes. Widths and prefixes come from the field table at compile time; every
//! assertion here is about a caller's bug.

use super::bcd;
use super::card::{CardData, PinBlock};
use super::codec::kinds;
use super::field::{Align, Encoding, Prefix, field};
use super::frame::{MTI_OFFSET, PREFIX_BYTES, Route};
use super::key::{MacKey, WrappedKeys};
use super::mac::ecb_mac;
use super::message::{KeyLength, Message, Mti, Original, Reply, Request, SignOn, SignOnReply, Txn};
use super::scan::bit;
use crate::ids::{AuthCode, ResponseCode, Rrn, Stan};
use crate::time::{MonthDay, TimeOfDay};

/// More than the longest message of this profile; bounds are checked anyhow.
const ROOM: usize = 384;
const BODY: usize = MTI_OFFSET + 10;

struct Writer {
    buffer: [u8; ROOM],
    at: usize,
    bitmap: u64,
}

impl Writer {
    fn bytes(&mut self, bytes: &[u8]) {
        self.buffer[self.at..self.at + bytes.len()].copy_from_slice(bytes);
        self.at += bytes.len();
    }

    /// Fields go out in ascending order, each once.
    fn mark<const DE: u8>(&mut self) {
        let bit = const { bit(DE) };
        assert!(self.bitmap & (bit | (bit - 1)) == 0, "fields are written in order");
        self.bitmap |= bit;
    }

    /// Writes a length prefix if the table asks for one.
    fn length<const DE: u8>(&mut self, units: usize) {
        let row = const { field(DE) };
        let [.., high, low] = bcd::from_number(units as u64).to_be_bytes();
        match row.prefix {
            Prefix::Fixed => assert!(units == usize::from(row.maximum), "{} is fixed", row.path),
            Prefix::Ll => self.bytes(&[low]),
            Prefix::Lll => self.bytes(&[high, low]),
        }
        assert!(units <= usize::from(row.maximum), "{} is too long", row.path);
    }

    /// A number of some digits, at most sixteen, leading zeros included.
    fn number<const DE: u8, const DIGITS: usize>(&mut self, number: u64) {
        const { assert!(DIGITS <= 16 && matches!(field(DE).encoding, Encoding::Bcd)) }
        assert!(number < const { 10_u64.pow(DIGITS as u32) }, "a number fits its field");
        self.mark::<DE>();
        self.length::<DE>(DIGITS);
        let fill = const { DIGITS % 2 == 1 && matches!(field(DE).align, Align::Left) };
        let word = bcd::from_number(if fill { number * 10 } else { number });
        let bytes = word.to_be_bytes();
        self.bytes(&bytes[const { 8 - DIGITS.div_ceil(2) }..]);
    }

    /// Nibbles that are packed already.
    fn packed<const DE: u8>(&mut self, packed: &[u8], nibbles: usize) {
        self.mark::<DE>();
        self.length::<DE>(nibbles);
        self.bytes(packed);
    }

    /// Text or raw bytes.
    fn text<const DE: u8>(&mut self, bytes: &[u8]) {
        self.mark::<DE>();
        self.length::<DE>(bytes.len());
        self.bytes(bytes);
    }
}

/// Everything a financial message may carry besides what it always carries.
#[derive(Default)]
struct Parts<'m> {
    card: Option<&'m CardData>,
    pin: Option<PinBlock>,
    clock: Option<(TimeOfDay, MonthDay)>,
    clearing: Option<MonthDay>,
    rrn: Option<Rrn>,
    auth: Option<AuthCode>,
    code: Option<ResponseCode>,
    original: Option<Original>,
    original_rrn: Option<Rrn>,
}

pub(super) fn message(message: &Message, route: Route, mac: Option<&MacKey>, out: &mut Vec<u8>) {
    let mti = message.mti();
    let mut w = Writer { buffer: [0; ROOM], at: BODY, bitmap: 0 };
    w.buffer[PREFIX_BYTES..MTI_OFFSET].copy_from_slice(&route.bytes());
    w.buffer[MTI_OFFSET..MTI_OFFSET + 2].copy_from_slice(&mti.bcd());
    match message {
        Message::SignOn(m) => sign_on(&mut w, m, None),
        Message::SignOnReply(m) => sign_on(&mut w, &m.request, Some(m)),
        Message::Request(Request { txn, card, pin, rrn }) => {
            financial(
                &mut w,
                mti,
                txn,
                Parts { card: Some(card), pin: *pin, rrn: *rrn, ..Parts::default() },
            );
        }
        Message::Reply(m)
        | Message::ReversalReply(m)
        | Message::AdviceReply(m)
        | Message::ReversalAdviceReply(m) => reply(&mut w, mti, m),
        Message::Reversal(m) => {
            let parts = Parts {
                code: Some(m.reason.code()),
                original: Some(m.original),
                ..Parts::default()
            };
            financial(&mut w, mti, &m.txn, parts);
        }
        Message::Advice(m) => {
            let original =
                Original { batch: Default::default(), stan: Stan(0), date: m.original_date };
            let parts = Parts {
                card: m.card.as_ref(),
                rrn: Some(m.rrn.unwrap_or(m.original_rrn)),
                original: Some(original),
                original_rrn: m.rrn.map(|_| m.original_rrn),
                ..Parts::default()
            };
            financial(&mut w, mti, &m.txn, parts);
        }
        Message::ReversalAdvice(m) => {
            let parts = Parts { rrn: Some(m.rrn), code: Some(m.reason.code()), ..Parts::default() };
            financial(&mut w, mti, &m.txn, parts);
        }
    }
    finish(&mut w, mac.filter(|_| mti.carries_mac()), out);
}

fn reply(w: &mut Writer, mti: Mti, m: &Reply) {
    let parts = Parts {
        clock: Some((m.time, m.date)),
        clearing: Some(m.clearing_date),
        rrn: Some(m.rrn),
        auth: m.auth,
        code: Some(m.code),
        ..Parts::default()
    };
    financial(w, mti, &m.txn, parts);
}

fn financial(w: &mut Writer, mti: Mti, txn: &Txn, parts: Parts<'_>) {
    assert!(kinds(mti).contains(&txn.kind), "{:?} is no {}", txn.kind, mti.as_str());
    assert!(txn.amount.fits_wire(), "DE4 holds zero to twelve nines");
    let (de3, de25, de60_1) = txn.kind.codes();
    let card = parts.card;
    if let Some(CardData::Keyed { pan, .. } | CardData::Chip { pan, .. }) = card {
        w.packed::<2>(pan.packed(), pan.len());
    }
    w.number::<3, 6>(u64::from(de3));
    w.number::<4, 12>(txn.amount.0.unsigned_abs());
    stan(w, txn.stan);
    clock(w, parts.clock);
    if let Some(CardData::Keyed { expiry, .. } | CardData::Chip { expiry, .. }) = card {
        assert!(expiry.year <= 99 && (1..=12).contains(&expiry.month), "DE14 is a month");
        w.number::<14, 4>(u64::from(expiry.year) * 100 + u64::from(expiry.month));
    }
    if let Some(date) = parts.clearing {
        w.number::<15, 4>(month_day(date));
    }
    if let Some(card) = card {
        let mode = match card {
            CardData::Keyed { .. } => 10,
            CardData::Magstripe { .. } => 20,
            CardData::Chip { .. } => 50,
        };
        w.number::<22, 3>(mode + if parts.pin.is_some() { 1 } else { 2 });
    }
    if let Some(CardData::Chip { sequence, .. }) = card {
        assert!(*sequence <= 99, "DE23 has two digits");
        w.number::<23, 3>(u64::from(*sequence));
    }
    w.number::<25, 2>(u64::from(de25));
    if parts.pin.is_some() {
        w.number::<26, 2>(6);
    }
    if let Some(CardData::Magstripe { track2 } | CardData::Chip { track2, .. }) = card {
        w.packed::<35>(track2.packed(), track2.nibbles());
    }
    if let Some(rrn) = parts.rrn {
        w.text::<37>(&rrn_text(rrn));
    }
    if let Some(auth) = parts.auth {
        assert!(auth.0.iter().all(u8::is_ascii_alphanumeric), "DE38 is letters and digits");
        w.text::<38>(&auth.0);
    }
    if let Some(code) = parts.code {
        response_code(w, code);
    }
    place(w, txn.terminal.0, txn.merchant.0);
    w.text::<49>(b"156");
    if let Some(pin) = parts.pin {
        w.text::<52>(&pin.0);
        w.number::<53, 16>(PIN_SECURITY);
    }
    network(w, de60_1, u64::from(txn.batch.0), 0);
    if let Some(original) = parts.original {
        let (batch, stan) = (u64::from(original.batch.0), u64::from(original.stan.0));
        assert!(batch <= 999_999 && stan <= 999_999, "DE61 has six digits for each");
        w.number::<61, 16>((batch * 1_000_000 + stan) * 10_000 + month_day(original.date));
    }
    if let Some(rrn) = parts.original_rrn {
        w.text::<62>(&rrn_text(rrn));
    }
}

/// DE53 with a PIN: format with card number, double-length triple DES (fields.csv).
pub(super) const PIN_SECURITY: u64 = 2_600_000_000_000_000;

fn sign_on(w: &mut Writer, request: &SignOn, reply: Option<&SignOnReply>) {
    stan(w, request.stan);
    clock(w, reply.map(|m| (m.time, m.date)));
    if let Some(m) = reply {
        w.text::<37>(&rrn_text(m.rrn));
        response_code(w, m.code);
    }
    place(w, request.terminal.0, request.merchant.0);
    network(w, 0, u64::from(request.batch.0), key_length_code(request.keys));
    if let Some(m) = reply {
        let length = m.wrapped.as_ref().map(WrappedKeys::length);
        let wanted = (m.code == ResponseCode::APPROVED).then_some(request.keys);
        assert!(length == wanted, "a sign-on reply brings the keys asked for, if it approves");
        if let Some(wrapped) = &m.wrapped {
            w.text::<62>(wrapped.as_bytes());
        }
    }
}

/// DE60.3 of a sign-on (flows 4.7).
pub(super) const fn key_length_code(length: KeyLength) -> u64 {
    match length {
        KeyLength::Single => 1,
        KeyLength::Double => 3,
    }
}

fn stan(w: &mut Writer, stan: Stan) {
    assert!((1..=999_999).contains(&stan.0), "DE11 is 1 to 999999");
    w.number::<11, 6>(u64::from(stan.0));
}

fn clock(w: &mut Writer, clock: Option<(TimeOfDay, MonthDay)>) {
    let Some((time, date)) = clock else { return };
    assert!(time.hour < 24 && time.minute < 60 && time.second < 60, "DE12 is a time of day");
    let hours = u64::from(time.hour) * 10_000;
    w.number::<12, 6>(hours + u64::from(time.minute) * 100 + u64::from(time.second));
    w.number::<13, 4>(month_day(date));
}

fn month_day(date: MonthDay) -> u64 {
    assert!(is_date(date.month, date.day), "MMDD is a day of some year");
    u64::from(date.month) * 100 + u64::from(date.day)
}

/// Whether some year has this day.
pub(super) fn is_date(month: u8, day: u8) -> bool {
    const DAYS: [u8; 13] = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let last = DAYS.get(usize::from(month)).copied().unwrap_or(0);
    (1..=last).contains(&day)
}

fn rrn_text(rrn: Rrn) -> [u8; 12] {
    assert!(rrn <= Rrn::MAX, "DE37 has twelve digits");
    bcd::ascii12(rrn.0)
}

fn response_code(w: &mut Writer, code: ResponseCode) {
    assert!(code.0.iter().all(u8::is_ascii_alphanumeric), "DE39 is letters and digits");
    w.text::<39>(&code.0);
}

fn place(w: &mut Writer, terminal: [u8; 8], merchant: [u8; 15]) {
    let printable = |byte: &u8| (0x20..0x7f).contains(byte);
    assert!(terminal.iter().all(printable), "DE41 is printable");
    assert!(merchant.iter().all(printable), "DE42 is printable");
    w.text::<41>(&terminal);
    w.text::<42>(&merchant);
}

fn network(w: &mut Writer, kind: u8, batch: u64, code: u64) {
    assert!(batch <= 999_999, "DE60.2 has six digits");
    w.number::<60, 11>((u64::from(kind) * 1_000_000 + batch) * 1000 + code);
}

fn finish(w: &mut Writer, mac: Option<&MacKey>, out: &mut Vec<u8>) {
    let bitmap = w.bitmap | if mac.is_some() { bit(64) } else { 0 };
    w.buffer[MTI_OFFSET + 2..BODY].copy_from_slice(&bitmap.to_be_bytes());
    if let Some(key) = mac {
        let mac = ecb_mac(key, &w.buffer[MTI_OFFSET..w.at]);
        w.text::<64>(&mac);
    }
    let length = u16::try_from(w.at - PREFIX_BYTES).expect("a message is far under 64 KiB");
    w.buffer[..PREFIX_BYTES].copy_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&w.buffer[..w.at]);
}
