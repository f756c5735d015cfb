//! `cardstorm decode`: a masked dump of one message's fields.

use super::{Exit, Out};
use cardstorm_models::wire::View;
use clap::ValueEnum;
use std::io::Read as _;
use std::path::Path;

/// Arguments of `decode`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The message in hexadecimal (with or without its length prefix and TPDU), a file that holds it in
    /// hexadecimal or as raw bytes, or `-` for standard input.
    message: String,
    /// Which field table it is read by.
    #[arg(long, value_enum, default_value_t = Profile::UnionpayPos)]
    profile: Profile,
}

/// A field table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Profile {
    /// Terminal to acquirer: BCD, 64 fields.
    UnionpayPos,
}

/// The longest input that is read, in bytes; a frame has at most 2 KiB.
const LONGEST: u64 = 64 * 1024;

/// Prints the fields, and where reading stopped if it did.
pub(super) fn decode(args: &Args, out: &mut Out) -> Exit {
    let Profile::UnionpayPos = args.profile;
    let bytes = match message(&args.message) {
        Ok(bytes) => bytes,
        Err(why) => {
            out.error(&why);
            out.talk("help: give a message as hexadecimal digits, as a file, or as - for standard input\n");
            return Exit::BadUsage;
        }
    };
    let view = View::parse(&bytes);
    out.data(&view.dump(true));
    match (view.error(), view.wrongs().last()) {
        (Some(_), Some(wrong)) => {
            out.error(&format!("the message does not read on: {wrong}"));
            Exit::BadUsage
        }
        _ => Exit::Ok,
    }
}

fn message(given: &str) -> Result<Vec<u8>, String> {
    if given == "-" {
        return read(std::io::stdin().lock(), "standard input");
    }
    let path = Path::new(given);
    if path.is_dir() {
        return Err(format!("{given} is a folder"));
    }
    if path.is_file() {
        let file = std::fs::File::open(path);
        return match file {
            Ok(file) => read(file, given),
            Err(error) => Err(format!("cannot read {given}: {error}")),
        };
    }
    from_hex(given).map_err(|why| format!("{why}, and there is no such file"))
}

fn read(from: impl std::io::Read, name: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    from.take(LONGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cannot read {name}: {error}"))?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("{name} is longer than {} KiB: no message is", LONGEST / 1024));
    }
    if bytes.is_empty() {
        return Err(format!("{name} is empty"));
    }
    // Text is hexadecimal; anything else is the message itself.
    match std::str::from_utf8(&bytes) {
        Ok(text) if text.chars().all(|c| !c.is_control() || c.is_whitespace()) => {
            from_hex(text).map_err(|why| format!("{name}: {why}"))
        }
        _ => Ok(bytes),
    }
}

/// Hexadecimal digits, in either case, blanks, colons and a leading `0x` left out.
fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let trimmed = text.trim();
    let digits_of = trimmed.strip_prefix("0x").or_else(|| trimmed.strip_prefix("0X"));
    let skipped = trimmed.chars().count() - digits_of.unwrap_or(trimmed).chars().count();
    let mut digits = Vec::new();
    for (at, char) in (1 + skipped..).zip(digits_of.unwrap_or(trimmed).chars()) {
        if char.is_whitespace() || char == ':' {
            continue;
        }
        let digit = char.to_digit(16);
        let digit =
            digit.ok_or_else(|| format!("character {at} ({char:?}) is no hexadecimal digit"))?;
        digits.push(u8::try_from(digit).expect("below 16"));
    }
    match digits.len() {
        0 => Err("there is not one hexadecimal digit".into()),
        odd if odd % 2 == 1 => Err(format!(
            "{odd} hexadecimal digits are no whole number of bytes: one is missing or too many"
        )),
        _ => Ok(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, why: &str) {
        let error = from_hex(text).expect_err("no message");
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn hexadecimal_is_read_as_people_write_it() {
        assert_eq!(from_hex("0x02 00"), Ok(vec![2, 0]));
        assert_eq!(from_hex("02:0A\n"), Ok(vec![2, 10]));
        refused("020", "3 hexadecimal digits");
        refused("02zz", "character 3 ('z')");
        refused("0x02zz", "character 5 ('z')");
        refused("  ", "not one");
    }
}
