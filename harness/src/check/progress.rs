//! I17, progress. Once the faults have stopped, every operation that began has ended, nothing is open at
//! the acquirer, every terminal completes a small sale (the probe), and nobody says the same thing over and
//! over: `pace` counts that.

use super::book::{Book, EventKey};
use super::pace::Pace;
use super::{Findings, Invariant, Offence, Remark, Verdict};
use crate::history::{Asked, Event, What};
use crate::plan::Place;
use cardstorm_models::ids::TerminalId;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::Outcome;
use cardstorm_models::party::{Observation, OpRef};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Check {
    findings: Findings,
    pace: Pace,
    /// Settlements that have begun and are not over.
    settling: BTreeMap<TerminalId, EventKey>,
}

impl Check {
    pub fn event(&mut self, event: &Event, book: &Book) {
        self.pace.event(event, &book.plan);
        match event.what {
            What::Said { said: Observation::Settling { key, .. } } => {
                self.findings.checked();
                self.settling.insert(key.terminal, event.key());
            }
            What::Said { said: Observation::BatchOver { terminal, .. } } => {
                self.settling.remove(&terminal);
            }
            _ => {}
        }
    }

    pub fn verdict(mut self, book: &Book) -> Verdict {
        self.probes(book);
        self.settlements(book);
        self.at_rest(book)
    }

    /// Of what holds operation by operation.
    pub fn at_rest(mut self, book: &Book) -> Verdict {
        self.operations(book);
        self.open_requests(book);
        self.repeats(book);
        self.findings.verdict(Invariant::Progress, Remark::NoOperationBegan)
    }

    fn operations(&mut self, book: &Book) {
        for (op, seen) in &book.ops {
            self.findings.checked();
            if seen.outcome.is_none() {
                let observed = Remark::OperationNeverEnded { op: op.op };
                let blamed = match seen.asked {
                    // The issuer has claimed; it is the acquirer that rules.
                    Asked::Dispute { .. } => Place::Acquirer,
                    _ => book.plan.place(seen.first.1),
                };
                self.stuck(Remark::EveryOperationEnds, observed, seen.first, blamed);
            }
        }
    }

    fn probes(&mut self, book: &Book) {
        let terminals = u16::try_from(book.plan.world.terminals.len()).expect("few terminals");
        for terminal in 0..terminals {
            self.findings.checked();
            let op = book.plan.probe_op(terminal);
            let tries = (0..=u8::MAX).map_while(|n| book.ops.get(&OpRef { op, attempt: n }));
            let seen = tries.last();
            if seen.and_then(|seen| seen.outcome) == Some(Outcome::Ok) {
                continue;
            }
            let observed = match seen {
                None => Remark::ProbeNeverCame { terminal },
                Some(seen) => Remark::ProbeEnded { terminal, outcome: seen.outcome },
            };
            let first = (book.plan.probe_ms(), crate::plan::NodeId(terminal), 0);
            let expected = Remark::EveryTerminalSellsAgain;
            self.stuck(expected, observed, first, Place::Terminal(terminal));
        }
    }

    /// A batch that the probe itself filled may still be under way.
    fn settlements(&mut self, book: &Book) {
        let begun = std::mem::take(&mut self.settling).into_iter();
        for (terminal, first) in begun.filter(|(_, first)| first.0 < book.plan.probe_ms()) {
            let observed = Remark::StillSettling { terminal };
            let blamed = book.plan.place(first.1);
            self.stuck(Remark::EverySettlementEnds, observed, first, blamed);
        }
    }

    fn open_requests(&mut self, book: &Book) {
        for (rrn, host) in &book.hosts {
            let Some(key) = host.key else { continue };
            // An inquiry that its bank does not answer is not answered here either (flows 4.5).
            if book.inquires(*rrn) {
                continue;
            }
            self.findings.checked();
            if host.answered.is_none() && !host.tombstoned {
                let first =
                    book.txns.get(&key).map_or((0, crate::plan::NodeId(0), 0), |txn| txn.first);
                let observed = Remark::StillOpenAtAcquirer { rrn: *rrn };
                self.stuck(Remark::EveryRequestAnswered, observed, first, Place::Acquirer);
            }
        }
    }

    fn repeats(&mut self, book: &Book) {
        for said in self.pace.counted(&book.plan) {
            self.findings.checked();
            if said.times <= said.most {
                continue;
            }
            let (place, first) = (book.plan.place(said.node), said.first);
            self.findings.offence(Fen::ZERO, first, || Offence {
                expected: Remark::SaidAtMost {
                    times: said.most,
                    mti: said.mti,
                    stan: said.key.stan,
                },
                observed: Remark::SentTimes { times: said.times },
                first,
                blamed: place,
                key: Some(said.key),
                rrns: Vec::new(),
            });
        }
    }

    fn stuck(&mut self, expected: Remark, observed: Remark, first: EventKey, blamed: Place) {
        self.findings.offence(Fen::ZERO, first, || Offence {
            expected,
            observed,
            first,
            blamed,
            key: None,
            rrns: Vec::new(),
        });
    }
}
