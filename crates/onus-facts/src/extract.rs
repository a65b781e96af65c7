//! Following a path of the catalog through what a source says.

use std::sync::Arc;

use onus_catalog::Step;
use onus_model::{Choice, EcoString, List, Map, Node, Span, Unknown, Value};

use crate::{json, partial};

/// What stands at `steps` below `node`; `Absent` if nothing does. With `many`, all that stands there as one list;
/// else the first. What is not known on the way makes the result unknown, never absent.
pub(crate) fn follow(node: &Node, steps: &[Step], many: bool) -> Node {
    match &node.value {
        Value::Choice(choice) => map_choice(choice, node, |option| follow(option, steps, many)),
        Value::Encoded(inner) if !steps.is_empty() => follow(inner, steps, many),
        Value::Unknown(unknown) if !steps.is_empty() => match partial::json(unknown, node) {
            Some(tree) => follow(&tree, steps, many),
            None => below_unknown(unknown, node),
        },
        Value::List(list) if !steps.is_empty() => {
            each(list, node, many, |item| follow(item, steps, many))
        }
        Value::Map(map) => match steps.split_first() {
            None => node.clone(),
            Some((step, rest)) => {
                let Some(found) = entry(map, &step.name) else {
                    return absent_in(map, node.span);
                };
                if step.select.is_empty() {
                    return follow(found, rest, many).with_references_of(found, rest.is_empty());
                }
                let selected = select(found, &step.select);
                follow(&selected, rest, many)
            }
        },
        _ if steps.is_empty() => node.clone(),
        // A path that goes on below a text goes on in the JSON that it holds.
        Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
            follow(&json::read(text, node), steps, many)
        }
        _ => Node::new(Value::Absent, node.span),
    }
}

/// References of a value stay with it when the path ends there.
trait Referenced {
    fn with_references_of(self, found: &Node, at_end: bool) -> Node;
}

impl Referenced for Node {
    fn with_references_of(self, found: &Node, at_end: bool) -> Node {
        if at_end { self.with_references(found.references()) } else { self }
    }
}

/// The entry `name`; null counts as none.
fn entry<'a>(map: &'a Map, name: &str) -> Option<&'a Node> {
    map.entries.get(name).filter(|node| !node.is_absent())
}

fn absent_in(map: &Map, span: Span) -> Node {
    match &map.rest {
        Some(rest) => below_unknown(rest, &Node::new(Value::Absent, span)),
        None => Node::new(Value::Absent, span),
    }
}

/// Something below a value that is not known: not known either, and perhaps not set.
pub(crate) fn below_unknown(unknown: &Unknown, at: &Node) -> Node {
    let below = Unknown::new(unknown.reason, unknown.settles.clone());
    Node {
        value: Value::Unknown(Arc::new(below)),
        span: at.span,
        references: at.references.clone(),
    }
}

/// The choice with `change` applied to each option.
pub(crate) fn map_choice(choice: &Choice, node: &Node, change: impl Fn(&Node) -> Node) -> Node {
    let options =
        choice.options.iter().map(|(label, option)| (label.clone(), change(option))).collect();
    let mapped = Choice { key: choice.key.clone(), settles: choice.settles.clone(), options };
    Node {
        value: Value::Choice(Arc::new(mapped)),
        span: node.span,
        references: node.references.clone(),
    }
}

/// `get` over the elements of a list on the way.
fn each(list: &List, node: &Node, many: bool, get: impl Fn(&Node) -> Node) -> Node {
    if !many {
        for item in &list.items {
            let found = get(item);
            if !found.is_absent() {
                return found;
            }
        }
        return match &list.rest {
            Some(rest) => below_unknown(rest, node),
            None => Node::new(Value::Absent, node.span),
        };
    }
    let mut items = Vec::with_capacity(list.items.len());
    let mut rest = list.rest.clone();
    for item in &list.items {
        match get(item).value {
            Value::List(inner) => {
                items.extend(inner.items.iter().cloned());
                rest = rest.or_else(|| inner.rest.clone());
            }
            Value::Absent => {}
            value => {
                items.push(Node { value, span: item.span, references: item.references.clone() })
            }
        }
    }
    if items.is_empty() && rest.is_none() {
        return Node::new(Value::Absent, node.span);
    }
    Node::new(Value::List(Arc::new(List { items, rest })), node.span)
}

/// The elements of a list whose attributes have these values; where that cannot be told, the list goes on.
pub(crate) fn select(node: &Node, wanted: &[(EcoString, EcoString)]) -> Node {
    let single;
    let list = match &node.value {
        Value::List(list) => list,
        Value::Map(_) => {
            single = Arc::new(List { items: vec![node.clone()], rest: None });
            &single
        }
        Value::Choice(choice) => return map_choice(choice, node, |option| select(option, wanted)),
        Value::Unknown(unknown) => return below_unknown(unknown, node),
        Value::Encoded(inner) => return select(inner, wanted),
        _ => return Node::new(Value::Absent, node.span),
    };
    let mut items = Vec::new();
    let mut rest = list.rest.clone();
    for item in &list.items {
        if let Value::Choice(choice) = &item.value {
            items.push(map_choice(choice, item, |option| selected(option, wanted)));
            continue;
        }
        match matches(item, wanted) {
            Match::Yes => items.push(item.clone()),
            Match::No => {}
            Match::Perhaps(unknown) => rest = Some(unknown),
        }
    }
    Node { value: Value::List(Arc::new(List { items, rest })), span: node.span, references: None }
}

/// An element that is one option of an open choice: itself, nothing, or not known.
fn selected(option: &Node, wanted: &[(EcoString, EcoString)]) -> Node {
    if let Value::Choice(choice) = &option.value {
        return map_choice(choice, option, |inner| selected(inner, wanted));
    }
    match matches(option, wanted) {
        Match::Yes => option.clone(),
        Match::No => Node::new(Value::Absent, option.span),
        Match::Perhaps(unknown) => below_unknown(&unknown, option),
    }
}

/// Whether attributes have the wanted values.
pub(crate) enum Match {
    Yes,
    No,
    Perhaps(Arc<Unknown>),
}

/// Whether the attributes of `item` have these values, compared as text.
pub(crate) fn matches(item: &Node, wanted: &[(EcoString, EcoString)]) -> Match {
    let mut perhaps = None;
    for (key, value) in wanted {
        let Value::Map(map) = &item.value else {
            return match &item.value {
                Value::Unknown(unknown) => Match::Perhaps(unknown.clone()),
                _ => Match::No,
            };
        };
        match map.entries.get(key).map(|node| &node.value) {
            Some(Value::String(text)) if text == value => {}
            Some(Value::Bool(flag)) if (if *flag { "true" } else { "false" }) == value => {}
            Some(Value::Number(number)) if number.to_string() == value.as_str() => {}
            Some(Value::Unknown(unknown)) => perhaps = Some(unknown.clone()),
            Some(Value::Choice(choice)) => {
                let unknown = Unknown::new(onus_model::Reason::Input, choice.settles.clone());
                perhaps = Some(Arc::new(unknown));
            }
            None if map.rest.is_some() => perhaps.clone_from(&map.rest),
            _ => return Match::No,
        }
    }
    perhaps.map_or(Match::Yes, Match::Perhaps)
}
