//! Variables and local values.

use std::rc::Rc;

use ecow::eco_format;
use onus_model::{Diagnostic, Node, Reason, Span, Unknown, Value};

use super::instance::{ModuleInstance, Repetition};
use super::{Evaluated, Run, Scope, refuse};
use crate::choice;
use crate::syntax::Block;
use crate::types::Type;

impl Run<'_> {
    pub(super) fn variable(
        &self,
        module: &Rc<ModuleInstance>,
        name: &str,
        span: Span,
    ) -> Evaluated {
        let Some(block) = module.module.variables.get(name) else {
            return refuse(eco_format!("there is no variable `{name}` in this module"), span);
        };
        let made = module.variables.get(name, || self.make_variable(module, name, block));
        Ok(made.unwrap_or_else(|| self.cycle(&eco_format!("var.{name}"), block.span)))
    }

    fn make_variable(&self, module: &Rc<ModuleInstance>, name: &str, block: &Block) -> Node {
        let body = &block.body;
        let repetition = Repetition::default();
        let own = Scope { module, repetition: &repetition, frame: None, closed: false };
        let of = body.attribute("type").map_or(Type::Any, |attribute| {
            Type::read(&attribute.value, &mut |default| {
                self.settled(self.evaluate(default, &own), "a default", default.span)
            })
        });
        let flag = |name: &str, otherwise: bool| {
            let value = body.attribute(name).map(|attribute| self.evaluate(&attribute.value, &own));
            value.and_then(Result::ok).map_or(otherwise, |node| match node.value {
                Value::Bool(truth) => truth,
                _ => otherwise,
            })
        };
        let default = body.attribute("default").map(|attribute| {
            self.settled(self.evaluate(&attribute.value, &own), "a default", attribute.span)
        });
        let given = self.given(module, name);
        let nullable = flag("nullable", true);
        let given = given.filter(|given| nullable || !given.is_absent() || default.is_none());
        let Some(value) = given.or(default) else {
            let settles = module.full(&eco_format!("var.{name}"));
            return match of {
                Type::Bool => choice::truth(settles.clone(), settles, block.span),
                _ => Node::unknown(Unknown::new(Reason::Input, settles), block.span),
            };
        };
        let value = match of.convert(value.clone()) {
            Ok(value) => value,
            Err(message) => {
                let message =
                    eco_format!("the value of `var.{name}` does not fit its type: {message}");
                self.report(Diagnostic::warning(message, value.span));
                value
            }
        };
        if flag("sensitive", false) { redacted(value) } else { value }
    }

    /// What the caller, or the user, gives for a variable.
    fn given(&self, module: &Rc<ModuleInstance>, name: &str) -> Option<Node> {
        let Some((caller, call)) = &module.caller else {
            return module.given.get(name).cloned();
        };
        let call = caller.module.calls.get(call)?;
        let argument = call.body.attribute(name)?;
        let scope =
            Scope { module: caller, repetition: &module.repetition, frame: None, closed: false };
        let what = module.full(&eco_format!("var.{name}"));
        Some(self.settled(self.evaluate(&argument.value, &scope), &what, argument.span))
    }

    pub(super) fn local(&self, module: &Rc<ModuleInstance>, name: &str, span: Span) -> Evaluated {
        let Some(expression) = module.module.locals.get(name) else {
            return refuse(eco_format!("there is no local value `{name}` in this module"), span);
        };
        let made = module.locals.get(name, || {
            let repetition = Repetition::default();
            let scope = Scope { module, repetition: &repetition, frame: None, closed: false };
            let what = eco_format!("local.{name}");
            self.settled(self.evaluate(expression, &scope), &what, expression.span)
        });
        Ok(made.unwrap_or_else(|| self.cycle(&eco_format!("local.{name}"), expression.span)))
    }

    /// What stands for something that needs itself.
    pub(super) fn cycle(&self, what: &str, span: Span) -> Node {
        let message = eco_format!("`{what}` depends on itself");
        self.report(Diagnostic::error(message, span));
        Node::unknown(Unknown::new(Reason::Cycle, what), span)
    }
}

/// A value with its texts and numbers withheld.
fn redacted(node: Node) -> Node {
    use std::sync::Arc;
    let value = match node.value {
        Value::String(text) if !text.is_empty() => Value::redacted(),
        Value::Number(_) | Value::Encoded(_) => Value::redacted(),
        Value::List(mut list) => {
            let own = Arc::make_mut(&mut list);
            own.items = std::mem::take(&mut own.items).into_iter().map(redacted).collect();
            Value::List(list)
        }
        Value::Map(mut map) => {
            for entry in Arc::make_mut(&mut map).entries.values_mut() {
                *entry = redacted(std::mem::take(entry));
            }
            Value::Map(map)
        }
        Value::Choice(mut choice) => {
            for (_, option) in &mut Arc::make_mut(&mut choice).options {
                *option = redacted(std::mem::take(option));
            }
            Value::Choice(choice)
        }
        other => other,
    };
    Node { value, ..node }
}
