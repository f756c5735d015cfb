//! Reports: one file per form in which a person or a program reads a run. Text is made here and only here;
//! nothing here writes a file or knows a terminal.

mod batch;
pub mod failure;
pub mod grid;
pub mod json;
pub mod junit;
mod line;
pub mod lint;
mod remark;
mod service;
pub mod statement;
pub mod summary;
pub mod sweep;
pub mod told;
pub mod trace;
pub mod verdict;
mod witness;
pub mod words;
pub mod zh;

pub use witness::Witness;
