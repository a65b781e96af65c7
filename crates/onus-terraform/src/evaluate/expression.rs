//! Expressions and templates to nodes.

use ecow::{EcoString, eco_format};
use onus_model::{Diagnostic, Node, Reason, Span, Unknown, Value};

use super::{Evaluated, Run, Scope, refuse};
use crate::choice;
use crate::functions::Stop;
use crate::functions::convert::text_of;
use crate::functions::pieces::Pieces;
use crate::syntax::{Conditional, Expr, ExprKind, Operator, Part, Step};

impl Run<'_> {
    /// The value of an expression.
    pub(super) fn evaluate(&self, expression: &Expr, scope: &Scope<'_>) -> Evaluated {
        let span = expression.span;
        let value = match &expression.kind {
            ExprKind::Null => Value::Absent,
            ExprKind::Bool(truth) => Value::Bool(*truth),
            ExprKind::Number(number) => Value::Number(*number),
            ExprKind::Text(text) => Value::String(text.clone()),
            _ => {
                self.step(span)?;
                return self.deeper(span, || self.evaluate_compound(expression, scope));
            }
        };
        Ok(Node::new(value, span))
    }

    fn evaluate_compound(&self, expression: &Expr, scope: &Scope<'_>) -> Evaluated {
        let span = expression.span;
        match &expression.kind {
            ExprKind::Template(parts) => self.template(parts, span, scope),
            ExprKind::Parens(inner) => self.evaluate(inner, scope),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|item| self.evaluate(item, scope));
                Ok(Node::list(items.collect::<Result<_, _>>()?, span))
            }
            ExprKind::Object(entries) => self.object(entries, span, scope),
            ExprKind::Name(name) => self.traverse(name, &[], span, scope),
            ExprKind::Traversal(of, steps) => match &of.kind {
                ExprKind::Name(name) => self.traverse(name, steps, span, scope),
                _ => {
                    let of = self.evaluate(of, scope)?;
                    self.steps(of, steps, span, scope)
                }
            },
            ExprKind::Call(call) => self.call(call, span, scope),
            ExprKind::Negate(operand) => {
                let zero = Node::new(Value::Number(0.0), span);
                let operand = self.evaluate(operand, scope)?;
                self.operate(Operator::Subtract, zero, operand, span, scope)
            }
            ExprKind::Not(operand) => {
                let operand = self.condition(operand, scope)?;
                choice::over(&[operand], span, &mut |nodes| self.negated(nodes, span))
            }
            ExprKind::Binary(operator, operands) => {
                self.binary(*operator, &operands.0, &operands.1, span, scope)
            }
            ExprKind::Conditional(conditional) => self.conditional(conditional, span, scope),
            ExprKind::For(each) => self.for_expression(each, span, scope),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text(_) => {
                refuse("a constant is no compound expression", span)
            }
        }
    }

    fn object(&self, entries: &[(Expr, Expr)], span: Span, scope: &Scope<'_>) -> Evaluated {
        let mut map = onus_model::Map::default();
        map.entries.reserve(entries.len());
        let mut references = Vec::new();
        for (key, value) in entries {
            let key = self.evaluate(key, scope)?;
            let value = self.evaluate(value, scope)?;
            match text_of(&key) {
                Ok(text) => {
                    map.entries.insert(text, value);
                }
                Err(Stop::Error(error)) => return refuse(error.message, key.span),
                Err(Stop::Unknown(unknown)) => {
                    map.rest = Some(unknown.into());
                    references.extend_from_slice(value.references());
                }
                Err(Stop::Choice(open)) => {
                    let unknown = Unknown::new(Reason::Input, open.settles.clone());
                    map.rest = Some(unknown.into());
                    references.extend_from_slice(value.references());
                }
            }
        }
        Ok(Node::new(Value::Map(map.into()), span).with_references(&references))
    }

    /// An expression as a condition: true, false, or a choice between the two.
    pub(super) fn condition(&self, expression: &Expr, scope: &Scope<'_>) -> Evaluated {
        let node = self.evaluate(expression, scope)?;
        let Value::Unknown(unknown) = &node.value else { return Ok(node) };
        let mut bare = expression;
        while let ExprKind::Parens(inner) = &bare.kind {
            bare = inner;
        }
        // The same variable of the same instance is the same decision wherever it is asked for.
        let key = match &bare.kind {
            ExprKind::Traversal(of, steps) => match (&of.kind, steps.as_slice()) {
                (ExprKind::Name(kind), [Step::Attribute(name)])
                    if matches!(kind.as_str(), "var" | "local") =>
                {
                    Some(scope.module.full(&eco_format!("{kind}.{name}")))
                }
                _ => None,
            },
            _ => None,
        };
        let key = key.unwrap_or_else(|| self.decision(scope, expression.span));
        Ok(choice::truth(key, unknown.settles.clone(), node.span))
    }

    fn conditional(&self, conditional: &Conditional, span: Span, scope: &Scope<'_>) -> Evaluated {
        let condition = self.condition(&conditional.when, scope)?;
        choice::over(&[condition], span, &mut |nodes| {
            let Some(condition) = nodes.first() else { return Ok(Node::default()) };
            match super::operator::truth_of(condition)? {
                Some(true) => self.evaluate(&conditional.then, scope),
                Some(false) => self.evaluate(&conditional.otherwise, scope),
                // The option of an outer choice that is not known itself.
                None => self.undecided(condition, conditional, span, scope),
            }
        })
    }

    fn undecided(
        &self,
        condition: &Node,
        conditional: &Conditional,
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let settles = match &condition.value {
            Value::Unknown(unknown) => unknown.settles.clone(),
            _ => EcoString::new(),
        };
        let key = self.decision(scope, conditional.when.span);
        let invalid = |_| Node::unknown(Unknown::new(Reason::Invalid, settles.clone()), span);
        let then = self.evaluate(&conditional.then, scope).unwrap_or_else(invalid);
        let otherwise = self.evaluate(&conditional.otherwise, scope).unwrap_or_else(invalid);
        let options = vec![("true".into(), then), ("false".into(), otherwise)];
        Ok(choice::join(key, settles, options, span))
    }

    /// A template as text, as far as its parts are known.
    pub(super) fn template(&self, parts: &[Part], span: Span, scope: &Scope<'_>) -> Evaluated {
        let mut nodes = Vec::with_capacity(parts.len());
        for part in parts {
            nodes.push(match part {
                Part::Text(text) => Node::string(text.clone(), span),
                Part::Value(value) => self.evaluate(value, scope)?,
                Part::If(whole) => {
                    let (when, then, otherwise) = &**whole;
                    let condition = self.condition(when, scope)?;
                    choice::over(&[condition], span, &mut |nodes| {
                        let known = nodes.first().map(super::operator::truth_of).transpose()?;
                        match known.flatten() {
                            Some(true) => self.template(then, span, scope),
                            Some(false) => self.template(otherwise, span, scope),
                            None => Ok(nodes.first().cloned().unwrap_or_default()),
                        }
                    })?
                }
                Part::For(each) => self.template_for(each, span, scope)?,
            });
        }
        join_texts(&nodes, span)
    }
}

/// Nodes as one text, with the references of all.
pub(super) fn join_texts(nodes: &[Node], span: Span) -> Evaluated {
    let mut whole = choice::over(nodes, span, &mut |nodes| {
        let mut pieces = Pieces::default();
        for node in nodes {
            match pieces.node(node) {
                Ok(()) => {}
                Err(Stop::Error(error)) => {
                    let message = ecow::eco_format!("in a text: {}", error.message);
                    return Err(Box::new(Diagnostic::error(message, node.span)));
                }
                Err(Stop::Unknown(unknown)) => pieces.hole(&unknown),
                Err(Stop::Choice(open)) => {
                    pieces.hole(&Unknown::new(Reason::Input, open.settles.clone()));
                }
            }
        }
        Ok(pieces.finish(span))
    })?;
    for node in nodes {
        whole = with_inner_references(whole, node);
    }
    Ok(whole)
}

/// `node`, also taken from all that `from` was taken from, at any depth.
pub(super) fn with_inner_references(node: Node, from: &Node) -> Node {
    if matches!(from.value, Value::Choice(_) | Value::Encoded(_) | Value::List(_) | Value::Map(_)) {
        let mut all = Vec::new();
        from.walk(&mut |below| all.extend_from_slice(below.references()));
        node.with_references(&all)
    } else {
        node.with_references(from.references())
    }
}
