//! Values that depend on what is not decided: functions over them, kept within bounds.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{Choice, List, Map, Node, Reason, Span, Unknown, Value};

/// How many ways one value may go.
pub(crate) const MAX_LEAVES: usize = 64;

/// What `function` gives for `arguments`, for each way that the choices among them may go together.
pub(crate) fn over(
    arguments: Vec<Node>,
    span: Span,
    function: &mut dyn FnMut(&[Node]) -> Node,
) -> Node {
    let settles = match arguments.iter().find_map(first_choice) {
        None => return function(&arguments),
        Some(choice) => choice.settles.clone(),
    };
    let references: Vec<_> = arguments.iter().flat_map(|one| one.references()).cloned().collect();
    let mut leaves = 0;
    distribute(&arguments, span, &mut leaves, function).unwrap_or_else(|| {
        Node::unknown(Unknown::new(Reason::Limit, settles), span).with_references(&references)
    })
}

fn distribute(
    arguments: &[Node],
    span: Span,
    leaves: &mut usize,
    function: &mut dyn FnMut(&[Node]) -> Node,
) -> Option<Node> {
    let Some(choice) = arguments.iter().find_map(first_choice) else {
        *leaves += 1;
        return (*leaves <= MAX_LEAVES).then(|| function(arguments));
    };
    let mut options = Vec::with_capacity(choice.options.len());
    for (label, _) in &choice.options {
        let decided: Vec<Node> =
            arguments.iter().map(|one| restrict(one, &choice.key, label)).collect();
        options.push((label.clone(), distribute(&decided, span, leaves, function)?));
    }
    Some(choose(choice.key.clone(), choice.settles.clone(), options, span))
}

/// The first choice that decides what an argument is: itself, or an element of a list.
fn first_choice(node: &Node) -> Option<&Arc<Choice>> {
    match &node.value {
        Value::Choice(choice) => Some(choice),
        Value::List(list) => list.items.iter().find_map(|item| match &item.value {
            Value::Choice(choice) => Some(choice),
            _ => None,
        }),
        _ => None,
    }
}

/// A choice, or its value where all options agree on a plain one.
pub(crate) fn choose(
    key: EcoString,
    settles: EcoString,
    options: Vec<(EcoString, Node)>,
    span: Span,
) -> Node {
    let plain = |value: &Value| {
        matches!(value, Value::Absent | Value::Bool(_) | Value::Number(_) | Value::String(_))
    };
    if let Some(((_, first), others)) = options.split_first()
        && plain(&first.value)
        && others.iter().all(|(_, other)| other.value == first.value)
    {
        return first.clone();
    }
    Node::new(Value::Choice(Arc::new(Choice { key, settles, options })), span)
}

/// `then` or `otherwise`, as `test` (a truth value, possibly by choices) decides.
pub(crate) fn pick(test: &Node, then: &Node, otherwise: &Node, span: Span) -> Node {
    match &test.value {
        Value::Bool(true) => then.clone(),
        Value::Bool(false) => otherwise.clone(),
        Value::Choice(choice) => {
            let options = choice.options.iter().map(|(label, option)| {
                let then = restrict(then, &choice.key, label);
                let otherwise = restrict(otherwise, &choice.key, label);
                (label.clone(), pick(option, &then, &otherwise, span))
            });
            choose(choice.key.clone(), choice.settles.clone(), options.collect(), span)
        }
        _ => Node::unknown(Unknown::new(Reason::Invalid, "the condition of `Fn::If`"), span),
    }
}

/// How many ways a choice may go.
pub(crate) fn leaves(node: &Node) -> usize {
    match &node.value {
        Value::Choice(choice) => {
            choice.options.iter().map(|(_, option)| leaves(option)).fold(0, usize::saturating_add)
        }
        _ => 1,
    }
}

/// `node` when the choice `key` falls on `label`.
pub(crate) fn restrict(node: &Node, key: &str, label: &str) -> Node {
    if !depends(node, key) {
        return node.clone();
    }
    restricted(node, key, label).unwrap_or_else(|| node.clone())
}

fn depends(node: &Node, key: &str) -> bool {
    match &node.value {
        Value::Choice(choice) => {
            choice.key == key || choice.options.iter().any(|(_, option)| depends(option, key))
        }
        Value::List(list) => list.items.iter().any(|item| depends(item, key)),
        Value::Map(map) => map.entries.values().any(|entry| depends(entry, key)),
        Value::Encoded(inner) => depends(inner, key),
        _ => false,
    }
}

/// The same, `None` when nothing in `node` depends on it.
fn restricted(node: &Node, key: &str, label: &str) -> Option<Node> {
    let value = match &node.value {
        Value::Choice(choice) if choice.key == key => {
            let option = choice.options.iter().find(|(name, _)| name == label);
            let Some((_, option)) = option else {
                let unknown = Unknown::new(Reason::Invalid, choice.settles.clone());
                return Some(Node { value: Value::Unknown(Arc::new(unknown)), ..node.clone() });
            };
            return Some(restrict(option, key, label).with_references(node.references()));
        }
        Value::Choice(choice) => {
            let pairs = choice.options.iter().map(|(name, option)| (name.clone(), option));
            let options = rebuilt(pairs, key, label)?;
            let choice = Choice { options, ..choice.as_ref().clone() };
            Value::Choice(Arc::new(choice))
        }
        Value::List(list) => {
            let pairs = list.items.iter().map(|item| ((), item));
            let items = rebuilt(pairs, key, label)?;
            let items = items.into_iter().map(|((), item)| item).collect();
            Value::List(Arc::new(List { items, rest: list.rest.clone() }))
        }
        Value::Map(map) => {
            let entries =
                rebuilt(map.entries.iter().map(|(name, entry)| (name.clone(), entry)), key, label)?;
            let entries = entries.into_iter().collect();
            Value::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
        }
        Value::Encoded(inner) => Value::Encoded(Arc::new(restricted(inner, key, label)?)),
        Value::Absent
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(_) => return None,
    };
    Some(Node { value, ..node.clone() })
}

/// Each node restricted; `None` when none of them depends on the choice.
fn rebuilt<'a, K>(
    pairs: impl Iterator<Item = (K, &'a Node)>,
    key: &str,
    label: &str,
) -> Option<Vec<(K, Node)>> {
    let mut changed = false;
    let mut all = Vec::with_capacity(pairs.size_hint().0);
    for (name, node) in pairs {
        let new = restricted(node, key, label);
        changed |= new.is_some();
        all.push((name, new.unwrap_or_else(|| node.clone())));
    }
    changed.then_some(all)
}
