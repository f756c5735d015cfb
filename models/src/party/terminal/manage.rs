//! Echo and sign-off (flows 4.7): messages about no transaction, without a MAC, never in doubt. After a
//! sign-off the terminal is quiet until its cashier wants something, and then signs on first.

use super::{Activity, TIMER_REPLY, Terminal};
use crate::ids::{ResponseCode, Stan};
use crate::party::observe::{Outcome, Text};
use crate::party::{ConnId, Effects, OpRef};
use crate::time::Now;
use crate::wire::{Management, ManagementReply, Message, Purpose, code};

/// A 0820 that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Managing {
    pub stan: Stan,
    pub purpose: Purpose,
    /// Who asked for it; nobody for the sign-off that ends a settlement.
    pub op: Option<OpRef>,
}

impl Terminal {
    pub(super) fn manage(
        &mut self,
        purpose: Purpose,
        op: Option<OpRef>,
        conn: ConnId,
        fx: &mut Effects,
    ) {
        if self.journal.last_stan >= Stan::MAX {
            // The counter begins anew with this message: the next transaction needs a new batch
            // (soundness 10).
            self.keys = None;
        }
        let stan = self.use_stan(fx);
        let request = Management { station: self.station(stan), purpose };
        fx.send(conn, &Message::Management(request), self.route(), None);
        self.await_reply(Activity::Managing(Managing { stan, purpose, op }), fx);
    }

    pub(super) fn is_ours(&self, managing: Managing, reply: &ManagementReply) -> bool {
        let Managing { stan, purpose, .. } = managing;
        reply.request == Management { station: self.station(stan), purpose }
    }

    pub(super) fn managed(
        &mut self,
        now: Now,
        managing: Managing,
        code: ResponseCode,
        fx: &mut Effects,
    ) {
        fx.disarm(TIMER_REPLY);
        self.activity = Activity::Idle;
        self.tries = 0;
        let done = match managing.purpose {
            Purpose::Echo => Text::EchoAnswered,
            Purpose::SignOff => Text::SignedOff,
        };
        let (text, shown, outcome) = match code {
            ResponseCode::APPROVED => (done, None, Outcome::Ok),
            other if code::lookup(other).is_none() => {
                (Text::UnknownCode(other), Some(other), Outcome::Failed)
            }
            other => (Text::Code(other), Some(other), Outcome::Failed),
        };
        self.management_ends(managing, text, shown, outcome, fx);
        self.drive(now, fx);
    }

    /// Nothing is in doubt: the cashier may ask again, and a terminal that wants to be off is off.
    pub(super) fn management_unanswered(&mut self, managing: Managing, fx: &mut Effects) {
        self.management_ends(managing, Text::NotAnswered, None, Outcome::Failed, fx);
    }

    fn management_ends(
        &mut self,
        managing: Managing,
        text: Text,
        code: Option<ResponseCode>,
        outcome: Outcome,
        fx: &mut Effects,
    ) {
        if managing.purpose == Purpose::SignOff {
            self.be_signed_off();
        }
        if let Some(op) = managing.op {
            self.screen(op, None, code, text, fx);
            self.end(op, outcome, fx);
        }
    }

    /// Its keys are of no use any more, and none are asked for before they are needed.
    pub(super) fn be_signed_off(&mut self) {
        self.sign_off_due = false;
        self.keys = None;
        self.signed_off = true;
    }
}
