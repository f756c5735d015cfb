//! The money side of a day: what a capture costs, which clearing day it belongs to, what a day comes to, and
//! when it is paid out (flows 9, 10). All of it is the fold of the journal; each day and each payout is one
//! synced record, so that a job that runs again after a crash does nothing twice.

use super::books::Books;
use super::record::{Cleared, Key, Record};
use super::tx::Tx;
use super::{Acquirer, AcquirerChoices, AcquirerConfig, CaptureDay, Contract, FeeOnReversal};
use super::{FeeOnVoid, PayoutJob, PriceDay, TIMER_DAY, VoidReversed};
use crate::clearing::fee::{CardKind, Channel, Fee, Item, PriceScope, Shares, TierBoundary};
use crate::clearing::payout::{Takings, settle};
use crate::clearing::policy::{Asked, Refusal};
use crate::clearing::{CutOff, Day};
use crate::ids::Rrn;
use crate::ledger::{Account, Cause, Posting};
use crate::money::Fen;
use crate::party::{Effects, Observation};
use crate::time::Now;
use crate::wire::card::CardData;
use std::collections::BTreeMap;

/// Where the parts of a fee go, in the order of their parts.
pub(super) const FEE_ACCOUNTS: [Account; 3] =
    [Account::IssuerFees, Account::NetworkFees, Account::AcquirerFees];

/// The state of clearing.
pub(super) struct Settling {
    contracts: Vec<Option<Contract>>,
    choices: AcquirerChoices,
    /// The clearing day that is open; none before the first, or where nobody has a contract.
    pub open_day: Option<Day>,
    /// Takings of days not yet paid out, by merchant.
    days: Vec<BTreeMap<Day, Takings>>,
    /// What the next payout brings or lacks besides its own day, by merchant.
    carried: Vec<Fen>,
    /// The last clearing day paid out, and how much, by merchant.
    last_paid: Vec<Option<(Day, Fen)>>,
    /// UNSOUND choices of `PriceScope`: what the open day holds, by merchant and row.
    sums: BTreeMap<(u32, usize), Fen>,
    /// The day under which a capture is booked, while it is.
    pub booked_under: Option<Day>,
    /// Whether what is being booked undoes what was paid out already.
    pub adjusts: bool,
}

impl Settling {
    pub fn new(config: &AcquirerConfig) -> Settling {
        let merchants = &config.merchants;
        Settling {
            contracts: merchants.iter().map(|merchant| merchant.contract.clone()).collect(),
            choices: config.choices,
            open_day: None,
            days: vec![BTreeMap::new(); merchants.len()],
            carried: merchants.iter().map(|merchant| merchant.opening_unsettled).collect(),
            last_paid: vec![None; merchants.len()],
            sums: BTreeMap::new(),
            booked_under: None,
            adjusts: false,
        }
    }

    fn contract(&self, merchant: u32) -> Option<&Contract> {
        self.contracts[merchant as usize].as_ref()
    }

    pub fn keeps_fee_of_voided(&self) -> bool {
        self.choices.fee_on_void == FeeOnVoid::Kept
    }

    pub fn leaves_voided(&self) -> bool {
        self.choices.void_reversed == VoidReversed::StaysVoided
    }

    pub fn keeps_fee_of_reversed(&self) -> bool {
        self.choices.fee_on_reversal == FeeOnReversal::Kept
    }

    pub fn open(&mut self, day: Day) {
        self.open_day = Some(day);
        self.sums.clear();
    }

    /// A sweep pays ahead of the next payout.
    pub fn swept(&mut self, merchant: u32, amount: Fen) {
        self.carried[merchant as usize] -= amount;
    }

    /// Takes a posting into the takings of its day.
    pub fn book(&mut self, posting: &Posting) {
        let merchant = posting.legs.iter().find_map(|leg| match leg.account {
            Account::MerchantUnsettled(merchant) => Some(merchant),
            _ => None,
        });
        let Some((merchant, open)) = merchant.zip(self.open_day) else { return };
        if self.contract(merchant).is_none() {
            return;
        }
        let amount = posting.legs[1].amount;
        let day = self.booked_under.unwrap_or(open);
        let adjusts = self.adjusts;
        let takings = self.days[merchant as usize].entry(day).or_default();
        match posting.cause {
            Cause::Sale | Cause::Completion => takings.captures += amount,
            Cause::SaleReversal | Cause::CompletionReversal if adjusts => {
                takings.adjustments -= amount;
            }
            Cause::FeeReturned if adjusts => takings.adjustments += amount,
            Cause::SaleReversal
            | Cause::CompletionReversal
            | Cause::Void
            | Cause::CompletionVoid => takings.undone += amount,
            Cause::VoidReversal | Cause::CompletionVoidReversal => takings.undone -= amount,
            Cause::Refund | Cause::PortalRefund => takings.refunds += amount,
            Cause::Chargeback => takings.withheld += amount,
            Cause::Fee => takings.fees += amount,
            Cause::FeeReturned => takings.fees -= amount,
            Cause::Sweep | Cause::Payout | Cause::TopUp => {}
        }
    }

    /// The first clearing day of a merchant that is closed, due on this date and not paid out.
    fn due(&self, merchant: u32, today: Day) -> Option<(Day, Takings)> {
        let settlement = self.contract(merchant)?.settlement.as_ref()?;
        let open = self.open_day?;
        let mut days = self.days[merchant as usize].iter();
        let due = |day: Day| {
            day < open && settlement.cycle.payout_day(day, &settlement.calendar) <= today
        };
        days.find(|(day, _)| due(**day)).map(|(day, takings)| (*day, *takings))
    }
}

impl Books {
    /// Puts a capture's net amount into its merchant's pool, once.
    pub(super) fn count(&mut self, rrn: Rrn) {
        let tx = self.tx_mut(rrn);
        if std::mem::replace(&mut tx.counted, true) {
            return;
        }
        let net = tx.net_of_fee();
        let key = tx.key;
        let merchant = self.merchant_of(&key);
        self.pools[merchant as usize] += net;
    }

    /// Charges the fee of a capture; the pool is net of it (flows 9).
    pub(super) fn charge(&mut self, rrn: Rrn, merchant: u32, amount: Fen, cleared: &Cleared) {
        let tx = self.tx_mut(rrn);
        tx.day = Some(cleared.day);
        tx.fee = cleared.fee;
        tx.fee_charged = cleared.fee.into_iter().sum();
        let item = Item { kind: cleared.kind, channel: Channel::Card, amount };
        let row = self
            .settling
            .contract(merchant)
            .and_then(|contract| contract.fees.row(&item, cleared.day, TierBoundary::Included));
        if let Some(row) = row {
            *self.settling.sums.entry((merchant, row)).or_default() += amount;
        }
        for (account, part) in FEE_ACCOUNTS.into_iter().zip(cleared.fee) {
            if part != Fen::ZERO {
                let from = Account::MerchantUnsettled(merchant);
                self.post(Posting::transfer(Some(rrn), Some(rrn), Cause::Fee, from, account, part));
            }
        }
    }

    /// What of a capture's fee comes back with a refund of so much, by part. What is left of each part
    /// bears it in proportion, so that no part gives back more than it got.
    pub(super) fn fee_back(&self, original: &Tx, amount: Fen) -> [Fen; 3] {
        let Some(contract) = self.settling.contract(self.merchant_of(&original.key)) else {
            return [Fen::ZERO; 3];
        };
        let rule = contract.refunds.fee;
        let returned = |refunded| rule.returned(original.fee_charged, original.amount, refunded);
        let now = returned(original.refunded + amount) - returned(original.refunded);
        let left = original.fee.map(|part| u32::try_from(part.0).unwrap_or(u32::MAX));
        if now <= Fen::ZERO || left == [0; 3] {
            return [Fen::ZERO; 3];
        }
        Shares { issuer: left[0], network: left[1], acquirer: left[2] }.divide(now)
    }

    /// Gives parts of a fee back to the merchant, and to its pool where the capture stands in it.
    pub(super) fn give_fee_back(&mut self, chain: Rrn, txn: Rrn, back: [Fen; 3], counted: bool) {
        let key = self.tx(chain).expect("a fee has its capture").key;
        let merchant = self.merchant_of(&key);
        for (n, part) in back.into_iter().enumerate().filter(|(_, part)| *part != Fen::ZERO) {
            self.tx_mut(chain).fee[n] -= part;
            if counted {
                self.pools[merchant as usize] += part;
            }
            let to = Account::MerchantUnsettled(merchant);
            let cause = Cause::FeeReturned;
            let posting =
                Posting::transfer(Some(chain), Some(txn), cause, FEE_ACCOUNTS[n], to, part);
            self.post(posting);
        }
    }

    /// The policy's refusal of a refund, if it has one.
    pub(super) fn against_policy(&self, key: &Key, original: &Tx, amount: Fen) -> Option<Refusal> {
        let contract = self.settling.contract(self.merchant_of(key))?;
        let today = self.settling.open_day?;
        let asked = Asked {
            amount,
            captured: original.amount,
            refunded: original.refunded,
            count: original.refunds,
            captured_on: original.day.unwrap_or(today),
            today,
            same_terminal: key.terminal == original.key.terminal,
        };
        contract.refunds.judge(&asked).err()
    }

    /// What a capture brought its merchant, if that was paid out already: its undoing is an adjustment.
    pub(super) fn paid_out(&self, rrn: Rrn) -> Option<Fen> {
        let tx = self.tx(rrn).filter(|tx| tx.state == super::State::Approved)?;
        let merchant = self.merchant_of(&tx.key);
        let (paid, _) = self.settling.last_paid[merchant as usize]?;
        let fee: Fen = tx.fee.into_iter().sum();
        (tx.day? <= paid).then_some(tx.amount - fee)
    }

    /// The captures of a day that no later message has confirmed yet.
    fn uncounted(&self, merchant: u32, day: Day) -> Vec<Rrn> {
        let terminals = self.terminals.iter().flat_map(|terminal| &terminal.unconfirmed);
        terminals
            .copied()
            .filter(|rrn| {
                let tx = self.tx(*rrn).expect("a capture of ours");
                let captured = tx.state == super::State::Approved && !tx.counted;
                let due = tx.day.is_some_and(|of| of <= day);
                captured && due && self.merchant_of(&tx.key) == merchant
            })
            .collect()
    }

    /// Pays a day out, whether its captures are confirmed or not: from now on undoing one is an adjustment.
    pub(super) fn pay_out(&mut self, merchant: u32, day: Day, paid: Fen, carried: Fen) {
        for rrn in self.uncounted(merchant, day) {
            self.count(rrn);
        }
        let at = merchant as usize;
        self.settling.days[at].remove(&day);
        self.settling.carried[at] = carried;
        self.settling.last_paid[at] = Some((day, paid));
        self.pools[at] -= paid;
        if paid > Fen::ZERO {
            let from = Account::MerchantUnsettled(merchant);
            let to = Account::MerchantPaid(merchant);
            self.post(Posting::transfer(None, None, Cause::Payout, from, to, paid));
        }
    }
}

impl Acquirer {
    /// Notes the kind of card of an open request.
    pub(super) fn note_kind(&mut self, rrn: Rrn, terminal: u16, card: &CardData) {
        let merchant = self.config.terminals[terminal as usize].merchant;
        if self.config.merchants[merchant as usize].contract.is_some() {
            let pan = card.pan();
            let bin = (0..6).fold(0, |bin, place| bin * 10 + u32::from(pan.digit(place)));
            self.kinds.insert(rrn, self.config.card_kind(bin));
        }
    }

    /// Day and price of a capture of so much made now, where its merchant has a contract.
    pub(super) fn cleared(&mut self, now: Now, rrn: Rrn, amount: Fen) -> Option<Cleared> {
        let kind = self.kinds.remove(&rrn).unwrap_or_default();
        let tx = self.books.tx(rrn)?;
        let merchant = self.books.merchant_of(&tx.key);
        let settling = &self.books.settling;
        let contract = settling.contract(merchant)?;
        let open = settling.open_day?;
        let choices = &self.config.choices;
        let day = match choices.capture_day {
            CaptureDay::CutOff => open,
            CaptureDay::CivilDate => Day::of(now.wall),
        };
        let priced = match choices.price_day {
            PriceDay::Clearing => day,
            PriceDay::CivilDate => Day::of(now.wall),
        };
        let fee = price(contract, settling, merchant, kind, amount, priced);
        Some(Cleared { day, kind, fee: fee.parts })
    }

    /// Opens the clearing day that the host's clock is in. A clock that goes back opens no old day again.
    pub(super) fn turn_day(&mut self, now: Now, fx: &mut Effects) {
        if !self.config.has_contracts() {
            return;
        }
        let day = self.config.cut_off.day(now.wall);
        let open = self.books.settling.open_day;
        if open.is_some_and(|open| day <= open) {
            return;
        }
        self.commit("append day opened", &Record::DayOpened { day }, fx);
        fx.fact(Observation::ClearingDay { opens: day, closes: open });
        let chains = self.open_cases(fx);
        fx.sync();
        self.pay_due(now, fx);
        for chain in chains {
            self.send_first(chain, fx);
        }
    }

    /// Pays every day that is due, each by a record of its own.
    fn pay_due(&mut self, now: Now, fx: &mut Effects) {
        let today = Day::of(now.wall);
        for merchant in 0..u32::try_from(self.config.merchants.len()).expect("few merchants") {
            while let Some((day, takings)) = self.books.settling.due(merchant, today) {
                let uncounted = self.books.uncounted(merchant, day);
                let net = |rrn: Rrn| {
                    let tx = self.books.tx(rrn).expect("a capture of ours");
                    tx.amount - tx.fee.into_iter().sum()
                };
                let pool = self.books.pools[merchant as usize]
                    + uncounted.into_iter().map(net).sum::<Fen>();
                let carried = self.books.settling.carried[merchant as usize];
                let settled = settle(carried, &takings, pool);
                self.pay(merchant, day, settled.paid, settled.carried, fx);
            }
        }
    }

    fn pay(&mut self, merchant: u32, day: Day, paid: Fen, carried: Fen, fx: &mut Effects) {
        let record = Record::PaidOut { merchant, day, paid, carried };
        self.commit("append paid out", &record, fx);
        fx.fact(Observation::PaidOut { merchant, day, paid, carried });
        fx.sync();
    }

    /// The job looks again at every cut-off and every midnight, by one reading of the clock each.
    pub(super) fn settle_by_timer(&mut self, now: Now, fx: &mut Effects) {
        self.pay_due(now, fx);
        let midnight = CutOff(0).wait_ms(now.wall);
        fx.arm(TIMER_DAY, midnight.min(self.config.cut_off.wait_ms(now.wall)));
    }

    /// After a start the job runs as at any other time: what is paid is paid.
    pub(super) fn settle_at_boot(&mut self, now: Now, fx: &mut Effects) {
        if !self.config.has_contracts() {
            return;
        }
        self.turn_day(now, fx);
        if self.config.choices.payout_job == PayoutJob::AgainAfterRestart {
            for merchant in 0..u32::try_from(self.config.merchants.len()).expect("few") {
                let settling = &self.books.settling;
                let carried = settling.carried[merchant as usize];
                if let Some((day, paid)) = settling.last_paid[merchant as usize] {
                    self.pay(merchant, day, paid, carried, fx);
                }
            }
        }
        self.settle_by_timer(now, fx);
    }
}

fn price(
    contract: &Contract,
    settling: &Settling,
    merchant: u32,
    kind: CardKind,
    amount: Fen,
    day: Day,
) -> Fee {
    let item = Item { kind, channel: Channel::Card, amount };
    let (scope, tier) = (settling.choices.fee_scope, settling.choices.tier_boundary);
    if scope == PriceScope::Item {
        return contract.fees.fee_by(&item, day, tier);
    }
    let row = contract.fees.row(&item, day, TierBoundary::Included);
    let before = row.and_then(|row| settling.sums.get(&(merchant, row)));
    contract.fees.fee_in_batch(&item, before.copied().unwrap_or_default(), day, scope)
}
