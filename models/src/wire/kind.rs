//! What a financial message can be about, as one table: the codes that name it on the wire, the message
//! class whose rules it follows, its side of the batch totals and how it names its original
//! (transactions.csv; flows 0, 4). Nothing here knows bytes.

use super::mti::Mti;
use serde::{Deserialize, Serialize};

/// What a financial message is about. On the wire it is DE3 + DE25 + DE60.1 together with the message
/// class, never DE3 alone (fields.csv, DE3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 消费. A request.
    Sale,
    /// 消费撤销: a person takes back a sale of this terminal's open batch, whole.
    Void,
    /// 退货. A request on leg 1, an advice on leg 2 (soundness 14).
    Refund,
    /// 预授权: a hold, no money.
    PreAuth,
    /// 预授权撤销: releases the hold.
    PreAuthVoid,
    /// 预授权完成(请求): debits what was really spent, releases the hold.
    Completion,
    /// 预授权完成(通知): the same as a fact, from a queue.
    CompletionAdvice,
    /// 预授权完成撤销: takes back a completion of this terminal's open batch.
    CompletionVoid,
    /// 余额查询.
    Balance,
    /// What became of another transaction, asked by its key (soundness 18). Private to this model.
    Status,
    /// A sale from a wallet, paid by the code on the customer's telephone. Private to this model.
    QrSale,
}

/// Whose rules a message follows (flows 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Asks; may be declined; in doubt its sender reverses it.
    Request,
    /// States a fact; repeated until acknowledged, never reversed.
    Advice,
    /// Asks and moves nothing; neither reversed nor repeated.
    Inquiry,
}

/// Where a transaction stands in the batch totals (flows 4.8). Counts are not netted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Sale, completion.
    Debit,
    /// Void, completion void, refund.
    Credit,
    /// In no total.
    None,
}

/// How a message names the original that it is linked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Names {
    /// It has none.
    Nothing,
    /// DE37 of the original, with DE61 and, for a completion, DE38.
    Rrn,
    /// DE38 and the date in DE61, with the card (flows 4.4).
    Auth,
    /// DE61 alone: batch and STAN.
    Key,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// What it is about.
    pub kind: Kind,
    /// The message type that asks for it; the reply's is the next.
    pub mti: Mti,
    /// DE3, DE25, DE60.1.
    pub codes: (u32, u8, u8),
    /// Whose rules it follows.
    pub class: Class,
    /// Its side of the batch totals.
    pub side: Side,
    /// How it names its original.
    pub names: Names,
    /// Whether no public table has it: it exists between parties of this model only.
    pub private: bool,
    /// English name.
    pub english: &'static str,
    /// Chinese name.
    pub chinese: &'static str,
}

macro_rules! row {
    (
        $kind:ident $mti:ident $de3:literal $de25:literal $de60_1:literal
        $class:ident $side:ident $names:ident $private:literal $english:literal $chinese:literal
    ) => {
        KindRow {
            kind: Kind::$kind,
            mti: Mti::$mti,
            codes: ($de3, $de25, $de60_1),
            class: Class::$class,
            side: Side::$side,
            names: Names::$names,
            private: $private,
            english: $english,
            chinese: $chinese,
        }
    };
}

/// Every kind, in the order of [`Kind`].
#[rustfmt::skip]
pub static KINDS: [KindRow; 11] = [
    row!(Sale M0200 0 0 22 Request Debit Nothing false "sale" "消费"),
    row!(Void M0200 200_000 0 23 Request Credit Rrn false "void" "消费撤销"),
    row!(Refund M0220 200_000 0 25 Advice Credit Rrn false "refund" "退货"),
    row!(PreAuth M0100 30_000 6 10 Request None Nothing false "pre-authorisation" "预授权"),
    row!(PreAuthVoid M0100 200_000 6 11 Request None Auth false
        "pre-authorisation void" "预授权撤销"),
    row!(Completion M0200 0 6 20 Request Debit Auth false "completion" "预授权完成(请求)"),
    row!(CompletionAdvice M0220 0 6 24 Advice Debit Auth false
        "completion advice" "预授权完成(通知)"),
    row!(CompletionVoid M0200 200_000 6 21 Request Credit Rrn false
        "completion void" "预授权完成撤销"),
    row!(Balance M0200 310_000 0 1 Inquiry None Nothing false "balance inquiry" "余额查询"),
    row!(Status M0200 390_000 0 90 Inquiry None Key true "status inquiry" "交易状态查询"),
    row!(QrSale M0200 0 0 91 Request Debit Nothing true "QR sale" "扫码支付"),
];

impl Kind {
    /// Its row of the table.
    pub const fn row(self) -> &'static KindRow {
        &KINDS[self as usize]
    }

    /// DE3, DE25 and DE60.1 of this kind (transactions.csv).
    pub const fn codes(self) -> (u32, u8, u8) {
        self.row().codes
    }

    /// Whose rules it follows.
    pub const fn class(self) -> Class {
        self.row().class
    }

    /// Its side of the batch totals.
    pub const fn side(self) -> Side {
        self.row().side
    }

    /// How it names its original.
    pub const fn names(self) -> Names {
        self.row().names
    }

    /// The message type that asks for it.
    pub const fn mti(self) -> Mti {
        self.row().mti
    }

    /// Whether a message of this kind carries an amount (DE4): an inquiry is about none.
    pub const fn has_amount(self) -> bool {
        !matches!(self.class(), Class::Inquiry)
    }

    /// The kind with these DE3, DE25 and DE60.1, if this profile has one.
    pub fn from_codes(de3: u32, de25: u8, de60_1: u8) -> Option<Kind> {
        let mut kinds = KINDS.iter();
        kinds.find(|row| row.codes == (de3, de25, de60_1)).map(|row| row.kind)
    }
}

impl Mti {
    /// The transactions that a message type may be about (transactions.csv): what it asks for or answers,
    /// and for a reversal every request.
    pub const fn may_be(self, kind: Kind) -> bool {
        let row = kind.row();
        match self {
            Mti::M0100 | Mti::M0110 => matches!(row.mti, Mti::M0100),
            Mti::M0200 | Mti::M0210 => matches!(row.mti, Mti::M0200),
            Mti::M0220 | Mti::M0230 => matches!(row.mti, Mti::M0220),
            Mti::M0400 | Mti::M0410 | Mti::M0420 | Mti::M0430 => {
                matches!(row.class, Class::Request)
            }
            Mti::M0320 | Mti::M0330 => {
                matches!(row.class, Class::Advice) && !matches!(row.side, Side::None)
            }
            Mti::M0500 | Mti::M0510 | Mti::M0800 | Mti::M0810 | Mti::M0820 | Mti::M0830 => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_and_no_two_look_alike() {
        for (at, row) in KINDS.iter().enumerate() {
            assert_eq!(row.kind as usize, at, "{:?}", row.kind);
            let (de3, de25, de60_1) = row.codes;
            assert_eq!(Kind::from_codes(de3, de25, de60_1), Some(row.kind));
            assert!(row.mti.may_be(row.kind), "{:?}", row.kind);
        }
        assert_eq!(Kind::from_codes(0, 0, 23), None);
    }

    #[test]
    fn class_and_side_follow_the_rules_of_the_message() {
        for row in &KINDS {
            // Flows 0: an advice is a 0220 and is never reversed; an inquiry is in no total.
            assert_eq!(row.class == Class::Advice, row.mti == Mti::M0220, "{:?}", row.kind);
            assert_eq!(row.class == Class::Request, Mti::M0400.may_be(row.kind), "{:?}", row.kind);
            if row.class == Class::Inquiry || row.mti == Mti::M0100 {
                assert_eq!(row.side, Side::None, "{:?}", row.kind);
            }
            // DE3 begins with 20 exactly where money goes back to the card.
            let back = row.codes.0 == 200_000;
            assert_eq!(back, row.side == Side::Credit || row.kind == Kind::PreAuthVoid);
        }
    }
}
