//! A predicate as it was written.

use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// An expression with the byte where it begins and its depth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) kind: Kind,
    pub(crate) at: u32,
    pub(crate) depth: u16,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Bool(bool),
    Number(f64),
    Text(EcoString),
    List(Vec<Expr>),
    Name(EcoString),
    Field(Box<Expr>, EcoString),
    /// `on.name(arguments)`, or `name(arguments)`.
    Call {
        on: Option<Box<Expr>>,
        name: EcoString,
        arguments: Vec<Expr>,
    },
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Box<Expr>),
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
}

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Kind {
    fn children(&self) -> Vec<&Expr> {
        match self {
            Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Name(_) => Vec::new(),
            Kind::List(items) | Kind::And(items) | Kind::Or(items) => items.iter().collect(),
            Kind::Field(of, _) | Kind::Not(of) => vec![of],
            Kind::Call { on, arguments, .. } => {
                on.as_deref().into_iter().chain(arguments).collect()
            }
            Kind::Compare(_, a, b) | Kind::In(a, b) => vec![a, b],
            Kind::Conditional(a, b, c) => vec![a, b, c],
        }
    }
}

impl Expr {
    /// An expression of this form, one deeper than its deepest part.
    pub(crate) fn new(kind: Kind, at: u32) -> Expr {
        let deepest = kind.children().into_iter().map(|part| part.depth).max().unwrap_or(0);
        Expr { kind, at, depth: deepest.saturating_add(1) }
    }

    /// The name, if the expression is nothing but a name.
    pub(crate) fn as_name(&self) -> Option<&EcoString> {
        match &self.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The text, if the expression is a text literal.
    pub(crate) fn as_text(&self) -> Option<&EcoString> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }
}
