//! A message printed, a part to a line: offset, name, length, value, and below that everything that is wrong
//! with it, with its place. What may be shown masked is settled by `suspect`; nothing is read here.

use super::error::{Fault, WireError};
use super::field::FIELDS;
use super::kind::Kind;
use super::mask::HIDDEN;
use super::mti::Mti;
use super::number::is_number;
use super::suspect::Suspect;
use super::text::{hex, holds};
use super::view::{Form, View};
use std::fmt::Write;

impl View<'_> {
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

    /// Every part on a line, then everything that is wrong and where. Masked, a value is shown if its field
    /// may be shown and the value cannot be a piece of a card number, track, PIN block or key: in a message
    /// whose fields add up each stands where it seems to; in any other, a value near card data is hidden. A
    /// value that has a whole card number in it is hidden wherever it stands, and where the fields do not add
    /// up so are neighbouring texts that make one together.
    pub fn dump(&self, masked: bool) -> String {
        let mut out = String::new();
        let (route, mti_at) = self.form().offsets();
        let suspect = Suspect::of(self);
        let heads = !masked || self.mti().and_then(Mti::from_bcd).is_some();
        let mut head = |at: usize, name: &str, part: Option<String>| {
            if let Some(part) = part {
                let shown = heads && !(masked && suspect.head(&part));
                line(&mut out, at, name, "", None, if shown { &part } else { HIDDEN });
            }
        };
        if self.form() == Form::Frame {
            head(0, "length", self.length().map(|length| length.to_string()));
        }
        head(route, "TPDU", self.tpdu().map(hex));
        head(route + 5, "header", self.header().map(hex));
        head(mti_at, "MTI", self.mti().map(|mti| hex(&mti)));
        // It says of three open fields only which of a few known values they hold.
        head(mti_at, "means", self.meaning());
        head(mti_at + 2, "bitmap", self.bitmap().map(|bitmap| hex(&bitmap.to_be_bytes())));
        let mut doubtful = false;
        for row in &FIELDS {
            if let (Some(text), Some((_, at, units))) = (self.text(row.de), self.place(row.de)) {
                let shown = match masked {
                    false => text,
                    true => suspect.shown(row.de, &text),
                };
                doubtful |= suspect.hides(row.de);
                line(&mut out, at, row.path, row.english, Some(units), &shown);
            }
        }
        if !self.unread().is_empty() {
            let shown = if masked { HIDDEN.to_owned() } else { hex(self.unread()) };
            line(&mut out, self.end(), "unread", "", Some(self.unread().len()), &shown);
        }
        for wrong in self.wrongs() {
            writeln!(out, "wrong  {wrong}").expect("a string takes any text");
        }
        if doubtful {
            out.push_str("hidden what may be a piece of card data\n");
        }
        out
    }

    /// The length in front of a frame.
    fn length(&self) -> Option<u16> {
        self.bytes().first_chunk::<2>().map(|prefix| u16::from_be_bytes(*prefix))
    }

    /// Everything that is wrong, with its place. No byte is quoted but those of the frame's own length: any
    /// other may belong to a card.
    pub fn wrongs(&self) -> Vec<String> {
        let mut wrongs = Vec::new();
        if let Some(mti) = self.mti()
            && Mti::from_bcd(mti).is_none()
        {
            let at = self.form().offsets().1;
            wrongs.push(format!("MTI at byte {at}: no message type of this profile"));
        }
        for de in self.fields() {
            if let (Some(at), Some((row, ..))) = (self.wrong_at(de), self.place(de)) {
                wrongs.push(format!("{} at byte {at}: not {}", row.path, holds(row.content)));
            }
        }
        if let Some((row, at, units)) = self.place(2)
            && !is_number(units)
        {
            wrongs.push(format!("{} at byte {at}: {units} digits are no card number", row.path));
        }
        wrongs.extend(self.error().map(|error| self.told(error)));
        wrongs
    }

    fn told(&self, error: &WireError) -> String {
        let path = error.path;
        let what = match &error.fault {
            Fault::Truncated { needed, found } if path == "frame length" => {
                format!("it says {needed} bytes, and {found} follow")
            }
            Fault::Truncated { .. } => "the bytes end inside it".to_owned(),
            Fault::OverMaximum { maximum, .. } => format!("longer than the {maximum} it may have"),
            Fault::NotDigit { .. } => "not digits".to_owned(),
            Fault::Trailing { found: 1 } => "1 byte after the last field".to_owned(),
            Fault::Trailing { found } => format!("{found} bytes after the last field"),
            Fault::Forbidden { message } => format!("not allowed in {message}"),
            Fault::Length { .. }
            | Fault::NotText { .. }
            | Fault::Padding
            | Fault::Value { .. }
            | Fault::Missing { .. } => "not as it should be".to_owned(),
        };
        format!("{path} at byte {}: {what}", error.offset)
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

    const CARD: &str = "6271845936081246";

    fn sale() -> Vec<u8> {
        let fields = [(2, CARD), (4, "000000000001"), (22, "012"), (41, "00000026")];
        encode("0200", &fields).expect("writable")
    }

    #[test]
    fn a_dump_has_columns_and_no_card() {
        assert_eq!(
            View::parse(&sale()).dump(true),
            "    0  MTI                                     0200\n\
            \x20   2  bitmap                                  5000040000800000\n\
            \x20  11  DE2    Primary account number       16  627184******1246\n\
            \x20  19  DE4    Amount, transaction          12  000000000001\n\
            \x20  25  DE22   POS entry mode                3  012\n\
            \x20  27  DE41   Terminal id                   8  00000026\n"
        );
        assert!(View::parse(&sale()).dump(false).contains(CARD));
    }

    #[test]
    fn one_wrong_field_hides_itself_alone_and_is_told() {
        let mut bytes = sale();
        bytes[21] = 0x0a;
        let dump = View::parse(&bytes).dump(true);
        for shown in ["627184******1246", "  012\n", "00000026"] {
            assert!(dump.contains(shown), "{dump}");
        }
        assert!(dump.contains("DE4    Amount, transaction          12  ********"), "{dump}");
        assert!(dump.ends_with("wrong  DE4 at byte 21: not digits\n"), "{dump}");
    }

    #[test]
    fn what_no_card_can_reach_is_shown_of_a_message_that_ends_early() {
        let bytes = sale();
        let dump = View::parse(&bytes[..30]).dump(true);
        assert!(dump.contains("DE22   POS entry mode                3  012"), "{dump}");
        assert!(dump.contains("wrong  DE41 at byte 27: the bytes end inside it"), "{dump}");
        assert!(dump.contains("hidden what may be"), "{dump}");
        assert!(!dump.contains("627184"), "{dump}");
    }

    /// What is shown of values.
    fn values(dump: &str) -> String {
        let parts = dump.lines().filter(|line| line.contains("  DE"));
        parts.filter_map(|line| line.get(47..)).collect::<Vec<_>>().join(" ")
    }

    /// Whatever one bit does, and wherever the message is cut: of the card beyond six and four digits, no
    /// three digits in a row are shown.
    #[test]
    fn one_flip_and_any_cut_show_no_piece_of_a_card() {
        let track = format!("{CARD}D49121010000012345678");
        let shifted = "627184593608123D49121010000012345678".to_owned();
        for fields in [
            vec![(2, CARD), (3, "000000"), (4, "000000000001"), (11, "000001"), (41, "00000026")],
            vec![(3, "000000"), (4, "000000000001"), (35, &track), (41, "00000026"), (49, "156")],
            vec![(3, "000000"), (22, "021"), (35, &shifted), (41, "00000026"), (49, "156")],
        ] {
            let whole = encode("0200", &fields).expect("writable");
            for bit in 0..whole.len() * 8 {
                let mut bytes = whole.clone();
                bytes[bit / 8] ^= 1 << (bit % 8);
                for end in (0..=bytes.len()).rev() {
                    let shown = values(&View::parse(&bytes[..end]).dump(true));
                    for middle in CARD.as_bytes()[6..12].windows(3) {
                        let piece = std::str::from_utf8(middle).expect("digits");
                        assert!(!shown.contains(piece), "bit {bit}, end {end}: {shown}");
                    }
                }
            }
        }
    }
}
