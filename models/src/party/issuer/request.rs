//! 0100 and 0200: what may be declined. Every kind takes one path: known by DE37 it gets its stored answer,
//! else it is decided, made durable and answered (soundness 2d, 23).

use super::decide::Decision;
use super::hold::Hold;
use super::record::{Decided, Record, State, Tx};
use super::{Issuer, IssuerCommit, IssuerKey, PinCount};
use crate::ids::{ResponseCode, Rrn};
use crate::money::Fen;
use crate::party::{ConnId, Effects, Observation};
use crate::time::{Now, Wall};
use crate::wire::{Kind, Message, Reply, Request, Route, Told, Txn};

impl Issuer {
    pub(super) fn request(
        &mut self,
        now: Now,
        conn: ConnId,
        route: Route,
        request: &Request,
        fx: &mut Effects,
    ) {
        let Some(rrn) = request.rrn else { return };
        let card = self.card_by_pan.get(&request.card.pan()).copied();
        if self.config.choices.pin_count == PinCount::EveryCopy {
            self.miscount_pin(rrn, 1);
        }
        if let Some(tx) = self.known(rrn) {
            let mut txn = request.txn;
            let (code, auth, told) = if same_content(tx, &txn, card) {
                if tx.code == ResponseCode::PARTIAL {
                    txn.amount = tx.answered_amount();
                }
                (tx.code, tx.auth(rrn), tx.told)
            } else {
                (self.other_content(&request.txn, fx), None, None)
            };
            // A stored answer keeps its date: completions name it (flows 4.4).
            let date = self.books.txs.get(&rrn).map(|tx| tx.day).filter(|_| auth.is_some());
            let reply = self.reply(now, &txn, rrn, code, auth);
            let told = told_by(told);
            let reply = Reply { date: date.unwrap_or(reply.date), told, ..reply };
            fx.send(conn, &Message::Reply(reply), route, Some(&self.mac));
            return;
        }
        let decision = self.decide(now, rrn, card, request);
        let Decision { code, account, chain, part, pin, .. } = decision;
        let (kind, amount, day) = (request.txn.kind, request.txn.amount, now.wall.month_day());
        let of = decision.of;
        let hold = self.hold_of(now, &request.txn, code);
        let tells = kind == Kind::Balance && code == ResponseCode::APPROVED;
        let told = account.filter(|_| tells).map(|account| self.spendable(now, account));
        let decided = Decided {
            rrn,
            kind,
            chain,
            card,
            account,
            amount,
            part,
            code,
            pin,
            day,
            of,
            hold,
            told,
        };
        let early = self.config.choices.commit == IssuerCommit::AfterReply;
        if !early {
            self.decide_durably(now, decided, &decision, fx);
        }
        let tx = Tx::new(&decided);
        let txn = Txn { amount: tx.answered_amount(), ..request.txn };
        let reply = self.reply(now, &txn, rrn, code, tx.auth(rrn));
        let reply = Reply { told: told_by(told), ..reply };
        fx.send(conn, &Message::Reply(reply), route, Some(&self.mac));
        if early {
            self.decide_durably(now, decided, &decision, fx);
        }
    }

    /// What an approved pre-authorisation sets apart, and until when.
    fn hold_of(&self, now: Now, txn: &Txn, code: ResponseCode) -> Option<Hold> {
        let approved = txn.kind == Kind::PreAuth && code == ResponseCode::APPROVED;
        let lasts_ms = i64::try_from(self.config.hold_lasts_ms).unwrap_or(i64::MAX);
        approved.then(|| Hold {
            amount: txn.amount.percent(self.config.hold_percent),
            until: Wall(now.wall.0.saturating_add(lasts_ms)),
            merchant: txn.merchant,
        })
    }

    fn decide_durably(
        &mut self,
        now: Now,
        decided: Decided,
        decision: &Decision,
        fx: &mut Effects,
    ) {
        let Decided { rrn, account, amount, code, told, .. } = decided;
        self.commit(now, "append decision", &Record::Decided(decided), fx);
        let reason = decision.reason;
        fx.fact(Observation::Decided { rrn, account, amount, code, reason });
        if let (Some(account), Some(balance)) = (account, told) {
            fx.fact(Observation::BalanceTold { rrn, account, balance });
        }
        fx.sync();
    }

    /// UNSOUND choices of [`PinCount`]: one try more or less for an entry that was decided to be wrong.
    pub(super) fn miscount_pin(&mut self, rrn: Rrn, tries: i8) {
        let wrong = self.books.txs.get(&rrn).filter(|tx| &tx.code.0 == b"55");
        if let Some(card) = wrong.and_then(|tx| tx.card) {
            let count = &mut self.books.cards[card as usize].wrong_pins;
            *count = count.saturating_add_signed(tries);
        }
    }

    /// What is known under this key, where keys are kept at all.
    fn known(&self, rrn: Rrn) -> Option<&Tx> {
        let tx = self.books.txs.get(&rrn)?;
        let kept = match self.config.choices.duplicate_key {
            IssuerKey::Rrn => true,
            IssuerKey::None => tx.state == State::Tombstoned || tx.state == State::Reversed,
        };
        kept.then_some(tx)
    }
}

/// What DE54 tells.
fn told_by(balance: Option<Fen>) -> Told {
    balance.map_or(Told::Nothing, Told::Balance)
}

/// Equal content under one key (soundness 10); a tombstone has none to compare.
fn same_content(tx: &Tx, txn: &Txn, card: Option<u32>) -> bool {
    tx.state == State::Tombstoned
        || (tx.kind == txn.kind && tx.asked == txn.amount && tx.card == card)
}
