//! The Chinese of every remark, row for row as in `en`. Field names that the trade uses as they are (RRN,
//! STAN, MAC) stay. No row has a `..`, and there is no row for the rest.

use crate::check::Remark;
use crate::check::remark::{Deed, FeeParts, Wrote};
use crate::plan::Place;
use crate::report::words::Words;
use crate::report::zh::{account, cause_name, outcome_name, place};
use cardstorm_models::ids::ResponseCode;
use cardstorm_models::ledger::Account;
use cardstorm_models::party::observe::Text;
use cardstorm_models::wire::Totals;
use std::collections::BTreeSet;

/// The table, in the order of the remarks.
pub(super) fn text(words: Words<'_>, remark: &Remark) -> String {
    match remark {
        // no-double-debit
        Remark::PurchaseDebitedOnce { purchase, amount, approved } => {
            format!("购买 {purchase}（{amount}）只扣款一次，金额恰为终端批准的 {approved}")
        }
        Remark::UnrecordedPurchaseDebitedOnce { stan, amount, approved } => format!(
            "一次 {amount} 的购买（STAN {stan}，没有留下记录）只扣款一次，金额恰为终端批准的 {approved}"
        ),
        Remark::NetDebits { debited, most_debits } => {
            format!("发卡行净扣款 {debited}（单笔交易未冲正的扣款最多 {most_debits} 次）")
        }
        Remark::NoSaleReachedAHost => "没有消费到达主机".into(),

        // slip-truth
        Remark::OneSlipAndReprints { terminal, stan } => {
            format!("终端 {terminal}，STAN {stan}：只有一张签购单，再打印的都是它的重印")
        }
        Remark::SlipOfNothing { amount } => format!("一张 {amount} 的签购单，而没有人做过这笔交易"),
        Remark::SecondSlipUnmarked => "第二张签购单，没有标明是重印".into(),
        Remark::ReprintDiffers { amount, rrn, first_amount, first_rrn } => {
            format!("重印的是 {amount}，RRN {rrn}；原签购单是 {first_amount}，RRN {first_rrn}")
        }
        Remark::AllOfThemOrNone { terminal, stan, deed } => {
            let (acquirer, issuer) = deeds(*deed);
            format!(
                "终端 {terminal}，STAN {stan}：终端批准、收单行{acquirer}、发卡行{issuer}，三者金额相同且有签购单，\
                 否则一个都没有"
            )
        }
        Remark::Holdings { terminal, slip, deed, acquirer, issuer, astray } => {
            let (by_acquirer, by_issuer) = deeds(*deed);
            let slip =
                slip.map_or("没有签购单".to_owned(), |amount| format!("签购单 {amount}"));
            let astray = if *astray { "，而且记在别人的账上" } else { "" };
            format!(
                "终端批准 {terminal}（{slip}），收单行{by_acquirer} {acquirer}，发卡行{by_issuer} {issuer}{astray}"
            )
        }
        Remark::NothingLeftATerminal => "没有交易离开终端".into(),

        // decline-moves-nothing
        Remark::EndedWithoutMoney { kind, amount, terminal, stan, reversed } => {
            let (kind, ended) = (kind.row().chinese, if *reversed { "已冲正" } else { "已拒绝" });
            format!("{kind} {amount}（终端 {terminal}，STAN {stan}）{ended}：没有动过钱")
        }
        Remark::OnlyAsked { terminal, stan } => {
            format!("余额查询（终端 {terminal}，STAN {stan}）只是询问：没有动过钱")
        }
        Remark::MoneyMoved { debited, captured, given_back } => {
            format!("发卡行仍扣款 {debited}，收单行入账 {captured}，已退回 {given_back}")
        }
        Remark::StillHeldAtIssuer { held } => format!("发卡行仍冻结 {held}"),
        Remark::NothingDeclined => "没有交易被拒绝或冲正".into(),

        // refund-within-capture
        Remark::AskedBackWithinCapture { rrn, captured } => {
            format!("在收单行，RRN {rrn} 已退回与正在请求退回的，合计不超过入账的 {captured}")
        }
        Remark::VoidsUnderWay { given_back, reserved } => {
            format!("已退回 {given_back}，另有 {reserved} 的撤销在途或已生效")
        }
        Remark::GivenBackWithin { place, rrn, had } => {
            let (side, verb) = match place {
                Place::Issuer => ("发卡行", "扣款"),
                Place::Acquirer | Place::Terminal(_) => ("收单行", "入账"),
            };
            format!("在{side}，RRN {rrn} 退回的合计不超过{verb}的 {had}，也没有零或负的退回")
        }
        Remark::GivenBackInAll { given_back, now } => {
            format!("合计退回 {given_back}，其中这一笔 {now}")
        }
        Remark::NothingRefunded => "没有退货或冲正".into(),

        // accurate-code
        Remark::CodeRelayed { code, rrn } => format!("决定方的应答码 {code} 原样转发，RRN {rrn}"),
        Remark::CodeSent { code } => format!("应答码 {code}"),
        Remark::RefundFindsItsSale { rrn } => format!("退货找得到原消费：RRN {rrn} 已入账"),
        Remark::OwnWordsNothingSent => "终端自己的话：什么也没有发出".into(),
        Remark::ScreenShowsWords { text } => format!("屏幕显示{}", screen(*text)),
        Remark::ScreenShowsCode { code, text } => format!("屏幕显示 {code}（{}）", screen(*text)),
        Remark::ScreenShowsNoCode { text } => format!("屏幕没有显示应答码（{}）", screen(*text)),
        Remark::AcceptedCodeShown { code } => format!("已接受的应答中的应答码 {code}"),
        Remark::OwnWordsWithoutCode => "没有应答码，应是终端自己的话".into(),
        Remark::RebuiltBalanceTold { balance, rrn } => {
            format!("对RRN {rrn} 告知按账重算的余额 {balance}")
        }
        Remark::BalanceIs { balance } => format!("{balance}"),
        Remark::ToldBalanceShown { balance } => format!("所告知的余额 {balance}"),
        Remark::NoBalanceTold => "没有余额，因为发卡行没有告知".into(),
        Remark::NoReplyNoCode => "没有收到应答，因此没有应答码".into(),
        Remark::ReplysCodeShown { code } => format!("应答中的应答码 {code}"),
        Remark::WordsOfCodeShown { code } => format!("应答码 {code} 自己的文字"),
        Remark::No51BalanceCovers => "不应是51：按记账重建的余额足够".into(),
        Remark::No51OtherReason => "不应是51：发卡行因别的原因拒绝".into(),
        Remark::No51NeverDecided => "不应是51：发卡行从未为此作出51的决定".into(),
        Remark::No10Undeclared => "不应是10：该终端从未声明支持部分批准".into(),
        Remark::No10BalanceCovers => "不应是10：按记账重建的余额足够".into(),
        Remark::No10NeverGranted => "不应是10：发卡行从未批准过其中一部分".into(),
        Remark::NoScreenNoCode => "没有屏幕显示，也没有转发应答码".into(),

        // conservation
        Remark::PostingAddsUpToZero => "每笔记账合计为零".into(),
        Remark::PostingAddsUpTo { sum } => format!("有一笔合计为 {sum}"),
        Remark::SameAmountOnEveryHop { amount } => format!("每一跳的DE4都是 {amount}"),
        Remark::SameBalanceOnEveryHop { balance } => {
            format!("每一跳的DE54都是发卡行告知的 {balance}")
        }
        Remark::AmountInMessage { amount, mti } => format!("{} 中是 {amount}", mti.as_str()),
        Remark::PostedOnItsAccount { cause, account: of } => {
            format!("{}记在{}", cause_name(*cause), account(words, *of))
        }
        Remark::PostedOn { account: of } => format!("记在{}", account(words, *of)),
        Remark::BalanceOfItsPostings { account: of, balance } => {
            format!("{}：按其记账应为 {balance}", account(words, *of))
        }
        Remark::PartyClaims { claimed } => format!("该方声称 {claimed}"),
        Remark::AccountRead { account: of } => {
            format!("{}：动过钱，最终应核对余额", account(words, *of))
        }
        Remark::AccountNotRead { balance } => format!("没有核对；按其记账为 {balance}"),
        Remark::OwedIsOwing { rrn } => format!("RRN {rrn}：发卡行应付的正是收单行应收的"),
        Remark::OwesAndIsOwed { owes, owed } => format!("发卡行应付 {owes}，收单行应收 {owed}"),
        Remark::NothingPosted => "没有记账，也没有发送".into(),

        // reversal-completes
        Remark::FinalByTheDrain { terminal, stan } => {
            format!("终端 {terminal}，STAN {stan}：排空结束前有最终结果，记录保留到那时")
        }
        Remark::RecordDropped => "终端没有做完就丢弃了记录".into(),
        Remark::StillInDoubt => "排空结束时仍然存疑".into(),
        Remark::NoRecordLeft => "已经发出，却没有留下记录".into(),
        Remark::AdviceDropped => "它的通知未送达就被丢弃".into(),
        Remark::AdviceUndelivered => "它的通知仍未送达".into(),
        Remark::NothingInDoubt => "没有存疑的交易，也没有应送的通知".into(),

        // hold-bound
        Remark::HeldUntilItsTime { amount, rrn } => {
            format!("RRN {rrn} 的 {amount} 到期之前一直冻结")
        }
        Remark::HoldReleased => "已提前解冻".into(),
        Remark::HeldOnRrn { amount, rrn } => format!("RRN {rrn} 冻结 {amount}"),
        Remark::AnotherAmountHeld => "冻结的是别的金额".into(),
        Remark::HoldReleasedInTime { amount, rrn } => {
            format!("RRN {rrn} 的 {amount} 已解冻：期限已过")
        }
        Remark::HoldStands => "仍然冻结".into(),
        Remark::HeldForPreAuth { amount, terminal, stan, live } => {
            let state = if *live { "有效" } else { "已了结" };
            format!("终端 {terminal}，STAN {stan} 的预授权{state}，应冻结 {amount}")
        }
        Remark::AmountHeld { held } => format!("冻结 {held}"),
        Remark::NothingPreAuthorised => "没有预授权".into(),

        // cleared-once
        Remark::LaterClearingDay { open: None } => "此前没有开着的清算日".into(),
        Remark::LaterClearingDay { open: Some(day) } => {
            format!("清算日 {day} 开着，其后应是更晚的一天")
        }
        Remark::ClearingDayBegins { day } => format!("{day} 开始"),
        Remark::OneClearingDay => "每笔入账只属于一个清算日".into(),
        Remark::SecondClearingDay { day } => format!("{day} 是第二个"),
        Remark::CaptureOfTheOpenDay { open: None } => "入账属于开着的清算日；当时没有".into(),
        Remark::CaptureOfTheOpenDay { open: Some(day) } => {
            format!("入账属于开着的清算日，即 {day}")
        }
        Remark::ClearedOn { day } => format!("清算于 {day}"),
        Remark::OnePayout { day } => format!("{day} 只付款一次"),
        Remark::PaidOnceMore { amount } => format!("又付了 {amount}"),
        Remark::PayoutOfAClosedDay => "只为已关闭的清算日付款".into(),
        Remark::PaidWhileOpen { day } => format!("{day} 还开着就付了款"),
        Remark::PayoutDue { due, day, net } => {
            format!("{day} 应付 {due}：当日 {net} 加上结转")
        }
        Remark::PaidAndCarried { paid, carried } => format!("付款 {paid}，结转 {carried}"),
        Remark::PayoutOn { merchant, net, day, payout } => {
            format!("{payout} 向 {} 付 {day} 的 {net}", words.merchant(*merchant))
        }
        Remark::NeverPaid => "始终没有付".into(),
        Remark::NoContractSold => "没有签约商户做过交易".into(),

        // totals-agree
        Remark::NothingSoldOnceSettled { batch } => format!("批次 {batch} 结算之后不再做交易"),
        Remark::GoesOutInBatch { stan } => format!("STAN {stan} 仍在该批次中发出"),
        Remark::NothingBookedOnceClosed { batch } => format!("批次 {batch} 关闭之后不再入账"),
        Remark::BookedUnder { amount, rrn } => format!("入账 {amount}，RRN {rrn}"),
        Remark::NothingInDoubtAtSettlement => "批次结算时没有存疑的交易，也没有待重发的".into(),
        Remark::HasNoEnd { stan } => format!("STAN {stan} 还没有结果"),
        Remark::TotalsAsHeld { totals } => {
            format!("{}，即终端持有的已批准交易", totals_text(totals))
        }
        Remark::TotalsAre { totals } => totals_text(totals),
        Remark::UnbalancedForTotals { totals } => {
            format!("2，对账不平：所报为 {}", totals_text(totals))
        }
        Remark::BalancedWithTotals { totals } => {
            format!("1，对账平，而批次文件为 {}", totals_text(totals))
        }
        Remark::UploadCountedOnce => "上送的每条明细只计一次".into(),
        Remark::UploadTakenAgain { stan } => format!("STAN {stan} 又计了一次"),
        Remark::EndAfterComparison => "先对账，后有结束报文".into(),
        Remark::BatchEndedWith { balanced } => format!("批次以 {} 结束", end(*balanced)),
        Remark::ItIsEndedWith { balanced } => format!("以 {} 结束", end(*balanced)),
        Remark::ClosedBalancedOnlyIfAgreed => "总计相符之后才以 207 关闭批次".into(),
        Remark::TotalsDidNotAgree => "总计并不相符".into(),
        Remark::BookedAsSent { totals } => format!("入账 {}，与终端所报相同", totals_text(totals)),
        Remark::BookedItemsUploadedOnce { booked } => {
            format!("已入账的 {booked} 笔都已上送，每笔一次")
        }
        Remark::ItemOnOneSide { uploaded, kind, amount, stan } => {
            let kind = kind.row().chinese;
            format!("上送了 {uploaded} 笔，而{kind} {amount}（STAN {stan}）只在一方存在")
        }
        Remark::EndCountsUploads { uploaded } => format!("结束报文所计为上送的 {uploaded} 笔"),
        Remark::EndCounts { count } => format!("它计了 {count} 笔"),
        Remark::NoBatchSettled => "没有批次结算".into(),

        // fee-exact
        Remark::ClearingDayForCapture => "每笔入账都有清算日".into(),
        Remark::NoClearingDay => "没有清算日".into(),
        Remark::FeeDue { fee, amount, parts } => {
            format!("{amount} 的手续费为 {fee}：{}", parts_text(parts))
        }
        Remark::FeeCharged { fee, parts } => format!("{fee}：{}", parts_text(parts)),
        Remark::FeeGivenBack { owed, fee } => format!("手续费 {fee} 中应退回 {owed}"),
        Remark::FeeReturned { back, parts } => format!("退回 {back}：{}", parts_text(parts)),

        // correlation
        Remark::EndOnlyOfARequest => "只有做过的请求才有结果".into(),
        Remark::EndedUnasked { terminal, stan } => {
            format!("终端 {terminal}，STAN {stan} 有了结果，而没有人请求过")
        }
        Remark::OneKeyOneTransaction => "一个键只指一笔交易".into(),
        Remark::UsedByTwoOperations { first, second } => {
            format!("操作 {first} 与 {second} 都用了它")
        }
        Remark::NumberedAgain { stan, rrn } => format!("STAN {stan} 又得到一个参考号 RRN {rrn}"),
        Remark::RrnGivenTwice { rrn } => format!("RRN {rrn} 给了两笔交易"),
        Remark::ApprovedByItsOwnReply { terminal, stan } => {
            format!("终端 {terminal}，STAN {stan} 的请求由它自己的应答批准")
        }
        Remark::ApprovedWithoutReply => "批准了，而终端从未收到应答".into(),
        Remark::ApprovedByReply { mti, stan, rrn } => {
            format!("由 {} 批准，它属于 STAN {stan}，RRN {rrn}", mti.as_str())
        }
        Remark::NoTransactionNamed => "没有交易有过键".into(),

        // state-guard
        Remark::CompletionRefusedNoHold => "应拒绝预授权完成：没有它的冻结".into(),
        Remark::CompletionRefusedBeyondHold { held } => {
            format!("预授权完成超过冻结的 {held}，应以 61 拒绝")
        }
        Remark::AmountGranted { amount } => format!("批准了 {amount}"),
        Remark::VoidRefusedHere { rrn, codes } => {
            format!("RRN {rrn} 的撤销应以 {} 拒绝，不转发给发卡行", any_of(codes))
        }
        Remark::VoidForwarded => "转发了".into(),
        Remark::VoidAskedForAtIssuer { rrn } => {
            format!("RRN {rrn} 的撤销应转发给发卡行：没有不允许的理由")
        }
        Remark::VoidRefusedWith { rrn, codes } => {
            format!("RRN {rrn} 的撤销应以 {} 拒绝", any_of(codes))
        }
        Remark::AnsweredWith { code } => format!("应答 {code}"),
        Remark::RefundRefusedVoided { rrn } => {
            format!("RRN {rrn} 的退货应拒绝：已撤销或正在撤销")
        }
        Remark::RefundRefusedNoSale { rrn } => format!("RRN {rrn} 的退货应拒绝：不是已批准的消费"),
        Remark::RefundTaken => "受理了".into(),
        Remark::RefundOfVoidedRefused { rrn } => {
            format!("RRN {rrn} 已撤销，它的退货应以 22 拒绝")
        }
        Remark::NothingVoided => "没有撤销、退货或预授权完成".into(),

        // authentic-only
        Remark::UnauthenticChangesNothing { place } => {
            format!("无法验证的报文在{}不改变任何东西", peer(*place))
        }
        Remark::OnlyDamagedCopies { wrote } => {
            format!("到达的都是损坏的副本，它却写下了：{}", wrote_text(*wrote))
        }
        Remark::RepeatChangesNothing { place } => {
            format!("已经来过的报文在{}不改变任何东西", peer(*place))
        }
        Remark::AnotherCopyDid { copies, wrote } => {
            format!("来了 {copies} 份，又一份造成了：{}", wrote_text(*wrote))
        }
        Remark::NothingDamagedOrDoubled => "没有损坏的报文，也没有第二份到达".into(),

        // pin-count
        Remark::PinTriesLeft { wrong, tries } => {
            format!("输错 {wrong} 次，共 {tries} 次机会，仍有剩余")
        }
        Remark::RefusedForPinTries => "以次数用尽拒绝".into(),
        Remark::NoPinTriesLeft { wrong, tries } => {
            format!("输错 {wrong} 次，共 {tries} 次机会，已经用尽")
        }
        Remark::EntryLookedAt => "仍然核对了这次输入".into(),
        Remark::OneEntryOneTry => "一次输入只计一次".into(),
        Remark::EntryCountedAgain => "同一次输入又作了决定，又计了一次".into(),
        Remark::NoPinDecided => "没有对密码作过决定".into(),

        // no-card-data
        Remark::JournalsWithoutCardData => "流水中没有卡号、磁道、密码块或密钥".into(),
        Remark::SecretInRecord { secret } => format!("敏感数据 {secret} 出现在流水记录中"),
        Remark::NoJournalSearched => "没有查过流水".into(),

        // progress
        Remark::EveryOperationEnds => "每个操作都结束".into(),
        Remark::OperationNeverEnded { op } => format!("操作 {op} 没有结束"),
        Remark::EveryTerminalSellsAgain => "每台终端都能再次收款".into(),
        Remark::ProbeNeverCame { terminal } => format!("终端 {terminal} 没有做到探测消费"),
        Remark::ProbeEnded { terminal, outcome: None } => {
            format!("终端 {terminal} 的探测消费没有结束")
        }
        Remark::ProbeEnded { terminal, outcome: Some(outcome) } => {
            format!("终端 {terminal} 的探测消费以{}结束", outcome_name(*outcome))
        }
        Remark::EverySettlementEnds => "每次结算都随批次结束".into(),
        Remark::StillSettling { terminal } => format!("终端 {terminal} 仍在结算"),
        Remark::EveryRequestAnswered => "每个请求都有应答".into(),
        Remark::StillOpenAtAcquirer { rrn } => format!("RRN {rrn} 在收单行仍未了结"),
        Remark::SaidAtMost { times, mti, stan } => {
            format!("故障停止后，按方案的定时，STAN {stan} 的 {} 最多发送 {times} 次", mti.as_str())
        }
        Remark::SentTimes { times } => format!("发送了 {times} 次"),
        Remark::NoOperationBegan => "没有操作开始".into(),

        // repaired-once
        Remark::OneRepairCase => "一笔未送达的通知只转为一笔差错".into(),
        Remark::RepairCaseMadeAgain => "又转了一次".into(),
        Remark::AdjustmentOfACase => "只为差错作调整".into(),
        Remark::NoRepairCase => "并没有这笔差错".into(),
        Remark::OneAdjustment => "一笔差错只调整一次".into(),
        Remark::SettledAgain => "关闭之后又调整了一次".into(),
        Remark::NoAdviceBesideItsCase => "转为差错之后不再发送通知".into(),
        Remark::AdviceGoesOn => "调整之外仍在发送".into(),
        Remark::RepairCaseSettled => "结束前每笔差错都已处理".into(),
        Remark::RepairCaseOpen => "仍未处理".into(),
        Remark::RepairedOnce { amount } => format!("{amount} 只退回一次，由通知或由差错处理"),
        Remark::RepairedTimes { times } => format!("退回了 {times} 次"),
        Remark::NoAdviceUndelivered => "日切时没有未送达的通知".into(),

        // what a story expects
        Remark::FaultStrikes { fault } => {
            format!("故障 {}（{}）发生", u64::from(*fault) + 1, words.fault(*fault))
        }
        Remark::NeverStruck => "始终没有发生".into(),
        Remark::OperationEnds { op, outcome } => {
            format!("{} 以{}结束", words.names.op(*op), outcome_name(*outcome))
        }
        Remark::OperationEnded { outcome } => format!("以{}结束", outcome_name(*outcome)),
        Remark::OperationCouldNotBegin => "无法开始：它的消费没有签购单".into(),
        Remark::OperationDidNotEnd => "没有结束".into(),
        Remark::OperationShowsCode { op, code } => format!("{} 显示 {code}", words.names.op(*op)),
        Remark::OperationShowsText { op, text } => {
            format!("{} 显示“{}”", words.names.op(*op), text.chinese())
        }
        Remark::ShowedCode { code } => format!("显示了 {code}"),
        Remark::ShowedText { text } => format!("显示了“{}”", text.chinese()),
        Remark::ShowedNothing => "什么也没有显示".into(),
        Remark::BalanceAtTheEnd { account, balance } => {
            format!("{}最终为 {balance}", balance_of(words, *account))
        }
        Remark::BalanceRead { balance } => balance.to_string(),
        Remark::InvariantBreaks { invariant, place: None } => {
            format!("{} 被违反", invariant.name())
        }
        Remark::InvariantBreaks { invariant, place: Some(at) } => {
            format!("{} 被违反，责任在{}", invariant.name(), place(*at, words.names))
        }
        Remark::InvariantBrokeAt { place: at } => format!("责任在{}", place(*at, words.names)),
        Remark::NothingToJudge { why } => format!("无从判断：{}", text(words, why)),
        Remark::InvariantHeld => "没有被违反".into(),
    }
}

/// What a deed is called at the acquirer and at the issuer.
fn deeds(deed: Deed) -> (&'static str, &'static str) {
    match deed {
        Deed::Captured => ("入账", "扣款"),
        Deed::Voided => ("撤销", "退回"),
        Deed::Refunded => ("退货", "退回"),
        Deed::Answered => ("应答", "决定"),
    }
}

fn screen(text: Text) -> String {
    match text {
        Text::Code(code) => format!("应答码 {code} 的文字"),
        Text::UnknownCode(code) => format!("未知应答码的文字和 {code}"),
        own => format!("“{}”", own.chinese()),
    }
}

fn totals_text(totals: &Totals) -> String {
    let Totals { debit, credit } = totals;
    format!("借记 {} 笔 {}，贷记 {} 笔 {}", debit.count, debit.amount, credit.count, credit.amount)
}

/// The end message of a batch, by its network code.
fn end(balanced: bool) -> &'static str {
    if balanced { "207" } else { "202" }
}

fn parts_text(parts: &FeeParts) -> String {
    let FeeParts { issuer, network, acquirer } = parts;
    format!("发卡行 {issuer}，网络 {network}，收单行 {acquirer}")
}

fn any_of(codes: &BTreeSet<ResponseCode>) -> String {
    codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" 或 ")
}

fn peer(place: Place) -> &'static str {
    match place {
        Place::Terminal(_) => "终端",
        Place::Acquirer => "收单行",
        Place::Issuer => "发卡行",
    }
}

fn wrote_text(wrote: Wrote) -> &'static str {
    match wrote {
        Wrote::Transaction => "一笔自己的交易",
        Wrote::IssuersAnswer => "发卡行的应答",
        Wrote::Acknowledged => "通知已确认",
        Wrote::Decision => "一个决定",
        Wrote::Approval => "批准",
        Wrote::Decline => "拒绝",
        Wrote::ReversalDone => "冲正完成",
        Wrote::ShownBalance => "屏幕上的余额",
    }
}

/// An account's balance, as an expectation names it.
fn balance_of(words: Words<'_>, of: Account) -> String {
    let name = |names: &[String], n: u32| {
        names.get(n as usize).cloned().unwrap_or_else(|| format!("第 {n} 号"))
    };
    match of {
        Account::Cardholder(n) => format!("{} 的余额", name(&words.names.accounts, n)),
        Account::MerchantUnsettled(n) => format!("{} 的待结算款", name(&words.names.merchants, n)),
        Account::MerchantPaid(n) => format!("{} 的已付款", name(&words.names.merchants, n)),
        Account::ReturnedRefunds
        | Account::Interbank
        | Account::Outside
        | Account::IssuerFees
        | Account::NetworkFees
        | Account::AcquirerFees => account(words, of),
    }
}
