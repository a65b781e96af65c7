//! Module calls: instances of modules, and what they give out.

use std::rc::Rc;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::join;
use onus_model::{
    Diagnostic, Map, Node, RawResource, Reason, Reference, Span, Unknown, Unread, Value,
};

use super::instance::{ModuleInstance, Repetition};
use super::members::{Kind, Members};
use super::{Evaluated, Run, Scope, refuse};
use crate::module::Module;
use crate::syntax::{Block, Step};

/// How deep modules may call modules.
const DEPTH_LIMIT: u32 = 64;

/// Resources and module instances that one root may have.
const TOTAL_LIMIT: usize = 500_000;

/// Arguments of a call that are not variables of the module.
const META: &[&str] = &["source", "version", "providers", "count", "for_each", "depends_on"];

/// All instances of a module call.
pub(crate) struct Calls {
    members: Members,
    /// The same number as members, or none when the module could not be read.
    instances: Vec<Rc<ModuleInstance>>,
    /// The module could not be read: what would settle that.
    missing: Option<EcoString>,
}

impl Run<'_> {
    /// `module.name` and the steps after it.
    pub(super) fn module_output(
        &self,
        name: &str,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let calls = self.calls(scope.module, name, span)?;
        if let Some(missing) = &calls.missing {
            let node = Node::unknown(Unknown::new(Reason::Missing, missing.clone()), span);
            return self.steps(node, steps, span, scope);
        }
        let (mut steps, mut key) = (steps, None);
        if calls.members.kind != Kind::Single
            && let (Some(Step::Index(index)), Some(after)) = (steps.first(), steps.get(1..))
        {
            key = Some(self.evaluate(index, scope)?);
            steps = after;
        }
        let mut one = |index: usize| {
            let Some(instance) = calls.instances.get(index) else { return Ok(Node::default()) };
            self.output_steps(instance, steps, span, scope)
        };
        match key {
            Some(key) => self.select(&calls.members, key, span, &mut one),
            None if calls.members.kind == Kind::Single => one(0),
            None => {
                let whole = self.whole(&calls.members, span, &mut |index| {
                    let Some(instance) = calls.instances.get(index) else {
                        return Ok(Node::default());
                    };
                    self.all_outputs(instance, span)
                })?;
                self.steps(whole, steps, span, scope)
            }
        }
    }

    fn output_steps(
        &self,
        instance: &Rc<ModuleInstance>,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let (Some(Step::Attribute(name)), Some(after)) = (steps.first(), steps.get(1..)) else {
            let all = self.all_outputs(instance, span)?;
            return self.steps(all, steps, span, scope);
        };
        let node = self.output(instance, name, span)?;
        self.steps(node, after, span, scope)
    }

    fn all_outputs(&self, instance: &Rc<ModuleInstance>, span: Span) -> Evaluated {
        let mut map = Map::default();
        for name in instance.module.outputs.keys() {
            map.entries.insert(name.clone(), self.output(instance, name, span)?);
        }
        Ok(Node::new(Value::Map(Arc::new(map)), span))
    }

    fn output(&self, instance: &Rc<ModuleInstance>, name: &str, span: Span) -> Evaluated {
        let Some(block) = instance.module.outputs.get(name) else {
            return refuse(
                eco_format!("the module {} has no output `{name}`", instance.address),
                span,
            );
        };
        let what = eco_format!("{}.{name}", instance.address);
        let made = instance.outputs.get(name, || {
            let Some(value) = block.body.attribute("value") else { return Node::default() };
            let repetition = Repetition::default();
            let scope =
                Scope { module: instance, repetition: &repetition, frame: None, closed: false };
            self.settled(self.evaluate(&value.value, &scope), &what, value.span)
        });
        Ok(made.unwrap_or_else(|| self.cycle(&what, block.span)))
    }

    fn calls(&self, module: &Rc<ModuleInstance>, name: &str, span: Span) -> Evaluated<Rc<Calls>> {
        let Some(block) = module.module.calls.get(name) else {
            return refuse(eco_format!("there is no module `{name}` called here"), span);
        };
        let made = module.calls.get(name, || Rc::new(self.make_calls(module, name, block)));
        made.map_or_else(
            || {
                refuse(
                    eco_format!("the number of instances of module.{name} depends on itself"),
                    span,
                )
            },
            Ok,
        )
    }

    fn make_calls(&self, module: &Rc<ModuleInstance>, name: &str, block: &Block) -> Calls {
        let repetition = Repetition::default();
        let scope = Scope { module, repetition: &repetition, frame: None, closed: false };
        let address = module.full(&eco_format!("module.{name}"));
        let members = self.members(&block.body, &address, &scope);
        let key =
            if module.key.is_empty() { name.into() } else { eco_format!("{}.{name}", module.key) };
        let called = match self.called_module(module, block, &key, &address) {
            Ok(called) => called,
            Err(missing) => {
                return Calls { members, instances: Vec::new(), missing: Some(missing) };
            }
        };
        let instances = members.list.iter().map(|member| {
            Rc::new(ModuleInstance {
                module: called.clone(),
                address: member.address.clone(),
                key: key.clone(),
                depth: module.depth + 1,
                caller: Some((module.clone(), name.into())),
                any_number: member.any_number || module.any_number,
                presence: member.possible.clone().or_else(|| module.presence.clone()),
                repetition: member.clone(),
                ..ModuleInstance::default()
            })
        });
        let instances = instances.collect();
        Calls { members, instances, missing: None }
    }

    /// The module that a block calls, or what would bring it in.
    fn called_module(
        &self,
        module: &Rc<ModuleInstance>,
        block: &Block,
        key: &str,
        address: &str,
    ) -> Result<Arc<Module>, EcoString> {
        let source = block.body.attribute("source").and_then(|source| source.value.as_text());
        let Some(source) = source else {
            let message = "a `module` block needs a `source` that is plain text";
            self.report(Diagnostic::error(message, block.span));
            return Err(eco_format!("{address} (its source is not plain text)"));
        };
        let installed = self.installed.get(key).map(|folder| join(&self.folder, folder));
        let (folder, remedy) = match (is_local(source), installed) {
            (true, _) => (join(&module.module.folder, source), "there is no such folder"),
            (false, Some(folder)) => (folder, "run terraform init"),
            (false, None) => {
                return Err(eco_format!("{address} (source \"{source}\"; run terraform init)"));
            }
        };
        let called = self.modules.load(self.world, self.files, &folder);
        if called.files.is_empty() {
            if is_local(source) {
                let message = eco_format!("the module at \"{source}\" is not there");
                self.report(Diagnostic::warning(message, block.span));
            }
            return Err(eco_format!("{address} (source \"{source}\"; {remedy})"));
        }
        let mut outer = Some(module);
        while let Some(around) = outer {
            if around.module.folder == called.folder {
                let message = eco_format!("the module at \"{source}\" calls itself");
                self.report(Diagnostic::error(message, block.span));
                return Err(eco_format!("{address} (the module calls itself)"));
            }
            outer = around.caller.as_ref().map(|(caller, _)| caller);
        }
        if module.depth >= DEPTH_LIMIT {
            let message = eco_format!("modules call modules more than {DEPTH_LIMIT} deep");
            self.report(Diagnostic::error(message, block.span));
            return Err(eco_format!("{address} (called too deeply)"));
        }
        called.diagnostics.iter().for_each(|diagnostic| self.report(diagnostic.clone()));
        Ok(called)
    }

    /// Notes a module that could not be read, with all that is passed to it.
    fn unread(
        &self,
        module: &Rc<ModuleInstance>,
        block: &Block,
        name: &str,
        members: &Members,
        missing: &EcoString,
    ) {
        let address = module.full(&eco_format!("module.{name}"));
        let mut references: Vec<Reference> = Vec::new();
        for member in members.list.iter().take(64) {
            let scope = Scope { module, repetition: member, frame: None, closed: false };
            for argument in &block.body.attributes {
                if META.contains(&argument.name.as_str()) {
                    continue;
                }
                let what = eco_format!("{address}.{}", argument.name);
                let evaluated = self.evaluate(&argument.value, &scope);
                self.settled(evaluated, &what, argument.span).walk(&mut |node| {
                    for reference in node.references() {
                        if !references.contains(reference) {
                            references.push(reference.clone());
                        }
                    }
                });
            }
        }
        self.unread.borrow_mut().push(Unread {
            address,
            settles: missing.clone(),
            span: block.span,
            references,
        });
    }

    /// Every resource of a module and of those that it calls.
    pub(super) fn emit_module(&self, module: &Rc<ModuleInstance>, into: &mut Vec<RawResource>) {
        for block in module.module.resources.values() {
            if into.len() > TOTAL_LIMIT {
                let message = "more resources than onus reads of one root module";
                self.report(Diagnostic::error(message, block.span));
                return;
            }
            if let Err(error) = self.emit(module, block, into) {
                self.report(*error);
            }
        }
        for (name, block) in &module.module.calls {
            match self.calls(module, name, block.span) {
                Ok(calls) => {
                    if let Some(missing) = &calls.missing {
                        self.unread(module, block, name, &calls.members, missing);
                    }
                    calls.instances.iter().for_each(|one| self.emit_module(one, into));
                }
                Err(error) => self.report(*error),
            }
        }
    }
}

/// Whether a source names a folder next to the module that calls it.
pub(crate) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || source == "." || source == ".."
}
