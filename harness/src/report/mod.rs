//! Reports: one file per form in which a person or a program reads a run.

pub mod json;
pub mod summary;
pub mod trace;
