//! I15, pin-count. An entry costs one try if and only if the issuer decided it, and at most one. The tries
//! are counted here from the issuer's decisions alone and held against what it decides next: 75 with tries
//! left means that something else was counted, anything else without any that something was given back.

use super::book::{Book, key_of};
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Asked, Event, What};
use cardstorm_models::ids::Rrn;
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::party::observe::{Reason, TxnKey};
use cardstorm_models::wire::{Kind, Mti};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    /// Wrong entries in a row, by card.
    wrong: BTreeMap<u32, u32>,
    /// Requests that reached the issuer and are not decided, with what they ask.
    asked: BTreeMap<Rrn, (Kind, TxnKey)>,
    /// Entries that cost their try.
    charged: BTreeSet<(Kind, TxnKey)>,
    /// A decision could not be put to a card, so that no count is certain any more.
    blind: bool,
}

/// What a decision says of the PIN.
enum Entry {
    /// It was looked at and is right.
    Right,
    /// It was looked at and is wrong.
    Wrong,
    /// It was not looked at, since there are no tries left.
    NoneLeft,
}

fn entry(reason: Reason) -> Option<Entry> {
    match reason {
        Reason::WrongPin => Some(Entry::Wrong),
        Reason::PinTriesUsed => Some(Entry::NoneLeft),
        Reason::Granted
        | Reason::GrantedInPart
        | Reason::Balance
        | Reason::AmountLimit
        | Reason::CountLimit
        | Reason::InvalidAmount => Some(Entry::Right),
        _ => None,
    }
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        match event.what {
            What::Received { message, .. }
                if book.at_issuer(event)
                    && matches!(message.mti, Mti::M0100 | Mti::M0200)
                    && matches!(message.kind, Some(Kind::Sale | Kind::PreAuth | Kind::Balance)) =>
            {
                if let (Some(rrn), Some(kind)) = (message.rrn, message.kind) {
                    self.asked.insert(rrn, (kind, key_of(&message)));
                }
            }
            What::Said { said: Observation::Decided { rrn, reason, .. } } => {
                if let (Some(asked), Some(entry)) = (self.asked.remove(&rrn), entry(reason)) {
                    self.decided(event, book, asked, rrn, &entry);
                }
            }
            _ => {}
        }
    }

    fn decided(
        &mut self,
        event: &Event,
        book: &Book,
        (kind, key): (Kind, TxnKey),
        rrn: Rrn,
        entry: &Entry,
    ) {
        let world = &book.plan.world.issuer;
        if world.cards.iter().all(|card| card.pin.is_none()) {
            return;
        }
        let op = book.named(Some(kind), &key).and_then(|txn| txn.op);
        let asked = op.and_then(|op| book.ops.get(&op)).map(|op| op.asked);
        let Some(
            Asked::Sale { card, .. }
            | Asked::Rest { card, .. }
            | Asked::PreAuth { card }
            | Asked::Balance { card },
        ) = asked
        else {
            self.blind = true;
            return;
        };
        let has_pin = world.cards.get(card as usize).is_some_and(|card| card.pin.is_some());
        if self.blind || !has_pin {
            return;
        }
        self.findings.checked();
        let tries = u32::from(world.pin_tries);
        let wrong = self.wrong.get(&card).copied().unwrap_or(0);
        let offence = match entry {
            Entry::NoneLeft if wrong < tries => {
                Some((Remark::PinTriesLeft { wrong, tries }, Remark::RefusedForPinTries))
            }
            Entry::Right | Entry::Wrong if wrong >= tries => {
                Some((Remark::NoPinTriesLeft { wrong, tries }, Remark::EntryLookedAt))
            }
            Entry::Wrong if !self.charged.insert((kind, key)) => {
                Some((Remark::OneEntryOneTry, Remark::EntryCountedAgain))
            }
            Entry::Right | Entry::Wrong | Entry::NoneLeft => None,
        };
        if let Some((expected, observed)) = offence {
            let blamed = book.plan.place(event.node);
            self.findings.offence(Fen::ZERO, event.key(), || Offence {
                expected,
                observed,
                first: event.key(),
                blamed,
                key: Some(key),
                rrns: vec![rrn],
            });
        }
        match entry {
            Entry::Right => self.wrong.insert(card, 0),
            Entry::Wrong => self.wrong.insert(card, wrong + 1),
            // From here on as the issuer has it, so that one miscount is told once.
            Entry::NoneLeft => self.wrong.insert(card, wrong.max(tries)),
        };
    }

    pub fn verdict(self) -> Verdict {
        self.findings.verdict(Invariant::PinCount, Remark::NoPinDecided)
    }
}
