//! Sets, which are lists without duplicates in Terraform's order: text and numbers ascending, false
//! before true, everything else as it came.

use std::cmp::Ordering;
use std::sync::Arc;

use onus_model::{List, Node, Truth, Value};
use rustc_hash::FxHashSet;

use super::call::{Call, Function, MANY, Outcome, Stop, fail, list_of};
use super::convert::{equal, first_open};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("distinct", 1, 1, |call| call.give(without_duplicates(call.list(0)?))).keeping(),
    Function::new("setintersection", 1, MANY, setintersection),
    Function::new("setproduct", 2, MANY, setproduct),
    Function::new("setsubtract", 2, 2, setsubtract),
    Function::new("setunion", 1, MANY, setunion),
    Function::new("sort", 1, 1, sort).keeping(),
];

/// The most elements that `setproduct` makes.
const MAX_PRODUCT: usize = 10_000;

/// The elements once each, in order of first sight. Elements that are not known stay: two of them may
/// turn out equal, but what holds for all or for some of them is the same.
fn without_duplicates(list: &List) -> Value {
    let mut seen = FxHashSet::default();
    let mut items: Vec<Node> = Vec::with_capacity(list.items.len());
    for item in &list.items {
        let new = match &item.value {
            Value::String(text) => seen.insert(text.clone()),
            _ => !items.iter().any(|other| equal(other, item) == Truth::True),
        };
        if new {
            items.push(item.clone());
        }
    }
    Value::List(Arc::new(List { items, rest: list.rest.clone() }))
}

/// A list as a set.
pub(super) fn as_set(list: &List) -> Value {
    let Value::List(mut unique) = without_duplicates(list) else { return Value::Absent };
    Arc::make_mut(&mut unique).items.sort_by(order);
    Value::List(unique)
}

fn order(left: &Node, right: &Node) -> Ordering {
    match (&left.value, &right.value) {
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Bool(_) => 0,
        Value::Number(_) => 1,
        Value::String(_) => 2,
        _ => 3,
    }
}

fn setunion(call: &Call<'_>) -> Outcome {
    let mut all = List::default();
    for arg in call.args {
        match list_of(arg) {
            Ok(list) => {
                all.items.extend(list.items.iter().cloned());
                all.rest = all.rest.or_else(|| list.rest.clone());
            }
            Err(Stop::Unknown(unknown)) => all.rest = all.rest.or(Some(Arc::new(unknown))),
            Err(stop) => return Err(stop),
        }
    }
    call.give(as_set(&all))
}

fn setintersection(call: &Call<'_>) -> Outcome {
    let mut common = call.items(0)?.to_vec();
    for index in 1..call.args.len() {
        common = among(&common, call.items(index)?, Truth::True)?;
    }
    call.give(as_set(&List { items: common, rest: None }))
}

fn setsubtract(call: &Call<'_>) -> Outcome {
    let left = among(call.items(0)?, call.items(1)?, Truth::False)?;
    call.give(as_set(&List { items: left, rest: None }))
}

/// The items for which being among `others` is `wanted`.
fn among(items: &[Node], others: &[Node], wanted: Truth) -> Outcome<Vec<Node>> {
    let texts: FxHashSet<&str> = others.iter().filter_map(Node::as_str).collect();
    let all_text = texts.len() == others.len();
    let mut kept = Vec::new();
    for item in items {
        let found = match item.as_str() {
            Some(text) if texts.contains(text) => Truth::True,
            Some(_) if all_text => Truth::False,
            _ => others.iter().fold(Truth::False, |found, other| found.or(equal(item, other))),
        };
        if found == Truth::Unknown {
            let open = first_open(item).or_else(|| others.iter().find_map(first_open));
            return open.map_or_else(|| fail("the elements cannot be compared"), Err);
        }
        if found == wanted {
            kept.push(item.clone());
        }
    }
    Ok(kept)
}

fn setproduct(call: &Call<'_>) -> Outcome {
    let mut rows: Vec<Vec<Node>> = vec![Vec::new()];
    for index in 0..call.args.len() {
        let items = call.items(index)?;
        if rows.len().saturating_mul(items.len()) > MAX_PRODUCT {
            return fail(ecow::eco_format!("setproduct makes at most {MAX_PRODUCT} elements"));
        }
        let mut longer = Vec::with_capacity(rows.len() * items.len());
        for row in &rows {
            for item in items {
                let mut next = row.clone();
                next.push(item.clone());
                longer.push(next);
            }
        }
        rows = longer;
    }
    call.give_list(rows.into_iter().map(|row| Node::list(row, call.span)).collect())
}

fn sort(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let mut items = list.items.clone();
    items.sort_by(order);
    call.give(Value::List(Arc::new(List { items, rest: list.rest.clone() })))
}
