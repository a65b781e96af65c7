//! JSON that a source holds as text.

use std::sync::Arc;

use onus_model::{FileId, List, Node, Reason, Unknown, Value, eco_format};

/// JSON text as a tree; what is no JSON is invalid.
pub(crate) fn read(text: &str, node: &Node) -> Node {
    let (documents, problems) =
        onus_yaml::parse(text, FileId::NONE, &onus_yaml::Options::default());
    match documents.into_iter().next() {
        Some(tree)
            if problems.is_empty() && matches!(tree.value, Value::Map(_) | Value::List(_)) =>
        {
            placed(&tree, node)
        }
        _ => mismatch(node, "JSON text"),
    }
}

/// A tree read out of a text stands where the text stands.
fn placed(tree: &Node, at: &Node) -> Node {
    let value = match &tree.value {
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().map(|item| placed(item, at)).collect(),
            rest: None,
        })),
        Value::Map(map) => {
            return Node::map(
                map.entries.iter().map(|(key, node)| (key.clone(), placed(node, at))),
                at.span,
            );
        }
        value => value.clone(),
    };
    Node { value, span: at.span, references: None }
}

/// A value of another kind than its place wants.
pub(crate) fn mismatch(node: &Node, wanted: &str) -> Node {
    let unknown = Unknown::set(Reason::Invalid, eco_format!("a value that is {wanted} here"));
    Node { value: Value::Unknown(Arc::new(unknown)), ..node.clone() }
}
