//! Snapshots of everything that a person reads, and the tests that hold them.
