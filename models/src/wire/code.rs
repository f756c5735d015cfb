//! Response codes as data: the public tables of DE39, parsed once. What a party does with a code is
//! decided elsewhere, never by a column of this table (soundness, codes).

use crate::ids::ResponseCode;
use serde::Deserialize;
use std::sync::LazyLock;

/// What a code is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Some kind of approval.
    Approved,
    /// Keep the card.
    Capture,
    /// Declined for the card's sake.
    DeclineCard,
    /// Declined by a decision.
    DeclineIssuer,
    /// Somebody could not be reached.
    Network,
    /// Try again, perhaps after signing on.
    Retry,
    /// Technical.
    System,
}

/// Whether a code approves a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approves {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// Only where the terminal declared partial approval.
    IfPartialDeclared,
    /// Only a terminal says it, of itself.
    TerminalLocal,
}

/// One code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CodeInfo {
    /// DE39.
    pub code: ResponseCode,
    /// Meaning in English.
    pub english: String,
    /// Meaning in Chinese: the text for the screen.
    pub chinese: String,
    /// What it is about.
    pub category: Category,
    /// Whether it approves a sale.
    pub approves: Approves,
}

static CODES: LazyLock<Vec<CodeInfo>> = LazyLock::new(|| {
    let mut codes: Vec<CodeInfo> =
        csv::Reader::from_reader(include_bytes!("../../data/response_codes.csv").as_slice())
            .deserialize()
            .collect::<Result<_, _>>()
            .expect("the embedded table of response codes parses");
    codes.sort_by_key(|info| info.code);
    codes
});

/// Every code, ordered by code.
pub fn all() -> &'static [CodeInfo] {
    &CODES
}

/// What is known about a code; nothing for one that is in no table, which must never be shown as 51.
pub fn lookup(code: ResponseCode) -> Option<&'static CodeInfo> {
    let found = CODES.binary_search_by_key(&code, |info| info.code);
    found.ok().map(|index| &CODES[index])
}

/// The code in the row behind this one's; the first behind the last.
pub fn next_row(code: ResponseCode) -> ResponseCode {
    let behind = CODES.iter().map(|info| info.code).find(|other| *other > code);
    behind.unwrap_or(CODES[0].code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &[u8; 2], chinese: &str, approves: Approves) {
        let info = lookup(ResponseCode(*code)).expect("a known code");
        assert_eq!((info.chinese.as_str(), info.approves), (chinese, approves));
    }

    #[test]
    fn codes_have_their_text() {
        check(b"00", "交易成功", Approves::Yes);
        check(b"10", "部分金额批准", Approves::IfPartialDeclared);
        check(b"51", "可用余额不足", Approves::No);
        check(b"76", "商户待结算余额不足", Approves::No);
        check(b"Y1", "脱机交易成功", Approves::TerminalLocal);
        assert_eq!(lookup(ResponseCode(*b"QQ")), None);
        let last = all().last().expect("codes").code;
        assert_eq!(next_row(last), all()[0].code);
        assert_eq!(next_row(all()[0].code), all()[1].code);
    }

    #[test]
    fn codes_are_unique_and_agree_with_the_rule_for_sales() {
        assert!(all().is_sorted_by(|one, next| one.code < next.code));
        for info in all() {
            let yes = info.approves == Approves::Yes;
            assert_eq!(info.code.approves_sale(false), yes, "{}", info.code);
            let partial = yes || info.approves == Approves::IfPartialDeclared;
            assert_eq!(info.code.approves_sale(true), partial, "{}", info.code);
        }
    }
}
