//! Bytes into the typed message, strictly. Fields are found by `scan`; here they are judged. Every error
//! names the field and the offset; none quotes a card.

use super::bcd;
use super::codec::Received;
use super::error::{Fault, WireError};
use super::field::field;
use super::frame::{MAX_BODY_BYTES, MTI_OFFSET, PREFIX_BYTES, Route};
use super::key::WrappedKeys;
use super::kind::{KINDS, Kind, Names};
use super::message::*;
use super::mti::Mti;
use super::read_card::CARD;
use super::reader::{Reader, Result};
use super::scan::{Scan, bit};
use super::shape::{HANGS_ON_KIND, kind_shape, shape};
use super::write::{
    BALANCE_HEAD, ORIGINAL_TOLD, WALLET_ENTRY, is_date, key_length_code, purpose_code,
};
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay};

pub(super) fn frame(bytes: &[u8]) -> Result<Received<'_>> {
    let Some((prefix, body)) = bytes.split_first_chunk::<PREFIX_BYTES>() else {
        let fault = Fault::Truncated { needed: PREFIX_BYTES, found: bytes.len() };
        return Err(WireError::at("frame length", 0, fault));
    };
    let (found, expected) = (usize::from(u16::from_be_bytes(*prefix)), body.len());
    if found > MAX_BODY_BYTES {
        let fault = Fault::OverMaximum { found, maximum: MAX_BODY_BYTES };
        return Err(WireError::at("frame length", 0, fault));
    }
    if found != expected {
        return Err(WireError::at("frame length", 0, Fault::Length { found, expected }));
    }
    let Some((route, _)) = body.split_first_chunk() else {
        let fault = Fault::Truncated { needed: MTI_OFFSET - PREFIX_BYTES, found: body.len() };
        return Err(WireError::at("TPDU", PREFIX_BYTES, fault));
    };
    let route = Route::read(route, PREFIX_BYTES)?;
    let mut reader = Reader { bytes, scan: Scan::NOTHING, message: "" };
    reader.scan.walk(bytes, MTI_OFFSET)?;
    let Some(mti) = Mti::from_bcd(reader.scan.mti) else {
        let [high, low] = reader.scan.mti;
        let found = format_args!("{high:02X}{low:02X}");
        return Err(WireError::value("MTI", MTI_OFFSET, found, "a message type of this profile"));
    };
    reader.message = mti.as_str();
    reader.presence(shape(mti))?;
    let message = reader.body(mti)?;
    let mac = reader.has(64).then(|| reader.chunk::<64, 8>());
    let signed = &bytes[MTI_OFFSET..bytes.len() - if mac.is_some() { 8 } else { 0 }];
    Ok(Received { message, route, signed, mac })
}

/// Digits of DE60 up to 60.6.
const DECLARED: usize = 14;

/// DE60.1, 60.2, 60.3.
#[derive(Clone, Copy)]
pub(super) struct Network {
    pub kind: u8,
    pub batch: Batch,
    pub code: u16,
}

impl Reader<'_> {
    fn body(&self, mti: Mti) -> Result<Message> {
        Ok(match mti {
            Mti::M0800 => Message::SignOn(self.sign_on()?),
            Mti::M0810 => Message::SignOnReply(self.sign_on_reply()?),
            Mti::M0820 => Message::Management(self.management()?),
            Mti::M0830 => Message::ManagementReply(ManagementReply {
                request: self.management()?,
                answer: self.answer()?,
            }),
            Mti::M0500 => Message::Settle(self.settle()?.0),
            Mti::M0510 => Message::SettleReply(self.settle_reply()?),
            Mti::M0320 => Message::Upload(self.upload()?),
            Mti::M0330 => Message::UploadReply(self.upload_reply()?),
            Mti::M0100 | Mti::M0200 => self.request(mti)?,
            Mti::M0110 | Mti::M0210 => Message::Reply(self.reply(mti)?),
            Mti::M0220 => self.advice()?,
            Mti::M0230 => Message::AdviceReply(self.reply(mti)?),
            Mti::M0400 => Message::Reversal(Reversal {
                txn: self.txn(mti)?,
                reason: self.reason()?,
                original: self.original()?,
            }),
            Mti::M0410 => Message::ReversalReply(self.reply(mti)?),
            Mti::M0420 => Message::ReversalAdvice(ReversalAdvice {
                txn: self.txn(mti)?,
                rrn: self.rrn::<37>()?,
                reason: self.reason()?,
            }),
            Mti::M0430 => Message::ReversalAdviceReply(self.reply(mti)?),
        })
    }

    fn txn(&self, mti: Mti) -> Result<Txn> {
        let network = self.network()?;
        self.code_is(network, 0)?;
        self.currency()?;
        let kind = self.kind(mti, network.kind)?;
        let amount = if kind.has_amount() { self.amount()? } else { Fen::ZERO };
        let Station { stan, terminal, merchant, batch } = self.station(network)?;
        Ok(Txn { kind, amount, stan, terminal, merchant, batch })
    }

    pub(super) fn amount(&self) -> Result<Fen> {
        Ok(Fen(self.number::<4, 12>()?.cast_signed()))
    }

    pub(super) fn currency(&self) -> Result<()> {
        if &self.chunk::<49, 3>() == b"156" {
            return Ok(());
        }
        Err(WireError::value("DE49", self.at(49), "another currency", "156"))
    }

    pub(super) fn station(&self, network: Network) -> Result<Station> {
        Ok(Station {
            stan: self.stan()?,
            terminal: TerminalId(self.printable::<41, 8>()?),
            merchant: MerchantId(self.printable::<42, 15>()?),
            batch: network.batch,
        })
    }

    /// DE60.3 of a financial message.
    fn code_is(&self, network: Network, wanted: u16) -> Result<()> {
        if network.code == wanted {
            return Ok(());
        }
        let found = format_args!("{:03}", network.code);
        Err(WireError::value("DE60.3", self.at(60) + 4, found, "000"))
    }

    /// DE3, DE25 and DE60.1 together name the transaction; the first that fits no allowed one is at fault.
    pub(super) fn kind(&self, mti: Mti, de60_1: u8) -> Result<Kind> {
        let de3 = self.number::<3, 6>()? as u32;
        let de25 = self.number::<25, 2>()? as u8;
        let named = Kind::from_codes(de3, de25, de60_1).filter(|kind| mti.may_be(*kind));
        let Some(kind) = named else { return Err(self.no_kind(mti, de3, de25, de60_1)) };
        let code = if self.has(39) { self.code()? } else { ResponseCode::APPROVED };
        let (must, may) = kind_shape(mti, kind, code);
        let here = self.scan.bitmap & HANGS_ON_KIND;
        let (missing, extra) = (must & !here, here & !(must | may));
        if missing | extra == 0 { Ok(kind) } else { Err(self.misfit(missing, extra)) }
    }

    #[cold]
    fn no_kind(&self, mti: Mti, de3: u32, de25: u8, de60_1: u8) -> WireError {
        const EXPECTED: &str = "a transaction that this message type has";
        let any = |fits: &dyn Fn(u32, u8) -> bool| {
            KINDS.iter().any(|row| mti.may_be(row.kind) && fits(row.codes.0, row.codes.1))
        };
        if !any(&|known, _| known == de3) {
            return WireError::value("DE3", self.at(3), format_args!("{de3:06}"), EXPECTED);
        }
        if !any(&|known, condition| (known, condition) == (de3, de25)) {
            return WireError::value("DE25", self.at(25), format_args!("{de25:02}"), EXPECTED);
        }
        WireError::value("DE60.1", self.at(60), format_args!("{de60_1:02}"), EXPECTED)
    }

    /// DE60.1, 60.2, 60.3; 60.4 to 60.6 only where partial approval is declared.
    pub(super) fn network(&self) -> Result<Network> {
        let declared = self.units(60) == DECLARED;
        let number =
            if declared { self.number::<60, DECLARED>()? / 1000 } else { self.number::<60, 11>()? };
        let batch = Batch((number / 1000 % 1_000_000) as u32);
        Ok(Network { kind: (number / 1_000_000_000) as u8, batch, code: (number % 1000) as u16 })
    }

    /// DE60.6 of a sale: 60.4 and 60.5 are zero here, 60.6 is there only to say 1 (flows 8).
    fn takes_partial(&self, kind: Kind) -> Result<bool> {
        if self.units(60) != DECLARED {
            return Ok(false);
        }
        let tail = self.number::<60, DECLARED>()? % 1000;
        if tail != 1 {
            let (found, expected) = (format_args!("{tail:03}"), "001 in DE60.4 to 60.6, or none");
            return Err(WireError::value("DE60.6", self.at(60) + 5, found, expected));
        }
        if kind == Kind::Sale {
            return Ok(true);
        }
        let fault = Fault::Length { found: DECLARED, expected: 11 };
        Err(WireError::at("DE60", self.at(60) - 2, fault))
    }

    fn stan(&self) -> Result<Stan> {
        match self.number::<11, 6>()? {
            0 => Err(WireError::value("DE11", self.at(11), "000000", "000001 to 999999")),
            number => Ok(Stan(number as u32)),
        }
    }

    fn date<const DE: u8>(&self) -> Result<MonthDay> {
        self.month_day(field(DE).path, self.at(DE), self.number::<DE, 4>()?)
    }

    fn month_day(&self, path: &'static str, at: usize, number: u64) -> Result<MonthDay> {
        let date = MonthDay { month: (number / 100) as u8, day: (number % 100) as u8 };
        if is_date(date.month, date.day) {
            return Ok(date);
        }
        Err(WireError::value(path, at, format_args!("{number:04}"), "a day of some year, MMDD"))
    }

    fn clock(&self) -> Result<(TimeOfDay, MonthDay)> {
        let number = self.number::<12, 6>()?;
        let part = |divisor: u64| (number / divisor % 100) as u8;
        let time = TimeOfDay { hour: part(10_000), minute: part(100), second: part(1) };
        if time.hour > 23 || time.minute > 59 || time.second > 59 {
            let found = format_args!("{number:06}");
            return Err(WireError::value("DE12", self.at(12), found, "a time of day, hhmmss"));
        }
        Ok((time, self.date::<13>()?))
    }

    pub(super) fn rrn<const DE: u8>(&self) -> Result<Rrn> {
        let text = self.chunk::<DE, 12>();
        bcd::from_ascii12(text).map(Rrn).map_err(|place| {
            let fault = Fault::NotText { found: text[place], expected: "twelve digits" };
            WireError::at(field(DE).path, self.at(DE) + place, fault)
        })
    }

    fn code(&self) -> Result<ResponseCode> {
        self.alphanumeric::<39, 2>().map(ResponseCode)
    }

    fn reason(&self) -> Result<ReversalReason> {
        let code = self.code()?;
        ReversalReason::from_code(code)
            .ok_or_else(|| WireError::value("DE39", self.at(39), code, "98, 96, A0, 06 or RC"))
    }

    fn original(&self) -> Result<Original> {
        let number = self.number::<61, 16>()?;
        Ok(Original {
            batch: Batch((number / 10_000_000_000) as u32),
            stan: Stan((number / 10_000 % 1_000_000) as u32),
            date: self.month_day("DE61.3", self.at(61) + 6, number % 10_000)?,
        })
    }

    fn reply(&self, mti: Mti) -> Result<Reply> {
        let (time, date) = self.clock()?;
        let auth = if self.has(38) { Some(self.auth()?) } else { None };
        let txn = self.txn(mti)?;
        self.undeclared()?;
        Ok(Reply {
            txn,
            time,
            date,
            clearing_date: self.date::<15>()?,
            rrn: self.rrn::<37>()?,
            auth,
            code: self.code()?,
            told: self.told()?,
        })
    }

    fn auth(&self) -> Result<AuthCode> {
        self.alphanumeric::<38, 6>().map(AuthCode)
    }

    fn told(&self) -> Result<Told> {
        if self.has(54) {
            return self.balance().map(Told::Balance);
        }
        if !self.has(62) {
            return Ok(Told::Nothing);
        }
        let text = self.exactly_62(ORIGINAL_TOLD)?;
        let start = self.at(62);
        if let Some(at) = text[..2].iter().position(|byte| !byte.is_ascii_alphanumeric()) {
            let fault = Fault::NotText { found: text[at], expected: "letters and digits" };
            return Err(WireError::at("DE62", start + at, fault));
        }
        Ok(Told::Original {
            code: ResponseCode([text[0], text[1]]),
            rrn: Rrn(self.digits12("DE62", start + 2)?),
            amount: Fen(self.digits12("DE62", start + 14)?.cast_signed()),
        })
    }

    fn balance(&self) -> Result<Fen> {
        let (start, found) = (self.at(54), self.units(54));
        if found != 20 {
            let fault = Fault::Length { found, expected: 20 };
            return Err(WireError::at("DE54", start - 2, fault));
        }
        let head = &self.bytes[start..start + 8];
        let sign = match (&head[..7] == BALANCE_HEAD, head[7]) {
            (true, b'C') => 1,
            (true, b'D') => -1,
            _ => {
                let expected = "account 00, amount 02, currency 156, C or D";
                return Err(WireError::value("DE54", start, "something else", expected));
            }
        };
        match (sign, self.digits12("DE54", start + 8)?.cast_signed()) {
            (-1, 0) => Err(WireError::value("DE54", start + 7, "D", "C, since nothing is owed")),
            (sign, amount) => Ok(Fen(sign * amount)),
        }
    }

    /// Twelve ASCII digits anywhere.
    fn digits12(&self, path: &'static str, start: usize) -> Result<u64> {
        let text: [u8; 12] =
            self.bytes[start..start + 12].try_into().expect("the field was measured");
        bcd::from_ascii12(text).map_err(|place| {
            let fault = Fault::NotText { found: text[place], expected: "twelve digits" };
            WireError::at(path, start + place, fault)
        })
    }

    /// DE37, and where DE62 quotes the original's, that: the request's own on leg 2, the original's.
    fn own_and_original(&self) -> Result<(Option<Rrn>, Rrn)> {
        let first = self.rrn::<37>()?;
        if self.has(62) { Ok((Some(first), self.rrn_in_62()?)) } else { Ok((None, first)) }
    }

    fn request(&self, mti: Mti) -> Result<Message> {
        let txn = self.txn(mti)?;
        let own = || if self.has(37) { self.rrn::<37>().map(Some) } else { Ok(None) };
        let takes_partial = self.takes_partial(txn.kind)?;
        let (rrn, linked) = match txn.kind.names() {
            Names::Nothing if txn.kind == Kind::QrSale => return self.qr_sale(txn, own()?),
            Names::Key => {
                let original = self.original()?;
                return Ok(Message::Status(StatusInquiry { txn, original, rrn: own()? }));
            }
            Names::Nothing => (own()?, Linked::None),
            Names::Rrn => {
                let (rrn, of) = self.own_and_original()?;
                let auth = if self.has(38) { Some(self.auth()?) } else { None };
                (rrn, Linked::Rrn { rrn: of, auth, original: self.original()? })
            }
            Names::Auth => (own()?, Linked::Auth { auth: self.auth()?, date: self.dated()? }),
        };
        let card = self.card(self.has(52))?;
        let pin = if self.has(52) { Some(self.pin()?) } else { None };
        Ok(Message::Request(Request { txn, card, pin, rrn, linked, takes_partial }))
    }

    fn qr_sale(&self, txn: Txn, rrn: Option<Rrn>) -> Result<Message> {
        let entry = self.number::<22, 3>()?;
        if entry != WALLET_ENTRY {
            let found = format_args!("{entry:03}");
            return Err(WireError::value("DE22", self.at(22), found, "032, a code without a PIN"));
        }
        let text = self.exactly_62(18)?;
        let digit = |sum: u64, byte: &u8| sum * 10 + u64::from(byte - b'0');
        if !text.iter().all(u8::is_ascii_digit) {
            let expected = "eighteen digits";
            return Err(WireError::value("DE62", self.at(62), "something else", expected));
        }
        let wallet = WalletCode(text.iter().fold(0, digit));
        Ok(Message::QrSale(QrRequest { txn, wallet, rrn }))
    }

    /// DE61 of what names its original by the date alone: 61.1 and 61.2 are zero.
    fn dated(&self) -> Result<MonthDay> {
        let original = self.original()?;
        if original.batch == Batch(0) && original.stan == Stan(0) {
            return Ok(original.date);
        }
        let expected = "twelve zeros and a date";
        Err(WireError::value("DE61", self.at(61), "another value", expected))
    }

    fn advice(&self) -> Result<Message> {
        let txn = self.txn(Mti::M0220)?;
        self.undeclared()?;
        let card = if self.has(22) {
            Some(self.card(false)?)
        } else {
            self.presence((0, !CARD))?;
            None
        };
        let date = self.dated()?;
        if txn.kind == Kind::CompletionAdvice {
            self.presence((0, !bit(39)))?;
            let rrn = if self.has(37) { Some(self.rrn::<37>()?) } else { None };
            let auth = self.auth()?;
            return Ok(Message::CompletionAdvice(CompletionAdvice { txn, card, rrn, auth, date }));
        }
        let (rrn, original_rrn) = self.own_and_original()?;
        let repair = self.has(39);
        if repair && self.code()? != REPAIR {
            return Err(WireError::value("DE39", self.at(39), self.code()?, "RC"));
        }
        Ok(Message::Advice(Advice { txn, card, rrn, original_rrn, original_date: date, repair }))
    }

    /// Only a sale's request declares anything in DE60.6.
    pub(super) fn undeclared(&self) -> Result<()> {
        if self.units(60) != DECLARED {
            return Ok(());
        }
        let fault = Fault::Length { found: DECLARED, expected: 11 };
        Err(WireError::at("DE60", self.at(60) - 2, fault))
    }

    fn rrn_in_62(&self) -> Result<Rrn> {
        self.exactly_62(12)?;
        self.rrn::<62>()
    }

    fn exactly_62(&self, expected: usize) -> Result<&[u8]> {
        let span = self.scan.spans[61];
        let (start, found) = (usize::from(span.start), usize::from(span.units));
        if found != expected {
            return Err(WireError::at("DE62", start - 2, Fault::Length { found, expected }));
        }
        Ok(&self.bytes[start..start + found])
    }

    /// What is about no transaction: DE60.1 is 00, and DE60.3 names it.
    pub(super) fn unkinded(&self) -> Result<Network> {
        let network = self.network()?;
        self.undeclared()?;
        if network.kind == 0 {
            return Ok(network);
        }
        let found = format_args!("{:02}", network.kind);
        Err(WireError::value("DE60.1", self.at(60), found, "00"))
    }

    #[cold]
    pub(super) fn no_code(&self, network: Network, expected: &'static str) -> WireError {
        let found = format_args!("{:03}", network.code);
        WireError::value("DE60.3", self.at(60) + 4, found, expected)
    }

    pub(super) fn answer(&self) -> Result<Answer> {
        let (time, date) = self.clock()?;
        Ok(Answer { time, date, rrn: self.rrn::<37>()?, code: self.code()? })
    }

    fn management(&self) -> Result<Management> {
        let network = self.unkinded()?;
        let purpose = [Purpose::SignOff, Purpose::Echo]
            .into_iter()
            .find(|purpose| purpose_code(*purpose) == u64::from(network.code))
            .ok_or_else(|| self.no_code(network, "002 or 301"))?;
        Ok(Management { station: self.station(network)?, purpose })
    }

    fn sign_on(&self) -> Result<SignOn> {
        let network = self.unkinded()?;
        let keys = [KeyLength::Single, KeyLength::Double]
            .into_iter()
            .find(|keys| key_length_code(*keys) == u64::from(network.code))
            .ok_or_else(|| self.no_code(network, "001 or 003"))?;
        let Station { stan, terminal, merchant, batch } = self.station(network)?;
        Ok(SignOn { stan, terminal, merchant, batch, keys })
    }

    fn sign_on_reply(&self) -> Result<SignOnReply> {
        let request = self.sign_on()?;
        let (time, date) = self.clock()?;
        let code = self.code()?;
        let approved = code == ResponseCode::APPROVED;
        if approved != self.has(62) {
            return Err(if approved { self.misfit(bit(62), 0) } else { self.misfit(0, bit(62)) });
        }
        let wrapped = match request.keys {
            _ if !approved => None,
            KeyLength::Single => WrappedKeys::from_bytes(self.exactly_62(24)?),
            KeyLength::Double => WrappedKeys::from_bytes(self.exactly_62(40)?),
        };
        Ok(SignOnReply { request, time, date, rrn: self.rrn::<37>()?, code, wrapped })
    }
}
