//! Remarks as data: each is used by a check or by what a story expects, and each comes back from JSON as it
//! went in. A remark's values come from `Sample`, no two alike.

use crate::check::Invariant;
use crate::check::remark::{Deed, FeeParts, Remark, Wrote, one_of_each};
use crate::plan::Place;
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::{Batch, ResponseCode, Rrn, Stan, TerminalId};
use cardstorm_models::ledger::{Account, Cause};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Outcome, Text};
use cardstorm_models::wire::{Kind, Mti, SideTotal, Totals};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A value for a slot, unlike those before it.
pub(crate) trait Sample {
    /// The next value; counts up.
    fn sample(n: &mut u32) -> Self;
}

fn next(n: &mut u32) -> u32 {
    *n += 1;
    *n
}

macro_rules! numbers {
    ($($kind:ty: $make:expr;)+) => {
        $(impl Sample for $kind {
            fn sample(n: &mut u32) -> $kind {
                let make: fn(u32) -> $kind = $make;
                make(next(n))
            }
        })+
    };
}

numbers! {
    u16: |n| u16::try_from(10 + n).expect("a few slots");
    u32: |n| 20 + n;
    u64: |n| 30 + u64::from(n);
    i32: |n| i32::try_from(40 + n).expect("a few slots");
    Fen: |n| Fen(10_050 + 1_010 * i64::from(n));
    Rrn: |n| Rrn(700 + u64::from(n));
    Stan: |n| Stan(500 + n);
    Batch: |n| Batch(900 + n);
    Day: |n| Day(9_557 + i32::try_from(n).expect("a few slots"));
    ResponseCode: |n| [ResponseCode(*b"61"), ResponseCode(*b"75")][n as usize % 2];
    TerminalId: |_| TerminalId(*b"T0000001");
    Kind: |_| Kind::Sale;
    Mti: |_| Mti::M0210;
    Cause: |_| Cause::Sale;
    Account: |_| Account::Cardholder(0);
    Place: |_| Place::Acquirer;
    Text: |_| Text::NoReply;
    Outcome: |_| Outcome::InDoubt;
    Invariant: |_| Invariant::SlipTruth;
    Deed: |_| Deed::Captured;
    Wrote: |_| Wrote::Decision;
    bool: |_| true;
}

impl<T: Sample> Sample for Option<T> {
    fn sample(n: &mut u32) -> Option<T> {
        Some(T::sample(n))
    }
}

impl Sample for BTreeSet<ResponseCode> {
    fn sample(n: &mut u32) -> BTreeSet<ResponseCode> {
        [ResponseCode::sample(n), ResponseCode::sample(n)].into()
    }
}

impl Sample for FeeParts {
    fn sample(n: &mut u32) -> FeeParts {
        [Fen::sample(n), Fen::sample(n), Fen::sample(n)].into()
    }
}

impl Sample for Totals {
    fn sample(n: &mut u32) -> Totals {
        let mut side = || SideTotal { amount: Fen::sample(n), count: u16::sample(n) };
        Totals { debit: side(), credit: side() }
    }
}

impl Sample for Box<Remark> {
    fn sample(_: &mut u32) -> Box<Remark> {
        Box::new(Remark::NoBatchSettled)
    }
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            sources(&path, into);
        } else if path.extension().is_some_and(|of| of == "rs") && !path.ends_with("remark.rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_remark_is_made_by_a_check_or_an_expectation() {
    let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&room.join("check"), &mut files);
    sources(&room.join("examine"), &mut files);
    let text: Vec<String> =
        files.iter().map(|file| fs::read_to_string(file).expect("sources are text")).collect();
    let text = text.concat();
    let made = |name: &str| {
        let call = format!("Remark::{name}");
        text.match_indices(&call).any(|(at, _)| {
            let after = text[at + call.len()..].chars().next();
            !after.is_some_and(|next| next.is_alphanumeric())
        })
    };
    let idle: Vec<&str> =
        one_of_each().into_iter().map(|(name, _)| name).filter(|name| !made(name)).collect();
    assert!(idle.is_empty(), "no check makes these: take them out, with their texts: {idle:?}");
}

#[test]
fn a_remark_comes_back_from_json_as_it_went_in() {
    for (name, remark) in one_of_each() {
        let json = serde_json::to_value(&remark).expect("plain data is JSON");
        let id = json["id"].as_str().expect("an id").replace('-', "");
        assert_eq!(id, name.to_lowercase(), "{json}");
        let back: Remark = serde_json::from_value(json).expect("it was written by us");
        assert_eq!(back, remark);
    }
}
