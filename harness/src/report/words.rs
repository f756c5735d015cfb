//! What observations, messages, accounts and parties are called when a person reads them.

use super::trace::Lang;
use super::zh;
use crate::plan::{NodeId, Place, Plan};
use crate::scenario::Names;
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::party::issuer::{AccountState, CardState};
use cardstorm_models::party::observe::{Alarm, Decider, Reason, ReleasedBy, Stray};
use cardstorm_models::party::words::SlipWords;
use cardstorm_models::party::{HouseOp, Observation, Summary};
use cardstorm_models::wire::{Kind, ReversalReason};
use std::fmt::Write as _;

/// The lines of a slip that say whose it is: merchant and terminal.
const SLIP_HEAD: usize = 2;

/// Makes words for one plan's things.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// What its things are called.
    pub names: &'a Names,
    /// The language of screens.
    pub lang: Lang,
}

impl<'a> Words<'a> {
    /// A party, by its number in the run.
    pub fn node(self, node: NodeId) -> &'a str {
        match self.plan.place(node) {
            Place::Terminal(n) => self.names.terminal(n),
            Place::Acquirer if self.lang == Lang::Zh => "收单行",
            Place::Issuer if self.lang == Lang::Zh => "发卡行",
            Place::Acquirer => "acquirer",
            Place::Issuer => "issuer",
        }
    }

    /// An account.
    pub fn account(self, account: Account) -> String {
        if self.lang == Lang::Zh {
            return zh::account(self, account);
        }
        let name = |names: &[String], n: u32| {
            names.get(n as usize).cloned().unwrap_or_else(|| format!("number {n}"))
        };
        match account {
            Account::Cardholder(n) => format!("account {}", name(&self.names.accounts, n)),
            Account::MerchantUnsettled(n) => {
                format!("unsettled {}", name(&self.names.merchants, n))
            }
            Account::MerchantPaid(n) => format!("paid out {}", name(&self.names.merchants, n)),
            Account::Interbank => "interbank".into(),
            Account::ReturnedRefunds => "returned refunds".into(),
            Account::Outside => "outside".into(),
            Account::IssuerFees => "issuer's fees".into(),
            Account::NetworkFees => "network's fees".into(),
            Account::AcquirerFees => "acquirer's fees".into(),
        }
    }

    /// A terminal, by its number.
    pub(super) fn terminal(self, terminal: u32) -> &'a str {
        self.names.terminals.get(terminal as usize).map_or("?", String::as_str)
    }

    /// A card, by its number.
    pub fn card(self, card: u32) -> &'a str {
        self.names.cards.get(card as usize).map_or("?", String::as_str)
    }

    /// A merchant, by its number.
    pub(super) fn merchant(self, merchant: u32) -> &'a str {
        self.names.merchants.get(merchant as usize).map_or("?", String::as_str)
    }

    /// The kind of a fault of the plan, as stories write it.
    pub(super) fn fault(self, fault: u32) -> &'static str {
        self.plan.faults.get(fault as usize).map_or("?", |fault| fault.what.name())
    }

    fn posting(self, posting: &Posting) -> String {
        let why = cause_name(posting.cause);
        let [from, to] = posting.legs.map(|leg| self.account(leg.account));
        let rrn = posting.txn.map(|rrn| format!("  RRN {rrn}")).unwrap_or_default();
        format!("posts {why} {}: {from} -> {to}{rrn}", posting.legs[1].amount)
    }

    fn house(self, op: HouseOp) -> String {
        let account = |n: u32| self.account(Account::Cardholder(n));
        match op {
            HouseOp::TopUp { account: of, amount } => {
                format!("top-up of {amount} to {}", account(of))
            }
            HouseOp::AccountState { account: of, state } => {
                let state = match state {
                    AccountState::Active => "in use",
                    AccountState::Frozen => "frozen",
                    AccountState::Closed => "closed",
                };
                format!("{} is now {state}", account(of))
            }
            HouseOp::CreditLimit { account: of, limit } => {
                format!("credit limit of {} is now {limit}", account(of))
            }
            HouseOp::RiskHold { account: of, amount } => {
                format!("{amount} of {} held for risk", account(of))
            }
            HouseOp::CardState { card, state } => {
                let state = match state {
                    CardState::Active => "in use",
                    CardState::Lost => "reported lost",
                    CardState::Stolen => "reported stolen",
                    CardState::NotPermitted => "blocked",
                };
                format!("card {} is now {state}", self.card(card))
            }
            HouseOp::Sweep { merchant } => {
                format!("sweep: takings of {} are paid out", self.merchant(merchant))
            }
            HouseOp::LoseBatchItem { terminal, nth } => {
                let name = self.terminal(terminal);
                format!("a job loses item {} out of the batch file of {name}", u64::from(nth) + 1)
            }
            HouseOp::Maintenance { on: true } => "maintenance begins".into(),
            HouseOp::Maintenance { on: false } => "maintenance ends".into(),
        }
    }

    /// The slip as it was printed, in one line; whose it is stands in the route already.
    fn slip(self, said: &Observation) -> String {
        let Observation::Slip { key, kind, amount, rrn, date, reprint, .. } = *said else {
            unreachable!("asked for a slip alone")
        };
        let merchants = &self.plan.world.acquirer.merchants;
        let merchant = self.plan.merchant_of(key.terminal).unwrap_or_default();
        let (merchant, terminal) = (merchants[merchant as usize].id, key.terminal);
        let slip = SlipWords { merchant, terminal, kind, amount, rrn, date, reprint };
        let lines = match self.lang {
            Lang::En => slip.english(),
            Lang::Zh => slip.chinese(),
        };
        format!("slip: {}", lines[SLIP_HEAD..].join(" | "))
    }

    /// What a party said. What it wrote down durably begins with `journal:`.
    pub fn said(self, said: &Observation) -> String {
        match *said {
            Observation::Screen { code, text, .. } => {
                let words = self.lang.words(text);
                match code {
                    Some(code) => format!("screen: [{code}] {words}"),
                    None => format!("screen: {words}"),
                }
            }
            Observation::Slip { .. } => self.slip(said),
            Observation::Ended { op, outcome } => {
                let outcome = crate::examine::outcome_name(outcome);
                format!("cashier: {} ends {outcome}", self.names.op(op.op))
            }
            Observation::SignedOn { batch, .. } => format!("signed on, batch {batch}"),
            Observation::Dropped { why, message } => {
                format!("drops {}: {}", message_text(&message), stray_name(why))
            }
            Observation::Posted(posting) => self.posting(&posting),
            Observation::House(op) => format!("house: {}", self.house(op)),
            Observation::PaidOut { merchant, day, paid, carried } => {
                let name = self.merchant(merchant);
                format!("journal: {name} is paid {paid} for {day}, {carried} carried over")
            }
            ref written => super::batch::said(self, written).unwrap_or_else(|| journal(written)),
        }
    }
}

/// What was written down, or nearly.
fn journal(said: &Observation) -> String {
    match *said {
        Observation::RequestPending { key, kind, amount, original, .. } => {
            let of = original.map(|original| format!(" of RRN {original}")).unwrap_or_default();
            format!("journal: {} {amount}{of} pending  STAN {}", kind_name(kind), key.stan)
        }
        Observation::Approved { key, amount, .. } => {
            format!("journal: approved {amount}  STAN {}", key.stan)
        }
        Observation::Declined { key, code, .. } => {
            format!("journal: declined [{code}]  STAN {}", key.stan)
        }
        Observation::Undone { key, code, .. } => {
            format!("journal: reversal done [{code}]  STAN {}", key.stan)
        }
        Observation::Abandoned { key, .. } => {
            format!("journal: reversal given up  STAN {}", key.stan)
        }
        Observation::RefundPending { key, amount, original, .. } => {
            format!("journal: refund {amount} of RRN {original} pending  STAN {}", key.stan)
        }
        Observation::RefundAccepted { key, amount, .. } => {
            format!("journal: refund {amount} accepted  STAN {}", key.stan)
        }
        Observation::RefundRefused { key, code, .. } => {
            format!("journal: refund refused [{code}]  STAN {}", key.stan)
        }
        Observation::Announced { key, .. } => format!("journal: announced  STAN {}", key.stan),
        Observation::ReversalRefused { key, code } => {
            format!("0410 [{code}] ends nothing: the reversal stays  STAN {}", key.stan)
        }
        Observation::Inquired { key, .. } => {
            format!("journal: number used for a balance inquiry  STAN {}", key.stan)
        }
        Observation::BalanceTold { rrn, balance, .. } => {
            format!("tells the balance {balance}  RRN {rrn}")
        }
        Observation::Taken { rrn, kind, .. } if !kind.has_amount() => {
            format!("journal: {} taken  RRN {rrn}", kind_name(kind))
        }
        Observation::Taken { rrn, kind, amount, .. } => {
            format!("journal: {} {amount} taken  RRN {rrn}", kind_name(kind))
        }
        Observation::Answered { rrn, code, decider } => {
            let whose = match decider {
                Decider::Issuer => "the issuer's",
                Decider::Acquirer => "its own",
            };
            format!("journal: answer [{code}], {whose}  RRN {rrn}")
        }
        Observation::Undoing { rrn, reason } => {
            format!("journal: owns the undoing ({})  RRN {rrn}", reversal_name(reason))
        }
        Observation::Queued { rrn } => format!("journal: advice queued  RRN {rrn}"),
        Observation::Delivered { rrn, code } => {
            format!("journal: advice acknowledged [{code}]  RRN {rrn}")
        }
        Observation::Held { rrn, amount, until, .. } => {
            let until = until.civil().strftime("%Y-%m-%d %H:%M:%S");
            format!("journal: {amount} held until {until}  RRN {rrn}")
        }
        Observation::Released { rrn, amount, why, .. } => {
            let why = match why {
                ReleasedBy::Void => "voided",
                ReleasedBy::Completion => "completed",
                ReleasedBy::Reversal => "reversed",
                ReleasedBy::Expiry => "expired",
            };
            format!("journal: {amount} released: {why}  RRN {rrn}")
        }
        Observation::RepairCase { rrn } => {
            format!("journal: the advice is a repair case from now on  RRN {rrn}")
        }
        Observation::AdviceDropped { rrn } => format!("journal: advice dropped  RRN {rrn}"),
        Observation::Tombstone { key } => format!("journal: tombstone  STAN {}", key.stan),
        Observation::Decided { rrn, code, reason, .. } => {
            format!("decides [{code}]: {}  RRN {rrn}", reason_name(reason))
        }
        Observation::ReversalDecided { rrn, code, reason } => {
            format!("answers the reversal [{code}]: {}  RRN {rrn}", reason_name(reason))
        }
        Observation::Disputed { rrn, amount, .. } => {
            format!("chargeback: claims {amount} for the holder  RRN {rrn}")
        }
        Observation::ClaimWaits { rrn, .. } => {
            format!("the chargeback waits: its sale may still be undone  RRN {rrn}")
        }
        Observation::Alarm { key, what } => {
            let what = match what {
                Alarm::StanReused => "a key came again with other content",
                Alarm::AdviceRefused => "the issuer did not take an advice",
            };
            format!("alarm: {what}  STAN {}", key.stan)
        }
        Observation::ClearingDay { opens, closes } => {
            let closes = closes.map(|day| format!(", {day} is closed")).unwrap_or_default();
            format!("journal: clearing day {opens} begins{closes}")
        }
        Observation::Cleared { rrn, day, fee } => {
            format!("journal: cleared on {day}, fee {fee}  RRN {rrn}")
        }
        Observation::Adjusted { rrn, amount } => {
            format!("journal: {amount} to be taken off the next payout  RRN {rrn}")
        }
        Observation::PaidOut { .. }
        | Observation::Screen { .. }
        | Observation::Slip { .. }
        | Observation::Ended { .. }
        | Observation::SignedOn { .. }
        | Observation::Dropped { .. }
        | Observation::Posted(_)
        | Observation::House(_)
        | Observation::Settling { .. }
        | Observation::BatchOver { .. }
        | Observation::BatchSlip { .. }
        | Observation::TotalsCompared { .. }
        | Observation::UploadTaken { .. }
        | Observation::BatchDiffers { .. }
        | Observation::BatchClosed { .. } => unreachable!("has words of its own"),
    }
}

/// Why money was posted.
pub(super) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Sale => "sale",
        Cause::SaleReversal => "sale reversal",
        Cause::Refund => "refund",
        Cause::PortalRefund => "portal refund",
        Cause::Chargeback => "chargeback",
        Cause::Void => "void",
        Cause::VoidReversal => "void reversal",
        Cause::Completion => "completion",
        Cause::CompletionReversal => "completion reversal",
        Cause::CompletionVoid => "completion void",
        Cause::CompletionVoidReversal => "completion void reversal",
        Cause::TopUp => "top-up",
        Cause::Sweep => "sweep",
        Cause::Fee => "fee",
        Cause::FeeReturned => "fee returned",
        Cause::Payout => "payout",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    kind.row().english
}

fn stray_name(why: Stray) -> &'static str {
    match why {
        Stray::NotPending => "it answers nothing that is open",
        Stray::Late => "it is answered or undone already",
        Stray::BadMac => "its MAC is missing or wrong",
    }
}

fn reversal_name(reason: ReversalReason) -> &'static str {
    match reason {
        ReversalReason::NoReply => "98, no reply",
        ReversalReason::CouldNotFinish => "96, could not finish",
        ReversalReason::BadMac => "A0, bad MAC",
        ReversalReason::Other => "06, unreadable reply",
        ReversalReason::Repair => "RC, repair case",
    }
}

fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::Granted => "nothing stands against it",
        Reason::GrantedInPart => "the available balance covers a part",
        Reason::Balance => "available balance too low",
        Reason::NoSuchCard => "no such card",
        Reason::AccountClosed => "account closed",
        Reason::AccountFrozen => "account frozen",
        Reason::Expired => "card expired",
        Reason::Lost => "card lost",
        Reason::Stolen => "card stolen",
        Reason::WrongPin => "wrong PIN",
        Reason::PinUnreadable => "PIN block unreadable",
        Reason::PinTriesUsed => "no PIN tries left",
        Reason::NotPermitted => "not permitted",
        Reason::AmountLimit => "above the limit of one sale",
        Reason::CountLimit => "too many sales in a day",
        Reason::InvalidAmount => "amount not valid",
        Reason::Format => "a data element is missing",
        Reason::InvalidTransaction => "makes no sense here",
        Reason::ReversedBefore => "its reversal came first",
        Reason::VoidedBefore => "voided already",
        Reason::RefundedBefore => "refunded already, in part or whole",
        Reason::CardDiffers => "not the original's card",
        Reason::OtherContent => "key known with other content",
        Reason::NoOriginal => "no such original",
        Reason::AmountDiffers => "not the original's amount",
        Reason::NotApproved => "the original was never approved",
        Reason::CompletedBefore => "completed already",
        Reason::HoldExpired => "its hold has expired",
    }
}

/// A message in one line: type, what it is about, its numbers, its code.
pub fn message_text(message: &Summary) -> String {
    let mut text = message.mti.as_str().to_owned();
    if let Some(kind) = message.kind {
        let _ = write!(text, " {}", kind_name(kind));
        if kind.has_amount() {
            let _ = write!(text, " {}", message.amount);
        }
    }
    text.push_str(&super::batch::purpose(Lang::En, message));
    if let Some(code) = message.code {
        let _ = write!(text, " [{code}]");
    }
    let _ = write!(text, "  STAN {}", message.stan);
    if let Some(rrn) = message.rrn.filter(|rrn| rrn.0 != 0) {
        let _ = write!(text, "  RRN {rrn}");
    }
    text
}
