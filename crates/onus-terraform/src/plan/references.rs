//! From the names in an expression to the addresses of resources, through variables and outputs.

use ecow::{EcoString, eco_format};
use onus_model::{Node, Reference, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

use super::address::{block, parts, split_index};
use super::configuration::{Configuration, Expression, Module, Resource};

/// How many modules an expression is followed through, and how many resources it may lead to.
const MAX_DEPTH: usize = 32;
const MAX_REFERENCES: usize = 64;

/// The resources of the document by the address of their block.
#[derive(Default)]
pub(super) struct Known {
    indexes: FxHashMap<EcoString, Vec<EcoString>>,
}

impl Known {
    /// Adds a resource.
    pub(super) fn add(&mut self, address: &str) {
        let (block, index) = block(address);
        let indexes = self.indexes.entry(block.into());
        // Most blocks have one instance.
        indexes.or_insert_with(|| Vec::with_capacity(1)).push(index.into());
    }

    fn instances(&self, block: &str, index: &str, own: &str, out: &mut Vec<EcoString>) {
        let Some(indexes) = self.indexes.get(block) else { return };
        let has = |wanted: &str| indexes.iter().any(|index| index == wanted);
        match [index, own].into_iter().find(|wanted| has(wanted)) {
            Some(wanted) => out.push(eco_format!("{block}{wanted}")),
            None if index.is_empty() => {
                let all = indexes.iter().take(MAX_REFERENCES);
                out.extend(all.map(|index| eco_format!("{block}{index}")));
            }
            None => {}
        }
    }
}

/// A place in the configuration from which names are read: a module instance, and in it a block.
#[derive(Clone)]
struct Scope<'c, 'a> {
    /// The module and those around it, outermost first, each with the part of the address that leads
    /// into it (empty for the root).
    modules: Vec<(EcoString, &'c Module<'a>)>,
    /// The index of the block.
    own: EcoString,
    for_each: Option<&'c Expression<'a>>,
}

impl Scope<'_, '_> {
    fn prefix(&self) -> EcoString {
        let mut prefix = EcoString::new();
        for (step, _) in self.modules.iter().filter(|(step, _)| !step.is_empty()) {
            prefix.push_str(step);
            prefix.push('.');
        }
        prefix
    }
}

/// The configured block of a resource, and what its expressions refer to.
pub(super) struct Configured<'c, 'a> {
    known: &'c Known,
    scope: Scope<'c, 'a>,
    /// The block.
    pub(super) resource: &'c Resource<'a>,
}

impl<'c, 'a> Configured<'c, 'a> {
    /// Finds the block of the resource with this address.
    pub(super) fn find(
        configuration: &'c Configuration<'a>,
        known: &'c Known,
        address: &str,
    ) -> Option<Configured<'c, 'a>> {
        let mut module = &configuration.root_module;
        let mut modules = vec![(EcoString::new(), module)];
        let parts = parts(address);
        let mut rest = parts.as_slice();
        while let ["module", name, more @ ..] = rest {
            module = module.calls.get(split_index(name).0)?.module.as_deref()?;
            modules.push((eco_format!("module.{name}"), module));
            rest = more;
        }
        let [kind, name] = rest else { return None };
        let (name, index) = split_index(name);
        let resource = module.resources.get(format!("{kind}.{name}").as_str())?;
        let for_each = Some(&resource.for_each_expression);
        let scope = Scope { modules, own: index.into(), for_each };
        Some(Configured { known, scope, resource })
    }

    /// What these names refer to.
    pub(super) fn resolve(&self, names: &[&str]) -> Vec<Reference> {
        let mut out = Vec::new();
        follow(self.known, &self.scope, names, 0, &mut out);
        out
    }

    /// Adds to the values of a resource the references of the expressions that they came from. A value
    /// that is not known yet and was written as an expression is going to be set.
    pub(super) fn attach(&self, node: &mut Node, expression: &Expression<'a>) {
        match (&mut node.value, expression) {
            (_, Expression::None | Expression::Text(_)) => {}
            (Value::Map(map), Expression::Fields(fields)) => {
                let map = Arc::make_mut(map);
                for (name, expression) in fields {
                    if let Some(entry) = map.entries.get_mut(name.as_str()) {
                        self.attach(entry, expression);
                    }
                }
            }
            (Value::List(list), Expression::Fields(_)) if list.items.len() == 1 => {
                for item in &mut Arc::make_mut(list).items {
                    self.attach(item, expression);
                }
            }
            (Value::List(list), Expression::Items(items)) if list.items.len() == items.len() => {
                for (item, expression) in Arc::make_mut(list).items.iter_mut().zip(items) {
                    self.attach(item, expression);
                }
            }
            _ => self.attach_all(node, expression),
        }
    }

    fn attach_all(&self, node: &mut Node, expression: &Expression<'a>) {
        let mut names = Vec::new();
        expression.references(&mut names);
        if names.is_empty() {
            return;
        }
        if let Value::Unknown(unknown) = &mut node.value {
            Arc::make_mut(unknown).set = true;
        }
        let references = self.resolve(&names);
        *node = std::mem::take(node).with_references(&references);
    }
}

fn follow(
    known: &Known,
    scope: &Scope<'_, '_>,
    names: &[&str],
    depth: usize,
    out: &mut Vec<Reference>,
) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut longest = "";
    for name in names {
        // Terraform lists `a.b.id` and then `a.b`, which says nothing more.
        if longest.starts_with(name) || out.len() >= MAX_REFERENCES {
            continue;
        }
        longest = name;
        match parts(name).as_slice() {
            ["var", variable, ..] => argument(known, scope, split_index(variable).0, depth, out),
            ["module", call, output, ..] => {
                output_of(known, scope, call, split_index(output).0, depth, out);
            }
            ["each", "value", ..] => {
                if let Some(for_each) = scope.for_each {
                    let mut names = Vec::new();
                    for_each.references(&mut names);
                    let around = Scope {
                        modules: scope.modules.clone(),
                        own: scope.own.clone(),
                        for_each: None,
                    };
                    follow(known, &around, &names, depth + 1, out);
                }
            }
            [
                "data" | "local" | "path" | "terraform" | "count" | "each" | "self" | "module",
                ..,
            ] => {}
            [kind, resource, rest @ ..] => {
                let (resource, index) = split_index(resource);
                let block = eco_format!("{}{kind}.{resource}", scope.prefix());
                let attribute = rest.first().map_or("", |part| split_index(part).0);
                let mut targets = Vec::new();
                known.instances(&block, index, &scope.own, &mut targets);
                for target in targets {
                    let reference = Reference { target, attribute: attribute.into() };
                    if !out.contains(&reference) {
                        out.push(reference);
                    }
                }
            }
            _ => {}
        }
    }
}

/// What the caller of this module passes for a variable.
fn argument(
    known: &Known,
    scope: &Scope<'_, '_>,
    variable: &str,
    depth: usize,
    out: &mut Vec<Reference>,
) {
    let [around @ .., (_, parent), (step, _)] = scope.modules.as_slice() else { return };
    let Some((name, index)) = step.strip_prefix("module.").map(split_index) else { return };
    let passed = parent.calls.get(name).and_then(|call| call.expressions.field(variable));
    let Some(expression) = passed else { return };
    let mut names = Vec::new();
    expression.references(&mut names);
    let modules = scope.modules.get(..=around.len()).unwrap_or_default().to_vec();
    follow(known, &Scope { modules, own: index.into(), for_each: None }, &names, depth + 1, out);
}

/// What an output of a called module is made from.
fn output_of(
    known: &Known,
    scope: &Scope<'_, '_>,
    call: &str,
    output: &str,
    depth: usize,
    out: &mut Vec<Reference>,
) {
    let Some((_, module)) = scope.modules.last() else { return };
    let called = module.calls.get(split_index(call).0).and_then(|call| call.module.as_deref());
    let Some((called, output)) = called.and_then(|c| Some((c, c.outputs.get(output)?))) else {
        return;
    };
    let mut names = Vec::new();
    output.expression.references(&mut names);
    let mut modules = scope.modules.clone();
    modules.push((eco_format!("module.{call}"), called));
    let inside = Scope { modules, own: EcoString::new(), for_each: None };
    follow(known, &inside, &names, depth + 1, out);
}
