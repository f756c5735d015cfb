//! The room as a whole: messages there and back, hostile bytes, and the other MACs that vectors name.
//! Vectors of this profile are run by `tests/conformance.rs`.

use super::card::{CardData, Pan, PinBlock, Track2};
use super::codec::{MacCheck, decode, encode};
use super::error::Fault;
use super::frame::{MTI_OFFSET, Requirement, Route};
use super::key::{DesKey, MacKey, WrappedKeys};
use super::message::*;
use super::view::View;
use crate::ids::{AuthCode, Batch, MerchantId, ResponseCode, Rrn, Stan, TerminalId};
use crate::money::Fen;
use crate::time::{MonthDay, TimeOfDay, YearMonth};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn double() -> MacKey {
    MacKey::new(&"0123456789ABCDEFFEDCBA9876543210".parse().expect("a key"))
}

fn month_days() -> impl Strategy<Value = MonthDay> {
    (1..=12_u8, 1..=29_u8).prop_map(|(month, day)| MonthDay { month, day })
}

fn clocks() -> impl Strategy<Value = TimeOfDay> {
    (0..24_u8, 0..60_u8, 0..60_u8).prop_map(|(hour, minute, second)| TimeOfDay {
        hour,
        minute,
        second,
    })
}

fn rrns() -> impl Strategy<Value = Rrn> {
    (0..=Rrn::MAX.0).prop_map(Rrn)
}

fn txns(kind: Kind) -> impl Strategy<Value = Txn> {
    (0..=999_999_999_999_i64, 1..=999_999_u32, "[ -~]{8}", "[ -~]{15}", 0..=999_999_u32).prop_map(
        move |(amount, stan, terminal, merchant, batch)| Txn {
            kind,
            amount: Fen(amount),
            stan: Stan(stan),
            terminal: terminal.parse().expect("eight characters"),
            merchant: merchant.parse().expect("fifteen characters"),
            batch: Batch(batch),
        },
    )
}

fn cards() -> impl Strategy<Value = CardData> {
    let expiry = (0..=99_u8, 1..=12_u8).prop_map(|(year, month)| YearMonth { year, month });
    ("[0-9]{13,19}", expiry, 0..=999_u16, 0..=99_u8, 0..3).prop_map(
        |(digits, expiry, service, sequence, how)| {
            let pan: Pan = digits.parse().expect("13 to 19 digits");
            let track2 = Track2::new(pan, expiry, service);
            match how {
                0 => CardData::Magstripe { track2 },
                1 => CardData::Keyed { pan, expiry },
                _ => CardData::Chip { pan, expiry, sequence, track2 },
            }
        },
    )
}

fn codes() -> impl Strategy<Value = ResponseCode> {
    prop_oneof!["00", "[0-9A-Z]{2}"].prop_map(|code| code.parse().expect("two characters"))
}

fn replies(kind: Kind) -> impl Strategy<Value = Reply> {
    let auth = option::of("[0-9A-Za-z]{6}".prop_map(|auth| auth.parse().expect("six characters")));
    (txns(kind), clocks(), month_days(), month_days(), rrns(), auth, codes()).prop_map(
        |(txn, time, date, clearing_date, rrn, auth, code)| Reply {
            txn,
            time,
            date,
            clearing_date,
            rrn,
            auth,
            code,
        },
    )
}

fn reasons() -> impl Strategy<Value = ReversalReason> {
    use ReversalReason::*;
    prop_oneof![Just(NoReply), Just(CouldNotFinish), Just(BadMac), Just(Other)]
}

fn sign_ons() -> impl Strategy<Value = Message> {
    let keys = prop_oneof![Just(KeyLength::Single), Just(KeyLength::Double)];
    let reply = option::of((clocks(), month_days(), rrns(), codes(), vec(any::<u8>(), 40)));
    (txns(Kind::Sale), keys, reply).prop_map(|(txn, keys, reply)| {
        let Txn { stan, terminal, merchant, batch, .. } = txn;
        let request = SignOn { stan, terminal, merchant, batch, keys };
        let Some((time, date, rrn, code, bytes)) = reply else { return Message::SignOn(request) };
        let length = if keys == KeyLength::Single { 24 } else { 40 };
        let wrapped =
            WrappedKeys::from_bytes(&bytes[..length]).filter(|_| code == ResponseCode::APPROVED);
        Message::SignOnReply(SignOnReply { request, time, date, rrn, code, wrapped })
    })
}

fn messages() -> impl Strategy<Value = Message> {
    let pin = option::of(any::<[u8; 8]>().prop_map(PinBlock));
    let originals = (0..=999_999_u32, 0..=999_999_u32, month_days())
        .prop_map(|(batch, stan, date)| Original { batch: Batch(batch), stan: Stan(stan), date });
    prop_oneof![
        sign_ons(),
        (txns(Kind::Sale), cards(), pin, option::of(rrns())).prop_map(|(txn, card, pin, rrn)| {
            Message::Request(Request { txn, card, pin, rrn })
        }),
        replies(Kind::Sale).prop_map(Message::Reply),
        replies(Kind::Refund).prop_map(Message::AdviceReply),
        replies(Kind::Sale).prop_map(Message::ReversalReply),
        replies(Kind::Sale).prop_map(Message::ReversalAdviceReply),
        (txns(Kind::Sale), reasons(), originals).prop_map(|(txn, reason, original)| {
            Message::Reversal(Reversal { txn, reason, original })
        }),
        (txns(Kind::Sale), rrns(), reasons()).prop_map(|(txn, rrn, reason)| {
            Message::ReversalAdvice(ReversalAdvice { txn, rrn, reason })
        }),
        (txns(Kind::Refund), option::of(cards()), option::of(rrns()), rrns(), month_days())
            .prop_map(|(txn, card, rrn, original_rrn, original_date)| Message::Advice(Advice {
                txn,
                card,
                rrn,
                original_rrn,
                original_date
            })),
    ]
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
    Message::Request(Request { txn, card, pin: Some(PinBlock([7; 8])), rrn: Some(Rrn(42)) })
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

/// Changes the text of one field (or removes it) and says where decoding must stop.
fn refused(message: &Message, changes: &[(u8, Option<&str>)], path: &str, offset: usize) {
    let frame = frame(message, None);
    let view = View::parse(&frame);
    let mut texts: Vec<(u8, String)> =
        view.fields().filter_map(|de| Some((de, view.text(de)?))).collect();
    for (de, change) in changes {
        texts.retain(|(other, _)| other != de);
        texts.extend(change.map(|text| (*de, text.to_owned())));
    }
    let texts: Vec<(u8, &str)> = texts.iter().map(|(de, text)| (*de, text.as_str())).collect();
    let body = super::text::encode(message.mti().as_str(), &texts).expect("writable");
    let mut bytes = ((11 + body.len()) as u16).to_be_bytes().to_vec();
    bytes.extend(&frame[2..MTI_OFFSET]);
    bytes.extend(body);
    let error = decode(&bytes).expect_err(path);
    assert_eq!((error.path, error.offset), (path, offset), "{error}");
    assert!(!error.to_string().contains("620000000000"), "{error}");
}

#[test]
fn what_this_profile_does_not_have_is_refused_where_it_stands() {
    let sale = sample();
    refused(&sale, &[(3, Some("200000"))], "DE3", 32);
    refused(&sale, &[(11, Some("000000"))], "DE11", 41);
    refused(&sale, &[(14, Some("4913"))], "DE14", 44);
    refused(&sale, &[(22, Some("052"))], "DE22", 46);
    refused(&sale, &[(22, Some("071"))], "DE22", 46);
    refused(&sale, &[(22, Some("021"))], "DE2", 24);
    refused(&sale, &[(23, Some("100"))], "DE23", 48);
    refused(&sale, &[(25, Some("06"))], "DE25", 50);
    refused(&sale, &[(26, None)], "DE26", 15);
    refused(&sale, &[(26, Some("12"))], "DE26", 51);
    refused(&sale, &[(35, Some("6200000000000005D4913201"))], "DE35", 53);
    refused(&sale, &[(35, Some("6200000000000005"))], "DE35", 53);
    refused(&sale, &[(35, None)], "DE35", 15);
    refused(&sale, &[(4, None)], "DE4", 15);
    refused(&sale, &[(49, Some("840"))], "DE49", 100);
    refused(&sale, &[(53, Some("2610000000000000"))], "DE53", 111);
    refused(&sale, &[(60, Some("23000015000"))], "DE60.1", 121);
    refused(&sale, &[(60, Some("22000015001"))], "DE60.3", 125);
    refused(&sale, &[(60, Some("220000150005"))], "DE60", 119);
    refused(&sale, &[(37, Some("00000000004x"))], "DE37", 76);
    refused(&sale, &[(48, Some("00"))], "DE48", 102);
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
    check(13, 0x05, "MTI", 13);
    let error = decode(&[0]).expect_err("half a prefix");
    assert_eq!(error.fault, Fault::Truncated { needed: 2, found: 1 });
}

#[test]
fn a_reply_without_the_keys_it_promises_is_refused() {
    let request = SignOn {
        stan: Stan(1),
        terminal: TerminalId(*b"00000026"),
        merchant: MerchantId(*b"852331059980072"),
        batch: Batch(15),
        keys: KeyLength::Double,
    };
    let reply = SignOnReply {
        request,
        time: TimeOfDay::default(),
        date: MonthDay { month: 2, day: 29 },
        rrn: Rrn(1),
        code: ResponseCode::APPROVED,
        wrapped: WrappedKeys::from_bytes(&[9; 40]),
    };
    let reply = Message::SignOnReply(reply);
    refused(&reply, &[(62, None)], "DE62", 15);
    refused(&reply, &[(39, Some("96"))], "DE62", 78);
    refused(&reply, &[(62, Some(&"09".repeat(24)))], "DE62", 76);
    refused(&reply, &[(13, Some("0230"))], "DE13", 29);
    refused(&reply, &[(12, Some("240000"))], "DE12", 26);
    refused(&reply, &[(60, Some("00000015004"))], "DE60.3", 74);
    refused(&reply, &[(64, Some("3030303030303030"))], "DE64", 118);
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

#[test]
fn codes_are_letters_and_digits() {
    let Message::Request(Request { txn, .. }) = sample() else { return };
    let day = MonthDay { month: 1, day: 1 };
    let reply = Message::Reply(Reply {
        txn,
        time: TimeOfDay::default(),
        date: day,
        clearing_date: day,
        rrn: Rrn(1),
        auth: Some(AuthCode(*b"A1b2C3")),
        code: ResponseCode::APPROVED,
    });
    refused(&reply, &[(38, Some("AB-123"))], "DE38", 57);
    refused(&reply, &[(39, Some(" 0"))], "DE39", 61);
    refused(&reply, &[(15, Some("0431"))], "DE15", 40);
    refused(&reply, &[(2, Some("6200000000000005"))], "DE2", 24);
    refused(&reply, &[(41, Some("0000\\x00026"))], "DE41", 67);
}
