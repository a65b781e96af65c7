//! JSON text and nodes: `jsonencode` as Terraform writes it, `jsondecode`, and encodings kept open.

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use onus_model::{Map, Node, Span, Value};
use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::call::{Call, Function, MAX_TEXT, Outcome, fail};
use super::convert::{number_text, text_of};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("jsonencode", 1, 1, jsonencode).set(),
    Function::new("jsondecode", 1, 1, jsondecode),
];

/// The nesting that is written or read at most.
const MAX_DEPTH: usize = 128;

fn jsonencode(call: &Call<'_>) -> Outcome {
    call.give(Value::Encoded(Arc::new(call.arg(0).clone())))
}

fn jsondecode(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    if let Value::Encoded(inner) = &node.value {
        return Ok((**inner).clone());
    }
    let text = text_of(node)?;
    match decode(&text, call.span) {
        Ok(decoded) => Ok(decoded),
        Err(error) => fail(ecow::eco_format!("the text is not JSON: {error}")),
    }
}

/// The text of an encoding, and text as it is. `None` when part of it is not known,
/// or it would be too long.
pub(crate) fn encoded_text(node: &Node) -> Option<EcoString> {
    match &node.value {
        Value::String(text) => Some(text.clone()),
        Value::Encoded(inner) => {
            let mut out = String::new();
            write(inner, &mut out, 0).then(|| out.into())
        }
        _ => None,
    }
}

/// Writes `node` as JSON, keys in ascending order. False when it is not known to the last leaf.
fn write(node: &Node, out: &mut String, depth: usize) -> bool {
    if depth > MAX_DEPTH || out.len() > MAX_TEXT {
        return false;
    }
    match &node.value {
        Value::Absent => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_text(*number)),
        Value::String(text) => write_text(text, out),
        Value::Encoded(_) => match encoded_text(node) {
            Some(text) => write_text(&text, out),
            None => return false,
        },
        Value::List(list) => {
            out.push('[');
            for (index, item) in list.items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if !write(item, out, depth + 1) {
                    return false;
                }
            }
            out.push(']');
            return list.rest.is_none();
        }
        Value::Map(map) => return write_map(map, out, depth),
        Value::Choice(_) | Value::Unknown(_) => return false,
    }
    true
}

fn write_map(map: &Map, out: &mut String, depth: usize) -> bool {
    let mut entries: Vec<_> = map.entries.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    out.push('{');
    for (index, (key, value)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(key, out);
        out.push(':');
        if !write(value, out, depth + 1) {
            return false;
        }
    }
    out.push('}');
    map.rest.is_none()
}

/// Writes text with the escapes that Terraform writes, those for HTML among them.
pub(super) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// JSON text as a node, every part of it at `span`.
pub(crate) fn decode(text: &str, span: Span) -> Result<Node, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let node = NodeSeed { span }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(node)
}

#[derive(Clone, Copy)]
struct NodeSeed {
    span: Span,
}

impl NodeSeed {
    fn node<E>(self, value: Value) -> Result<Node, E> {
        Ok(Node::new(value, self.span))
    }
}

impl<'de> DeserializeSeed<'de> for NodeSeed {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        self.node(Value::Absent)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Node, E> {
        self.node(Value::Bool(truth))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Node, E> {
        self.node(Value::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are f64 in the model")]
    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        self.node(Value::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers are f64 in the model")]
    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        self.node(Value::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        self.node(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Node::list(items, self.span))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut map = Map::default();
        while let Some(key) = access.next_key::<EcoString>()? {
            map.entries.insert(key, access.next_value_seed(self)?);
        }
        self.node(Value::Map(Arc::new(map)))
    }
}
