//! What a source says to what a fact's type wants.

use std::sync::Arc;

use onus_catalog::{FactType, Place};
use onus_model::{EcoString, List, Node, Reason, Unknown, Value, eco_format};

use crate::extract::{Match, below_unknown, follow, map_choice, matches, select};
use crate::json::{self, mismatch};
use crate::partial;
use crate::policy;
use crate::scope_index::is_generated;
use crate::secrets;

/// The value of a place below `attributes`, as the type wants it; `Absent` if nothing is written there.
pub(crate) fn take(place: &Place, ty: &FactType, attributes: &Node) -> Node {
    let many = matches!(ty, FactType::List(_)) && !place.present;
    let mut found = follow(attributes, &place.path.steps, many);
    if is_left_to_aws(&found, place, ty) {
        return Node::new(Value::Absent, found.span);
    }
    if !place.filter.is_empty() && place.from.is_none() {
        found = select(&found, &place.filter);
    }
    if place.present {
        return flip(presence(&found), place.not);
    }
    if place.entries {
        return entries(&follow(attributes, &place.path.steps, false), ty);
    }
    if place.secrets {
        return secrets::find(&follow(attributes, &place.path.steps, false));
    }
    if !place.values.is_empty() {
        found = translate(&found, &place.values);
    }
    let typed = existing(convert(&found, ty, place), place);
    if matches!(ty, FactType::Bool) { flip(typed, place.not) } else { typed }
}

/// A plan says of each attribute that nobody configured that it is known after apply: what AWS fills in is its default.
/// Only of plain attributes can that be told; a block may come from a `dynamic` one, which plans do not show.
fn is_left_to_aws(node: &Node, place: &Place, ty: &FactType) -> bool {
    let plain =
        matches!(ty, FactType::Bool | FactType::Number | FactType::String | FactType::Policy);
    let unconfigured = matches!(&node.value, Value::Unknown(unknown)
        if unknown.reason == Reason::Computed && !unknown.set && unknown.pieces.is_empty());
    plain && unconfigured && place.path.steps.len() == 1 && node.references().is_empty()
}

/// An id that is given as input is that of something that exists already: nothing of the same configuration.
fn existing(node: Node, place: &Place) -> Node {
    let last = place.path.steps.last().map_or("", |step| step.name.as_str());
    match &node.value {
        Value::Unknown(unknown) if unknown.reason == Reason::Input && is_generated(last) => {
            let known = Unknown { reason: Reason::Lookup, ..unknown.as_ref().clone() };
            Node { value: Value::Unknown(Arc::new(known)), ..node }
        }
        _ => node,
    }
}

/// The entries of an object as records of `key` and `value`.
fn entries(node: &Node, ty: &FactType) -> Node {
    let typed = match ty {
        FactType::List(inner) => inner,
        other => other,
    };
    match &node.value {
        Value::Map(map) => {
            let made =
                map.entries.iter().filter(|(_, value)| !value.is_absent()).map(|(key, value)| {
                    let fields = [
                        ("key".into(), Node::string(key.clone(), value.span)),
                        ("value".into(), value.clone()),
                    ];
                    let record = Node::map(fields, value.span);
                    let read = Place { fields: pair(), ..Place::default() };
                    convert(&record, typed, &read)
                });
            let list = List { items: made.collect(), rest: map.rest.clone() };
            Node {
                value: Value::List(Arc::new(list)),
                span: node.span,
                references: node.references.clone(),
            }
        }
        Value::List(list) => {
            let joined =
                list.items.iter().map(|item| entries(item, ty)).filter(|item| !item.is_absent());
            joined.reduce(join).unwrap_or(Node::new(Value::Absent, node.span))
        }
        Value::Choice(choice) => map_choice(choice, node, |option| entries(option, ty)),
        Value::Encoded(inner) => entries(inner, ty),
        Value::Unknown(unknown) => {
            let list = List { items: Vec::new(), rest: Some(unknown.clone()) };
            Node { value: Value::List(Arc::new(list)), ..node.clone() }
        }
        _ => Node::new(Value::Absent, node.span),
    }
}

/// The places of `key` and `value` in a record that has just them.
fn pair() -> Vec<Vec<Place>> {
    let place = |name: &str| {
        let step = onus_catalog::Step { name: name.into(), select: Vec::new() };
        vec![Place { path: onus_catalog::Path { steps: vec![step] }, ..Place::default() }]
    };
    vec![place("key"), place("value")]
}

/// Whether a part counts for a place that wants only some of them.
pub(crate) fn counts(place: &Place, attributes: &Node) -> Match {
    if place.from.is_some() { matches(attributes, &place.filter) } else { Match::Yes }
}

fn presence(node: &Node) -> Node {
    let set = match &node.value {
        Value::Absent => false,
        Value::String(text) => !text.is_empty(),
        Value::List(list) if list.items.iter().all(Node::is_absent) => match &list.rest {
            Some(rest) => return below_unknown(rest, node),
            None => false,
        },
        Value::Unknown(unknown) if unknown.set => true,
        Value::Unknown(_) => return node.clone(),
        Value::Choice(choice) => return map_choice(choice, node, presence),
        _ => true,
    };
    Node { value: Value::Bool(set), span: node.span, references: None }
}

fn flip(node: Node, not: bool) -> Node {
    match &node.value {
        Value::Bool(value) if not => Node { value: Value::Bool(!value), ..node },
        Value::Choice(choice) if not => {
            map_choice(&choice.clone(), &node, |option| flip(option.clone(), true))
        }
        _ => node,
    }
}

fn translate(node: &Node, values: &[(EcoString, EcoString)]) -> Node {
    match &node.value {
        Value::List(list) => {
            let items = list.items.iter().map(|item| translate(item, values)).collect();
            Node {
                value: Value::List(Arc::new(List { items, rest: list.rest.clone() })),
                ..node.clone()
            }
        }
        Value::Choice(choice) => map_choice(choice, node, |option| translate(option, values)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let spelled = spell(&node.value);
            match values.iter().find(|(from, _)| *from == spelled) {
                Some((_, to)) => Node { value: Value::String(to.clone()), ..node.clone() },
                None => node.clone(),
            }
        }
        _ => node.clone(),
    }
}

/// A scalar as text.
fn spell(value: &Value) -> EcoString {
    match value {
        Value::Bool(value) => eco_format!("{value}"),
        Value::Number(value) => eco_format!("{value}"),
        Value::String(text) => text.clone(),
        _ => EcoString::new(),
    }
}

fn convert(node: &Node, ty: &FactType, place: &Place) -> Node {
    let value = match (&node.value, ty) {
        (Value::Absent, _) => Value::Absent,
        (Value::Choice(choice), _) => {
            return map_choice(choice, node, |option| convert(option, ty, place));
        }
        // JSON is text where text is wanted, and what it encodes elsewhere.
        (Value::Encoded(_), FactType::String) => return node.clone(),
        (Value::Encoded(inner), _) if !matches!(ty, FactType::Policy) => {
            return convert(inner, ty, place);
        }
        (_, FactType::List(inner)) => return list(node, inner, place),
        (Value::List(list), _) => return first(list, node, ty, place),
        (_, FactType::Policy) => return policy::read(node),
        (Value::String(text), FactType::Record(_)) => {
            return convert(&json::read(text, node), ty, place);
        }
        (Value::Unknown(unknown), FactType::Record(_)) => {
            return partial::json(unknown, node)
                .map_or_else(|| node.clone(), |tree| convert(&tree, ty, place));
        }
        (Value::Unknown(_), FactType::String) => {
            return partial::arn(node).unwrap_or_else(|| node.clone());
        }
        (Value::Unknown(_), _) => return node.clone(),
        (Value::Map(_), FactType::Record(fields)) => return record(node, fields, place),
        (Value::String(text), _) if text.is_empty() => Value::Absent,
        (Value::Bool(_), FactType::Bool) | (Value::Number(_), FactType::Number) => {
            node.value.clone()
        }
        (Value::String(text), FactType::Bool) => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return mismatch(node, "true or false"),
        },
        (Value::String(text), FactType::Number) => match text.trim().parse() {
            Ok(number) => Value::Number(number),
            Err(_) => return mismatch(node, "a number"),
        },
        (Value::Bool(_) | Value::Number(_) | Value::String(_), FactType::String) => {
            Value::String(spell(&node.value))
        }
        (_, FactType::Bool) => return mismatch(node, "true or false"),
        (_, FactType::Number) => return mismatch(node, "a number"),
        (_, FactType::String) => return mismatch(node, "text"),
        (_, FactType::Record(_)) => return mismatch(node, "an object"),
    };
    Node { value, ..node.clone() }
}

/// One element stands for the list; lists of lists are joined.
fn list(node: &Node, inner: &FactType, place: &Place) -> Node {
    let mut items = Vec::new();
    let mut rest = None;
    match &node.value {
        Value::List(list) => {
            rest = list.rest.clone();
            for item in &list.items {
                collect(item, inner, place, &mut items, &mut rest);
            }
        }
        _ => collect(node, inner, place, &mut items, &mut rest),
    }
    Node {
        value: Value::List(Arc::new(List { items, rest })),
        span: node.span,
        references: node.references.clone(),
    }
}

fn collect(
    item: &Node,
    inner: &FactType,
    place: &Place,
    items: &mut Vec<Node>,
    rest: &mut Option<Arc<Unknown>>,
) {
    match (&item.value, inner) {
        (Value::List(list), _) => {
            *rest = rest.take().or_else(|| list.rest.clone());
            for item in &list.items {
                collect(item, inner, place, items, rest);
            }
        }
        (Value::String(text), FactType::Record(_)) => {
            let decoded = json::read(text, item);
            match &decoded.value {
                Value::List(_) => collect(&decoded, inner, place, items, rest),
                _ => items.push(convert(&decoded, inner, place)),
            }
        }
        (Value::Encoded(decoded), FactType::Record(_))
            if matches!(decoded.value, Value::List(_)) =>
        {
            collect(decoded, inner, place, items, rest);
        }
        // A partly known text is one element. What else is not known may be a list of any length; if it is an
        // attribute of another resource, of one element at least.
        (Value::Unknown(unknown), FactType::Record(_)) if !unknown.pieces.is_empty() => {
            match partial::json(unknown, item) {
                Some(tree) => collect(&tree, inner, place, items, rest),
                None => *rest = Some(unknown.clone()),
            }
        }
        (Value::Unknown(_), FactType::Policy) => items.push(policy::read(item)),
        (Value::Unknown(_), FactType::String) if partial::arn(item).is_some() => {
            items.extend(partial::arn(item));
        }
        (Value::Unknown(unknown), _) => {
            let text = !unknown.pieces.is_empty()
                || (matches!(inner, FactType::String) && is_one_text(item));
            if text || (unknown.set && unknown.reason == Reason::Computed) {
                items.push(item.clone());
            }
            if !text {
                *rest = Some(unknown.clone());
            }
        }
        (Value::Absent, _) => {}
        _ => match convert(item, inner, place) {
            absent if absent.is_absent() => {}
            typed => items.push(typed),
        },
    }
}

/// Whether what is not known is an attribute that is one text by its name, or the name of a resource.
fn is_one_text(item: &Node) -> bool {
    const ENDINGS: [&str; 8] = ["id", "arn", "name", "result", "password", "secret", "url", "uri"];
    let [reference] = item.references() else { return false };
    // Its result is a list.
    if reference.target.contains("random_shuffle.") {
        return false;
    }
    let attribute = reference.attribute.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    attribute.is_empty() || ENDINGS.iter().any(|ending| attribute.ends_with(ending))
}

fn first(list: &List, node: &Node, ty: &FactType, place: &Place) -> Node {
    let none = match &list.rest {
        Some(rest) => below_unknown(rest, node),
        None => Node::new(Value::Absent, node.span),
    };
    // An element that may not be there gives way to the next one.
    let certain = list.items.iter().position(|item| match &item.value {
        Value::Absent => false,
        Value::Choice(choice) => choice.options.iter().all(|(_, option)| !option.is_absent()),
        _ => true,
    });
    let looked_at = list.items.get(..=certain.unwrap_or(list.items.len())).unwrap_or(&list.items);
    let last = if certain.is_some() { Node::new(Value::Absent, node.span) } else { none };
    looked_at.iter().rev().fold(last, |next, item| prefer(convert(item, ty, place), next))
}

fn record(node: &Node, fields: &[(EcoString, FactType)], place: &Place) -> Node {
    let entries = fields.iter().zip(&place.fields).map(|((name, ty), places)| {
        let mut taken = Vec::with_capacity(places.len());
        for place in places {
            taken.push(take(place, ty, node));
        }
        (name.clone(), merge(taken, ty, node))
    });
    let mut made = Node::map(entries, node.span);
    made.references = node.references.clone();
    made
}

/// Several places of one fact: lists are joined, of anything else the first that is set wins.
pub(crate) fn merge(taken: Vec<Node>, ty: &FactType, at: &Node) -> Node {
    if !matches!(ty, FactType::List(_)) {
        let mut chosen = Node::new(Value::Absent, at.span);
        for node in taken.into_iter().rev() {
            chosen = prefer(node, chosen);
        }
        return chosen;
    }
    let mut set = taken.into_iter().filter(|node| !node.is_absent());
    let Some(head) = set.next() else { return Node::new(Value::Absent, at.span) };
    set.fold(head, join)
}

/// `node` if it is set, else `other`; where that is not decided, neither is the result.
pub(crate) fn prefer(node: Node, other: Node) -> Node {
    match &node.value {
        Value::Absent => other,
        Value::Choice(choice) if choice.options.iter().any(|(_, option)| option.is_absent()) => {
            map_choice(&choice.clone(), &node, |option| prefer(option.clone(), other.clone()))
        }
        _ => node,
    }
}

/// Two lists as one.
pub(crate) fn join(head: Node, tail: Node) -> Node {
    let mut items = Vec::new();
    let mut rest = None;
    let (span, references) = (head.span, tail.references.clone());
    for node in [&head, &tail] {
        match &node.value {
            Value::List(list) => {
                items.extend(list.items.iter().cloned());
                rest = rest.or_else(|| list.rest.clone());
            }
            Value::Choice(choice) => {
                rest = rest.or_else(|| {
                    Some(Arc::new(Unknown::new(Reason::Input, choice.settles.clone())))
                });
            }
            Value::Unknown(unknown) => rest = rest.or_else(|| Some(unknown.clone())),
            _ => {}
        }
    }
    let joined = Node {
        value: Value::List(Arc::new(List { items, rest })),
        span,
        references: head.references,
    };
    joined.with_references(references.as_deref().map_or(&[], Vec::as_slice))
}

/// The entries of an object with every value withheld; the keys stay, they are names.
pub(crate) fn redact_values(node: &Node) -> Node {
    match &node.value {
        Value::List(list) => {
            let items = list.items.iter().map(redact_values).collect();
            Node {
                value: Value::List(Arc::new(List { items, rest: list.rest.clone() })),
                ..node.clone()
            }
        }
        Value::Map(map) => {
            let kept = map.entries.iter().map(|(name, node)| {
                (name.clone(), if name == "value" { redact(node) } else { node.clone() })
            });
            Node { references: node.references.clone(), ..Node::map(kept, node.span) }
        }
        Value::Choice(choice) => map_choice(choice, node, redact_values),
        _ => node.clone(),
    }
}

/// The value with every text in it withheld.
pub(crate) fn redact(node: &Node) -> Node {
    let value = match &node.value {
        Value::String(text) if text.is_empty() => Value::Absent,
        // An ARN, or a dynamic reference, says where a secret is, not what it is.
        Value::String(text) if text.starts_with("arn:") || text.starts_with("{{resolve:") => {
            return node.clone();
        }
        Value::String(_) | Value::Number(_) => Value::redacted(),
        // What is written in it and what is not stays known.
        Value::Encoded(inner) => Value::Encoded(Arc::new(redact(inner))),
        Value::Bool(_) | Value::Absent | Value::Unknown(_) => return node.clone(),
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().map(redact).collect(),
            rest: list.rest.clone(),
        })),
        Value::Map(map) => Value::Map(Arc::new(onus_model::Map {
            entries: map.entries.iter().map(|(key, node)| (key.clone(), redact(node))).collect(),
            rest: map.rest.clone(),
        })),
        Value::Choice(choice) => return map_choice(choice, node, redact),
    };
    Node { value, ..node.clone() }
}
