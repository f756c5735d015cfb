//! Output files: written aside as the runs come in, renamed when all are there.

use super::folder::Folder;
use super::job::Ran;
use crate::cli::aside::Aside;
use crate::report::junit;
use std::path::PathBuf;

/// A file that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Output {
    format: Format,
    path: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Jsonl,
    Junit,
    Statement,
}

impl std::str::FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Output, String> {
        let wrong = || "write json=PATH, jsonl=PATH, junit=PATH or statement=FOLDER".to_owned();
        let (format, path) = text.split_once('=').ok_or_else(wrong)?;
        let format = match format {
            "json" => Format::Json,
            "jsonl" => Format::Jsonl,
            "junit" => Format::Junit,
            "statement" => Format::Statement,
            _ => return Err(wrong()),
        };
        if path.is_empty() { Err(wrong()) } else { Ok(Output { format, path: path.into() }) }
    }
}

/// One file under way.
struct Sink {
    format: Format,
    file: Aside,
    parts: u64,
}

/// The files under way.
#[derive(Default)]
pub(super) struct Sinks {
    sinks: Vec<Sink>,
    statements: Vec<Folder>,
    cases: Vec<junit::Case>,
}

impl Sinks {
    /// Begins every file, so that one that cannot be written is known before anything runs.
    pub fn open(outputs: &[Output]) -> Result<Sinks, String> {
        let mut sinks = Sinks::default();
        for (n, output) in outputs.iter().enumerate() {
            if outputs[..n].iter().any(|before| before.path == output.path) {
                return Err(format!("two outputs would be {}", output.path.display()));
            }
            match output.format {
                Format::Statement => sinks.statements.push(Folder::open(&output.path)?),
                Format::Json | Format::Jsonl | Format::Junit => {
                    let file = Aside::create(&output.path)?;
                    sinks.sinks.push(Sink { format: output.format, file, parts: 0 });
                }
            }
        }
        Ok(sinks)
    }

    fn wants(&self, format: Format) -> bool {
        self.sinks.iter().any(|sink| sink.format == format)
    }

    /// Whether runs are wanted as JSON.
    pub fn json(&self) -> bool {
        self.wants(Format::Json)
    }

    /// Whether events are wanted as JSON lines.
    pub fn jsonl(&self) -> bool {
        self.wants(Format::Jsonl)
    }

    /// Whether test cases are wanted.
    pub fn junit(&self) -> bool {
        self.wants(Format::Junit)
    }

    /// Whether statements are wanted.
    pub fn statement(&self) -> bool {
        !self.statements.is_empty()
    }

    /// Adds a run.
    pub fn add(&mut self, ran: Ran) -> Result<(), String> {
        for sink in &mut self.sinks {
            match sink.format {
                Format::Json => sink.json(ran.json.as_deref().unwrap_or_default()),
                Format::Jsonl => sink.file.write(ran.jsonl.as_deref().unwrap_or_default()),
                Format::Junit | Format::Statement => Ok(()),
            }?;
        }
        for folder in &mut self.statements {
            folder.add(ran.statement.as_deref())?;
        }
        self.cases.extend(ran.case);
        Ok(())
    }

    /// Ends every file and puts it in its place, once all could be written.
    pub fn finish(mut self) -> Result<(), String> {
        for sink in &mut self.sinks {
            let end = match sink.format {
                Format::Json if sink.parts == 0 => b"[]\n".to_vec(),
                Format::Json => b"\n]\n".to_vec(),
                Format::Jsonl | Format::Statement => Vec::new(),
                Format::Junit => junit::render(&self.cases)?.into_bytes(),
            };
            sink.file.write(&end)?;
            sink.file.flush()?;
        }
        self.sinks.into_iter().try_for_each(|sink| sink.file.place())?;
        self.statements.iter_mut().try_for_each(Folder::finish)
    }
}

impl Sink {
    fn json(&mut self, bytes: &[u8]) -> Result<(), String> {
        let before: &[u8] = if self.parts == 0 { b"[\n" } else { b",\n" };
        self.parts += 1;
        self.file.write(before)?;
        self.file.write(bytes)
    }
}
