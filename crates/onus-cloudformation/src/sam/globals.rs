//! `Globals`: properties that all resources of one SAM type share.

use std::sync::Arc;

use onus_model::{List, Map, Node, Value};

use super::is_call;

/// A resource's own properties over the global ones: mappings are merged, lists joined (the global
/// elements first), anything else replaced.
pub(super) fn merge(global: &Node, own: &Node) -> Node {
    if is_call(global) || is_call(own) {
        return own.clone();
    }
    match (&global.value, &own.value) {
        (Value::Map(global), Value::Map(map)) => {
            let mut entries = global.entries.clone();
            for (key, value) in &map.entries {
                let value = match global.entries.get(key) {
                    Some(global) => merge(global, value),
                    None => value.clone(),
                };
                entries.insert(key.clone(), value);
            }
            let rest = map.rest.clone().or_else(|| global.rest.clone());
            Node { value: Value::Map(Arc::new(Map { entries, rest })), ..own.clone() }
        }
        (Value::List(global), Value::List(list)) => {
            let items = global.items.iter().chain(&list.items).cloned().collect();
            let rest = list.rest.clone().or_else(|| global.rest.clone());
            Node { value: Value::List(Arc::new(List { items, rest })), ..own.clone() }
        }
        _ => own.clone(),
    }
}
