//! The secrets of a plan, in every form in which they could stand in a journal, an event or a report:
//! digits as text, packed digits in both alignments, raw bytes, and hex of either case.

use crate::plan::Plan;
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use cardstorm_models::wire::card::{Pan, Track2};
use cardstorm_models::wire::key::DesKey;
use std::cell::RefCell;
use std::sync::Arc;

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
        raw.extend_from_slice(&[card.expiry.year, card.expiry.month]);
        raw.extend_from_slice(card.name.as_bytes());
        raw.push(0);
    }
    for terminal in &plan.world.terminals {
        raw.extend_from_slice(&terminal.id.0);
        raw.extend_from_slice(terminal.master_key.as_bytes());
    }
    raw.extend_from_slice(plan.world.acquirer.zone_mac_key.as_bytes());
    raw.extend_from_slice(plan.world.acquirer.zone_pin_key.as_bytes());
    raw
}

impl Secrets {
    /// The secrets of a plan: card numbers, tracks, and every key. Plans of one world follow each other
    /// by the thousand, so each thread keeps the last automaton that it built.
    pub fn of(plan: &Plan) -> Arc<Secrets> {
        thread_local! {
            static LAST: RefCell<Option<(Vec<u8>, Arc<Secrets>)>> = const { RefCell::new(None) };
        }
        let raw = raw(plan);
        LAST.with_borrow_mut(|last| match last {
            Some((known, secrets)) if *known == raw => Arc::clone(secrets),
            _ => {
                let secrets = Arc::new(Secrets::build(plan));
                *last = Some((raw, Arc::clone(&secrets)));
                secrets
            }
        })
    }

    fn build(plan: &Plan) -> Secrets {
        let mut all = Collected::default();
        for card in &plan.world.issuer.cards {
            let digits = digits_of(&card.pan);
            all.digits(format!("number of card {}", card.name), &digits);
            let track = Track2::new(card.pan, card.expiry, SERVICE_CODE);
            all.bytes(format!("track of card {}", card.name), track.packed());
        }
        let mut key = |name: String, key: &DesKey| all.bytes(name, key.as_bytes());
        for terminal in &plan.world.terminals {
            key(format!("master key of {}", terminal.id), &terminal.master_key);
        }
        key("zone MAC key".into(), &plan.world.acquirer.zone_mac_key);
        key("zone PIN key".into(), &plan.world.acquirer.zone_pin_key);
        let patterns = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .kind(Some(AhoCorasickKind::DFA))
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
