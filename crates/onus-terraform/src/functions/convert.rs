//! Terraform's automatic conversions between primitive types, and equality in three values.

use ecow::{EcoString, eco_format};
use onus_model::{List, Map, Node, Reason, Truth, Unknown, Value};

use super::call::{Outcome, Stop, fail};
use super::json::encoded_text;

/// What a node is, for messages.
pub(super) fn kind(node: &Node) -> &'static str {
    match &node.value {
        Value::Absent => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) | Value::Encoded(_) => "text",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Choice(_) | Value::Unknown(_) => "not known",
    }
}

/// A number as Terraform writes it: without an exponent, as short as it can be.
pub(crate) fn number_text(number: f64) -> EcoString {
    if number == 0.0 { "0".into() } else { eco_format!("{number}") }
}

/// A node as text: numbers and truth values convert.
pub(crate) fn text_of(node: &Node) -> Outcome<EcoString> {
    match &node.value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number_text(*number)),
        Value::Bool(truth) => Ok(if *truth { "true".into() } else { "false".into() }),
        Value::Encoded(_) => encoded_text(node).ok_or_else(|| open_encoding(node)),
        _ => stop(node, "text"),
    }
}

/// A node as a number: text that spells one converts.
pub(crate) fn number_of(node: &Node) -> Outcome<f64> {
    match &node.value {
        Value::Number(number) => Ok(*number),
        Value::String(text) => match parse_number(text) {
            Some(number) => Ok(number),
            None => fail(eco_format!("a number is needed, and \"{text}\" is none")),
        },
        _ => stop(node, "a number"),
    }
}

/// Text that spells a decimal number.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let decimal = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if decimal { text.parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

/// A node as a truth value: "true" and "false" convert.
pub(crate) fn bool_of(node: &Node) -> Outcome<bool> {
    match &node.value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        Value::String(text) => fail(eco_format!("true or false is needed, and this is \"{text}\"")),
        _ => stop(node, "a truth value"),
    }
}

fn stop<T>(node: &Node, wanted: &str) -> Outcome<T> {
    match &node.value {
        Value::Unknown(unknown) => Err(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => Err(Stop::Choice(choice.clone())),
        _ => fail(eco_format!("{wanted} is needed, and this is {}", kind(node))),
    }
}

/// What stops the making of the text of an encoding: its first leaf that is not decided.
fn open_encoding(node: &Node) -> Stop {
    match first_open(node) {
        Some(Stop::Unknown(unknown)) => {
            Stop::Unknown(Unknown { set: true, pieces: Vec::new(), ..unknown })
        }
        Some(stop) => stop,
        None => Stop::Unknown(Unknown::set(Reason::Limit, "the text of a JSON encoding")),
    }
}

/// The first thing below `node`, or `node` itself, that is not decided.
pub(super) fn first_open(node: &Node) -> Option<Stop> {
    match &node.value {
        Value::Unknown(unknown) => Some(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => Some(Stop::Choice(choice.clone())),
        Value::Encoded(inner) => first_open(inner),
        Value::List(list) => {
            let rest = || list.rest.as_ref().map(|rest| Stop::Unknown((**rest).clone()));
            list.items.iter().find_map(first_open).or_else(rest)
        }
        Value::Map(map) => {
            let rest = || map.rest.as_ref().map(|rest| Stop::Unknown((**rest).clone()));
            map.entries.values().find_map(first_open).or_else(rest)
        }
        Value::Absent | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Whether two nodes are equal in Terraform's sense, as far as they are known. Values of different
/// types differ.
pub(crate) fn equal(left: &Node, right: &Node) -> Truth {
    match (&left.value, &right.value) {
        (Value::Unknown(unknown), other) | (other, Value::Unknown(unknown)) => {
            if unknown.set && matches!(other, Value::Absent) {
                Truth::False
            } else {
                Truth::Unknown
            }
        }
        (Value::Choice(choice), _) => agree(choice.options.iter().map(|(_, n)| equal(n, right))),
        (_, Value::Choice(choice)) => agree(choice.options.iter().map(|(_, n)| equal(left, n))),
        (Value::Encoded(a), Value::Encoded(b)) => equal(a, b),
        (Value::Encoded(_), Value::String(text)) => encoding_equal(left, text),
        (Value::String(text), Value::Encoded(_)) => encoding_equal(right, text),
        (Value::List(a), Value::List(b)) => lists_equal(a, b),
        (Value::Map(a), Value::Map(b)) => maps_equal(a, b),
        (a, b) => Truth::from(a == b),
    }
}

fn encoding_equal(encoding: &Node, text: &EcoString) -> Truth {
    encoded_text(encoding).map_or(Truth::Unknown, |encoded| Truth::from(encoded == *text))
}

fn agree(truths: impl Iterator<Item = Truth>) -> Truth {
    truths.reduce(Truth::agree).unwrap_or(Truth::Unknown)
}

fn lists_equal(left: &List, right: &List) -> Truth {
    if left.rest.is_some() || right.rest.is_some() {
        return Truth::Unknown;
    }
    if left.items.len() != right.items.len() {
        return Truth::False;
    }
    let pairs = left.items.iter().zip(&right.items);
    pairs.fold(Truth::True, |all, (a, b)| all.and(equal(a, b)))
}

fn maps_equal(left: &Map, right: &Map) -> Truth {
    let open = left.rest.is_some() || right.rest.is_some();
    if !open && left.entries.len() != right.entries.len() {
        return Truth::False;
    }
    let mut all = if open { Truth::Unknown } else { Truth::True };
    for (key, value) in &left.entries {
        all = all.and(match right.entries.get(key) {
            Some(other) => equal(value, other),
            None if right.rest.is_some() => Truth::Unknown,
            None => Truth::False,
        });
    }
    all
}
