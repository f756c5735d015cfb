//! What the cashier and the holder get to see: screen, slip, and the end of an operation. Screen and slip
//! come only after the journal says so (soundness 5); an approval is announced once (soundness 6).

use super::Terminal;
use super::record::{LineState, Record};
use crate::ids::{ResponseCode, Stan};
use crate::party::observe::{Outcome, Text};
use crate::party::{Effects, Observation, OpRef};

impl Terminal {
    pub(super) fn screen(
        &self,
        op: OpRef,
        stan: Option<Stan>,
        code: Option<ResponseCode>,
        text: Text,
        fx: &mut Effects,
    ) {
        let key = stan.map(|stan| self.key(stan));
        fx.show(Observation::Screen { op, key, code, text });
    }

    pub(super) fn end(&self, op: OpRef, outcome: Outcome, fx: &mut Effects) {
        fx.show(Observation::Ended { op, outcome });
    }

    /// Shows and prints an approval, then makes it durable that this was done. A restart in between
    /// prints it again, marked as a reprint.
    pub(super) fn announce(&mut self, stan: Stan, reprint: bool, fx: &mut Effects) {
        self.about(stan, fx);
        let line = self.journal.lines[&stan];
        let (op, key) = (line.op, self.key(stan));
        let approved = line.code;
        match line.state {
            LineState::Approved => {
                self.screen(op, Some(stan), Some(approved), Text::Code(approved), fx);
            }
            LineState::RefundAccepted => {
                self.screen(op, Some(stan), Some(approved), Text::RefundAccepted, fx);
            }
            LineState::Doubt | LineState::RefundPending => {
                unreachable!("only what was approved is announced")
            }
        }
        let (kind, amount, rrn, date, auth) =
            (line.kind, line.amount, line.rrn, line.date, line.auth);
        fx.show(Observation::Slip { op, key, kind, amount, rrn, date, auth, reprint });
        // The cashier has seen it: what follows is the terminal's own memory of that.
        self.end(op, Outcome::Ok, fx);
        self.commit("append announced", &Record::Announced { stan }, fx);
        fx.fact(Observation::Announced { op, key });
        fx.sync();
    }
}
