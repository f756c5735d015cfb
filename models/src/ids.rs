//! The names things go by on the wire and in the books: STAN, RRN, batch, terminal, merchant,
//! response code. Fixed size and `Copy`; text is made only when printed.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use std::str::FromStr;

/// Why a text cannot be an identifier of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} must be {rule}, not {found:?}")]
pub struct IdError {
    /// The kind of identifier.
    pub what: &'static str,
    /// What it must look like.
    pub rule: &'static str,
    /// The text that was refused.
    pub found: String,
}

/// A fixed-width identifier of printable ASCII, as ISO 8583 `an`/`ans` fields carry.
macro_rules! ascii_id {
    ($(#[$doc:meta])* $name:ident, $len:literal, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Takes exactly the field's width in printable ASCII bytes.
            pub fn from_bytes(bytes: &[u8]) -> Option<$name> {
                let array: [u8; $len] = bytes.try_into().ok()?;
                array.iter().all(|b| (0x20..0x7f).contains(b)).then_some($name(array))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or("?")
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<$name, IdError> {
                $name::from_bytes(text.as_bytes()).ok_or_else(|| IdError {
                    what: $what,
                    rule: concat!(stringify!($len), " printable ASCII characters"),
                    found: text.to_owned(),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<$name, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

ascii_id!(
    /// Terminal id, DE41, ans 8.
    TerminalId, 8, "a terminal id"
);
ascii_id!(
    /// Merchant id, DE42, ans 15: institution 3, region 4, category 4, serial 4.
    MerchantId, 15, "a merchant id"
);
ascii_id!(
    /// Authorisation code, DE38, an 6: the issuer's number for an approval.
    AuthCode, 6, "an authorisation code"
);
ascii_id!(
    /// Response code, DE39, an 2. In a 0400 or 0420 the same field carries the reason.
    ResponseCode, 2, "a response code"
);

impl ResponseCode {
    /// 00 approved; in a 0410 also "undone".
    pub const APPROVED: ResponseCode = ResponseCode(*b"00");
    /// 10 approved in part: DE4 of the reply says how much (flows 8).
    pub const PARTIAL: ResponseCode = ResponseCode(*b"10");

    /// Whether a sale is approved by this code: 00, 11, 16, and 10 only where the terminal declared
    /// partial approval (soundness, codes).
    pub fn approves_sale(self, partial_declared: bool) -> bool {
        match &self.0 {
            b"00" | b"11" | b"16" => true,
            b"10" => partial_declared,
            _ => false,
        }
    }

    /// Whether the outcome upstream stays unknown to a terminal that gets this code: 09, 68 and 94
    /// (soundness 3).
    pub fn is_indefinite(self) -> bool {
        matches!(&self.0, b"09" | b"68" | b"94")
    }
}

/// A number of fixed decimal width.
macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $repr:ty, $width:literal, $max:literal) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $repr);

        impl $name {
            /// The largest value the field can carry.
            pub const MAX: $name = $name($max);
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $width, "}"), self.0)
            }
        }
    };
}

number_id!(
    /// System trace audit number, DE11, n 6: 1 to 999999, the terminal's own counter.
    Stan, u32, "6", 999_999
);
number_id!(
    /// Terminal batch number, DE60.2, n 6.
    Batch, u32, "6", 999_999
);
number_id!(
    /// Retrieval reference number, DE37, 12 digits here: the acquirer's number for a transaction,
    /// unique over the whole run (soundness 23).
    Rrn, u64, "12", 999_999_999_999
);

impl Batch {
    /// The next number; 999999 wraps to 000001 (flows 4.8).
    pub fn next(self) -> Batch {
        if self >= Batch::MAX { Batch(1) } else { Batch(self.0 + 1) }
    }
}

impl Stan {
    /// The next number; 999999 wraps to 000001 and 000000 is never used (flows 4.8).
    pub fn next(self) -> Stan {
        if self >= Stan::MAX { Stan(1) } else { Stan(self.0 + 1) }
    }
}
