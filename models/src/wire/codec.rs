//! Messages to frames and back: the two doors of the strict form, and the MAC at them. How each field is
//! written stands in `write`, how it is read in `read`; nothing here prints.

use super::error::WireError;
use super::frame::Route;
use super::key::MacKey;
use super::mac::ecb_mac;
use super::message::Message;
use super::{read, write};

/// Appends one complete frame to `out`: length prefix, TPDU, header, MTI to DE64. With a key, DE64 is the
/// MAC over MTI..DE63; without one, or on sign-on, there is no DE64.
///
/// # Panics
/// On a message that its own field widths cannot carry: a caller's bug.
pub fn encode(message: &Message, route: Route, mac: Option<&MacKey>, out: &mut Vec<u8>) {
    write::message(message, route, mac, out);
}

/// Reads one complete frame strictly: nothing missing, nothing extra, nothing out of place, digits really
/// digits and dates really dates. Says nothing about the MAC: [`Received::verify`] does.
///
/// # Errors
/// The first thing wrong, with its path and its offset from the start of the frame.
pub fn decode(frame: &[u8]) -> Result<Received<'_>, WireError> {
    read::frame(frame)
}

/// A frame that made sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// What it says.
    pub message: Message,
    /// Where it goes and comes from.
    pub route: Route,
    pub(super) signed: &'a [u8],
    pub(super) mac: Option<[u8; 8]>,
}

/// What DE64 is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacCheck {
    /// It is the MAC of the received bytes under the key.
    Good,
    /// It is not.
    Bad,
    /// There is none; right only for sign-on (flows 12).
    Missing,
}

impl Received<'_> {
    /// Compares DE64 with the MAC of the bytes as received, never of a re-encoding.
    pub fn verify(&self, key: &MacKey) -> MacCheck {
        let Some(mac) = self.mac else { return MacCheck::Missing };
        let expected = u64::from_ne_bytes(ecb_mac(key, self.signed));
        if expected ^ u64::from_ne_bytes(mac) == 0 { MacCheck::Good } else { MacCheck::Bad }
    }
}
