//! The language: HCL native syntax and its JSON form, to one tree with places.
//!
//! Bad input is no failure: what cannot be read gives a diagnostic, and the rest of the file stands.

mod ast;
mod body;
mod cursor;
mod expression;
mod json;
mod template;

pub(crate) use ast::{Block, Body, Call, Conditional, Expr, ExprKind, For, Operator, Part, Step};
use onus_model::{Diagnostic, FileId, Span};

use cursor::Cursor;
pub(crate) use json::parse_json;

/// Reads a file of native syntax.
pub(crate) fn parse_native(text: &str, file: FileId) -> (Body, Vec<Diagnostic>) {
    let mut cursor = Cursor::new(text, Span::new(file, 1, 1));
    let body = cursor.file();
    (body, cursor.into_diagnostics())
}

/// Reads a text as a template, such as the content of a `templatefile` or a string in JSON syntax.
///
/// # Errors
/// When it is not well-formed.
pub(crate) fn parse_template(text: &str, at: Span) -> Result<Expr, Diagnostic> {
    Cursor::new(text, at).whole_template()
}

/// Reads a text as an expression.
///
/// # Errors
/// When it is not well-formed.
pub(crate) fn parse_expression(text: &str, at: Span) -> Result<Expr, Diagnostic> {
    Cursor::new(text, at).whole_expression()
}
