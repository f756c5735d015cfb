//! What the cashier and the holder get to see: screen, slip, and the end of an operation. Screen and slip
//! come only after the journal says so (soundness 5); an approval is announced once (soundness 6).

use super::Terminal;
use super::record::LineState;
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

    /// Shows an approval and gives its slip to the printer. What the printer answers is made durable in
    /// `printer`; a restart before that announces it again, the slip marked as a reprint.
    pub(super) fn announce(&mut self, stan: Stan, reprint: bool, fx: &mut Effects) {
        self.about(stan, fx);
        let line = self.journal.lines[&stan];
        let approved = line.code;
        match line.state {
            LineState::Approved => {
                self.screen(line.op, Some(stan), Some(approved), Text::Code(approved), fx);
            }
            LineState::RefundAccepted => {
                self.screen(line.op, Some(stan), Some(approved), Text::RefundAccepted, fx);
            }
            LineState::Doubt | LineState::RefundPending => {
                unreachable!("only what was approved is announced")
            }
        }
        self.print_slip(stan, reprint, fx);
        self.end(line.op, Outcome::Ok, fx);
    }
}
