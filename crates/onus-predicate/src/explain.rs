//! Why a predicate came out as it did: the facts that decided, or what stood in the way.

use std::fmt::Write as _;

use ecow::EcoString;
use onus_model::{Node, Reason, Span, Truth, Unknown};
use rustc_hash::FxHashSet;

use crate::eval::{Cause, Mark, Trace};
use crate::program::Relation;

/// The truth of a predicate on a resource, and why.
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The truth.
    pub truth: Truth,
    /// The facts that decided, in the order of the predicate, each once. Empty when undecided.
    pub reads: Vec<Read<'a>>,
    /// The relations whose outcome decided: what was looked for and how many were found. Empty when
    /// undecided.
    pub searches: Vec<Search>,
    /// What stood in the way, each once. Empty when decided.
    pub blocks: Vec<Block<'a>>,
}

/// A fact, or a part of one, that decided.
#[derive(Clone, Debug)]
pub struct Read<'a> {
    /// The resource that it is a fact of.
    pub resource: u32,
    /// The slot of the fact.
    pub slot: u16,
    /// The fact, and the way into it: `ingress[2].cidrs[0]`.
    pub path: EcoString,
    /// The value; absent when not set.
    pub node: &'a Node,
    /// Where it is written; of what is not written, where the nearest value around it is.
    pub span: Span,
}

/// A relation that was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Search {
    /// From this resource.
    pub resource: u32,
    /// Along this relation.
    pub relation: Relation,
    /// To resources of this type.
    pub type_index: u32,
    /// So many were found.
    pub found: usize,
}

/// Something that stood in the way.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// The resource.
    pub resource: u32,
    /// The slot of the fact; `None` when it is about resources and not a fact.
    pub slot: Option<u16>,
    /// The fact, and the way into it; empty when it is about resources.
    pub path: EcoString,
    /// Where the value is written, or the nearest value around it.
    pub span: Span,
    /// What it is.
    pub cause: Cause<'a>,
}

impl<'a> Cause<'a> {
    /// Why it is not known.
    pub fn reason(&self) -> Reason {
        match self {
            Cause::Unknown(unknown) => unknown.reason,
            Cause::Choice(_) => Reason::Input,
            Cause::Encoded | Cause::Version => Reason::NotCollected,
            Cause::Mismatch => Reason::Invalid,
            Cause::Limit => Reason::Limit,
        }
    }

    /// What would settle it, in the user's words.
    pub fn settles(&self) -> EcoString {
        match self {
            Cause::Unknown(unknown) => unknown.settles.clone(),
            Cause::Choice(choice) => choice.settles.clone(),
            Cause::Encoded => "the exact text of the JSON".into(),
            Cause::Mismatch => "a value of the right type there".into(),
            Cause::Version => "a version with all its parts".into(),
            Cause::Limit => "fewer values: there are more than one predicate looks at".into(),
        }
    }

    fn is_same(&self, other: &Cause<'a>) -> bool {
        let same = |a: &Unknown, b: &Unknown| a.reason == b.reason && a.settles == b.settles;
        match (self, other) {
            (Cause::Unknown(a), Cause::Unknown(b)) => same(a, b),
            (Cause::Choice(a), Cause::Choice(b)) => a.key == b.key,
            (Cause::Encoded, Cause::Encoded)
            | (Cause::Version, Cause::Version)
            | (Cause::Mismatch, Cause::Mismatch)
            | (Cause::Limit, Cause::Limit) => true,
            _ => false,
        }
    }
}

/// The way to a value: an index in the recorder's steps.
pub(crate) type Place = u32;

enum Step<'a> {
    Fact { resource: u32, slot: u16, name: &'a str },
    Whole { resource: u32 },
    Field { of: Place, name: &'a str },
    Element { of: Place, index: usize },
}

/// Records an evaluation. Paths are kept as links and written out only for what remains at the end.
#[derive(Default)]
pub(crate) struct Recorder<'a> {
    steps: Vec<(Step<'a>, Span)>,
    reads: Vec<(Place, &'a Node)>,
    blocks: Vec<(Place, Cause<'a>)>,
    searches: Vec<Search>,
}

impl<'a> Recorder<'a> {
    fn step(&mut self, step: Step<'a>, span: Span) -> Place {
        let place = Place::try_from(self.steps.len()).unwrap_or(Place::MAX);
        self.steps.push((step, span));
        place
    }

    /// The causes on record, repeated ones too.
    pub(crate) fn causes(&self) -> impl Iterator<Item = &Cause<'a>> {
        self.blocks.iter().map(|(_, cause)| cause)
    }

    /// The explanation that the record amounts to.
    pub(crate) fn explain(self, truth: Truth) -> Explanation<'a> {
        let mut out =
            Explanation { truth, reads: Vec::new(), searches: Vec::new(), blocks: Vec::new() };
        self.add_to(&mut out);
        out
    }

    /// Adds what is on record to an explanation, leaving out what it has already.
    pub(crate) fn add_to(self, out: &mut Explanation<'a>) {
        let mut seen = Seen::default();
        for read in &out.reads {
            seen.insert(read);
        }
        for (place, node) in &self.reads {
            let (resource, slot, path, span) = self.spell(*place);
            let Some(slot) = slot else { continue };
            let read = Read { resource, slot, path, node, span };
            if seen.insert(&read) {
                out.reads.push(read);
            }
        }
        for search in &self.searches {
            if !out.searches.contains(search) {
                out.searches.push(*search);
            }
        }
        for (place, cause) in &self.blocks {
            let (resource, slot, path, span) = self.spell(*place);
            let known = out.blocks.iter().any(|block| {
                block.resource == resource
                    && block.slot == slot
                    && block.path == path
                    && block.cause.is_same(cause)
            });
            if !known && out.blocks.len() < MAX_BLOCKS {
                out.blocks.push(Block { resource, slot, path, span, cause: *cause });
            }
        }
    }

    /// Resource, slot, path and nearest span of a place.
    fn spell(&self, place: Place) -> (u32, Option<u16>, EcoString, Span) {
        let mut way = Vec::new();
        let mut at = place;
        let mut span = Span::NONE;
        let (resource, slot, mut path) = loop {
            let Some((step, here)) = self.steps.get(at as usize) else {
                break (0, None, EcoString::new());
            };
            if span == Span::NONE {
                span = *here;
            }
            match step {
                Step::Fact { resource, slot, name } => {
                    break (*resource, Some(*slot), EcoString::from(*name));
                }
                Step::Whole { resource } => break (*resource, None, EcoString::new()),
                Step::Field { of, .. } | Step::Element { of, .. } => {
                    way.push(step);
                    at = *of;
                }
            }
        };
        for step in way.into_iter().rev() {
            // Writing to a string cannot fail.
            let _ = match step {
                Step::Field { name, .. } => write!(path, ".{name}"),
                Step::Element { index, .. } => write!(path, "[{index}]"),
                Step::Fact { .. } | Step::Whole { .. } => Ok(()),
            };
        }
        (resource, slot, path, span)
    }
}

/// The reads that an explanation has already.
#[derive(Default)]
struct Seen(FxHashSet<(u32, u16, EcoString)>);

impl Seen {
    fn insert(&mut self, read: &Read<'_>) -> bool {
        self.0.insert((read.resource, read.slot, read.path.clone()))
    }
}

/// Blockers beyond this number are like those before: one would have to settle all of them.
const MAX_BLOCKS: usize = 256;

impl<'a> Trace<'a> for Recorder<'a> {
    type Origin = Place;
    const BRIEF: bool = false;

    fn fact(&mut self, resource: u32, slot: u16, name: &'a str, node: &'a Node) -> Place {
        self.step(Step::Fact { resource, slot, name }, node.span)
    }

    fn field(&mut self, of: Place, name: &'a str, node: &'a Node) -> Place {
        self.step(Step::Field { of, name }, node.span)
    }

    fn element(&mut self, of: Place, index: usize, node: &'a Node) -> Place {
        self.step(Step::Element { of, index }, node.span)
    }

    fn whole(&mut self, resource: u32) -> Place {
        self.step(Step::Whole { resource }, Span::NONE)
    }

    fn read(&mut self, origin: Place, node: &'a Node) {
        self.reads.push((origin, node));
    }

    fn block(&mut self, origin: Place, cause: Cause<'a>) {
        self.blocks.push((origin, cause));
    }

    fn search(&mut self, resource: u32, relation: Relation, type_index: u32, found: usize) {
        self.searches.push(Search { resource, relation, type_index, found });
    }

    fn mark(&self) -> Mark {
        Mark { reads: self.reads.len(), blocks: self.blocks.len(), searches: self.searches.len() }
    }

    fn settle(&mut self, since: Mark, truth: Truth) {
        match truth {
            Truth::True | Truth::False => self.blocks.truncate(since.blocks),
            Truth::Unknown => {
                self.reads.truncate(since.reads);
                self.searches.truncate(since.searches);
            }
        }
    }

    fn forget(&mut self, from: Mark, to: Mark) {
        fn cut<X>(list: &mut Vec<X>, from: usize, to: usize) {
            let to = to.min(list.len());
            if from < to {
                list.drain(from..to);
            }
        }
        cut(&mut self.reads, from.reads, to.reads);
        cut(&mut self.blocks, from.blocks, to.blocks);
        cut(&mut self.searches, from.searches, to.searches);
    }

    fn nothing_read(&self, since: Mark) -> bool {
        self.reads.len() <= since.reads && self.searches.len() <= since.searches
    }
}
