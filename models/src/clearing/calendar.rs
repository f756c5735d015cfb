//! Working days: weekends off, save those that make up for a holiday, and the holidays of a list.

use super::Day;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Which days banks work. The default has no holiday at all: Monday to Friday.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// Days off, whatever the weekday.
    pub holidays: BTreeSet<Day>,
    /// Weekend days on which banks work all the same (调休).
    pub working_weekends: BTreeSet<Day>,
}

impl Calendar {
    /// Whether banks work on that day. A day in both lists is off.
    pub fn works(&self, day: Day) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !self.holidays.contains(&day) && (!weekend || self.working_weekends.contains(&day))
    }

    /// The first working day at or after that one. The lists are finite, so there is one within a week of
    /// the last holiday.
    pub fn working_from(&self, day: Day) -> Day {
        let mut at = day;
        while !self.works(at) {
            at = at.plus(1);
        }
        at
    }
}
