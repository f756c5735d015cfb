//! The lenient form: any bytes, read as far as the table carries, never failing. For traces, dumps and
//! vectors; parties decide on the strict form only. How it is printed is in `dump`.

use super::error::{Fault, WireError};
use super::field::{Field, field};
use super::frame::{MAX_BODY_BYTES, PREFIX_BYTES, ROUTE_BYTES};
use super::mti::Mti;
use super::scan::{Scan, bit};
use super::text::{first_wrong, show};

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
    pub(super) fn offsets(self) -> (usize, usize) {
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

    /// A field's row, where its content begins, and its length in the row's unit.
    pub(super) fn place(&self, de: u8) -> Option<(&'static Field, usize, usize)> {
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
        self.bytes.get(self.end()..).unwrap_or_default()
    }

    /// The first byte that no field covers.
    pub(super) fn end(&self) -> usize {
        self.scan.end
    }

    /// Everything that was given.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Where a field first is not what its row says, in bytes from the start of what was parsed.
    pub fn wrong_at(&self, de: u8) -> Option<usize> {
        let (row, start, units) = self.place(de)?;
        first_wrong(row, self.field(de)?, units).map(|at| start + at)
    }

    /// Whether a known message type's bitmap and lengths use the bytes up, one field behind the other: then
    /// each field stands where it seems to.
    pub fn adds_up(&self) -> bool {
        self.error.is_none()
            && self.unread().is_empty()
            && self.mti().and_then(Mti::from_bcd).is_some()
    }

    /// Whether it adds up and every field holds what its row says.
    pub fn is_clean(&self) -> bool {
        self.adds_up() && self.fields().all(|de| self.wrong_at(de).is_none())
    }
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
    fn a_message_that_does_not_read_cleanly_is_not_clean() {
        for (at, flip) in [(2, 0x40), (3, 0x04), (10, 0x04), (19, 0x0b), (0, 0x01)] {
            let mut bytes = sale();
            bytes[at] ^= flip;
            assert!(!View::parse(&bytes).is_clean(), "byte {at}");
        }
    }

    #[test]
    fn nothing_is_too_short_or_too_long() {
        assert_eq!(View::parse(&[]).error().map(|error| error.path), Some("MTI"));
        assert_eq!(View::parse(&[2]).mti(), None);
        assert_eq!(View::parse(&[0; 70_000]).error().map(|error| error.path), Some("frame"));
    }
}
