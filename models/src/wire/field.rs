//! The field table of this profile as data: name, content, encoding, length prefix, padding, maximum and
//! sensitivity of every data element 1 to 64. No reading or writing of bytes lives here.

/// What a field may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Digits.
    N,
    /// Track data: digits and the separator, nibble D.
    Z,
    /// Letters and digits.
    An,
    /// Letters, digits, specials; GBK where a vendor wants Chinese.
    Ans,
    /// Bytes.
    B,
}

/// How the content is put into bytes. It also settles what a length counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Two nibbles a byte; lengths count nibbles.
    Bcd,
    /// One byte a character; lengths count bytes.
    Text,
    /// As it is; lengths count bytes.
    Raw,
}

/// The length in front of a field, always BCD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// None: the field is as long as its maximum.
    Fixed,
    /// LLVAR, one byte.
    Ll,
    /// LLLVAR, two bytes.
    Lll,
}

/// Where an odd number of nibbles gets its filling zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Digits first, zero last: `021` is 02 10 (DE22 and every other odd field).
    Left,
    /// Zero first: `001` is 00 01 (DE23 alone).
    Right,
}

/// How a value may be shown to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// As it is.
    Open,
    /// First six and last four digits.
    Pan,
    /// Not at all: tracks, PIN, keys, chip data, private fields, whatever we do not know.
    Secret,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The data element's number, 1 to 64.
    pub de: u8,
    /// `DE4`: how errors call it.
    pub path: &'static str,
    /// English name.
    pub english: &'static str,
    /// Chinese name.
    pub chinese: &'static str,
    /// What it may contain.
    pub content: Content,
    /// How that becomes bytes.
    pub encoding: Encoding,
    /// What stands before it.
    pub prefix: Prefix,
    /// Where odd nibbles are filled.
    pub align: Align,
    /// The most it holds (exactly that much if fixed), in nibbles or bytes.
    pub maximum: u16,
    /// How it may be shown.
    pub sensitivity: Sensitivity,
}

impl Field {
    /// Bytes that `units` nibbles or bytes of this field take, without the prefix.
    pub const fn bytes(&self, units: usize) -> usize {
        match self.encoding {
            Encoding::Bcd => units.div_ceil(2),
            Encoding::Text | Encoding::Raw => units,
        }
    }

    /// Bytes of the length prefix.
    pub const fn prefix_bytes(&self) -> usize {
        match self.prefix {
            Prefix::Fixed => 0,
            Prefix::Ll => 1,
            Prefix::Lll => 2,
        }
    }
}

/// The row of a data element. Panics outside 1 to 64.
pub const fn field(de: u8) -> &'static Field {
    assert!(de >= 1 && de <= 64, "a data element of this profile is 1 to 64");
    &FIELDS[de as usize - 1]
}

macro_rules! row {
    ($de:literal $content:ident $prefix:ident $max:literal $sens:ident $english:literal $chinese:literal) => {
        row!($de $content $prefix $max $sens Left $english $chinese)
    };
    (
        $de:literal $content:ident $prefix:ident $max:literal $sens:ident $align:ident
        $english:literal $chinese:literal
    ) => {
        Field {
            de: $de,
            path: concat!("DE", $de),
            english: $english,
            chinese: $chinese,
            content: Content::$content,
            encoding: match Content::$content {
                Content::N | Content::Z => Encoding::Bcd,
                Content::An | Content::Ans => Encoding::Text,
                Content::B => Encoding::Raw,
            },
            prefix: Prefix::$prefix,
            align: Align::$align,
            maximum: $max,
            sensitivity: Sensitivity::$sens,
        }
    };
}

/// Every data element in order; `FIELDS[0]` is DE1. Those that only interchange uses stand here with
/// their ISO 8583:1987 layout so that the lenient view can read past them.
#[rustfmt::skip]
pub static FIELDS: [Field; 64] = [
    row!(1 B Fixed 8 Open "Secondary bitmap" "扩展位元表"),
    row!(2 N Ll 19 Pan "Primary account number" "主账号"),
    row!(3 N Fixed 6 Open "Processing code" "交易处理码"),
    row!(4 N Fixed 12 Open "Amount, transaction" "交易金额"),
    row!(5 N Fixed 12 Open "Amount, settlement" "清算金额"),
    row!(6 N Fixed 12 Open "Amount, cardholder billing" "持卡人扣账金额"),
    row!(7 N Fixed 10 Open "Transmission date and time" "交易传输时间"),
    row!(8 N Fixed 8 Open "Amount, billing fee" "持卡人扣账手续费"),
    row!(9 N Fixed 8 Open "Conversion rate, settlement" "清算汇率"),
    row!(10 N Fixed 8 Open "Conversion rate, billing" "扣账汇率"),
    row!(11 N Fixed 6 Open "System trace audit number" "受卡方系统跟踪号"),
    row!(12 N Fixed 6 Open "Time, local" "受卡方所在地时间"),
    row!(13 N Fixed 4 Open "Date, local" "受卡方所在地日期"),
    row!(14 N Fixed 4 Open "Date, expiration" "卡有效期"),
    row!(15 N Fixed 4 Open "Date, settlement" "清算日期"),
    row!(16 N Fixed 4 Open "Date, conversion" "兑换日期"),
    row!(17 N Fixed 4 Open "Date, capture" "受理日期"),
    row!(18 N Fixed 4 Open "Merchant type" "商户类型"),
    row!(19 N Fixed 3 Open "Acquirer country" "代理机构国家代码"),
    row!(20 N Fixed 3 Open "Account country" "主账号国家代码"),
    row!(21 N Fixed 3 Open "Forwarder country" "发送机构国家代码"),
    row!(22 N Fixed 3 Open "POS entry mode" "服务点输入方式码"),
    row!(23 N Fixed 3 Open Right "Card sequence number" "卡片序列号"),
    row!(24 N Fixed 3 Open "Network international id" "网络国际标识"),
    row!(25 N Fixed 2 Open "POS condition code" "服务点条件码"),
    row!(26 N Fixed 2 Open "PIN capture code" "服务点PIN获取码"),
    row!(27 N Fixed 1 Open "Authorisation id length" "授权码长度"),
    row!(28 An Fixed 9 Open "Amount, transaction fee" "交易费金额"),
    row!(29 An Fixed 9 Open "Amount, settlement fee" "清算费金额"),
    row!(30 An Fixed 9 Open "Amount, processing fee" "交易处理费金额"),
    row!(31 An Fixed 9 Open "Amount, settle. proc. fee" "清算处理费金额"),
    row!(32 N Ll 11 Open "Acquiring institution id" "受理方标识码"),
    row!(33 N Ll 11 Open "Forwarding institution id" "发送机构标识码"),
    row!(34 Ans Ll 28 Secret "Extended account number" "扩展主账号"),
    row!(35 Z Ll 37 Secret "Track 2" "二磁道数据"),
    row!(36 Z Lll 104 Secret "Track 3" "三磁道数据"),
    row!(37 An Fixed 12 Open "Retrieval reference number" "检索参考号"),
    row!(38 An Fixed 6 Open "Authorisation code" "授权标识应答码"),
    row!(39 An Fixed 2 Open "Response code" "应答码"),
    row!(40 An Fixed 3 Open "Service restriction code" "服务限制码"),
    row!(41 Ans Fixed 8 Open "Terminal id" "受卡机终端标识码"),
    row!(42 Ans Fixed 15 Open "Merchant id" "受卡方标识码"),
    row!(43 Ans Fixed 40 Open "Merchant name, location" "受卡方名称地址"),
    row!(44 Ans Ll 25 Open "Additional response data" "附加响应数据"),
    row!(45 Ans Ll 76 Secret "Track 1" "一磁道数据"),
    row!(46 Ans Lll 999 Secret "Private: acquirer" "收单机构自定义"),
    row!(47 Ans Lll 999 Secret "Private: national" "附加数据(自定义)"),
    row!(48 N Lll 322 Secret "Additional data" "附加数据"),
    row!(49 An Fixed 3 Open "Currency, transaction" "交易货币代码"),
    row!(50 An Fixed 3 Open "Currency, settlement" "清算货币代码"),
    row!(51 An Fixed 3 Open "Currency, billing" "持卡人账户货币代码"),
    row!(52 B Fixed 8 Secret "PIN block" "个人标识码数据"),
    row!(53 N Fixed 16 Open "Security control" "安全控制信息"),
    row!(54 An Lll 20 Open "Additional amounts" "余额"),
    row!(55 B Lll 255 Secret "Chip data" "IC卡数据域"),
    row!(56 Ans Lll 999 Secret "Private: acquirer" "收单机构自定义"),
    row!(57 Ans Lll 600 Secret "Private: additional" "附加交易信息"),
    row!(58 Ans Lll 600 Secret "Private: additional" "附加交易信息"),
    row!(59 Ans Lll 600 Secret "Private: additional" "明细查询数据"),
    row!(60 N Lll 17 Open "Type, batch, network code" "自定义域"),
    row!(61 N Lll 29 Open "Original transaction" "原始信息域"),
    row!(62 B Lll 512 Secret "Keys, terminal info" "终端密钥"),
    row!(63 Ans Lll 163 Open "Operator, organisation" "操作员、卡组织、文本"),
    row!(64 B Fixed 8 Open "MAC" "报文鉴别码"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_order_and_fit_their_prefix() {
        for (index, row) in FIELDS.iter().enumerate() {
            assert_eq!(usize::from(row.de), index + 1);
            assert_eq!(row.path, format!("DE{}", row.de));
            let most = match row.prefix {
                Prefix::Fixed => 40,
                Prefix::Ll => 99,
                Prefix::Lll => 999,
            };
            assert!(row.maximum >= 1 && row.maximum <= most, "{}", row.path);
        }
    }

    #[test]
    fn only_the_card_sequence_is_right_aligned() {
        let right: Vec<u8> =
            FIELDS.iter().filter(|row| row.align == Align::Right).map(|row| row.de).collect();
        assert_eq!(right, [23]);
    }

    #[test]
    fn card_and_key_fields_are_never_open() {
        for de in [2, 34, 35, 36, 45, 46, 47, 48, 52, 55, 56, 57, 58, 59, 62] {
            assert_ne!(field(de).sensitivity, Sensitivity::Open, "DE{de}");
        }
    }
}
