//! Lists the folders of stories and of regressions and writes the tables that embed them, so that a new file
//! is in the binary after the next build.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=.");
    write_table(&root, "toml", "stories.rs");
    write_table(&root, "json", "regressions.rs");
}

/// Embeds every file with an ending, one folder deep.
fn write_table(root: &Path, ending: &str, file: &str) {
    let mut stories = Vec::new();
    for folder in sorted(root) {
        if folder.is_dir() && folder.file_name().is_some_and(|name| name != "src") {
            stories.extend(
                sorted(&folder)
                    .into_iter()
                    .filter(|file| file.extension().is_some_and(|end| end == ending)),
            );
        }
    }
    let mut table = String::from("&[\n");
    for story in &stories {
        let inside = story.strip_prefix(root).expect("listed under the root").with_extension("");
        let name = inside.to_str().expect("story names are plain").replace('\\', "/");
        writeln!(table, "    ({name:?}, include_str!({:?})),", story.display().to_string())
            .expect("a string takes everything");
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join(file);
    fs::write(out, table).expect("cargo's own folder can be written");
}

/// What a folder holds, by name.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the catalogue can be read");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.sort();
    paths
}
