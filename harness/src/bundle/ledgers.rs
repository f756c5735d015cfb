//! The final ledgers as CSV: what every account held before and after.

use crate::history::{Event, What};
use crate::plan::Plan;
use crate::report::trace::Lang;
use crate::report::words::Words;
use cardstorm_models::ledger::Account;
use cardstorm_models::money::Fen;

/// One line per balance of the final reads, in the order of the history; amounts in yuan.
pub(super) fn ledgers(words: Words<'_>, events: &[Event]) -> Vec<u8> {
    // For programs: the same names in either language.
    let words = Words { lang: Lang::En, ..words };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut line = |cells: [&str; 5]| {
        writer.write_record(cells).expect("memory takes every line");
    };
    line(["party", "account", "opening", "final", "change"]);
    for event in events {
        if let What::Balance { account, balance } = event.what {
            let opening = opening(words.plan, account);
            let (name, change) = (words.account(account), balance - opening);
            let [opening, balance, change] = [opening, balance, change].map(|fen| fen.to_string());
            line([words.node(event.node), &name, &opening, &balance, &change]);
        }
    }
    writer.into_inner().expect("memory takes every line")
}

fn opening(plan: &Plan, account: Account) -> Fen {
    let found = match account {
        Account::Cardholder(n) => {
            plan.world.issuer.accounts.get(n as usize).map(|account| account.opening)
        }
        Account::MerchantUnsettled(n) => {
            plan.world.acquirer.merchants.get(n as usize).map(|merchant| merchant.opening_unsettled)
        }
        Account::Interbank
        | Account::ReturnedRefunds
        | Account::Outside
        | Account::MerchantPaid(_)
        | Account::IssuerFees
        | Account::NetworkFees
        | Account::AcquirerFees => None,
    };
    found.unwrap_or_default()
}
