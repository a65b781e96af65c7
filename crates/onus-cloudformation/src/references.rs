//! `Ref`, `Fn::GetAtt`, `Fn::Sub` and `Fn::FindInMap`: values taken from elsewhere in the template.

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use onus_model::{Map, Node, Reason, Reference, Span, Unknown, Value};
use rustc_hash::FxBuildHasher;

use crate::stack::Stack;
use crate::text::{self, Part, Text};
use crate::{choices, parameters};

type Locals = IndexMap<EcoString, Node, FxBuildHasher>;

impl Stack<'_, '_> {
    /// `Ref`.
    pub(crate) fn reference(&mut self, argument: &Node, span: Span) -> Node {
        let name = match argument.as_str() {
            Some(name) => EcoString::from(name),
            None => match text::of(&self.resolve(argument)) {
                Some(name) => name,
                None => return self.invalid("`Ref` takes a name".into(), span),
            },
        };
        self.named(&name, span)
    }

    /// What `Ref` gives for `name`.
    fn named(&mut self, name: &EcoString, span: Span) -> Node {
        if let Some(value) = self.parameters.get(name) {
            return Node { span, ..value.clone() };
        }
        if let Some(value) = parameters::pseudo(name, &self.run.region, span) {
            return value;
        }
        if self.template.resources.contains_key(name) {
            return self.of_resource(name, "", span);
        }
        // SAM names what it makes for a resource `X` as `X.Version`, `X.Stage`, ….
        if let Some((owner, part)) = name.split_once('.') {
            let made = eco_format!("{owner}{part}");
            let key = self.template.resources.keys().find(|key| {
                key.starts_with(made.as_str())
                    || (key.starts_with(owner) && key.ends_with(part) && *key != owner)
            });
            if let Some(key) = key.filter(|_| self.template.resources.contains_key(owner)) {
                return self.of_resource(key, "", span);
            }
            if self.template.resources.contains_key(owner) {
                return Node::unknown(Unknown::set(Reason::Computed, name.clone()), span);
            }
        }
        if self.template.broken || self.partial {
            let unknown = Unknown::new(Reason::Missing, name.clone());
            return Node::unknown(unknown, span);
        }
        self.invalid(eco_format!("`{name}` is no parameter and no resource of this template"), span)
    }

    /// `Fn::GetAtt` in both forms.
    pub(crate) fn get_att(&mut self, argument: &Node, span: Span) -> Node {
        let argument = match &argument.value {
            Value::String(_) => argument.clone(),
            _ => self.resolve(argument),
        };
        let path = match &argument.value {
            Value::String(path) => Some(path.clone()),
            Value::List(list) => {
                let parts: Option<Vec<_>> = list.items.iter().map(text::of).collect();
                parts.map(|parts| parts.join(".").into())
            }
            _ => None,
        };
        match path.as_deref().and_then(|path| path.split_once('.')) {
            Some((name, attribute)) => self.attribute(name, attribute, span),
            None if argument.as_list().is_some() => {
                let name = argument.as_list().and_then(|list| list.items.first());
                let name = name.and_then(Node::as_str).unwrap_or_default();
                if self.template.resources.contains_key(name) {
                    return self.of_resource(name, "", span);
                }
                self.invalid("`Fn::GetAtt` takes a resource and an attribute".into(), span)
            }
            None => self.invalid("`Fn::GetAtt` takes a resource and an attribute".into(), span),
        }
    }

    fn attribute(&mut self, name: &str, attribute: &str, span: Span) -> Node {
        if self.template.resources.contains_key(name) {
            return self.of_resource(name, attribute, span);
        }
        if self.template.broken || self.partial {
            let settles = eco_format!("{name}.{attribute}");
            return Node::unknown(Unknown::new(Reason::Missing, settles), span);
        }
        self.invalid(eco_format!("`{name}` is no resource of this template"), span)
    }

    /// A value taken from another resource; `attribute` is empty for `Ref`.
    fn of_resource(&mut self, name: &str, attribute: &str, span: Span) -> Node {
        if let Some(output) = attribute.strip_prefix("Outputs.")
            && let Some(value) = self.output_of(name, output)
        {
            return Node { span, ..value };
        }
        let settles = match attribute {
            "" => self.address(name),
            _ => eco_format!("{}.{attribute}", self.address(name)),
        };
        let kind = self.template.resources.get(name).and_then(|resource| resource.get("Type"));
        let kind = kind.and_then(Node::as_str).unwrap_or_default();
        // What a custom resource or another stack returns may well be empty.
        let open = kind.starts_with("Custom::")
            || kind == "AWS::CloudFormation::CustomResource"
            || kind == "AWS::CloudFormation::Stack";
        let unknown = Unknown::new(Reason::Computed, settles);
        let unknown = Unknown { set: attribute.is_empty() || !open, ..unknown };
        let reference = Reference { target: self.address(name), attribute: attribute.into() };
        Node::unknown(unknown, span).with_references(&[reference])
    }

    /// `Fn::Sub` in both forms.
    pub(crate) fn sub(&mut self, argument: &Node, span: Span) -> Node {
        let (text, locals) = match &argument.value {
            Value::List(list) => match list.items.as_slice() {
                [text] => (text, None),
                [text, locals] => (text, Some(locals)),
                _ => return self.invalid("`Fn::Sub` takes a text and a mapping".into(), span),
            },
            _ => (argument, None),
        };
        let Some(text) = text::of(text) else {
            return self.invalid("`Fn::Sub` takes text as it is written".into(), span);
        };
        let locals: Locals = match locals.map(|locals| self.resolve(locals)) {
            Some(Node { value: Value::Map(map), .. }) => map.entries.clone(),
            _ => Locals::default(),
        };
        let parts = text::parts(&text);
        let values: Vec<Node> = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Node::string(*text, span),
                Part::Name(name) => self.substituted(name, &locals, span),
            })
            .collect();
        self.concatenated(values, span)
    }

    fn substituted(&mut self, name: &str, locals: &Locals, span: Span) -> Node {
        if let Some(value) = locals.get(name) {
            return value.clone();
        }
        match name.split_once('.') {
            Some((owner, attribute)) if self.template.resources.contains_key(owner) => {
                self.attribute(owner, attribute, span)
            }
            _ => self.named(&name.into(), span),
        }
    }

    /// The texts of `values`, one after the other.
    pub(crate) fn concatenated(&mut self, values: Vec<Node>, span: Span) -> Node {
        let mut wrong = None;
        let joined = choices::over(values, span, &mut |values| {
            let mut text = Text::default();
            for value in values {
                if !text.add(value) {
                    wrong = Some(value.span);
                    let unknown = Unknown::new(Reason::Invalid, "text made of something else");
                    return Node::unknown(unknown, span);
                }
            }
            text.finish(span)
        });
        if wrong.is_some() {
            self.error("only text, numbers and truth values can be part of a text".into(), span);
        }
        joined
    }

    /// `Fn::FindInMap`, with the default of the language extensions.
    pub(crate) fn find_in_map(&mut self, argument: &Node, span: Span) -> Node {
        let parts = argument.as_list().map_or(&[][..], |list| list.items.as_slice());
        let (keys, options) = match parts {
            [_, _, _] => (parts, None),
            [_, _, _, options] => (parts.get(..3).unwrap_or_default(), Some(options)),
            _ => {
                let message = "`Fn::FindInMap` takes a mapping's name and two keys";
                return self.invalid(message.into(), span);
            }
        };
        let default = options.and_then(|options| options.get("DefaultValue"));
        let default = default.map(|default| self.resolve(default));
        let keys: Vec<Node> = keys.iter().map(|key| self.resolve(key)).collect();
        let mappings = &self.template.mappings;
        let path = &self.call.path;
        let mut missing = None;
        let mut look = |keys: &[Node]| {
            let [mapping, top, second] = keys else { return Node::default() };
            let Some(mapping_name) = text::of(mapping) else { return hidden(mapping, span) };
            let Some(map) = mappings.get(&mapping_name).and_then(Node::as_map) else {
                missing = Some(eco_format!("there is no mapping `{mapping_name}`"));
                return Node::unknown(Unknown::new(Reason::Invalid, "the mapping"), span);
            };
            let full_name = eco_format!("{path}{mapping_name}");
            let found = level(map, top, span, &full_name, &mut |inner| {
                inner.as_map().map(|inner| {
                    level(inner, second, span, &full_name, &mut |leaf| Some(leaf.clone()))
                })
            });
            match (found.value, &default) {
                (Value::Absent, Some(default)) => default.clone(),
                (Value::Absent, None) => {
                    let key = |node| text::of(node).unwrap_or_default();
                    let (top, second) = (key(top), key(second));
                    missing =
                        Some(eco_format!("mapping `{mapping_name}` has no `{top}`, `{second}`"));
                    Node::unknown(Unknown::new(Reason::Invalid, "the mapping"), span)
                }
                (value, _) => Node { value, span, references: found.references },
            }
        };
        let found = choices::over(keys, span, &mut look);
        if let Some(message) = missing {
            self.error(message, span);
        }
        found
    }
}

/// An unknown in place of what an unknown key would have led to.
fn hidden(key: &Node, span: Span) -> Node {
    let unknown = match &key.value {
        Value::Unknown(unknown) => Unknown::new(unknown.reason, unknown.settles.clone()),
        _ => Unknown::new(Reason::Invalid, "the key of `Fn::FindInMap`"),
    };
    Node::unknown(unknown, span).with_references(key.references())
}

/// What `next` makes of the entry of `key`, or, when the key is not known, of every entry.
fn level(
    map: &Map,
    key: &Node,
    span: Span,
    mapping: &str,
    next: &mut dyn FnMut(&Node) -> Option<Node>,
) -> Node {
    if let Some(key) = text::of(key) {
        return map.entries.get(&key).and_then(next).unwrap_or_default();
    }
    let Value::Unknown(unknown) = &key.value else { return hidden(key, span) };
    if map.entries.len() > choices::MAX_LEAVES {
        return hidden(key, span);
    }
    let options: Vec<_> = map
        .entries
        .iter()
        .filter_map(|(label, entry)| Some((label.clone(), next(entry)?)))
        .filter(|(_, node)| !node.is_absent())
        .collect();
    if options.is_empty() {
        return Node::default();
    }
    let settles = unknown.settles.clone();
    let chosen = choices::choose(eco_format!("{settles} in {mapping}"), settles, options, span);
    if choices::leaves(&chosen) > choices::MAX_LEAVES { hidden(key, span) } else { chosen }
}
