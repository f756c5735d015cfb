//! Files that people ask for: written aside, then renamed; what is not finished is taken away again. And
//! interruptions, which must not come between.

use super::Out;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A file under way.
pub(super) struct Aside {
    path: PathBuf,
    aside: PathBuf,
    file: BufWriter<File>,
    placed: bool,
}

impl Aside {
    /// Begins a file that will be at this path.
    ///
    /// # Errors
    /// It could not be written, in words.
    pub fn create(path: &Path) -> Result<Aside, String> {
        if path.is_dir() {
            return Err(format!("cannot write {}: it is a folder", path.display()));
        }
        if path.exists() && !path.is_file() {
            return Err(format!("cannot write {}: it is no ordinary file", path.display()));
        }
        let mut aside = path.as_os_str().to_owned();
        aside.push(".partial");
        let aside = PathBuf::from(aside);
        match File::create(&aside) {
            Ok(file) => {
                let file = BufWriter::new(file);
                Ok(Aside { path: path.to_owned(), aside, file, placed: false })
            }
            Err(error) => Err(cannot(path, &error)),
        }
    }

    /// Adds to it.
    ///
    /// # Errors
    /// It could not be written, in words.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.file.write_all(bytes).map_err(|error| cannot(&self.path, &error))
    }

    /// Hands over what is still held back.
    ///
    /// # Errors
    /// It could not be written, in words.
    pub fn flush(&mut self) -> Result<(), String> {
        self.file.flush().map_err(|error| cannot(&self.path, &error))
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// It could not be written, in words.
    pub fn place(mut self) -> Result<(), String> {
        self.flush()?;
        std::fs::rename(&self.aside, &self.path).map_err(|error| cannot(&self.path, &error))?;
        self.placed = true;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.placed {
            // The error that matters was told before.
            let _ = std::fs::remove_file(&self.aside);
        }
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

/// From now on an interruption is noted, and ends nothing by itself.
pub(super) fn on_interruption(out: &mut Out, noted: impl FnMut() + Send + 'static) {
    if let Err(error) = ctrlc::set_handler(noted) {
        out.talk(&format!("warning: an interruption will not be noticed: {error}\n"));
    }
}

/// Whether somebody has interrupted since.
pub(super) struct Interrupted(Arc<AtomicBool>);

impl Interrupted {
    /// From now on an interruption is noted.
    pub fn watch(out: &mut Out) -> Interrupted {
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&stop);
        on_interruption(out, move || asked.store(true, Ordering::SeqCst));
        Interrupted(stop)
    }

    /// Whether it came.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
