//! Which fields a message must and may carry: by its type, then by what it is about (fields.csv). No byte
//! is looked at here.

use super::kind::{Kind, Names};
use super::mti::Mti;
use super::read_card::{CARD, PIN};
use super::scan::{bit, bits};
use super::write::{tells_balance, tells_original};
use crate::ids::ResponseCode;

/// The fields that [`kind_shape`] speaks of.
pub(super) const HANGS_ON_KIND: u64 = CARD | PIN | bits(&[4, 22, 37, 38, 54, 61, 62]);
/// What every financial message carries; DE4 as well, unless it is an inquiry's.
const FINANCIAL: u64 = bits(&[3, 11, 25, 41, 42, 49, 60]);
const REPLY: u64 = FINANCIAL | bits(&[12, 13, 15, 37, 39]);
const ANSWER: u64 = bits(&[12, 13, 37, 39]);

/// The fields that each message type must and may carry (fields.csv), whatever it is about. What a kind
/// of transaction needs besides is said by [`kind_shape`].
pub(super) const fn shape(mti: Mti) -> (u64, u64) {
    const REQUEST: (u64, u64) = (FINANCIAL, CARD | PIN | bits(&[4, 22, 37, 38, 61, 62, 64]));
    const ITEM: u64 = bits(&[3, 4, 25, 37, 49]);
    const STATION: u64 = bits(&[11, 41, 42, 60]);
    match mti {
        Mti::M0100 | Mti::M0200 => REQUEST,
        Mti::M0110 | Mti::M0210 => (REPLY, bits(&[4, 38, 54, 62, 64])),
        Mti::M0230 | Mti::M0410 | Mti::M0430 => (REPLY | bit(4), bits(&[38, 64])),
        Mti::M0220 => (FINANCIAL | bits(&[4, 61]), CARD | bits(&[22, 37, 38, 39, 62, 64])),
        Mti::M0320 => (STATION, ITEM | bits(&[48, 64])),
        Mti::M0330 => (STATION | ANSWER, bit(64)),
        Mti::M0400 => (FINANCIAL | bits(&[4, 39, 61]), bit(64)),
        Mti::M0420 => (FINANCIAL | bits(&[4, 37, 39]), bit(64)),
        Mti::M0500 => (STATION | bits(&[48, 49]), 0),
        Mti::M0510 => (STATION | ANSWER | bits(&[48, 49]), 0),
        Mti::M0800 | Mti::M0820 => (STATION, 0),
        Mti::M0810 => (STATION | ANSWER, bit(62)),
        Mti::M0830 => (STATION | ANSWER, 0),
    }
}

/// The fields that a message of one kind must and may carry, of those that hang on the kind: amount, card,
/// and what names an original.
pub(super) const fn kind_shape(mti: Mti, kind: Kind, code: ResponseCode) -> (u64, u64) {
    let amount = if kind.has_amount() { bit(4) } else { 0 };
    let asks = matches!(mti, Mti::M0100 | Mti::M0200 | Mti::M0220);
    let (must, may) = if asks {
        let card = match kind {
            Kind::Status => (0, 0),
            Kind::QrSale => (bit(22), 0),
            // An advice is repeated without its card.
            Kind::Refund | Kind::CompletionAdvice => (0, CARD | bit(22)),
            _ => (bit(22), CARD | PIN),
        };
        let original = match (kind.names(), kind) {
            (Names::Nothing, Kind::QrSale) => (bit(62), bit(37)),
            (Names::Nothing, _) => (0, bit(37)),
            (Names::Rrn, Kind::Void) => (bits(&[37, 61]), bits(&[38, 62])),
            (Names::Rrn, Kind::CompletionVoid) => (bits(&[37, 38, 61]), bit(62)),
            (Names::Rrn, _) => (bits(&[37, 61]), bit(62)),
            (Names::Auth, _) => (bits(&[38, 61]), bit(37)),
            (Names::Key, _) => (bit(61), bit(37)),
        };
        (card.0 | original.0, card.1 | original.1)
    } else {
        let told = if tells_balance(kind, code) {
            bit(54)
        } else if tells_original(kind, code) {
            bit(62)
        } else {
            0
        };
        (told, bits(&[37, 38, 61]))
    };
    (must | amount, may)
}
