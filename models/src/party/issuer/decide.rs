//! The issuer's decision on a request: which code, for which true reason (flows 0: the only authority for
//! 51). It reads books and changes nothing.

use super::Issuer;
use super::config::{AccountState, CardState, FrozenCode, IssuerConfig};
use super::record::{Books, PinEffect};
use crate::ids::{ResponseCode, Rrn};
use crate::money::Fen;
use crate::party::observe::Reason;
use crate::time::{Now, Wall};
use crate::wire::card::CardData;
use crate::wire::{Kind, Request, pin};

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decision {
    pub code: ResponseCode,
    pub reason: Reason,
    pub account: Option<u32>,
    /// The original that it is about: itself unless it is linked to one.
    pub chain: Rrn,
    /// The earlier transaction that it names and may be linked to.
    pub of: Option<Rrn>,
    /// What is granted of the amount, where it is only a part.
    pub part: Option<Fen>,
    pub pin: PinEffect,
}

/// The code that a reason is answered with (data/response_codes.csv).
pub(super) fn code_of(reason: Reason, frozen: FrozenCode) -> ResponseCode {
    ResponseCode(match reason {
        Reason::Granted => *b"00",
        Reason::GrantedInPart => return ResponseCode::PARTIAL,
        Reason::InvalidTransaction | Reason::NotApproved => *b"12",
        Reason::InvalidAmount => *b"13",
        Reason::NoSuchCard | Reason::AccountClosed | Reason::CardDiffers => *b"14",
        Reason::ReversedBefore
        | Reason::VoidedBefore
        | Reason::RefundedBefore
        | Reason::CompletedBefore
        | Reason::HoldExpired => *b"22",
        Reason::NoOriginal => *b"25",
        Reason::Format => *b"30",
        Reason::Lost => *b"41",
        Reason::Stolen => *b"43",
        Reason::Balance => *b"51",
        Reason::Expired => *b"54",
        Reason::WrongPin => *b"55",
        Reason::NotPermitted => *b"57",
        Reason::AmountLimit => *b"61",
        Reason::AccountFrozen => match frozen {
            FrozenCode::Restricted => *b"62",
            FrozenCode::InsufficientFunds => *b"51",
        },
        Reason::AmountDiffers => *b"64",
        Reason::CountLimit => *b"65",
        Reason::PinTriesUsed => *b"75",
        Reason::OtherContent => *b"94",
        Reason::PinUnreadable => *b"99",
    })
}

impl Issuer {
    /// Decides a request that was never seen before.
    pub(super) fn decide(
        &self,
        now: Now,
        rrn: Rrn,
        card: Option<u32>,
        request: &Request,
    ) -> Decision {
        match request.txn.kind {
            Kind::Void | Kind::CompletionVoid => self.judge_void(rrn, card, request),
            Kind::PreAuthVoid | Kind::Completion => self.judge_on_hold(rrn, card, request),
            _ => self.judge_sale(now, rrn, card, request),
        }
    }

    /// A decision for this reason, about the card's own account and no other transaction.
    pub(super) fn decision(&self, rrn: Rrn, card: Option<u32>, reason: Reason) -> Decision {
        Decision {
            code: code_of(reason, self.config.choices.frozen_code),
            reason,
            account: card.map(|card| self.config.cards[card as usize].account),
            chain: rrn,
            of: None,
            part: None,
            pin: PinEffect::Untouched,
        }
    }

    fn judge_sale(&self, now: Now, rrn: Rrn, card: Option<u32>, request: &Request) -> Decision {
        let (config, books, wall) = (&self.config, &self.books, now.wall);
        let mut pin = PinEffect::Untouched;
        let mut part = None;
        let account = card.map(|card| config.cards[card as usize].account);
        let reason = match (card, account) {
            (Some(card), Some(account)) => {
                judge_card(config, books, card, account, &request.card, wall)
                    .or_else(|| judge_pin(config, books, card, request, &mut pin))
                    .or_else(|| match request.txn.kind {
                        Kind::Balance => self.untellable(now, account),
                        _ => self.judge_money(now, account, request, &mut part),
                    })
                    .unwrap_or(Reason::Granted)
            }
            _ => Reason::NoSuchCard,
        };
        Decision { pin, part, ..self.decision(rrn, card, reason) }
    }

    /// What stands against the amount. Where only the balance does, and the terminal can take a part, what is
    /// there is granted (flows 8).
    fn judge_money(
        &self,
        now: Now,
        account: u32,
        request: &Request,
        part: &mut Option<Fen>,
    ) -> Option<Reason> {
        let available = self.spendable(now, account);
        let reason =
            judge_amount(&self.config, &self.books, account, request, now.wall, available)?;
        let takes_part = self.config.partial_approval && request.takes_partial;
        if reason == Reason::Balance && takes_part && available > Fen::ZERO {
            *part = Some(available);
            return Some(Reason::GrantedInPart);
        }
        Some(reason)
    }

    /// Why money cannot go back to this account by a request: it is closed.
    pub(super) fn closed(&self, account: u32) -> Option<Reason> {
        let closed = self.books.accounts[account as usize].state == AccountState::Closed;
        closed.then_some(Reason::AccountClosed)
    }
}

fn judge_card(
    config: &IssuerConfig,
    books: &Books,
    card: u32,
    account: u32,
    read: &CardData,
    wall: Wall,
) -> Option<Reason> {
    let known = &config.cards[card as usize];
    match books.cards[card as usize].state {
        CardState::Active => {}
        CardState::Lost => return Some(Reason::Lost),
        CardState::Stolen => return Some(Reason::Stolen),
        CardState::NotPermitted => return Some(Reason::NotPermitted),
    }
    if read.expiry() != known.expiry || wall.year_month() > known.expiry {
        return Some(Reason::Expired);
    }
    match books.accounts[account as usize].state {
        AccountState::Active => None,
        AccountState::Frozen => Some(Reason::AccountFrozen),
        AccountState::Closed => Some(Reason::AccountClosed),
    }
}

/// Counts at most one try for one entry, and only where the issuer decides it (flows 8).
fn judge_pin(
    config: &IssuerConfig,
    books: &Books,
    card: u32,
    request: &Request,
    effect: &mut PinEffect,
) -> Option<Reason> {
    let known = &config.cards[card as usize];
    let expected = known.pin.as_ref()?;
    if books.cards[card as usize].wrong_pins >= config.pin_tries {
        return Some(Reason::PinTriesUsed);
    }
    let Some(block) = &request.pin else { return Some(Reason::Format) };
    match pin::check(*block, &known.pan, &config.zone_pin_key, expected) {
        pin::PinCheck::Right => {
            *effect = PinEffect::Reset;
            None
        }
        pin::PinCheck::Wrong => {
            *effect = PinEffect::Wrong;
            Some(Reason::WrongPin)
        }
        pin::PinCheck::Unreadable => Some(Reason::PinUnreadable),
    }
}

fn judge_amount(
    config: &IssuerConfig,
    books: &Books,
    account: u32,
    request: &Request,
    wall: Wall,
    available: Fen,
) -> Option<Reason> {
    let amount = request.txn.amount;
    if amount <= Fen::ZERO {
        return Some(Reason::InvalidAmount);
    }
    if config.sale_limit.is_some_and(|limit| amount > limit) {
        return Some(Reason::AmountLimit);
    }
    let amount = match request.txn.kind {
        Kind::PreAuth => amount.percent(config.hold_percent),
        _ => amount,
    };
    let now = &books.accounts[account as usize];
    let today = if now.day == wall.month_day() { now.sales_that_day } else { 0 };
    if config.daily_sale_count.is_some_and(|limit| today >= limit) {
        return Some(Reason::CountLimit);
    }
    (available < amount).then_some(Reason::Balance)
}
