//! The tree of a configuration file.

use ecow::EcoString;
use onus_model::Span;

/// What is between the braces of a block, or in a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// `name = value`, in order; of equal names the last one counts.
    pub(crate) attributes: Vec<Attribute>,
    /// Blocks, in order.
    pub(crate) blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Clone, Debug)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: EcoString,
    /// Where the name stands.
    pub(crate) span: Span,
    /// Its value.
    pub(crate) value: Expr,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// `resource`, `ingress`, …
    pub(crate) kind: EcoString,
    /// Its labels.
    pub(crate) labels: Vec<EcoString>,
    /// Where it begins.
    pub(crate) span: Span,
    /// What is in it.
    pub(crate) body: Body,
}

/// An expression with the place where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    /// Where it begins.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: ExprKind,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub(crate) enum ExprKind {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// Text without anything to fill in.
    Text(EcoString),
    /// Text with holes.
    Template(Vec<Part>),
    /// `[a, b]`.
    Tuple(Vec<Expr>),
    /// `{ a = b }`; the key of a bare word is text.
    Object(Vec<(Expr, Expr)>),
    /// A bare word: `var`, `aws_instance`, `each`, the variable of a `for`.
    Name(EcoString),
    /// `of.a[b].*.c`.
    Traversal(Box<Expr>, Vec<Step>),
    /// `name(args…)`.
    Call(Box<Call>),
    /// `-x`.
    Negate(Box<Expr>),
    /// `!x`.
    Not(Box<Expr>),
    /// `a + b`.
    Binary(Operator, Box<(Expr, Expr)>),
    /// `c ? a : b`.
    Conditional(Box<Conditional>),
    /// `[for …]` and `{for …}`.
    For(Box<For>),
    /// `(x)`: kept because `{(x) = 1}` differs from `{x = 1}`.
    Parens(Box<Expr>),
}

/// One step of a traversal.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// `.name`.
    Attribute(EcoString),
    /// `[key]`, or `.0`.
    Index(Expr),
    /// `.*`: the attributes that follow are taken of each element.
    AttributeSplat,
    /// `[*]`: all steps that follow are taken of each element.
    Splat,
}

/// A function call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `merge`, `provider::aws::arn_parse`.
    pub(crate) name: EcoString,
    /// The arguments.
    pub(crate) arguments: Vec<Expr>,
    /// The last argument is a list of arguments: `f(list...)`.
    pub(crate) spread: bool,
}

/// `when ? then : otherwise`.
#[derive(Clone, Debug)]
pub(crate) struct Conditional {
    /// The condition.
    pub(crate) when: Expr,
    /// The value if it holds.
    pub(crate) then: Expr,
    /// The value if not.
    pub(crate) otherwise: Expr,
}

/// A `for` expression.
#[derive(Clone, Debug)]
pub(crate) struct For {
    /// Name of the key or index, if it has one.
    pub(crate) key_name: Option<EcoString>,
    /// Name of the element.
    pub(crate) value_name: EcoString,
    /// What is gone through.
    pub(crate) of: Expr,
    /// The key of each entry: set for an object, unset for a list.
    pub(crate) key: Option<Expr>,
    /// The value of each element.
    pub(crate) value: Expr,
    /// `...`: values with equal keys are gathered in lists.
    pub(crate) group: bool,
    /// `if`: which elements are taken.
    pub(crate) when: Option<Expr>,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// Text as it is.
    Text(EcoString),
    /// `${x}`.
    Value(Expr),
    /// `%{if c}…%{else}…%{endif}`.
    If(Box<(Expr, Vec<Part>, Vec<Part>)>),
    /// `%{for k, v in x}…%{endfor}`; its `value` is the template within.
    For(Box<For>),
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// How tightly it binds: higher is tighter.
    pub(crate) fn binding(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Equal | Operator::NotEqual => 3,
            Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => 4,
            Operator::Add | Operator::Subtract => 5,
            Operator::Multiply | Operator::Divide | Operator::Remainder => 6,
        }
    }
}

impl Body {
    /// The value of the attribute `name`; of several the last.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().rev().find(|attribute| attribute.name == name)
    }

    /// The first block of a kind.
    pub(crate) fn block(&self, kind: &str) -> Option<&Block> {
        self.blocks.iter().find(|block| block.kind == kind)
    }
}

impl Expr {
    /// The text, if it is written out in full.
    pub(crate) fn as_text(&self) -> Option<&EcoString> {
        match &self.kind {
            ExprKind::Text(text) => Some(text),
            ExprKind::Parens(inner) => inner.as_text(),
            _ => None,
        }
    }
}
