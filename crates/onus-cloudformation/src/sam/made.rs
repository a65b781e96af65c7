//! A SAM resource as written, and what is made of it.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Map, Node, Reason, Span, Unknown, Value};

use rustc_hash::FxHashMap;

use super::globals;
use crate::template::Section;

/// What SAM makes of a template.
#[derive(Default)]
pub(super) struct Made {
    pub(super) resources: Section,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The place of the first event that needs the implicit REST API.
    pub(super) rest_api: Option<Span>,
    /// The place of the first event that needs the implicit HTTP API.
    pub(super) http_api: Option<Span>,
    /// The name of the stage of each REST API, as it is part of logical ids.
    pub(super) stages: FxHashMap<EcoString, EcoString>,
}

/// One SAM resource.
pub(super) struct Part<'a> {
    pub(super) id: &'a EcoString,
    pub(super) span: Span,
    written: &'a Map,
    properties: Node,
}

impl<'a> Part<'a> {
    /// The resource `node` with the global properties of its type; `None` when it is no mapping.
    pub(super) fn new(
        id: &'a EcoString,
        node: &'a Node,
        globals: Option<&Node>,
    ) -> Option<Part<'a>> {
        let written = node.as_map()?;
        let own = written.entries.get("Properties").filter(|own| !own.is_absent());
        let own = own.cloned().unwrap_or_else(|| Node::map([], node.span));
        let properties = match globals {
            Some(globals) => globals::merge(globals, &own),
            None => own,
        };
        properties.as_map()?;
        Some(Part { id, span: node.span, written, properties })
    }

    /// A property.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        self.properties.get(name).filter(|node| !node.is_absent())
    }

    /// A property for what is made.
    pub(super) fn copy(&self, name: &str) -> Option<Node> {
        self.get(name).cloned()
    }

    /// The logical id of something made for this resource.
    pub(super) fn named(&self, suffix: &str) -> EcoString {
        eco_format!("{}{suffix}", self.id)
    }

    /// `Ref` of this resource.
    pub(super) fn reference(&self) -> Node {
        reference(self.id, self.span)
    }

    /// An attribute of this resource.
    pub(super) fn attribute(&self, name: &str) -> Node {
        get_att(self.id, name, self.span)
    }

    pub(super) fn text(&self, text: &str) -> Node {
        Node::string(text, self.span)
    }

    pub(super) fn list(&self, items: Vec<Node>) -> Node {
        Node::list(items, self.span)
    }

    /// A mapping of what is there.
    pub(super) fn map<const N: usize>(&self, entries: [(&str, Option<Node>); N]) -> Node {
        map(entries, self.span)
    }

    /// The properties `names`, as they are.
    pub(super) fn same<'n>(
        &'n self,
        names: &'n [&'n str],
    ) -> impl Iterator<Item = (EcoString, Node)> + 'n {
        names.iter().filter_map(|name| Some(((*name).into(), self.copy(name)?)))
    }

    /// `Tags` as a list of keys and values.
    pub(super) fn tags(&self) -> Option<Node> {
        let tags = self.get("Tags")?;
        let Some(map) = tags.as_map().filter(|_| !super::is_call(tags)) else {
            return Some(tags.clone());
        };
        let items = map.entries.iter().map(|(key, value)| {
            let key = Node::string(key.clone(), value.span);
            Node::map([("Key".into(), key), ("Value".into(), value.clone())], value.span)
        });
        Some(Node::list(items.collect(), tags.span))
    }

    /// What stands for the SAM resource itself: it keeps what was written beside its properties.
    pub(super) fn main(&self, kind: &str, properties: Node, made: &mut Made) {
        let mut entries = self.written.entries.clone();
        entries.insert("Type".into(), self.text(kind));
        entries.insert("Properties".into(), properties);
        for own in ["Connectors", "IgnoreGlobals"] {
            entries.shift_remove(own);
        }
        let value = Value::Map(Arc::new(Map { entries, rest: self.written.rest.clone() }));
        made.resources.insert(self.id.clone(), Node::new(value, self.span));
    }

    /// Something else that SAM makes for it, under the same condition.
    pub(super) fn also(&self, id: EcoString, kind: &str, properties: Node, made: &mut Made) {
        let condition = self.written.entries.get("Condition").cloned();
        let node = self.map([
            ("Type", Some(self.text(kind))),
            ("Condition", condition),
            ("Properties", Some(properties)),
        ]);
        made.resources.entry(id).or_insert(node);
    }

    /// The properties of what is made: those of `same` as they are, and `entries`.
    pub(super) fn properties<const N: usize>(
        &self,
        same: &[&str],
        entries: [(&str, Option<Node>); N],
    ) -> Node {
        let more = entries.into_iter().filter_map(|(name, node)| Some((name.into(), node?)));
        let span = self.properties.span;
        let node = Node::map(self.same(same).chain(more), span);
        match (node.value, self.properties.as_map().and_then(|map| map.rest.clone())) {
            (Value::Map(mut map), Some(rest)) => {
                Arc::make_mut(&mut map).rest = Some(rest);
                Node::new(Value::Map(map), span)
            }
            (value, _) => Node::new(value, span),
        }
    }

    /// Where packaging puts a local file or folder: set, and not known before.
    pub(super) fn packaged(&self, property: &str, span: Span) -> Node {
        let settles = eco_format!("packaging the {property} of {}", self.id);
        Node::unknown(Unknown::set(Reason::Computed, settles), span)
    }

    /// An S3 location under the names `bucket`, `key` and `version`, from a `…Uri` property.
    pub(super) fn location(&self, property: &str, names: [&str; 3]) -> Option<Node> {
        let uri = self.get(property)?;
        let [bucket, key, version] = names;
        if uri.as_map().is_some() && !super::is_call(uri) {
            let part = |name| uri.get(name).cloned();
            return Some(map(
                [(bucket, part("Bucket")), (key, part("Key")), (version, part("Version"))],
                uri.span,
            ));
        }
        let place = uri.as_str().and_then(|uri| uri.strip_prefix("s3://")?.split_once('/'));
        let (in_bucket, at_key) = match place {
            Some((in_bucket, at_key)) => {
                (Node::string(in_bucket, uri.span), Node::string(at_key, uri.span))
            }
            None => (self.packaged(property, uri.span), self.packaged(property, uri.span)),
        };
        Some(map([(bucket, Some(in_bucket)), (key, Some(at_key))], uri.span))
    }
}

/// A mapping of what is there.
pub(super) fn map<const N: usize>(entries: [(&str, Option<Node>); N], span: Span) -> Node {
    Node::map(entries.into_iter().filter_map(|(key, node)| Some((key.into(), node?))), span)
}

/// `Ref`.
pub(super) fn reference(id: &str, span: Span) -> Node {
    map([("Ref", Some(Node::string(id, span)))], span)
}

/// `Fn::GetAtt`.
pub(super) fn get_att(id: &str, attribute: &str, span: Span) -> Node {
    let path = vec![Node::string(id, span), Node::string(attribute, span)];
    map([("Fn::GetAtt", Some(Node::list(path, span)))], span)
}

/// `Fn::Sub`.
pub(super) fn sub(text: &str, span: Span) -> Node {
    map([("Fn::Sub", Some(Node::string(text, span)))], span)
}
