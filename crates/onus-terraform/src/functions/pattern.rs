//! Regular expressions: `regex`, `regexall`, and `replace`, which knows them too.

use std::cell::RefCell;

use ecow::{EcoString, eco_format};
use onus_model::{Node, Value};
use regex::{Captures, Regex, RegexBuilder};
use rustc_hash::FxHashMap;

use super::call::{Call, Function, MAX_TEXT, Outcome, fail, give_up};
use super::placeholder;

/// The functions of this family.
pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("regex", 2, 2, regex),
    Function::new("regexall", 2, 2, regexall),
    Function::new("replace", 3, 3, replace),
];

/// Patterns kept compiled on each thread.
const KEPT: usize = 128;

/// The most memory of one compiled pattern, in bytes.
const MAX_COMPILED: usize = 1 << 20;

thread_local! {
    static COMPILED: RefCell<FxHashMap<EcoString, Regex>> = RefCell::default();
}

fn compiled(pattern: &EcoString) -> Outcome<Regex> {
    if let Some(known) = COMPILED.with_borrow(|cache| cache.get(pattern).cloned()) {
        return Ok(known);
    }
    match RegexBuilder::new(pattern).size_limit(MAX_COMPILED).build() {
        Ok(regex) => {
            COMPILED.with_borrow_mut(|cache| {
                if cache.len() >= KEPT {
                    cache.clear();
                }
                cache.insert(pattern.clone(), regex.clone());
            });
            Ok(regex)
        }
        Err(_) => fail(eco_format!("\"{pattern}\" is no regular expression that can be used")),
    }
}

fn regex(call: &Call<'_>) -> Outcome {
    let (pattern, text) = (call.text(0)?, call.text(1)?);
    let regex = compiled(&pattern)?;
    match regex.captures(&text) {
        Some(captures) => Ok(matched(call, &regex, &captures)),
        None => fail(eco_format!("the pattern \"{pattern}\" does not match \"{text}\"")),
    }
}

fn regexall(call: &Call<'_>) -> Outcome {
    let (pattern, text) = (call.text(0)?, call.text(1)?);
    let regex = compiled(&pattern)?;
    call.give_list(regex.captures_iter(&text).map(|c| matched(call, &regex, &c)).collect())
}

/// A match: text without groups, a list of unnamed groups, a map of named ones.
fn matched(call: &Call<'_>, regex: &Regex, captures: &Captures<'_>) -> Node {
    let part = |found: Option<regex::Match<'_>>| {
        let value = found.map_or(Value::Absent, |found| Value::String(found.as_str().into()));
        Node::new(value, call.span)
    };
    if captures.len() == 1 {
        return part(captures.get(0));
    }
    let names = || regex.capture_names().flatten();
    if names().next().is_some() {
        let entries = names().map(|name| (name.into(), part(captures.name(name))));
        return Node::map(entries, call.span);
    }
    Node::list(captures.iter().skip(1).map(part).collect(), call.span)
}

fn replace(call: &Call<'_>) -> Outcome {
    if let (Value::Encoded(_), Ok(wanted)) = (&call.arg(0).value, call.text(1))
        && placeholder::is_placeholder(&wanted)
    {
        return placeholder::fill(call.arg(0), &wanted, call.arg(2));
    }
    let (text, wanted, with) = (call.text(0)?, call.text(1)?, call.text(2)?);
    let pattern = wanted.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(pattern) = pattern else {
        if text.len() + text.matches(wanted.as_str()).count() * with.len() > MAX_TEXT {
            return give_up();
        }
        return call.give_text(text.replace(wanted.as_str(), &with));
    };
    let regex = compiled(&pattern.into())?;
    let (found, groups) = (regex.find_iter(&text).count(), with.matches('$').count());
    if text.len() + found * with.len() + groups * text.len() > MAX_TEXT {
        return give_up();
    }
    call.give_text(regex.replace_all(&text, with.as_str()).as_ref())
}
