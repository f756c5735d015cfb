//! What names a pre-authorisation: its void and its completion (flows 4.4). The centre finds it by merchant,
//! card, DE38 and the issuer's date; whether it may still be voided or completed is the issuer's to say, who
//! has the hold.

use super::Acquirer;
use super::record::Key;
use super::tx::{State, Tx};
use crate::ids::{AuthCode, ResponseCode, Rrn};
use crate::time::MonthDay;
use crate::wire::Kind;

impl Acquirer {
    /// The pre-authorisation that a request names, or the code to refuse it with.
    pub(super) fn judge_authorised(
        &self,
        key: &Key,
        card: u64,
        auth: AuthCode,
        date: MonthDay,
    ) -> Result<Rrn, ResponseCode> {
        let books = &self.books;
        let merchant = books.merchant_of(key);
        let fits =
            |tx: &Tx| books.merchant_of(&tx.key) == merchant && (tx.card, tx.date) == (card, date);
        let named = books.authorised.get(&auth).into_iter().flatten().rev();
        let found = named.copied().find(|rrn| books.tx(*rrn).is_some_and(fits));
        let Some(rrn) = found else { return Err(ResponseCode(*b"25")) };
        let stands = books.tx(rrn).is_some_and(|tx| tx.state == State::Approved);
        if stands { Ok(rrn) } else { Err(ResponseCode(*b"22")) }
    }
}

/// Whether this kind takes back what a batch holds.
pub(super) const fn is_void(kind: Kind) -> bool {
    matches!(kind, Kind::Void | Kind::CompletionVoid)
}
