//! The typed message into bytes. Widths and prefixes come from the field table at compile time; every
//! assertion here is about a caller's bug.

use super::bcd;
use super::card::{CardData, PinBlock};
use super::field::{Align, Encoding, Prefix, field};
use super::frame::{MTI_OFFSET, PREFIX_BYTES, Route};
use super::key::{MacKey, WrappedKeys};
use super::kind::{Kind, Names};
use super::mac::ecb_mac;
use super::message::*;
use super::mti::Mti;
use super::scan::bit;
use super::write_batch;
use crate::ids::{AuthCode, Batch, ResponseCode, Rrn, Stan};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay};

/// More than the longest message of this profile; bounds are checked anyhow.
const ROOM: usize = 384;
const BODY: usize = MTI_OFFSET + 10;

pub(super) struct Writer {
    buffer: [u8; ROOM],
    at: usize,
    bitmap: u64,
}

impl Writer {
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
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
    pub(super) fn number<const DE: u8, const DIGITS: usize>(&mut self, number: u64) {
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
    pub(super) fn packed<const DE: u8>(&mut self, packed: &[u8], nibbles: usize) {
        self.mark::<DE>();
        self.length::<DE>(nibbles);
        self.bytes(packed);
    }

    /// Text or raw bytes.
    pub(super) fn text<const DE: u8>(&mut self, bytes: &[u8]) {
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
    takes_partial: bool,
    wallet: Option<WalletCode>,
    told: Option<Told>,
}

pub(super) fn message(message: &Message, route: Route, mac: Option<&MacKey>, out: &mut Vec<u8>) {
    let mti = message.mti();
    let mut w = Writer { buffer: [0; ROOM], at: BODY, bitmap: 0 };
    w.buffer[PREFIX_BYTES..MTI_OFFSET].copy_from_slice(&route.bytes());
    w.buffer[MTI_OFFSET..MTI_OFFSET + 2].copy_from_slice(&mti.bcd());
    match message {
        Message::SignOn(m) => sign_on(&mut w, m, None),
        Message::SignOnReply(m) => sign_on(&mut w, &m.request, Some(m)),
        Message::Management(m) => management(&mut w, m, None),
        Message::ManagementReply(m) => management(&mut w, &m.request, Some(&m.answer)),
        Message::Settle(m) => write_batch::settle(&mut w, m, None),
        Message::SettleReply(m) => write_batch::settle(&mut w, &m.request, Some(m)),
        Message::Upload(m) => write_batch::upload(&mut w, m),
        Message::UploadReply(m) => write_batch::upload_reply(&mut w, m),
        Message::Request(m) => financial(&mut w, mti, &m.txn, request(m)),
        Message::QrSale(QrRequest { txn, wallet, rrn }) => {
            let parts = Parts { rrn: *rrn, wallet: Some(*wallet), ..Parts::default() };
            financial(&mut w, mti, txn, parts);
        }
        Message::Status(StatusInquiry { txn, original, rrn }) => {
            let parts = Parts { rrn: *rrn, original: Some(*original), ..Parts::default() };
            financial(&mut w, mti, txn, parts);
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
            let parts = Parts {
                card: m.card.as_ref(),
                rrn: Some(m.rrn.unwrap_or(m.original_rrn)),
                original: Some(dated(m.original_date)),
                original_rrn: m.rrn.map(|_| m.original_rrn),
                code: m.repair.then_some(REPAIR),
                ..Parts::default()
            };
            financial(&mut w, mti, &m.txn, parts);
        }
        Message::CompletionAdvice(m) => {
            let parts = Parts {
                card: m.card.as_ref(),
                rrn: m.rrn,
                auth: Some(m.auth),
                original: Some(dated(m.date)),
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

/// DE61 of what names its original by its date alone.
fn dated(date: MonthDay) -> Original {
    Original { batch: Batch(0), stan: Stan(0), date }
}

fn request(m: &Request) -> Parts<'_> {
    let linked = match m.linked {
        Linked::None => Parts { rrn: m.rrn, ..Parts::default() },
        Linked::Rrn { rrn, auth, original } => Parts {
            rrn: Some(m.rrn.unwrap_or(rrn)),
            auth,
            original: Some(original),
            original_rrn: m.rrn.map(|_| rrn),
            ..Parts::default()
        },
        Linked::Auth { auth, date } => {
            Parts { rrn: m.rrn, auth: Some(auth), original: Some(dated(date)), ..Parts::default() }
        }
    };
    let names = match m.linked {
        Linked::None => Names::Nothing,
        Linked::Rrn { .. } => Names::Rrn,
        Linked::Auth { .. } => Names::Auth,
    };
    assert!(names == m.txn.kind.names(), "{:?} names its original another way", m.txn.kind);
    let partial = m.takes_partial;
    assert!(!partial || m.txn.kind == Kind::Sale, "only a sale is approved in part");
    assert!(m.txn.kind != Kind::QrSale, "a QR sale has no card");
    Parts { card: Some(&m.card), pin: m.pin, takes_partial: partial, ..linked }
}

fn reply(w: &mut Writer, mti: Mti, m: &Reply) {
    let told = matches!(m.told, Told::Balance(_)) == tells_balance(m.txn.kind, m.code)
        && matches!(m.told, Told::Original { .. }) == tells_original(m.txn.kind, m.code);
    assert!(told, "an answered inquiry tells what was asked, and nothing else does");
    let parts = Parts {
        clock: Some((m.time, m.date)),
        clearing: Some(m.clearing_date),
        rrn: Some(m.rrn),
        auth: m.auth,
        code: Some(m.code),
        told: Some(m.told),
        ..Parts::default()
    };
    financial(w, mti, &m.txn, parts);
}

/// Whether DE54 belongs in a reply (flows 4.5).
pub(super) const fn tells_balance(kind: Kind, code: ResponseCode) -> bool {
    matches!(kind, Kind::Balance) && matches!(&code.0, b"00")
}

/// Whether DE62 with the original's answer belongs in a reply.
pub(super) const fn tells_original(kind: Kind, code: ResponseCode) -> bool {
    matches!(kind, Kind::Status) && matches!(&code.0, b"00")
}

fn financial(w: &mut Writer, mti: Mti, txn: &Txn, parts: Parts<'_>) {
    assert!(mti.may_be(txn.kind), "{:?} is no {}", txn.kind, mti.as_str());
    assert!(txn.amount.fits_wire(), "DE4 holds zero to twelve nines");
    assert!(txn.kind.has_amount() || txn.amount == Fen::ZERO, "an inquiry has no amount");
    let (de3, de25, de60_1) = txn.kind.codes();
    let card = parts.card;
    if let Some(CardData::Keyed { pan, .. } | CardData::Chip { pan, .. }) = card {
        w.packed::<2>(pan.packed(), pan.len());
    }
    w.number::<3, 6>(u64::from(de3));
    if txn.kind.has_amount() {
        w.number::<4, 12>(txn.amount.0.unsigned_abs());
    }
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
    if parts.wallet.is_some() {
        w.number::<22, 3>(WALLET_ENTRY);
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
    if let Some(Told::Balance(balance)) = parts.told {
        w.text::<54>(&balance_text(balance));
    }
    if parts.takes_partial {
        // 60.4 reader and 60.5 chip condition are not modelled; 60.6 is what is declared (flows 8).
        let network = u64::from(de60_1) * 1_000_000 + u64::from(txn.batch.0);
        w.number::<60, 14>(network * 1_000_000 + 1);
    } else {
        network(w, de60_1, txn.batch, 0);
    }
    if let Some(original) = parts.original {
        let (batch, stan) = (u64::from(original.batch.0), u64::from(original.stan.0));
        assert!(batch <= 999_999 && stan <= 999_999, "DE61 has six digits for each");
        w.number::<61, 16>((batch * 1_000_000 + stan) * 10_000 + month_day(original.date));
    }
    if let Some(rrn) = parts.original_rrn {
        w.text::<62>(&rrn_text(rrn));
    }
    if let Some(WalletCode(code)) = parts.wallet {
        assert!(code < WalletCode::END, "a wallet code has eighteen digits");
        w.text::<62>(format!("{code:018}").as_bytes());
    }
    if let Some(Told::Original { code, rrn, amount }) = parts.told {
        assert!(amount.fits_wire(), "DE62 holds an amount of twelve digits");
        let mut text = [0; ORIGINAL_TOLD];
        text[..2].copy_from_slice(&code.0);
        text[2..14].copy_from_slice(&rrn_text(rrn));
        text[14..].copy_from_slice(&bcd::ascii12(amount.0.unsigned_abs()));
        w.text::<62>(&text);
    }
}

/// DE22 of a QR sale: read as a code, no PIN. Private to this model.
pub(super) const WALLET_ENTRY: u64 = 32;
/// Length of DE62 in the reply to a status inquiry: code, RRN, amount.
pub(super) const ORIGINAL_TOLD: usize = 26;
/// DE54 up to the sign: account type 00, available balance 02, CNY.
pub(super) const BALANCE_HEAD: &[u8; 7] = b"0002156";

/// DE54 of one balance (fields.csv): the sign says whose money it is.
fn balance_text(balance: Fen) -> [u8; 20] {
    assert!(Fen(balance.0.abs()).fits_wire(), "DE54 holds twelve digits");
    let mut text = [0; 20];
    text[..7].copy_from_slice(BALANCE_HEAD);
    text[7] = if balance < Fen::ZERO { b'D' } else { b'C' };
    text[8..].copy_from_slice(&bcd::ascii12(balance.0.unsigned_abs()));
    text
}

/// DE53 with a PIN: format with card number, double-length triple DES.
pub(super) const PIN_SECURITY: u64 = 2_600_000_000_000_000;

fn sign_on(w: &mut Writer, request: &SignOn, reply: Option<&SignOnReply>) {
    stan(w, request.stan);
    clock(w, reply.map(|m| (m.time, m.date)));
    if let Some(m) = reply {
        w.text::<37>(&rrn_text(m.rrn));
        response_code(w, m.code);
    }
    place(w, request.terminal.0, request.merchant.0);
    network(w, 0, request.batch, key_length_code(request.keys));
    if let Some(m) = reply {
        let length = m.wrapped.as_ref().map(WrappedKeys::length);
        let wanted = (m.code == ResponseCode::APPROVED).then_some(request.keys);
        assert!(length == wanted, "a sign-on reply brings the keys asked for, if it approves");
        if let Some(wrapped) = &m.wrapped {
            w.text::<62>(wrapped.as_bytes());
        }
    }
}

fn management(w: &mut Writer, m: &Management, reply: Option<&Answer>) {
    let Station { terminal, merchant, batch, .. } = m.station;
    stan(w, m.station.stan);
    answer(w, reply);
    place(w, terminal.0, merchant.0);
    network(w, 0, batch, purpose_code(m.purpose));
}

/// DE12, 13, 37, 39 of a reply that is about no transaction.
pub(super) fn answer(w: &mut Writer, answer: Option<&Answer>) {
    let Some(Answer { time, date, rrn, code }) = answer else { return };
    clock(w, Some((*time, *date)));
    w.text::<37>(&rrn_text(*rrn));
    response_code(w, *code);
}

/// DE60.3 of a 0820 (flows 4.7).
pub(super) const fn purpose_code(purpose: Purpose) -> u64 {
    match purpose {
        Purpose::SignOff => 2,
        Purpose::Echo => 301,
    }
}

/// DE60.3 of a sign-on (flows 4.7).
pub(super) const fn key_length_code(length: KeyLength) -> u64 {
    match length {
        KeyLength::Single => 1,
        KeyLength::Double => 3,
    }
}

pub(super) fn stan(w: &mut Writer, stan: Stan) {
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

pub(super) fn rrn_text(rrn: Rrn) -> [u8; 12] {
    assert!(rrn <= Rrn::MAX, "DE37 has twelve digits");
    bcd::ascii12(rrn.0)
}

fn response_code(w: &mut Writer, code: ResponseCode) {
    assert!(code.0.iter().all(u8::is_ascii_alphanumeric), "DE39 is letters and digits");
    w.text::<39>(&code.0);
}

pub(super) fn place(w: &mut Writer, terminal: [u8; 8], merchant: [u8; 15]) {
    let printable = |byte: &u8| (0x20..0x7f).contains(byte);
    assert!(terminal.iter().all(printable), "DE41 is printable");
    assert!(merchant.iter().all(printable), "DE42 is printable");
    w.text::<41>(&terminal);
    w.text::<42>(&merchant);
}

pub(super) fn network(w: &mut Writer, kind: u8, batch: Batch, code: u64) {
    assert!(batch <= Batch::MAX, "DE60.2 has six digits");
    w.number::<60, 11>((u64::from(kind) * 1_000_000 + u64::from(batch.0)) * 1000 + code);
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
