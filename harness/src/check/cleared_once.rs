//! I9, cleared-once. Clearing days follow one another; each capture belongs to the one that is open, once;
//! each closed day is paid out in one payout of just what was posted while it was open, with what was carried
//! over; and a day that is due is paid.

use super::book::Book;
use super::{Findings, Invariant, Offence, Verdict};
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
            let open = self.open.map_or("no day".into(), |day| format!("{day}"));
            let expected = format!("a later day after {open}, which was open");
            self.offence(event, Fen::ZERO, None, expected, format!("{opens} begins"));
        }
        self.open = Some(opens);
    }

    fn cleared(&mut self, event: &Event, book: &Book, rrn: Rrn, day: Day) {
        self.findings.checked();
        let amount = book.hosts.get(&rrn).map(|host| host.captured).unwrap_or_default();
        if !self.cleared.insert(rrn) {
            let expected = "one clearing day for each capture".into();
            self.offence(event, amount, Some(rrn), expected, format!("{day} is the second"));
        } else if self.open != Some(day) {
            let open = self.open.map_or("none is".into(), |day| format!("it is {day}"));
            let expected = format!("a capture of the clearing day that is open; {open}");
            self.offence(event, amount, Some(rrn), expected, format!("cleared on {day}"));
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
            let expected = format!("one payout for {day}");
            return self.offence(event, paid, None, expected, format!("{paid} is paid once more"));
        }
        if !closed {
            let expected = "a payout of a day that is closed".into();
            return self.offence(event, paid, None, expected, format!("{day} is paid while open"));
        }
        if paid + carried != due || paid < Fen::ZERO {
            let expected = format!("{due} for {day}: {net} of that day and what was carried over");
            let observed = format!("{paid} paid and {carried} carried over");
            self.offence(event, paid + carried - due, None, expected, observed);
        }
    }

    fn offence(
        &mut self,
        event: &Event,
        at_risk: Fen,
        rrn: Option<Rrn>,
        expected: String,
        observed: String,
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
        for (merchant, config) in self.merchants.iter().zip(configs) {
            let contract = config.contract.as_ref();
            let Some(settlement) = contract.and_then(|of| of.settlement.as_ref()) else { continue };
            for (day, net) in merchant.days.iter().filter(|(day, _)| !merchant.paid.contains(day)) {
                let payout = settlement.cycle.payout_day(*day, &settlement.calendar);
                // A later clearing day than the payout's: its date, and its cut-off, are over.
                if self.open.is_some_and(|open| payout < open) {
                    self.findings.offence(*net, first, || Offence {
                        expected: format!("{} paid {net} for {day} on {payout}", config.name),
                        observed: "it never was".into(),
                        first,
                        blamed: Place::Acquirer,
                        key: None,
                        rrns: Vec::new(),
                    });
                }
            }
        }
        self.findings.verdict(Invariant::ClearedOnce, "no merchant with a contract sold anything")
    }
}
