//! What a source says, as a tree: each node with its place, its references and its unknowns.

use std::sync::Arc;

use ecow::EcoString;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::{Reason, Reference, Span, Unknown};

/// A value with its place and the resources it was taken from. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it is written.
    pub span: Span,
    /// The resources that the value was taken from, however it was passed on.
    pub references: Option<Arc<Vec<Reference>>>,
}

/// A value, known or not.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Not set: `null` in Terraform, `AWS::NoValue` or no property in CloudFormation. As an element
    /// of a list it stands for no element.
    #[default]
    Absent,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    String(EcoString),
    /// A list or a set.
    List(Arc<List>),
    /// An object or a map.
    Map(Arc<Map>),
    /// Text that is the JSON encoding of the node: kept open, so that unknown leaves stay leaves.
    Encoded(Arc<Node>),
    /// One of several values, depending on something named that is not decided.
    Choice(Arc<Choice>),
    /// Not known.
    Unknown(Arc<Unknown>),
}

/// A list that may go on beyond what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List {
    /// The known elements.
    pub items: Vec<Node>,
    /// When set, there may be any number of further elements, and this would settle them.
    pub rest: Option<Arc<Unknown>>,
}

/// An object that may have further entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// The known entries, in the order of the source.
    pub entries: IndexMap<EcoString, Node, FxBuildHasher>,
    /// When set, there may be any further entries, and this would settle them.
    pub rest: Option<Arc<Unknown>>,
}

/// One of several values. Two choices with equal `key` in one scope are decided alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What decides it, unique in its scope: `parameter Env`, `condition IsProd`.
    pub key: EcoString,
    /// What would settle it, in the user's words.
    pub settles: EcoString,
    /// Each way it may go: a label (equal for equal decisions) and the value then.
    pub options: Vec<(EcoString, Node)>,
}

impl Choice {
    /// How the key of something begins that stands for any number of things, or for none.
    pub const ANY_NUMBER: &'static str = "any number of ";

    /// Whether it stands for any number of things.
    pub fn repeats(&self) -> bool {
        self.key.starts_with(Choice::ANY_NUMBER)
    }
}

impl Node {
    /// A value at a place, taken from no resource.
    pub fn new(value: Value, span: Span) -> Node {
        Node { value, span, references: None }
    }

    /// Text at a place.
    pub fn string(text: impl Into<EcoString>, span: Span) -> Node {
        Node::new(Value::String(text.into()), span)
    }

    /// An unknown at a place.
    pub fn unknown(unknown: Unknown, span: Span) -> Node {
        Node::new(Value::Unknown(Arc::new(unknown)), span)
    }

    /// A known list.
    pub fn list(items: Vec<Node>, span: Span) -> Node {
        Node::new(Value::List(Arc::new(List { items, rest: None })), span)
    }

    /// A known object.
    pub fn map(entries: impl IntoIterator<Item = (EcoString, Node)>, span: Span) -> Node {
        Node::new(
            Value::Map(Arc::new(Map { entries: entries.into_iter().collect(), rest: None })),
            span,
        )
    }

    /// Not set at all.
    pub fn is_absent(&self) -> bool {
        matches!(self.value, Value::Absent)
    }

    /// The entry `key` of an object; `None` when this is no object or has no such known entry.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(map) => map.entries.get(key),
            _ => None,
        }
    }

    /// The text, if it is known text.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The references of this node, none if it has none.
    pub fn references(&self) -> &[Reference] {
        self.references.as_deref().map_or(&[], Vec::as_slice)
    }

    /// This node, also taken from `more`. References are kept once each, in order of first sight.
    #[must_use]
    pub fn with_references(mut self, more: &[Reference]) -> Node {
        if more.is_empty() {
            return self;
        }
        let all = Arc::make_mut(self.references.get_or_insert_default());
        for reference in more {
            if !all.contains(reference) {
                all.push(reference.clone());
            }
        }
        self
    }

    /// Calls `visit` on this node and every node below it, options of choices included.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        visit(self);
        match &self.value {
            Value::List(list) => list.items.iter().for_each(|item| item.walk(visit)),
            Value::Map(map) => map.entries.values().for_each(|item| item.walk(visit)),
            Value::Encoded(inner) => inner.walk(visit),
            Value::Choice(choice) => choice.options.iter().for_each(|(_, node)| node.walk(visit)),
            Value::Absent
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Unknown(_) => {}
        }
    }
}

impl Value {
    /// Withheld because it is sensitive; known to be set.
    pub fn redacted() -> Value {
        Value::Unknown(Arc::new(Unknown::set(Reason::Redacted, "a sensitive value, withheld")))
    }
}
