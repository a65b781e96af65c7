//! Raw resources to typed facts: the only place that applies the catalog's paths.

use std::sync::Arc;

use onus_catalog::{
    Catalog, FactDefault, FactEntry, FactType, NativeType, Place, Places, Syntaxes,
};
use onus_model::{
    Choice, EcoString, Edge, Estate, Fact, List, Node, Origin, Presence, RawEstate, RawResource,
    Reason, Resource, Scope, ScopeId, Span, Unknown, Value, eco_format,
};
use rayon::prelude::*;

use crate::coerce::{counts, join, merge, prefer, redact, redact_values, take};
use crate::extract::Match;
use crate::scope_index::{Named, ScopeIndex, may_name_another};

/// The type of which every estate has one resource: the account as a whole, as far as it was read.
const ACCOUNT: &str = "AWS::::Account";

/// Turns what sources said into an estate. `as_of` (`YYYY-MM-DD`) decides defaults that AWS changed.
pub fn ingest(raw: Vec<RawEstate>, catalog: &Catalog, as_of: &str) -> Estate {
    let read: Vec<Read> = raw.into_par_iter().map(|raw| read_scope(raw, catalog, as_of)).collect();
    let mut estate = Estate::default();
    for (scope_id, scope) in (0u32..).zip(read) {
        let base = index(estate.resources.len());
        for mut resource in scope.resources {
            resource.scope = scope_id;
            resource.part_of = resource.part_of.map(|at| at + base);
            resource.edges.iter_mut().for_each(|edge| edge.target += base);
            estate.resources.push(resource);
        }
        estate.unread.extend(scope.raw_unread.into_iter().map(|unread| (scope_id, unread)));
        estate.diagnostics.extend(scope.diagnostics);
        estate.scopes.push(scope.scope);
    }
    if let Some(NativeType { is: Some((type_index, _)), .. }) = catalog.native(ACCOUNT)
        && !estate.scopes.is_empty()
    {
        estate.resources.push(account(*type_index, catalog));
    }
    estate.referrers = referrers(&estate.resources);
    estate
}

/// One scope, read.
struct Read {
    scope: Scope,
    resources: Vec<Resource>,
    raw_unread: Vec<onus_model::Unread>,
    diagnostics: Vec<onus_model::Diagnostic>,
}

/// The account as a resource: it has no facts of its own; controls on it look at the estate.
fn account(type_index: u32, catalog: &Catalog) -> Resource {
    let entry = catalog.type_entry(type_index);
    let facts = entry.map_or(0, |entry| entry.facts.len());
    let unknown = Unknown::new(Reason::NotCollected, "the whole account, of which this is a part");
    Resource {
        address: "account".into(),
        scope: ScopeId::default(),
        native_type: ACCOUNT.into(),
        type_name: ACCOUNT.into(),
        type_index: Some(type_index),
        service: entry.map(|entry| entry.service.clone()).unwrap_or_default(),
        span: Span::NONE,
        presence: Presence::Certain,
        region: Node::default(),
        facts: vec![Fact { node: Node::unknown(unknown, Span::NONE), origin: Origin::Set }; facts],
        edges: Vec::new(),
        part_of: None,
        loose: None,
    }
}

fn referrers(resources: &[Resource]) -> Vec<Vec<u32>> {
    let mut referrers = vec![Vec::new(); resources.len()];
    for (at, resource) in (0u32..).zip(resources) {
        for edge in &resource.edges {
            if let Some(list) = referrers.get_mut(position(edge.target)) {
                list.push(at);
            }
        }
    }
    referrers
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn position(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

/// A part of a resource: which of the type's parts, and the raw resource.
#[derive(Clone, Copy)]
struct Attached {
    part: u16,
    raw: u32,
}

/// A part of which it cannot be told whose it is.
struct Loose {
    type_index: u32,
    part: u16,
    raw: u32,
    unknown: Arc<Unknown>,
}

fn read_scope(raw: RawEstate, catalog: &Catalog, as_of: &str) -> Read {
    let kinds: Vec<Option<&NativeType>> =
        raw.resources.iter().map(|resource| catalog.native(&resource.native_type)).collect();
    let found = ScopeIndex::new(&raw.resources, &kinds, catalog);
    let is = |at: u32| {
        kinds.get(position(at)).copied().flatten().and_then(|kind| kind.is).map(|(index, _)| index)
    };

    let mut attached: Vec<Vec<Attached>> = vec![Vec::new(); raw.resources.len()];
    let mut loose: Vec<Loose> = Vec::new();
    let mut part_of: Vec<Option<u32>> = vec![None; raw.resources.len()];
    for ((at, resource), kind) in (0u32..).zip(&raw.resources).zip(&kinds) {
        for role in kind.map_or(&[][..], |kind| kind.roles.as_slice()) {
            let absent = Node::default();
            let key = resource.attributes.get(&role.key).unwrap_or(&absent);
            match found.named_by(key, &role.key, role.type_index, is) {
                Named::These(wholes) => {
                    for whole in wholes {
                        if let Some(list) = attached.get_mut(position(whole)) {
                            list.push(Attached { part: role.part, raw: at });
                        }
                        if let Some(slot) = part_of.get_mut(position(at)) {
                            slot.get_or_insert(whole);
                        }
                    }
                }
                Named::Open(unknown) => {
                    loose.push(Loose {
                        type_index: role.type_index,
                        part: role.part,
                        raw: at,
                        unknown: Arc::new(unknown),
                    });
                }
            }
        }
    }

    let reader = Reader { raw: &raw.resources, loose: &loose, catalog, as_of };
    let mut resources: Vec<Resource> = raw
        .resources
        .iter()
        .zip(&kinds)
        .zip(attached.iter().zip(&part_of))
        .map(|((resource, kind), (attached, part_of))| {
            let facts = match kind.and_then(|kind| kind.is) {
                Some((type_index, syntax)) => reader.facts(resource, type_index, syntax, attached),
                None => Vec::new(),
            };
            let type_index = kind.and_then(|kind| kind.is).map(|(index, _)| index);
            let entry = type_index.and_then(|index| catalog.type_entry(index));
            Resource {
                address: resource.address.clone(),
                scope: 0,
                native_type: resource.native_type.clone(),
                type_name: match entry {
                    Some(entry) => entry.name.clone(),
                    None => name_of(&resource.native_type, catalog),
                },
                type_index,
                service: service_of(resource, *kind, catalog),
                span: resource.span,
                presence: resource.presence.clone(),
                region: resource.region.clone().unwrap_or_else(|| raw.scope.region.clone()),
                facts,
                edges: edges(resource, &found),
                part_of: part_of.filter(|_| type_index.is_none()),
                loose: loose_reference(resource),
            }
        })
        .collect();
    lend_references(&mut resources, &part_of);
    Read { resources, raw_unread: raw.unread, diagnostics: raw.diagnostics, scope: raw.scope }
}

/// What a part refers to, its whole refers to: inline in one source, it is a resource of its own in another.
fn lend_references(resources: &mut [Resource], part_of: &[Option<u32>]) {
    for (at, whole) in (0u32..).zip(part_of) {
        let Some(whole) = *whole else { continue };
        let part = resources.get(position(at));
        let lent: Vec<Edge> = part.map(|part| part.edges.clone()).unwrap_or_default();
        let Some(edges) = resources.get_mut(position(whole)).map(|whole| &mut whole.edges) else {
            continue;
        };
        for edge in lent.into_iter().filter(|edge| edge.target != whole) {
            if edges.iter().all(|known| known.target != edge.target) {
                edges.push(edge);
            }
        }
    }
}

/// What CloudFormation calls a type that is not described in depth, where it has one name for it.
fn name_of(native: &EcoString, catalog: &Catalog) -> EcoString {
    match catalog.registry.cloudformation(native).as_slice() {
        [name] => name.clone(),
        _ => native.clone(),
    }
}

/// The service of a resource: of its own type, else of the whole that it is a part of, else by its name.
fn service_of(resource: &RawResource, kind: Option<&NativeType>, catalog: &Catalog) -> EcoString {
    let role = kind.filter(|kind| kind.is.is_none()).and_then(|kind| kind.roles.first());
    let whole = role
        .and_then(|role| catalog.type_entry(role.type_index))
        .map(|entry| entry.service.clone());
    let named = || catalog.service_of(&resource.native_type).map(|service| service.id.clone());
    whole.or_else(named).unwrap_or_default()
}

/// An unresolved value among those that name other resources: a reference that may be to anything.
fn loose_reference(resource: &RawResource) -> Option<Unknown> {
    let map = resource.attributes.as_map()?;
    let mut found = None;
    for (name, node) in &map.entries {
        if !may_name_another(name) {
            continue;
        }
        node.walk(&mut |node| {
            if let Value::Unknown(unknown) = &node.value
                && node.references().is_empty()
                && !matches!(unknown.reason, Reason::Computed | Reason::Lookup | Reason::Redacted)
            {
                found.get_or_insert_with(|| unknown.as_ref().clone());
            }
        });
    }
    found
}

fn edges(resource: &RawResource, found: &ScopeIndex<'_>) -> Vec<Edge> {
    let mut targets: Vec<u32> = Vec::new();
    let mut add = |address: &str| {
        for at in found.at(address) {
            if !targets.contains(at) {
                targets.push(*at);
            }
        }
    };
    resource
        .attributes
        .walk(&mut |node| node.references().iter().for_each(|reference| add(&reference.target)));
    resource.references.iter().for_each(|reference| add(&reference.target));
    targets.sort_unstable();
    targets.into_iter().map(|target| Edge { target }).collect()
}

/// Reads facts of the resources of one scope.
struct Reader<'a> {
    raw: &'a [RawResource],
    loose: &'a [Loose],
    catalog: &'a Catalog,
    as_of: &'a str,
}

impl Reader<'_> {
    fn facts(
        &self,
        resource: &RawResource,
        type_index: u32,
        syntax: Syntaxes,
        attached: &[Attached],
    ) -> Vec<Fact> {
        let Some(entry) = self.catalog.type_entry(type_index) else { return Vec::new() };
        let fact = |fact: &FactEntry| self.fact(resource, type_index, fact, syntax, attached);
        entry.facts.iter().map(fact).collect()
    }

    fn fact(
        &self,
        resource: &RawResource,
        type_index: u32,
        fact: &FactEntry,
        syntax: Syntaxes,
        attached: &[Attached],
    ) -> Fact {
        let Places::In(places) = fact.places(syntax) else {
            let unknown = Unknown::new(Reason::NotCollected, fact.says.clone());
            return Fact { node: Node::unknown(unknown, resource.span), origin: Origin::Set };
        };
        let wanted = places.iter().filter(|p| p.only.is_empty() || p.only == resource.native_type);
        let taken = wanted.map(|place| match place.from {
            None => take(place, &fact.ty, &resource.attributes),
            Some(part) => self.parts_value(part, place, &fact.ty, resource, type_index, attached),
        });
        let mut node = merge(taken.collect(), &fact.ty, &Node::new(Value::Absent, resource.span));
        let mut origin = Origin::Set;
        if node.is_absent() {
            node = self.default(fact.default.as_ref(), syntax, resource.span);
            origin = if fact.default.is_some() { Origin::Default } else { Origin::Set };
        } else if fact.default.is_some() {
            node = prefer(node, self.default(fact.default.as_ref(), syntax, resource.span));
        }
        if node.span == Span::NONE {
            node.span = resource.span;
        }
        if fact.sensitive && origin == Origin::Set {
            let entries = places.iter().any(|place| place.entries);
            node = if entries { redact_values(&node) } else { redact(&node) };
        }
        Fact { node, origin }
    }

    fn default(&self, default: Option<&FactDefault>, syntax: Syntaxes, span: Span) -> Node {
        match default {
            None => Node::new(Value::Absent, span),
            Some(FactDefault { terraform: Some(value), .. }) if syntax == Syntaxes::Terraform => {
                value.node(span)
            }
            Some(FactDefault { since, before: Some(before), .. })
                if self.as_of < since.as_str() =>
            {
                before.node(span)
            }
            Some(default) => default.value.node(span),
        }
    }

    fn parts_value(
        &self,
        part: u16,
        place: &Place,
        ty: &FactType,
        whole: &RawResource,
        type_index: u32,
        attached: &[Attached],
    ) -> Node {
        let mut found = Node::new(Value::Absent, whole.span);
        for attached in attached.iter().filter(|attached| attached.part == part) {
            let Some(raw) = self.raw.get(position(attached.raw)) else { continue };
            let counted = match counts(place, &raw.attributes) {
                Match::No => continue,
                Match::Yes => take(place, ty, &raw.attributes),
                Match::Perhaps(unknown) => {
                    let key = eco_format!("presence of {}", raw.address);
                    perhaps(take(place, ty, &raw.attributes), &unknown, key)
                }
            };
            let taken = match raw.presence.unknown() {
                None => counted,
                Some(unknown) => {
                    let key = match raw.presence {
                        Presence::AnyNumber(_) => {
                            eco_format!("{}{}", Choice::ANY_NUMBER, raw.address)
                        }
                        _ => eco_format!("presence of {}", raw.address),
                    };
                    perhaps(counted, unknown, key)
                }
            };
            found = both(found, taken, ty);
        }
        for loose in
            self.loose.iter().filter(|loose| loose.type_index == type_index && loose.part == part)
        {
            let Some(raw) = self.raw.get(position(loose.raw)) else { continue };
            if matches!(counts(place, &raw.attributes), Match::No)
                || take(place, ty, &raw.attributes).is_absent()
            {
                continue;
            }
            let unknown = Unknown::new(loose.unknown.reason, loose.unknown.settles.clone());
            found = match ty {
                FactType::List(_) => {
                    let rest = List { items: Vec::new(), rest: Some(Arc::new(unknown)) };
                    both(found, Node::new(Value::List(Arc::new(rest)), raw.span), ty)
                }
                _ => prefer(found, Node::unknown(unknown, raw.span)),
            };
        }
        found
    }
}

fn both(found: Node, taken: Node, ty: &FactType) -> Node {
    match (found.is_absent(), taken.is_absent(), ty) {
        (true, _, _) => taken,
        (_, true, _) => found,
        (_, _, FactType::List(_)) => join(found, taken),
        // Several policies of one resource: all their statements.
        (_, _, FactType::Policy) => join_policies(found, taken),
        _ => prefer(found, taken),
    }
}

/// Two policies of one resource as one with the statements of both.
fn join_policies(first: Node, second: Node) -> Node {
    match (first.get("statements"), second.get("statements")) {
        (Some(one), Some(other)) => {
            let span = first.span;
            Node::map([("statements".into(), join(one.clone(), other.clone()))], span)
        }
        (None, _) => first,
        (_, None) => second,
    }
}

/// What a part says that may or may not exist, or may or may not count.
fn perhaps(node: Node, unknown: &Unknown, key: EcoString) -> Node {
    if node.is_absent() {
        return node;
    }
    let span = node.span;
    if let Value::List(list) = &node.value {
        let optional = |item: &Node| choice(&key, unknown, item.clone());
        let items = list.items.iter().map(optional).collect();
        return Node {
            value: Value::List(Arc::new(List { items, rest: list.rest.clone() })),
            ..node.clone()
        };
    }
    Node { span, ..choice(&key, unknown, node) }
}

fn choice(key: &EcoString, unknown: &Unknown, node: Node) -> Node {
    let span = node.span;
    let options = vec![("present".into(), node), ("absent".into(), Node::new(Value::Absent, span))];
    let choice = Choice { key: key.clone(), settles: unknown.settles.clone(), options };
    Node::new(Value::Choice(Arc::new(choice)), span)
}
