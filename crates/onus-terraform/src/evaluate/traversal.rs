//! Names and the steps after them: `var.a.b[0]`, `aws_instance.x[*].id`.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_model::{List, Node, Reason, Reference, Span, Unknown, Value};

use super::expression::with_inner_references;
use super::{Evaluated, Run, Scope, refuse};
use crate::choice;
use crate::functions::Stop;
use crate::functions::convert::{number_of, text_of};
use crate::syntax::Step;

impl Run<'_> {
    /// A name and its steps.
    pub(super) fn traverse(
        &self,
        name: &str,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        if let Some(node) = scope.frame.and_then(|frame| frame.get(name)) {
            return self.steps(node.clone(), steps, span, scope);
        }
        if scope.closed {
            return refuse(eco_format!("the template has no variable `{name}`"), span);
        }
        let (Some(Step::Attribute(first)), after) = (steps.first(), steps.get(1..)) else {
            return refuse(eco_format!("`{name}` alone is no value"), span);
        };
        let after = after.unwrap_or_default();
        let node = match name {
            "var" => self.variable(scope.module, first, span)?,
            "local" => self.local(scope.module, first, span)?,
            "each" | "count" => self.repeated(name, first, span, scope)?,
            "path" => self.path(first, span, scope),
            "terraform" | "tofu" => {
                let settles = eco_format!("terraform.{first}");
                Node::unknown(Unknown::set(Reason::Input, settles), span)
            }
            "self" => {
                let settles = eco_format!("self.{first}");
                Node::unknown(Unknown::set(Reason::Computed, settles), span)
            }
            "module" => return self.module_output(first, after, span, scope),
            "data" | "resource" | "ephemeral" => {
                let (Some(Step::Attribute(second)), after) = (after.first(), after.get(1..)) else {
                    return refuse(eco_format!("`{name}.{first}` lacks a name"), span);
                };
                let after = after.unwrap_or_default();
                match name {
                    "data" => return self.data_steps((first, second), after, span, scope),
                    "resource" => return self.resource_steps((first, second), after, span, scope),
                    _ => {}
                }
                let settles = scope.module.full(&eco_format!("ephemeral.{first}.{second}"));
                let node = Node::unknown(Unknown::set(Reason::Computed, settles), span);
                return self.steps(node, after, span, scope);
            }
            _ => return self.resource_steps((name, first), after, span, scope),
        };
        self.steps(node, after, span, scope)
    }

    fn resource_steps(
        &self,
        name: (&str, &str),
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let splat = matches!(steps.first(), Some(Step::Splat | Step::AttributeSplat));
        if splat && steps.iter().skip(1).all(|step| matches!(step, Step::Attribute(_))) {
            return self.resource_splat(scope, name, steps, span);
        }
        let (Some(Step::Index(key)), Some(after)) = (steps.first(), steps.get(1..)) else {
            let node = self.resource(scope.module, name.0, name.1, span)?;
            return self.steps(node, steps, span, scope);
        };
        let key = self.evaluate(key, scope)?;
        let node = self.resource_at(scope.module, name, key, span)?;
        self.steps(node, after, span, scope)
    }

    fn data_steps(
        &self,
        name: (&str, &str),
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let (Some(Step::Index(key)), Some(after)) = (steps.first(), steps.get(1..)) else {
            let node = self.data(scope.module, name.0, name.1, span)?;
            return self.steps(node, steps, span, scope);
        };
        let key = self.evaluate(key, scope)?;
        let node = self.data_at(scope.module, name, key, span)?;
        self.steps(node, after, span, scope)
    }

    fn repeated(&self, name: &str, attribute: &str, span: Span, scope: &Scope<'_>) -> Evaluated {
        let repetition = scope.repetition;
        let found = match (name, attribute) {
            ("count", "index") => repetition.count.as_ref(),
            ("each", "key") => repetition.each.as_ref().map(|(key, _)| key),
            ("each", "value") => repetition.each.as_ref().map(|(_, value)| value),
            _ => None,
        };
        match found {
            Some(node) => Ok(node.clone()),
            None => refuse(eco_format!("`{name}.{attribute}` has no meaning here"), span),
        }
    }

    fn path(&self, which: &str, span: Span, scope: &Scope<'_>) -> Node {
        match which {
            "module" => Node::string(relative(&self.folder, &scope.module.module.folder), span),
            "root" => Node::string(".", span),
            _ => Node::unknown(Unknown::set(Reason::Input, eco_format!("path.{which}")), span),
        }
    }

    /// The steps after a value.
    pub(super) fn steps(
        &self,
        mut node: Node,
        steps: &[Step],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        for (index, step) in steps.iter().enumerate() {
            let after = steps.get(index + 1..).unwrap_or_default();
            match step {
                Step::Attribute(name) => node = attribute(&node, name, span)?,
                Step::Index(key) => {
                    let key = self.evaluate(key, scope)?;
                    node = self.index(node, key, span)?;
                }
                Step::Splat => return self.splat(node, after, span, scope),
                Step::AttributeSplat => {
                    let own =
                        after.iter().take_while(|step| matches!(step, Step::Attribute(_))).count();
                    let (own, others) = after.split_at(own);
                    let all = self.splat(node, own, span, scope)?;
                    return self.steps(all, others, span, scope);
                }
            }
        }
        Ok(node)
    }

    fn splat(&self, of: Node, steps: &[Step], span: Span, scope: &Scope<'_>) -> Evaluated {
        choice::over(&[of], span, &mut |nodes| {
            let Some(of) = nodes.first() else { return Ok(Node::default()) };
            let list = match &of.value {
                Value::Absent => List::default(),
                Value::List(list) => List {
                    items: list
                        .items
                        .iter()
                        .map(|item| self.steps(item.clone(), steps, span, scope))
                        .collect::<Result<_, _>>()?,
                    rest: list.rest.clone(),
                },
                Value::Unknown(unknown) => List { items: Vec::new(), rest: Some(unknown.clone()) },
                _ => List { items: vec![self.steps(of.clone(), steps, span, scope)?], rest: None },
            };
            let references = match steps.first() {
                Some(Step::Attribute(name)) => named(of.references(), name),
                _ => of.references().to_vec(),
            };
            Ok(Node::new(Value::List(Arc::new(list)), span).with_references(&references))
        })
    }

    /// `of[key]`.
    pub(super) fn index(&self, of: Node, key: Node, span: Span) -> Evaluated {
        choice::over(&[of, key], span, &mut |nodes| {
            let [of, key] = nodes else { return Ok(Node::default()) };
            match &of.value {
                Value::List(list) => item(of, list, key, span),
                Value::Map(map) => match text_of(key) {
                    Ok(name) => attribute(of, &name, span),
                    Err(Stop::Error(error)) => refuse(error.message, span),
                    Err(_) => Ok(some_of(of, key, map.entries.values(), span)),
                },
                Value::Unknown(unknown) => Ok(deeper(of, unknown, span)),
                _ => refuse("only lists and maps can be indexed", span),
            }
        })
    }
}

/// `node.name`.
pub(super) fn attribute(node: &Node, name: &str, span: Span) -> Evaluated {
    match &node.value {
        Value::Map(map) => {
            let found = match (map.entries.get(name), &map.rest) {
                (Some(found), Some(rest))
                    if found.is_absent()
                        && matches!(rest.reason, Reason::Computed | Reason::Lookup) =>
                {
                    Node::unknown(part(rest, name, false), span)
                }
                (Some(found), _) => found.clone(),
                (None, Some(rest)) => Node::unknown(part(rest, name, rest.set), span),
                // In a block of another resource: an attribute that only the provider knows.
                (None, None) if is_block(node) => Node::unknown(computed(node, name), span),
                (None, None) => return refuse(eco_format!("there is no `{name}` in this"), span),
            };
            Ok(found.with_references(&named(node.references(), name)))
        }
        Value::Choice(_) => choice::over(std::slice::from_ref(node), span, &mut |nodes| {
            attribute(nodes.first().unwrap_or(node), name, span)
        })
        .map(|found| found.with_references(&named(node.references(), name))),
        Value::Unknown(unknown) => Ok(deeper(node, unknown, span)),
        // A block that occurs once may be written without an index in old configurations.
        Value::List(list) if list.items.len() == 1 && list.rest.is_none() => {
            let only = list.items.first().unwrap_or(node);
            attribute(only, name, span)
                .map(|found| found.with_references(&named(node.references(), name)))
        }
        _ => refuse(eco_format!("this has no attribute `{name}`"), span),
    }
}

/// Part of an attribute or block of another resource, not a value made here.
fn is_block(node: &Node) -> bool {
    node.references().iter().any(|reference| !reference.attribute.is_empty())
}

fn computed(node: &Node, name: &str) -> Unknown {
    let settles = node.references().first().map_or_else(EcoString::new, |reference| {
        eco_format!("{}.{}.{name}", reference.target, reference.attribute)
    });
    Unknown::new(Reason::Computed, settles)
}

/// An attribute of what is known not to be known in full.
fn part(rest: &Unknown, name: &str, set: bool) -> Unknown {
    let settles = match rest.reason {
        Reason::Computed | Reason::Lookup => eco_format!("{}.{name}", rest.settles),
        _ => rest.settles.clone(),
    };
    Unknown { set, ..Unknown::new(rest.reason, settles) }
}

/// What is within an unknown.
fn deeper(of: &Node, unknown: &Unknown, span: Span) -> Node {
    let set = unknown.set && unknown.reason == Reason::Computed;
    let inner = Unknown { set, ..Unknown::new(unknown.reason, unknown.settles.clone()) };
    Node::unknown(inner, span).with_references(of.references())
}

fn item(of: &Node, list: &List, key: &Node, span: Span) -> Evaluated {
    let number = match number_of(key) {
        Ok(number) => number,
        Err(Stop::Error(error)) => return refuse(error.message, span),
        Err(_) => return Ok(some_of(of, key, list.items.iter(), span)),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let found = if number >= 0.0 { list.items.get(number as usize) } else { None };
    match (found, &list.rest) {
        (Some(found), _) => Ok(found.clone().with_references(of.references())),
        (None, Some(rest)) => Ok(deeper(of, rest, span)),
        (None, None) => {
            let length = list.items.len();
            let nothing = choice::NOTHING_THERE;
            refuse(eco_format!("{nothing}: element {number} of a list of {length}"), span)
        }
    }
}

/// One of the parts of `of`, not known which.
fn some_of<'n>(of: &Node, key: &Node, parts: impl Iterator<Item = &'n Node>, span: Span) -> Node {
    let unknown = match &key.value {
        Value::Unknown(unknown) => Unknown::new(unknown.reason, unknown.settles.clone()),
        _ => Unknown::new(Reason::Input, EcoString::from("an index")),
    };
    let node = Node::unknown(unknown, span).with_references(of.references());
    parts.take(64).fold(node, with_inner_references)
}

/// References to whole resources as references to their attribute `name`.
fn named(references: &[Reference], name: &str) -> Vec<Reference> {
    references
        .iter()
        .map(|reference| Reference {
            target: reference.target.clone(),
            attribute: if reference.attribute.is_empty() {
                name.into()
            } else {
                reference.attribute.clone()
            },
        })
        .collect()
}

/// The way from one folder to another.
fn relative(from: &str, to: &str) -> EcoString {
    let parts = |path: &str| -> Vec<EcoString> {
        path.split('/').filter(|part| !matches!(*part, "" | ".")).map(EcoString::from).collect()
    };
    let (from, to) = (parts(from), parts(to));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(EcoString::from(".."), from.len() - shared);
    let way: Vec<EcoString> = up.chain(to.into_iter().skip(shared)).collect();
    if way.is_empty() { ".".into() } else { way.join("/").into() }
}
