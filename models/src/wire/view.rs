//! The lenient form: any bytes, read as far as the table carries, never failing. For traces, dumps and
//! vectors; parties decide on the strict form only. Printing is masked unless asked otherwise.

use super::error::{Fault, WireError};
use super::field::{FIELDS, Field, field};
use super::frame::{MAX_BODY_BYTES, PREFIX_BYTES, ROUTE_BYTES};
use super::kind::Kind;
use super::mask::{HIDDEN, mask};
use super::mti::Mti;
use super::scan::{Scan, bit};
use super::text::{hex, is_plausible, show};
use std::fmt::Write;

/// What the bytes began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The 2-byte length prefix.
    Frame,
    /// The TPDU.
    Tpdu,
    /// The MTI.
    Bare,
}

impl Form {
    /// A sniff. No prefix is 0x60nn, since that is far over the maximum; a prefix that fits exactly, or a
    /// TPDU and a header behind two bytes, tells a frame from an MTI.
    fn of(bytes: &[u8]) -> Form {
        let at = |index: usize| bytes.get(index).copied().unwrap_or(0);
        if at(0) == 0x60 {
            return Form::Tpdu;
        }
        let prefix = usize::from(u16::from_be_bytes([at(0), at(1)]));
        let header = (0x60..=0x63).contains(&at(7));
        let fits = prefix + PREFIX_BYTES == bytes.len();
        if at(2) == 0x60 && (fits || header) { Form::Frame } else { Form::Bare }
    }

    /// Where TPDU and header, and where the MTI stand.
    fn offsets(self) -> (usize, usize) {
        match self {
            Form::Frame => (PREFIX_BYTES, PREFIX_BYTES + ROUTE_BYTES),
            Form::Tpdu => (0, ROUTE_BYTES),
            Form::Bare => (0, 0),
        }
    }
}

/// Borrowed bytes and what stands where in them.
#[derive(Clone, Debug)]
pub struct View<'a> {
    bytes: &'a [u8],
    form: Form,
    scan: Scan,
    error: Option<WireError>,
}

impl<'a> View<'a> {
    /// Reads whatever there is. A frame is read up to its own length; a wrong length is noted and the rest
    /// is read all the same.
    pub fn parse(bytes: &'a [u8]) -> View<'a> {
        let form = Form::of(bytes);
        let (mut read, mut error) = (bytes, None);
        let most = PREFIX_BYTES + MAX_BODY_BYTES;
        if bytes.len() > most {
            let fault = Fault::OverMaximum { found: bytes.len(), maximum: most };
            error = Some(WireError::at("frame", 0, fault));
            read = &bytes[..most];
        }
        if let (Form::Frame, Some((prefix, body))) = (form, bytes.split_first_chunk()) {
            let needed = usize::from(u16::from_be_bytes(*prefix));
            if needed > body.len() {
                let fault = Fault::Truncated { needed, found: body.len() };
                error.get_or_insert(WireError::at("frame length", 0, fault));
            } else {
                read = &read[..(PREFIX_BYTES + needed).min(read.len())];
            }
        }
        let mut scan = Scan::NOTHING;
        let walked = scan.walk(read, form.offsets().1);
        let error = error.or(walked.err());
        View { bytes, form, scan, error }
    }

    /// What the bytes began with.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The first thing that is wrong, if any: the length prefix, or where reading fields stopped.
    pub fn error(&self) -> Option<&WireError> {
        self.error.as_ref()
    }

    /// The TPDU's five bytes.
    pub fn tpdu(&self) -> Option<&'a [u8]> {
        self.route(0..5)
    }

    /// The header's six bytes.
    pub fn header(&self) -> Option<&'a [u8]> {
        self.route(5..ROUTE_BYTES)
    }

    fn route(&self, part: std::ops::Range<usize>) -> Option<&'a [u8]> {
        let (start, mti) = self.form.offsets();
        if mti == 0 {
            return None;
        }
        self.bytes.get(start + part.start..start + part.end)
    }

    /// The two MTI bytes, if they were reached.
    pub fn mti(&self) -> Option<[u8; 2]> {
        (self.scan.end >= self.form.offsets().1 + 2).then_some(self.scan.mti)
    }

    /// The bitmap as sent, if it was reached: the highest bit is DE1.
    pub fn bitmap(&self) -> Option<u64> {
        (self.scan.end >= self.form.offsets().1 + 10).then_some(self.scan.bitmap)
    }

    /// The bytes from the MTI up to DE64, over which DE64 is made.
    pub fn signed(&self) -> &'a [u8] {
        let end = self.offset(64).unwrap_or(self.scan.end);
        self.bytes.get(self.form.offsets().1..end).unwrap_or_default()
    }

    /// The data elements that were reached whole, in order.
    pub fn fields(&self) -> impl Iterator<Item = u8> + use<> {
        let found = self.scan.found;
        (1..=64).filter(move |de| found & bit(*de) != 0)
    }

    /// The raw bytes of a field, without its length prefix.
    pub fn field(&self, de: u8) -> Option<&'a [u8]> {
        let (row, start, units) = self.place(de)?;
        self.bytes.get(start..start + row.bytes(units))
    }

    /// The length of a field in nibbles or bytes, whichever its row counts.
    pub fn units(&self, de: u8) -> Option<usize> {
        self.place(de).map(|(_, _, units)| units)
    }

    /// Where a field's content begins, in bytes from the start of what was parsed.
    pub fn offset(&self, de: u8) -> Option<usize> {
        self.place(de).map(|(_, start, _)| start)
    }

    fn place(&self, de: u8) -> Option<(&'static Field, usize, usize)> {
        if !(1..=64).contains(&de) {
            return None;
        }
        let span = self.scan.span(de)?;
        Some((field(de), usize::from(span.start), usize::from(span.units)))
    }

    /// A field's value as text, in the clear: digits and `D`, characters, or hex bytes.
    pub fn text(&self, de: u8) -> Option<String> {
        let (row, _, units) = self.place(de)?;
        Some(show(row, self.field(de)?, units))
    }

    /// Bytes that no field covers.
    pub fn unread(&self) -> &'a [u8] {
        self.bytes.get(self.scan.end..).unwrap_or_default()
    }

    /// Whether the bytes were used up and every field holds what its row says. If not, what looks like an
    /// amount may be a piece of a track, and nothing may be shown.
    pub fn is_clean(&self) -> bool {
        self.error.is_none()
            && self.unread().is_empty()
            && self.mti().and_then(Mti::from_bcd).is_some()
            && self.fields().all(|de| {
                self.place(de)
                    .zip(self.field(de))
                    .is_some_and(|((row, _, units), bytes)| is_plausible(row, bytes, units))
            })
    }

    /// What the message is about, in both languages, where the table of kinds or of management codes has it.
    fn meaning(&self) -> Option<String> {
        let mti = self.mti().and_then(Mti::from_bcd)?;
        let network = self.text(60)?;
        let code = |de: u8| self.text(de)?.parse::<u32>().ok();
        let part = |from: usize, to: usize| network.get(from..to)?.parse::<u32>().ok();
        if let (Some(de3), Some(de25), Some(de60_1)) = (code(3), code(25), part(0, 2)) {
            let (de25, de60_1) = (u8::try_from(de25).ok()?, u8::try_from(de60_1).ok()?);
            let kind = Kind::from_codes(de3, de25, de60_1).filter(|kind| mti.may_be(*kind))?;
            let row = kind.row();
            let private = if row.private { ", private to this model" } else { "" };
            return Some(format!("{} {}{private}", row.english, row.chinese));
        }
        let (english, chinese) = match (mti, part(8, 11)?) {
            (Mti::M0800 | Mti::M0810, 1 | 3 | 4) => ("sign-on", "签到"),
            (Mti::M0820 | Mti::M0830, 2) => ("sign-off", "签退"),
            (Mti::M0820 | Mti::M0830, 301) => ("echo test", "回响测试"),
            (Mti::M0500 | Mti::M0510, 201) => ("batch settlement", "批结算"),
            (Mti::M0320 | Mti::M0330, 201) => ("batch upload", "批上送"),
            (Mti::M0320 | Mti::M0330, 202) => ("batch upload end, unbalanced", "批上送结束(不平)"),
            (Mti::M0320 | Mti::M0330, 207) => ("batch upload end, balanced", "批上送结束(平)"),
            _ => return None,
        };
        Some(format!("{english} {chinese}"))
    }

    /// Every part on a line: offset, name, length, value. Masked, it shows values only of a clean message
    /// of a known type, and of those only what [`mask`] lets through.
    pub fn dump(&self, masked: bool) -> String {
        let mut out = String::new();
        let (route, mti_at) = self.form.offsets();
        let known = self.mti().and_then(Mti::from_bcd).is_some();
        let values = !masked || self.is_clean();
        let heads = !masked || known;
        let mut head = |at: usize, name: &str, part: Option<String>| {
            if let Some(part) = part {
                let shown = if heads { part.as_str() } else { HIDDEN };
                line(&mut out, at, name, "", None, shown);
            }
        };
        if self.form == Form::Frame {
            head(
                0,
                "length",
                self.bytes.first_chunk::<2>().map(|p| u16::from_be_bytes(*p).to_string()),
            );
        }
        head(route, "TPDU", self.tpdu().map(hex));
        head(route + 5, "header", self.header().map(hex));
        head(mti_at, "MTI", self.mti().map(|mti| hex(&mti)));
        if let Some(meaning) = self.meaning() {
            let shown = if values { meaning.as_str() } else { HIDDEN };
            line(&mut out, mti_at, "means", "", None, shown);
        }
        let mut head = |at: usize, name: &str, part: Option<String>| {
            if let Some(part) = part {
                line(&mut out, at, name, "", None, if heads { &part } else { HIDDEN });
            }
        };
        head(mti_at + 2, "bitmap", self.bitmap().map(|bitmap| hex(&bitmap.to_be_bytes())));
        for row in &FIELDS {
            if let (Some(text), Some((_, at, units))) = (self.text(row.de), self.place(row.de)) {
                let shown = match (masked, values) {
                    (false, _) => text,
                    (true, true) => mask(row.de, &text),
                    (true, false) => HIDDEN.to_owned(),
                };
                line(&mut out, at, row.path, row.english, Some(units), &shown);
            }
        }
        if !self.unread().is_empty() {
            let shown = if masked { HIDDEN.to_owned() } else { hex(self.unread()) };
            line(&mut out, self.scan.end, "unread", "", Some(self.unread().len()), &shown);
        }
        if let Some(error) = &self.error {
            // The offending byte may belong to a card: masked, only the place is told.
            let told = if masked {
                format!("{} at byte {}", error.path, error.offset)
            } else {
                error.to_string()
            };
            writeln!(out, "error  {told}").expect("a string takes any text");
        }
        out
    }
}

fn line(out: &mut String, at: usize, name: &str, long: &str, units: Option<usize>, value: &str) {
    let units = units.map_or(String::new(), |units| units.to_string());
    writeln!(out, "{at:>5}  {name:<7}{long:<27}{units:>4}  {value}")
        .expect("a string takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::text::encode;

    fn sale() -> Vec<u8> {
        encode(
            "0200",
            &[(2, "6200000000000005"), (4, "000000000001"), (22, "012"), (41, "00000026")],
        )
        .expect("writable")
    }

    #[test]
    fn forms_are_told_apart() {
        let bare = sale();
        let mut routed = vec![0x60, 0, 3, 0, 0, 0x60, 0x31, 0, 1, 0x10, 1];
        routed.extend(&bare);
        let mut whole = (routed.len() as u16).to_be_bytes().to_vec();
        whole.extend(&routed);
        for (bytes, form, offset) in
            [(bare, Form::Bare, 11), (routed, Form::Tpdu, 22), (whole, Form::Frame, 24)]
        {
            let view = View::parse(&bytes);
            assert_eq!((view.form(), view.error(), view.offset(2)), (form, None, Some(offset)));
            assert_eq!(view.text(22).as_deref(), Some("012"));
            assert_eq!(view.tpdu().is_some(), form != Form::Bare);
            assert!(view.is_clean() && view.unread().is_empty());
        }
    }

    #[test]
    fn a_dump_has_columns_and_no_card() {
        let dump = View::parse(&sale()).dump(true);
        assert_eq!(
            dump,
            "    0  MTI                                     0200\n\
            \x20   2  bitmap                                  5000040000800000\n\
            \x20  11  DE2    Primary account number       16  620000******0005\n\
            \x20  19  DE4    Amount, transaction          12  000000000001\n\
            \x20  25  DE22   POS entry mode                3  012\n\
            \x20  27  DE41   Terminal id                   8  00000026\n"
        );
        assert!(View::parse(&sale()).dump(false).contains("6200000000000005"));
    }

    #[test]
    fn what_does_not_read_cleanly_shows_no_value() {
        for (at, flip) in [(2, 0x40), (3, 0x04), (10, 0x04), (19, 0x0b), (0, 0x01)] {
            let mut bytes = sale();
            bytes[at] ^= flip;
            let view = View::parse(&bytes);
            assert!(!view.is_clean(), "byte {at}");
            let dump = view.dump(true);
            assert!(!dump.contains("62") && !dump.contains("0005"), "{dump}");
        }
    }

    #[test]
    fn nothing_is_too_short_or_too_long() {
        assert_eq!(View::parse(&[]).error().map(|error| error.path), Some("MTI"));
        assert_eq!(View::parse(&[2]).mti(), None);
        assert_eq!(View::parse(&[0; 70_000]).error().map(|error| error.path), Some("frame"));
    }
}
