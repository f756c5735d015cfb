//! Generators: every message of this profile, with everything it may carry.

use super::*;
use proptest::collection::vec;
use proptest::option;

pub(super) fn month_days() -> impl Strategy<Value = MonthDay> {
    (1..=12_u8, 1..=29_u8).prop_map(|(month, day)| MonthDay { month, day })
}

pub(super) fn clocks() -> impl Strategy<Value = TimeOfDay> {
    (0..24_u8, 0..60_u8, 0..60_u8).prop_map(|(hour, minute, second)| TimeOfDay {
        hour,
        minute,
        second,
    })
}

pub(super) fn rrns() -> impl Strategy<Value = Rrn> {
    (0..=Rrn::MAX.0).prop_map(Rrn)
}

pub(super) fn txns(kind: Kind) -> impl Strategy<Value = Txn> {
    let most = if kind.has_amount() { 999_999_999_999_i64 } else { 0 };
    (0..=most, 1..=999_999_u32, "[ -~]{8}", "[ -~]{15}", 0..=999_999_u32).prop_map(
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

pub(super) fn cards() -> impl Strategy<Value = CardData> {
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

pub(super) fn codes() -> impl Strategy<Value = ResponseCode> {
    prop_oneof!["00", "[0-9A-Z]{2}"].prop_map(|code| code.parse().expect("two characters"))
}

pub(super) fn replies(kind: Kind) -> impl Strategy<Value = Reply> {
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
            told: Told::Nothing,
        },
    )
}

pub(super) fn reasons() -> impl Strategy<Value = ReversalReason> {
    use ReversalReason::*;
    prop_oneof![Just(NoReply), Just(CouldNotFinish), Just(BadMac), Just(Other), Just(Repair)]
}

pub(super) fn sign_ons() -> impl Strategy<Value = Message> {
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

pub(super) fn stations() -> impl Strategy<Value = Station> {
    txns(Kind::Sale).prop_map(|Txn { stan, terminal, merchant, batch, .. }| Station {
        stan,
        terminal,
        merchant,
        batch,
    })
}

pub(super) fn answers() -> impl Strategy<Value = Answer> {
    (clocks(), month_days(), rrns(), codes()).prop_map(|(time, date, rrn, code)| Answer {
        time,
        date,
        rrn,
        code,
    })
}

pub(super) fn originals() -> impl Strategy<Value = Original> {
    (0..=999_999_u32, 0..=999_999_u32, month_days()).prop_map(|(batch, stan, date)| Original {
        batch: Batch(batch),
        stan: Stan(stan),
        date,
    })
}

pub(super) fn auths() -> impl Strategy<Value = AuthCode> {
    "[0-9A-Za-z]{6}".prop_map(|auth| auth.parse().expect("six characters"))
}

/// The kinds that a message type may be about.
pub(super) fn kinds(mti: Mti) -> impl Strategy<Value = Kind> {
    let all: Vec<Kind> =
        KINDS.iter().map(|row| row.kind).filter(|kind| mti.may_be(*kind)).collect();
    prop::sample::select(all)
}

/// A transaction of any kind that a message type may be about; an inquiry's has no amount.
pub(super) fn txns_of(mti: Mti) -> impl Strategy<Value = Txn> {
    kinds(mti).prop_flat_map(txns)
}

/// Every request, with the card and the link that its kind has.
pub(super) fn requests() -> impl Strategy<Value = Message> {
    let pin = option::of(any::<[u8; 8]>().prop_map(PinBlock));
    let linked = (rrns(), option::of(auths()), auths(), originals());
    let txn = prop_oneof![txns_of(Mti::M0200), txns_of(Mti::M0100)];
    let rest = (0..WalletCode::END, any::<bool>());
    (txn, cards(), pin, option::of(rrns()), linked, rest).prop_map(
        |(txn, card, pin, rrn, (of, maybe, auth, original), (wallet, takes_partial))| {
            let takes_partial = takes_partial && txn.kind == Kind::Sale;
            let linked = match (txn.kind.names(), txn.kind) {
                (Names::Nothing, Kind::QrSale) => {
                    let wallet = WalletCode(wallet);
                    return Message::QrSale(QrRequest { txn, wallet, rrn });
                }
                (Names::Key, _) => return Message::Status(StatusInquiry { txn, original, rrn }),
                (Names::Nothing, _) => Linked::None,
                (Names::Auth, _) => Linked::Auth { auth, date: original.date },
                (Names::Rrn, Kind::Void) => Linked::Rrn { rrn: of, auth: maybe, original },
                (Names::Rrn, _) => Linked::Rrn { rrn: of, auth: Some(auth), original },
            };
            Message::Request(Request { txn, card, pin, rrn, linked, takes_partial })
        },
    )
}

pub(super) fn told(reply: Reply, amount: i64, code: ResponseCode, rrn: Rrn) -> Reply {
    let told = match (reply.txn.kind, reply.code == ResponseCode::APPROVED) {
        (Kind::Balance, true) => Told::Balance(Fen(amount)),
        (Kind::Status, true) => Told::Original { code, rrn, amount: Fen(amount.abs()) },
        _ => Told::Nothing,
    };
    Reply { told, ..reply }
}

pub(super) fn replies_of(mti: Mti) -> impl Strategy<Value = Reply> {
    let more = (-999_999_999_999..=999_999_999_999_i64, codes(), rrns());
    (kinds(mti).prop_flat_map(replies), more)
        .prop_map(|(reply, (amount, code, rrn))| told(reply, amount, code, rrn))
}

pub(super) fn batches() -> impl Strategy<Value = Message> {
    let side = || {
        (0..=999_999_999_999_i64, 0..=999_u16)
            .prop_map(|(amount, count)| SideTotal { amount: Fen(amount), count })
    };
    let group = move || (side(), side()).prop_map(|(debit, credit)| Totals { debit, credit });
    let verdict = || prop_oneof![Just(Balanced::Yes), Just(Balanced::No), Just(Balanced::Error)];
    let settle = (stations(), group(), group(), verdict(), verdict(), option::of(answers()));
    let settle = settle.prop_map(|(station, domestic, foreign, one, two, answer)| {
        let request = Settle { station, domestic, foreign };
        let Some(answer) = answer else { return Message::Settle(request) };
        Message::SettleReply(SettleReply { request, domestic: one, foreign: two, answer })
    });
    let pan = option::of("[1-9][0-9]{12,18}".prop_map(|pan| pan.parse().expect("a card number")));
    let kinds_in = |taken: fn(Kind) -> bool| {
        let all: Vec<Kind> = KINDS.iter().map(|row| row.kind).filter(|kind| taken(*kind)).collect();
        prop::sample::select(all)
    };
    let record = (kinds_in(UploadRecord::takes), 1..=999_999_u32, pan, 0..=999_999_999_999_i64)
        .prop_map(|(kind, stan, pan, amount)| UploadRecord {
            kind,
            stan: Stan(stan),
            pan,
            amount: Fen(amount),
        });
    let part = prop_oneof![
        vec(record, 1..=8).prop_map(|rows| {
            UploadPart::Records(UploadRecords::new(&rows).expect("one to eight"))
        }),
        (kinds(Mti::M0320), 0..=999_999_999_999_i64, rrns())
            .prop_map(|(kind, amount, rrn)| UploadPart::Item { kind, amount: Fen(amount), rrn }),
        (any::<bool>(), 0..=9999_u16)
            .prop_map(|(balanced, count)| UploadPart::End { balanced, count }),
    ];
    let upload = (stations(), part, option::of(answers()));
    let upload = upload.prop_map(|(station, part, answer)| match answer {
        None => Message::Upload(Upload { station, part }),
        Some(answer) => Message::UploadReply(UploadReply { station, of: part.name(), answer }),
    });
    let purpose = prop_oneof![Just(Purpose::SignOff), Just(Purpose::Echo)];
    let management = (stations(), purpose, option::of(answers()));
    let management = management.prop_map(|(station, purpose, answer)| {
        let request = Management { station, purpose };
        match answer {
            None => Message::Management(request),
            Some(answer) => Message::ManagementReply(ManagementReply { request, answer }),
        }
    });
    prop_oneof![settle, upload, management]
}

pub(super) fn messages() -> impl Strategy<Value = Message> {
    let refund = (txns(Kind::Refund), option::of(cards()), option::of(rrns()), rrns());
    let completion =
        (txns(Kind::CompletionAdvice), option::of(cards()), option::of(rrns()), auths());
    let reply = prop_oneof![replies_of(Mti::M0210), replies_of(Mti::M0110)];
    let one = prop_oneof![
        sign_ons(),
        requests(),
        reply.prop_map(Message::Reply),
        replies_of(Mti::M0230).prop_map(Message::AdviceReply),
        replies_of(Mti::M0410).prop_map(Message::ReversalReply),
        replies_of(Mti::M0430).prop_map(Message::ReversalAdviceReply),
        (txns_of(Mti::M0400), reasons(), originals()).prop_map(|(txn, reason, original)| {
            Message::Reversal(Reversal { txn, reason, original })
        }),
    ];
    let two = prop_oneof![
        (txns_of(Mti::M0420), rrns(), reasons()).prop_map(|(txn, rrn, reason)| {
            Message::ReversalAdvice(ReversalAdvice { txn, rrn, reason })
        }),
        (refund, month_days(), any::<bool>()).prop_map(|(refund, original_date, repair)| {
            let (txn, card, rrn, original_rrn) = refund;
            Message::Advice(Advice { txn, card, rrn, original_rrn, original_date, repair })
        }),
        (completion, month_days()).prop_map(|((txn, card, rrn, auth), date)| {
            Message::CompletionAdvice(CompletionAdvice { txn, card, rrn, auth, date })
        }),
    ];
    prop_oneof![2 => one, 1 => two, 1 => batches()]
}
