//! `cardstorm explain`: a topic in prose, or the list of topics.

use super::{Exit, LangArg, Out};
use crate::explain;

/// Arguments of `explain`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// An invariant, a kind of fault, a response code, a design choice or one of its ways, a step of a
    /// party, a requirement row, a rule (soundness 4), or the number of a known bug; without it, every
    /// topic is listed.
    #[arg(num_args = 0..)]
    name: Vec<String>,
    /// The language of the explanation.
    #[arg(long, value_enum, default_value_t = LangArg::En)]
    lang: LangArg,
}

/// Explains.
pub(super) fn explain(args: &Args, out: &mut Out) -> Exit {
    if args.name.is_empty() {
        out.data(&explain::topics_text_in(args.lang.into()));
        return Exit::Ok;
    }
    // A name of several words needs no quotes.
    let name = args.name.join(" ");
    match explain::explain_in(args.lang.into(), &name) {
        Ok(text) => {
            out.data(&text);
            Exit::Ok
        }
        Err(near) => {
            out.error(&format!("nothing here is called {name}"));
            match near {
                Some(near) => out.talk(&format!("help: did you mean {near}?\n")),
                None => out.talk("help: `cardstorm explain` lists every topic\n"),
            }
            Exit::BadUsage
        }
    }
}
