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
    /// alone (requirement S055; bug B90).
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
    /// Issuer: a holder who disputes a debit on the statement, named by its card and its amount (requirement
    /// S122; bug B83).
    Dispute {
        /// Which operation this is.
        op: OpRef,
        /// Number of the card in the world.
        card: u32,
        /// Fen.
        amount: Fen,
    },
    /// Acquirer: the chargeback (退单) that the issuer makes of a dispute, as the network's error handling
    /// brings it (flows 11).
    Chargeback {
        /// Which operation this is: the dispute.
        op: OpRef,
        /// The number of the chargeback: brought again, it is the same.
        number: Stan,
        /// DE37 of the sale.
        original_rrn: Rrn,
        /// Fen claimed.
        amount: Fen,
    },
}

impl DeskOp {
    /// Which operation this is.
    pub fn op(&self) -> OpRef {
        match self {
            DeskOp::PortalRefund { op, .. }
            | DeskOp::Dispute { op, .. }
            | DeskOp::Chargeback { op, .. } => *op,
        }
    }
}

/// Numbers that are given at a desk are counted in one batch that never ends.
pub const DESK_BATCH: Batch = Batch(1);

/// How a merchant's portal stands in DE41: a virtual terminal (虚拟终端) of its own, which no device has.
pub fn portal_terminal(merchant: u32) -> TerminalId {
    virtual_terminal(*b"PORT0000", merchant)
}

/// How chargebacks of a merchant's sales stand in DE41.
pub fn chargeback_terminal(merchant: u32) -> TerminalId {
    virtual_terminal(*b"CHBK0000", merchant)
}

fn virtual_terminal(mut id: [u8; 8], merchant: u32) -> TerminalId {
    let mut digits = &mut id[4..];
    // A number of more than four digits keeps its first four; no world has so many merchants.
    let _ = write!(digits, "{merchant:04}");
    TerminalId(id)
}

/// The number of the merchant that a virtual terminal belongs to, if an id stands for one.
pub fn desk_of(id: TerminalId) -> Option<u32> {
    let id = id.as_str();
    id.strip_prefix("PORT").or_else(|| id.strip_prefix("CHBK"))?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_is_known_by_its_id() {
        for merchant in [0, 1, 42, 9_999] {
            assert_eq!(desk_of(portal_terminal(merchant)), Some(merchant));
            assert_eq!(desk_of(chargeback_terminal(merchant)), Some(merchant));
        }
        assert_eq!(portal_terminal(7).as_str(), "PORT0007");
        let till: TerminalId = "10000001".parse().expect("8 digits");
        assert_eq!(desk_of(till), None);
    }
}
