//! The folder of statements: a CSV file per table and one JSON file, written aside and put in their places
//! when every run is in. What is not finished is taken away again.

use crate::report::statement::{Statement, TABLES};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// A folder under way.
pub(super) struct Folder {
    path: PathBuf,
    aside: PathBuf,
    tables: Vec<BufWriter<File>>,
    json: BufWriter<File>,
    parts: u64,
    finished: bool,
}

/// The files of the folder: the tables, then the JSON.
fn names() -> impl Iterator<Item = String> {
    let tables = TABLES.iter().map(|table| format!("{table}.csv"));
    tables.chain(["statement.json".to_owned()])
}

impl Folder {
    /// Begins every file, so that one that cannot be written is known before anything runs.
    pub fn open(path: &Path) -> Result<Folder, String> {
        if path.exists() && !path.is_dir() {
            return Err(format!("cannot write {}: it is no folder", path.display()));
        }
        let mut aside = path.as_os_str().to_owned();
        aside.push(".partial");
        let aside = PathBuf::from(aside);
        let begin = || -> std::io::Result<Vec<BufWriter<File>>> {
            // One that is there was left by a run that was broken off.
            if !aside.is_dir() {
                fs::create_dir(&aside)?;
            }
            names().map(|name| File::create(aside.join(name)).map(BufWriter::new)).collect()
        };
        let files = begin();
        let mut tables = files.map_err(|error| {
            // Whatever of it is there is ours; it may never have been.
            let _ = fs::remove_dir_all(&aside);
            format!("cannot write {}: {error}", path.display())
        })?;
        let json = tables.pop().expect("the JSON is the last");
        let mut folder =
            Folder { path: path.to_owned(), aside, tables, json, parts: 0, finished: false };
        folder.written(|folder| {
            let mut tables = folder.tables.iter_mut().enumerate();
            tables.try_for_each(|(n, table)| table.write_all(&Statement::heading(n)))
        })?;
        Ok(folder)
    }

    fn written(
        &mut self,
        write: impl FnOnce(&mut Folder) -> std::io::Result<()>,
    ) -> Result<(), String> {
        write(self).map_err(|error| format!("cannot write {}: {error}", self.path.display()))
    }

    /// Adds a run; one that could not be brought to its end has none.
    pub fn add(&mut self, statement: Option<&Statement>) -> Result<(), String> {
        let Some(statement) = statement else { return Ok(()) };
        self.written(|folder| {
            for (n, table) in folder.tables.iter_mut().enumerate() {
                table.write_all(&statement.csv(n))?;
            }
            let before: &[u8] = if folder.parts == 0 { b"[\n" } else { b",\n" };
            folder.parts += 1;
            folder.json.write_all(before)?;
            folder.json.write_all(&statement.json())
        })
    }

    /// Ends every file and puts it in its place.
    pub fn finish(&mut self) -> Result<(), String> {
        self.written(|folder| {
            folder.json.write_all(if folder.parts == 0 { b"[]\n" } else { b"\n]\n" })?;
            folder.json.flush()?;
            for table in &mut folder.tables {
                table.flush()?;
            }
            if !folder.path.is_dir() {
                fs::create_dir(&folder.path)?;
            }
            for name in names() {
                fs::rename(folder.aside.join(&name), folder.path.join(&name))?;
            }
            fs::remove_dir(&folder.aside)
        })?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.finished {
            // It may never have been there.
            let _ = fs::remove_dir_all(&self.aside);
        }
    }
}
