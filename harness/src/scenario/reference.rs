//! The reference of the language, printed from the very tables that the parser reads by.

use super::choices::Param;
use super::effects::{digits, effects_of, messages};
use super::keys::{Choices, Section};
use super::lint::LINTS;
use super::ops::TEXTS;
use super::tables::SECTIONS;
use crate::check::Invariant;
use cardstorm_models::party::Peer;
use std::fmt::Write;

const INTRO: &str = "\
# The scenario language

One story per file, in TOML. This page is printed from the tables that the parser reads by; a test
keeps it so. The shortest story:

```toml
title = { en = \"The account is short\", zh = \"账户余额不足\" }
question = { en = \"Is 51 shown, and only then?\", zh = \"是否如实显示51?\" }
rows = [\"S005\"]

[sale.shoes]
amount = \"1200.00\"
shows = \"51\"

[expect]
balance = { customer = \"1000.00\" }
```

Units are always visible: amounts are yuan with two decimals, `\"100.00\"`; durations `\"500ms\"`,
`\"60s\"`, `\"1m30s\"`, `\"1h\"`; times `\"+60s\"` after the start, or `\"14:59:30\"` on the day of the start.
Names are letters, digits, `-` and `_`. What is not said has a default, and every default is sound.
";

/// The whole page, in Markdown.
pub fn reference() -> String {
    let mut out = INTRO.to_owned();
    for section in SECTIONS {
        print_section(&mut out, section);
    }
    print_lists(&mut out);
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes everything");
    out.push('\n');
}

fn print_section(out: &mut String, section: &Section) {
    let header = if section.header.is_empty() {
        "The top of the file".to_owned()
    } else {
        format!("`{}`", section.header)
    };
    line(out, format_args!("\n## {header}\n\n{}\n", section.doc));
    line(out, format_args!("| key | takes | default | says |\n|---|---|---|---|"));
    for key in section.keys {
        let default = if key.default.is_empty() { "" } else { key.default };
        line(
            out,
            format_args!("| `{}` | {} | {default} | {} |", key.name, key.kind.describe(), key.doc),
        );
    }
    if section.choices != Choices::None {
        print_choices(out, section.choices);
    }
}

fn print_choices(out: &mut String, choices: Choices) {
    line(out, format_args!("\nDesign choices; the first way is the default.\n"));
    line(out, format_args!("| key | chooses | ways |\n|---|---|---|"));
    for choice in choices.list() {
        let ways = choice.ways.iter().map(|way| {
            let written = match way.param {
                Param::None => format!("`\"{}\"`", way.name),
                Param::Duration => format!("`{{ {} = \"60s\" }}`", way.name),
                Param::Count => format!("`{{ {} = 3 }}`", way.name),
            };
            let mark = if way.sound { "" } else { "UNSOUND: " };
            format!("{written} {mark}{}", way.doc)
        });
        let ways: Vec<String> = ways.collect();
        line(out, format_args!("| `{}` | {} | {} |", choice.key, choice.doc, ways.join("<br>")));
    }
}

fn print_lists(out: &mut String) {
    line(
        out,
        format_args!(
            "\n## What `shows` can be\n\nA response code, or one of these texts of the terminal's own.\n"
        ),
    );
    for (name, _, doc) in TEXTS {
        line(out, format_args!("- `{name}`: {doc}"));
    }
    line(out, format_args!("\n## What `violates` can be\n"));
    for invariant in Invariant::ALL {
        line(out, format_args!("- `{}`: {}", invariant.name(), invariant.statement()));
    }
    line(out, format_args!("\n## Messages, for `sends` and `receives`\n"));
    let parties =
        [(Peer::Terminal, "terminal"), (Peer::Acquirer, "acquirer"), (Peer::Issuer, "issuer")];
    for (from, from_name) in parties {
        for (to, to_name) in parties {
            let list: Vec<String> =
                messages(from, to).iter().map(|mti| format!("`{}`", digits(*mti))).collect();
            if !list.is_empty() {
                line(out, format_args!("- {from_name} to {to_name}: {}", list.join(", ")));
            }
        }
    }
    line(out, format_args!("\n## Effects, for `before`\n"));
    for (peer, name) in parties {
        let list: Vec<String> =
            effects_of(peer).iter().map(|effect| format!("`{effect}`")).collect();
        line(out, format_args!("- {name}: {}", list.join(", ")));
    }
    line(out, format_args!("\n## Lints that `allow` can name\n"));
    for (name, doc) in LINTS {
        line(out, format_args!("- `{name}`: {doc}"));
    }
}
