//! Conversions between types, and the marking of sensitive values.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{List, Map, Node, Reason, Value};

use super::call::{Call, Function, Outcome, Stop, fail};
use super::convert::{bool_of, kind, number_of, text_of};
use super::sets::as_set;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("ephemeralasnull", 1, 1, |call| Ok(call.arg(0).clone())),
    Function::new("issensitive", 1, 1, issensitive).set(),
    Function::new("nonsensitive", 1, 1, |call| Ok(call.arg(0).clone())),
    Function::new("sensitive", 1, 1, |call| Ok(withheld(call.arg(0)))),
    Function::new("tobool", 1, 1, |call| primitive(call, |node| bool_of(node).map(Value::Bool)))
        .keeping(),
    Function::new("tolist", 1, 1, tolist).keeping(),
    Function::new("tomap", 1, 1, tomap).keeping(),
    Function::new("tonumber", 1, 1, |call| {
        primitive(call, |node| number_of(node).map(Value::Number))
    })
    .keeping(),
    Function::new("toset", 1, 1, toset).keeping(),
    Function::new("tostring", 1, 1, tostring).keeping(),
];

fn primitive(call: &Call<'_>, convert: fn(&Node) -> Outcome<Value>) -> Outcome {
    let node = call.arg(0);
    if node.is_absent() {
        return call.give(Value::Absent);
    }
    call.give(convert(node)?)
}

fn tostring(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    match &node.value {
        Value::Absent | Value::Encoded(_) | Value::String(_) => Ok(node.clone()),
        // Known parts stay known.
        Value::Unknown(unknown) if !unknown.pieces.is_empty() => Ok(node.clone()),
        _ => call.give_text(text_of(node)?),
    }
}

fn tolist(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    match &node.value {
        Value::Absent => Ok(node.clone()),
        Value::List(list) => call.give(Value::List(Arc::new(alike(list)))),
        _ => refused(node, "a list"),
    }
}

fn toset(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    match &node.value {
        Value::Absent => Ok(node.clone()),
        Value::List(list) => call.give(as_set(&alike(list))),
        _ => refused(node, "a list"),
    }
}

fn tomap(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    let Value::Map(map) = &node.value else {
        return if node.is_absent() { Ok(node.clone()) } else { refused(node, "a map") };
    };
    if !mixed(map.entries.values()) {
        return Ok(node.clone());
    }
    let entries = map.entries.iter().map(|(key, item)| (key.clone(), as_text(item))).collect();
    call.give(Value::Map(Arc::new(Map { entries, rest: map.rest.clone() })))
}

fn refused<T>(node: &Node, wanted: &str) -> Outcome<T> {
    match &node.value {
        Value::Unknown(unknown) => Err(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => Err(Stop::Choice(choice.clone())),
        _ => fail(ecow::eco_format!("{wanted} is needed, and this is {}", kind(node))),
    }
}

/// The list with elements of one type: text, where text is among numbers and truth values.
fn alike(list: &List) -> List {
    if !mixed(list.items.iter()) {
        return list.clone();
    }
    List { items: list.items.iter().map(as_text).collect(), rest: list.rest.clone() }
}

fn mixed<'a>(mut items: impl Iterator<Item = &'a Node> + Clone) -> bool {
    items.clone().any(|item| matches!(item.value, Value::String(_)))
        && items.any(|item| matches!(item.value, Value::Number(_) | Value::Bool(_)))
}

fn as_text(node: &Node) -> Node {
    match (&node.value, text_of(node)) {
        (Value::Number(_) | Value::Bool(_), Ok(text)) => {
            Node { value: Value::String(text), ..node.clone() }
        }
        _ => node.clone(),
    }
}

/// Sensitive values are withheld from the moment they are marked; their structure is kept.
fn withheld(node: &Node) -> Node {
    let value = match &node.value {
        Value::Absent | Value::Unknown(_) => node.value.clone(),
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().map(withheld).collect(),
            rest: list.rest.clone(),
        })),
        Value::Map(map) => Value::Map(Arc::new(Map {
            entries: map.entries.iter().map(|(k, v)| (EcoString::clone(k), withheld(v))).collect(),
            rest: map.rest.clone(),
        })),
        Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Encoded(_)
        | Value::Choice(_) => Value::redacted(),
    };
    Node { value, span: node.span, references: node.references.clone() }
}

fn issensitive(call: &Call<'_>) -> Outcome {
    let mut redacted = false;
    call.arg(0).walk(&mut |node| {
        redacted |= matches!(&node.value, Value::Unknown(u) if u.reason == Reason::Redacted);
    });
    call.give_bool(redacted)
}
