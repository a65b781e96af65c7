//! Each distinct thing once, and a number for it from then on.

use std::hash::Hash;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// Distinct things in the order of first sight.
pub(super) struct Dictionary<T>(IndexSet<T, FxBuildHasher>);

impl<T: Hash + Eq> Dictionary<T> {
    pub(super) fn new() -> Dictionary<T> {
        Dictionary(IndexSet::default())
    }

    /// The number of `thing`.
    pub(super) fn number(&mut self, thing: T) -> usize {
        self.0.insert_full(thing).0
    }

    /// All things, by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}
