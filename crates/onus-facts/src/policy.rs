//! IAM policy documents as facts: statements with lists where the language allows one or many.

use std::sync::Arc;

use onus_model::{EcoString, List, Node, Reason, Span, Unknown, Value, eco_format};

use crate::extract::{below_unknown, map_choice};
use crate::json;
use crate::partial;

/// A policy document (an object, its JSON text, or its encoding) in the shape of [`onus_catalog::policy_type`].
pub(crate) fn read(node: &Node) -> Node {
    let read = match &node.value {
        Value::Map(_) => document(node),
        Value::Encoded(inner) => read(inner),
        Value::String(text) if text.is_empty() => Node::new(Value::Absent, node.span),
        Value::String(text) => {
            let tree = json::read(text, node);
            if matches!(tree.value, Value::Map(_)) { document(&tree) } else { tree }
        }
        Value::Choice(choice) => map_choice(choice, node, read),
        Value::Unknown(unknown) => match partial::json(unknown, node) {
            Some(tree) => return read(&tree),
            None => return node.clone(),
        },
        Value::Absent => return node.clone(),
        _ => invalid(node, "a policy document"),
    };
    read.with_references(node.references())
}

fn invalid(node: &Node, wanted: &str) -> Node {
    Node::unknown(
        Unknown::set(Reason::Invalid, eco_format!("a value that is {wanted} here")),
        node.span,
    )
}

fn document(node: &Node) -> Node {
    let statements = match node.get("Statement") {
        Some(statements) => each(statements, statement),
        None => match node.as_map().and_then(|map| map.rest.clone()) {
            Some(rest) => below_unknown(&rest, node),
            None => Node::list(Vec::new(), node.span),
        },
    };
    Node::map([("statements".into(), statements)], node.span)
}

/// One or many, as a list.
fn each(node: &Node, change: impl Fn(&Node) -> Node + Copy) -> Node {
    let (items, rest) = match &node.value {
        Value::Absent => (Vec::new(), None),
        Value::List(list) => (list.items.iter().map(change).collect(), list.rest.clone()),
        // A partly known text, or an attribute of another resource, stands for itself; all else may be many.
        Value::Unknown(unknown)
            if unknown.pieces.is_empty()
                && !(unknown.reason == Reason::Computed && node.references.is_some()) =>
        {
            (Vec::new(), Some(unknown.clone()))
        }
        Value::Choice(choice) => return map_choice(choice, node, |option| each(option, change)),
        _ => (vec![change(node)], None),
    };
    Node {
        value: Value::List(Arc::new(List { items, rest })),
        span: node.span,
        references: node.references.clone(),
    }
}

fn statement(node: &Node) -> Node {
    match &node.value {
        Value::Map(_) => {}
        Value::Choice(choice) => return map_choice(choice, node, statement),
        Value::Unknown(_) | Value::Absent => return node.clone(),
        _ => return invalid(node, "a statement"),
    }
    let texts = |key: &str| {
        node.get(key).map_or_else(|| Node::list(Vec::new(), node.span), |found| each(found, text))
    };
    let scalar = |key: &str| node.get(key).cloned().unwrap_or(Node::new(Value::Absent, node.span));
    let who =
        |key: &str| node.get(key).map_or_else(|| Node::list(Vec::new(), node.span), principals);
    let entries: [(EcoString, Node); 9] = [
        ("sid".into(), scalar("Sid")),
        ("effect".into(), scalar("Effect")),
        ("principals".into(), who("Principal")),
        ("not_principals".into(), who("NotPrincipal")),
        ("actions".into(), texts("Action")),
        ("not_actions".into(), texts("NotAction")),
        ("resources".into(), texts("Resource")),
        ("not_resources".into(), texts("NotResource")),
        ("conditions".into(), conditions(node)),
    ];
    Node::map(entries, node.span)
}

/// Text as it is, or as far as it is known.
fn text(node: &Node) -> Node {
    partial::arn(node).unwrap_or_else(|| node.clone())
}

/// `*`, or `Kind:value` for each value of each kind.
fn principals(node: &Node) -> Node {
    match &node.value {
        Value::Map(map) => {
            let mut items = Vec::new();
            let mut rest = map.rest.clone();
            for (kind, values) in &map.entries {
                // Of these kinds nothing is the bare `*`, however many there turn out to be.
                let values = match &values.value {
                    Value::Unknown(_) if kind != "AWS" => {
                        &Node::list(vec![values.clone()], values.span)
                    }
                    _ => values,
                };
                let named = each(values, |value| principal(kind, value));
                match &named.value {
                    Value::List(list) => {
                        items.extend(list.items.iter().cloned());
                        rest = rest.or_else(|| list.rest.clone());
                    }
                    Value::Choice(choice) => {
                        rest = rest.or_else(|| {
                            Some(Arc::new(Unknown::new(Reason::Input, choice.settles.clone())))
                        });
                    }
                    _ => {}
                }
            }
            Node::new(Value::List(Arc::new(List { items, rest })), node.span)
        }
        Value::Choice(choice) => map_choice(choice, node, principals),
        _ => each(node, Node::clone),
    }
}

fn principal(kind: &str, node: &Node) -> Node {
    match &node.value {
        Value::String(text) if text == "*" && kind == "AWS" => node.clone(),
        Value::String(text) => {
            Node { value: Value::String(eco_format!("{kind}:{text}")), ..node.clone() }
        }
        Value::Number(number) => {
            Node { value: Value::String(eco_format!("{kind}:{number}")), ..node.clone() }
        }
        Value::Choice(choice) => map_choice(choice, node, |option| principal(kind, option)),
        Value::Unknown(_) if partial::arn(node).is_some_and(|shaped| shaped != *node) => {
            principal(kind, &partial::arn(node).unwrap_or_else(|| node.clone()))
        }
        Value::Unknown(unknown) => {
            let mut prefixed = unknown.as_ref().clone();
            // What another resource's attribute or a template gives is a principal of its own, never the bare `*`.
            if !prefixed.pieces.is_empty() {
                prefixed.pieces.insert(0, onus_model::Piece::Text(eco_format!("{kind}:")));
            } else if kind != "AWS"
                || node.references.is_some()
                || prefixed.reason == Reason::Lookup
            {
                prefixed.pieces =
                    vec![onus_model::Piece::Text(eco_format!("{kind}:")), onus_model::Piece::Hole];
            }
            Node { value: Value::Unknown(Arc::new(prefixed)), ..node.clone() }
        }
        _ => node.clone(),
    }
}

fn conditions(node: &Node) -> Node {
    let Some(block) = node.get("Condition") else { return Node::list(Vec::new(), node.span) };
    let Value::Map(operators) = &block.value else {
        let rest = match &block.value {
            Value::Unknown(unknown) => Some(unknown.clone()),
            _ => None,
        };
        return Node::new(Value::List(Arc::new(List { items: Vec::new(), rest })), block.span);
    };
    let mut items = Vec::new();
    let mut rest = operators.rest.clone();
    for (operator, keys) in &operators.entries {
        match &keys.value {
            Value::Map(keys) => {
                rest = rest.or_else(|| keys.rest.clone());
                for (key, values) in &keys.entries {
                    items.push(condition(operator, key, values));
                }
            }
            Value::Unknown(unknown) => rest = Some(unknown.clone()),
            _ => {}
        }
    }
    Node::new(Value::List(Arc::new(List { items, rest })), block.span)
}

fn condition(operator: &EcoString, key: &EcoString, values: &Node) -> Node {
    let span: Span = values.span;
    let text = |value: &Node| match &value.value {
        Value::Unknown(_) => text(value),
        Value::Bool(flag) => Node { value: Value::String(eco_format!("{flag}")), ..value.clone() },
        Value::Number(number) => {
            Node { value: Value::String(eco_format!("{number}")), ..value.clone() }
        }
        _ => value.clone(),
    };
    Node::map(
        [
            ("operator".into(), Node::string(operator.clone(), span)),
            ("key".into(), Node::string(key.clone(), span)),
            ("values".into(), each(values, text)),
        ],
        span,
    )
}
