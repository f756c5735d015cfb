//! Balance inquiry (flows 4.5): asked once, with the card and its PIN. It moves nothing, so there is no
//! record of it beside its number, it is in no total and it is never reversed; unanswered it has failed, and
//! the cashier may ask again. What is told is shown, and never kept.

use super::{Activity, BalanceSign, TIMER_REPLY, Terminal};
use crate::ids::{ResponseCode, Stan};
use crate::money::Fen;
use crate::party::observe::{Outcome, Text};
use crate::party::{ConnId, Effects, Observation, OpRef};
use crate::time::Now;
use crate::wire::card::CardData;
use crate::wire::pin::{self, Pin};
use crate::wire::{Kind, Linked, Message, Reply, Request, Told, Txn};

/// An inquiry that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inquiry {
    pub stan: Stan,
    pub op: OpRef,
}

impl Terminal {
    /// Uses a number up, durably, and asks (soundness 10).
    pub(super) fn inquire(
        &mut self,
        op: OpRef,
        card: CardData,
        entered: Option<Pin>,
        conn: ConnId,
        fx: &mut Effects,
    ) {
        let stan = self.use_stan_for(fx, |key| Observation::Inquired { op, key });
        let inquiry = Inquiry { stan, op };
        let keys = self.keys.as_ref().expect("requests follow sign-on");
        let pin = entered.map(|pin| pin::encrypt(&pin, &card.pan(), &keys.pin));
        let (txn, linked) = (self.inquiry_txn(inquiry), Linked::None);
        let request = Request { txn, card, pin, rrn: None, linked, takes_partial: false };
        self.send(conn, &Message::Request(request), fx);
        self.await_reply(Activity::Inquiring(inquiry), fx);
    }

    /// Its data elements. No batch is adopted while it is out.
    pub(super) fn inquiry_txn(&self, inquiry: Inquiry) -> Txn {
        Txn {
            kind: Kind::Balance,
            amount: Fen::ZERO,
            stan: inquiry.stan,
            terminal: self.config.id,
            merchant: self.config.merchant,
            batch: self.journal.batch,
        }
    }

    pub(super) fn inquiry_answered(
        &mut self,
        now: Now,
        inquiry: Inquiry,
        reply: &Reply,
        good: bool,
        fx: &mut Effects,
    ) {
        let code = reply.code;
        // What cannot be authenticated, and what calls for a sign-on (soundness 7, 10, flows 4.7).
        if !good || matches!(&code.0, b"77" | b"94" | b"99" | b"A0") {
            self.keys = None;
        }
        let (text, shown, outcome) = match reply.told {
            _ if !good => (Text::BadMac, None, Outcome::Failed),
            Told::Balance(balance) => {
                (Text::Balance(self.signed(balance)), Some(code), Outcome::Ok)
            }
            Told::Nothing | Told::Original { .. } => {
                let (text, shown) = self.refusal(code);
                (text, Some(shown), Outcome::Failed)
            }
        };
        self.inquiry_ends(now, inquiry, text, shown, outcome, fx);
    }

    fn signed(&self, balance: Fen) -> Fen {
        match self.config.choices.balance_sign {
            BalanceSign::Read => balance,
            BalanceSign::Ignored => Fen(balance.0.abs()),
        }
    }

    pub(super) fn inquiry_unreadable(&mut self, now: Now, inquiry: Inquiry, fx: &mut Effects) {
        self.inquiry_ends(now, inquiry, Text::Unreadable, None, Outcome::Failed, fx);
    }

    pub(super) fn inquiry_unanswered(&mut self, now: Now, inquiry: Inquiry, fx: &mut Effects) {
        self.inquiry_ends(now, inquiry, Text::NotAnswered, None, Outcome::Failed, fx);
    }

    fn inquiry_ends(
        &mut self,
        now: Now,
        inquiry: Inquiry,
        text: Text,
        code: Option<ResponseCode>,
        outcome: Outcome,
        fx: &mut Effects,
    ) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        let Inquiry { stan, op } = inquiry;
        self.about(stan, fx);
        self.screen(op, Some(stan), code, text, fx);
        self.end(op, outcome, fx);
        self.tries = 0;
        self.drive(now, fx);
    }
}
