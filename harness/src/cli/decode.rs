//! `cardstorm decode`: a masked dump of one message's fields.

use super::{Exit, Out};
use cardstorm_models::wire::View;

/// Arguments of `decode`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The message in hexadecimal (with or without its length prefix and TPDU), or a file that holds it.
    message: String,
}

/// Prints the fields, and where reading stopped if it did.
pub(super) fn decode(args: &Args, out: &mut Out) -> Exit {
    let text = if std::path::Path::new(&args.message).is_file() {
        match std::fs::read_to_string(&args.message) {
            Ok(text) => text,
            Err(error) => {
                out.talk(&format!("error: cannot read {}: {error}\n", args.message));
                return Exit::BadUsage;
            }
        }
    } else {
        args.message.clone()
    };
    let bytes = match from_hex(&text) {
        Ok(bytes) => bytes,
        Err(message) => {
            out.talk(&format!("error: {message}\n"));
            return Exit::BadUsage;
        }
    };
    let view = View::parse(&bytes);
    out.data(&view.dump(true));
    match view.error() {
        None => Exit::Ok,
        Some(error) => {
            out.talk(&format!("error: {error}\n"));
            Exit::BadUsage
        }
    }
}

fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let mut digits = Vec::new();
    for (at, char) in text.char_indices().filter(|(_, char)| !char.is_whitespace()) {
        let digit = char.to_digit(16).ok_or_else(|| {
            format!("character {} ({char:?}) is no hexadecimal digit, and there is no such file", at + 1)
        })?;
        digits.push(u8::try_from(digit).expect("below 16"));
    }
    if digits.is_empty() || digits.len() % 2 == 1 {
        return Err(format!("{} hexadecimal digits are no whole number of bytes", digits.len()));
    }
    Ok(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}
