//! What a verdict rests on, and what it waits for, in the words of the catalog and the places of the source.

use onus_catalog::Catalog;
use onus_model::{Blocker, EcoString, Evidence, Node, Origin, Reason, Span, Value, eco_format};
use onus_predicate::{Program, Relation};

use crate::view::{EstateView, address_of};

/// Longer values are cut, in characters.
const LONGEST: usize = 120;

/// The facts that decided a predicate.
pub(crate) fn reads(
    program: &Program,
    view: &EstateView<'_>,
    catalog: &Catalog,
    at: u32,
) -> Vec<Evidence> {
    let explanation = program.explain(view, at);
    let mut all: Vec<Evidence> = Vec::new();
    for read in explanation.reads {
        let span =
            if read.span == Span::NONE { resource_span(view, read.resource) } else { read.span };
        let evidence = Evidence {
            fact: name(view, at, read.resource, &read.path),
            value: shown(read.node),
            span,
            origin: origin(view, read.resource, read.slot),
        };
        if !all.contains(&evidence) {
            all.push(evidence);
        }
    }
    for search in explanation.searches {
        let type_name = catalog
            .type_entry(search.type_index)
            .map(|entry| entry.name.clone())
            .unwrap_or_default();
        let what = match search.relation {
            Relation::Referrers => eco_format!("{type_name} that refer to it"),
            Relation::Estate => eco_format!("{type_name} in the estate"),
            Relation::Target => eco_format!("{type_name} that it refers to"),
        };
        let value = if search.found == 0 { "none".into() } else { eco_format!("{}", search.found) };
        let span = resource_span(view, search.resource);
        all.push(Evidence {
            fact: name(view, at, search.resource, &what),
            value,
            span,
            origin: Origin::Set,
        });
    }
    all
}

/// What keeps a predicate from being decided.
pub(crate) fn blockers(program: &Program, view: &EstateView<'_>, at: u32) -> Vec<Blocker> {
    let explanation = program.explain(view, at);
    let mut all: Vec<Blocker> = Vec::new();
    for block in explanation.blocks {
        let span =
            if block.span == Span::NONE { resource_span(view, block.resource) } else { block.span };
        let blocker = Blocker {
            fact: name(view, at, block.resource, &block.path),
            reason: block.cause.reason(),
            settles: block.cause.settles(),
            span,
        };
        if !all.contains(&blocker) {
            all.push(blocker);
        }
    }
    all
}

fn resource_span(view: &EstateView<'_>, at: u32) -> Span {
    let resource = usize::try_from(at).ok().and_then(|at| view.estate().resources.get(at));
    resource.map_or(Span::NONE, |resource| resource.span)
}

fn origin(view: &EstateView<'_>, at: u32, slot: u16) -> Origin {
    let resource = usize::try_from(at).ok().and_then(|at| view.estate().resources.get(at));
    let fact = resource.and_then(|resource| resource.facts.get(usize::from(slot)));
    fact.map_or(Origin::Set, |fact| fact.origin)
}

/// A fact of the judged resource by its own name; one of a related resource with that one's address before it.
fn name(view: &EstateView<'_>, at: u32, resource: u32, path: &str) -> EcoString {
    if resource == at {
        return path.into();
    }
    let address = address_of(view, resource);
    if path.is_empty() { address } else { eco_format!("{address}: {path}") }
}

/// A value as people read it.
pub(crate) fn shown(node: &Node) -> EcoString {
    let mut out = String::new();
    write(node, &mut out);
    if out.chars().count() > LONGEST {
        out = out.chars().take(LONGEST).collect();
        out.push('…');
    }
    out.into()
}

fn write(node: &Node, out: &mut String) {
    if out.len() > LONGEST * 4 {
        return;
    }
    match &node.value {
        Value::Absent => out.push_str("not set"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&value.to_string()),
        Value::String(text) => {
            out.extend(text.chars().map(|char| if char.is_control() { ' ' } else { char }))
        }
        Value::List(list) => {
            out.push('[');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write(item, out);
            }
            if list.rest.is_some() {
                out.push_str(if list.items.is_empty() { "…" } else { ", …" });
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            let set = map.entries.iter().filter(|(_, node)| !is_empty(node));
            for (at, (key, node)) in set.enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                out.push_str(key);
                out.push_str(": ");
                write(node, out);
            }
            out.push('}');
        }
        Value::Encoded(_) => out.push_str("a JSON text"),
        Value::Choice(choice) => {
            out.push_str("depends on ");
            out.push_str(&choice.settles);
        }
        Value::Unknown(unknown) if unknown.reason == Reason::Redacted => out.push_str("(withheld)"),
        Value::Unknown(unknown) => {
            out.push_str(if unknown.set { "set to " } else { "from " });
            out.push_str(&unknown.settles);
        }
    }
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Absent => true,
        Value::List(list) => list.items.is_empty() && list.rest.is_none(),
        _ => false,
    }
}
