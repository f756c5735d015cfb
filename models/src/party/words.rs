//! The terminal's own words, in Chinese and English. The words of response codes are the code table's.

use super::observe::Text;
use crate::wire::code;

impl Text {
    /// In English.
    pub fn english(self) -> String {
        match self {
            Text::Code(of) => code::lookup(of).map_or_else(|| "?".into(), |info| info.english.to_string()),
            Text::UnknownCode(of) => format!("Transaction failed ({of})"),
            other => other.own().0.to_owned(),
        }
    }

    /// In Chinese.
    pub fn chinese(self) -> String {
        match self {
            Text::Code(of) => code::lookup(of).map_or_else(|| "?".into(), |info| info.chinese.to_string()),
            Text::UnknownCode(of) => format!("交易失败({of})"),
            other => other.own().1.to_owned(),
        }
    }

    fn own(self) -> (&'static str, &'static str) {
        match self {
            Text::Code(_) | Text::UnknownCode(_) => ("", ""),
            Text::NoReply => ("No reply: outcome unknown, will be reversed", "未收到应答,结果未知,将自动冲正"),
            Text::Unreadable => ("Reply unreadable: outcome unknown", "应答无法识别,结果未知"),
            Text::BadMac => ("Reply not authentic: outcome unknown", "应答校验失败,结果未知"),
            Text::PowerLoss => ("Power was lost: outcome unknown", "掉电重启,上笔结果未知"),
            Text::RefundAccepted => {
                ("Refund accepted; the credit follows", "退货已受理,资金稍后到账")
            }
            Text::AlreadyPaid => ("This purchase is paid already", "该笔消费已支付"),
            Text::RefundOpen => ("A refund of this sale is still open", "该笔退货尚未完成"),
            Text::Busy => ("Please wait", "终端忙,请稍候"),
            Text::NoConnection => ("No connection: nothing was sent", "无法连接中心,未发送交易"),
            Text::ReversalFirst => {
                ("An earlier transaction must be reversed first", "上笔交易冲正未完成,请稍后再试")
            }
            Text::InvalidAmount => ("Amount not valid", "金额无效"),
        }
    }
}
