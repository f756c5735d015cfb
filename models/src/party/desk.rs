//! What people ask of an institution at a desk of its own: over no terminal's line, so that nothing of it
//! can be lost or doubled on the way, and beside everything that comes over the lines.

use super::OpRef;
use crate::ids::{Batch, Rrn, Stan, TerminalId};
use crate::money::Fen;
use std::io::Write;

/// What is asked at a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskOp {
    /// Acquirer: a refund that the merchant enters at its portal (商户平台退货), naming the sale by its RRN
    /// alone (requirement S119; bug B90).
    PortalRefund {
        /// Which operation this is.
        op: OpRef,
        /// Number of the merchant in the world.
        merchant: u32,
        /// The merchant's own number of this refund (商户退款单号): entered again, it is the same refund.
        number: Stan,
        /// DE37 of the sale.
        original_rrn: Rrn,
        /// Fen.
        amount: Fen,
    },
}

/// Refund numbers of a portal are counted in one batch that never ends.
pub const PORTAL_BATCH: Batch = Batch(1);

/// How a merchant's portal stands in DE41: a virtual terminal (虚拟终端) of its own, which no device has.
pub fn portal_terminal(merchant: u32) -> TerminalId {
    let mut id = *b"PORT0000";
    let mut digits = &mut id[4..];
    // A number of more than four digits keeps its first four; no world has so many merchants.
    let _ = write!(digits, "{merchant:04}");
    TerminalId(id)
}

/// The number of the merchant whose portal an id stands for, if it stands for one.
pub fn portal_of(id: TerminalId) -> Option<u32> {
    id.as_str().strip_prefix("PORT")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_known_by_its_id() {
        for merchant in [0, 1, 42, 9_999] {
            assert_eq!(portal_of(portal_terminal(merchant)), Some(merchant));
        }
        assert_eq!(portal_terminal(7).as_str(), "PORT0007");
        let till: TerminalId = "10000001".parse().expect("8 digits");
        assert_eq!(portal_of(till), None);
    }
}
