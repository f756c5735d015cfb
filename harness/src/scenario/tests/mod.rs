//! What authors get to see: one call per mistake.

mod catalogue;

use super::*;
use crate::plan::{FaultKind, Start, Task, When};
use cardstorm_models::money::Fen;

const HEAD: &str = "title = { en = \"t\", zh = \"题\" }\nquestion = { en = \"q\", zh = \"问\" }\n";

fn sources(text: &str) -> Sources {
    Sources::from_iter([("a.toml".to_owned(), text.to_owned())])
}

fn parsed(body: &str) -> Scenario {
    let text = format!("{HEAD}{body}");
    parse("a.toml", "a", &text)
        .unwrap_or_else(|found| panic!("{}", render(&found, &sources(&text), false)))
}

/// Each of the texts must stand in what is printed for this body, `line:column` of the body included.
fn check(body: &str, expected: &[&str]) {
    let text = format!("{HEAD}{body}");
    let found = match parse("a.toml", "a", &text) {
        Ok(scenario) => scenario.warnings,
        Err(found) => found,
    };
    let printed = render(&found, &sources(&text), false);
    for part in expected {
        assert!(printed.contains(part), "`{part}` is not in:\n{printed}");
    }
    assert_eq!(found.len(), printed.matches("--> a.toml").count());
}

/// This many diagnostics and no more.
fn count(body: &str, expected: usize) {
    let text = format!("{HEAD}{body}");
    let found =
        parse("a.toml", "a", &text).map_or_else(|found| found, |scenario| scenario.warnings);
    assert_eq!(found.len(), expected, "{}", render(&found, &sources(&text), false));
}

#[test]
fn the_shortest_story_has_a_whole_world() {
    let story = parsed("[sale.shoes]\namount = \"1200.00\"\nshows = \"51\"\n");
    assert!(story.warnings.is_empty());
    let world = &story.plan.world;
    assert_eq!(
        (world.terminals.len(), world.issuer.accounts.len(), world.issuer.cards.len()),
        (1, 2, 2)
    );
    assert_eq!(world.probe_card, 1);
    assert_eq!(world.issuer.accounts[0].opening, Fen(100_000));
    assert_eq!(story.plan.ops[0].start, Start::At { ms: 10_000 });
    assert_eq!(story.names.ops, ["shoes"]);
    assert_eq!((story.plan.chaos_ms, story.plan.drain_ms), (100_000, 300_000));
    assert_eq!(story.plan.start.civil().to_string(), "2026-03-02T09:00:00");
}

#[test]
fn operations_follow_one_another_and_inherit() {
    let story = parsed(
        "[card.gold]\npin = \"1234\"\naccount = \"customer\"\n[sale.lunch]\namount = \"50.00\"\nintent = \"x\"\n\
         [sale.again]\namount = \"50.00\"\nintent = \"x\"\nafter = \"lunch\"\nwhen = \"in-doubt\"\ndelay = \"5s\"\n\
         [refund.back]\nof = \"lunch\"\namount = \"20.00\"\nat = \"09:05:00\"\n",
    );
    let [lunch, again, back] = &story.plan.ops[..] else { panic!("three operations") };
    let (Task::Sale { intent: first, pin, .. }, Task::Sale { intent: second, .. }) =
        (&lunch.task, &again.task)
    else {
        panic!("two sales")
    };
    assert_eq!(first, second);
    assert!(pin.is_some());
    assert_eq!(
        again.start,
        Start::After {
            op: 0,
            outcome: Some(cardstorm_models::party::observe::Outcome::InDoubt),
            delay_ms: 5000
        }
    );
    assert_eq!(back.start, Start::At { ms: 300_000 });
    assert_eq!(back.task, Task::Refund { of: 0, amount: Fen(2000), card: 0 });
}

#[test]
fn faults_are_placed_three_ways() {
    let story = parsed(
        "[sale.a]\namount = \"1.00\"\n\
         [[fault]]\nwhat = \"partition\"\nwhere = \"acquirer\"\nwith = \"issuer\"\nat = \"+12s\"\nfor = \"1m\"\n\
         [[fault]]\nwhat = \"drop\"\nwhere = \"till\"\nreceives = \"0210\"\nof = \"a\"\n\
         [[fault]]\nwhat = \"crash\"\nwhere = \"issuer\"\nbefore = \"send 0210\"\n",
    );
    let [cut, drop, crash] = &story.plan.faults[..] else { panic!("three faults") };
    assert_eq!(cut.when, When::At { ms: 12_000 });
    assert!(matches!(&drop.when, When::Receives { filter, nth: 1 } if filter.op == Some(0)));
    assert!(matches!(crash.what, FaultKind::Crash { restart_after_ms: 30_000, .. }));
}

#[test]
fn keys_and_names_that_do_not_exist_are_shown_with_the_nearest() {
    check(
        "[sale.a]\namout = \"1.00\"\n",
        &["has no key `amout`", "did you mean `amount`?", "a.toml:4:1"],
    );
    // That it is missing is the same mistake.
    count("[sale.a]\namout = \"1.00\"\n", 1);
    count("[sale.a]\nends = \"ok\"\n", 1);
    check(
        "[sale.a]\namount = \"1.00\"\ncard = \"costumer\"\n",
        &["there is no card `costumer`", "did you mean `customer`?"],
    );
    check(
        "[sale.a]\namount = \"1.00\"\n[expect]\nviolates = \"no-duble-debit\"\n",
        &["did you mean `no-double-debit`?"],
    );
    check(
        "[sale.a]\namount = \"1.00\"\n[expect]\nbalance = { costumer = \"1.00\" }\n",
        &["there is no account `costumer`"],
    );
    check("[acquirer]\nundoer = \"aquirer-too\"\n", &["did you mean `acquirer-too`?"]);
    check("[sale.a]\namount = \"1.00\"\nends = \"in doubt\"\n", &["did you mean `in-doubt`?"]);
    check("rows = [\"S999\"]\n", &["no requirement row `S999`"]);
    check("rows = [\"S052\"]\n", &["`S052` is out of scope"]);
    check("[sale.\"two words\"]\namount = \"1.00\"\n", &["`two words` cannot be a name"]);
}

#[test]
fn values_without_units_are_refused_with_the_way_to_write_them() {
    check(
        "[sale.a]\namount = 100\n",
        &["`amount` takes an amount in quotes, not a whole number", "write \"100.00\""],
    );
    check("[sale.a]\namount = \"100\"\n", &["write \"100.00\""]);
    check("[sale.a]\namount = \"1e9\"\n", &["not an amount"]);
    check("[sale.a]\namount = \"-1.005\"\n", &["exactly two decimals"]);
    check(
        "[sale.a]\namount = \"1.00\"\nat = \"60s\"\n",
        &["a time, not a duration", "write \"+60s\""],
    );
    check("[sale.a]\namount = \"1.00\"\nat = \"08:00:00\"\n", &["before the run begins"]);
    check("[sale.a]\namount = \"1.00\"\nat = \"25:00:00\"\n", &["no such time of day"]);
    check(
        "[sale.a]\namount = \"1.00\"\ndelay = \"5\"\n",
        &["duration without a unit", "write \"5s\""],
    );
    check("[run]\nstart = \"2026-02-30T09:00:00\"\n", &["not a date and time that exists"]);
    check("[sale.a]\namount = \"1.00\"\nshows = 51\n", &["write it in quotes, as \"51\""]);
    check("[sale.a]\namount = \"1.00\"\nshows = \"no-answer\"\n", &["no screen shows this"]);
    check("[acquirer]\nretention = \"for\"\n", &["write `retention = { for = \"60s\" }`"]);
}

#[test]
fn faults_that_cannot_strike_are_refused() {
    let fault = |body: &str| format!("[sale.a]\namount = \"1.00\"\n[[fault]]\n{body}\n");
    let check = |body: &str, expected: &[&str]| check(&fault(body), expected);
    check(
        "what = \"partition\"\nwhere = \"till\"\nwith = \"issuer\"\nat = \"+1s\"\nfor = \"1s\"",
        &["there is no line between a terminal and `issuer`"],
    );
    check(
        "what = \"drop\"\nwhere = \"issuer\"\nreceives = \"0400\"",
        &["never gets a 0400", "it gets: 0100, 0200, 0220, 0420"],
    );
    check(
        "what = \"drop\"\nwhere = \"till\"\nsends = \"0200\"\ncode = \"00\"",
        &["a 0200 carries no DE39"],
    );
    check(
        "what = \"drop\"\nwhere = \"till\"\nsends = \"0220\"",
        &["no operation of this story is a refund"],
    );
    check("what = \"drop\"\nwhere = \"till\"\nat = \"+1s\"", &["expected `sends` or `receives`"]);
    check(
        "what = \"drop\"\nwhere = \"till\"\nsends = \"0800\"\nof = \"a\"",
        &["no 0800 serves `a`"],
    );
    check(
        "what = \"crash\"\nwhere = \"issuer\"\nbefore = \"append captured\"",
        &["no effect `append captured`"],
    );
    check(
        "what = \"crash\"\nwhere = \"acquirer\"\nbefore = \"append capturd\"",
        &["did you mean `append captured`?"],
    );
    check(
        "what = \"crash\"\nwhere = \"till\"\nbefore = \"append abandoned\"",
        &["reversal_attempts = { give-up = ... }"],
    );
    check(
        "what = \"sync_error\"\nwhere = \"till\"\nat = \"+1s\"",
        &["expected `before = \"sync\"`"],
    );
    check(
        "what = \"crash\"\nwhere = \"till\"\nat = \"+1s\"\nfor = \"1s\"",
        &["`crash` takes no `for`"],
    );
    check("what = \"crash\"\nwhere = \"till\"", &["nothing says when this fault strikes"]);
    check(
        "what = \"crash\"\nwhere = \"till\"\nat = \"+1s\"\nsends = \"0200\"",
        &["`at` and `sends` both say"],
    );
    check(
        "what = \"latency\"\nwhere = \"till\"\nat = \"+1s\"\nfor = \"5s\"\nlatency = \"5ms\"",
        &["a hop of 5 ms is below"],
    );
    check(
        "what = \"delay\"\nwhere = \"till\"\nsends = \"0200\"\nby = \"301s\"",
        &["when the run is over"],
    );
    check(
        "what = \"delay\"\nwhere = \"till\"\nsends = \"0200\"\nby = \"-1s\"",
        &["cannot arrive before it was sent"],
    );
    check(
        "what = \"crash\"\nwhere = \"till\"\nbefore = \"print slip\"\nof = \"a\"\nnth = 7",
        &["that happens 4 times at most", "a.toml:10:7", "write a smaller `nth`"],
    );
    check(
        "what = \"drop\"\nwhere = \"till\"\nsends = \"print slip\"",
        &["it is an effect of a party: write `before = \"print slip\"`"],
    );
    check("what = \"crash\"\nwhere = \"pos\"\nat = \"+1s\"", &["did you mean `till`?"]);
    check("what = \"explode\"\nwhere = \"till\"\nat = \"+1s\"", &["`what` cannot be `explode`"]);
}

#[test]
fn stories_that_contradict_themselves_are_refused() {
    let two = "[sale.a]\namount = \"1.00\"\nends = \"ok\"\n[sale.b]\namount = \"1.00\"\nafter = \"a\"\nwhen = \"failed\"\nends = \"ok\"\n";
    check(
        two,
        &["`b` never begins: `a` is expected to end otherwise", "something is expected of `b`"],
    );
    check(
        "[sale.a]\namount = \"1.00\"\n[refund.b]\nof = \"a\"\n[refund.c]\nof = \"b\"\n",
        &["`b` is not a sale"],
    );
    check("[refund.b]\nof = \"a\"\n[sale.a]\namount = \"1.00\"\n", &["comes later in the file"]);
    check(
        "[sale.a]\namount = \"1.00\"\n[refund.a]\nof = \"a\"\n",
        &["two operations are called `a`"],
    );
    check(
        "[sale.a]\namount = \"1.00\"\nafter = \"b\"\n[sale.b]\namount = \"1.00\"\nafter = \"a\"\n",
        &["waits for itself"],
    );
    check("[sale.a]\namount = \"1.00\"\nafter = \"a\"\n", &["cannot follow itself"]);
    check(
        "[sale.a]\namount = \"1.00\"\nat = \"+1s\"\nafter = \"a\"\n",
        &["either at a time or after"],
    );
    check(
        "[terminal.one]\n[terminal.two]\n[sale.a]\namount = \"1.00\"\n[sale.b]\namount = \"1.00\"\nterminal = \"two\"\nafter = \"a\"\n",
        &["at another terminal"],
    );
    check(
        "[run]\nchaos = \"5s\"\n[sale.a]\namount = \"1.00\"\n",
        &["begins when the run's chaos is over"],
    );
    check(
        "[run]\nchaos = \"60s\"\n[sale.a]\namount = \"1.00\"\n[sale.b]\namount = \"1.00\"\ndelay = \"50s\"\n",
        &["`b` begins when the run's chaos is over"],
    );
    check(
        "[run]\nchaos = \"60s\"\n[sale.a]\namount = \"1.00\"\n[[house]]\ndo = \"maintenance-on\"\nat = \"+60s\"\n",
        &["the run's chaos is over 60 s after the start", "happens too late", "a.toml:9:6"],
    );
    check(
        "[sale.a]\namount = \"-5.00\"\nends = \"ok\"\n",
        &["`a` asks for -5.00, which a terminal refuses", "invalid-amount"],
    );
    count("[sale.a]\namount = \"0.00\"\nends = \"failed\"\nshows = \"invalid-amount\"\n", 0);
    check("[account.probe]\n", &["`probe` is the name"]);
    check(
        "[links]\nleg1 = \"1ms\"\n[sale.a]\namount = \"1.00\"\n",
        &["below the stages' finest tick"],
    );
    check(
        "[acquirer]\nretention = { for = \"30s\" }\n[sale.a]\namount = \"1.00\"\n\
         [[fault]]\nwhat = \"duplicate\"\nwhere = \"till\"\nsends = \"0200\"\ncopy_after = \"1m\"\n",
        &["beyond the acquirer's retention of 30 s"],
    );
}

#[test]
fn no_line_is_slower_than_who_waits_for_it() {
    let sale = "[sale.a]\namount = \"1.00\"\n";
    let late = ["may never come in time", "a slow spell is a fault"];
    check(&format!("{sale}[links]\nleg2 = \"10ms to 30s\"\n"), &[late[0], late[1], "45 s"]);
    count(&format!("{sale}[links]\nleg2 = \"10ms to 20s\"\n"), 0);
    check(&format!("{sale}[links]\nleg1 = \"10ms to 30s\"\n"), &[late[0], "a terminal", "60 s"]);
    let slow_disk = "[acquirer]\nissuer_timeout = \"5s\"\n[issuer]\nsync_time = \"5s\"\n";
    check(&format!("{sale}{slow_disk}"), &[late[0], "the acquirer waits 5 s"]);
    count(&format!("{sale}{}", slow_disk.replace("\"5s\"\n[", "\"6s\"\n[")), 0);
}

#[test]
fn doubtful_stories_run_with_a_warning_that_they_can_allow() {
    let body = "[account.a]\n[account.b]\n[sale.x]\namount = \"1.00\"\n[acquirer]\nissuer_timeout = \"90s\"\n";
    check(
        body,
        &["warning[unused]", "nothing uses account `b`", "warning[timer-order]", "flows 3"],
    );
    count(&format!("allow = [\"unused\", \"timer-order\"]\n{body}"), 0);
    let body =
        "[sale.coffee]\namount = \"1.00\"\n[sale.again]\namount = \"1.00\"\nintent = \"cofee\"\n";
    check(body, &["warning[lone-purchase]", "purchase `cofee`", "did you mean `coffee`?"]);
    count(&format!("allow = [\"lone-purchase\"]\n{body}"), 0);
    count(&body.replace("cofee", "coffee"), 0);
    count(&body.replace("cofee", "again"), 0);
    check("allow = [\"unusd\"]\n", &["did you mean `unused`?"]);
    check("", &["nobody does anything in this story"]);
}

#[test]
fn everything_is_reported_at_once() {
    count("[sale.a]\namout = \"1.00\"\namount = 5\n[sale.b]\namount = \"x\"\n[foo]\n", 4);
    check(
        "[sale.a]\namount = \"1.00\nshows = \"51\"\n[sale.b]\namount = 7\n",
        &["not TOML", "write \"7.00\""],
    );
    check("[sale.a]\namount = \"1.00\"\n[sale.a]\namount = \"2.00\"\n", &["not TOML", "a.toml:5"]);
    let many = "[sale.a]\namount = \"x\"\n".replace(".a", ".a?");
    let many: String = (0..60).map(|n| many.replace('?', &n.to_string())).collect();
    let text = format!("{HEAD}{many}");
    let found = parse("a.toml", "a", &text).expect_err("sixty mistakes");
    assert_eq!(found.len(), 51);
    assert_eq!(found[50].message, "10 more remarks on this file are not shown");
}

#[test]
fn chinese_text_stays_aligned() {
    let text = "title = { en = \"t\", zh = \"退货余额不足\", xx = 1 }\nquestion = { en = \"q\", zh = \"问\" }\n";
    let found = parse("a.toml", "a", text).expect_err("an unknown key");
    let printed = render(&found, &sources(text), false);
    assert!(printed.contains("a.toml:1:"), "{printed}");
    // Six characters of double width and the thirty before them.
    let marks = printed.lines().find(|line| line.contains("^^")).expect("a mark");
    assert_eq!(marks.find('^'), Some(4 + 41), "{printed}");
}

#[test]
fn texts_that_are_no_stories_are_refused_and_never_panic() {
    for text in
        ["", "[", "\u{0}", "= 1", "title = 1", "[[sale]]\n", "sale = 1", "fault = {}", "x = [[[[[["]
    {
        assert!(parse("a.toml", "a", text).is_err(), "{text}");
    }
    let deep = "a = ".to_owned() + &"[".repeat(100_000);
    assert!(parse("a.toml", "a", &deep).is_err());
    // A whole file of slips, and one of keys that do not exist, are told as fast as any other.
    for line in ["x\n", "x = ok\n", "[a\n", "[a]\n", "\"x\n"] {
        assert!(parse("a.toml", "a", &line.repeat(200_000 / line.len())).is_err());
    }
    let keys: String = (0..15_000).map(|n| format!("k{n} = 1\n")).collect();
    assert!(parse("a.toml", "a", &(keys + "x\n")).is_err());
    let huge = "#".repeat(1_000_000);
    let found = parse("a.toml", "a", &huge).expect_err("too long");
    assert!(render(&found, &sources(&huge), false).contains("at most 256 KiB"));
}

/// What is said of a text that is no TOML: the message and its remedy; nothing beside it.
#[track_caller]
fn broken(body: &str, expected: &[&str]) {
    check(body, expected);
    let text = format!("{HEAD}{body}");
    let found = parse("a.toml", "a", &text).expect_err("no TOML");
    assert_eq!(found.len(), 1, "{}", render(&found, &sources(&text), false));
}

#[test]
fn what_is_not_toml_is_told_in_words_with_what_to_write_instead() {
    let sale = |line: &str| format!("[sale.a]\namount = \"1.00\"\n{line}\n");
    let broken_line = |line: &str, expected: &[&str]| broken(&sale(line), expected);
    broken("[sale.a\namount = \"1.00\"\n", &["write [sale.a]", "a.toml:3:8"]);
    broken("[sale.a]]\namount = \"1.00\"\n", &["write [sale.a]"]);
    broken("[[fault]\nwhat = \"drop\"\n", &["write [[fault]]"]);
    broken_line("ends = ok", &["a text without quotes", "write ends = \"ok\""]);
    broken_line("ends = “ok”  # right?", &["write ends = \"ok\""]);
    broken_line("ends = \"ok", &["a text that is not closed", "write ends = \"ok\""]);
    broken_line("delay = 60s", &["write delay = \"60s\""]);
    broken_line("delay = 60s # 1 min", &["write delay = \"60s\""]);
    broken_line("at = +60s", &["write at = \"+60s\""]);
    broken_line("card = 0210", &["write card = \"0210\""]);
    broken_line("card = 120,50", &["write card = \"120,50\""]);
    broken_line("ends: \"ok\"", &["joined by `=`", "write ends = \"ok\""]);
    broken_line("ends ＝ \"ok\"", &["write ends = \"ok\""]);
    broken_line("ends =", &["a key without a value", "as ends = \"...\""]);
    broken_line("ends", &["a key without a value", "as ends = \"...\""]);
    broken_line("ends = \"ok\";", &["leave the `;` out"]);
    broken_line("ends = \"ok\" // so it is", &["begin it with `#`"]);
    broken_line("// so it is", &["begin it with `#`"]);
    broken_line("ends = \"ok\" when = \"ok\"", &["give each a line of its own"]);
    broken_line("pin = \"a\\q\"", &["a backslash"]);
    broken_line("amount = \"2.00\"", &["`amount` is given twice", "in line 4 already"]);
    broken(
        "[sale.a]\namount = \"1.00\"\n[sale.a]\namount = \"2.00\"\nends = \"ok\"\n",
        &["`a` stands in the file twice", "the first is in line 3"],
    );
    broken("[expect]\nbalance = { customer = \"1.00\"\n", &["write `}` at its end"]);
    broken(
        "[expect]\nbalance = { customer = \"1.00\"\nreturned_refunds = \"0.00\"\n",
        &["a table that is not closed", "write balance = { customer = \"1.00\" }", "a.toml:4:"],
    );
    broken("［sale.a］\n", &["write [ and ]"]);
}

#[test]
fn a_text_that_is_cut_anywhere_is_told_and_never_panics() {
    let text = format!(
        "{HEAD}rows = [\"S011\", \"S012\"]\n[sale.a]\namount = \"1.00\"  # 一\nends = \"ok\"\n\
         [[fault]]\nwhat = \"crash\"\nwhere = 'till'\nat = \"+1s\"\n[expect]\nbalance = {{ customer = \"9.00\" }}\n"
    );
    for (at, c) in text.char_indices() {
        // Cut off there, and with that one character gone or another in its place.
        let rest = &text[at + c.len_utf8()..];
        for text in [
            text[..at].to_owned(),
            text[..at].to_owned() + rest,
            text[..at].to_owned() + "“" + rest,
        ] {
            if let Err(found) = parse("a.toml", "a", &text) {
                assert!(!found.is_empty());
                let printed = render(&found, &sources(&text), false);
                assert!(printed.contains("a.toml"), "{printed}");
            }
        }
    }
}

#[test]
fn a_contract_that_contradicts_itself_is_shown_at_its_place() {
    let shop = |body: &str| format!("[merchant.shop]\n{body}\n[sale.one]\namount = \"1.00\"\n");
    check(
        &shop("cycle = \"T+1\""),
        &["`T+1` counts working days, and no calendar says which", "a.toml:4:9", "holidays = []"],
    );
    check(&shop("holidays = []"), &["`holidays` moves payouts", "a.toml:4:1"]);
    check(
        &shop("cycle = \"T+1\"\nholidays = [\"2026-02-30\"]"),
        &["`holidays`: not a date that exists", "a.toml:5:13"],
    );
    check(&shop("refund_ratio = \"150%\""), &["`refund_ratio`: over 100 %", "a.toml:4:16"]);
    check(&shop("refund_count = 0"), &["a.toml:4:16"]);
    let fee = |rows: &str| shop(&format!("fees = \"none\"\n{rows}"));
    check(&fee("[[fee]]\nrate = \"1%\"\ncap = \"-1.00\""), &["`cap`: below zero", "a.toml:7:7"]);
    check(&fee("[[fee]]\nrate = \"101%\""), &["`rate`: over 100 %", "a.toml:6:8"]);
    check(
        &fee(
            "[[fee]]\nrate = \"1%\"\nto = \"2026-03-05\"\n[[fee]]\nrate = \"2%\"\nfrom = \"2026-03-05\"",
        ),
        &["rows 1 and 2 price the same item on the same day", "a.toml:10:8"],
    );
    check(
        &fee("[[fee]]\nrate = \"1%\"\nfrom = \"2026-03-05\"\nto = \"2026-03-04\""),
        &["row 1 prices nothing", "a.toml:8:6"],
    );
}

#[test]
fn a_contract_is_read_whole_and_none_is_made_by_itself() {
    let story = parsed("[sale.one]\namount = \"1.00\"\n");
    assert_eq!(story.plan.world.acquirer.merchants[0].contract, None);
    let body = "[merchant.shop]\nfees = \"example\"\ncycle = \"T+1\"\nholidays = [\"2026-10-01\"]\n\
                refund_ratio = \"50%\"\nrefund_days = 30\n[acquirer]\ncut_off = \"22:30\"\n\
                [sale.one]\namount = \"1.00\"\n";
    let acquirer = parsed(body).plan.world.acquirer;
    let contract = acquirer.merchants[0].contract.as_ref().expect("a contract");
    assert_eq!(contract.fees.rows.len(), 4);
    assert_eq!(contract.refunds.window_days, Some(30));
    let settlement = contract.settlement.as_ref().expect("a cycle");
    assert_eq!(settlement.cycle.name(), "T+1");
    assert_eq!(settlement.calendar.holidays.len(), 1);
    assert_eq!(acquirer.cut_off.0, 81_000_000);
}
