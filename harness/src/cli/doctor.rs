//! `cardstorm doctor`: shows on this machine what everything rests on: one plan gives one history, twice
//! in a process, in two processes, on both stages, and with or without `tokio_unstable`.

use super::{Exit, Out};
use crate::guard::guarded;
use crate::history::{Digest, digest};
use crate::{stage, storm};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Arguments of `doctor`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Another build of cardstorm to compare with, such as one made with `--cfg tokio_unstable`.
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Seeds of the plans to compare.
    #[arg(long, default_values_t = [1, 2, 3])]
    seed: Vec<u64>,
    /// Only print the digests of every stage, for another doctor to compare.
    #[arg(long, hide = true)]
    digests: bool,
}

const TICKS_MS: [u64; 2] = [10, 100];
/// How long one run may take before it is given up. A usual one takes less than a second.
const LIMIT: Duration = Duration::from_secs(120);
/// The most that another process has to say: a seed and its digests.
const LONGEST_ANSWER: u64 = 4096;

/// Why a digest could not be had, and what that means for the command.
type Unknown = (String, Exit);

fn history(seed: u64, tick_ms: Option<u64>) -> Result<Digest, Unknown> {
    let plan = Arc::new(storm::plan(seed, &storm::Knobs::default()));
    match tick_ms {
        None => Ok(digest(&stage::run(&plan))),
        Some(tick_ms) => {
            let events = stage::run_on_turmoil(&plan, tick_ms);
            let events = events.map_err(|error| (error.to_string(), Exit::OurBug))?;
            Ok(digest(&events))
        }
    }
}

/// Does something that has a digest, but waits no longer than [`LIMIT`].
fn within_limit(
    work: impl FnOnce() -> Result<Digest, Unknown> + Send + 'static,
) -> Result<Digest, Unknown> {
    let (send, receive) = channel();
    let worker = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
        let found = guarded(work).unwrap_or_else(|said| Err((said, Exit::OurBug)));
        // Whoever asked may have given up.
        let _ = send.send(found);
    });
    worker.map_err(|error| (format!("cannot start a thread: {error}"), Exit::Inconclusive))?;
    receive.recv_timeout(LIMIT).unwrap_or_else(|_| Err(too_long()))
}

fn too_long() -> Unknown {
    (format!("given up after {} s", LIMIT.as_secs()), Exit::Inconclusive)
}

/// Says what is being done: in a line that goes away where somebody watches, in plain lines where not.
struct Doing {
    bar: ProgressBar,
    watched: bool,
}

impl Doing {
    fn new() -> Doing {
        let watched = std::io::stderr().is_terminal();
        let target =
            if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("{elapsed} {wide_msg}");
        let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Doing { bar, watched }
    }

    fn says(&self, what: &str, out: &mut Out) {
        if self.watched {
            self.bar.set_message(what.to_owned());
            self.bar.enable_steady_tick(Duration::from_millis(200));
        } else {
            out.talk(&format!("{what}\n"));
        }
    }

    fn data(&self, text: &str, out: &mut Out) {
        self.bar.suspend(|| out.data(text));
    }
}

/// Compares, and says what was compared.
pub(super) fn doctor(args: &Args, out: &mut Out) -> Exit {
    if let Some(other) = args.against.as_ref().filter(|other| !other.is_file()) {
        out.error(&format!("there is no build of cardstorm at {}", other.display()));
        return Exit::BadUsage;
    }
    if args.digests {
        return digests(&args.seed, out);
    }
    let doing = Doing::new();
    let mut exit = Exit::Ok;
    for seed in &args.seed {
        exit = exit.max(one_plan(*seed, args.against.as_deref(), &doing, out));
    }
    doing.bar.finish_and_clear();
    if args.against.is_none() {
        out.talk(&format!(
            "this build is {} tokio_unstable; to compare with one that differs, build it and pass \
             --against BINARY\n",
            built()
        ));
    }
    exit
}

fn built() -> &'static str {
    if cfg!(tokio_unstable) { "with" } else { "without" }
}

/// What another doctor reads: each seed, and its digests on every stage.
fn digests(seeds: &[u64], out: &mut Out) -> Exit {
    for seed in seeds {
        let ways = [None].into_iter().chain(TICKS_MS.map(Some));
        match ways.map(|tick_ms| history(*seed, tick_ms)).collect::<Result<Vec<_>, _>>() {
            Ok(digests) => {
                let digests: String = digests.iter().map(|digest| format!(" {digest}")).collect();
                out.data(&format!("{seed}{digests}\n"));
            }
            Err((error, exit)) => {
                out.error(&error);
                return exit;
            }
        }
    }
    Exit::Ok
}

/// One plan, in every way that it can be run.
fn one_plan(seed: u64, against: Option<&Path>, doing: &Doing, out: &mut Out) -> Exit {
    doing.says(&format!("plan {seed}: running it in virtual time"), out);
    let first = match within_limit(move || history(seed, None)) {
        Ok(first) => first,
        Err((error, exit)) => {
            out.error(&format!("plan {seed}: {error}"));
            return exit;
        }
    };
    doing.data(&format!("plan {seed}: {first}\n"), out);
    let mut worst = Exit::Ok;
    let mut compare = |what: String, work: Work<'_>| {
        doing.says(&format!("plan {seed}: running it {what}"), out);
        let (text, exit) = match work() {
            Ok(other) if other == first => (format!("  same   {what}\n"), Exit::Ok),
            Ok(other) => (format!("  OTHER  {what}: {other}\n"), Exit::DeterminismLost),
            Err((error, exit)) => (format!("  ERROR  {what}: {error}\n"), exit),
        };
        doing.data(&text, out);
        worst = worst.max(exit);
    };
    compare(
        "again in this process".into(),
        Box::new(move || within_limit(move || history(seed, None))),
    );
    compare(
        "in another process".into(),
        Box::new(move || {
            let own = std::env::current_exe();
            let own = own.map_err(|error| (error.to_string(), Exit::Inconclusive))?;
            ask(&own, seed, first).map_err(|error| (error, Exit::Inconclusive))
        }),
    );
    for tick_ms in TICKS_MS {
        let what = format!("on turmoil, tick {tick_ms} ms, {} tokio_unstable", built());
        compare(what, Box::new(move || within_limit(move || history(seed, Some(tick_ms)))));
    }
    if let Some(other) = against {
        let ask = || ask(other, seed, first).map_err(|error| (error, Exit::BadUsage));
        compare("in the other build".into(), Box::new(ask));
    }
    worst
}

/// Something that yields a digest.
type Work<'a> = Box<dyn FnOnce() -> Result<Digest, Unknown> + 'a>;

/// The digest that another process finds on every stage, or the first that is not the expected one. A
/// process that goes on and on is ended.
fn ask(binary: &Path, seed: u64, expected: Digest) -> Result<Digest, String> {
    let cannot = |error| format!("cannot run {}: {error}", binary.display());
    let mut child = Command::new(binary)
        .args(["doctor", "--digests", "--seed", &seed.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(cannot)?;
    let stdout = child.stdout.take().expect("it was asked for");
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        let read = stdout.take(LONGEST_ANSWER).read_to_end(&mut text);
        // Whoever asked may have given up.
        let _ = send.send(read.map(|_| text));
    });
    let answer = receive.recv_timeout(LIMIT);
    // It has said all that is read of it, or has had its time.
    let _ = child.kill();
    let _ = child.wait();
    let text = answer.map_err(|_| too_long().0)?.map_err(cannot)?;
    let text = String::from_utf8_lossy(&text);
    let digests: Option<Vec<Digest>> = text.split_whitespace().skip(1).map(digest_of).collect();
    let digests = digests.filter(|digests| digests.len() == 1 + TICKS_MS.len());
    let digests = digests
        .ok_or_else(|| format!("{} is no cardstorm: it gave no digests", binary.display()))?;
    Ok(digests.into_iter().find(|other| *other != expected).unwrap_or(expected))
}

fn digest_of(hex: &str) -> Option<Digest> {
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
        .map(|n| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok())
        .collect();
    bytes?.try_into().ok().map(Digest)
}
