//! Finding a function by name and calling it: for each option of a choice, with unknowns carried over
//! into the result, and with the references of its arguments.

use std::sync::{Arc, LazyLock};

use ecow::{EcoString, eco_format};
use indexmap::IndexSet;
use onus_model::{Choice, List, Map, Node, Reason, Reference, Span, Unknown, Value};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::choice::NOTHING_THERE;

use super::call::{Call, Function, MANY, MAX_TEXT, Stop, too_long};
use super::{CallError, FunctionWorld};

/// The most ways that one call may turn out before the result is given up as unknown.
const MAX_OPTIONS: usize = 32;

/// The most nodes that the arguments of one call may have. Values that hold one another many times over
/// are small in memory and endless to walk.
const MAX_NODES: usize = 500_000;

/// Every function, by family.
static FAMILIES: &[&[Function]] = &[
    super::collection::FUNCTIONS,
    super::encoding::FUNCTIONS,
    super::file::FUNCTIONS,
    super::format::FUNCTIONS,
    super::hash::FUNCTIONS,
    super::json::FUNCTIONS,
    super::network::FUNCTIONS,
    super::numeric::FUNCTIONS,
    super::pattern::FUNCTIONS,
    super::provider::FUNCTIONS,
    super::sets::FUNCTIONS,
    super::string::FUNCTIONS,
    super::time::FUNCTIONS,
    super::types::FUNCTIONS,
    super::yaml::FUNCTIONS,
];

/// Functions whose result cannot be known from the configuration, all of them never null nor empty.
static IMPURE: &[&str] =
    &["base64gzip", "base64gunzip", "bcrypt", "plantimestamp", "rsadecrypt", "timestamp", "uuid"];

static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Function>> = LazyLock::new(|| {
    FAMILIES.iter().flat_map(|family| family.iter()).map(|f| (f.name, f)).collect()
});

/// Whether the language has a function of this name. `try` and `can` exist, though not here; what a
/// provider defines is taken to exist.
pub(crate) fn exists(name: &str) -> bool {
    let plain = plain(name);
    BY_NAME.contains_key(plain)
        || IMPURE.contains(&plain)
        || matches!(plain, "try" | "can" | "type")
        || plain.starts_with("provider::")
}

/// Calls the function `name`.
///
/// What is not known of the arguments stays unknown in the result, as narrowly as the function allows.
/// A function that is impure or that onus does not know gives an unknown.
///
/// # Errors
/// When Terraform would refuse the call.
pub(crate) fn call(
    name: &str,
    args: &[Node],
    world: &dyn FunctionWorld,
    span: Span,
) -> Result<Node, CallError> {
    let name = plain(name);
    let Some(&function) = BY_NAME.get(name) else {
        let settles = eco_format!("{name}()");
        let unknown = if IMPURE.contains(&name) {
            Unknown::set(Reason::Function, settles)
        } else {
            Unknown::new(Reason::Function, settles)
        };
        return Ok(Node::unknown(unknown, span).with_references(&all_references(args)));
    };
    check_arity(function, args.len())?;
    if too_large(args) {
        let settles = eco_format!("{name}() of a value with more than {MAX_NODES} parts");
        return Ok(Node::unknown(Unknown::new(Reason::Limit, settles), span));
    }
    let mut budget = MAX_OPTIONS;
    let result = evaluate(function, args, world, span, &mut budget)?;
    Ok(refer(function, args, result))
}

/// Whether the arguments, with what they share written out, are more than a call takes on.
fn too_large(args: &[Node]) -> bool {
    let mut left = MAX_NODES;
    !args.iter().all(|arg| within(arg, &mut left))
}

fn within(node: &Node, left: &mut usize) -> bool {
    let Some(less) = left.checked_sub(1) else { return false };
    *left = less;
    match &node.value {
        Value::List(list) => list.items.iter().all(|item| within(item, left)),
        Value::Map(map) => map.entries.values().all(|entry| within(entry, left)),
        Value::Choice(choice) => choice.options.iter().all(|(_, option)| within(option, left)),
        Value::Encoded(inner) => within(inner, left),
        Value::Absent
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(_) => true,
    }
}

fn plain(name: &str) -> &str {
    name.strip_prefix("core::").unwrap_or(name)
}

fn check_arity(function: &Function, given: usize) -> Result<(), CallError> {
    let (fewest, most) = function.arity;
    if (fewest..=most).contains(&given) {
        return Ok(());
    }
    let wanted = match (fewest, most) {
        (0, 0) => "no argument".into(),
        (1, 1) => "one argument".into(),
        (_, MANY) => eco_format!("at least {fewest} arguments"),
        _ if fewest == most => eco_format!("{fewest} arguments"),
        _ => eco_format!("{fewest} to {most} arguments"),
    };
    Err(CallError::new(eco_format!("{} takes {wanted}, and {given} are given", function.name)))
}

fn evaluate(
    function: &'static Function,
    args: &[Node],
    world: &dyn FunctionWorld,
    span: Span,
    budget: &mut usize,
) -> Result<Node, CallError> {
    match (function.run)(&Call { name: function.name, args, world, span }) {
        Ok(node) if node.as_str().is_some_and(|text| text.len() > MAX_TEXT) => {
            Ok(Node::unknown(Unknown::set(Reason::Limit, too_long()), span))
        }
        Ok(node) => Ok(node),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Unknown(unknown)) => {
            let set = function.always_set || (function.keeps_set && unknown.set);
            Ok(Node::unknown(Unknown { set, pieces: Vec::new(), ..unknown }, span))
        }
        Err(Stop::Choice(choice)) => each_option(function, args, &choice, world, span, budget),
    }
}

/// The call for each option of a choice that it looked into. An option for which the call fails stays
/// an option, with an unknown value, unless all of them fail.
fn each_option(
    function: &'static Function,
    args: &[Node],
    choice: &Arc<Choice>,
    world: &dyn FunctionWorld,
    span: Span,
    budget: &mut usize,
) -> Result<Node, CallError> {
    let undecided = || {
        Node::unknown(
            Unknown {
                set: function.always_set,
                ..Unknown::new(Reason::Limit, choice.settles.clone())
            },
            span,
        )
    };
    let Some(left) = budget.checked_sub(choice.options.len().saturating_sub(1)) else {
        return Ok(undecided());
    };
    *budget = left;
    let mut options: Vec<(EcoString, Node)> = Vec::with_capacity(choice.options.len());
    let mut failure = None;
    let mut succeeded = false;
    for (label, _) in &choice.options {
        let decided: Vec<Node> = args.iter().map(|arg| decide(arg, &choice.key, label)).collect();
        let result = match evaluate(function, &decided, world, span, budget) {
            Ok(node) => {
                succeeded = true;
                node
            }
            Err(error) => {
                let settles = if error.message.contains(NOTHING_THERE) {
                    NOTHING_THERE.into()
                } else {
                    choice.settles.clone()
                };
                failure = Some(error);
                Node::unknown(Unknown::new(Reason::Invalid, settles), span)
            }
        };
        options.push((label.clone(), result));
    }
    match failure {
        Some(error) if !succeeded => return Err(error),
        _ => {}
    }
    if let Some((_, first)) = options.first()
        && options.iter().all(|(_, node)| node.value == first.value)
    {
        return Ok(first.clone());
    }
    let (key, settles) = (choice.key.clone(), choice.settles.clone());
    Ok(Node::new(Value::Choice(Arc::new(Choice { key, settles, options })), span))
}

/// `node` in the case that the choice `key` goes the way `label`.
fn decide(node: &Node, key: &str, label: &str) -> Node {
    let value = match &node.value {
        Value::Choice(choice) if choice.key == key => {
            return match choice.options.iter().find(|(own, _)| own == label) {
                Some((_, option)) => decide(option, key, label).with_references(node.references()),
                None => node.clone(),
            };
        }
        _ if !has_choice(node) => return node.clone(),
        Value::Choice(choice) => Value::Choice(Arc::new(Choice {
            key: choice.key.clone(),
            settles: choice.settles.clone(),
            options: choice
                .options
                .iter()
                .map(|(own, option)| (own.clone(), decide(option, key, label)))
                .collect(),
        })),
        Value::List(list) => Value::List(Arc::new(List {
            items: list.items.iter().map(|item| decide(item, key, label)).collect(),
            rest: list.rest.clone(),
        })),
        Value::Map(map) => Value::Map(Arc::new(Map {
            entries: map
                .entries
                .iter()
                .map(|(name, entry)| (name.clone(), decide(entry, key, label)))
                .collect(),
            rest: map.rest.clone(),
        })),
        Value::Encoded(inner) => Value::Encoded(Arc::new(decide(inner, key, label))),
        Value::Absent
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Unknown(_) => return node.clone(),
    };
    Node { value, span: node.span, references: node.references.clone() }
}

fn has_choice(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |below| found |= matches!(below.value, Value::Choice(_)));
    found
}

/// The result with the references of what it was made from.
fn refer(function: &Function, args: &[Node], mut result: Node) -> Node {
    let structured = matches!(result.value, Value::List(_) | Value::Map(_) | Value::Encoded(_));
    if function.selects || structured {
        return args.iter().fold(result, |result, arg| result.with_references(arg.references()));
    }
    let all = all_references(args);
    if result.references.is_none() && !all.is_empty() {
        result.references = Some(Arc::new(all));
        return result;
    }
    result.with_references(&all)
}

fn all_references(args: &[Node]) -> Vec<Reference> {
    let mut all: IndexSet<&Reference, FxBuildHasher> = IndexSet::default();
    for arg in args {
        arg.walk(&mut |node| all.extend(node.references()));
    }
    all.into_iter().cloned().collect()
}
