//! What a trace and a report say in Chinese. Field names that the trade uses as they are (STAN, RRN, MAC)
//! stay.

use super::trace::Lang;
use super::words::Words;
use crate::history::{Asked, Damage, Event, Loss, Phase, What};
use crate::plan::{Death, Place, Task};
use crate::scenario::Names;
use cardstorm_models::ledger::{Account, Cause, Posting};
use cardstorm_models::party::issuer::{AccountState, CardState};
use cardstorm_models::party::observe::{Alarm, Decider, Outcome, Reason, ReleasedBy, Stray};
use cardstorm_models::party::{HouseOp, Observation, Summary};
use cardstorm_models::wire::ReversalReason;
use std::fmt::Write as _;

/// The name of a report's field.
pub fn label(lang: Lang, english: &'static str) -> &'static str {
    match (lang, english) {
        (Lang::En, _) => english,
        (Lang::Zh, "invariant") => "不变量",
        (Lang::Zh, "named in") => "写于",
        (Lang::Zh, "expectation") => "期望项",
        (Lang::Zh, "expected") => "预期",
        (Lang::Zh, "observed") => "实际",
        (Lang::Zh, "broken by") => "责任方",
        (Lang::Zh, "at risk") => "涉险金额",
        (Lang::Zh, "also") => "另有",
        (Lang::Zh, "choices") => "设计选择",
        (Lang::Zh, "folder") => "目录",
        (Lang::Zh, "replay") => "重放",
        (Lang::Zh, "run again") => "再次运行",
        (Lang::Zh, "explain") => "说明",
        (Lang::Zh, "seeds") => "种子",
        (Lang::Zh, "route") => "路径",
        (Lang::Zh, other) => other,
    }
}

/// A party, as a sentence names it.
pub(super) fn place(place: Place, names: &Names) -> String {
    match place {
        Place::Terminal(n) => format!("终端 {}", names.terminal(n)),
        Place::Acquirer => "收单行".into(),
        Place::Issuer => "发卡行".into(),
    }
}

/// An account.
pub(super) fn account(words: Words<'_>, account: Account) -> String {
    let name = |names: &[String], n: u32| {
        names.get(n as usize).cloned().unwrap_or_else(|| format!("第 {n} 号"))
    };
    match account {
        Account::Cardholder(n) => format!("账户 {}", name(&words.names.accounts, n)),
        Account::MerchantUnsettled(n) => format!("待结算款 {}", name(&words.names.merchants, n)),
        Account::MerchantPaid(n) => format!("已付款 {}", name(&words.names.merchants, n)),
        Account::Interbank => "银行间往来".into(),
        Account::ReturnedRefunds => "待处理退货款".into(),
        Account::Outside => "外部".into(),
        Account::IssuerFees => "发卡行手续费".into(),
        Account::NetworkFees => "网络手续费".into(),
        Account::AcquirerFees => "收单行手续费".into(),
    }
}

/// What happened, without its route.
pub(super) fn what(words: Words<'_>, event: &Event) -> String {
    match &event.what {
        What::Phase { phase } => phase_text(*phase).to_owned(),
        What::OpBegins { op, asked, amount } => {
            let name = words.names.op(op.op);
            let again = match op.attempt {
                0 => String::new(),
                n => format!("，第 {} 次", u32::from(n) + 1),
            };
            match asked {
                Asked::Sale { card, .. } => {
                    format!("收银员：消费 {name} {amount}，卡 {}{again}", words.card(*card))
                }
                Asked::Rest { of, card, .. } => {
                    let (of, card) = (words.names.op(*of), words.card(*card));
                    format!("收银员：付 {of} 的余额，{name} {amount}，卡 {card}{again}")
                }
                Asked::PreAuth { card } => {
                    format!("收银员：预授权 {name} {amount}，卡 {}{again}", words.card(*card))
                }
                Asked::Balance { card } => {
                    format!("收银员：余额查询 {name}，卡 {}{again}", words.card(*card))
                }
                Asked::Completion { of, .. } => {
                    let of = words.names.op(*of);
                    format!("收银员：就 {of} 预授权完成 {name} {amount}{again}")
                }
                Asked::Void { of, .. } => {
                    format!("收银员：撤销 {}，{name} {amount}{again}", words.names.op(*of))
                }
                Asked::Refund { of } => {
                    format!("收银员：就 {} 退货 {name} {amount}{again}", words.names.op(*of))
                }
                Asked::PortalRefund { of } => {
                    format!("商户平台：就 {} 退货 {name} {amount}", words.names.op(*of))
                }
                Asked::Dispute { card } => {
                    format!("持卡人：对 {amount} 提出争议 {name}，卡 {}", words.card(*card))
                }
                Asked::Settle => format!("收银员：批结算 {name}{again}"),
                Asked::Echo => format!("收银员：回响测试 {name}{again}"),
                Asked::SignOff => format!("收银员：签退 {name}{again}"),
            }
        }
        What::OpSkipped { op } => {
            let name = words.names.op(op.op);
            match words.plan.ops.get(op.op as usize).map(|op| &op.task) {
                Some(Task::Rest { .. }) => format!("收银员：{name} 没有签购单可依，或已无余额可付"),
                _ => format!("收银员：{name} 没有签购单可依"),
            }
        }
        What::Sent { copy, due_ms, message, .. } => {
            let twice = if *copy > 0 { "，第二份" } else { "" };
            let fate =
                due_ms.map(|due| format!("  ({} ms{twice})", due.saturating_sub(event.at_ms)));
            format!("{}{}", message_text(message), fate.unwrap_or_default())
        }
        What::Received { message, .. } => message_text(message),
        What::Damaged { message, how, .. } => {
            format!("{}  {}", message_text(message), damage_text(*how))
        }
        What::Lost { why, message, .. } => {
            format!("{}  {}", message_text(message), loss_text(*why))
        }
        What::Connected { peer, .. } => format!("与{}接通", words.node(*peer)),
        What::Disconnected { peer, .. } => format!("与{}的连接断开", words.node(*peer)),
        What::Said { said } => said_text(words, said),
        What::Crashed { death, lost_bytes } => {
            let how = match death {
                Death::Kill => "进程被杀",
                Death::PowerLoss => "断电",
            };
            format!("!! {how}，{lost_bytes} 字节未落盘的数据丢失")
        }
        What::Booted { records } => format!("启动，流水中有 {records} 条记录"),
        What::SyncFailed => "!! 落盘失败".into(),
        What::Fault { fault } => {
            let kind = words.fault(*fault);
            let named = crate::explain::zh::entry(kind).map_or("", |entry| entry.title.as_str());
            format!("!! 故障 {}：{named} {kind}", u64::from(*fault) + 1)
        }
        What::Balance { account, balance } => {
            format!("余额 {} {balance}", words.account(*account))
        }
        What::Scanned { bytes } => format!("已在 {bytes} 字节流水中查找卡数据"),
        What::Leak { secret } => format!("!! 流水中出现敏感数据 {secret}"),
    }
}

fn phase_text(phase: Phase) -> &'static str {
    match phase {
        Phase::Chaos => "-- 混沌阶段：故障可能发生",
        Phase::Drain => "-- 恢复与排空：故障已停止，各方均在运行",
        Phase::Reads => "-- 最终核对余额",
    }
}

fn damage_text(how: Damage) -> &'static str {
    match how {
        Damage::Corrupted => "到达时有一位翻转",
        Damage::Truncated => "到达时缺了末尾",
        Damage::Stripped => "到达时没有MAC",
    }
}

fn loss_text(why: Loss) -> &'static str {
    match why {
        Loss::Dropped => "丢失",
        Loss::Cut => "在线路中断时丢失",
        Loss::HostDown => "丢失：对方没有运行",
        Loss::NoConnection => "丢失：连接已不在",
    }
}

fn message_text(message: &Summary) -> String {
    let mut text = message.mti.as_str().to_owned();
    if let Some(kind) = message.kind {
        let _ = write!(text, " {}", kind.row().chinese);
        if kind.has_amount() {
            let _ = write!(text, " {}", message.amount);
        }
    }
    text.push_str(&super::batch::purpose(Lang::Zh, message));
    if let Some(code) = message.code {
        let _ = write!(text, " [{code}]");
    }
    let _ = write!(text, "  STAN {}", message.stan);
    if let Some(rrn) = message.rrn.filter(|rrn| rrn.0 != 0) {
        let _ = write!(text, "  RRN {rrn}");
    }
    text
}

fn said_text(words: Words<'_>, said: &Observation) -> String {
    match *said {
        Observation::Screen { code, text, .. } => {
            let shown = text.chinese();
            code.map_or_else(|| format!("屏幕：{shown}"), |code| format!("屏幕：[{code}] {shown}"))
        }
        Observation::Slip { .. } => {
            let slip = words.said(said);
            format!("签购单：{}", slip.strip_prefix("slip: ").unwrap_or(&slip))
        }
        Observation::Ended { op, outcome } => {
            format!("收银员：{} 结束，{}", words.names.op(op.op), outcome_name(outcome))
        }
        Observation::SignedOn { batch, .. } => format!("已签到，批次 {batch}"),
        Observation::Dropped { why, message } => {
            let why = match why {
                Stray::NotPending => "没有等待它的请求",
                Stray::Late => "已经应答或撤销过",
                Stray::BadMac => "MAC缺失或错误",
            };
            format!("丢弃 {}：{why}", message_text(&message))
        }
        Observation::Posted(posting) => posting_text(words, &posting),
        Observation::House(op) => format!("内部操作：{}", house(words, op)),
        Observation::PaidOut { merchant, day, paid, carried } => {
            let name = words.merchant(merchant);
            format!("流水：向 {name} 付款 {paid}（清算日 {day}），结转 {carried}")
        }
        ref written => super::batch::said(words, written).unwrap_or_else(|| journal(written)),
    }
}

pub(super) fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "成功",
        Outcome::Failed => "失败",
        Outcome::InDoubt => "存疑",
    }
}

/// Why money was posted.
pub(super) fn cause_name(cause: Cause) -> &'static str {
    match cause {
        Cause::Sale => "消费",
        Cause::SaleReversal => "消费冲正",
        Cause::Refund => "退货",
        Cause::Void => "消费撤销",
        Cause::VoidReversal => "消费撤销冲正",
        Cause::Completion => "预授权完成",
        Cause::CompletionReversal => "预授权完成冲正",
        Cause::CompletionVoid => "预授权完成撤销",
        Cause::CompletionVoidReversal => "预授权完成撤销冲正",
        Cause::TopUp => "存入",
        Cause::PortalRefund => "商户平台退货",
        Cause::Chargeback => "退单",
        Cause::Sweep => "划款",
        Cause::Fee => "手续费",
        Cause::FeeReturned => "手续费退回",
        Cause::Payout => "结算付款",
    }
}

fn posting_text(words: Words<'_>, posting: &Posting) -> String {
    let why = cause_name(posting.cause);
    let [from, to] = posting.legs.map(|leg| words.account(leg.account));
    let rrn = posting.txn.map(|rrn| format!("  RRN {rrn}")).unwrap_or_default();
    format!("记账：{why} {}，{from} -> {to}{rrn}", posting.legs[1].amount)
}

fn house(words: Words<'_>, op: HouseOp) -> String {
    let account = |n: u32| words.account(Account::Cardholder(n));
    match op {
        HouseOp::TopUp { account: of, amount } => format!("向{}存入 {amount}", account(of)),
        HouseOp::AccountState { account: of, state } => {
            let state = match state {
                AccountState::Active => "恢复正常",
                AccountState::Frozen => "被冻结",
                AccountState::Closed => "销户",
            };
            format!("{}{state}", account(of))
        }
        HouseOp::CreditLimit { account: of, limit } => {
            format!("{}的信用额度改为 {limit}", account(of))
        }
        HouseOp::RiskHold { account: of, amount } => format!("{}因风控占用 {amount}", account(of)),
        HouseOp::CardState { card, state } => {
            let state = match state {
                CardState::Active => "恢复正常",
                CardState::Lost => "已挂失",
                CardState::Stolen => "已报被盗",
                CardState::NotPermitted => "被停用",
            };
            format!("卡 {} {state}", words.card(card))
        }
        HouseOp::Sweep { merchant } => {
            format!("划款：向 {} 付出待结算款", words.merchant(merchant))
        }
        HouseOp::LoseBatchItem { terminal, nth } => {
            let name = words.terminal(terminal);
            format!("作业丢失了 {name} 批次文件中的第 {} 笔", u64::from(nth) + 1)
        }
        HouseOp::Maintenance { on: true } => "维护开始".into(),
        HouseOp::Maintenance { on: false } => "维护结束".into(),
    }
}

/// What was written down, or nearly.
fn journal(said: &Observation) -> String {
    match *said {
        Observation::RequestPending { key, kind, amount, original, .. } => {
            let of = original.map(|original| format!("，原 RRN {original}")).unwrap_or_default();
            format!("流水：{} {amount} 待定{of}  STAN {}", kind.row().chinese, key.stan)
        }
        Observation::Approved { key, amount, .. } => {
            format!("流水：批准 {amount}  STAN {}", key.stan)
        }
        Observation::Declined { key, code, .. } => {
            format!("流水：拒绝 [{code}]  STAN {}", key.stan)
        }
        Observation::Undone { key, code, .. } => {
            format!("流水：冲正完成 [{code}]  STAN {}", key.stan)
        }
        Observation::Abandoned { key, .. } => format!("流水：放弃冲正  STAN {}", key.stan),
        Observation::RefundPending { key, amount, original, .. } => {
            format!("流水：退货 {amount} 待定，原 RRN {original}  STAN {}", key.stan)
        }
        Observation::RefundAccepted { key, amount, .. } => {
            format!("流水：退货 {amount} 已受理  STAN {}", key.stan)
        }
        Observation::RefundRefused { key, code, .. } => {
            format!("流水：退货被拒绝 [{code}]  STAN {}", key.stan)
        }
        Observation::Announced { key, .. } => format!("流水：已告知  STAN {}", key.stan),
        Observation::ReversalRefused { key, code } => {
            format!("0410 [{code}] 没有了结任何事，冲正保留  STAN {}", key.stan)
        }
        Observation::Inquired { key, .. } => format!("流水：余额查询用号  STAN {}", key.stan),
        Observation::BalanceTold { rrn, balance, .. } => {
            format!("告知可用余额 {balance}  RRN {rrn}")
        }
        Observation::Taken { rrn, kind, .. } if !kind.has_amount() => {
            format!("流水：受理{}  RRN {rrn}", kind.row().chinese)
        }
        Observation::Taken { rrn, kind, amount, .. } => {
            format!("流水：受理{} {amount}  RRN {rrn}", kind.row().chinese)
        }
        Observation::Answered { rrn, code, decider } => {
            let whose = match decider {
                Decider::Issuer => "出自发卡行",
                Decider::Acquirer => "自行作出",
            };
            format!("流水：应答 [{code}]，{whose}  RRN {rrn}")
        }
        Observation::Undoing { rrn, reason } => {
            format!("流水：负责撤销（{}）  RRN {rrn}", reversal_name(reason))
        }
        Observation::Queued { rrn } => format!("流水：通知排队  RRN {rrn}"),
        Observation::Delivered { rrn, code } => format!("流水：通知已确认 [{code}]  RRN {rrn}"),
        Observation::Held { rrn, amount, until, .. } => {
            let until = until.civil().strftime("%Y-%m-%d %H:%M:%S");
            format!("流水：冻结 {amount} 至 {until}  RRN {rrn}")
        }
        Observation::Released { rrn, amount, why, .. } => {
            let why = match why {
                ReleasedBy::Void => "撤销",
                ReleasedBy::Completion => "完成",
                ReleasedBy::Reversal => "冲正",
                ReleasedBy::Expiry => "到期",
            };
            format!("流水：解冻 {amount}（{why}）  RRN {rrn}")
        }
        Observation::RepairCase { rrn } => {
            format!("流水：日切时通知未确认，转为差错处理  RRN {rrn}")
        }
        Observation::AdviceDropped { rrn } => format!("流水：通知被丢弃  RRN {rrn}"),
        Observation::Tombstone { key } => format!("流水：墓碑记录  STAN {}", key.stan),
        Observation::Decided { rrn, code, reason, .. } => {
            format!("决定 [{code}]：{}  RRN {rrn}", reason_name(reason))
        }
        Observation::ReversalDecided { rrn, code, reason } => {
            format!("应答冲正 [{code}]：{}  RRN {rrn}", reason_name(reason))
        }
        Observation::Disputed { rrn, amount, .. } => {
            format!("退单：为持卡人追索 {amount}  RRN {rrn}")
        }
        Observation::ClaimWaits { rrn, .. } => {
            format!("退单待处理：该消费仍可能被撤回  RRN {rrn}")
        }
        Observation::Alarm { key, what } => {
            let what = match what {
                Alarm::StanReused => "同一个键又来了，内容不同",
                Alarm::AdviceRefused => "发卡行没有接受通知",
            };
            format!("警报：{what}  STAN {}", key.stan)
        }
        Observation::ClearingDay { opens, closes } => {
            let closes = closes.map(|day| format!("，{day} 关闭")).unwrap_or_default();
            format!("流水：清算日 {opens} 开始{closes}")
        }
        Observation::Cleared { rrn, day, fee } => {
            format!("流水：清算于 {day}，手续费 {fee}  RRN {rrn}")
        }
        Observation::Adjusted { rrn, amount } => {
            format!("流水：下次付款中扣回 {amount}  RRN {rrn}")
        }
        Observation::PaidOut { .. }
        | Observation::Screen { .. }
        | Observation::Slip { .. }
        | Observation::Ended { .. }
        | Observation::SignedOn { .. }
        | Observation::Dropped { .. }
        | Observation::Posted(_)
        | Observation::House(_)
        | Observation::Settling { .. }
        | Observation::BatchOver { .. }
        | Observation::BatchSlip { .. }
        | Observation::TotalsCompared { .. }
        | Observation::UploadTaken { .. }
        | Observation::BatchDiffers { .. }
        | Observation::BatchClosed { .. } => unreachable!("has words of its own"),
    }
}

fn reversal_name(reason: ReversalReason) -> &'static str {
    match reason {
        ReversalReason::NoReply => "98，没有应答",
        ReversalReason::CouldNotFinish => "96，未能完成",
        ReversalReason::BadMac => "A0，MAC错误",
        ReversalReason::Other => "06，应答无法识别",
        ReversalReason::Repair => "RC，差错处理",
    }
}

fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::Granted => "没有不允许的理由",
        Reason::GrantedInPart => "可用余额只够一部分",
        Reason::Balance => "可用余额不足",
        Reason::NoSuchCard => "无此卡",
        Reason::AccountClosed => "账户已销户",
        Reason::AccountFrozen => "账户已冻结",
        Reason::Expired => "卡片已过期",
        Reason::Lost => "卡片已挂失",
        Reason::Stolen => "卡片已报被盗",
        Reason::WrongPin => "密码错误",
        Reason::PinUnreadable => "密码块无法解开",
        Reason::PinTriesUsed => "密码次数已用尽",
        Reason::NotPermitted => "不允许",
        Reason::AmountLimit => "超过单笔限额",
        Reason::CountLimit => "超过每日笔数",
        Reason::InvalidAmount => "金额无效",
        Reason::Format => "缺少数据域",
        Reason::InvalidTransaction => "此处不成立",
        Reason::ReversedBefore => "它的冲正先到了",
        Reason::VoidedBefore => "已撤销",
        Reason::RefundedBefore => "已退货（部分或全部）",
        Reason::CardDiffers => "与原交易的卡不符",
        Reason::OtherContent => "该键已知，内容不同",
        Reason::NoOriginal => "无此原交易",
        Reason::AmountDiffers => "与原交易金额不符",
        Reason::NotApproved => "原交易从未批准",
        Reason::CompletedBefore => "预授权已完成",
        Reason::HoldExpired => "预授权已过有效期",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examine::{Stage, examine};
    use crate::scenario;

    /// What happens in these stories is said in Chinese, every line of it.
    #[test]
    fn whole_stories_are_told_in_chinese() {
        let told = [
            "doubt/reply-lost",
            "doubt/half-open",
            "refunds/in-parts",
            "refunds/account-frozen",
            "refunds/bank-down",
            "declined/wrong-pin",
            "declined/top-up-then-pay",
            "declined/the-card-itself",
            "short-settlement/power-fails-after-the-slip",
            "takings/sweep-by-sweep",
            "takings/disk-refuses",
            "unsound/advice-given-up",
            "unsound/fee-on-a-voided-sale",
        ];
        let mut lines = 0;
        for (name, text) in scenario::catalogue().filter(|(name, _)| told.contains(name)) {
            let story = scenario::parse(name, name, text).expect("catalogue stories are sound");
            let done = examine(&story, Stage::Virtual, 1).expect("virtual time takes any plan");
            let words = Words { plan: &story.plan, names: &story.names, lang: Lang::Zh };
            for event in &done.events {
                let line = what(words, event);
                // A sign-on says nothing of its own: it is all field names.
                let fields = matches!(&event.what, What::Sent { message, .. }
                    | What::Received { message, .. } if message.kind.is_none());
                let chinese = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
                assert!(chinese || fields, "{name}: {line:?} for {event:?}");
                lines += 1;
            }
        }
        assert!(lines > 500, "{lines}");
    }
}
