//! The types of facts, and what a compile has to know about them.

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// The type of a fact or of an expression. Whatever its type, a fact may be absent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Type {
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// Any number of values of one type.
    List(Box<Type>),
    /// An object with these fields.
    Record(Arc<[(EcoString, Type)]>),
    /// A resource of the type with this index in the catalog.
    Resource(u32),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("bool"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::List(of) => write!(f, "list of {of}"),
            Type::Record(_) => f.write_str("record"),
            Type::Resource(_) => f.write_str("resource"),
        }
    }
}

/// The facts that a predicate may speak of, by resource type.
pub trait Schema {
    /// The slot and the type of a fact of a resource type; `None` if it has no such fact.
    fn fact(&self, type_index: u32, name: &str) -> Option<(u16, Type)>;
    /// The index of a resource type; `None` if the catalog does not describe it.
    fn type_index(&self, type_name: &str) -> Option<u32>;
    /// The values of a dated table, each with the day (`YYYY-MM-DD`) on which it ends.
    fn dates(&self, table: &str) -> Option<&[(EcoString, EcoString)]>;
    /// The names of the facts of a resource type, for "did you mean".
    fn names(&self, type_index: u32) -> Vec<EcoString>;
}
