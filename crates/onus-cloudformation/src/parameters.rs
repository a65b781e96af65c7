//! What a parameter is: given, by default, one of several, or not known.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Choice, Node, Reason, Span, Unknown, Value};

use crate::choices::{self, MAX_LEAVES};
use crate::text;

/// The value of the parameter `name`, declared by `declaration`, when `given` or not. `name` is as
/// people tell it from the parameters of other stacks: `Env`, `Nested/Env`.
pub(crate) fn value(name: &str, declaration: &Node, given: Option<&Node>) -> Node {
    let span = declaration.span;
    let kind = declaration.get("Type").and_then(Node::as_str).unwrap_or("String");
    let list = kind == "CommaDelimitedList" || kind.contains("List<");
    let settles = eco_format!("parameter {name}");
    let secret = declaration.get("NoEcho").is_some_and(is_true);
    if kind.starts_with("AWS::SSM::Parameter::Value<") {
        return Node::unknown(Unknown::set(Reason::Lookup, settles), span);
    }
    let value = given.or_else(|| declaration.get("Default")).filter(|node| !node.is_absent());
    if let Some(value) = value {
        let hidden = match &value.value {
            Value::Unknown(_) => false,
            Value::String(text) => !text.is_empty(),
            _ => true,
        };
        if secret && hidden {
            return Node::new(Value::redacted(), value.span).with_references(value.references());
        }
        return if list { split(value) } else { value.clone() };
    }
    if !list
        && !secret
        && let Some(choice) = allowed(declaration, &settles)
    {
        return choice;
    }
    let number = |key| match declaration.get(key).map(|node| &node.value) {
        Some(Value::Number(number)) => *number,
        Some(Value::String(text)) => text.parse().unwrap_or(0.0),
        _ => 0.0,
    };
    let unknown = if kind == "String" && number("MinLength") < 1.0 {
        Unknown::new(Reason::Input, settles)
    } else {
        Unknown::set(Reason::Input, settles)
    };
    Node::unknown(unknown, span)
}

fn is_true(node: &Node) -> bool {
    match &node.value {
        Value::Bool(value) => *value,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

fn allowed(declaration: &Node, settles: &EcoString) -> Option<Node> {
    let values = declaration.get("AllowedValues")?.as_list()?;
    if values.items.is_empty() || values.items.len() > MAX_LEAVES || values.rest.is_some() {
        return None;
    }
    let options: Option<Vec<_>> =
        values.items.iter().map(|item| Some((text::of(item)?, item.clone()))).collect();
    let options = options?;
    if let [(_, only)] = options.as_slice() {
        return Some(only.clone());
    }
    let choice = Choice { key: settles.clone(), settles: settles.clone(), options };
    Some(Node::new(Value::Choice(Arc::new(choice)), declaration.span))
}

/// The list that the text of a list parameter stands for.
fn split(value: &Node) -> Node {
    choices::over(vec![value.clone()], value.span, &mut |values| {
        let Some(value) = values.first() else { return Node::default() };
        let Some(text) = text::of(value) else { return value.clone() };
        let items = text.split(',').map(|item| Node::string(item.trim(), value.span)).collect();
        Node::list(items, value.span)
    })
}

/// The value of a pseudo parameter; `None` when there is none of this name.
pub(crate) fn pseudo(name: &str, region: &Node, span: Span) -> Option<Node> {
    let set = |reason| Some(Node::unknown(Unknown::set(reason, name), span));
    match name {
        "AWS::NoValue" => Some(Node::new(Value::Absent, span)),
        "AWS::Region" => Some(Node { span, ..region.clone() }),
        "AWS::AccountId" | "AWS::Partition" | "AWS::StackName" | "AWS::URLSuffix" => {
            set(Reason::Input)
        }
        "AWS::StackId" => set(Reason::Computed),
        "AWS::NotificationARNs" => Some(Node::unknown(Unknown::new(Reason::Input, name), span)),
        _ => None,
    }
}
