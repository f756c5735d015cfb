//! What the terminal says, in Chinese and English: the screen's words and the slip's. The words of
//! response codes are the code table's.

use super::observe::Text;
use crate::ids::{MerchantId, Rrn, TerminalId};
use crate::money::Fen;
use crate::time::MonthDay;
use crate::wire::{Class, Kind, code};

impl Text {
    /// In English.
    pub fn english(self) -> String {
        match self {
            Text::Code(of) => {
                code::lookup(of).map_or_else(|| "?".into(), |info| info.english.to_string())
            }
            Text::UnknownCode(of) => format!("Transaction failed ({of})"),
            Text::Balance(balance) => format!("Available balance {balance}"),
            other => other.own().0.to_owned(),
        }
    }

    /// In Chinese.
    pub fn chinese(self) -> String {
        match self {
            Text::Code(of) => {
                code::lookup(of).map_or_else(|| "?".into(), |info| info.chinese.to_string())
            }
            Text::UnknownCode(of) => format!("交易失败({of})"),
            Text::Balance(balance) => format!("可用余额{balance}"),
            other => other.own().1.to_owned(),
        }
    }

    fn own(self) -> (&'static str, &'static str) {
        match self {
            Text::Code(_) | Text::UnknownCode(_) | Text::Balance(_) => ("", ""),
            Text::NoReply => {
                ("No reply: outcome unknown, will be reversed", "未收到应答,结果未知,将自动冲正")
            }
            Text::Unreadable => ("Reply unreadable: outcome unknown", "应答无法识别,结果未知"),
            Text::BadMac => ("Reply not authentic: outcome unknown", "应答校验失败,结果未知"),
            Text::PowerLoss => ("Power was lost: outcome unknown", "掉电重启,上笔结果未知"),
            Text::RefundAccepted => {
                ("Refund accepted; the credit follows", "退货已受理,资金稍后到账")
            }
            Text::AlreadyPaid => ("This purchase is paid already", "该笔消费已支付"),
            Text::MoreThanRest => {
                ("More than is left to pay of this purchase", "超过该笔消费的未付余额")
            }
            Text::RefundOpen => ("A refund of this sale is still open", "该笔退货尚未完成"),
            Text::Busy => ("Please wait", "终端忙,请稍候"),
            Text::NoConnection => ("No connection: nothing was sent", "无法连接中心,未发送交易"),
            Text::ReversalFirst => {
                ("An earlier transaction must be reversed first", "上笔交易冲正未完成,请稍后再试")
            }
            Text::InvalidAmount => ("Amount not valid", "金额无效"),
            Text::Settling => (
                "The batch is being settled: no transaction until it is over",
                "正在批结算,暂不能交易",
            ),
            Text::RefundFirst => {
                ("An earlier refund must be answered first", "上笔退货尚未完成,请稍后结算")
            }
            Text::BatchTooLarge => ("Totals too large for one batch", "批次总计超限,无法结算"),
            Text::Settled => ("Batch settled", "结算成功"),
            Text::SettlementGoesOn => {
                ("Settlement not finished; it goes on by itself", "结算未完成,将自动继续")
            }
            Text::EchoAnswered => ("The centre answers", "中心应答正常"),
            Text::SignedOff => ("Signed off", "签退成功"),
            Text::NotAnswered => ("The centre does not answer", "中心无应答"),
            Text::SlipOwed => {
                ("Done; the slip did not print and is still owed", "交易成功,签购单未打印,待补打")
            }
            Text::TakenBack => {
                ("The printer failed: the payment is taken back", "打印失败,交易将自动冲正")
            }
        }
    }
}

/// What a slip says, line by line: merchant, terminal, kind, amount, RRN, date, and what must be told with
/// it. Card data never stands on it; a real slip's masked number is left out as well.
pub struct SlipWords {
    /// DE42.
    pub merchant: MerchantId,
    /// DE41.
    pub terminal: TerminalId,
    /// What it is about.
    pub kind: Kind,
    /// Fen.
    pub amount: Fen,
    /// DE37.
    pub rrn: Rrn,
    /// Date of the transaction.
    pub date: MonthDay,
    /// Printed again, after a restart or a fault of the printer (soundness 6).
    pub reprint: bool,
}

impl SlipWords {
    /// In English.
    pub fn english(&self) -> Vec<String> {
        let kind = self.kind.row().english.to_uppercase();
        let told = match self.kind.class() {
            Class::Request | Class::Inquiry => "APPROVED",
            Class::Advice => "ACCEPTED - the credit to the card follows",
        };
        self.lines(
            ["Merchant", "Terminal", "Type", "Amount CNY", "Ref", "Date"],
            &kind,
            told,
            "REPRINT",
        )
    }

    /// In Chinese.
    pub fn chinese(&self) -> Vec<String> {
        let told = match self.kind.class() {
            Class::Request | Class::Inquiry => "交易成功",
            Class::Advice => "已受理,资金稍后退回卡内",
        };
        self.lines(
            ["商户号", "终端号", "交易类型", "金额(元)", "参考号", "日期"],
            self.kind.row().chinese,
            told,
            "重印凭证",
        )
    }

    fn lines(&self, names: [&str; 6], kind: &str, told: &str, again: &str) -> Vec<String> {
        let [merchant, terminal, what, amount, rrn, date] = names;
        let mut lines = vec![
            format!("{merchant}: {}", self.merchant),
            format!("{terminal}: {}", self.terminal),
            format!("{what}: {kind}"),
            format!("{amount}: {}", self.amount),
            format!("{rrn}: {}", self.rrn),
            format!("{date}: {:02}-{:02}", self.date.month, self.date.day),
            told.to_owned(),
        ];
        if self.reprint {
            lines.push(again.to_owned());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ResponseCode;

    #[test]
    fn words_come_from_the_code_table_or_are_the_terminals_own() {
        assert_eq!(Text::Code(ResponseCode(*b"51")).chinese(), "可用余额不足");
        assert!(Text::UnknownCode(ResponseCode(*b"Q8")).chinese().contains("交易失败"));
        assert_eq!(Text::Balance(Fen(-5_00)).english(), "Available balance -5.00");
        assert_eq!(Text::Balance(Fen(12_34)).chinese(), "可用余额12.34");
        let own = [Text::NoReply, Text::BadMac, Text::AlreadyPaid, Text::ReversalFirst];
        for text in own {
            assert!(!text.english().is_empty() && !text.chinese().is_empty(), "{text:?}");
            assert_ne!(text.english(), Text::Code(ResponseCode(*b"51")).english());
        }
    }

    #[test]
    fn a_slip_says_what_was_done_and_that_a_refund_is_not_yet_credited() {
        let slip = SlipWords {
            merchant: "898310054110001".parse().expect("15"),
            terminal: "10000001".parse().expect("8"),
            kind: Kind::Refund,
            amount: Fen(12_34),
            rrn: Rrn(7),
            date: MonthDay { month: 3, day: 2 },
            reprint: true,
        };
        let english = slip.english();
        assert_eq!(english[3], "Amount CNY: 12.34");
        assert_eq!(english[6], "ACCEPTED - the credit to the card follows");
        assert_eq!(english[7], "REPRINT");
        assert_eq!(slip.chinese()[2], "交易类型: 退货");
    }
}
