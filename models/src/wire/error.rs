//! Why bytes are not a message: one error type for the whole room, with the field's path and the byte
//! offset where reading stopped. No value of a card-bearing field may be quoted in here.

/// What is wrong with some bytes, and where (flows 1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} at byte {offset}: {fault}")]
pub struct WireError {
    /// The field: `DE4`, `DE60.2`, `frame length`, `TPDU`, `header`, `MTI`, `bitmap` or `frame`.
    pub path: &'static str,
    /// Bytes from the start of what was parsed; for a whole frame that is its length prefix.
    pub offset: usize,
    /// What was found there and what was expected.
    pub fault: Fault,
}

/// The kinds of wrongness.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes end inside the field.
    #[error("truncated, {found} of {needed} bytes")]
    Truncated {
        /// Bytes the field needs.
        needed: usize,
        /// Bytes that are left.
        found: usize,
    },
    /// A length says more than the field may hold.
    #[error("length {found} over the maximum of {maximum}")]
    OverMaximum {
        /// The length read, in the field's own unit.
        found: usize,
        /// The most that the table allows.
        maximum: usize,
    },
    /// A length that the field cannot have here.
    #[error("length {found}, expected {expected}")]
    Length {
        /// The length read, in the field's own unit.
        found: usize,
        /// The length this message needs.
        expected: usize,
    },
    /// A nibble that is no decimal digit.
    #[error("nibble {found:X} is no digit")]
    NotDigit {
        /// The nibble, 10 to 15.
        found: u8,
    },
    /// A byte outside the field's character set.
    #[error("byte {found:02X} is not allowed, expected {expected}")]
    NotText {
        /// The byte.
        found: u8,
        /// The character set.
        expected: &'static str,
    },
    /// A filling nibble that is not zero.
    #[error("padding nibble is not 0")]
    Padding,
    /// A value that this profile does not have there. `found` never holds card data.
    #[error("found {found}, expected {expected}")]
    Value {
        /// The value as text, or a word instead of it where the field is sensitive.
        found: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A mandatory field is not there.
    #[error("missing, mandatory in {message}")]
    Missing {
        /// What kind of message needs it.
        message: &'static str,
    },
    /// A field that this kind of message must not carry, or not together with the others.
    #[error("not allowed in {message}")]
    Forbidden {
        /// What kind of message refuses it.
        message: &'static str,
    },
    /// Bytes after the last field.
    #[error("{found} bytes after the last field")]
    Trailing {
        /// How many.
        found: usize,
    },
}

impl WireError {
    /// An error at a field; `#[cold]` keeps the happy path straight.
    #[cold]
    pub(crate) fn at(path: &'static str, offset: usize, fault: Fault) -> WireError {
        WireError { path, offset, fault }
    }

    /// A wrong value of a field that is not sensitive.
    #[cold]
    pub(crate) fn value(
        path: &'static str,
        offset: usize,
        found: impl std::fmt::Display,
        expected: &'static str,
    ) -> WireError {
        WireError { path, offset, fault: Fault::Value { found: found.to_string(), expected } }
    }
}
