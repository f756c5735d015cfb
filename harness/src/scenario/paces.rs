//! Lines and disks so slow that no answer comes in time even when nothing is wrong. A party that gives up on
//! every request never becomes quiet, and no drain is long enough for it: a slow spell is a fault.

use super::walk::{Sink, Table};
use crate::plan::{Place, Plan};

/// Each party's wait must be longer than the slowest answer of a day without trouble.
pub(super) fn too_slow(sink: &mut Sink, root: &Table<'_, '_>, plan: &Plan) {
    let syncs = &plan.world.sync_times;
    let round_ms = |latency: crate::plan::Latency| latency.healed().most_ms().saturating_mul(2);
    // The decision is one sync at the issuer; the request and its answer are one each at the acquirer.
    let issuer_ms = round_ms(plan.links.leg2).saturating_add(syncs.at_ms(Place::Issuer));
    let acquirer_ms = round_ms(plan.links.leg1)
        .saturating_add(2 * syncs.at_ms(Place::Acquirer))
        .saturating_add(issuer_ms);
    let waits = &plan.world.acquirer.timers.issuer_timeout_ms;
    let terminals = plan.world.terminals.iter().map(|terminal| terminal.timers.response_timeout_ms);
    let shortest = terminals.min().unwrap_or(u64::MAX);
    let late = [
        ("the issuer's answer", issuer_ms, "the acquirer", *waits),
        ("the acquirer's answer", acquirer_ms, "a terminal", shortest),
    ];
    let Some((what, takes, who, waits)) =
        late.into_iter().find(|(_, takes, _, waits)| takes >= waits)
    else {
        return;
    };
    let mut keys = ["links", "issuer", "acquirer", "terminal"].into_iter();
    let at = root.key_at(keys.find(|key| root.has(key)).unwrap_or("title"));
    let message = format!(
        "{what} may take {} s with nothing wrong, and {who} waits {} s: it may never come in time",
        takes.div_ceil(1000),
        waits / 1000
    );
    let error = sink.error(&at, message, "slower than who waits for it");
    let hint = "make lines and disks faster or timers longer; a slow spell is a fault (`latency`)";
    error.hint = Some(hint.to_owned());
}
