//! Bodies of blocks to maps: arguments as they are, nested blocks as lists of maps.

use std::sync::Arc;

use ecow::EcoString;
use onus_model::{List, Map, Node, Span, Unknown, Value};

use super::sets::{index_node, is_set};
use super::{Evaluated, Frame, Run, Scope, refuse};
use crate::choice;
use crate::module::Ordered;
use crate::syntax::{Block, Body};

/// Arguments and blocks that Terraform itself understands, in every resource.
const META: &[&str] =
    &["count", "for_each", "provider", "depends_on", "provisioner", "connection", "lifecycle"];

impl Run<'_> {
    /// The body of a resource or data source, without meta-arguments. `lifecycle` is a map.
    pub(super) fn resource_body(&self, body: &Body, span: Span, scope: &Scope<'_>) -> Node {
        let mut map = self.body(body, scope, META);
        if let Some(lifecycle) = body.block("lifecycle") {
            let skipped =
                ["precondition", "postcondition", "ignore_changes", "replace_triggered_by"];
            let inner = self.body(&lifecycle.body, scope, &skipped);
            if !inner.entries.is_empty() {
                let node = Node::new(Value::Map(Arc::new(inner)), lifecycle.span);
                map.entries.insert("lifecycle".into(), node);
            }
        }
        Node::new(Value::Map(Arc::new(map)), span)
    }

    fn body(&self, body: &Body, scope: &Scope<'_>, skipped: &[&str]) -> Map {
        let mut map = Map::default();
        for attribute in &body.attributes {
            if skipped.contains(&attribute.name.as_str()) {
                continue;
            }
            let evaluated = self.evaluate(&attribute.value, scope);
            let node = self.settled(evaluated, &attribute.name, attribute.span);
            let node = Node { span: attribute.span, ..node };
            map.entries.insert(attribute.name.clone(), node);
        }
        let mut parts: Ordered<Vec<Node>> = Ordered::default();
        for block in &body.blocks {
            if block.kind == "dynamic" {
                if let Some(kind) = block.labels.first() {
                    let evaluated = self.dynamic(block, kind, scope);
                    let node = self.settled(evaluated, kind, block.span);
                    parts.entry(kind.clone()).or_default().push(node);
                }
            } else if !skipped.contains(&block.kind.as_str()) {
                let inner = self.block(block, scope);
                let node = Node::list(vec![inner], block.span);
                parts.entry(block.kind.clone()).or_default().push(node);
            }
        }
        for (kind, parts) in parts {
            let node = concatenated(parts);
            if !node.is_absent() {
                map.entries.insert(kind, node);
            }
        }
        map
    }

    fn block(&self, block: &Block, scope: &Scope<'_>) -> Node {
        let mut map = self.body(&block.body, scope, &[]);
        if let [label] = block.labels.as_slice() {
            let node = Node::string(label.clone(), block.span);
            map.entries.entry("label".into()).or_insert(node);
        }
        Node::new(Value::Map(Arc::new(map)), block.span)
    }

    /// The blocks that a `dynamic` block stands for, as a list.
    fn dynamic(&self, block: &Block, kind: &EcoString, scope: &Scope<'_>) -> Evaluated {
        let Some(for_each) = block.body.attribute("for_each") else {
            return refuse("a `dynamic` block needs `for_each`", block.span);
        };
        let Some(content) = block.body.block("content") else {
            return refuse("a `dynamic` block needs a `content` block", block.span);
        };
        let iterator = match block.body.attribute("iterator").map(|own| &own.value.kind) {
            Some(crate::syntax::ExprKind::Name(name) | crate::syntax::ExprKind::Text(name)) => name,
            _ => kind,
        };
        let of = choice::prune(self.evaluate(&for_each.value, scope)?);
        choice::over(&[of], block.span, &mut |nodes| {
            let Some(of) = nodes.first() else { return Ok(Node::default()) };
            let mut list = List::default();
            let mut add = |key: Node, value: Node| {
                let entries = [("key".into(), key), ("value".into(), value)];
                let names = vec![(iterator.clone(), Node::map(entries, block.span))];
                let frame = Frame { names, outer: scope.frame, turn: self.turn() };
                let map = self.body(&content.body, &scope.within(&frame), &[]);
                list.items.push(Node::new(Value::Map(Arc::new(map)), block.span));
            };
            let rest = match &of.value {
                Value::List(items) => {
                    let of_set = is_set(&for_each.value, scope);
                    for (index, item) in items.items.iter().enumerate() {
                        add(
                            if of_set { item.clone() } else { index_node(index, item.span) },
                            item.clone(),
                        );
                    }
                    items.rest.clone()
                }
                Value::Map(map) => {
                    let mut entries: Vec<_> = map.entries.iter().collect();
                    entries.sort_by(|a, b| a.0.cmp(b.0));
                    for (key, item) in entries {
                        add(Node::string(key.clone(), item.span), item.clone());
                    }
                    map.rest.clone()
                }
                Value::Unknown(unknown) => {
                    Some(Arc::new(Unknown::new(unknown.reason, unknown.settles.clone())))
                }
                Value::Absent => None,
                _ => return refuse("`for_each` needs a list or a map here", for_each.span),
            };
            list.rest = rest;
            let empty = list.items.is_empty() && list.rest.is_none();
            let value = if empty { Value::Absent } else { Value::List(Arc::new(list)) };
            Ok(Node::new(value, block.span).with_references(of.references()))
        })
    }
}

/// Lists of blocks one after the other; absent when there are none at all.
fn concatenated(mut parts: Vec<Node>) -> Node {
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let span = parts.first().map_or(Span::NONE, |part| part.span);
    let joined = choice::over(&parts, span, &mut |parts| {
        let mut all = List::default();
        for part in parts {
            match &part.value {
                Value::List(list) => {
                    all.items.extend(list.items.iter().cloned());
                    all.rest = all.rest.or_else(|| list.rest.clone());
                }
                Value::Unknown(unknown) => all.rest = Some(unknown.clone()),
                _ => {}
            }
        }
        let empty = all.items.is_empty() && all.rest.is_none();
        let value = if empty { Value::Absent } else { Value::List(Arc::new(all)) };
        Ok(Node::new(value, span))
    });
    joined.unwrap_or_default()
}
