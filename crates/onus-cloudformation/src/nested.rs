//! Nested stacks: templates called by a template.

use ecow::{EcoString, eco_format};
use onus_model::{Node, Presence, Reference, Span, Unread, Value};
use rustc_hash::FxHashMap;

use crate::resources::within;
use crate::stack::{Call, Contents, Stack, contents, missing};
use crate::text;

/// How deep stacks may nest, and how many of them one root may have.
const MAX_DEPTH: usize = 16;
const MAX_NESTED: usize = 2_000;

/// How many resources the nested stacks of one root may have together.
const MAX_RESOURCES: usize = 200_000;

/// A nested stack, as far as it has been read.
pub(crate) enum Nested {
    /// It is being read: whoever asks now asks in a circle.
    Open,
    /// It cannot be read here.
    Unread(EcoString),
    /// It was read; its contents are taken out when its own place comes.
    Read(Contents),
}

impl Stack<'_, '_> {
    /// The output `name` of a nested stack; `None` when it is not known here.
    pub(crate) fn output_of(&mut self, logical_id: &str, name: &str) -> Option<Node> {
        let kind = self.template.resources.get(logical_id)?.get("Type")?.as_str()?;
        if kind != "AWS::CloudFormation::Stack" {
            return None;
        }
        self.open_nested(logical_id);
        match self.nested.get(logical_id)? {
            Nested::Read(contents) => contents.outputs.get(name).cloned(),
            Nested::Unread(settles) => {
                let unknown = missing(settles.clone());
                let reference =
                    Reference { target: self.address(logical_id), attribute: name.into() };
                Some(Node::unknown(unknown, Span::NONE).with_references(&[reference]))
            }
            Nested::Open => None,
        }
    }

    /// Adds the resources of a nested stack.
    pub(crate) fn nested_stack(
        &mut self,
        logical_id: &EcoString,
        node: &Node,
        presence: &Presence,
        into: &mut Contents,
    ) {
        self.open_nested(logical_id);
        match self.nested.get_mut(logical_id.as_str()) {
            Some(Nested::Read(nested)) => {
                for mut resource in std::mem::take(&mut nested.resources) {
                    resource.presence = within(presence, resource.presence);
                    into.resources.push(resource);
                }
                into.unread.append(&mut nested.unread);
            }
            Some(Nested::Unread(settles)) => {
                let settles = settles.clone();
                let mut references = Vec::new();
                if let Some(parameters) = property(node, "Parameters") {
                    let parameters = self.resolve(parameters);
                    parameters.walk(&mut |node| references.extend(node.references().to_vec()));
                }
                let unread = self.unread(logical_id, &settles, node.span);
                into.unread.push(Unread { references, ..unread });
            }
            Some(Nested::Open) | None => {}
        }
    }

    fn open_nested(&mut self, logical_id: &str) {
        if self.nested.contains_key(logical_id) {
            return;
        }
        self.nested.insert(logical_id.into(), Nested::Open);
        let nested = match self.local_template(logical_id) {
            Ok(path) => self.read_nested(logical_id, &path),
            Err(settles) => Nested::Unread(settles),
        };
        self.nested.insert(logical_id.into(), nested);
    }

    /// The path of the template of a nested stack, or what would bring it in.
    fn local_template(&mut self, logical_id: &str) -> Result<EcoString, EcoString> {
        let Some(node) = self.template.resources.get(logical_id) else {
            return Err("the nested template".into());
        };
        let folder = onus_ingest::parent(&self.template.path);
        // The CDK writes down which file it publishes under the URL.
        let asset = node.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        let written = match asset.and_then(Node::as_str) {
            Some(path) => Some(EcoString::from(path)),
            None => {
                let url = property(node, "TemplateURL").or_else(|| property(node, "TemplateUrl"));
                let url = url.map(|url| self.resolve(url));
                url.as_ref().and_then(text::of)
            }
        };
        let Some(written) = written else {
            return Err("the nested template, whose URL is not known here".into());
        };
        let path = written.strip_prefix("file://").unwrap_or(&written);
        if path.contains("://") {
            return Err(eco_format!("the nested template {path}"));
        }
        let path = onus_ingest::join(folder, path);
        if self.run.open.contains(&path) || self.run.open.len() >= MAX_DEPTH {
            let message = eco_format!("the template {path} is nested in itself, or too deep");
            self.error(message.clone(), node.span);
            return Err(message);
        }
        if self.run.nested >= MAX_NESTED || self.run.nested_resources >= MAX_RESOURCES {
            let message = eco_format!(
                "more than {MAX_NESTED} nested stacks, or {MAX_RESOURCES} resources in them"
            );
            self.error(message.clone(), node.span);
            return Err(message);
        }
        match self.run.world.read(&path) {
            Ok(_) => Ok(path),
            Err(error) => Err(eco_format!("the nested template {path} ({error})")),
        }
    }

    fn read_nested(&mut self, logical_id: &str, path: &EcoString) -> Nested {
        let mut given = FxHashMap::default();
        let node = self.template.resources.get(logical_id);
        if let Some(parameters) = node.and_then(|node| property(node, "Parameters")) {
            let parameters = self.resolve(parameters);
            if let Value::Map(map) = &parameters.value {
                for (name, value) in &map.entries {
                    given.insert(name.clone(), value.clone());
                }
            }
        }
        let prefix = eco_format!("{}{logical_id}/", self.call.prefix);
        let path_of_stack = eco_format!("{}{logical_id}/", self.call.path);
        let construct_paths = self.call.construct_paths;
        let call = Call { prefix, path: path_of_stack, given, construct_paths, ..Call::default() };
        let template = self.run.template(path);
        self.run.open.push(path.clone());
        self.run.nested += 1;
        self.run.nested_resources += template.resources.len();
        let contents = contents(self.run, &template, &call);
        self.run.open.pop();
        Nested::Read(contents)
    }
}

fn property<'a>(node: &'a Node, name: &str) -> Option<&'a Node> {
    node.get("Properties")?.get(name)
}
