//! YAML and JSON text to [`onus_model::Node`]s with places.
//!
//! Never fails: what cannot be read is a located diagnostic, and a document that breaks off keeps
//! what was read, with each open mapping and list marked as going on.

mod build;
mod json;
mod scalar;
#[cfg(test)]
mod tests;

use ecow::EcoString;
use onus_model::{Diagnostic, FileId, Node};

/// How deep collections may nest, short-form tags and aliased parts included.
pub const MAX_DEPTH: usize = 128;

/// How many nodes aliases may bring in over one text.
pub const MAX_ALIASED: usize = 250_000;

/// How to read scalars and tags.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Plain `yes`, `no`, `on`, `off` are truth values, as YAML 1.1 has it. CloudFormation reads
    /// templates as YAML 1.1 (its guide, "CloudFormation template formats").
    pub yaml_1_1: bool,
    /// The key that stands for a short-form tag given without its `!`: with `Sub` → `Fn::Sub`,
    /// `!Sub x` is read as `{"Fn::Sub": x}`. `None` for a tag that means nothing here: its
    /// value is then unknown, with a warning.
    pub tags: fn(&str) -> Option<EcoString>,
}

impl Default for Options {
    /// YAML 1.2 core schema, no tags.
    fn default() -> Options {
        Options { yaml_1_1: false, tags: |_| None }
    }
}

/// The documents of `text`, one node each.
///
/// A scalar's place is its own; a collection that is the value of a mapping entry has the place of
/// its key. `null` is [`onus_model::Value::Absent`]. Numbers whose text a number would not give back
/// (leading zeros, trailing zeros after the point, more than 15 digits) stay text, and so do dates.
/// Anchored parts are shared, not copied. Of equal keys the last wins, with a warning.
pub fn parse(text: &str, file: FileId, options: &Options) -> (Vec<Node>, Vec<Diagnostic>) {
    if let Some(read) = json::parse(text, file) {
        return read;
    }
    build::parse(text, file, options)
}
