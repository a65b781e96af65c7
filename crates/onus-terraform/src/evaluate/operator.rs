//! Operators, in three values and over choices.

use onus_model::{Node, Reason, Span, Truth, Unknown, Value};

use super::{Evaluated, Run, Scope, refuse};
use crate::choice;
use crate::functions::Stop;
use crate::functions::convert::{bool_of, equal, number_of};
use crate::syntax::{Expr, Operator};

/// A node as true or false; `None` when it is not known.
pub(super) fn truth_of(node: &Node) -> Evaluated<Option<bool>> {
    match bool_of(node) {
        Ok(truth) => Ok(Some(truth)),
        Err(Stop::Error(error)) => refuse(error.message, node.span),
        Err(_) => Ok(None),
    }
}

impl Run<'_> {
    pub(super) fn negated(&self, nodes: &[Node], span: Span) -> Evaluated {
        let Some(node) = nodes.first() else { return Ok(Node::default()) };
        Ok(match truth_of(node)? {
            Some(truth) => Node::new(Value::Bool(!truth), span),
            None => node.clone(),
        })
    }

    pub(super) fn binary(
        &self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        if matches!(operator, Operator::And | Operator::Or) {
            let decides = operator == Operator::Or;
            let first = self.condition(left, scope)?;
            return choice::over(&[first], span, &mut |nodes| {
                let known = nodes.first().map(truth_of).transpose()?.flatten();
                if known == Some(decides) {
                    return Ok(Node::new(Value::Bool(decides), span));
                }
                let second = self.condition(right, scope)?;
                // An unknown first operand of an outer choice: only the second can decide now.
                match (known, truth_of(&second)?) {
                    (Some(_), _) => Ok(second),
                    (None, Some(truth)) if truth == decides => Ok(second),
                    _ => Ok(nodes.first().cloned().unwrap_or_default()),
                }
            })
            .map(|node| absorb(node, decides, span));
        }
        let left = self.evaluate(left, scope)?;
        let right = self.evaluate(right, scope)?;
        self.operate(operator, left, right, span, scope)
    }

    /// An operator that needs both of its operands.
    pub(super) fn operate(
        &self,
        operator: Operator,
        left: Node,
        right: Node,
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        choice::over(&[left, right], span, &mut |nodes| {
            let [left, right] = nodes else { return Ok(Node::default()) };
            let result = match operator {
                Operator::Equal | Operator::NotEqual => {
                    let is_equal = comparable(left, right);
                    let truth = if operator == Operator::Equal { is_equal } else { !is_equal };
                    match truth {
                        Truth::True => Node::new(Value::Bool(true), span),
                        Truth::False => Node::new(Value::Bool(false), span),
                        Truth::Unknown => self.open_truth(nodes, span, scope),
                    }
                }
                _ => self.arithmetic(operator, nodes, span, scope)?,
            };
            Ok(result)
        })
    }

    fn arithmetic(
        &self,
        operator: Operator,
        nodes: &[Node],
        span: Span,
        scope: &Scope<'_>,
    ) -> Evaluated {
        let mut numbers = [0.0; 2];
        for (node, number) in nodes.iter().zip(&mut numbers) {
            match number_of(node) {
                Ok(known) => *number = known,
                Err(Stop::Error(error)) => return refuse(error.message, node.span),
                Err(_) if is_comparison(operator) => {
                    return Ok(self.open_truth(nodes, span, scope));
                }
                Err(_) => {
                    let unknown = Unknown { set: true, ..open(nodes) };
                    let node = Node::unknown(unknown, span);
                    return Ok(nodes
                        .iter()
                        .fold(node, |all, node| all.with_references(node.references())));
                }
            }
        }
        let [a, b] = numbers;
        Ok(Node::new(
            match operator {
                Operator::Less => Value::Bool(a < b),
                Operator::LessEqual => Value::Bool(a <= b),
                Operator::Greater => Value::Bool(a > b),
                Operator::GreaterEqual => Value::Bool(a >= b),
                Operator::Add => Value::Number(a + b),
                Operator::Subtract => Value::Number(a - b),
                Operator::Multiply => Value::Number(a * b),
                Operator::Divide | Operator::Remainder if b == 0.0 => {
                    return refuse("division by zero", span);
                }
                Operator::Divide => Value::Number(a / b),
                Operator::Remainder => Value::Number(a % b),
                Operator::Or | Operator::And | Operator::Equal | Operator::NotEqual => {
                    Value::Absent
                }
            },
            span,
        ))
    }

    /// A truth value that depends on what is not known: a decision that can be named again.
    fn open_truth(&self, nodes: &[Node], span: Span, scope: &Scope<'_>) -> Node {
        choice::truth(self.decision(scope, span), open(nodes).settles, span)
    }
}

fn is_comparison(operator: Operator) -> bool {
    matches!(
        operator,
        Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual
    )
}

/// The first thing that is not known in the operands.
fn open(nodes: &[Node]) -> Unknown {
    let mut found = None;
    for node in nodes {
        node.walk(&mut |below| {
            if found.is_some() {
                return;
            }
            found = match &below.value {
                Value::Unknown(unknown) => {
                    Some(Unknown::new(unknown.reason, unknown.settles.clone()))
                }
                Value::List(list) => list.rest.as_deref().cloned(),
                Value::Map(map) => map.rest.as_deref().cloned(),
                Value::Choice(choice) => Some(Unknown::new(Reason::Input, choice.settles.clone())),
                _ => None,
            };
        });
    }
    found.unwrap_or_else(|| Unknown::new(Reason::Limit, "a comparison"))
}

/// Equality; partly known text differs from text that cannot complete it, and is never null.
fn comparable(left: &Node, right: &Node) -> Truth {
    match (&left.value, &right.value) {
        (Value::Unknown(unknown), Value::String(text))
        | (Value::String(text), Value::Unknown(unknown))
            if (unknown.set && text.is_empty()) || !could_be(unknown, text) =>
        {
            Truth::False
        }
        _ => equal(left, right),
    }
}

/// Whether the known beginning and end of a text allow it to be `text`.
fn could_be(unknown: &Unknown, text: &str) -> bool {
    use onus_model::Piece;
    let starts = match unknown.pieces.first() {
        Some(Piece::Text(piece)) => text.starts_with(piece.as_str()),
        _ => true,
    };
    let ends = match unknown.pieces.last() {
        Some(Piece::Text(piece)) => text.ends_with(piece.as_str()),
        _ => true,
    };
    starts && ends
}

/// A choice both of whose ways are the deciding value is that value: `over` has seen to it when the
/// two options are equal, so only text that stands for a truth value is left to convert.
fn absorb(node: Node, decides: bool, span: Span) -> Node {
    match truth_of(&node) {
        Ok(Some(truth)) if truth == decides => Node::new(Value::Bool(truth), span),
        _ => node,
    }
}
