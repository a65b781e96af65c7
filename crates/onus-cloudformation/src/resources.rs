//! One resource of a template: its type, presence, properties and references.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{Map, Node, Presence, RawResource, Reference, Span, Unread, Value};

use crate::evaluate::macro_name;
use crate::stack::{Contents, Stack};
use crate::{choices, text};

impl Stack<'_, '_> {
    /// Reads one entry of `Resources`.
    pub(crate) fn resource(
        &mut self,
        logical_id: &EcoString,
        node: &Node,
        contents: &mut Contents,
    ) {
        let Some(map) = node.as_map() else {
            return self.no_resource(logical_id, node, contents);
        };
        let kind = match map.entries.get("Type") {
            Some(Node { value: Value::String(kind), .. }) => kind.clone(),
            found => {
                let message = match found {
                    None => eco_format!("the resource `{logical_id}` has no `Type`"),
                    Some(_) => {
                        eco_format!("the `Type` of `{logical_id}` must be text as it is written")
                    }
                };
                let span = found.map_or(node.span, |kind| kind.span);
                self.error(message, span);
                contents.unread.push(self.unread(logical_id, "giving it a `Type`", node.span));
                return;
            }
        };
        let Some(presence) = self.presence(map.entries.get("Condition")) else { return };
        if kind.ends_with("::MODULE") {
            let settles = eco_format!("the module {kind}, which is registered in the account");
            return contents.unread.push(self.unread(logical_id, &settles, node.span));
        }
        let attributes = self.attributes(map, node.span);
        let references = self.depends_on(map);
        let resource = RawResource {
            address: self.address(logical_id),
            native_type: kind.clone(),
            span: node.span,
            attributes,
            presence,
            region: None,
            references,
        };
        if kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource" {
            contents.unread.extend(custom(&resource));
        }
        if kind == "AWS::CloudFormation::StackSet" {
            let settles = "the template of the stack set";
            contents.unread.push(self.unread(logical_id, settles, node.span));
        }
        if kind.starts_with("AWS::Serverless::") {
            contents.unread.push(self.untransformed(&resource));
        }
        let presence = resource.presence.clone();
        contents.resources.push(resource);
        if kind == "AWS::CloudFormation::Stack" {
            self.nested_stack(logical_id, node, &presence, contents);
        }
    }

    /// A SAM resource that is not transformed makes others for those that it names by logical id.
    fn untransformed(&self, resource: &RawResource) -> Unread {
        let mut references = Vec::new();
        resource.attributes.walk(&mut |node| {
            references.extend(node.references().iter().cloned());
            let name = node.as_str().filter(|name| self.template.resources.contains_key(*name));
            references.extend(name.map(|name| self.whole(name)));
        });
        Unread {
            address: resource.address.clone(),
            settles: eco_format!("the template as SAM transforms {}", resource.native_type),
            span: resource.span,
            references,
        }
    }

    /// An entry of `Resources` that is no resource.
    fn no_resource(&mut self, logical_id: &EcoString, node: &Node, contents: &mut Contents) {
        let settles = match &node.value {
            Value::Unknown(unknown) => unknown.settles.clone(),
            _ if logical_id == "Fn::Transform" => {
                eco_format!("the macro {}", macro_name(node))
            }
            _ => {
                let message = eco_format!("the resource `{logical_id}` must be a mapping");
                self.error(message, node.span);
                "writing it as a mapping with `Type`".into()
            }
        };
        contents.unread.push(self.unread(logical_id, &settles, node.span));
    }

    pub(crate) fn unread(&self, logical_id: &str, settles: &str, span: Span) -> Unread {
        Unread {
            address: self.address(logical_id),
            settles: settles.into(),
            span,
            references: Vec::new(),
        }
    }

    /// The evaluated properties, with the policies on deletion beside them.
    fn attributes(&mut self, map: &Map, span: Span) -> Node {
        let empty = Node::map([], span);
        let written = map.entries.get("Properties").filter(|node| !node.is_absent());
        let properties = self.resolve(written.unwrap_or(&empty));
        let span = written.map_or(span, |written| written.span);
        let mut properties = match properties.value {
            Value::Map(properties) => Arc::unwrap_or_clone(properties),
            Value::Unknown(_) => return properties,
            Value::Choice(_) => merged(&properties, span),
            _ => {
                let message = "`Properties` must be a mapping";
                return self.invalid(message.into(), span);
            }
        };
        for name in ["DeletionPolicy", "UpdateReplacePolicy"] {
            if let Some(policy) = map.entries.get(name) {
                let policy = self.resolve(policy);
                properties.entries.entry(name.into()).or_insert(policy);
            }
        }
        properties.rest = properties.rest.or_else(|| map.rest.clone());
        Node::new(Value::Map(Arc::new(properties)), span)
    }

    fn depends_on(&mut self, map: &Map) -> Vec<Reference> {
        let Some(node) = map.entries.get("DependsOn") else { return Vec::new() };
        let names = node.as_list().map_or(std::slice::from_ref(node), |list| &list.items);
        names.iter().filter_map(Node::as_str).map(|name| self.whole(name)).collect()
    }
}

/// A custom resource may do anything to what is passed to it.
fn custom(resource: &RawResource) -> Option<Unread> {
    let entries = &resource.attributes.as_map()?.entries;
    let mut references = Vec::new();
    for (_, node) in entries.iter().filter(|(key, _)| *key != "ServiceToken") {
        node.walk(&mut |node| references.extend(node.references().iter().cloned()));
    }
    text::once_each(&mut references);
    (!references.is_empty()).then(|| Unread {
        address: resource.address.clone(),
        settles: "knowing what this custom resource does".into(),
        span: resource.span,
        references,
    })
}

/// One mapping whose entries are choices, from a choice of mappings.
fn merged(node: &Node, span: Span) -> Map {
    let mut keys: Vec<EcoString> = Vec::new();
    let mut rest = None;
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        match &node.value {
            Value::Choice(choice) => todo.extend(choice.options.iter().map(|(_, option)| option)),
            Value::Map(map) => {
                keys.extend(
                    map.entries
                        .keys()
                        .filter(|key| !keys.contains(key))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
            }
            Value::Unknown(unknown) => rest = Some(unknown.clone()),
            _ => {}
        }
    }
    let entries = keys.into_iter().map(|key| {
        let value = choices::over(vec![node.clone()], span, &mut |nodes| {
            nodes.first().and_then(|node| node.get(&key)).cloned().unwrap_or_default()
        });
        (key, value)
    });
    Map { entries: entries.collect(), rest }
}

/// What may or may not exist because something around it may or may not.
pub(crate) fn within(outer: &Presence, inner: Presence) -> Presence {
    match (outer, inner) {
        (Presence::Possible(unknown), Presence::Certain) => Presence::Possible(unknown.clone()),
        (_, inner) => inner,
    }
}
