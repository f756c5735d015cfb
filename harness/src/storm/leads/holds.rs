//! Money that is set apart, and then given free, taken, or taken and given back, with one trouble on the way:
//! every message and every record of it is as likely to be hit as any other.

use super::{Story, before, sends};
use crate::plan::{FaultKind, Op, Place, Start, Task};
use cardstorm_models::money::Fen;
use cardstorm_models::wire::Mti;

/// What becomes of the hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Voided,
    Completed,
    CompletedAndVoided,
}

/// A step that one of these transactions passes, at the terminal or at the acquirer.
type Record = (&'static str, bool);

/// The records of a pre-authorisation, its void, a completion, and that one's void.
const RECORDS: [[Record; 2]; 4] = [
    [("append pre-auth pending", true), ("append authorised", false)],
    [("append pre-auth void pending", true), ("append pre-auth voided", false)],
    [("append completion pending", true), ("append completed", false)],
    [("append completion void pending", true), ("append completion voided", false)],
];

impl Story<'_> {
    pub(super) fn hold_in_trouble(&mut self) {
        let (dice, card, terminal) = (self.dice, self.card, self.till);
        let amount = self.small_amount(100);
        let pin = self.world.issuer.cards[card as usize].pin;
        let then = dice.pick(16, 0, &[Then::Voided, Then::Completed, Then::CompletedAndVoided]);
        let part = Fen(dice.small(16, 1, 1, amount.0.unsigned_abs()));
        let tasks = match then {
            Then::Voided => vec![Task::Void { of: 0, amount: None, card }],
            Then::Completed => vec![Task::Completion { of: 0, intent: 2, amount: part, card }],
            Then::CompletedAndVoided => vec![
                Task::Completion { of: 0, intent: 2, amount: part, card },
                Task::Void { of: 1, amount: None, card },
            ],
        };
        let mut ms = self.leads.first_ms();
        for (n, task) in (0u64..).zip([vec![Task::PreAuth { amount, card, pin }], tasks].concat()) {
            self.ops.push(Op { terminal, start: Start::At { ms }, task });
            ms += dice.range(16, 2 + n, 6_000, 15_000);
        }
        let hit = dice.range(16, 6, 0, self.ops.len() as u64 - 1);
        let (record, mtis, nth) = match (hit, then) {
            (0, _) => (RECORDS[0], (Mti::M0100, Mti::M0110), 1),
            (_, Then::Voided) => (RECORDS[1], (Mti::M0100, Mti::M0110), 2),
            (1, _) => (RECORDS[2], (Mti::M0200, Mti::M0210), 1),
            (_, _) => (RECORDS[3], (Mti::M0200, Mti::M0210), 2),
        };
        if dice.one_in(16, 7, 3) {
            let (effect, at_terminal) = dice.pick(16, 8, &record);
            let at = if at_terminal { Place::Terminal(terminal) } else { Place::Acquirer };
            let what = self.crash(16, 30_000);
            return self.fault(at, what, before(effect, 1));
        }
        self.hit(mtis, nth);
    }

    /// One of the four messages of an exchange over both legs is lost, late or doubled, or its sender dies.
    fn hit(&mut self, (request, reply): (Mti, Mti), nth: u32) {
        let dice = self.dice;
        let (at, mti) = dice.pick(
            16,
            9,
            &[
                (Place::Terminal(self.till), request),
                (Place::Acquirer, request),
                (Place::Issuer, reply),
                (Place::Acquirer, reply),
            ],
        );
        let till = &self.world.terminals[usize::from(self.till)];
        let waits_ms = till.timers.response_timeout_ms;
        let what = match dice.range(16, 10, 0, 3) {
            0 => FaultKind::Drop,
            1 => FaultKind::Delay { ms: waits_ms + dice.range(16, 11, 0, 20_000) },
            2 => FaultKind::Duplicate { after_ms: dice.time_ms(16, 11, 30_000) },
            _ => self.crash(16, 30_000),
        };
        self.fault(at, what, sends(mti, nth));
    }
}
