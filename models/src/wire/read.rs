//! Bytes into the typed message, strictly. Fields are found by `scan`; here they are judged. Every error
//! names the field and the offset; none quotes a card.

use super::bcd;
use super::codec::{Received, kinds};
use super::error::{Fault, WireError};
use super::field::field;
use super::frame::{MAX_BODY_BYTES, MTI_OFFSET, PREFIX_BYTES, Route};
use super::key::WrappedKeys;
use super::message::*;
use super::read_card::{CARD, PIN};
use super::reader::{Reader, Result};
use super::scan::{Scan, bit, bits};
use super::write::{is_date, key_length_code};
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay};

const FINANCIAL: u64 = bits(&[3, 4, 11, 25, 41, 42, 49, 60]);
const REPLY: u64 = FINANCIAL | bits(&[12, 13, 15, 37, 39]);

/// The fields that each message type must and may carry (fields.csv).
const fn shape(mti: Mti) -> (u64, u64) {
    match mti {
        Mti::M0200 => (FINANCIAL | bit(22), CARD | PIN | bits(&[37, 64])),
        Mti::M0210 | Mti::M0230 | Mti::M0410 | Mti::M0430 => (REPLY, bits(&[38, 64])),
        Mti::M0220 => (FINANCIAL | bits(&[37, 61]), CARD | bits(&[22, 62, 64])),
        Mti::M0400 => (FINANCIAL | bits(&[39, 61]), bit(64)),
        Mti::M0420 => (FINANCIAL | bits(&[37, 39]), bit(64)),
        Mti::M0800 => (bits(&[11, 41, 42, 60]), 0),
        Mti::M0810 => (bits(&[11, 12, 13, 37, 39, 41, 42, 60]), bit(62)),
    }
}

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

impl Reader<'_> {
    fn body(&self, mti: Mti) -> Result<Message> {
        Ok(match mti {
            Mti::M0800 => Message::SignOn(self.sign_on()?),
            Mti::M0810 => Message::SignOnReply(self.sign_on_reply()?),
            Mti::M0200 => Message::Request(self.request()?),
            Mti::M0210 => Message::Reply(self.reply(mti)?),
            Mti::M0220 => Message::Advice(self.advice()?),
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
        let (kind, batch, code) = self.network()?;
        if code != 0 {
            return Err(WireError::value(
                "DE60.3",
                self.at(60) + 4,
                format_args!("{code:03}"),
                "000",
            ));
        }
        if &self.chunk::<49, 3>() != b"156" {
            return Err(WireError::value("DE49", self.at(49), "another currency", "156"));
        }
        Ok(Txn {
            kind: self.kind(mti, kind)?,
            amount: Fen(self.number::<4, 12>()?.cast_signed()),
            stan: self.stan()?,
            terminal: TerminalId(self.printable::<41, 8>()?),
            merchant: MerchantId(self.printable::<42, 15>()?),
            batch,
        })
    }

    /// DE3, DE25 and DE60.1 together name the transaction; the first that fits no allowed one is at fault.
    fn kind(&self, mti: Mti, de60_1: u8) -> Result<Kind> {
        let de3 = self.number::<3, 6>()? as u32;
        let de25 = self.number::<25, 2>()? as u8;
        let allowed = kinds(mti);
        if let Some(kind) =
            Kind::from_codes(de3, de25, de60_1).filter(|kind| allowed.contains(kind))
        {
            return Ok(kind);
        }
        const EXPECTED: &str = "a transaction that this message type has";
        if allowed.iter().all(|kind| kind.codes().0 != de3) {
            return Err(WireError::value("DE3", self.at(3), format_args!("{de3:06}"), EXPECTED));
        }
        if allowed.iter().all(|kind| kind.codes().1 != de25) {
            return Err(WireError::value("DE25", self.at(25), format_args!("{de25:02}"), EXPECTED));
        }
        Err(WireError::value("DE60.1", self.at(60), format_args!("{de60_1:02}"), EXPECTED))
    }

    /// DE60.1, 60.2, 60.3.
    fn network(&self) -> Result<(u8, Batch, u16)> {
        let number = self.number::<60, 11>()?;
        let batch = Batch((number / 1000 % 1_000_000) as u32);
        Ok(((number / 1_000_000_000) as u8, batch, (number % 1000) as u16))
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

    fn rrn<const DE: u8>(&self) -> Result<Rrn> {
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
            .ok_or_else(|| WireError::value("DE39", self.at(39), code, "98, 96, A0 or 06"))
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
        let auth = if self.has(38) { Some(AuthCode(self.alphanumeric::<38, 6>()?)) } else { None };
        Ok(Reply {
            txn: self.txn(mti)?,
            time,
            date,
            clearing_date: self.date::<15>()?,
            rrn: self.rrn::<37>()?,
            auth,
            code: self.code()?,
        })
    }

    fn request(&self) -> Result<Request> {
        let card = self.card(self.has(52))?;
        let pin = if self.has(52) { Some(self.pin()?) } else { None };
        let rrn = if self.has(37) { Some(self.rrn::<37>()?) } else { None };
        Ok(Request { txn: self.txn(Mti::M0200)?, card, pin, rrn })
    }

    fn advice(&self) -> Result<Advice> {
        let card = if self.has(22) {
            Some(self.card(false)?)
        } else {
            self.presence((0, !CARD))?;
            None
        };
        let original = self.original()?;
        if original.batch != Batch(0) || original.stan != Stan(0) {
            let (found, expected) = ("another value", "twelve zeros on a refund");
            return Err(WireError::value("DE61", self.at(61), found, expected));
        }
        let first = self.rrn::<37>()?;
        let (rrn, original_rrn) =
            if self.has(62) { (Some(first), self.rrn_in_62()?) } else { (None, first) };
        let original_date = original.date;
        Ok(Advice { txn: self.txn(Mti::M0220)?, card, rrn, original_rrn, original_date })
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

    fn sign_on(&self) -> Result<SignOn> {
        let (kind, batch, code) = self.network()?;
        if kind != 0 {
            return Err(WireError::value("DE60.1", self.at(60), format_args!("{kind:02}"), "00"));
        }
        let keys = [KeyLength::Single, KeyLength::Double]
            .into_iter()
            .find(|keys| key_length_code(*keys) == u64::from(code))
            .ok_or_else(|| {
                let found = format_args!("{code:03}");
                WireError::value("DE60.3", self.at(60) + 4, found, "001 or 003")
            })?;
        Ok(SignOn {
            stan: self.stan()?,
            terminal: TerminalId(self.printable::<41, 8>()?),
            merchant: MerchantId(self.printable::<42, 15>()?),
            batch,
            keys,
        })
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
