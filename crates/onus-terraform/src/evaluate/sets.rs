//! Which expressions give sets. Their values are kept as lists, but an element of a set is its own key, where a list has
//! indexes. An expression of which this cannot be told by its text is taken for a list.

use onus_model::{Node, Span, Value};

use super::Scope;
use crate::module::Module;
use crate::syntax::{Expr, ExprKind, Step};

/// Functions that give sets.
const FUNCTIONS: [&str; 5] = ["toset", "setunion", "setintersection", "setsubtract", "setproduct"];

/// How many locals are followed.
const DEEPEST: usize = 8;

/// Whether the expression gives a set.
pub(super) fn is_set(expression: &Expr, scope: &Scope<'_>) -> bool {
    in_module(expression, &scope.module.module, DEEPEST)
}

fn in_module(expression: &Expr, module: &Module, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match &expression.kind {
        ExprKind::Call(call) => FUNCTIONS.contains(&call.name.as_str()),
        ExprKind::Conditional(parts) => {
            in_module(&parts.then, module, depth) || in_module(&parts.otherwise, module, depth)
        }
        ExprKind::Traversal(of, steps) => match (&of.kind, steps.as_slice()) {
            (ExprKind::Name(kind), [Step::Attribute(name)]) if kind == "var" => {
                let block = module.variables.get(name.as_str());
                block
                    .and_then(|block| block.body.attribute("type"))
                    .is_some_and(|of| is_set_type(&of.value))
            }
            (ExprKind::Name(kind), [Step::Attribute(name)]) if kind == "local" => {
                let local = module.locals.get(name.as_str());
                local.is_some_and(|local| in_module(local, module, depth))
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_set_type(constraint: &Expr) -> bool {
    match &constraint.kind {
        ExprKind::Name(name) => name == "set",
        ExprKind::Call(call) => call.name == "set",
        _ => false,
    }
}

/// The key of an element of a list.
pub(super) fn index_node(index: usize, span: Span) -> Node {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let index = index as f64;
    Node::new(Value::Number(index), span)
}
