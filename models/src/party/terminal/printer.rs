//! Slips at the printer: what is given to it, and what its answers make durable. An approval stands
//! whatever the printer does; a slip that is not out is owed until it is (soundness 6).

use super::record::{BatchSlip, LineState, Record};
use super::{PrinterFault, Terminal};
use crate::ids::Stan;
use crate::party::observe::{Outcome, Text, TxnKey};
use crate::party::{DeviceEvent, Effects, Observation};
use crate::time::Now;
use crate::wire::Class;

impl Terminal {
    pub(super) fn print_slip(&mut self, stan: Stan, reprint: bool, fx: &mut Effects) {
        let (line, key) = (self.journal.lines[&stan], self.key(stan));
        let (op, kind, amount, rrn) = (line.op, line.kind, line.amount, line.rrn);
        let (date, auth) = (line.date, line.auth);
        self.at_printer.push(key);
        fx.print(Observation::Slip { op, key, kind, amount, rrn, date, auth, reprint });
    }

    pub(super) fn print_batch_slip(&mut self, slip: BatchSlip, reprint: bool, fx: &mut Effects) {
        let BatchSlip { stan, batch, totals, balanced, .. } = slip;
        self.about(stan, fx);
        let key = TxnKey { terminal: self.config.id, batch, stan };
        self.at_printer.push(key);
        fx.print(Observation::BatchSlip { key, totals, balanced, reprint });
    }

    /// The printer answers, and what waited for that goes on.
    pub(super) fn device(&mut self, now: Now, event: DeviceEvent, fx: &mut Effects) {
        match event {
            DeviceEvent::Printed { key } => {
                self.at_printer.retain(|given| *given != key);
                self.slip_is_out(key, fx);
            }
            DeviceEvent::NotPrinted { key } => {
                self.at_printer.retain(|given| *given != key);
                self.slip_is_owed(key, fx);
            }
            DeviceEvent::PrinterReady => self.print_what_is_owed(fx),
        }
        self.drive(now, fx);
    }

    /// Announced once: a durable note follows the slip (soundness 6).
    fn slip_is_out(&mut self, key: TxnKey, fx: &mut Effects) {
        let TxnKey { batch, stan, .. } = key;
        self.about(stan, fx);
        if self.batch_slip(key).is_some() {
            self.commit("append batch announced", &Record::BatchAnnounced { batch, stan }, fx);
            fx.sync();
        } else if self.owes(key) {
            let op = self.journal.lines[&stan].op;
            self.commit("append announced", &Record::Announced { stan }, fx);
            fx.fact(Observation::Announced { op, key });
            fx.sync();
        }
    }

    /// What is approved stays approved, and the slip is owed: the missing note is the record of that.
    fn slip_is_owed(&mut self, key: TxnKey, fx: &mut Effects) {
        let stan = key.stan;
        self.about(stan, fx);
        if let Some(slip) = self.batch_slip(key) {
            if let Some(op) = slip.op {
                self.screen(op, None, None, Text::SlipOwed, fx);
            }
            return;
        }
        if !self.owes(key) {
            return;
        }
        let line = self.journal.lines[&stan];
        match self.config.choices.printer_fault {
            PrinterFault::Reverse if self.can_take_back(stan) => {
                self.commit("append printer failed", &Record::PrinterFailed { stan }, fx);
                fx.sync();
                self.screen(line.op, Some(stan), None, Text::TakenBack, fx);
                self.end(line.op, Outcome::InDoubt, fx);
                self.eager = true;
                (self.tries, self.reversal_tries) = (0, 0);
            }
            PrinterFault::ForgetSlip => self.slip_is_out(key, fx),
            PrinterFault::OweSlip | PrinterFault::Reverse => {
                self.screen(line.op, Some(stan), None, Text::SlipOwed, fx);
            }
        }
    }

    /// UNSOUND choice `PrinterFault::Reverse`: a request, one at a time; a refund is never reversed
    /// (soundness 14).
    fn can_take_back(&self, stan: Stan) -> bool {
        let line = &self.journal.lines[&stan];
        let request = line.kind.class() == Class::Request && line.state == LineState::Approved;
        request && !line.settled && self.journal.doubt.is_none() && self.journal.settling.is_none()
    }

    /// Everything that is owed and not at the printer already, oldest first, marked as a reprint.
    fn print_what_is_owed(&mut self, fx: &mut Effects) {
        for stan in self.journal.unannounced.clone() {
            if !self.at_printer.contains(&self.key(stan)) {
                self.about(stan, fx);
                self.print_slip(stan, true, fx);
            }
        }
        for slip in self.journal.batch_slips.clone() {
            let key = TxnKey { terminal: self.config.id, batch: slip.batch, stan: slip.stan };
            if !self.at_printer.contains(&key) {
                self.print_batch_slip(slip, true, fx);
            }
        }
    }

    fn owes(&self, key: TxnKey) -> bool {
        self.journal.unannounced.contains(&key.stan) && self.key(key.stan) == key
    }

    fn batch_slip(&self, key: TxnKey) -> Option<BatchSlip> {
        let slips = self.journal.batch_slips.iter();
        slips.copied().find(|slip| (slip.batch, slip.stan) == (key.batch, key.stan))
    }
}
