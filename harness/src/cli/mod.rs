//! The command line: one file per command. Data goes to stdout, talk to stderr; every ending has its own
//! exit code. Nothing here decides what is right: it asks the rooms below and says what they found.

mod accept;
mod aside;
mod decode;
mod diff;
mod doctor;
mod exit;
mod explain;
mod explore;
mod folder;
mod kept;
mod list;
mod matrix;
mod out;
mod run;
mod select;
mod shrink;
mod stage;

pub use exit::Exit;
use out::Out;

use crate::report::trace::Lang;
use clap::{ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Chaos and fault injection for card payments: a terminal, an acquirer and an issuer on a deterministic
/// simulated network, hurt on purpose, and judged.
#[derive(Parser)]
#[command(name = "cardstorm", version, after_help = exit::HELP, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
}

#[derive(Subcommand)]
enum Command {
    /// Run scenarios and judge them.
    Run(run::Args),
    /// Explore: thousands of generated plans, what breaks shrunk and kept.
    Explore(explore::Args),
    /// Check scenario files without running them.
    Lint(list::LintArgs),
    /// List the catalogue, or which scenario carries which requirement.
    List(list::Args),
    /// Say what an invariant, a fault, a response code, a design choice, a step or a requirement is.
    Explain(explain::Args),
    /// Print the fields of a message, masked.
    Decode(decode::Args),
    /// Print the verdict and the trace of a failure folder.
    Show(folder::ShowArgs),
    /// Run the plan of a failure folder again and compare the histories.
    Replay(folder::ReplayArgs),
    /// Make a failure folder's plan as small as it goes.
    Shrink(shrink::Args),
    /// Print the first step where two histories part.
    Diff(diff::Args),
    /// Turn a failure folder into a regression, with a snapshot to review.
    Accept(accept::Args),
    /// Explore every unsound design choice, and show what catches it and how soon.
    Matrix(matrix::Args),
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
    fn on(self, stream: &impl std::io::IsTerminal) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                    && stream.is_terminal()
            }
        }
    }

    /// Bad usage is said before the arguments are known, and still in the colour that they ask for.
    fn of_usage() -> ColorChoice {
        let words: Vec<String> =
            std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
        let after = |word: &str| words.iter().position(|known| known == word).map(|at| at + 1);
        let value = after("--color").and_then(|at| words.get(at).map(String::as_str));
        let joined = words.iter().find_map(|word| word.strip_prefix("--color="));
        match value.or(joined) {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
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

fn parse() -> Result<Cli, clap::Error> {
    let mut command = Cli::command().color(Color::of_usage());
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// `CARDSTORM_LOG=trace` (or any filter of targets and levels) tells on stderr what the stages do, turmoil's
/// own words included. Without wall time, so that two runs can be compared.
fn log() {
    if let Ok(filter) = std::env::var("CARDSTORM_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
            .without_time()
            .with_ansi(false)
            .with_writer(std::io::stderr)
            .init();
    }
}

/// The whole command: reads the arguments, runs, and says how it ended.
pub fn main() -> ExitCode {
    let cli = match parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { Exit::BadUsage } else { Exit::Ok };
            // A closed pipe is not worth a word.
            let _ = error.print();
            return code.into();
        }
    };
    let color = cli.color;
    log();
    let mut out = Out::new(color.on(&std::io::stderr()), color.on(&std::io::stdout()));
    match crate::guard::guarded(|| dispatch(cli.command, &mut out)) {
        Ok(exit) => out.ended(exit).into(),
        Err(said) => {
            out.error(&said);
            out.talk(
                "this is a bug of ours, not of your scenario: please report the lines above\n",
            );
            Exit::OurBug.into()
        }
    }
}

fn dispatch(command: Command, out: &mut Out) -> Exit {
    match command {
        Command::Run(args) => run::run(&args, out),
        Command::Explore(args) => explore::explore(&args, out),
        Command::Lint(args) => list::lint(&args, out),
        Command::List(args) => list::list(&args, out),
        Command::Explain(args) => explain::explain(&args, out),
        Command::Decode(args) => decode::decode(&args, out),
        Command::Show(args) => folder::show(&args, out),
        Command::Replay(args) => folder::replay(&args, out),
        Command::Shrink(args) => shrink::shrink(&args, out),
        Command::Diff(args) => diff::diff(&args, out),
        Command::Accept(args) => accept::accept(&args, out),
        Command::Matrix(args) => matrix::run(&args, out),
        Command::Doctor(args) => doctor::doctor(&args, out),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "cardstorm", &mut script);
            out.data(&String::from_utf8_lossy(&script));
            Exit::Ok
        }
    }
}
