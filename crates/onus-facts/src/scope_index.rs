//! Finding resources of one scope: by address, and by the values that name them.

use onus_catalog::{Catalog, NativeType, Syntaxes};
use onus_model::{EcoString, Node, Piece, RawResource, Reason, Unknown, Value, eco_format};
use rustc_hash::FxHashMap;

/// The resources of a scope, by address and by name.
pub(crate) struct ScopeIndex<'a> {
    by_address: FxHashMap<&'a str, Vec<u32>>,
    by_name: FxHashMap<(u32, &'a str), Vec<u32>>,
    /// By names that are not known, and are the same unknown wherever they stand: `var.name`.
    by_unknown: FxHashMap<(u32, EcoString), Vec<u32>>,
}

/// What a value names.
pub(crate) enum Named {
    /// These resources of the scope (perhaps none: something outside of it).
    These(Vec<u32>),
    /// It cannot be told.
    Open(Unknown),
}

impl<'a> ScopeIndex<'a> {
    pub(crate) fn new(
        resources: &'a [RawResource],
        kinds: &[Option<&NativeType>],
        catalog: &Catalog,
    ) -> ScopeIndex<'a> {
        let mut index = ScopeIndex {
            by_address: FxHashMap::default(),
            by_name: FxHashMap::default(),
            by_unknown: FxHashMap::default(),
        };
        for ((at, resource), kind) in (0u32..).zip(resources).zip(kinds) {
            index.by_address.entry(resource.address.as_str()).or_default().push(at);
            if let Some(whole) = without_key(&resource.address) {
                index.by_address.entry(whole).or_default().push(at);
            }
            let Some((type_index, syntax)) = kind.and_then(|kind| kind.is) else { continue };
            let Some(entry) = catalog.type_entry(type_index) else { continue };
            let names =
                if syntax == Syntaxes::Cloudformation { &entry.names.1 } else { &entry.names.0 };
            for name in names {
                let at_name = match resource.attributes.get(name).map(|node| &node.value) {
                    Some(Value::String(text)) => {
                        index.by_name.entry((type_index, text.as_str())).or_default()
                    }
                    Some(Value::Unknown(unknown)) => match name_of_unknown(unknown) {
                        Some(name) => index.by_unknown.entry((type_index, name)).or_default(),
                        None => continue,
                    },
                    _ => continue,
                };
                if at_name.last() != Some(&at) {
                    at_name.push(at);
                }
            }
        }
        index
    }

    /// The resources with this address; for one without a key, all instances.
    pub(crate) fn at(&self, address: &str) -> &[u32] {
        self.by_address.get(address).map_or(&[], Vec::as_slice)
    }

    /// The resources of `type_index` that `node` names: by reference, else by value. `is` tells the type of a resource.
    pub(crate) fn named_by(
        &self,
        node: &Node,
        key: &str,
        type_index: u32,
        is: impl Fn(u32) -> Option<u32>,
    ) -> Named {
        let mut found: Vec<u32> = Vec::new();
        let mut open = None;
        node.walk(&mut |node| {
            let mut referred = false;
            for reference in node.references() {
                for at in self.at(&reference.target) {
                    referred = true;
                    if is(*at) == Some(type_index) && !found.contains(at) {
                        found.push(*at);
                    }
                }
            }
            match &node.value {
                Value::String(text) => {
                    let named = self.by_name.get(&(type_index, text.as_str()));
                    for at in named.map_or(&[][..], Vec::as_slice) {
                        if !found.contains(at) {
                            found.push(*at);
                        }
                    }
                }
                // What a provider computes or looks up is not one of these, or it would be a reference.
                Value::Unknown(unknown) if !referred => {
                    let same = name_of_unknown(unknown);
                    let named = same.and_then(|name| self.by_unknown.get(&(type_index, name)));
                    match named {
                        Some(all) => found.extend(
                            all.iter()
                                .filter(|at| !found.contains(at))
                                .copied()
                                .collect::<Vec<_>>(),
                        ),
                        None if is_elsewhere(unknown, key) => {}
                        None => open = Some(unknown.as_ref().clone()),
                    }
                }
                _ => {}
            }
        });
        match (found.is_empty(), open) {
            (true, Some(unknown)) => Named::Open(unknown),
            _ => Named::These(found),
        }
    }
}

/// What tells one unknown name from another: how it is put together; else what would settle it, and the known text
/// around its one hole.
fn name_of_unknown(unknown: &Unknown) -> Option<EcoString> {
    if !matches!(unknown.reason, Reason::Input | Reason::Lookup) {
        return None;
    }
    if !unknown.recipe.is_empty() {
        return Some(unknown.recipe.clone());
    }
    if unknown.pieces.is_empty() {
        return Some(eco_format!("\0{}\0", unknown.settles));
    }
    let mut name = unknown.settles.clone();
    let mut holes = 0;
    for piece in &unknown.pieces {
        match piece {
            Piece::Text(text) => {
                name.push('\0');
                name.push_str(text);
            }
            Piece::Hole => {
                name.push_str("\0\0");
                holes += 1;
            }
        }
    }
    (holes <= 1).then_some(name)
}

/// Whether an unresolved value under `key` can only name something outside of the scope: what a provider computes or
/// looks up would be a reference otherwise, and an id that AWS generates cannot be given before the resource is made.
fn is_elsewhere(unknown: &Unknown, key: &str) -> bool {
    match unknown.reason {
        Reason::Computed | Reason::Lookup => true,
        Reason::Input => is_generated(key),
        _ => false,
    }
}

/// Whether an attribute holds ids that AWS generates, by its name.
pub(crate) fn is_generated(attribute: &str) -> bool {
    ["_id", "_ids", "Id", "Ids"].iter().any(|ending| attribute.ends_with(ending))
        || attribute == "id"
}

/// `a.b` of the instance `a.b[0]` or `a.b["k"]`.
fn without_key(address: &str) -> Option<&str> {
    let inner = address.strip_suffix(']')?;
    let at = if inner.ends_with('"') { inner.rfind("[\"")? } else { inner.rfind('[')? };
    address.get(..at)
}

/// An attribute whose value names another resource, by its name: the only ones of which an unresolved value may be
/// a reference that was not seen.
pub(crate) fn may_name_another(attribute: &EcoString) -> bool {
    let lower = attribute.to_ascii_lowercase();
    ["id", "ids", "arn", "arns"].iter().any(|ending| {
        lower.strip_suffix(ending).is_some_and(|before| {
            before.is_empty()
                || before.ends_with('_')
                || attribute.len() != before.len() + ending.len()
                || {
                    let start = attribute.as_bytes().get(before.len());
                    start.is_some_and(u8::is_ascii_uppercase)
                }
        })
    })
}
