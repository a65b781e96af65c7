//! The source `terraform`: directories of configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ecow::EcoString;
use onus_ingest::{Root, Source, Tree, World, file_name, join, parent};
use onus_model::{Diagnostic, Files, Node, RawEstate, Scope, SourceKind, Span};

use crate::evaluate::{Given, is_local, read_root};
use crate::module::{Module, Modules, is_configuration};

/// Stack of the thread that evaluates one root: deep references are followed by recursion.
const STACK: usize = 256 << 20;

/// Directories of Terraform or OpenTofu configuration. One value serves one run: it keeps what it parsed.
#[derive(Debug, Default)]
pub struct Terraform {
    given: Given,
    modules: Modules,
}

impl Terraform {
    /// With values for variables: `variables` as `--var name=text`, and `files` as `--var-file`, which
    /// apply to every root module.
    pub fn new(variables: Vec<(EcoString, EcoString)>, files: Vec<EcoString>) -> Terraform {
        Terraform { given: Given { variables, files }, modules: Modules::default() }
    }
}

impl Source for Terraform {
    fn name(&self) -> &'static str {
        "terraform"
    }

    fn find(&self, world: &dyn World, files: &Files, tree: &Tree) -> Vec<Root> {
        let mut folders: BTreeMap<&str, Vec<EcoString>> = BTreeMap::new();
        for path in &tree.files {
            if is_configuration(file_name(path)) && !is_installed(path) {
                folders.entry(parent(path)).or_default().push(path.clone());
            }
        }
        let modules: BTreeMap<&str, Arc<Module>> = folders
            .keys()
            .map(|folder| (*folder, self.modules.load(world, files, folder)))
            .collect();
        let calls: BTreeMap<&str, BTreeSet<EcoString>> =
            modules.iter().map(|(folder, module)| (*folder, local_calls(module))).collect();
        let called: BTreeSet<&str> = calls
            .iter()
            .flat_map(|(folder, calls)| calls.iter().filter(move |call| call != folder))
            .map(EcoString::as_str)
            .collect();
        let uncalled = folders.keys().filter(|folder| !called.contains(**folder));
        let because = "root module: no other module calls it";
        let candidates = uncalled.map(|folder| (folder, because));
        // Modules that call each other in a circle: each one calls all of them, so the first will do.
        let others = folders.keys().map(|folder| (folder, "modules that call each other"));
        let mut reached: BTreeSet<EcoString> = BTreeSet::new();
        let mut roots = Vec::new();
        for (folder, because) in candidates.chain(others) {
            if reached.contains(*folder) {
                continue;
            }
            let members = reach(folder, &calls);
            let files = members.iter().filter_map(|member| folders.get(member.as_str()));
            let files = files.flatten().cloned().collect();
            reached.extend(members);
            roots.push(Root { path: (*folder).into(), files, because: because.into() });
        }
        roots.sort_by(|a, b| a.path.cmp(&b.path));
        roots
    }

    fn read(&self, world: &dyn World, files: &Files, root: &Root) -> Vec<RawEstate> {
        let read = || read_root(world, files, &self.modules, &self.given, &root.path);
        let estate = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
            thread.ok().and_then(|thread| thread.join().ok())
        });
        vec![estate.unwrap_or_else(|| unreadable(files, &root.path))]
    }
}

/// Below `.terraform`: put there by `terraform init`, and read when called.
fn is_installed(path: &str) -> bool {
    path.split('/').any(|part| part == ".terraform")
}

/// The folders that a module calls by path.
fn local_calls(module: &Module) -> BTreeSet<EcoString> {
    let sources = module.calls.values().filter_map(|call| call.body.attribute("source"));
    sources
        .filter_map(|source| source.value.as_text())
        .filter(|source| is_local(source))
        .map(|source| join(&module.folder, source))
        .collect()
}

/// `folder` and all folders that it calls, directly or not.
fn reach(folder: &str, calls: &BTreeMap<&str, BTreeSet<EcoString>>) -> BTreeSet<EcoString> {
    let mut found: BTreeSet<EcoString> = BTreeSet::new();
    let mut open = vec![EcoString::from(folder)];
    while let Some(next) = open.pop() {
        if let Some(called) = calls.get(next.as_str()) {
            open.extend(called.iter().filter(|call| !found.contains(*call)).cloned());
        }
        found.insert(next);
    }
    found
}

/// What stands for a root that the system had no thread for.
fn unreadable(files: &Files, path: &str) -> RawEstate {
    let span = Span::file(files.id(path));
    let message = "the root module could not be evaluated: the system gave no thread for it";
    RawEstate {
        scope: Scope {
            kind: SourceKind::Terraform,
            path: path.into(),
            complete: false,
            region: Node::default(),
        },
        resources: Vec::new(),
        unread: Vec::new(),
        diagnostics: vec![Diagnostic::error(message, span)],
    }
}
