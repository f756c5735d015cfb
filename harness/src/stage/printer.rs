//! The printer of a terminal, as the faults that strike at it leave it. It keeps nothing: what did not come
//! out is the terminal's to remember.

use std::collections::BTreeMap;

/// What keeps a printer from printing.
struct Trouble {
    until_ms: u64,
    /// The next slip comes out all the same, and jams it.
    next_is_out: bool,
}

/// A printer. By the number of the fault, what keeps it from printing.
#[derive(Default)]
pub struct Printer {
    troubles: BTreeMap<u32, Trouble>,
}

/// A slip that the printer says it did not print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The fault that is to blame.
    pub fault: u32,
    /// Whether the slip is out all the same.
    pub is_out: bool,
}

impl Printer {
    /// A fault strikes; it lasts until then.
    pub fn breaks(&mut self, fault: u32, until_ms: u64, next_is_out: bool) {
        self.troubles.insert(fault, Trouble { until_ms, next_is_out });
    }

    /// Whether a slip fails to print now. Where there is no paper, nothing comes out, jammed or not.
    pub fn fails(&mut self) -> Option<Failed> {
        let fault = *self.troubles.first_key_value()?.0;
        let is_out = self.troubles.values().all(|trouble| trouble.next_is_out);
        if is_out {
            self.troubles.values_mut().for_each(|trouble| trouble.next_is_out = false);
        }
        Some(Failed { fault, is_out })
    }

    /// Somebody looks after it. Whether it prints again, and did not before.
    pub fn is_mended(&mut self, now_ms: u64) -> bool {
        let broken = !self.troubles.is_empty();
        self.troubles.retain(|_, trouble| trouble.until_ms > now_ms);
        broken && self.troubles.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jam_may_let_one_slip_out_and_no_paper_lets_none() {
        let failed = |fault, is_out| Some(Failed { fault, is_out });
        let mut printer = Printer::default();
        assert_eq!(printer.fails(), None);
        printer.breaks(4, 100, true);
        assert_eq!(printer.fails(), failed(4, true));
        assert_eq!(printer.fails(), failed(4, false), "the second sticks behind the first");
        printer.breaks(7, 100, true);
        assert_eq!(printer.fails(), failed(4, false), "it is jammed already");
        let mut printer = Printer::default();
        printer.breaks(2, 100, false);
        printer.breaks(1, 100, true);
        assert_eq!(printer.fails(), failed(1, false), "jammed without paper");
    }

    #[test]
    fn it_prints_again_when_the_last_trouble_is_over() {
        let mut printer = Printer::default();
        assert!(!printer.is_mended(50), "it was never broken");
        printer.breaks(0, 100, false);
        printer.breaks(1, 200, false);
        assert!(!printer.is_mended(100), "one is left");
        assert!(printer.is_mended(200));
        assert_eq!(printer.fails(), None);
        assert!(!printer.is_mended(200), "told once");
    }
}
