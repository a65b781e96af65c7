//! `yamlencode` as Terraform writes it, and `yamldecode`.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{FileId, Level, List, Map, Node, Span, Value};

use super::call::{Call, Function, Outcome, Stop, fail};
use super::convert::{first_open, number_text};
use super::json::{encoded_text, write_text};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("yamldecode", 1, 1, yamldecode),
    Function::new("yamlencode", 1, 1, yamlencode).set(),
];

/// The nesting that is written at most.
const MAX_DEPTH: usize = 64;

fn yamldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let options = onus_yaml::Options { yaml_1_1: false, ..onus_yaml::Options::default() };
    let (documents, diagnostics) = onus_yaml::parse(&text, FileId::NONE, &options);
    if let Some(error) = diagnostics.iter().find(|d| d.level == Level::Error) {
        return fail(eco_format!("the text is not YAML: {}", error.message));
    }
    match <[Node; 1]>::try_from(documents) {
        Ok([document]) => Ok(placed(&document, call.span)),
        Err(documents) if documents.is_empty() => call.give(Value::Absent),
        Err(_) => fail("the text holds more than one YAML document"),
    }
}

/// The node with the place of the call everywhere: places within a text are of no use outside of it.
fn placed(node: &Node, span: Span) -> Node {
    let value = match &node.value {
        Value::List(list) => {
            let items = list.items.iter().map(|item| placed(item, span)).collect();
            Value::List(Arc::new(List { items, rest: None }))
        }
        Value::Map(map) => {
            let entries = map.entries.iter().map(|(key, item)| (key.clone(), placed(item, span)));
            Value::Map(Arc::new(Map { entries: entries.collect(), rest: None }))
        }
        other => other.clone(),
    };
    Node::new(value, span)
}

fn yamlencode(call: &Call<'_>) -> Outcome {
    let node = call.arg(0);
    if let Some(stop) = first_open(node) {
        return Err(stop);
    }
    let mut out = String::new();
    block(node, 0, &mut out)?;
    call.give_text(out)
}

/// Writes a node that starts where the cursor is, up to and with its last line break; further lines
/// start `indent` characters in.
fn block(node: &Node, indent: usize, out: &mut String) -> Outcome<()> {
    if indent / 2 > MAX_DEPTH {
        return fail("the value is nested too deeply");
    }
    let lead = |first: &mut bool, out: &mut String| {
        if !std::mem::take(first) {
            out.push_str(&" ".repeat(indent));
        }
    };
    let mut first = true;
    match &node.value {
        Value::List(list) if !list.items.is_empty() => {
            for item in &list.items {
                lead(&mut first, out);
                out.push_str("- ");
                block(item, indent + 2, out)?;
            }
        }
        Value::Map(map) if !map.entries.is_empty() => {
            let mut entries: Vec<_> = map.entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (key, value) in entries {
                lead(&mut first, out);
                write_text(key, out);
                out.push(':');
                entry(value, indent, out)?;
            }
        }
        _ => scalar(node, indent, out)?,
    }
    Ok(())
}

/// Writes the value of a key: lists start at the key's own column, maps two further in.
fn entry(node: &Node, indent: usize, out: &mut String) -> Outcome<()> {
    let inner = match &node.value {
        Value::List(list) if !list.items.is_empty() => indent,
        Value::Map(map) if !map.entries.is_empty() => indent + 2,
        _ => {
            out.push(' ');
            return scalar(node, indent + 2, out);
        }
    };
    out.push('\n');
    out.push_str(&" ".repeat(inner));
    block(node, inner, out)
}

fn scalar(node: &Node, indent: usize, out: &mut String) -> Outcome<()> {
    let text: EcoString = match &node.value {
        Value::Absent => "null".into(),
        Value::Bool(truth) => eco_format!("{truth}"),
        Value::Number(number) => number_text(*number),
        Value::List(_) => "[]".into(),
        Value::Map(_) => "{}".into(),
        Value::String(_) | Value::Encoded(_) => {
            let Some(text) = encoded_text(node) else {
                return fail("the value is nested too deeply");
            };
            return literal(&text, indent, out);
        }
        Value::Unknown(unknown) => return Err(Stop::Unknown((**unknown).clone())),
        Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
    };
    out.push_str(&text);
    out.push('\n');
    Ok(())
}

/// Text of several lines is written line by line, other text in quotes.
fn literal(text: &str, indent: usize, out: &mut String) -> Outcome<()> {
    if !text.contains('\n') || text.starts_with(char::is_whitespace) {
        write_text(text, out);
        out.push('\n');
        return Ok(());
    }
    let body = text.strip_suffix('\n');
    out.push_str(match body {
        None => "|-\n",
        Some(body) if body.ends_with('\n') => "|+\n",
        Some(_) => "|\n",
    });
    for line in body.unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent.max(2)));
            out.push_str(line);
        }
        out.push('\n');
    }
    Ok(())
}
