//! Placeholders in a tree that is kept open: `replace` on what `jsonencode` or a policy document gave,
//! without making its text, so that unknown leaves stay leaves.

use std::sync::Arc;

use onus_model::{Choice, List, Map, Node, Piece, Value};

use super::call::Outcome;
use super::convert::text_of;
use super::pieces::Pieces;

/// A text that can stand in the JSON text of a tree only within one of its texts.
pub(super) fn is_placeholder(wanted: &str) -> bool {
    let plain = wanted.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let named = wanted.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'_');
    plain && named
}

/// A tree with `wanted` replaced in all of its texts: a placeholder in a policy.
pub(super) fn fill(node: &Node, wanted: &str, with: &Node) -> Outcome {
    let value = match &node.value {
        Value::String(text) if text.contains(wanted) => {
            let mut pieces = Pieces::default();
            replaced_text(&mut pieces, text, wanted, with)?;
            return Ok(pieces.finish(node.span).with_references(with.references()));
        }
        Value::Unknown(unknown) if !unknown.pieces.is_empty() => {
            let mut pieces = Pieces::default();
            for piece in &unknown.pieces {
                match piece {
                    Piece::Text(text) => replaced_text(&mut pieces, text, wanted, with)?,
                    Piece::Hole => pieces.hole(unknown),
                }
            }
            let filled = pieces.finish(node.span).with_references(node.references());
            return Ok(filled.with_references(with.references()));
        }
        Value::Encoded(inner) => Value::Encoded(Arc::new(fill(inner, wanted, with)?)),
        Value::List(list) => {
            let items = list.items.iter().map(|item| fill(item, wanted, with));
            let items = items.collect::<Outcome<_>>()?;
            Value::List(Arc::new(List { items, rest: list.rest.clone() }))
        }
        Value::Map(map) => {
            let mut entries = Map { rest: map.rest.clone(), ..Map::default() };
            for (key, entry) in &map.entries {
                let key = match key.contains(wanted) {
                    true => key.replace(wanted, &text_of(with)?),
                    false => key.clone(),
                };
                entries.entries.insert(key, fill(entry, wanted, with)?);
            }
            Value::Map(Arc::new(entries))
        }
        Value::Choice(choice) => {
            let options = choice
                .options
                .iter()
                .map(|(label, option)| Ok((label.clone(), fill(option, wanted, with)?)));
            let options = options.collect::<Outcome<_>>()?;
            let (key, settles) = (choice.key.clone(), choice.settles.clone());
            Value::Choice(Arc::new(Choice { key, settles, options }))
        }
        _ => return Ok(node.clone()),
    };
    Ok(Node { value, span: node.span, references: node.references.clone() })
}

fn replaced_text(pieces: &mut Pieces, text: &str, wanted: &str, with: &Node) -> Outcome<()> {
    for (index, part) in text.split(wanted).enumerate() {
        if index > 0 {
            pieces.node(with)?;
        }
        pieces.text(part);
    }
    Ok(())
}
