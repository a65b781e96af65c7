//! What a predicate is evaluated over.

use std::borrow::Cow;

use onus_model::{Node, Truth, Unknown, Value};

/// The facts and relations of an estate, as far as predicates ask for them. Everything is borrowed:
/// an evaluation copies no value.
pub trait View {
    /// A fact of a resource; a node that is absent when it is not set.
    fn fact(&self, resource: u32, slot: u16) -> &Node;
    /// The resources of a type in the same scope that refer to this one.
    fn referrers(&self, resource: u32, type_index: u32) -> Related<'_>;
    /// The resources of a type that a value refers to: usually none or one. The value is a fact of this
    /// resource, or a part of it in which no choice is open.
    fn target<'a>(
        &'a self,
        resource: u32,
        slot: u16,
        value: &'a Node,
        type_index: u32,
    ) -> Related<'a>;
    /// Whether a value of a resource was taken from a resource of a type. A view without references
    /// does not know.
    fn refers_to(&self, _resource: u32, node: &Node, _type_index: u32) -> Truth {
        match &node.value {
            Value::Unknown(_) | Value::Choice(_) | Value::Encoded(_) => Truth::Unknown,
            _ if node.references().is_empty() => Truth::False,
            _ => Truth::Unknown,
        }
    }
    /// The day of the assessment, `YYYY-MM-DD`.
    fn as_of(&self) -> &str;
    /// All resources of a type in the scope of this one.
    fn estate(&self, resource: u32, type_index: u32) -> Related<'_>;
    /// When set, the resource may or may not exist, and this would settle it.
    fn presence(&self, resource: u32) -> Option<&Unknown>;
    /// Whether the resource stands for any number of them.
    fn any_number(&self, resource: u32) -> bool;
    /// The label that was decided for the choices with this key, if it was.
    fn chosen(&self, key: &str) -> Option<&str>;
}

/// The resources at the other end of a relation.
#[derive(Clone, Debug, Default)]
pub struct Related<'a> {
    /// Those that are known.
    pub resources: Cow<'a, [u32]>,
    /// When set, there may be more, and this would settle it.
    pub rest: Option<&'a Unknown>,
}
