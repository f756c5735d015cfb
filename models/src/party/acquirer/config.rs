//! What an acquirer is set up with: merchants, terminals, keys, timers, and its design choices.

use super::choices::AcquirerChoices;
use crate::clearing::fee::{CardKind, FeeTable};
use crate::clearing::policy::RefundPolicy;
use crate::clearing::{Calendar, CutOff, Cycle};
use crate::ids::{MerchantId, ResponseCode, TerminalId};
use crate::money::Fen;
use crate::party::desk::{chargeback_terminal, portal_terminal};
use crate::wire::key::DesKey;
use serde::{Deserialize, Serialize};

/// A merchant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MerchantConfig {
    /// DE42.
    pub id: MerchantId,
    /// Name, for printing.
    pub name: String,
    /// Confirmed takings not yet paid out when the run begins, in fen.
    #[serde(default)]
    pub opening_unsettled: Fen,
    /// What it agreed with the acquirer. Without a contract there is no fee, no refund policy and no payout
    /// but by a sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Contract>,
}

/// A merchant's contract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Contract {
    /// What a sale costs; nothing where no row prices it.
    pub fees: FeeTable,
    /// What may be refunded.
    pub refunds: RefundPolicy,
    /// When takings are paid out; never by themselves where none is given.
    pub settlement: Option<Settlement>,
}

/// When a merchant is paid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settlement {
    /// From clearing day to payout day.
    pub cycle: Cycle,
    /// Working days.
    pub calendar: Calendar,
}

/// A registered terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TerminalEntry {
    /// DE41.
    pub id: TerminalId,
    /// Number of its merchant.
    pub merchant: u32,
    /// The terminal master key, under which working keys are handed out.
    pub master_key: DesKey,
}

/// An acquirer's timers, in milliseconds of its monotonic clock (flows 3 and 14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AcquirerTimers {
    /// Wait for the issuer's answer; shorter than the terminal's own wait.
    pub issuer_timeout_ms: u64,
    /// Between two tries of an undelivered advice.
    pub advice_interval_ms: u64,
    /// Wait for a dial to the issuer.
    pub dial_timeout_ms: u64,
    /// Between two dials to the issuer.
    pub redial_ms: u64,
}

impl Default for AcquirerTimers {
    fn default() -> AcquirerTimers {
        AcquirerTimers {
            issuer_timeout_ms: 45_000,
            advice_interval_ms: 60_000,
            dial_timeout_ms: 10_000,
            redial_ms: 5_000,
        }
    }
}

/// An acquirer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcquirerConfig {
    /// Merchants, by number.
    pub merchants: Vec<MerchantConfig>,
    /// Terminals, by number.
    pub terminals: Vec<TerminalEntry>,
    /// Key of DE64 on leg 2.
    pub zone_mac_key: DesKey,
    /// Key of DE52 on leg 2.
    pub zone_pin_key: DesKey,
    /// Key of the fingerprints that stand for cards in the journal.
    pub fingerprint_key: [u64; 2],
    /// Timers.
    #[serde(default)]
    pub timers: AcquirerTimers,
    /// When a clearing day ends.
    #[serde(default)]
    pub cut_off: CutOff,
    /// First six digits of debit cards; every other card is a credit card.
    #[serde(default)]
    pub debit_bins: Vec<u32>,
    /// What requests are answered during maintenance.
    pub maintenance_code: ResponseCode,
    /// Design choices.
    #[serde(default)]
    pub choices: AcquirerChoices,
}

impl AcquirerConfig {
    /// The kind of card that six leading digits belong to.
    pub fn card_kind(&self, bin: u32) -> CardKind {
        if self.debit_bins.contains(&bin) { CardKind::Debit } else { CardKind::Credit }
    }

    /// DE41 and the merchant's number of a terminal, or of the desk that stands behind the terminals.
    pub(super) fn who(&self, terminal: u16) -> (TerminalId, u32) {
        match self.terminals.get(usize::from(terminal)) {
            Some(entry) => (entry.id, entry.merchant),
            None => {
                let behind = usize::from(terminal) - self.terminals.len();
                let count = self.merchants.len();
                let merchant = u32::try_from(behind % count).expect("few merchants");
                let portal = behind < count;
                let id = if portal { portal_terminal } else { chargeback_terminal };
                (id(merchant), merchant)
            }
        }
    }

    /// Whether any merchant has a contract, so that there are clearing days at all.
    pub fn has_contracts(&self) -> bool {
        self.merchants.iter().any(|merchant| merchant.contract.is_some())
    }
}
