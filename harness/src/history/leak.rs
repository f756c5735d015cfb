//! The secrets of a plan, in every form in which they could stand in a journal, an event or a report:
//! digits as text, packed digits in both alignments, raw bytes, and hex of either case.

use crate::plan::{Plan, Task};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use cardstorm_models::party::acquirer::key_length_of;
use cardstorm_models::wire::card::Pan;
use cardstorm_models::wire::key::{DesKey, WorkingKeys};
use cardstorm_models::wire::pin::clear_block;
use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// How many generations of each terminal's working keys are searched for: one per sign-on, every other one of
/// each length. Whoever writes keys down writes the first ones down as well.
const GENERATIONS: u32 = 8;

/// What is enough of a key: nobody writes down the rest of it alone.
const KEY_BYTES: usize = 8;

/// How many automata a thread keeps. Generated worlds differ in the number of terminals and in PINs; the rest
/// of their secrets is the same.
const KEPT: usize = 8;

/// The secrets of a plan, ready to be searched for.
pub struct Secrets {
    names: Vec<String>,
    secret_of_pattern: Vec<u32>,
    patterns: AhoCorasick,
}

#[derive(Default)]
struct Collected {
    names: Vec<String>,
    secret_of_pattern: Vec<u32>,
    patterns: Vec<Vec<u8>>,
}

impl Collected {
    fn secret(&mut self, name: String, forms: Vec<Vec<u8>>) {
        let number = u32::try_from(self.names.len()).expect("few secrets");
        self.names.push(name);
        for form in forms {
            self.secret_of_pattern.push(number);
            self.patterns.push(form);
        }
    }

    fn digits(&mut self, name: String, digits: &str) {
        let shifted = format!("0{digits}");
        let packed = [digits, &shifted].map(pack);
        let mut forms = vec![digits.as_bytes().to_vec(), hex(digits.as_bytes())];
        forms.extend(packed.into_iter().filter(|form| form.len() >= 6));
        self.secret(name, forms);
    }

    fn bytes(&mut self, name: String, bytes: &[u8]) {
        let upper = hex(bytes);
        let lower = upper.to_ascii_lowercase();
        self.secret(name, vec![bytes.to_vec(), upper, lower]);
    }
}

/// Packed digits, leaving out a half byte at either end, so that the pattern is found whatever stands
/// beside it.
fn pack(digits: &str) -> Vec<u8> {
    let nibbles: Vec<u8> = digits.bytes().map(|digit| digit & 0x0f).collect();
    let whole = nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
    let skip = usize::from(digits.starts_with('0'));
    whole.skip(skip).collect()
}

fn hex(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect()
}

fn digits_of(pan: &Pan) -> String {
    let mut digits = [0u8; 19];
    pan.digits(&mut digits).to_owned()
}

/// Everything that the secrets of a plan are made from, one behind the other.
fn raw(plan: &Plan) -> Vec<u8> {
    let mut raw = Vec::with_capacity(1_024);
    for card in &plan.world.issuer.cards {
        raw.extend_from_slice(card.pan.packed());
        raw.extend_from_slice(card.name.as_bytes());
        raw.push(0);
    }
    for terminal in &plan.world.terminals {
        raw.extend_from_slice(&terminal.id.0);
        raw.extend_from_slice(terminal.master_key.as_bytes());
    }
    raw.extend_from_slice(plan.world.acquirer.zone_mac_key.as_bytes());
    raw.extend_from_slice(plan.world.acquirer.zone_pin_key.as_bytes());
    for (card, block) in pin_blocks(plan) {
        raw.extend_from_slice(&card.to_be_bytes());
        raw.extend_from_slice(&block);
    }
    raw
}

/// The clear PIN block of every PIN that is right for a card or that somebody keys, with its card's number.
fn pin_blocks(plan: &Plan) -> BTreeSet<(usize, [u8; 8])> {
    let cards = &plan.world.issuer.cards;
    let right = cards.iter().enumerate().filter_map(|(card, of)| Some((card, of.pin?)));
    let keyed = plan.ops.iter().filter_map(|op| match op.task {
        Task::Sale { card, pin, .. } | Task::Rest { card, pin, .. } => Some((card as usize, pin?)),
        _ => None,
    });
    let known = right.chain(keyed).filter(|(card, _)| *card < cards.len());
    known.map(|(card, pin)| (card, clear_block(&pin, &cards[card].pan).to_be_bytes())).collect()
}

impl Secrets {
    /// The secrets of a plan: card numbers and the tracks that begin with them, clear PIN blocks, and every
    /// key. Plans of like worlds follow each other by the thousand: each thread keeps the last few automata
    /// that it built.
    pub fn of(plan: &Plan) -> Arc<Secrets> {
        thread_local! {
            static LATEST: RefCell<VecDeque<(Vec<u8>, Arc<Secrets>)>> =
                const { RefCell::new(VecDeque::new()) };
        }
        let raw = raw(plan);
        LATEST.with_borrow_mut(|latest| {
            if let Some((_, secrets)) = latest.iter().find(|(known, _)| *known == raw) {
                return Arc::clone(secrets);
            }
            let secrets = Arc::new(Secrets::build(plan));
            latest.truncate(KEPT - 1);
            latest.push_front((raw, Arc::clone(&secrets)));
            secrets
        })
    }

    fn build(plan: &Plan) -> Secrets {
        let mut all = Collected::default();
        for card in &plan.world.issuer.cards {
            all.digits(format!("number or track of card {}", card.name), &digits_of(&card.pan));
        }
        for (card, block) in pin_blocks(plan) {
            all.bytes(format!("PIN block of card {}", plan.world.issuer.cards[card].name), &block);
        }
        let mut key = |name: String, key: &DesKey| all.bytes(name, &key.as_bytes()[..KEY_BYTES]);
        for terminal in &plan.world.terminals {
            let (id, master) = (terminal.id, &terminal.master_key);
            key(format!("master key of {id}"), master);
            for generation in 1..=GENERATIONS {
                let keys = WorkingKeys::derive(master, id, generation, key_length_of(generation));
                key(format!("PIN key {generation} of {id}"), &keys.pin);
                key(format!("MAC key {generation} of {id}"), &keys.mac);
            }
        }
        key("zone MAC key".into(), &plan.world.acquirer.zone_mac_key);
        key("zone PIN key".into(), &plan.world.acquirer.zone_pin_key);
        let patterns = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&all.patterns)
            .expect("a few hundred short patterns make an automaton");
        Secrets { names: all.names, secret_of_pattern: all.secret_of_pattern, patterns }
    }

    /// The number of the first secret found in some bytes.
    pub fn find(&self, bytes: &[u8]) -> Option<u32> {
        let found = self.patterns.find(bytes)?;
        Some(self.secret_of_pattern[found.pattern().as_usize()])
    }

    /// What a secret is, without saying it.
    pub fn name(&self, secret: u32) -> &str {
        self.names.get(secret as usize).map_or("unknown secret", String::as_str)
    }
}

/// Service code on every track of the model: international, chip, PIN not required.
pub const SERVICE_CODE: u16 = 201;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Entry;
    use crate::storm;
    use cardstorm_models::wire::card::Track2;

    /// A plan in which a PIN is keyed.
    fn plan() -> Plan {
        let mut plan = storm::standard(1);
        plan.world.issuer.cards[0].pin = Some("123456".parse().expect("a PIN"));
        if let Task::Sale { pin, entry, .. } = &mut plan.ops[0].task {
            (*pin, *entry) = (Some("654321".parse().expect("a PIN")), Entry::Chip);
        }
        plan
    }

    #[test]
    fn every_secret_is_found_in_every_form_and_told_by_name_only() {
        let plan = plan();
        let world = &plan.world;
        let (card, till) = (&world.issuer.cards[0], &world.terminals[0]);
        let digits = digits_of(&card.pan);
        let keys = WorkingKeys::derive(&till.master_key, till.id, 2, key_length_of(2));
        let block = |pin: &str| clear_block(&pin.parse().expect("a PIN"), &card.pan).to_be_bytes();
        let track = Track2::new(card.pan, card.expiry, SERVICE_CODE);
        let secrets: [(&str, Vec<u8>); 7] = [
            ("number", card.pan.packed().to_vec()),
            ("number or track", track.packed().to_vec()),
            ("PIN block", block("123456").to_vec()),
            ("PIN block", block("654321").to_vec()),
            ("master key", till.master_key.as_bytes().to_vec()),
            ("MAC key 2", keys.mac.as_bytes().to_vec()),
            ("zone PIN key", world.acquirer.zone_pin_key.as_bytes().to_vec()),
        ];
        let found = Secrets::of(&plan);
        let named = |bytes: &[u8]| found.find(bytes).map(|secret| found.name(secret).to_owned());
        for (name, bytes) in &secrets {
            for form in [bytes.clone(), hex(bytes), hex(bytes).to_ascii_lowercase()] {
                let told = named(&[b"before ", &form[..], b" after"].concat());
                assert!(told.as_ref().is_some_and(|told| told.contains(name)), "{name}: {told:?}");
                assert!(!told.unwrap_or_default().contains(&digits));
            }
        }
        assert!(named(digits.as_bytes()).is_some_and(|told| told.contains("number")));
        // A masked number, a PIN block of another PIN, another terminal's key: no secrets of this plan.
        let masked = format!("{}******{}", &digits[..6], &digits[12..]);
        assert_eq!(named(masked.as_bytes()), None);
        assert_eq!(named(&block("111111")), None);
        assert_eq!(named(storm::world::key_of("somebody else's").as_bytes()), None);
    }

    #[test]
    fn plans_of_one_world_share_an_automaton_and_others_do_not() {
        let plan = plan();
        assert!(Arc::ptr_eq(&Secrets::of(&plan), &Secrets::of(&plan.clone())));
        let mut other = plan.clone();
        other.world.issuer.cards[0].pin = None;
        assert!(!Arc::ptr_eq(&Secrets::of(&plan), &Secrets::of(&other)));
    }
}
