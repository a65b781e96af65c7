//! What is still known of values that are not: JSON text with holes in it, and attributes that are ARNs.

use std::sync::Arc;

use onus_model::{EcoString, FileId, List, Map, Node, Piece, Unknown, Value};

/// Stands for a hole within a JSON string, and for one where a value is wanted. Both are of Unicode's private use area.
const IN_TEXT: char = '\u{E000}';
const AS_VALUE: char = '\u{E001}';

/// The tree of a JSON text of which only parts are known; `None` if the known parts make no JSON. A hole within a string
/// is taken for text, not for an end of the string.
pub(crate) fn json(unknown: &Unknown, node: &Node) -> Option<Node> {
    if unknown.pieces.is_empty() {
        return None;
    }
    let (documents, problems) =
        onus_yaml::parse(&marked(&unknown.pieces), FileId::NONE, &onus_yaml::Options::default());
    let tree = documents.into_iter().next().filter(|_| problems.is_empty())?;
    matches!(tree.value, Value::Map(_) | Value::List(_)).then(|| unmark(&tree, unknown, node))
}

/// The known text with a mark for each hole.
fn marked(pieces: &[Piece]) -> String {
    let mut text = String::new();
    let (mut in_string, mut escaped) = (false, false);
    for piece in pieces {
        match piece {
            Piece::Hole if in_string => text.push(IN_TEXT),
            Piece::Hole => {
                text.push('"');
                text.push(AS_VALUE);
                text.push('"');
            }
            Piece::Text(known) => {
                for char in known.chars() {
                    match char {
                        '"' if !escaped => in_string = !in_string,
                        _ => {}
                    }
                    escaped = char == '\\' && !escaped;
                }
                text.push_str(known);
            }
        }
    }
    text
}

/// The tree with unknowns where the marks are, standing where the text stands.
fn unmark(tree: &Node, unknown: &Unknown, at: &Node) -> Node {
    let here = |value: Value| Node { value, span: at.span, references: at.references.clone() };
    match &tree.value {
        Value::String(text) if text.contains(AS_VALUE) => {
            here(Value::Unknown(Arc::new(Unknown::new(unknown.reason, unknown.settles.clone()))))
        }
        Value::String(text) if text.contains(IN_TEXT) => {
            let whole = Unknown::new(unknown.reason, unknown.settles.clone());
            here(Value::Unknown(Arc::new(Unknown { pieces: pieces_of(text), ..whole })))
        }
        Value::List(list) => {
            let items = list.items.iter().map(|item| unmark(item, unknown, at)).collect();
            Node::new(Value::List(Arc::new(List { items, rest: None })), at.span)
        }
        Value::Map(map) => {
            let mut read = Map::default();
            for (key, value) in &map.entries {
                if key.contains([IN_TEXT, AS_VALUE]) {
                    read.rest =
                        Some(Arc::new(Unknown::new(unknown.reason, unknown.settles.clone())));
                } else {
                    read.entries.insert(key.clone(), unmark(value, unknown, at));
                }
            }
            Node::new(Value::Map(Arc::new(read)), at.span)
        }
        value => Node::new(value.clone(), at.span),
    }
}

fn pieces_of(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (at, known) in text.split(IN_TEXT).enumerate() {
        if at > 0 {
            pieces.push(Piece::Hole);
        }
        if !known.is_empty() {
            pieces.push(Piece::Text(known.into()));
        }
    }
    pieces
}

/// What an attribute named `arn` of another resource will be begins with `arn:`, whatever follows.
pub(crate) fn arn(node: &Node) -> Option<Node> {
    let Value::Unknown(unknown) = &node.value else { return None };
    let [reference] = node.references() else { return None };
    if !unknown.pieces.is_empty() || !is_arn(&reference.attribute) {
        return None;
    }
    let pieces = vec![Piece::Text("arn:".into()), Piece::Hole];
    let shaped = Unknown { set: true, pieces, ..unknown.as_ref().clone() };
    Some(Node { value: Value::Unknown(Arc::new(shaped)), ..node.clone() })
}

fn is_arn(attribute: &EcoString) -> bool {
    attribute == "arn" || attribute.ends_with("_arn") || attribute.ends_with("Arn")
}

#[cfg(test)]
mod tests {
    use super::*;
    use onus_model::{Reason, Span};

    fn partial(pieces: &[&str]) -> Unknown {
        let mut all = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                all.push(Piece::Hole);
            }
            all.push(Piece::Text((*piece).into()));
        }
        Unknown { pieces: all, ..Unknown::set(Reason::Computed, "x") }
    }

    #[test]
    fn known_parts_of_json_are_read() {
        let text = partial(&[
            r#"{"Effect": "Allow", "Resource": ["arn:"#,
            r#"/*"], "Principal": "#,
            r#", "a"#,
            r#"": 1}"#,
        ]);
        let node = Node::unknown(text.clone(), Span::NONE);
        let tree = json(&text, &node).unwrap();
        assert_eq!(tree.get("Effect").unwrap().as_str(), Some("Allow"));
        let Value::Unknown(resource) =
            &tree.get("Resource").unwrap().as_list().unwrap().items[0].value
        else {
            panic!()
        };
        assert_eq!(
            resource.pieces,
            [Piece::Text("arn:".into()), Piece::Hole, Piece::Text("/*".into())]
        );
        assert!(
            matches!(&tree.get("Principal").unwrap().value, Value::Unknown(whole) if whole.pieces.is_empty())
        );
        assert!(tree.as_map().unwrap().rest.is_some(), "a key that is not known may be any key");
    }

    #[test]
    fn what_makes_no_json_is_not_read() {
        for pieces in [&["", ""][..], &["[1,", ""], &["plain ", " text"]] {
            let text = partial(pieces);
            assert_eq!(json(&text, &Node::unknown(text.clone(), Span::NONE)), None, "{pieces:?}");
        }
    }
}
