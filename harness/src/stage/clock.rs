//! A party's clocks, as integers: one oscillator that may run fast or slow, and a wall reading that may
//! also be wrong. True time is the stage's.

use crate::plan::Plan;
use cardstorm_models::time::{Now, Wall};

const HOUR_MS: i64 = 3_600_000;

/// The clocks of one party. Most of them run true all the time: those are spared the divisions.
#[derive(Clone, Debug)]
pub struct Clock {
    start: Wall,
    /// What the wall reading is off by, beside the drift.
    wall_offset_ms: i64,
    /// What a wrong time zone adds to that; setting the clock leaves it as it is.
    zone_ms: i64,
    drift_ppm: i32,
    /// Where the current drift began, in true and in local milliseconds.
    since_true_ms: u64,
    since_local_ms: u64,
    /// Local time of the last boot.
    boot_local_ms: u64,
}

impl Clock {
    /// True clocks.
    pub fn new(plan: &Plan) -> Clock {
        Clock {
            start: plan.start,
            wall_offset_ms: 0,
            zone_ms: 0,
            drift_ppm: 0,
            since_true_ms: 0,
            since_local_ms: 0,
            boot_local_ms: 0,
        }
    }

    fn local_ms(&self, true_ms: u64) -> u64 {
        let since = true_ms - self.since_true_ms;
        if self.drift_ppm == 0 {
            return self.since_local_ms + since;
        }
        let elapsed = i128::from(since);
        let gained = elapsed * i128::from(self.drift_ppm) / 1_000_000;
        let local = i128::from(self.since_local_ms) + elapsed + gained;
        u64::try_from(local).expect("a drift below a million millionths never runs backwards")
    }

    /// What the clocks read at a true time.
    pub fn now(&self, true_ms: u64) -> Now {
        let local = self.local_ms(true_ms);
        let wall_ms = i64::try_from(local).expect("runs are shorter than 2^63 ms");
        let offset_ms = self.wall_offset_ms.saturating_add(self.zone_ms);
        let wall = self.start.plus_ms(wall_ms).plus_ms(offset_ms);
        Now { mono_ms: local - self.boot_local_ms, wall }
    }

    /// The true time at which `after_ms` of the party's monotonic clock will have passed, rounded up.
    pub fn due_ms(&self, true_ms: u64, after_ms: u64) -> u64 {
        if self.drift_ppm == 0 {
            return true_ms + after_ms;
        }
        let rate = u128::from(1_000_000u64.saturating_add_signed(self.drift_ppm.into()));
        let wait = (u128::from(after_ms) * 1_000_000).div_ceil(rate);
        true_ms + u64::try_from(wait).expect("timers are shorter than 2^64 ms")
    }

    /// The monotonic clock starts again.
    pub fn boot(&mut self, true_ms: u64) {
        self.boot_local_ms = self.local_ms(true_ms);
    }

    /// Runs at another rate from now on; 0 is true.
    pub fn drift(&mut self, true_ms: u64, ppm: i32) {
        self.since_local_ms = self.local_ms(true_ms);
        self.since_true_ms = true_ms;
        self.drift_ppm = ppm.clamp(-900_000, 900_000);
    }

    /// Moves the wall reading.
    pub fn step(&mut self, ms: i64) {
        self.wall_offset_ms = self.wall_offset_ms.saturating_add(ms);
    }

    /// Sets the wall reading; a clock of a wrong zone takes the time for that of its own.
    pub fn set(&mut self, true_ms: u64, wall: Wall) {
        let reading = self.now(true_ms).wall;
        self.step(wall.0 - reading.0 + self.zone_ms);
    }

    /// Is of a zone so many hours away from the right one from now on.
    pub fn zone(&mut self, hours: i8) {
        self.zone_ms = i64::from(hours) * HOUR_MS;
    }

    /// Makes the wall reading true and stops the drift.
    pub fn heal(&mut self, true_ms: u64) {
        self.drift(true_ms, 0);
        self.zone_ms = 0;
        let truth = self.start.plus_ms(i64::try_from(true_ms).expect("runs are short"));
        self.set(true_ms, truth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_runs_out_early_and_a_step_moves_only_the_wall() {
        let mut clock = Clock {
            start: Wall(0),
            wall_offset_ms: 0,
            zone_ms: 0,
            drift_ppm: 0,
            since_true_ms: 0,
            since_local_ms: 0,
            boot_local_ms: 0,
        };
        assert_eq!(clock.due_ms(100, 50), 150);
        clock.drift(1_000, 100_000);
        assert_eq!(clock.now(2_000).mono_ms, 2_100);
        assert_eq!(clock.due_ms(2_000, 1_100), 3_000);
        assert_eq!(clock.due_ms(2_000, 1), 2_001);
        clock.step(-5_000);
        assert_eq!(clock.now(2_000).wall, Wall(-2_900));
        assert_eq!(clock.now(2_000).mono_ms, 2_100);
        clock.heal(2_000);
        assert_eq!(clock.now(2_000).wall, Wall(2_000));
        clock.zone(-2);
        assert_eq!(clock.now(3_000).wall, Wall(3_000 - 2 * HOUR_MS));
        clock.set(3_000, Wall(50_000));
        assert_eq!(clock.now(4_000).wall, Wall(51_000 - 2 * HOUR_MS), "setting it cures no zone");
        clock.heal(5_000);
        assert_eq!(clock.now(5_000).wall, Wall(5_000));
    }
}
