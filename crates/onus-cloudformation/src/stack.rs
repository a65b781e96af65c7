//! A template with its parameters: its resources, and those of the stacks nested in it.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::World;
use onus_model::{Diagnostic, Files, Node, RawResource, Reason, Reference, Unknown, Unread};
use rustc_hash::FxHashMap;

use crate::conditions::State;
use crate::nested::Nested;
use crate::template::{self, Template};
use crate::{parameters, sam};

/// How many problems of one root are listed one by one.
const MAX_DIAGNOSTICS: usize = 10_000;

/// What one reading of a root shares over all its stacks.
pub(crate) struct Run<'w> {
    pub(crate) world: &'w dyn World,
    pub(crate) files: &'w Files,
    /// The value of `AWS::Region` in the stack that is being read.
    pub(crate) region: Node,
    /// Its value where a stack names no Region.
    pub(crate) given_region: Node,
    /// Values for the parameters of root stacks.
    pub(crate) given: FxHashMap<EcoString, Node>,
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
            given_region: region.clone(),
            given: FxHashMap::default(),
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

    /// A reference to a resource as a whole.
    pub(crate) fn whole(&self, logical_id: &str) -> Reference {
        Reference { target: self.address(logical_id), attribute: EcoString::new() }
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

/// The unknown of a part that was not there to read.
pub(crate) fn missing(settles: impl Into<EcoString>) -> Unknown {
    Unknown::new(Reason::Missing, settles)
}
