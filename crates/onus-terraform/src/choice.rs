//! Working on values that are one of several: for each way that they may turn out.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{Choice, Diagnostic, Node, Reason, Span, Unknown, Value};

/// The most ways that one value may turn out; beyond it is given up as unknown.
pub(crate) const MAX_OPTIONS: usize = 32;

/// Work on values of which none is a choice.
type Work<'w> = dyn FnMut(&[Node]) -> Result<Node, Box<Diagnostic>> + 'w;

/// The result of `work` on `nodes`, none of which is a choice then. When some are, the result is a
/// choice over their decisions. An option for which `work` fails stays, as invalid, unless all fail.
pub(crate) fn over(
    nodes: &[Node],
    span: Span,
    work: &mut Work<'_>,
) -> Result<Node, Box<Diagnostic>> {
    if !nodes.iter().any(|node| matches!(node.value, Value::Choice(_))) {
        return work(nodes);
    }
    let mut budget = MAX_OPTIONS;
    each(nodes, span, work, &mut budget)
}

fn each(
    nodes: &[Node],
    span: Span,
    work: &mut Work<'_>,
    budget: &mut usize,
) -> Result<Node, Box<Diagnostic>> {
    let Some(choice) = nodes.iter().find_map(|node| match &node.value {
        Value::Choice(choice) => Some(choice.clone()),
        _ => None,
    }) else {
        return work(nodes);
    };
    let Some(left) = budget.checked_sub(choice.options.len().saturating_sub(1)) else {
        return Ok(Node::unknown(Unknown::new(Reason::Limit, choice.settles.clone()), span));
    };
    *budget = left;
    let mut options = Vec::with_capacity(choice.options.len());
    let mut failure = None;
    let mut succeeded = false;
    for (label, _) in &choice.options {
        let decided: Vec<Node> =
            nodes.iter().map(|node| decide(node.clone(), &choice.key, label)).collect();
        match each(&decided, span, work, budget) {
            Ok(node) => {
                succeeded = true;
                options.push((label.clone(), node));
            }
            Err(error) => {
                let settles = if error.message.contains(NOTHING_THERE) {
                    NOTHING_THERE.into()
                } else {
                    choice.settles.clone()
                };
                failure = Some(error);
                let unknown = Unknown::new(Reason::Invalid, settles);
                options.push((label.clone(), Node::unknown(unknown, span)));
            }
        }
    }
    match failure {
        Some(error) if !succeeded => Err(error),
        _ => Ok(join(choice.key.clone(), choice.settles.clone(), options, span)),
    }
}

/// A choice of these options; the one value when they are all equal.
pub(crate) fn join(
    key: EcoString,
    settles: EcoString,
    options: Vec<(EcoString, Node)>,
    span: Span,
) -> Node {
    let options: Vec<(EcoString, Node)> = options
        .into_iter()
        .map(|(label, node)| {
            let node = decide(node, &key, &label);
            (label, node)
        })
        .collect();
    if let Some((_, first)) = options.first()
        && options.iter().all(|(_, node)| node.value == first.value)
    {
        let first = first.clone();
        return options.iter().fold(first, |all, (_, node)| all.with_references(node.references()));
    }
    if options.iter().map(|(_, node)| leaves(node)).sum::<usize>() > MAX_OPTIONS {
        return Node::unknown(Unknown::new(Reason::Limit, settles), span);
    }
    Node::new(Value::Choice(Arc::new(Choice { key, settles, options })), span)
}

/// True or false, not known which.
pub(crate) fn truth(key: EcoString, settles: EcoString, span: Span) -> Node {
    let options = [("true", true), ("false", false)]
        .map(|(label, truth)| (label.into(), Node::new(Value::Bool(truth), span)))
        .into();
    Node::new(Value::Choice(Arc::new(Choice { key, settles, options })), span)
}

/// A node in the case that the choice `key` goes the way `label`, as far as choices are on its top.
pub(crate) fn decide(node: Node, key: &str, label: &str) -> Node {
    let Value::Choice(choice) = &node.value else { return node };
    if choice.key != key {
        return node;
    }
    match choice.options.iter().find(|(own, _)| own == label) {
        Some((_, option)) => decide(option.clone(), key, label).with_references(node.references()),
        None => node,
    }
}

/// The number of ways that the top of a node may turn out.
fn leaves(node: &Node) -> usize {
    match &node.value {
        Value::Choice(choice) => choice.options.iter().map(|(_, option)| leaves(option)).sum(),
        _ => 1,
    }
}

/// How a message begins when an element or instance is asked for that does not exist. Terraform refuses
/// such a configuration, so that a way that leads there is none that things can turn out.
pub(crate) const NOTHING_THERE: &str = "there is nothing there";

/// A value without the ways in which Terraform would refuse the configuration because something is not
/// there. To be used where `try` can no longer catch the refusal.
pub(crate) fn prune(node: Node) -> Node {
    let mut any = false;
    node.walk(&mut |below| any |= is_nothing(below));
    if any { pruned(node) } else { node }
}

fn pruned(node: Node) -> Node {
    let Node { value, span, references } = node;
    let value = match value {
        Value::Choice(choice) => {
            let options = choice.options.iter().filter(|(_, option)| !is_nothing(option));
            let kept: Vec<(EcoString, Node)> = options
                .map(|(label, option)| (label.clone(), pruned(option.clone())))
                .filter(|(_, option)| !is_nothing(option))
                .collect();
            if kept.is_empty() {
                let unknown = Unknown::new(Reason::Invalid, NOTHING_THERE);
                return Node { value: Value::Unknown(Arc::new(unknown)), span, references };
            }
            let joined = join(choice.key.clone(), choice.settles.clone(), kept, span);
            return joined.with_references(references.as_deref().map_or(&[], Vec::as_slice));
        }
        Value::List(mut list) => {
            for item in &mut Arc::make_mut(&mut list).items {
                *item = pruned(std::mem::take(item));
            }
            Value::List(list)
        }
        Value::Map(mut map) => {
            for entry in Arc::make_mut(&mut map).entries.values_mut() {
                *entry = pruned(std::mem::take(entry));
            }
            Value::Map(map)
        }
        Value::Encoded(inner) => Value::Encoded(Arc::new(pruned((*inner).clone()))),
        other => other,
    };
    Node { value, span, references }
}

fn is_nothing(node: &Node) -> bool {
    matches!(&node.value, Value::Unknown(unknown)
        if unknown.reason == Reason::Invalid && unknown.settles == NOTHING_THERE)
}
