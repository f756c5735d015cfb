//! Hand-made histories, told step by step: one terminal, an acquirer, an issuer, a holder with 1,000 yuan.
//! A tale says only what happened; nothing here knows what a check makes of it.

use crate::history::{Asked, Event, What};
use crate::plan::{Latency, Links, NodeId, Operator, PLAN_VERSION, Place, Plan};
use crate::storm::world;
use cardstorm_models::ids::{Batch, ResponseCode, Rrn, Stan};
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Decider, Outcome, Reason, Text, TxnKey};
use cardstorm_models::party::{ConnId, Observation, OpRef, Summary};
use cardstorm_models::time::{MonthDay, Wall};
use cardstorm_models::wire::{Class, Kind, Mti};
use std::collections::BTreeMap;
use std::sync::Arc;

/// 100 yuan.
pub const PRICE: Fen = Fen(10_000);
/// 1,000 yuan.
pub const OPENING: Fen = Fen(100_000);
pub const TERMINAL: Place = Place::Terminal(0);
pub const HOLDER: Account = Account::Cardholder(0);
pub const SHOP: Account = Account::MerchantUnsettled(0);

/// DE39.
pub fn code(text: &str) -> ResponseCode {
    text.parse().expect("two characters")
}

/// One transaction of a tale.
#[derive(Clone, Copy)]
pub struct Txn {
    pub op: OpRef,
    pub intent: u32,
    pub kind: Kind,
    pub key: TxnKey,
    pub rrn: Rrn,
    pub chain: Rrn,
    pub amount: Fen,
}

/// The n-th transaction, counted from 1: a sale of its own purchase. STAN and RRN are `n` too; the number
/// of its operation is beyond the probe's.
pub fn sale(n: u32) -> Txn {
    let key = TxnKey { terminal: world::terminal_id(0), batch: Batch(1), stan: Stan(n) };
    let rrn = Rrn(n.into());
    let (op, kind) = (OpRef { op: 100 + n, attempt: 0 }, Kind::Sale);
    Txn { op, intent: n, kind, key, rrn, chain: rrn, amount: PRICE }
}

/// The n-th transaction: a refund of part of a sale.
pub fn refund(n: u32, of: &Txn, amount: Fen) -> Txn {
    Txn { kind: Kind::Refund, chain: of.chain, amount, ..sale(n) }
}

/// The n-th transaction: the void of a sale.
pub fn void(n: u32, of: &Txn) -> Txn {
    Txn { kind: Kind::Void, chain: of.chain, amount: of.amount, ..sale(n) }
}

/// A history in the making.
pub struct Tale {
    pub plan: Arc<Plan>,
    pub events: Vec<Event>,
    ordinals: BTreeMap<NodeId, u32>,
}

/// Nothing has happened yet, in a world with so many terminals.
pub fn world_of(terminals: u16) -> Tale {
    let hop = Latency::Fixed { ms: 100 };
    let plan = Plan {
        version: PLAN_VERSION,
        seed: 1,
        start: Wall(0),
        world: world::simple(terminals, vec![world::account("holder", OPENING)]),
        ops: Vec::new(),
        house: Vec::new(),
        operator: Operator::default(),
        links: Links { leg1: hop, leg2: hop, split_per_million: 0 },
        faults: Vec::new(),
        chaos_ms: 60_000,
        drain_ms: 360_000,
    };
    Tale { plan: Arc::new(plan), events: Vec::new(), ordinals: BTreeMap::new() }
}

pub fn nothing() -> Tale {
    world_of(1)
}

impl Tale {
    /// Something happens somewhere, a millisecond after what happened last.
    pub fn event(mut self, at: Place, what: What) -> Tale {
        let node = self.plan.node(at);
        let ordinal = self.ordinals.entry(node).or_default();
        let at_ms = self.events.last().map_or(0, |last| last.at_ms) + 1;
        self.events.push(Event { at_ms, node, ordinal: *ordinal, what });
        *ordinal += 1;
        self
    }

    pub fn said(self, at: Place, said: Observation) -> Tale {
        self.event(at, What::Said { said })
    }

    /// The cashier begins.
    pub fn begins(self, txn: &Txn) -> Tale {
        let asked = match txn.kind.class() {
            Class::Request | Class::Inquiry if txn.kind == Kind::Void => {
                Asked::Void { of: 0, card: 0 }
            }
            Class::Request | Class::Inquiry => Asked::Sale { intent: txn.intent, card: 0 },
            Class::Advice => Asked::Refund { of: 0 },
        };
        self.event(TERMINAL, What::OpBegins { op: txn.op, asked, amount: txn.amount })
    }

    /// The terminal's record is durable.
    pub fn pending(self, txn: &Txn) -> Tale {
        let Txn { op, intent, key, amount, chain, .. } = *txn;
        self.said(
            TERMINAL,
            match txn.kind.class() {
                Class::Request | Class::Inquiry => {
                    let intent = (txn.kind == Kind::Sale).then_some(intent);
                    let original = (chain != txn.rrn).then_some(chain);
                    let kind = txn.kind;
                    Observation::RequestPending { op, intent, key, kind, amount, original }
                }
                Class::Advice => Observation::RefundPending { op, key, amount, original: chain },
            },
        )
    }

    pub fn sends(self, at: Place, mti: Mti, txn: &Txn, code: Option<ResponseCode>) -> Tale {
        let to = self.plan.node(if at == Place::Acquirer { TERMINAL } else { Place::Acquirer });
        let (conn, message) = (ConnId(1), summary(mti, txn, code));
        self.event(at, What::Sent { to, conn, copy: 0, due_ms: None, message })
    }

    /// A reply reaches the terminal.
    pub fn hears(self, mti: Mti, txn: &Txn, code: ResponseCode) -> Tale {
        let (from, conn) = (self.plan.node(Place::Acquirer), ConnId(1));
        let message = summary(mti, txn, Some(code));
        self.event(TERMINAL, What::Received { from, conn, message })
    }

    /// The acquirer's record is durable.
    pub fn takes(self, txn: &Txn) -> Tale {
        let Txn { key, rrn, chain, kind, amount, .. } = *txn;
        self.said(Place::Acquirer, Observation::Taken { key, rrn, chain, kind, amount })
    }

    pub fn decides(self, txn: &Txn, code: ResponseCode, reason: Reason) -> Tale {
        let (rrn, amount, account) = (txn.rrn, txn.amount, Some(0));
        self.said(Place::Issuer, Observation::Decided { rrn, account, amount, code, reason })
    }

    pub fn answers(self, txn: &Txn, code: ResponseCode, decider: Decider) -> Tale {
        self.said(Place::Acquirer, Observation::Answered { rrn: txn.rrn, code, decider })
    }

    fn posts(self, at: Place, txn: &Txn, cause: Cause, from: Account, to: Account) -> Tale {
        let (chain, rrn) = (Some(txn.chain), Some(txn.rrn));
        let posting = Posting::transfer(chain, rrn, cause, from, to, txn.amount);
        self.said(at, Observation::Posted(posting))
    }

    /// The issuer debits the holder.
    pub fn debits(self, txn: &Txn) -> Tale {
        self.debits_from(txn, HOLDER)
    }

    /// The issuer debits somebody.
    pub fn debits_from(self, txn: &Txn, account: Account) -> Tale {
        self.posts(Place::Issuer, txn, Cause::Sale, account, Account::Interbank)
    }

    pub fn undebits(self, txn: &Txn) -> Tale {
        self.posts(Place::Issuer, txn, Cause::SaleReversal, Account::Interbank, HOLDER)
    }

    /// The acquirer captures for the shop.
    pub fn captures(self, txn: &Txn) -> Tale {
        self.captures_for(txn, SHOP)
    }

    /// The acquirer captures for somebody.
    pub fn captures_for(self, txn: &Txn, account: Account) -> Tale {
        self.posts(Place::Acquirer, txn, Cause::Sale, Account::Interbank, account)
    }

    pub fn uncaptures(self, txn: &Txn) -> Tale {
        self.posts(Place::Acquirer, txn, Cause::SaleReversal, SHOP, Account::Interbank)
    }

    /// The acquirer takes a refund from the shop.
    pub fn refunds(self, txn: &Txn) -> Tale {
        self.posts(Place::Acquirer, txn, Cause::Refund, SHOP, Account::Interbank)
    }

    /// The issuer credits a refund.
    pub fn credits(self, txn: &Txn, to: Account) -> Tale {
        self.posts(Place::Issuer, txn, Cause::Refund, Account::Interbank, to)
    }

    /// The issuer gives a void's money back.
    pub fn void_credits(self, txn: &Txn) -> Tale {
        self.posts(Place::Issuer, txn, Cause::Void, Account::Interbank, HOLDER)
    }

    /// The issuer debits again what a void had given back.
    pub fn void_uncredits(self, txn: &Txn) -> Tale {
        self.posts(Place::Issuer, txn, Cause::VoidReversal, HOLDER, Account::Interbank)
    }

    /// The acquirer takes a void from the shop.
    pub fn voids(self, txn: &Txn) -> Tale {
        self.posts(Place::Acquirer, txn, Cause::Void, SHOP, Account::Interbank)
    }

    /// The acquirer lets a voided sale stand again.
    pub fn unvoids(self, txn: &Txn) -> Tale {
        self.posts(Place::Acquirer, txn, Cause::VoidReversal, Account::Interbank, SHOP)
    }

    /// A void that goes on to the issuer.
    pub fn forwards(self, txn: &Txn) -> Tale {
        self.asked(txn).sends(Place::Acquirer, txn.kind.mti(), txn, None)
    }

    /// A void from its beginning to both books, its reply not yet sent.
    pub fn void_booked(self, txn: &Txn) -> Tale {
        let approved = ResponseCode::APPROVED;
        let decided = self.forwards(txn).void_credits(txn).decides(txn, approved, Reason::Granted);
        decided.voids(txn).answers(txn, approved, Decider::Issuer)
    }

    /// A void as it should be.
    pub fn voided(self, txn: &Txn) -> Tale {
        self.void_booked(txn).accepted(txn)
    }

    /// A void or a refund that the acquirer refuses.
    pub fn refused(self, txn: &Txn, code: ResponseCode) -> Tale {
        // What is refused hangs on no chain.
        let alone = Txn { chain: txn.rrn, ..*txn };
        let asked = self.begins(txn).pending(txn).sends(TERMINAL, txn.kind.mti(), txn, None);
        asked.takes(&alone).answers(txn, code, Decider::Acquirer).declines(txn, code)
    }

    /// The terminal's approval is durable.
    pub fn approves(self, txn: &Txn) -> Tale {
        let Txn { op, key, rrn, amount, .. } = *txn;
        self.said(
            TERMINAL,
            match txn.kind.class() {
                Class::Request | Class::Inquiry => Observation::Approved { op, key, rrn, amount },
                Class::Advice => Observation::RefundAccepted { op, key, rrn, amount },
            },
        )
    }

    pub fn declines(self, txn: &Txn, code: ResponseCode) -> Tale {
        let (op, key) = (txn.op, txn.key);
        self.said(
            TERMINAL,
            match txn.kind.class() {
                Class::Request | Class::Inquiry => Observation::Declined { op, key, code },
                Class::Advice => Observation::RefundRefused { op, key, code },
            },
        )
    }

    pub fn undone(self, txn: &Txn) -> Tale {
        let (op, key, code) = (txn.op, txn.key, ResponseCode::APPROVED);
        self.said(TERMINAL, Observation::Undone { op, key, code })
    }

    pub fn shows(self, txn: &Txn, code: Option<ResponseCode>, text: Text) -> Tale {
        let (op, key) = (txn.op, Some(txn.key));
        self.said(TERMINAL, Observation::Screen { op, key, code, text })
    }

    pub fn prints(self, txn: &Txn) -> Tale {
        self.slip(txn, false)
    }

    /// Prints once more, and says so on the slip.
    pub fn reprints(self, txn: &Txn) -> Tale {
        self.slip(txn, true)
    }

    fn slip(self, txn: &Txn, reprint: bool) -> Tale {
        let Txn { op, key, kind, amount, rrn, .. } = *txn;
        let date = MonthDay { month: 3, day: 2 };
        let auth = None;
        self.said(TERMINAL, Observation::Slip { op, key, kind, amount, rrn, date, auth, reprint })
    }

    pub fn ends(self, txn: &Txn, outcome: Outcome) -> Tale {
        self.said(TERMINAL, Observation::Ended { op: txn.op, outcome })
    }

    /// Asked for, recorded, sent and taken.
    pub fn asked(self, txn: &Txn) -> Tale {
        let mti = txn.kind.mti();
        self.begins(txn).pending(txn).sends(TERMINAL, mti, txn, None).takes(txn)
    }

    /// A sale from its beginning to both books, its reply not yet sent.
    pub fn booked(self, txn: &Txn) -> Tale {
        let approved = ResponseCode::APPROVED;
        let decided = self.asked(txn).debits(txn).decides(txn, approved, Reason::Granted);
        decided.captures(txn).answers(txn, approved, Decider::Issuer)
    }

    /// The reply reaches the terminal and is accepted, shown and printed.
    pub fn accepted(self, txn: &Txn) -> Tale {
        let approved = ResponseCode::APPROVED;
        let (mti, text) = match txn.kind.class() {
            Class::Request | Class::Inquiry => (Mti::M0210, Text::Code(approved)),
            Class::Advice => (Mti::M0230, Text::RefundAccepted),
        };
        let replied =
            self.sends(Place::Acquirer, mti, txn, Some(approved)).hears(mti, txn, approved);
        let shown = replied.approves(txn).shows(txn, Some(approved), text);
        shown.prints(txn).ends(txn, Outcome::Ok)
    }

    /// A sale as it should be.
    pub fn sold(self, txn: &Txn) -> Tale {
        self.booked(txn).accepted(txn)
    }

    /// A refund as it should be, at the acquirer and the terminal; the credit comes later.
    pub fn refunded(self, txn: &Txn) -> Tale {
        let taken = self.asked(txn).refunds(txn);
        taken.answers(txn, ResponseCode::APPROVED, Decider::Acquirer).accepted(txn)
    }

    /// The final reads: every account that was posted on, as its postings make it.
    pub fn read(self) -> Tale {
        let mut read: BTreeMap<(NodeId, Account), Fen> = BTreeMap::new();
        for event in &self.events {
            let What::Said { said: Observation::Posted(posting) } = event.what else { continue };
            for leg in posting.legs.iter().filter(|_| posting.sum() == Fen::ZERO) {
                let holder = self.plan.world.issuer.accounts[0].opening;
                let opening = if leg.account == HOLDER { holder } else { Fen::ZERO };
                *read.entry((event.node, leg.account)).or_insert(opening) += leg.amount;
            }
        }
        let plan = Arc::clone(&self.plan);
        read.into_iter().fold(self, |tale, ((node, account), balance)| {
            tale.event(plan.place(node), What::Balance { account, balance })
        })
    }

    /// The same happens so often, a second apart, once faults have stopped.
    pub fn again_and_again(self, times: u32, step: impl Fn(Tale) -> Tale) -> Tale {
        (0..times).fold(self, |tale, n| {
            let mut tale = step(tale);
            let heal_ms = tale.plan.chaos_ms;
            let last = tale.events.last_mut().expect("a step is an event");
            last.at_ms = heal_ms + 1_000 * u64::from(n);
            tale
        })
    }

    /// The terminal's probe, so many times failed before it sells.
    pub fn probed(self, failures: u8) -> Tale {
        let op = self.plan.probe_op(0);
        let probe = |attempt| Txn { op: OpRef { op, attempt }, ..sale(900 + u32::from(attempt)) };
        let failed = (0..failures)
            .fold(self, |tale, n| tale.begins(&probe(n)).ends(&probe(n), Outcome::Failed));
        failed.sold(&probe(failures))
    }
}

pub fn summary(mti: Mti, txn: &Txn, code: Option<ResponseCode>) -> Summary {
    let TxnKey { terminal, batch, stan } = txn.key;
    let (kind, amount, rrn) = (Some(txn.kind), txn.amount, Some(txn.rrn));
    Summary { mti, kind, terminal, batch, stan, amount, code, rrn, says: None }
}
