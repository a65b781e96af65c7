//! The [`Source`] trait, and the one engine that turns what sources say into typed facts.
//!
//! Sources read through a [`World`], so that tests, fuzzers and the catalog's examples run without a disk.

mod paths;
mod source;
mod world;

pub use paths::{file_name, join, parent};
pub use source::{Root, Source, Tree};
pub use world::{MemoryWorld, ReadError, World};
