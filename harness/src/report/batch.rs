//! Words about batches, and about messages that are about no transaction, in English and in Chinese.

use super::trace::Lang;
use super::words::Words;
use cardstorm_models::money::Fen;
use cardstorm_models::party::observe::{Difference, TxnKey};
use cardstorm_models::party::summary::Says;
use cardstorm_models::party::{Observation, Summary};
use cardstorm_models::wire::{Balanced, Mti, Totals};

/// What a party said of a batch; nothing where it speaks of something else.
pub(super) fn said(words: Words<'_>, said: &Observation) -> Option<String> {
    let lang = words.lang;
    Some(match *said {
        Observation::Settling { key, totals, .. } => {
            let (all, TxnKey { batch, stan, .. }) = (totals_text(lang, &totals), key);
            match lang {
                Lang::En => format!("journal: settles batch {batch}: {all}  STAN {stan}"),
                Lang::Zh => format!("流水：结算批次 {batch}：{all}  STAN {stan}"),
            }
        }
        Observation::BatchOver { batch, next, .. } => match lang {
            Lang::En => format!("journal: batch {batch} is over, {next} is open"),
            Lang::Zh => format!("流水：批次 {batch} 结束，批次 {next} 开始"),
        },
        Observation::BatchSlip { key, totals, balanced, reprint } => {
            let (all, batch) = (totals_text(lang, &totals), key.batch);
            match lang {
                Lang::En => {
                    let even = if balanced { "BALANCED" } else { "UPLOADED" };
                    let again = if reprint { " | REPRINT" } else { "" };
                    format!("slip: Settlement of batch {batch} | {all} | {even}{again}")
                }
                Lang::Zh => {
                    let even = if balanced { "对账平" } else { "对账不平,明细已上送" };
                    let again = if reprint { " | 重印凭证" } else { "" };
                    format!("签购单：批次 {batch} 结算单 | {all} | {even}{again}")
                }
            }
        }
        Observation::TotalsCompared { key, own, verdict } => {
            let (own, batch, verdict) =
                (totals_text(lang, &own), key.batch, verdict_text(lang, verdict));
            match lang {
                Lang::En => format!("journal: batch {batch} {verdict}; in its file: {own}"),
                Lang::Zh => format!("流水：批次 {batch} {verdict}；批次文件：{own}"),
            }
        }
        Observation::UploadTaken { key, kind, amount } => {
            let (row, stan) = (kind.row(), key.stan);
            match lang {
                Lang::En => format!("journal: uploaded {} {amount}  STAN {stan}", row.english),
                Lang::Zh => format!("流水：上送明细 {} {amount}  STAN {stan}", row.chinese),
            }
        }
        Observation::BatchDiffers { key, what } => {
            let what = difference_text(lang, what);
            match lang {
                Lang::En => format!("difference: {what}  STAN {}", key.stan),
                Lang::Zh => format!("差异：{what}  STAN {}", key.stan),
            }
        }
        Observation::BatchClosed { batch, balanced, count, .. } => match (lang, balanced) {
            (Lang::En, true) => format!("journal: batch {batch} closed as balanced, {count} items"),
            (Lang::En, false) => format!("journal: batch {batch} closed after {count} uploads"),
            (Lang::Zh, true) => format!("流水：批次 {batch} 对账平关闭，共 {count} 笔"),
            (Lang::Zh, false) => format!("流水：批次 {batch} 上送 {count} 笔后关闭"),
        },
        _ => return None,
    })
}

fn totals_text(lang: Lang, totals: &Totals) -> String {
    let Totals { debit, credit } = totals;
    let side = |name: &str, count: u16, amount: Fen| format!("{name} {count} / {amount}");
    let names = match lang {
        Lang::En => ["debit", "credit"],
        Lang::Zh => ["借记", "贷记"],
    };
    let debit = side(names[0], debit.count, debit.amount);
    format!("{debit}, {}", side(names[1], credit.count, credit.amount))
}

fn verdict_text(lang: Lang, verdict: Balanced) -> &'static str {
    match (verdict, lang) {
        (Balanced::Yes, Lang::En) => "balances",
        (Balanced::No, Lang::En) => "does not balance",
        (Balanced::Error, Lang::En) => "could not be compared",
        (Balanced::Yes, Lang::Zh) => "对账平",
        (Balanced::No, Lang::Zh) => "对账不平",
        (Balanced::Error, Lang::Zh) => "对账出错",
    }
}

fn difference_text(lang: Lang, what: Difference) -> String {
    match (what, lang) {
        (Difference::MissingHere { amount }, Lang::En) => {
            format!("{amount} was authorised and missing in the batch file; it is taken back in")
        }
        (Difference::MissingHere { amount }, Lang::Zh) => {
            format!("{amount} 已授权但批次文件缺失，已补入")
        }
        (Difference::NotUploaded { amount }, Lang::En) => {
            format!("{amount} is in the books, and the terminal did not upload it")
        }
        (Difference::NotUploaded { amount }, Lang::Zh) => format!("{amount} 已入账但终端未上送"),
        (Difference::Amount { here, there }, Lang::En) => {
            format!("{here} in the books, {there} in the upload")
        }
        (Difference::Amount { here, there }, Lang::Zh) => {
            format!("账上 {here}，上送 {there}，金额不一致")
        }
        (Difference::NoAuthorisation { amount }, Lang::En) => {
            format!("{amount} uploaded, and nobody authorised it; it is not cleared")
        }
        (Difference::NoAuthorisation { amount }, Lang::Zh) => {
            format!("上送的 {amount} 没有对应授权，不予清算")
        }
    }
}

/// What a message about no transaction is for, or a balance that is told, to stand behind its type; empty
/// where the type says it all.
pub(super) fn purpose(lang: Lang, message: &Summary) -> String {
    let Some(says) = message.says else {
        let plain = match (message.mti, lang) {
            (Mti::M0500, Lang::En) => " totals",
            (Mti::M0500, Lang::Zh) => " 批结算",
            _ => "",
        };
        return plain.into();
    };
    let (english, chinese) = match says {
        Says::Balance(balance) => {
            return match lang {
                Lang::En => format!(": {balance}"),
                Lang::Zh => format!("：{balance}"),
            };
        }
        Says::SignOff => (" sign-off", " 签退"),
        Says::Echo => (" echo", " 回响测试"),
        Says::Totals(_) if message.code.is_some_and(|code| &code.0 != b"00") => {
            (" totals", " 批结算")
        }
        Says::Totals(Balanced::Yes) => (" totals: 1, balanced", " 批结算：1 对账平"),
        Says::Totals(Balanced::No) => (" totals: 2, unbalanced", " 批结算：2 对账不平"),
        Says::Totals(Balanced::Error) => (" totals: 3, error", " 批结算：3 对账出错"),
        Says::Records(count) => {
            return match lang {
                Lang::En => format!(" upload of {count}"),
                Lang::Zh => format!(" 批上送 {count} 笔"),
            };
        }
        Says::RecordsTaken => (" upload", " 批上送"),
        Says::Item => (" upload of an advice", " 通知类批上送"),
        Says::End { balanced: true } => (" end, 207", " 批上送结束 207"),
        Says::End { balanced: false } => (" end, 202", " 批上送结束 202"),
    };
    match lang {
        Lang::En => english.into(),
        Lang::Zh => chinese.into(),
    }
}
