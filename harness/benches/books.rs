//! A month of thirty merchants: every sale and refund with its fee, thirty cut-offs, payouts on the next
//! working day, every check on and every day reconciled. `docs/benchmarks.md` says how to read it.

use cardstorm::books::Reconciler;
use cardstorm::check::judge_streamed;
use cardstorm::stage;
use cardstorm::storm::month;
use divan::Bencher;
use divan::counter::ItemsCount;
use std::sync::Arc;

fn main() {
    divan::main();
}

#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 1, sample_size = 1)]
fn month_of_thirty_merchants(bencher: Bencher<'_, '_>, transactions: u32) {
    let plan = Arc::new(month(transactions));
    bencher.counter(ItemsCount::new(transactions)).bench_local(|| {
        let mut reconciled = 0;
        let verdicts = judge_streamed(&plan, |sink| {
            let mut reconciler = Reconciler::new(&plan);
            stage::run_with(&plan, |event| {
                reconciler.event(event);
                sink(event);
            });
            let result = reconciler.finish();
            assert_eq!(result.open().count(), 0, "sound parties leave no break");
            reconciled = result.days.len();
        });
        assert!(verdicts.iter().all(|verdict| verdict.violation().is_none()));
        (verdicts.len(), reconciled)
    });
}
