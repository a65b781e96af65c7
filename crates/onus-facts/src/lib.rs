//! The one engine that turns what sources say into typed facts, by the paths that the catalog declares.

mod coerce;
mod engine;
mod extract;
mod json;
mod partial;
mod policy;
mod scope_index;
mod secrets;

pub use engine::ingest;
