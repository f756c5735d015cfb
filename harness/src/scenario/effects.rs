//! What each kind of party can do and say: the names of its effects and the messages that it exchanges,
//! so that a fault that can never strike is refused. A test compares the list with the parties' code.

use super::hint::{listed, suggest};
use crate::plan::Place;
use cardstorm_models::party::Peer;
use cardstorm_models::wire::Mti;

const COMMON: &[&str] = &["connect", "close", "arm timer", "disarm timer", "sync"];

const TERMINAL: &[&str] = &[
    "send 0100",
    "send 0200",
    "send 0220",
    "send 0320",
    "send 0400",
    "send 0500",
    "send 0800",
    "send 0820",
    "show screen",
    "print slip",
    "print batch slip",
    "set clock",
    "append stan",
    "append batch",
    "append sale pending",
    "append void pending",
    "append pre-auth pending",
    "append pre-auth void pending",
    "append completion pending",
    "append completion void pending",
    "append approved",
    "append declined",
    "append reason",
    "append undone",
    "append abandoned",
    "append refund pending",
    "append refund accepted",
    "append refund refused",
    "append announced",
    "append printer failed",
    "append settling",
    "append totals answered",
    "append uploaded",
    "append batch over",
    "append batch announced",
];

const ACQUIRER: &[&str] = &[
    "send 0100",
    "send 0110",
    "send 0200",
    "send 0210",
    "send 0220",
    "send 0230",
    "send 0330",
    "send 0410",
    "send 0420",
    "send 0510",
    "send 0810",
    "send 0830",
    "show screen",
    "print slip",
    "append sign-on",
    "append forwarded",
    "append inquiry",
    "append captured",
    "append voided",
    "append authorised",
    "append pre-auth voided",
    "append completed",
    "append completion voided",
    "append declined",
    "append refused",
    "append undoing",
    "append left open",
    "append late approval",
    "append delivered",
    "append repair case",
    "append dropped",
    "append tombstone",
    "append refund accepted",
    "append house record",
    "append day opened",
    "append paid out",
    "append totals compared",
    "append uploaded",
    "append taken from upload",
    "append batch closed",
];

const ISSUER: &[&str] = &[
    "close",
    "sync",
    "send 0110",
    "send 0210",
    "send 0230",
    "send 0430",
    "append decision",
    "append hold expired",
    "append reversal",
    "append tombstone",
    "append refund",
    "append dispute",
    "show screen",
    "append adjustment",
    "append house record",
];

/// The kind of party at a place.
pub fn peer_of(place: Place) -> Peer {
    match place {
        Place::Terminal(_) => Peer::Terminal,
        Place::Acquirer => Peer::Acquirer,
        Place::Issuer => Peer::Issuer,
    }
}

/// The names of the effects before which a fault can strike at a kind of party.
pub fn effects_of(peer: Peer) -> Vec<&'static str> {
    match peer {
        Peer::Terminal => [TERMINAL, COMMON].concat(),
        Peer::Acquirer => [ACQUIRER, COMMON].concat(),
        Peer::Issuer => ISSUER.to_vec(),
    }
}

/// What to say of an effect that a kind of party does not have; nothing if it has it.
pub(super) fn no_such_effect(peer: Peer, effect: &str) -> Option<String> {
    let known = effects_of(peer);
    if known.contains(&effect) {
        return None;
    }
    let whose = [
        (Peer::Terminal, "a terminal has it: write its name"),
        (Peer::Acquirer, "the acquirer has it: write \"acquirer\""),
        (Peer::Issuer, "the issuer has it: write \"issuer\""),
    ];
    if let Some((_, has)) = whose.iter().find(|(peer, _)| effects_of(*peer).contains(&effect)) {
        return Some(format!("{has} in `where`"));
    }
    let near = suggest(effect, known.iter().copied());
    Some(near.unwrap_or_else(|| listed("there is: ", &known)))
}

/// The message types that go from one kind of party to another.
pub fn messages(from: Peer, to: Peer) -> &'static [Mti] {
    match (from, to) {
        (Peer::Terminal, Peer::Acquirer) => &[
            Mti::M0100,
            Mti::M0200,
            Mti::M0220,
            Mti::M0320,
            Mti::M0400,
            Mti::M0500,
            Mti::M0800,
            Mti::M0820,
        ],
        (Peer::Acquirer, Peer::Terminal) => &[
            Mti::M0110,
            Mti::M0210,
            Mti::M0230,
            Mti::M0330,
            Mti::M0410,
            Mti::M0510,
            Mti::M0810,
            Mti::M0830,
        ],
        (Peer::Acquirer, Peer::Issuer) => &[Mti::M0100, Mti::M0200, Mti::M0220, Mti::M0420],
        (Peer::Issuer, Peer::Acquirer) => &[Mti::M0110, Mti::M0210, Mti::M0230, Mti::M0430],
        _ => &[],
    }
}

/// The kinds of party that a kind of party talks with.
pub fn neighbours(peer: Peer) -> &'static [Peer] {
    match peer {
        Peer::Terminal | Peer::Issuer => &[Peer::Acquirer],
        Peer::Acquirer => &[Peer::Terminal, Peer::Issuer],
    }
}

/// Whether a message type serves a request.
pub(super) fn serves_request(mti: Mti) -> bool {
    matches!(mti, Mti::M0200 | Mti::M0210) || reverses(mti)
}

/// Whether a message type serves an inquiry, which is never reversed.
pub(super) fn serves_inquiry(mti: Mti) -> bool {
    matches!(mti, Mti::M0200 | Mti::M0210)
}

/// Whether a message type serves a pre-authorisation or its void.
pub(super) fn serves_authorisation(mti: Mti) -> bool {
    matches!(mti, Mti::M0100 | Mti::M0110) || reverses(mti)
}

fn reverses(mti: Mti) -> bool {
    matches!(mti, Mti::M0400 | Mti::M0410 | Mti::M0420 | Mti::M0430)
}

/// Whether a message type serves a refund.
pub(super) fn serves_refund(mti: Mti) -> bool {
    matches!(mti, Mti::M0220 | Mti::M0230)
}

/// Whether a message type is about the totals of a settlement, under whose number a fault can name it; its
/// uploads have numbers of their own.
pub(super) fn serves_settlement(mti: Mti) -> bool {
    matches!(mti, Mti::M0500 | Mti::M0510)
}

/// Whether a message type carries DE39.
pub(super) fn has_code(mti: Mti) -> bool {
    !matches!(
        mti,
        Mti::M0100 | Mti::M0200 | Mti::M0220 | Mti::M0320 | Mti::M0500 | Mti::M0800 | Mti::M0820
    )
}

/// Every message type by its four digits.
pub(super) const MTIS: [(&str, Mti); 18] = [
    ("0100", Mti::M0100),
    ("0110", Mti::M0110),
    ("0200", Mti::M0200),
    ("0210", Mti::M0210),
    ("0220", Mti::M0220),
    ("0230", Mti::M0230),
    ("0320", Mti::M0320),
    ("0330", Mti::M0330),
    ("0400", Mti::M0400),
    ("0410", Mti::M0410),
    ("0420", Mti::M0420),
    ("0430", Mti::M0430),
    ("0500", Mti::M0500),
    ("0510", Mti::M0510),
    ("0800", Mti::M0800),
    ("0810", Mti::M0810),
    ("0820", Mti::M0820),
    ("0830", Mti::M0830),
];

/// A message type as four digits.
pub(super) fn digits(mti: Mti) -> &'static str {
    MTIS.iter().find(|(_, known)| *known == mti).map_or("????", |(digits, _)| digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `append ...` that the parties' code knows is in the lists, and the other way round.
    #[test]
    fn effect_names_are_those_of_the_parties() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/src/party");
        for (folder, peer) in
            [("terminal", Peer::Terminal), ("acquirer", Peer::Acquirer), ("issuer", Peer::Issuer)]
        {
            let mut seen = std::collections::BTreeSet::new();
            for entry in std::fs::read_dir(format!("{root}/{folder}")).expect("the folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    // Its tests.
                    continue;
                }
                let text = std::fs::read_to_string(path).expect("a file");
                seen.extend(
                    text.split('"').filter(|part| part.starts_with("append ")).map(str::to_owned),
                );
            }
            let listed = effects_of(peer).into_iter().filter(|name| name.starts_with("append "));
            assert_eq!(
                listed.map(str::to_owned).collect::<std::collections::BTreeSet<_>>(),
                seen,
                "{folder}"
            );
        }
    }
}
