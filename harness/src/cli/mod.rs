//! The command line: one file per command. Data goes to stdout, talk to stderr; every ending has its own
//! exit code. Nothing here decides what is right: it asks the rooms below and says what they found.

mod decode;
mod doctor;
mod exit;
mod list;
mod out;
mod run;
mod select;

pub use exit::Exit;
use out::Out;

use crate::report::trace::Lang;
use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Chaos and fault injection for card payments: a terminal, an acquirer and an issuer on a deterministic
/// simulated network, hurt on purpose, and judged.
#[derive(Parser)]
#[command(name = "cardstorm", version, after_help = exit::HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to colour what is said on a terminal.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    /// Run scenarios and judge them.
    Run(run::Args),
    /// Check scenario files without running them.
    Lint(list::LintArgs),
    /// List the catalogue, or which scenario carries which requirement.
    List(list::Args),
    /// Print the fields of a message, masked.
    Decode(decode::Args),
    /// Show that runs are deterministic on this machine: twice, in two processes, on both stages.
    Doctor(doctor::Args),
    /// Print a completion script for a shell.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    fn on_stderr(self) -> bool {
        use std::io::IsTerminal;
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && std::io::stderr().is_terminal()
            }
        }
    }
}

/// The language of titles and screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LangArg {
    /// English.
    En,
    /// 中文.
    Zh,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Lang {
        match lang {
            LangArg::En => Lang::En,
            LangArg::Zh => Lang::Zh,
        }
    }
}

/// The whole command: reads the arguments, runs, and says how it ended.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { Exit::BadUsage } else { Exit::Ok };
            // A closed pipe is not worth a word.
            let _ = error.print();
            return code.into();
        }
    };
    let mut out = Out::new(cli.color.on_stderr());
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| match cli.command {
        Command::Run(args) => run::run(&args, &mut out),
        Command::Lint(args) => list::lint(&args, &mut out),
        Command::List(args) => list::list(&args, &mut out),
        Command::Decode(args) => decode::decode(&args, &mut out),
        Command::Doctor(args) => doctor::doctor(&args, &mut out),
        Command::Completions { shell } => {
            use clap::CommandFactory;
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "cardstorm", &mut script);
            out.data(&String::from_utf8_lossy(&script));
            Exit::Ok
        }
    }));
    match done {
        Ok(exit) => exit.into(),
        Err(_) => {
            out.talk("cardstorm: this is a bug of ours, not of your scenario. Please report the lines above.\n");
            Exit::OurBug.into()
        }
    }
}
