//! Message type indicators of this profile, DE0.

use serde::{Deserialize, Serialize};

macro_rules! mtis {
    ($($(#[$doc:meta])* $name:ident $text:literal $high:literal $low:literal;)*) => {
        /// Message type indicator, DE0, of this profile.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Mti {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Mti {
            /// Every type of this profile, in numeric order.
            pub const ALL: &[Mti] = &[$(Mti::$name),*];

            /// Four digits: `0200`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Mti::$name => $text,)* }
            }

            /// The two BCD bytes of the wire.
            pub const fn bcd(self) -> [u8; 2] {
                match self { $(Mti::$name => [$high, $low],)* }
            }

            /// The type with these two BCD bytes, if this profile has it.
            pub const fn from_bcd(bytes: [u8; 2]) -> Option<Mti> {
                match bytes { $([$high, $low] => Some(Mti::$name),)* _ => None }
            }
        }
    };
}

mtis! {
    /// Authorisation request: the pre-authorisation family.
    M0100 "0100" 0x01 0x00;
    /// Authorisation reply.
    M0110 "0110" 0x01 0x10;
    /// Request.
    M0200 "0200" 0x02 0x00;
    /// Request reply.
    M0210 "0210" 0x02 0x10;
    /// Advice.
    M0220 "0220" 0x02 0x20;
    /// Advice reply.
    M0230 "0230" 0x02 0x30;
    /// Batch upload.
    M0320 "0320" 0x03 0x20;
    /// Batch upload reply.
    M0330 "0330" 0x03 0x30;
    /// Terminal reversal.
    M0400 "0400" 0x04 0x00;
    /// Terminal reversal reply.
    M0410 "0410" 0x04 0x10;
    /// Reversal advice.
    M0420 "0420" 0x04 0x20;
    /// Reversal advice reply.
    M0430 "0430" 0x04 0x30;
    /// Batch settlement totals.
    M0500 "0500" 0x05 0x00;
    /// Batch settlement reply.
    M0510 "0510" 0x05 0x10;
    /// Network management: sign-on.
    M0800 "0800" 0x08 0x00;
    /// Sign-on reply.
    M0810 "0810" 0x08 0x10;
    /// Network management: sign-off, echo.
    M0820 "0820" 0x08 0x20;
    /// Sign-off or echo reply.
    M0830 "0830" 0x08 0x30;
}

impl Mti {
    /// Whether DE64 must be there: on every financial message and the upload of them, never on sign-on,
    /// sign-off, echo and settlement totals (fields.csv, DE64).
    pub const fn carries_mac(self) -> bool {
        !matches!(self, Mti::M0500 | Mti::M0510 | Mti::M0800 | Mti::M0810 | Mti::M0820 | Mti::M0830)
    }

    /// The type that answers this one; none for a reply.
    pub const fn reply(self) -> Option<Mti> {
        let [high, low] = self.bcd();
        if low & 0x10 == 0 { Mti::from_bcd([high, low | 0x10]) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_bytes_and_replies_agree() {
        for &mti in Mti::ALL {
            let [high, low] = mti.bcd();
            assert_eq!(format!("{high:02X}{low:02X}"), mti.as_str());
            assert_eq!(Mti::from_bcd(mti.bcd()), Some(mti));
            let reply = low & 0x10 != 0;
            assert_eq!(mti.reply().is_none(), reply, "{mti:?}");
            if let Some(reply) = mti.reply() {
                assert_eq!(reply.carries_mac(), mti.carries_mac(), "{mti:?}");
            }
        }
        assert_eq!(Mti::from_bcd([0x06, 0x20]), None);
    }
}
