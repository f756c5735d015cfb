//! I9, cleared-once. Clearing days follow one another; each capture belongs to the one that is open, once;
//! each closed day is paid out in one payout of just what was posted while it was open, with what was carried
//! over; and a day that is due is paid.

use super::book::Book;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Event, What};
use crate::plan::{Place, Plan};
use cardstorm_models::clearing::Day;
use cardstorm_models::ids::Rrn;
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};

/// One merchant's days.
#[derive(Default)]
struct Merchant {
    under_contract: bool,
    /// What was posted while a day was open, in fen.
    days: BTreeMap<Day, Fen>,
    paid: BTreeSet<Day>,
    carried: Fen,
}

pub(super) struct Check {
    findings: Findings,
    open: Option<Day>,
    merchants: Vec<Merchant>,
    cleared: indexmap::IndexSet<Rrn, FxBuildHasher>,
}

impl Check {
    pub fn new(plan: &Plan) -> Check {
        let merchants = plan.world.acquirer.merchants.iter().map(|merchant| Merchant {
            under_contract: merchant.contract.is_some(),
            carried: merchant.opening_unsettled,
            ..Merchant::default()
        });
        Check {
            findings: Findings::default(),
            open: None,
            merchants: merchants.collect(),
            cleared: Default::default(),
        }
    }

    pub fn event(&mut self, event: &Event, book: &Book) {
        let What::Said { said } = event.what else { return };
        match said {
            Observation::ClearingDay { opens, closes } => self.turned(event, opens, closes),
            Observation::Cleared { rrn, day, .. } => self.cleared(event, book, rrn, day),
            Observation::Posted(posting) if book.at_acquirer(event) => self.posted(&posting),
            Observation::PaidOut { merchant, day, paid, carried } => {
                self.paid_out(event, merchant, day, paid, carried);
            }
            _ => {}
        }
    }

    fn turned(&mut self, event: &Event, opens: Day, closes: Option<Day>) {
        if closes != self.open || self.open.is_some_and(|open| opens <= open) {
            let expected = Remark::LaterClearingDay { open: self.open };
            let observed = Remark::ClearingDayBegins { day: opens };
            self.offence(event, Fen::ZERO, None, expected, observed);
        }
        self.open = Some(opens);
    }

    fn cleared(&mut self, event: &Event, book: &Book, rrn: Rrn, day: Day) {
        self.findings.checked();
        let amount = book.hosts.get(&rrn).map(|host| host.captured).unwrap_or_default();
        if !self.cleared.insert(rrn) {
            let observed = Remark::SecondClearingDay { day };
            self.offence(event, amount, Some(rrn), Remark::OneClearingDay, observed);
        } else if self.open != Some(day) {
            let expected = Remark::CaptureOfTheOpenDay { open: self.open };
            self.offence(event, amount, Some(rrn), expected, Remark::ClearedOn { day });
        }
    }

    fn posted(&mut self, posting: &Posting) {
        let mut legs = posting.legs.iter();
        let leg = legs.find_map(|leg| match leg.account {
            Account::MerchantUnsettled(merchant) => Some((merchant, leg.amount)),
            _ => None,
        });
        let (Some((merchant, amount)), Some(open)) = (leg, self.open) else { return };
        let Some(merchant) = self.merchants.get_mut(merchant as usize) else { return };
        match posting.cause {
            // The payout states itself what it pays.
            Cause::Payout => {}
            Cause::Sweep => merchant.carried += amount,
            _ if merchant.under_contract => *merchant.days.entry(open).or_default() += amount,
            _ => {}
        }
    }

    fn paid_out(&mut self, event: &Event, number: u32, day: Day, paid: Fen, carried: Fen) {
        self.findings.checked();
        let closed = self.open.is_some_and(|open| day < open);
        let Some(merchant) = self.merchants.get_mut(number as usize) else { return };
        let first = merchant.paid.insert(day);
        let net = merchant.days.get(&day).copied().unwrap_or_default();
        let due = merchant.carried + net;
        merchant.carried = carried;
        if !first {
            let (expected, observed) =
                (Remark::OnePayout { day }, Remark::PaidOnceMore { amount: paid });
            return self.offence(event, paid, None, expected, observed);
        }
        if !closed {
            let (expected, observed) = (Remark::PayoutOfAClosedDay, Remark::PaidWhileOpen { day });
            return self.offence(event, paid, None, expected, observed);
        }
        if paid + carried != due || paid < Fen::ZERO {
            let expected = Remark::PayoutDue { due, day, net };
            let observed = Remark::PaidAndCarried { paid, carried };
            self.offence(event, paid + carried - due, None, expected, observed);
        }
    }

    fn offence(
        &mut self,
        event: &Event,
        at_risk: Fen,
        rrn: Option<Rrn>,
        expected: Remark,
        observed: Remark,
    ) {
        let first = event.key();
        self.findings.offence(at_risk, first, || Offence {
            expected,
            observed,
            first,
            blamed: Place::Acquirer,
            key: None,
            rrns: rrn.into_iter().collect(),
        });
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        let plan = &book.plan;
        let first = (plan.end_ms(), plan.node(Place::Acquirer), 0);
        let configs = plan.world.acquirer.merchants.iter();
        for (number, (merchant, config)) in (0u32..).zip(self.merchants.iter().zip(configs)) {
            let contract = config.contract.as_ref();
            let Some(settlement) = contract.and_then(|of| of.settlement.as_ref()) else { continue };
            for (day, net) in merchant.days.iter().filter(|(day, _)| !merchant.paid.contains(day)) {
                let payout = settlement.cycle.payout_day(*day, &settlement.calendar);
                // A later clearing day than the payout's: its date, and its cut-off, are over.
                if self.open.is_some_and(|open| payout < open) {
                    self.findings.offence(*net, first, || Offence {
                        expected: Remark::PayoutOn {
                            merchant: number,
                            net: *net,
                            day: *day,
                            payout,
                        },
                        observed: Remark::NeverPaid,
                        first,
                        blamed: Place::Acquirer,
                        key: None,
                        rrns: Vec::new(),
                    });
                }
            }
        }
        self.findings.verdict(Invariant::ClearedOnce, Remark::NoContractSold)
    }
}
