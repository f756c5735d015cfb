//! Settlement cycles: from a clearing day to the day on which it is paid out (flows 10).

use super::{Calendar, Day};
use serde::{Deserialize, Serialize};

/// When a clearing day's takings are paid out. T counts working days, D calendar days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// On the day itself, or the first working day after it.
    T0,
    /// On the next working day.
    #[default]
    T1,
    /// On the day itself.
    D0,
    /// On the next calendar day.
    D1,
}

impl Cycle {
    /// Every cycle.
    pub const ALL: [Cycle; 4] = [Cycle::T0, Cycle::T1, Cycle::D0, Cycle::D1];

    /// As contracts write it.
    pub fn name(self) -> &'static str {
        match self {
            Cycle::T0 => "T+0",
            Cycle::T1 => "T+1",
            Cycle::D0 => "D+0",
            Cycle::D1 => "D+1",
        }
    }

    /// Whether working days matter to it.
    pub fn needs_calendar(self) -> bool {
        matches!(self, Cycle::T0 | Cycle::T1)
    }

    /// The day on which a clearing day is paid out.
    pub fn payout_day(self, cleared: Day, calendar: &Calendar) -> Day {
        match self {
            Cycle::T0 => calendar.working_from(cleared),
            Cycle::T1 => calendar.working_from(cleared.plus(1)),
            Cycle::D0 => cleared,
            Cycle::D1 => cleared.plus(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a date")
    }

    /// National Day 2026: Thursday 1 to Wednesday 7 October off, Saturday 10 made up.
    fn golden_week() -> Calendar {
        Calendar {
            holidays: (1..=7).map(|n| day(&format!("2026-10-{n:02}"))).collect(),
            working_weekends: [day("2026-10-10")].into(),
        }
    }

    fn check(cleared: &str, paid: [&str; 4]) {
        let days = Cycle::ALL.map(|cycle| cycle.payout_day(day(cleared), &golden_week()));
        assert_eq!(days.map(|day| day.to_string()), paid, "{cleared}");
    }

    #[test]
    fn holidays_and_weekends_move_t_and_not_d() {
        check("2026-09-28", ["2026-09-28", "2026-09-29", "2026-09-28", "2026-09-29"]);
        check("2026-09-30", ["2026-09-30", "2026-10-08", "2026-09-30", "2026-10-01"]);
        check("2026-10-03", ["2026-10-08", "2026-10-08", "2026-10-03", "2026-10-04"]);
        check("2026-10-09", ["2026-10-09", "2026-10-10", "2026-10-09", "2026-10-10"]);
        check("2026-10-10", ["2026-10-10", "2026-10-12", "2026-10-10", "2026-10-11"]);
        check("2026-12-31", ["2026-12-31", "2027-01-01", "2026-12-31", "2027-01-01"]);
    }

    proptest! {
        #[test]
        fn a_payout_is_never_before_its_day_and_keeps_the_order_of_days(
            n in 0i32..20_000, later in 0i32..30, off in prop::collection::btree_set(0i32..20_040, 0..60)
        ) {
            let holidays = off.into_iter().map(Day).collect();
            let calendar = Calendar { holidays, ..Calendar::default() };
            for cycle in Cycle::ALL {
                let paid = cycle.payout_day(Day(n), &calendar);
                prop_assert!(paid >= Day(n));
                prop_assert!(paid <= cycle.payout_day(Day(n + later), &calendar));
                prop_assert!(!cycle.needs_calendar() || calendar.works(paid));
            }
        }
    }
}
