//! What the strict form refuses, field by field, and where it stops.

use super::*;

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
    let body = crate::wire::text::encode(message.mti().as_str(), &texts).expect("writable");
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
    refused(&sale, &[(3, Some("010000"))], "DE3", 32);
    refused(&sale, &[(3, Some("200000"))], "DE60.1", 121);
    refused(&sale, &[(3, Some("200000")), (60, Some("25000015000"))], "DE60.1", 121);
    refused(&sale, &[(11, Some("000000"))], "DE11", 41);
    refused(&sale, &[(14, Some("4913"))], "DE14", 44);
    refused(&sale, &[(22, Some("052"))], "DE22", 46);
    refused(&sale, &[(22, Some("071"))], "DE22", 46);
    refused(&sale, &[(22, Some("021"))], "DE2", 24);
    refused(&sale, &[(23, Some("100"))], "DE23", 48);
    refused(&sale, &[(25, Some("08"))], "DE25", 50);
    refused(&sale, &[(25, Some("06"))], "DE60.1", 121);
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
        told: Told::Nothing,
    });
    refused(&reply, &[(38, Some("AB-123"))], "DE38", 57);
    refused(&reply, &[(39, Some(" 0"))], "DE39", 61);
    refused(&reply, &[(15, Some("0431"))], "DE15", 40);
    refused(&reply, &[(2, Some("6200000000000005"))], "DE2", 24);
    refused(&reply, &[(41, Some("0000\\x00026"))], "DE41", 67);
}

fn txn(kind: Kind, amount: i64) -> Txn {
    let Message::Request(Request { txn, .. }) = sample() else { unreachable!("a sale") };
    Txn { kind, amount: Fen(amount), ..txn }
}

fn linked(kind: Kind, rrn: Option<Rrn>, linked: Linked) -> Message {
    let Message::Request(sale) = sample() else { unreachable!("a sale") };
    Message::Request(Request { txn: txn(kind, 100), rrn, linked, ..sale })
}

const DAY: MonthDay = MonthDay { month: 3, day: 2 };
const AUTH: AuthCode = AuthCode(*b"A1b2C3");

#[test]
fn a_linked_request_names_its_original_as_its_kind_does_and_no_other_way() {
    let original = Original { batch: Batch(15), stan: Stan(7), date: DAY };
    let auth = Some(AUTH);
    let rrn = Rrn(9);
    let void = linked(Kind::Void, None, Linked::Rrn { rrn, auth: None, original });
    refused(&void, &[(37, None)], "DE37", 15);
    refused(&void, &[(61, None)], "DE61", 15);
    refused(&void, &[(54, Some("0002156C000000000001"))], "DE54", 121);
    let back = linked(Kind::CompletionVoid, Some(Rrn(3)), Linked::Rrn { rrn, auth, original });
    refused(&back, &[(38, None)], "DE38", 15);
    refused(&back, &[(62, Some("303132"))], "DE62", 143);
    let complete = linked(Kind::Completion, None, Linked::Auth { auth: AUTH, date: DAY });
    refused(&complete, &[(38, None)], "DE38", 15);
    refused(&complete, &[(61, Some("0000150000070302"))], "DE61", 123);
    refused(&complete, &[(62, Some("303132333435363738394142"))], "DE62", 133);
    let hold = linked(Kind::PreAuth, None, Linked::None);
    refused(&hold, &[(61, Some("0000000000000302"))], "DE61", 117);
    refused(&hold, &[(60, Some("22000015000"))], "DE60.1", 109);
}

#[test]
fn an_inquiry_has_no_amount_and_its_answer_tells_what_was_asked() {
    let Message::Request(sale) = sample() else { unreachable!("a sale") };
    let asks = Message::Request(Request { txn: txn(Kind::Balance, 0), ..sale });
    refused(&asks, &[(4, Some("000000000001"))], "DE4", 35);
    let reply = |kind: Kind, amount: i64, told: Told| {
        let (txn, code) = (txn(kind, amount), ResponseCode::APPROVED);
        let (time, rrn) = (TimeOfDay::default(), Rrn(1));
        let (date, clearing_date) = (DAY, DAY);
        Message::Reply(Reply { txn, time, date, clearing_date, rrn, auth: None, code, told })
    };
    let balance = reply(Kind::Balance, 0, Told::Balance(Fen(-5)));
    let bytes = frame(&balance, None);
    assert_eq!(View::parse(&bytes).text(54).as_deref(), Some("0002156D000000000005"));
    refused(&balance, &[(54, None)], "DE54", 15);
    refused(&balance, &[(39, Some("14"))], "DE54", 79);
    refused(&balance, &[(54, Some("0002156D000000000000"))], "DE54", 86);
    refused(&balance, &[(54, Some("0001156C000000000000"))], "DE54", 79);
    refused(&balance, &[(54, Some("0002156C00000000000x"))], "DE54", 98);
    let told = Told::Original { code: ResponseCode(*b"51"), rrn: Rrn(4), amount: Fen(3) };
    let status = reply(Kind::Status, 0, told);
    refused(&status, &[(62, Some("35"))], "DE62", 85);
    refused(&status, &[(62, Some(&"2D".repeat(26)))], "DE62", 87);
    refused(&reply(Kind::Sale, 1, Told::Nothing), &[(62, Some("35"))], "DE62", 93);
}

#[test]
fn only_a_sale_declares_that_a_part_will_do() {
    let Message::Request(sale) = sample() else { unreachable!("a sale") };
    let declared = Message::Request(Request { takes_partial: true, ..sale });
    assert_eq!(decode(&frame(&declared, None)).map(|read| read.message), Ok(declared));
    refused(&declared, &[(60, Some("22000015000000"))], "DE60.6", 126);
    refused(&declared, &[(60, Some("22000015000101"))], "DE60.6", 126);
    let hold = linked(Kind::PreAuth, None, Linked::None);
    refused(&hold, &[(60, Some("10000015000001"))], "DE60", 107);
}

#[test]
fn a_wallet_code_is_eighteen_digits_and_no_card_stands_beside_it() {
    let sale = Message::QrSale(QrRequest {
        txn: txn(Kind::QrSale, 100),
        wallet: WalletCode(28_000_000_000_000_001),
        rrn: None,
    });
    refused(&sale, &[(62, Some(&"39".repeat(17)))], "DE62", 72);
    refused(&sale, &[(62, Some(&"41".repeat(18)))], "DE62", 74);
    refused(&sale, &[(22, Some("022"))], "DE22", 35);
    refused(&sale, &[(2, Some("6200000000000005"))], "DE2", 24);
    assert!(!format!("{sale:?}").contains("2800000"), "no wallet code in {sale:?}");
}

#[test]
fn settlement_and_upload_count_their_digits() {
    let Message::Request(Request { txn, .. }) = sample() else { unreachable!("a sale") };
    let Txn { stan, terminal, merchant, batch, .. } = txn;
    let station = Station { stan, terminal, merchant, batch };
    let none = Totals::default();
    let settle = Message::Settle(Settle { station, domestic: none, foreign: none });
    let digits = |digit: &str| format!("{}{digit}{}0", "0".repeat(30), "0".repeat(30));
    refused(&settle, &[(48, Some(&"0".repeat(60)))], "DE48", 49);
    refused(&settle, &[(48, Some(&digits("1")))], "DE48", 66);
    refused(&settle, &[(60, Some("00000015202"))], "DE60.3", 91);
    refused(&settle, &[(49, Some("840"))], "DE49", 82);
    let pan = Some("6200000000000005".parse().expect("a card"));
    let row = UploadRecord { kind: Kind::Void, stan: Stan(7), pan, amount: Fen(9) };
    let records = UploadRecords::new(&[row]).expect("one");
    let upload = Message::Upload(Upload { station, part: UploadPart::Records(records) });
    let good = "012300000700006200000000000005000000000009";
    assert_eq!(View::parse(&frame(&upload, None)).text(48).as_deref(), Some(good));
    let changed = |at: usize, to: &str| {
        let mut text = good.to_owned();
        text.replace_range(at..at + to.len(), to);
        text
    };
    refused(&upload, &[(48, Some(&changed(0, "02")))], "DE48", 51);
    refused(&upload, &[(48, Some(&changed(2, "25")))], "DE48", 52);
    refused(&upload, &[(48, Some(&changed(4, "000000")))], "DE48", 53);
    refused(&upload, &[(48, Some(&changed(10, "000000000000")))], "DE48", 56);
    refused(&upload, &[(48, Some(&good[..40]))], "DE48", 49);
    refused(&upload, &[(60, Some("00000015203"))], "DE60.3", 78);
    refused(&upload, &[(60, Some("22000015000"))], "DE60.1", 74);
    refused(&upload, &[(48, None)], "DE48", 15);
    let end = UploadPart::End { balanced: false, count: 12 };
    let end = Message::Upload(Upload { station, part: end });
    refused(&end, &[(48, Some("012"))], "DE48", 49);
    let (kind, amount, rrn) = (Kind::Refund, Fen(5), Rrn(8));
    let item = Message::Upload(Upload { station, part: UploadPart::Item { kind, amount, rrn } });
    refused(&item, &[(3, Some("000000"))], "DE3", 23);
    refused(&item, &[(25, Some("06"))], "DE25", 35);
    refused(&item, &[(48, Some("0001"))], "DE48", 73);
}

#[test]
fn every_request_has_a_reply_that_declines_it() {
    let (time, date) = (TimeOfDay::default(), DAY);
    let answer = Answer { time, date, rrn: Rrn(5), code: ResponseCode(*b"40") };
    proptest!(|(message in messages())| {
        let reply = message.answered(answer);
        let wanted = message.mti().reply().filter(|_| message.mti() != Mti::M0800);
        prop_assert_eq!(reply.map(|reply| reply.mti()), wanted);
        if let Some(reply) = reply {
            let read = decode(&frame(&reply, None)).map(|read| read.message);
            prop_assert_eq!(read, Ok(reply));
            prop_assert_eq!(reply.station(), message.station());
            prop_assert_eq!(reply.code(), Some(answer.code));
        }
    });
}
