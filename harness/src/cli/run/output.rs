//! Output files: written aside as the runs come in, renamed when all are there. What is not finished is
//! taken away again.

use super::folder::Folder;
use super::job::Ran;
use crate::report::junit;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

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
    output: Output,
    aside: PathBuf,
    file: BufWriter<File>,
    parts: u64,
}

/// The files under way.
#[derive(Default)]
pub(super) struct Sinks {
    sinks: Vec<Sink>,
    statements: Vec<Folder>,
    cases: Vec<junit::Case>,
    finished: bool,
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
                    sinks.sinks.push(Sink::open(output)?);
                }
            }
        }
        Ok(sinks)
    }

    fn wants(&self, format: Format) -> bool {
        self.sinks.iter().any(|sink| sink.output.format == format)
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
            match sink.output.format {
                Format::Json => sink.json(ran.json.as_deref().unwrap_or_default()),
                Format::Jsonl => sink.write(ran.jsonl.as_deref().unwrap_or_default()),
                Format::Junit | Format::Statement => Ok(()),
            }
            .map_err(|error| sink.cannot(&error))?;
        }
        for folder in &mut self.statements {
            folder.add(ran.statement.as_deref())?;
        }
        self.cases.extend(ran.case);
        Ok(())
    }

    /// Ends every file and puts it in its place.
    pub fn finish(mut self) -> Result<(), String> {
        for sink in &mut self.sinks {
            let end = match sink.output.format {
                Format::Json if sink.parts == 0 => b"[]\n".to_vec(),
                Format::Json => b"\n]\n".to_vec(),
                Format::Jsonl | Format::Statement => Vec::new(),
                Format::Junit => junit::render(&self.cases)?.into_bytes(),
            };
            sink.write(&end)
                .and_then(|()| sink.file.flush())
                .map_err(|error| sink.cannot(&error))?;
        }
        for sink in &self.sinks {
            std::fs::rename(&sink.aside, &sink.output.path).map_err(|error| sink.cannot(&error))?;
        }
        for folder in &mut self.statements {
            folder.finish()?;
        }
        self.finished = true;
        Ok(())
    }
}

impl Drop for Sinks {
    fn drop(&mut self) {
        if !self.finished {
            for sink in &self.sinks {
                // It may be in its place already, or never have been there.
                let _ = std::fs::remove_file(&sink.aside);
            }
        }
    }
}

impl Sink {
    fn open(output: &Output) -> Result<Sink, String> {
        let path = &output.path;
        if path.is_dir() {
            return Err(format!("cannot write {}: it is a folder", path.display()));
        }
        if path.exists() && !path.is_file() {
            return Err(format!("cannot write {}: it is no ordinary file", path.display()));
        }
        let aside = aside(path);
        match File::create(&aside) {
            Ok(file) => {
                let file = BufWriter::new(file);
                Ok(Sink { output: output.clone(), aside, file, parts: 0 })
            }
            Err(error) => Err(format!("cannot write {}: {error}", path.display())),
        }
    }

    fn cannot(&self, error: &std::io::Error) -> String {
        format!("cannot write {}: {error}", self.output.path.display())
    }

    fn json(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        let before: &[u8] = if self.parts == 0 { b"[\n" } else { b",\n" };
        self.parts += 1;
        self.write(before)?;
        self.write(bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes)
    }
}

fn aside(path: &Path) -> PathBuf {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".partial");
    PathBuf::from(aside)
}
