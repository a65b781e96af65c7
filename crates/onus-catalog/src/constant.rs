//! Values written in the catalog.

use ecow::EcoString;
use onus_model::{Node, Span, Value};
use serde::{Deserialize, Serialize};

/// A fully known value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Constant {
    /// Not set.
    Absent,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text.
    Text(EcoString),
    /// A list.
    List(Vec<Constant>),
    /// An object.
    Record(Vec<(EcoString, Constant)>),
}

impl Constant {
    /// The constant that `node` spells; `None` if part of it is not known.
    pub fn of(node: &Node) -> Option<Constant> {
        Some(match &node.value {
            Value::Absent => Constant::Absent,
            Value::Bool(value) => Constant::Bool(*value),
            Value::Number(value) => Constant::Number(*value),
            Value::String(text) => Constant::Text(text.clone()),
            Value::List(list) => {
                Constant::List(list.items.iter().map(Constant::of).collect::<Option<_>>()?)
            }
            Value::Map(map) => {
                let entries =
                    map.entries.iter().map(|(key, node)| Some((key.clone(), Constant::of(node)?)));
                Constant::Record(entries.collect::<Option<_>>()?)
            }
            Value::Encoded(_) | Value::Choice(_) | Value::Unknown(_) => return None,
        })
    }

    /// The value as a node at `span`.
    pub fn node(&self, span: Span) -> Node {
        match self {
            Constant::Absent => Node::new(Value::Absent, span),
            Constant::Bool(value) => Node::new(Value::Bool(*value), span),
            Constant::Number(value) => Node::new(Value::Number(*value), span),
            Constant::Text(text) => Node::string(text.clone(), span),
            Constant::List(items) => {
                Node::list(items.iter().map(|item| item.node(span)).collect(), span)
            }
            Constant::Record(entries) => {
                Node::map(entries.iter().map(|(key, value)| (key.clone(), value.node(span))), span)
            }
        }
    }
}
