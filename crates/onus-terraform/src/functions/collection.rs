//! Lists and maps.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{List, Map, Node, Truth, Unknown, Value};

use crate::choice::NOTHING_THERE;

use super::call::{Call, Function, MANY, Outcome, Stop, fail, list_of};
use super::convert::{bool_of, equal, first_open, kind, text_of};

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("alltrue", 1, 1, |call| truths(call, Truth::True, Truth::and)).set(),
    Function::new("anytrue", 1, 1, |call| truths(call, Truth::False, Truth::or)).set(),
    Function::new("chunklist", 2, 2, chunklist),
    Function::new("coalesce", 1, MANY, coalesce).set().selecting(),
    Function::new("coalescelist", 1, MANY, coalescelist).set().selecting(),
    Function::new("compact", 1, 1, compact),
    Function::new("concat", 1, MANY, concat),
    Function::new("contains", 2, 2, contains).set(),
    Function::new("element", 2, 2, element).selecting(),
    Function::new("flatten", 1, 1, flatten),
    Function::new("index", 2, 2, index).set(),
    Function::new("keys", 1, 1, keys).keeping(),
    Function::new("length", 1, 1, length).set(),
    Function::new("list", 0, MANY, |call| call.give_list(call.args.to_vec())),
    Function::new("lookup", 2, 3, lookup).selecting(),
    Function::new("map", 0, MANY, map),
    Function::new("matchkeys", 3, 3, matchkeys),
    Function::new("merge", 0, MANY, merge),
    Function::new("one", 1, 1, one).selecting(),
    Function::new("range", 1, 3, range),
    Function::new("reverse", 1, 1, reverse).keeping(),
    Function::new("slice", 3, 3, slice),
    Function::new("transpose", 1, 1, transpose),
    Function::new("values", 1, 1, values).keeping(),
    Function::new("zipmap", 2, 2, zipmap),
];

/// The longest list that `range` makes.
const MAX_RANGE: usize = 1024;

fn unknown<T>(unknown: &Unknown) -> Outcome<T> {
    Err(Stop::Unknown(unknown.clone()))
}

fn truths(call: &Call<'_>, start: Truth, join: fn(Truth, Truth) -> Truth) -> Outcome {
    let list = call.list(0)?;
    let mut all = start;
    let mut open = None;
    for item in &list.items {
        all = join(
            all,
            match bool_of(item) {
                Ok(truth) => Truth::from(truth),
                Err(Stop::Error(error)) => return Err(Stop::Error(error)),
                Err(stop) => {
                    open.get_or_insert(stop);
                    Truth::Unknown
                }
            },
        );
    }
    match (all, &list.rest, open) {
        (Truth::True, None, _) => call.give_bool(true),
        (Truth::False, None, _) => call.give_bool(false),
        (decided, Some(_), _) if decided != start && decided != Truth::Unknown => {
            call.give_bool(decided == Truth::True)
        }
        (_, Some(rest), None) => unknown(rest),
        (_, _, Some(stop)) => Err(stop),
        (Truth::Unknown, None, None) => fail("a truth value is needed"),
    }
}

fn chunklist(call: &Call<'_>) -> Outcome {
    let (items, size) = (call.items(0)?, call.position(1)?);
    let chunks = items.chunks(if size == 0 { items.len().max(1) } else { size });
    call.give_list(chunks.map(|chunk| Node::list(chunk.to_vec(), call.span)).collect())
}

fn coalesce(call: &Call<'_>) -> Outcome {
    for arg in call.args {
        match &arg.value {
            Value::Absent => {}
            Value::String(text) if text.is_empty() => {}
            Value::Unknown(found) if !found.set => return unknown(found),
            Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
            _ => return Ok(arg.clone()),
        }
    }
    fail("none of the values given to coalesce is set")
}

fn coalescelist(call: &Call<'_>) -> Outcome {
    for arg in call.args {
        match &arg.value {
            Value::Absent => {}
            Value::List(list) if !list.items.is_empty() => return Ok(arg.clone()),
            Value::Map(map) if !map.entries.is_empty() => return Ok(arg.clone()),
            Value::Unknown(unknown) if unknown.set => return Ok(arg.clone()),
            Value::Map(map) => {
                if let Some(rest) = &map.rest {
                    return unknown(rest);
                }
            }
            _ => {
                if let Some(rest) = &list_of(arg)?.rest {
                    return unknown(rest);
                }
            }
        }
    }
    fail(eco_format!("{NOTHING_THERE}: every list given to coalescelist is empty"))
}

fn compact(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let mut items = Vec::with_capacity(list.items.len());
    let mut rest = list.rest.clone();
    for item in &list.items {
        match &item.value {
            Value::Absent => {}
            Value::String(text) if text.is_empty() => {}
            Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
            Value::Unknown(unknown) if !unknown.set => rest = rest.or(Some(unknown.clone())),
            _ => items.push(item.clone()),
        }
    }
    call.give(Value::List(Arc::new(List { items, rest })))
}

fn concat(call: &Call<'_>) -> Outcome {
    if let [only] = call.args {
        list_of(only)?;
        return Ok(only.clone());
    }
    let mut all = List::default();
    for (index, arg) in call.args.iter().enumerate() {
        match &arg.value {
            Value::Unknown(unknown) => all.rest = all.rest.or_else(|| Some(unknown.clone())),
            Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
            Value::List(list) => {
                all.items.extend(list.items.iter().cloned());
                all.rest = all.rest.or_else(|| list.rest.clone());
            }
            _ => return call.refuse(index, "a list is needed"),
        }
    }
    call.give(Value::List(Arc::new(all)))
}

fn contains(call: &Call<'_>) -> Outcome {
    let (list, wanted) = (call.list(0)?, call.arg(1));
    let mut found = Truth::False;
    let mut open = None;
    for item in &list.items {
        let here = equal(item, wanted);
        if here == Truth::Unknown {
            open = open.or_else(|| first_open(item)).or_else(|| first_open(wanted));
        }
        found = found.or(here);
    }
    match (found, &list.rest, open) {
        (Truth::True, _, _) => call.give_bool(true),
        (Truth::False, None, _) => call.give_bool(false),
        (_, _, Some(stop)) => Err(stop),
        (_, Some(rest), None) => unknown(rest),
        (Truth::Unknown, None, None) => fail("the values cannot be compared"),
    }
}

fn element(call: &Call<'_>) -> Outcome {
    let items = call.items(0)?;
    let index = call.integer(1)?;
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = index.checked_rem_euclid(length).and_then(|at| usize::try_from(at).ok());
    match at.and_then(|at| items.get(at)) {
        Some(item) => Ok(item.clone()),
        None => fail(eco_format!("{NOTHING_THERE}: element of an empty list")),
    }
}

fn flatten(call: &Call<'_>) -> Outcome {
    let mut all = List::default();
    let mut passed = Vec::new();
    let list = call.list(0)?;
    all.rest.clone_from(&list.rest);
    for item in &list.items {
        match &item.value {
            // Most often a list of another resource; how long it is cannot be told.
            Value::Unknown(unknown) => {
                all.rest = all.rest.or_else(|| Some(unknown.clone()));
                passed.extend_from_slice(item.references());
            }
            Value::Choice(choice) if choice.options.iter().any(|(_, n)| n.as_list().is_some()) => {
                return Err(Stop::Choice(choice.clone()));
            }
            Value::List(inner) => spread(inner, &mut all, item.references()),
            _ => all.items.push(item.clone()),
        }
    }
    Ok(call.give(Value::List(Arc::new(all)))?.with_references(&passed))
}

fn spread(list: &List, all: &mut List, references: &[onus_model::Reference]) {
    for item in &list.items {
        match &item.value {
            Value::List(inner) => spread(inner, all, item.references()),
            _ => all.items.push(item.clone().with_references(references)),
        }
    }
    all.rest = all.rest.take().or_else(|| list.rest.clone());
}

fn index(call: &Call<'_>) -> Outcome {
    let (items, wanted) = (call.items(0)?, call.arg(1));
    for (at, item) in items.iter().enumerate() {
        match equal(item, wanted) {
            Truth::True => return call.give_count(at),
            Truth::False => {}
            Truth::Unknown => {
                let stop = first_open(item).or_else(|| first_open(wanted));
                return stop.map_or_else(|| fail("the values cannot be compared"), Err);
            }
        }
    }
    fail("the value is not in the list")
}

fn keys(call: &Call<'_>) -> Outcome {
    let map = call.map(0)?;
    let mut keys: Vec<&EcoString> = map.entries.keys().collect();
    keys.sort();
    let items = keys.into_iter().map(|key| Node::string(key.clone(), call.span)).collect();
    call.give(Value::List(Arc::new(List { items, rest: map.rest.clone() })))
}

fn values(call: &Call<'_>) -> Outcome {
    let map = call.map(0)?;
    let mut entries: Vec<_> = map.entries.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    let items = entries.into_iter().map(|(_, value)| value.clone()).collect();
    call.give(Value::List(Arc::new(List { items, rest: map.rest.clone() })))
}

fn length(call: &Call<'_>) -> Outcome {
    match &call.arg(0).value {
        Value::List(list) => match &list.rest {
            Some(rest) => unknown(rest),
            None => call.give_count(list.items.len()),
        },
        Value::Map(map) => match &map.rest {
            Some(rest) => unknown(rest),
            None => call.give_count(map.entries.len()),
        },
        _ => call.give_count(call.text(0)?.chars().count()),
    }
}

fn lookup(call: &Call<'_>) -> Outcome {
    let key = call.text(1)?;
    let map = call.map(0)?;
    match (map.entries.get(&key), &map.rest, call.args.get(2)) {
        (Some(value), _, _) => Ok(value.clone()),
        (None, Some(rest), _) => unknown(rest),
        (None, None, Some(default)) => Ok(default.clone()),
        (None, None, None) => fail(eco_format!("the map has no entry \"{key}\"")),
    }
}

fn map(call: &Call<'_>) -> Outcome {
    let mut map = Map::default();
    for pair in call.args.chunks(2) {
        let [key, value] = pair else { return fail("map needs a value for each key") };
        map.entries.insert(text_of(key)?, value.clone());
    }
    call.give(Value::Map(Arc::new(map)))
}

fn matchkeys(call: &Call<'_>) -> Outcome {
    let (values, keys, wanted) = (call.items(0)?, call.items(1)?, call.items(2)?);
    if values.len() != keys.len() {
        return fail("the values and the keys given to matchkeys differ in number");
    }
    let mut items = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        let found = wanted.iter().fold(Truth::False, |found, one| found.or(equal(one, key)));
        match found {
            Truth::True => items.push(value.clone()),
            Truth::False => {}
            Truth::Unknown => {
                let open = first_open(key).or_else(|| wanted.iter().find_map(first_open));
                return open.map_or_else(|| fail("the keys cannot be compared"), Err);
            }
        }
    }
    call.give_list(items)
}

/// An entry that comes before a map that is not known to its end may be replaced by one of its entries.
fn merge(call: &Call<'_>) -> Outcome {
    let mut all = Map::default();
    let mut some = call.args.is_empty();
    for (index, arg) in call.args.iter().enumerate() {
        match &arg.value {
            Value::Absent => continue,
            Value::Unknown(unknown) => doubt(&mut all, unknown),
            Value::Choice(choice) => return Err(Stop::Choice(choice.clone())),
            Value::Map(map) => {
                if let Some(rest) = &map.rest {
                    doubt(&mut all, rest);
                }
                let entries = map.entries.iter().map(|(key, node)| (key.clone(), node.clone()));
                all.entries.extend(entries);
            }
            _ => {
                return call.refuse(index, &format!("a map is needed, and this is {}", kind(arg)));
            }
        }
        some = true;
    }
    call.give(if some { Value::Map(Arc::new(all)) } else { Value::Absent })
}

fn doubt(map: &mut Map, rest: &Arc<Unknown>) {
    for node in map.entries.values_mut() {
        let replaced = Unknown { set: false, pieces: Vec::new(), ..(**rest).clone() };
        node.value = Value::Unknown(Arc::new(replaced));
    }
    map.rest.get_or_insert_with(|| rest.clone());
}

fn one(call: &Call<'_>) -> Outcome {
    if call.arg(0).is_absent() {
        return call.give(Value::Absent);
    }
    match call.items(0)? {
        [] => call.give(Value::Absent),
        [only] => Ok(only.clone()),
        _ => fail("one needs a list of no or one element"),
    }
}

fn range(call: &Call<'_>) -> Outcome {
    let (start, limit) = match call.args {
        [_] => (0.0, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let step = match call.args {
        [_, _, _] => call.number(2)?,
        _ if limit < start => -1.0,
        _ => 1.0,
    };
    let mut items = Vec::new();
    if step == 0.0 || (step < 0.0 && limit > start) || (step > 0.0 && limit < start) {
        return fail("the step does not lead from the start to the limit");
    }
    let mut at = start;
    while (step > 0.0 && at < limit) || (step < 0.0 && at > limit) {
        if items.len() >= MAX_RANGE {
            return fail(eco_format!("range makes at most {MAX_RANGE} numbers"));
        }
        items.push(Node::new(Value::Number(at), call.span));
        at += step;
    }
    call.give_list(items)
}

fn reverse(call: &Call<'_>) -> Outcome {
    let list = call.list(0)?;
    let items = list.items.iter().rev().cloned().collect();
    call.give(Value::List(Arc::new(List { items, rest: list.rest.clone() })))
}

fn slice(call: &Call<'_>) -> Outcome {
    let (items, start, end) = (call.items(0)?, call.position(1)?, call.position(2)?);
    match items.get(start..end) {
        Some(part) => call.give_list(part.to_vec()),
        None => {
            let length = items.len();
            fail(eco_format!("{start} to {end} is no part of a list of {length} elements"))
        }
    }
}

fn transpose(call: &Call<'_>) -> Outcome {
    let map = call.map(0)?;
    if let Some(rest) = &map.rest {
        return unknown(rest);
    }
    let mut turned: std::collections::BTreeMap<EcoString, Vec<EcoString>> = Default::default();
    for (key, list) in &map.entries {
        let list = list_of(list)?;
        if let Some(rest) = &list.rest {
            return unknown(rest);
        }
        for item in &list.items {
            turned.entry(text_of(item)?).or_default().push(key.clone());
        }
    }
    let entries = turned.into_iter().map(|(key, mut names)| {
        names.sort();
        let names = names.into_iter().map(|name| Node::string(name, call.span)).collect();
        (key, Node::list(names, call.span))
    });
    Ok(Node::map(entries, call.span))
}

fn zipmap(call: &Call<'_>) -> Outcome {
    let (keys, values) = (call.items(0)?, call.items(1)?);
    if keys.len() != values.len() {
        return fail("the keys and the values given to zipmap differ in number");
    }
    let mut map = Map::default();
    for (key, value) in keys.iter().zip(values) {
        match text_of(key) {
            Ok(key) => {
                map.entries.insert(key, value.clone());
            }
            Err(Stop::Unknown(unknown)) => doubt(&mut map, &Arc::new(unknown)),
            Err(stop) => return Err(stop),
        }
    }
    call.give(Value::Map(Arc::new(map)))
}
