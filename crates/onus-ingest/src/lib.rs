//! What every source is: the [`Source`] trait, and the [`World`] through which sources read, so that
//! tests, fuzzers and the catalog's examples run without a disk.

mod paths;
mod source;
mod world;

pub use paths::{file_name, join, parent};
pub use source::{Root, Source, Tree};
pub use world::{MemoryWorld, ReadError, World};
