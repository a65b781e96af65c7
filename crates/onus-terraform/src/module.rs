//! A module as written: the files of one folder put together, parsed once a run.

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use onus_ingest::{World, join};
use onus_model::{Diagnostic, FileId, Files, Span};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::syntax::{Block, Body, Expr, parse_json, parse_native};

/// A map in the order of the source.
pub(crate) type Ordered<T> = IndexMap<EcoString, T, FxBuildHasher>;

/// One folder of configuration.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Its folder.
    pub(crate) folder: EcoString,
    /// Its files, in the order in which they are read; empty when there is no such module.
    pub(crate) files: Vec<EcoString>,
    /// `variable` blocks by name.
    pub(crate) variables: Ordered<Block>,
    /// Local values by name.
    pub(crate) locals: Ordered<Expr>,
    /// `output` blocks by name.
    pub(crate) outputs: Ordered<Block>,
    /// `resource` blocks by `type.name`.
    pub(crate) resources: Ordered<Block>,
    /// `data` blocks by `type.name`.
    pub(crate) data: Ordered<Block>,
    /// `module` blocks by name.
    pub(crate) calls: Ordered<Block>,
    /// `provider` blocks by `name` or `name.alias`.
    pub(crate) providers: Ordered<Block>,
    /// What went wrong in reading it.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// The modules of a run, each parsed once, shared between roots and threads.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    by_folder: Mutex<FxHashMap<EcoString, Arc<Module>>>,
}

/// The part that a file plays in its folder.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Plain,
    Override,
}

impl Modules {
    /// The module in `folder`.
    pub(crate) fn load(&self, world: &dyn World, files: &Files, folder: &str) -> Arc<Module> {
        if let Some(module) = self.lock().get(folder) {
            return module.clone();
        }
        let module = Arc::new(Module::read(world, files, folder));
        match self.lock().entry(folder.into()) {
            Entry::Occupied(entry) => entry.get().clone(),
            Entry::Vacant(entry) => entry.insert(module).clone(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<EcoString, Arc<Module>>> {
        match self.by_folder.lock() {
            Ok(modules) => modules,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

impl Module {
    fn read(world: &dyn World, files: &Files, folder: &str) -> Module {
        let mut module = Module { folder: folder.into(), ..Module::default() };
        let names = world.list(folder);
        let mut chosen: Vec<(Role, &EcoString)> = names
            .iter()
            .filter(|name| is_configuration(name) && !is_replaced(name, &names))
            .map(|name| (role(name), name))
            .collect();
        chosen.sort();
        for (role, name) in chosen {
            let path = join(folder, name);
            let id = files.id(&path);
            match read_text(world, &path, id) {
                Ok(text) => {
                    let (body, diagnostics) =
                        if is_json(name) { parse_json(&text, id) } else { parse_native(&text, id) };
                    module.diagnostics.extend(diagnostics);
                    module.add(body, role);
                }
                Err(diagnostic) => module.diagnostics.push(diagnostic),
            }
            module.files.push(path);
        }
        module
    }

    fn add(&mut self, body: Body, role: Role) {
        for attribute in body.attributes {
            let message =
                eco_format!("the argument `{}` stands outside of any block", attribute.name);
            self.diagnostics.push(Diagnostic::error(message, attribute.span));
        }
        for block in body.blocks {
            self.add_block(block, role);
        }
    }

    fn add_block(&mut self, block: Block, role: Role) {
        let labels: Vec<&str> = block.labels.iter().map(EcoString::as_str).collect();
        let (into, name) = match (block.kind.as_str(), labels.as_slice()) {
            ("locals", []) => {
                let locals = block.body.attributes.into_iter();
                return self.locals.extend(locals.map(|local| (local.name, local.value)));
            }
            ("variable", [name]) => (&mut self.variables, EcoString::from(*name)),
            ("output", [name]) => (&mut self.outputs, EcoString::from(*name)),
            ("module", [name]) => (&mut self.calls, EcoString::from(*name)),
            ("resource", [kind, name]) => (&mut self.resources, eco_format!("{kind}.{name}")),
            ("data", [kind, name]) => (&mut self.data, eco_format!("{kind}.{name}")),
            ("provider", [name]) => {
                let alias = block.body.attribute("alias").and_then(|alias| alias.value.as_text());
                let name = match alias {
                    Some(alias) => eco_format!("{name}.{alias}"),
                    None => EcoString::from(*name),
                };
                (&mut self.providers, name)
            }
            (
                "terraform" | "moved" | "import" | "removed" | "check" | "ephemeral" | "action"
                | "list" | "run",
                _,
            ) => return,
            (
                "locals" | "variable" | "output" | "module" | "resource" | "data" | "provider",
                labels,
            ) => {
                let message = eco_format!(
                    "a `{}` block with {} labels: it was left out",
                    block.kind,
                    labels.len()
                );
                return self.diagnostics.push(Diagnostic::error(message, block.span));
            }
            (kind, _) => {
                let message = eco_format!("blocks of type `{kind}` are not known: it was left out");
                return self.diagnostics.push(Diagnostic::warning(message, block.span));
            }
        };
        match into.get_mut(&name) {
            Some(base) if role == Role::Override => override_block(base, block),
            Some(base) => {
                let message = eco_format!("`{name}` is declared twice; the first one counts");
                let first = base.span.line;
                self.diagnostics.push(
                    Diagnostic::error(message, block.span)
                        .help(eco_format!("the other declaration is on line {first} of its file")),
                );
            }
            None => {
                into.insert(name, block);
            }
        }
    }
}

/// What an override file says takes the place of what it names; the rest of the block stays.
fn override_block(base: &mut Block, with: Block) {
    for attribute in with.body.attributes {
        base.body.attributes.retain(|own| own.name != attribute.name);
        base.body.attributes.push(attribute);
    }
    base.body.blocks.retain(|own| !with.body.blocks.iter().any(|block| block.kind == own.kind));
    base.body.blocks.extend(with.body.blocks);
}

/// The text of a file.
pub(crate) fn read_text(world: &dyn World, path: &str, id: FileId) -> Result<String, Diagnostic> {
    let bytes = world.read(path).map_err(|error| {
        Diagnostic::error(eco_format!("the file could not be read: {error}"), Span::file(id))
    })?;
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) => Ok(text),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = bytes.iter().take(valid).filter(|&&byte| byte == b'\n').count() + 1;
            let span = Span::new(id, u32::try_from(line).unwrap_or(u32::MAX), 1);
            Err(Diagnostic::error("the file is not UTF-8 text", span).help("save it as UTF-8"))
        }
    }
}

/// Whether a file of this name is read as configuration.
pub(crate) fn is_configuration(name: &str) -> bool {
    let extension =
        [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| name.ends_with(end));
    extension && !name.starts_with(['.', '#']) && !name.ends_with('~')
}

fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

/// OpenTofu reads `x.tofu` in place of `x.tf`.
fn is_replaced(name: &str, names: &[EcoString]) -> bool {
    let other = match name.strip_suffix(".json") {
        Some(plain) => plain.strip_suffix(".tf").map(|stem| eco_format!("{stem}.tofu.json")),
        None => name.strip_suffix(".tf").map(|stem| eco_format!("{stem}.tofu")),
    };
    other.is_some_and(|other| names.contains(&other))
}

fn role(name: &str) -> Role {
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    if stem == "override" || stem.ends_with("_override") { Role::Override } else { Role::Plain }
}
