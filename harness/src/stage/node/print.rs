//! What a terminal gives its printer, and what the printer answers once the step is over. Paper belongs to
//! the shop: a power cut of the terminal does not mend it.

use super::{Control, Node};
use crate::history::What;
use crate::stage::strike::Strike;
use cardstorm_models::party::{DeviceEvent, Observation};

impl Node {
    /// A slip comes out, or a fault of the printer strikes at it. The cashier sees what is out.
    pub(super) fn print(&mut self, now_ms: u64, slip: Observation) {
        let key = slip.printed_key().expect("a printer is given slips");
        let failed = self.printer.fails();
        if let Some(failed) = failed {
            self.emit(now_ms, What::Fault { fault: failed.fault });
        }
        if failed.is_none_or(|failed| failed.is_out) {
            self.tell_cashier(now_ms, slip);
        }
        self.device.push_back(match failed {
            None => DeviceEvent::Printed { key },
            Some(_) => DeviceEvent::NotPrinted { key },
        });
    }

    /// The printer fails from here on, until somebody has mended it or the faults end.
    pub(super) fn break_printer(&mut self, now_ms: u64, strike: Strike, for_ms: u64, is_out: bool) {
        let until_ms = (now_ms + for_ms).min(self.plan.chaos_ms);
        self.printer.breaks(strike.number, until_ms, is_out);
        self.control(until_ms, Control::PrinterMended);
    }

    /// Somebody has put paper in or cleared a jam. A terminal that is down finds that out when it boots.
    pub(super) fn mend_printer(&mut self, now_ms: u64) {
        if self.printer.is_mended(now_ms) && self.party.is_some() {
            self.device.push_back(DeviceEvent::PrinterReady);
        }
    }
}
