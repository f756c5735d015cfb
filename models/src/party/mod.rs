//! The party contract: an input and the time go in, effects come out. A party opens no socket, reads no
//! clock, draws no random number and writes no file; whoever drives it does (see the stages).

pub mod acquirer;
pub mod desk;
mod details;
pub mod effects;
pub mod issuer;
pub mod observe;
pub mod summary;
pub mod terminal;
pub mod words;

use self::desk::DeskOp;
use crate::ids::{AuthCode, Batch, Rrn, Stan};
use crate::money::Fen;
use crate::time::{MonthDay, Now};
use crate::wire::card::CardData;
use crate::wire::pin::Pin;
use crate::wire::{Kind, Purpose};
pub use effects::{Effect, Effects, Subject};
pub use observe::Observation;
use observe::TxnKey;
use serde::{Deserialize, Serialize};
pub use summary::Summary;

/// A connection, named by whoever drives the party. Never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ConnId(pub u64);

/// A timer, named by the party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimerId(pub u64);

/// Whom a connection leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    /// A point of sale.
    Terminal,
    /// The POS centre.
    Acquirer,
    /// The card's bank.
    Issuer,
}

/// One attempt at one planned operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OpRef {
    /// Number of the operation in the plan.
    pub op: u32,
    /// 0 for the first try, then one more for each retry of the cashier's.
    pub attempt: u8,
}

/// What a cashier keeps of an approval's slip: enough to void, complete or refund it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipData {
    /// DE37.
    pub rrn: Rrn,
    /// DE13 of the approval.
    pub date: MonthDay,
    /// DE60.2.
    pub batch: Batch,
    /// DE11.
    pub stan: Stan,
    /// DE38, where the approval had one.
    pub auth: Option<AuthCode>,
    /// Fen, as approved.
    pub amount: Fen,
}

/// What a cashier asks of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TerminalOp {
    /// 消费
    Sale {
        /// Which operation this is.
        op: OpRef,
        /// What the customer means to buy, above any STAN (flows 7).
        intent: u32,
        /// Fen, more than zero.
        amount: Fen,
        /// The card as read.
        card: CardData,
        /// As keyed by the holder.
        pin: Option<Pin>,
    },
    /// 预授权: sets money apart (flows 4.4).
    PreAuth {
        /// Which operation this is.
        op: OpRef,
        /// Fen, more than zero.
        amount: Fen,
        /// The card as read.
        card: CardData,
        /// As keyed by the holder.
        pin: Option<Pin>,
    },
    /// 余额查询: what is available on the card's account (flows 4.5).
    Balance {
        /// Which operation this is.
        op: OpRef,
        /// The card as read.
        card: CardData,
        /// As keyed by the holder.
        pin: Option<Pin>,
    },
    /// 预授权完成(请求): takes what was really spent.
    Completion {
        /// Which operation this is.
        op: OpRef,
        /// What the customer buys.
        intent: u32,
        /// The slip of the pre-authorisation.
        original: SlipData,
        /// Fen, more than zero.
        amount: Fen,
        /// The card as read.
        card: CardData,
    },
    /// 消费撤销, 预授权撤销, 预授权完成撤销: takes back, whole, a sale or a completion of this terminal's open
    /// batch (flows 4.2), or a pre-authorisation.
    Void {
        /// Which operation this is.
        op: OpRef,
        /// Which of the three.
        kind: Kind,
        /// The slip of what is taken back.
        original: SlipData,
        /// Fen, as keyed: the whole amount, or the centre refuses it.
        amount: Fen,
        /// The card as read.
        card: CardData,
    },
    /// 退货
    Refund {
        /// Which operation this is.
        op: OpRef,
        /// Fen, more than zero.
        amount: Fen,
        /// DE37 of the original, from its slip.
        original_rrn: Rrn,
        /// Date of the original, from its slip.
        original_date: MonthDay,
        /// The card as read.
        card: CardData,
    },
    /// 批结算
    Settle {
        /// Which operation this is.
        op: OpRef,
    },
    /// 回响测试 or 签退
    Manage {
        /// Which operation this is.
        op: OpRef,
        /// Which of the two.
        purpose: Purpose,
    },
}

impl TerminalOp {
    /// Which operation this is.
    pub fn op(&self) -> OpRef {
        match self {
            TerminalOp::Sale { op, .. }
            | TerminalOp::PreAuth { op, .. }
            | TerminalOp::Balance { op, .. }
            | TerminalOp::Completion { op, .. }
            | TerminalOp::Void { op, .. }
            | TerminalOp::Refund { op, .. }
            | TerminalOp::Settle { op }
            | TerminalOp::Manage { op, .. } => *op,
        }
    }
}

/// What an institution's own people or jobs do to its books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseOp {
    /// Issuer: money paid in to an account.
    TopUp {
        /// Number of the account in the world.
        account: u32,
        /// Fen.
        amount: Fen,
    },
    /// Issuer: an account changes state.
    AccountState {
        /// Number of the account in the world.
        account: u32,
        /// The new state.
        state: issuer::AccountState,
    },
    /// Issuer: a credit limit changes.
    CreditLimit {
        /// Number of the account in the world.
        account: u32,
        /// Fen.
        limit: Fen,
    },
    /// Issuer: part of an account's money is held for risk (zero releases it).
    RiskHold {
        /// Number of the account in the world.
        account: u32,
        /// Fen held from now on, in place of what was held before.
        amount: Fen,
    },
    /// Issuer: a card changes state.
    CardState {
        /// Number of the card in the world.
        card: u32,
        /// The new state.
        state: issuer::CardState,
    },
    /// Acquirer: the sweep that pays out a merchant's confirmed takings and empties the pool.
    Sweep {
        /// Number of the merchant in the world.
        merchant: u32,
    },
    /// Acquirer: a job loses an item out of the file of a terminal's open batch; its totals no longer
    /// balance, and its upload brings the item back (flows 11, clearing record lost).
    LoseBatchItem {
        /// Number of the terminal.
        terminal: u32,
        /// Which item, counted from 0; beyond the last it begins again.
        nth: u32,
    },
    /// Acquirer: planned maintenance begins or ends; every request is answered with the maintenance
    /// code and executes nothing.
    Maintenance {
        /// True at its beginning.
        on: bool,
    },
}

/// What a device reports. A printer answers everything that it is given, in that order, after the step that
/// gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceEvent {
    /// A slip is out.
    Printed {
        /// What it is about.
        key: TxnKey,
    },
    /// The printer says that a slip did not come out. Paper may be out all the same: a jam is noticed late
    /// (B68).
    NotPrinted {
        /// What it is about.
        key: TxnKey,
    },
    /// The printer prints again: somebody has put paper in, or cleared the jam.
    PrinterReady,
}

/// What can happen to a party.
pub enum Input<'a> {
    /// The party has just started; these records survived, oldest first.
    Boot(Box<dyn Iterator<Item = &'a [u8]> + 'a>),
    /// A cashier asks for something (terminals only).
    Op(TerminalOp),
    /// The institution itself acts (acquirer and issuer only).
    House(HouseOp),
    /// Somebody asks for something at a desk of the institution's (acquirer and issuer only).
    Desk(DeskOp),
    /// A timer armed since the last boot has run out.
    Timer(TimerId),
    /// A sync failed; what followed it in that step was not carried out.
    SyncFailed,
    /// A device at the party reports (terminals only).
    Device(DeviceEvent),
    /// A connection is there.
    Up {
        /// Its name.
        conn: ConnId,
        /// Who is at the other end.
        peer: Peer,
        /// Whether this party asked for it.
        dialled: bool,
    },
    /// A dial was refused.
    Refused {
        /// Who refused.
        peer: Peer,
    },
    /// A connection is gone.
    Down {
        /// Its name.
        conn: ConnId,
    },
    /// Some bytes of a connection, cut as the link pleases.
    Bytes {
        /// Which connection.
        conn: ConnId,
        /// What came.
        chunk: &'a [u8],
    },
}

/// A state machine under this contract.
pub trait Party {
    /// Takes one input and hands back effects, to be carried out strictly in order.
    fn handle(&mut self, now: Now, input: Input<'_>, fx: &mut Effects);

    /// The balances the party itself claims, for the final reads.
    fn read_balances(&self, read: &mut dyn FnMut(crate::ledger::Account, Fen));
}
