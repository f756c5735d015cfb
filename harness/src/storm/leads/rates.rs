//! A fee that changes with the clearing day: sales before the cut-off and behind it, on one date of the wall.

use super::{Leads, Story};
use crate::plan::World;
use crate::storm::world::MS_PER_DAY;
use cardstorm_models::clearing::CutOff;
use cardstorm_models::clearing::fee::{Channel, FeeRow, FeeTable, Shares};
use cardstorm_models::party::acquirer::Contract;
use cardstorm_models::time::Wall;
use rust_decimal::Decimal;

impl Leads<'_> {
    /// When the clearing day ends, in milliseconds.
    fn day_ends_ms(&self) -> u64 {
        self.first_ms() + self.dice.range(15, 0, 8_000, 60_000)
    }

    /// Every merchant's rate is another from the next clearing day on.
    pub(super) fn new_rate(&self, start: Wall, world: &mut World) {
        let ends_ms = i64::try_from(self.day_ends_ms()).expect("a run is short");
        let in_day = (start.0 + ends_ms).rem_euclid(MS_PER_DAY);
        world.acquirer.cut_off = CutOff(u32::try_from(in_day).expect("within a day"));
        let open = world.acquirer.cut_off.day(start);
        let shares = Shares { issuer: 1, network: 1, acquirer: 1 };
        let row = |rate| FeeRow::plain(Channel::Card, Decimal::new(rate, 4), shares);
        let old = FeeRow { to: Some(open), ..row(self.dice.small(15, 1, 20, 60)) };
        let new = FeeRow { from: Some(open.plus(1)), ..row(self.dice.small(15, 2, 80, 120)) };
        for merchant in &mut world.acquirer.merchants {
            let contract = merchant.contract.take().unwrap_or_default();
            let fees = FeeTable { rows: vec![old.clone(), new.clone()], ..FeeTable::example() };
            merchant.contract = Some(Contract { fees, ..contract });
        }
    }
}

impl Story<'_> {
    /// One sale in the old day, one or two in the new one.
    pub(super) fn at_the_new_rate(&mut self) {
        self.sale(self.till, self.leads.first_ms(), self.small_amount(95));
        let begins_ms = self.leads.day_ends_ms() + self.dice.range(15, 3, 500, 20_000);
        for n in 0..self.dice.range(15, 4, 1, 2) {
            let ms = begins_ms + n * self.dice.range(15, 5, 8_000, 20_000);
            self.sale(self.till, ms, self.small_amount(96 + n));
        }
    }
}
