//! The names that a story's author gives, and where: what messages, reports and expectations call
//! things by. The plan itself knows numbers only.

use super::walk::{At, Sink, Spot};
use serde::{Deserialize, Serialize};

/// What the account and the card are called that the final probes pay with.
pub(super) const PROBE: &str = "probe";

/// The names of a plan's things, each by its number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// Operations.
    pub ops: Vec<String>,
    /// Terminals.
    pub terminals: Vec<String>,
    /// Merchants.
    pub merchants: Vec<String>,
    /// Accounts; the last one is the probe's.
    pub accounts: Vec<String>,
    /// Cards; the last one is the probe's.
    pub cards: Vec<String>,
    /// Purchases.
    pub intents: Vec<String>,
}

impl Names {
    /// The name of an operation; probes, which follow the planned ones, are called `probe`.
    pub fn op(&self, op: u32) -> &str {
        self.ops.get(op as usize).map_or("probe", String::as_str)
    }

    /// The name of a terminal.
    pub fn terminal(&self, terminal: u16) -> &str {
        self.terminals.get(usize::from(terminal)).map_or("terminal", String::as_str)
    }
}

/// The things of one kind, as they are named in the file.
#[derive(Default)]
pub(super) struct Named {
    what: &'static str,
    names: Vec<String>,
    places: Vec<Option<At>>,
    used: Vec<bool>,
}

impl Named {
    pub fn new(what: &'static str) -> Named {
        Named { what, ..Named::default() }
    }

    /// Adds one; the number it gets. A thing that no line of the file stands for has no place.
    pub fn add(&mut self, name: &str, at: Option<At>) -> u32 {
        self.names.push(name.to_owned());
        self.places.push(at);
        self.used.push(false);
        self.last()
    }

    fn last(&self) -> u32 {
        u32::try_from(self.names.len() - 1).expect("fewer than 2^32 names in a file")
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }

    pub fn list(&self) -> &[String] {
        &self.names
    }

    pub fn name(&self, number: u32) -> &str {
        &self.names[number as usize]
    }

    pub fn place(&self, number: u32) -> Option<&At> {
        self.places[number as usize].as_ref()
    }

    /// The number of a name, without a word if there is none.
    pub fn get(&self, name: &str) -> Option<u32> {
        let at = self.names.iter().position(|known| known == name)?;
        u32::try_from(at).ok()
    }

    /// The number of a name; reports a name that nothing bears.
    pub fn find(&mut self, sink: &mut Sink, name: &Spot<&str>) -> Option<u32> {
        let found = self.get(name.value);
        match found {
            Some(number) => self.mark(number),
            // What the file does not declare and no line stands for is the probes': nobody names it.
            None => {
                let known = self.names.iter().map(String::as_str);
                sink.unknown(self.what, name, known.filter(|known| *known != PROBE));
            }
        }
        found
    }

    /// Notes that the story uses it.
    pub fn mark(&mut self, number: u32) {
        if let Some(used) = self.used.get_mut(number as usize) {
            *used = true;
        }
    }

    /// Warns of everything that was declared and is not used.
    pub fn warn_unused(&self, sink: &mut Sink, lint: &'static str) {
        for ((name, at), used) in self.names.iter().zip(&self.places).zip(&self.used) {
            if let (false, Some(at)) = (used, at) {
                let what = self.what;
                sink.warning(lint, at, format!("nothing uses {what} `{name}`"), "declared here");
            }
        }
    }
}
