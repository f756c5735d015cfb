//! `cardstorm doctor`: shows on this machine what everything rests on: one plan gives one history, twice
//! in a process, in two processes, on both stages, and with or without `tokio_unstable`.

use super::{Exit, Out};
use crate::history::{Digest, digest};
use crate::{stage, storm};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

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

fn history(seed: u64, tick_ms: Option<u64>) -> Result<Digest, String> {
    let plan = Arc::new(storm::plan(seed, &storm::Knobs::default()));
    match tick_ms {
        None => Ok(digest(&stage::run(&plan))),
        Some(tick_ms) => {
            let events =
                stage::run_on_turmoil(&plan, tick_ms).map_err(|error| error.to_string())?;
            Ok(digest(&events))
        }
    }
}

/// Compares, and says what was compared.
pub(super) fn doctor(args: &Args, out: &mut Out) -> Exit {
    let built = if cfg!(tokio_unstable) { "with" } else { "without" };
    if let Some(other) = args.against.as_ref().filter(|other| !other.is_file()) {
        out.error(&format!("there is no build of cardstorm at {}", other.display()));
        return Exit::BadUsage;
    }
    let mut lost = 0;
    for seed in &args.seed {
        let first = match history(*seed, None) {
            Ok(first) => first,
            Err(error) => return failed(&error, out),
        };
        if args.digests {
            match on_turmoil(*seed) {
                Ok(carried) => out.data(&line(*seed, first, &carried)),
                Err(error) => return failed(&error, out),
            }
            continue;
        }
        out.data(&format!("plan {seed}: {first}\n"));
        let mut compare = |what: String, other: Result<Digest, String>, out: &mut Out| match other {
            Ok(other) if other == first => out.data(&format!("  same   {what}\n")),
            Ok(other) => {
                lost += 1;
                out.data(&format!("  OTHER  {what}: {other}\n"));
            }
            Err(error) => {
                lost += 1;
                out.data(&format!("  ERROR  {what}: {error}\n"));
            }
        };
        compare("again in this process".into(), history(*seed, None), out);
        let own = std::env::current_exe().map_err(|error| error.to_string());
        compare("in another process".into(), own.and_then(|own| ask(&own, *seed, first)), out);
        for tick_ms in TICKS_MS {
            let what = format!("on turmoil, tick {tick_ms} ms, {built} tokio_unstable");
            compare(what, history(*seed, Some(tick_ms)), out);
        }
        if let Some(other) = &args.against {
            compare("in the other build".into(), ask(other, *seed, first), out);
        }
    }
    if args.digests {
        return Exit::Ok;
    }
    if args.against.is_none() {
        out.talk(&format!(
            "this build is {built} tokio_unstable; to compare with one that differs, build it and \
             pass --against BINARY\n"
        ));
    }
    if lost == 0 { Exit::Ok } else { Exit::DeterminismLost }
}

fn failed(error: &str, out: &mut Out) -> Exit {
    out.talk(&format!("error: {error}\n"));
    Exit::OurBug
}

fn on_turmoil(seed: u64) -> Result<Vec<Digest>, String> {
    TICKS_MS.iter().map(|tick_ms| history(seed, Some(*tick_ms))).collect()
}

/// What is said to another doctor: the seed, and its digests on every stage.
fn line(seed: u64, first: Digest, carried: &[Digest]) -> String {
    let carried: String = carried.iter().map(|digest| format!(" {digest}")).collect();
    format!("{seed} {first}{carried}\n")
}

/// The digest that another process finds on every stage, or the first that is not the expected one.
fn ask(binary: &std::path::Path, seed: u64, expected: Digest) -> Result<Digest, String> {
    let answer = Command::new(binary)
        .args(["doctor", "--digests", "--seed", &seed.to_string()])
        .output()
        .map_err(|error| format!("cannot run {}: {error}", binary.display()))?;
    let text = String::from_utf8_lossy(&answer.stdout);
    let digests: Option<Vec<Digest>> = text.split_whitespace().skip(1).map(digest_of).collect();
    let digests = digests.filter(|digests| digests.len() == 1 + TICKS_MS.len());
    let digests = digests.ok_or_else(|| format!("{} gave no digests", binary.display()))?;
    Ok(digests.into_iter().find(|other| *other != expected).unwrap_or(expected))
}

fn digest_of(hex: &str) -> Option<Digest> {
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
        .map(|n| u8::from_str_radix(hex.get(2 * n..2 * n + 2)?, 16).ok())
        .collect();
    bytes?.try_into().ok().map(Digest)
}
