//! What faults do to the bytes of one message on its way. The length in front always fits what is left, so
//! that the stream behind it stays readable: a frame that lies about its length is another matter.

use crate::history::Damage;
use crate::plan::draw::{Draw, Purpose};
use crate::plan::{FaultKind, NodeId, Plan};
use cardstorm_models::party::Summary;

/// Length, TPDU and header, which no MAC covers.
const HEAD: usize = 13;
/// MTI and bitmap: less is not even a message.
const LEAST: usize = 10;
/// The byte of the bitmap with the bit of DE64.
const LAST_OF_BITMAP: usize = HEAD + LEAST - 1;
const MAC: usize = 8;

/// Whether a fault finds in these bytes what it damages.
pub fn applies(what: FaultKind, bytes: &[u8]) -> bool {
    let body = bytes.len().saturating_sub(HEAD);
    match what {
        FaultKind::Corrupt { bit } => bit.is_none_or(|bit| usize::from(bit) < body * 8) && body > 0,
        FaultKind::Truncate => body > LEAST,
        FaultKind::StripMac => body > LEAST + MAC && bytes[LAST_OF_BITMAP] & 1 == 1,
        _ => false,
    }
}

/// Damages a message, which the fault must apply to. What is drawn is keyed by what the message is.
pub fn damage(
    plan: &Plan,
    (from, to): (NodeId, NodeId),
    message: &Summary,
    what: FaultKind,
    bytes: &mut Vec<u8>,
) -> Damage {
    assert!(applies(what, bytes), "{what:?} finds nothing to damage");
    let ends = u64::from(from.0) << 16 | u64::from(to.0);
    let mti = u64::from(u16::from_be_bytes(message.mti.bcd()));
    let words = [ends, u64::from_le_bytes(message.terminal.0), message.stan.0.into(), mti];
    let draw = Draw::keyed(plan.seed, Purpose::Damage, &words);
    let below = |bound: usize| usize::try_from(draw.below(bound as u64)).expect("below a length");
    let body = bytes.len() - HEAD;
    match what {
        FaultKind::Corrupt { bit } => {
            let bit = bit.map_or_else(|| below(body * 8), usize::from);
            bytes[HEAD + bit / 8] ^= 0x80 >> (bit % 8);
            Damage::Corrupted
        }
        FaultKind::Truncate => {
            shorten(bytes, HEAD + LEAST + below(body - LEAST));
            Damage::Truncated
        }
        _ => {
            bytes[LAST_OF_BITMAP] &= !1;
            shorten(bytes, bytes.len() - MAC);
            Damage::Stripped
        }
    }
}

fn shorten(bytes: &mut Vec<u8>, to: usize) {
    bytes.truncate(to);
    let length = u16::try_from(to - 2).expect("frames are below 64 KiB");
    bytes[..2].copy_from_slice(&length.to_be_bytes());
}
