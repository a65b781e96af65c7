//! A root module from its folder to raw resources.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::{World, join};
use onus_model::{
    Diagnostic, FileId, Files, Node, RawEstate, Scope as RootScope, SourceKind, Span, Value,
};
use rustc_hash::FxHashMap;

use super::instance::{ModuleInstance, Repetition};
use super::provider::no_region;
use super::{Diagnostics, Run, Scope};
use crate::module::{Module, Modules, read_text};
use crate::syntax::{parse_expression, parse_native};

/// Values for variables from outside of the configuration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// `--var`: name and text.
    pub(crate) variables: Vec<(EcoString, EcoString)>,
    /// `--var-file`, in order.
    pub(crate) files: Vec<EcoString>,
}

/// Reads the root module in `folder`.
pub(crate) fn read_root(
    world: &dyn World,
    files: &Files,
    modules: &Modules,
    given: &Given,
    folder: &str,
) -> RawEstate {
    let module = modules.load(world, files, folder);
    let run = Run {
        world,
        files,
        modules,
        folder: folder.into(),
        installed: installed(world, folder),
        diagnostics: RefCell::new(Diagnostics::default()),
        unread: RefCell::default(),
        steps: Cell::new(0),
        depth: Cell::new(0),
        turns: Cell::new(0),
        possible: Cell::new(0),
    };
    module.diagnostics.iter().for_each(|diagnostic| run.report(diagnostic.clone()));
    let given = run.given_values(&module, given);
    let root = Rc::new(ModuleInstance { module, given, ..ModuleInstance::default() });
    let mut resources = Vec::new();
    run.emit_module(&root, &mut resources);
    let region = run
        .provider(&root, "aws")
        .map_or_else(|| no_region("aws", Span::NONE), |provider| provider.region.clone());
    RawEstate {
        scope: RootScope {
            kind: SourceKind::Terraform,
            path: folder.into(),
            complete: false,
            region,
        },
        resources,
        unread: run.unread.into_inner(),
        diagnostics: run.diagnostics.into_inner().list,
    }
}

/// Where `terraform init` put the modules: call key (`a.b`) to folder, relative to the root.
fn installed(world: &dyn World, folder: &str) -> FxHashMap<EcoString, EcoString> {
    let mut found = FxHashMap::default();
    let Ok(bytes) = world.read(&join(folder, ".terraform/modules/modules.json")) else {
        return found;
    };
    let Ok(listed) = serde_json::from_slice::<serde_json::Value>(&bytes) else { return found };
    for entry in listed.get("Modules").and_then(|list| list.as_array()).into_iter().flatten() {
        let text = |name: &str| entry.get(name).and_then(|value| value.as_str());
        if let (Some(key), Some(folder)) = (text("Key"), text("Dir")) {
            found.insert(key.into(), folder.into());
        }
    }
    found
}

impl Run<'_> {
    /// Values of the root's variables, later sources over earlier ones: `terraform.tfvars`,
    /// `terraform.tfvars.json`, `*.auto.tfvars` in order of name, `--var-file`, `--var`.
    fn given_values(&self, module: &Arc<Module>, given: &Given) -> FxHashMap<EcoString, Node> {
        let root = Rc::new(ModuleInstance::default());
        let names = self.world.list(&self.folder);
        let first = ["terraform.tfvars", "terraform.tfvars.json"];
        let present = first.into_iter().filter(|name| names.iter().any(|own| own == name));
        let auto = names
            .iter()
            .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"));
        let own = present.chain(auto.map(EcoString::as_str)).map(|name| join(&self.folder, name));
        let mut values = FxHashMap::default();
        for path in own {
            self.values_of_file(&path, &root, &mut values);
        }
        for path in &given.files {
            self.values_of_file(path, &root, &mut values);
        }
        for (name, text) in &given.variables {
            let is_text = module.variables.get(name).is_none_or(|block| {
                block.body.attribute("type").is_none_or(|of| match &of.value.kind {
                    crate::syntax::ExprKind::Name(name) => name == "string",
                    _ => false,
                })
            });
            let parsed = if is_text { None } else { parse_expression(text, Span::NONE).ok() };
            let node = parsed.and_then(|expression| {
                let repetition = Repetition::default();
                let scope =
                    Scope { module: &root, repetition: &repetition, frame: None, closed: true };
                self.evaluate(&expression, &scope).ok()
            });
            values.insert(
                name.clone(),
                node.unwrap_or_else(|| Node::string(text.clone(), Span::NONE)),
            );
        }
        values
    }

    fn values_of_file(
        &self,
        path: &str,
        root: &Rc<ModuleInstance>,
        values: &mut FxHashMap<EcoString, Node>,
    ) {
        let id = self.files.id(path);
        let text = match read_text(self.world, path, id) {
            Ok(text) => text,
            Err(diagnostic) => return self.report(diagnostic),
        };
        if path.ends_with(".json") {
            return self.values_of_json(&text, id, values);
        }
        let (body, diagnostics) = parse_native(&text, id);
        diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
        let repetition = Repetition::default();
        let scope = Scope { module: root, repetition: &repetition, frame: None, closed: true };
        for attribute in body.attributes {
            let what = eco_format!("var.{}", attribute.name);
            let node = self.settled(self.evaluate(&attribute.value, &scope), &what, attribute.span);
            values.insert(attribute.name, node);
        }
        for block in body.blocks {
            let message = "a file of values for variables cannot have blocks";
            self.report(Diagnostic::error(message, block.span));
        }
    }

    fn values_of_json(&self, text: &str, id: FileId, values: &mut FxHashMap<EcoString, Node>) {
        let (nodes, diagnostics) = onus_yaml::parse(text, id, &onus_yaml::Options::default());
        diagnostics.into_iter().for_each(|diagnostic| self.report(diagnostic));
        for node in nodes {
            if let Value::Map(map) = &node.value {
                let entries = map.entries.iter();
                values.extend(entries.map(|(name, node)| (name.clone(), node.clone())));
            }
        }
    }
}
