//! Wire vectors that nobody here wrote, run through the public doors of the wire room: every message,
//! negative and crypto vector of the UnionPay POS profile. Where they come from stands in the data.

use cardstorm_models::time::YearMonth;
use cardstorm_models::wire::card::{Pan, PinBlock, Track2};
use cardstorm_models::wire::error::{Fault, WireError};
use cardstorm_models::wire::key::{DesKey, MacKey};
use cardstorm_models::wire::mac::{ecb_mac, fold};
use cardstorm_models::wire::pin::{Pin, clear_block};
use cardstorm_models::wire::view::{Form, View};
use cardstorm_models::wire::{Framer, decode, text};
use serde_json::Value;

const PROFILE: &str = "unionpay-pos-bcd-64";

fn vectors(list: &str) -> Vec<Value> {
    let all: Value =
        serde_json::from_str(include_str!("data/vectors.json")).expect("the vectors are JSON");
    all[list].as_array().expect("a list of vectors").clone()
}

fn messages() -> Vec<Value> {
    let ours = |vector: &Value| string(vector, "profile").starts_with(PROFILE);
    vectors("messages").into_iter().filter(ours).collect()
}

fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is a string in {value}"))
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn with<'v>(list: &'v [Value], id: &str) -> &'v Value {
    list.iter().find(|vector| vector["id"] == id).unwrap_or_else(|| panic!("vector {id}"))
}

/// The sources write DE63 as hex although it is `ans` (fields.csv).
fn characters(hex: &str) -> String {
    String::from_utf8(bytes(hex)).expect("ASCII in every vector")
}

/// Reads a message vector, compares every value, and writes it back to the same bytes.
fn check_message(vector: &Value) {
    let (id, expected, raw) =
        (string(vector, "id"), &vector["expected"], bytes(string(vector, "hex")));
    let view = View::parse(&raw);
    assert_eq!(view.error(), None, "{id}");
    assert!(view.unread().is_empty(), "{id}");
    if let Some(length) = expected["frame_length"].as_u64() {
        assert_eq!((view.form(), raw.len() as u64), (Form::Frame, length + 2), "{id}");
    }
    assert_eq!(view.tpdu().map(hex).as_deref(), expected["tpdu"].as_str(), "{id}");
    assert_eq!(view.header().map(hex).as_deref(), expected["header"].as_str(), "{id}");
    assert_eq!(view.mti().map(|mti| hex(&mti)).as_deref(), expected["mti"].as_str(), "{id}");
    let bitmap = view.bitmap().map(|bitmap| format!("{bitmap:016X}"));
    assert_eq!(bitmap.as_deref(), expected["bitmap"].as_str(), "{id}");

    let fields = expected["fields"].as_object().expect("fields");
    let named: Vec<(u8, String)> = fields
        .iter()
        .map(|(de, text)| (de.parse().expect("a number"), text.as_str().expect("text")))
        .map(|(de, text)| (de, if de == 63 { characters(text) } else { text.to_owned() }))
        .collect();
    let named: Vec<(u8, &str)> = named.iter().map(|(de, text)| (*de, text.as_str())).collect();
    assert_eq!(view.fields().count(), named.len(), "{id}: no field more, none less");
    for (de, text) in &named {
        assert_eq!(view.text(*de).as_deref(), Some(*text), "{id} DE{de}");
    }
    let body = text::encode(string(expected, "mti"), &named).expect("the table can carry them");
    assert_eq!(hex(&body), hex(&raw[raw.len() - body.len()..]), "{id}");
    let ahead = raw.len() - body.len();
    assert_eq!(ahead, if view.form() == Form::Frame { 13 } else { 11 }, "{id}");
}

#[test]
fn every_message_of_this_profile_reads_and_writes_back() {
    let ours = messages();
    ours.iter().for_each(check_message);
    let ids: Vec<&str> = ours.iter().map(|vector| string(vector, "id")).collect();
    assert_eq!(
        ids,
        [
            "jiso8583-unionpay_pos_sale_request_0200",
            "jiso8583-unionpay_pos_sale_reply_0210",
            "vfwz-signin_request",
            "vfwz-download_request",
        ]
    );
}

#[test]
fn a_masked_dump_of_a_real_message_shows_no_card() {
    for vector in messages() {
        let raw = bytes(string(&vector, "hex"));
        let view = View::parse(&raw);
        let dump = view.dump(true);
        for de in [2, 35, 36, 46, 52] {
            if let Some(secret) = view.text(de) {
                assert!(!dump.contains(&secret), "DE{de} in {dump}");
            }
        }
    }
}

/// The strict form holds less than these senders put in: it must say which field it has no place for.
#[test]
fn foreign_messages_are_refused_by_the_strict_form_with_a_reason() {
    let ours = messages();
    let check = |id: &str, path: &str, offset: usize| {
        let mut raw = bytes(string(with(&ours, id), "hex"));
        if View::parse(&raw).form() == Form::Tpdu {
            let length = u16::try_from(raw.len()).expect("short");
            raw.splice(0..0, length.to_be_bytes());
        }
        let error = decode(&raw).expect_err(id);
        assert_eq!((error.path, error.offset), (path, offset), "{id}: {error}");
        let misfit = matches!(error.fault, Fault::Forbidden { .. } | Fault::Missing { .. });
        assert!(misfit, "{id}: {error}");
    };
    check("jiso8583-unionpay_pos_sale_request_0200", "DE36", 61);
    check("jiso8583-unionpay_pos_sale_reply_0210", "DE2", 24);
    check("vfwz-signin_request", "DE46", 51);
    check("vfwz-download_request", "DE11", 15);
}

/// Deframes like a party does, then reads strictly.
fn receive(raw: &[u8]) -> (Option<WireError>, Framer) {
    let (mut framer, mut frame) = (Framer::new(), Vec::new());
    framer.push(raw);
    let whole = framer.pull(&mut frame).expect("the first prefix is not too long");
    let error = whole.then(|| {
        let view = View::parse(&frame);
        let error = decode(&frame).expect_err("a negative vector");
        assert_eq!(view.error(), Some(&error), "both readers stop at the same place");
        error
    });
    (error, framer)
}

#[test]
fn every_negative_vector_fails_where_it_should() {
    let negatives = vectors("negative");
    let check = |id: &str, path: &'static str, offset: usize, fault: Fault| {
        let (error, _) = receive(&bytes(string(with(&negatives, id), "hex")));
        assert_eq!(error, Some(WireError { path, offset, fault }), "{id}");
    };
    check("neg-frame-too-short", "DE63", 133, Fault::Truncated { needed: 3, found: 1 });
    check("neg-truncated", "DE64", 136, Fault::Truncated { needed: 8, found: 3 });
    check("neg-trailing", "frame", 144, Fault::Trailing { found: 2 });
    check("neg-secondary-bit", "DE1", 15, Fault::Forbidden { message: "a 64-field profile" });
    check("neg-llvar-over-max", "DE2", 23, Fault::OverMaximum { found: 99, maximum: 19 });
    assert_eq!(negatives.len(), 6, "five above, and the incomplete frame below");
}

#[test]
fn an_incomplete_frame_waits_and_is_never_decoded() {
    let negatives = vectors("negative");
    let raw = bytes(string(with(&negatives, "neg-frame-too-long"), "hex"));
    let (error, framer) = receive(&raw);
    assert_eq!((error, framer.pending()), (None, raw.len()));
    let error = decode(&raw).expect_err("142 of 170 bytes");
    assert_eq!((error.path, error.offset), ("frame length", 0));
    assert_eq!(View::parse(&raw).error().map(|error| error.path), Some("frame length"));
}

#[test]
fn what_follows_a_short_prefix_closes_the_stream() {
    let negatives = vectors("negative");
    let (_, mut framer) = receive(&bytes(string(with(&negatives, "neg-frame-too-short"), "hex")));
    let error = framer.pull(&mut Vec::new()).expect_err("the rest reads as a prefix");
    assert_eq!(error.fault, Fault::OverMaximum { found: 21_840, maximum: 2048 });
}

#[test]
fn every_ecb_mac_agrees_with_its_intermediate_fold() {
    let crypto = vectors("crypto");
    let mut checked = 0;
    for vector in crypto.iter().filter(|vector| string(vector, "kind").starts_with("UnionPay")) {
        let key: DesKey = string(vector, "key").parse().expect("a key");
        let (data, result) = (bytes(string(vector, "data_hex")), &vector["result"]);
        let id = string(vector, "id");
        assert_eq!(format!("{:016X}", fold(&data)), string(result, "xor_block"), "{id}");
        let mac = ecb_mac(&MacKey::new(&key), &data);
        assert_eq!(std::str::from_utf8(&mac).ok(), result["mac_de64_ascii"].as_str(), "{id}");
        assert_eq!(hex(&mac), string(result, "mac_de64_hex"), "{id}");
        assert!(string(result, "enc2").starts_with(string(result, "mac_de64_ascii")), "{id}");
        checked += 1;
    }
    assert_eq!(checked, 3);
}

#[test]
fn the_view_cuts_out_exactly_what_a_mac_covers() {
    let (ours, crypto) = (messages(), vectors("crypto"));
    let raw = bytes(string(with(&ours, "jiso8583-unionpay_pos_sale_request_0200"), "hex"));
    let data = string(with(&crypto, "unionpay-ecb-single"), "data_hex");
    assert_eq!(hex(View::parse(&raw).signed()), data);
}

/// Soundness 24: one fen becomes a thousand and one under the same MAC.
#[test]
fn the_folded_mac_misses_two_equal_flips_in_the_sample_sale() {
    let crypto = vectors("crypto");
    let vector = with(&crypto, "unionpay-ecb-double");
    let key = MacKey::new(&string(vector, "key").parse().expect("a key"));
    let data = bytes(string(vector, "data_hex"));
    let mut flipped = data.clone();
    flipped[17] ^= 0x10;
    flipped[41] ^= 0x10;
    assert_eq!(ecb_mac(&key, &flipped), ecb_mac(&key, &data));
    assert_eq!(View::parse(&data).text(4).as_deref(), Some("000000000001"));
    assert_eq!(View::parse(&flipped).text(4).as_deref(), Some("000000001001"));
}

#[test]
fn every_pin_block_agrees() {
    let mut checked = 0;
    for vector in vectors("crypto").iter().filter(|vector| vector["pin"].is_string()) {
        let pin: Pin = string(vector, "pin").parse().expect("a PIN");
        let pan: Pan = string(vector, "pan").parse().expect("a card number");
        assert_eq!(format!("{:016X}", clear_block(&pin, &pan)), string(vector, "result"));
        checked += 1;
    }
    assert_eq!(checked, 2);
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let pan: Pan = "6212345678901234".parse().expect("a card number");
    let track = Track2::new(pan, YearMonth { year: 31, month: 5 }, 201);
    let key: DesKey = "0123456789ABCDEF".parse().expect("a key");
    let pin: Pin = "987654".parse().expect("a PIN");
    let all = format!(
        "{pan} {pan:?} {track:?} {key:?} {pin:?} {:?}",
        PinBlock(*b"\x11\x22\x33\x44\x55\x66\x77\x88")
    );
    for secret in
        ["6212345678901234", "567890", "3105", "0123456789ABCDEF", "987654", "1122", "17, 34"]
    {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}
