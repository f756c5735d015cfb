//! The room as a whole: messages there and back, hostile bytes, and the other MACs that vectors name.
//! Vectors of this profile are run by `tests/conformance.rs`.

use super::batch::*;
use super::card::{CardData, Pan, PinBlock, Track2};
use super::codec::{MacCheck, decode, encode};
use super::error::Fault;
use super::frame::{MTI_OFFSET, Requirement, Route};
use super::key::{DesKey, MacKey, WrappedKeys};
use super::kind::*;
use super::message::*;
use super::mti::Mti;
use super::view::View;
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay, YearMonth};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

mod generate;
mod misplaced;
mod refusals;

use generate::messages;

fn double() -> MacKey {
    MacKey::new(&"0123456789ABCDEFFEDCBA9876543210".parse().expect("a key"))
}

fn routes() -> impl Strategy<Value = Route> {
    (any::<u16>(), any::<u16>(), 0..=8_u8).prop_map(|(dst, src, digit)| {
        Route::new(dst, src).requiring(Requirement::from_digit(digit).expect("0 to 8"))
    })
}

/// The sample of every hostile trial: a chip sale with PIN on leg 2.
fn sample() -> Message {
    let pan: Pan = "6200000000000005".parse().expect("a card");
    let expiry = YearMonth { year: 49, month: 12 };
    let txn = Txn {
        kind: Kind::Sale,
        amount: Fen(1),
        stan: Stan(1082),
        terminal: TerminalId(*b"00000026"),
        merchant: MerchantId(*b"852331059980072"),
        batch: Batch(15),
    };
    let track2 = Track2::new(pan, expiry, 201);
    let card = CardData::Chip { pan, expiry, sequence: 1, track2 };
    let (pin, rrn, linked) = (Some(PinBlock([7; 8])), Some(Rrn(42)), Linked::None);
    Message::Request(Request { txn, card, pin, rrn, linked, takes_partial: false })
}

fn frame(message: &Message, key: Option<&MacKey>) -> Vec<u8> {
    let mut out = Vec::new();
    encode(message, Route::new(3, 0), key, &mut out);
    out
}

/// Both readers must come back from anything, and a masked dump must not quote the card.
fn survives(bytes: &[u8]) {
    let view = View::parse(bytes);
    for de in 0..=255 {
        let text = view.text(de);
        assert_eq!(text.is_some(), view.field(de).is_some());
    }
    let (masked, clear) = (view.dump(true), view.dump(false));
    assert!(masked.lines().count() == clear.lines().count());
    if let Ok(received) = decode(bytes) {
        assert_eq!(view.error(), None);
        let again = frame(&received.message, None);
        assert_eq!(decode(&again).map(|again| again.message), Ok(received.message));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn a_message_comes_back_as_it_went(message in messages(), route in routes(), signed: bool) {
        let key = double();
        let mut out = vec![0xEE];
        encode(&message, route, signed.then_some(&key), &mut out);
        let frame = &out[1..];
        let received = decode(frame).expect("what was encoded is accepted");
        prop_assert_eq!((received.message, received.route), (message, route));
        let good = signed && message.mti().carries_mac();
        let wanted = if good { MacCheck::Good } else { MacCheck::Missing };
        prop_assert_eq!(received.verify(&key), wanted);

        let view = View::parse(frame);
        prop_assert!(view.is_clean());
        let texts: Vec<(u8, String)> =
            view.fields().filter_map(|de| Some((de, view.text(de)?))).collect();
        let texts: Vec<(u8, &str)> = texts.iter().map(|(de, text)| (*de, text.as_str())).collect();
        let again = super::text::encode(message.mti().as_str(), &texts).expect("texts are writable");
        prop_assert_eq!(&again, &frame[MTI_OFFSET..]);
    }

    #[test]
    fn an_accepted_frame_comes_back_byte_for_byte(
        message in messages(), route in routes(), at: prop::sample::Index, bit in 0..8_u8,
    ) {
        let key = double();
        let mut bytes = Vec::new();
        encode(&message, route, Some(&key), &mut bytes);
        let index = at.index(bytes.len());
        bytes[index] ^= 1 << bit;
        if let Ok(received) = decode(&bytes) {
            // Application type, software version and terminal state are read past (flows 1).
            let canonical = !(7..13).contains(&index) || (index == 9 && bit < 4);
            let mut again = Vec::new();
            encode(&received.message, received.route, Some(&key), &mut again);
            let end = if received.verify(&key) == MacCheck::Good { bytes.len() } else { bytes.len() - 8 };
            if canonical && received.verify(&key) != MacCheck::Missing {
                prop_assert_eq!(&again[..end], &bytes[..end]);
            }
        }
    }

    #[test]
    fn any_damage_is_survived(
        message in messages(),
        flips in vec((any::<prop::sample::Index>(), 0..8_u8), 0..6),
        cut in option::of(any::<prop::sample::Index>()),
        splice in option::of((any::<prop::sample::Index>(), vec(any::<u8>(), 0..20))),
        fix_length: bool,
    ) {
        let mut bytes = frame(&message, Some(&double()));
        for (at, bit) in flips {
            let index = at.index(bytes.len());
            bytes[index] ^= 1 << bit;
        }
        if let Some((at, extra)) = splice {
            let index = at.index(bytes.len());
            bytes.splice(index..index, extra);
        }
        if let Some(at) = cut {
            bytes.truncate(at.index(bytes.len()));
        }
        if fix_length && bytes.len() >= 2 {
            let length = (bytes.len() - 2) as u16;
            bytes[..2].copy_from_slice(&length.to_be_bytes());
        }
        survives(&bytes);
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    #[test]
    fn one_flip_never_shows_the_card(at: prop::sample::Index, bit in 0..8_u8, short in 0..40_usize) {
        let mut bytes = frame(&sample(), Some(&double()));
        let index = at.index(bytes.len());
        bytes[index] ^= 1 << bit;
        bytes.drain(..short);
        let shown = View::parse(&bytes).dump(true);
        prop_assert!(!shown.contains("6200000000000005"), "{}", shown);
    }
}

#[test]
fn every_truncation_and_every_flip_is_survived_and_seen() {
    let key = double();
    let whole = frame(&sample(), Some(&key));
    for end in 0..whole.len() {
        assert!(decode(&whole[..end]).is_err());
        survives(&whole[..end]);
    }
    for index in MTI_OFFSET..whole.len() {
        for bit in 0..8_u8 {
            let mut bytes = whole.clone();
            bytes[index] ^= 1 << bit;
            survives(&bytes);
            let seen = decode(&bytes).map_or(MacCheck::Bad, |received| received.verify(&key));
            assert_ne!(seen, MacCheck::Good, "byte {index} bit {bit}");
        }
    }
}

#[test]
fn routing_and_framing_errors_have_their_place() {
    let check = |at: usize, byte: u8, path: &str, offset: usize| {
        let mut bytes = frame(&sample(), None);
        bytes[at] = byte;
        let error = decode(&bytes).expect_err(path);
        assert_eq!((error.path, error.offset), (path, offset), "{error}");
    };
    check(0, 0x08, "frame length", 0);
    check(1, 0x00, "frame length", 0);
    check(2, 0x61, "TPDU", 2);
    check(7, 0x59, "header.1", 7);
    check(8, 0x3A, "header", 8);
    check(9, 0x09, "header.3", 9);
    check(13, 0x0A, "MTI", 13);
    check(13, 0x06, "MTI", 13);
    let error = decode(&[0]).expect_err("half a prefix");
    assert_eq!(error.fault, Fault::Truncated { needed: 2, found: 1 });
}

#[test]
fn the_folded_mac_lets_one_fen_become_a_thousand_and_one() {
    // Soundness 24, on a message of ours: the same bit of two bytes one block apart.
    let key = double();
    let mut bytes = frame(&sample(), Some(&key));
    let amount = View::parse(&bytes).offset(4).expect("DE4");
    let (low, partner) = (amount + 4, amount + 4 + 8 * 6);
    assert_eq!(decode(&bytes).map(|received| received.verify(&key)), Ok(MacCheck::Good));
    bytes[low] ^= 0x10;
    assert_eq!(decode(&bytes).map(|received| received.verify(&key)), Ok(MacCheck::Bad));
    bytes[partner] ^= 0x10;
    let received = View::parse(&bytes);
    assert_eq!(received.text(4).as_deref(), Some("000000001001"));
    assert_eq!(&super::mac::ecb_mac(&key, received.signed()), received.field(64).expect("DE64"));
}

#[test]
fn interchange_macs_agree_with_their_published_examples() {
    use cbc_mac::{CbcMac, KeyInit, Mac};
    use des::Des;
    use retail_mac::RetailMac;
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/data/vectors.json")).expect("JSON");
    let mut checked = 0;
    for vector in vectors["crypto"].as_array().expect("a list") {
        let (kind, text) = (vector["kind"].as_str().unwrap_or(""), vector["data_ascii"].as_str());
        let (Some(text), true) = (text, kind.contains("X9.")) else { continue };
        let key: DesKey = vector["key"].as_str().expect("hex").parse().expect("a key");
        let data = text.as_bytes();
        let mut padded = data.to_vec();
        padded.resize(data.len().next_multiple_of(8), 0);
        let mac: [u8; 8] = match key {
            DesKey::Single(key) => {
                let mut mac = CbcMac::<Des>::new(&key.into());
                mac.update(&padded);
                mac.finalize().into_bytes().into()
            }
            DesKey::Double(key) => {
                let mut mac = RetailMac::<Des>::new(&key.into());
                mac.update(&padded);
                mac.finalize().into_bytes().into()
            }
        };
        assert_eq!(super::text::hex(&mac), vector["result"].as_str().expect("hex"), "{kind}");
        checked += 1;
    }
    assert_eq!(checked, 3);
}
