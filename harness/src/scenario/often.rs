//! How often something can happen in a plan at the most, for what never repeats itself. A fault that waits
//! for one time more never strikes.

use crate::plan::{Fault, FaultKind, MessageFilter, Place, Plan, When};
use cardstorm_models::wire::Mti;

/// What a terminal does once for each try of an operation, and once more where power comes back.
const ONCE_AT_A_TERMINAL: [&str; 7] = [
    "send 0200",
    "print slip",
    "append sale pending",
    "append approved",
    "append declined",
    "append announced",
    "append refund pending",
];

/// The how-manieth time a fault waits for.
pub(super) fn nth(fault: &Fault) -> u32 {
    match fault.when {
        When::At { .. } => 1,
        When::Sends { nth, .. } | When::Receives { nth, .. } | When::Before { nth, .. } => nth,
    }
}

/// How often that can happen at the most; none where nothing bounds it, as with whatever is repeated until
/// it is answered. Each try brings a message and perhaps an answer that comes after it was given up, each
/// copy of a message the same again, each restart and each printer that prints again one more of what was not
/// noted.
pub(super) fn most(plan: &Plan, fault: &Fault) -> Option<u64> {
    let (op, terminal) = match &fault.when {
        When::At { .. } => return None,
        When::Sends { filter, .. } | When::Receives { filter, .. } => {
            let MessageFilter { mti, op, terminal, .. } = *filter;
            matches!(mti?, Mti::M0200 | Mti::M0210).then_some((op, terminal))?
        }
        When::Before { effect, op, terminal, .. } => {
            let here = matches!(fault.at, Place::Terminal(_));
            let once = here && ONCE_AT_A_TERMINAL.contains(&effect.as_str());
            once.then_some((*op, *terminal))?
        }
    };
    let terminal = match fault.at {
        Place::Terminal(n) => Some(n),
        Place::Acquirer | Place::Issuer => terminal,
    };
    // A full disk makes a party start again and again.
    if plan.faults.iter().any(|fault| matches!(fault.what, FaultKind::DiskFull { .. })) {
        return None;
    }
    let concerned = (0u32..).zip(&plan.ops).filter(|(number, planned)| {
        op.is_none_or(|op| op == *number) && terminal.is_none_or(|n| n == planned.terminal)
    });
    let tries = 1 + plan.operator.most_retries();
    let again = plan.faults.iter().filter(|fault| {
        matches!(
            fault.what,
            FaultKind::Duplicate { .. }
                | FaultKind::Crash { .. }
                | FaultKind::SyncError
                | FaultKind::PaperOut { .. }
                | FaultKind::PrinterJam { .. }
        )
    });
    Some(2 * (tries * concerned.count() as u64 + again.count() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    fn check(body: &str, expected: Option<u64>) {
        let head = "title = { en = \"t\", zh = \"t\" }\nquestion = { en = \"q\", zh = \"q\" }\n";
        let story = "[sale.a]\namount = \"1.00\"\n[sale.b]\namount = \"1.00\"\n";
        let text = format!("{head}{story}[[fault]]\nwhat = \"crash\"\n{body}\n");
        let story = parse("a.toml", "a", &text).expect("a good story");
        assert_eq!(most(&story.plan, &story.plan.faults[0]), expected, "{body}");
    }

    #[test]
    fn what_never_repeats_itself_is_bounded_and_nothing_else() {
        check("where = \"till\"\nsends = \"0200\"\nof = \"a\"", Some(4));
        check("where = \"issuer\"\nreceives = \"0200\"", Some(6));
        check("where = \"till\"\nbefore = \"print slip\"\nof = \"b\"", Some(4));
        check("where = \"till\"\nsends = \"0200\"\n[cashier]\nretries_after_doubt = 3", Some(18));
        check("where = \"till\"\nsends = \"0400\"", None);
        check("where = \"till\"\nsends = \"any\"", None);
        check("where = \"till\"\nbefore = \"connect\"", None);
        check("where = \"acquirer\"\nbefore = \"append captured\"", None);
        check("where = \"till\"\nat = \"+5s\"", None);
        let full =
            "\n[[fault]]\nwhat = \"disk_full\"\nwhere = \"till\"\nat = \"+1s\"\nfor = \"1m\"";
        check(&format!("where = \"till\"\nsends = \"0200\"{full}"), None);
    }
}
