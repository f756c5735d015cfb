//! Frames in a byte stream, and the routing bytes in front of a message: length prefix, TPDU, header
//! (flows 1). What stands in the message is no business of this file.

use super::error::{Fault, WireError};
use serde::{Deserialize, Serialize};

/// Bytes of the length prefix, which does not count itself.
pub const PREFIX_BYTES: usize = 2;
/// The most a prefix may announce (soundness 21).
pub const MAX_BODY_BYTES: usize = 2048;
/// Prefix, TPDU and header: where the MTI stands in a whole frame.
pub const MTI_OFFSET: usize = PREFIX_BYTES + ROUTE_BYTES;
/// TPDU 5 and header 6.
pub(crate) const ROUTE_BYTES: usize = 11;

/// Cuts a TCP byte stream into frames: chunks of any size in, whole frames out.
#[derive(Clone, Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    start: usize,
}

impl Framer {
    /// A framer at the start of a stream. Use a new one per connection.
    pub fn new() -> Framer {
        Framer::default()
    }

    /// Takes what one read brought.
    pub fn push(&mut self, chunk: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(chunk);
    }

    /// Clears `out` and copies the next whole frame into it, prefix included; false while it is
    /// incomplete. Only what was pushed is ever kept, so a long prefix cannot make it reserve memory.
    ///
    /// # Errors
    /// A prefix over [`MAX_BODY_BYTES`]: the connection must be closed, since nothing after it can be
    /// found again (soundness 21). Every later call says the same.
    pub fn pull(&mut self, out: &mut Vec<u8>) -> Result<bool, WireError> {
        out.clear();
        let waiting = &self.buffer[self.start..];
        let Some((prefix, body)) = waiting.split_first_chunk::<PREFIX_BYTES>() else {
            return Ok(false);
        };
        let length = usize::from(u16::from_be_bytes(*prefix));
        if length > MAX_BODY_BYTES {
            let fault = Fault::OverMaximum { found: length, maximum: MAX_BODY_BYTES };
            return Err(WireError::at("frame length", 0, fault));
        }
        if body.len() < length {
            return Ok(false);
        }
        out.extend_from_slice(&waiting[..PREFIX_BYTES + length]);
        self.start += PREFIX_BYTES + length;
        if self.start == self.buffer.len() {
            self.buffer.clear();
            self.start = 0;
        }
        Ok(true)
    }

    /// Bytes that wait for the rest of their frame.
    pub fn pending(&self) -> usize {
        self.buffer.len() - self.start
    }
}

/// What the centre asks of the terminal in a reply's header (flows 1). Acted on after the current
/// transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// 0: nothing.
    #[default]
    None,
    /// 1: download the magstripe parameters.
    DownloadMagstripeParameters,
    /// 2: upload the terminal's status.
    UploadStatus,
    /// 3: sign on again.
    SignOnAgain,
    /// 4: update the public keys.
    UpdatePublicKeys,
    /// 5: download the chip parameters.
    DownloadChipParameters,
    /// 6: download from the terminal management system.
    DownloadTms,
    /// 7: fetch the blacklist.
    FetchBlacklist,
    /// 8: fetch the exchange rates.
    FetchExchangeRates,
}

impl Requirement {
    const ALL: [Requirement; 9] = [
        Requirement::None,
        Requirement::DownloadMagstripeParameters,
        Requirement::UploadStatus,
        Requirement::SignOnAgain,
        Requirement::UpdatePublicKeys,
        Requirement::DownloadChipParameters,
        Requirement::DownloadTms,
        Requirement::FetchBlacklist,
        Requirement::FetchExchangeRates,
    ];

    /// The header digit.
    pub const fn digit(self) -> u8 {
        self as u8
    }

    /// The requirement with this header digit, if it has a meaning.
    pub fn from_digit(digit: u8) -> Option<Requirement> {
        Requirement::ALL.get(usize::from(digit)).copied()
    }
}

/// Where a frame goes and comes from: TPDU addresses, and the header's requirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// TPDU destination, as its two bytes.
    pub dst: u16,
    /// TPDU source, as its two bytes.
    pub src: u16,
    /// The header's processing requirement; only a centre sets one, in replies.
    pub requirement: Requirement,
}

impl Route {
    /// A route that requires nothing.
    pub const fn new(dst: u16, src: u16) -> Route {
        Route { dst, src, requirement: Requirement::None }
    }

    /// The way back: destination and source swapped (flows 1). Requires nothing unless told to.
    pub const fn reply(self) -> Route {
        Route::new(self.src, self.dst)
    }

    /// The same way with a requirement for the terminal.
    pub const fn requiring(self, requirement: Requirement) -> Route {
        Route { requirement, ..self }
    }

    /// TPDU and header: magstripe finance, software of 2010, normal state.
    pub(crate) fn bytes(self) -> [u8; ROUTE_BYTES] {
        let [dst_high, dst_low] = self.dst.to_be_bytes();
        let [src_high, src_low] = self.src.to_be_bytes();
        let state = self.requirement.digit();
        [0x60, dst_high, dst_low, src_high, src_low, 0x60, 0x31, state, 0, 0, 0]
    }

    /// Reads TPDU and header; `offset` is where they stand in the frame.
    pub(crate) fn read(bytes: &[u8; ROUTE_BYTES], offset: usize) -> Result<Route, WireError> {
        let [tpdu, dst_high, dst_low, src_high, src_low, application, version, state, sub @ ..] =
            *bytes;
        if tpdu != 0x60 {
            return Err(WireError::value("TPDU", offset, format_args!("{tpdu:02X}"), "60"));
        }
        if !(0x60..=0x63).contains(&application) {
            let found = format_args!("{application:02X}");
            return Err(WireError::value(
                "header.1",
                offset + 5,
                found,
                "application type 60 to 63",
            ));
        }
        for (index, byte) in [version, state, sub[0], sub[1], sub[2]].into_iter().enumerate() {
            if let Some(found) = bad_nibble(byte) {
                return Err(WireError::at("header", offset + 6 + index, Fault::NotDigit { found }));
            }
        }
        let requirement = Requirement::from_digit(state & 0x0f).filter(|_| state >> 4 <= 1);
        let Some(requirement) = requirement else {
            let (found, expected) =
                (format_args!("{state:02X}"), "state 0 or 1, requirement 0 to 8");
            return Err(WireError::value("header.3", offset + 7, found, expected));
        };
        Ok(Route {
            dst: u16::from_be_bytes([dst_high, dst_low]),
            src: u16::from_be_bytes([src_high, src_low]),
            requirement,
        })
    }
}

/// The first nibble of a byte that is no decimal digit.
pub(crate) fn bad_nibble(byte: u8) -> Option<u8> {
    [byte >> 4, byte & 0x0f].into_iter().find(|nibble| *nibble > 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(chunks: &[&[u8]], frames: &[&[u8]], pending: usize) {
        let (mut framer, mut out, mut seen) = (Framer::new(), Vec::new(), Vec::new());
        for chunk in chunks {
            framer.push(chunk);
            while framer.pull(&mut out).expect("no frame here is too long") {
                seen.push(out.clone());
            }
        }
        assert_eq!(seen, frames);
        assert_eq!(framer.pending(), pending);
    }

    #[test]
    fn frames_are_found_however_the_stream_is_cut() {
        check(&[&[0, 2, 7, 8]], &[&[0, 2, 7, 8]], 0);
        check(&[&[0], &[2], &[7], &[8]], &[&[0, 2, 7, 8]], 0);
        check(&[&[0, 1, 7, 0, 1, 8, 0, 1]], &[&[0, 1, 7], &[0, 1, 8]], 2);
        check(&[&[0, 1, 7, 0], &[0, 0, 1, 9]], &[&[0, 1, 7], &[0, 0], &[0, 1, 9]], 0);
    }

    #[test]
    fn a_prefix_over_the_maximum_ends_the_stream() {
        let (mut framer, mut out) = (Framer::new(), vec![1]);
        framer.push(&[0x08, 0x01]);
        for _ in 0..2 {
            let error = framer.pull(&mut out).expect_err("2049 is one too many");
            assert_eq!((error.path, error.offset), ("frame length", 0));
            assert_eq!(error.fault, Fault::OverMaximum { found: 2049, maximum: 2048 });
        }
        assert!(out.is_empty());
        let mut framer = Framer::new();
        framer.push(&[0x08, 0x00]);
        assert_eq!(framer.pull(&mut out), Ok(false));
    }

    #[test]
    fn routes_are_read_back_and_swap() {
        for digit in 0..=8 {
            let requirement = Requirement::from_digit(digit).expect("0 to 8 have a meaning");
            let route = Route::new(0x0003, 0x1234).requiring(requirement);
            assert_eq!(Route::read(&route.bytes(), 2), Ok(route));
            assert_eq!(route.reply(), Route::new(0x1234, 0x0003));
        }
        let mut bytes = Route::default().bytes();
        bytes[7] = 0x09;
        let error = Route::read(&bytes, 2).expect_err("9 has no meaning");
        assert_eq!((error.path, error.offset), ("header.3", 9));
    }
}
