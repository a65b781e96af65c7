//! CloudFormation, SAM and CDK templates to raw resources.
//!
//! A template is evaluated as CloudFormation would, as far as its text says: parameters without a
//! value, conditions that hang on them and attributes of other resources stay unknown or become
//! choices. Nothing is asked of the network.

mod cdk;
mod choices;
mod cidr;
mod conditions;
mod detect;
mod evaluate;
mod functions;
mod loops;
mod nested;
mod parameters;
mod references;
mod resources;
mod sam;
mod stack;
mod template;
mod text;

use ecow::EcoString;
use onus_ingest::{Root, Source, Tree, World};
use onus_model::{
    Diagnostic, Files, Node, RawEstate, Reason, Scope, SourceKind, Span, Unknown, Unread,
};

use crate::stack::{Call, Run};

/// The source `cloudformation`.
#[derive(Clone, Debug, Default)]
pub struct Cloudformation {
    /// Values for parameters of root templates, by name; they win over defaults.
    pub parameters: Vec<(EcoString, EcoString)>,
    /// The Region that `AWS::Region` stands for; not known when `None`.
    pub region: Option<EcoString>,
}

impl Source for Cloudformation {
    fn name(&self) -> &'static str {
        "cloudformation"
    }

    fn find(&self, world: &dyn World, files: &Files, tree: &Tree) -> Vec<Root> {
        detect::roots(world, files, tree)
    }

    fn read(&self, world: &dyn World, files: &Files, root: &Root) -> Vec<RawEstate> {
        let region = match &self.region {
            Some(region) => Node::string(region.clone(), Span::NONE),
            None => Node::unknown(Unknown::set(Reason::Input, "AWS::Region"), Span::NONE),
        };
        let mut run = Run::new(world, files, region);
        let given = self.parameters.iter();
        run.given = given
            .map(|(name, value)| (name.clone(), Node::string(value.clone(), Span::NONE)))
            .collect();
        let name = onus_ingest::file_name(&root.path);
        let is_template =
            [".yaml", ".yml", ".json", ".template"].iter().any(|end| name.ends_with(end));
        let mut estates = if is_template {
            vec![Self::template(&mut run, &root.path)]
        } else {
            cdk::read(&mut run, &root.path, 0)
        };
        for estate in &mut estates {
            once_each(&mut estate.diagnostics);
            unique_addresses(estate);
        }
        estates
    }
}

impl Cloudformation {
    fn template(run: &mut Run<'_>, path: &EcoString) -> RawEstate {
        let call = Call { given: run.given.clone(), ..Call::default() };
        let template = run.template(path);
        run.open.push(path.clone());
        let contents = stack::contents(run, &template, &call);
        RawEstate {
            scope: Scope {
                kind: SourceKind::Cloudformation,
                path: path.clone(),
                complete: false,
                region: run.region.clone(),
            },
            resources: contents.resources,
            unread: contents.unread,
            diagnostics: std::mem::take(&mut run.diagnostics),
        }
    }
}

/// A template that is nested twice says what is wrong with it once.
fn once_each(diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = rustc_hash::FxHashSet::default();
    diagnostics.retain(|one| seen.insert((one.span, one.message.clone())));
}

/// Addresses are unique in a scope; of two resources with one address the second is unread.
fn unique_addresses(estate: &mut RawEstate) {
    let mut seen = rustc_hash::FxHashSet::default();
    let unread = &mut estate.unread;
    let diagnostics = &mut estate.diagnostics;
    estate.resources.retain(|resource| {
        let new = seen.insert(resource.address.clone());
        if !new {
            let message = ecow::eco_format!("there is another resource `{}`", resource.address);
            diagnostics.push(Diagnostic::error(message, resource.span));
            unread.push(Unread {
                address: resource.address.clone(),
                settles: "an address of its own".into(),
                span: resource.span,
                references: Vec::new(),
            });
        }
        new
    });
}
