//! What each merchant took on each clearing day, and what it was paid for it (flows 10; requirement S091).

use crate::history::{Event, What};
use crate::plan::{NodeId, Place, Plan};
use cardstorm_models::clearing::Day;
use cardstorm_models::ledger::{Account, Cause};
use cardstorm_models::money::Fen;
use cardstorm_models::party::Observation;
use cardstorm_models::time::Wall;
use std::collections::BTreeMap;

/// A merchant's clearing day, in fen. All but adjustments, net and what is carried are amounts without a
/// sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MerchantDay {
    /// Captures.
    pub sales: u32,
    /// Captured.
    pub gross: Fen,
    /// Captures undone by a reversal on the same day's books.
    pub reversed: Fen,
    /// Voided, less voids undone.
    pub voids: Fen,
    /// Refunded.
    pub refunds: Fen,
    /// Fees charged.
    pub fees: Fen,
    /// Fees given back.
    pub fees_returned: Fen,
    /// Undone after it had been paid out, with its fee; above zero in the merchant's favour.
    pub adjustments: Fen,
    /// What all of it comes to.
    pub net: Fen,
    /// Paid ahead by a sweep.
    pub swept: Fen,
    /// What earlier days left over or short when this one was paid out.
    pub carried_in: Fen,
    /// Paid out, if it was.
    pub paid: Option<Fen>,
    /// What it leaves over or short.
    pub carried_out: Fen,
    /// The date of the payout.
    pub paid_on: Option<Day>,
}

impl MerchantDay {
    /// What is neither paid, nor carried, nor earned: zero in sound books.
    pub fn unexplained(&self) -> Fen {
        let Some(paid) = self.paid else { return Fen::ZERO };
        paid + self.carried_out - self.carried_in - self.net
    }
}

/// The fold.
pub struct Merchants {
    acquirer: NodeId,
    start: Wall,
    open: Option<Day>,
    carried: Vec<Fen>,
    last_paid: Vec<Option<Day>>,
    /// By merchant and day.
    pub days: BTreeMap<(u32, Day), MerchantDay>,
    /// The clearing day of each capture, where it has one.
    cleared: BTreeMap<u64, Day>,
}

impl Merchants {
    /// Nothing taken yet.
    pub fn new(plan: &Plan) -> Merchants {
        let merchants = &plan.world.acquirer.merchants;
        Merchants {
            acquirer: plan.node(Place::Acquirer),
            start: plan.start,
            open: None,
            carried: merchants.iter().map(|merchant| merchant.opening_unsettled).collect(),
            last_paid: vec![None; merchants.len()],
            days: BTreeMap::new(),
            cleared: BTreeMap::new(),
        }
    }

    fn date(&self, at_ms: u64) -> Day {
        Day::of(Wall(self.start.0.saturating_add_unsigned(at_ms)))
    }

    fn day(&mut self, merchant: u32, at_ms: u64) -> &mut MerchantDay {
        let day = self.open.unwrap_or_else(|| self.date(at_ms));
        self.days.entry((merchant, day)).or_default()
    }

    /// Takes the next event.
    pub fn event(&mut self, event: &Event) {
        let What::Said { said } = event.what else { return };
        match said {
            Observation::ClearingDay { opens, .. } => self.open = Some(opens),
            Observation::Cleared { rrn, day, .. } => {
                self.cleared.insert(rrn.0, day);
            }
            Observation::Posted(posting) if event.node == self.acquirer => {
                for leg in posting.legs {
                    if let Account::MerchantUnsettled(merchant) = leg.account {
                        let chain = posting.chain.map_or(0, |chain| chain.0);
                        self.posted(event.at_ms, merchant, chain, posting.cause, leg.amount);
                    }
                }
            }
            Observation::PaidOut { merchant, day, paid, carried } => {
                let on = self.date(event.at_ms);
                let carried_in = self.carried[merchant as usize];
                self.carried[merchant as usize] = carried;
                self.last_paid[merchant as usize] = Some(day);
                let of_day = self.days.entry((merchant, day)).or_default();
                // A second payout of one day stands beside the first, and nothing explains it.
                of_day.carried_in =
                    if of_day.paid.is_none() { carried_in } else { of_day.carried_in };
                of_day.paid = Some(of_day.paid.unwrap_or_default() + paid);
                (of_day.carried_out, of_day.paid_on) = (carried, Some(on));
            }
            _ => {}
        }
    }

    fn posted(&mut self, at_ms: u64, merchant: u32, chain: u64, cause: Cause, amount: Fen) {
        let paid = self.last_paid[merchant as usize];
        let after_payout =
            self.cleared.get(&chain).zip(paid).is_some_and(|(day, paid)| *day <= paid);
        if cause == Cause::Sweep {
            self.carried[merchant as usize] += amount;
        }
        let of_day = self.day(merchant, at_ms);
        match cause {
            Cause::Payout => return,
            Cause::Sweep => {
                of_day.swept -= amount;
                return;
            }
            Cause::Sale | Cause::Completion => {
                of_day.sales += 1;
                of_day.gross += amount;
            }
            Cause::SaleReversal | Cause::CompletionReversal if after_payout => {
                of_day.adjustments += amount;
            }
            Cause::SaleReversal | Cause::CompletionReversal => of_day.reversed -= amount,
            Cause::Void
            | Cause::VoidReversal
            | Cause::CompletionVoid
            | Cause::CompletionVoidReversal => of_day.voids -= amount,
            Cause::Refund | Cause::PortalRefund => of_day.refunds -= amount,
            // What disputes withhold.
            Cause::Chargeback => of_day.adjustments += amount,
            Cause::Fee => of_day.fees -= amount,
            Cause::FeeReturned => of_day.fees_returned += amount,
            Cause::TopUp => {}
        }
        of_day.net += amount;
    }
}
