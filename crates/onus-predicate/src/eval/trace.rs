//! What an evaluation remembers of its way: nothing when only the truth is asked for, the decisive
//! facts and the blockers when it is to be explained. One evaluator serves both.

use onus_model::{Choice, Node, Truth, Unknown};

use crate::program::Relation;

/// Why a part of a predicate could not be decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause<'a> {
    /// The value is not known; or, without a slot, whether the resource or related ones exist.
    Unknown(&'a Unknown),
    /// The value depends on something named that is not decided.
    Choice(&'a Choice),
    /// The value is JSON text of which only the content is known, not each character.
    Encoded,
    /// The value is not of the type that the catalog declares.
    Mismatch,
    /// The version does not name the parts that would decide.
    Version,
    /// There was more to look at than the evaluator is willing to.
    Limit,
}

/// Listens to an evaluation.
pub(crate) trait Trace<'a> {
    /// The place of a value: a fact, or something inside one.
    type Origin: Copy;
    /// Evaluation may stop as soon as the truth is known.
    const BRIEF: bool;

    /// A fact.
    fn fact(&mut self, resource: u32, slot: u16, name: &'a str, node: &'a Node) -> Self::Origin;
    /// A field of a record.
    fn field(&mut self, of: Self::Origin, name: &'a str, node: &'a Node) -> Self::Origin;
    /// An element of a list.
    fn element(&mut self, of: Self::Origin, index: usize, node: &'a Node) -> Self::Origin;
    /// A resource as a whole.
    fn whole(&mut self, resource: u32) -> Self::Origin;
    /// A value was looked at.
    fn read(&mut self, origin: Self::Origin, node: &'a Node);
    /// Something stood in the way.
    fn block(&mut self, origin: Self::Origin, cause: Cause<'a>);
    /// A relation was followed.
    fn search(&mut self, resource: u32, relation: Relation, type_index: u32, found: usize);
    /// How far the record goes now.
    fn mark(&self) -> Mark;
    /// What was recorded since `since` led to `truth`: if decided, blockers did not matter after
    /// all; if not, nothing that was read decided anything.
    fn settle(&mut self, since: Mark, truth: Truth);
    /// Forgets what was recorded from `from` to `to`.
    fn forget(&mut self, from: Mark, to: Mark);
    /// Whether nothing was read since `since`.
    fn nothing_read(&self, since: Mark) -> bool;
}

/// A point in a record: reads, blockers, searches so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mark {
    pub(crate) reads: usize,
    pub(crate) blocks: usize,
    pub(crate) searches: usize,
}

/// Remembers nothing, and costs nothing.
pub(crate) struct Silent;

impl<'a> Trace<'a> for Silent {
    type Origin = ();
    const BRIEF: bool = true;

    #[inline]
    fn fact(&mut self, _: u32, _: u16, _: &'a str, _: &'a Node) {}
    #[inline]
    fn field(&mut self, (): (), _: &'a str, _: &'a Node) {}
    #[inline]
    fn element(&mut self, (): (), _: usize, _: &'a Node) {}
    #[inline]
    fn whole(&mut self, _: u32) {}
    #[inline]
    fn read(&mut self, (): (), _: &'a Node) {}
    #[inline]
    fn block(&mut self, (): (), _: Cause<'a>) {}
    #[inline]
    fn search(&mut self, _: u32, _: Relation, _: u32, _: usize) {}
    #[inline]
    fn mark(&self) -> Mark {
        Mark::default()
    }
    #[inline]
    fn settle(&mut self, _: Mark, _: Truth) {}
    #[inline]
    fn forget(&mut self, _: Mark, _: Mark) {}
    #[inline]
    fn nothing_read(&self, _: Mark) -> bool {
        false
    }
}
