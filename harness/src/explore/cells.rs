//! Coverage in payment terms: which exchange of messages was hurt, at which point, at which of its two ends.
//! The cells are data; whether one was reached is for `coverage` to say.

use cardstorm_models::party::Peer;

/// A request and its reply between two neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    /// 0800 and 0810, terminal and acquirer.
    SignOn,
    /// 0200 and 0210, terminal and acquirer.
    Sale,
    /// 0200 and 0210, acquirer and issuer.
    SaleOnLeg2,
    /// 0200 and 0210 of a void, terminal and acquirer.
    Void,
    /// 0200 and 0210 of a void, acquirer and issuer.
    VoidOnLeg2,
    /// 0100 and 0110, terminal and acquirer.
    PreAuth,
    /// 0100 and 0110, acquirer and issuer.
    PreAuthOnLeg2,
    /// 0100 and 0110 of a pre-authorisation's void, terminal and acquirer.
    PreAuthVoid,
    /// 0100 and 0110 of a pre-authorisation's void, acquirer and issuer.
    PreAuthVoidOnLeg2,
    /// 0200 and 0210 of a completion, terminal and acquirer.
    Completion,
    /// 0200 and 0210 of a completion, acquirer and issuer.
    CompletionOnLeg2,
    /// 0200 and 0210 of a completion's void, terminal and acquirer.
    CompletionVoid,
    /// 0200 and 0210 of a completion's void, acquirer and issuer.
    CompletionVoidOnLeg2,
    /// 0400 and 0410, terminal and acquirer.
    Reversal,
    /// 0420 and 0430, acquirer and issuer.
    ReversalAdvice,
    /// 0220 and 0230, terminal and acquirer.
    Refund,
    /// 0220 and 0230, acquirer and issuer.
    RefundAdvice,
    /// 0200 and 0210 of a balance inquiry, terminal and acquirer.
    Balance,
    /// 0200 and 0210 of a balance inquiry, acquirer and issuer.
    BalanceOnLeg2,
    /// 0500 and 0510, terminal and acquirer.
    Settlement,
    /// 0320 and 0330, terminal and acquirer.
    Upload,
}

/// What happened to an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// The request never arrived.
    RequestLost,
    /// The reply never arrived.
    ReplyLost,
    /// The host died before its record of it was durable, or was down when the request came.
    DownBeforeCommit,
    /// The host died with the record durable: while it waited for the next host, with the reply under
    /// way, or, where it asks, before the request had left.
    DownAfterCommit,
    /// The host died with the answer durable and the reply not sent or, where it asks, with the request sent
    /// and no reply there.
    DownBeforeReply,
    /// The reply came once nobody waited for it any more, or after the request had been repeated.
    LateReply,
    /// The same request, or the same reply, came again.
    Duplicate,
}

/// Which end of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Who sends the request.
    Asks,
    /// Who sends the reply.
    Answers,
}

/// A cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cell {
    /// Between whom.
    pub exchange: Exchange,
    /// What happened.
    pub point: Point,
    /// Where.
    pub end: End,
}

/// How many cells there are.
pub const CELLS: usize = Exchange::ALL.len() * Point::ALL.len() * 2;

impl Exchange {
    /// In the order of the grid.
    pub const ALL: [Exchange; 21] = [
        Exchange::SignOn,
        Exchange::Sale,
        Exchange::SaleOnLeg2,
        Exchange::Void,
        Exchange::VoidOnLeg2,
        Exchange::PreAuth,
        Exchange::PreAuthOnLeg2,
        Exchange::PreAuthVoid,
        Exchange::PreAuthVoidOnLeg2,
        Exchange::Completion,
        Exchange::CompletionOnLeg2,
        Exchange::CompletionVoid,
        Exchange::CompletionVoidOnLeg2,
        Exchange::Reversal,
        Exchange::ReversalAdvice,
        Exchange::Refund,
        Exchange::RefundAdvice,
        Exchange::Balance,
        Exchange::BalanceOnLeg2,
        Exchange::Settlement,
        Exchange::Upload,
    ];

    /// The request's type and what it is. Together with its ends no two have the same.
    pub fn name(self) -> &'static str {
        match self {
            Exchange::SignOn => "0800 sign-on",
            Exchange::Sale | Exchange::SaleOnLeg2 => "0200 sale",
            Exchange::Void | Exchange::VoidOnLeg2 => "0200 void",
            Exchange::PreAuth | Exchange::PreAuthOnLeg2 => "0100 pre-auth",
            Exchange::PreAuthVoid | Exchange::PreAuthVoidOnLeg2 => "0100 pre-auth void",
            Exchange::Completion | Exchange::CompletionOnLeg2 => "0200 completion",
            Exchange::CompletionVoid | Exchange::CompletionVoidOnLeg2 => "0200 completion void",
            Exchange::Reversal => "0400 reversal",
            Exchange::ReversalAdvice => "0420 reversal",
            Exchange::Refund | Exchange::RefundAdvice => "0220 refund",
            Exchange::Balance | Exchange::BalanceOnLeg2 => "0200 balance",
            Exchange::Settlement => "0500 totals",
            Exchange::Upload => "0320 upload",
        }
    }

    /// Who is at an end.
    pub fn party(self, end: End) -> Peer {
        let first_leg = match self {
            Exchange::SignOn
            | Exchange::Sale
            | Exchange::Void
            | Exchange::PreAuth
            | Exchange::PreAuthVoid
            | Exchange::Completion
            | Exchange::CompletionVoid
            | Exchange::Reversal
            | Exchange::Refund
            | Exchange::Balance
            | Exchange::Settlement
            | Exchange::Upload => true,
            Exchange::SaleOnLeg2
            | Exchange::VoidOnLeg2
            | Exchange::PreAuthOnLeg2
            | Exchange::PreAuthVoidOnLeg2
            | Exchange::CompletionOnLeg2
            | Exchange::CompletionVoidOnLeg2
            | Exchange::ReversalAdvice
            | Exchange::RefundAdvice
            | Exchange::BalanceOnLeg2 => false,
        };
        match (first_leg, end) {
            (true, End::Asks) => Peer::Terminal,
            (true, End::Answers) | (false, End::Asks) => Peer::Acquirer,
            (false, End::Answers) => Peer::Issuer,
        }
    }
}

impl Point {
    /// In the order of the grid.
    pub const ALL: [Point; 7] = [
        Point::RequestLost,
        Point::ReplyLost,
        Point::DownBeforeCommit,
        Point::DownAfterCommit,
        Point::DownBeforeReply,
        Point::LateReply,
        Point::Duplicate,
    ];

    /// The head of its column, in three lines.
    pub fn head(self) -> [&'static str; 3] {
        match self {
            Point::RequestLost => ["", "request", "lost"],
            Point::ReplyLost => ["", "reply", "lost"],
            Point::DownBeforeCommit => ["down", "before", "commit"],
            Point::DownAfterCommit => ["down", "after", "commit"],
            Point::DownBeforeReply => ["down", "before", "reply"],
            Point::LateReply => ["", "late", "reply"],
            Point::Duplicate => ["", "", "duplicate"],
        }
    }
}

impl End {
    /// In the order of the grid.
    pub const BOTH: [End; 2] = [End::Asks, End::Answers];
}

impl Cell {
    /// Every cell, in the order of its number.
    pub fn all() -> impl Iterator<Item = Cell> {
        Exchange::ALL.into_iter().flat_map(|exchange| {
            Point::ALL.into_iter().flat_map(move |point| {
                End::BOTH.into_iter().map(move |end| Cell { exchange, point, end })
            })
        })
    }

    /// Its place in [`Cell::all`].
    pub fn number(self) -> usize {
        let Cell { exchange, point, end } = self;
        (exchange as usize * Point::ALL.len() + point as usize) * 2 + end as usize
    }

    /// Why today's messages and parties cannot reach it; none if they can.
    pub fn out_of_reach(self) -> Option<&'static str> {
        use Exchange::{
            Balance, BalanceOnLeg2, Completion, CompletionOnLeg2, CompletionVoid,
            CompletionVoidOnLeg2, PreAuth, PreAuthOnLeg2, PreAuthVoid, PreAuthVoidOnLeg2, Refund,
            RefundAdvice, Reversal, ReversalAdvice, Sale, SaleOnLeg2, Settlement, SignOn, Upload,
            Void, VoidOnLeg2,
        };
        match (self.point, self.end, self.exchange) {
            (Point::LateReply, End::Answers, _) => Some(LATE),
            (Point::DownBeforeCommit | Point::DownAfterCommit, End::Asks, SignOn) => Some(NONE),
            (Point::DownBeforeCommit | Point::DownAfterCommit, End::Asks, Upload) => Some(BY_LINE),
            (Point::DownAfterCommit | Point::DownBeforeReply, End::Answers, SignOn) => Some(UNTOLD),
            (
                Point::DownBeforeCommit,
                End::Asks,
                SaleOnLeg2 | VoidOnLeg2 | PreAuthOnLeg2 | PreAuthVoidOnLeg2 | CompletionOnLeg2
                | CompletionVoidOnLeg2 | RefundAdvice | BalanceOnLeg2,
            ) => Some(LEG_1),
            (Point::DownBeforeCommit, End::Asks, Reversal | ReversalAdvice) => Some(OF_SALE),
            (
                Point::RequestLost
                | Point::ReplyLost
                | Point::DownBeforeCommit
                | Point::DownAfterCommit
                | Point::DownBeforeReply
                | Point::LateReply
                | Point::Duplicate,
                End::Asks | End::Answers,
                SignOn | Sale | SaleOnLeg2 | Void | VoidOnLeg2 | PreAuth | PreAuthOnLeg2
                | PreAuthVoid | PreAuthVoidOnLeg2 | Completion | CompletionOnLeg2 | CompletionVoid
                | CompletionVoidOnLeg2 | Reversal | ReversalAdvice | Refund | RefundAdvice
                | Balance | BalanceOnLeg2 | Settlement | Upload,
            ) => None,
        }
    }
}

const LATE: &str = "a reply is late where it is waited for";
const NONE: &str = "a terminal keeps no record of a sign-on";
const UNTOLD: &str = "the record of a sign-on is told to nobody, so the history does not show it";
const BY_LINE: &str = "an upload needs no new record: it goes out by that of its settlement";
const LEG_1: &str = "what goes out on leg 2 is durable with the record of leg 1";
const OF_SALE: &str = "a reversal needs no new record: it goes out by that of its sale";

/// A set of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cells([u64; WORDS]);

/// Words of a set, with room for more exchanges.
const WORDS: usize = 6;

impl Cells {
    /// Adds a cell.
    pub fn add(&mut self, cell: Cell) {
        self.0[cell.number() / 64] |= 1 << (cell.number() % 64);
    }

    /// Whether a cell is in it.
    pub fn has(self, cell: Cell) -> bool {
        self.0[cell.number() / 64] >> (cell.number() % 64) & 1 == 1
    }

    /// Whether another set has a cell that this one has not.
    pub fn lacks_some_of(self, other: Cells) -> bool {
        self.0.iter().zip(other.0).any(|(own, other)| other & !own != 0)
    }

    /// Both together.
    pub fn and(self, other: Cells) -> Cells {
        Cells(std::array::from_fn(|n| self.0[n] | other.0[n]))
    }

    /// Numbers of its cells.
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        (0..WORDS * 64).filter(move |n| self.0[n / 64] >> (n % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_its_own_number_and_fits_a_set() {
        let cells: Vec<Cell> = Cell::all().collect();
        assert!(cells.len() == CELLS && CELLS <= WORDS * 64);
        for (n, cell) in cells.iter().enumerate() {
            assert_eq!(cell.number(), n);
            let mut set = Cells::default();
            assert!(set.lacks_some_of({
                let mut other = Cells::default();
                other.add(*cell);
                other
            }));
            set.add(*cell);
            assert!(set.has(*cell) && set.numbers().eq([n]));
        }
    }
}
