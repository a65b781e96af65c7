//! The estate as predicates see it.

use std::borrow::Cow;

use onus_model::{
    EcoString, Estate, Node, Piece, Presence, Reason, Reference, Truth, Unknown, Value,
};
use onus_predicate::{Related, View};
use rustc_hash::FxHashMap;

/// An estate with the indexes that relations need.
pub struct EstateView<'a> {
    estate: &'a Estate,
    as_of: &'a str,
    by_type: FxHashMap<u32, Vec<u32>>,
    by_address: FxHashMap<(u32, &'a str), u32>,
    /// Resources that were passed to a part that could not be read.
    passed_on: FxHashMap<u32, Unknown>,
    /// Resources, by scope and type, that refer to something unresolved.
    loose: FxHashMap<(u32, u32), &'a Unknown>,
    /// That the estate is not all there is; `None` when it is.
    beyond: Option<Unknown>,
    nothing: Node,
}

impl<'a> EstateView<'a> {
    /// The view on an estate on a day (`YYYY-MM-DD`).
    pub fn new(estate: &'a Estate, as_of: &'a str) -> EstateView<'a> {
        let mut by_type: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        let mut by_address = FxHashMap::default();
        let mut loose = FxHashMap::default();
        for (at, resource) in (0u32..).zip(&estate.resources) {
            by_address.insert((resource.scope, resource.address.as_str()), at);
            if let Some(type_index) = resource.type_index {
                by_type.entry(type_index).or_default().push(at);
                if let Some(unknown) = &resource.loose {
                    loose.entry((resource.scope, type_index)).or_insert(unknown);
                }
            }
        }
        let mut passed_on = FxHashMap::default();
        for (scope, unread) in &estate.unread {
            for reference in &unread.references {
                if let Some(at) = by_address.get(&(*scope, reference.target.as_str())) {
                    let unknown = || Unknown::new(Reason::Missing, unread.settles.clone());
                    passed_on.entry(*at).or_insert_with(unknown);
                }
            }
        }
        let whole = !estate.scopes.is_empty() && estate.scopes.iter().all(|scope| scope.complete);
        let beyond = (!whole).then(|| {
            Unknown::new(Reason::NotCollected, "the whole account, of which this is a part")
        });
        EstateView {
            estate,
            as_of,
            by_type,
            by_address,
            passed_on,
            loose,
            beyond,
            nothing: Node::default(),
        }
    }

    /// The estate.
    pub fn estate(&self) -> &'a Estate {
        self.estate
    }

    fn all_of(&self, type_index: u32) -> &[u32] {
        self.by_type.get(&type_index).map_or(&[], Vec::as_slice)
    }

    fn resource(&self, at: u32) -> Option<&'a onus_model::Resource> {
        self.estate.resources.get(usize::try_from(at).ok()?)
    }

    fn type_of(&self, at: u32) -> Option<u32> {
        self.resource(at)?.type_index
    }
}

impl View for EstateView<'_> {
    fn fact(&self, resource: u32, slot: u16) -> &Node {
        let facts = self.resource(resource).map(|resource| &resource.facts);
        facts
            .and_then(|facts| facts.get(usize::from(slot)))
            .map_or(&self.nothing, |fact| &fact.node)
    }

    fn referrers(&self, resource: u32, type_index: u32) -> Related<'_> {
        let all = usize::try_from(resource).ok().and_then(|at| self.estate.referrers.get(at));
        let of_type = |at: &u32| self.type_of(*at) == Some(type_index);
        let resources: Vec<u32> =
            all.map_or(&[][..], Vec::as_slice).iter().copied().filter(of_type).collect();
        let scope = self.resource(resource).map_or(u32::MAX, |resource| resource.scope);
        let rest =
            self.passed_on.get(&resource).or_else(|| self.loose.get(&(scope, type_index)).copied());
        Related { resources: Cow::Owned(resources), rest }
    }

    fn target<'n>(
        &'n self,
        resource: u32,
        _slot: u16,
        value: &'n Node,
        type_index: u32,
    ) -> Related<'n> {
        let scope = self.resource(resource).map_or(u32::MAX, |resource| resource.scope);
        let mut found: Vec<u32> = Vec::new();
        let mut rest = None;
        value.walk(&mut |node| {
            for reference in node.references() {
                let at = self.by_address.get(&(scope, reference.target.as_str())).copied();
                if let Some(at) =
                    at.filter(|at| self.type_of(*at) == Some(type_index) && !found.contains(at))
                {
                    found.push(at);
                }
            }
            match &node.value {
                Value::Unknown(unknown)
                    if node.references().is_empty() && unknown.reason != Reason::Lookup =>
                {
                    rest = Some(unknown.as_ref())
                }
                Value::List(list) => rest = rest.or(list.rest.as_deref()),
                _ => {}
            }
        });
        Related { resources: Cow::Owned(found), rest }
    }

    fn refers_to(&self, resource: u32, node: &Node, type_index: u32) -> Truth {
        let scope = self.resource(resource).map_or(u32::MAX, |resource| resource.scope);
        let is_one = |reference: &Reference| {
            let at = self.by_address.get(&(scope, reference.target.as_str()));
            at.is_some_and(|at| self.type_of(*at) == Some(type_index))
        };
        match (&node.value, node.references()) {
            // Text made of several parts is no attribute of one resource.
            (Value::Unknown(unknown), [only]) if is_one(only) && is_whole(unknown) => Truth::True,
            (Value::Unknown(unknown), [])
                if unknown.reason != Reason::Lookup && unknown.pieces.is_empty() =>
            {
                Truth::Unknown
            }
            (Value::Choice(_) | Value::Encoded(_), _) => Truth::Unknown,
            _ => Truth::False,
        }
    }

    fn as_of(&self) -> &str {
        self.as_of
    }

    fn estate(&self, _resource: u32, type_index: u32) -> Related<'_> {
        Related { resources: Cow::Borrowed(self.all_of(type_index)), rest: self.beyond.as_ref() }
    }

    fn presence(&self, resource: u32) -> Option<&Unknown> {
        self.resource(resource)?.presence.unknown()
    }

    fn any_number(&self, resource: u32) -> bool {
        let resource = self.resource(resource);
        resource.is_some_and(|resource| matches!(resource.presence, Presence::AnyNumber(_)))
    }

    fn chosen(&self, _key: &str) -> Option<&str> {
        None
    }
}

/// Whether nothing but the attribute itself is in the value.
fn is_whole(unknown: &Unknown) -> bool {
    matches!(unknown.pieces.as_slice(), [] | [Piece::Text(_), Piece::Hole])
        && unknown.reason == Reason::Computed
}

/// The address of a resource, for messages about a related one.
pub(crate) fn address_of(view: &EstateView<'_>, at: u32) -> EcoString {
    view.resource(at).map(|resource| resource.address.clone()).unwrap_or_default()
}
