//! Balance inquiry (flows 4.5): card and PIN are judged as a sale's are, nothing is posted, and what is
//! available is told with its sign. It reads books and changes nothing but the count of PIN tries.

use super::{BalanceRead, Issuer};
use crate::money::Fen;
use crate::party::observe::Reason;
use crate::time::Now;

impl Issuer {
    /// What the holder could spend now, where the balance is read.
    pub(super) fn spendable(&self, now: Now, account: u32) -> Fen {
        match self.config.choices.balance_read {
            BalanceRead::Ledger => self.books.available(account),
            BalanceRead::Replica { .. } => self.replica_available(now, account),
        }
    }

    /// Why a balance cannot be told: DE54 has twelve digits for it.
    pub(super) fn untellable(&self, now: Now, account: u32) -> Option<Reason> {
        let fits = Fen(self.spendable(now, account).0.abs()).fits_wire();
        (!fits).then_some(Reason::InvalidAmount)
    }
}
