//! Function calls: arguments, `try` and `can`, and what functions may ask of the evaluator.

use std::sync::Arc;

use ecow::{EcoString, eco_format};
use onus_ingest::{ReadError, join};
use onus_model::{Choice, Diagnostic, Map, Node, Reason, Span, Unknown, Value};

use super::expression::with_inner_references;
use super::{Evaluated, Frame, Run, Scope, refuse};
use crate::choice;
use crate::functions::{self, CallError, FunctionWorld};
use crate::syntax::{Call, parse_template};

/// The evaluator as functions see it.
struct Door<'r, 's, 'w> {
    run: &'r Run<'w>,
    scope: &'r Scope<'s>,
    /// Where the function is called.
    span: Span,
}

impl FunctionWorld for Door<'_, '_, '_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        let read = self.run.world.read(&join(&self.run.folder, path));
        // A file that is not there is often one that a build makes; any other failure is worth knowing.
        if let Err(error) = &read
            && !matches!(error, ReadError::NotFound)
        {
            self.run.report(Diagnostic::warning(
                eco_format!("cannot read `{path}`: {error}"),
                self.span,
            ));
        }
        read
    }

    fn list(&self, folder: &str) -> Vec<EcoString> {
        self.run.world.list(&join(&self.run.folder, folder))
    }

    fn render_template(&self, text: &str, variables: &Map, span: Span) -> Result<Node, CallError> {
        let refused = |error: Diagnostic| CallError::new(error.message);
        let template = parse_template(text, span).map_err(refused)?;
        let names = variables.entries.iter().map(|(name, node)| (name.clone(), node.clone()));
        let frame = Frame { names: names.collect(), outer: None, turn: self.run.turn() };
        let scope = Scope { frame: Some(&frame), closed: true, ..*self.scope };
        self.run.evaluate(&template, &scope).map_err(|error| refused(*error))
    }
}

impl Run<'_> {
    /// What the data source `template_file` gives: its template with its variables filled in.
    pub(super) fn template_file(&self, given: &Node, scope: &Scope<'_>) -> Option<Node> {
        let text = given.get("template")?.as_str()?;
        let none = Map::default();
        let variables = given.get("vars").and_then(Node::as_map).unwrap_or(&none);
        let span = given.span;
        Door { run: self, scope, span }.render_template(text, variables, span).ok()
    }

    pub(super) fn call(&self, call: &Call, span: Span, scope: &Scope<'_>) -> Evaluated {
        match call.name.as_str() {
            "try" => return self.first_that_works(call, span, scope),
            "can" => return self.can(call, span, scope),
            _ => {}
        }
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.evaluate(argument, scope)?);
        }
        if call.spread {
            let last = arguments.pop().unwrap_or_default();
            return self.spread(&call.name, &arguments, &last, span, scope);
        }
        self.call_with(&call.name, &arguments, span, scope)
    }

    fn call_with(
        &self,
        name: &str,
        arguments: &[Node],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        if !functions::exists(name) {
            let message = eco_format!("`{name}` is no function that onus knows");
            self.report(Diagnostic::warning(message, span));
        }
        match functions::call(name, arguments, &Door { run: self, scope, span }, span) {
            Ok(node) => Ok(node),
            Err(error) => refuse(eco_format!("{name}: {error}"), span),
        }
    }

    /// `f(a, list...)`.
    fn spread(
        &self,
        name: &str,
        arguments: &[Node],
        last: &Node,
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        choice::over(std::slice::from_ref(last), span, &mut |nodes| {
            let Some(last) = nodes.first() else { return Ok(Node::default()) };
            let settles = match &last.value {
                Value::List(list) => {
                    let mut all = arguments.to_vec();
                    all.extend(list.items.iter().cloned());
                    let Some(rest) = &list.rest else {
                        let result = self.call_with(name, &all, span, scope)?;
                        return Ok(result.with_references(last.references()));
                    };
                    // `merge` and `concat` keep what is known of the rest.
                    if matches!(name, "merge" | "concat") {
                        all.push(Node::unknown((**rest).clone(), last.span));
                        return self.call_with(name, &all, span, scope);
                    }
                    rest.settles.clone()
                }
                Value::Unknown(unknown) => unknown.settles.clone(),
                _ => return refuse("only a list can be given as arguments with `...`", last.span),
            };
            let node = Node::unknown(Unknown::new(Reason::Input, settles), span);
            Ok(with_inner_references(node, last))
        })
    }

    /// `try`: the first argument that Terraform would not refuse. Ways of a choice that it would
    /// refuse take the next argument too.
    fn first_that_works(&self, call: &Call, span: Span, scope: &Scope<'_>) -> Evaluated {
        let mut open: Option<Node> = None;
        let mut refused = None;
        for argument in &call.arguments {
            let node = match self.evaluate(argument, scope) {
                Ok(node) => node,
                Err(error) => {
                    refused = Some(error);
                    continue;
                }
            };
            let patched = match open.take() {
                Some(earlier) => patch(&earlier, &node),
                None => node,
            };
            if !has_refused(&patched) {
                return Ok(patched);
            }
            open = Some(patched);
        }
        match (open, refused) {
            (Some(node), _) => Ok(node),
            (None, Some(error)) => Err(error),
            (None, None) => refuse("`try` needs an argument", span),
        }
    }

    fn can(&self, call: &Call, span: Span, scope: &Scope<'_>) -> Evaluated {
        let Some(argument) = call.arguments.first() else {
            return refuse("`can` needs an argument", span);
        };
        Ok(match self.evaluate(argument, scope) {
            Err(_) => Node::new(Value::Bool(false), span),
            Ok(node) => can_node(&node, span).unwrap_or_else(|unknown| {
                choice::truth(self.decision(scope, span), unknown.settles.clone(), span)
            }),
        })
    }
}

/// Whether a value that was worked out works in every way that it may turn out.
fn can_node(node: &Node, span: Span) -> Result<Node, Arc<Unknown>> {
    match &node.value {
        Value::Unknown(unknown) if unknown.reason == Reason::Invalid => {
            Ok(Node::new(Value::Bool(false), span))
        }
        Value::Unknown(unknown) => Err(unknown.clone()),
        Value::Choice(choice) => {
            let options = choice
                .options
                .iter()
                .map(|(label, option)| Ok((label.clone(), can_node(option, span)?)))
                .collect::<Result<_, Arc<Unknown>>>()?;
            Ok(choice::join(choice.key.clone(), choice.settles.clone(), options, span))
        }
        _ => Ok(Node::new(Value::Bool(true), span)),
    }
}

/// Some way of a choice would be refused.
fn has_refused(node: &Node) -> bool {
    match &node.value {
        Value::Choice(choice) => choice.options.iter().any(|(_, option)| {
            matches!(&option.value, Value::Unknown(unknown) if unknown.reason == Reason::Invalid)
                || has_refused(option)
        }),
        _ => false,
    }
}

/// `node` with `other` in place of the ways that would be refused.
fn patch(node: &Node, other: &Node) -> Node {
    match &node.value {
        Value::Unknown(unknown) if unknown.reason == Reason::Invalid => other.clone(),
        Value::Choice(choice) => {
            let options = choice
                .options
                .iter()
                .map(|(label, option)| {
                    let other = choice::decide(other.clone(), &choice.key, label);
                    (label.clone(), patch(option, &other))
                })
                .collect();
            let Choice { key, settles, .. } = &**choice;
            choice::join(key.clone(), settles.clone(), options, node.span)
                .with_references(node.references())
        }
        _ => node.clone(),
    }
}
