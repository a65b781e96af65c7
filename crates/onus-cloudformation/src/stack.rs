//! A template with its parameters: its resources, and those of the stacks nested in it.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::World;
use onus_model::{
    Diagnostic, Files, Map, Node, Presence, RawResource, Reason, Reference, Span, Unknown, Unread,
    Value,
};
use rustc_hash::FxHashMap;

use crate::conditions::State;
use crate::evaluate::macro_name;
use crate::nested::Nested;
use crate::template::{self, Template};
use crate::{parameters, sam};

/// How many problems of one root are listed one by one.
const MAX_DIAGNOSTICS: usize = 10_000;

/// What one reading of a root shares over all its stacks.
pub(crate) struct Run<'w> {
    pub(crate) world: &'w dyn World,
    pub(crate) files: &'w Files,
    /// The value of `AWS::Region`.
    pub(crate) region: Node,
    pub(crate) templates: FxHashMap<EcoString, Arc<Template>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many nodes were evaluated.
    pub(crate) steps: usize,
    /// How deep evaluation is at this moment.
    pub(crate) depth: usize,
    /// How many nested stacks were read.
    pub(crate) nested: usize,
    /// How many resources they have.
    pub(crate) nested_resources: usize,
    /// The templates that are being read, outermost first.
    pub(crate) open: Vec<EcoString>,
}

impl<'w> Run<'w> {
    pub(crate) fn new(world: &'w dyn World, files: &'w Files, region: Node) -> Run<'w> {
        Run {
            world,
            files,
            region,
            templates: FxHashMap::default(),
            diagnostics: Vec::new(),
            steps: 0,
            depth: 0,
            nested: 0,
            nested_resources: 0,
            open: Vec::new(),
        }
    }

    /// Adds a diagnostic; after very many, only says that there are more.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            return self.diagnostics.push(diagnostic);
        }
        if self.diagnostics.len() == MAX_DIAGNOSTICS {
            let message = "there are more problems than are listed here";
            self.diagnostics.push(Diagnostic::warning(message, diagnostic.span));
        }
    }

    /// The template at `path`, read at most once.
    pub(crate) fn template(&mut self, path: &EcoString) -> Arc<Template> {
        if let Some(template) = self.templates.get(path) {
            return template.clone();
        }
        let mut template = template::read(self.world, self.files, path);
        self.diagnostics.append(&mut template.diagnostics);
        let template = Arc::new(template);
        self.templates.insert(path.clone(), template.clone());
        template
    }
}

/// How a stack is called.
#[derive(Default)]
pub(crate) struct Call {
    /// What stands before its logical ids in addresses: `Nested/`, or nothing.
    pub(crate) prefix: EcoString,
    /// The nested stack that it is, as a path of logical ids with `/` at the end; empty for a root.
    /// Tells its parameters and conditions from those of other stacks of the same scope.
    pub(crate) path: EcoString,
    /// The parameters that it is given.
    pub(crate) given: FxHashMap<EcoString, Node>,
    /// Addresses that the CDK gives, by logical id.
    pub(crate) addresses: FxHashMap<EcoString, EcoString>,
    /// The addresses are the CDK's construct paths.
    pub(crate) construct_paths: bool,
}

/// What a stack holds.
#[derive(Default)]
pub(crate) struct Contents {
    pub(crate) resources: Vec<RawResource>,
    pub(crate) unread: Vec<Unread>,
    pub(crate) outputs: FxHashMap<EcoString, Node>,
}

/// A template being evaluated.
pub(crate) struct Stack<'t, 'w> {
    pub(crate) run: &'t mut Run<'w>,
    pub(crate) template: &'t Template,
    pub(crate) call: &'t Call,
    pub(crate) parameters: FxHashMap<EcoString, Node>,
    pub(crate) conditions: FxHashMap<EcoString, State>,
    pub(crate) nested: FxHashMap<EcoString, Nested>,
    /// Macros or loops may add resources that are not known here.
    pub(crate) partial: bool,
}

/// Reads the resources and outputs of `template` as called.
pub(crate) fn contents(run: &mut Run<'_>, template: &Template, call: &Call) -> Contents {
    let looped = Stack::new(run, template, call).without_loops();
    let template = looped.as_ref().unwrap_or(template);
    let transformed = sam::transform(template, &mut run.diagnostics);
    let template = transformed.as_ref().unwrap_or(template);
    let mut addresses = Call { ..Call::default() };
    let call = if call.construct_paths {
        addresses.prefix = call.prefix.clone();
        addresses.path = call.path.clone();
        addresses.given = call.given.clone();
        addresses.construct_paths = true;
        addresses.addresses = crate::cdk::addresses(template, call);
        &addresses
    } else {
        call
    };
    let mut stack = Stack::new(run, template, call);
    let mut contents = stack.read();
    contents.outputs = stack.outputs();
    contents
}

impl<'t, 'w> Stack<'t, 'w> {
    fn new(run: &'t mut Run<'w>, template: &'t Template, call: &'t Call) -> Stack<'t, 'w> {
        let parameters = template
            .parameters
            .iter()
            .map(|(name, node)| {
                let full = eco_format!("{}{name}", call.path);
                (name.clone(), parameters::value(&full, node, call.given.get(name)))
            })
            .collect();
        let partial = template.transforms.iter().any(|(name, _)| !understood(name))
            || template.resources.keys().any(|key| key.starts_with("Fn::"));
        Stack {
            run,
            template,
            call,
            parameters,
            conditions: FxHashMap::default(),
            nested: FxHashMap::default(),
            partial,
        }
    }

    /// The address of the resource with this logical id.
    pub(crate) fn address(&self, logical_id: &str) -> EcoString {
        match self.call.addresses.get(logical_id) {
            Some(address) => address.clone(),
            None => eco_format!("{}{logical_id}", self.call.prefix),
        }
    }

    fn read(&mut self) -> Contents {
        let mut contents = Contents::default();
        self.macros(&mut contents);
        let template = self.template;
        for (logical_id, node) in &template.resources {
            self.resource(logical_id, node, &mut contents);
        }
        if template.broken {
            contents.unread.push(Unread {
                address: eco_format!("{}the rest of {}", self.call.prefix, template.path),
                settles: eco_format!("mending {}", template.path),
                span: template.span,
                references: Vec::new(),
            });
        }
        contents
    }

    /// Macros that onus does not apply may change or add anything.
    fn macros(&mut self, contents: &mut Contents) {
        let template = self.template;
        for (name, span) in &template.transforms {
            if understood(name) {
                continue;
            }
            let message = eco_format!("the macro `{name}` is not applied; it may change resources");
            let help = "give the processed template (`aws cloudformation get-template`)";
            self.run.report(Diagnostic::warning(message, *span).help(help));
            let everything = template.resources.keys().map(|id| self.whole(id)).collect();
            contents.unread.push(Unread {
                address: eco_format!("{}Transform {name}", self.call.prefix),
                settles: eco_format!("the template as the macro {name} leaves it"),
                span: *span,
                references: everything,
            });
        }
    }

    fn whole(&self, logical_id: &str) -> Reference {
        Reference { target: self.address(logical_id), attribute: EcoString::new() }
    }

    fn resource(&mut self, logical_id: &EcoString, node: &Node, contents: &mut Contents) {
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

    /// The values of the outputs.
    fn outputs(&mut self) -> FxHashMap<EcoString, Node> {
        // Only a parent stack asks for outputs.
        if self.call.path.is_empty() {
            return FxHashMap::default();
        }
        let template = self.template;
        let mut outputs = FxHashMap::default();
        for (name, node) in &template.outputs {
            if self.presence(node.get("Condition")).is_some()
                && let Some(value) = node.get("Value")
            {
                let value = self.resolve(value);
                outputs.insert(name.clone(), value);
            }
        }
        outputs
    }
}

/// The macros that onus applies itself, or that change no resource.
fn understood(name: &str) -> bool {
    name == sam::TRANSFORM || name == "AWS::LanguageExtensions"
}

/// A custom resource may do anything to what is passed to it.
fn custom(resource: &RawResource) -> Option<Unread> {
    let entries = &resource.attributes.as_map()?.entries;
    let mut references = Vec::new();
    for (_, node) in entries.iter().filter(|(key, _)| *key != "ServiceToken") {
        node.walk(&mut |node| references.extend(node.references().iter().cloned()));
    }
    references.dedup();
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
        let value = crate::choices::over(vec![node.clone()], span, &mut |nodes| {
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

/// The unknown of a part that was not there to read.
pub(crate) fn missing(settles: impl Into<EcoString>) -> Unknown {
    Unknown::new(Reason::Missing, settles)
}
